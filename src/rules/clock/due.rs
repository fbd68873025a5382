//! What the clock's engine is given and what it gives: times, and commands with their story.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::message::{Command, Origin};
use crate::units::moment::Moment;

/// What is due and could not be done in time is still done for so long.
pub const GRACE: SignedDuration = SignedDuration::from_mins(10);

/// One time by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Never runs backwards.
    pub moment: Moment,
    /// The time of people: it may jump.
    pub wall: Timestamp,
}

/// A command that is due.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// What is asked.
    pub command: Command,
    /// Because of what.
    pub origin: Origin,
    /// The sequence number of the fact that led to it, if one did.
    pub cause: Option<u64>,
}

impl Now {
    /// How far the wall clock was set forward since an earlier time; negative if back.
    #[must_use]
    pub fn jumped_since(self, earlier: Self) -> SignedDuration {
        let passed = SignedDuration::try_from(self.moment.since(earlier.moment)).unwrap_or(SignedDuration::MAX);
        self.wall.duration_since(earlier.wall).saturating_sub(passed)
    }

    /// When the wall clock will show a moment.
    #[must_use]
    pub fn wall_at(self, moment: Moment) -> Timestamp {
        let ahead = SignedDuration::try_from(moment.since(self.moment)).unwrap_or(SignedDuration::MAX);
        self.wall.checked_add(ahead).unwrap_or(Timestamp::MAX)
    }

    /// The moment at which the wall clock showed a time, as it is set now; the start of the program if that was before.
    #[must_use]
    pub fn moment_of(self, wall: Timestamp) -> Moment {
        let ahead = wall.duration_since(self.wall);
        let distance = ahead.unsigned_abs();
        if ahead.is_negative() { self.moment - distance } else { self.moment + distance }
    }
}

/// So many seconds.
#[must_use]
pub fn seconds(s: u32) -> Duration {
    Duration::from_secs(s.into())
}

/// Whose doing it is.
#[must_use]
pub fn origin(id: &ObjectId, name: &Arc<str>) -> Origin {
    match id.kind {
        Kind::Rule => Origin::Rule(Arc::clone(name)),
        _ => Origin::Schedule(Arc::clone(name)),
    }
}
