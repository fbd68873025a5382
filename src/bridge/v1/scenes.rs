//! `/scenes`: what lights show together. A GroupScene belongs to a room or zone, a LightScene to nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use hyper::Method;
use serde_json::{Map, Value, json};

use crate::bridge::v1::ask::{Ask, Entry, Reply, Written};
use crate::bridge::v1::body::{Field, Members};
use crate::bridge::v1::error::{Error, What};
use crate::bridge::v1::state::{self, Can};
use crate::bridge::v1::{number, shown, time};
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::{Ids, Kind, Thing};
use crate::model::bridge::object::Object;
use crate::model::lights::scene::{Content, Palette, Scene, SceneId};
use crate::model::lights::state::Change;
use crate::model::lights::{Command, Light, LightId, MAX_SCENES};
use crate::model::message::Command as Any;
use crate::model::snapshot::Snapshot;

/// How long a scene takes unless somebody says so, ms.
const USUAL_MS: u32 = 400;
/// How long a scene may take, in steps of 100 ms: an hour.
const MAX_TRANSITION: i64 = 36_000;

/// Answers a request; `rest` is the path behind `/scenes`.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn reply(ask: &Ask<'_>, rest: &[&str]) -> Result<Reply, Error> {
    match (ask.method, rest) {
        (&Method::GET, []) => Ok(Reply::Shows(all(ask))),
        (&Method::POST, []) => create(ask),
        (_, []) => Err(ask.wrong_method()),
        (method, [number, rest @ ..]) => {
            let scene = number::scene(ask.view, number).and_then(|id| ask.view.lights.scenes.get(&id));
            let scene = scene.ok_or_else(|| ask.not_available())?;
            match (method, rest) {
                (&Method::GET, []) => one(ask, scene).map(Reply::Shows).ok_or_else(|| ask.not_available()),
                (&Method::PUT, []) => put(ask, scene),
                (&Method::PUT, ["lightstates", light]) => put_state(ask, scene, light),
                (&Method::DELETE, []) => delete(ask, scene, number),
                (_, [] | ["lightstates", _]) => Err(ask.wrong_method()),
                _ => Err(ask.not_available()),
            }
        }
    }
}

/// All scenes by id, without what they have in store for lights.
#[must_use]
pub fn all(ask: &Ask<'_>) -> Value {
    let named = named_by_apps(ask.view);
    let scenes = number::all(ask.view, Kind::Scene).filter_map(|(thing, ids)| {
        let scene = ask.view.lights.scenes.get(&SceneId(Arc::clone(&thing.id)))?;
        Some((ids.number()?.to_string(), value(ask, scene, ids, &named)))
    });
    Value::Object(scenes.collect::<Map<_, _>>())
}

fn one(ask: &Ask<'_>, scene: &Scene) -> Option<Value> {
    let ids = ask.view.bridge.ids(&Thing::new(Kind::Scene, Arc::clone(&scene.id.0)))?;
    let mut value = value(ask, scene, ids, &named_by_apps(ask.view));
    value["lightstates"] = Value::Object(states(ask.view, scene));
    Some(value)
}

fn value(ask: &Ask<'_>, scene: &Scene, ids: &Ids, named: &HashSet<&str>) -> Value {
    let extra = ask.extra(Kind::Scene, &scene.id.0);
    let lights = lights_of(ask.view, scene);
    let (version, data) = extra.appdata.unwrap_or_else(|| (0, "".into()));
    let mut value = json!({
        "name": scene.name,
        "type": "LightScene",
        "lights": number::lights(ask.view, &lights),
        "owner": ask.owner(extra.owner.as_ref()),
        "recycle": extra.recycle,
        "locked": ids.number().is_some_and(|number| named.contains(&**number)),
        "appdata": if data.is_empty() { json!({}) } else { json!({"version": version, "data": data}) },
        "picture": extra.picture.unwrap_or_default(),
        "lastupdated": time::utc(extra.updated.unwrap_or_default()),
        "version": 2,
    });
    if let Some(number) = scene.group.as_ref().and_then(|group| number::of(ask.view, Kind::Group, &group.0)) {
        value["type"] = json!("GroupScene");
        value["group"] = json!(number);
    }
    if let Some(image) = extra.image {
        value["image"] = json!(image);
    }
    value
}

/// Every word in what rules and schedules do and links name: a scene whose id is among them is locked.
fn named_by_apps(view: &Snapshot) -> HashSet<&str> {
    let texts = view.bridge.objects.values().flat_map(|object| match &**object {
        Object::Rule(rule) => vec![&*rule.written_actions],
        Object::Schedule(schedule) => vec![&*schedule.command],
        Object::Link(link) => link.links.iter().map(|link| &**link).collect(),
        _ => Vec::new(),
    });
    texts.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')).collect()
}

/// The lights that a scene shows something on.
fn lights_of(view: &Snapshot, scene: &Scene) -> BTreeSet<LightId> {
    match &scene.content {
        Content::Still(states) => states.keys().cloned().collect(),
        Content::Moving(_) => match &scene.group {
            Some(group) => view.lights.groups.get(group).map(|group| group.lights.clone()).unwrap_or_default(),
            None => view.lights.lights.keys().cloned().collect(),
        },
        Content::OfDay(slots) => {
            let scenes = slots.iter().filter_map(|slot| view.lights.scenes.get(&slot.scene));
            let still = scenes.filter_map(|scene| match &scene.content {
                Content::Still(states) => Some(states.keys().cloned()),
                _ => None,
            });
            still.flatten().collect()
        }
    }
}

/// What it has in store for its lights, by their numbers.
fn states(view: &Snapshot, scene: &Scene) -> Map<String, Value> {
    let shown = |light: &LightId, change: &Change| {
        let can = &view.lights.lights.get(light)?.capabilities;
        let transition_ms = change.transition_ms.unwrap_or(scene.transition_ms);
        let number = number::of(view, Kind::Light, &light.0)?;
        Some((number.to_string(), shown::in_scene(can, change, transition_ms)))
    };
    match &scene.content {
        Content::Still(states) => states.iter().filter_map(|(light, change)| shown(light, change)).collect(),
        Content::Moving(palette) => {
            let lights = lights_of(view, scene);
            let colored = lights.iter().enumerate().map(|(n, light)| (light, moment(palette, n)));
            colored.filter_map(|(light, change)| shown(light, &change)).collect()
        }
        Content::OfDay(_) => Map::new(),
    }
}

/// What a moving scene begins with on its nth light.
fn moment(palette: &Palette, n: usize) -> Change {
    let color = palette.colors.get(n % palette.colors.len().max(1)).cloned();
    Change { on: Some(true), brightness: Some(palette.brightness), color, ..Change::default() }
}

/// How lights are now, but for alarms.
fn present<'a>(lights: impl IntoIterator<Item = &'a Arc<Light>>) -> BTreeMap<LightId, Change> {
    let state = |light: &Arc<Light>| (light.id.clone(), Change::from(&light.stack.shown_without_alarms()));
    lights.into_iter().map(state).collect()
}

fn lights_by_id<'a>(view: &'a Snapshot, ids: impl IntoIterator<Item = &'a LightId>) -> Vec<&'a Arc<Light>> {
    ids.into_iter().filter_map(|id| view.lights.lights.get(id)).collect()
}

fn create(ask: &Ask<'_>) -> Result<Reply, Error> {
    let (members, at) = (ask.members()?, ask.at());
    let name = members.need(&at, "name")?.name()?.to_owned();
    let kinds = ["LightScene", "GroupScene"];
    let kind = members.get("type").map(|value| Field { at: &at, name: "type", value }.word(&kinds)).transpose()?;
    let of_group = kind == Some("GroupScene");
    let (needed, wrong) = if of_group { ("group", "lights") } else { ("lights", "group") };
    members.need(&at, needed)?;
    let mut draft = Draft { extra: Extra { owner: Some(ask.key.app.clone()), ..Extra::default() }, ..Draft::default() };
    let (mut group, mut lights) = (None, Vec::new());
    for field in members.fields(&at) {
        match field.name {
            "name" | "type" | "lightstates" => {}
            name if name == wrong => return Err(field.unknown()),
            "group" => group = Some(number::group(ask.view, field.text(1..=5)?).ok_or_else(|| field.invalid())?),
            "lights" => lights = number::lights_of(ask.view, field.list()?).ok_or_else(|| field.invalid())?,
            _ => draft.take(&field)?,
        }
    }
    if let Some(group) = group.as_ref().and_then(|id| ask.view.lights.groups.get(id)) {
        lights.extend(group.lights.iter().cloned());
    }
    if lights.is_empty() {
        return Err(Error::new(at, What::EmptyScene));
    }
    if ask.view.lights.scenes.len() >= MAX_SCENES {
        return Err(Error::new(at, What::ScenesFull));
    }
    let mut states = present(lights_by_id(ask.view, &lights));
    if let Some(value) = members.get("lightstates") {
        let field = Field { at: &at, name: "lightstates", value };
        let entries = take_states(ask.view, &field, &mut states)?;
        if let Some(error) = entries.into_iter().find_map(failed) {
            return Err(error);
        }
    }
    let content = Some(Content::Still(states));
    let command = Command::PutScene { scene: None, name, group, transition_ms: draft.transition_ms, content };
    let extra = Extra { updated: Some(ask.now), ..draft.extra };
    Ok(Reply::makes(Any::Lights(command), Kind::Scene, Some(extra)))
}

fn failed(entry: Entry) -> Option<Error> {
    match entry {
        Entry::Failed(error) => Some(error),
        Entry::Success(_) => None,
    }
}

/// What can be said of a scene beside its lights.
struct Draft {
    extra: Extra,
    transition_ms: u32,
}

impl Default for Draft {
    fn default() -> Self {
        Self { extra: Extra::default(), transition_ms: USUAL_MS }
    }
}

impl Draft {
    fn take(&mut self, field: &Field<'_>) -> Result<(), Error> {
        match field.name {
            "recycle" => self.extra.recycle = field.flag()?,
            "picture" => self.extra.picture = Some(field.text(0..=16)?.into()),
            "transitiontime" => self.transition_ms = 100 * field.whole::<u32>(0..=MAX_TRANSITION)?,
            "appdata" => {
                let at = field.address();
                let (mut version, mut data) = self.extra.appdata.clone().unwrap_or_else(|| (1, "".into()));
                for field in Members::of(field.object()?).fields(&at) {
                    match field.name {
                        "version" => version = field.whole(0..=255)?,
                        "data" => data = field.text(0..=16)?.into(),
                        _ => return Err(field.unknown()),
                    }
                }
                self.extra.appdata = Some((version, data));
            }
            "owner" | "locked" | "lastupdated" | "version" | "type" | "group" | "image" => {
                return Err(field.read_only());
            }
            _ => return Err(field.unknown()),
        }
        Ok(())
    }
}

/// Takes `lightstates`: an answer for each attribute of each light. Only lights of the scene have one.
fn take_states(
    view: &Snapshot,
    field: &Field<'_>,
    states: &mut BTreeMap<LightId, Change>,
) -> Result<Vec<Entry>, Error> {
    let known = number::index(view, Kind::Light);
    let mut entries = Vec::new();
    for (number, value) in field.object()? {
        let light = known.get(number.as_str()).and_then(|id| view.lights.lights.get(&LightId(Arc::clone(id))));
        let light = light.filter(|light| states.contains_key(&light.id)).ok_or_else(|| field.invalid())?;
        let members = Members::of(value.as_object().ok_or_else(|| field.invalid())?);
        entries.extend(take_state(light, &members, &format!("{}/{number}", field.address()), states));
    }
    Ok(entries)
}

fn take_state(light: &Light, members: &Members, at: &str, states: &mut BTreeMap<LightId, Change>) -> Vec<Entry> {
    let (wish, entries) = state::read(members, at, Can::of(&light.capabilities), false);
    let change = wish.change(&light.capabilities, &light.stack.shown());
    if !change.is_empty() {
        states.insert(light.id.clone(), change);
    }
    entries
}

fn put(ask: &Ask<'_>, scene: &Scene) -> Result<Reply, Error> {
    let (members, at, mut written) = (ask.members()?, ask.at(), Written::default());
    let before = ask.extra(Kind::Scene, &scene.id.0);
    let mut draft = Draft { extra: before, transition_ms: scene.transition_ms };
    let mut name = scene.name.to_string();
    let mut content = scene.content.clone();
    for field in members.fields(&at) {
        match (field.name, &mut content) {
            ("lightstates", Content::Still(states)) => match take_states(ask.view, &field, states) {
                Ok(entries) => written.entries.extend(entries),
                Err(error) => written.entries.push(Entry::Failed(error)),
            },
            ("name", _) => written.one(&field, field.name().map(|new| new.clone_into(&mut name))),
            ("storelightstate", _) => written.one(&field, store(ask.view, scene, &field, &mut content)),
            ("lights", Content::Still(states)) if scene.group.is_none() => {
                written.one(&field, take_lights(ask.view, &field, states));
            }
            ("lights" | "lightstates", _) => written.entries.push(Entry::Failed(field.read_only())),
            _ => written.one(&field, draft.take(&field)),
        }
    }
    if written.entries.iter().any(|entry| matches!(entry, Entry::Success(_))) {
        write(ask, scene, &name, content, draft, &mut written);
    }
    Ok(Reply::Writes(written))
}

fn write(ask: &Ask<'_>, scene: &Scene, name: &str, content: Content, draft: Draft, written: &mut Written) {
    if *name != *scene.name || content != scene.content || draft.transition_ms != scene.transition_ms {
        written.lights(Command::PutScene {
            scene: Some(scene.id.clone()),
            name: name.to_owned(),
            group: scene.group.clone(),
            transition_ms: draft.transition_ms,
            content: Some(content),
        });
    }
    written.note(Kind::Scene, &scene.id.0, Extra { updated: Some(ask.now), ..draft.extra });
}

/// Keeps what the scene's lights show now.
fn store(view: &Snapshot, scene: &Scene, field: &Field<'_>, content: &mut Content) -> Result<(), Error> {
    if field.flag()? {
        *content = Content::Still(present(lights_by_id(view, &lights_of(view, scene))));
    }
    Ok(())
}

/// Other lights for a scene: those that are new come as they are now.
fn take_lights(view: &Snapshot, field: &Field<'_>, states: &mut BTreeMap<LightId, Change>) -> Result<(), Error> {
    let lights = number::lights_of(view, field.list()?).filter(|lights| !lights.is_empty());
    let mut new = present(lights_by_id(view, &lights.ok_or_else(|| field.invalid())?));
    for (light, state) in &mut new {
        if let Some(known) = states.get(light) {
            state.clone_from(known);
        }
    }
    *states = new;
    Ok(())
}

fn put_state(ask: &Ask<'_>, scene: &Scene, number: &str) -> Result<Reply, Error> {
    let light = number::light(ask.view, number).ok_or_else(|| ask.not_available())?;
    let (members, at, mut content) = (ask.members()?, ask.at(), scene.content.clone());
    let Content::Still(states) = &mut content else {
        return Err(Error::new(at, What::ReadOnly("lightstates".to_owned())));
    };
    if !states.contains_key(&light.id) {
        return Err(ask.not_available());
    }
    let entries = take_state(light, &members, &at, states);
    let mut written = Written { entries, ..Written::default() };
    let draft = Draft { extra: ask.extra(Kind::Scene, &scene.id.0), transition_ms: scene.transition_ms };
    if content != scene.content {
        write(ask, scene, &scene.name, content, draft, &mut written);
    }
    Ok(Reply::Writes(written))
}

fn delete(ask: &Ask<'_>, scene: &Scene, number: &str) -> Result<Reply, Error> {
    match named_by_apps(ask.view).contains(number) {
        true => Err(Error::new(ask.at(), What::SceneLocked)),
        false => Ok(Reply::deleted(ask, Any::Lights(Command::RemoveScene(scene.id.clone())))),
    }
}
