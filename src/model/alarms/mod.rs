//! Alarms: the rules that raise them, their life, and the journal of all of it.
//!
//! ```text
//!                  hold-on               condition over, hold-off
//!  normal ──▶ pending ──▶ unacknowledged ──────────▶ cleared ──acknowledge──▶ normal
//!                             │  ▲ worse level          │ condition again
//!                  acknowledge│  │                      └──────▶ unacknowledged
//!                             ▼  │
//!                         acknowledged ──condition over, hold-off──▶ normal
//! ```
//! A latched alarm does not become *cleared*: it stays unacknowledged, with the time its condition was over, until
//! somebody acknowledges it.
//!
//! Invariant: one alarm per rule and location; its id is made of both.
//! Invariant: an alarm that is in [`Alarms::active`] was raised and is not back to normal.

pub mod alarm;
pub mod journal;
pub mod rule;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::alarms::alarm::{Alarm, AlarmId, Done, Flood, OutOfService, Shelf};
use crate::model::alarms::rule::{Level, Rule, RuleId};
use crate::model::sensors::DeviceId;

/// Everything public about alarms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Alarms {
    /// Rules by id.
    pub rules: BTreeMap<RuleId, Arc<Rule>>,
    /// Alarms that are not normal, by id.
    pub active: BTreeMap<AlarmId, Arc<Alarm>>,
    /// What is shelved; also alarms that are normal now.
    pub shelved: BTreeMap<AlarmId, Shelf>,
    /// Devices whose alarms are out of service.
    pub out_of_service: BTreeMap<DeviceId, OutOfService>,
    /// The flood that goes on, if one does: then lists show groups.
    pub flood: Option<Flood>,
    /// Until when sounds are muted.
    pub muted_until: Option<Timestamp>,
    /// Journal entries written in this run: changes when the journal must be asked again.
    pub journaled: u64,
    /// When the last alarm was raised, and which; tests left out.
    pub last: Option<(AlarmId, Timestamp)>,
}

/// What can be asked of the alarm service. Whoever asks is in the envelope's origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Take note of an alarm.
    Acknowledge {
        /// Which.
        alarm: AlarmId,
    },
    /// Take note of all alarms, of one device or of all; each is journaled.
    AcknowledgeAll {
        /// Only those of this device.
        device: Option<DeviceId>,
    },
    /// Silence an alarm for a while; it is still watched and journaled.
    Shelve {
        /// Which.
        alarm: AlarmId,
        /// For how long, 1 to 10,080 minutes.
        minutes: u32,
        /// Why, at most 200 characters; may be empty.
        reason: String,
    },
    /// End a shelving early.
    Unshelve {
        /// Which.
        alarm: AlarmId,
    },
    /// No sound for so many minutes, 1 to 1,440; `None` ends it. A new Danger sounds all the same.
    Mute {
        /// For how long.
        minutes: Option<u32>,
    },
    /// Take a device's alarms out of service; those that are active are closed.
    TakeOutOfService {
        /// Which.
        device: DeviceId,
        /// Why, 1 to 200 characters.
        reason: String,
    },
    /// Put a device's alarms back into service.
    PutBackInService {
        /// Which.
        device: DeviceId,
    },
    /// Raise a test alarm of a rule: marked as test, seen and heard; its actions are not run.
    Test {
        /// Of which rule.
        rule: RuleId,
        /// At which device.
        device: DeviceId,
        /// At which level.
        level: Level,
    },
    /// Add a rule, or put it in place of the one of its id.
    PutRule(Box<Rule>),
    /// Remove a rule; its active alarms are closed.
    RemoveRule {
        /// Which.
        rule: RuleId,
    },
    /// Put the rules that come with the program back in place; rules of other ids stay.
    RestoreRules,
    /// Learn rest levels and baseline of a device anew.
    Relearn {
        /// Which.
        device: DeviceId,
    },
    /// Take back what an alarm's actions did, as far as that can be.
    UndoActions {
        /// Of which alarm.
        alarm: AlarmId,
    },
    /// The rules service tells what became of an action.
    Acted {
        /// Of which alarm.
        alarm: AlarmId,
        /// What was done.
        done: Box<Done>,
    },
}

/// What became true of alarms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// An alarm was raised, or became worse, or returned from being cleared: whoever acts or makes a noise begins anew.
    Raised(Arc<Alarm>),
    /// Anything else about an alarm changed: its whole state.
    Changed(Arc<Alarm>),
    /// An alarm is normal again.
    Gone(AlarmId),
    /// An alarm is shelved, or no longer.
    Shelved {
        /// Which.
        alarm: AlarmId,
        /// How; `None` if no longer.
        shelf: Option<Shelf>,
    },
    /// A device is out of service, or no longer.
    OutOfService {
        /// Which.
        device: DeviceId,
        /// How; `None` if no longer.
        how: Option<OutOfService>,
    },
    /// A flood began, or is over.
    Flood(Option<Flood>),
    /// Sounds are muted until then, or no longer.
    Muted(Option<Timestamp>),
    /// A rule is there, or is different.
    Rule(Arc<Rule>),
    /// A rule was removed.
    RuleGone(RuleId),
    /// So many journal entries were written in this run.
    Journaled(u64),
    /// Somebody wants an alarm's actions taken back: for the rules service.
    UndoAsked {
        /// The alarm as it was.
        alarm: Arc<Alarm>,
    },
    /// All of it at once.
    Reset(Arc<Alarms>),
}

impl Alarms {
    /// Folds one update in.
    pub fn apply(&mut self, update: &Update) {
        match update {
            Update::Raised(alarm) => {
                if !alarm.test {
                    self.last = Some((alarm.id.clone(), alarm.changed));
                }
                self.active.insert(alarm.id.clone(), Arc::clone(alarm));
            }
            Update::Changed(alarm) => drop(self.active.insert(alarm.id.clone(), Arc::clone(alarm))),
            Update::Gone(id) => drop(self.active.remove(id)),
            Update::Shelved { alarm, shelf } => put(&mut self.shelved, alarm, shelf.clone()),
            Update::OutOfService { device, how } => put(&mut self.out_of_service, device, how.clone()),
            Update::Flood(flood) => self.flood.clone_from(flood),
            Update::Muted(until) => self.muted_until = *until,
            Update::Rule(rule) => drop(self.rules.insert(rule.id.clone(), Arc::clone(rule))),
            Update::RuleGone(id) => drop(self.rules.remove(id)),
            Update::Journaled(n) => self.journaled = *n,
            Update::UndoAsked { .. } => {}
            Update::Reset(all) => *self = Self::clone(all),
        }
    }

    /// Alarms that are not shelved, the most pressing first: unacknowledged before acknowledged before cleared, then by
    /// level, then the newest.
    #[must_use]
    pub fn by_urgency(&self) -> Vec<Arc<Alarm>> {
        let mut alarms: Vec<_> =
            self.active.values().filter(|alarm| !self.shelved.contains_key(&alarm.id)).cloned().collect();
        alarms.sort_by_key(|alarm| (alarm.state, std::cmp::Reverse(alarm.level), std::cmp::Reverse(alarm.raised)));
        alarms
    }

    /// Alarms of a device that are not shelved, the most pressing first.
    #[must_use]
    pub fn of_device(&self, device: &DeviceId) -> Vec<Arc<Alarm>> {
        self.by_urgency().into_iter().filter(|alarm| alarm.device == *device).collect()
    }
}

fn put<K: Ord + Clone, V>(map: &mut BTreeMap<K, V>, key: &K, value: Option<V>) {
    match value {
        Some(value) => drop(map.insert(key.clone(), value)),
        None => drop(map.remove(key)),
    }
}

/// How many new alarms within [`FLOOD_WINDOW`] are still no flood.
pub const FLOOD_ABOVE: usize = 10;
/// The time in which new alarms are counted for a flood.
pub const FLOOD_WINDOW: Duration = Duration::from_secs(600);
