//! Buttons that add something: a plus, a word, and the key that does the same.

use egui::{Align2, CornerRadius, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{radius, size, space, text};
use crate::ui::widgets::button;
use crate::ui::{icons, style, widgets};

/// A button with a plus, `word` and the cap of its `key`; `name` is what a screen reader says.
pub fn show(ui: &mut Ui, word: &str, key: &str, name: &str) -> Response {
    let t = style::tokens(ui);
    let galley = ui.painter().layout_job(style::job(word, text::BUTTON, t.text1));
    let cap = ui.painter().layout_job(style::job(key, text::KEY, t.text3));
    let icon = text::ICON_S.size + space::S;
    let wanted = vec2(icon + galley.size().x + space::M + cap.size().x + 2.0 * space::M - space::XS, size::CONTROL);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let fill = if response.hovered() { t.bg3.lerp_to_gamma(t.text1, 0.08) } else { t.bg3 };
    let corner = CornerRadius::same(radius::CONTROL);
    ui.painter().rect(rect, corner, fill, button::border(ui, false), StrokeKind::Inside);
    let (y, left) = (rect.center().y, rect.left() + space::M - 2.0);
    style::icon(ui.painter(), pos2(left + text::ICON_S.size / 2.0, y), icons::PLUS, text::ICON_S, t.text1);
    let at = Align2::LEFT_CENTER.anchor_size(pos2(left + icon, y), galley.size());
    ui.painter().galley(at.min, galley, t.text1);
    let at = Align2::RIGHT_CENTER.anchor_size(pos2(rect.right() - space::M + 2.0, y), cap.size());
    ui.painter().galley(at.min, cap, t.text3);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    response
}
