//! Spark lines and trends: a line over time, spikes kept.

use egui::{Color32, Mesh, Painter, Pos2, Rect, Shape, Stroke, pos2};

use crate::units::moment::Moment;

/// Share of the series colour that fills the ground under a trend.
const FILL: f32 = 0.12;

/// Lowest and highest value of a series, widened to at least `least`.
#[must_use]
pub fn bounds(series: &[(Moment, f64)], least: f64) -> Option<(f64, f64)> {
    let finite = series.iter().map(|(_, value)| *value).filter(|value| value.is_finite());
    let (low, high) = finite.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
    if low > high {
        return None;
    }
    let missing = (least - (high - low)).max(0.0) / 2.0;
    Some((low - missing, high + missing))
}

/// The points of a series in a rectangle: at most two for each point of width, lowest and highest, so spikes survive.
#[must_use]
pub fn points(series: &[(Moment, f64)], rect: Rect, bounds: (f64, f64)) -> Vec<Pos2> {
    let (Some(first), Some(last)) = (series.first(), series.last()) else { return Vec::new() };
    let span = last.0.since(first.0).as_secs_f64().max(1e-9);
    let height = (bounds.1 - bounds.0).max(1e-9);
    let place = |(at, value): &(Moment, f64)| {
        let x = rect.left() + (at.since(first.0).as_secs_f64() / span) as f32 * rect.width();
        pos2(x, rect.bottom() - ((value - bounds.0) / height) as f32 * rect.height())
    };
    let mut out: Vec<Pos2> = Vec::with_capacity(series.len().min(2 * rect.width() as usize + 2));
    let mut column: Option<(i32, Pos2, Pos2)> = None;
    for point in series.iter().filter(|(_, value)| value.is_finite()).map(place) {
        let x = point.x as i32;
        match &mut column {
            Some((known, low, high)) if *known == x => {
                if point.y > low.y {
                    *low = point;
                }
                if point.y < high.y {
                    *high = point;
                }
            }
            _ => push(&mut out, column.replace((x, point, point))),
        }
    }
    push(&mut out, column);
    out
}

fn push(out: &mut Vec<Pos2>, column: Option<(i32, Pos2, Pos2)>) {
    if let Some((_, low, high)) = column {
        // In the order of time, or the ground under the line would be painted twice.
        let (first, second) = if low.x <= high.x { (low, high) } else { (high, low) };
        out.push(first);
        if low.y > high.y {
            out.push(second);
        }
    }
}

/// Paints a spark line: no axes, no fill.
pub fn line(painter: &Painter, rect: Rect, series: &[(Moment, f64)], least: f64, stroke: Stroke) {
    if let Some(bounds) = bounds(series, least) {
        painter.add(Shape::line(points(series, rect, bounds), stroke));
    }
}

/// Paints a trend: a line with its ground filled, and a dot at its newest value.
pub fn trend(painter: &Painter, rect: Rect, series: &[(Moment, f64)], least: f64, stroke: Stroke) {
    let Some(bounds) = bounds(series, least) else { return };
    let points = points(series, rect, bounds);
    fill(painter, &points, rect.bottom(), stroke.color);
    let newest = points.last().copied();
    painter.add(Shape::line(points, stroke));
    if let Some(newest) = newest {
        painter.circle_filled(newest, 2.0 * stroke.width, stroke.color);
    }
}

/// Fills the ground under a line with its colour.
pub fn fill(painter: &Painter, points: &[Pos2], bottom: f32, color: Color32) {
    painter.add(Shape::mesh(ground(points, bottom, color.gamma_multiply(FILL))));
}

fn ground(points: &[Pos2], bottom: f32, color: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    for (i, point) in points.iter().enumerate() {
        mesh.colored_vertex(*point, color);
        mesh.colored_vertex(pos2(point.x, bottom), color);
        if i > 0 {
            let i = 2 * i as u32;
            mesh.add_triangle(i - 2, i - 1, i);
            mesh.add_triangle(i - 1, i, i + 1);
        }
    }
    mesh
}
