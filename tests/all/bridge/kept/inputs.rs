//! Switches and sensors, and sensor devices of our own.

use std::sync::Arc;

use hearthlight::model::bridge::ids::Kind;
use hearthlight::model::inputs::buttons::{Turn, part};
use hearthlight::model::inputs::{Aspect, InputId, Said, light_level};
use hearthlight::model::lights::connection::Reach;
use hearthlight::model::sensors::DeviceId;
use serde_json::{Value, json};

use super::{ask, kept_house, of, one, refer};
use crate::bridge::house::{self, snapshot};

#[test]
fn a_motion_sensor_has_all_its_services() {
    let view = snapshot();
    let hall = of(&view, Kind::Input, "hall");
    let device = refer(&view, Kind::Input, "hall", "device");
    let service = |kind: &str| refer(&view, Kind::Input, "hall", kind);
    assert_eq!(
        one(&hall, "motion"),
        json!({
            "id": service("motion")["rid"], "type": "motion", "id_v1": "/sensors/3", "owner": device, "enabled": true,
            "motion": {
                "motion": true,
                "motion_valid": true,
                "motion_report": {"changed": "2026-05-04T17:30:00.000Z", "motion": true},
            },
        })
    );
    assert_eq!(one(&hall, "temperature")["temperature"]["temperature"], json!(21.37));
    assert_eq!(one(&hall, "temperature")["id_v1"], "/sensors/4");
    assert_eq!(one(&hall, "light_level")["light"]["light_level"], json!(20_001));
    assert_eq!(one(&hall, "device_power")["power_state"], json!({"battery_state": "normal", "battery_level": 64}));
    assert_eq!(one(&hall, "zigbee_connectivity")["status"], "connected");
    let shown = one(&hall, "device");
    assert_eq!(shown["product_data"]["model_id"], "SML001");
    let named: Vec<_> =
        ["motion", "temperature", "light_level", "device_power", "zigbee_connectivity"].map(service).into();
    assert_eq!(shown["services"], json!(named));
}

#[test]
fn a_value_out_of_reach_or_never_said_is_not_valid() {
    let mut view = snapshot();
    let hall = view.lights.inputs.get_mut(&InputId("hall".into())).map(Arc::make_mut).expect("the hall");
    let since = "2026-05-04T17:00:00Z".parse().expect("a time");
    hall.reach = Reach::Unreachable { since, why: "silent".into() };
    hall.said.remove("temperature");
    let hall = of(&view, Kind::Input, "hall");
    assert_eq!(one(&hall, "motion")["motion"]["motion_valid"], json!(false));
    assert_eq!(
        one(&hall, "temperature")["temperature"],
        json!({"temperature": 0.0, "temperature_valid": false}),
        "no report, never a null"
    );
    assert_eq!(one(&hall, "zigbee_connectivity")["status"], "connectivity_issue");
}

#[test]
fn a_door_says_contact_or_not() {
    let view = snapshot();
    let door = of(&view, Kind::Input, "door");
    assert_eq!(one(&door, "contact")["contact_report"]["state"], "contact");
    assert_eq!(one(&door, "device")["product_data"]["model_id"], "SOC001");
}

#[test]
fn each_button_keeps_what_it_said_last() {
    let mut view = snapshot();
    let at = house::now();
    let switch = view.lights.inputs.get_mut(&InputId("switch".into())).map(Arc::make_mut).expect("the switch");
    switch.hear(at, Said::Button("on_hold".into()));
    switch.hear(at, Said::Button("off_press".into()));
    let resources = of(&view, Kind::Input, "switch");
    let buttons: Vec<Value> = resources.iter().filter(|r| r.kind == "button").map(|r| json!(r.body)).collect();
    let said: Vec<_> =
        buttons.iter().map(|b| (b["metadata"]["control_id"].clone(), b["button"]["last_event"].clone())).collect();
    assert_eq!(said, [(json!(1), json!("long_press")), (json!(4), json!("initial_press"))]);
    assert_eq!(
        buttons[0]["button"]["event_values"],
        json!(["initial_press", "short_release", "long_press", "long_release"])
    );
    assert_eq!(buttons[0]["button"]["button_report"]["updated"], "2026-05-04T18:00:00.000Z");
    assert_eq!(one(&resources, "device")["product_data"]["model_id"], "RWL022");
}

#[test]
fn a_dial_tells_which_way_it_was_turned() {
    let mut view = snapshot();
    let switch = view.lights.inputs.get_mut(&InputId("switch".into())).map(Arc::make_mut).expect("the switch");
    let words = ["button_1_press", "dial_rotate_left_slow", "dial_rotate_right_fast"];
    switch.aspects = Arc::new([Aspect::Buttons(words.map(Arc::from).into())]);
    switch.hear(house::now(), Said::Button("dial_rotate_right_fast".into()));
    switch.hear(house::now(), Said::Button("button_1_press".into()));
    let resources = of(&view, Kind::Input, "switch");
    let rotation = json!({"direction": "clock_wise", "steps": 60, "duration": 400});
    assert_eq!(one(&resources, "relative_rotary")["relative_rotary"]["last_event"]["rotation"], rotation);
    assert_eq!(one(&resources, "device")["product_data"]["model_id"], "RDM002");
}

#[test]
fn names_of_turns_and_presses_have_parts() {
    let turn = |name: &str| Turn::of(name).map(|turn| turn.clockwise);
    assert_eq!(turn("rotary_clock_wise"), Some(true));
    assert_eq!(turn("rotary_counter_clock_wise"), Some(false));
    assert_eq!(turn("dial_rotate_left_step"), Some(false));
    assert_eq!(turn("on_press"), None);
    assert_eq!(part("3_single").as_deref(), Some("button/3"));
    assert_eq!(part("brightness_step_up").as_deref(), Some("relative_rotary"));
    assert_eq!(part("nonsense"), None);
}

#[test]
fn light_levels_follow_the_logarithm() {
    let levels = [0.0, 1.0, 10.0, 100.0, 1000.0, f32::NAN, -5.0].map(light_level);
    assert_eq!(levels, [0, 1, 10_001, 20_001, 30_001, 0, 0]);
}

#[test]
fn an_own_sensor_is_a_motion_sensor_and_with_an_array_a_thermometer() {
    let mut view = snapshot();
    let plain = of(&view, Kind::Sensor, "kitchen");
    assert!(plain.iter().all(|resource| resource.kind != "temperature"));
    assert_eq!(one(&plain, "motion")["motion"]["motion"], json!(false));
    let array = crate::bridge::house::array("kitchen");
    let device = DeviceId::new("kitchen");
    view.thermal.arrays.insert(device.clone(), Arc::new(array));
    view.thermal.hottest.insert(device, (house::now(), 36.634));
    let kitchen = of(&view, Kind::Sensor, "kitchen");
    let temperature = one(&kitchen, "temperature");
    assert_eq!(temperature["temperature"]["temperature"], json!(36.63));
    assert_eq!(temperature["temperature"]["temperature_valid"], json!(true));
    assert_eq!(temperature["id_v1"], "/sensors/7");
}

#[tokio::test]
async fn sensors_stay_on() {
    let house = kept_house();
    let view = house.view();
    let motion = refer(&view, Kind::Input, "hall", "motion");
    let path = format!("motion/{}", motion["rid"].as_str().expect("an id"));
    assert_eq!(ask(&house, "PUT", &path, &json!({"enabled": true})).await.status, 200);
    let refused = ask(&house, "PUT", &path, &json!({"enabled": false})).await;
    assert_eq!(refused.status, 405);
    assert_eq!(ask(&house, "PUT", &path, &json!({"enabled": "no"})).await.status, 400);
}
