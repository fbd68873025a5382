//! Alarm shapes: octagon, triangle, ring. A level is known by its shape and its word.

use egui::{Align2, Painter, Pos2, Shape, Stroke, pos2, vec2};

use crate::model::system::Level;
use crate::ui::style;
use crate::ui::theme::{Face, Tokens, Type};

/// Paints the shape of a level, `across` points wide, around a point.
pub fn paint(painter: &Painter, at: Pos2, across: f32, level: Level, t: &Tokens) {
    match level {
        Level::Notice => ring(painter, at, across, t),
        Level::Warning => triangle(painter, at, across, t),
    }
}

/// The ring with an i of a notice.
pub fn ring(painter: &Painter, at: Pos2, across: f32, t: &Tokens) {
    let unit = across / 24.0;
    let line = Stroke::new(2.2 * unit, t.notice);
    painter.circle_stroke(at, 10.5 * unit, line);
    painter.circle_filled(at - vec2(0.0, 4.8 * unit), 1.5 * unit, t.notice);
    painter.line_segment([at - vec2(0.0, 1.0 * unit), at + vec2(0.0, 6.0 * unit)], line);
}

/// The filled triangle with a ! of a warning.
pub fn triangle(painter: &Painter, at: Pos2, across: f32, t: &Tokens) {
    let unit = across / 24.0;
    let corners =
        vec![at + vec2(0.0, -10.5 * unit), at + vec2(11.5 * unit, 10.0 * unit), at + vec2(-11.5 * unit, 10.0 * unit)];
    painter.add(Shape::convex_polygon(corners, t.warning_fill, Stroke::new(1.5 * unit, t.warning)));
    painter
        .line_segment([at - vec2(0.0, 3.5 * unit), at + vec2(0.0, 3.0 * unit)], Stroke::new(2.6 * unit, t.on_warning));
    painter.circle_filled(at + vec2(0.0, 6.6 * unit), 1.5 * unit, t.on_warning);
}

/// The filled octagon of a danger: STOP inside from 24 up, a bar below.
pub fn octagon(painter: &Painter, at: Pos2, across: f32, t: &Tokens) {
    let r = across / 2.0;
    let corners = (0..8)
        .map(|i| (f64::from(i) + 0.5) * std::f64::consts::FRAC_PI_4)
        .map(|a| pos2(at.x + r * a.cos() as f32 / 0.924, at.y + r * a.sin() as f32 / 0.924))
        .collect();
    painter.add(Shape::convex_polygon(corners, t.danger, Stroke::NONE));
    if across >= 24.0 {
        let role = Type { face: Face::SemiBold, size: across * 0.29, line: across * 0.4, spacing: 0.0 };
        style::paint(painter, at, Align2::CENTER_CENTER, "STOP", role, t.ink);
    } else {
        painter.line_segment([at - vec2(r * 0.5, 0.0), at + vec2(r * 0.5, 0.0)], Stroke::new(across / 8.0, t.ink));
    }
}
