//! Contours: lines along one temperature through a picture, by marching squares over the centres of the cells.
//!
//! ```text
//!  centres   17 ── 19        a line passes between centres on both sides of the temperature,
//!            │   ╲  │        where it lies on the straight way from one to the other
//!            16 ── 17
//! ```
//!
//! Source: W. Lorensen and H. Cline, "Marching cubes" (1987), in the plane; of a saddle, the mean of its four corners
//! tells which two are joined.
//!
//! Invariant: a square with a corner that is broken or masked has no line; at most [`MOST`] segments are made.

use crate::model::thermal::ThermalFrame;
use crate::units::grid::Mounting;

/// Segments of one contour at most: a picture of noise has no shapes to show.
pub const MOST: usize = 20_000;

/// A piece of a contour: two places in the picture as shown, in cells: `x` to the right, `y` down, the centre of the first
/// shown cell at (0.5, 0.5).
pub type Segment = [(f32, f32); 2];

/// A corner of a square: its place and its temperature.
type Corner = (f32, f32, f32);

/// Appends the contour of `celsius` to `out`.
pub fn trace(frame: &ThermalFrame, mounting: Mounting, celsius: f32, out: &mut Vec<Segment>) {
    let shown = mounting.shown(frame.size);
    let end = out.len().saturating_add(MOST);
    let corner = |x: usize, y: usize| {
        let value = frame.seen(mounting.cell_at(frame.size, x, y))?;
        Some((x as f32 + 0.5, y as f32 + 0.5, value))
    };
    for y in 1..shown.rows() {
        let (mut above, mut below) = (corner(0, y - 1), corner(0, y));
        for x in 1..shown.cols() {
            let (next_above, next_below) = (corner(x, y - 1), corner(x, y));
            if let (Some(a), Some(b), Some(c), Some(d)) = (above, next_above, next_below, below) {
                square([a, b, c, d], celsius, out);
            }
            (above, below) = (next_above, next_below);
        }
        if out.len() >= end {
            out.truncate(end);
            return;
        }
    }
}

/// The lines through one square, corners clockwise.
fn square(corners: [Corner; 4], celsius: f32, out: &mut Vec<Segment>) {
    let inside = corners.map(|corner| corner.2 >= celsius);
    let cut = |side: usize| between(corners[side], corners[(side + 1) % 4], celsius);
    let crossed = [0, 1, 2, 3].map(|side| inside[side] != inside[(side + 1) % 4]);
    match crossed {
        [true, true, true, true] => {
            let mean = corners.iter().map(|corner| corner.2).sum::<f32>() / 4.0;
            // The corner between sides 3 and 0 is cut off if it is not on the middle's side.
            let alone = inside[0] != (mean >= celsius);
            let pairs = if alone { [(3, 0), (1, 2)] } else { [(0, 1), (2, 3)] };
            out.extend(pairs.map(|(one, other)| [cut(one), cut(other)]));
        }
        _ => {
            let mut sides = (0..4).filter(|&side| crossed[side]);
            if let (Some(one), Some(other)) = (sides.next(), sides.next()) {
                out.push([cut(one), cut(other)]);
            }
        }
    }
}

/// Where the way from one corner to another has the temperature: the same place from both sides, to the last bit.
fn between(one: Corner, other: Corner, celsius: f32) -> (f32, f32) {
    let ((ax, ay, a), (bx, by, b)) = if one.2 < other.2 { (one, other) } else { (other, one) };
    let share = ((celsius - a) / (b - a)).clamp(0.0, 1.0);
    (ax + (bx - ax) * share, ay + (by - ay) * share)
}
