//! The short ids of version 1: from a number to the thing and back.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::bridge::ids::{Ids, Kind, Thing};
use crate::model::bridge::kept::{Kind as ObjectKind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::SceneId;
use crate::model::lights::{Light, LightId};
use crate::model::snapshot::Snapshot;

/// Every thing of a kind that has ids.
pub fn all(view: &Snapshot, kind: Kind) -> impl Iterator<Item = (&Thing, &Arc<Ids>)> {
    let things = view.bridge.ids.range(Thing::new(kind, "")..);
    things.take_while(move |(thing, _)| thing.kind == kind)
}

/// The thing of a kind with this number.
#[must_use]
pub fn find<'a>(view: &'a Snapshot, kind: Kind, number: &str) -> Option<&'a Thing> {
    all(view, kind).find(|(_, ids)| ids.number().is_some_and(|known| **known == *number)).map(|(thing, _)| thing)
}

/// The number of a thing.
#[must_use]
pub fn of<'a>(view: &'a Snapshot, kind: Kind, id: &Arc<str>) -> Option<&'a Arc<str>> {
    view.bridge.ids(&Thing::new(kind, Arc::clone(id)))?.number()
}

/// Everything of a kind by its number, to find many.
#[must_use]
pub fn index(view: &Snapshot, kind: Kind) -> HashMap<&str, &Arc<str>> {
    let numbered = all(view, kind).filter_map(|(thing, ids)| Some((&**ids.number()?, &thing.id)));
    numbered.collect()
}

/// The light with this number.
#[must_use]
pub fn light<'a>(view: &'a Snapshot, number: &str) -> Option<&'a Arc<Light>> {
    view.lights.lights.get(&LightId(Arc::clone(&find(view, Kind::Light, number)?.id)))
}

/// The numbers of lights as a list, from the lowest; those without one are left out.
#[must_use]
pub fn lights<'a>(view: &Snapshot, lights: impl IntoIterator<Item = &'a LightId>) -> Value {
    let mut numbers: Vec<_> = lights.into_iter().filter_map(|id| of(view, Kind::Light, &id.0)).collect();
    numbers.sort_by_key(|number| (number.parse::<u32>().unwrap_or(u32::MAX), Arc::clone(number)));
    numbers.dedup();
    json!(numbers)
}

/// The lights of a list of numbers; `None` if any of them is none.
#[must_use]
pub fn lights_of(view: &Snapshot, numbers: &[Value]) -> Option<Vec<LightId>> {
    let known = index(view, Kind::Light);
    let light = |number: &Value| Some(LightId(Arc::clone(known.get(number.as_str()?)?)));
    numbers.iter().map(light).collect()
}

/// The scene with this id.
#[must_use]
pub fn scene(view: &Snapshot, number: &str) -> Option<SceneId> {
    let id = SceneId(Arc::clone(&find(view, Kind::Scene, number)?.id));
    view.lights.scenes.contains_key(&id).then_some(id)
}

/// The room or zone with this number.
#[must_use]
pub fn group(view: &Snapshot, number: &str) -> Option<GroupId> {
    let id = GroupId(Arc::clone(&find(view, Kind::Group, number)?.id));
    view.lights.groups.contains_key(&id).then_some(id)
}

/// What apps keep of a kind, with this number.
#[must_use]
pub fn object<'a>(view: &'a Snapshot, kind: ObjectKind, number: &str) -> Option<(ObjectId, &'a Arc<Object>)> {
    let id = ObjectId { kind, id: Arc::clone(&find(view, Kind::Object(kind), number)?.id) };
    view.bridge.objects.get(&id).map(|object| (id, object))
}

/// Everything of a kind that apps keep, with its number.
pub fn objects(view: &Snapshot, kind: ObjectKind) -> impl Iterator<Item = (&Arc<str>, ObjectId, &Arc<Object>)> {
    all(view, Kind::Object(kind)).filter_map(move |(thing, ids)| {
        let id = ObjectId { kind, id: Arc::clone(&thing.id) };
        let object = view.bridge.objects.get(&id)?;
        Some((ids.number()?, id, object))
    })
}
