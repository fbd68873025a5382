//! What an alarm may have done: the commands that can stand in a rule's actions.
//!
//! Invariant: an alarm cannot hide itself or another one: there is no deed that touches alarms, masks or regions. Commands
//! to the program that could are refused with their rule ([`crate::model::system::Command`] has more than that).
//! Invariant: the JSON of a [`Deed`] is that of the same command in an envelope; the time of a bookmark is left out, for
//! it is that of the alarm.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::sensors::DeviceId;
use crate::model::thermal::Choice;
use crate::model::{sensors, system, thermal};

/// A command that an alarm may carry out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Sensor devices and their connections.
    Sensors(sensors::Command),
    /// Thermal arrays.
    Thermal(Thermal),
    /// The program itself.
    System(system::Command),
}

/// What an alarm may do with thermal arrays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thermal {
    /// Settle meaning, size, optics and mounting of one array.
    Choose {
        /// Which.
        device: DeviceId,
        /// The whole choice.
        choice: Choice,
    },
    /// Mark the moment of the alarm.
    Bookmark {
        /// What is there, at most 80 characters; may be empty.
        words: String,
    },
}

impl Thermal {
    /// The command, because of something that happened at this time.
    #[must_use]
    pub fn command(self, at: Timestamp) -> thermal::Command {
        match self {
            Self::Choose { device, choice } => thermal::Command::Choose { device, choice },
            Self::Bookmark { words } => thermal::Command::Bookmark { at, words },
        }
    }
}
