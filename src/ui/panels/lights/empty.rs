//! The Lights page without lights: three first steps, one button.

use egui::Ui;

use crate::ui::panels::adding;
use crate::ui::scene::Scene;
use crate::ui::theme::{space, text};
use crate::ui::widgets::blank;
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
    blank::page(ui, 0.18, icons::LIGHTBULB, "No lights yet", |ui, _| {
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
