//! The book as it was kept.
//!
//! Invariant: an alarm that was kept is there again, as it stood; only one whose rule is gone is closed. How long a
//! shelving still lasts is measured from here on by moments, so that a clock that is set does not end it.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::services::alarms::book::Book;
use crate::engine::services::alarms::effects::{Effects, Now};
use crate::engine::services::alarms::journal;
use crate::engine::services::alarms::spot::Spot;
use crate::model::alarms::alarm::AlarmId;
use crate::model::alarms::rule::Rule;
use crate::store::records::{AlarmChange, AlarmRecord};

/// The longest shelving, minutes.
pub const LONGEST_SHELF: u32 = 10_080;

impl Book {
    /// The book as it was kept. `standard`: the rules that come with the program, put in place if they never were.
    /// What is to be kept because of it is in the effects; facts are told by the whole state, not one by one.
    #[must_use]
    pub fn restore(records: Vec<AlarmRecord>, standard: Vec<Rule>, now: Now) -> (Self, Effects) {
        let (mut book, mut fx) = (Self { revision: 1, ..Self::default() }, Effects::default());
        let seeded = records.contains(&AlarmRecord::RulesSeeded);
        for record in records {
            book.take(record, now);
        }
        if !seeded {
            book.seed(standard, &mut fx);
        }
        book.find_spots(now, &mut fx);
        fx.updates.clear();
        (book, fx)
    }

    fn take(&mut self, record: AlarmRecord, now: Now) {
        match record {
            AlarmRecord::Rule(rule) => drop(self.state.rules.insert(rule.id.clone(), rule)),
            AlarmRecord::RulesSeeded => {}
            AlarmRecord::Active(alarm) => drop(self.state.active.insert(alarm.id.clone(), alarm)),
            AlarmRecord::Shelf(id, shelf) => {
                let left = Duration::try_from(shelf.until.duration_since(now.wall)).unwrap_or_default();
                let left = left.min(Duration::from_secs(u64::from(LONGEST_SHELF) * 60));
                self.shelves_end.insert(id.clone(), now.at + left);
                self.state.shelved.insert(id, shelf);
            }
            AlarmRecord::OutOfService(device, how) => drop(self.state.out_of_service.insert(device, how)),
        }
    }

    fn seed(&mut self, standard: Vec<Rule>, fx: &mut Effects) {
        for rule in standard {
            if !self.state.rules.contains_key(&rule.id) {
                self.say(crate::model::alarms::Update::Rule(Arc::new(rule)), fx);
            }
        }
        fx.noted.changes.push(AlarmChange::Keep(AlarmRecord::RulesSeeded));
    }

    fn find_spots(&mut self, now: Now, fx: &mut Effects) {
        let ids: Vec<AlarmId> = self.state.active.keys().cloned().collect();
        for id in ids {
            let Some(alarm) = self.state.active.get(&id) else { continue };
            match self.state.rules.get(&alarm.rule).filter(|rule| rule.enabled) {
                Some(rule) => drop(self.spots.insert(id, Spot::of(alarm, rule))),
                None => self.close(&id, &journal::ourselves(), "its rule is not there any more", now, fx),
            }
        }
    }
}
