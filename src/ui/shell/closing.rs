//! The question about closing: asked once, above the bar, in front of nothing.

use egui::{Align, Layout, Ui};

use crate::ui::choices::Closing;
use crate::ui::icons;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{space, text};
use crate::ui::widgets::button::{self, Button};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// Hide the window.
    Keep,
    /// Stop the program.
    Quit,
}

/// Draws the question.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) -> Option<Decided> {
    let t = style::tokens(ui);
    let mut decided = None;
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(space::L);
        ui.label(style::job("Keep watching without the window?", text::TILE_NAME, t.text1));
        let side = "Hearthlight remembers the answer; System, About changes it. Starting it again shows the window.";
        ui.add(egui::Label::new(style::job(side, text::BODY, t.text2)).truncate());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space::S);
            if button::icon(ui, icons::X, "Leave the window open", false).clicked() {
                scene.stage.closing = false;
            }
            if ui.add(Button::new("Quit")).clicked() {
                decided = Some(Decided::Quit);
            }
            if ui.add(Button::new("Keep watching").ember()).clicked() {
                decided = Some(Decided::Keep);
            }
        });
    });
    if let Some(answer) = decided {
        scene.stage.closing = false;
        scene.choices.closing = if answer == Decided::Keep { Closing::Keep } else { Closing::Quit };
    }
    decided
}
