//! What the line of time remembers: how much of the past it shows, and what came of asking for it.
//!
//! Invariant: in the past it stands still, so that a dragged play head is where the pointer is; it moves only to keep the
//! play head in sight.

use jiff::Timestamp;

use egui::Id;

use crate::model::history::HOTTEST;
use crate::model::sensors::DeviceId;
use crate::ui::panels::history::picks::{Trends, View};

/// The id under which the line of time has the keyboard.
#[must_use]
pub fn id() -> Id {
    Id::unique("line of time")
}

/// How much room there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// For icons only.
    Least,
    /// For the times as well.
    Some,
    /// For the words of all buttons.
    All,
}

/// How much can be shown: minutes, and words.
pub const WINDOWS: [(u32, &str); 5] = [(10, "10 min"), (30, "30 min"), (60, "1 h"), (360, "6 h"), (1_440, "24 h")];

/// The line of time.
#[derive(Debug)]
pub struct Line {
    /// How much is shown, min.
    pub minutes: u32,
    /// The trend and the alarms.
    pub trends: Trends,
    /// The clip to be written, as typed so far: from and to.
    pub clip: Option<[String; 2]>,
    held: Option<(i64, i64)>,
}

impl Default for Line {
    fn default() -> Self {
        Self { minutes: 30, trends: Trends::default(), clip: None, held: None }
    }
}

impl Line {
    /// From when to when it reaches, ms since 1970.
    #[must_use]
    pub const fn span(&self) -> (i64, i64) {
        self.trends.span
    }

    /// Its ends as times.
    #[must_use]
    pub fn ends(&self) -> (Timestamp, Timestamp) {
        let at = |ms| Timestamp::from_millisecond(ms).unwrap_or_default();
        (at(self.span().0), at(self.span().1))
    }

    /// Says of which device it is, and which stretch of time. `at`: where the play head is; `None` = now.
    pub fn aim(&mut self, device: &DeviceId, at: Option<Timestamp>, now: Timestamp) {
        if self.trends.picks.first().is_none_or(|pick| pick.device != *device) {
            self.trends.picks.clear();
            self.trends.add(device, HOTTEST);
        }
        self.held = at.map(|at| self.window(at.as_millisecond(), now.as_millisecond()));
        self.trends.view = self.held.map_or(View::Live(self.minutes), |(from, to)| View::Held(from, to));
    }

    /// The stretch of time with the play head in it: the one that is shown, if it has it.
    fn window(&self, at: i64, now: i64) -> (i64, i64) {
        let width = i64::from(self.minutes) * 60_000;
        if let Some(held) = self.held.filter(|held| held.1 - held.0 == width && (held.0..=held.1).contains(&at)) {
            return held;
        }
        let to = if at >= now - width { now } else { at + width / 2 };
        (to - width, to)
    }
}
