//! Scrolling: the bar stands in the page's margin, never over what it scrolls.

use egui::{Margin, ScrollArea, Ui, UiBuilder};

use crate::ui::theme::space;

/// Scrolls `content` up and down in all the room that is left; the bar takes the margin right of it.
pub fn page(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let rect = ui.available_rect_before_wrap();
    let mut wider = rect;
    wider.max.x += space::M;
    let mut child = ui.new_child(UiBuilder::new().max_rect(wider).id_salt("scroll"));
    let margin = Margin { right: space::M as i8, ..Margin::ZERO };
    ScrollArea::vertical().auto_shrink(false).content_margin(margin).show(&mut child, content);
    ui.advance_cursor_after_rect(rect);
}
