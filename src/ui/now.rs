//! The time of a frame of the window.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::units::moment::Moment;

/// The time of one window frame, in the forms it is needed.
#[derive(Clone, Debug)]
pub struct Now {
    /// Since the start of the program.
    pub moment: Moment,
    /// For people.
    pub wall: Timestamp,
    /// Where people are.
    pub zone: TimeZone,
}

impl Now {
    /// How long ago a moment was, as people's time.
    #[must_use]
    pub fn wall_of(&self, moment: Moment) -> Timestamp {
        let ago = jiff::SignedDuration::try_from(self.moment.since(moment)).unwrap_or_default();
        self.wall.checked_sub(ago).unwrap_or(self.wall)
    }

    /// Time passed since a time of people; zero for the future.
    #[must_use]
    pub fn since(&self, wall: Timestamp) -> std::time::Duration {
        std::time::Duration::try_from(self.wall.duration_since(wall)).unwrap_or_default()
    }
}
