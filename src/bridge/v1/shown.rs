//! How lights show themselves in version 1: alone, as the last action of a group, and in a scene.

use serde_json::{Map, Value, json};

use crate::bridge::v1::state::{hue_sat, loop_of, mirek};
use crate::model::lights::Light;
use crate::model::lights::capabilities::Capabilities;
use crate::model::lights::connection::Reach;
use crate::model::lights::state::{Change, Color};
use crate::units::color::bri_of_share;

/// The state of a light.
#[must_use]
pub fn light(light: &Light) -> Value {
    let mut state = common(light);
    let mode = if light.streaming_fps > 0.0 { "streaming" } else { "homeautomation" };
    state.insert("mode".to_owned(), json!(mode));
    state.insert("reachable".to_owned(), json!(light.reach == Reach::Online));
    Value::Object(state)
}

/// The last action of a group: how one of its lights is; the first that is on, else the first.
#[must_use]
pub fn action<'a>(lights: impl Iterator<Item = &'a Light> + Clone) -> Value {
    let mut on = lights.clone().filter(|light| light.wanted.on);
    match on.next().or_else(|| lights.clone().next()) {
        Some(light) => Value::Object(common(light)),
        None => json!({"on": false, "alert": "none"}),
    }
}

/// What a scene has in store for a light.
#[must_use]
pub fn in_scene(can: &Capabilities, change: &Change, transition_ms: u32) -> Value {
    /// What is not worth a word.
    const USUAL_MS: u32 = 400;
    let mut state = Map::new();
    let mut put = |name: &str, value: Value| drop(state.insert(name.to_owned(), value));
    change.on.map(|on| put("on", json!(on)));
    if let Some(brightness) = change.brightness.filter(|_| can.dimming) {
        put("bri", json!(bri_of_share(brightness)));
    }
    match &change.color {
        Some(Color::Mirek(mirek)) if can.mirek.is_some() => put("ct", json!(mirek.get())),
        Some(color) if can.color.is_some() => put("xy", xy(color)),
        _ => {}
    }
    if change.effect.as_ref().is_some_and(|effect| Some(effect) == loop_of(can)) {
        put("effect", json!("colorloop"));
    }
    if transition_ms != USUAL_MS {
        put("transitiontime", json!(transition_ms / 100));
    }
    Value::Object(state)
}

/// What lights and groups have in common. Hue and saturation are those that were asked for, as far as the light mixes
/// colours at all: what it can show of them is in `xy`.
fn common(light: &Light) -> Map<String, Value> {
    let (can, wanted) = (&light.capabilities, &light.wanted);
    let mut state = Map::new();
    let mut put = |name: &str, value: Value| drop(state.insert(name.to_owned(), value));
    put("on", json!(wanted.on));
    put("alert", json!("none"));
    if can.dimming {
        put("bri", json!(bri_of_share(wanted.brightness)));
    }
    if can.color.is_some() {
        let (hue, sat) = hue_sat(&light.stack.shown().color);
        let looping = wanted.effect.is_some() && wanted.effect.as_ref() == loop_of(can);
        put("hue", json!(hue));
        put("sat", json!(sat));
        put("xy", xy(&wanted.color));
        put("effect", json!(if looping { "colorloop" } else { "none" }));
    }
    if let Some(range) = &can.mirek {
        put("ct", json!(mirek(&wanted.color).within(range).get().clamp(153, 500)));
    }
    match (can.color.is_some(), can.mirek.is_some()) {
        (false, false) => {}
        (true, _) if !matches!(wanted.color, Color::Mirek(_)) => put("colormode", json!("xy")),
        _ => put("colormode", json!("ct")),
    }
    state
}

/// Chromaticity with four decimals.
fn xy(color: &Color) -> Value {
    let rounded = |part: f32| (f64::from(part) * 1e4).round() / 1e4;
    let xy = color.xy();
    json!([rounded(xy.x()), rounded(xy.y())])
}
