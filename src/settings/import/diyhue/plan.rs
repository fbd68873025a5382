//! What to ask for so that the house becomes as diyHue's was, and what to tell the person before.
//!
//! Invariant: done twice, it changes nothing the second time: what is here under the same id is changed, not made.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::model::bridge::area::{Area, Place};
use crate::model::bridge::ids::{Ids, Kind, Thing};
use crate::model::bridge::kept::Kind as ObjectKind;
use crate::model::bridge::object::Object;
use crate::model::bridge::{Bridge, Import};
use crate::model::lights::group::{GroupId, GroupKind};
use crate::model::lights::scene::{Content, SceneId};
use crate::model::lights::{Command, LightId, Lights};
use crate::settings::import::diyhue::bind::Bound;
use crate::settings::import::diyhue::house::{House, OldArea, OldGroup, OldScene, clip_ids};

/// Things that are handed over at once: the local API takes messages of a bounded size.
const AT_ONCE: usize = 50;
/// How long a scene takes, ms: diyHue keeps no time for it.
const SCENE_MS: u32 = 400;

/// Where rooms, zones and scenes of diyHue are here, by their numbers there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    /// Rooms and zones.
    pub groups: BTreeMap<Arc<str>, GroupId>,
    /// Scenes.
    pub scenes: BTreeMap<Arc<str>, SceneId>,
}

/// What is here under this root already.
fn known(bridge: &Bridge, kind: Kind, root: Uuid) -> Option<Arc<str>> {
    let of_it = |(thing, ids): &(&Thing, &Arc<Ids>)| thing.kind == kind && ids.root == root;
    bridge.ids.iter().find(of_it).map(|(thing, _)| Arc::clone(&thing.id))
}

/// Makes or changes a room or zone; `None` if none of its lights is here.
#[must_use]
pub fn group(old: &OldGroup, bound: &Bound, here: &Lights, bridge: &Bridge) -> Option<Command> {
    let lights: BTreeSet<LightId> = old.lights.iter().filter_map(|light| bound.here.get(light)).cloned().collect();
    if lights.is_empty() && !old.lights.is_empty() {
        return None;
    }
    let same = || {
        let same =
            here.groups.values().find(|known| known.kind == old.kind && known.name.eq_ignore_ascii_case(&old.name));
        same.map(|known| known.id.clone())
    };
    let group = known(bridge, Kind::Group, old.id).map(GroupId).filter(|id| here.groups.contains_key(id)).or_else(same);
    Some(Command::PutGroup { group, name: old.name.to_string(), kind: old.kind, lights })
}

/// Makes or changes a scene; `None` if none of its lights, or not its room, is here.
#[must_use]
pub fn scene(old: &OldScene, bound: &Bound, placed: &Placed, here: &Lights, bridge: &Bridge) -> Option<Command> {
    let group = match &old.group {
        Some(number) => Some(placed.groups.get(number)?.clone()),
        None => None,
    };
    let states = old.states.iter();
    let states: BTreeMap<_, _> =
        states.filter_map(|(light, change)| Some((bound.here.get(light)?.clone(), change.clone()))).collect();
    if states.is_empty() {
        return None;
    }
    let scene = known(bridge, Kind::Scene, old.id).map(SceneId).filter(|id| here.scenes.contains_key(id));
    let content = Some(Content::Still(states));
    Some(Command::PutScene { scene, name: old.name.to_string(), group, transition_ms: SCENE_MS, content })
}

/// Who the bridge is and which apps hold keys: what comes before its things.
#[must_use]
pub fn identity(house: &House) -> Vec<Import> {
    let first =
        Import { identity: Some(house.identity.clone()), certificate: house.certificate.clone(), ..Import::default() };
    let app = |app: &(_, _, _)| Import { apps: vec![app.clone()], ..Import::default() };
    std::iter::once(first).chain(house.apps.iter().map(app)).collect()
}

/// What its things are called and what was noted beside them; then what apps kept.
#[must_use]
pub fn things(house: &House, bound: &Bound, placed: &Placed) -> Vec<Import> {
    let (mut ids, mut extras, mut objects) = (Vec::new(), Vec::new(), Vec::new());
    for light in &house.lights {
        if let Some(here) = bound.here.get(&light.number) {
            let thing = Thing::new(Kind::Light, Arc::clone(&here.0));
            ids.push((thing.clone(), light.ids()));
            extras.push((thing, light.extra.clone()));
        }
    }
    for group in &house.groups {
        if let Some(here) = placed.groups.get(&group.number) {
            let thing = Thing::new(Kind::Group, Arc::clone(&here.0));
            ids.push((thing.clone(), group.ids()));
            extras.push((thing, group.extra.clone()));
        }
    }
    for scene in &house.scenes {
        if let Some(here) = placed.scenes.get(&scene.number) {
            let thing = Thing::new(Kind::Scene, Arc::clone(&here.0));
            ids.push((thing.clone(), scene.ids()));
            extras.push((thing, scene.extra.clone()));
        }
    }
    for old in &house.areas {
        if let Some(area) = area(old, bound) {
            ids.push((Thing::new(Kind::Object(ObjectKind::Area), old.id.to_string()), old.ids()));
            objects.push((Some(old.id.to_string().into()), Object::Area(area)));
        }
    }
    for (number, id, clip) in &house.clips {
        ids.push((Thing::new(Kind::Object(ObjectKind::Clip), id.to_string()), clip_ids(number, *id)));
        objects.push((Some(id.to_string().into()), Object::Clip(clip.clone())));
    }
    let ids = ids.chunks(AT_ONCE).map(|ids| Import { ids: ids.to_vec(), ..Import::default() });
    let extras = extras.chunks(AT_ONCE).map(|extras| Import { extras: extras.to_vec(), ..Import::default() });
    let objects = objects.chunks(1).map(|objects| Import { objects: objects.to_vec(), ..Import::default() });
    ids.chain(extras).chain(objects).collect()
}

fn area(old: &OldArea, bound: &Bound) -> Option<Area> {
    let place = |(light, positions): &(Arc<str>, Vec<[f64; 3]>)| {
        let light = bound.here.get(light)?.clone();
        Some(Place { light, positions: positions.clone(), equalization: 1.0 })
    };
    let places: Vec<Place> = old.places.iter().filter_map(place).collect();
    (!places.is_empty()).then(|| Area { name: Arc::clone(&old.name), kind: Arc::clone(&old.kind), places })
}

/// The command for the local API. Secrets are in it: it goes to the running Hearthlight and nowhere else.
///
/// # Errors
/// If it cannot be written as JSON, which does not happen with what was read.
pub fn posted(import: &Import) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(import)?;
    for (at, (_, key, client_key)) in import.apps.iter().enumerate() {
        if let Some(app) = value.pointer_mut(&format!("/apps/{at}")).and_then(Value::as_array_mut) {
            app.truncate(1);
            app.push(json!(key.reveal()));
            app.push(json!(client_key.as_ref().map(|client_key| client_key.reveal())));
        }
    }
    if let (Some(pem), Some(place)) = (&import.certificate, value.get_mut("certificate")) {
        *place = json!(pem.reveal());
    }
    Ok(json!({ "bridge": { "import": value } }))
}

/// What is taken over, a sentence each.
#[must_use]
pub fn preview(house: &House, bound: &Bound, here: &Lights) -> Vec<String> {
    let identity = &house.identity;
    let mut told = vec![format!(
        "The bridge \"{}\" with its number {} and the time zone {}.",
        identity.name,
        identity.id.upper(),
        identity.zone
    )];
    if house.certificate.is_some() {
        told.push("Its certificate: apps go on trusting it.".to_owned());
    }
    if !house.apps.is_empty() {
        let names: Vec<&str> = house.apps.iter().map(|(app, _, _)| &*app.name).collect();
        told.push(format!("Keys of apps ({}): {}.", names.len(), names.join(", ")));
    }
    for light in &house.lights {
        if let Some(known) = bound.here.get(&light.number).and_then(|id| here.lights.get(id)) {
            told.push(format!("Light {} \"{}\" is \"{}\" here.", light.number, light.name, known.name));
        }
    }
    for group in &house.groups {
        let n = group.lights.iter().filter(|light| bound.here.contains_key(*light)).count();
        let kind = match group.kind {
            GroupKind::Room => "Room",
            GroupKind::Zone => "Zone",
        };
        told.push(format!("{kind} {} \"{}\" with {n} of {} lights.", group.number, group.name, group.lights.len()));
    }
    for (n, what) in [(house.scenes.len(), "Scenes"), (house.areas.len(), "Entertainment areas")] {
        if n > 0 {
            told.push(format!("{what} ({n}), as far as their lights are here."));
        }
    }
    if !house.clips.is_empty() {
        told.push(format!("Sensors that apps write ({}).", house.clips.len()));
    }
    told
}
