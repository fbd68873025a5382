//! A scene of a room or zone. Scenes of the whole house have no place in version 2.
//!
//! Invariant: its actions aim at lights that are shown; lights that are gone are left out.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::index::speed_shown;
use crate::bridge::v2::resources::{effects, group, light, parts};
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::{Ids, Kind, Thing};
use crate::model::lights::scene::{Content, Palette, Scene, SceneId};
use crate::model::lights::state::{Change, Color};
use crate::model::lights::{Light, LightId};
use crate::model::snapshot::Snapshot;

/// The speed of a scene that never said one, as apps make them.
pub const USUAL_SPEED: f64 = 0.626_984_119_415_283_2;

/// The resource of a scene.
#[must_use]
pub fn of(view: &Snapshot, thing: &Thing, ids: &Ids) -> Vec<Resource> {
    shown(view, thing, ids).into_iter().collect()
}

fn shown(view: &Snapshot, thing: &Thing, ids: &Ids) -> Option<Resource> {
    let scene = view.lights.scenes.get(&SceneId(thing.id.clone()))?;
    let group = view.lights.groups.get(scene.group.as_ref()?)?;
    let group_ids = view.bridge.ids(&Thing::new(Kind::Group, group.id.0.clone()))?;
    let nothing = Extra::default();
    let extra = view.bridge.extra(thing).map_or(&nothing, |extra| &**extra);
    let mut metadata = json!({"name": parts::short(&scene.name)});
    if let Some(image) = extra.image {
        metadata["image"] = parts::reference("public_image", image);
    }
    if let Some((_, appdata)) = &extra.appdata {
        metadata["appdata"] = Value::from(&**appdata);
    }
    let members = json!({
        "metadata": metadata,
        "group": parts::service(group_ids, group::kind(group.kind)),
        "actions": actions(view, scene),
        "palette": palette(scene, extra),
        "speed": extra.speed.or_else(|| speed(scene)).unwrap_or(USUAL_SPEED),
        "auto_dynamic": extra.auto_dynamic,
        "status": {"active": status(scene)},
        "recall": {},
    });
    Some(parts::resource("scene", ids.service("scene"), parts::v1("scenes", ids.number()), members))
}

fn status(scene: &Scene) -> &'static str {
    match (scene.active, scene.moves_through()) {
        (false, _) => "inactive",
        (true, None) => "static",
        (true, Some(_)) => "dynamic_palette",
    }
}

fn speed(scene: &Scene) -> Option<f64> {
    match &scene.content {
        Content::Moving(palette) => Some(speed_shown(palette)),
        Content::Still(_) | Content::OfDay(_) => None,
    }
}

fn actions(view: &Snapshot, scene: &Scene) -> Vec<Value> {
    match &scene.content {
        Content::Still(states) => states.iter().filter_map(|(id, change)| action(view, id, change)).collect(),
        Content::Moving(palette) => {
            let members = scene.group.as_ref().and_then(|group| view.lights.groups.get(group));
            let lights = members.into_iter().flat_map(|group| &group.lights).enumerate();
            lights.filter_map(|(n, id)| action(view, id, &begin(palette, n))).collect()
        }
        Content::OfDay(_) => Vec::new(),
    }
}

/// What a moving scene begins with on its nth light.
fn begin(palette: &Palette, n: usize) -> Change {
    let color = palette.colors.get(n % palette.colors.len().max(1)).cloned();
    Change { on: Some(true), brightness: Some(palette.brightness), color, ..Change::default() }
}

fn action(view: &Snapshot, id: &LightId, change: &Change) -> Option<Value> {
    let ids = group::light_ids(view, id)?;
    let light = view.lights.lights.get(id)?;
    Some(json!({"target": parts::service(ids, "light"), "action": members(light, change)}))
}

/// What a change says, in the words of a light, as far as the light can do it.
fn members(light: &Light, change: &Change) -> Map<String, Value> {
    let can = &light.capabilities;
    let mut members = Map::new();
    let mut put = |key: &str, value: Value| drop(members.insert(key.to_owned(), value));
    if let Some(on) = change.on {
        put("on", json!({"on": on}));
    }
    if let Some(brightness) = change.brightness.filter(|_| can.dimming) {
        put("dimming", json!({"brightness": parts::percent(brightness)}));
    }
    match &change.color {
        Some(Color::Mirek(mirek)) if let Some(range) = light::whites(can) => {
            put("color_temperature", json!({"mirek": mirek.within(&range).get()}));
        }
        Some(Color::Gradient(points)) if light::points_capable(can) > 0 => {
            let points = light::spread(points, light::points_capable(can));
            put("gradient", json!({"points": light::points_of(&points)}));
        }
        Some(color) if can.color.is_some() => put("color", json!({"xy": parts::xy(color.xy())})),
        _ => {}
    }
    if let Some(effect) = change.effect.as_ref().filter(|effect| !effect.is_empty() && can.effects.contains(*effect)) {
        put("effects", json!({"effect": effects::shown(effect)}));
    }
    if let Some(ms) = change.transition_ms {
        put("dynamics", json!({"duration": ms}));
    }
    members
}

/// Its palette: as an app wrote it, else as it is.
fn palette(scene: &Scene, extra: &Extra) -> Value {
    let own = match &scene.content {
        Content::Moving(palette) => Some(palette),
        Content::Still(_) => scene.palette.as_ref(),
        Content::OfDay(_) => None,
    };
    let written = |text: &Arc<str>| serde_json::from_str::<Value>(text).ok();
    match (own, &extra.palette) {
        (None, _) => Value::Null,
        (Some(own), text) => text.as_ref().and_then(written).unwrap_or_else(|| written_of(own)),
    }
}

fn written_of(palette: &Palette) -> Value {
    let dimming = json!({"brightness": parts::percent(palette.brightness)});
    let mut colors = Vec::new();
    let mut whites = Vec::new();
    for color in &palette.colors {
        match color {
            Color::Mirek(mirek) if whites.is_empty() => {
                let mirek = mirek.within(&light::WHITES).get();
                whites.push(json!({"color_temperature": {"mirek": mirek}, "dimming": dimming}));
            }
            color => {
                let xy = parts::xy(color.xy());
                colors.push(json!({"color": {"xy": xy}, "dimming": dimming}));
            }
        }
    }
    json!({"color": colors, "dimming": [], "color_temperature": whites, "effects": [], "effects_v2": []})
}
