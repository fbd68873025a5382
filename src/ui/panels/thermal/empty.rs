//! Thermal without devices: what goes over the wire, where to point a device, how to try it without one.

use egui::{Align2, CornerRadius, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::model::system::PortState;
use crate::ui::scene::Scene;
use crate::ui::theme::{Tokens, radius, size, space, stroke, text};
use crate::ui::widgets::blank;
use crate::ui::widgets::button::{self, Button};
use crate::ui::{icons, style};

/// The key of the port that devices dial.
const PORT_KEY: &str = "sensors.listen";
/// What starts a simulated array.
const SIMULATOR: &str = "hearthlight sim thermal";
/// The parts of a packet: how it reads, and what it is.
const PARTS: [(&str, &str, f32); 5] = [
    ("#frame", "kind", 0.8),
    ("bench", "place", 0.8),
    (":", "", 0.3),
    ("0A3F0A410A44\u{2026}", "four hex digits for each cell, row by row", 2.4),
    ("!", "end", 0.4),
];

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    blank::page(ui, 0.12, icons::FLAME, "No sensor has dialled in yet", |ui, width| {
        ui.label(style::job("A sensor opens a TCP connection and sends packets like this one", text::LEAD, t.text2));
        ui.add_space(space::L);
        let (rect, _) = ui.allocate_exact_size(vec2(width, 84.0), Sense::hover());
        wire_format(ui, rect, t);
        ui.add_space(space::L);
        point_at(ui, scene, width);
        ui.add_space(space::S);
        copy_row(ui, "No sensor at hand? Start a simulated one", SIMULATOR, "Copy the command", width);
    });
}

/// The drawing: a packet, its parts named.
fn wire_format(ui: &Ui, rect: Rect, t: &Tokens) {
    let unit = rect.width() / PARTS.iter().map(|part| part.2).sum::<f32>();
    let mut left = rect.left();
    for (i, (bytes, name, share)) in PARTS.iter().enumerate() {
        let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(unit * share, 44.0));
        left = cell.right();
        let border = Stroke::new(stroke::HAIR, if i == 3 { t.ember } else { t.edge });
        let corner = CornerRadius::same(radius::CONTROL);
        ui.painter().rect(cell.shrink(2.0), corner, t.bg2, border, StrokeKind::Inside);
        style::paint(ui.painter(), cell.center(), Align2::CENTER_CENTER, bytes, text::FIGURE, t.text1);
        let under = pos2(cell.center().x, cell.bottom() + space::S);
        style::paint(ui.painter(), under, Align2::CENTER_TOP, name, text::SIDE, t.text3);
    }
}

/// Where a device is to be pointed at, or why nowhere.
pub(crate) fn point_at(ui: &mut Ui, scene: &Scene<'_>, width: f32) {
    let listener = scene.view.system.listeners.iter().find(|line| &*line.key == PORT_KEY);
    match listener.map(|line| &line.state) {
        Some(PortState::Open { at }) => copy_row(ui, "Point your sensor at", at, "Copy the address", width),
        Some(PortState::Failed { why }) => trouble(ui, "The sensor port could not be opened", why),
        Some(PortState::Off) => {
            trouble(ui, "The sensor port is switched off", "Set sensors.listen in System, Settings");
        }
        Some(PortState::NotBuilt) | None => trouble(ui, "The sensor port is not open yet", ""),
    }
}

/// The same in one small line, where something else is the main thing.
pub(crate) fn line(ui: &mut Ui, scene: &Scene<'_>) {
    let t = style::tokens(ui);
    let listener = scene.view.system.listeners.iter().find(|line| &*line.key == PORT_KEY);
    let row = vec2(ui.available_width(), size::CONTROL);
    ui.allocate_ui_with_layout(row, egui::Layout::left_to_right(egui::Align::Center), |ui| {
        let mut say = |words: &str, role, ink| ui.add(egui::Label::new(style::job(words, role, ink)).truncate());
        match listener.map(|line| &line.state) {
            Some(PortState::Open { at }) => {
                say("No sensor yet: point one at", text::SIDE, t.text2);
                say(at, text::AXIS_FIGURE, t.text1);
                if button::icon(ui, icons::COPY, "Copy the address", false).clicked() {
                    ui.ctx().copy_text(at.clone());
                }
            }
            Some(PortState::Failed { why }) => {
                say("No sensor can connect:", text::SIDE, t.text2);
                say(why, text::SIDE, t.text1);
            }
            Some(PortState::Off) => {
                say("No sensor can connect: set sensors.listen in System, Settings", text::SIDE, t.text2);
            }
            Some(PortState::NotBuilt) | None => {
                say("No sensor can connect: the sensor port is not open yet", text::SIDE, t.text2);
            }
        }
    });
}

fn trouble(ui: &mut Ui, cause: &str, evidence: &str) {
    let t = style::tokens(ui);
    ui.label(style::job(cause, text::TILE_NAME, t.text1));
    ui.label(style::job(evidence, text::FIGURE, t.text2));
}

/// A sentence, and a value to copy.
pub(crate) fn copy_row(ui: &mut Ui, label: &str, value: &str, name: &str, width: f32) {
    let t = style::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(width, 52.0), Sense::hover());
    let border = Stroke::new(stroke::HAIR, t.line);
    ui.painter().rect(rect, CornerRadius::same(radius::TILE), t.bg2, border, StrokeKind::Inside);
    let inner = rect.shrink2(vec2(space::L, space::M));
    let layout = egui::Layout::left_to_right(egui::Align::Center);
    let mut row = ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout).id_salt(name));
    row.label(style::job(label, text::BODY, t.text2));
    row.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if ui.add(Button::new("Copy").icon(icons::COPY).name(name)).clicked() {
            ui.ctx().copy_text(value.to_owned());
        }
        ui.add(egui::Label::new(style::job(value, text::FIGURE, t.text1)).selectable(true));
    });
}
