//! The first version of the bridge's API: lights by number, answers as lists of successes and errors.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::units::color::{Gamut, Xy, bri_of_share, share_of_bri};
use crate::wire::Error;
use crate::wire::hue_clip::{self, Color, State, round, write};

/// The error of who has no right to be here.
pub const UNAUTHORIZED: u64 = 1;
/// The error of what is asked of a light that is off.
pub const IS_OFF: u64 = 201;

/// A light.
#[derive(Clone, Debug, PartialEq)]
pub struct Light {
    /// Its number, as text.
    pub number: String,
    /// What it is told apart by, for ever; its number where a bridge says none.
    pub uniqueid: String,
    /// What people call it.
    pub name: String,
    /// Its model.
    pub modelid: String,
    /// Whether it can be dimmed.
    pub dims: bool,
    /// The colours it mixes, if any.
    pub gamut: Option<Gamut>,
    /// The whites it mixes, mirek.
    pub mirek: Option<(u16, u16)>,
    /// Whether it has the colour loop.
    pub loops: bool,
    /// Whether it can be told what to do when its power comes back.
    pub startup: bool,
    /// Whether the bridge can reach it.
    pub reachable: bool,
    /// How it is.
    pub state: State,
}

/// A room, zone or other group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its number, as text.
    pub number: String,
    /// What people call it.
    pub name: String,
    /// Whether it is a room.
    pub is_room: bool,
    /// The numbers of its lights.
    pub lights: Vec<String>,
}

#[derive(Deserialize)]
struct RawLight {
    #[serde(default)]
    name: String,
    #[serde(default)]
    modelid: String,
    uniqueid: Option<String>,
    #[serde(default)]
    r#type: String,
    state: RawState,
    #[serde(default)]
    capabilities: Value,
    #[serde(default)]
    config: Value,
}

#[derive(Deserialize)]
struct RawState {
    on: Option<bool>,
    bri: Option<u8>,
    xy: Option<[f32; 2]>,
    ct: Option<u16>,
    effect: Option<String>,
    colormode: Option<String>,
    reachable: Option<bool>,
}

#[derive(Deserialize)]
struct RawGroup {
    #[serde(default)]
    name: String,
    #[serde(default)]
    lights: Vec<String>,
    #[serde(default)]
    r#type: String,
}

/// What a bridge answers instead of things: the types of its errors.
fn errors_of(value: &Value) -> Vec<u64> {
    let entries = value.as_array().into_iter().flatten();
    entries.filter_map(|entry| entry.get("error")?.get("type")?.as_u64()).collect()
}

/// Reads the answer to a change: the types of the errors in it; none if all went well.
///
/// # Errors
/// If it is no list.
pub fn decode_answer(body: &[u8]) -> Result<Vec<u64>, Error> {
    let answer: Value = hue_clip::json(body)?;
    if answer.is_array() { Ok(errors_of(&answer)) } else { Err(Error::Malformed { what: "answer" }) }
}

/// What is listed under its numbers, or the errors that came instead.
fn listed(body: &[u8]) -> Result<Result<Map<String, Value>, Vec<u64>>, Error> {
    match hue_clip::json(body)? {
        Value::Object(listed) => Ok(Ok(listed)),
        other if !errors_of(&other).is_empty() => Ok(Err(errors_of(&other))),
        _ => Err(Error::Malformed { what: "list" }),
    }
}

/// Reads all lights, or the errors that came instead.
///
/// # Errors
/// If it is neither.
pub fn decode_lights(body: &[u8]) -> Result<Result<Vec<Light>, Vec<u64>>, Error> {
    let read = |(number, value)| light(number, serde_json::from_value(value).ok()?);
    Ok(listed(body)?.map(|listed| listed.into_iter().filter_map(read).collect()))
}

/// Reads all groups, or the errors that came instead.
///
/// # Errors
/// If it is neither.
pub fn decode_groups(body: &[u8]) -> Result<Result<Vec<Group>, Vec<u64>>, Error> {
    let read = |(number, value): (String, Value)| {
        let RawGroup { name, lights, r#type } = serde_json::from_value(value).ok()?;
        hue_clip::is_id(&number).then_some(Group { number, name, is_room: r#type == "Room", lights })
    };
    Ok(listed(body)?.map(|listed| listed.into_iter().filter_map(read).collect()))
}

fn light(number: String, raw: RawLight) -> Option<Light> {
    if !hue_clip::is_id(&number) {
        return None;
    }
    let RawLight { name, modelid, uniqueid, r#type, state, capabilities, config } = raw;
    let control = capabilities.get("control").cloned().unwrap_or_default();
    let kind = r#type.to_lowercase();
    let gamut = (state.xy.is_some() || kind.contains("color light")).then(|| gamut(&control));
    let limit = |end: &str| control.get("ct")?.get(end)?.as_u64().and_then(|ct| u16::try_from(ct).ok());
    let range = (limit("min").unwrap_or(153), limit("max").filter(|most| *most <= 1000).unwrap_or(500));
    Some(Light {
        uniqueid: uniqueid.filter(|id| !id.is_empty()).unwrap_or_else(|| format!("light-{number}")),
        number,
        name,
        modelid,
        dims: state.bri.is_some(),
        gamut,
        mirek: state.ct.map(|_| range).filter(|(least, most)| least < most && *least > 0),
        loops: state.effect.is_some() && gamut.is_some(),
        startup: config.get("startup").is_some(),
        reachable: state.reachable != Some(false),
        state: said(&state),
    })
}

fn gamut(control: &Value) -> Gamut {
    let corner = |n: usize| {
        let corner = control.get("colorgamut")?.get(n)?;
        Xy::new(corner.get(0)?.as_f64()? as f32, corner.get(1)?.as_f64()? as f32)
    };
    match (corner(0), corner(1), corner(2)) {
        (Some(red), Some(green), Some(blue)) => Gamut { red, green, blue },
        _ => Gamut::ALL,
    }
}

fn said(raw: &RawState) -> State {
    let xy = || raw.xy.and_then(|[x, y]| Xy::new(x, y)).map(Color::Xy);
    let color = match raw.colormode.as_deref() {
        Some("ct") => raw.ct.filter(|ct| *ct > 0).map(Color::Mirek),
        Some(_) => xy(),
        None => xy().or(raw.ct.filter(|ct| *ct > 0).map(Color::Mirek)),
    };
    let effect = raw.effect.as_deref().map(|effect| if effect == "none" { "" } else { effect }.to_owned());
    State { on: raw.on, brightness: raw.bri.map(share_of_bri), color, effect, duration_ms: None }
}

/// What goes to a light's `state` or a group's `action`. A light that is off takes nothing else (error 201), so what
/// turns it off says nothing else.
pub fn encode_state(state: &State, out: &mut Vec<u8>) {
    let mut body = Map::new();
    if let Some(on) = state.on {
        body.insert("on".to_owned(), json!(on));
    }
    if state.on != Some(false) {
        if let Some(share) = state.brightness {
            body.insert("bri".to_owned(), json!(bri_of_share(share)));
        }
        match &state.color {
            Some(Color::Xy(xy)) => drop(body.insert("xy".to_owned(), json!([round(xy.x()), round(xy.y())]))),
            Some(Color::Mirek(mirek)) => drop(body.insert("ct".to_owned(), json!(mirek))),
            Some(Color::Gradient(_)) | None => {}
        }
        if let Some(effect) = &state.effect {
            body.insert("effect".to_owned(), json!(if effect.is_empty() { "none" } else { effect }));
        }
    }
    if let Some(ms) = state.duration_ms {
        body.insert("transitiontime".to_owned(), json!(((ms + 50) / 100).min(65_535)));
    }
    write(&Value::Object(body), out);
}

/// One breath, so that a light makes itself known.
pub fn encode_identify(out: &mut Vec<u8>) {
    write(&json!({ "alert": "select" }), out);
}

/// What goes to a light's `config` so that it comes back as it was, or else on.
pub fn encode_startup(as_it_was: bool, out: &mut Vec<u8>) {
    write(&json!({ "startup": { "mode": if as_it_was { "powerfail" } else { "safety" } } }), out);
}
