//! Controls and drawings: each a function that allocates, senses, paints and hands back a response.
//!
//! Invariant: every control has an accessible name, and a focus ring while the keyboard is on it.
//!
//! To add one: a file with one public function or one builder, and a `pub mod` line here.

pub mod alarm_button;
pub mod alarm_shape;
pub mod alarmed;
pub mod ask;
pub mod blank;
pub mod button;
pub mod fact;
pub mod field;
pub mod glyph;
pub mod ground;
pub mod heat_view;
pub mod input;
pub mod key_button;
pub mod key_cap;
pub mod limit_bar;
pub mod menu;
pub mod page_head;
pub mod palette_bar;
pub mod past;
pub mod pill;
pub mod plot;
pub mod profile;
pub mod qr;
pub mod ring;
pub mod rounded;
pub mod scroll;
pub mod section;
pub mod segment;
pub mod slider;
pub mod spark;
pub mod stops;
pub mod swatch;
pub mod table;
pub mod toggle;
pub mod tool;
pub mod wheel;

use egui::{CornerRadius, Response, Stroke, StrokeKind, Ui};

use crate::ui::style;
use crate::ui::theme::stroke;

/// Paints the focus ring around a control that has the keyboard.
pub fn focus_ring(ui: &Ui, response: &Response, radius: u8) {
    if response.has_focus() {
        let ring = Stroke::new(stroke::FOCUS, style::tokens(ui).focus);
        let rect = response.rect.expand(stroke::FOCUS_GAP);
        let corner = CornerRadius::same(radius + stroke::FOCUS_GAP as u8);
        let painter = ui.painter().with_clip_rect(ui.clip_rect().expand(stroke::FOCUS_GAP + stroke::FOCUS));
        painter.rect_stroke(rect, corner, ring, StrokeKind::Outside);
    }
}
