//! Entertainment areas: which lights are in them, and where these stand.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::bridge::v2::resources::area::n_channels;
use crate::bridge::v2::resources::parts::MAX_NAME;
use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::write::{Done, Refusal, Write, Written};
use crate::bridge::v2::writes::{objects, read};
use crate::model::bridge::area::{Area, Place};
use crate::model::bridge::ids::Kind;
use crate::model::bridge::object::Object;
use crate::model::lights::LightId;

/// Kinds of areas.
const KINDS: [&str; 5] = ["screen", "monitor", "music", "3dspace", "other"];
/// Lights of an area.
pub const MAX_LIGHTS: usize = 10;
/// Channels of an area.
pub const MAX_CHANNELS: usize = 20;

/// Changes an area.
///
/// # Errors
/// 400 if a member is wrong; 503 for a stream, as long as there is none.
pub async fn put(write: &Write<'_>, kept: &Kept) -> Done {
    let before = objects::shown(write, kept)?;
    let Object::Area(area) = &*before else { return Err(Refusal::not_found()) };
    match read::text(write.body, "action")? {
        None => {}
        // Nothing is streamed, so there is nothing to stop.
        Some("stop") => return Ok(Written::default()),
        Some("start") => return Err(Refusal { status: 503, why: "This bridge takes no streams yet.".to_owned() }),
        Some(other) => return Err(Refusal::bad(format!("invalid value for action: {other}"))),
    }
    let after = said(write, area.clone())?;
    objects::put(write, kept, &before, Object::Area(after)).await
}

/// Makes an area.
///
/// # Errors
/// 400 if a member is wrong, or name, type or locations are missing.
pub async fn post(write: &Write<'_>) -> Done {
    let metadata = read::object(write.body, "metadata")?;
    let name = metadata.and_then(|metadata| metadata.get("name")).or_else(|| write.body.get("name"));
    read::needed(name, "metadata.name")?;
    read::needed(write.body.get("configuration_type"), "configuration_type")?;
    read::needed(write.body.get("locations"), "locations")?;
    let area = said(write, Area { name: "".into(), kind: "other".into(), places: Vec::new() })?;
    objects::make(write, Object::Area(area), "entertainment_configuration").await
}

fn said(write: &Write<'_>, mut area: Area) -> Result<Area, Refusal> {
    let named = read::object(write.body, "metadata")?.unwrap_or(write.body);
    if let Some(name) = read::name(named, "name", MAX_NAME)? {
        area.name = name.into();
    }
    if let Some(kind) = read::text(write.body, "configuration_type")? {
        let is_known = KINDS.contains(&kind);
        area.kind =
            is_known.then(|| kind.into()).ok_or_else(|| Refusal::bad("invalid value for configuration_type"))?;
    }
    if let Some(locations) = read::object(write.body, "locations")? {
        area.places = places(write, locations)?;
    }
    Ok(area)
}

fn places(write: &Write<'_>, locations: &Map<String, Value>) -> Result<Vec<Place>, Refusal> {
    let each = read::needed(read::array(locations, "service_locations")?, "service_locations")?;
    let places = each.iter().map(|location| place(write, location)).collect::<Result<Vec<_>, _>>()?;
    let lights = places.iter().filter_map(|place| write.view.lights.lights.get(&place.light));
    let n: usize = lights.map(|light| n_channels(light)).sum();
    if places.len() > MAX_LIGHTS || n > MAX_CHANNELS {
        let why = format!("An area has at most {MAX_LIGHTS} lights and {MAX_CHANNELS} channels.");
        return Err(Refusal::bad(why));
    }
    let twice =
        places.iter().enumerate().any(|(n, place)| places.iter().take(n).any(|known| known.light == place.light));
    if twice { Err(Refusal::bad("a light is in the area twice")) } else { Ok(places) }
}

fn place(write: &Write<'_>, location: &Value) -> Result<Place, Refusal> {
    let location = location.as_object().ok_or_else(|| Refusal::bad("a location is not an object"))?;
    let service = read::needed(location.get("service"), "service")?;
    let light = write.referred(service).map(|kept| &kept.thing).filter(|thing| thing.kind == Kind::Light);
    let light = light.ok_or_else(|| Refusal::bad("a location names no entertainment service of a light"))?;
    let written = match read::array(location, "positions")? {
        Some(positions) => positions.iter().collect(),
        None => vec![read::needed(location.get("position"), "positions")?],
    };
    if !(1..=2).contains(&written.len()) {
        return Err(Refusal::bad("a location has one or two positions"));
    }
    let positions = written.into_iter().map(position).collect::<Result<Vec<_>, _>>()?;
    let equalization = read::number(location, "equalization_factor", 0.0..=1.0)?.unwrap_or(1.0);
    Ok(Place { light: LightId(Arc::clone(&light.id)), positions, equalization })
}

fn position(written: &Value) -> Result<[f64; 3], Refusal> {
    let written = written.as_object().ok_or_else(|| Refusal::bad("a position is not an object"))?;
    let part = |key| read::needed(read::number(written, key, -1.0..=1.0)?, key);
    Ok([part("x")?, part("y")?, part("z")?])
}
