//! The journal: everything that happened to alarms and who did what. It is only ever appended to.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::alarms::alarm::{AlarmId, Reason};
use crate::model::alarms::rule::{Level, RuleId};
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An alarm was raised.
    Raised,
    /// An active alarm crossed its threshold again.
    Again,
    /// An active alarm became worse.
    Worse,
    /// The condition of a latched alarm is over; it stays until acknowledged.
    Over,
    /// The condition is over for as long as it must be.
    Cleared,
    /// Somebody took note.
    Acknowledged,
    /// Somebody shelved it.
    Shelved,
    /// A shelving ended, early or by its time.
    Unshelved,
    /// A test alarm was raised.
    Tested,
    /// An active alarm was closed: its rule or device is gone or out of service.
    Closed,
    /// A device went out of service.
    OutOfService,
    /// A device is back in service.
    InService,
    /// A flood of alarms began.
    FloodBegan,
    /// A flood of alarms is over.
    FloodOver,
    /// Sounds were muted.
    Muted,
    /// Sounds are no longer muted.
    Unmuted,
    /// A rule was changed or added.
    RuleChanged,
    /// A rule was removed.
    RuleRemoved,
    /// An action was run.
    Acted,
    /// An action was refused.
    ActionRefused,
    /// An action was taken back.
    Undone,
    /// A device's rest levels and baseline are learned anew.
    Relearned,
    /// A device was taken in, renamed, moved, forgotten.
    Device,
    /// A setting was changed.
    Setting,
    /// The master stop was pressed: rules run no actions.
    Stopped,
    /// The master stop was released.
    Resumed,
    /// The program began or ended.
    Program,
}

impl What {
    /// All kinds, in the order of their declaration.
    pub const ALL: [Self; 27] = [
        Self::Raised,
        Self::Again,
        Self::Worse,
        Self::Over,
        Self::Cleared,
        Self::Acknowledged,
        Self::Shelved,
        Self::Unshelved,
        Self::Tested,
        Self::Closed,
        Self::OutOfService,
        Self::InService,
        Self::FloodBegan,
        Self::FloodOver,
        Self::Muted,
        Self::Unmuted,
        Self::RuleChanged,
        Self::RuleRemoved,
        Self::Acted,
        Self::ActionRefused,
        Self::Undone,
        Self::Relearned,
        Self::Device,
        Self::Setting,
        Self::Stopped,
        Self::Resumed,
        Self::Program,
    ];

    /// Its word in the store and in the API.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Again => "again",
            Self::Worse => "worse",
            Self::Over => "over",
            Self::Cleared => "cleared",
            Self::Acknowledged => "acknowledged",
            Self::Shelved => "shelved",
            Self::Unshelved => "unshelved",
            Self::Tested => "tested",
            Self::Closed => "closed",
            Self::OutOfService => "out_of_service",
            Self::InService => "in_service",
            Self::FloodBegan => "flood_began",
            Self::FloodOver => "flood_over",
            Self::Muted => "muted",
            Self::Unmuted => "unmuted",
            Self::RuleChanged => "rule_changed",
            Self::RuleRemoved => "rule_removed",
            Self::Acted => "acted",
            Self::ActionRefused => "action_refused",
            Self::Undone => "undone",
            Self::Relearned => "relearned",
            Self::Device => "device",
            Self::Setting => "setting",
            Self::Stopped => "stopped",
            Self::Resumed => "resumed",
            Self::Program => "program",
        }
    }

    /// The kind of a word, if it is one.
    #[must_use]
    pub fn of(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.label() == label)
    }
}

/// A thermal picture as it goes into the journal: rounded to a hundredth of a degree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Still {
    /// Columns.
    pub columns: u16,
    /// Rows.
    pub rows: u16,
    /// Hundredths of a degree Celsius, row-major; `i16::MIN` where a cell has no value, the ends of the range where one
    /// lies beyond it.
    pub centi: Vec<i16>,
}

impl Still {
    /// A frame, rounded.
    #[must_use]
    pub fn of(frame: &ThermalFrame) -> Self {
        let centi = |celsius: f32| (celsius * 100.0).round().clamp(f32::from(-i16::MAX), f32::from(i16::MAX)) as i16;
        Self {
            // A size has at most 1024 of each.
            columns: frame.size.cols() as u16,
            rows: frame.size.rows() as u16,
            centi: frame.cells().map(|cell| cell.map_or(i16::MIN, centi)).collect(),
        }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts up by one, from 1, over all runs; 0 until it is written.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What happened.
    pub what: What,
    /// To which alarm.
    pub alarm: Option<AlarmId>,
    /// Of which rule.
    pub rule: Option<RuleId>,
    /// At which device.
    pub device: Option<DeviceId>,
    /// Where.
    pub location: Option<Arc<str>>,
    /// How bad.
    pub level: Option<Level>,
    /// Who did it: an operator's name, `API`, `rule NAME`, `Hearthlight`.
    pub by: Arc<str>,
    /// Whether it is about a test alarm.
    pub test: bool,
    /// One sentence for people.
    pub text: String,
    /// The alarm's reasons at that time.
    pub reasons: Vec<Reason>,
    /// The picture at that time.
    pub still: Option<Arc<Still>>,
}

impl Entry {
    /// An entry about no alarm and no device, not written yet.
    #[must_use]
    pub fn plain(what: What, by: Arc<str>, at: Timestamp, text: String) -> Self {
        Self {
            seq: 0,
            at,
            what,
            alarm: None,
            rule: None,
            device: None,
            location: None,
            level: None,
            by,
            test: false,
            text,
            reasons: Vec::new(),
            still: None,
        }
    }
}

/// Which entries are wanted; all that is `None` or empty does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Only entries before this one.
    pub before: Option<u64>,
    /// Only of these kinds.
    pub what: Vec<What>,
    /// Only of this device.
    pub device: Option<DeviceId>,
    /// Only of this level or worse.
    pub at_least: Option<Level>,
    /// Only entries whose text, location or person contains this, case ignored.
    pub text: String,
    /// From then on.
    pub from: Option<Timestamp>,
    /// Up to then.
    pub to: Option<Timestamp>,
    /// How many at most, 1..=1000, the newest first.
    pub limit: u16,
}

/// A page of the journal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The newest first. Pictures are left out; ask for the entry.
    pub entries: Vec<Entry>,
    /// Whether there are older ones.
    pub more: bool,
}
