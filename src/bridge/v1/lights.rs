//! `/lights`: lights, their states, and the search for new ones.

use std::sync::Arc;

use hyper::Method;
use serde_json::{Map, Value, json};

use crate::bridge::v1::ask::{Ask, Reply, Written};
use crate::bridge::v1::body::{Field, Members};
use crate::bridge::v1::error::{Error, What};
use crate::bridge::v1::{number, shown, state, words};
use crate::bridge::{models, unique};
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::{Ids, Kind, Thing};
use crate::model::lights::capabilities::PowerOn;
use crate::model::lights::connection::Reach;
use crate::model::lights::{Aim, Command, Light, LightId};
use crate::model::message::Command as Any;
use crate::model::snapshot::Snapshot;
use crate::units::color::Gamut;

/// Serial numbers that a search can name.
const MAX_SERIALS: usize = 10;

/// Answers a request; `rest` is the path behind `/lights`.
///
/// # Errors
/// What is wrong with the whole of it.
pub fn reply(ask: &Ask<'_>, rest: &[&str]) -> Result<Reply, Error> {
    match (ask.method, rest) {
        (&Method::GET, []) => Ok(Reply::Shows(all(ask.view))),
        (&Method::POST, []) => search(ask),
        (&Method::GET, ["new"]) => Ok(Reply::Shows(new(ask.view))),
        (_, [] | ["new"]) => Err(ask.wrong_method()),
        (method, [number, rest @ ..]) => {
            let light = number::light(ask.view, number).ok_or_else(|| ask.not_available())?;
            match (method, rest) {
                (&Method::GET, []) => one(ask.view, light).map(Reply::Shows).ok_or_else(|| ask.not_available()),
                (&Method::PUT, []) => put(ask, light),
                (&Method::PUT, ["state"]) => put_state(ask, light),
                (&Method::PUT, ["config"]) => put_config(ask, light),
                (&Method::DELETE, []) => Ok(Reply::deleted(ask, Any::Lights(Command::ForgetLight(light.id.clone())))),
                (_, [] | ["state" | "config"]) => Err(ask.wrong_method()),
                _ => Err(ask.not_available()),
            }
        }
    }
}

/// All lights by number.
#[must_use]
pub fn all(view: &Snapshot) -> Value {
    let numbered = number::all(view, Kind::Light).filter_map(|(thing, ids)| {
        let light = view.lights.lights.get(&LightId(Arc::clone(&thing.id)))?;
        Some((ids.number()?.to_string(), value(view, light, ids)))
    });
    Value::Object(numbered.collect::<Map<_, _>>())
}

/// How the search for new devices fares.
#[must_use]
pub fn new(view: &Snapshot) -> Value {
    json!({"lastscan": if view.lights.search.running { "active" } else { "none" }})
}

/// Looks for new devices. Some name the serial numbers of those they look for.
///
/// # Errors
/// If these are none, or too many.
pub fn search(ask: &Ask<'_>) -> Result<Reply, Error> {
    if !ask.body.iter().all(u8::is_ascii_whitespace) && ask.body != b"{}" {
        for field in ask.members()?.fields(&ask.at()) {
            match field.name {
                "deviceid" if field.list()?.len() > MAX_SERIALS => {
                    return Err(Error::new(field.address(), What::TooMany));
                }
                "deviceid" => {}
                _ => return Err(field.unknown()),
            }
        }
    }
    let said = json!({ask.at(): "Searching for new devices"});
    Ok(Reply::done(Any::Lights(Command::Search(true)), said))
}

fn one(view: &Snapshot, light: &Light) -> Option<Value> {
    let ids = view.bridge.ids(&Thing::new(Kind::Light, Arc::clone(&light.id.0)))?;
    Some(value(view, light, ids))
}

fn value(view: &Snapshot, light: &Light, ids: &Ids) -> Value {
    let extra = view.bridge.extra(&Thing::new(Kind::Light, Arc::clone(&light.id.0)));
    let product = models::of(light, extra.map(|extra| &**extra));
    let mut config = json!({
        "archetype": words::plain(&product.archetype),
        "function": product.function,
        "direction": "omnidirectional",
    });
    if !light.capabilities.power_on.is_empty() {
        config["startup"] = json!({"mode": startup(light, extra.map(|extra| &**extra)), "configured": true});
    }
    json!({
        "state": shown::light(light),
        "swupdate": {"state": "noupdates", "lastinstall": "2026-01-01T00:00:00"},
        "type": product.kind_v1,
        "name": light.name,
        "modelid": product.model,
        "manufacturername": models::MAKER,
        "productname": product.product,
        "capabilities": {
            "certified": true,
            "control": control(light, product.gamut_type),
            "streaming": {"renderer": product.streams, "proxy": product.streams},
        },
        "config": config,
        "uniqueid": format!("{}-0b", unique::address(ids)),
        "swversion": product.software,
        "swconfigid": "772B0E5E",
        "productid": product.product_id,
    })
}

/// What can be set within which bounds.
fn control(light: &Light, gamut_type: Option<&str>) -> Value {
    let can = &light.capabilities;
    let mut control = Map::new();
    let mut put = |name: &str, value: Value| drop(control.insert(name.to_owned(), value));
    if can.dimming {
        put("mindimlevel", json!(1000));
        put("maxlumen", json!(806));
    }
    if let (Some(gamut), Some(letter)) = (&can.color, gamut_type) {
        put("colorgamuttype", json!(letter));
        put("colorgamut", corners(gamut));
    }
    if let Some(range) = &can.mirek {
        put("ct", json!({"min": (*range.start()).max(153), "max": (*range.end()).min(500)}));
    }
    Value::Object(control)
}

fn corners(gamut: &Gamut) -> Value {
    let rounded = |part: f32| (f64::from(part) * 1e4).round() / 1e4;
    let corners = [gamut.red, gamut.green, gamut.blue].map(|xy| [rounded(xy.x()), rounded(xy.y())]);
    json!(corners)
}

/// What it does when its power comes back: as an app said it, else as it was settled.
fn startup(light: &Light, extra: Option<&Extra>) -> &'static str {
    let noted = extra.and_then(|extra| serde_json::from_str::<Value>(extra.powerup.as_ref()?).ok());
    match (noted.as_ref().and_then(|noted| noted["preset"].as_str()), light.power_on) {
        (Some("safety"), _) => "safety",
        (Some("powerfail"), _) => "powerfail",
        (Some("last_on_state"), _) => "lastonstate",
        (Some("custom"), _) | (None, Some(PowerOn::Off)) => "custom",
        (_, Some(PowerOn::Previous)) => "powerfail",
        _ => "safety",
    }
}

fn put(ask: &Ask<'_>, light: &Light) -> Result<Reply, Error> {
    let (members, mut written, mut lights) = (ask.members()?, Written::default(), Vec::new());
    let mut extra = ask.extra(Kind::Light, &light.id.0);
    let before = extra.clone();
    written.each(&members, &ask.at(), |field| match field.name {
        "name" => {
            let name = field.name()?.to_owned();
            lights.push(Command::Rename { light: light.id.clone(), name });
            Ok(())
        }
        "config" => {
            let at = field.address();
            Members::of(field.object()?)
                .fields(&at)
                .try_for_each(|field| config(light, &field, &mut extra, &mut lights))
        }
        "state" | "type" | "modelid" | "manufacturername" | "productname" | "capabilities" | "uniqueid"
        | "swversion" | "swconfigid" | "productid" | "swupdate" => Err(field.read_only()),
        _ => Err(field.unknown()),
    });
    lights.into_iter().for_each(|command| written.lights(command));
    if extra != before {
        written.note(Kind::Light, &light.id.0, extra);
    }
    Ok(Reply::Writes(written))
}

fn put_config(ask: &Ask<'_>, light: &Light) -> Result<Reply, Error> {
    let (members, mut written, mut lights) = (ask.members()?, Written::default(), Vec::new());
    let mut extra = ask.extra(Kind::Light, &light.id.0);
    let before = extra.clone();
    written.each(&members, &ask.at(), |field| config(light, field, &mut extra, &mut lights));
    lights.into_iter().for_each(|command| written.lights(command));
    if extra != before {
        written.note(Kind::Light, &light.id.0, extra);
    }
    Ok(Reply::Writes(written))
}

fn config(light: &Light, field: &Field<'_>, extra: &mut Extra, lights: &mut Vec<Command>) -> Result<(), Error> {
    match field.name {
        "archetype" => {
            let archetype = words::archetype(field.text(1..=32)?).ok_or_else(|| field.invalid())?;
            extra.archetype = Some(archetype.into());
        }
        "startup" if !light.capabilities.power_on.is_empty() => {
            let (power_on, powerup) = power_on(field)?;
            if !light.capabilities.power_on.contains(&power_on) {
                return Err(field.invalid());
            }
            extra.powerup = Some(powerup.to_string().into());
            lights.push(Command::SetPowerOn { light: light.id.clone(), power_on });
        }
        "function" | "direction" => return Err(field.read_only()),
        _ => return Err(field.unknown()),
    }
    Ok(())
}

/// What a start-up mode means, and how version 2 writes it. A state of one's own can be to stay off.
fn power_on(field: &Field<'_>) -> Result<(PowerOn, Value), Error> {
    let startup = field.object()?;
    let on = startup.get("customsettings").and_then(|custom| custom.get("on")).and_then(Value::as_bool);
    match (startup.get("mode").and_then(Value::as_str), on) {
        (Some("safety"), _) => Ok((PowerOn::On, json!({"preset": "safety"}))),
        (Some("powerfail"), _) => Ok((PowerOn::Previous, json!({"preset": "powerfail"}))),
        (Some("lastonstate"), _) => Ok((PowerOn::Previous, json!({"preset": "last_on_state"}))),
        (Some("custom"), Some(false)) => {
            Ok((PowerOn::Off, json!({"preset": "custom", "on": {"mode": "on", "on": {"on": false}}})))
        }
        _ => Err(field.invalid()),
    }
}

fn put_state(ask: &Ask<'_>, light: &Light) -> Result<Reply, Error> {
    let can = state::Can::of(&light.capabilities);
    let (wish, entries) = state::read(&ask.members()?, &ask.at(), can, !light.wanted.on);
    let mut written = Written { entries, ..Written::default() };
    let change = wish.change(&light.capabilities, &light.stack.shown());
    if !change.is_empty() {
        written.lights(Command::Set { aims: vec![Aim::Light(light.id.clone())], change });
    }
    if wish.identify {
        identify(light, &mut written);
    }
    Ok(Reply::Writes(written))
}

/// Has a light make itself known, if it can and is there.
pub fn identify(light: &Light, written: &mut Written) {
    if light.capabilities.identify && light.reach == Reach::Online {
        written.lights(Command::Identify(light.id.clone()));
    }
}
