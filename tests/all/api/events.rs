//! The stream of events: the whole state first, every fact after it, and a fresh state where facts were missed.

use std::sync::Arc;

use axum::body::BodyDataStream;
use axum::http::StatusCode;
use hearthlight::model::message::{Stamped, Update};
use hearthlight::model::sensors::{Device, Update as SensorUpdate};
use serde_json::Value;
use tokio_stream::StreamExt as _;

use super::home::{Home, kitchen, request};

struct Event {
    kind: String,
    id: u64,
    data: Value,
}

async fn open(home: &Home) -> BodyDataStream {
    let response = home.send(request("GET", "/api/v1/events", "")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    assert_eq!(kind, Some("text/event-stream"));
    response.into_body().into_data_stream()
}

async fn next(stream: &mut BodyDataStream) -> Event {
    let bytes = stream.next().await.expect("an event").expect("bytes");
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    assert!(text.ends_with("\n\n"), "one whole event at a time: {text}");
    let field = |name: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        found.unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
    };
    let id = field("id").parse().expect("a number");
    Event { kind: field("event"), id, data: serde_json::from_str(&field("data")).expect("JSON") }
}

fn named(name: &str) -> Update {
    Update::Sensors(SensorUpdate::Changed(Arc::new(Device { name: name.into(), ..kitchen() })))
}

#[tokio::test]
async fn the_state_comes_first_and_each_fact_after_it() {
    let home = Home::new();
    let mut stream = open(&home).await;
    let first = next(&mut stream).await;
    assert_eq!((&*first.kind, first.id), ("snapshot", 41));
    assert_eq!(first.data, home.get("/api/v1/state").await.json());
    for (name, seq) in [("Oven\nand stove", 42), ("Stove", 43)] {
        home.publish(named(name));
        let event = next(&mut stream).await;
        assert_eq!((&*event.kind, event.id), ("fact", seq));
        let fact: Stamped = serde_json::from_value(event.data).expect("a fact");
        assert_eq!((fact.seq, fact.update), (seq, named(name)));
    }
}

#[tokio::test]
async fn what_happened_before_is_in_the_state_and_not_told_again() {
    let home = Home::new();
    home.publish(named("Stove"));
    let mut stream = open(&home).await;
    assert_eq!(next(&mut stream).await.id, 42);
    home.publish(named("Oven"));
    assert_eq!(next(&mut stream).await.id, 43);
}

#[tokio::test]
async fn a_client_that_lags_gets_a_fresh_state_and_no_silent_gap() {
    let home = Home::new();
    let mut stream = open(&home).await;
    next(&mut stream).await;
    for n in 0..10 {
        home.publish(named(&format!("Name {n}")));
    }
    let event = next(&mut stream).await;
    assert_eq!((&*event.kind, event.id), ("snapshot", 51));
    assert_eq!(event.data["sensors"]["devices"]["kitchen"]["name"], "Name 9");
    home.publish(named("Stove"));
    let event = next(&mut stream).await;
    assert_eq!((&*event.kind, event.id), ("fact", 52));
}

#[tokio::test]
async fn stopping_ends_open_streams() {
    let home = Home::new();
    let mut stream = open(&home).await;
    next(&mut stream).await;
    home.stop.cancel();
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn streams_are_bounded_and_a_closed_one_makes_room() {
    let home = Home::new();
    let mut streams = Vec::new();
    for _ in 0..hearthlight::api::MAX_STREAMS {
        streams.push(open(&home).await);
    }
    let answer = home.get("/api/v1/events").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    answer.problem();
    drop(streams.pop());
    while home.send(request("GET", "/api/v1/events", "")).await.status() != StatusCode::OK {
        tokio::task::yield_now().await;
    }
}
