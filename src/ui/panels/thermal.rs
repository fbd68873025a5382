//! Thermal: live pictures of all arrays, and the air beside them.

pub mod air;
pub mod around;
pub mod empty;
pub mod facts;
pub mod grid;
pub mod inspect;
pub mod tile;
pub mod time;

use std::sync::Arc;

use egui::{Key, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use crate::heat::palette::Palette;
use crate::model::sensors::{Device, DeviceId};
use crate::ui::actions::Line;
use crate::ui::choices::{Range, Words};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::{button, menu, page_head, palette_bar, scroll, segment};
use crate::ui::{icons, style, widgets};

/// Keys of pictures that need to know which one is selected.
pub static KEYS: &[Line] = &[
    (&["\u{2190}", "\u{2191}", "\u{2192}", "\u{2193}"], "Select a picture"),
    (&["Enter"], "Let it fill the page"),
    (&["Esc"], "Back to all pictures"),
];

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let devices = scene.devices();
    let tiles: Vec<_> = devices.iter().filter(|device| has_tile(scene, device)).cloned().collect();
    if devices.is_empty() {
        empty::show(ui, scene);
        return;
    }
    super::overview::order::measure(scene);
    if scene.stage.selected.is_none() && !scene.stage.touched {
        // The inspector is never empty at the start.
        let live = tiles.iter().find(|device| Standing::of(device) == Standing::Live);
        scene.stage.selected = live.or_else(|| tiles.first()).map(|device| device.id.clone());
    }
    time::keys(ui, scene);
    let enlarged = scene.selected().filter(|device| scene.stage.enlarged && tiles.iter().any(|d| d.id == device.id));
    if let Some(device) = enlarged {
        inspect::show(ui, scene, &device);
        time::naming(ui, scene);
        return;
    }
    scene.stage.enlarged = false;
    let live = tiles.iter().filter(|device| Standing::of(device) == Standing::Live).count();
    page_head::with_controls(ui, "Thermal", |ui| controls(ui, scene, &format!("{live} of {} live", tiles.len())));
    ui.add_space(space::S);
    let air = air::rows(scene, &devices);
    // Heat first: the air may take its share of the height; what of it does not fit is scrolled to.
    let under =
        if air.is_empty() { 0.0 } else { air::height(ui.available_width(), air.len(), style::density(ui)) + space::XL };
    let height = ui.available_height() - under.min(size::AIR_SHARE * ui.available_height());
    scroll::page(ui, |ui| {
        if tiles.is_empty() {
            widgets::blank::line(ui, "No thermal array has sent a picture yet");
        } else {
            grid::show(ui, scene, &tiles, height);
        }
        if !air.is_empty() {
            ui.add_space(space::XL - ui.spacing().item_spacing.y);
            air::show(ui, scene, &air);
        }
    });
    time::naming(ui, scene);
    keys(ui, scene, &tiles, scene.stage.columns);
}

/// A device has a tile if it sees heat, or if nobody knows yet what it is.
pub(crate) fn has_tile(scene: &Scene<'_>, device: &Device) -> bool {
    let silent = || scene.port.slots.device(&device.id).is_none_or(|slot| slot.channels().is_empty());
    !device.accepted || scene.view.thermal.arrays.contains_key(&device.id) || silent()
}

/// Palette, raw or smooth, range, lock: laid out from the right. In inspection the range has a panel of its own, and
/// another array can stand beside the inspected one. In a narrow page all of it is one list.
pub(crate) fn controls(ui: &mut Ui, scene: &mut Scene<'_>, fact: &str) {
    if ui.available_width() < size::CONTROLS {
        folded(ui, scene);
    } else {
        unfolded(ui, scene);
    }
    if scene.stage.past.is_past() {
        time::badge(ui, scene);
    } else {
        ui.add(egui::Label::new(style::job(fact, text::BODY, style::tokens(ui).text3)).truncate());
    }
}

/// Pictures as their cells are, or smooth.
const KINDS: [(bool, &str); 2] = [(false, "Raw"), (true, "Smooth")];

fn unfolded(ui: &mut Ui, scene: &mut Scene<'_>) {
    if scene.stage.enlarged {
        inspect::compare::choice(ui, scene);
    } else {
        lock(ui, scene);
        let ranges: Vec<_> = Range::ALL.iter().map(|(value, _, words)| (*value, *words)).collect();
        if let Some(range) = segment::show(ui, "Range", scene.choices.range, &ranges) {
            scene.choices.range = range;
        }
    }
    let palette = scene.choices.palette;
    let said = palette_words(palette);
    menu::drop_down(ui, &format!("Palette: {said}"), "", palette.name(), |ui| palette_list(ui, scene));
    unsafe_mark(ui, palette);
    if let Some(smooth) = segment::show(ui, "Pictures", scene.choices.smooth, &KINDS) {
        scene.choices.smooth = smooth;
    }
}

fn folded(ui: &mut Ui, scene: &mut Scene<'_>) {
    let palette = scene.choices.palette;
    menu::drop_down(ui, "How pictures are shown", "", "Pictures", |ui| {
        ScrollArea::vertical().max_height(size::MENU_TALL).show(ui, |ui| {
            for (smooth, word) in KINDS {
                if menu::item(ui, scene.choices.smooth == smooth, word, "").clicked() {
                    scene.choices.smooth = smooth;
                }
            }
            if scene.stage.enlarged {
                inspect::compare::list(ui, scene);
            } else {
                menu::heading(ui, "Range");
                for (range, _, words) in Range::ALL {
                    if menu::item(ui, scene.choices.range == *range, words, "").clicked() {
                        scene.choices.range = *range;
                    }
                }
                let (held, words) = lock_words(scene);
                if menu::item(ui, held, &words, "").clicked() {
                    toggle_lock(scene);
                }
            }
            menu::heading(ui, "Palette");
            palette_list(ui, scene);
        });
    });
    unsafe_mark(ui, palette);
}

fn lock(ui: &mut Ui, scene: &mut Scene<'_>) {
    let (held, words) = lock_words(scene);
    let icon = if held { icons::LOCK } else { icons::LOCK_OPEN };
    let some = !spans(scene).is_empty();
    if ui.add_enabled_ui(some, |ui| button::icon(ui, icon, &words, held)).inner.clicked() {
        toggle_lock(scene);
    }
}

/// Whether the ranges that R is about are held, and what R does.
fn lock_words(scene: &Scene<'_>) -> (bool, String) {
    let spans = spans(scene);
    let held = !spans.is_empty() && spans.iter().all(|(id, _)| scene.stage.views.is_locked(id));
    let which = match scene.selected() {
        Some(device) => format!("the range of {}", device.name),
        None => "all ranges".to_owned(),
    };
    (held, if held { format!("Let {which} go (R)") } else { format!("Hold {which} (R)") })
}

/// Holds the range of the selected picture as it is, or lets it go; of all pictures if none is selected.
pub(crate) fn toggle_lock(scene: &mut Scene<'_>) {
    let spans = spans(scene);
    scene.stage.views.toggle_lock(&spans);
}

/// The selected picture that shows temperatures, or all, with their spans.
fn spans(scene: &Scene<'_>) -> Vec<(DeviceId, (f32, f32))> {
    let selected = |id: &DeviceId| scene.stage.selected.as_ref().is_none_or(|selected| selected == id);
    scene.pictures.spans().into_iter().filter(|(id, _)| selected(id)).collect()
}

/// What is said of a palette that does not keep its order for all eyes.
const UNSAFE: &str = "not colour-blind safe";

fn palette_words(palette: Palette) -> String {
    let name = palette.name();
    if palette.colour_blind_safe() { name.to_owned() } else { format!("{name}, {UNSAFE}") }
}

/// Beside the name of a palette in use that is not safe; where words have no room, the struck eye alone.
fn unsafe_mark(ui: &mut Ui, palette: Palette) {
    if palette.colour_blind_safe() {
        return;
    }
    let t = style::tokens(ui);
    let galley = ui.painter().layout_job(style::job(UNSAFE, text::SIDE, t.text2));
    let words = ui.available_width() > galley.size().x + size::UNSAFE_ROOM;
    let icon = text::ICON_S.size;
    let width = if words { galley.size().x + space::XS + icon } else { icon };
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::hover());
    let at = rect.left_center() + vec2(icon / 2.0, 0.0);
    style::icon(ui.painter(), at, icons::EYE_OFF, text::ICON_S, t.text2);
    if words {
        let at = rect.right_center() - vec2(galley.size().x, galley.size().y / 2.0);
        ui.painter().galley(at, galley, t.text2);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, UNSAFE));
    response.on_hover_text(UNSAFE);
}

/// The palettes with a swatch each; those that are not safe for all eyes stand apart.
fn palette_list(ui: &mut Ui, scene: &mut Scene<'_>) {
    for safe in [true, false] {
        if !safe {
            menu::heading(ui, "Not colour-blind safe");
        }
        for palette in Palette::ALL.into_iter().filter(|palette| palette.colour_blind_safe() == safe) {
            let response = menu::item(ui, palette == scene.choices.palette, palette.name(), "");
            let right = response.rect.right_center() - vec2(space::S, 0.0);
            let swatch = Rect::from_min_max(
                right - vec2(size::SWATCH[0], size::SWATCH[1] / 2.0),
                right + vec2(0.0, size::SWATCH[1] / 2.0),
            );
            palette_bar::paint_across(ui.painter(), swatch, palette.lut());
            if !safe {
                let chosen = palette == scene.choices.palette;
                let said = palette_words(palette);
                response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, chosen, &said));
            }
            if response.clicked() {
                scene.choices.palette = palette;
            }
        }
    }
}

/// Arrows move the selection among tiles in rows of `columns`, Enter enlarges it.
pub(crate) fn keys(ui: &Ui, scene: &mut Scene<'_>, tiles: &[Arc<Device>], columns: usize) {
    if ui.ctx().text_edit_focused() || tiles.is_empty() || egui::Popup::is_any_open(ui.ctx()) {
        return;
    }
    let here = tiles.iter().position(|device| scene.stage.selected.as_ref() == Some(&device.id));
    let on_tile = ui
        .memory(|m| m.focused())
        .is_none_or(|id| here.and_then(|i| tiles.get(i)).is_some_and(|d| tile::id(&d.id) == id));
    if !on_tile {
        return;
    }
    let columns = columns.max(1) as isize;
    let step = ui.input(|i| {
        let pressed = |key| isize::from(i.key_pressed(key));
        pressed(Key::ArrowRight) - pressed(Key::ArrowLeft) + columns * (pressed(Key::ArrowDown) - pressed(Key::ArrowUp))
    });
    if step != 0 {
        let next = here.map_or(0, |i| i as isize + step);
        if let Some(device) = usize::try_from(next).ok().and_then(|i| tiles.get(i)) {
            scene.stage.select(&device.id);
            ui.memory_mut(|m| {
                // egui would carry the focus on in the arrow's direction.
                m.move_focus(egui::FocusDirection::None);
                m.request_focus(tile::id(&device.id));
            });
            ui.ctx().request_repaint();
        }
    }
    if here.is_some() && ui.input(|i| i.key_pressed(Key::Enter)) {
        scene.stage.enlarged = true;
        ui.ctx().request_repaint();
    }
}
