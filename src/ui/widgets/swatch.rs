//! Swatches: the colour of a light, and nothing else.

use egui::{
    Color32, CornerRadius, Painter, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
};

use crate::ui::theme::{Tokens, radius, size, stroke};
use crate::ui::{style, widgets};

/// Paints what a light shows along a rectangle, a cell for each colour; without colours it is off.
pub fn paint(painter: &Painter, rect: Rect, colors: &[Color32], t: &Tokens) {
    let corner = CornerRadius::same(radius::PICTURE);
    match colors {
        [] => drop(painter.rect_filled(rect, corner, t.bg3)),
        [one] => drop(painter.rect_filled(rect, corner, *one)),
        many => {
            let width = rect.width() / many.len() as f32;
            for (i, color) in many.iter().enumerate() {
                let left = rect.left() + i as f32 * width;
                let gap = if i + 1 < many.len() { stroke::HAIR } else { 0.0 };
                let cell =
                    Rect::from_min_max(pos2(left, rect.top()), pos2((left + width - gap).max(left), rect.bottom()));
                painter.rect_filled(cell, CornerRadius::ZERO, *color);
            }
        }
    }
    painter.rect_stroke(rect, corner, Stroke::new(stroke::HAIR / 2.0, t.edge), StrokeKind::Inside);
}

/// A round colour to be picked; the one in force has a ring.
pub fn dot(ui: &mut Ui, color: Color32, chosen: bool, name: &str) -> Response {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size::DOT + 2.0 * stroke::RING), Sense::click());
    ui.painter().circle_filled(rect.center(), size::DOT / 2.0, color);
    let ring = if chosen { Stroke::new(stroke::FOCUS, t.text1) } else { Stroke::new(stroke::HAIR / 2.0, t.edge) };
    let across = if chosen { size::DOT / 2.0 + stroke::RING } else { size::DOT / 2.0 };
    ui.painter().circle_stroke(rect.center(), across, ring);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), chosen, name));
    widgets::focus_ring(ui, &response, (size::DOT / 2.0) as u8);
    response.on_hover_text(name)
}
