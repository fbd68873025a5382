//! Whatever comes: no panic, always JSON, always status 200 (which [`House::v1`] checks).

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::house::House;

fn run(story: Vec<(&'static str, String, Vec<u8>)>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let house = House::new();
        for (method, path, body) in story {
            let answer = house.v1(method, &path, body).await;
            prop_assert!(answer.is_object() || answer.is_array(), "{answer}");
        }
        let lights = house.v1("GET", "lights", "").await;
        for light in lights.as_object().into_iter().flat_map(|lights| lights.values()) {
            let state = &light["state"];
            let bri = state["bri"].as_i64();
            prop_assert!(bri.is_none_or(|bri| (1..=254).contains(&bri)), "{state}");
            prop_assert!(state["ct"].as_i64().is_none_or(|ct| (153..=500).contains(&ct)), "{state}");
        }
        Ok(())
    })
}

fn methods() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD"])
}

fn paths() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "lights",
        "groups",
        "scenes",
        "sensors",
        "rules",
        "schedules",
        "resourcelinks",
        "config",
        "capabilities",
        "info",
        "whitelist",
        "timezones",
        "new",
        "state",
        "action",
        "lightstates",
        "0",
        "1",
        "2",
        "3",
        "4",
        "6",
        "9",
        "99",
        "-1",
        "x",
    ]);
    vec(prop_oneof![9 => part.prop_map(str::to_owned), 1 => "[^/?]{0,6}"], 0..5).prop_map(|parts| parts.join("/"))
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|yes| json!(yes)),
        any::<i64>().prop_map(|number| json!(number)),
        (-300_i64..70_000).prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        (0.0..1.0_f64).prop_map(|number| json!(number)),
        ".{0,12}".prop_map(|text| json!(text)),
        prop::sample::select(vec![
            "1",
            "4",
            "none",
            "select",
            "colorloop",
            "Room",
            "GroupScene",
            "PT00:00:01",
            "enabled",
            "dx"
        ])
        .prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|list| json!(list)),
            vec((names(), inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn names() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "on",
        "bri",
        "hue",
        "sat",
        "xy",
        "ct",
        "effect",
        "alert",
        "transitiontime",
        "bri_inc",
        "hue_inc",
        "sat_inc",
        "ct_inc",
        "xy_inc",
        "scene",
        "name",
        "lights",
        "type",
        "class",
        "group",
        "lightstates",
        "storelightstate",
        "appdata",
        "config",
        "state",
        "modelid",
        "swversion",
        "uniqueid",
        "manufacturername",
        "conditions",
        "actions",
        "address",
        "operator",
        "value",
        "method",
        "body",
        "localtime",
        "time",
        "command",
        "status",
        "links",
        "classid",
        "linkbutton",
        "timezone",
        "locations",
        "stream",
        "active",
        "startup",
        "mode",
        "recycle",
        "flag",
        "1",
        "4",
    ]);
    prop_oneof![9 => known.prop_map(str::to_owned), 1 => ".{0,6}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_story_of_requests_is_answered(
        story in vec((methods(), paths(), vec((names(), values()), 0..6)), 1..24),
    ) {
        let text = |members: Vec<(String, Value)>| Value::Object(members.into_iter().collect()).to_string().into_bytes();
        run(story.into_iter().map(|(method, path, members)| (method, path, text(members))).collect())?;
    }

    #[test]
    fn any_bytes_are_answered(method in methods(), path in paths(), body in vec(any::<u8>(), 0..200)) {
        run(vec![(method, path, body)])?;
    }
}

#[tokio::test]
async fn a_body_that_nests_too_deep_is_no_json() {
    let house = House::new();
    for depth in [33_usize, 20_000] {
        let body = format!(r#"{{"on":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert_eq!(house.v1("PUT", "lights/4/state", body).await[0]["error"]["type"], 2);
    }
    let invalid = [b"{\"name\":\"".to_vec(), vec![0xff, 0xfe], b"\"}".to_vec()].concat();
    assert_eq!(house.v1("PUT", "lights/4", invalid).await[0]["error"]["type"], 2);
    let long = json!({"name": "x".repeat(60_000)}).to_string();
    let answer = house.v1("PUT", "lights/4", long).await;
    assert_eq!(answer[0]["error"]["type"], 7);
    assert!(answer.to_string().len() < 300, "what is wrong is not repeated at length");
}
