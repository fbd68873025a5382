//! Groups: rooms, zones, mere groups, areas, and all lights.

use hearthlight::model::lights::{Aim, Command as LightsCommand};
use hearthlight::model::message::Command;
use serde_json::json;

use super::super::house::{House, group_id};
use super::{made, outcome};

#[tokio::test]
async fn groups_are_listed_without_all_lights_which_can_be_read() {
    let house = House::new();
    let all = house.v1("GET", "groups", "").await;
    let kinds = ["1", "2", "3", "4"].map(|number| all[number]["type"].as_str().unwrap().to_owned());
    assert_eq!(kinds, ["Zone", "Room", "Room", "Entertainment"]);
    assert!(all.get("0").is_none());
    let everything = house.v1("GET", "groups/0", "").await;
    assert_eq!(everything["lights"], json!(["1", "2", "3", "4", "5", "6", "7"]));
    assert_eq!((&everything["type"], &everything["state"]["all_on"]), (&json!("LightGroup"), &json!(true)));
    let office = &all["3"];
    assert_eq!(
        (&office["name"], &office["class"], &office["lights"]),
        (&json!("Office"), &json!("Other"), &json!(["4", "5", "7"]))
    );
    assert_eq!((&office["action"]["colormode"], &office["recycle"]), (&json!("ct"), &json!(false)));
    let area = &all["4"];
    assert_eq!(area["locations"], json!({"4": [-0.5, 0.8, 0.0], "6": [0.5, 0.8, 0.0]}));
    assert_eq!(area["stream"], json!({"proxymode": "auto", "proxynode": "/bridge", "active": false, "owner": null}));
}

#[tokio::test]
async fn rooms_zones_and_mere_groups_are_made_changed_and_removed() {
    let house = House::new();
    let room =
        made(&house.v1("POST", "groups", r#"{"name":"Den","type":"Room","class":"Man cave","lights":["2"]}"#).await);
    let zone = made(
        &house.v1("POST", "groups", r#"{"name":"Down","type":"Zone","class":"Downstairs","lights":["2","4"]}"#).await,
    );
    let mere = made(&house.v1("POST", "groups", r#"{"name":"Some","lights":["2","3"]}"#).await);
    assert_eq!([&room, &zone, &mere], ["5", "6", "7"]);
    let all = house.v1("GET", "groups", "").await;
    assert_eq!((&all["5"]["type"], &all["5"]["class"]), (&json!("Room"), &json!("Man cave")));
    assert_eq!((&all["6"]["type"], &all["6"]["class"]), (&json!("Zone"), &json!("Downstairs")));
    assert_eq!((&all["7"]["type"], all["7"].get("class")), (&json!("LightGroup"), None));
    let answer = house.v1("PUT", "groups/5", r#"{"name":"Cave","lights":["2","3"],"class":"Gym"}"#).await;
    let addresses = ["name", "lights", "class"].map(|name| (0, format!("/groups/5/{name}")));
    assert_eq!(outcome(&answer), addresses);
    let den = house.v1("GET", "groups/5", "").await;
    assert_eq!((&den["name"], &den["class"], &den["lights"]), (&json!("Cave"), &json!("Gym"), &json!(["2", "3"])));
    let answer = house.v1("PUT", "groups/5", r#"{"lights":["4"],"class":"Cellar","type":"Zone"}"#).await;
    let kinds: Vec<u64> = outcome(&answer).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [306, 7, 8]);
    assert_eq!(house.v1("DELETE", "groups/5", "").await, json!([{"success": "/groups/5 deleted"}]));
    assert_eq!(outcome(&house.v1("GET", "groups/5", "").await)[0].0, 3);
    let next = made(&house.v1("POST", "groups", r#"{"type":"Room"}"#).await);
    assert_eq!(next, "8", "a number never comes back");
}

#[tokio::test]
async fn areas_are_made_and_their_lights_placed() {
    let house = House::new();
    let body = r#"{"name":"Games","type":"Entertainment","class":"TV","lights":["4","1","6"]}"#;
    let area = made(&house.v1("POST", "groups", body).await);
    let path = format!("groups/{area}");
    let shown = house.v1("GET", &path, "").await;
    assert_eq!((&shown["class"], &shown["locations"]["1"]), (&json!("TV"), &json!([0.0, 0.8, 0.0])));
    let answer = house.v1("PUT", &path, r#"{"locations":{"1":[0.1,-1,1]},"stream":{"active":false}}"#).await;
    assert_eq!(outcome(&answer).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [0, 0]);
    assert_eq!(house.v1("GET", &path, "").await["locations"]["1"], json!([0.1, -1.0, 1.0]));
    for wrong in [r#"{"1":[0,0,2]}"#, r#"{"2":[0,0,0]}"#, r#"{"1":[0,0]}"#, "[]"] {
        let answer = house.v1("PUT", &path, format!(r#"{{"locations":{wrong}}}"#)).await;
        assert_eq!(outcome(&answer)[0].0, 7, "{wrong}");
    }
    house.v1("DELETE", &path, "").await;
    assert_eq!(outcome(&house.v1("GET", &path, "").await)[0].0, 3);
}

#[tokio::test]
async fn an_action_is_one_command_for_lights_that_do_the_same() {
    let house = House::new();
    house.v1("PUT", "groups/3/action", r#"{"on":true}"#).await;
    let sent = house.sent();
    let [Command::Lights(LightsCommand::Set { aims, .. })] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(aims[..], [Aim::Group(group_id("office"))]);
    house.v1("PUT", "groups/0/action", r#"{"on":false}"#).await;
    let sent = house.sent();
    let [Command::Lights(LightsCommand::Set { aims, .. })] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(aims[..], [Aim::All]);
    assert_eq!(house.v1("GET", "groups/0", "").await["state"], json!({"all_on": false, "any_on": false}));
    let answer = house.v1("PUT", "groups/3/action", r#"{"bri":100}"#).await;
    assert_eq!(outcome(&answer), [(201, "/groups/3/action/bri".to_owned())]);
}

#[tokio::test]
async fn each_light_of_a_group_takes_what_it_can_and_those_that_are_off_stay_so() {
    let house = House::new();
    house.v1("PUT", "lights/7/state", r#"{"on":false}"#).await;
    let answer = house.v1("PUT", "groups/3/action", r#"{"bri":60,"xy":[0.2,0.3]}"#).await;
    assert_eq!(outcome(&answer), ["bri", "xy"].map(|name| (0, format!("/groups/3/action/{name}"))));
    let all = house.v1("GET", "lights", "").await;
    assert_eq!((&all["4"]["state"]["bri"], &all["4"]["state"]["xy"]), (&json!(60), &json!([0.2, 0.3])));
    assert_eq!((&all["7"]["state"]["bri"], &all["7"]["state"]["ct"]), (&json!(127), &json!(250)), "it was off");
    house.v1("PUT", "groups/3/action", r#"{"on":true,"bri_inc":-10}"#).await;
    let all = house.v1("GET", "lights", "").await;
    assert_eq!((&all["4"]["state"]["bri"], &all["7"]["state"]["bri"]), (&json!(50), &json!(117)));
    assert_eq!(all["7"]["state"]["on"], true);
}
