//! Entertainment areas as groups of version 1: each light has one place.

use serde_json::{Map, Value, json};

use crate::bridge::v1::body::Field;
use crate::bridge::v1::error::{Error, What};
use crate::bridge::v1::{number, words};
use crate::model::bridge::area::{Area, Place};
use crate::model::bridge::ids::Kind;
use crate::model::lights::LightId;
use crate::model::snapshot::Snapshot;

/// How far from the middle the outermost lights stand as long as nobody says where: in front, to both sides.
const SPREAD: f64 = 0.8;

/// The lights of an area, each once.
#[must_use]
pub fn lights(area: &Area) -> Vec<LightId> {
    let mut lights: Vec<LightId> = Vec::new();
    for place in &area.places {
        if !lights.contains(&place.light) {
            lights.push(place.light.clone());
        }
    }
    lights
}

/// Where its lights stand, by their numbers.
#[must_use]
pub fn locations(view: &Snapshot, area: &Area) -> Value {
    let location = |place: &Place| {
        let number = number::of(view, Kind::Light, &place.light.0)?;
        Some((number.to_string(), json!(place.positions.first()?)))
    };
    Value::Object(area.places.iter().filter_map(location).collect::<Map<_, _>>())
}

/// An area of these lights, side by side where nobody says where they stand.
#[must_use]
pub fn new(name: &str, kind: &str, lights: &[LightId], locations: &[(LightId, [f64; 3])]) -> Area {
    let last = lights.len().saturating_sub(1).max(1) as f64;
    let place = |(n, light): (usize, &LightId)| {
        let known = locations.iter().find(|(known, _)| known == light).map(|(_, position)| *position);
        let position = known.unwrap_or([2.0 * SPREAD * n as f64 / last - SPREAD, SPREAD, 0.0]);
        Place { light: light.clone(), positions: vec![position], equalization: 1.0 }
    };
    Area { name: name.into(), kind: kind.into(), places: lights.iter().enumerate().map(place).collect() }
}

/// Reads where lights stand: `{"1": [x, y, z]}`, each -1..=1.
///
/// # Errors
/// If that names no light or no place.
pub fn read_locations(view: &Snapshot, field: &Field<'_>) -> Result<Vec<(LightId, [f64; 3])>, Error> {
    let known = number::index(view, Kind::Light);
    let position = |value: &Value| {
        let numbers: Vec<f64> = value.as_array()?.iter().filter_map(Value::as_f64).collect();
        let position: [f64; 3] = numbers.try_into().ok()?;
        position.iter().all(|part| part.abs() <= 1.0).then_some(position)
    };
    let location = |(number, value): (&String, &Value)| {
        let light = known.get(number.as_str()).map(|id| LightId((*id).clone()));
        light.zip(position(value)).ok_or_else(|| field.invalid())
    };
    field.object()?.iter().map(location).collect()
}

/// Takes one member of a write to an area.
///
/// # Errors
/// If it cannot be.
pub fn take(view: &Snapshot, field: &Field<'_>, area: &mut Area) -> Result<(), Error> {
    match field.name {
        "name" => area.name = field.name()?.into(),
        "class" => area.kind = words::area_kind(field.text(1..=32)?).ok_or_else(|| field.invalid())?.into(),
        "lights" => {
            let lights = number::lights_of(view, field.list()?).ok_or_else(|| field.invalid())?;
            let fresh = new("", "", &lights, &[]);
            let kept = |place: Place| area.places.iter().find(|old| old.light == place.light).cloned().unwrap_or(place);
            area.places = fresh.places.into_iter().map(kept).collect();
        }
        "locations" => {
            for (light, position) in read_locations(view, field)? {
                let place = area.places.iter_mut().find(|place| place.light == light);
                place.ok_or_else(|| field.invalid())?.positions = vec![position];
            }
        }
        "sensors" if field.list()?.is_empty() => {}
        "sensors" | "stream" | "recycle" => return Err(field.invalid()),
        "type" | "state" | "action" => return Err(field.read_only()),
        _ => return Err(field.unknown()),
    }
    Ok(())
}

/// Takes one member of `stream`: nobody streams, and nobody can begin to.
///
/// # Errors
/// If it would have to begin.
pub fn stream(field: &Field<'_>) -> Result<(), Error> {
    match field.name {
        "active" if field.flag()? => Err(Error::new(field.address(), What::Stream)),
        "active" => Ok(()),
        "proxymode" => field.word(&["auto"]).map(drop),
        "proxynode" | "owner" => Err(field.read_only()),
        _ => Err(field.unknown()),
    }
}
