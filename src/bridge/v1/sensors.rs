//! `/sensors`: daylight, switches and sensors behind hubs, our own sensor devices, and those that apps make.

use std::sync::Arc;

use hyper::Method;
use serde_json::{Map, Value, json};

use crate::bridge::v1::ask::{Ask, Reply, Written, remove};
use crate::bridge::v1::body::Field;
use crate::bridge::v1::error::Error;
use crate::bridge::v1::{clip, daylight, lights, number, time};
use crate::bridge::{models, unique};
use crate::model::bridge::ids::{Ids, Kind};
use crate::model::bridge::kept::{Kind as ObjectKind, ObjectId};
use crate::model::bridge::object::{Clip, Object};
use crate::model::inputs::{Aspect, DARK, DAY_OFFSET, Input, InputId, Said};
use crate::model::lights::connection::Reach;
use crate::model::message::Command as Any;
use crate::model::sensors::{Command as SensorCommand, Device, DeviceId};
use crate::model::snapshot::Snapshot;

/// One sensor of version 1.
pub enum Sense<'a> {
    /// The sun.
    Daylight,
    /// A part of a switch or sensor behind a hub.
    Input(&'a Arc<Input>, &'a str, &'a Ids),
    /// A part of a sensor device of our own.
    Device(&'a Arc<Device>, &'a str, &'a Ids),
    /// One that apps made.
    Clip(ObjectId, &'a Clip),
}

/// Answers a request; `rest` is the path behind `/sensors`.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn reply(ask: &Ask<'_>, rest: &[&str]) -> Result<Reply, Error> {
    match (ask.method, rest) {
        (&Method::GET, []) => Ok(Reply::Shows(all(ask))),
        (&Method::POST, []) if ask.body.iter().all(u8::is_ascii_whitespace) => lights::search(ask),
        (&Method::POST, []) if ask.members().is_ok_and(|members| members.get("deviceid").is_some()) => {
            lights::search(ask)
        }
        (&Method::POST, []) => clip::create(ask),
        (&Method::GET, ["new"]) => Ok(Reply::Shows(lights::new(ask.view))),
        (_, [] | ["new"]) => Err(ask.wrong_method()),
        (method, [number, rest @ ..]) => {
            let sense = find(ask.view, number).ok_or_else(|| ask.not_available())?;
            match (method, rest, &sense) {
                (&Method::GET, [], _) => Ok(Reply::Shows(value(ask, &sense))),
                (&Method::PUT, [], Sense::Clip(id, clip)) => clip::put(ask, id, clip),
                (&Method::PUT, ["state"], Sense::Clip(id, clip)) => clip::put_state(ask, id, clip),
                (&Method::PUT, ["config"], Sense::Clip(id, clip)) => clip::put_config(ask, id, clip),
                (&Method::PUT, ["config"], Sense::Daylight) => {
                    Ok(Reply::Writes(daylight::put_config(ask, &ask.members()?)))
                }
                (&Method::PUT, [], _) => put(ask, &sense),
                (&Method::PUT, ["state" | "config"], _) => {
                    let mut written = Written::default();
                    written.each(&ask.members()?, &ask.at(), |field| Err(field.read_only()));
                    Ok(Reply::Writes(written))
                }
                (&Method::DELETE, [], Sense::Clip(id, _)) => Ok(Reply::deleted(ask, remove(id))),
                (_, [] | ["state" | "config"], _) => Err(ask.wrong_method()),
                _ => Err(ask.not_available()),
            }
        }
    }
}

/// All sensors by number.
#[must_use]
pub fn all(ask: &Ask<'_>) -> Value {
    let sensors = every(ask.view).into_iter().map(|(number, sense)| (number.to_owned(), value(ask, &sense)));
    Value::Object(sensors.collect::<Map<_, _>>())
}

/// The sensor with a number.
#[must_use]
pub fn find<'a>(view: &'a Snapshot, number: &str) -> Option<Sense<'a>> {
    every(view).into_iter().find(|(known, _)| *known == number).map(|(_, sense)| sense)
}

/// Every sensor, with its number.
fn every(view: &Snapshot) -> Vec<(&str, Sense<'_>)> {
    let mut every = vec![(daylight::NUMBER, Sense::Daylight)];
    for (thing, ids) in number::all(view, Kind::Input) {
        if let Some(input) = view.lights.inputs.get(&InputId(Arc::clone(&thing.id))) {
            every.extend(ids.v1.iter().map(|(part, number)| (&**number, Sense::Input(input, part, ids))));
        }
    }
    for (thing, ids) in number::all(view, Kind::Sensor) {
        if let Some(device) = view.sensors.devices.get(&DeviceId(Arc::clone(&thing.id))) {
            every.extend(ids.v1.iter().map(|(part, number)| (&**number, Sense::Device(device, part, ids))));
        }
    }
    for (number, id, object) in number::objects(view, ObjectKind::Clip) {
        if let Object::Clip(clip) = &**object {
            every.push((number, Sense::Clip(id, clip)));
        }
    }
    every
}

fn value(ask: &Ask<'_>, sense: &Sense<'_>) -> Value {
    match sense {
        Sense::Daylight => daylight::value(ask.view, ask.now),
        Sense::Input(input, part, ids) => of_input(input, part, ids),
        Sense::Device(device, part, ids) => of_device(ask, device, part, ids),
        Sense::Clip(_, clip) => clip::value(clip),
    }
}

/// What apps know of a part of a switch or sensor: type, model, product name, the end of its unique id.
fn product(part: &str, n_buttons: usize) -> (&'static str, &'static str, &'static str, &'static str) {
    match (part, n_buttons) {
        ("motion", _) => ("ZLLPresence", "SML001", "Hue motion sensor", "02-0406"),
        ("temperature", _) => ("ZLLTemperature", "SML001", "Hue temperature sensor", "02-0402"),
        ("light_level", _) => ("ZLLLightLevel", "SML001", "Hue ambient light sensor", "02-0400"),
        ("contact", _) => ("CLIPOpenClose", "SOC001", "Hue secure contact sensor", "02-0006"),
        (_, 1) => ("ZLLSwitch", "ROM001", "Hue Smart button", "01-fc00"),
        _ => ("ZLLSwitch", "RWL021", "Hue dimmer switch", "02-fc00"),
    }
}

fn of_input(input: &Input, part: &str, ids: &Ids) -> Value {
    let said = input.said.get(part);
    let buttons = input.aspects.iter().find_map(|aspect| match aspect {
        Aspect::Buttons(names) => Some(crate::model::inputs::buttons::Press::all(names).len()),
        _ => None,
    });
    let mut state = said.map_or_else(|| state(part, None), |(_, said)| state(part, said.number()));
    state["lastupdated"] = time::utc_or_none(said.map(|(at, _)| *at));
    let battery = input.said.get("battery").and_then(|(_, said)| said.number());
    let mut config = json!({
        "on": true,
        "battery": battery.map(|percent| percent.clamp(0, 100)),
        "reachable": input.reach == Reach::Online,
        "alert": "none",
        "pending": [],
    });
    if part == "light_level" {
        config["tholddark"] = json!(DARK);
        config["tholdoffset"] = json!(DAY_OFFSET);
    }
    sensor(&input.name, part, buttons.unwrap_or(0), &state, &config, ids)
}

fn of_device(ask: &Ask<'_>, device: &Device, part: &str, ids: &Ids) -> Value {
    let (said, at) = match part {
        "temperature" => {
            let frame = ask.slots.device(&device.id).and_then(|slot| slot.frames.newest());
            let hottest = frame.as_ref().and_then(|frame| frame.extremes).map(|extremes| extremes.max);
            (hottest.map(Said::Temperature), frame.map(|frame| frame.wall))
        }
        _ => {
            let alarms = ask.view.alarms.active.values().filter(|alarm| alarm.device == device.id);
            let changed = alarms.map(|alarm| alarm.changed).max();
            (Some(Said::Motion(changed.is_some())), changed)
        }
    };
    let mut state = state(part, said.and_then(|said| said.number()));
    state["lastupdated"] = time::utc_or_none(at);
    let config = json!({"on": true, "battery": null, "reachable": device.connected, "alert": "none", "pending": []});
    sensor(&device.name, part, 0, &state, &config, ids)
}

/// What a part says, by its number; null as long as it said nothing.
fn state(part: &str, said: Option<i64>) -> Value {
    let yes = |on: i64| said.map(|said| said == on);
    match part {
        "motion" => json!({"presence": yes(1).unwrap_or(false)}),
        "contact" => json!({"open": yes(0)}),
        "temperature" => json!({"temperature": said}),
        "light_level" => json!({
            "lightlevel": said,
            "dark": said.map(|level| level < DARK),
            "daylight": said.map(|level| level > DARK + DAY_OFFSET),
        }),
        _ => json!({"buttonevent": said}),
    }
}

fn sensor(name: &str, part: &str, n_buttons: usize, state: &Value, config: &Value, ids: &Ids) -> Value {
    let (kind, model, product, end) = product(part, n_buttons);
    json!({
        "state": state,
        "swupdate": {"state": "noupdates", "lastinstall": "2026-01-01T00:00:00"},
        "config": config,
        "name": name,
        "type": kind,
        "modelid": model,
        "manufacturername": models::MAKER,
        "productname": product,
        "swversion": "6.1.1.27575",
        "uniqueid": format!("{}-{end}", unique::address(ids)),
        "capabilities": {"certified": true, "primary": matches!(part, "motion" | "button" | "contact")},
    })
}

/// Names a sensor device of ours; what is behind a hub has the name that the hub gives it.
fn put(ask: &Ask<'_>, sense: &Sense<'_>) -> Result<Reply, Error> {
    let (members, mut written, mut commands) = (ask.members()?, Written::default(), Vec::new());
    let mut take = |field: &Field<'_>| match (field.name, sense) {
        ("name", Sense::Device(device, ..)) => {
            let name = field.name()?.to_owned();
            commands.push(Any::Sensors(SensorCommand::Rename { device: device.id.clone(), name }));
            Ok(())
        }
        ("name" | "type" | "modelid" | "manufacturername" | "swversion" | "uniqueid" | "state" | "config", _) => {
            Err(field.read_only())
        }
        _ => Err(field.unknown()),
    };
    written.each(&members, &ask.at(), &mut take);
    written.commands = commands;
    Ok(Reply::Writes(written))
}
