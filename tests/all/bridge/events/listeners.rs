//! Apps that listen: what they hear first, that they hear all of it, and when they hear no more.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use hearthlight::bridge::events::hub::Heard;
use hearthlight::bridge::events::listener::{MAX_LISTENERS, WAITING};
use hearthlight::bridge::events::{run, serve};
use hearthlight::bridge::request::{Body, Request};
use hearthlight::bridge::v2::change::What;
use hearthlight::bridge::v2::{self, book};
use hearthlight::port::ring::Ring;
use http_body_util::BodyExt as _;
use hyper::Response;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{bright, change, message};
use crate::bridge::house::{self, House};

/// A request for a stream, with these headers too.
fn asks(house: &House, headers: &[(&'static str, &'static str)]) -> Request {
    let mut request = house.request("GET", "", "");
    request.headers.insert("accept", "text/event-stream".parse().expect("a header"));
    for (name, value) in headers {
        request.headers.insert(*name, value.parse().expect("a header"));
    }
    request
}

async fn listen(house: &House, headers: &[(&'static str, &'static str)]) -> Response<Body> {
    serve(&house.face, &asks(house, headers)).await
}

/// The next bytes; `None` at the end.
async fn next(stream: &mut Response<Body>) -> Option<Bytes> {
    stream.body_mut().frame().await?.ok()?.into_data().ok()
}

async fn text(stream: &mut Response<Body>) -> String {
    String::from_utf8(next(stream).await.expect("bytes").to_vec()).expect("text")
}

fn give(house: &House, n: u8, percent: u32) {
    house.face.events.give(house::now(), &message(bright(n, percent)), Uuid::nil());
}

/// Lets the tasks of apps run until this holds.
async fn until(holds: impl Fn() -> bool) {
    for _ in 0..10_000 {
        if holds() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("it never came to that");
}

#[tokio::test]
async fn a_stream_says_hi_at_once() {
    let house = House::new();
    let mut stream = listen(&house, &[]).await;
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.headers()["content-type"], "text/event-stream; charset=utf-8");
    assert_eq!(stream.headers()["cache-control"], "no-cache");
    assert_eq!(text(&mut stream).await, ": hi\n\n");
}

#[tokio::test]
async fn everybody_hears_everything_in_one_order() {
    let house = House::new();
    let mut streams = Vec::new();
    for _ in 0..32 {
        streams.push(listen(&house, &[]).await);
    }
    assert_eq!(house.face.port.slots.bridge.listeners.load(Ordering::Relaxed), 32);
    (0..20).for_each(|n| give(&house, n, 50));
    let mut heard = Vec::new();
    for stream in &mut streams {
        assert_eq!(text(stream).await, ": hi\n\n");
        let mut own = Vec::new();
        for _ in 0..20 {
            own.push(next(stream).await.expect("an event"));
        }
        heard.push(own);
    }
    let first = &heard[0];
    assert!(first.iter().enumerate().all(|(n, event)| event.starts_with(format!("id: 1777917600:{n}\n").as_bytes())));
    let shared = |own: &Vec<Bytes>| own.iter().zip(first).all(|(event, known)| event.as_ptr() == known.as_ptr());
    assert!(heard.iter().all(shared), "the bytes are made once");
    drop(streams);
    until(|| house.face.port.slots.bridge.listeners.load(Ordering::Relaxed) == 0).await;
}

#[tokio::test]
async fn who_comes_back_hears_what_was_missed() {
    let house = House::new();
    let gone = listen(&house, &[]).await;
    (0..5).for_each(|n| give(&house, n, 50));
    drop(gone);
    let mut back = listen(&house, &[("last-event-id", " 1777917600:2")]).await;
    give(&house, 9, 50);
    let first = text(&mut back).await;
    let ids: Vec<_> = first.lines().filter(|line| line.starts_with("id: ")).collect();
    assert_eq!(ids, ["id: 1777917600:3", "id: 1777917600:4"]);
    assert!(first.starts_with(": hi\n\n"));
    assert!(text(&mut back).await.starts_with("id: 1777917600:5\n"));
    let mut stranger = listen(&house, &[("last-event-id", "5:5")]).await;
    assert_eq!(text(&mut stranger).await, ": hi\n\n", "an unknown number: only what is new");
}

#[tokio::test]
async fn who_does_not_read_is_sent_away_and_nobody_else_suffers() {
    let house = House::new();
    let (mut lazy, mut eager) = (listen(&house, &[]).await, listen(&house, &[]).await);
    assert_eq!(text(&mut eager).await, ": hi\n\n");
    for n in 0..600_u32 {
        give(&house, 1, n);
        assert!(next(&mut eager).await.is_some());
    }
    let slots = &house.face.port.slots.bridge;
    until(|| slots.too_slow.get() == 1 && slots.listeners.load(Ordering::Relaxed) == 1).await;
    let mut heard = 0;
    while next(&mut lazy).await.is_some() {
        heard += 1;
    }
    assert!(heard < 600, "its stream ends");
    give(&house, 1, 1);
    assert!(next(&mut eager).await.is_some());
}

#[tokio::test]
async fn a_key_that_is_taken_back_ends_its_streams() {
    let house = House::new();
    let mut stream = listen(&house, &[]).await;
    assert_eq!(text(&mut stream).await, ": hi\n\n");
    house.face.port.slots.bridge.ring.store(Arc::new(Ring::default()));
    house.face.events.tell(Heard::Gone(house.key.app.clone()));
    assert!(next(&mut stream).await.is_none());
    let mut stream = listen(&house, &[]).await;
    assert_eq!(text(&mut stream).await, ": hi\n\n");
    give(&house, 1, 50);
    assert!(next(&mut stream).await.is_none(), "nor does it hear an event");
}

#[tokio::test]
async fn there_are_places_for_so_many_and_stopping_ends_all() {
    let house = House::new();
    let mut streams = Vec::new();
    for _ in 0..MAX_LISTENERS {
        streams.push(listen(&house, &[]).await);
    }
    assert_eq!(listen(&house, &[]).await.status(), 503);
    house.face.events.close();
    for mut stream in streams {
        while next(&mut stream).await.is_some() {}
    }
    assert_eq!(house.face.port.slots.bridge.listeners.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn without_a_stream_the_next_events_are_an_array() {
    let house = House::new();
    let poll = |known: Option<&str>| {
        let mut request = house.request("GET", "", "");
        if let Some(known) = known {
            request.headers.insert("if-none-match", known.parse().expect("a header"));
        }
        request
    };
    let listener = listen(&house, &[]).await;
    (0..3).for_each(|n| give(&house, n, 50));
    let answer = serve(&house.face, &poll(Some("1777917600:0"))).await;
    assert_eq!(answer.headers()["etag"], "\"1777917600:2\"");
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    let events: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(events.as_array().map(Vec::len), Some(2), "{events}");
    let request = poll(None);
    let (answer, ()) = tokio::join!(serve(&house.face, &request), async { give(&house, 7, 50) });
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    let events: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(events[0]["data"][0]["id"], json!(super::id(7)));
    drop(listener);
    assert_eq!(serve(&house.face, &house.request("POST", "", "")).await.status(), 405);
}

#[tokio::test]
async fn a_phone_that_is_made_and_renamed_is_heard() {
    let house = House::new();
    let stop = CancellationToken::new();
    let tasks = [
        tokio::spawn(run(house.face.clone(), stop.clone())),
        tokio::spawn(book::run(house.face.clone(), stop.clone())),
    ];
    until(|| *house.face.book.seq.borrow() >= house.view().seq).await;
    let mut stream = listen(&house, &[]).await;
    assert_eq!(text(&mut stream).await, ": hi\n\n");
    let phone = json!({"type": "geofence_client", "name": "aiohue_1", "is_at_home": false});
    let made = v2::answer(&house.face, &house.request("POST", "geofence_client", phone.to_string())).await;
    assert_eq!(made.status, 201);
    let id = house::json(&made)["data"][0]["rid"].as_str().expect("an id").to_owned();
    let (added, resource) = heard(&text(&mut stream).await);
    assert_eq!((added.as_str(), &resource["name"], &resource["id"]), ("add", &json!("aiohue_1"), &json!(id)));
    let named = house.request("PUT", &format!("geofence_client/{id}"), r#"{"name":"aiohue_2"}"#);
    assert_eq!(v2::answer(&house.face, &named).await.status, 200);
    let (updated, resource) = heard(&text(&mut stream).await);
    assert_eq!(updated, "update");
    assert_eq!(resource, json!({"id": id, "type": "geofence_client", "name": "aiohue_2"}));
    let gone = house.request("DELETE", &format!("geofence_client/{id}"), "");
    assert_eq!(v2::answer(&house.face, &gone).await.status, 200);
    let (deleted, resource) = heard(&text(&mut stream).await);
    assert_eq!((deleted.as_str(), resource), ("delete", json!({"id": id, "type": "geofence_client"})));
    stop.cancel();
    assert!(next(&mut stream).await.is_none(), "a stop ends it");
    for task in tasks {
        task.await.expect("a task that ends");
    }
}

/// What an event of one change says.
fn heard(event: &str) -> (String, Value) {
    let data = event.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
    let mut containers: Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(containers.as_array().map(Vec::len), Some(1), "{containers}");
    assert_eq!(containers[0]["data"].as_array().map(Vec::len), Some(1), "{containers}");
    (containers[0]["type"].as_str().expect("a type").to_owned(), containers[0]["data"][0].take())
}

#[tokio::test]
async fn an_app_for_which_too_much_waits_is_sent_away() {
    let house = House::new();
    let mut stream = listen(&house, &[]).await;
    let long = change(What::Update, "light", 1, json!({"metadata": {"name": "n".repeat(WAITING / 4)}}));
    let before = house.face.port.slots.bridge.too_slow.get();
    for _ in 0..8 {
        house.face.events.give(house::now(), &message(long.clone()), Uuid::nil());
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }
    let mut n_bytes = 0;
    while let Some(bytes) = next(&mut stream).await {
        n_bytes += bytes.len();
    }
    assert!((WAITING..2 * WAITING).contains(&n_bytes), "{n_bytes}");
    assert_eq!(house.face.port.slots.bridge.too_slow.get(), before + 1);
}
