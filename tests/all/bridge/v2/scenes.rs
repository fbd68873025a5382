//! Scenes, written and shown.

use hearthlight::model::lights::scene::{Content, SceneId};
use serde_json::{Value, json};

use super::{Bridge, ThingKind, assert_whole, words};
use crate::bridge::house::light_id;

fn light(bridge: &Bridge, light: &str) -> Value {
    json!({"rid": bridge.id("light", ThingKind::Light, light), "rtype": "light"})
}

fn body(bridge: &Bridge) -> Value {
    let on = json!({"on": {"on": true}, "dimming": {"brightness": 40.0}, "color": {"xy": {"x": 0.3, "y": 0.4}}});
    json!({
        "type": "scene",
        "metadata": {"name": "Dusk", "appdata": "mine"},
        "group": {"rid": bridge.id("room", ThingKind::Group, "office"), "rtype": "room"},
        "actions": [
            {"target": light(bridge, "lamp"), "action": on},
            {"target": light(bridge, "plug"), "action": {"on": {"on": false}}},
        ],
    })
}

async fn make(bridge: &Bridge, body: &Value) -> String {
    let (status, answer) = bridge.ask("POST", "scene", body.to_string()).await;
    assert_eq!((status, &answer["data"][0]["rtype"]), (201, &json!("scene")), "{answer}");
    answer["data"][0]["rid"].as_str().unwrap().to_owned()
}

async fn shown(bridge: &Bridge, id: &str) -> Value {
    bridge.get(&format!("scene/{id}")).await.remove(0)
}

async fn recall(bridge: &Bridge, id: &str, recall: Value) -> u16 {
    bridge.ask("PUT", &format!("scene/{id}"), json!({"recall": recall}).to_string()).await.0
}

#[tokio::test]
async fn a_scene_is_made_and_reads_back() {
    let mut bridge = Bridge::new().await;
    let body = body(&bridge);
    let id = make(&bridge, &body).await;
    assert!(words(&bridge.heard()).contains(&"add scene".to_owned()));
    let scene = shown(&bridge, &id).await;
    for key in ["metadata", "group", "actions"] {
        assert_eq!(scene[key], body[key], "{key}");
    }
    assert_eq!((&scene["status"]["active"], &scene["speed"]), (&json!("inactive"), &json!(0.626_984_119_415_283_2)));
    assert!(scene.get("palette").is_none());
    assert_whole(&bridge.house.face.book.resources.load());
}

#[tokio::test]
async fn shown_it_is_active_until_a_light_is_touched_or_another_is_shown() {
    let mut bridge = Bridge::new().await;
    let id = make(&bridge, &body(&bridge)).await;
    let other = bridge.id("scene", ThingKind::Scene, "evening").to_string();
    bridge.heard();
    assert_eq!(
        recall(&bridge, &id, json!({"action": "active", "duration": 0, "dimming": {"brightness": 70}})).await,
        200
    );
    assert_eq!(shown(&bridge, &id).await["status"]["active"], "static");
    assert!(words(&bridge.heard()).contains(&"update scene status".to_owned()));
    let lamp = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!((&lamp["dimming"]["brightness"], &lamp["color"]["xy"]["x"]), (&json!(70.0), &json!(0.3)));
    assert_eq!(bridge.one("light", ThingKind::Light, "plug").await["on"]["on"], false);
    assert_eq!(recall(&bridge, &other, json!({"action": "active"})).await, 200);
    assert_eq!(shown(&bridge, &id).await["status"]["active"], "inactive");
    assert_eq!(shown(&bridge, &other).await["status"]["active"], "static");
    bridge.put("light", ThingKind::Light, "lamp", &json!({"dimming": {"brightness": 1}})).await;
    assert_eq!(shown(&bridge, &other).await["status"]["active"], "inactive");
}

#[tokio::test]
async fn a_palette_moves_its_lights_and_the_still_scene_stays_what_it_is() {
    let bridge = Bridge::new().await;
    let mut body = body(&bridge);
    let color = |x: f64| json!({"color": {"xy": {"x": x, "y": 0.3}}, "dimming": {"brightness": 60}});
    let palette = json!({"color": [color(0.2), color(0.5)], "dimming": [], "color_temperature": [], "effects": [],
        "effects_v2": []});
    body["palette"] = palette.clone();
    body["speed"] = json!(1.0);
    let id = make(&bridge, &body).await;
    assert_eq!(shown(&bridge, &id).await["palette"], palette);
    assert_eq!(recall(&bridge, &id, json!({"action": "dynamic_palette"})).await, 200);
    assert_eq!(shown(&bridge, &id).await["status"]["active"], "dynamic_palette");
    let lamp = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!(lamp["dynamics"]["status"], "dynamic_palette");
    assert_eq!((&lamp["dynamics"]["speed"], &lamp["dynamics"]["speed_valid"]), (&json!(1.0), &json!(true)));
    assert_eq!(lamp["color"]["xy"]["x"], 0.2, "the first of the palette");
    assert_eq!(bridge.one("light", ThingKind::Light, "plug").await["on"]["on"], false);
    assert_eq!(recall(&bridge, &id, json!({"action": "static"})).await, 200);
    let lamp = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!((&lamp["dynamics"]["status"], &lamp["color"]["xy"]["x"]), (&json!("none"), &json!(0.3)));
    assert_eq!(shown(&bridge, &id).await["actions"], body["actions"]);
    let auto = json!({"auto_dynamic": true, "recall": {"action": "active"}}).to_string();
    assert_eq!(bridge.ask("PUT", &format!("scene/{id}"), auto).await.0, 200);
    assert_eq!(shown(&bridge, &id).await["status"]["active"], "dynamic_palette");
    bridge.put("light", ThingKind::Light, "lamp", &json!({"color": {"xy": {"x": 0.3, "y": 0.3}}})).await;
    assert_eq!(bridge.one("light", ThingKind::Light, "lamp").await["dynamics"]["status"], "none");
}

#[tokio::test]
async fn a_moving_scene_of_our_own_is_shown_with_its_palette() {
    let bridge = Bridge::new().await;
    let id = bridge.id("scene", ThingKind::Scene, "aurora").to_string();
    let scene = shown(&bridge, &id).await;
    assert_eq!(scene["actions"].as_array().unwrap().len(), 2);
    assert_eq!(scene["palette"]["color"].as_array().unwrap().len(), 2);
    assert_eq!(scene["palette"]["color_temperature"][0]["color_temperature"]["mirek"], 400);
    assert_eq!(recall(&bridge, &id, json!({"action": "active"})).await, 200);
    assert_eq!(shown(&bridge, &id).await["status"]["active"], "dynamic_palette");
    assert_eq!(bridge.one("light", ThingKind::Light, "bloom").await["dynamics"]["status"], "dynamic_palette");
}

#[tokio::test]
async fn a_scene_is_renamed_replaced_and_removed() {
    let mut bridge = Bridge::new().await;
    let id = bridge.id("scene", ThingKind::Scene, "evening").to_string();
    let path = format!("scene/{id}");
    let action = json!({"on": {"on": true}, "color_temperature": {"mirek": 300}});
    let body =
        json!({"metadata": {"name": "Late"}, "actions": [{"target": light(&bridge, "white"), "action": action}]});
    assert_eq!(bridge.ask("PUT", &path, body.to_string()).await.0, 200);
    assert_eq!(words(&bridge.heard()), ["update scene actions metadata"]);
    let view = bridge.house.view();
    let Content::Still(states) = &view.lights.scenes[&SceneId("evening".into())].content else { panic!() };
    assert_eq!(states.keys().collect::<Vec<_>>(), [&light_id("white")]);
    assert_eq!(bridge.ask("DELETE", &path, "").await.0, 200);
    assert_eq!(words(&bridge.heard()), ["delete scene"]);
    assert_eq!(bridge.ask("GET", &path, "").await.0, 404);
}

#[tokio::test]
async fn a_scene_that_is_not_right_is_refused() {
    let bridge = Bridge::new().await;
    let right = body(&bridge);
    let with = |key: &str, value: Value| {
        let mut body = right.clone();
        body[key] = value;
        body
    };
    let foreign = json!([{"target": light(&bridge, "strip"), "action": {"on": {"on": true}}}]);
    let colors: Value = (0..10).map(|_| json!({"color": {"xy": {"x": 0.3, "y": 0.3}}})).collect();
    for body in [
        with("metadata", json!({})),
        with("metadata", json!({"name": "x", "appdata": "12345678901234567"})),
        with("group", json!({"rid": "x", "rtype": "room"})),
        with("group", light(&bridge, "lamp")),
        with("actions", foreign),
        with("actions", json!([{"target": light(&bridge, "lamp")}])),
        with("actions", json!([1])),
        with("speed", json!(2)),
        with("palette", json!({"color": colors})),
        with("recall", json!({"action": "jump"})),
    ] {
        assert_eq!(bridge.ask("POST", "scene", body.to_string()).await.0, 400, "{body}");
    }
    assert!(bridge.house.sent().is_empty());
}
