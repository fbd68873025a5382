//! Two arrays side by side, on one range and in one way of colouring.

use std::sync::Arc;

use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, pos2, vec2};

use crate::model::sensors::{Device, DeviceId};
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::panels::thermal::inspect::hover;
use crate::ui::panels::thermal::tile;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::{button, menu, past};
use crate::ui::{icons, style, words};

/// How the room of an inspected picture is divided while it is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Halves {
    /// What is said of both.
    pub words: Rect,
    /// The inspected picture.
    pub first: Rect,
    /// The one beside it.
    pub second: Rect,
}

impl Halves {
    /// Divides `rect` so that both pictures, about 4:3, become as large as they can.
    #[must_use]
    pub fn of(rect: Rect) -> Self {
        let below = rect.top() + size::CONTROL + space::XS;
        let words = Rect::from_min_max(rect.min, pos2(rect.right(), below - space::XS));
        let room = Rect::from_min_max(pos2(rect.left(), below), rect.max);
        let beside = ((room.width() - space::S) / 2.0).min(room.height() / 0.75);
        let under = room.width().min((room.height() - space::S) / 2.0 / 0.75);
        let (first, second) = if beside >= under {
            let width = vec2((room.width() - space::S) / 2.0, room.height());
            (Rect::from_min_size(room.min, width), Rect::from_min_max(room.max - width, room.max))
        } else {
            let height = vec2(room.width(), (room.height() - space::S) / 2.0);
            (Rect::from_min_size(room.min, height), Rect::from_min_max(room.max - height, room.max))
        };
        Self { words, first, second }
    }
}

/// The array that the inspected one is compared with.
#[must_use]
pub fn beside(scene: &Scene<'_>, inspected: &DeviceId) -> Option<DeviceId> {
    let other = scene.stage.views.beside.clone()?;
    (other != *inspected && scene.view.thermal.arrays.contains_key(&other)).then_some(other)
}

/// The division of the inspected picture's room, if it is compared.
#[must_use]
pub fn halves(scene: &Scene<'_>, inspected: &DeviceId, rect: Rect) -> Option<Halves> {
    beside(scene, inspected).map(|_| Halves::of(rect))
}

/// The choice of the other array, for the header.
pub fn choice(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(inspected) = scene.stage.selected.clone() else { return };
    if others(scene, &inspected).is_empty() {
        return;
    }
    let now = beside(scene, &inspected).and_then(|id| scene.view.sensors.devices.get(&id));
    let name = now.map(|device| short(&device.name));
    let said = name.as_ref().map_or_else(|| "Compare with\u{2026}".to_owned(), |name| format!("Compared with {name}"));
    let (label, value) = name.as_deref().map_or(("", "Compare with\u{2026}"), |name| ("Compared with", name));
    menu::drop_down(ui, &said, label, value, |ui| choices(ui, scene, &inspected));
}

/// A name that fits into a header.
fn short(name: &str) -> String {
    let mut letters = name.chars();
    let begin: String = letters.by_ref().take(24).collect();
    if letters.next().is_some() { begin + "\u{2026}" } else { begin }
}

/// The same as a part of a list, with its heading.
pub fn list(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(inspected) = scene.stage.selected.clone() else { return };
    if !others(scene, &inspected).is_empty() {
        menu::heading(ui, "Compare with");
        choices(ui, scene, &inspected);
    }
}

fn others(scene: &Scene<'_>, inspected: &DeviceId) -> Vec<Arc<Device>> {
    let all = scene.devices().into_iter();
    all.filter(|device| device.id != *inspected && scene.view.thermal.arrays.contains_key(&device.id)).collect()
}

fn choices(ui: &mut Ui, scene: &mut Scene<'_>, inspected: &DeviceId) {
    let now = beside(scene, inspected);
    if menu::item(ui, now.is_none(), "Nothing", "").clicked() {
        scene.stage.views.beside = None;
    }
    for device in others(scene, inspected) {
        let word = Standing::of(&device).word();
        if menu::item(ui, now.as_ref() == Some(&device.id), &device.name, word).clicked() {
            scene.stage.views.beside = Some(device.id.clone());
        }
    }
}

/// Draws the other picture and what is said of both.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, inspected: &Device, halves: &Halves) {
    let other = beside(scene, &inspected.id).and_then(|id| scene.view.sensors.devices.get(&id).cloned());
    let Some(other) = other else { return };
    let frame = scene.pictures.frame(&other.id);
    let array = scene.array(&other.id).as_deref().cloned();
    let facts = Facts { device: &other, standing: scene.standing(&other), frame: frame.as_deref(), array };
    let response = ui.interact(halves.second, ui.scope_id().with("beside"), Sense::hover());
    let well = past::inside(halves.second, facts.standing);
    tile::picture(ui, scene, &facts, well, &response, true);
    hover::pointed(ui, scene, &other, well, &response);
    let mut row = ui.new_child(UiBuilder::new().max_rect(halves.words).id_salt("compared"));
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if ui.add(button::Button::new("End comparison").icon(icons::X)).clicked() {
            scene.stage.views.beside = None;
        }
        let words = difference(scene, inspected, &other);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(egui::Label::new(style::job(&words, text::BODY, style::tokens(ui).text1)).truncate());
        });
    });
}

/// The hottest cells of both, and how far they are apart.
fn difference(scene: &Scene<'_>, one: &Device, other: &Device) -> String {
    let scale = scene.choices.scale;
    let hottest = |id| scene.pictures.frame(id).and_then(|frame| frame.extremes).map(|e| e.max);
    let (a, b) = (hottest(&one.id), hottest(&other.id));
    let apart = a.zip(b).map_or_else(|| words::UNKNOWN.to_owned(), |(a, b)| words::difference(a - b, scale));
    let unit = if scale == crate::units::temperature::Scale::Fahrenheit { scale.unit() } else { "K" };
    let [a, b] = [a, b].map(|hottest| words::degrees(hottest, scale));
    format!("Hottest: {} {a}, {} {b}, apart {apart}\u{a0}{unit}", one.name, other.name)
}
