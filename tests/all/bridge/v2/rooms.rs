//! Rooms, zones and the bridge itself, written.

use hearthlight::model::lights::group::GroupKind;
use serde_json::{Value, json};

use super::{Bridge, ThingKind, assert_whole, words};
use crate::bridge::house::{group_id, light_id};

fn device(bridge: &Bridge, light: &str) -> Value {
    json!({"rid": bridge.id("device", ThingKind::Light, light), "rtype": "device"})
}

#[tokio::test]
async fn a_room_is_made_changed_and_removed() {
    let mut bridge = Bridge::new().await;
    let body = json!({"type": "room", "metadata": {"name": "Attic", "archetype": "attic"},
        "children": [device(&bridge, "dimmer"), device(&bridge, "lamp")]});
    let (status, answer) = bridge.ask("POST", "room", body.to_string()).await;
    assert_eq!((status, &answer["data"][0]["rtype"]), (201, &json!("room")));
    let id = answer["data"][0]["rid"].as_str().unwrap().to_owned();
    let told = words(&bridge.heard());
    assert_eq!(
        told.iter().filter(|word| word.starts_with("add")).collect::<Vec<_>>(),
        ["add room", "add grouped_light"]
    );
    assert!(told.contains(&"update bridge_home children".to_owned()), "{told:?}");
    assert!(told.contains(&"update room children".to_owned()), "the lamp left the office: {told:?}");
    let room = bridge.get(&format!("room/{id}")).await.remove(0);
    assert_eq!((&room["metadata"]["archetype"], room["children"].as_array().unwrap().len()), (&json!("attic"), 2));
    let path = format!("room/{id}");
    let body = json!({"metadata": {"name": "Loft"}, "children": [device(&bridge, "far")]});
    assert_eq!(bridge.ask("PUT", &path, body.to_string()).await.0, 200);
    let view = bridge.house.view();
    let loft = view.lights.groups.values().find(|group| &*group.name == "Loft").unwrap();
    assert_eq!((loft.kind, &loft.lights), (GroupKind::Room, &[light_id("far")].into()));
    assert_whole(&bridge.house.face.book.resources.load());
    bridge.heard();
    assert_eq!(bridge.ask("DELETE", &path, "").await.0, 200);
    assert_eq!(bridge.ask("GET", &path, "").await.0, 404);
    let told = words(&bridge.heard());
    assert!(told.contains(&"delete room".to_owned()) && told.contains(&"delete grouped_light".to_owned()), "{told:?}");
    assert_whole(&bridge.house.face.book.resources.load());
}

#[tokio::test]
async fn a_zone_takes_lights_and_keeps_them_in_their_rooms() {
    let bridge = Bridge::new().await;
    let light = json!({"rid": bridge.id("light", ThingKind::Light, "lamp"), "rtype": "light"});
    let body = json!({"metadata": {"name": "Corner", "archetype": "reading"}, "children": [light]});
    let (status, _) = bridge.ask("POST", "zone", body.to_string()).await;
    assert_eq!(status, 201);
    assert!(bridge.house.view().lights.groups[&group_id("office")].lights.contains(&light_id("lamp")));
}

#[tokio::test]
async fn a_room_that_is_not_right_is_refused() {
    let bridge = Bridge::new().await;
    let nobody = json!({"rid": "00000000-0000-0000-0000-000000000000", "rtype": "device"});
    for body in [
        json!({}),
        json!({"metadata": {"name": "X"}, "children": []}),
        json!({"metadata": {"name": "X", "archetype": "attic"}}),
        json!({"metadata": {"name": "X", "archetype": "attic"}, "children": {}}),
        json!({"metadata": {"name": "X", "archetype": "attic"}, "children": [nobody]}),
        json!({"metadata": {"name": "x".repeat(33), "archetype": "attic"}, "children": []}),
    ] {
        assert_eq!(bridge.ask("POST", "room", body.to_string()).await.0, 400, "{body}");
    }
    assert!(bridge.house.sent().is_empty());
}

#[tokio::test]
async fn the_bridge_takes_its_zone_and_a_device_that_is_there_stays() {
    let bridge = Bridge::new().await;
    let body = json!({"time_zone": {"time_zone": "America/New_York"}});
    assert_eq!(bridge.put("bridge", ThingKind::Bridge, "", &body).await.0, 200);
    assert_eq!(bridge.one("bridge", ThingKind::Bridge, "").await["time_zone"]["time_zone"], "America/New_York");
    let name = json!({"metadata": {"name": "Home"}});
    assert_eq!(bridge.put("device", ThingKind::Bridge, "", &name).await.0, 200);
    assert_eq!(bridge.one("device", ThingKind::Bridge, "").await["metadata"]["name"], "Home");
    let path = format!("device/{}", bridge.id("device", ThingKind::Light, "far"));
    assert_eq!(bridge.ask("DELETE", &path, "").await.0, 200, "its connection has it no longer");
    assert_eq!(bridge.ask("GET", &path, "").await.0, 404);
    assert_whole(&bridge.house.face.book.resources.load());
}
