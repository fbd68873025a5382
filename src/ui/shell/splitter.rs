//! The edge between page and inspector: dragged, or moved by arrow keys; a double click puts it back.

use egui::{CursorIcon, EventFilter, Id, Key, Rect, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use crate::ui::desk::layout;
use crate::ui::style;
use crate::ui::theme::{size, stroke};

/// Draws the edge at the left of `inspector`; hands back the width that is wanted now, if it changed.
pub fn show(ui: &Ui, inspector: Rect, width: f32) -> Option<f32> {
    let t = style::tokens(ui);
    let grip = Rect::from_min_max(
        inspector.left_top() - vec2(size::GRIP / 2.0, 0.0),
        inspector.left_bottom() + vec2(size::GRIP / 2.0, 0.0),
    );
    let response = ui.interact(grip, Id::unique("inspector edge"), Sense::click_and_drag());
    let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
    let name = format!("Width of the inspector: {width:.0}");
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, &name));
    let active = response.hovered() || response.dragged() || response.has_focus();
    let line = if response.has_focus() {
        Stroke::new(stroke::FOCUS, t.focus)
    } else if active {
        Stroke::new(stroke::FOCUS, t.edge)
    } else {
        Stroke::new(stroke::HAIR, t.line)
    };
    ui.painter().vline(inspector.left(), inspector.y_range(), line);
    if response.double_clicked() {
        return Some(size::INSPECTOR);
    }
    let mut wanted = width;
    if response.dragged()
        && let Some(at) = response.interact_pointer_pos()
    {
        wanted = inspector.right() - at.x;
    }
    if response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
        let pressed = |key| ui.input(|i| i.key_pressed(key));
        wanted += size::GRIP * 2.0 * (f32::from(pressed(Key::ArrowLeft)) - f32::from(pressed(Key::ArrowRight)));
    }
    let wanted = layout::width(wanted.max(1.0)).round();
    (wanted != width.round()).then_some(wanted)
}
