//! The Lights page without lights: three first steps, one button.

use egui::{Sense, Ui, vec2};

use crate::ui::panels::adding;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::{icons, style};

/// The first steps.
const STEPS: [&str; 3] = [
    "Let Hearthlight look around: it knows lights by their own announcements",
    "Pick what it found; each one shows itself before it is kept",
    "Put lights into rooms, and save what they show as scenes",
];

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let width = size::CARD.min(ui.available_width());
    ui.add_space((ui.available_height() * 0.18).max(space::L));
    ui.vertical_centered(|ui| {
        ui.set_max_width(width);
        let (rect, _) = ui.allocate_exact_size(vec2(width, text::ICON_XL.size), Sense::hover());
        style::icon(ui.painter(), rect.center(), icons::LIGHTBULB, text::ICON_XL, t.text3);
        ui.add_space(space::S);
        ui.label(style::job("No lights yet", text::TITLE, t.text1));
        ui.add_space(space::S);
        for (i, step) in STEPS.iter().enumerate() {
            ui.label(style::job(&format!("{}.  {step}", i + 1), text::LEAD, t.text2));
        }
        ui.add_space(space::L);
        if ui.add(Button::new("Add a device\u{2026}").icon(icons::PLUS).ember().tall()).clicked() {
            adding::begin(scene);
        }
        for trouble in scene.view.lights.search.troubles.iter() {
            ui.label(style::job(trouble, text::SIDE, t.text2));
        }
    });
}
