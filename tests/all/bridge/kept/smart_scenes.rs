//! Scenes by day and time.

use hearthlight::model::bridge::ids::Kind;
use hearthlight::model::lights::Command as LightCommand;
use hearthlight::model::lights::scene::SceneId;
use hearthlight::model::message::{Command, Origin};
use serde_json::{Value, json};

use super::{ask, kept_house, make, read, refer};

#[tokio::test]
async fn a_smart_scene_is_made_activated_and_follows_what_is_gone() {
    let house = kept_house();
    let view = house.view();
    let evening = refer(&view, Kind::Scene, "evening", "scene");
    let at = |hour: u32| json!({"kind": "time", "time": {"hour": hour, "minute": 0, "second": 0}});
    let slots = json!([
        {"start_time": at(7), "target": evening},
        {"start_time": at(19), "target": refer(&view, Kind::Scene, "aurora", "scene")},
        {"start_time": {"kind": "sunset"}, "target": evening},
    ]);
    let days = json!(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
    let group = refer(&view, Kind::Group, "office", "room");
    let body = json!({
        "type": "smart_scene", "metadata": {"name": "Day"}, "group": group,
        "week_timeslots": [{"timeslots": slots, "recurrence": days}], "transition_duration": 5000,
    });
    let id = make(&house, "smart_scene", &body).await;
    let made = read(&house, "smart_scene", &id).await;
    assert_eq!(made["week_timeslots"], body["week_timeslots"], "it reads back");
    assert_eq!((&made["state"], made.get("active_timeslot")), (&json!("inactive"), None));
    assert_eq!((&made["group"], &made["transition_duration"]), (&group, &json!(5000)));
    let path = format!("smart_scene/{id}");
    assert_eq!(ask(&house, "PUT", &path, &json!({"recall": {"action": "activate"}})).await.status, 200);
    let active = read(&house, "smart_scene", &id).await;
    assert_eq!(active["state"], "active");
    // It is Monday, 20:00 in Berlin, and nobody knows when the sun sets.
    assert_eq!(active["active_timeslot"], json!({"timeslot_id": 1, "weekday": "monday"}));
    let remove = Command::Lights(LightCommand::RemoveScene(SceneId("aurora".into())));
    house.face.port.call(remove, Origin::System).await;
    let left = read(&house, "smart_scene", &id).await;
    assert_eq!(left["week_timeslots"][0]["timeslots"].as_array().map(Vec::len), Some(2));
    assert_eq!(left["active_timeslot"]["timeslot_id"], json!(0));
    for wrong in [
        json!({"recall": {"action": "dance"}}),
        json!({"week_timeslots": [{"timeslots": [], "recurrence": ["monday"]}]}),
        json!({"week_timeslots": [{"timeslots": [{"start_time": at(25), "target": evening}], "recurrence": ["monday"]}]}),
        json!({"week_timeslots": [{"timeslots": [{"start_time": at(5), "target": group}], "recurrence": ["monday"]}]}),
        json!({"week_timeslots": [{"timeslots": [{"start_time": at(5), "target": evening}], "recurrence": ["someday"]}]}),
        json!({"transition_duration": -1}),
    ] {
        assert_eq!(ask(&house, "PUT", &path, &wrong).await.status, 400, "{wrong}");
    }
    assert_eq!(ask(&house, "PUT", &path, &json!({"recall": {"action": "deactivate"}})).await.status, 200);
    assert_eq!(read(&house, "smart_scene", &id).await["state"], "inactive");
    assert_eq!(ask(&house, "DELETE", &path, &Value::Null).await.status, 200);
    assert_eq!(ask(&house, "GET", &path, &Value::Null).await.status, 404);
}
