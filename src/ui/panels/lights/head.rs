//! The head of the Lights page: how many there are, the filter, by what they are put together; what discovery found.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Align, CornerRadius, Frame, Label, Layout, Margin, Modifiers, Ui, vec2};

use crate::model::lights::Lights;
use crate::ui::panels::adding;
use crate::ui::panels::lights::acts;
use crate::ui::panels::lights::draft::{Draft, SceneDraft};
use crate::ui::panels::lights::rows::{self, By};
use crate::ui::panels::lights::state::Desk;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{input, menu, segment};
use crate::ui::{icons, light_words, style, words};

/// From this width of the page up the head stands in one line.
const ONE_LINE: f32 = 860.0;
/// Names of found devices, at most.
const MOST_NAMES: usize = 3;

/// Draws the head.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk) {
    let asked = ui.ctx().input_mut(|i| i.consume_key(Modifiers::COMMAND, egui::Key::F));
    let one_line = ui.available_width() >= ONE_LINE;
    let row = vec2(ui.available_width(), size::CONTROL);
    ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
        title(ui, scene);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.add(Button::new("Add device\u{2026}").icon(icons::PLUS).ember()).clicked() {
                adding::begin(scene);
            }
            if ui.add(Button::new("Scene\u{2026}").icon(icons::PLUS).name("New scene\u{2026}")).clicked() {
                let room = desk.here.as_ref().and_then(|id| scene.view.lights.room_of(id)).map(|room| room.id.clone());
                acts::edit(scene, desk, Draft::Scene(SceneDraft::new(room, None)));
            }
            if one_line {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| narrow_down(ui, scene, desk, asked));
            }
        });
    });
    if !one_line {
        ui.add_space(space::XS);
        ui.horizontal_wrapped(|ui| narrow_down(ui, scene, desk, asked));
    }
}

fn title(ui: &mut Ui, scene: &Scene<'_>) {
    let t = style::tokens(ui);
    let lights = &scene.view.lights;
    ui.label(style::job("Lights", text::TITLE, t.text1));
    let reachable = lights.lights.values().filter(|light| light_words::is_reachable(light)).count();
    let words =
        format!("{reachable} of {} reachable, {}", lights.lights.len(), words::many(makers(lights).len(), "maker"));
    ui.label(style::job(&words, text::BODY, t.text2));
}

/// The families that are here, in the order of their names.
fn makers(lights: &Lights) -> BTreeSet<Arc<str>> {
    lights.connections.values().map(|connection| Arc::clone(&connection.target.family)).collect()
}

/// The filter, the maker, the way they are put together.
fn narrow_down(ui: &mut Ui, scene: &Scene<'_>, desk: &mut Desk, focus: bool) {
    input::filter(ui, &mut desk.wanted.filter, "lights filter", "Filter lights", focus);
    let view = &scene.view.lights;
    let chosen = desk.wanted.maker.as_ref().map_or_else(|| "All".into(), |maker| rows::family(view, maker));
    menu::drop_down(ui, &format!("Maker: {chosen}"), "Maker", &chosen, |ui| {
        if menu::item(ui, desk.wanted.maker.is_none(), "All", "").clicked() {
            desk.wanted.maker = None;
        }
        for maker in makers(view) {
            let name = rows::family(view, &maker);
            if menu::item(ui, desk.wanted.maker.as_ref() == Some(&maker), &name, "").clicked() {
                desk.wanted.maker = Some(maker);
            }
        }
    });
    if let Some(by) = segment::show(ui, "Lights", desk.wanted.by, &[(By::Rooms, "Rooms"), (By::Makers, "Makers")]) {
        desk.wanted.by = by;
    }
}

/// What discovery found that is not in use yet, in a line.
pub fn findings(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let found = &scene.view.lights.findings;
    if found.is_empty() {
        return;
    }
    let many = format!("{} found", words::many(found.len(), "new device"));
    let names: Vec<&str> = found.values().take(MOST_NAMES).map(|finding| &*finding.name).collect();
    let more = if found.len() > names.len() { ", \u{2026}" } else { "" };
    let names = format!("{}{more}", names.join(", "));
    ui.add_space(space::S);
    let margin = Margin::symmetric(space::M as i8, space::XS as i8);
    Frame::NONE.fill(t.bg3).corner_radius(CornerRadius::same(radius::CONTROL)).inner_margin(margin).show(ui, |ui| {
        let row = vec2(ui.available_width(), size::CONTROL);
        ui.allocate_ui_with_layout(row, Layout::left_to_right(Align::Center), |ui| {
            ui.label(style::job(&many, text::STRONG, t.text1));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.add(Button::new("Look at them\u{2026}").name("Look at new devices\u{2026}")).clicked() {
                    adding::begin(scene);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(Label::new(style::job(&names, text::BODY, t.text2)).truncate());
                });
            });
        });
    });
}

/// A close button at the right of a line.
pub fn close(ui: &mut Ui, name: &str) -> bool {
    button::icon(ui, icons::X, name, false).clicked()
}
