//! What time does to the book: shelvings, mutes, tests and floods end, data becomes
//! stale.
//!
//! Invariant: a tick at which nothing ends and nothing becomes stale has no effects and allocates nothing but them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::services::alarms::book::Book;
use crate::engine::services::alarms::effects::{Effects, Now};
use crate::engine::services::alarms::{journal, words};
use crate::model::alarms::Update;
use crate::model::alarms::alarm::AlarmId;
use crate::model::alarms::journal::{Entry, What};
use crate::model::sensors::DeviceId;
use crate::units::moment::Moment;

impl Book {
    /// Time passed. `is_stale` tells of a device whether nothing came from it for too long.
    pub fn tick(&mut self, is_stale: impl Fn(&DeviceId) -> bool, now: Now) -> Effects {
        let mut fx = Effects::default();
        self.end_shelves(now, &mut fx);
        self.end_tests(now, &mut fx);
        if self.mute_ends.is_some_and(|end| end <= now.at) {
            self.unmute(&journal::ourselves(), "Sounds are on again: the time is over".to_owned(), now, &mut fx);
        }
        self.watch_flood(now, &mut fx);
        self.age(is_stale, now, &mut fx);
        fx
    }

    fn end_shelves(&mut self, now: Now, fx: &mut Effects) {
        for id in ended(&self.shelves_end, now.at) {
            self.unshelve(&id, &journal::ourselves(), "the time is over", now, fx);
        }
    }

    fn end_tests(&mut self, now: Now, fx: &mut Effects) {
        for id in ended(&self.tests_end, now.at) {
            if let Some(alarm) = self.state.active.get(&id).cloned() {
                self.write(journal::happened(What::Cleared, &alarm, &journal::ourselves(), now), fx);
            }
            self.gone(&id, fx);
        }
    }

    /// Ends a shelving.
    pub(super) fn unshelve(&mut self, id: &AlarmId, by: &Arc<str>, why: &str, now: Now, fx: &mut Effects) {
        let text = format!("{} is not shelved any more: {why}", self.name_of(id));
        let entry = match self.state.active.get(id).cloned() {
            Some(alarm) => journal::of_alarm(What::Unshelved, &alarm, by, text, now),
            None => Entry { alarm: Some(id.clone()), ..journal::plain(What::Unshelved, by, text, now) },
        };
        self.write(entry, fx);
        self.shelves_end.remove(id);
        self.say(Update::Shelved { alarm: id.clone(), shelf: None }, fx);
    }

    /// What people call an alarm; its id if it is normal.
    pub(super) fn name_of(&self, id: &AlarmId) -> String {
        self.state.active.get(id).map_or_else(|| id.to_string(), |alarm| words::alarm(alarm))
    }

    fn age(&mut self, is_stale: impl Fn(&DeviceId) -> bool, now: Now, fx: &mut Effects) {
        let mut aged: Vec<AlarmId> = Vec::new();
        for (id, spot) in &mut self.spots {
            let Some(rule) = self.state.rules.get(&spot.rule) else { continue };
            if spot.age(rule, &is_stale) {
                aged.push(id.clone());
            }
        }
        for id in aged {
            self.settle(&id, false, &|| None, now, fx);
        }
    }
}

fn ended(ends: &BTreeMap<AlarmId, Moment>, now: Moment) -> Vec<AlarmId> {
    ends.iter().filter(|(_, end)| **end <= now).map(|(id, _)| id.clone()).collect()
}
