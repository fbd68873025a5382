//! A switch. Not ember: a list of switches must not glow.

use egui::{CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{size, stroke};
use crate::ui::{style, widgets};

/// A switch for `on`. Its response says `changed` when it was flipped.
pub fn show(ui: &mut Ui, on: &mut bool, name: &str) -> Response {
    let t = style::tokens(ui);
    let (hit, mut response) = ui.allocate_exact_size(vec2(size::TOGGLE[0], size::CONTROL), Sense::click());
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    let rect = egui::Rect::from_center_size(hit.center(), size::TOGGLE.into());
    let corner = CornerRadius::same((rect.height() / 2.0) as u8);
    let way = ui.ctx().animate_bool(response.id, *on);
    let x = egui::lerp(rect.left() + 9.0..=rect.right() - 9.0, way);
    if *on {
        ui.painter().rect_filled(rect, corner, t.text2);
        ui.painter().circle_filled(pos2(x, rect.center().y), 6.0, t.bg0);
    } else {
        ui.painter().rect_stroke(rect, corner, Stroke::new(stroke::HAIR, t.edge), StrokeKind::Inside);
        ui.painter().circle_filled(pos2(x, rect.center().y), 5.0, t.text2);
    }
    response.widget_info(|| WidgetInfo::selected(Role::Switch, ui.is_enabled(), *on, name));
    widgets::focus_ring(ui, &response, corner.nw);
    response
}
