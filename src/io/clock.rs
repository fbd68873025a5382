//! The real clock. Read at the edge; behind it time is an argument.

use std::sync::Arc;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};

use crate::units::moment::Moment;

/// The clock of one run of the program. Clones tell the same time.
#[derive(Clone, Debug)]
pub struct Clock {
    start: Arc<Instant>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { start: Arc::new(Instant::now()) }
    }
}

impl Clock {
    /// Time since the clock was made; never runs backwards.
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment(u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX))
    }

    /// Time for people, as the system has it now.
    #[must_use]
    pub fn wall(&self) -> Timestamp {
        Timestamp::now()
    }

    /// What the system's clock, as it is set now, would have shown at a moment.
    #[must_use]
    pub fn wall_of(&self, moment: Moment) -> Timestamp {
        let (wall, now) = (self.wall(), self.now());
        let nanos = i128::from(now.0) - i128::from(moment.0);
        let ago =
            SignedDuration::from_nanos(i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX }));
        wall.checked_sub(ago).unwrap_or(wall)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Clock;

    #[test]
    fn two_clones_tell_one_time_that_never_runs_backwards() {
        let clock = Clock::default();
        let other = clock.clone();
        let (a, b, c) = (clock.now(), other.now(), clock.now());
        assert!(a <= b && b <= c);
    }

    #[test]
    fn the_wall_follows_the_moment() {
        let clock = Clock::default();
        let before = clock.wall();
        let now = clock.now();
        let (then, later) = (clock.wall_of(now), clock.wall_of(now + Duration::from_secs(60)));
        assert!(then >= before || before.duration_since(then).as_secs() < 1);
        assert_eq!(later.duration_since(then).as_secs_f64().round(), 60.0);
    }
}
