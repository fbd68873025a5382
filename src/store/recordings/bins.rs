//! Thinning: what one cell showed, as at most so many points of lowest, mean and highest.

use jiff::Timestamp;

use crate::model::history::Point;

/// Points at most.
const MAX_POINTS: u16 = 10_000;

/// A stretch of time in equal parts.
#[derive(Debug)]
pub struct Bins {
    from_us: i64,
    to_us: i64,
    step_us: i64,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    n: u32,
    min: f32,
    max: f32,
    sum: f64,
}

impl Bins {
    /// `from..=to` in at most `points` parts, 2..=10,000.
    #[must_use]
    pub fn new(from: Timestamp, to: Timestamp, points: u16) -> Self {
        let (from_us, to_us) = (from.as_microsecond(), to.as_microsecond());
        let points = points.clamp(2, MAX_POINTS);
        let step_us = to_us.saturating_sub(from_us).max(0) / i64::from(points) + 1;
        let none = Part { n: 0, min: f32::INFINITY, max: f32::NEG_INFINITY, sum: 0.0 };
        Self { from_us, to_us, step_us, parts: vec![none; usize::from(points)] }
    }

    /// Takes a value in; outside of the stretch it does not count.
    pub fn add(&mut self, us: i64, value: f32) {
        if us < self.from_us || us > self.to_us {
            return;
        }
        let part = usize::try_from(us.saturating_sub(self.from_us) / self.step_us).ok();
        if let Some(part) = part.and_then(|part| self.parts.get_mut(part)) {
            (part.n, part.sum) = (part.n + 1, part.sum + f64::from(value));
            (part.min, part.max) = (part.min.min(value), part.max.max(value));
        }
    }

    /// A point for each part that has values.
    #[must_use]
    pub fn points(&self) -> Vec<Point> {
        let starts = (0_i64..).map(|n| self.from_us.saturating_add(n.saturating_mul(self.step_us)));
        let filled = starts.zip(&self.parts).filter(|(_, part)| part.n > 0);
        let point = |(us, part): (i64, &Part)| {
            let mean = (part.sum / f64::from(part.n)) as f32;
            Point { at_ms: us.div_euclid(1000), min: part.min, mean, max: part.max }
        };
        filled.map(point).collect()
    }
}
