//! One device of the registry: who it is, how it fares, and when that is worth telling.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::message::Update;
use crate::model::sensors::{self, Device, Phase};
use crate::port::slots::DeviceSlot;
use crate::units::moment::Moment;

const OFFLINE: Duration = Duration::from_secs(30);
const LATE_AT_LEAST: Duration = Duration::from_secs(1);

/// Who a device is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) owner: String,
    pub(super) location: Arc<str>,
    pub(super) twin: u8,
}

impl Key {
    /// Its owner as the store knows it: twins numbered behind a `#`.
    pub(super) fn stored_owner(&self) -> String {
        if self.twin == 0 { self.owner.clone() } else { format!("{}#{}", self.owner, self.twin) }
    }

    /// The key of a stored owner and location.
    pub(super) fn stored(owner: &str, location: &str) -> Self {
        let twin = owner.rsplit_once('#').and_then(|(owner, twin)| Some((owner, twin.parse().ok()?)));
        let (owner, twin) = twin.unwrap_or((owner, 0));
        Self { owner: owner.to_owned(), location: location.into(), twin }
    }
}

/// A device, its slot, and the connection that reports for it.
pub(super) struct Entry {
    pub(super) key: Key,
    pub(super) device: Device,
    pub(super) slot: Arc<DeviceSlot>,
    pub(super) connection: Option<u64>,
    /// When that connection was opened.
    pub(super) opened: Moment,
    pub(super) calibration_wish: Arc<AtomicBool>,
}

impl Entry {
    /// Takes a name and a place, what is empty aside. Returns whether that changed anything.
    pub(super) fn be_called(&mut self, name: &Arc<str>, place: &Arc<str>) -> bool {
        let Device { name: own_name, place: own_place, .. } = &mut self.device;
        let mut changed = false;
        for (own, wanted) in [(own_name, name), (own_place, place)] {
            if !wanted.is_empty() && own != wanted {
                *own = Arc::clone(wanted);
                changed = true;
            }
        }
        changed
    }

    /// Notes when its last valid packet came. One on this connection ends the count of attempts.
    pub(super) fn hear(&mut self, now: Moment, wall: Timestamp) {
        let Some(heard) = self.slot.last_heard() else { return };
        let ago = SignedDuration::try_from(now.since(heard)).unwrap_or(SignedDuration::MAX);
        self.device.heard = Some(wall.checked_sub(ago).unwrap_or(wall));
        if heard >= self.opened {
            self.device.attempts = 0;
        }
    }

    /// Enters a phase; the time of that is kept.
    pub(super) fn enter(&mut self, phase: Phase, wall: Timestamp) {
        if self.device.phase != phase {
            self.device.phase = phase;
            self.device.since = wall;
        }
    }

    /// The fact that it is as it is now.
    pub(super) fn changed(&self) -> Update {
        Update::Sensors(sensors::Update::Changed(Arc::new(self.device.clone())))
    }
}

/// What a person may write as a name, a location or a place: at most 64 characters, no control characters; trimmed.
pub(super) fn label(text: &str) -> Option<&str> {
    let text = text.trim();
    (text.chars().count() <= 64 && !text.chars().any(char::is_control)).then_some(text)
}

/// The phase after `silence`. A device is late after two and a half of its periods, offline after three or 30 s.
pub(super) fn phase(present: Phase, heard: bool, silence: Duration, period: Option<Duration>) -> Phase {
    if !heard {
        return if present == Phase::Identify { Phase::Start } else { present };
    }
    let late = period.map_or(OFFLINE, |period| (period * 5 / 2).max(LATE_AT_LEAST));
    let offline = period.map_or(OFFLINE, |period| OFFLINE.max(period * 3));
    if silence >= offline {
        Phase::Offline
    } else if silence >= late {
        Phase::Late
    } else {
        Phase::Streaming
    }
}

/// Whether people should hear of a learned period: at once if none was known or it doubled or halved, else, `settle`
/// allowing, if it changed by a twentieth.
pub(super) fn period_changed(known: Option<Duration>, now: Option<Duration>, settle: bool) -> bool {
    match (known, now) {
        (None, Some(_)) => true,
        (Some(known), Some(now)) => {
            let (less, more) = (known.min(now), known.max(now));
            more > less * 2 || (settle && more > less * 21 / 20)
        }
        _ => false,
    }
}
