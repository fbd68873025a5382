//! State glyphs: five shapes and the icon of the past, so that no state is known by hue alone.

use egui::{Color32, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::standing::Standing;
use crate::ui::theme::{Tokens, size, stroke, text, time};
use crate::ui::{icons, style};

/// The colour that repeats what the shape says.
#[must_use]
pub const fn color(standing: Standing, t: &Tokens) -> Color32 {
    match standing {
        Standing::Live => t.ok,
        Standing::Pending => t.pending,
        Standing::Stale => t.stale,
        Standing::Offline => t.offline,
        Standing::Off => t.text3,
        Standing::Past => t.text1,
    }
}

/// Paints the glyph of a state, 12 across, around a point. The arc of what is pending stands still.
pub fn paint(painter: &Painter, at: Pos2, standing: Standing, t: &Tokens) {
    let color = color(standing, t);
    let line = Stroke::new(stroke::GLYPH, color);
    match standing {
        Standing::Live => drop(painter.circle_filled(at, 4.0, color)),
        Standing::Pending => arc(painter, at, 0.0, Stroke::new(stroke::GLYPH_LINE, color)),
        Standing::Stale => {
            let r = 5.0;
            let corners = vec![at - vec2(0.0, r), at + vec2(r, 0.0), at + vec2(0.0, r), at - vec2(r, 0.0)];
            painter.add(Shape::closed_line(corners, line));
        }
        Standing::Offline => {
            painter.circle_stroke(at, 4.5, line);
            painter.line_segment([at + vec2(-3.2, 3.2), at + vec2(3.2, -3.2)], line);
        }
        Standing::Off => {
            let dash = Stroke::new(stroke::GLYPH_LINE, color);
            painter.line_segment([at - vec2(4.0, 0.0), at + vec2(4.0, 0.0)], dash);
        }
        Standing::Past => style::icon(painter, at, icons::HISTORY, text::ICON_S, color),
    }
}

/// A three-quarter arc, turned by `turn` (0..=1).
fn arc(painter: &Painter, at: Pos2, turn: f32, stroke: Stroke) {
    let points = (0..=18)
        .map(|i| (turn + i as f32 / 24.0) * std::f32::consts::TAU)
        .map(|angle| pos2(at.x + 4.5 * angle.sin(), at.y - 4.5 * angle.cos()))
        .collect();
    painter.add(Shape::line(points, stroke));
}

/// Paints the arc of a wish that was not answered yet, turning once in 1.2 s, and asks for the frames it needs.
pub fn pending(ui: &Ui, at: Pos2) {
    if style::is_still(ui.ctx()) {
        arc(ui.painter(), at, 0.0, Stroke::new(stroke::GLYPH_LINE, style::tokens(ui).pending));
        return;
    }
    let turn = (ui.input(|i| i.time) / time::TURN.as_secs_f64()).fract() as f32;
    arc(ui.painter(), at, turn, Stroke::new(stroke::GLYPH_LINE, style::tokens(ui).pending));
    ui.ctx().request_repaint_after(time::WAKE);
}

/// A glyph in a row, with its word for those who do not see it.
pub fn show(ui: &mut Ui, standing: Standing) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(size::GLYPH, size::GLYPH), Sense::hover());
    paint(ui.painter(), rect.center(), standing, style::tokens(ui));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, standing.word()));
    response
}

/// A glyph at a place that was laid out already.
pub fn at(ui: &Ui, rect: Rect, standing: Standing) {
    paint(ui.painter(), rect.center(), standing, style::tokens(ui));
}
