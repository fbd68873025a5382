//! References to things that are there and may be shown.

use serde_json::Value;

use crate::bridge::v2::resources::parts;
use crate::model::bridge::ids::{Kind, Thing};
use crate::model::bridge::job::Place;
use crate::model::inputs::InputId;
use crate::model::lights::LightId;
use crate::model::lights::group::{GroupId, GroupKind};
use crate::model::lights::scene::SceneId;
use crate::model::snapshot::Snapshot;

/// A room or zone; `None` if it is gone or has no ids yet.
#[must_use]
pub fn group(view: &Snapshot, id: &GroupId) -> Option<Value> {
    let kind = match view.lights.groups.get(id)?.kind {
        GroupKind::Room => "room",
        GroupKind::Zone => "zone",
    };
    named(view, Kind::Group, &id.0, kind)
}

/// A room, a zone or the home.
#[must_use]
pub fn place(view: &Snapshot, place: &Place) -> Option<Value> {
    match place {
        Some(id) => group(view, id),
        None => named(view, Kind::Home, "", "bridge_home"),
    }
}

/// A scene of a room or zone; others have no place in version 2.
#[must_use]
pub fn scene(view: &Snapshot, id: &SceneId) -> Option<Value> {
    group(view, view.lights.scenes.get(id)?.group.as_ref()?)?;
    named(view, Kind::Scene, &id.0, "scene")
}

/// The device of a switch or sensor.
#[must_use]
pub fn input(view: &Snapshot, id: &InputId) -> Option<Value> {
    view.lights.inputs.get(id)?;
    named(view, Kind::Input, &id.0, "device")
}

/// A service of a light: `light`, `entertainment`.
#[must_use]
pub fn light(view: &Snapshot, id: &LightId, service: &str) -> Option<Value> {
    view.lights.lights.get(id)?;
    named(view, Kind::Light, &id.0, service)
}

/// A service of the bridge.
#[must_use]
pub fn bridge(view: &Snapshot, service: &str) -> Option<Value> {
    named(view, Kind::Bridge, "", service)
}

fn named(view: &Snapshot, kind: Kind, id: &str, service: &str) -> Option<Value> {
    view.bridge.ids(&Thing::new(kind, id)).map(|ids| parts::service(ids, service))
}
