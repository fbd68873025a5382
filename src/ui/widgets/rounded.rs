//! The outline of a rectangle with round corners as a line, for what is dashed.

use egui::{Pos2, Rect, pos2, vec2};

/// Pieces of each corner.
const PIECES: u8 = 4;

/// The outline, closed; `r` is the radius of its corners.
#[must_use]
pub fn path(rect: Rect, r: f32) -> Vec<Pos2> {
    let corner = |center: Pos2, from: f32| {
        (0..=PIECES).map(move |i| {
            let angle = (from + f32::from(i) / f32::from(PIECES)) * std::f32::consts::FRAC_PI_2;
            center + vec2(angle.cos(), angle.sin()) * r
        })
    };
    let mut path: Vec<Pos2> = corner(pos2(rect.right() - r, rect.bottom() - r), 0.0)
        .chain(corner(pos2(rect.left() + r, rect.bottom() - r), 1.0))
        .chain(corner(pos2(rect.left() + r, rect.top() + r), 2.0))
        .chain(corner(pos2(rect.right() - r, rect.top() + r), 3.0))
        .collect();
    path.extend(path.first().copied());
    path
}
