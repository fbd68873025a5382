//! What the lists of History are filtered for.

use jiff::{SignedDuration, Timestamp};

use crate::model::alarms::journal::{Filter, What};
use crate::model::alarms::rule::Level;
use crate::model::sensors::DeviceId;

/// How far back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Period {
    /// One hour.
    Hour,
    /// One day.
    Day,
    /// Seven days.
    Week,
    /// Thirty days.
    Month,
    /// All there is.
    #[default]
    All,
}

impl Period {
    /// All of them, the shortest first.
    pub const ALL: [Self; 5] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::All];

    /// Its words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Hour => "Last hour",
            Self::Day => "Last 24 hours",
            Self::Week => "Last 7 days",
            Self::Month => "Last 30 days",
            Self::All => "All time",
        }
    }

    /// When it begins.
    #[must_use]
    pub fn from(self, now: Timestamp) -> Option<Timestamp> {
        let hours = match self {
            Self::Hour => 1,
            Self::Day => 24,
            Self::Week => 7 * 24,
            Self::Month => 30 * 24,
            Self::All => return None,
        };
        now.checked_sub(SignedDuration::from_hours(hours)).ok()
    }
}

/// Kinds of journal entries that belong together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Group {
    /// All kinds.
    #[default]
    All,
    /// What alarms did.
    Alarms,
    /// What people did about alarms.
    People,
    /// What actions did.
    Actions,
    /// What was set up.
    SetUp,
    /// The program itself.
    Program,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::All, Self::Alarms, Self::People, Self::Actions, Self::SetUp, Self::Program];

    /// Its words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::All => "All kinds",
            Self::Alarms => "Alarms",
            Self::People => "People",
            Self::Actions => "Actions",
            Self::SetUp => "Set-up",
            Self::Program => "Program",
        }
    }

    /// Whether a kind belongs to it.
    #[must_use]
    pub fn has(self, what: What) -> bool {
        let group = match what {
            What::Raised
            | What::Again
            | What::Worse
            | What::Over
            | What::Cleared
            | What::Tested
            | What::Closed
            | What::FloodBegan
            | What::FloodOver => Self::Alarms,
            What::Acknowledged
            | What::Shelved
            | What::Unshelved
            | What::OutOfService
            | What::InService
            | What::Muted
            | What::Unmuted => Self::People,
            What::Acted | What::ActionRefused | What::Undone | What::Stopped | What::Resumed => Self::Actions,
            What::RuleChanged | What::RuleRemoved | What::Relearned | What::Device | What::Setting => Self::SetUp,
            What::Program => Self::Program,
        };
        self == Self::All || self == group
    }
}

/// What is filtered for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words.
    pub text: String,
    /// This level or worse.
    pub level: Option<Level>,
    /// This device.
    pub device: Option<DeviceId>,
    /// How far back.
    pub period: Period,
    /// Which kinds of entries.
    pub group: Group,
}

impl Wanted {
    /// The question to the journal, its newest `limit` entries.
    #[must_use]
    pub fn filter(&self, now: Timestamp, limit: u16) -> Filter {
        let what = match self.group {
            Group::All => Vec::new(),
            group => What::ALL.into_iter().filter(|what| group.has(*what)).collect(),
        };
        Filter {
            before: None,
            what,
            device: self.device.clone(),
            at_least: self.level,
            text: self.text.trim().to_owned(),
            from: self.period.from(now),
            to: None,
            limit,
        }
    }

    /// Whether it leaves anything out.
    #[must_use]
    pub fn is_any(&self) -> bool {
        *self != Self::default()
    }
}
