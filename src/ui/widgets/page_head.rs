//! The head of a page: its title, and beside it what chooses among its parts or acts on all of it.
//!
//! Invariant: parts that have no room beside the title stand under it.

use egui::Ui;

use crate::ui::style;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::section;

/// A head whose parts stand beside the title.
pub fn show(ui: &mut Ui, title: &str, parts: impl FnOnce(&mut Ui)) {
    ui.horizontal_wrapped(|ui| {
        ui.set_min_height(size::CONTROL);
        ui.label(style::job(title, text::TITLE, style::tokens(ui).text1));
        ui.add_space(space::S);
        parts(ui);
    });
}

/// A head whose controls are laid out from the right edge.
pub fn with_controls<R>(ui: &mut Ui, title: &str, controls: impl FnOnce(&mut Ui) -> R) -> R {
    section::header(ui, style::job(title, text::TITLE, style::tokens(ui).text1), size::CONTROL, controls)
}
