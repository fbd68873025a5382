//! A room or zone, and what its lights are together.
//!
//! Invariant: what is referred to is shown too: lights that are gone, or have no ids yet, are left out.

use serde_json::{Value, json};

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::parts;
use crate::model::bridge::ids::{Ids, Kind, Thing};
use crate::model::lights::group::{Group, GroupId, GroupKind};
use crate::model::lights::{Light, LightId};
use crate::model::snapshot::Snapshot;

/// The resources of a room or zone.
#[must_use]
pub fn of(view: &Snapshot, thing: &Thing, ids: &Ids) -> Vec<Resource> {
    let Some(group) = view.lights.groups.get(&GroupId(thing.id.clone())) else { return Vec::new() };
    let extra = view.bridge.extra(thing);
    let archetype = extra.and_then(|extra| extra.archetype.as_deref()).unwrap_or("other");
    let members = json!({
        "metadata": {"name": parts::short(&group.name), "archetype": archetype},
        "children": children(view, group),
        "services": [parts::service(ids, "grouped_light")],
    });
    let kind = kind(group.kind);
    let id_v1 = parts::v1("groups", ids.number());
    vec![parts::resource(kind, ids.service(kind), id_v1, members), summary(view, group, ids)]
}

/// What the lights of a room or zone are together.
#[must_use]
pub fn summary(view: &Snapshot, group: &Group, ids: &Ids) -> Resource {
    let lights = group.lights.iter().filter_map(|id| view.lights.lights.get(id).map(|light| &**light));
    together(parts::service(ids, kind(group.kind)), ids, lights)
}

/// What lights are together, owned by their room, zone or home.
pub fn together<'a>(owner: Value, ids: &Ids, lights: impl Iterator<Item = &'a Light>) -> Resource {
    let (mut n_on, mut sum) = (0_u32, 0.0_f64);
    for light in lights.filter(|light| light.wanted.on) {
        n_on += 1;
        sum += f64::from(light.wanted.brightness);
    }
    let mean = sum / f64::from(n_on.max(1));
    let members = json!({
        "owner": owner,
        "on": {"on": n_on > 0},
        "dimming": {"brightness": parts::percent(mean as f32)},
        "dimming_delta": {},
        "color_temperature": {},
        "color_temperature_delta": {},
        "color": {},
        "alert": {"action_values": ["breathe"]},
        "signaling": {"signal_values": ["no_signal", "on_off"]},
        "dynamics": {},
    });
    parts::resource("grouped_light", ids.service("grouped_light"), parts::v1("groups", ids.number()), members)
}

/// The type of a room's or zone's resource.
#[must_use]
pub const fn kind(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Room => "room",
        GroupKind::Zone => "zone",
    }
}

/// The ids of a light that is shown.
#[must_use]
pub fn light_ids<'a>(view: &'a Snapshot, light: &LightId) -> Option<&'a Ids> {
    let thing = Thing::new(Kind::Light, light.0.clone());
    let ids = view.bridge.ids(&thing)?;
    view.lights.lights.contains_key(light).then_some(&**ids)
}

fn children(view: &Snapshot, group: &Group) -> Vec<Value> {
    let service = match group.kind {
        GroupKind::Room => "device",
        GroupKind::Zone => "light",
    };
    group.lights.iter().filter_map(|light| Some(parts::service(light_ids(view, light)?, service))).collect()
}
