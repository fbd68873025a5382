//! Key caps.

use egui::{CornerRadius, Sense, StrokeKind, Ui, vec2};

use crate::ui::style;
use crate::ui::theme::{radius, size, space, text};
use crate::ui::widgets::button;

/// A key as printed on its cap.
pub fn show(ui: &mut Ui, key: &str) {
    let t = style::tokens(ui);
    let galley = ui.painter().layout_job(style::job(key, text::KEY, t.text2));
    let wanted = vec2((galley.size().x + 2.0 * space::XS + 2.0).max(size::SECTION), size::SECTION);
    let (rect, _) = ui.allocate_exact_size(wanted, Sense::hover());
    ui.painter().rect(rect, CornerRadius::same(radius::KEY), t.bg3, button::border(ui, false), StrokeKind::Inside);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, t.text2);
}
