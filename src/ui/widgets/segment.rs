//! A choice of few, side by side.

use egui::{Align2, CornerRadius, Rect, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{radius, size, space, text};
use crate::ui::{style, widgets};

/// Shows `options` with `chosen` marked; hands back another one when it is picked. `name` says what is chosen.
pub fn show<T: Copy + PartialEq>(ui: &mut Ui, name: &str, chosen: T, options: &[(T, &str)]) -> Option<T> {
    segments(ui, name, chosen, options, 0.0)
}

/// The same over all the width there is.
pub fn wide<T: Copy + PartialEq>(ui: &mut Ui, name: &str, chosen: T, options: &[(T, &str)]) -> Option<T> {
    segments(ui, name, chosen, options, ui.available_width())
}

fn segments<T: Copy + PartialEq>(ui: &mut Ui, name: &str, chosen: T, options: &[(T, &str)], least: f32) -> Option<T> {
    let t = style::tokens(ui);
    let inset = 2.0;
    let word_width = |word| ui.painter().layout_job(style::job(word, text::BUTTON, t.text1)).size().x;
    let mut widths: Vec<f32> = options.iter().map(|(_, word)| word_width(word) + 2.0 * space::M).collect();
    let more = (least - 2.0 * inset - widths.iter().sum::<f32>()).max(0.0) / widths.len().max(1) as f32;
    widths.iter_mut().for_each(|width| *width += more);
    let total = vec2(widths.iter().sum::<f32>() + 2.0 * inset, size::CONTROL);
    let (rect, _) = ui.allocate_exact_size(total, Sense::hover());
    let border = widgets::button::border(ui, false);
    ui.painter().rect(rect, CornerRadius::same(radius::CONTROL), t.bg3, border, StrokeKind::Inside);
    let mut left = rect.left() + inset;
    let mut picked = None;
    for (i, ((value, word), width)) in options.iter().zip(widths).enumerate() {
        let cell = Rect::from_min_size(pos2(left, rect.top() + inset), vec2(width, rect.height() - 2.0 * inset));
        left += width;
        let on = *value == chosen;
        let response = ui.interact(cell, ui.scope_id().with((name, i)), Sense::click());
        if on {
            ui.painter().rect_filled(cell, CornerRadius::same(radius::CONTROL - 1), t.ember_dim);
            let under = Rect::from_min_max(pos2(cell.left() + 1.0, cell.bottom() - 2.0), cell.max - vec2(1.0, 0.0));
            ui.painter().rect_filled(under, CornerRadius::ZERO, t.ember);
        }
        let ink = if on || response.hovered() { t.text1 } else { t.text2 };
        style::paint(ui.painter(), cell.center(), Align2::CENTER_CENTER, word, text::BUTTON, ink);
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, format!("{name}: {word}")));
        widgets::focus_ring(ui, &response, radius::CONTROL);
        if response.clicked() && !on {
            picked = Some(*value);
        }
    }
    picked
}
