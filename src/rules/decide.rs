//! Which actions of an alarm are due, and which can be taken back.

use std::sync::Arc;

use crate::model::alarms::alarm::{Alarm, Done};
use crate::model::deed::Deed;
use crate::model::snapshot::Snapshot;
use crate::model::system::Stopped;
use crate::rules::words;

/// The deeds that are due because `alarm` was raised: those of its rule for its level that were not done for it yet.
/// None for a test, and none while it is shelved. One that was taken back is not done again for the same alarm; one that
/// was refused is tried again when the alarm is raised again.
#[must_use]
pub fn due(alarm: &Alarm, view: &Snapshot) -> Vec<Deed> {
    if alarm.test || view.alarms.shelved.contains_key(&alarm.id) {
        return Vec::new();
    }
    let Some(rule) = view.alarms.rules.get(&alarm.rule) else { return Vec::new() };
    let done = view.alarms.active.get(&alarm.id).map_or(&alarm.done, |known| &known.done);
    let mut told: Vec<Arc<str>> = done
        .iter()
        .filter(|done| done.refused.is_none() || done.undo.is_some())
        .map(|done| Arc::clone(&done.what))
        .collect();
    let mut due = Vec::new();
    for action in rule.actions.iter().filter(|action| action.at_least <= alarm.level) {
        let what = words::of(&action.command);
        if !told.contains(&what) {
            told.push(what);
            due.push(action.command.clone());
        }
    }
    due
}

/// Why nothing is done now, though something is due; `None` if it is done.
#[must_use]
pub fn held_back(view: &Snapshot) -> Option<Arc<str>> {
    view.system.stopped.as_ref().map(reason)
}

/// What the master stop is called where something was not done because of it.
#[must_use]
pub fn reason(stopped: &Stopped) -> Arc<str> {
    format!("stopped by {}", stopped.by).into()
}

/// What can be taken back, the last first.
#[must_use]
pub fn to_undo(alarm: &Alarm) -> Vec<Done> {
    alarm.done.iter().rev().filter(|done| done.undo.is_some() && !done.undone).cloned().collect()
}
