//! A value against its limit, small: a track, the part of it that is over the limit, a tick where the value is.

use egui::{CornerRadius, Rect, Stroke, Ui, pos2};

use crate::model::alarms::rule::Level;
use crate::ui::style;
use crate::ui::theme::{radius, size, stroke};
use crate::ui::widgets::alarm_shape;

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitBar {
    /// Ends of the track.
    pub ends: (f64, f64),
    /// The limit.
    pub limit: f64,
    /// Whether it is on above the limit, not below.
    pub above: bool,
    /// The value, if one is known.
    pub value: Option<f64>,
    /// How bad it is over the limit.
    pub level: Level,
}

/// Paints it in the middle of `rect`, as wide as that is.
pub fn paint(ui: &Ui, rect: Rect, bar: &LimitBar) {
    let t = style::tokens(ui);
    let y = rect.center().y;
    let across = |v: f64| {
        let share = ((v - bar.ends.0) / (bar.ends.1 - bar.ends.0).max(1e-9)).clamp(0.0, 1.0);
        rect.left() + share as f32 * rect.width()
    };
    let half = size::LIMIT_BAR / 2.0;
    let track = Rect::from_min_max(pos2(rect.left(), y - half), pos2(rect.right(), y + half));
    let painter = ui.painter();
    let corner = CornerRadius::same(radius::PICTURE);
    painter.rect(track, corner, t.bg3, Stroke::new(stroke::HAIR / 2.0, t.edge), egui::StrokeKind::Outside);
    let limit = across(bar.limit);
    let over = if bar.above { track.with_min_x(limit) } else { track.with_max_x(limit) };
    let line = alarm_shape::ink(bar.level, t);
    painter.rect_filled(over, corner, t.bg3.lerp_to_gamma(line, 0.55));
    painter.vline(limit, y - 2.0 * half..=y + 2.0 * half, Stroke::new(stroke::GLYPH, line));
    if let Some(value) = bar.value {
        let x = across(value).clamp(rect.left() + 1.0, rect.right() - 1.0);
        let tick = Rect::from_center_size(pos2(x, y), egui::vec2(3.0, size::LIMIT_TICK));
        painter.rect_filled(tick.expand(1.0), corner, t.bg2);
        painter.rect_filled(tick, CornerRadius::same(1), t.text1);
    }
}
