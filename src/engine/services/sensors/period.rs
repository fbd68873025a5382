//! Learns how often a device reports: the median of its last intervals.

use std::time::Duration;

use crate::units::moment::Moment;

const KEPT: usize = 8;

/// The period of one kind of packet.
#[derive(Debug, Default)]
pub struct Period {
    last: Option<Moment>,
    intervals: [u64; KEPT],
    n: usize,
}

impl Period {
    /// Notes an arrival. Returns the period each time four more intervals are known.
    pub fn note(&mut self, now: Moment) -> Option<Duration> {
        if let Some(last) = self.last.replace(now) {
            self.intervals[self.n % KEPT] = now.since(last).as_nanos() as u64;
            self.n += 1;
            if self.n == 2 || self.n.is_multiple_of(4) {
                return self.median();
            }
        }
        None
    }

    /// The median of the kept intervals.
    #[must_use]
    pub fn median(&self) -> Option<Duration> {
        let known = self.n.min(KEPT);
        let mut sorted = self.intervals;
        let sorted = &mut sorted[..known];
        sorted.sort_unstable();
        sorted.get(known / 2).copied().map(Duration::from_nanos)
    }
}
