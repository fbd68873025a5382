//! The outline of an isotherm: pieces of contour joined to lines, with what is inside on the left.
//!
//! Invariant: at most [`MOST`] pieces are joined: a picture of noise has no shapes to show.

use std::collections::HashMap;

use crate::heat::contour::{self, Segment};
use crate::heat::isotherm::Isotherm;
use crate::model::thermal::ThermalFrame;
use crate::units::grid::Mounting;

/// Pieces that are joined at most.
const MOST: usize = 4_000;
/// Ends nearer than one of so many parts of a cell are one place.
const PARTS: f32 = 256.0;

/// A line through the picture as shown, in cells; what is inside lies at its left as it is gone along, seen with `y`
/// down. Closed if its ends are one place.
pub type Line = Vec<(f32, f32)>;

/// The lines around what an isotherm holds.
#[must_use]
pub fn lines(frame: &ThermalFrame, mounting: Mounting, isotherm: Isotherm) -> Vec<Line> {
    let mut pieces = Vec::new();
    for level in isotherm.levels() {
        contour::trace(frame, mounting, level, &mut pieces);
    }
    pieces.truncate(MOST);
    let mut lines = join(&pieces);
    for line in &mut lines {
        if !is_left(line, frame, mounting, isotherm) {
            line.reverse();
        }
    }
    lines
}

type Key = (i32, i32);

fn key((x, y): (f32, f32)) -> Key {
    ((x * PARTS).round() as i32, (y * PARTS).round() as i32)
}

/// Joins pieces end to end; each is used once.
#[must_use]
pub fn join(pieces: &[Segment]) -> Vec<Line> {
    let mut at: HashMap<Key, Vec<usize>> = HashMap::new();
    for (i, piece) in pieces.iter().enumerate() {
        piece.iter().for_each(|end| at.entry(key(*end)).or_default().push(i));
    }
    let mut used = vec![false; pieces.len()];
    let mut lines = Vec::new();
    for (i, [from, to]) in pieces.iter().enumerate() {
        if !std::mem::replace(&mut used[i], true) {
            let mut back = vec![*to, *from];
            follow(&mut back, pieces, &at, &mut used);
            back.reverse();
            follow(&mut back, pieces, &at, &mut used);
            lines.push(back);
        }
    }
    lines
}

/// Goes on from a line's end as far as there are pieces.
fn follow(line: &mut Line, pieces: &[Segment], at: &HashMap<Key, Vec<usize>>, used: &mut [bool]) {
    while let Some(end) = line.last().copied() {
        let next = at.get(&key(end)).into_iter().flatten().copied().find(|&i| !used[i]);
        let Some(next) = next else { return };
        used[next] = true;
        let [a, b] = pieces[next];
        line.push(if key(a) == key(end) { b } else { a });
    }
}

/// Whether more of the cells beside a line are inside at its left than at its right.
fn is_left(line: &Line, frame: &ThermalFrame, mounting: Mounting, isotherm: Isotherm) -> bool {
    let shown = mounting.shown(frame.size);
    let inside = |x: f32, y: f32| {
        let (x, y) = ((x as usize).min(shown.cols() - 1), (y as usize).min(shown.rows() - 1));
        frame.seen(mounting.cell_at(frame.size, x, y)).is_some_and(|celsius| isotherm.holds(celsius))
    };
    let votes = line.windows(2).map(|pair| {
        let [(ax, ay), (bx, by)] = [pair[0], pair[1]];
        let (dx, dy) = (bx - ax, by - ay);
        let length = dx.hypot(dy).max(f32::EPSILON);
        let (nx, ny) = (dy / length * 0.5, -dx / length * 0.5);
        let (x, y) = (f32::midpoint(ax, bx), f32::midpoint(ay, by));
        i32::from(inside(x + nx, y + ny)) - i32::from(inside(x - nx, y - ny))
    });
    votes.sum::<i32>() >= 0
}
