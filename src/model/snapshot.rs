//! The fold of all updates: everything that is public about the house, as one value.
//!
//! Invariant: [`Snapshot::apply`] is the only code that changes public state. Facts are applied in order, each once;
//! a fact that was applied before is ignored, so a listener that reloads and replays heals itself.

use serde::{Deserialize, Serialize};

use crate::model::message::{Stamped, Update};
use crate::model::{alarms, bridge, exports, layouts, lights, sensors, system, thermal};

/// Public state, cheap to clone: entities live behind their own `Arc`s.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The sequence number of the newest fact in here.
    pub seq: u64,
    /// Sensor devices.
    pub sensors: sensors::Sensors,
    /// Thermal arrays.
    pub thermal: thermal::Thermal,
    /// Lights, their rooms, scenes and connections.
    #[serde(default)]
    pub lights: lights::Lights,
    /// The Hue bridge that others see.
    #[serde(default)]
    pub bridge: bridge::Bridge,
    /// Alarms and their rules.
    pub alarms: alarms::Alarms,
    /// Saved layouts of the window.
    #[serde(default)]
    pub layouts: layouts::Layouts,
    /// Files that are written for people.
    #[serde(default)]
    pub exports: exports::Exports,
    /// The program itself.
    pub system: system::System,
}

impl Snapshot {
    /// Applies one fact. Returns false, and changes nothing, if it was known already.
    pub fn apply(&mut self, fact: &Stamped) -> bool {
        if fact.seq <= self.seq {
            return false;
        }
        self.seq = fact.seq;
        match &fact.update {
            Update::Sensors(update) => self.sensors.apply(update),
            Update::Thermal(update) => self.thermal.apply(update),
            Update::Lights(update) => self.lights.apply(update),
            Update::Bridge(update) => self.bridge.apply(update),
            Update::Alarms(update) => self.alarms.apply(update),
            Update::Layouts(update) => self.layouts.apply(update),
            Update::Exports(update) => self.exports.apply(update),
            Update::System(update) => self.system.apply(update),
        }
        true
    }
}
