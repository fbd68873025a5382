//! Section headers: capitals, with a count or a control at the right; no rule under them.

use egui::{Align, Layout, Ui, vec2};

use crate::ui::style;
use crate::ui::theme::{size, text};

/// A section header; `right` is laid out from the right edge.
pub fn show<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    header(ui, title, size::SECTION, style::tokens(ui).text2, right)
}

/// A section header of the inspector.
pub fn quiet<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    header(ui, title, size::SECTION, style::tokens(ui).text3, right)
}

/// A section header as high as a control, for pages whose header carries controls.
pub fn tall<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    header(ui, title, size::CONTROL, style::tokens(ui).text2, right)
}

fn header<R>(ui: &mut Ui, title: &str, height: f32, color: egui::Color32, right: impl FnOnce(&mut Ui) -> R) -> R {
    ui.allocate_ui_with_layout(vec2(ui.available_width(), height), Layout::left_to_right(Align::Center), |ui| {
        ui.label(style::job(&title.to_uppercase(), text::SECTION, color));
        ui.with_layout(Layout::right_to_left(Align::Center), right).inner
    })
    .inner
}
