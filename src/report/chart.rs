//! The arithmetic of charts: nice ticks for values and times, mapping to shares of an axis, thinning to columns.
//!
//! Invariant: ticks ascend and lie within their axis; mapping is monotone; thinning loses no lowest and no highest value.

use std::ops::Range;

use crate::model::history::Point;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Distances between ticks of time that people read easily, ms.
const TIME_STEPS: [i64; 22] = [
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    5 * DAY,
    10 * DAY,
    20 * DAY,
];
/// A run of points ends where the next one is further away than so many usual distances.
const GAP: i64 = 4;

/// A stretch of an axis of values: finite, and `low` below `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    /// From one value to another, in any order, at least `least` wide around its middle. What is not finite counts as 0.
    #[must_use]
    pub fn new(one: f64, other: f64, least: f64) -> Self {
        const FAR: f64 = 1e300;
        let sane = |value: f64| if value.is_finite() { value.clamp(-FAR, FAR) } else { 0.0 };
        let (one, other) = (sane(one), sane(other));
        let middle = f64::midpoint(one, other);
        // Narrower than this the steps of a tick would be lost in rounding.
        let least = sane(least).max(middle.abs() * 1e-9).max(1e-9);
        let half = ((one - other).abs().max(least)) / 2.0;
        Self { low: middle - half, high: middle + half }
    }

    /// An axis around all values of `points`, with a tenth of air above and below; at least `least` wide.
    #[must_use]
    pub fn around(values: impl Iterator<Item = f64>, least: f64) -> Option<Self> {
        let (low, high) = bounds(values)?;
        let axis = Self::new(low, high, least);
        let air = axis.width() * 0.1;
        Some(Self::new(axis.low - air, axis.high + air, least))
    }

    /// Its lower end.
    #[must_use]
    pub const fn low(self) -> f64 {
        self.low
    }

    /// Its upper end.
    #[must_use]
    pub const fn high(self) -> f64 {
        self.high
    }

    /// Its length.
    #[must_use]
    pub fn width(self) -> f64 {
        self.high - self.low
    }

    /// Where a value lies: 0 at the lower end, 1 at the upper, beyond them outside 0..=1.
    #[must_use]
    pub fn share(self, value: f64) -> f64 {
        (value - self.low) / self.width()
    }

    /// The value at a share of the axis: the reverse of [`Self::share`].
    #[must_use]
    pub fn at(self, share: f64) -> f64 {
        self.low + share * self.width()
    }
}

/// Lowest and highest of the finite values; `None` if there is none.
#[must_use]
pub fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.filter(|value| value.is_finite()).fold(None, |ends, value| {
        let (low, high) = ends.unwrap_or((value, value));
        Some((value.min(low), value.max(high)))
    })
}

/// Ticks of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// Where they are, ascending.
    pub at: Vec<f64>,
    /// How many decimals tell them apart.
    pub decimals: usize,
}

/// At most `most` + 1 ticks, 1, 2 or 5 times a power of ten apart.
#[must_use]
pub fn value_ticks(axis: Axis, most: usize) -> Ticks {
    let raw = axis.width() / most.max(1) as f64;
    let power = raw.log10().floor();
    let unit = 10_f64.powf(power);
    let (factor, power) = match raw / unit {
        f if f <= 1.0 => (1.0, power),
        f if f <= 2.0 => (2.0, power),
        f if f <= 5.0 => (5.0, power),
        _ => (10.0, power + 1.0),
    };
    let step = factor * unit;
    let first = (axis.low / step).ceil();
    let at = (0..=most.max(1) + 1).map(|k| (first + k as f64) * step);
    let at = at.filter(|tick| (axis.low..=axis.high).contains(tick)).take(most.max(1) + 1).collect();
    Ticks { at, decimals: (-power).clamp(0.0, 9.0) as usize }
}

/// Ticks of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeTicks {
    /// Where they are, ms since 1970, ascending.
    pub at: Vec<i64>,
    /// Their distance, ms.
    pub step: i64,
}

impl TimeTicks {
    /// How such a tick is written, as a pattern of `strftime`.
    #[must_use]
    pub const fn pattern(&self) -> &'static str {
        if self.step < MINUTE {
            "%H:%M:%S"
        } else if self.step < DAY {
            "%H:%M"
        } else {
            "%d %b"
        }
    }
}

/// At most `most` + 1 ticks between two times, at full seconds, minutes, hours or days of people's time. `offset` is
/// their distance from universal time at a time, ms.
#[must_use]
pub fn time_ticks(from_ms: i64, to_ms: i64, most: usize, offset: impl Fn(i64) -> i64) -> TimeTicks {
    let (from, to) = (from_ms.min(to_ms), from_ms.max(to_ms));
    let width = to.saturating_sub(from);
    let most = i64::try_from(most.clamp(1, 1_000)).unwrap_or(1);
    let mut step = TIME_STEPS.into_iter().find(|step| width / step < most).unwrap_or(20 * DAY);
    while width / step >= most && step < i64::MAX / 4 {
        step *= 2;
    }
    let mut at = Vec::new();
    let mut local = from.saturating_add(offset(from)).div_euclid(step).saturating_mul(step);
    for _ in 0..=most + 2 {
        let tick = local.saturating_sub(offset(local.saturating_sub(offset(local))));
        // Where clocks are put back or forward a tick can fall on or before the last one.
        if (from..=to).contains(&tick) && at.last().is_none_or(|last| *last < tick) {
            at.push(tick);
        }
        local = local.saturating_add(step);
    }
    TimeTicks { at, step }
}

/// The points between two times, merged so that at most one is left for each of `columns` equal stretches: with the
/// lowest and the highest of its stretch, and the mean of the means.
#[must_use]
pub fn thin(points: &[Point], from_ms: i64, to_ms: i64, columns: usize) -> Vec<Point> {
    let width = i128::from(to_ms.saturating_sub(from_ms)).max(1);
    let columns = columns.max(1) as i128;
    let column = |point: &Point| (i128::from(point.at_ms) - i128::from(from_ms)) * columns / (width + 1);
    let mut out: Vec<Point> = Vec::with_capacity(points.len().min(columns as usize));
    let (mut last, mut merged) = (None, 0.0_f32);
    for point in points.iter().filter(|point| (from_ms..=to_ms).contains(&point.at_ms)) {
        let here = Some(column(point));
        match out.last_mut().filter(|_| here == last) {
            Some(known) => {
                merged += 1.0;
                (known.min, known.max) = (known.min.min(point.min), known.max.max(point.max));
                known.mean += (point.mean - known.mean) / merged;
            }
            None => {
                merged = 1.0;
                out.push(*point);
            }
        }
        last = here;
    }
    out
}

/// Where a line through the points is whole: nothing was heard between two runs.
#[must_use]
pub fn runs(points: &[Point]) -> Vec<Range<usize>> {
    let mut apart: Vec<i64> = points.windows(2).map(|pair| pair[1].at_ms.saturating_sub(pair[0].at_ms)).collect();
    let middle = apart.len() / 2;
    let usual = if apart.is_empty() { 1 } else { *apart.select_nth_unstable(middle).1 };
    let gap = usual.max(SECOND).saturating_mul(GAP);
    let (mut out, mut start) = (Vec::new(), 0);
    for (i, pair) in points.windows(2).enumerate() {
        if pair[1].at_ms.saturating_sub(pair[0].at_ms) > gap {
            out.push(start..i + 1);
            start = i + 1;
        }
    }
    if start < points.len() {
        out.push(start..points.len());
    }
    out
}

/// The place of the point next to a time, in points ascending by time.
#[must_use]
pub fn nearest(points: &[Point], at_ms: i64) -> Option<usize> {
    let after = points.partition_point(|point| point.at_ms < at_ms);
    let distance = |i: usize| points.get(i).map(|point| point.at_ms.abs_diff(at_ms));
    match (after.checked_sub(1), distance(after)) {
        (Some(before), Some(right)) if distance(before) <= Some(right) => Some(before),
        (_, Some(_)) => Some(after),
        (before, None) => before,
    }
}
