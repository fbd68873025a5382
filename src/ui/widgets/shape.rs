//! The shape of an alarm level.

use egui::{Color32, Painter, Pos2};

use crate::model::alarms::rule::Level;
use crate::ui::theme::Tokens;
use crate::ui::widgets::alarm_shape;

/// Paints the shape of a level, `across` points wide, around a point.
pub fn level(painter: &Painter, at: Pos2, across: f32, level: Level, t: &Tokens) {
    match level {
        Level::Notice => alarm_shape::ring(painter, at, across, t),
        Level::Warning => alarm_shape::triangle(painter, at, across, t),
        Level::Danger => alarm_shape::octagon(painter, at, across, t),
    }
}

/// The colour that repeats what the shape of a level says: of lines and figures.
#[must_use]
pub const fn ink(level: Level, t: &Tokens) -> Color32 {
    match level {
        Level::Notice => t.notice,
        Level::Warning => t.warning,
        Level::Danger => t.danger,
    }
}

/// The word of a level as it stands in lists: the loud ones are written loud.
#[must_use]
pub const fn word(level: Level) -> &'static str {
    match level {
        Level::Notice => "Notice",
        Level::Warning => "WARNING",
        Level::Danger => "DANGER",
    }
}
