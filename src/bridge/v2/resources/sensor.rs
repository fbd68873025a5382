//! A sensor device of our own: its hottest spot as a temperature, its alarms as motion.

use crate::bridge::inputs::{self, SENSOR};
use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::parts::{self, Make};
use crate::bridge::v2::resources::said::{Service, v1_of};
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::lights::connection::Reach;
use crate::model::sensors::{Device, DeviceId, Phase};
use crate::model::snapshot::Snapshot;

/// The resources of a sensor device; none if it is gone or waits to be accepted.
#[must_use]
pub fn of(view: &Snapshot, thing: &Thing, ids: &Ids) -> Vec<Resource> {
    let Some(device) = find(view, thing) else { return Vec::new() };
    let reach = reach(device);
    let service = Service { ids, valid: reach == Reach::Online };
    let mut resources = vec![service.motion(alarmed(view, device))];
    if view.thermal.arrays.contains_key(&device.id) {
        resources.push(service.temperature(view.thermal.hottest.get(&device.id).copied()));
    }
    let v1 = v1_of(ids, "");
    resources.push(parts::connectivity(ids, v1.clone(), &reach));
    let make = Make {
        model: SENSOR.id,
        product: SENSOR.name,
        product_archetype: "unknown_archetype",
        software: SENSOR.software,
        platform: SENSOR.platform,
        name: &device.name,
        archetype: &inputs::archetype(view.bridge.extra(thing).map(|extra| &**extra)),
    };
    resources.push(parts::device(ids, v1, &make, Vec::new()));
    resources
}

/// The device, if it is there and accepted.
fn find<'a>(view: &'a Snapshot, thing: &Thing) -> Option<&'a Device> {
    let device = view.sensors.devices.get(&DeviceId(thing.id.clone()))?;
    device.accepted.then_some(&**device)
}

fn reach(device: &Device) -> Reach {
    match device.phase {
        Phase::Streaming | Phase::Late if device.connected => Reach::Online,
        Phase::Identify | Phase::Start if device.connected => Reach::Starting,
        _ => Reach::Unreachable { since: device.since, why: "it does not report".into() },
    }
}

/// Whether an alarm of the device goes on, and since when; tests left out.
fn alarmed(view: &Snapshot, device: &Device) -> Option<(jiff::Timestamp, bool)> {
    let alarms = view.alarms.active.values().filter(|alarm| alarm.device == device.id && !alarm.test);
    let since = alarms.filter(|alarm| alarm.over.is_none()).map(|alarm| alarm.raised).min();
    Some(since.map_or((device.since, false), |since| (since, true)))
}
