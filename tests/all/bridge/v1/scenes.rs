//! Scenes: shown, made, recalled for a group, locked.

use serde_json::{Value, json};

use super::super::house::{House, KEY};
use super::{made, outcome};

/// The id of a scene by its name.
async fn id(house: &House, name: &str) -> String {
    let all = house.v1("GET", "scenes", "").await;
    let found = all.as_object().unwrap().iter().find(|(_, scene)| scene["name"] == name);
    found.unwrap_or_else(|| panic!("no scene {name}")).0.clone()
}

async fn scene(house: &House, id: &str) -> Value {
    house.v1("GET", &format!("scenes/{id}"), "").await
}

#[tokio::test]
async fn scenes_show_their_lights_and_alone_their_states() {
    let house = House::new();
    let evening = id(&house, "Evening").await;
    assert!(evening.len() == 16, "{evening}");
    let listed = &house.v1("GET", "scenes", "").await[&evening];
    assert_eq!((&listed["type"], &listed["group"]), (&json!("GroupScene"), &json!("3")));
    assert_eq!((&listed["lights"], listed.get("lightstates")), (&json!(["4", "5", "7"]), None));
    let whole = scene(&house, &evening).await;
    assert_eq!(whole["lightstates"]["4"], json!({"on": true, "bri": 64, "ct": 400}));
    assert_eq!(whole["lightstates"]["5"], json!({"on": false}));
    assert_eq!((&whole["version"], &whole["locked"], &whole["owner"]), (&json!(2), &json!(false), &json!("none")));
    let away = scene(&house, &id(&house, "Away").await).await;
    assert_eq!((&away["type"], away.get("group")), (&json!("LightScene"), None));
    let aurora = scene(&house, &id(&house, "Aurora").await).await;
    assert_eq!(aurora["lightstates"]["1"], json!({"on": true, "bri": 190, "xy": [0.2, 0.3]}));
}

#[tokio::test]
async fn a_group_scene_keeps_what_its_lights_show_or_what_is_said() {
    let house = House::new();
    let body =
        r#"{"name":"Now","type":"GroupScene","group":"3","recycle":false,"appdata":{"version":1,"data":"abc_r01"}}"#;
    let now = made(&house.v1("POST", "scenes", body).await);
    let shown = scene(&house, &now).await;
    assert_eq!(shown["lightstates"]["7"], json!({"on": true, "bri": 127, "ct": 250}));
    assert_eq!((&shown["appdata"], &shown["owner"]), (&json!({"version": 1, "data": "abc_r01"}), &json!(KEY)));
    assert_eq!(shown["lastupdated"], "2026-05-04T18:00:00");
    let body = r#"{"name":"Two","type":"LightScene","lights":["1","4"],"recycle":true,"transitiontime":10,
        "lightstates":{"4":{"on":true,"bri":100,"ct":366},"1":{"on":false}}}"#;
    let two = scene(&house, &made(&house.v1("POST", "scenes", body).await)).await;
    assert_eq!(two["lightstates"]["4"], json!({"on": true, "bri": 100, "ct": 366, "transitiontime": 10}));
    assert_eq!((&two["recycle"], &two["lightstates"]["1"]["on"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn wrong_scenes_are_refused() {
    let house = House::new();
    let cases = [
        (r#"{"name":"a","type":"GroupScene"}"#, 5),
        (r#"{"name":"a","type":"GroupScene","group":"3","lights":["4"]}"#, 6),
        (r#"{"name":"a"}"#, 5),
        (r#"{"lights":["4"]}"#, 5),
        (r#"{"name":"a","lights":[]}"#, 404),
        (r#"{"name":"a","lights":["99"]}"#, 7),
        (r#"{"name":"a","type":"GroupScene","group":"77"}"#, 7),
        (r#"{"name":"a","lights":["4"],"lightstates":{"1":{"on":true}}}"#, 7),
        (r#"{"name":"a","lights":["4"],"lightstates":{"4":{"bri":300}}}"#, 7),
        (r#"{"name":"a","lights":["4"],"owner":"me"}"#, 8),
        (r#"{"name":"a","lights":["4"],"appdata":{"data":"12345678901234567"}}"#, 7),
        (r#"{"name":"a","type":"Moon","lights":["4"]}"#, 7),
    ];
    for (body, expected) in cases {
        assert_eq!(outcome(&house.v1("POST", "scenes", body).await)[0].0, expected, "{body}");
    }
    assert_eq!(house.sent(), []);
}

#[tokio::test]
async fn a_scene_is_changed_light_by_light() {
    let house = House::new();
    let away = id(&house, "Away").await;
    let path = format!("scenes/{away}");
    let answer = house.v1("PUT", &format!("{path}/lightstates/6"), r#"{"on":true,"bri":200}"#).await;
    assert_eq!(outcome(&answer)[1], (0, format!("/scenes/{away}/lightstates/6/bri")));
    assert_eq!(scene(&house, &away).await["lightstates"]["6"], json!({"on": true, "bri": 200}));
    assert_eq!(outcome(&house.v1("PUT", &format!("{path}/lightstates/2"), r#"{"on":true}"#).await)[0].0, 3);
    house.v1("PUT", &path, r#"{"name":"Gone","lights":["6","2"],"picture":"p"}"#).await;
    let shown = scene(&house, &away).await;
    assert_eq!(
        (&shown["name"], &shown["lights"], &shown["picture"]),
        (&json!("Gone"), &json!(["2", "6"]), &json!("p"))
    );
    assert_eq!(shown["lightstates"]["6"], json!({"on": true, "bri": 200}), "what it had in store stays");
    house.v1("PUT", &path, r#"{"storelightstate":true}"#).await;
    assert_eq!(scene(&house, &away).await["lightstates"]["6"]["xy"], json!([0.5, 0.4]));
    let evening = format!("scenes/{}", id(&house, "Evening").await);
    let answer = house.v1("PUT", &evening, r#"{"lights":["4"],"locked":true,"shape":1}"#).await;
    assert_eq!(outcome(&answer).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [8, 8, 6]);
}

#[tokio::test]
async fn a_recall_reaches_only_lights_of_the_group_that_are_in_the_scene() {
    let house = House::new();
    let away = id(&house, "Away").await;
    let body = json!({"scene": away}).to_string();
    let answer = house.v1("PUT", "groups/2/action", body.clone()).await;
    assert_eq!(answer, json!([{"success": {"/groups/2/action/scene": away}}]));
    let all = house.v1("GET", "lights", "").await;
    assert_eq!(
        (&all["6"]["state"]["bri"], &all["4"]["state"]["on"]),
        (&json!(25), &json!(true)),
        "the lamp is elsewhere"
    );
    house.v1("PUT", "groups/0/action", body).await;
    assert_eq!(house.v1("GET", "lights/4", "").await["state"]["on"], false);
    let evening = json!({"scene": id(&house, "Evening").await, "transitiontime": 30}).to_string();
    house.v1("PUT", "groups/3/action", evening).await;
    let all = house.v1("GET", "lights", "").await;
    assert_eq!((&all["4"]["state"]["ct"], &all["5"]["state"]["on"]), (&json!(400), &json!(false)));
    assert!(house.view().lights.scenes.values().any(|scene| scene.active && &*scene.name == "Evening"));
    let answer = house.v1("PUT", "groups/3/action", r#"{"scene":"nothing"}"#).await;
    assert_eq!(outcome(&answer), [(7, "/groups/3/action/scene".to_owned())]);
    let aurora = json!({"scene": id(&house, "Aurora").await}).to_string();
    assert_eq!(outcome(&house.v1("PUT", "groups/3/action", aurora.clone()).await)[0].0, 7, "it moves elsewhere");
    assert_eq!(outcome(&house.v1("PUT", "groups/2/action", aurora).await)[0].0, 0);
}

#[tokio::test]
async fn a_scene_that_something_names_is_locked() {
    let house = House::new();
    let evening = id(&house, "Evening").await;
    let link = json!({"name": "Mine", "classid": 1, "links": [format!("/scenes/{evening}")]}).to_string();
    let link = made(&house.v1("POST", "resourcelinks", link).await);
    assert_eq!(scene(&house, &evening).await["locked"], true);
    let path = format!("scenes/{evening}");
    assert_eq!(outcome(&house.v1("DELETE", &path, "").await), [(403, format!("/{path}"))]);
    house.v1("DELETE", &format!("resourcelinks/{link}"), "").await;
    assert_eq!(outcome(&house.v1("DELETE", &path, "").await), [(0, format!("/{path} deleted"))]);
}
