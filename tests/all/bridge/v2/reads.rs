//! What is read.

use hyper::Method;
use serde_json::{Value, json};

use super::{Bridge, ThingKind, assert_whole};
use crate::bridge::house::{large, light};

#[tokio::test]
async fn everything_in_one_answer_with_every_reference_in_it() {
    let bridge = Bridge::new().await;
    let all = bridge.get("").await;
    for kind in
        ["bridge", "bridge_home", "device", "light", "grouped_light", "room", "zone", "scene", "button", "motion"]
    {
        assert!(all.iter().any(|one| one["type"] == kind), "{kind}");
    }
    assert_eq!(all.iter().filter(|one| one["type"] == "bridge_home").count(), 1);
    assert_whole(&bridge.house.face.book.resources.load());
}

#[tokio::test]
async fn lists_of_a_type_single_ones_and_what_there_is_not() {
    let bridge = Bridge::new().await;
    assert_eq!(bridge.get("light").await.len(), 7);
    assert_eq!(bridge.get("light/").await.len(), 7);
    assert_eq!(bridge.get("matter_fabric").await, Vec::<Value>::new());
    let lamp = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!((&lamp["id_v1"], &lamp["metadata"]["name"]), (&json!("/lights/4"), &json!("Lamp")));
    let device = bridge.get(&format!("device/{}", lamp["owner"]["rid"].as_str().unwrap())).await.remove(0);
    assert_eq!(device["product_data"]["model_id"], "LCT015");
    for path in ["nothing", "light/nothing", "light/00000000-0000-0000-0000-000000000000", "light/a/b", "bridge_homes"]
    {
        let (status, body) = bridge.ask("GET", path, "").await;
        assert_eq!((status, body), (404, json!({"errors": [{"description": "Not Found"}], "data": []})), "{path}");
    }
}

#[tokio::test]
async fn each_type_of_light_shows_what_it_can_and_nothing_else() {
    let bridge = Bridge::new().await;
    let features = [
        "dimming",
        "color_temperature",
        "color",
        "gradient",
        "effects",
        "powerup",
        "alert",
        "signaling",
        "timed_effects",
    ];
    for (id, model, has) in [
        ("plug", "LOM001", &[][..]),
        ("dimmer", "LWB010", &["dimming", "timed_effects"]),
        ("white", "LTW010", &["dimming", "color_temperature", "alert", "signaling", "timed_effects"]),
        ("bloom", "LST001", &["dimming", "color", "powerup", "alert", "signaling", "timed_effects"]),
        (
            "lamp",
            "LCT015",
            &["dimming", "color_temperature", "color", "effects", "powerup", "alert", "signaling", "timed_effects"],
        ),
        ("strip", "LCX004", &features),
    ] {
        let light = bridge.one("light", ThingKind::Light, id).await;
        let shown: Vec<_> = features.into_iter().filter(|feature| light.get(feature).is_some()).collect();
        let mut has = has.to_vec();
        has.sort_by_key(|feature| features.iter().position(|known| known == feature));
        assert_eq!(shown, has, "{id}");
        let device = bridge.one("device", ThingKind::Light, id).await;
        assert_eq!(device["product_data"]["model_id"], model, "{id}");
    }
    let gamut = |light: Value| light["color"]["gamut_type"].clone();
    assert_eq!(gamut(bridge.one("light", ThingKind::Light, "bloom").await), "A");
    assert_eq!(gamut(bridge.one("light", ThingKind::Light, "lamp").await), "C");
    assert_eq!(gamut(bridge.one("light", ThingKind::Light, "strip").await), "other");
}

#[tokio::test]
async fn whites_and_colours_are_told_apart() {
    let bridge = Bridge::new().await;
    let white = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!(
        (&white["color_temperature"]["mirek"], &white["color_temperature"]["mirek_valid"]),
        (&json!(366), &json!(true))
    );
    assert_eq!(white["dimming"]["brightness"], 50.0);
    let colored = bridge.one("light", ThingKind::Light, "strip").await;
    assert_eq!(colored["color"]["xy"], json!({"x": 0.5, "y": 0.4}));
    assert_eq!(colored["color_temperature"]["mirek"], Value::Null);
    assert_eq!(colored["color_temperature"]["mirek_valid"], false);
    let far = bridge.one("zigbee_connectivity", ThingKind::Light, "far").await;
    assert_eq!(far["status"], "connectivity_issue");
}

#[tokio::test]
async fn rooms_hold_devices_zones_lights_and_the_home_the_rest() {
    let bridge = Bridge::new().await;
    let kinds = |of: &Value| -> Vec<Value> {
        of["children"].as_array().unwrap().iter().map(|child| child["rtype"].clone()).collect()
    };
    assert_eq!(kinds(&bridge.one("room", ThingKind::Group, "office").await), ["device", "device", "device"]);
    assert_eq!(kinds(&bridge.one("zone", ThingKind::Group, "desk").await), ["light", "light"]);
    let home = bridge.one("bridge_home", ThingKind::Home, "").await;
    assert_eq!(home["id_v1"], "/groups/0");
    let children = kinds(&home);
    // Dimmer, far, three inputs, a sensor device and the bridge are in no room.
    assert_eq!(children.iter().filter(|kind| *kind == "device").count(), 7);
    assert_eq!(children.iter().filter(|kind| *kind == "room").count(), 2);
    let all = bridge.one("grouped_light", ThingKind::Home, "").await;
    assert_eq!((&all["on"]["on"], &all["dimming"]["brightness"]), (&json!(true), &json!(50.0)));
}

#[tokio::test]
async fn a_light_without_ids_is_not_shown() {
    let mut snapshot = crate::bridge::house::snapshot();
    let new = light("new", "New", crate::bridge::house::full(), crate::bridge::house::xy(0.3, 0.3));
    snapshot.lights.lights.insert(new.id.clone(), new.into());
    let bridge = Bridge::of(snapshot).await;
    assert_eq!(bridge.get("light").await.len(), 7);
    assert_whole(&bridge.house.face.book.resources.load());
}

#[tokio::test]
async fn a_large_house_is_answered_from_what_is_kept() {
    let bridge = Bridge::of(large(200, 64)).await;
    assert_eq!(bridge.get("").await.iter().filter(|one| one["type"] == "light").count(), 200);
    let ask = || bridge.house.request("GET", "", "");
    let first = hearthlight::bridge::v2::answer(&bridge.house.face, &ask()).await.body;
    let again = hearthlight::bridge::v2::answer(&bridge.house.face, &ask()).await.body;
    assert_eq!(first.as_ptr(), again.as_ptr(), "the very same bytes");
}

#[tokio::test]
async fn verbs_that_a_type_does_not_take() {
    let bridge = Bridge::new().await;
    let light = format!("light/{}", bridge.id("light", ThingKind::Light, "lamp"));
    let home = format!("bridge_home/{}", bridge.id("bridge_home", ThingKind::Home, ""));
    for (method, path, status) in [
        ("DELETE", light.as_str(), 405),
        ("POST", "light", 405),
        ("POST", light.as_str(), 405),
        ("PUT", "light", 405),
        ("PUT", "", 405),
        ("PATCH", light.as_str(), 405),
        ("PUT", home.as_str(), 405),
        ("POST", "nothing", 404),
        ("PUT", "nothing/1", 404),
        ("PUT", "light/1", 404),
    ] {
        assert!(Method::from_bytes(method.as_bytes()).is_ok());
        let (got, body) = bridge.ask(method, path, "{}").await;
        assert_eq!(got, status, "{method} {path}");
        assert_eq!(body["data"], json!([]), "{method} {path}");
    }
    assert!(bridge.house.sent().is_empty());
}
