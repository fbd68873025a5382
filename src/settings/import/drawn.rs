//! What a plan comes to in pictures: regions and bookmarks, held against what is there.
//!
//! Invariant: nothing is removed: a region that is there stays, unless one of its label is in the plan.

use jiff::Timestamp;

use crate::model::message::Command;
use crate::model::snapshot::Snapshot;
use crate::model::thermal::region::Regions;
use crate::model::thermal::{self, Array};

/// What is to be done, and what is told of it.
#[derive(Default)]
pub(super) struct Drawn {
    pub(super) commands: Vec<Command>,
    pub(super) told: Vec<String>,
    pub(super) warnings: Vec<String>,
}

impl Drawn {
    /// The regions of a location's array.
    pub(super) fn regions(&mut self, location: &str, wanted: &Regions, view: &Snapshot) {
        let here = view.sensors.devices.values().find(|d| d.accepted && *d.location == *location);
        let array = here.and_then(|device| view.thermal.arrays.get(&device.id));
        let (Some(device), Some(array)) = (here, array) else {
            self.warnings.push(format!(
                "\"{location}\": its regions are left out, for no thermal array has sent a picture from there yet. Import \
                 the file again once one has."
            ));
            return;
        };
        match self.differences(array, wanted) {
            Ok(labels) if labels.is_empty() => {}
            Ok(labels) => self.told.push(format!("\"{}\" gets the regions {}.", device.name, labels.join(", "))),
            Err(why) => self.warnings.push(format!("\"{}\": its regions are left out. {why}", device.name)),
        }
    }

    /// The labels of what differs. All of it can be put in one by one, or none is.
    fn differences(&mut self, array: &Array, wanted: &Regions) -> Result<Vec<String>, String> {
        let (device, mut next) = (&array.device, Regions::clone(&array.regions));
        let (mut labels, mut commands) = (Vec::new(), Vec::new());
        for region in &wanted.regions {
            if next.get(&region.id) != Some(region) {
                next = next.put(region.clone(), array.size)?;
                labels.push(region.id.to_string());
                let (device, region) = (device.clone(), region.clone());
                commands.push(Command::Thermal(thermal::Command::PutRegion { device, region }));
            }
        }
        for delta in &wanted.deltas {
            if next.delta(&delta.id) != Some(delta) {
                next = next.put_delta(delta.clone())?;
                labels.push(delta.id.to_string());
                let (device, delta) = (device.clone(), delta.clone());
                commands.push(Command::Thermal(thermal::Command::PutDelta { device, delta }));
            }
        }
        self.commands.extend(commands);
        Ok(labels)
    }

    /// Bookmarks that are not there yet.
    pub(super) fn bookmarks(&mut self, wanted: &[(Timestamp, String)], view: &Snapshot) {
        let there = |at: Timestamp, words: &str| {
            view.thermal.bookmarks.values().any(|known| known.at == at && *known.words == *words)
        };
        let mut missing: Vec<_> = wanted.iter().filter(|(at, words)| !there(*at, words)).collect();
        missing.sort();
        missing.dedup();
        let bookmark = |(at, words): &(Timestamp, String)| thermal::Command::Bookmark { at: *at, words: words.clone() };
        self.commands.extend(missing.iter().map(|&one| Command::Thermal(bookmark(one))));
        match missing.len() {
            0 => {}
            1 => self.told.push("One bookmark is added.".to_owned()),
            n => self.told.push(format!("{n} bookmarks are added.")),
        }
    }
}
