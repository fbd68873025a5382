//! What the parts of the page share: a tile, its header, the room within a panel.

use egui::{Frame, Margin, Ui};

use crate::ui::style;
use crate::ui::theme::{space, text};
use crate::ui::widgets::{ground, section};

/// A tile with what is in it.
pub(super) fn tile(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let t = style::tokens(ui);
    ground::tile(t, space::L).show(ui, |ui| {
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
