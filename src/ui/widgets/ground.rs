//! A ground for things that are not pictures: a rectangle with rounded corners.

use egui::{CornerRadius, Rect, Stroke, StrokeKind, Ui};

use crate::ui::style;
use crate::ui::theme::{radius, stroke};

/// Paints it.
pub fn paint(ui: &Ui, rect: Rect) {
    let t = style::tokens(ui);
    let border = Stroke::new(stroke::HAIR, t.line);
    ui.painter().rect(rect, CornerRadius::same(radius::TILE), t.bg2, border, StrokeKind::Inside);
}
