//! Entertainment: which lights can be streamed to, and the areas they stand in.
//!
//! Invariant: channels are numbered from 0 in the order of the lights, one for each segment of each light.

use serde_json::{Value, json};

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::{parts, refer};
use crate::model::bridge::area::{Area, Place};
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::lights::{Light, LightId};
use crate::model::snapshot::Snapshot;

/// Segments that a strip with a gradient has for streams: where each begins and how long it is.
const GRADIENT: [(u8, u8); 3] = [(0, 3), (3, 4), (7, 3)];
/// A light without segments has one.
const WHOLE: [(u8, u8); 1] = [(0, 1)];
/// Segments that a strip with a gradient could have.
const MOST_SEGMENTS: u8 = 10;

/// The segments that a light has for streams.
#[must_use]
pub fn segments(light: &Light) -> &'static [(u8, u8)] {
    if light.capabilities.color.is_some() && light.capabilities.segments > 1 { &GRADIENT } else { &WHOLE }
}

/// The entertainment service of a light that shows colours; none of others.
#[must_use]
pub fn of_light(view: &Snapshot, thing: &Thing, ids: &Ids) -> Option<Resource> {
    let light = view.lights.lights.get(&LightId(thing.id.clone()))?;
    light.capabilities.color.as_ref()?;
    let segments = segments(light);
    let each: Vec<_> = segments.iter().map(|(start, length)| json!({"start": start, "length": length})).collect();
    let most = if segments.len() > 1 { MOST_SEGMENTS } else { 1 };
    let members = json!({
        "owner": parts::service(ids, "device"),
        "renderer": true,
        "renderer_reference": parts::service(ids, "light"),
        "proxy": true,
        "equalizer": true,
        "max_streams": 1,
        "segments": {"configurable": false, "max_segments": most, "segments": each},
    });
    Some(parts::resource("entertainment", ids.service("entertainment"), parts::v1("lights", ids.number()), members))
}

/// The resources of an area; none if it is gone.
#[must_use]
pub fn of(view: &Snapshot, thing: &Thing, ids: &Ids) -> Vec<Resource> {
    let kept = view.bridge.objects.get(&ObjectId { kind: Kind::Area, id: thing.id.clone() });
    let Some(Object::Area(area)) = kept.map(|object| &**object) else { return Vec::new() };
    let there = there(view, area);
    let members = json!({
        "metadata": {"name": parts::short(&area.name)},
        "name": parts::short(&area.name),
        "configuration_type": &*area.kind,
        "status": "inactive",
        "stream_proxy": refer::bridge(view, "entertainment").map(|node| json!({"mode": "auto", "node": node})),
        "channels": channels(&there),
        "locations": {"service_locations": there.iter().map(|spot| location(spot)).collect::<Vec<_>>()},
        "light_services": there.iter().map(|spot| spot.shown.clone()).collect::<Vec<_>>(),
    });
    let id = ids.service("entertainment_configuration");
    vec![parts::resource("entertainment_configuration", id, parts::v1("groups", ids.number()), members)]
}

/// A light of an area that is there, with references to its services.
struct Spot<'a> {
    place: &'a Place,
    light: &'a Light,
    shown: Value,
    streamed: Value,
}

fn there<'a>(view: &'a Snapshot, area: &'a Area) -> Vec<Spot<'a>> {
    let spot = |place: &'a Place| {
        let light = view.lights.lights.get(&place.light)?;
        light.capabilities.color.as_ref()?;
        let service = |service| refer::light(view, &place.light, service);
        Some(Spot { place, light, shown: service("light")?, streamed: service("entertainment")? })
    };
    area.places.iter().filter_map(spot).collect()
}

/// How many channels a light brings into an area.
#[must_use]
pub fn n_channels(light: &Light) -> usize {
    segments(light).len()
}

fn channels(there: &[Spot<'_>]) -> Vec<Value> {
    let of_each = there.iter().flat_map(|spot| {
        let n = n_channels(spot.light);
        (0..n).map(move |index| {
            let member = json!({"service": spot.streamed, "index": index});
            json!({"position": position(along(&spot.place.positions, index, n)), "members": [member]})
        })
    });
    let numbered = of_each.enumerate().map(|(n, mut channel)| {
        channel["channel_id"] = n.into();
        channel
    });
    numbered.collect()
}

/// Where a segment of a light is: its only position, or between the two ends.
#[must_use]
pub fn along(positions: &[[f64; 3]], index: usize, n: usize) -> [f64; 3] {
    let (first, last) = (positions.first().copied().unwrap_or_default(), positions.last().copied().unwrap_or_default());
    let share = if n > 1 { index as f64 / (n - 1) as f64 } else { 0.0 };
    let mix = |a: f64, b: f64| ((a + (b - a) * share) * 1e5).round() / 1e5;
    let ([x0, y0, z0], [x1, y1, z1]) = (first, last);
    [mix(x0, x1), mix(y0, y1), mix(z0, z1)]
}

fn location(spot: &Spot<'_>) -> Value {
    let positions: Vec<_> = spot.place.positions.iter().copied().map(position).collect();
    json!({
        "service": spot.streamed,
        "position": positions.first(),
        "positions": positions,
        "equalization_factor": spot.place.equalization,
    })
}

fn position([x, y, z]: [f64; 3]) -> Value {
    json!({"x": x, "y": y, "z": z})
}
