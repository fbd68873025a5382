//! Shapes of regions under the hand: made from corners, moved, grown, taken by a handle, hit.
//!
//! Invariant: everything is in cells of the sensor, and what comes out lies within the array.

use crate::model::thermal::region::{Cell, MAX_CORNERS, Point, Region, RegionId, Shape};
use crate::ui::panels::thermal::inspect::state::Tool;
use crate::units::grid::{Patch, Size};

/// The smallest radius of a circle, in cells: its own cell.
const LEAST_RADIUS: f32 = 0.5;

/// The cell around a place; beyond the border, the nearest.
#[must_use]
pub fn cell_of(at: Point, size: Size) -> Cell {
    let clamp = |v: f32, n: usize| (v.floor().max(0.0) as usize).min(n.saturating_sub(1)) as u16;
    Cell { row: clamp(at.y, size.rows()), col: clamp(at.x, size.cols()) }
}

/// The middle of a cell.
#[must_use]
pub fn centre(cell: Cell) -> Point {
    Point { x: f32::from(cell.col) + 0.5, y: f32::from(cell.row) + 0.5 }
}

/// What a tool makes of these corners; `None` while they are too few or say nothing yet.
#[must_use]
pub fn made(tool: Tool, corners: &[Point], size: Size) -> Option<Shape> {
    let (first, last) = (*corners.first()?, *corners.last()?);
    let (from, to) = (cell_of(first, size), cell_of(last, size));
    match tool {
        Tool::Hand => None,
        Tool::Spot => Some(Shape::Spot(to)),
        Tool::Box | Tool::Mask => Some(Shape::Box(patch(from, to))),
        Tool::Circle => {
            let centre = Point { x: to_half(first.x), y: to_half(first.y) };
            Some(Shape::Circle { centre, radius: quarter(apart(centre, last)).max(LEAST_RADIUS) })
        }
        Tool::Line => (from != to).then_some(Shape::Line { from, to }),
        Tool::Polygon => {
            let corners: Vec<_> = corners.iter().map(|p| Point { x: quarter(p.x), y: quarter(p.y) }).collect();
            (3..=MAX_CORNERS).contains(&corners.len()).then_some(Shape::Polygon(corners))
        }
    }
}

fn patch(a: Cell, b: Cell) -> Patch {
    Patch { top: a.row.min(b.row), left: a.col.min(b.col), bottom: a.row.max(b.row), right: a.col.max(b.col) }
}

fn quarter(v: f32) -> f32 {
    (v * 4.0).round() / 4.0
}

fn to_half(v: f32) -> f32 {
    (v * 2.0).round() / 2.0
}

fn apart(a: Point, b: Point) -> f32 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// The smallest rectangle around a shape: its top left and bottom right corner.
#[must_use]
pub fn bounds(shape: &Shape) -> (Point, Point) {
    let of_cells = |a: Cell, b: Cell| {
        let p = patch(a, b);
        let near = Point { x: f32::from(p.left), y: f32::from(p.top) };
        (near, Point { x: f32::from(p.right) + 1.0, y: f32::from(p.bottom) + 1.0 })
    };
    match shape {
        Shape::Spot(cell) => of_cells(*cell, *cell),
        Shape::Box(p) => of_cells(Cell { row: p.top, col: p.left }, Cell { row: p.bottom, col: p.right }),
        Shape::Line { from, to } => of_cells(*from, *to),
        Shape::Circle { centre, radius } => {
            (Point { x: centre.x - radius, y: centre.y - radius }, Point { x: centre.x + radius, y: centre.y + radius })
        }
        Shape::Polygon(corners) => {
            let low = |of: fn(&Point) -> f32| corners.iter().map(of).fold(f32::MAX, f32::min);
            let high = |of: fn(&Point) -> f32| corners.iter().map(of).fold(f32::MIN, f32::max);
            (Point { x: low(|p| p.x), y: low(|p| p.y) }, Point { x: high(|p| p.x), y: high(|p| p.y) })
        }
    }
}

/// A shape moved by so many columns and rows, as far as the array goes. Shapes of cells move by whole cells.
#[must_use]
pub fn moved(shape: &Shape, (dx, dy): (f32, f32), size: Size) -> Shape {
    let (near, far) = bounds(shape);
    let within = |by: f32, near: f32, far: f32, n: usize| by.clamp((-near).min(0.0), (n as f32 - far).max(0.0));
    let (dx, dy) = (within(dx, near.x, far.x, size.cols()), within(dy, near.y, far.y, size.rows()));
    let (cols, rows) = (dx.round() as i32, dy.round() as i32);
    let cell = |c: Cell| Cell { row: add(c.row, rows), col: add(c.col, cols) };
    let point = |p: Point, dx: f32, dy: f32| Point { x: p.x + dx, y: p.y + dy };
    match shape {
        Shape::Spot(at) => Shape::Spot(cell(*at)),
        Shape::Line { from, to } => Shape::Line { from: cell(*from), to: cell(*to) },
        Shape::Box(p) => Shape::Box(Patch {
            top: add(p.top, rows),
            left: add(p.left, cols),
            bottom: add(p.bottom, rows),
            right: add(p.right, cols),
        }),
        Shape::Circle { centre, radius } => {
            Shape::Circle { centre: point(*centre, to_half(dx), to_half(dy)), radius: *radius }
        }
        Shape::Polygon(corners) => {
            Shape::Polygon(corners.iter().map(|p| point(*p, quarter(dx), quarter(dy))).collect())
        }
    }
}

fn add(v: u16, by: i32) -> u16 {
    u16::try_from(i32::from(v) + by).unwrap_or(0)
}

fn add_within(v: u16, by: i32, low: u16, high: usize) -> u16 {
    let high = i32::try_from(high).unwrap_or(i32::MAX);
    u16::try_from((i32::from(v) + by).clamp(i32::from(low).min(high), high)).unwrap_or(low)
}

/// A shape whose side towards `toward`, a step of one column or row, is `by` cells further out, or further in.
#[must_use]
pub fn grown(shape: &Shape, toward: (i32, i32), by: i32, size: Size) -> Shape {
    let (cols, rows) = (size.cols().saturating_sub(1), size.rows().saturating_sub(1));
    match shape {
        Shape::Spot(_) => shape.clone(),
        Shape::Box(p) => {
            let mut p = *p;
            match toward {
                (1.., _) => p.right = add_within(p.right, by, p.left, cols),
                (..=-1, _) => p.left = add_within(p.left, -by, 0, usize::from(p.right)),
                (0, 1..) => p.bottom = add_within(p.bottom, by, p.top, rows),
                (0, _) => p.top = add_within(p.top, -by, 0, usize::from(p.bottom)),
            }
            Shape::Box(p)
        }
        Shape::Line { from, to } => {
            let end = Cell {
                row: add_within(to.row, toward.1 * by, 0, rows),
                col: add_within(to.col, toward.0 * by, 0, cols),
            };
            Shape::Line { from: *from, to: if end == *from { *to } else { end } }
        }
        Shape::Circle { centre, radius } => {
            let most = size.cols().max(size.rows()) as f32;
            let radius = (radius + by as f32 * 0.5).clamp(LEAST_RADIUS, most);
            Shape::Circle { centre: *centre, radius }
        }
        Shape::Polygon(corners) => Shape::Polygon(stretched(shape, corners, toward, by as f32, size)),
    }
}

/// The corners of a polygon with its side towards `toward` moved out by `by`, the opposite side held.
fn stretched(shape: &Shape, corners: &[Point], toward: (i32, i32), by: f32, size: Size) -> Vec<Point> {
    let (near, far) = bounds(shape);
    let axis = |v: f32, near: f32, far: f32, way: i32, most: f32| {
        let (length, fixed) = (far - near, if way > 0 { near } else { far });
        if way == 0 || length + by < 1.0 {
            return v;
        }
        (fixed + (v - fixed) * (length + by) / length.max(f32::EPSILON)).clamp(0.0, most)
    };
    let one = |p: &Point| Point {
        x: axis(p.x, near.x, far.x, toward.0, size.cols() as f32),
        y: axis(p.y, near.y, far.y, toward.1, size.rows() as f32),
    };
    corners.iter().map(one).collect()
}

/// The handles of a shape: sides and corners of a box, the ends of a line, the corners of a polygon, four on a circle.
#[must_use]
pub fn handles(shape: &Shape) -> Vec<Point> {
    let (near, far) = bounds(shape);
    let mid = Point { x: (near.x + far.x) / 2.0, y: (near.y + far.y) / 2.0 };
    let at = |x: f32, y: f32| Point { x, y };
    match shape {
        Shape::Spot(_) => Vec::new(),
        Shape::Box(_) => SIDES.iter().map(|&(x, y)| at(side(x, near.x, far.x), side(y, near.y, far.y))).collect(),
        Shape::Line { from, to } => vec![centre(*from), centre(*to)],
        Shape::Circle { .. } => vec![at(far.x, mid.y), at(mid.x, far.y), at(near.x, mid.y), at(mid.x, near.y)],
        Shape::Polygon(corners) => corners.clone(),
    }
}

/// The handles of a box: which side of each axis they are on.
const SIDES: [(i8, i8); 8] = [(-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0)];

fn side(which: i8, near: f32, far: f32) -> f32 {
    match which {
        -1 => near,
        0 => (near + far) / 2.0,
        _ => far,
    }
}

/// A shape with one of its handles at another place.
#[must_use]
pub fn with_handle(shape: &Shape, handle: usize, to: Point, size: Size) -> Shape {
    match shape {
        Shape::Spot(_) => Shape::Spot(cell_of(to, size)),
        Shape::Box(p) => {
            SIDES.get(handle).map_or_else(|| shape.clone(), |sides| Shape::Box(pulled(*p, *sides, to, size)))
        }
        Shape::Line { from, to: end } => {
            let at = cell_of(to, size);
            let (from, end) = if handle == 0 { (at, *end) } else { (*from, at) };
            if from == end { shape.clone() } else { Shape::Line { from, to: end } }
        }
        Shape::Circle { centre, .. } => {
            Shape::Circle { centre: *centre, radius: quarter(apart(*centre, to)).max(LEAST_RADIUS) }
        }
        Shape::Polygon(corners) => {
            let mut corners = corners.clone();
            if let Some(corner) = corners.get_mut(handle) {
                *corner = Point { x: quarter(to.x), y: quarter(to.y) };
            }
            Shape::Polygon(corners)
        }
    }
}

/// A box with one side or corner pulled to a place: it keeps a cell at least.
fn pulled(mut p: Patch, (x, y): (i8, i8), to: Point, size: Size) -> Patch {
    let edge = |v: f32, n: usize| (v.round().max(0.0) as usize).min(n) as u16;
    let (col, row) = (edge(to.x, size.cols()), edge(to.y, size.rows()));
    match x {
        -1 => p.left = col.min(p.right),
        1 => p.right = col.saturating_sub(1).max(p.left),
        _ => {}
    }
    match y {
        -1 => p.top = row.min(p.bottom),
        1 => p.bottom = row.saturating_sub(1).max(p.top),
        _ => {}
    }
    p
}

/// The region at a place, or within `reach` cells of it: the smallest, as large ones can be taken elsewhere.
#[must_use]
pub fn hit(regions: &[Region], at: Point, reach: f32) -> Option<RegionId> {
    let near = regions.iter().filter(|region| distance(&region.shape, at) <= reach);
    let smallest = near.min_by(|a, b| area(&a.shape).total_cmp(&area(&b.shape)))?;
    Some(smallest.id.clone())
}

fn area(shape: &Shape) -> f32 {
    let (near, far) = bounds(shape);
    match shape {
        Shape::Spot(_) | Shape::Line { .. } => 1.0,
        _ => (far.x - near.x) * (far.y - near.y),
    }
}

/// How far a place is from a shape, in cells; 0 inside.
fn distance(shape: &Shape, at: Point) -> f32 {
    match shape {
        Shape::Spot(cell) => (apart(centre(*cell), at) - 0.5).max(0.0),
        Shape::Box(_) => {
            let (near, far) = bounds(shape);
            let out = |v: f32, near: f32, far: f32| (near - v).max(v - far).max(0.0);
            out(at.x, near.x, far.x).hypot(out(at.y, near.y, far.y))
        }
        Shape::Circle { centre, radius } => (apart(*centre, at) - radius).max(0.0),
        Shape::Line { from, to } => from_segment(centre(*from), centre(*to), at),
        Shape::Polygon(corners) if is_inside(corners, at) => 0.0,
        Shape::Polygon(corners) => sides(corners).map(|(a, b)| from_segment(a, b, at)).fold(f32::MAX, f32::min),
    }
}

fn sides(corners: &[Point]) -> impl Iterator<Item = (Point, Point)> + '_ {
    corners.iter().zip(corners.iter().cycle().skip(1)).map(|(a, b)| (*a, *b))
}

fn from_segment(a: Point, b: Point, at: Point) -> f32 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let along = ((at.x - a.x) * dx + (at.y - a.y) * dy) / (dx * dx + dy * dy).max(f32::EPSILON);
    let along = along.clamp(0.0, 1.0);
    apart(Point { x: a.x + along * dx, y: a.y + along * dy }, at)
}

/// Whether a place is inside a polygon, even-odd.
fn is_inside(corners: &[Point], at: Point) -> bool {
    let crosses =
        |(a, b): &(Point, Point)| (a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x;
    sides(corners).filter(crosses).count() % 2 == 1
}

/// The cells that a shape measures, as far as they lie within the array: of a line those at its ends.
pub fn cells(shape: &Shape, size: Size) -> impl Iterator<Item = Cell> {
    let (near, far) = bounds(shape);
    let (first, last) = (cell_of(near, size), cell_of(far, size));
    let all = (first.row..=last.row).flat_map(move |row| (first.col..=last.col).map(move |col| Cell { row, col }));
    all.filter(move |cell| match shape {
        Shape::Spot(at) => at == cell,
        Shape::Line { from, to } => from == cell || to == cell,
        area => covers(area, *cell),
    })
}

/// Whether a cell belongs to an area: its middle lies in it. Spots and lines are no areas.
#[must_use]
pub fn covers(shape: &Shape, cell: Cell) -> bool {
    !matches!(shape, Shape::Spot(_) | Shape::Line { .. }) && distance(shape, centre(cell)) <= 0.0
}
