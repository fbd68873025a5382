//! History: packed blocks give back what was put in, and the recorder keeps what a plain list of readings would.

mod codec;
mod recorder;

use std::time::Duration;

use hearthlight::model::history::Span;
use hearthlight::model::sensors::DeviceId;
use hearthlight::store::records::Reading;
use hearthlight::store::{Patience, Store};
use jiff::{SignedDuration, Timestamp};

#[test]
fn what_the_store_was_handed_can_be_asked_for_after_reopening() {
    let folder = tempfile::tempdir().expect("a folder");
    let patience = Patience { gather: Duration::from_secs(3600), busy: Duration::ZERO };
    let open = || Store::open(&folder.path().join("hearthlight.db"), patience, |_| {}).expect("opens");
    let now = Timestamp::now();
    let reading = |n: i64| Reading {
        device: DeviceId::new("hall"),
        channel: "ADC1".into(),
        at_ms: now.as_millisecond() - 200_000 + n * 1000,
        value: n as f64,
    };
    let store = open();
    store.record((0..100).map(reading).collect());
    store.record((100..200).map(reading).collect());
    store.close().expect("written");
    let store = open();
    let from = now.checked_sub(SignedDuration::from_hours(1)).expect("a time");
    let span = Span { device: DeviceId::new("hall"), channel: "ADC1".into(), from, to: now, points: 600 };
    let values: Vec<f32> = store.history(&span).expect("read").points.iter().map(|point| point.mean).collect();
    assert_eq!(values, (0..200_u16).map(f32::from).collect::<Vec<_>>());
    let extent = store.extent().expect("read");
    assert_eq!((extent.channels, extent.oldest_ms), (1, Some(now.as_millisecond() - 200_000)));
}
