//! What the parts of the page share: a tile, its header, the room within a panel.

use egui::{CornerRadius, Frame, Margin, Stroke, Ui};

use crate::ui::style;
use crate::ui::theme::{radius, space, stroke, text};
use crate::ui::widgets::section;

/// A tile with what is in it.
pub(super) fn tile(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let t = style::tokens(ui);
    Frame::NONE
        .fill(t.bg2)
        .stroke(Stroke::new(stroke::HAIR, t.line))
        .corner_radius(CornerRadius::same(radius::TILE))
        .inner_margin(Margin::same(space::L as i8))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            content(ui);
        });
}

/// The header of a tile, with a side fact.
pub(super) fn head(ui: &mut Ui, title: &str, side: &str) {
    let t = style::tokens(ui);
    section::show(ui, title, |ui| ui.label(style::job(side, text::SIDE, t.text2)));
    ui.add_space(space::S);
}

/// The room within a section's panel.
pub(super) fn padded(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    Frame::NONE.inner_margin(Margin::symmetric(space::M as i8, space::S as i8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        content(ui);
    });
}
