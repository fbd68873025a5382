//! What things look like as resources of version 2: one file per kind of thing.
//!
//! Invariant: a thing without ids, and one that is gone, has no resources.
//! Invariant: the services of a device are those resources of its thing that name it as their owner.
//!
//! To add one: a file with `of(view, thing, ids)`, and one line in the match.

pub mod bridge;
pub mod effects;
pub mod group;
pub mod home;
pub mod index;
pub mod light;
pub mod parts;
pub mod powerup;
pub mod scene;

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::index::Index;
use crate::model::bridge::ids::{Ids, Kind, Thing};
use crate::model::bridge::object::Kind as ObjectKind;
use crate::model::lights::LightId;
use crate::model::lights::group::GroupId;
use crate::model::snapshot::Snapshot;

/// The resources of a thing.
#[must_use]
pub fn of(view: &Snapshot, index: &Index, thing: &Thing) -> Vec<Resource> {
    let Some(ids) = view.bridge.ids(thing) else { return Vec::new() };
    let mut resources = match thing.kind {
        Kind::Bridge => bridge::of(view, ids),
        Kind::Home => home::of(view, ids, |thing, ids| has_device(view, thing, ids)),
        Kind::Light => light::of(view, index, thing, ids),
        Kind::Group => group::of(view, thing, ids),
        Kind::Scene => scene::of(view, thing, ids),
        Kind::Input | Kind::Sensor => Vec::new(),
        Kind::Object(ObjectKind::Clip | ObjectKind::Rule | ObjectKind::Schedule | ObjectKind::Link) => Vec::new(),
        Kind::Object(_) => Vec::new(),
    };
    equip(&mut resources);
    resources
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
fn has_device(view: &Snapshot, thing: &Thing, _ids: &Ids) -> bool {
    match thing.kind {
        Kind::Bridge => true,
        Kind::Light => view.lights.lights.contains_key(&LightId(thing.id.clone())),
        _ => false,
    }
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
