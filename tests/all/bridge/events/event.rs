//! How events look, their numbers, and those that are kept for who comes back.

use hearthlight::bridge::events::event::EventId;
use hearthlight::bridge::events::past::{KEPT, KEPT_BYTES, Past};
use hearthlight::bridge::v2::change::What;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{bright, change, event, message, ms};

#[test]
fn an_event_looks_like_this() {
    let update = change(What::Update, "light", 1, json!({"on": {"on": false}, "service_id": 0}));
    let event = event("1767225600:3", "2026-01-01T00:00:00.9Z".parse().expect("a time"), &message(update));
    let text = String::from_utf8(event.bytes().to_vec()).expect("text");
    let (head, data) = text.split_once("\ndata: ").expect("two lines");
    assert_eq!(head, "id: 1767225600:3");
    let data = data.strip_suffix("\n\n").expect("an empty line behind it");
    assert!(!data.contains('\n'), "one line: {data}");
    assert_eq!(data.as_bytes(), event.json());
    let mut containers: Value = serde_json::from_str(data).expect("JSON");
    let id = containers[0]["id"].take();
    assert!(uuid::Uuid::try_parse(id.as_str().expect("a text")).is_ok());
    let resource = json!({"id": super::id(1), "type": "light", "on": {"on": false}, "service_id": 0});
    let expected = json!([{"creationtime": "2026-01-01T00:00:00Z", "data": [resource], "id": null, "type": "update"}]);
    assert_eq!(containers, expected);
}

#[test]
fn an_event_is_written_once_for_everybody() {
    let event = event("1:0", jiff::Timestamp::UNIX_EPOCH, &message(bright(1, 10)));
    assert_eq!(event.bytes().as_ptr(), event.bytes().as_ptr());
    assert_eq!(event.json().as_ptr(), event.json().as_ptr());
}

#[test]
fn numbers_read_back_as_clients_send_them() {
    let id = EventId { second: 1_767_225_600, n: 7 };
    for text in ["1767225600:7", " 1767225600:7", "\"1767225600:7\"", "W/\"1767225600:7\" "] {
        assert_eq!(EventId::read(text), Some(id), "{text}");
    }
    for text in ["", ":", "7", "a:b", "1:-1", "1:99999999999"] {
        assert_eq!(EventId::read(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn numbers_grow_whatever_the_clock_does(seconds in prop::collection::vec(0_i64..5, 1..50)) {
        let mut last = None;
        for second in seconds {
            let next = EventId::next(last, jiff::Timestamp::from_second(second).expect("a time"));
            prop_assert!(Some(next) > last);
            last = Some(next);
        }
    }
}

#[test]
fn what_came_after_a_known_event_is_given_again() {
    let mut past = Past::default();
    for n in 0..5 {
        past.push(ms(0), event(&format!("10:{n}"), jiff::Timestamp::UNIX_EPOCH, &message(bright(1, n))));
    }
    let since = |id: &str| past.since(id.parse().expect("a number"));
    let numbers: Vec<_> = since("10:2").expect("known").iter().map(|event| event.id.to_string()).collect();
    assert_eq!(numbers, ["10:3", "10:4"]);
    assert!(since("10:4").expect("known").is_empty());
    assert!(since("9:0").is_none(), "unknown: go on live");
}

#[test]
fn the_past_is_bounded_by_time_and_number() {
    let put = |past: &mut Past, at, n: usize| {
        past.push(ms(at), event(&format!("{n}:0"), jiff::Timestamp::UNIX_EPOCH, &message(bright(1, 1))));
    };
    let mut past = Past::default();
    (0..KEPT + 10).for_each(|n| put(&mut past, 0, n));
    assert_eq!(past.len(), KEPT);
    put(&mut past, 300_001, KEPT + 10);
    assert_eq!(past.len(), 1);
    let long = change(What::Update, "light", 1, json!({"metadata": {"name": "n".repeat(100_000)}}));
    for n in 0..100 {
        past.push(
            ms(300_001),
            event(&format!("{}:1", KEPT + 20 + n), jiff::Timestamp::UNIX_EPOCH, &message(long.clone())),
        );
    }
    assert!(past.len() <= KEPT_BYTES / 100_000);
}
