//! The diary: what goes into the journal though it is no alarm. Devices taken in, renamed, moved, forgotten; settings
//! changed; masks put and removed, for what they cover is not watched; the master stop. Pure: facts in, entries out.
//!
//! Invariant: a fact that changes none of this gives no entry; strangers who wait give none either, so nobody fills
//! the journal from outside.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::alarms::journal::{Entry, What};
use crate::model::message::{Origin, Stamped, Update};
use crate::model::sensors::{self, Device, DeviceId};
use crate::model::snapshot::Snapshot;
use crate::model::system::{self, Setting, Stopped};
use crate::model::thermal::region::{Region, Regions};
use crate::model::thermal::{self, Array, Thermal};

/// What was so before a fact.
#[derive(Clone, Debug, Default)]
pub struct Diary {
    seq: u64,
    devices: BTreeMap<DeviceId, Arc<Device>>,
    settings: Arc<Vec<Setting>>,
    regions: BTreeMap<DeviceId, Arc<Regions>>,
    stopped: Option<Stopped>,
}

impl Diary {
    /// A diary that begins with this state.
    #[must_use]
    pub fn new(view: &Snapshot) -> Self {
        let devices = view.sensors.devices.values().filter(|device| device.accepted);
        Self {
            seq: view.seq,
            devices: devices.map(|device| (device.id.clone(), Arc::clone(device))).collect(),
            settings: Arc::clone(&view.system.settings),
            regions: regions_of(&view.thermal),
            stopped: view.system.stopped.clone(),
        }
    }

    /// What a fact is worth to the journal. A fact that is in the state already is worth nothing.
    pub fn entries(&mut self, fact: &Stamped) -> Vec<Entry> {
        if fact.seq <= self.seq {
            return Vec::new();
        }
        self.seq = fact.seq;
        let by = fact.origin.words();
        match &fact.update {
            Update::Sensors(sensors::Update::Changed(device)) => self.device(device, &by, fact.wall),
            Update::Sensors(sensors::Update::Forgotten(id)) => self.forgotten(id, &by, fact.wall),
            Update::Sensors(sensors::Update::Reset(all)) => {
                let devices = all.devices.values().filter(|device| device.accepted);
                self.devices = devices.map(|device| (device.id.clone(), Arc::clone(device))).collect();
                Vec::new()
            }
            Update::System(system::Update::Settings { all, .. }) => self.settings(all, &by, fact.wall),
            Update::System(system::Update::Reset(all)) => {
                self.settings = Arc::clone(&all.settings);
                self.stopped.clone_from(&all.stopped);
                Vec::new()
            }
            Update::System(system::Update::Stopped(stopped)) => self.stop(stopped.as_ref(), &by, fact.wall),
            Update::Thermal(thermal::Update::Changed(array)) => self.masks(array, &by, fact.wall),
            Update::Thermal(thermal::Update::Forgotten(id)) => {
                self.regions.remove(id);
                Vec::new()
            }
            Update::Thermal(thermal::Update::Reset(all)) => {
                self.regions = regions_of(all);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Facts were missed: what they left behind. Who did it is not known any more.
    pub fn catch_up(&mut self, view: &Snapshot, wall: Timestamp) -> Vec<Entry> {
        let by = Origin::System.words();
        let gone: Vec<DeviceId> =
            self.devices.keys().filter(|id| !view.sensors.devices.contains_key(*id)).cloned().collect();
        let mut entries: Vec<Entry> = gone.iter().flat_map(|id| self.forgotten(id, &by, wall)).collect();
        for device in view.sensors.devices.values() {
            entries.extend(self.device(device, &by, wall));
        }
        entries.extend(self.settings(&view.system.settings, &by, wall));
        entries.extend(view.thermal.arrays.values().flat_map(|array| self.masks(array, &by, wall)));
        entries.extend(self.stop(view.system.stopped.as_ref(), &by, wall));
        self.seq = view.seq;
        entries
    }

    fn device(&mut self, device: &Arc<Device>, by: &Arc<str>, wall: Timestamp) -> Vec<Entry> {
        if !device.accepted {
            return Vec::new();
        }
        let before = self.devices.insert(device.id.clone(), Arc::clone(device));
        let Device { name, place, location, .. } = &**device;
        let told = |text: String| about(device, by, wall, text);
        let Some(before) = before else {
            return vec![told(format!("\"{name}\" was taken in, for the location \"{location}\"."))];
        };
        let mut entries = Vec::new();
        if before.name != *name {
            entries.push(told(format!("\"{}\" was renamed to \"{name}\".", before.name)));
        }
        if before.place != *place {
            entries.push(told(match (&*before.place, &**place) {
                (from, "") => format!("\"{name}\" was taken out of \"{from}\"."),
                ("", to) => format!("\"{name}\" was put into \"{to}\"."),
                (from, to) => format!("\"{name}\" was moved from \"{from}\" to \"{to}\"."),
            }));
        }
        entries
    }

    fn forgotten(&mut self, id: &DeviceId, by: &Arc<str>, wall: Timestamp) -> Vec<Entry> {
        let known = self.devices.remove(id);
        known
            .map(|device| about(&device, by, wall, format!("\"{}\" was forgotten.", device.name)))
            .into_iter()
            .collect()
    }

    /// What happened to the masks of an array. One that was not seen before has those that were kept.
    fn masks(&mut self, array: &Array, by: &Arc<str>, wall: Timestamp) -> Vec<Entry> {
        let before = self.regions.insert(array.device.clone(), Arc::clone(&array.regions));
        let (Some(before), Some(device)) = (before, self.devices.get(&array.device)) else { return Vec::new() };
        let told = |what: &str, mask: &Region| {
            let name = if mask.name.is_empty() { String::new() } else { format!(" ({})", mask.name) };
            about(device, by, wall, format!("\"{}\": mask {}{name} was {what}.", device.name, mask.id))
        };
        let masks = |regions: &Arc<Regions>| regions.regions.iter().filter(|region| region.mask).cloned().collect();
        let (old, new): (Vec<Region>, Vec<Region>) = (masks(&before), masks(&array.regions));
        let gone = old.iter().filter(|mask| array.regions.get(&mask.id).is_none()).map(|mask| told("removed", mask));
        let put = new.iter().filter_map(|mask| match before.get(&mask.id) {
            None => Some(told("put; what it covers is not watched", mask)),
            Some(known) if known.shape != mask.shape => Some(told("changed; what it covers is not watched", mask)),
            Some(_) => None,
        });
        gone.chain(put).collect()
    }

    fn stop(&mut self, stopped: Option<&Stopped>, by: &Arc<str>, wall: Timestamp) -> Vec<Entry> {
        let held = std::mem::replace(&mut self.stopped, stopped.cloned()).is_some();
        let told = |what, text: &str| vec![entry(what, by, wall, text.to_owned())];
        match (held, stopped.is_some()) {
            (false, true) => told(What::Stopped, "Master stop: rules run no actions. Alarms go on."),
            (true, false) => told(What::Resumed, "The master stop was released: rules run actions again."),
            _ => Vec::new(),
        }
    }

    fn settings(&mut self, all: &Arc<Vec<Setting>>, by: &Arc<str>, wall: Timestamp) -> Vec<Entry> {
        let before = std::mem::replace(&mut self.settings, Arc::clone(all));
        let old: BTreeMap<&str, &str> = before.iter().map(|line| (&*line.key, &*line.value)).collect();
        let changed = all.iter().filter_map(|line| Some((line, *old.get(&*line.key)?)));
        changed
            .filter(|(line, from)| *line.value != **from)
            .map(|(line, from)| {
                let text = format!("{} was changed from {} to {}.", line.key, shown(from), shown(&line.value));
                entry(What::Setting, by, wall, text)
            })
            .collect()
    }
}

fn regions_of(all: &Thermal) -> BTreeMap<DeviceId, Arc<Regions>> {
    all.arrays.iter().map(|(id, array)| (id.clone(), Arc::clone(&array.regions))).collect()
}

/// A value as it stands in a sentence; a very long one is cut.
fn shown(value: &str) -> String {
    const LONGEST: usize = 200;
    match value {
        "" => "nothing".to_owned(),
        _ if value.chars().count() > LONGEST => value.chars().take(LONGEST).chain(['…']).collect(),
        _ => value.to_owned(),
    }
}

fn about(device: &Device, by: &Arc<str>, wall: Timestamp, text: String) -> Entry {
    let (id, location) = (Some(device.id.clone()), Some(Arc::clone(&device.location)));
    Entry { device: id, location, ..entry(What::Device, by, wall, text) }
}

fn entry(what: What, by: &Arc<str>, wall: Timestamp, text: String) -> Entry {
    Entry::plain(what, Arc::clone(by), wall, text)
}
