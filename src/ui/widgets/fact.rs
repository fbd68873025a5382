//! Facts: a label at the left, its figure or word at the right.

use egui::{Align, Color32, Layout, Response, Ui, vec2};

use crate::ui::style;
use crate::ui::theme::{Type, size, text};

/// A label and a figure.
pub fn figure(ui: &mut Ui, label: &str, value: &str) -> Response {
    row(ui, label, value, text::FIGURE, style::tokens(ui).text1)
}

/// A label and a word.
pub fn word(ui: &mut Ui, label: &str, value: &str) -> Response {
    row(ui, label, value, text::BODY, style::tokens(ui).text1)
}

/// A label and anything.
pub fn with<R>(ui: &mut Ui, label: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    let color = style::tokens(ui).text2;
    ui.allocate_ui_with_layout(vec2(ui.available_width(), size::CONTROL), Layout::left_to_right(Align::Center), |ui| {
        ui.label(style::job(label, text::BODY, color));
        ui.with_layout(Layout::right_to_left(Align::Center), right).inner
    })
    .inner
}

fn row(ui: &mut Ui, label: &str, value: &str, role: Type, color: Color32) -> Response {
    let label_color = style::tokens(ui).text2;
    ui.allocate_ui_with_layout(vec2(ui.available_width(), 22.0), Layout::left_to_right(Align::Center), |ui| {
        ui.label(style::job(label, text::BODY, label_color));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(egui::Label::new(style::job(value, role, color)).truncate())
        })
        .inner
    })
    .inner
}
