//! What a decision leads to: facts to be said, and what is to be kept.

use jiff::Timestamp;

use crate::model::alarms::Update;
use crate::model::sensors::DeviceId;
use crate::store::records::Noted;
use crate::units::moment::Moment;

/// The time of a decision: the moment that durations are measured by, and the time for people, which may jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Since the program started.
    pub at: Moment,
    /// For people and the store.
    pub wall: Timestamp,
}

/// What a decision leads to.
#[derive(Debug, Default)]
pub struct Effects {
    /// Facts, in order; the book has them already.
    pub updates: Vec<Update>,
    /// Journal entries, and what is so now.
    pub noted: Noted,
    /// When the readings came that led to a [`Update::Raised`].
    pub raised_by: Vec<Moment>,
    /// Devices to be learned anew.
    pub relearn: Vec<DeviceId>,
    /// Whether the rules in force are others now.
    pub rules_changed: bool,
}

impl Effects {
    /// Whether nothing came of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.updates.is_empty() && self.noted.entries.is_empty() && self.noted.changes.is_empty()
    }

    /// How many alarms were raised, became worse or came back.
    pub(super) fn n_raised(&self) -> usize {
        self.updates.iter().filter(|update| matches!(update, Update::Raised(_))).count()
    }
}
