//! What keys do, and the page that says so.

use egui::{
    Align2, Area, Context, CornerRadius, Frame, Id, Key, Margin, Modifiers, Order, Stroke, Ui, ViewportCommand, vec2,
};

use crate::ui::panels::{PAGES, thermal};
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar::acts;
use crate::ui::style;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::{key_cap, section};

/// Keys of the places, in the order of the rail.
const PLACES: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// Keys of alarms and what they do.
const ALARMS: [(&[&str], &str); 6] = [
    (&["A"], "Acknowledge: the selected sensor's alarm, or the most pressing"),
    (&["Shift", "A"], "Acknowledge all"),
    (&["S"], "Shelve for 10 minutes"),
    (&["G"], "Go to where the most pressing alarm is"),
    (&["U"], "Take back what its actions did; asks first"),
    (&["M"], "Mute sounds for 10 minutes, or sound again"),
];

/// Keys and what they do, in the order shown.
const KEYS: [(&[&str], &str); 13] = [
    (&["Ctrl", "1"], "First place of the rail; Ctrl+2 the second, and so on"),
    (&["Ctrl", "F"], "Filter the list of History"),
    (&["L"], "Trends of History: back to live"),
    (&["Ctrl", "S"], "Save the rule that is edited"),
    (&["\u{2190}", "\u{2191}", "\u{2192}", "\u{2193}"], "Select a picture"),
    (&["Enter"], "Let it fill the page"),
    (&["Esc"], "Back"),
    (&["P"], "Next palette; Shift+P the one before"),
    (&["R"], "Hold the range of the selected picture, or let it go; of all if none is selected"),
    (&["I"], "Show or hide the inspector"),
    (&["F2"], "Rename the selected sensor"),
    (&["F11"], "Wall: no borders, no rail"),
    (&["Ctrl", "+"], "Larger; Ctrl+\u{2212} smaller, Ctrl+0 as it was"),
];

/// Does what the pressed keys ask for.
pub fn handle(ctx: &Context, scene: &mut Scene<'_>) {
    let pressed = |key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let with_ctrl = |key| ctx.input_mut(|i| i.consume_key(Modifiers::COMMAND, key));
    for (place, key) in PLACES.into_iter().enumerate().take(PAGES.len()) {
        if with_ctrl(key) {
            scene.stage.page = place;
        }
    }
    if with_ctrl(Key::Plus) || with_ctrl(Key::Equals) {
        scene.choices.step_text(1);
    }
    if with_ctrl(Key::Minus) {
        scene.choices.step_text(-1);
    }
    if with_ctrl(Key::Num0) {
        scene.choices.text_scale = 1.0;
    }
    if pressed(Key::F11) {
        scene.stage.wall = !scene.stage.wall;
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(scene.stage.wall));
    }
    if ctx.text_edit_focused() {
        return;
    }
    if ctx.input(|i| i.key_pressed(Key::Escape)) {
        back(ctx, scene);
    }
    letters(ctx, scene);
    acts::keys(ctx, scene);
}

fn letters(ctx: &Context, scene: &mut Scene<'_>) {
    let (shift, plain) = ctx.input(|i| (i.modifiers.shift, !i.modifiers.command && !i.modifiers.alt));
    let pressed = |key| plain && ctx.input(|i| i.key_pressed(key));
    if pressed(Key::P) {
        scene.choices.step_palette(if shift { -1 } else { 1 });
    }
    if pressed(Key::R) {
        thermal::toggle_lock(scene);
    }
    if pressed(Key::I) {
        scene.stage.inspector = Some(scene.stage.inspector != Some(true));
    }
    if pressed(Key::Questionmark) || (shift && pressed(Key::Slash)) {
        scene.stage.keys = !scene.stage.keys;
    }
    if pressed(Key::F2)
        && let Some(device) = scene.selected()
    {
        scene.stage.inspector = Some(true);
        scene.stage.renaming = Some((device.id.clone(), device.name.to_string()));
    }
}

/// Takes one step back: the innermost thing that is open.
fn back(ctx: &Context, scene: &mut Scene<'_>) {
    let stage = &mut *scene.stage;
    if stage.keys {
        stage.keys = false;
    } else if stage.closing {
        stage.closing = false;
    } else if egui::Popup::is_any_open(ctx) {
        // egui closes it.
    } else if stage.bar.question.is_some() {
        stage.bar.question = None;
    } else if stage.forgetting.is_some() {
        stage.forgetting = None;
    } else if stage.retiring.is_some() {
        stage.retiring = None;
    } else if stage.enlarged && stage.views.beside.is_some() {
        stage.views.beside = None;
    } else if stage.enlarged {
        stage.enlarged = false;
    } else if stage.wall {
        stage.wall = false;
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(false));
    } else if stage.past.is_past() {
        stage.past.back_to_live();
    } else {
        (stage.selected, stage.touched) = (None, true);
    }
}

/// Draws the page of keys over the others.
pub fn show(ui: &Ui, scene: &mut Scene<'_>) {
    if !scene.stage.keys {
        return;
    }
    let t = style::tokens(ui);
    let area = Area::new(Id::unique("keys")).order(Order::Foreground).anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0));
    area.fade_in(false).accessible_name("Keys").show(ui.ctx(), |ui| {
        Frame::NONE
            .fill(t.bg1)
            .stroke(Stroke::new(stroke::HAIR, t.edge))
            .corner_radius(CornerRadius::same(radius::TILE))
            .inner_margin(Margin::same(space::XL as i8))
            .show(ui, |ui| {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = space::XL;
                    column(ui, |ui| {
                        section::show(ui, "Keys", |_| {});
                        ui.add_space(space::S);
                        KEYS.iter().for_each(|(keys, words)| line(ui, keys, words));
                    });
                    column(ui, |ui| {
                        section::show(ui, "Places", |_| {});
                        ui.add_space(space::S);
                        for (i, page) in PAGES.iter().enumerate().take(PLACES.len()) {
                            line(ui, &["Ctrl", &(i + 1).to_string()], page.name);
                        }
                        ui.add_space(space::L);
                        section::show(ui, "Alarms", |_| {});
                        ui.add_space(space::S);
                        ALARMS.iter().for_each(|(keys, words)| line(ui, keys, words));
                    });
                });
            });
    });
}

fn column(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.vertical(|ui| {
        ui.set_width(size::KEY_LINES);
        content(ui);
    });
}

fn line(ui: &mut Ui, keys: &[&str], words: &str) {
    let t = style::tokens(ui);
    ui.horizontal(|ui| {
        ui.allocate_ui_with_layout(
            vec2(size::KEYS, size::CONTROL),
            egui::Layout::left_to_right(egui::Align::Center),
            |ui| {
                ui.set_min_width(size::KEYS);
                ui.spacing_mut().item_spacing.x = space::XS;
                for key in keys {
                    key_cap::show(ui, key);
                }
            },
        );
        ui.add(egui::Label::new(style::job(words, text::BODY, t.text1)).wrap());
    });
}
