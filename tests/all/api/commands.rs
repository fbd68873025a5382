//! Commands and settings: what changes something, and how its outcome is told.

use axum::http::StatusCode;
use hearthlight::model::message::{Command, Origin};
use hearthlight::model::system;
use serde_json::json;

use super::home::{Home, request};

const RENAME: &str = r#"{"sensors":{"rename":{"device":"kitchen","name":"Stove"}}}"#;

#[tokio::test]
async fn a_command_is_done_and_the_next_request_reads_it() {
    let home = Home::new();
    let answer = home.answer(request("POST", "/api/v1/commands", RENAME)).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({ "done": { "seq": 42 } })));
    assert_eq!(home.get("/api/v1/sensors/kitchen").await.json()["name"], "Stove");
    let sent = home.sent.lock();
    assert_eq!((sent[0].origin.clone(), sent[0].cause), (Origin::Api, None));
    assert!(sent[0].ticket.0 > 0);
}

#[tokio::test]
async fn a_command_may_name_its_cause() {
    let home = Home::new();
    let body = format!(r#"{{"command":{RENAME},"cause":17}}"#);
    let answer = home.answer(request("POST", "/api/v1/commands", &body)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(home.sent.lock()[0].cause, Some(17));
}

#[tokio::test]
async fn a_refusal_is_told_in_its_own_words() {
    let home = Home::new();
    let body = RENAME.replace("kitchen", "attic");
    let answer = home.answer(request("POST", "/api/v1/commands", &body)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.problem(), "There is no such device.");
}

#[tokio::test]
async fn a_body_that_is_no_command_never_reaches_the_engine() {
    let home = Home::new();
    let deep = "[".repeat(5000);
    for (body, status) in [
        ("", StatusCode::BAD_REQUEST),
        ("{", StatusCode::BAD_REQUEST),
        ("\u{0}", StatusCode::BAD_REQUEST),
        (&*deep, StatusCode::BAD_REQUEST),
        ("null", StatusCode::UNPROCESSABLE_ENTITY),
        ("{}", StatusCode::UNPROCESSABLE_ENTITY),
        (r#"{"lights":"off"}"#, StatusCode::UNPROCESSABLE_ENTITY),
        (r#"{"command":{"system":"show_window"},"because":1}"#, StatusCode::UNPROCESSABLE_ENTITY),
        (r#"{"command":{"system":"show_window"},"cause":-1}"#, StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = home.answer(request("POST", "/api/v1/commands", body)).await;
        assert_eq!(answer.status, status, "{body:.60}");
        assert!(answer.problem().starts_with("The body is not"));
    }
    assert!(home.sent.lock().is_empty());
}

#[tokio::test]
async fn a_setting_is_set_and_reads_back() {
    let home = Home::new();
    for (value, text) in [(json!("127.0.0.1:9090"), "127.0.0.1:9090"), (json!(5), "5"), (json!(true), "true")] {
        let body = json!({ "value": value }).to_string();
        let answer = home.answer(request("PUT", "/api/v1/settings/api.listen", &body)).await;
        assert_eq!(answer.status, StatusCode::OK);
        let line = &home.get("/api/v1/settings").await.json()[0];
        assert_eq!((&line["value"], &line["source"]), (&json!(text), &json!("window")));
    }
    let key = "api.listen".to_owned();
    let wanted = system::Command::Set { key, value: "127.0.0.1:9090".to_owned() };
    assert_eq!(home.sent.lock()[0].command, Command::System(wanted));
}

#[tokio::test]
async fn a_setting_takes_plain_values_of_known_keys_only() {
    let home = Home::new();
    for body in [r#"{"value":null}"#, r#"{"value":[1]}"#, r#"{"value":{}}"#, r#"{"wert":1}"#, "3"] {
        let answer = home.answer(request("PUT", "/api/v1/settings/api.listen", body)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        answer.problem();
    }
    assert!(home.sent.lock().is_empty());
    let answer = home.answer(request("PUT", "/api/v1/settings/no.such", r#"{"value":1}"#)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.problem(), "There is no such setting.");
}

#[tokio::test]
async fn an_alarm_is_acknowledged() {
    let home = Home::new();
    let answer = home.answer(request("POST", "/api/v1/alarms/fire--kitchen/acknowledge", "")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let alarm = home.get("/api/v1/alarms/fire--kitchen").await.json();
    assert_eq!((&alarm["state"], &alarm["acknowledged_by"]), (&json!("acknowledged"), &json!("API")));
    let answer = home.answer(request("POST", "/api/v1/alarms/fire--attic/acknowledge", "")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_import_is_told_first_and_done_when_asked() {
    let home = Home::new();
    let wanted = json!({ "kind": "map.csv", "changes": ["7 characters change something."], "warnings": ["Look."] });
    for (apply, sent) in [(false, 0), (true, 1)] {
        let body = json!({ "name": "map.csv", "text": "1.2.3.4", "apply": apply }).to_string();
        let answer = home.answer(request("POST", "/api/v1/import", &body)).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, wanted.clone()));
        assert_eq!(home.sent.lock().len(), sent);
    }
    let broken = json!({ "name": "broken.json", "text": "" }).to_string();
    let answer = home.answer(request("POST", "/api/v1/import", &broken)).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "Line 3.".to_owned()));
}

#[tokio::test]
async fn an_import_may_be_larger_than_other_requests() {
    let home = Home::new();
    let body = json!({ "name": "map.csv", "text": "x".repeat(4 << 20) }).to_string();
    assert_eq!(home.answer(request("POST", "/api/v1/import", &body)).await.status, StatusCode::OK);
    let body = json!({ "name": "map.csv", "text": "x".repeat(10 << 20) }).to_string();
    assert_eq!(home.answer(request("POST", "/api/v1/import", &body)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_export_is_begun_and_its_job_is_the_answer() {
    let home = Home::new();
    let body = json!({ "incident": { "entry": 7, "scale": "celsius" } }).to_string();
    let answer = home.answer(request("POST", "/api/v1/exports", &body)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let job = answer.json();
    assert_eq!((&job["id"], &job["standing"], &job["done"]), (&json!("9"), &json!("running"), &json!(0.0)));
    assert_eq!(home.get("/api/v1/exports/9").await.json(), job);
    for body in ["{}", r#"{"incident":{"entry":-1,"scale":"celsius"}}"#, r#"{"poster":{}}"#] {
        let answer = home.answer(request("POST", "/api/v1/exports", body)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    assert_eq!(home.sent.lock().len(), 1);
}
