//! How a device stands, in five shapes and their words, with cause and what happens next.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::sensors::{Device, Ended, Phase};
use crate::ui::words;

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
    /// What is shown of it is of an instant of the past. [`Self::of`] never says so: a device always stands now.
    Past,
}

impl Standing {
    /// All in which a device can be, in the order in which they are counted up.
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
            Self::Past => "past",
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
        Standing::Live | Standing::Past => ("Live", "Readings arrive as expected"),
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

/// How long a connection may take to its first reading before it is worth a word.
const SLOW_START: Duration = Duration::from_secs(30);

/// What is wrong with a device, and what helps; `None` if it is as it should be.
#[must_use]
pub fn trouble(device: &Device, now: Timestamp) -> Option<(String, String)> {
    let since = |then: Timestamp| Duration::try_from(now.duration_since(then)).unwrap_or_default();
    let quiet = since(device.heard.unwrap_or(device.since));
    let (cause, cure) = match Standing::of(device) {
        Standing::Live | Standing::Past => return None,
        Standing::Pending if since(device.since) < SLOW_START => return None,
        Standing::Off => (
            format!("Refused until you accept it: {} is not in sensors.allow", device.address),
            "Accept it here, or add its network to sensors.allow",
        ),
        Standing::Pending => (
            "Connected, but no reading came yet".to_owned(),
            "It was asked to send; check what it says on its own console",
        ),
        Standing::Stale => (
            format!("Silent for {}", words::age(quiet)),
            "The connection is open; if nothing comes it counts as offline after 30\u{a0}s or three of its periods",
        ),
        Standing::Offline if device.connected => (
            format!("Silent for {}", words::age(quiet)),
            "The connection is open but nothing comes; check its power and wiring, or reconnect",
        ),
        Standing::Offline => gone(device),
    };
    Some((cause, cure.to_owned()))
}

/// Why there is no connection, and what helps.
fn gone(device: &Device) -> (String, &'static str) {
    let cure = match device.ended {
        None if device.heard.is_none() => "Point it at this machine's sensor port; it dials in by itself",
        None => "It dials in by itself; check its power and its network",
        Some(Ended::ClosedByDevice) => "It dials in again by itself; if it keeps closing, look at its own log",
        Some(Ended::Reset) => "Check its power, its cable or its wireless signal; it dials in again by itself",
        Some(Ended::Replaced) => {
            "The same device dialled in twice; if two devices share this place, give one another location"
        }
        Some(Ended::OnlyBadPackets) => "Its packets are damaged: check wiring and baud rate of its serial line",
        Some(Ended::TooManyFromAddress) => {
            "Raise sensors.max_per_address, or look for a device that dials in again and again"
        }
        Some(Ended::ServerFull) => "Raise sensors.max_connections",
        Some(Ended::Removed) => "If it dials in again it is new",
        Some(Ended::Stopped) => "The sensor server is off; see its port under Network",
        Some(Ended::Reconnect) => "It dials in again by itself; if it does not, restart it",
        Some(Ended::WrongProtocol) => "Point it at the sensor port shown under Network",
    };
    (words::capital(&device.trouble(None).unwrap_or_default()), cure)
}
