//! The roll: devices that are watched for silence, and for how long each of them is quiet.
//!
//! Invariant: a device that was never heard is quiet since it is on the roll: since the program's start, or since it was
//! added; longer if an alarm of before the start says so, or that alarm would clear though nothing came. While the
//! demo's devices hold still no silence grows.
//! Invariant: the roll looks for devices that came or went only when a fact was published.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::services::alarms::book::Book;
use crate::heat::watch::{Edge, Program, Watch};
use crate::model::sensors::{Device, DeviceId};
use crate::model::snapshot::Snapshot;
use crate::units::moment::Moment;

/// Data is stale after so many of its device's periods, ...
const STALE_PERIODS: u32 = 3;
/// ... and not before.
const STALE_AT_LEAST: Duration = Duration::from_secs(10);
/// A device that alarms know and the registry does not may be on its way; after this long it is gone.
const GRACE: Duration = Duration::from_secs(1);

/// What is known of a device's packets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heard {
    /// When the last valid one ended.
    pub last: Option<Moment>,
    /// The learned period.
    pub period: Option<Duration>,
}

/// A device that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Which.
    pub device: DeviceId,
    /// Its location, if no other device reports for it.
    pub deserted: Option<Arc<str>>,
}

#[derive(Debug)]
struct Followed {
    location: Arc<str>,
    since: Moment,
    /// For how long it was quiet at `since`.
    before: Duration,
    quiet: Duration,
    stale: bool,
    watch: Watch,
}

/// Devices that are watched for silence.
#[derive(Debug, Default)]
pub struct Roll {
    followed: BTreeMap<DeviceId, Followed>,
    missing: BTreeMap<DeviceId, Moment>,
    seq: u64,
    revision: u64,
}

impl Roll {
    /// Takes in devices that came and tells of those that are gone.
    pub fn follow(&mut self, snapshot: &Snapshot, book: &Book, program: &Arc<Program>, now: Moment) -> Vec<Gone> {
        if self.revision != program.revision {
            self.revision = program.revision;
            for (device, followed) in &mut self.followed {
                followed.watch = watch(device, &followed.location, book, program, now);
            }
        }
        if self.seq == snapshot.seq && self.missing.is_empty() {
            return Vec::new();
        }
        self.seq = snapshot.seq;
        let devices = &snapshot.sensors.devices;
        for device in devices.values().filter(|device| device.accepted) {
            if !self.followed.contains_key(&device.id) {
                self.followed.insert(device.id.clone(), Followed::begin(device, book, program, now));
            }
        }
        let mut gone: Vec<DeviceId> = self.followed.keys().filter(|id| !devices.contains_key(*id)).cloned().collect();
        gone.extend(self.lost(snapshot, book, now));
        gone.into_iter().map(|device| self.strike(device, snapshot)).collect()
    }

    /// Devices that alarms know, but the registry has not known for a while.
    fn lost(&mut self, snapshot: &Snapshot, book: &Book, now: Moment) -> Vec<DeviceId> {
        let unknown = |id: &DeviceId| !snapshot.sensors.devices.contains_key(id) && !self.followed.contains_key(id);
        let missing: Vec<DeviceId> = book.devices().into_iter().filter(unknown).collect();
        let since = std::mem::take(&mut self.missing);
        self.missing = missing.into_iter().map(|id| (id.clone(), since.get(&id).copied().unwrap_or(now))).collect();
        self.missing.iter().filter(|(_, since)| now.since(**since) >= GRACE).map(|(id, _)| id.clone()).collect()
    }

    fn strike(&mut self, device: DeviceId, snapshot: &Snapshot) -> Gone {
        self.missing.remove(&device);
        let location = self.followed.remove(&device).map(|followed| followed.location);
        let is_held = |location: &Arc<str>| snapshot.sensors.devices.values().any(|other| other.location == *location);
        Gone { device, deserted: location.filter(|location| !is_held(location)) }
    }

    /// Measures how quiet each device is. `paused`: the demo's devices hold still. Sources of silence that turned are
    /// given to `turned`, device by device.
    pub fn listen(
        &mut self,
        paused: bool,
        heard: impl Fn(&DeviceId) -> Heard,
        now: Moment,
        mut turned: impl FnMut(&DeviceId, &Arc<str>, &[Edge]),
    ) {
        let mut edges = Vec::new();
        for (device, followed) in &mut self.followed {
            let Heard { last, period } = heard(device);
            if paused {
                (followed.since, followed.before) = (now, followed.quiet);
                continue;
            }
            followed.quiet = match last.filter(|last| *last >= followed.since) {
                Some(last) => now.since(last),
                None => now.since(followed.since).saturating_add(followed.before),
            };
            followed.stale = followed.quiet > STALE_AT_LEAST.max(period.unwrap_or_default() * STALE_PERIODS);
            let period = period.map(|period| period.as_secs_f64());
            followed.watch.silent(followed.quiet.as_secs_f64(), period, now, &mut edges);
            if !edges.is_empty() {
                turned(device, &followed.location, &edges);
                edges.clear();
            }
        }
    }

    /// Whether nothing came from a device for three of its periods, at least 10 s.
    #[must_use]
    pub fn is_stale(&self, device: &DeviceId) -> bool {
        self.followed.get(device).is_some_and(|followed| followed.stale)
    }
}

impl Followed {
    fn begin(device: &Device, book: &Book, program: &Arc<Program>, now: Moment) -> Self {
        let location = Arc::clone(&device.location);
        let watch = watch(&device.id, &location, book, program, now);
        let before = book.silent_for(&device.id);
        Self { location, since: now, before, quiet: before, stale: false, watch }
    }
}

fn watch(device: &DeviceId, location: &str, book: &Book, program: &Arc<Program>, now: Moment) -> Watch {
    Watch::new(device.clone(), program, &book.on(device, location), None, now)
}
