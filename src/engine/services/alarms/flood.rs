//! Counts new alarms, to tell when there are more than a person can read.

use std::collections::VecDeque;

use crate::model::alarms::{FLOOD_ABOVE, FLOOD_WINDOW};
use crate::units::moment::Moment;

/// When alarms were raised within [`FLOOD_WINDOW`].
#[derive(Clone, Debug, Default)]
pub struct Recent(VecDeque<Moment>);

impl Recent {
    /// Counts one.
    pub fn add(&mut self, at: Moment) {
        self.0.push_back(at);
    }

    /// How many there were within the window before `now`, if they are a flood.
    pub fn flood(&mut self, now: Moment) -> Option<u32> {
        while self.0.front().is_some_and(|&at| now.since(at) >= FLOOD_WINDOW) {
            self.0.pop_front();
        }
        (self.0.len() > FLOOD_ABOVE).then(|| u32::try_from(self.0.len()).unwrap_or(u32::MAX))
    }
}
