//! Rules: what raises an alarm, as data that the operator edits.
//!
//! A rule looks at several sources of one location together. A source that may alarm *alone* raises the alarm by
//! itself; the others do so when [`Rule::min_sources`] of them are on.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::deed::Deed;
use crate::model::sensors::DeviceId;
use crate::model::thermal::region::{Figure, RegionId};
use crate::units::grid::Patch;

/// How bad it is. Three levels only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth knowing.
    Notice,
    /// Something is not as it should be.
    Warning,
    /// Act now.
    Danger,
}

impl Level {
    /// All levels, the mildest first.
    pub const ALL: [Self; 3] = [Self::Notice, Self::Warning, Self::Danger];

    /// Its word, as people read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Notice => "Notice",
            Self::Warning => "Warning",
            Self::Danger => "Danger",
        }
    }

    /// Its word as a label of metrics and in files.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }
}

/// The slug of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(pub Arc<str>);

impl RuleId {
    /// The slug of `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(crate::units::slug::slug(text).into())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a source looks at, each with its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// The hottest cell, C, of an area or of the whole picture.
    Hottest {
        /// Where; `None` = everywhere.
        area: Option<Patch>,
    },
    /// Cells in the largest connected group at or above a temperature.
    HotCells {
        /// C.
        at_least: f32,
    },
    /// How fast the hottest block of 2 x 2 cells rises, K/min over one minute. A block below `floor` does not count: a
    /// warm body that walks into the picture is no fire.
    Rise {
        /// C.
        floor: f32,
    },
    /// A region of the array, by its label: hottest, mean or coldest cell, C; of a delta, K. A device that has no region
    /// of this label has no value.
    Region {
        /// Which.
        region: RegionId,
        /// Which figure of it; a delta has one only.
        figure: Figure,
    },
    /// By how much the hottest cell of one area exceeds the mean of another, K.
    Difference {
        /// Where to look.
        area: Patch,
        /// What to compare with; `None` = the rest of the picture.
        against: Option<Patch>,
    },
    /// Cells in the largest connected group that lies more than 4 sigma and more than 3 K above the learned picture.
    Unusual,
    /// A channel of a sensor line, by its key on the wire; `DIO` and `MPY30` are the same input.
    Channel {
        /// For example `ADC1`.
        key: Arc<str>,
        /// How the number is read.
        unit: ChannelUnit,
    },
    /// By how much a channel exceeds its learned rest level, percent points of full scale. Never less than five times
    /// its noise counts.
    AboveRest {
        /// For example `ADC1`.
        key: Arc<str>,
    },
    /// For how long no valid packet came, s. Never less than three of the device's periods counts.
    Silent,
}

/// How a channel's number is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelUnit {
    /// As it came.
    Raw,
    /// Percent of a 12-bit converter's full scale, 4095.
    Percent,
}

/// On which side of the threshold the condition lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// At the threshold or above.
    AtLeast,
    /// At the threshold or below.
    AtMost,
}

/// One thing a rule looks at, and when it is on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// What people call it.
    pub name: Arc<str>,
    /// Whether it counts at all.
    pub enabled: bool,
    /// What it looks at.
    pub input: Input,
    /// On which side of the threshold it is on.
    pub compare: Compare,
    /// In the unit of its input.
    pub threshold: f64,
    /// How far back over the threshold the value must come to be off again, 0 or more, in the unit of its input.
    pub hysteresis: f64,
    /// So many readings in a row, 1..=1000, ...
    pub hold_readings: u32,
    /// ... and for so long, the condition must be true.
    #[serde(with = "crate::units::seconds")]
    pub hold_on: Duration,
    /// For so long the condition must be false.
    #[serde(with = "crate::units::seconds")]
    pub hold_off: Duration,
    /// How sure it makes us, 0..=1.
    pub weight: f32,
    /// Whether it raises the alarm by itself.
    pub alone: bool,
    /// How bad it is.
    pub level: Level,
}

/// Where a rule holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everywhere.
    #[default]
    Everywhere,
    /// At these devices.
    Devices(BTreeSet<DeviceId>),
}

impl Scope {
    /// Whether it holds for a device.
    #[must_use]
    pub fn holds(&self, device: &DeviceId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Devices(devices) => devices.contains(device),
        }
    }
}

/// How the weights of sources become one confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// `1 - product(1 - w)`: independent witnesses; below 1, whatever their order.
    #[default]
    Independent,
    /// `sum(w)`, at most 1: as EmberEye does.
    Sum,
}

/// Which alarms of a rule stay until somebody acknowledges them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Latch {
    /// None.
    Never,
    /// Those that reached Danger.
    #[default]
    Danger,
    /// All.
    Always,
}

/// Something to be done when an alarm of this rule is raised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// From which level on.
    pub at_least: Level,
    /// What.
    pub command: Deed,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Its slug.
    pub id: RuleId,
    /// What people call it; also the name of its alarms. 1..=64 characters.
    pub name: Arc<str>,
    /// Whether it is watched.
    pub enabled: bool,
    /// Where it holds.
    #[serde(default)]
    pub scope: Scope,
    /// What it looks at, 1..=32.
    pub sources: Vec<Source>,
    /// How many sources that may not alarm alone must be on together, 1..=32.
    pub min_sources: u8,
    /// How bad it is, at least, when enough of them are on together.
    pub together: Level,
    /// How confidence is computed.
    #[serde(default)]
    pub confidence: Confidence,
    /// Which alarms stay until acknowledged.
    #[serde(default)]
    pub latch: Latch,
    /// What is done, at most 32.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// A note of whoever wrote it, at most 500 characters.
    #[serde(default)]
    pub note: String,
}

impl Rule {
    /// Sources that raise the alarm with no other: what a single value must stay away from.
    pub fn deciding(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.enabled && (source.alone || self.min_sources <= 1))
    }
}
