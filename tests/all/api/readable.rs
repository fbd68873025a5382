//! The readable paths are a contract: what they serve is compared with golden files, field by field.

use axum::http::StatusCode;
use serde_json::Value;

use super::home::Home;

async fn golden(path: &str, file: &str) {
    let home = Home::new();
    let answer = home.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    let wanted: Value = serde_json::from_str(file).expect("a golden file");
    let served = serde_json::to_string_pretty(&answer.json()).expect("JSON");
    assert_eq!(answer.json(), wanted, "{path} serves:\n{served}");
}

#[tokio::test]
async fn health_is_golden() {
    golden("/health", include_str!("../fixtures/api/health.json")).await;
}

#[tokio::test]
async fn sensors_are_golden() {
    golden("/api/v1/sensors", include_str!("../fixtures/api/sensors.json")).await;
}

#[tokio::test]
async fn one_sensor_is_the_same_as_in_the_list() {
    let home = Home::new();
    let list = home.get("/api/v1/sensors").await.json();
    for one in list.as_array().expect("a list") {
        let path = format!("/api/v1/sensors/{}", one["id"].as_str().expect("an id"));
        assert_eq!(home.get(&path).await.json(), *one);
    }
}

#[tokio::test]
async fn a_channel_is_golden() {
    golden("/api/v1/sensors/kitchen/channels/ADC1", include_str!("../fixtures/api/channel.json")).await;
}

#[tokio::test]
async fn thermal_arrays_are_golden() {
    golden("/api/v1/thermal", include_str!("../fixtures/api/thermal.json")).await;
}

#[tokio::test]
async fn bookmarks_are_golden() {
    golden("/api/v1/bookmarks", include_str!("../fixtures/api/bookmarks.json")).await;
}

#[tokio::test]
async fn one_array_is_the_same_as_in_the_list() {
    let home = Home::new();
    let list = home.get("/api/v1/thermal").await.json();
    assert_eq!(home.get("/api/v1/thermal/kitchen").await.json(), list[0]);
}

#[tokio::test]
async fn a_frame_is_golden_to_the_letter() {
    let answer = Home::new().get("/api/v1/thermal/kitchen/frame").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.text, include_str!("../fixtures/api/frame.json").trim_end());
}

#[tokio::test]
async fn a_kept_frame_is_found_by_its_number() {
    let home = Home::new();
    for sequence in [6, 7, 9] {
        let path = format!("/api/v1/thermal/kitchen/frame?sequence={sequence}");
        assert_eq!(home.get(&path).await.json()["sequence"], sequence);
    }
}

#[tokio::test]
async fn a_frame_that_is_not_kept_is_a_problem_that_names_those_that_are() {
    let answer = Home::new().get("/api/v1/thermal/kitchen/frame?sequence=8").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.problem(), "Frame 8 of kitchen is not kept; 3 frames from 6 to 9 are.");
    assert_eq!(answer.json()["kept"], serde_json::json!([6, 7, 9]));
}

#[tokio::test]
async fn alarms_are_golden_and_shelved_ones_are_last() {
    golden("/api/v1/alarms", include_str!("../fixtures/api/alarms.json")).await;
}

#[tokio::test]
async fn one_alarm_is_the_same_as_in_the_list() {
    let home = Home::new();
    let list = home.get("/api/v1/alarms").await.json();
    assert_eq!(home.get("/api/v1/alarms/fire--kitchen").await.json(), list[0]);
}

#[tokio::test]
async fn rules_are_golden() {
    golden("/api/v1/rules", include_str!("../fixtures/api/rules.json")).await;
    let home = Home::new();
    let list = home.get("/api/v1/rules").await.json();
    assert_eq!(home.get("/api/v1/rules/fire").await.json(), list[0]);
}

#[tokio::test]
async fn the_journal_is_golden() {
    golden("/api/v1/journal", include_str!("../fixtures/api/journal.json")).await;
}

#[tokio::test]
async fn an_entry_is_golden_with_its_picture() {
    golden("/api/v1/journal/9", include_str!("../fixtures/api/entry.json")).await;
}

#[tokio::test]
async fn the_journal_is_filtered_and_wrong_filters_are_named() {
    let home = Home::new();
    let n = async |query: &str| {
        let page = home.get(&format!("/api/v1/journal?{query}")).await.json();
        (page["entries"].as_array().expect("a list").len(), page["more"].as_bool().expect("a truth"))
    };
    let all = "before=12&device=kitchen&at_least=warning&text=hot&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z";
    assert_eq!(
        [n("what=raised,worse").await, n("what=cleared").await, n(all).await],
        [(1, false), (0, false), (1, false)]
    );
    assert_eq!(n("limit=1").await, (0, true));
    for (query, words) in [
        ("limit=0", "from 1 to 1000"),
        ("limit=1001", "from 1 to 1000"),
        ("what=rased", "does not know rased. It takes: raised, again"),
        ("at_least=loud", "loud"),
        ("from=yesterday", "from"),
        ("seqence=3", "seqence"),
    ] {
        let answer = home.get(&format!("/api/v1/journal?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.problem().contains(words), "{query}: {}", answer.problem());
    }
}

#[tokio::test]
async fn exports_are_golden() {
    golden("/api/v1/exports", include_str!("../fixtures/api/exports.json")).await;
    let home = Home::new();
    let list = home.get("/api/v1/exports").await.json();
    assert_eq!(home.get("/api/v1/exports/4").await.json(), list[0]);
}

#[tokio::test]
async fn lights_are_golden() {
    golden("/api/v1/lights", include_str!("../fixtures/api/lights.json")).await;
    golden("/api/v1/groups", include_str!("../fixtures/api/groups.json")).await;
    golden("/api/v1/scenes", include_str!("../fixtures/api/scenes.json")).await;
    golden("/api/v1/connections", include_str!("../fixtures/api/connections.json")).await;
    golden("/api/v1/findings", include_str!("../fixtures/api/findings.json")).await;
    let home = Home::new();
    for list in ["lights", "groups", "connections"] {
        for one in home.get(&format!("/api/v1/{list}")).await.json().as_array().expect("a list") {
            let path = format!("/api/v1/{list}/{}", one["id"].as_str().expect("an id"));
            assert_eq!(home.get(&path).await.json(), *one, "{path}");
        }
    }
}

#[tokio::test]
async fn the_registry_is_golden() {
    golden("/api/v1/registry", include_str!("../fixtures/api/registry.json")).await;
}

#[tokio::test]
async fn settings_are_golden() {
    golden("/api/v1/settings", include_str!("../fixtures/api/settings.json")).await;
}

#[tokio::test]
async fn rejected_packets_are_golden() {
    golden("/api/v1/rejected", include_str!("../fixtures/api/rejected.json")).await;
}

#[tokio::test]
async fn history_is_golden() {
    let path = "/api/v1/history?device=kitchen&channel=ADC1&from=2026-03-01T11:00:00Z&to=2026-03-01T12:00:00Z&points=2";
    golden(path, include_str!("../fixtures/api/history.json")).await;
}

#[tokio::test]
async fn history_without_a_span_is_that_of_the_last_hour() {
    let series = Home::new().get("/api/v1/history?device=kitchen&channel=hottest").await.json();
    assert_eq!((&series["from"], &series["to"]), (&"2026-03-01T11:01:40Z".into(), &"2026-03-01T12:01:40Z".into()));
}

#[tokio::test]
async fn a_history_that_cannot_be_is_a_problem_that_says_what_could() {
    let home = Home::new();
    for (query, status, words) in [
        ("", StatusCode::BAD_REQUEST, "device is missing"),
        ("device=kitchen", StatusCode::BAD_REQUEST, "channel is missing"),
        ("device=kitchen&channel=", StatusCode::BAD_REQUEST, "channel is missing"),
        ("device=kitchen&channel=DIO&from=noon", StatusCode::BAD_REQUEST, "from is \"noon\""),
        ("device=kitchen&channel=DIO&points=1", StatusCode::BAD_REQUEST, "2 to 10000"),
        ("device=kitchen&channel=DIO&points=10001", StatusCode::BAD_REQUEST, "2 to 10000"),
        ("device=kitchen&channel=DIO&from=2027-01-01T00:00:00Z", StatusCode::BAD_REQUEST, "is later than"),
        ("device=attic&channel=DIO", StatusCode::NOT_FOUND, "GET /api/v1/sensors"),
        ("device=kitchen&channel=broken", StatusCode::INTERNAL_SERVER_ERROR, "The disk is gone."),
    ] {
        let answer = home.get(&format!("/api/v1/history?{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        let detail = answer.problem();
        assert!(detail.contains(words), "{query}: {detail}");
    }
    let empty = home.get("/api/v1/history?device=garage&channel=DIO").await;
    assert_eq!((empty.status, empty.json()["points"].clone()), (StatusCode::OK, serde_json::json!([])));
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_that_says_where_to_look() {
    let home = Home::new();
    for (path, words) in [
        ("/api/v1/sensors/attic", "GET /api/v1/sensors"),
        ("/api/v1/sensors/kitchen/channels/ADC9", "Its channels: ADC1, DIO."),
        ("/api/v1/sensors/garage/channels/ADC1", "none yet"),
        ("/api/v1/thermal/garage", "GET /api/v1/thermal"),
        ("/api/v1/thermal/garage/frame", "GET /api/v1/thermal"),
        ("/api/v1/alarms/fire--attic", "GET /api/v1/alarms"),
        ("/api/v1/rules/flood", "GET /api/v1/rules"),
        ("/api/v1/journal/10", "GET /api/v1/journal"),
        ("/api/v1/exports/5", "GET /api/v1/exports"),
        ("/api/v1/exports/last", "GET /api/v1/exports"),
        ("/api/v1/printers", "/api/v1/openapi.json"),
        ("/", "/api/v1/openapi.json"),
    ] {
        let answer = home.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        let detail = answer.problem();
        assert!(detail.contains(words), "{path}: {detail}");
    }
}

#[tokio::test]
async fn the_state_reads_back_as_the_snapshot() {
    let home = Home::new();
    let mut state = home.get("/api/v1/state").await.json();
    assert_eq!(state.as_object_mut().and_then(|fields| fields.remove("schema")), Some(1.into()));
    let read: hearthlight::model::snapshot::Snapshot = serde_json::from_value(state).expect("a snapshot");
    assert_eq!(read, *home.port.view());
}
