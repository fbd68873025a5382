//! Lights of every kind: what each has, what it takes, and what becomes of it.

use hearthlight::model::lights::Command as LightsCommand;
use hearthlight::model::message::Command;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::house::{House, light_id};
use super::{done, outcome};

fn names(object: &Value) -> Vec<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[tokio::test]
async fn each_kind_of_light_has_its_type_and_attributes() {
    let house = House::new();
    let all = house.v1("GET", "lights", "").await;
    let cases = [
        ("5", "On/Off plug-in unit", "LOM001", "alert mode on reachable"),
        ("2", "Dimmable light", "LWB010", "alert bri mode on reachable"),
        ("7", "Color temperature light", "LTW010", "alert bri colormode ct mode on reachable"),
        ("1", "Color light", "LST001", "alert bri colormode effect hue mode on reachable sat xy"),
        ("4", "Extended color light", "LCT015", "alert bri colormode ct effect hue mode on reachable sat xy"),
        ("6", "Extended color light", "LCX004", "alert bri colormode ct effect hue mode on reachable sat xy"),
    ];
    for (number, kind, model, state) in cases {
        let light = &all[number];
        assert_eq!((&light["type"], &light["modelid"]), (&json!(kind), &json!(model)));
        assert_eq!(names(&light["state"]).join(" "), state, "{kind}");
        for name in ["name", "manufacturername", "uniqueid", "swversion", "capabilities", "config"] {
            assert!(!light[name].is_null(), "{kind} has no {name}");
        }
    }
    assert_eq!(all["4"]["capabilities"]["control"]["ct"], json!({"min": 153, "max": 500}));
    assert_eq!(all["4"]["capabilities"]["control"]["colorgamut"][0], json!([0.6915, 0.3083]));
    assert_eq!(all["7"]["capabilities"]["control"]["ct"], json!({"min": 153, "max": 454}));
    assert_eq!(all["3"]["state"]["reachable"], false);
    let mut unique: Vec<_> =
        all.as_object().unwrap().values().map(|light| light["uniqueid"].as_str().unwrap()).collect();
    assert!(unique.iter().all(|id| id.len() == 26 && id.starts_with("00:17:88:01:") && id.ends_with("-0b")));
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), 7, "no two are the same");
}

#[tokio::test]
async fn a_write_is_one_command_and_shows_at_once() {
    let house = House::new();
    let answer = house.v1("PUT", "lights/4/state", r#"{"on":true,"bri":127,"xy":[0.5,0.4],"transitiontime":20}"#).await;
    let addresses = ["on", "bri", "xy", "transitiontime"].map(|name| (0, format!("/lights/4/state/{name}")));
    assert_eq!(outcome(&answer), addresses, "in the order of the request");
    let sent = house.sent();
    let [Command::Lights(LightsCommand::Set { change, .. })] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(change.transition_ms, Some(2000));
    let state = &house.v1("GET", "lights/4", "").await["state"];
    assert_eq!((&state["bri"], &state["xy"], &state["colormode"]), (&json!(127), &json!([0.5, 0.4]), &json!("xy")));
    house.v1("PUT", "lights/4/state", r#"{"ct":250}"#).await;
    let state = &house.v1("GET", "lights/4", "").await["state"];
    assert_eq!((&state["ct"], &state["colormode"], &state["bri"]), (&json!(250), &json!("ct"), &json!(127)));
    assert_eq!(state["xy"], json!([0.3805, 0.3767]), "the point of that white");
}

#[tokio::test]
async fn of_several_colours_xy_counts_then_ct_then_hue() {
    let house = House::new();
    house.v1("PUT", "lights/4/state", r#"{"hue":0,"sat":254,"ct":200,"xy":[0.2,0.3]}"#).await;
    assert_eq!(house.v1("GET", "lights/4", "").await["state"]["xy"], json!([0.2, 0.3]));
    house.v1("PUT", "lights/4/state", r#"{"hue":0,"ct":200}"#).await;
    assert_eq!(house.v1("GET", "lights/4", "").await["state"]["ct"], 200);
    house.v1("PUT", "lights/4/state", r#"{"hue":43690,"sat":254}"#).await;
    let state = &house.v1("GET", "lights/4", "").await["state"];
    let (hue, sat) = (state["hue"].as_i64().unwrap(), state["sat"].as_i64().unwrap());
    assert!((hue - 43_690).abs() < 100 && sat == 254, "as it was asked for: {hue} {sat}");
    assert_eq!(state["xy"], json!([0.1535, 0.0599]), "as far as the light can");
}

#[tokio::test]
async fn values_stay_within_what_the_light_can_show() {
    let house = House::new();
    house.v1("PUT", "lights/4/state", r#"{"bri":0}"#).await;
    assert_eq!(house.v1("GET", "lights/4", "").await["state"]["bri"], 1);
    house.v1("PUT", "lights/7/state", r#"{"ct":500}"#).await;
    assert_eq!(house.v1("GET", "lights/7", "").await["state"]["ct"], 454);
    house.v1("PUT", "lights/4/state", r#"{"xy":[0.9,0.1]}"#).await;
    let state = &house.v1("GET", "lights/4", "").await["state"];
    assert_eq!(state["xy"], json!([0.6915, 0.3083]), "the red corner");
    let answer = house.v1("PUT", "lights/5/state", r#"{"bri":1,"on":true}"#).await;
    assert_eq!(outcome(&answer), [(6, "/lights/5/state/bri".to_owned()), (0, "/lights/5/state/on".to_owned())]);
    let answer = house.v1("PUT", "lights/1/state", r#"{"ct":200}"#).await;
    assert_eq!(outcome(&answer)[0].0, 6, "a color light has no ct");
}

#[tokio::test]
async fn steps_move_from_where_the_light_is() {
    let house = House::new();
    let shown = || async { house.v1("GET", "lights/4", "").await["state"].clone() };
    house.v1("PUT", "lights/4/state", r#"{"bri":200,"ct":300}"#).await;
    house.v1("PUT", "lights/4/state", r#"{"bri_inc":-50,"ct_inc":20}"#).await;
    assert_eq!((&shown().await["bri"], &shown().await["ct"]), (&json!(150), &json!(320)));
    house.v1("PUT", "lights/4/state", r#"{"bri_inc":254}"#).await;
    assert_eq!(shown().await["bri"], 254);
    house.v1("PUT", "lights/4/state", r#"{"bri_inc":-254}"#).await;
    assert_eq!((&shown().await["bri"], &shown().await["on"]), (&json!(1), &json!(true)), "never off");
    house.v1("PUT", "lights/4/state", r#"{"bri":10,"bri_inc":100}"#).await;
    assert_eq!(shown().await["bri"], 10, "what is said whole counts");
    house.v1("PUT", "lights/4/state", r#"{"xy":[0.4,0.4]}"#).await;
    house.v1("PUT", "lights/4/state", r#"{"xy_inc":[0.05,-0.05]}"#).await;
    assert_eq!(shown().await["xy"], json!([0.45, 0.35]));
    let answer = house.v1("PUT", "lights/4/state", r#"{"xy_inc":[0.6,0],"hue_inc":65535,"sat_inc":-255}"#).await;
    assert!(outcome(&answer).iter().all(|(kind, _)| *kind == 7), "{answer}");
}

#[tokio::test]
async fn effects_and_alerts_do_what_the_light_can() {
    let house = House::new();
    house.v1("PUT", "lights/4/state", r#"{"effect":"colorloop"}"#).await;
    assert_eq!(house.v1("GET", "lights/4", "").await["state"]["effect"], "colorloop");
    house.v1("PUT", "lights/4/state", r#"{"effect":"none"}"#).await;
    assert_eq!(house.v1("GET", "lights/4", "").await["state"]["effect"], "none");
    let answer = house.v1("PUT", "lights/1/state", r#"{"effect":"colorloop"}"#).await;
    assert_eq!(outcome(&answer)[0].0, 7, "it has no such effect");
    house.sent();
    assert_eq!(
        house.v1("PUT", "lights/4/state", r#"{"alert":"select"}"#).await[0]["success"]["/lights/4/state/alert"],
        "select"
    );
    assert_eq!(house.sent(), [Command::Lights(LightsCommand::Identify(light_id("lamp")))]);
    for path in ["lights/2/state", "lights/3/state"] {
        let answer = house.v1("PUT", path, r#"{"alert":"lselect"}"#).await;
        assert_eq!(outcome(&answer)[0].0, 0, "a light that cannot blink, or is away, is no error");
    }
    assert_eq!(house.sent(), []);
}

#[tokio::test]
async fn a_light_is_named_settled_and_forgotten() {
    let house = House::new();
    assert_eq!(house.v1("PUT", "lights/4", r#"{"name":"Desk"}"#).await, done("/lights/4/name", &json!("Desk")));
    assert_eq!(house.v1("GET", "lights/4", "").await["name"], "Desk");
    let long = json!({"name": "x".repeat(33)}).to_string();
    assert_eq!(outcome(&house.v1("PUT", "lights/4", long).await)[0].0, 7);
    house.v1("PUT", "lights/4/config", r#"{"archetype":"huelightstriptv","startup":{"mode":"lastonstate"}}"#).await;
    let config = &house.v1("GET", "lights/4", "").await["config"];
    assert_eq!((&config["archetype"], &config["startup"]["mode"]), (&json!("huelightstriptv"), &json!("lastonstate")));
    let answer = house.v1("PUT", "lights/5/config", r#"{"startup":{"mode":"safety"}}"#).await;
    assert_eq!(outcome(&answer), [(6, "/lights/5/config/startup".to_owned())], "a plug that cannot be told");
    let gone = house.v1("DELETE", "lights/4", "").await;
    assert_eq!(gone, json!([{"success": "/lights/4 deleted"}]));
    assert_eq!(house.v1("GET", "groups/3", "").await["lights"], json!(["5", "7"]));
    assert!(house.v1("GET", "lights", "").await.get("4").is_none());
}

#[tokio::test]
async fn a_search_is_begun_and_seen() {
    let house = House::new();
    assert_eq!(house.v1("GET", "lights/new", "").await, json!({"lastscan": "none"}));
    let answer = house.v1("POST", "lights", r#"{"deviceid":["45AF34"]}"#).await;
    assert_eq!(answer, json!([{"success": {"/lights": "Searching for new devices"}}]));
    assert_eq!(house.v1("GET", "lights/new", "").await, json!({"lastscan": "active"}));
    let many = json!({"deviceid": vec!["45AF34"; 11]}).to_string();
    assert_eq!(outcome(&house.v1("POST", "lights", many).await)[0].0, 11);
    assert_eq!(outcome(&house.v1("POST", "sensors", "").await)[0].1, "/sensors");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read_back(bri in 1_u8..=254, ct in 153_u16..=500) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let house = House::new();
            house.v1("PUT", "lights/4/state", json!({"bri": bri, "ct": ct}).to_string()).await;
            let state = &house.v1("GET", "lights/4", "").await["state"];
            prop_assert_eq!((&state["bri"], &state["ct"]), (&json!(bri), &json!(ct)));
            Ok(())
        })?;
    }
}
