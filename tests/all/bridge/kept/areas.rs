//! Entertainment: services of lights, areas, and what the bridge offers beside.

use hearthlight::bridge::v2::resources::area::along;
use hearthlight::model::bridge::Command as BridgeCommand;
use hearthlight::model::bridge::ids::Kind;
use hearthlight::model::bridge::kept::Kind as ObjectKind;
use hearthlight::model::lights::Command as LightCommand;
use hearthlight::model::message::Command;
use serde_json::{Value, json};

use super::{ask, kept_house, make, of, one, read, refer};
use crate::bridge::house::snapshot;

#[test]
fn lights_that_show_colours_can_be_streamed_to() {
    let view = snapshot();
    let lamp = one(&of(&view, Kind::Light, "lamp"), "entertainment");
    assert_eq!(
        lamp["segments"],
        json!({"configurable": false, "max_segments": 1, "segments": [{"start": 0, "length": 1}]})
    );
    assert_eq!(lamp["renderer_reference"], refer(&view, Kind::Light, "lamp", "light"));
    let strip = one(&of(&view, Kind::Light, "strip"), "entertainment");
    assert_eq!(strip["segments"]["segments"].as_array().map(Vec::len), Some(3));
    assert!(of(&view, Kind::Light, "white").iter().all(|resource| resource.kind != "entertainment"));
    let bridge = one(&of(&view, Kind::Bridge, ""), "entertainment");
    assert_eq!((&bridge["renderer"], &bridge["proxy"]), (&json!(false), &json!(true)));
}

#[test]
fn an_area_has_a_channel_for_each_segment() {
    let view = snapshot();
    let area = one(&of(&view, Kind::Object(ObjectKind::Area), "tv"), "entertainment_configuration");
    assert_eq!(area["id_v1"], "/groups/4");
    assert_eq!(area["status"], "inactive");
    assert_eq!(area["stream_proxy"], json!({"mode": "auto", "node": refer(&view, Kind::Bridge, "", "entertainment")}));
    let channels = area["channels"].as_array().expect("channels");
    let ids: Vec<_> = channels.iter().map(|channel| channel["channel_id"].as_u64()).collect();
    assert_eq!(ids, [Some(0), Some(1), Some(2), Some(3)]);
    assert_eq!(channels[3]["members"][0]["index"], json!(2));
    assert_eq!(area["light_services"][0], refer(&view, Kind::Light, "lamp", "light"));
    assert_eq!(area["locations"]["service_locations"][0]["position"], json!({"x": -0.5, "y": 0.8, "z": 0.0}));
}

#[test]
fn segments_lie_between_the_ends_of_a_strip() {
    let ends = [[-1.0, 0.0, 0.0], [1.0, 0.5, 0.0]];
    assert_eq!(along(&ends, 0, 3), [-1.0, 0.0, 0.0]);
    assert_eq!(along(&ends, 1, 3), [0.0, 0.25, 0.0]);
    assert_eq!(along(&ends, 2, 3), [1.0, 0.5, 0.0]);
    assert_eq!(along(&ends[..1], 2, 3), [-1.0, 0.0, 0.0]);
    assert_eq!(along(&[], 0, 1), [0.0; 3]);
}

#[tokio::test]
async fn an_area_is_made_changed_and_removed() {
    let house = kept_house();
    let lamp = refer(&house.view(), Kind::Light, "lamp", "entertainment");
    let spot = |service: &Value, x: f64| json!({"service": service, "positions": [{"x": x, "y": 0.0, "z": 0.0}]});
    let body = json!({
        "type": "entertainment_configuration", "metadata": {"name": "Desk"}, "configuration_type": "music",
        "stream_proxy": {"mode": "auto"}, "locations": {"service_locations": [spot(&lamp, 0.5)]},
    });
    let id = make(&house, "entertainment_configuration", &body).await;
    let area = read(&house, "entertainment_configuration", &id).await;
    assert_eq!((&area["metadata"]["name"], &area["configuration_type"]), (&json!("Desk"), &json!("music")));
    assert_eq!(area["channels"][0]["position"]["x"], json!(0.5));
    let path = format!("entertainment_configuration/{id}");
    let strip = refer(&house.view(), Kind::Light, "strip", "entertainment");
    let more = json!({"locations": {"service_locations": [spot(&lamp, 0.0), spot(&strip, 1.0)]}});
    assert_eq!(ask(&house, "PUT", &path, &more).await.status, 200);
    let area = read(&house, "entertainment_configuration", &id).await;
    assert_eq!(area["channels"].as_array().map(Vec::len), Some(4));
    assert_eq!(ask(&house, "PUT", &path, &json!({"action": "start"})).await.status, 503);
    assert_eq!(ask(&house, "PUT", &path, &json!({"action": "stop"})).await.status, 200);
    for wrong in [
        json!({"locations": {"service_locations": [spot(&lamp, 2.0)]}}),
        json!({"locations": {"service_locations": [spot(&lamp, 0.0), spot(&lamp, 0.1)]}}),
        json!({"locations": {"service_locations": [spot(&json!({"rid": "x", "rtype": "light"}), 0.0)]}}),
        json!({"configuration_type": "sofa"}),
        json!({"metadata": {"name": ""}}),
    ] {
        assert_eq!(ask(&house, "PUT", &path, &wrong).await.status, 400, "{wrong}");
    }
    assert_eq!(ask(&house, "DELETE", &path, &Value::Null).await.status, 200);
    assert_eq!(ask(&house, "GET", &path, &Value::Null).await.status, 404);
    assert_eq!(
        ask(&house, "POST", "entertainment_configuration", &json!({"metadata": {"name": "A"}})).await.status,
        400
    );
}

#[tokio::test]
async fn the_bridge_is_told_where_it_stands_and_to_search() {
    let house = kept_house();
    let view = house.view();
    let rid = |service: &str| refer(&view, Kind::Bridge, "", service)["rid"].as_str().expect("an id").to_owned();
    let before = read(&house, "geolocation", &rid("geolocation")).await;
    assert_eq!((&before["is_configured"], before.get("sun_today")), (&json!(false), None));
    let path = format!("geolocation/{}", rid("geolocation"));
    assert_eq!(ask(&house, "PUT", &path, &json!({"latitude": 52.52, "longitude": 13.4})).await.status, 200);
    let after = read(&house, "geolocation", &rid("geolocation")).await;
    assert_eq!(after["is_configured"], json!(true));
    assert_eq!(after["sun_today"]["day_type"], "normal_day");
    assert!(after["sun_today"]["sunset_time"].as_str().is_some_and(|time| time.starts_with("20:3")), "{after}");
    assert_eq!(ask(&house, "PUT", &path, &json!({"latitude": 100, "longitude": 0})).await.status, 400);
    house.sent();
    let search = json!({"action": {"action_type": "search", "search_codes": ["ABC123"]}});
    let path = format!("zigbee_device_discovery/{}", rid("zigbee_device_discovery"));
    assert_eq!(ask(&house, "PUT", &path, &search).await.status, 200);
    assert_eq!(house.sent(), [Command::Lights(LightCommand::Search(true))]);
    assert_eq!(ask(&house, "PUT", &path, &json!({"action": {"action_type": "dance"}})).await.status, 400);
    let homekit = format!("homekit/{}", rid("homekit"));
    assert_eq!(ask(&house, "PUT", &homekit, &json!({"action": "homekit_reset"})).await.status, 405);
    assert!(!house.sent().iter().any(|command| matches!(command, Command::Bridge(BridgeCommand::SetPlace(..)))));
}

#[tokio::test]
async fn types_without_anything_are_empty_lists() {
    let house = kept_house();
    for kind in ["matter", "tamper", "public_image", "behavior_instance", "zgp_connectivity", "wifi_connectivity"] {
        let answer = ask(&house, "GET", kind, &Value::Null).await;
        assert_eq!((answer.status, crate::bridge::house::json(&answer)), (200, json!({"errors": [], "data": []})));
    }
    assert_eq!(ask(&house, "GET", "sofa", &Value::Null).await.status, 404);
    let scripts = crate::bridge::house::json(&ask(&house, "GET", "behavior_script", &Value::Null).await);
    assert_eq!(scripts["data"].as_array().map(Vec::len), Some(10));
}
