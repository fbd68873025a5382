//! The table of errors: each number with its address and its words.

use hearthlight::bridge::v1::error::{Error, What};
use serde_json::json;

use super::super::house::House;
use super::{error, outcome};

#[tokio::test]
async fn each_error_of_the_table_has_its_number_address_and_words() {
    let house = House::new();
    let cases = [
        ("PUT", "lights/4/state", "{on:", (2, "/lights/4/state", "body contains invalid JSON")),
        ("PUT", "lights/4/state", "", (2, "/lights/4/state", "body contains invalid JSON")),
        ("PUT", "lights/4/state", "[1]", (2, "/lights/4/state", "body contains invalid JSON")),
        ("GET", "lights/99", "", (3, "/lights/99", "resource, /lights/99, not available")),
        ("GET", "nothing", "", (3, "/nothing", "resource, /nothing, not available")),
        (
            "PUT",
            "lights/4/colour",
            r#"{"on":true}"#,
            (3, "/lights/4/colour", "resource, /lights/4/colour, not available"),
        ),
        (
            "GET",
            "lights/4/state",
            "",
            (4, "/lights/4/state", "method, GET, not available for resource, /lights/4/state"),
        ),
        ("DELETE", "lights", "", (4, "/lights", "method, DELETE, not available for resource, /lights")),
        ("PATCH", "", "", (4, "/", "method, PATCH, not available for resource, /")),
        ("PUT", "lights/4/state", "{}", (5, "/lights/4/state", "missing parameters in body")),
        (
            "PUT",
            "lights/4/state",
            r#"{"brightness":1}"#,
            (6, "/lights/4/state/brightness", "parameter, brightness, not available"),
        ),
        ("PUT", "lights/4/state", r#"{"bri":"a"}"#, (7, "/lights/4/state/bri", "invalid value, a, for parameter, bri")),
        (
            "PUT",
            "lights/4/state",
            r#"{"hue":65536}"#,
            (7, "/lights/4/state/hue", "invalid value, 65536, for parameter, hue"),
        ),
        (
            "PUT",
            "lights/4/state",
            r#"{"reachable":true}"#,
            (8, "/lights/4/state/reachable", "parameter, reachable, is not modifiable"),
        ),
        ("PUT", "config", r#"{"dhcp":false}"#, (110, "/config/dhcp", "DHCP cannot be disabled")),
        (
            "PUT",
            "groups/0",
            r#"{"name":"All"}"#,
            (305, "/groups/0", "It is not allowed to update or delete group of this type"),
        ),
        ("DELETE", "groups/0", "", (305, "/groups/0", "It is not allowed to update or delete group of this type")),
        (
            "POST",
            "groups",
            r#"{"name":"Den","type":"Room","lights":["4"]}"#,
            (306, "/groups/lights", "A light can only be used in one room at the same time"),
        ),
        (
            "PUT",
            "groups/4",
            r#"{"stream":{"active":true}}"#,
            (307, "/groups/4/stream/active", "Cannot claim stream ownership"),
        ),
    ];
    for (method, path, body, expected) in cases {
        let answer = house.v1(method, path, body).await;
        assert_eq!(error(&answer), expected, "{method} {path} {body}");
    }
    assert_eq!(house.sent(), [], "nothing was asked of the house");
}

#[test]
fn errors_that_others_answer_have_their_words_too() {
    let of = |address: &str, what| Error::new(address, what).json();
    let unauthorized = json!({"error": {"type": 1, "address": "/lights", "description": "unauthorized user"}});
    assert_eq!(of("/lights", What::Unauthorized), unauthorized);
    let button = json!({"error": {"type": 101, "address": "", "description": "link button not pressed"}});
    assert_eq!(of("", What::Button), button);
}

#[tokio::test]
async fn a_light_that_is_off_takes_nothing_but_on() {
    let house = House::new();
    house.v1("PUT", "lights/4/state", r#"{"on":false}"#).await;
    let answer = house.v1("PUT", "lights/4/state", r#"{"bri":100,"ct":200}"#).await;
    let words = "parameter, bri, is not modifiable. Device is set to off.";
    assert_eq!(answer[0]["error"], json!({"type": 201, "address": "/lights/4/state/bri", "description": words}));
    assert_eq!(outcome(&answer)[1], (201, "/lights/4/state/ct".to_owned()));
    assert_eq!(house.sent().len(), 1, "only the first one");
    let answer = house.v1("PUT", "lights/4/state", r#"{"bri":100,"on":true}"#).await;
    assert_eq!(answer, json!([{"success": {"/lights/4/state/bri": 100}}, {"success": {"/lights/4/state/on": true}}]));
    let answer = house.v1("PUT", "lights/4/state", r#"{"on":false,"bri":9,"transitiontime":0}"#).await;
    let kinds: Vec<u64> = outcome(&answer).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [0, 201, 0]);
    assert_eq!(house.v1("GET", "lights/4", "").await["state"]["bri"], 100);
}

#[tokio::test]
async fn what_is_right_is_done_even_if_the_rest_is_wrong() {
    let house = House::new();
    let answer = house.v1("PUT", "lights/4/state", r#"{"sat":300,"bri":255,"zap":1,"hue":0,"mode":"x"}"#).await;
    let expected = [
        (7, "/lights/4/state/sat"),
        (0, "/lights/4/state/bri"),
        (6, "/lights/4/state/zap"),
        (0, "/lights/4/state/hue"),
        (8, "/lights/4/state/mode"),
    ];
    assert_eq!(outcome(&answer), expected.map(|(kind, at)| (kind, at.to_owned())));
    assert_eq!(answer[1]["success"]["/lights/4/state/bri"], 255, "the answer says what was asked");
    assert_eq!(house.v1("GET", "lights/4", "").await["state"]["bri"], 254, "the state what is");
}

#[tokio::test]
async fn a_slash_at_the_end_changes_nothing() {
    let house = House::new();
    assert_eq!(house.v1("GET", "lights/4/", "").await, house.v1("GET", "lights/4", "").await);
    assert_eq!(house.v1("GET", "/", "").await, house.v1("GET", "", "").await);
}

#[tokio::test]
async fn what_the_house_refuses_is_said_and_heard_by_the_doctor() {
    let house = House::new();
    house.v1("DELETE", "lights/4", "").await;
    let request = house.request("GET", "lights/4", "");
    let answer = hearthlight::bridge::v1::answer(&house.face, &request).await;
    assert_eq!(answer.refused.as_deref(), Some("resource, /lights/4, not available"));
}
