//! Entries of the journal, as they are begun here; the store gives them their numbers.

use std::sync::Arc;

use crate::engine::services::alarms::effects::Now;
use crate::engine::services::alarms::words;
use crate::model::alarms::alarm::Alarm;
use crate::model::alarms::journal::{Entry, What};
use crate::model::message::Origin;

/// What the program does by itself is done by this.
#[must_use]
pub fn ourselves() -> Arc<str> {
    Origin::System.words()
}

/// An entry about no alarm.
#[must_use]
pub fn plain(what: What, by: &Arc<str>, text: String, now: Now) -> Entry {
    Entry::plain(what, Arc::clone(by), now.wall, text)
}

/// An entry about an alarm, with this text.
#[must_use]
pub fn of_alarm(what: What, alarm: &Alarm, by: &Arc<str>, text: String, now: Now) -> Entry {
    Entry {
        alarm: Some(alarm.id.clone()),
        rule: Some(alarm.rule.clone()),
        device: Some(alarm.device.clone()),
        location: Some(Arc::clone(&alarm.location)),
        level: Some(alarm.level),
        test: alarm.test,
        reasons: alarm.reasons.clone(),
        ..plain(what, by, text, now)
    }
}

/// An entry about what happened to an alarm, in the words for it.
#[must_use]
pub fn happened(what: What, alarm: &Alarm, by: &Arc<str>, now: Now) -> Entry {
    of_alarm(what, alarm, by, words::happened(what, alarm), now)
}
