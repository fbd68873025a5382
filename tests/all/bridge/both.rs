//! Both versions of the API over one house: what is written through one of them shows in the other at once, and is told.

use serde_json::{Value, json};

use super::house::KEY;
use super::v2::{Bridge, ThingKind, words};

/// What both versions show of one light.
async fn shown(bridge: &Bridge, number: &str, id: &str) -> (Value, Value) {
    let light = bridge.house.v1("GET", &format!("lights/{number}"), "").await;
    (light["state"].clone(), bridge.one("light", ThingKind::Light, id).await)
}

/// A number to four decimals.
fn near(value: &Value, wanted: f64) {
    let found = value.as_f64().unwrap_or_else(|| panic!("{value} is no number"));
    assert!((found - wanted).abs() < 1e-3, "{found} is not {wanted}");
}

/// Whether exactly one light was told of, with this member.
fn one_light(told: &[String], member: &str) {
    let lights: Vec<_> = told.iter().filter(|word| word.starts_with("update light ")).collect();
    assert_eq!(lights.len(), 1, "{told:?}");
    assert!(lights[0].contains(member), "{told:?}");
    assert!(told.iter().all(|word| word.starts_with("update light ") || word.starts_with("update grouped_light ")));
}

#[tokio::test]
async fn each_type_of_light_written_by_version_1_shows_in_version_2_and_is_told() {
    let mut bridge = Bridge::new().await;
    for (number, id, body, told, pointer, value) in [
        ("5", "plug", r#"{"on":false}"#, "on", "/on/on", json!(false)),
        ("2", "dimmer", r#"{"bri":254}"#, "dimming", "/dimming/brightness", json!(100.0)),
        ("7", "white", r#"{"ct":300}"#, "color_temperature", "/color_temperature/mirek", json!(300)),
        ("1", "bloom", r#"{"xy":[0.4,0.3]}"#, "color", "/color/xy/x", json!(0.4)),
        ("4", "lamp", r#"{"hue":21845,"sat":254}"#, "color", "/color/xy/y", json!(0.6)),
        ("6", "strip", r#"{"xy":[0.3,0.35]}"#, "color", "/color/xy/y", json!(0.35)),
        ("3", "far", r#"{"ct":153,"bri":1}"#, "color_temperature", "/color_temperature/mirek", json!(153)),
    ] {
        let answer = bridge.house.v1("PUT", &format!("lights/{number}/state"), body).await;
        assert!(answer.as_array().unwrap().iter().all(|entry| entry.get("success").is_some()), "{id}: {answer}");
        one_light(&words(&bridge.heard()), told);
        let (_, light) = shown(&bridge, number, id).await;
        let found = light.pointer(pointer).unwrap_or_else(|| panic!("{id} has no {pointer}: {light}"));
        match value.as_f64() {
            Some(wanted) => near(found, wanted),
            None => assert_eq!(*found, value, "{id}"),
        }
    }
    let (_, lamp) = shown(&bridge, "4", "lamp").await;
    let white = &lamp["color_temperature"];
    assert_eq!((&white["mirek"], &white["mirek_valid"]), (&json!(null), &json!(false)), "it shows a colour");
}

#[tokio::test]
async fn each_type_of_light_written_by_version_2_shows_in_version_1_and_is_told() {
    let mut bridge = Bridge::new().await;
    let points = json!([{"color": {"xy": {"x": 0.3, "y": 0.31}}}, {"color": {"xy": {"x": 0.4, "y": 0.41}}}]);
    for (number, id, body, told, expected) in [
        ("5", "plug", json!({"on": {"on": false}}), "on", json!({"on": false})),
        ("2", "dimmer", json!({"dimming": {"brightness": 10}}), "dimming", json!({"on": true, "bri": 25})),
        (
            "7",
            "white",
            json!({"color_temperature": {"mirek": 400}}),
            "color_temperature",
            json!({"ct": 400, "colormode": "ct"}),
        ),
        (
            "1",
            "bloom",
            json!({"color": {"xy": {"x": 0.35, "y": 0.35}}}),
            "color",
            json!({"xy": [0.35, 0.35], "colormode": "xy"}),
        ),
        (
            "4",
            "lamp",
            json!({"color_temperature": {"mirek": 250}}),
            "color_temperature",
            json!({"ct": 250, "xy": [0.3805, 0.3767], "colormode": "ct"}),
        ),
        (
            "6",
            "strip",
            json!({"gradient": {"points": points}}),
            "gradient",
            json!({"xy": [0.3, 0.31], "colormode": "xy"}),
        ),
        ("3", "far", json!({"on": {"on": false}}), "on", json!({"on": false, "reachable": false})),
    ] {
        let (status, answer, _) = bridge.put("light", ThingKind::Light, id, &body).await;
        assert_eq!(status, if id == "far" { 207 } else { 200 }, "{id}: {answer}");
        one_light(&words(&bridge.heard()), told);
        let (state, _) = shown(&bridge, number, id).await;
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&state[name], value, "{id}: {name}");
        }
    }
}

#[tokio::test]
async fn every_light_has_the_same_names_and_numbers_in_both() {
    let bridge = Bridge::new().await;
    let all = bridge.house.v1("GET", "lights", "").await;
    let lights = bridge.get("light").await;
    assert_eq!(lights.len(), all.as_object().unwrap().len());
    for light in &lights {
        let number = light["id_v1"].as_str().unwrap().strip_prefix("/lights/").unwrap();
        let old = &all[number];
        assert_eq!((&light["metadata"]["name"], &light["on"]["on"]), (&old["name"], &old["state"]["on"]));
        for (feature, name) in [("dimming", "bri"), ("color_temperature", "ct"), ("color", "xy")] {
            assert_eq!(light.get(feature).is_some(), old["state"].get(name).is_some(), "{number}: {feature}");
        }
        let owner = light["owner"]["rid"].as_str().unwrap();
        let device = bridge.get(&format!("device/{owner}")).await.remove(0);
        assert_eq!(device["product_data"]["model_id"], old["modelid"], "{number}");
        let reach = device["services"].as_array().unwrap().iter().find(|one| one["rtype"] == "zigbee_connectivity");
        let reach = reach.unwrap()["rid"].as_str().unwrap();
        let reach = bridge.get(&format!("zigbee_connectivity/{reach}")).await.remove(0);
        assert_eq!(reach["status"] == "connected", old["state"]["reachable"] == true, "{number}");
    }
}

#[tokio::test]
async fn names_looks_and_what_comes_back_with_the_power_are_the_same_in_both() {
    let mut bridge = Bridge::new().await;
    bridge.house.v1("PUT", "lights/4", r#"{"name":"Desk"}"#).await;
    bridge.house.v1("PUT", "lights/4/config", r#"{"startup":{"mode":"lastonstate"}}"#).await;
    let told = words(&bridge.heard());
    assert!(told.contains(&"update device metadata".to_owned()), "{told:?}");
    let lamp = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!((&lamp["metadata"]["name"], &lamp["powerup"]["preset"]), (&json!("Desk"), &json!("last_on_state")));
    let body = json!({"metadata": {"name": "Reading"}});
    assert_eq!(bridge.put("device", ThingKind::Light, "lamp", &body).await.0, 200);
    assert_eq!(bridge.house.v1("GET", "lights/4", "").await["name"], "Reading");
}

#[tokio::test]
async fn rooms_of_one_version_are_groups_of_the_other() {
    let mut bridge = Bridge::new().await;
    let answer = bridge.house.v1("POST", "groups", r#"{"name":"Den","type":"Room","lights":["2"]}"#).await;
    let number = answer[0]["success"]["id"].as_str().unwrap().to_owned();
    let told = words(&bridge.heard());
    assert!(told.contains(&"add room".to_owned()) && told.contains(&"add grouped_light".to_owned()), "{told:?}");
    let rooms = bridge.get("room").await;
    let den = rooms.iter().find(|room| room["id_v1"] == format!("/groups/{number}")).unwrap();
    assert_eq!((&den["metadata"]["name"], den["children"].as_array().unwrap().len()), (&json!("Den"), 1));
    bridge.house.v1("PUT", &format!("groups/{number}/action"), r#"{"bri":51}"#).await;
    let told = words(&bridge.heard());
    assert!(told.contains(&"update light dimming".to_owned()), "{told:?}");
    let service = den["services"][0]["rid"].as_str().unwrap();
    near(&bridge.get(&format!("grouped_light/{service}")).await[0]["dimming"]["brightness"], 20.08);
    let off = json!({"on": {"on": false}}).to_string();
    assert_eq!(bridge.ask("PUT", &format!("grouped_light/{service}"), off).await.0, 200);
    let group = bridge.house.v1("GET", &format!("groups/{number}"), "").await;
    assert_eq!(group["state"], json!({"all_on": false, "any_on": false}));

    let light = json!({"rid": bridge.id("light", ThingKind::Light, "lamp"), "rtype": "light"});
    let body = json!({"metadata": {"name": "Corner", "archetype": "reading"}, "children": [light]});
    assert_eq!(bridge.ask("POST", "zone", body.to_string()).await.0, 201);
    let groups = bridge.house.v1("GET", "groups", "").await;
    let corner = groups.as_object().unwrap().values().find(|group| group["name"] == "Corner").unwrap();
    assert_eq!((&corner["type"], &corner["lights"]), (&json!("Zone"), &json!(["4"])));
    bridge.heard();
    bridge.house.v1("DELETE", &format!("groups/{number}"), "").await;
    let told = words(&bridge.heard());
    assert!(told.contains(&"delete room".to_owned()) && told.contains(&"delete grouped_light".to_owned()), "{told:?}");
}

/// The scene of this name, in version 2, and its id in version 1.
async fn scene(bridge: &Bridge, name: &str) -> (Value, String) {
    let all = bridge.get("scene").await;
    let scene = all.into_iter().find(|scene| scene["metadata"]["name"] == name).unwrap();
    let id = scene["id_v1"].as_str().unwrap().strip_prefix("/scenes/").unwrap().to_owned();
    (scene, id)
}

/// What of the scenes was told: which one is how active.
fn statuses(bridge: &mut Bridge) -> Vec<(String, String)> {
    let changes = bridge.heard();
    let told = changes.iter().filter(|change| change.kind == "scene").filter_map(|change| {
        let active = change.body.get("status")?["active"].as_str()?.to_owned();
        Some((change.id.to_string(), active))
    });
    told.collect()
}

#[tokio::test]
async fn a_scene_made_by_version_2_is_recalled_by_version_1_and_its_status_told() {
    let mut bridge = Bridge::new().await;
    let target = json!({"rid": bridge.id("light", ThingKind::Light, "lamp"), "rtype": "light"});
    let action = json!({"on": {"on": true}, "dimming": {"brightness": 40.0}, "color": {"xy": {"x": 0.3, "y": 0.4}}});
    let body = json!({
        "metadata": {"name": "Dusk"},
        "group": {"rid": bridge.id("room", ThingKind::Group, "office"), "rtype": "room"},
        "actions": [{"target": target, "action": action}],
    });
    assert_eq!(bridge.ask("POST", "scene", body.to_string()).await.0, 201);
    let (dusk, id) = scene(&bridge, "Dusk").await;
    let old = bridge.house.v1("GET", &format!("scenes/{id}"), "").await;
    assert_eq!((&old["type"], &old["group"], &old["lights"]), (&json!("GroupScene"), &json!("3"), &json!(["4"])));
    assert_eq!(old["lightstates"]["4"], json!({"on": true, "bri": 102, "xy": [0.3, 0.4]}));
    bridge.heard();
    let recall = json!({"scene": id}).to_string();
    let answer = bridge.house.v1("PUT", "groups/3/action", recall).await;
    assert_eq!(answer[0]["success"]["/groups/3/action/scene"], json!(id));
    assert_eq!(statuses(&mut bridge), [(dusk["id"].as_str().unwrap().to_owned(), "static".to_owned())]);
    let lamp = bridge.one("light", ThingKind::Light, "lamp").await;
    assert_eq!((&lamp["dimming"]["brightness"], &lamp["color"]["xy"]["x"]), (&json!(40.0), &json!(0.3)));
    bridge.house.v1("PUT", "lights/4/state", r#"{"bri":1}"#).await;
    assert_eq!(statuses(&mut bridge), [(dusk["id"].as_str().unwrap().to_owned(), "inactive".to_owned())]);
}

#[tokio::test]
async fn a_scene_made_by_version_1_is_recalled_by_version_2_and_one_of_both_is_active() {
    let mut bridge = Bridge::new().await;
    let body = r#"{"name":"Now","type":"GroupScene","group":"3"}"#;
    let made = bridge.house.v1("POST", "scenes", body).await;
    assert!(words(&bridge.heard()).contains(&"add scene".to_owned()));
    let (now, id) = scene(&bridge, "Now").await;
    assert_eq!(made[0]["success"]["id"], json!(id));
    assert_eq!(now["actions"].as_array().unwrap().len(), 3);
    assert_eq!(bridge.house.v1("GET", &format!("scenes/{id}"), "").await["owner"], json!(KEY));
    let (evening, old) = scene(&bridge, "Evening").await;
    bridge.house.v1("PUT", "groups/3/action", json!({"scene": old}).to_string()).await;
    bridge.heard();
    let (new, before) = (now["id"].as_str().unwrap().to_owned(), evening["id"].as_str().unwrap().to_owned());
    let recall = json!({"recall": {"action": "active"}}).to_string();
    assert_eq!(bridge.ask("PUT", &format!("scene/{new}"), recall).await.0, 200);
    let mut told = statuses(&mut bridge);
    told.sort_by(|one, other| one.1.cmp(&other.1));
    assert_eq!(told, [(before, "inactive".to_owned()), (new, "static".to_owned())]);
    let state = bridge.house.v1("GET", "lights/7", "").await["state"].clone();
    assert_eq!((&state["ct"], &state["bri"]), (&json!(250), &json!(127)), "as it was when the scene was made");
}

#[tokio::test]
async fn each_turn_of_a_scenes_status_is_told_once() {
    let mut bridge = Bridge::new().await;
    let (evening, old) = scene(&bridge, "Evening").await;
    let id = evening["id"].as_str().unwrap().to_owned();
    let color = |x: f64| json!({"color": {"xy": {"x": x, "y": 0.3}}, "dimming": {"brightness": 60}});
    let palette = json!({"palette": {"color": [color(0.2), color(0.5)], "dimming": [], "color_temperature": []}});
    assert_eq!(bridge.ask("PUT", &format!("scene/{id}"), palette.to_string()).await.0, 200);
    let told = |active: &str| vec![(id.clone(), active.to_owned())];
    for (action, active) in [("dynamic_palette", "dynamic_palette"), ("static", "static")] {
        let recall = json!({"recall": {"action": action}}).to_string();
        assert_eq!(bridge.ask("PUT", &format!("scene/{id}"), recall).await.0, 200);
        assert_eq!(statuses(&mut bridge), told(active));
    }
    bridge.put("light", ThingKind::Light, "lamp", &json!({"dimming": {"brightness": 3}})).await;
    assert_eq!(statuses(&mut bridge), told("inactive"));
    let recall = json!({"scene": old}).to_string();
    bridge.house.v1("PUT", "groups/3/action", recall).await;
    assert_eq!(statuses(&mut bridge), told("static"), "version 1 knows no moving");
    let off = json!({"on": {"on": false}});
    bridge.put("grouped_light", ThingKind::Group, "office", &off).await;
    assert_eq!(statuses(&mut bridge), told("inactive"));
}

#[tokio::test]
async fn a_scene_that_only_moves_does_so_recalled_by_either_version() {
    let mut bridge = Bridge::new().await;
    let (aurora, old) = scene(&bridge, "Aurora").await;
    let id = aurora["id"].as_str().unwrap().to_owned();
    bridge.house.v1("PUT", "groups/2/action", json!({"scene": old}).to_string()).await;
    assert_eq!(statuses(&mut bridge), [(id.clone(), "dynamic_palette".to_owned())]);
    let strip = bridge.one("light", ThingKind::Light, "strip").await;
    assert_eq!(strip["dynamics"]["status"], "dynamic_palette");
    bridge.put("light", ThingKind::Light, "strip", &json!({"color": {"xy": {"x": 0.3, "y": 0.3}}})).await;
    assert_eq!(statuses(&mut bridge), [(id.clone(), "inactive".to_owned())]);
    let recall = json!({"recall": {"action": "dynamic_palette"}}).to_string();
    assert_eq!(bridge.ask("PUT", &format!("scene/{id}"), recall).await.0, 200);
    assert_eq!(statuses(&mut bridge), [(id, "dynamic_palette".to_owned())]);
}
