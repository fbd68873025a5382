//! A house of many lights: everything is listed, and nothing is looked for light by light.

use serde_json::json;

use super::super::house::{House, large};
use super::outcome;

#[tokio::test]
async fn two_hundred_lights_in_sixty_four_groups_are_listed_whole() {
    let house = House::of(large(200, 64));
    let all = house.v1("GET", "", "").await;
    assert_eq!(all["lights"].as_object().map(serde_json::Map::len), Some(200));
    assert_eq!(all["groups"].as_object().map(serde_json::Map::len), Some(64));
    let members = all["groups"].as_object().unwrap().values().map(|group| group["lights"].as_array().unwrap().len());
    assert_eq!(members.sum::<usize>(), 200);
    let answer = house.v1("PUT", "groups/0/action", r#"{"bri":33}"#).await;
    assert_eq!(answer, json!([{"success": {"/groups/0/action/bri": 33}}]));
    assert_eq!(house.sent().len(), 1, "one command for all of them");
    let lights = house.v1("GET", "lights", "").await;
    assert!(lights.as_object().unwrap().values().all(|light| light["state"]["bri"] == 33));
    assert_eq!(outcome(&house.v1("GET", "lights/201", "").await)[0].0, 3);
}
