//! Devices that leave the watch, for a while or for good.
//!
//! Invariant: while a device is out of service its sources are followed, so that what is on raises its alarm at the
//! moment it is back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::services::alarms::book::Book;
use crate::engine::services::alarms::effects::{Effects, Now};
use crate::engine::services::alarms::journal;
use crate::engine::services::alarms::spot::Spot;
use crate::model::alarms::Update;
use crate::model::alarms::alarm::{Alarm, AlarmId, OutOfService, Reason};
use crate::model::alarms::journal::{Entry, What};
use crate::model::alarms::rule::{Compare, Input};
use crate::model::sensors::DeviceId;
use crate::units::slug::slug;

impl Book {
    /// Devices that something in here is about.
    #[must_use]
    pub fn devices(&self) -> BTreeSet<DeviceId> {
        let spots = self.spots.values().flat_map(|spot| spot.on.values().map(|reason| reason.device.clone()));
        let alarms = self.state.active.values().map(|alarm| alarm.device.clone());
        spots.chain(alarms).chain(self.state.out_of_service.keys().cloned()).collect()
    }

    /// For how long a device was silent, as the alarms about that say; zero if there is none.
    #[must_use]
    pub fn silent_for(&self, device: &DeviceId) -> Duration {
        let is_silence = |spot: &Spot, reason: &Reason| {
            let rule = self.state.rules.get(&spot.rule);
            let source = rule.and_then(|rule| rule.sources.get(usize::from(reason.source)));
            source.is_some_and(|source| source.input == Input::Silent && source.compare == Compare::AtLeast)
        };
        let theirs = |spot: &Spot| {
            let on = spot.on.values().filter(|reason| reason.device == *device && is_silence(spot, reason));
            on.filter_map(|reason| Duration::try_from_secs_f64(reason.value).ok()).max()
        };
        self.spots.values().filter_map(theirs).max().unwrap_or_default()
    }

    /// A device was forgotten: its alarms are closed. `deserted`: the location that no device reports for any more;
    /// shelvings of its alarms end.
    pub fn on_forgotten(&mut self, device: &DeviceId, deserted: Option<&str>, now: Now) -> Effects {
        let (mut fx, by) = (Effects::default(), journal::ourselves());
        for spot in self.spots.values_mut() {
            spot.on.retain(|(_, of), _| of != device);
        }
        self.leave(device, &by, "its device was forgotten", now, &mut fx);
        let here = deserted.map(|location| format!("--{}", slug(location)));
        let shelved: Vec<AlarmId> = self.state.shelved.keys().cloned().collect();
        for id in shelved.iter().filter(|id| here.as_ref().is_some_and(|here| id.as_str().ends_with(here))) {
            self.unshelve(id, &by, "its device was forgotten", now, &mut fx);
        }
        if self.state.out_of_service.contains_key(device) {
            self.say(Update::OutOfService { device: device.clone(), how: None }, &mut fx);
        }
        fx
    }

    pub(super) fn take_out(&mut self, device: &DeviceId, name: &str, how: OutOfService, now: Now, fx: &mut Effects) {
        let text = format!("{name} out of service: {}", how.reason);
        let by = Arc::clone(&how.by);
        self.write(about(What::OutOfService, device, &by, text, now), fx);
        self.say(Update::OutOfService { device: device.clone(), how: Some(how) }, fx);
        self.leave(device, &by, "its device is out of service", now, fx);
    }

    pub(super) fn put_back(&mut self, device: &DeviceId, name: &str, by: &Arc<str>, now: Now, fx: &mut Effects) {
        self.write(about(What::InService, device, by, format!("{name} is back in service"), now), fx);
        self.say(Update::OutOfService { device: device.clone(), how: None }, fx);
        let here = |id: &&AlarmId| self.spots[*id].on.keys().any(|(_, of)| of == device);
        let ids: Vec<AlarmId> = self.spots.keys().filter(here).cloned().collect();
        for id in ids {
            self.settle(&id, false, &|| None, now, fx);
        }
    }

    /// Closes the alarms of a device whose sources do not count any more; what other devices say at its location stays.
    fn leave(&mut self, device: &DeviceId, by: &Arc<str>, why: &str, now: Now, fx: &mut Effects) {
        let theirs = |alarm: &Alarm| alarm.device == *device || alarm.reasons.iter().any(|r| r.device == *device);
        let alarms: Vec<Arc<Alarm>> = self.state.active.values().filter(|alarm| theirs(alarm)).cloned().collect();
        for was in alarms {
            let reasons: Vec<Reason> = was.reasons.iter().filter(|r| r.device != *device).cloned().collect();
            match reasons.first().map(|first| first.device.clone()) {
                Some(device) if !was.test && (was.over.is_some() || self.lasts(&was.id)) => {
                    let next = Alarm { device, reasons, ..Alarm::clone(&was) };
                    self.say(Update::Changed(Arc::new(next)), fx);
                    self.settle(&was.id, false, &|| None, now, fx);
                }
                _ => self.close(&was.id, by, why, now, fx),
            }
        }
        let spots: Vec<AlarmId> = self.spots.keys().cloned().collect();
        spots.iter().for_each(|id| self.tidy(id));
    }
}

/// An entry about a device.
pub(super) fn about(what: What, device: &DeviceId, by: &Arc<str>, text: String, now: Now) -> Entry {
    Entry { device: Some(device.clone()), ..journal::plain(what, by, text, now) }
}
