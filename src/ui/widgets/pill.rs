//! Pills: a state glyph and a few figures in a rounded outline.

use egui::{Align2, CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::ui::standing::Standing;
use crate::ui::style;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::{self, glyph};

/// A pill that can be clicked. `name` is what a screen reader says.
pub fn show(ui: &mut Ui, standing: Standing, figures: &str, name: &str) -> Response {
    let t = style::tokens(ui);
    let galley = ui.painter().layout_job(style::job(figures, text::FIGURE, t.text2));
    let wanted = vec2(galley.size().x + size::GLYPH + space::S + 2.0 * space::M, size::CONTROL);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let corner = CornerRadius::same((size::CONTROL / 2.0) as u8);
    let border = Stroke::new(stroke::HAIR, if response.hovered() { t.edge } else { t.line });
    ui.painter().rect_stroke(rect, corner, border, StrokeKind::Inside);
    let left = rect.left() + space::M;
    glyph::paint(ui.painter(), pos2(left + size::GLYPH / 2.0, rect.center().y), standing, t);
    let at = pos2(left + size::GLYPH + space::S, rect.center().y);
    let place = Align2::LEFT_CENTER.anchor_size(at, galley.size());
    ui.painter().galley(place.min, galley, t.text2);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    widgets::focus_ring(ui, &response, corner.nw);
    response
}

/// A chip: a state glyph and its word, nothing to click.
pub fn chip(ui: &mut Ui, standing: Standing) {
    chip_of(ui, standing, standing.word());
}

/// The same with a word of its own.
pub fn chip_of(ui: &mut Ui, standing: Standing, word: &str) {
    let t = style::tokens(ui);
    ui.label(style::job(word, text::SIDE, t.text2));
    glyph::show(ui, standing);
}
