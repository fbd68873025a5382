//! Behaviours: what configurations mean, and what becomes of instances.

use std::sync::Arc;

use hearthlight::bridge::v2::resources::scripts;
use hearthlight::bridge::v2::shelf::Book;
use hearthlight::bridge::v2::writes::{job, when};
use hearthlight::model::bridge::ids::Kind;
use hearthlight::model::bridge::job::{Daily, Doing, End, Job, Press};
use hearthlight::model::bridge::kept::{Kind as ObjectKind, ObjectId};
use hearthlight::model::bridge::object::{Behavior, Object};
use hearthlight::model::bridge::plan::{Days, TimePoint};
use hearthlight::model::inputs::InputId;
use hearthlight::model::lights::Command as LightCommand;
use hearthlight::model::lights::group::GroupId;
use hearthlight::model::lights::scene::SceneId;
use hearthlight::model::message::{Command, Origin};
use hearthlight::model::snapshot::Snapshot;
use jiff::civil::time;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ask, book_of, kept_house, make, read, refer};
use crate::bridge::house::{name_all, snapshot};

struct Fixture {
    view: Snapshot,
    book: Book,
}

impl Fixture {
    fn new() -> Self {
        let view = snapshot();
        Self { book: book_of(&view), view }
    }

    fn job(&self, script: Uuid, configuration: &Value) -> Option<Job> {
        job::of(&self.book, script, configuration)
    }

    fn office(&self) -> Value {
        json!({"group": refer(&self.view, Kind::Group, "office", "room")})
    }

    fn evening(&self) -> Value {
        refer(&self.view, Kind::Scene, "evening", "scene")
    }
}

fn office() -> Option<GroupId> {
    Some(GroupId("office".into()))
}

fn recall_evening() -> Doing {
    Doing::Recall(SceneId("evening".into()))
}

fn at(hour: i8, minute: i8) -> Value {
    json!({"type": "time", "time": {"hour": hour, "minute": minute}})
}

#[test]
fn waking_up_and_going_to_sleep() {
    let house = Fixture::new();
    let wake = json!({
        "where": [house.office()],
        "when": {"recurrence_days": ["monday", "sunday"], "time_point": at(7, 30)},
        "fade_in_duration": {"seconds": 1800}, "end_brightness": 80, "style": "sunrise",
        "turn_lights_off_after": {"minutes": 30},
    });
    let expected = Job::WakeUp {
        places: vec![office()],
        when: Daily { at: TimePoint::Time(time(7, 30, 0, 0)), days: Days(65) },
        fade_s: 1800,
        brightness: 0.8,
        off_after_s: Some(1800),
    };
    assert_eq!(house.job(scripts::WAKE_UP, &wake), Some(expected));
    let home = refer(&house.view, Kind::Home, "", "bridge_home");
    let sleep = json!({"where": [{"group": home}], "fade_out_duration": {"minutes": 15}, "end_state": "nightlight"});
    let expected = Job::Sleep { places: vec![None], when: None, fade_s: 900, end: End::Nightlight };
    assert_eq!(house.job(scripts::GO_TO_SLEEP, &sleep), Some(expected));
}

#[test]
fn schedules_timers_and_presence() {
    let house = Fixture::new();
    let what = json!([{"group": house.office()["group"], "recall": house.evening()}]);
    let schedule = json!({"what": what, "when_extended": {
        "start_at": {"time_point": {"type": "sunset", "offset": {"minutes": -30}}, "transition": {"minutes": 5}},
        "end_at": {"time_point": at(23, 0)}, "randomization": {"minutes": 10}, "recurrence_days": ["friday"],
    }});
    let expected = Job::Schedule {
        doings: vec![(office(), recall_evening())],
        from: Daily { at: TimePoint::Sunset(-30), days: Days(4) },
        until: Some(TimePoint::Time(time(23, 0, 0, 0))),
        transition_s: 300,
        random_s: 600,
    };
    assert_eq!(house.job(scripts::SCHEDULE, &schedule), Some(expected));
    let timer = json!({"what": what, "duration": {"minutes": 10}});
    let expected = Job::Timer { doings: vec![(office(), recall_evening())], seconds: 600 };
    assert_eq!(house.job(scripts::TIMERS, &timer), Some(expected));
    let leaving = json!({"where": [house.office()]});
    let expected = Job::Presence { coming: false, doings: vec![(office(), Doing::Off)] };
    assert_eq!(house.job(scripts::LEAVING_HOME, &leaving), Some(expected));
    let coming = Job::Presence { coming: true, doings: vec![(office(), recall_evening())] };
    assert_eq!(house.job(scripts::COMING_HOME, &json!({"what": what})), Some(coming));
}

#[test]
fn motion_by_the_time_of_day() {
    let house = Fixture::new();
    let slot = |hour, recall: &Value| {
        json!({
            "start_time": at(hour, 0), "on_motion": {"recall_single": [{"action": {"recall": recall}}]},
            "on_no_motion": {"after": {"minutes": 5}, "recall_single": [{"action": "all_off"}]},
        })
    };
    let motion = json!({
        "settings": {"daylight_sensitivity": {"dark_threshold": 20001, "offset": 7000}},
        "source": refer(&house.view, Kind::Input, "hall", "device"), "where": [house.office()],
        "when": {"timeslots": [slot(7, &house.evening()), slot(20, &house.evening())]},
    });
    let doings = || vec![(office(), recall_evening())];
    let expected = Job::Motion {
        input: InputId("hall".into()),
        by_day: vec![(TimePoint::Time(time(7, 0, 0, 0)), doings()), (TimePoint::Time(time(20, 0, 0, 0)), doings())],
        off_after_s: 300,
        brighter_than: Some(100.0),
    };
    assert_eq!(house.job(scripts::MOTION, &motion), Some(expected));
}

#[test]
fn what_buttons_do() {
    let house = Fixture::new();
    let id = |n: u8| {
        let switch = refer(&house.view, Kind::Input, "switch", &format!("button/{n}"));
        switch["rid"].as_str().expect("an id").to_owned()
    };
    let cycle = json!({"scene_cycle_extended": {
        "slots": [[{"action": {"recall": house.evening()}}]], "with_off": {"enabled": true},
    }});
    let mut buttons = serde_json::Map::new();
    buttons.insert(
        id(1),
        json!({"where": [house.office()], "on_short_release": cycle, "on_repeat": {"action": "dim_up"}}),
    );
    buttons.insert(id(4), json!({"on_short_release": {"action": "all_off"}, "on_long_press": {"action": "all_off"}}));
    let device = refer(&house.view, Kind::Input, "switch", "device");
    let switch = json!({"device": device, "model_id": "RWL022", "where": [house.office()], "buttons": buttons});
    let places = || vec![office()];
    let first = vec![Press::Hold(places(), 0.12), Press::Short(places(), vec![recall_evening(), Doing::Off])];
    let last = vec![Press::Long(places(), Doing::Off), Press::Short(places(), vec![Doing::Off])];
    let expected = Job::Switch { input: InputId("switch".into()), buttons: vec![(1, first), (4, last)] };
    assert_eq!(house.job(scripts::SWITCHES, &switch), Some(expected));
}

#[test]
fn half_of_an_automation_is_none() {
    let house = Fixture::new();
    let lamp = refer(&house.view, Kind::Light, "lamp", "light");
    let part = json!([{"group": house.office()["group"], "items": [lamp]}]);
    assert_eq!(house.job(scripts::LEAVING_HOME, &json!({"where": part})), None);
    assert_eq!(house.job(scripts::TIMERS, &json!({"where": [house.office()], "duration": {}})), None);
    assert_eq!(house.job(scripts::NATURAL_LIGHT, &json!({})), None);
    assert_eq!(house.job(scripts::WAKE_UP, &json!({"where": [{"group": {"rid": "no", "rtype": "room"}}]})), None);
}

#[test]
fn times_and_durations() {
    assert_eq!(when::point(&json!({"hour": 7, "minute": 5})), Some(TimePoint::Time(time(7, 5, 0, 0))));
    assert_eq!(
        when::point(&json!({"kind": "sunrise", "offset": {"hours": 1, "minutes": 5}})),
        Some(TimePoint::Sunrise(65))
    );
    for wrong in [json!({"hour": 24}), json!({}), json!(5), json!({"type": "noon"}), json!({"type": 1, "hour": 2})] {
        assert_eq!(when::point(&wrong), None, "{wrong}");
    }
    assert_eq!(when::seconds(&json!({"hours": 1, "seconds": 5})), Some(3605));
    for wrong in [json!({}), json!({"minutes": -5}), json!({"hours": 25}), json!("x"), json!({"hours": u64::MAX})] {
        assert_eq!(when::seconds(&wrong), None, "{wrong}");
    }
}

#[tokio::test]
async fn an_instance_is_made_changed_started_and_removed() {
    let house = kept_house();
    let office = refer(&house.view(), Kind::Group, "office", "room");
    let configuration = json!({"where": [{"group": office}], "duration": {"minutes": 10}, "own": "word for word"});
    let body = json!({
        "type": "behavior_instance", "script_id": scripts::TIMERS, "enabled": false,
        "metadata": {"name": "Tea"}, "configuration": configuration,
    });
    let id = make(&house, "behavior_instance", &body).await;
    let made = read(&house, "behavior_instance", &id).await;
    assert_eq!(
        (&made["status"], &made["last_error"], &made["enabled"]),
        (&json!("disabled"), &json!(""), &json!(false))
    );
    assert_eq!((&made["configuration"], &made["script_id"]), (&configuration, &json!(scripts::TIMERS)));
    let dependee = json!([{"target": office, "level": "critical", "type": "ResourceDependee"}]);
    assert_eq!(made["dependees"], dependee);
    assert_eq!(made.get("state"), None);
    let path = format!("behavior_instance/{id}");
    assert_eq!(ask(&house, "PUT", &path, &json!({"enabled": true})).await.status, 200);
    let running = read(&house, "behavior_instance", &id).await;
    assert_eq!(
        (&running["status"], &running["state"]["start_time"]),
        (&json!("running"), &json!("2026-05-04T18:00:00.000Z"))
    );
    let remove = Command::Lights(LightCommand::RemoveGroup(GroupId("office".into())));
    house.face.port.call(remove, Origin::System).await;
    let orphan = read(&house, "behavior_instance", &id).await;
    assert_eq!((&orphan["status"], &orphan["dependees"]), (&json!("errored"), &json!([])));
    assert_eq!(ask(&house, "DELETE", &path, &Value::Null).await.status, 200);
    assert_eq!(ask(&house, "GET", &path, &Value::Null).await.status, 404);
}

#[tokio::test]
async fn what_nothing_here_can_do_is_kept_and_says_so() {
    let house = kept_house();
    let configuration = json!({"strange": [1, 2, {"x": null}]});
    let body = json!({"script_id": scripts::NATURAL_LIGHT, "configuration": configuration});
    let id = make(&house, "behavior_instance", &body).await;
    let made = read(&house, "behavior_instance", &id).await;
    assert_eq!((&made["configuration"], &made["status"]), (&configuration, &json!("errored")));
    assert!(!made["last_error"].as_str().expect("words").is_empty());
    assert_eq!(made["metadata"]["name"], "Natural light");
    for wrong in [
        json!({"script_id": Uuid::nil(), "configuration": {}}),
        json!({"script_id": scripts::TIMERS}),
        json!({"script_id": scripts::TIMERS, "configuration": []}),
        json!({"script_id": scripts::TIMERS, "configuration": {"long": "x".repeat(20_000)}}),
    ] {
        assert_eq!(ask(&house, "POST", "behavior_instance", &wrong).await.status, 400);
    }
}

#[test]
fn a_scene_of_the_whole_home_is_there_though_apps_do_not_see_it() {
    let mut view = snapshot();
    let job = Job::Timer { doings: vec![(None, Doing::Recall(SceneId("away".into())))], seconds: 60 };
    let behavior = Behavior {
        script: scripts::TIMERS,
        name: "Tea".into(),
        enabled: true,
        configuration: "{}".into(),
        job: Some(job),
        started: None,
    };
    let id = ObjectId { kind: ObjectKind::Behavior, id: "1".into() };
    view.bridge.objects.insert(id, Arc::new(Object::Behavior(behavior)));
    name_all(&mut view);
    let shown = super::one(&super::of(&view, Kind::Object(ObjectKind::Behavior), "1"), "behavior_instance");
    assert_eq!(shown["status"], "running");
    assert_eq!(shown["dependees"].as_array().map(Vec::len), Some(1), "the home, not the scene: {shown}");
}
