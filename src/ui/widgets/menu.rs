//! Drop-downs: a button with its value, a list of choices under it.

use egui::{Align2, CornerRadius, Popup, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{radius, size, space, text};
use crate::ui::{icons, style, widgets};

/// A drop-down: `label` says what is chosen, `value` what is so. `name` is what a screen reader says.
pub fn drop_down(ui: &mut Ui, name: &str, label: &str, value: &str, choices: impl FnOnce(&mut Ui)) -> Response {
    let t = style::tokens(ui);
    let mut job = style::job(label, text::BODY, t.text2);
    if !label.is_empty() && !value.is_empty() {
        style::append(&mut job, "  ", text::BODY, t.text2);
    }
    style::append(&mut job, value, text::BUTTON, t.text1);
    let galley = ui.painter().layout_job(job);
    let wanted = vec2(galley.size().x + text::ICON_S.size + space::S + 2.0 * space::M, size::CONTROL);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    let fill = if response.hovered() || open { t.bg3.lerp_to_gamma(t.text1, 0.08) } else { t.bg3 };
    let border = widgets::button::border(ui, false);
    ui.painter().rect(rect, CornerRadius::same(radius::CONTROL), fill, border, StrokeKind::Inside);
    let at = Align2::LEFT_CENTER.anchor_size(pos2(rect.left() + space::M, rect.center().y), galley.size());
    ui.painter().galley(at.min, galley, t.text1);
    let chevron = pos2(rect.right() - space::M - text::ICON_S.size / 2.0, rect.center().y);
    style::icon(ui.painter(), chevron, icons::CHEVRON_DOWN, text::ICON_S, t.text2);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    popup(&response, choices);
    response
}

/// The list of choices that a click on `response` opens.
pub fn popup(response: &Response, choices: impl FnOnce(&mut Ui)) {
    Popup::menu(response).gap(space::XS).width(size::MENU).show(|ui| {
        ui.set_min_width(size::MENU);
        ui.spacing_mut().item_spacing = vec2(space::S, 0.0);
        choices(ui);
    });
}

/// A heading between choices.
pub fn heading(ui: &mut Ui, title: &str) {
    let t = style::tokens(ui);
    ui.add_space(space::XS);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::SECTION), Sense::hover());
    let at = pos2(rect.left() + space::S, rect.center().y);
    style::paint(ui.painter(), at, Align2::LEFT_CENTER, &title.to_uppercase(), text::SECTION, t.text2);
}

/// A choice that cannot be made, and why.
pub fn closed(ui: &mut Ui, chosen: bool, word: &str, why: &str) {
    let t = style::tokens(ui);
    let left = 2.0 * space::S + text::ICON_S.size;
    let why_galley = {
        let mut job = style::job(why, text::SIDE, t.text3);
        job.wrap.max_width = ui.available_width() - left - space::S;
        ui.painter().layout_job(job)
    };
    let wanted = vec2(ui.available_width(), size::CONTROL + why_galley.size().y);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let y = rect.top() + size::CONTROL / 2.0;
    style::paint(ui.painter(), pos2(rect.left() + left, y), Align2::LEFT_CENTER, word, text::BODY, t.text3);
    ui.painter().galley(pos2(rect.left() + left, rect.top() + size::CONTROL - space::XS), why_galley, t.text3);
    response.widget_info(|| {
        WidgetInfo::selected(Role::MenuItemRadio, false, chosen, format!("{word}, not possible: {why}"))
    });
}

/// One choice, with a check if it is the one in force and a side fact at the right.
pub fn item(ui: &mut Ui, chosen: bool, word: &str, side: &str) -> Response {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::click());
    if response.hovered() || response.has_focus() {
        let fill = t.bg3.lerp_to_gamma(t.text1, 0.08);
        ui.painter().rect_filled(rect, CornerRadius::same(radius::CONTROL), fill);
    }
    let y = rect.center().y;
    if chosen {
        let at = pos2(rect.left() + space::S + text::ICON_S.size / 2.0, y);
        style::icon(ui.painter(), at, icons::CHECK, text::ICON_S, t.ember);
    }
    let left = rect.left() + 2.0 * space::S + text::ICON_S.size;
    style::paint(ui.painter(), pos2(left, y), Align2::LEFT_CENTER, word, text::BODY, t.text1);
    let right = pos2(rect.right() - space::S, y);
    style::paint(ui.painter(), right, Align2::RIGHT_CENTER, side, text::SIDE, t.text3);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, chosen, word));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    response
}
