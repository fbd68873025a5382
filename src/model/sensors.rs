//! Sensor devices: who dials in, from where, and how it fares.
//!
//! Readings are not in here: they stay with the sensor server and are sampled from slots.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The slug under which a device is known everywhere: `[a-z0-9-]+`, kept over restarts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceId(pub Arc<str>);

impl DeviceId {
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

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a device's connection fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Connected; nothing but its name is known yet.
    Identify,
    /// The stream command was sent; waiting for the first reading.
    Start,
    /// Readings arrive as expected.
    Streaming,
    /// Nothing for two and a half of its periods.
    Late,
    /// Nothing for max(30 s, three periods), or not connected.
    Offline,
}

/// Why a connection is gone, in kinds that tell a person what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The device closed it.
    ClosedByDevice,
    /// The connection was reset, or its keep-alive failed.
    Reset,
    /// The same device dialled in again; the older connection was given up.
    Replaced,
    /// Bytes came for a minute, but no valid packet; or a mebibyte without a `#`.
    OnlyBadPackets,
    /// Its address holds as many connections as one address may.
    TooManyFromAddress,
    /// As many connections as the server may hold are open.
    ServerFull,
    /// The operator removed the device.
    Removed,
    /// The server was stopped.
    Stopped,
    /// The operator asked it to dial in again.
    Reconnect,
    /// It speaks another protocol: it looks for a web server, most likely.
    WrongProtocol,
}

impl Ended {
    /// The reason in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::ClosedByDevice => "closed by device",
            Self::Reset => "connection reset or keep-alive failed",
            Self::Replaced => "replaced by a newer connection of the same device",
            Self::OnlyBadPackets => "only bad packets for a minute",
            Self::TooManyFromAddress => "too many connections from its address",
            Self::ServerFull => "the server holds as many connections as it may",
            Self::Removed => "removed by the operator",
            Self::Stopped => "the sensor server was stopped",
            Self::Reconnect => "closed by the operator, to dial in again",
            Self::WrongProtocol => "it speaks another protocol; is this the right port?",
        }
    }
}

/// A sensor device: one thing that reports for one location.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Its slug.
    pub id: DeviceId,
    /// What people call it; its location until renamed.
    pub name: Arc<str>,
    /// The place it reports for, as it says itself or as mapped.
    pub location: Arc<str>,
    /// The room or group that people put it into; empty for none.
    pub place: Arc<str>,
    /// Its serial number, if it sent one.
    pub serial: Option<Arc<str>>,
    /// The address it last dialled in from.
    pub address: IpAddr,
    /// False while a device from a foreign address waits for the operator.
    pub accepted: bool,
    /// True if it says of itself that it is simulated (serial number `SIM...`).
    pub simulated: bool,
    /// Whether a connection is open.
    pub connected: bool,
    /// How it fares.
    pub phase: Phase,
    /// Connections it opened since its last valid packet.
    pub attempts: u32,
    /// When its last valid packet came, as known at the last change of phase; `None` = never.
    pub heard: Option<Timestamp>,
    /// Why its last connection ended, if it did.
    pub ended: Option<Ended>,
    /// When it entered this phase.
    pub since: Timestamp,
    /// Its learned period between readings of one kind.
    pub period: Option<Duration>,
    /// The line end it wants behind a command, once one was answered: `none`, `lf` or `crlf`.
    pub line_end: Option<Arc<str>>,
}

impl Device {
    /// What is wrong with it, in words; `None` if nothing is. `silence`: since its last valid packet in this run, if one
    /// came.
    #[must_use]
    pub fn trouble(&self, silence: Option<Duration>) -> Option<String> {
        if !self.accepted {
            return Some("new: it waits to be accepted".to_owned());
        }
        match (self.connected, silence) {
            (true, None) if self.phase == Phase::Identify => None,
            (true, None) => Some("connected, but nothing valid came from it yet".to_owned()),
            (true, Some(silence)) if matches!(self.phase, Phase::Late | Phase::Offline) => {
                Some(format!("silent for {} s", silence.as_secs()))
            }
            (true, Some(_)) => None,
            (false, _) => Some(match (self.ended, self.heard) {
                (Some(why), _) => why.words().to_owned(),
                (None, Some(_)) => "not connected since the program was started".to_owned(),
                (None, None) => "never connected".to_owned(),
            }),
        }
    }
}

/// What is known of a location before a device reports for it: from an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduced {
    /// What to call its device; empty = its location.
    pub name: Arc<str>,
    /// The room or group to put it into; empty for none.
    pub place: Arc<str>,
}

/// All devices by id.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sensors {
    /// Devices, connected or not.
    pub devices: BTreeMap<DeviceId, Arc<Device>>,
    /// Locations that are known though no device reports for them yet.
    pub introduced: BTreeMap<Arc<str>, Introduced>,
}

impl Sensors {
    /// All devices, by name; devices of one name by id.
    #[must_use]
    pub fn by_name(&self) -> Vec<Arc<Device>> {
        let mut devices: Vec<_> = self.devices.values().cloned().collect();
        devices.sort_by_cached_key(|device| (device.name.to_lowercase(), device.id.clone()));
        devices
    }
}

/// What can be asked of the sensor server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Take in a device that waits.
    Accept {
        /// Which.
        device: DeviceId,
    },
    /// Call it something else. 1..=64 characters.
    Rename {
        /// Which.
        device: DeviceId,
        /// The new name.
        name: String,
    },
    /// Put it into a room or group; empty takes it out. At most 64 characters.
    SetPlace {
        /// Which.
        device: DeviceId,
        /// The room or group.
        place: String,
    },
    /// Close its connection so that it dials in anew: devices dial in, they cannot be dialled.
    Reconnect {
        /// Which.
        device: DeviceId,
    },
    /// Tell of a location: its device gets this name and place, now or when it dials in.
    Introduce {
        /// The location.
        location: String,
        /// Name and place.
        as_what: Introduced,
    },
    /// Close its connection and forget it; if it dials in again it is new.
    Forget {
        /// Which.
        device: DeviceId,
    },
    /// Ask it for its calibration again, in the next quiet moment.
    AskCalibration {
        /// Which.
        device: DeviceId,
    },
}

/// What became true of the devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// A device is there, or is different: its whole state.
    Changed(Arc<Device>),
    /// A device was forgotten.
    Forgotten(DeviceId),
    /// A location was introduced, or its device is there now (`None`).
    Introduced {
        /// The location.
        location: Arc<str>,
        /// Name and place.
        as_what: Option<Introduced>,
    },
    /// All devices at once.
    Reset(Arc<Sensors>),
}

impl Sensors {
    /// Folds one update in.
    pub fn apply(&mut self, update: &Update) {
        match update {
            Update::Changed(device) => drop(self.devices.insert(device.id.clone(), Arc::clone(device))),
            Update::Forgotten(id) => drop(self.devices.remove(id)),
            Update::Introduced { location, as_what: Some(known) } => {
                drop(self.introduced.insert(Arc::clone(location), known.clone()));
            }
            Update::Introduced { location, as_what: None } => drop(self.introduced.remove(location)),
            Update::Reset(all) => *self = Self::clone(all),
        }
    }
}
