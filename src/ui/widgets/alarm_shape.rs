//! Alarm shapes: octagon, triangle, ring. A level is known by its shape and its word; colour only repeats it.
//!
//! Invariant: a filled shape stands for something active, an outline for something that is over.

use egui::{Align2, Color32, Painter, Pos2, Shape, Stroke, pos2, vec2};

use crate::model::alarms::rule::Level;
use crate::model::system;
use crate::ui::style;
use crate::ui::theme::{Face, Tokens, Type};

/// From this width up an octagon says STOP; below it carries a bar.
const STOP_FROM: f32 = 24.0;

/// The colours of a shape.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// Inside.
    pub fill: Color32,
    /// Around it.
    pub line: Color32,
    /// The mark in it.
    pub mark: Color32,
}

impl Ink {
    /// The colours of a level on the theme's own grounds.
    #[must_use]
    pub const fn of(level: Level, t: &Tokens) -> Self {
        match level {
            Level::Danger => Self { fill: t.danger, line: t.danger, mark: t.ink },
            Level::Warning => Self { fill: t.warning_fill, line: t.warning, mark: t.on_warning },
            Level::Notice => Self { fill: Color32::TRANSPARENT, line: t.notice, mark: t.notice },
        }
    }

    /// The outline of a level: over, but nobody took note.
    #[must_use]
    pub const fn outline(level: Level, t: &Tokens) -> Self {
        let line = ink(level, t);
        Self { fill: Color32::TRANSPARENT, line, mark: line }
    }
}

/// Paints the shape of a notice of the program, `across` points wide, around a point.
pub fn paint(painter: &Painter, at: Pos2, across: f32, level: system::Level, t: &Tokens) {
    match level {
        system::Level::Notice => ring(painter, at, across, t),
        system::Level::Warning => triangle(painter, at, across, t),
    }
}

/// Paints the shape of an alarm's level, filled.
pub fn level(painter: &Painter, at: Pos2, across: f32, level: Level, t: &Tokens) {
    inked(painter, at, across, level, Ink::of(level, t));
}

/// The ring with an i of a notice.
pub fn ring(painter: &Painter, at: Pos2, across: f32, t: &Tokens) {
    level(painter, at, across, Level::Notice, t);
}

/// The filled triangle with a ! of a warning.
pub fn triangle(painter: &Painter, at: Pos2, across: f32, t: &Tokens) {
    level(painter, at, across, Level::Warning, t);
}

/// The filled octagon of a danger: STOP inside from 24 up, a bar below.
pub fn octagon(painter: &Painter, at: Pos2, across: f32, t: &Tokens) {
    level(painter, at, across, Level::Danger, t);
}

/// Paints the shape of a level in any colours.
pub fn inked(painter: &Painter, at: Pos2, across: f32, level: Level, ink: Ink) {
    let unit = across / 24.0;
    match level {
        Level::Notice => {
            let line = Stroke::new(2.2 * unit, ink.line);
            painter.circle(at, 10.5 * unit, ink.fill, line);
            painter.circle_filled(at - vec2(0.0, 4.8 * unit), 1.5 * unit, ink.mark);
            let foot = Stroke::new(2.2 * unit, ink.mark);
            painter.line_segment([at - vec2(0.0, 1.0 * unit), at + vec2(0.0, 6.0 * unit)], foot);
        }
        Level::Warning => {
            let corners = [vec2(0.0, -10.5), vec2(11.5, 10.0), vec2(-11.5, 10.0)].map(|corner| at + corner * unit);
            painter.add(Shape::convex_polygon(corners.to_vec(), ink.fill, Stroke::new(1.8 * unit, ink.line)));
            let mark = [at - vec2(0.0, 3.5 * unit), at + vec2(0.0, 3.0 * unit)];
            painter.line_segment(mark, Stroke::new(2.6 * unit, ink.mark));
            painter.circle_filled(at + vec2(0.0, 6.6 * unit), 1.5 * unit, ink.mark);
        }
        Level::Danger => stop(painter, at, across, ink),
    }
}

fn stop(painter: &Painter, at: Pos2, across: f32, ink: Ink) {
    let line = if ink.fill == Color32::TRANSPARENT { across / 14.0 } else { 0.0 };
    let r = (across - line) / 2.0;
    let corners = (0..8)
        .map(|i| (f64::from(i) + 0.5) * std::f64::consts::FRAC_PI_4)
        .map(|a| pos2(at.x + r * a.cos() as f32 / 0.924, at.y + r * a.sin() as f32 / 0.924))
        .collect();
    painter.add(Shape::convex_polygon(corners, ink.fill, Stroke::new(line, ink.line)));
    if across >= STOP_FROM {
        let role = Type { face: Face::SemiBold, size: across * 0.29, line: across * 0.4, spacing: 0.0 };
        style::paint(painter, at, Align2::CENTER_CENTER, "STOP", role, ink.mark);
    } else {
        painter.line_segment([at - vec2(r * 0.5, 0.0), at + vec2(r * 0.5, 0.0)], Stroke::new(across / 8.0, ink.mark));
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
