//! A light: its device and the services of it.
//!
//! Invariant: a light shows what people asked of it, and only features that it has.

use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use crate::bridge::models::{self, Product, gamut_type};
use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::effects;
use crate::bridge::v2::resources::index::Index;
use crate::bridge::v2::resources::parts::{self, Make};
use crate::bridge::v2::resources::powerup;
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::lights::capabilities::Capabilities;
use crate::model::lights::state::Color;
use crate::model::lights::{Light, LightId};
use crate::model::snapshot::Snapshot;
use crate::units::color::{Gamut, Mirek, Xy};

/// The least brightness of a light that is on, percent: one step of eight bits.
pub const DIMMEST: f64 = 0.4;
/// Whites that apps know, mirek.
pub const WHITES: RangeInclusive<u16> = 153..=500;
/// Colours of a gradient that apps know.
pub const MAX_POINTS: usize = 5;

/// The resources of a light.
#[must_use]
pub fn of(view: &Snapshot, index: &Index, thing: &Thing, ids: &Ids) -> Vec<Resource> {
    let Some(light) = view.lights.lights.get(&LightId(thing.id.clone())) else { return Vec::new() };
    let extra = view.bridge.extra(thing).map(|extra| &**extra);
    let product = models::of(light, extra);
    let id_v1 = parts::v1("lights", ids.number());
    let make = Make {
        model: product.model,
        product: product.product,
        product_archetype: product.product_archetype,
        software: product.software,
        platform: product.platform,
        name: &light.name,
        archetype: &product.archetype,
    };
    let service = Value::Object(service(light, index, extra, &product, ids));
    vec![
        parts::device(ids, id_v1.clone(), &make, Vec::new()),
        parts::resource("light", ids.service("light"), id_v1.clone(), service),
        parts::connectivity(ids, id_v1, &light.reach),
        parts::software_update(ids),
    ]
}

fn service(light: &Light, index: &Index, extra: Option<&Extra>, product: &Product, ids: &Ids) -> Map<String, Value> {
    let can = &*light.capabilities;
    let metadata = json!({
        "name": parts::short(&light.name),
        "archetype": *product.archetype,
        "function": *product.function,
    });
    let mut members = Map::new();
    let mut put = |key: &str, value: Value| drop(members.insert(key.to_owned(), value));
    put("owner", parts::service(ids, "device"));
    put("metadata", metadata);
    put("product_data", json!({"function": *product.function}));
    put("identify", json!({}));
    put("service_id", json!(0));
    put("on", json!({"on": light.wanted.on}));
    put("mode", json!("normal"));
    put("dynamics", dynamics(light, index));
    if can.dimming {
        put("dimming", json!({"brightness": parts::percent(light.wanted.brightness), "min_dim_level": DIMMEST}));
        put("dimming_delta", json!({}));
        put("timed_effects", timed_effects());
    }
    if let Some(range) = whites(can) {
        put("color_temperature", color_temperature(&light.wanted.color, &range));
        put("color_temperature_delta", json!({}));
    }
    if let Some(gamut) = &can.color {
        put("color", color(&light.wanted.color, gamut));
    }
    if let Some(gradient) = gradient(light) {
        put("gradient", gradient);
    }
    if !can.effects.is_empty() {
        put("effects", own_effects(light));
        put("effects_v2", known_effects(light));
    }
    if can.identify {
        put("alert", json!({"action_values": ["breathe"]}));
        put("signaling", json!({"signal_values": ["no_signal", "on_off"]}));
    }
    put("powerup", powerup::shown(light, extra).unwrap_or(Value::Null));
    members
}

fn dynamics(light: &Light, index: &Index) -> Value {
    let speed = index.moving.get(&light.id).filter(|_| light.capabilities.color.is_some());
    let values: &[&str] = match light.capabilities.color {
        Some(_) => &["none", "dynamic_palette"],
        None => &["none"],
    };
    let status = if speed.is_some() { "dynamic_palette" } else { "none" };
    let four = speed.map_or(0.0, |speed| (speed * 10_000.0).round() / 10_000.0);
    json!({"status": status, "status_values": values, "speed": four, "speed_valid": speed.is_some()})
}

fn timed_effects() -> Value {
    let values = [effects::NONE, "sunrise", "sunset"];
    json!({"status": effects::NONE, "status_values": values, "effect_values": values})
}

/// The whites of a light that apps know too; `None` if it mixes none of them.
#[must_use]
pub fn whites(can: &Capabilities) -> Option<RangeInclusive<u16>> {
    let own = can.mirek.as_ref()?;
    let both = *own.start().max(WHITES.start())..=*own.end().min(WHITES.end());
    (!both.is_empty()).then_some(both)
}

fn color_temperature(color: &Color, range: &RangeInclusive<u16>) -> Value {
    let mirek = match color {
        Color::Mirek(mirek) => Some(mirek.within(range).get()),
        Color::Xy(_) | Color::Gradient(_) => None,
    };
    json!({
        "mirek": mirek,
        "mirek_valid": mirek.is_some(),
        "mirek_schema": {"mirek_minimum": range.start(), "mirek_maximum": range.end()},
    })
}

fn color(color: &Color, gamut: &Gamut) -> Value {
    let [red, green, blue] = [gamut.red, gamut.green, gamut.blue].map(parts::xy);
    json!({
        "xy": parts::xy(color.xy()),
        "gamut": {"red": red, "green": green, "blue": blue},
        "gamut_type": gamut_type(gamut),
    })
}

/// The white that is nearest to what a light shows.
#[must_use]
pub fn white(color: &Color) -> Mirek {
    match color {
        Color::Mirek(mirek) => *mirek,
        Color::Xy(_) | Color::Gradient(_) => color.xy().mirek(),
    }
}

/// Points of a gradient that a light takes from apps; 0 if it takes none.
#[must_use]
pub fn points_capable(can: &Capabilities) -> usize {
    match can.segments {
        0 | 1 => 0,
        _ if can.color.is_none() => 0,
        segments => MAX_POINTS.min(usize::from(segments)),
    }
}

fn gradient(light: &Light) -> Option<Value> {
    let most = Some(points_capable(&light.capabilities)).filter(|most| *most > 0)?;
    let points = match &light.wanted.color {
        Color::Gradient(points) => spread(points, most),
        Color::Xy(_) | Color::Mirek(_) => Vec::new(),
    };
    Some(json!({
        "points": points_of(&points),
        "points_capable": most,
        "mode": "interpolated_palette",
        "mode_values": ["interpolated_palette"],
        "pixel_count": light.capabilities.segments,
    }))
}

/// Points as `[{"color":{"xy":…}}]`.
#[must_use]
pub fn points_of(points: &[Xy]) -> Vec<Value> {
    points.iter().map(|point| json!({"color": {"xy": parts::xy(*point)}})).collect()
}

/// As many of the points as may be, evenly.
#[must_use]
pub fn spread(points: &[Xy], most: usize) -> Vec<Xy> {
    if points.len() <= most || most < 2 {
        return points.iter().take(most).copied().collect();
    }
    let last = points.len() - 1;
    (0..most).filter_map(|n| points.get((n * last + (most - 1) / 2) / (most - 1)).copied()).collect()
}

fn own_effects(light: &Light) -> Value {
    let shown = light.capabilities.effects.iter().map(|own| effects::shown(own));
    let values: Vec<_> = std::iter::once(effects::NONE).chain(shown).collect();
    let status = light.wanted.effect.as_deref().map_or(effects::NONE, effects::shown);
    json!({"status": status, "status_values": values, "effect_values": values})
}

fn known_effects(light: &Light) -> Value {
    let known = light.capabilities.effects.iter().filter_map(|own| effects::known(own));
    let values: Vec<_> = std::iter::once(effects::NONE).chain(known).collect();
    let status = light.wanted.effect.as_deref().and_then(effects::known).unwrap_or(effects::NONE);
    json!({"action": {"effect_values": values}, "status": {"effect": status, "effect_values": values}})
}
