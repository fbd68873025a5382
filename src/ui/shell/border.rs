//! The window's border: an octagon while there is a Danger that nobody took note of, a thin line for a Warning.
//!
//! Invariant: it lies over everything and takes no input; a test is dashed.

use egui::{Color32, CornerRadius, Id, LayerId, Order, Rect, Shape, Stroke, StrokeKind, Ui, vec2};

use crate::model::alarms::rule::Level;
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar::lines;
use crate::ui::style;
use crate::ui::theme::{size, stroke};

/// Draws the border; last of all.
pub fn show(ui: &Ui, scene: &Scene<'_>) {
    let t = style::tokens(ui);
    let (width, color, test) = match lines::border(&scene.view.alarms) {
        Some((Level::Danger, test)) => (stroke::BORDER_DANGER, t.danger_fill, test),
        Some((Level::Warning, test)) => (stroke::BORDER_WARNING, t.warning, test),
        Some((Level::Notice, _)) | None => return,
    };
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Debug, Id::unique("border")));
    let rect = ui.ctx().content_rect();
    let line = Stroke::new(width, color);
    if test {
        let inner = rect.shrink(width / 2.0);
        let corners =
            [inner.left_top(), inner.right_top(), inner.right_bottom(), inner.left_bottom(), inner.left_top()];
        painter.extend(Shape::dashed_line(&corners, line, 2.0 * stroke::TEST[0], 2.0 * stroke::TEST[1]));
        return;
    }
    painter.rect_stroke(rect, CornerRadius::ZERO, line, StrokeKind::Inside);
    if width == stroke::BORDER_DANGER {
        painter.extend(corners(rect, color));
    }
}

/// The filled triangles that make an octagon of the window.
fn corners(rect: Rect, color: Color32) -> impl Iterator<Item = Shape> {
    let (x, y) = (vec2(size::CORNER, 0.0), vec2(0.0, size::CORNER));
    let of = [
        [rect.left_top(), rect.left_top() + x, rect.left_top() + y],
        [rect.right_top(), rect.right_top() + y, rect.right_top() - x],
        [rect.right_bottom(), rect.right_bottom() - x, rect.right_bottom() - y],
        [rect.left_bottom(), rect.left_bottom() - y, rect.left_bottom() + x],
    ];
    of.into_iter().map(move |points| Shape::convex_polygon(points.to_vec(), color, Stroke::NONE))
}
