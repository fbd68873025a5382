//! What a chart shows: series by unit, limits, times of alarms, marks. Plain data, drawn by [`crate::report::draw`].

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::alarms::rule::Level;
use crate::model::history::Point;
use crate::report::chart::{self, Axis};

/// A line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its points in the unit shown, ascending by time.
    pub points: Vec<Point>,
}

/// A dashed line across a panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Where, in the unit shown.
    pub value: f64,
    /// How bad it is to reach it.
    pub level: Level,
    /// What it is called.
    pub name: String,
}

/// The time of an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shade {
    /// When it begins, ms since 1970.
    pub from_ms: i64,
    /// When it ends.
    pub to_ms: i64,
    /// How bad it was.
    pub level: Level,
    /// What it was.
    pub name: String,
}

/// A moment that is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When, ms since 1970.
    pub at_ms: i64,
    /// What it is.
    pub name: String,
}

/// The series of one unit, over one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// The unit; empty for none.
    pub unit: String,
    /// The values from bottom to top.
    pub axis: Axis,
    /// Lines.
    pub lines: Vec<Line>,
    /// Limits.
    pub limits: Vec<Limit>,
}

impl Panel {
    /// A panel around all values of its lines, and those limits that are not far away from them.
    #[must_use]
    pub fn new(unit: impl Into<String>, lines: Vec<Line>, limits: Vec<Limit>) -> Self {
        let ends = |point: &Point| [f64::from(point.min), f64::from(point.max)];
        let values: Vec<f64> = lines.iter().flat_map(|line| &line.points).flat_map(ends).collect();
        let reach =
            chart::bounds(values.iter().copied()).map_or(f64::INFINITY, |(low, high)| (high - low).max(10.0) * 3.0);
        let near = |limit: &&Limit| values.iter().any(|value| (value - limit.value).abs() <= reach);
        let seen: Vec<f64> =
            limits.iter().filter(near).map(|limit| limit.value).chain(values.iter().copied()).collect();
        let axis = Axis::around(seen.into_iter(), 1.0).unwrap_or_else(|| Axis::new(0.0, 1.0, 1.0));
        let inside = |limit: &Limit| (axis.low()..=axis.high()).contains(&limit.value);
        Self { unit: unit.into(), axis, lines, limits: limits.into_iter().filter(inside).collect() }
    }
}

/// A chart: panels over one span of time.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartSpec {
    /// What it is.
    pub title: String,
    /// What else is to be known; may be empty.
    pub note: String,
    /// From then on.
    pub from: Timestamp,
    /// Up to then, later.
    pub to: Timestamp,
    /// Where people read the time.
    pub zone: TimeZone,
    /// One for each unit.
    pub panels: Vec<Panel>,
    /// Times of alarms.
    pub shades: Vec<Shade>,
    /// Moments.
    pub marks: Vec<Mark>,
}

impl ChartSpec {
    /// Begin and end, ms since 1970; the end is at least 1 ms later.
    #[must_use]
    pub fn span_ms(&self) -> (i64, i64) {
        let from = self.from.as_millisecond();
        (from, self.to.as_millisecond().max(from + 1))
    }

    /// How far people's time is from universal time at a time, ms.
    #[must_use]
    pub fn offset_ms(&self, at_ms: i64) -> i64 {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
        i64::from(self.zone.to_offset(at).seconds()) * 1000
    }

    /// Whether there is no point at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.panels.iter().flat_map(|panel| &panel.lines).all(|line| line.points.is_empty())
    }

    /// Its length.
    #[must_use]
    pub fn length(&self) -> SignedDuration {
        self.to.duration_since(self.from)
    }
}
