//! Marks over a picture: outlines of regions with a halo, spots, knobs, handles, the coldest cell, the keyboard's cell.
//!
//! Invariant: everything reads on every palette: a light line in a dark one.

use egui::{Color32, Painter, Pos2, Rect, Shape as Drawing, Stroke, Vec2, pos2, vec2};

use crate::model::thermal::region::{Cell, Point, Region, Shape};
use crate::ui::panels::thermal::inspect::place::Place;
use crate::ui::panels::thermal::inspect::shapes;
use crate::ui::theme::{over_heat, size, stroke};

/// Arms of a spot's cross: from, to, in points from its middle.
const SPOT_ARM: [f32; 2] = [4.5, 15.0];
/// Ring in the middle of a spot.
const SPOT_RING: f32 = 1.5;
/// An arm of a spot's cross in a small picture.
const SMALL_ARM: f32 = 4.0;
/// Knobs at the ends of a line.
const KNOB: f32 = 3.5;

/// Draws a region.
pub fn region(painter: &Painter, place: Place, region: &Region, ink: Color32) {
    if region.mask {
        hatched(painter, place, &region.shape);
    }
    match &region.shape {
        Shape::Spot(cell) => spot(painter, place.of_cell(*cell).center(), ink),
        Shape::Box(patch) => {
            let rect = place.patch(*patch);
            let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
            path(painter, &corners, true, ink);
        }
        Shape::Circle { centre, radius } => {
            let (at, radius) = (place.on_screen(*centre), radius * place.cell());
            painter.circle_stroke(at, radius, Stroke::new(stroke::HALO, over_heat::HALO));
            painter.circle_stroke(at, radius, Stroke::new(stroke::MARK, ink));
        }
        Shape::Polygon(corners) => path(painter, &on_screen(place, corners), true, ink),
        Shape::Line { from, to } => {
            let ends = [*from, *to].map(|cell| place.of_cell(cell).center());
            path(painter, &ends, false, ink);
            ends.into_iter().for_each(|at| knob(painter, at));
        }
    }
}

/// Draws a region of a small picture: thin, without what the hand takes hold of.
pub fn small(painter: &Painter, place: Place, region: &Region) {
    if region.mask {
        hatched(painter, place, &region.shape);
        return;
    }
    let lines = |points: &[Pos2], closed: bool| {
        let mut points = points.to_vec();
        points.extend(points.first().copied().filter(|_| closed));
        for (width, color) in [(stroke::SMALL_HALO, over_heat::HALO), (stroke::HAIR, over_heat::MARK)] {
            painter.add(Drawing::line(points.clone(), Stroke::new(width, color)));
        }
    };
    match &region.shape {
        Shape::Spot(cell) => {
            let at = place.of_cell(*cell).center();
            for arm in [vec2(SMALL_ARM, 0.0), vec2(0.0, SMALL_ARM)] {
                lines(&[at - arm, at + arm], false);
            }
        }
        Shape::Box(patch) => {
            let rect = place.patch(*patch);
            lines(&[rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()], true);
        }
        Shape::Circle { centre, radius } => {
            let (at, radius) = (place.on_screen(*centre), radius * place.cell());
            painter.circle_stroke(at, radius, Stroke::new(stroke::SMALL_HALO, over_heat::HALO));
            painter.circle_stroke(at, radius, Stroke::new(stroke::HAIR, over_heat::MARK));
        }
        Shape::Polygon(corners) => lines(&on_screen(place, corners), true),
        Shape::Line { from, to } => lines(&[*from, *to].map(|cell| place.of_cell(cell).center()), false),
    }
}

fn on_screen(place: Place, corners: &[Point]) -> Vec<Pos2> {
    corners.iter().map(|corner| place.on_screen(*corner)).collect()
}

/// Corners of a polygon so far, and the way to the next one.
pub fn begun(painter: &Painter, place: Place, corners: &[Point], next: Option<Point>) {
    let mut points = on_screen(place, corners);
    points.extend(next.map(|next| place.on_screen(next)));
    path(painter, &points, false, over_heat::CHOSEN);
    points.into_iter().for_each(|at| knob(painter, at));
}

fn path(painter: &Painter, points: &[Pos2], closed: bool, ink: Color32) {
    for line in [Stroke::new(stroke::HALO, over_heat::HALO), Stroke::new(stroke::MARK, ink)] {
        let points = points.to_vec();
        painter.add(if closed { Drawing::closed_line(points, line) } else { Drawing::line(points, line) });
    }
}

fn spot(painter: &Painter, at: Pos2, ink: Color32) {
    let [near, far] = SPOT_ARM;
    for (width, color) in [(stroke::HALO, over_heat::HALO), (stroke::MARK, ink)] {
        let more = (width - stroke::MARK) / 2.0;
        for arm in [vec2(1.0, 0.0), vec2(-1.0, 0.0), vec2(0.0, 1.0), vec2(0.0, -1.0)] {
            painter.line_segment([at + arm * (near - more), at + arm * (far + more)], Stroke::new(width, color));
        }
        painter.circle_filled(at, SPOT_RING + more, color);
    }
}

fn knob(painter: &Painter, at: Pos2) {
    painter.circle_filled(at, KNOB + 1.25, over_heat::HALO);
    painter.circle_filled(at, KNOB, over_heat::MARK);
}

/// Draws the handles of the selected region.
pub fn handles(painter: &Painter, place: Place, shape: &Shape) {
    for handle in shapes::handles(shape) {
        let rect = Rect::from_center_size(place.on_screen(handle), Vec2::splat(size::HANDLE));
        painter.rect_filled(rect.expand(1.25), 0.0, over_heat::HALO);
        painter.rect_filled(rect, 0.0, over_heat::MARK);
    }
}

/// Hatches the cells of a mask: what is not looked at.
fn hatched(painter: &Painter, place: Place, shape: &Shape) {
    let (near, far) = shapes::bounds(shape);
    let (first, last) = (shapes::cell_of(near, place.size), shapes::cell_of(far, place.size));
    let cells = (first.row..=last.row).flat_map(|row| (first.col..=last.col).map(move |col| Cell { row, col }));
    for cell in cells.filter(|cell| shapes::covers(shape, *cell)) {
        let rect = place.of_cell(cell);
        let half = rect.size() / 2.0;
        let lines = [
            [rect.left_bottom(), rect.right_top()],
            [rect.left_top() + vec2(0.0, half.y), rect.left_top() + vec2(half.x, 0.0)],
            [rect.left_bottom() + vec2(half.x, 0.0), rect.right_bottom() - vec2(0.0, half.y)],
        ];
        painter.rect_filled(rect, 0.0, over_heat::DEAD);
        lines.into_iter().for_each(|line| {
            painter.line_segment(line, Stroke::new(stroke::HAIR, over_heat::DEAD_LINE));
        });
    }
}

/// Marks the coldest cell: an open triangle that points down.
pub fn coldest(painter: &Painter, at: Pos2) {
    let r = size::CROSS / 3.0;
    let corners = [at + vec2(-r, -r * 0.7), at + vec2(r, -r * 0.7), at + vec2(0.0, r * 0.9)];
    path(painter, &corners, true, over_heat::MARK);
}

/// Marks the cell where the keyboard is.
pub fn cursor(painter: &Painter, rect: Rect) {
    let rect = rect.expand(1.0);
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
    path(painter, &corners, true, over_heat::MARK);
    let reach = size::CROSS / 2.0;
    for way in [vec2(1.0, 0.0), vec2(-1.0, 0.0), vec2(0.0, 1.0), vec2(0.0, -1.0)] {
        let edge = pos2(rect.center().x + way.x * rect.width() / 2.0, rect.center().y + way.y * rect.height() / 2.0);
        path(painter, &[edge, edge + way * reach], false, over_heat::MARK);
    }
}
