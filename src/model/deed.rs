//! What an alarm may have done: the commands that can stand in a rule's actions.
//!
//! Invariant: the JSON of a [`Deed`] is that of the same command in an envelope.

use serde::{Deserialize, Serialize};

use crate::model::{sensors, system, thermal};

/// A command that an alarm may carry out. Those to the alarm service itself are left out: an alarm cannot hide itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Sensor devices and their connections.
    Sensors(sensors::Command),
    /// Thermal arrays.
    Thermal(thermal::Command),
    /// The program itself.
    System(system::Command),
}
