//! What an alarm may have done: the commands that can stand in a rule's actions.
//!
//! Invariant: an alarm cannot hide itself or another one: there is no deed that touches alarms, masks or regions. Commands
//! to the program that could are refused with their rule ([`crate::model::system::Command`] has more than that).
//! Invariant: the JSON of a [`Deed`] is that of the same command in an envelope; what the alarm itself says is left out:
//! the time of a bookmark, key and name of the layer over lights.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::lights::Aim;
use crate::model::lights::layers::Kind;
use crate::model::lights::state::{Change, Color};
use crate::model::sensors::DeviceId;
use crate::model::thermal::Choice;
use crate::model::{lights, sensors, system, thermal};
use crate::units::color::Srgb8;

/// Colours of alerts that people call by name.
pub const ALERT_COLORS: [(&str, Srgb8); 6] = [
    ("red", Srgb8::new(255, 0, 0)),
    ("orange", Srgb8::new(255, 120, 0)),
    ("yellow", Srgb8::new(255, 210, 0)),
    ("green", Srgb8::new(0, 255, 0)),
    ("blue", Srgb8::new(0, 0, 255)),
    ("white", Srgb8::new(255, 255, 255)),
];

/// A command that an alarm may carry out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Sensor devices and their connections.
    Sensors(sensors::Command),
    /// Thermal arrays.
    Thermal(Thermal),
    /// Lights.
    Lights(Lights),
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

/// What an alarm may do with lights: lay a layer of its own over them, above everything else, and take it away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lights {
    /// Light up lights.
    Alert {
        /// Which.
        aims: Vec<Aim>,
        /// How.
        change: Change,
        /// For how long.
        #[serde(default)]
        until: Until,
    },
    /// Take that away again: what takes an alert back.
    EndAlert {
        /// The aims of the alert.
        aims: Vec<Aim>,
    },
}

/// When an alarm lets go of lights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// When its condition is over; a latched one when it was acknowledged, too.
    #[default]
    Cleared,
    /// When somebody takes note of it, at the latest when it is normal again.
    Acknowledged,
}

impl Lights {
    /// All lights red, as bright as they can be, at once, for as long as the condition holds.
    #[must_use]
    pub fn all_red() -> Self {
        let red = Srgb8::new(255, 0, 0).linear().xy();
        let change = Change {
            on: Some(true),
            brightness: Some(1.0),
            color: Some(Color::Xy(red)),
            effect: None,
            transition_ms: Some(0),
        };
        Self::Alert { aims: vec![Aim::All], change, until: Until::Cleared }
    }

    /// The command, because of the alarm of this id and name.
    #[must_use]
    pub fn command(self, alarm: &str, name: Arc<str>) -> lights::Command {
        match self {
            Self::Alert { aims, change, .. } => {
                lights::Command::PutLayer { kind: Kind::Alarm, key: layer_key(alarm, &aims), name, aims, change }
            }
            Self::EndAlert { aims } => lights::Command::RemoveLayer { kind: Kind::Alarm, key: layer_key(alarm, &aims) },
        }
    }
}

/// What an alarm's layer over these lights is told apart by: `fire--bench/group:hall,light:desk`. An alarm has one layer
/// for the same lights, so that a worse level takes the place of a milder one.
#[must_use]
pub fn layer_key(alarm: &str, aims: &[Aim]) -> Arc<str> {
    let mut aims: Vec<String> = aims.iter().map(aim_text).collect();
    aims.sort();
    aims.dedup();
    format!("{alarm}/{}", aims.join(",")).into()
}

fn aim_text(aim: &Aim) -> String {
    match aim {
        Aim::Light(id) => format!("light:{}", id.0),
        Aim::Group(id) => format!("group:{}", id.0),
        Aim::All => "all".to_owned(),
    }
}
