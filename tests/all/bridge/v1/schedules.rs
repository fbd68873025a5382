//! Schedules: each form of time, what is refused, timers that run anew.

use hearthlight::bridge::v1::when;
use hearthlight::model::bridge::object::Object;
use hearthlight::model::bridge::plan::{Act, Days, Schedule, When};
use hearthlight::model::lights;
use jiff::civil::{date, time};
use serde_json::{Value, json};

use super::super::house::{House, KEY, now};
use super::{made, outcome};

fn schedule(more: &Value) -> String {
    let address = format!("/api/{KEY}/groups/3/action");
    let mut body = json!({"name": "Morning", "command": {"address": address, "method": "PUT", "body": {"on": true}}});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body.to_string()
}

fn kept(house: &House) -> Schedule {
    let view = house.view();
    let mut schedules = view.bridge.objects.values().filter_map(|object| match &**object {
        Object::Schedule(schedule) => Some(schedule.clone()),
        _ => None,
    });
    schedules.next_back().expect("a schedule")
}

#[test]
fn each_form_of_time_is_read() {
    let timer = |seconds, repeat| When::Timer { seconds, repeat };
    let eve = When::Once(date(2026, 12, 24).at(18, 0, 0, 0));
    let cases = [
        ("2026-12-24T18:00:00", eve.clone(), 0),
        ("2026-12-24T18:00:00A00:30:00", eve, 1800),
        ("W127/T06:30:00", When::Weekly(Days(127), time(6, 30, 0, 0)), 0),
        ("W124/T06:30:00A00:10:00", When::Weekly(Days(124), time(6, 30, 0, 0)), 600),
        ("W127/T18:00:00/T22:00:00", When::Interval(Days(127), time(18, 0, 0, 0), time(22, 0, 0, 0)), 0),
        ("PT00:10:00", timer(600, None), 0),
        ("PT00:10:00A00:01:00", timer(600, None), 60),
        ("R/PT01:00:00", timer(3600, Some(None)), 0),
        ("R05/PT01:00:00", timer(3600, Some(Some(5))), 0),
        ("R05/PT01:00:00A00:05:00", timer(3600, Some(Some(5))), 300),
    ];
    for (text, meant, random) in cases {
        assert_eq!(when::read(text), Some((meant, random)), "{text}");
    }
    let wrong = [
        "",
        "A",
        "W",
        "W0/T06:30:00",
        "W128/T06:30:00",
        "W127/06:30:00",
        "W127/T24:00:00",
        "W127/T6:30:00",
        "PT00:60:00",
        "R00/PT00:01:00",
        "R/PT00:00:00",
        "R100/PT00:01:00",
        "2026-13-01T00:00:00",
        "2026-12-24",
        "2026-12-24T18:00:00Z",
        "W127/T06:30:00A1",
        "PT00:10:00/PT00:10:00",
        "W+12/T06:30:00",
        "W127/T18:00:00/T22:00:00/T23:00:00",
        "W127/T-1:30:00",
    ];
    for text in wrong {
        assert_eq!(when::read(text), None, "{text}");
    }
}

#[tokio::test]
async fn a_schedule_reads_back_as_written() {
    let house = House::new();
    let number = made(&house.v1("POST", "schedules", schedule(&json!({"localtime": "W124/T06:30:00A00:10:00"}))).await);
    let shown = house.v1("GET", &format!("schedules/{number}"), "").await;
    assert_eq!((&shown["localtime"], &shown["status"]), (&json!("W124/T06:30:00A00:10:00"), &json!("enabled")));
    assert_eq!((&shown["autodelete"], &shown["created"]), (&json!(true), &json!("2026-05-04T18:00:00")));
    assert_eq!(shown["command"]["body"], json!({"on": true}));
    assert_eq!((kept(&house).acts.len(), kept(&house).random_s), (1, 600));
}

#[tokio::test]
async fn times_of_utc_are_kept_by_the_clock_on_the_wall() {
    let house = House::new();
    made(&house.v1("POST", "schedules", schedule(&json!({"time": "2026-07-01T16:00:00"}))).await);
    assert_eq!(kept(&house).when, When::Once(date(2026, 7, 1).at(18, 0, 0, 0)), "summer in Berlin");
    let shown = house.v1("GET", "schedules/1", "").await;
    assert_eq!((&shown["localtime"], &shown["time"]), (&json!("2026-07-01T18:00:00"), &json!("2026-07-01T16:00:00")));
}

#[tokio::test]
async fn wrong_schedules_are_refused() {
    let house = House::new();
    let cases = [
        (json!({"localtime": "2026-05-04T19:59:00"}), 705, "Berlin is two hours ahead"),
        (json!({"localtime": "W127/T06:30:00", "time": "W127/T06:30:00"}), 703, ""),
        (json!({}), 5, "no time"),
        (json!({"localtime": "soon"}), 7, ""),
        (
            json!({"localtime": "PT00:10:00", "command": {"address": "/groups/3/action", "method": "PUT"}}),
            706,
            "no body",
        ),
        (json!({"localtime": "PT00:10:00", "command": "on"}), 706, ""),
        (json!({"localtime": "PT00:10:00", "description": "x".repeat(65)}), 7, ""),
        (json!({"localtime": "PT00:10:00", "starttime": "x"}), 8, ""),
        (json!({"localtime": "PT00:10:00", "color": 1}), 6, ""),
    ];
    for (more, expected, why) in cases {
        let answer = house.v1("POST", "schedules", schedule(&more)).await;
        assert_eq!(outcome(&answer)[0].0, expected, "{more} {why}");
    }
    assert_eq!(house.sent(), []);
    made(&house.v1("POST", "schedules", schedule(&json!({"localtime": "2026-05-04T20:01:00"}))).await);
    let answer = house.v1("PUT", "schedules/1", r#"{"localtime":"2026-05-04T19:00:00","name":"n"}"#).await;
    assert_eq!(outcome(&answer), [(705, "/schedules/1/localtime".to_owned()), (0, "/schedules/1/name".to_owned())]);
}

#[tokio::test]
async fn a_timer_lets_a_group_blink() {
    let house = House::new();
    let command =
        json!({"address": format!("/api/{KEY}/groups/3/action"), "method": "PUT", "body": {"alert": "select"}});
    made(&house.v1("POST", "schedules", schedule(&json!({"localtime": "PT00:07:00", "command": command}))).await);
    let acts = kept(&house).acts;
    let blinks = |act: &Act| matches!(act, Act::Lights(lights::Command::Identify(_)));
    assert!(!acts.is_empty() && acts.iter().all(blinks), "{acts:?}");
}

#[tokio::test]
async fn a_timer_runs_anew_when_it_is_enabled() {
    let house = House::new();
    made(&house.v1("POST", "schedules", schedule(&json!({"localtime": "PT00:10:00", "autodelete": false}))).await);
    assert_eq!(kept(&house).started, Some(now()));
    assert_eq!(house.v1("GET", "schedules/1", "").await["starttime"], "2026-05-04T18:00:00");
    assert_eq!(outcome(&house.v1("PUT", "schedules/1", r#"{"status":"disabled"}"#).await)[0].0, 0);
    assert!(!kept(&house).enabled);
    house.v1("PUT", "schedules/1", r#"{"status":"enabled"}"#).await;
    assert_eq!((kept(&house).enabled, kept(&house).started), (true, Some(now())));
    house.v1("PUT", "schedules/1", r#"{"localtime":"W1/T10:00:00"}"#).await;
    assert_eq!(kept(&house).started, None, "no timer any more");
    assert_eq!(outcome(&house.v1("DELETE", "schedules/1", "").await), [(0, "/schedules/1 deleted".to_owned())]);
}
