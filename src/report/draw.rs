//! From a chart as data to a drawing: panels one below the other over one axis of time.
//!
//! Invariant: a line is broken where nothing was heard; a series is known by its name and its marks, not by hue alone.

use jiff::Timestamp;

use crate::model::history::Point;
use crate::report::chart;
use crate::report::drawing::{At, Drawing, Side};
use crate::report::ink::{self, Ink};
use crate::report::letters::{Face, fitted, width_of};
use crate::report::spec::{ChartSpec, Limit, Line, Panel};
use crate::report::words;

/// Width of a chart.
const WIDTH: i32 = 1800;
const LEFT: i32 = 150;
const RIGHT: i32 = 1720;
/// Height of title and note.
const HEAD: i32 = 130;
/// Height above the first panel without them.
const BARE: i32 = 20;
/// Height of a panel's legend line.
const LEGEND: i32 = 54;
/// Height of what a panel shows.
const TALL: i32 = 400;
/// From one panel to the next.
const APART: i32 = 40;
/// Height of the times below the last panel.
const FOOT: i32 = 80;
const TITLE: i32 = 34;
const SMALL: i32 = 22;
/// From one mark of a series to the next.
const MARK_APART: i32 = 140;

/// A place for values and times.
struct Area<'a> {
    spec: &'a ChartSpec,
    panel: &'a Panel,
    top: i32,
}

/// Draws a chart with its title and its note.
#[must_use]
pub fn chart(spec: &ChartSpec) -> Drawing {
    let (mut out, wide) = (panels(spec, HEAD), RIGHT - 40);
    let (title, note) = (fitted(&spec.title, Face::Strong, TITLE, wide), fitted(&spec.note, Face::Plain, SMALL, wide));
    out.text((40, 56), Side::Right, title, Face::Strong, TITLE, ink::TEXT);
    out.text((40, 98), Side::Right, note, Face::Plain, SMALL, ink::FAINT);
    out
}

/// Draws a chart for a page that tells its title and its note itself.
#[must_use]
pub fn bare(spec: &ChartSpec) -> Drawing {
    panels(spec, BARE)
}

fn panels(spec: &ChartSpec, head: i32) -> Drawing {
    let n = spec.panels.len().max(1) as i32;
    let each = LEGEND + TALL + APART;
    let mut out = Drawing::new(WIDTH as u32, (head + each * n + FOOT) as u32);
    let mut series = 0;
    for (i, panel) in spec.panels.iter().enumerate() {
        let top = head + each * i as i32 + LEGEND;
        let area = Area { spec, panel, top };
        area.ground(&mut out);
        area.limits(&mut out);
        legend(&mut out, panel, top, series);
        for line in &panel.lines {
            area.line(&mut out, line, series);
            series += 1;
        }
        area.marks(&mut out);
        if panel.lines.iter().all(|line| line.points.is_empty()) {
            let middle = (i32::midpoint(LEFT, RIGHT), top + TALL / 2);
            out.text(middle, Side::Middle, "Nothing was recorded in this time", Face::Plain, SMALL + 4, ink::FAINT);
        }
    }
    out
}

/// Names of the lines above a panel, each behind a sample of it.
fn legend(out: &mut Drawing, panel: &Panel, top: i32, first: usize) {
    let (mut x, y) = (LEFT, top - 22);
    let share = (RIGHT - LEFT) / panel.lines.len().max(1) as i32;
    for (i, line) in panel.lines.iter().enumerate() {
        let colour = ink::series(first + i);
        out.path(vec![(x, y - 8), (x + 48, y - 8)], colour, 4);
        mark(out, (x + 24, y - 8), first + i, colour);
        let name = fitted(&line.name, Face::Plain, SMALL, share - 90);
        out.text((x + 60, y), Side::Right, name.as_str(), Face::Plain, SMALL, ink::TEXT);
        x += 60 + width_of(&name, Face::Plain, SMALL) + 48;
    }
}

/// The mark of a series: disc, square, triangle, ring, diamond, cross.
fn mark(out: &mut Drawing, (x, y): At, series: usize, colour: Ink) {
    const R: i32 = 8;
    use crate::report::drawing::Mark;
    match series % ink::SERIES.len() {
        0 => out.marks.push(Mark::Disc { centre: (x, y), radius: R, ink: colour }),
        1 => out.rect((x - R, y - R), (x + R, y + R), colour, 1.0),
        2 => out.fill(vec![(x, y - R - 1), (x + R + 1, y + R), (x - R - 1, y + R)], colour, 1.0),
        3 => out.marks.push(Mark::Ring { centre: (x, y), radius: R, ink: colour, width: 3 }),
        4 => out.fill(vec![(x, y - R - 2), (x + R + 2, y), (x, y + R + 2), (x - R - 2, y)], colour, 1.0),
        _ => {
            out.path(vec![(x - R, y - R), (x + R, y + R)], colour, 4);
            out.path(vec![(x - R, y + R), (x + R, y - R)], colour, 4);
        }
    }
}

impl Area<'_> {
    const fn bottom(&self) -> i32 {
        self.top + TALL
    }

    fn x(&self, at_ms: i64) -> i32 {
        let (from, to) = self.spec.span_ms();
        let share = (at_ms - from) as f64 / (to - from) as f64;
        LEFT + (share.clamp(0.0, 1.0) * f64::from(RIGHT - LEFT)).round() as i32
    }

    fn y(&self, value: f64) -> i32 {
        self.bottom() - (self.panel.axis.share(value).clamp(0.0, 1.0) * f64::from(TALL)).round() as i32
    }

    /// Times of alarms, grid, figures beside and times below.
    fn ground(&self, out: &mut Drawing) {
        for shade in &self.spec.shades {
            let (left, right) = (self.x(shade.from_ms), self.x(shade.to_ms).max(self.x(shade.from_ms) + 2));
            let colour = ink::level(shade.level);
            out.rect((left, self.top), (right, self.bottom()), colour, 0.10);
            out.rect((left, self.top), (right, self.top + 8), colour, 1.0);
            let name = fitted(&shade.name, Face::Plain, SMALL - 2, RIGHT - left - 12);
            out.text((left + 6, self.top + 32), Side::Right, name, Face::Plain, SMALL - 2, colour);
        }
        let ticks = chart::value_ticks(self.panel.axis, 6);
        for value in &ticks.at {
            let y = self.y(*value);
            out.path(vec![(LEFT, y), (RIGHT, y)], ink::GRID, 2);
            let figure = minus(&format!("{value:.*}", ticks.decimals));
            out.text((LEFT - 16, y + 8), Side::Left, figure, Face::Mono, SMALL, ink::FAINT);
        }
        out.text((LEFT - 16, self.top - 22), Side::Left, self.panel.unit.as_str(), Face::Plain, SMALL, ink::FAINT);
        let (from, to) = self.spec.span_ms();
        let times = chart::time_ticks(from, to, 8, |at| self.spec.offset_ms(at));
        for at in &times.at {
            let x = self.x(*at);
            out.path(vec![(x, self.bottom()), (x, self.bottom() + 10)], ink::EDGE, 2);
            let zoned = Timestamp::from_millisecond(*at).unwrap_or_default().to_zoned(self.spec.zone.clone());
            let time = zoned.strftime(times.pattern()).to_string();
            out.text((x, self.bottom() + 36), Side::Middle, time, Face::Mono, SMALL, ink::FAINT);
        }
        out.path(vec![(LEFT, self.top), (LEFT, self.bottom()), (RIGHT, self.bottom())], ink::EDGE, 2);
    }

    fn limits(&self, out: &mut Drawing) {
        for Limit { value, level, name } in &self.panel.limits {
            let (y, colour) = (self.y(*value), ink::level(*level));
            out.dashes((LEFT, y), (RIGHT, y), colour, 3);
            out.text((LEFT + 10, y - 8), Side::Right, name.as_str(), Face::Plain, SMALL, colour);
        }
    }

    fn line(&self, out: &mut Drawing, line: &Line, series: usize) {
        let colour = ink::series(series);
        for run in chart::runs(&line.points) {
            let points = line.points.get(run).unwrap_or_default();
            let upper = points.iter().map(|point| (self.x(point.at_ms), self.y(f64::from(point.max))));
            let lower = points.iter().rev().map(|point| (self.x(point.at_ms), self.y(f64::from(point.min))));
            if points.len() > 1 && points.iter().any(|point| point.min < point.max) {
                out.fill(upper.chain(lower).collect(), colour, 0.18);
            }
            let means: Vec<At> = points.iter().map(|point| self.mean(point)).collect();
            self.line_marks(out, &means, series);
            out.path(means, colour, 4);
        }
    }

    fn mean(&self, point: &Point) -> At {
        (self.x(point.at_ms), self.y(f64::from(point.mean)))
    }

    /// Marks along a line, the first point's among them.
    fn line_marks(&self, out: &mut Drawing, means: &[At], series: usize) {
        let mut next = i32::MIN;
        for at in means {
            if at.0 >= next {
                mark(out, *at, series, ink::series(series));
                next = at.0 + MARK_APART;
            }
        }
    }

    /// Moments, upright, each with its words.
    fn marks(&self, out: &mut Drawing) {
        let (from, to) = self.spec.span_ms();
        for (i, mark) in self.spec.marks.iter().filter(|mark| (from..=to).contains(&mark.at_ms)).enumerate() {
            let x = self.x(mark.at_ms);
            out.dashes((x, self.top), (x, self.bottom()), ink::TEXT, 2);
            let wide = width_of(&mark.name, Face::Plain, SMALL);
            let (at, side) = if x + 10 + wide > RIGHT { (x - 10, Side::Left) } else { (x + 10, Side::Right) };
            let y = self.bottom() - 14 - 28 * (i % 4) as i32;
            out.text((at, y), side, mark.name.as_str(), Face::Plain, SMALL, ink::TEXT);
        }
    }
}

/// A figure with its typographic minus.
fn minus(figure: &str) -> String {
    figure.replace('-', "\u{2212}")
}

/// The note of a chart: its span and the resolution of what is behind it.
#[must_use]
pub fn note(spec: &ChartSpec, more: &str) -> String {
    let (from, to) = (words::time(spec.from, &spec.zone), words::time(spec.to, &spec.zone));
    if more.is_empty() { format!("{from} to {to}") } else { format!("{from} to {to} \u{b7} {more}") }
}
