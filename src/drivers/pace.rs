//! How often a device is told something, and how long its answer is waited for.
//!
//! Invariant: nothing here waits; it says when the next moment is.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::units::moment::Moment;

/// What may be sent: so much at once, and so much a second after that.
#[derive(Clone, Debug)]
pub struct Bucket {
    most: f64,
    per_second: f64,
    level: f64,
    at: Moment,
}

impl Bucket {
    /// A full one, that holds `most` and gains `per_second`; both above 0.
    #[must_use]
    pub fn new(most: f64, per_second: f64) -> Self {
        Self { most, per_second, level: most, at: Moment::ZERO }
    }

    fn fill(&mut self, now: Moment) {
        self.level = (self.level + now.since(self.at).as_secs_f64() * self.per_second).min(self.most);
        self.at = self.at.max(now);
    }

    /// How much may be sent now.
    pub fn level(&mut self, now: Moment) -> f64 {
        self.fill(now);
        self.level
    }

    /// When so much may be sent; `now` if it may be already. What it never holds may be sent when it is full.
    pub fn ready_at(&mut self, now: Moment, cost: f64) -> Moment {
        self.fill(now);
        let missing = cost.min(self.most) - self.level;
        if missing <= 1e-6 { now } else { now + Duration::from_secs_f64(missing / self.per_second) }
    }

    /// Takes so much out; it may go below nothing, and is paid back before anything else is sent.
    pub fn take(&mut self, now: Moment, cost: f64) {
        self.fill(now);
        self.level -= cost;
    }

    /// Empties it: the device says that it was too much.
    pub fn drain(&mut self, now: Moment) {
        self.fill(now);
        self.level = self.level.min(0.0);
    }
}

/// How long an answer is waited for, by how long answers took (RFC 6298, 2).
#[derive(Clone, Debug)]
pub struct Patience {
    within: RangeInclusive<Duration>,
    smooth: Option<(f64, f64)>,
}

impl Patience {
    /// Never shorter or longer than this.
    #[must_use]
    pub fn new(within: RangeInclusive<Duration>) -> Self {
        Self { within, smooth: None }
    }

    /// An answer took so long. Only for what was sent once.
    pub fn took(&mut self, time: Duration) {
        let time = time.as_secs_f64();
        self.smooth = Some(match self.smooth {
            None => (time, time / 2.0),
            Some((mean, spread)) => (mean * 0.875 + time * 0.125, spread * 0.75 + (mean - time).abs() * 0.25),
        });
    }

    /// How long answers take, smoothed; `None` before the first.
    #[must_use]
    pub fn mean(&self) -> Option<Duration> {
        self.smooth.map(|(mean, _)| Duration::from_secs_f64(mean))
    }

    /// How long the next one is waited for.
    #[must_use]
    pub fn wait(&self) -> Duration {
        let (mean, spread) = self.smooth.unwrap_or_default();
        Duration::from_secs_f64(mean + 4.0 * spread).clamp(*self.within.start(), *self.within.end())
    }
}
