//! Grounds that things stand on: rectangles with rounded corners and a hair around them.

use egui::{Color32, CornerRadius, Frame, Margin, Rect, Stroke, StrokeKind, Ui};

use crate::ui::style;
use crate::ui::theme::{Tokens, radius, stroke};

/// Paints one under things that are not pictures.
pub fn paint(ui: &Ui, rect: Rect) {
    let t = style::tokens(ui);
    let border = Stroke::new(stroke::HAIR, t.line);
    ui.painter().rect(rect, CornerRadius::same(radius::TILE), t.bg2, border, StrokeKind::Inside);
}

/// A tile on a page, with so much room around what is in it.
#[must_use]
pub fn tile(t: &Tokens, margin: impl Into<Margin>) -> Frame {
    framed(t.bg2, t.line, margin)
}

/// A card that floats over a page.
#[must_use]
pub fn card(t: &Tokens, margin: impl Into<Margin>) -> Frame {
    framed(t.bg3, t.edge, margin)
}

/// A sheet that lies over the whole window.
#[must_use]
pub fn sheet(t: &Tokens, margin: impl Into<Margin>) -> Frame {
    framed(t.bg1, t.edge, margin)
}

fn framed(fill: Color32, border: Color32, margin: impl Into<Margin>) -> Frame {
    let border = Stroke::new(stroke::HAIR, border);
    Frame::NONE.fill(fill).stroke(border).corner_radius(CornerRadius::same(radius::TILE)).inner_margin(margin)
}
