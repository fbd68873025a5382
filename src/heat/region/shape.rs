//! The cells of a shape.
//!
//! Invariant: every cell found lies in the picture, and is found once; those of a line in the line's own order, all others
//! row by row.

use crate::model::thermal::region::{Cell, Point, Shape};
use crate::units::grid::{Patch, Size};

/// The cells of `shape` that lie in a picture of this size, row-major indices, appended to `out`.
pub(super) fn cells(shape: &Shape, size: Size, out: &mut Vec<u32>) {
    match shape {
        Shape::Spot(cell) => out.extend(index(size, i64::from(cell.row), i64::from(cell.col))),
        Shape::Box(patch) => boxed(*patch, size, out),
        Shape::Circle { centre, radius } => circle(*centre, *radius, size, out),
        Shape::Polygon(corners) => polygon(corners, size, out),
        Shape::Line { from, to } => line(*from, *to, size, out),
    }
}

fn index(size: Size, row: i64, col: i64) -> Option<u32> {
    let row = usize::try_from(row).ok().filter(|&row| row < size.rows())?;
    let col = usize::try_from(col).ok().filter(|&col| col < size.cols())?;
    Some((row * size.cols() + col) as u32)
}

fn boxed(Patch { top, left, bottom, right }: Patch, size: Size, out: &mut Vec<u32>) {
    let end = |last: u16, n: usize| (usize::from(last) + 1).min(n);
    for row in usize::from(top)..end(bottom, size.rows()) {
        let first = row * size.cols();
        out.extend((usize::from(left)..end(right, size.cols())).map(|col| (first + col) as u32));
    }
}

fn circle(centre: Point, radius: f32, size: Size, out: &mut Vec<u32>) {
    let (x, y, square) = (f64::from(centre.x), f64::from(centre.y), f64::from(radius).powi(2));
    for row in 0..size.rows() {
        let dy = row as f64 + 0.5 - y;
        let within = |&col: &usize| (col as f64 + 0.5 - x).powi(2) + dy * dy <= square;
        out.extend((0..size.cols()).filter(within).map(|col| (row * size.cols() + col) as u32));
    }
}

/// Even-odd: a centre is inside if a ray from it to the right crosses the border an odd number of times.
fn polygon(corners: &[Point], size: Size, out: &mut Vec<u32>) {
    let before = corners.iter().cycle().skip(corners.len().saturating_sub(1));
    let edges: Vec<(Point, Point)> = before.zip(corners).map(|(a, b)| (*a, *b)).collect();
    let mut crossings = Vec::new();
    for row in 0..size.rows() {
        let y = row as f64 + 0.5;
        crossings.clear();
        crossings.extend(edges.iter().filter_map(|(a, b)| crossing(*a, *b, y)));
        let inside = |&col: &usize| crossings.iter().filter(|&&x| col as f64 + 0.5 < x).count() % 2 == 1;
        out.extend((0..size.cols()).filter(inside).map(|col| (row * size.cols() + col) as u32));
    }
}

/// Where an edge crosses the line at `y`; an end on the line belongs to what is above it.
fn crossing(a: Point, b: Point, y: f64) -> Option<f64> {
    let (ay, by) = (f64::from(a.y), f64::from(b.y));
    let share = (y - ay) / (by - ay);
    ((ay > y) != (by > y)).then(|| f64::from(a.x) + share * (f64::from(b.x) - f64::from(a.x)))
}

/// J. E. Bresenham, "Algorithm for computer control of a digital plotter" (1965), for all directions.
fn line(from: Cell, to: Cell, size: Size, out: &mut Vec<u32>) {
    let (mut row, mut col) = (i64::from(from.row), i64::from(from.col));
    let (end_row, end_col) = (i64::from(to.row), i64::from(to.col));
    let (d_col, d_row) = ((end_col - col).abs(), -(end_row - row).abs());
    let (step_col, step_row) = ((end_col - col).signum(), (end_row - row).signum());
    let mut error = d_col + d_row;
    loop {
        out.extend(index(size, row, col));
        if (row, col) == (end_row, end_col) {
            return;
        }
        let twice = 2 * error;
        if twice >= d_row {
            error += d_row;
            col += step_col;
        }
        if twice <= d_col {
            error += d_col;
            row += step_row;
        }
    }
}
