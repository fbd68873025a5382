//! What things look like as resources of version 2: one file per kind of thing.
//!
//! Invariant: a thing without ids, and one that is gone, has no resources.
//! Invariant: the services of a device are those resources of its thing that name it as their owner.
//!
//! To add one: a file with `of(view, thing, ids)`, and one line in the match.

pub mod area;
pub mod behavior;
pub mod bridge;
pub mod client;
pub mod day;
pub mod effects;
pub mod group;
pub mod home;
pub mod index;
pub mod input;
pub mod light;
pub mod parts;
pub mod powerup;
pub mod refer;
pub mod said;
pub mod scene;
pub mod scripts;
pub mod sensor;
pub mod services;
pub mod smart_scene;

use std::sync::Arc;

use jiff::Timestamp;

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::index::Index;
use crate::model::bridge::ids::{Kind, Thing};
use crate::model::bridge::kept::Kind as ObjectKind;
use crate::model::bridge::object::Object;
use crate::model::inputs::InputId;
use crate::model::lights::LightId;
use crate::model::lights::group::GroupId;
use crate::model::sensors::DeviceId;
use crate::model::snapshot::Snapshot;

/// The resources of a thing at a time.
#[must_use]
pub fn of(view: &Snapshot, index: &Index, thing: &Thing, now: Timestamp) -> Vec<Resource> {
    let Some(ids) = view.bridge.ids(thing) else { return Vec::new() };
    let mut resources = match thing.kind {
        Kind::Bridge => joined(bridge::of(view, ids), services::of(view, ids, now)),
        Kind::Home => home::of(view, ids, |thing| has_device(view, thing)),
        Kind::Light => joined(light::of(view, index, thing, ids), area::of_light(view, thing, ids)),
        Kind::Group => group::of(view, thing, ids),
        Kind::Scene => scene::of(view, thing, ids),
        Kind::Input => input::of(view, thing, ids),
        Kind::Sensor => sensor::of(view, thing, ids),
        Kind::Object(ObjectKind::Behavior) => behavior::of(view, thing, ids),
        Kind::Object(ObjectKind::Client) => client::of(view, thing, ids),
        Kind::Object(ObjectKind::Area) => area::of(view, thing, ids),
        Kind::Object(ObjectKind::SmartScene) => smart_scene::of(view, thing, ids, now),
        Kind::Object(ObjectKind::Clip | ObjectKind::Rule | ObjectKind::Schedule | ObjectKind::Link) => Vec::new(),
    };
    equip(&mut resources);
    resources
}

/// Things that change with the time alone: the bridge, which knows the sun, and smart scenes that are active.
#[must_use]
pub fn timely(view: &Snapshot) -> Vec<Thing> {
    let scenes = view.bridge.objects.iter().filter_map(|(id, object)| match &**object {
        Object::SmartScene(scene) if scene.active => Some(Thing::new(Kind::Object(id.kind), Arc::clone(&id.id))),
        _ => None,
    });
    scenes.chain(view.bridge.identity.place.map(|_| Thing::new(Kind::Bridge, ""))).collect()
}

/// Only what the lights of a room, zone or home are together.
#[must_use]
pub fn summary(view: &Snapshot, thing: &Thing) -> Option<Resource> {
    let ids = view.bridge.ids(thing)?;
    match thing.kind {
        Kind::Home => Some(home::summary(view, ids)),
        Kind::Group => Some(group::summary(view, view.lights.groups.get(&GroupId(thing.id.clone()))?, ids)),
        _ => None,
    }
}

/// Whether a thing is shown as a device.
fn has_device(view: &Snapshot, thing: &Thing) -> bool {
    let id = || Arc::clone(&thing.id);
    match thing.kind {
        Kind::Bridge => true,
        Kind::Light => view.lights.lights.contains_key(&LightId(id())),
        Kind::Input => view.lights.inputs.contains_key(&InputId(id())),
        Kind::Sensor => view.sensors.devices.get(&DeviceId(id())).is_some_and(|device| device.accepted),
        Kind::Home | Kind::Group | Kind::Scene | Kind::Object(_) => false,
    }
}

fn joined(mut resources: Vec<Resource>, more: impl IntoIterator<Item = Resource>) -> Vec<Resource> {
    resources.extend(more);
    resources
}

/// Names the services of a device.
fn equip(resources: &mut [Resource]) {
    let Some(at) = resources.iter().position(|resource| resource.kind == "device") else { return };
    let device = resources.get(at).map(|device| parts::reference("device", device.id)).unwrap_or_default();
    let owned = resources.iter().filter(|resource| resource.body.get("owner") == Some(&device));
    let services = owned.map(|resource| parts::reference(resource.kind, resource.id)).collect::<Vec<_>>();
    if let Some(device) = resources.get_mut(at) {
        device.body.insert("services".to_owned(), services.into());
    }
}
