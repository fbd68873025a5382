//! Time on the pages with pictures: the badge of the past, the keys, the way to an instant, naming a bookmark.
//!
//! Invariant: alarms, margins and air are always of now, and say so while pictures are not.

use egui::{Align2, Area, Context, Id, Key, Modifiers, Order, Ui, vec2};
use jiff::Timestamp;

use crate::model::sensors::DeviceId;
use crate::ui::actions::{Action, Chord, Line};
use crate::ui::bookmarks::MAX_WORDS;
use crate::ui::panels;
use crate::ui::panels::thermal::inspect::scrub::state as line;
use crate::ui::panels::thermal::inspect::state::picture_id;
use crate::ui::panels::thermal::tile;
use crate::ui::past::{self, Trouble};
use crate::ui::scene::Scene;
use crate::ui::theme::time::SKIP_S;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::field::{self, Edited};
use crate::ui::widgets::ground;
use crate::ui::{icons, style, widgets, words};

/// What can be done with time.
pub static ACTIONS: &[Action] = &[
    Action {
        name: "Hold all pictures, or play on",
        icon: icons::PAUSE,
        enabled: pictured,
        run: |scene| scene.stage.past.toggle(scene.now),
        ..Action::BASE
    },
    Action {
        name: "Back to live",
        icon: icons::RADIO,
        chords: &[Chord::plain(Key::L)],
        enabled: |scene| pictured(scene) && scene.stage.past.is_past(),
        run: |scene| scene.stage.past.back_to_live(),
        ..Action::BASE
    },
    Action {
        name: "Bookmark",
        icon: icons::BOOKMARK,
        chords: &[Chord::plain(Key::B)],
        enabled: pictured,
        run: begin_bookmark,
        ..Action::BASE
    },
];

/// Keys that need to know what has the keyboard.
pub static KEYS: &[Line] = &[
    (&["Space"], "Hold all pictures, or play on"),
    (&["\u{2190}", "\u{2192}"], "One frame back or forward, where a picture fills the page"),
    (&["Shift", "\u{2190}"], "10 s back; Shift+\u{2192} forward"),
];

/// Whether the page shows pictures.
fn pictured(scene: &Scene<'_>) -> bool {
    let page = scene.stage.page;
    (page == panels::order::OVERVIEW || page == panels::order::THERMAL) && !scene.view.thermal.arrays.is_empty()
}

/// The badge, laid out from the right; where no line of time has it, also the way back.
pub fn badge(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(at) = scene.stage.past.shown() else { return };
    let t = style::tokens(ui);
    if !scene.stage.enlarged && back_to_live(ui, ui.available_width() > 2.5 * size::FIELD) {
        scene.stage.past.back_to_live();
        ui.ctx().request_repaint();
    }
    widgets::past::badge(ui, &words::instant(at, scene.now.wall, &scene.now.zone));
    if let Some(Trouble::Failed(why)) = scene.stage.past.trouble() {
        ui.label(style::job("cannot be read", text::STRONG, t.warning)).on_hover_text(why);
    }
}

/// The one ember button of a view of the past; only its icon where there is little room.
pub fn back_to_live(ui: &mut Ui, roomy: bool) -> bool {
    const NAME: &str = "Back to live (L)";
    if roomy {
        ui.add(Button::new("Back to live").ember().name(NAME)).clicked()
    } else {
        button::icon(ui, icons::RADIO, NAME, true).clicked()
    }
}

/// Says beside what is always of now that it is so, while pictures are not.
pub fn live(ui: &mut Ui, scene: &Scene<'_>) {
    if scene.stage.past.is_past() {
        ui.label(style::job("now", text::STRONG, style::tokens(ui).text1));
    }
}

/// Shows the pictures of an instant: those of `device` large, if it has any.
pub fn go(scene: &mut Scene<'_>, device: Option<&DeviceId>, at: Timestamp) {
    let pictured = device.filter(|id| scene.view.thermal.arrays.contains_key(id));
    if let Some(id) = pictured {
        scene.stage.select(id);
    }
    scene.stage.enlarged = pictured.is_some();
    scene.stage.page = panels::order::THERMAL;
    scene.stage.past.pause();
    scene.stage.past.seek(at, scene.now);
}

/// Space; Left and Right where one array fills the page, with Shift everywhere in the past.
pub fn keys(ui: &Ui, scene: &mut Scene<'_>) {
    let ctx = ui.ctx();
    if ctx.text_edit_focused() || egui::Popup::is_any_open(ctx) {
        return;
    }
    let pressed = |modifiers, key| ctx.input_mut(|i| i.consume_key(modifiers, key));
    let focused = ctx.memory(|m| m.focused());
    let on_line = focused == Some(line::id());
    let pictured = |id| [tile::id(id), picture_id(id)].map(Some).contains(&focused);
    let on_tile = || scene.view.sensors.devices.keys().any(pictured);
    // A control that has the keyboard is pressed by Space, and keeps its arrows.
    if (focused.is_none() || on_line || on_tile()) && pressed(Modifiers::NONE, Key::Space) {
        scene.stage.past.toggle(scene.now);
        ctx.request_repaint();
    }
    if focused.is_none() || on_line || scene.stage.past.is_past() {
        for (key, seconds) in [(Key::ArrowLeft, -SKIP_S), (Key::ArrowRight, SKIP_S)] {
            let here = scene.stage.enlarged || scene.stage.past.is_past();
            if here && pressed(Modifiers::SHIFT, key) {
                scene.stage.past.skip(seconds, scene.now);
                ctx.request_repaint();
            }
        }
    }
    if scene.stage.enlarged && (focused.is_none() || on_line) {
        for (key, forward) in [(Key::ArrowLeft, false), (Key::ArrowRight, true)] {
            if pressed(Modifiers::NONE, key) {
                step(ctx, scene, forward);
            }
        }
    }
}

/// One frame of the selected array forward or back.
pub fn step(ctx: &Context, scene: &mut Scene<'_>, forward: bool) {
    let Some(device) = scene.selected() else { return };
    let frame = scene.pictures.frame(&device.id).map(|frame| frame.wall);
    scene.stage.past.step(&device.id, frame, forward, scene.now);
    ctx.request_repaint();
}

/// Marks the instant that is shown: asks for a name first.
pub fn begin_bookmark(scene: &mut Scene<'_>) {
    let at = scene.stage.past.at.unwrap_or(scene.now.wall);
    scene.stage.past.marks.naming = Some((past::whole(at), String::new()));
}

/// The line in which a new bookmark gets its name, over the bottom of the page.
pub fn naming(ui: &Ui, scene: &mut Scene<'_>) {
    let Some((at, mut content)) = scene.stage.past.marks.naming.take() else { return };
    let t = style::tokens(ui);
    let under = if scene.stage.enlarged { size::TIME + space::S } else { 0.0 };
    let place = ui.max_rect().center_bottom() - vec2(0.0, under);
    let area = Area::new(Id::unique("name of a bookmark")).order(Order::Foreground).fixed_pos(place);
    let time = words::instant(at, scene.now.wall, &scene.now.zone);
    let edited = area.pivot(Align2::CENTER_BOTTOM).fade_in(false).show(ui.ctx(), |ui| {
        ground::card(t, space::M)
            .show(ui, |ui| {
                ui.horizontal(|ui| {
                    ui.label(style::job("Bookmark", text::STRONG, t.text1));
                    ui.label(style::job(&time, text::FIGURE, t.text1));
                    let edited = field::line(ui, &mut content, "Name of the bookmark", size::FIELD, MAX_WORDS);
                    ui.label(style::job("Enter keeps it, Esc without a name", text::SIDE, t.text3));
                    edited
                })
                .inner
            })
            .inner
    });
    match edited.inner {
        Edited::Open => scene.stage.past.marks.naming = Some((at, content)),
        Edited::Left if ui.input(|i| i.key_pressed(Key::Escape)) => keep(scene, at, ""),
        Edited::Done | Edited::Left => keep(scene, at, &content),
    }
}

fn keep(scene: &mut Scene<'_>, at: Timestamp, name: &str) {
    scene.stage.past.marks.make(at, name, scene.out);
    scene.stage.saying = Some(format!("Bookmark at {}", words::instant(at, scene.now.wall, &scene.now.zone)));
}
