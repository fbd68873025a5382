//! How a device stands, in the five shapes and their words, with cause and what happens next.

use crate::model::sensors::{Device, Ended, Phase};

/// How a device stands. Each has a shape of its own; colour only repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Readings arrive.
    Live,
    /// Asked, not answered yet.
    Pending,
    /// Answered, but too long ago.
    Stale,
    /// No connection, or silent for long.
    Offline,
    /// Waits for the operator, or is not used.
    Off,
}

impl Standing {
    /// All of them, in the order in which they are counted up.
    pub const ALL: [Self; 5] = [Self::Live, Self::Pending, Self::Stale, Self::Offline, Self::Off];

    /// How `device` stands.
    #[must_use]
    pub const fn of(device: &Device) -> Self {
        if !device.accepted {
            return Self::Off;
        }
        match device.phase {
            Phase::Identify | Phase::Start => Self::Pending,
            Phase::Streaming => Self::Live,
            Phase::Late => Self::Stale,
            Phase::Offline => Self::Offline,
        }
    }

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Pending => "starting",
            Self::Stale => "late",
            Self::Offline => "offline",
            Self::Off => "new",
        }
    }

    /// Whether the newest picture is old news.
    #[must_use]
    pub const fn is_lost(self) -> bool {
        matches!(self, Self::Stale | Self::Offline)
    }
}

/// Why a device is not live: the cause, and what happens next.
#[must_use]
pub fn why(device: &Device) -> (&'static str, &'static str) {
    match Standing::of(device) {
        Standing::Live => ("Live", "Readings arrive as expected"),
        Standing::Pending => ("Starting", "Waiting for its first reading"),
        Standing::Off => ("New device", "It waits until you accept it"),
        Standing::Stale => ("Readings stopped", "The connection is open; if it stays silent it counts as offline"),
        Standing::Offline if device.connected => {
            ("Silent", "The connection is open, but nothing comes; check the device")
        }
        Standing::Offline => (cause(device.ended), "It dials in again by itself"),
    }
}

const fn cause(ended: Option<Ended>) -> &'static str {
    match ended {
        None => "Not connected",
        Some(Ended::ClosedByDevice) => "Connection closed by the device",
        Some(Ended::Reset) => "Connection lost",
        Some(Ended::Replaced) => "Replaced by a newer connection",
        Some(Ended::OnlyBadPackets) => "Only damaged packets came",
        Some(Ended::TooManyFromAddress) => "Too many connections from its address",
        Some(Ended::ServerFull) => "Too many connections are open",
        Some(Ended::Removed) => "Removed by the operator",
        Some(Ended::Stopped) => "The sensor server was stopped",
        Some(Ended::Reconnect) => "Asked to dial in again",
        Some(Ended::WrongProtocol) => "It speaks another protocol; is this the right port?",
    }
}
