//! Labels of places: a device's location, or its id where several report for one, or `other` beyond the cap.
//!
//! Invariant: no two places have one label.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::engine::metrics::MAX_PLACES;
use crate::model::sensors::Device;
use crate::model::snapshot::Snapshot;
use crate::model::thermal::ThermalFrame;
use crate::port::meter::Counter;
use crate::port::slots::DeviceSlot;

/// One device as far as it is known: by its slot, by the state, or both.
pub(super) struct Member<'a> {
    pub(super) slot: Option<&'a DeviceSlot>,
    pub(super) device: Option<&'a Device>,
}

/// One value of the label `location`: a device, or all that are beyond [`MAX_PLACES`].
pub(super) struct Place<'a> {
    pub(super) label: String,
    pub(super) members: Vec<Member<'a>>,
}

impl<'a> Place<'a> {
    /// The slots of its devices.
    pub(super) fn slots(&self) -> impl Iterator<Item = &'a DeviceSlot> {
        self.members.iter().filter_map(|member| member.slot)
    }

    /// The newest frames of its arrays.
    pub(super) fn frames(&self) -> Vec<Arc<ThermalFrame>> {
        self.slots().filter_map(|slot| slot.frames.newest()).collect()
    }

    /// How often the command `command` ended in the way `result`.
    pub(super) fn commands(&self, command: usize, result: usize) -> u64 {
        self.slots().filter_map(|slot| slot.commands.get(command)?.get(result)).map(Counter::get).sum()
    }

    /// A counter of all its devices.
    pub(super) fn sum(&self, counter: impl Fn(&'a DeviceSlot) -> &'a Counter) -> u64 {
        self.slots().map(|slot| counter(slot).get()).sum()
    }
}

/// All devices of state and slots, each with its label; the labels are unique.
pub(super) fn places<'a>(snapshot: &'a Snapshot, slots: impl Iterator<Item = &'a DeviceSlot>) -> Vec<Place<'a>> {
    let mut by_id: BTreeMap<&str, Member<'a>> = snapshot
        .sensors
        .devices
        .iter()
        .map(|(id, device)| (id.as_str(), Member { slot: None, device: Some(&**device) }))
        .collect();
    for slot in slots {
        by_id.entry(slot.id.as_str()).or_insert(Member { slot: None, device: None }).slot = Some(slot);
    }
    let mut taken = HashSet::from(["".to_owned(), "other".to_owned()]);
    let mut labels: Vec<Option<String>> = by_id.values().map(|member| first_to_take(&mut taken, member)).collect();
    for (label, id) in labels.iter_mut().zip(by_id.keys()).filter(|(label, _)| label.is_none()) {
        *label = Some(own_label(&mut taken, id));
    }
    let mut members = by_id.into_values().zip(labels);
    let own = members.by_ref().take(MAX_PLACES);
    let mut all: Vec<Place<'a>> =
        own.map(|(member, label)| Place { label: label.unwrap_or_default(), members: vec![member] }).collect();
    let rest: Vec<Member<'a>> = members.map(|(member, _)| member).collect();
    if !rest.is_empty() {
        all.push(Place { label: "other".to_owned(), members: rest });
    }
    all
}

/// The device's location, unless another device has it as its label already.
fn first_to_take(taken: &mut HashSet<String>, member: &Member<'_>) -> Option<String> {
    let location = member.slot.map(|slot| &*slot.location).or(member.device.map(|device| &*device.location))?;
    taken.insert(location.to_owned()).then(|| location.to_owned())
}

/// The device's id, with a number behind it if that happens to be the location of another device.
fn own_label(taken: &mut HashSet<String>, id: &str) -> String {
    let numbered = (2..).map(|n: u32| format!("{id}#{n}"));
    std::iter::once(id.to_owned()).chain(numbered).find(|label| taken.insert(label.clone())).unwrap_or_default()
}
