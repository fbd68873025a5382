//! An alarm: what is wrong, where, since when, and who knows.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::alarms::rule::{Level, RuleId};
use crate::model::deed::Deed;
use crate::model::sensors::DeviceId;

/// The slug of an alarm: `rule--location`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AlarmId(pub Arc<str>);

impl AlarmId {
    /// The alarm of a rule at a location. Letters that a slug cannot hold are told apart by a hash of the location.
    #[must_use]
    pub fn of(rule: &RuleId, location: &str) -> Self {
        let slug = crate::units::slug::slug(location);
        if location.is_ascii() {
            return Self(format!("{rule}--{slug}").into());
        }
        // FNV-1a, 32 bits (RFC 9923).
        let step = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        let hash = location.bytes().fold(0x811c_9dc5, step);
        Self(format!("{rule}--{slug}-{hash:08x}").into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AlarmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an alarm stands; normal ones are not kept. In the order of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Active, and nobody took note yet.
    Unacknowledged,
    /// Active, and somebody took note.
    Acknowledged,
    /// Its condition is over, but nobody took note of it.
    Cleared,
}

/// Why an alarm is on: one source, with what it measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The source's place in its rule.
    pub source: u16,
    /// The source's name.
    pub name: Arc<str>,
    /// The device that measured it.
    pub device: DeviceId,
    /// How bad it is by itself.
    pub level: Level,
    /// Whether it is on now; a reason that is over stays until the alarm is normal.
    pub on: bool,
    /// The worst value so far, in `unit`.
    pub value: f64,
    /// The threshold, in `unit`.
    pub threshold: f64,
    /// `C`, `K`, `K/min`, `%`, `points`, `s`, `cells` or empty.
    pub unit: Arc<str>,
    /// When it came on.
    pub since: Timestamp,
    /// Row and column of the cell, in the sensor's own order, where there is one.
    pub cell: Option<(u16, u16)>,
    /// True if nothing came from its source for three periods, at least 10 s: it neither raises nor clears.
    pub stale: bool,
}

/// Who took note, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// The operator's name, or `API`.
    pub by: Arc<str>,
    /// When.
    pub at: Timestamp,
}

/// A shelving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    /// Who shelved it.
    pub by: Arc<str>,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why; may be empty.
    pub reason: Arc<str>,
}

/// A device out of service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutOfService {
    /// Who took it out.
    pub by: Arc<str>,
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub reason: Arc<str>,
}

/// More new alarms than a person can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flood {
    /// Since when.
    pub since: Timestamp,
    /// New alarms within the last ten minutes.
    pub n_recent: u32,
}

/// One action that was run, or taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// What, in words.
    pub what: Arc<str>,
    /// When.
    pub at: Timestamp,
    /// Why it was refused, if it was.
    pub refused: Option<Arc<str>>,
    /// What takes it back, if anything does.
    pub undo: Option<Deed>,
    /// Whether it was taken back.
    pub undone: bool,
}

/// An alarm that is not normal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    /// Its slug.
    pub id: AlarmId,
    /// Its rule.
    pub rule: RuleId,
    /// The rule's name.
    pub name: Arc<str>,
    /// Where.
    pub location: Arc<str>,
    /// The device of its first reason.
    pub device: DeviceId,
    /// How bad it is: the worst it was since it was raised.
    pub level: Level,
    /// Where it stands.
    pub state: State,
    /// True for a test alarm.
    pub test: bool,
    /// True if it stays until acknowledged.
    pub latched: bool,
    /// When it was raised.
    pub raised: Timestamp,
    /// When it last changed in a way that matters: raised, worse, cleared, acknowledged.
    pub changed: Timestamp,
    /// When its condition was over, if it is.
    pub over: Option<Timestamp>,
    /// Who took note.
    pub acknowledged: Option<Noted>,
    /// Why, the worst first.
    pub reasons: Vec<Reason>,
    /// How sure the rule is, 0..=1.
    pub confidence: f32,
    /// How often it crossed its threshold since it was raised, 1 or more.
    pub crossings: u32,
    /// What its actions did.
    pub done: Vec<Done>,
}

impl Alarm {
    /// Whether it sounds and stands out: active and nobody took note.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.state == State::Unacknowledged
    }

    /// The worst reason.
    #[must_use]
    pub fn first_reason(&self) -> Option<&Reason> {
        self.reasons.first()
    }
}
