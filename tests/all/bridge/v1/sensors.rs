//! Sensors: daylight, parts of inputs, our own devices, and those that apps make.

use hearthlight::model::bridge::Command as BridgeCommand;
use hearthlight::model::message::Command;
use serde_json::json;

use super::super::house::{House, now, snapshot};
use super::{made, outcome};

const FLAG: &str = r#"{"name":"Away","type":"CLIPGenericFlag","modelid":"FLAG01","swversion":"1.0","uniqueid":"a",
    "manufacturername":"Somebody","state":{"flag":false},"config":{"on":true}}"#;

#[tokio::test]
async fn each_part_of_an_input_is_a_sensor() {
    let house = House::new();
    let all = house.v1("GET", "sensors", "").await;
    let kinds =
        ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map(|number| all[number]["type"].as_str().unwrap().to_owned());
    let expected = [
        "Daylight",
        "CLIPOpenClose",
        "ZLLPresence",
        "ZLLTemperature",
        "ZLLLightLevel",
        "ZLLSwitch",
        "ZLLTemperature",
        "ZLLPresence",
        "CLIPGenericFlag",
    ];
    assert_eq!(kinds, expected);
    let heard = "2026-05-04T17:30:00";
    assert_eq!(all["2"]["state"], json!({"open": false, "lastupdated": heard}));
    assert_eq!(all["3"]["state"], json!({"presence": true, "lastupdated": heard}));
    assert_eq!(all["4"]["state"], json!({"temperature": 2137, "lastupdated": heard}));
    let light = json!({"lightlevel": 20_001, "dark": false, "daylight": false, "lastupdated": heard});
    assert_eq!(all["5"]["state"], light);
    assert_eq!(all["6"]["state"], json!({"buttonevent": 4002, "lastupdated": heard}));
    assert_eq!((&all["3"]["config"]["battery"], &all["6"]["config"]["battery"]), (&json!(64), &json!(null)));
    assert_eq!(all["7"]["state"], json!({"temperature": null, "lastupdated": "none"}), "no picture came yet");
    assert_eq!(all["8"]["state"], json!({"presence": false, "lastupdated": "none"}));
    assert_eq!(all["9"]["state"], json!({"flag": true, "lastupdated": "none"}));
    let unique = |number: &str| all[number]["uniqueid"].as_str().unwrap().to_owned();
    assert_eq!(unique("3")[..23], unique("5")[..23], "one device");
    assert!(unique("3").ends_with("-02-0406") && unique("5").ends_with("-02-0400"));
}

#[tokio::test]
async fn daylight_follows_the_sun_where_the_bridge_stands() {
    let house = House::new();
    assert_eq!(house.v1("GET", "sensors/1", "").await["state"], json!({"daylight": null, "lastupdated": "none"}));
    let answer = house.v1("PUT", "sensors/1/config", r#"{"lat":"52.5200N","long":"013.4050E"}"#).await;
    assert_eq!(outcome(&answer).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [0, 0]);
    assert_eq!(house.view().bridge.identity.place, Some((52.52, 13.405)));
    let day = house.v1("GET", "sensors/1", "").await;
    assert_eq!((&day["state"]["daylight"], &day["config"]["configured"]), (&json!(true), &json!(true)));
    let since = day["state"]["lastupdated"].as_str().unwrap().to_owned();
    assert!(since.starts_with("2026-05-04T03:"), "sunrise in Berlin that day: {since}");
    house.v1("PUT", "sensors/1/config", r#"{"long":"170.0000E","lat":"0.0N"}"#).await;
    assert_eq!(house.v1("GET", "sensors/1", "").await["state"]["daylight"], false, "it is night there");
    let answer = house.v1("PUT", "sensors/1/config", r#"{"lat":"91.0N","long":"13.4","sunsetoffset":5}"#).await;
    assert_eq!(outcome(&answer).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [7, 7, 8]);
    assert_eq!(now().to_string(), "2026-05-04T18:00:00Z");
}

#[tokio::test]
async fn apps_make_write_and_remove_sensors_of_their_own() {
    let house = House::new();
    let number = made(&house.v1("POST", "sensors", FLAG).await);
    let path = format!("sensors/{number}");
    let answer = house.v1("PUT", &format!("{path}/state"), r#"{"flag":true,"status":1,"lastupdated":"x"}"#).await;
    assert_eq!(outcome(&answer).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [0, 6, 8]);
    let shown = house.v1("GET", &path, "").await;
    assert_eq!(shown["state"], json!({"flag": true, "lastupdated": "2026-05-04T18:00:00"}));
    house.v1("PUT", &path, r#"{"name":"Home"}"#).await;
    house.v1("PUT", &format!("{path}/config"), r#"{"battery":50,"url":"none"}"#).await;
    let shown = house.v1("GET", &path, "").await;
    assert_eq!((&shown["name"], &shown["config"]["battery"]), (&json!("Home"), &json!(50)));
    assert_eq!(house.v1("DELETE", &path, "").await, json!([{"success": format!("/{path} deleted")}]));
    assert_eq!(outcome(&house.v1("GET", &path, "").await)[0].0, 3);
}

#[tokio::test]
async fn wrong_sensors_are_refused() {
    let house = House::new();
    let with = |from: &str, to: &str| FLAG.replace(from, to);
    let cases = [
        (with("CLIPGenericFlag", "ZLLSwitch"), 501),
        (with(r#""uniqueid":"a","#, ""), 5),
        (with("FLAG01", "F"), 7),
        (with(r#"{"flag":false}"#, r#"{"flag":1}"#), 7),
        (with(r#"{"flag":false}"#, r#"{"status":1}"#), 6),
        (with(r#"{"on":true}"#, r#"{"battery":101}"#), 7),
        (with(r#""name""#, r#""shape":1,"name""#), 6),
    ];
    for (body, expected) in cases {
        assert_eq!(outcome(&house.v1("POST", "sensors", body.clone()).await)[0].0, expected, "{body}");
    }
    assert_eq!(house.sent(), []);
}

#[tokio::test]
async fn what_only_the_device_can_say_is_not_modifiable() {
    let house = House::new();
    let answer = house.v1("PUT", "sensors/3/state", r#"{"presence":false}"#).await;
    assert_eq!(outcome(&answer), [(8, "/sensors/3/state/presence".to_owned())]);
    assert_eq!(outcome(&house.v1("PUT", "sensors/3", r#"{"name":"x"}"#).await)[0].0, 8, "its hub names it");
    assert_eq!(outcome(&house.v1("DELETE", "sensors/3", "").await)[0].0, 4);
    assert_eq!(outcome(&house.v1("DELETE", "sensors/1", "").await)[0].0, 4);
    assert_eq!(house.sent(), []);
}

#[tokio::test]
async fn a_light_level_knows_dark_from_day_by_its_own_bounds() {
    let house = House::of(snapshot());
    let body = FLAG.replace("CLIPGenericFlag", "CLIPLightLevel").replace(r#"{"flag":false}"#, r#"{"lightlevel":100}"#);
    let path = format!("sensors/{}", made(&house.v1("POST", "sensors", body).await));
    assert_eq!(house.v1("GET", &path, "").await["state"]["dark"], true);
    house.v1("PUT", &format!("{path}/config"), r#"{"tholddark":50,"tholdoffset":10}"#).await;
    let state = house.v1("GET", &path, "").await["state"].clone();
    assert_eq!((&state["dark"], &state["daylight"]), (&json!(false), &json!(true)));
    let sent = house.sent();
    assert!(sent.iter().all(|command| matches!(command, Command::Bridge(BridgeCommand::Put { .. }))), "{sent:?}");
}
