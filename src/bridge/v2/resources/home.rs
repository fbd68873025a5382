//! The whole home: every room, every device without one, and all lights together.
//!
//! Invariant: each device is a child of its room or of the home, never of both.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::{group, parts};
use crate::model::bridge::ids::{Ids, Kind, Thing};
use crate::model::lights::LightId;
use crate::model::lights::group::{GroupId, GroupKind};
use crate::model::snapshot::Snapshot;

/// The resources of the home. `has_device` says whether a thing is shown as a device.
#[must_use]
pub fn of(view: &Snapshot, ids: &Ids, has_device: impl Fn(&Thing) -> bool) -> Vec<Resource> {
    let rooms = view.lights.groups.values().filter(|group| group.kind == GroupKind::Room);
    let housed: BTreeSet<&LightId> = rooms.flat_map(|room| &room.lights).collect();
    let child = |(thing, ids): (&Thing, &Arc<Ids>)| -> Option<Value> {
        match thing.kind {
            Kind::Group => {
                let group = view.lights.groups.get(&GroupId(thing.id.clone()))?;
                (group.kind == GroupKind::Room).then(|| parts::service(ids, "room"))
            }
            Kind::Light if housed.contains(&LightId(thing.id.clone())) => None,
            Kind::Bridge | Kind::Light | Kind::Input | Kind::Sensor => {
                has_device(thing).then(|| parts::service(ids, "device"))
            }
            Kind::Home | Kind::Scene | Kind::Object(_) => None,
        }
    };
    let members = json!({
        "children": view.bridge.ids.iter().filter_map(child).collect::<Vec<_>>(),
        "services": [parts::service(ids, "grouped_light")],
    });
    let id_v1 = parts::v1("groups", ids.number());
    vec![parts::resource("bridge_home", ids.service("bridge_home"), id_v1, members), summary(view, ids)]
}

/// What all lights are together.
#[must_use]
pub fn summary(view: &Snapshot, ids: &Ids) -> Resource {
    let lights = view.lights.lights.values().map(|light| &**light);
    group::together(parts::service(ids, "bridge_home"), ids, lights)
}
