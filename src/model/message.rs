//! Commands and updates, and the envelopes in which they travel.
//!
//! A face puts a [`Command`] into an [`Envelope`]; a service answers with an [`Outcome`] and with [`Update`]s, which
//! the bus stamps, in order, and folds into the [`Snapshot`](crate::model::snapshot::Snapshot).

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::alarms::alarm::Alarm;
use crate::model::deed::Deed;
use crate::model::{alarms, bridge, exports, layouts, lights, sensors, system, thermal};
use crate::units::moment::Moment;

/// What a face asks of a service: an enum of the subsystems' own commands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Sensor devices and their connections.
    Sensors(sensors::Command),
    /// Thermal arrays.
    Thermal(thermal::Command),
    /// Lights, their rooms, scenes and connections.
    Lights(lights::Command),
    /// The Hue bridge that others see.
    Bridge(bridge::Command),
    /// Alarms and their rules.
    Alarms(alarms::Command),
    /// Saved layouts of the window.
    Layouts(layouts::Command),
    /// Files that are written for people.
    Exports(exports::Command),
    /// The program itself.
    System(system::Command),
}

impl Command {
    /// The command of a deed, because of what this alarm did at this time.
    #[must_use]
    pub fn of(deed: Deed, because: &Alarm, at: Timestamp) -> Self {
        match deed {
            Deed::Sensors(command) => Self::Sensors(command),
            Deed::Thermal(deed) => Self::Thermal(deed.command(at)),
            Deed::Lights(deed) => {
                let name = format!("{} at {}", because.name, because.location);
                Self::Lights(deed.command(because.id.as_str(), name.into()))
            }
            Deed::System(command) => Self::System(command),
        }
    }
}

/// A fact, past tense, already true: an enum of the subsystems' own updates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// Sensor devices and their connections.
    Sensors(sensors::Update),
    /// Thermal arrays.
    Thermal(thermal::Update),
    /// Lights, their rooms, scenes and connections.
    Lights(lights::Update),
    /// The Hue bridge that others see.
    Bridge(bridge::Update),
    /// Alarms and their rules.
    Alarms(alarms::Update),
    /// Saved layouts of the window.
    Layouts(layouts::Update),
    /// Files that are written for people.
    Exports(exports::Update),
    /// The program itself.
    System(system::Update),
}

/// Who asked for something.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A person at the window, by name.
    Operator(Arc<str>),
    /// A Hue app, by its paired key's name.
    Hue(Arc<str>),
    /// The local API.
    Api,
    /// An automation.
    Rule(Arc<str>),
    /// An alarm's own actions.
    Alarm(Arc<str>),
    /// A toy.
    Toy(Arc<str>),
    /// A schedule.
    Schedule(Arc<str>),
    /// The program itself: a device dialled in, a timer fired.
    System,
}

impl Origin {
    /// Who it was, as people read it.
    #[must_use]
    pub fn words(&self) -> Arc<str> {
        match self {
            Self::Operator(name) => Arc::clone(name),
            Self::Hue(name) => format!("Hue app {name}").into(),
            Self::Api => "API".into(),
            Self::Rule(name) => format!("rule {name}").into(),
            Self::Alarm(name) => format!("alarm {name}").into(),
            Self::Toy(name) => format!("toy {name}").into(),
            Self::Schedule(name) => format!("schedule {name}").into(),
            Self::System => "Hearthlight".into(),
        }
    }
}

/// Names one command so that its outcome can be told apart. Zero means nobody waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ticket(pub u64);

/// A command with its story: who asked, under which ticket, because of which earlier fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// What is asked.
    pub command: Command,
    /// Who asks.
    pub origin: Origin,
    /// Under which number the outcome is reported.
    pub ticket: Ticket,
    /// The sequence number of the fact that led to this, if one did.
    pub cause: Option<u64>,
}

/// A fact with its story, in the one order that everybody sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamped {
    /// Counts up by one for each fact, from 1.
    pub seq: u64,
    /// When it became true.
    pub at: Moment,
    /// The same for people and the store.
    pub wall: Timestamp,
    /// Who made it so.
    pub origin: Origin,
    /// The sequence number of the fact that led to this, if one did.
    pub cause: Option<u64>,
    /// The fact.
    pub update: Update,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Validated and in the wanted state, visible in the snapshot from `seq` on. Not: the device has done it.
    Done {
        /// The sequence number of the last fact it caused, or of the newest fact if it changed nothing.
        seq: u64,
        /// The id of what it made, if it made something.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made: Option<Arc<str>>,
    },
    /// Nothing was changed.
    Refused {
        /// Cause and cure, for a person.
        why: String,
    },
}
