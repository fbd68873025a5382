//! How the past is told from the present: the badge, and dashed borders around its pictures.

use egui::{Align2, Painter, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::standing::Standing;
use crate::ui::theme::{Tokens, dash, radius, size, space, stroke, text};
use crate::ui::widgets::rounded;
use crate::ui::{icons, style};

/// Room between a picture and its border.
const GAP: f32 = 2.0;

/// The badge: history icon, PAST and the time, in a dashed border.
pub fn badge(ui: &mut Ui, time: &str) -> Response {
    let t = style::tokens(ui);
    let mut job = style::job("PAST", text::STRONG, t.text1);
    style::append(&mut job, "  ", text::STRONG, t.text1);
    style::append(&mut job, time, text::FIGURE, t.text1);
    let galley = ui.painter().layout_job(job);
    let wanted = vec2(galley.size().x + text::ICON_S.size + space::S + 2.0 * space::M, size::CONTROL);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let icon = pos2(rect.left() + space::M + text::ICON_S.size / 2.0, rect.center().y);
    style::icon(ui.painter(), icon, icons::HISTORY, text::ICON_S, t.text1);
    let at = Align2::RIGHT_CENTER.anchor_size(rect.right_center() - vec2(space::M, 0.0), galley.size());
    ui.painter().galley(at.min, galley, t.text1);
    let line = Stroke::new(stroke::PAST_SMALL, t.text1);
    let path = rounded::path(rect.shrink(stroke::PAST_SMALL / 2.0), f32::from(radius::CONTROL));
    ui.painter().extend(Shape::dashed_line_with_offset(&path, line, dash::PAST.0, dash::PAST.1, 0.0));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("PAST {time}")));
    response
}

/// The dashed border around a picture of the past.
pub fn border(painter: &Painter, picture: Rect, width: f32, t: &Tokens) {
    let rect = picture.expand(GAP + width / 2.0);
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    let line = Stroke::new(width, t.text1);
    painter.extend(Shape::dashed_line_with_offset(&corners, line, dash::PAST.0, dash::PAST.1, 0.0));
}

/// What is left of a well for a picture: with room for the border around it, if it is one of the past.
#[must_use]
pub fn inside(well: Rect, standing: Standing) -> Rect {
    if standing == Standing::Past { well.shrink(GAP + 2.0 * stroke::PAST) } else { well }
}
