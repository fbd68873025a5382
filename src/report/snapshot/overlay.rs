//! What lies over the picture of a snapshot: regions with their labels, masks, the isotherm, the extremes.
//!
//! Invariant: every line has a dark halo, so that it is seen on every palette.

use crate::heat::contour;
use crate::model::thermal::meters::Reading;
use crate::model::thermal::region::{Cell, Point, Region, Shape};
use crate::report::drawing::{At, Drawing, Mark};
use crate::report::heat::Picture;
use crate::report::ink;
use crate::report::words;
use crate::units::grid::Patch;
use crate::units::temperature::Scale;

const LINE: u32 = 4;
const HALO: u32 = 8;
/// Half the length of a spot's arm.
const ARM: i32 = 22;

/// Draws all of it.
pub(super) fn draw(
    out: &mut Drawing,
    picture: &Picture<'_>,
    regions: &[(Region, Option<Reading>)],
    isotherm: Option<f32>,
    scale: Scale,
) {
    let frame = picture.frame;
    picture.hatch(out, (0..frame.size.cells()).filter(|&cell| frame.is_masked(cell)), false);
    if let Some(celsius) = isotherm {
        outline(out, picture, celsius);
    }
    for (region, _) in regions {
        shape(out, picture, &region.shape);
    }
    if let Some(e) = frame.extremes {
        picture.cross(out, e.min_at as usize, &format!("min {}", words::degrees(e.min, scale)));
        picture.cross(out, e.max_at as usize, &format!("max {}", words::degrees(e.max, scale)));
    }
    for (region, reading) in regions {
        let words = match reading {
            _ if region.mask => format!("{} mask", region.id),
            Some(reading) => format!("{} {}", region.id, words::degrees(reading.max, scale)),
            None => format!("{} \u{2013}", region.id),
        };
        picture.tag(out, anchor(picture, &region.shape), &words);
    }
}

/// The lines of a shape.
fn shape(out: &mut Drawing, picture: &Picture<'_>, shape: &Shape) {
    match shape {
        Shape::Spot(cell) => {
            let (x, y) = picture.place(centre(*cell));
            for (colour, width) in [(ink::HALO, HALO), (ink::MARK, LINE)] {
                for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
                    out.path(vec![(x + dx * 8, y + dy * 8), (x + dx * ARM, y + dy * ARM)], colour, width);
                }
            }
        }
        Shape::Box(patch) => haloed(out, closed(box_corners(*patch).map(|point| picture.place(point)).to_vec())),
        Shape::Circle { centre, radius } => {
            let radius = (radius * picture.cell as f32).round() as i32;
            for (colour, width) in [(ink::HALO, HALO), (ink::MARK, LINE)] {
                out.marks.push(Mark::Ring { centre: picture.place(*centre), radius, ink: colour, width });
            }
        }
        Shape::Polygon(corners) => {
            haloed(out, closed(corners.iter().map(|corner| picture.place(*corner)).collect()));
        }
        Shape::Line { from, to } => {
            haloed(out, vec![picture.place(centre(*from)), picture.place(centre(*to))]);
        }
    }
}

fn haloed(out: &mut Drawing, points: Vec<At>) {
    out.path(points.clone(), ink::HALO, HALO);
    out.path(points, ink::MARK, LINE);
}

/// A line that ends where it began.
fn closed(mut points: Vec<At>) -> Vec<At> {
    points.extend_from_within(..points.len().min(1));
    points
}

fn centre(cell: Cell) -> Point {
    Point { x: f32::from(cell.col) + 0.5, y: f32::from(cell.row) + 0.5 }
}

fn box_corners(Patch { top, left, bottom, right }: Patch) -> [Point; 4] {
    let (top, left) = (f32::from(top), f32::from(left));
    let (bottom, right) = (f32::from(bottom) + 1.0, f32::from(right) + 1.0);
    [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point { x, y })
}

/// Where a shape's label begins: above its uppermost left end as shown.
fn anchor(picture: &Picture<'_>, shape: &Shape) -> At {
    let places: Vec<At> = match shape {
        Shape::Spot(cell) => {
            let (x, y) = picture.place(centre(*cell));
            return (x + 10, y - 10);
        }
        Shape::Box(patch) => box_corners(*patch).map(|point| picture.place(point)).to_vec(),
        Shape::Circle { centre, radius } => {
            let ((x, y), radius) = (picture.place(*centre), (radius * picture.cell as f32).round() as i32);
            vec![(x - radius, y - radius)]
        }
        Shape::Polygon(corners) => corners.iter().map(|corner| picture.place(*corner)).collect(),
        Shape::Line { from, to } => [from, to].map(|cell| picture.place(centre(*cell))).to_vec(),
    };
    let left = places.iter().map(|place| place.0).min().unwrap_or(picture.at.0);
    let top = places.iter().map(|place| place.1).min().unwrap_or(picture.at.1);
    (left, top - 6)
}

/// The isotherm: the line along one temperature, between the centres of cells.
fn outline(out: &mut Drawing, picture: &Picture<'_>, celsius: f32) {
    let mut segments = Vec::new();
    contour::trace(picture.frame, picture.mounting, celsius, &mut segments);
    let length = picture.cell as f32;
    let at =
        |(x, y): (f32, f32)| (picture.at.0 + (x * length).round() as i32, picture.at.1 + (y * length).round() as i32);
    for (colour, width) in [(ink::HALO, HALO - 2), (ink::MARK, 2)] {
        segments.iter().for_each(|segment| out.path(segment.map(at).to_vec(), colour, width));
    }
}
