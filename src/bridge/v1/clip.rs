//! Sensors that apps make and write themselves: `CLIPGenericStatus` and the like. Rules look at them.
//!
//! Invariant: a member of a state or config that is kept has the type and range that its sensor's type gives it.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::bridge::v1::ask::{Ask, Reply, Written};
use crate::bridge::v1::body::{Field, Members};
use crate::bridge::v1::error::{Error, What};
use crate::bridge::v1::time;
use crate::model::bridge::kept::{Kind as ObjectKind, ObjectId};
use crate::model::bridge::object::{Clip, Object};
use crate::model::bridge::{Command, MAX_OBJECTS};
use crate::model::inputs::{DARK, DAY_OFFSET};
use crate::model::message::Command as Any;

/// The types that there are, with what each says.
const TYPES: [(&str, &str); 9] = [
    ("CLIPSwitch", "buttonevent"),
    ("CLIPGenericFlag", "flag"),
    ("CLIPGenericStatus", "status"),
    ("CLIPPresence", "presence"),
    ("CLIPOpenClose", "open"),
    ("CLIPTemperature", "temperature"),
    ("CLIPHumidity", "humidity"),
    ("CLIPLightLevel", "lightlevel"),
    ("Geofence", "presence"),
];

/// What a type of sensor says.
#[must_use]
pub fn says(kind: &str) -> Option<&'static str> {
    TYPES.iter().find(|(known, _)| *known == kind).map(|(_, says)| *says)
}

/// The sensor.
#[must_use]
pub fn value(clip: &Clip) -> Value {
    let mut state = object(&clip.state);
    let mut config = object(&clip.config);
    if let Some(level) = state.get("lightlevel").and_then(Value::as_i64) {
        let kept = |name: &str, or: i64| config.get(name).and_then(Value::as_i64).unwrap_or(or);
        let (dark, offset) = (kept("tholddark", DARK), kept("tholdoffset", DAY_OFFSET));
        state.insert("dark".to_owned(), json!(level < dark));
        state.insert("daylight".to_owned(), json!(level > dark.saturating_add(offset)));
        config.insert("tholddark".to_owned(), json!(dark));
        config.insert("tholdoffset".to_owned(), json!(offset));
    }
    state.insert("lastupdated".to_owned(), time::utc_or_none(clip.updated));
    json!({
        "state": state,
        "config": config,
        "name": clip.name,
        "type": clip.kind,
        "modelid": clip.model,
        "manufacturername": clip.maker,
        "swversion": clip.version,
        "uniqueid": clip.unique,
        "recycle": clip.recycle,
    })
}

/// Makes one.
///
/// # Errors
/// What is wrong with it.
pub fn create(ask: &Ask<'_>) -> Result<Reply, Error> {
    let (members, at) = (ask.members()?, ask.at());
    let text = |name: &'static str, length| members.need(&at, name)?.text(length).map(Into::into);
    let (name, kind) = (members.need(&at, "name")?.name()?, members.need(&at, "type")?.text(1..=32)?);
    let (model, maker) = (text("modelid", 6..=32)?, text("manufacturername", 6..=32)?);
    let (version, unique) = (text("swversion", 1..=16)?, text("uniqueid", 1..=32)?);
    let says = says(kind).ok_or_else(|| Error::new(format!("{at}/type"), What::SensorKind))?;
    if ask.view.bridge.objects.keys().filter(|id| id.kind == ObjectKind::Clip).count() >= MAX_OBJECTS {
        return Err(Error::new(at, What::SensorsFull));
    }
    let mut draft = Draft { kind: kind.into(), ..Draft::default() };
    draft.state.insert(says.to_owned(), first(says));
    let mut recycle = false;
    for field in members.fields(&at) {
        let (inside, at) = (|| field.object().map(Members::of), field.address());
        match field.name {
            "name" | "type" | "modelid" | "manufacturername" | "swversion" | "uniqueid" => {}
            "recycle" => recycle = field.flag()?,
            "state" => inside()?.fields(&at).try_for_each(|field| draft.take_state(&field))?,
            "config" => inside()?.fields(&at).try_for_each(|field| draft.take_config(&field))?,
            _ => return Err(field.unknown()),
        }
    }
    let (state, config) = draft.texts();
    let clip = Clip {
        name: name.into(),
        kind: kind.into(),
        model,
        maker,
        version,
        unique,
        recycle,
        state,
        config,
        updated: members.get("state").map(|_| ask.now),
    };
    Ok(Reply::keeps(Object::Clip(clip)))
}

/// Changes its name.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn put(ask: &Ask<'_>, id: &ObjectId, clip: &Clip) -> Result<Reply, Error> {
    let (members, mut written, mut new) = (ask.members()?, Written::default(), clip.clone());
    written.each(&members, &ask.at(), |field| {
        match field.name {
            "name" => new.name = field.name()?.into(),
            "recycle" => new.recycle = field.flag()?,
            "type" | "modelid" | "manufacturername" | "swversion" | "uniqueid" | "state" | "config" => {
                return Err(field.read_only());
            }
            _ => return Err(field.unknown()),
        }
        Ok(())
    });
    keep(id, clip, new, &mut written);
    Ok(Reply::Writes(written))
}

/// Writes its state.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn put_state(ask: &Ask<'_>, id: &ObjectId, clip: &Clip) -> Result<Reply, Error> {
    let (members, mut written) = (ask.members()?, Written::default());
    let mut draft = Draft { kind: clip.kind.to_string(), ..Draft::default() };
    written.each(&members, &ask.at(), |field| draft.take_state(field));
    if !draft.state.is_empty() {
        let state = draft.texts().0;
        written.commands.push(Any::Bridge(Command::Write { id: id.clone(), state }));
    }
    Ok(Reply::Writes(written))
}

/// Writes its config.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn put_config(ask: &Ask<'_>, id: &ObjectId, clip: &Clip) -> Result<Reply, Error> {
    let (members, mut written, mut draft) = (ask.members()?, Written::default(), Draft::of(clip));
    written.each(&members, &ask.at(), |field| draft.take_config(field));
    keep(id, clip, Clip { config: draft.texts().1, ..clip.clone() }, &mut written);
    Ok(Reply::Writes(written))
}

/// Members of its state that a rule or schedule writes, as they are kept; `None` if they cannot be.
#[must_use]
pub fn standing(clip: &Clip, members: &Members) -> Option<String> {
    let mut draft = Draft { kind: clip.kind.to_string(), ..Draft::default() };
    members.fields("").try_for_each(|field| draft.take_state(&field)).ok()?;
    (!draft.state.is_empty()).then(|| Value::Object(draft.state).to_string())
}

fn keep(id: &ObjectId, before: &Clip, new: Clip, written: &mut Written) {
    if new != *before {
        written.put(id, Object::Clip(new));
    }
}

/// State and config as they are being written.
struct Draft {
    kind: String,
    state: Map<String, Value>,
    config: Map<String, Value>,
}

impl Default for Draft {
    fn default() -> Self {
        let config = [("on".to_owned(), json!(true)), ("reachable".to_owned(), json!(true))].into_iter().collect();
        Self { kind: String::new(), state: Map::new(), config }
    }
}

impl Draft {
    fn of(clip: &Clip) -> Self {
        Self { kind: clip.kind.to_string(), state: object(&clip.state), config: object(&clip.config) }
    }

    fn texts(self) -> (Arc<str>, Arc<str>) {
        (Value::Object(self.state).to_string().into(), Value::Object(self.config).to_string().into())
    }

    fn take_state(&mut self, field: &Field<'_>) -> Result<(), Error> {
        match field.name {
            "lastupdated" | "dark" | "daylight" => return Err(field.read_only()),
            name if says(&self.kind) != Some(name) => return Err(field.unknown()),
            "flag" | "presence" | "open" => field.flag().map(drop)?,
            "humidity" => field.whole::<i64>(0..=10_000).map(drop)?,
            "lightlevel" => field.whole::<i64>(0..=65_535).map(drop)?,
            "temperature" => field.whole::<i64>(-27_315..=1_000_000).map(drop)?,
            _ => field.whole::<i64>(i32::MIN.into()..=i32::MAX.into()).map(drop)?,
        }
        self.state.insert(field.name.to_owned(), field.value.clone());
        Ok(())
    }

    fn take_config(&mut self, field: &Field<'_>) -> Result<(), Error> {
        let measures_light = self.kind == "CLIPLightLevel";
        match field.name {
            "on" | "reachable" => field.flag().map(drop)?,
            "battery" => field.whole::<i64>(0..=100).map(drop)?,
            "url" => field.text(0..=64).map(drop)?,
            "tholddark" if measures_light => field.whole::<i64>(0..=65_534).map(drop)?,
            "tholdoffset" if measures_light => field.whole::<i64>(1..=65_534).map(drop)?,
            "configured" | "pending" => return Err(field.read_only()),
            _ => return Err(field.unknown()),
        }
        self.config.insert(field.name.to_owned(), field.value.clone());
        Ok(())
    }
}

/// What a sensor says before it said anything.
fn first(says: &str) -> Value {
    match says {
        "flag" | "presence" | "open" => json!(false),
        _ => json!(0),
    }
}

fn object(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}
