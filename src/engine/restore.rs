//! What was stored, taken in before anything runs.
//!
//! Invariant: what is damaged is left out and told of; it never keeps the rest from being there.

use std::io;
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;

use crate::engine::services::bridge;
use crate::engine::services::bridge::book::Bridge;
use crate::engine::services::layouts::Layouts;
use crate::engine::services::sensors::House;
use crate::engine::services::sensors::registry::is_simulated;
use crate::io::certificate::{Certificate, Shown};
use crate::model::bridge::Identity;
use crate::model::lights::Lights;
use crate::model::message::{Origin, Update};
use crate::model::sensors::{Device, Phase};
use crate::model::snapshot::Snapshot;
use crate::model::system::Stopped;
use crate::settings::current::Settings;
use crate::store::Store;
use crate::store::records::{CalibrationRecord, DeviceRecord, Kept, KeptBridge, KeptLights};

/// Takes in what is stored of devices and arrays. Returns what went wrong, for people.
pub(super) fn house(house: &House) -> Vec<String> {
    let Some(store) = &house.store else { return Vec::new() };
    let mut notices = Vec::new();
    let (mut registry, mut arrays) = (house.registry.lock(), house.arrays.lock());
    match store.devices() {
        Ok(Kept { records, damaged }) => {
            notices.extend(damaged);
            for record in records {
                registry.restore(&record.owner, device(&record, house.ground.clock.wall()));
                arrays.restore(&record.id, record.choice);
            }
        }
        Err(error) => notices.push(format!("Stored devices could not be read. {error}")),
    }
    match store.introduced() {
        Ok(Kept { records, damaged }) => {
            notices.extend(damaged);
            for (location, as_what) in records {
                registry.restore_introduced(location, as_what);
            }
        }
        Err(error) => notices.push(format!("Introduced locations could not be read. {error}")),
    }
    match store.learned() {
        Ok(Kept { records, damaged }) => {
            notices.extend(damaged);
            for (id, learned) in records {
                let Some(slot) = house.ground.slots.device(&id) else { continue };
                slot.learned.store(Some(Arc::new(learned)));
            }
        }
        Err(error) => notices.push(format!("What was learned of devices could not be read. {error}")),
    }
    match store.calibrations() {
        Ok(Kept { records, damaged }) => {
            notices.extend(damaged);
            for CalibrationRecord { key, words, .. } in records {
                let Some(id) = registry.with_key(&key.owner, &key.location) else { continue };
                if let Err(error) = arrays.restore_calibration(&id, &words) {
                    notices.push(format!("The stored calibration of \"{id}\" is not used: {error}."));
                }
            }
        }
        Err(error) => notices.push(format!("Stored calibrations could not be read. {error}")),
    }
    match store.regions() {
        Ok(Kept { records, damaged }) => {
            notices.extend(damaged);
            for (id, regions) in records {
                if let Err(error) = arrays.restore_regions(&id, regions) {
                    notices.push(format!("The stored regions and masks of \"{id}\" are left out. {error}"));
                }
            }
        }
        Err(error) => notices.push(format!("Stored regions and masks could not be read. {error}")),
    }
    match store.bookmarks() {
        Ok((Kept { records, damaged }, last)) => {
            notices.extend(damaged);
            arrays.bookmarks().restore(records, last);
        }
        Err(error) => notices.push(format!("Stored bookmarks could not be read. {error}")),
    }
    notices
}

/// What is stored of the program itself.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// The master stop, if it holds.
    pub(super) stopped: Option<Stopped>,
    /// Layouts of the window.
    pub(super) layouts: Layouts,
    /// Lights, their rooms, scenes and connections.
    pub(super) lights: Lights,
    /// The Hue bridge.
    pub(super) bridge: KeptBridge,
    /// What went wrong, for people.
    pub(super) damaged: Vec<String>,
}

/// Reads what is stored of the program itself.
pub(super) fn program(store: Option<&Store>, now: Timestamp) -> Program {
    let mut program = Program::default();
    let Some(store) = store else { return program };
    match store.stopped() {
        Ok(Kept { records, damaged }) => {
            // There was one: who pressed it is lost, but not that it holds.
            let lost = (!damaged.is_empty()).then(|| Stopped { by: Origin::System.words(), since: now });
            program.stopped = records.into_iter().next().or(lost);
            program.damaged.extend(damaged);
        }
        Err(error) => program.damaged.push(format!("The stored master stop could not be read. {error}")),
    }
    match store.layouts() {
        Ok(stored) => program.damaged.extend(program.layouts.restore(stored)),
        Err(error) => program.damaged.push(format!("Stored layouts could not be read. {error}")),
    }
    match store.lights() {
        Ok(KeptLights { lights, damaged }) => {
            program.lights = lights;
            program.damaged.extend(damaged);
        }
        Err(error) => program.damaged.push(format!("Stored lights could not be read. {error}")),
    }
    match store.bridge() {
        Ok(mut kept) => {
            program.damaged.append(&mut kept.damaged);
            program.bridge = kept;
        }
        Err(error) => program.damaged.push(format!("What Hue apps keep could not be read. {error}")),
    }
    program
}

/// The Hue bridge as it was kept, with what went wrong.
pub(super) struct Hue {
    /// Its service.
    pub(super) bridge: Bridge,
    /// The certificate it shows.
    pub(super) shown: Shown,
    /// What went wrong, for people.
    pub(super) damaged: Vec<String>,
}

/// Brings the Hue bridge back, or makes one.
///
/// # Errors
/// If the system gives no random bits.
pub(super) fn hue(files: &bridge::Files, kept: KeptBridge, settings: &Settings, zone: &str) -> io::Result<Hue> {
    let (keys, mut damaged) = bridge::open_keys(files)?;
    let (certificate, told) = Certificate::open(&files.certificate, keys.id.0).map_err(io::Error::other)?;
    damaged.extend(told);
    // As long as nobody settled a zone, its clock goes as that of the system.
    let identity = kept.identity.unwrap_or_else(|| Identity { zone: zone.into(), ..Identity::default() });
    let kept = KeptBridge { identity: Some(identity), ..kept };
    let bridge = Bridge::new(keys, kept, &bridge::versions(settings));
    Ok(Hue { bridge, shown: Arc::new(ArcSwap::from_pointee(certificate)), damaged })
}

/// What of the opening facts the Hue bridge shows.
pub(super) fn seen(opening: &[Update]) -> Snapshot {
    let mut seen = Snapshot::default();
    for update in opening {
        match update {
            Update::Lights(update) => seen.lights.apply(update),
            Update::Sensors(update) => seen.sensors.apply(update),
            Update::Thermal(update) => seen.thermal.apply(update),
            _ => {}
        }
    }
    seen
}

fn device(record: &DeviceRecord, now: Timestamp) -> Device {
    let bare = record.owner.split('#').next().unwrap_or_default();
    let address = bare.strip_prefix("ip:").and_then(|ip| ip.parse().ok());
    let serial: Option<Arc<str>> = bare.strip_prefix("serial:").map(Into::into);
    let heard = Some(record.last_seen).filter(|&seen| seen > Timestamp::UNIX_EPOCH);
    Device {
        id: record.id.clone(),
        name: record.name.as_str().into(),
        location: record.location.as_str().into(),
        simulated: serial.as_deref().is_some_and(is_simulated),
        serial,
        address: address.unwrap_or(std::net::IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED)),
        accepted: record.accepted,
        connected: false,
        phase: Phase::Offline,
        ended: None,
        place: record.place.as_str().into(),
        attempts: 0,
        heard,
        since: heard.unwrap_or(now),
        period: None,
        line_end: record.line_end.as_deref().map(Into::into),
    }
}
