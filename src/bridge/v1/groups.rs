//! `/groups`: rooms, zones and groups of lights, areas for entertainment, and group 0: all lights.

use std::collections::BTreeSet;
use std::sync::Arc;

use hyper::Method;
use serde_json::{Map, Value, json};

use crate::bridge::v1::areas;
use crate::bridge::v1::ask::{Ask, Entry, Reply, Written, remove};
use crate::bridge::v1::body::{Field, Members};
use crate::bridge::v1::error::{Error, What};
use crate::bridge::v1::state::{self, Can, Wish};
use crate::bridge::v1::{lights, number, recall, shown, words};
use crate::model::bridge::area::Area;
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::{Kind, Thing};
use crate::model::bridge::kept::{Kind as ObjectKind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::lights::group::{Group, GroupId, GroupKind};
use crate::model::lights::{Aim, Command, Light, LightId, MAX_GROUPS};
use crate::model::message::Command as Any;
use crate::model::snapshot::Snapshot;

/// What people call all lights.
const EVERYTHING: &str = "Group 0";

/// A group, whatever it is.
enum Which<'a> {
    All,
    Group(&'a Arc<Group>),
    Area(ObjectId, &'a Area),
}

/// Answers a request; `rest` is the path behind `/groups`.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn reply(ask: &Ask<'_>, rest: &[&str]) -> Result<Reply, Error> {
    match (ask.method, rest) {
        (&Method::GET, []) => Ok(Reply::Shows(all(ask.view))),
        (&Method::POST, []) => create(ask),
        (_, []) => Err(ask.wrong_method()),
        (method, [number, rest @ ..]) => {
            let which = find(ask.view, number).ok_or_else(|| ask.not_available())?;
            match (method, rest) {
                (&Method::GET, []) => Ok(Reply::Shows(value(ask.view, &which))),
                (&Method::PUT, []) => put(ask, &which),
                (&Method::PUT, ["action"]) => act(ask, &which),
                (&Method::DELETE, []) => delete(ask, &which),
                (_, [] | ["action"]) => Err(ask.wrong_method()),
                _ => Err(ask.not_available()),
            }
        }
    }
}

/// All groups by number, but for all lights.
#[must_use]
pub fn all(view: &Snapshot) -> Value {
    let groups = number::all(view, Kind::Group).filter_map(|(thing, ids)| {
        let group = view.lights.groups.get(&GroupId(Arc::clone(&thing.id)))?;
        Some((ids.number()?.to_string(), value(view, &Which::Group(group))))
    });
    let areas = number::objects(view, ObjectKind::Area).filter_map(|(number, id, object)| match &**object {
        Object::Area(area) => Some((number.to_string(), value(view, &Which::Area(id, area)))),
        _ => None,
    });
    Value::Object(groups.chain(areas).collect::<Map<_, _>>())
}

/// What an action does whenever its time comes, whatever lights show then: the lights in the group by that time; those
/// that are to blink are the ones in it now. `None` if it is none, or nothing that can be kept.
#[must_use]
pub fn standing(view: &Snapshot, number: &str, members: &Members) -> Option<Vec<Command>> {
    let which = find(view, number)?;
    let (wish, entries) = state::read(members, "", Can::GROUP, false);
    if wish.is_relative() || entries.iter().any(|entry| matches!(entry, Entry::Failed(_))) {
        return None;
    }
    let mut commands = match &wish.scene {
        Some(scene) => recalled(view, &which, scene, wish.transition_ms)?,
        None => Vec::new(),
    };
    commands.extend(wish.step().map(|by| Command::Step { aims: which.aims(), by }));
    let change = wish.for_any();
    if !change.is_empty() {
        commands.push(Command::Set { aims: which.aims(), change });
    }
    if wish.identify {
        let lights = which.lights(view).into_iter().filter(|light| light.capabilities.identify);
        commands.extend(lights.map(|light| Command::Identify(light.id.clone())));
    }
    (!commands.is_empty()).then_some(commands)
}

impl Which<'_> {
    /// Its lights that apps see.
    fn lights<'a>(&'a self, view: &'a Snapshot) -> Vec<&'a Arc<Light>> {
        let light = |id: &LightId| view.lights.lights.get(id);
        match self {
            Self::All => view.lights.lights.values().collect(),
            Self::Group(group) => group.lights.iter().filter_map(light).collect(),
            Self::Area(_, area) => areas::lights(area).iter().filter_map(light).collect(),
        }
    }

    /// What is aimed at when all of it is meant.
    fn aims(&self) -> Vec<Aim> {
        match self {
            Self::All => vec![Aim::All],
            Self::Group(group) => vec![Aim::Group(group.id.clone())],
            Self::Area(_, area) => areas::lights(area).into_iter().map(Aim::Light).collect(),
        }
    }
}

fn find<'a>(view: &'a Snapshot, number: &str) -> Option<Which<'a>> {
    if number == "0" {
        return Some(Which::All);
    }
    let group = number::group(view, number).and_then(|id| view.lights.groups.get(&id));
    group.map(Which::Group).or_else(|| {
        let (id, object) = number::object(view, ObjectKind::Area, number)?;
        let Object::Area(area) = &**object else { return None };
        Some(Which::Area(id, area))
    })
}

fn value(view: &Snapshot, which: &Which<'_>) -> Value {
    let lights = which.lights(view);
    let is_on = |light: &&&Arc<Light>| light.wanted.on;
    let n_on = lights.iter().filter(is_on).count();
    let mut value = json!({
        "lights": number::lights(view, lights.iter().map(|light| &light.id)),
        "sensors": [],
        "state": {"all_on": n_on == lights.len() && n_on > 0, "any_on": n_on > 0},
        "action": shown::action(&lights),
        "recycle": false,
    });
    let mut put = |name: &str, it: Value| value[name] = it;
    match which {
        Which::All => {
            put("name", json!(EVERYTHING));
            put("type", json!("LightGroup"));
        }
        Which::Group(group) => {
            let extra = view.bridge.extra(&Thing::new(Kind::Group, Arc::clone(&group.id.0)));
            let (recycle, legacy) = extra.map_or((false, false), |extra| (extra.recycle, extra.legacy));
            put("name", json!(group.name));
            put("recycle", json!(recycle));
            put("type", json!(kind_of(group.kind, legacy)));
            if !legacy {
                put("class", json!(words::class(extra.and_then(|extra| extra.archetype.as_deref()))));
            }
        }
        Which::Area(_, area) => {
            put("name", json!(area.name));
            put("type", json!("Entertainment"));
            put("class", json!(words::area_class(&area.kind)));
            put("locations", areas::locations(view, area));
            put("stream", json!({"proxymode": "auto", "proxynode": "/bridge", "active": false, "owner": null}));
        }
    }
    value
}

const fn kind_of(kind: GroupKind, legacy: bool) -> &'static str {
    match kind {
        GroupKind::Room => "Room",
        GroupKind::Zone if legacy => "LightGroup",
        GroupKind::Zone => "Zone",
    }
}

fn act(ask: &Ask<'_>, which: &Which<'_>) -> Result<Reply, Error> {
    let (members, at, lights) = (ask.members()?, ask.at(), which.lights(ask.view));
    let off = !lights.is_empty() && lights.iter().all(|light| !light.wanted.on);
    let (wish, entries) = state::read(&members, &at, Can::GROUP, off);
    let mut written = Written { entries, ..Written::default() };
    if let Some(scene) = &wish.scene {
        match recalled(ask.view, which, scene, wish.transition_ms) {
            Some(commands) => commands.into_iter().for_each(|command| written.lights(command)),
            None => refuse_scene(&members, &at, &mut written),
        }
    }
    for command in spread(which, &wish, &lights) {
        written.lights(command);
    }
    if wish.identify {
        lights.iter().for_each(|light| lights::identify(light, &mut written));
    }
    Ok(Reply::Writes(written))
}

/// One command for all lights that are to do the same; one for the whole group if all of them are.
fn spread(which: &Which<'_>, wish: &Wish, lights: &[&Arc<Light>]) -> Vec<Command> {
    let spread = state::spread(wish, lights.iter().map(|light| &***light));
    let command = |(change, some): (_, Vec<LightId>)| {
        let aims = match some.len() == lights.len() {
            true => which.aims(),
            false => some.into_iter().map(Aim::Light).collect(),
        };
        Command::Set { aims, change }
    };
    spread.into_iter().map(command).collect()
}

fn recalled(view: &Snapshot, which: &Which<'_>, scene: &str, transition_ms: Option<u32>) -> Option<Vec<Command>> {
    let scene = view.lights.scenes.get(&number::scene(view, scene)?)?;
    match which {
        Which::All => recall::everywhere(scene, transition_ms),
        Which::Group(group) if scene.group.as_ref() == Some(&group.id) => recall::everywhere(scene, transition_ms),
        Which::Group(group) => recall::within(scene, &group.lights, transition_ms),
        Which::Area(_, area) => recall::within(scene, &areas::lights(area).into_iter().collect(), transition_ms),
    }
}

/// There is no such scene for this group: that answer takes the place of the success.
fn refuse_scene(members: &Members, at: &str, written: &mut Written) {
    for (field, entry) in members.fields(at).zip(&mut written.entries).filter(|(field, _)| field.name == "scene") {
        *entry = Entry::Failed(field.invalid());
    }
}

fn create(ask: &Ask<'_>) -> Result<Reply, Error> {
    let (members, at) = (ask.members()?, ask.at());
    let kinds = ["LightGroup", "Room", "Zone", "Entertainment"];
    let kind = members.get("type").map(|value| Field { at: &at, name: "type", value }.word(&kinds)).transpose()?;
    let kind = kind.unwrap_or("LightGroup");
    if matches!(kind, "LightGroup" | "Entertainment") {
        members.need(&at, "lights")?;
    }
    let mut draft = Draft { name: kind.to_owned(), ..Draft::default() };
    members
        .fields(&at)
        .filter(|field| field.name != "type")
        .try_for_each(|field| draft.take(ask.view, &field, kind))?;
    if kind == "Entertainment" {
        let class = draft.area_kind.unwrap_or("other");
        return Ok(Reply::keeps(Object::Area(areas::new(&draft.name, class, &draft.lights, &draft.locations))));
    }
    if ask.view.lights.groups.len() >= MAX_GROUPS {
        return Err(Error::new(at, What::GroupsFull));
    }
    let group = if kind == "Room" { GroupKind::Room } else { GroupKind::Zone };
    if group == GroupKind::Room {
        one_room(ask.view, None, &draft.lights, &format!("{at}/lights"))?;
    }
    let lights = draft.lights.into_iter().collect();
    let command = Command::PutGroup { group: None, name: draft.name, kind: group, lights };
    let legacy = kind == "LightGroup";
    let extra = Extra { archetype: draft.room, recycle: draft.recycle, legacy, ..Extra::default() };
    let extra = (extra != Extra::default()).then_some(extra);
    Ok(Reply::makes(Any::Lights(command), Kind::Group, extra))
}

/// A group as it is being made or changed.
#[derive(Clone, Default)]
struct Draft {
    name: String,
    lights: Vec<LightId>,
    recycle: bool,
    room: Option<Arc<str>>,
    area_kind: Option<&'static str>,
    locations: Vec<(LightId, [f64; 3])>,
}

impl Draft {
    fn take(&mut self, view: &Snapshot, field: &Field<'_>, kind: &str) -> Result<(), Error> {
        match field.name {
            "name" => field.name()?.clone_into(&mut self.name),
            "lights" => {
                self.lights = number::lights_of(view, field.list()?).ok_or_else(|| field.invalid())?;
            }
            "class" if kind == "Entertainment" => {
                let class = words::area_kind(field.text(1..=32)?).ok_or_else(|| field.invalid())?;
                self.area_kind = Some(class);
            }
            "class" if kind != "LightGroup" => {
                self.room = Some(words::room(field.text(1..=32)?).ok_or_else(|| field.invalid())?.into());
            }
            "locations" if kind == "Entertainment" => self.locations = areas::read_locations(view, field)?,
            "recycle" => self.recycle = field.flag()?,
            // Nothing here has sensors in groups: none is what there is.
            "sensors" if field.list()?.is_empty() => {}
            "sensors" => return Err(field.invalid()),
            "state" | "action" | "type" => return Err(field.read_only()),
            _ => return Err(field.unknown()),
        }
        Ok(())
    }
}

/// No light of these is in a room, but for this one.
fn one_room(view: &Snapshot, own: Option<&GroupId>, lights: &[LightId], at: &str) -> Result<(), Error> {
    let rooms = view.lights.groups.values().filter(|group| group.kind == GroupKind::Room && Some(&group.id) != own);
    let taken: BTreeSet<_> = rooms.flat_map(|room| &room.lights).collect();
    match lights.iter().any(|light| taken.contains(light)) {
        true => Err(Error::new(at, What::OneRoom)),
        false => Ok(()),
    }
}

fn put(ask: &Ask<'_>, which: &Which<'_>) -> Result<Reply, Error> {
    match which {
        Which::All => Err(Error::new(ask.at(), What::GroupKind)),
        Which::Group(group) => put_group(ask, group),
        Which::Area(id, area) => put_area(ask, id, area),
    }
}

fn put_group(ask: &Ask<'_>, group: &Group) -> Result<Reply, Error> {
    let (members, at, mut written) = (ask.members()?, ask.at(), Written::default());
    let before = ask.extra(Kind::Group, &group.id.0);
    let kind = kind_of(group.kind, before.legacy);
    let lights: Vec<_> = group.lights.iter().cloned().collect();
    let (room, recycle) = (before.archetype.clone(), before.recycle);
    let mut draft = Draft { name: group.name.to_string(), lights: lights.clone(), room, recycle, ..Draft::default() };
    written.each(&members, &at, |field| {
        let mut next = draft.clone();
        next.take(ask.view, field, kind)?;
        if field.name == "lights" && group.kind == GroupKind::Room {
            one_room(ask.view, Some(&group.id), &next.lights, &field.address())?;
        }
        draft = next;
        Ok(())
    });
    if *draft.name != *group.name || draft.lights != lights {
        let (name, lights) = (draft.name, draft.lights.into_iter().collect());
        written.lights(Command::PutGroup { group: Some(group.id.clone()), name, kind: group.kind, lights });
    }
    let extra = Extra { archetype: draft.room, recycle: draft.recycle, ..before.clone() };
    if extra != before {
        written.note(Kind::Group, &group.id.0, extra);
    }
    Ok(Reply::Writes(written))
}

fn put_area(ask: &Ask<'_>, id: &ObjectId, area: &Area) -> Result<Reply, Error> {
    let (members, at, mut written, mut new) = (ask.members()?, ask.at(), Written::default(), area.clone());
    for field in members.fields(&at) {
        match field.value.as_object().filter(|_| field.name == "stream") {
            Some(stream) => written.each(&Members::of(stream), &field.address(), areas::stream),
            None => written.one(&field, areas::take(ask.view, &field, &mut new)),
        }
    }
    if new != *area {
        written.put(id, Object::Area(new));
    }
    Ok(Reply::Writes(written))
}

fn delete(ask: &Ask<'_>, which: &Which<'_>) -> Result<Reply, Error> {
    match which {
        Which::All => Err(Error::new(ask.at(), What::GroupKind)),
        Which::Group(group) => Ok(Reply::deleted(ask, Any::Lights(Command::RemoveGroup(group.id.clone())))),
        Which::Area(id, _) => Ok(Reply::deleted(ask, remove(id))),
    }
}
