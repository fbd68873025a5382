//! Grounds that things stand on: rectangles with rounded corners and a hair around them.

use egui::{Color32, CornerRadius, Frame, Margin, Rect, Stroke, StrokeKind, Ui, vec2};

use crate::ui::style;
use crate::ui::theme::{Tokens, radius, size, stroke};

/// Paints one under things that are not pictures.
pub fn paint(ui: &Ui, rect: Rect) {
    let t = style::tokens(ui);
    let border = Stroke::new(stroke::HAIR, t.line);
    ui.painter().rect(rect, CornerRadius::same(radius::TILE), t.bg2, border, StrokeKind::Inside);
}

/// Paints the ground of a row of a list: lit if it is selected, raised if it is pointed at.
pub fn row(ui: &Ui, rect: Rect, selected: bool, hovered: bool) {
    let t = style::tokens(ui);
    if selected {
        ui.painter().rect_filled(rect, CornerRadius::ZERO, t.ember_dim);
        here(ui, rect);
    } else if hovered {
        ui.painter().rect_filled(rect, CornerRadius::ZERO, t.bg3);
    }
}

/// Paints the mark at the left of a rectangle that says that a person is here.
pub fn here(ui: &Ui, rect: Rect) {
    let bar = Rect::from_min_size(rect.min, vec2(size::HERE[0], rect.height()));
    ui.painter().rect_filled(bar, CornerRadius::ZERO, style::tokens(ui).ember);
}

/// A tile on a page, with so much room around what is in it.
pub fn tile(t: &Tokens, margin: impl Into<Margin>) -> Frame {
    framed(t.bg2, t.line, margin)
}

/// A card that floats over a page.
pub fn card(t: &Tokens, margin: impl Into<Margin>) -> Frame {
    framed(t.bg3, t.edge, margin)
}

/// A sheet that lies over the whole window.
pub fn sheet(t: &Tokens, margin: impl Into<Margin>) -> Frame {
    framed(t.bg1, t.edge, margin)
}

fn framed(fill: Color32, border: Color32, margin: impl Into<Margin>) -> Frame {
    let border = Stroke::new(stroke::HAIR, border);
    Frame::NONE.fill(fill).stroke(border).corner_radius(CornerRadius::same(radius::TILE)).inner_margin(margin)
}
