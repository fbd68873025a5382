//! Tools: an icon with the digit of its key, one of them in the hand.

use egui::{Align2, CornerRadius, Response, Role, Sense, Ui, Vec2, WidgetInfo, vec2};

use crate::ui::theme::{radius, size, space, text};
use crate::ui::widgets::button;
use crate::ui::{style, widgets};

/// A tool. `name` is what a screen reader says and the tooltip; `digit` is that of its key, or empty.
pub fn show(ui: &mut Ui, icon: char, digit: &str, name: &str, in_hand: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size::TOOL), Sense::click());
    let t = style::tokens(ui);
    let corner = CornerRadius::same(radius::CONTROL);
    if in_hand {
        ui.painter().rect(rect, corner, t.bg3, button::border(ui, false), egui::StrokeKind::Inside);
    } else if response.hovered() && ui.is_enabled() {
        ui.painter().rect_filled(rect, corner, t.bg3);
    }
    let ink = match (in_hand, ui.is_enabled()) {
        (true, _) => t.ember,
        (_, false) => t.edge,
        _ => t.text2,
    };
    style::icon(ui.painter(), rect.center(), icon, text::ICON_L, ink);
    let at = rect.right_bottom() - vec2(space::XS - 1.0, 1.0);
    style::paint(ui.painter(), at, Align2::RIGHT_BOTTOM, digit, text::TOOL_KEY, t.text3);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), in_hand, name));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    response.on_hover_text(name)
}
