//! Devices, calibrations, what was learned and introduced: kept by key, the newest wins.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hearthlight::model::learned::{Baseline, Learned, Rest};
use hearthlight::model::sensors::{DeviceId, Introduced};
use hearthlight::model::thermal::Choice;
use hearthlight::store::records::DeviceRecord;
use hearthlight::store::writer::Health;
use hearthlight::store::{Patience, Store, StoreError};
use hearthlight::units::grid::Size;
use proptest::prelude::*;
use rusqlite::Connection;

use super::{STILL, calibration, device, open, place};

#[test]
fn what_was_saved_is_there_after_reopening() {
    let (_folder, file) = place();
    let words: Vec<u16> = (0..832_u16).map(|n| n.wrapping_mul(79)).collect();
    let store = open(&file);
    store.save_device(device("b", "second"));
    store.save_device(device("a", "first"));
    store.save_calibration(calibration("serial:a", words.clone()));
    store.flush().expect("written");
    assert!(store.written_bytes() > 1664);
    drop(store);
    let store = open(&file);
    let devices = store.devices().expect("read");
    assert_eq!(devices.records, [device("a", "first"), device("b", "second")]);
    assert_eq!(store.calibrations().expect("read").records, [calibration("serial:a", words)]);
    assert!(devices.damaged.is_empty());
}

#[test]
fn closing_writes_what_is_left_and_later_changes_are_refused() {
    let (_folder, file) = place();
    let store = open(&file);
    store.save_device(device("a", "left"));
    store.close().expect("written");
    store.save_device(device("b", "late"));
    assert!(matches!(store.flush(), Err(StoreError::Closed)));
    assert_eq!(open(&file).devices().expect("read").records, [device("a", "left")]);
}

#[test]
fn changes_are_written_without_being_asked_for() {
    let (_folder, file) = place();
    let store = Store::open(&file, Patience { gather: Duration::from_millis(1), ..STILL }, |_| {}).expect("opens");
    for name in ["first", "second"] {
        let before = store.written_bytes();
        store.save_device(device("a", name));
        while store.written_bytes() == before {
            std::thread::yield_now();
        }
        assert_eq!(store.devices().expect("read").records, [device("a", name)]);
    }
}

#[test]
fn only_the_newest_of_one_key_is_written() {
    let (_folder, file) = place();
    let store = open(&file);
    for n in 0..1000 {
        store.save_device(device("a", &format!("{n:04}")));
    }
    store.flush().expect("written");
    let of_many = store.written_bytes();
    store.save_device(device("a", "1000"));
    store.flush().expect("written");
    assert_eq!(store.written_bytes(), 2 * of_many);
    store.flush().expect("nothing to write");
    assert_eq!(store.devices().expect("read").records, [device("a", "1000")]);
}

#[test]
fn what_was_forgotten_is_gone() {
    let (_folder, file) = place();
    let store = open(&file);
    store.save_device(device("a", "x"));
    store.save_calibration(calibration("serial:a", vec![1, 2]));
    store.flush().expect("written");
    store.forget_device(DeviceId::new("a"));
    store.flush().expect("written");
    assert!(store.devices().expect("read").records.is_empty());
    assert_eq!(store.calibrations().expect("read").records.len(), 1);
    store.forget_calibration(calibration("serial:a", vec![]).key);
    store.flush().expect("written");
    assert!(store.calibrations().expect("read").records.is_empty());
}

#[test]
fn a_damaged_row_is_reported_and_the_others_are_read() {
    let (_folder, file) = place();
    let store = open(&file);
    for owner in ["serial:a", "serial:b", "serial:c"] {
        store.save_calibration(calibration(owner, vec![1, 2, 3]));
    }
    store.save_device(device("a", "x"));
    store.close().expect("written");
    let raw = Connection::open(&file).expect("opens");
    raw.execute("UPDATE calibration SET words = x'000100020004' WHERE owner = 'serial:b'", []).expect("damaged");
    raw.execute("UPDATE calibration SET words = x'0001000200' WHERE owner = 'serial:c'", []).expect("damaged");
    raw.execute("UPDATE device SET choice = '{'", []).expect("damaged");
    drop(raw);
    let store = open(&file);
    let found = store.calibrations().expect("read");
    assert_eq!(found.records, [calibration("serial:a", vec![1, 2, 3])]);
    assert_eq!(found.damaged.len(), 2);
    assert!(found.damaged[0].contains("serial:b"), "{:?}", found.damaged);
    let devices = store.devices().expect("read");
    assert_eq!(devices.records, [DeviceRecord { choice: Choice::default(), ..device("a", "x") }]);
    assert_eq!(devices.damaged.len(), 1);
}

#[test]
fn a_failing_disk_is_reported_once_and_nothing_is_lost() {
    let (_folder, file) = place();
    let turns = Arc::new(AtomicU32::new(0));
    let heard = Arc::clone(&turns);
    let count = move |_: &Health| {
        heard.fetch_add(1, Ordering::SeqCst);
    };
    let store = Store::open(&file, STILL, count).expect("opens");
    let other = Connection::open(&file).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("held");
    store.save_device(device("a", "first"));
    for name in ["second", "third"] {
        assert!(matches!(store.flush(), Err(StoreError::Unsaved { .. })));
        assert!(matches!(store.health(), Health::Failing { .. }));
        store.save_device(device("a", name));
    }
    store.save_device(device("b", "x"));
    other.execute_batch("COMMIT").expect("let go");
    store.flush().expect("written");
    assert_eq!((store.health(), store.lost()), (Health::Good, 0));
    assert_eq!(store.devices().expect("read").records, [device("a", "third"), device("b", "x")]);
    store.close().expect("clean");
    assert_eq!(turns.load(Ordering::SeqCst), 2);
}

#[test]
fn a_copy_of_the_files_taken_at_any_commit_is_sound() {
    let (folder, file) = place();
    let store = open(&file);
    for n in 0..20_u16 {
        store.save_calibration(calibration("serial:a", vec![n; 832]));
        store.flush().expect("written");
        // What a killed process leaves: the file and its log, in the middle of things.
        let left = folder.path().join("left.db");
        std::fs::copy(&file, &left).expect("copied");
        let log = |file: &Path| file.with_extension("db-wal");
        std::fs::copy(log(&file), log(&left)).expect("copied");
        assert_eq!(open(&left).calibrations().expect("read").records, [calibration("serial:a", vec![n; 832])]);
        std::fs::remove_file(&left).expect("removed");
    }
}

fn learned(mean: f32) -> Learned {
    let rest = Rest { median: mean, mad: 0.1, learning: false, samples: vec![mean; 180] };
    let size = Size::MLX90640;
    let baseline = Baseline {
        size,
        mean: vec![mean; size.cells()],
        variance: vec![0.2; size.cells()],
        seconds: 60.0,
        learning: true,
    };
    Learned { rests: [("ADC1".into(), rest)].into(), baseline: Some(Arc::new(baseline)) }
}

#[test]
fn what_was_learned_is_there_until_its_device_is_forgotten() {
    let (_folder, file) = place();
    let store = open(&file);
    for id in ["a", "b", "c"] {
        store.save_device(device(id, id));
        store.save_learned(DeviceId::new(id), Arc::new(learned(21.5)));
    }
    store.save_learned(DeviceId::new("a"), Arc::new(learned(22.1)));
    store.flush().expect("written");
    store.save_learned(DeviceId::new("b"), Arc::new(learned(0.0)));
    store.forget_device(DeviceId::new("b"));
    store.close().expect("written");
    let raw = Connection::open(&file).expect("opens");
    raw.execute("UPDATE learned SET body = zeroblob(99) WHERE device = 'c'", []).expect("damaged");
    drop(raw);
    let found = open(&file).learned().expect("read");
    assert_eq!(found.records, [(DeviceId::new("a"), learned(22.1))]);
    assert_eq!(found.damaged, ["What was learned of c is damaged; it is learned anew."]);
}

#[test]
fn introduced_locations_are_there_until_taken_back() {
    let (_folder, file) = place();
    let store = open(&file);
    let as_what = |name: &str| Introduced { name: name.into(), place: "Attic".into() };
    store.save_introduced("loft".into(), Some(as_what("Loft")));
    store.save_introduced("hall".into(), Some(as_what("Hall")));
    store.save_introduced("hall".into(), Some(as_what("Great hall")));
    store.flush().expect("written");
    store.save_introduced("loft".into(), None);
    store.close().expect("written");
    assert_eq!(open(&file).introduced().expect("read").records, [("hall".into(), as_what("Great hall"))]);
}

/// One thing that happens to a store.
#[derive(Clone, Debug)]
enum Op {
    Save(u8, String),
    Forget(u8),
    Calibrate(u8, Vec<u16>),
    ForgetCalibration(u8),
    Flush,
    Reopen,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (0..6_u8, ".{0,12}").prop_map(|(id, name)| Op::Save(id, name)),
        2 => (0..6_u8).prop_map(Op::Forget),
        4 => (0..6_u8, proptest::collection::vec(any::<u16>(), 0..40)).prop_map(|(id, words)| Op::Calibrate(id, words)),
        2 => (0..6_u8).prop_map(Op::ForgetCalibration),
        1 => Just(Op::Flush),
        1 => Just(Op::Reopen),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_story_ends_in_the_last_state_of_each_key(story in proptest::collection::vec(op(), 0..40)) {
        let (_folder, file) = place();
        let mut store = open(&file);
        let (mut devices, mut calibrations) = (BTreeMap::new(), BTreeMap::new());
        for op in story.into_iter().chain([Op::Reopen]) {
            match op {
                Op::Save(id, name) => {
                    let record = device(&format!("d{id}"), &name);
                    store.save_device(record.clone());
                    devices.insert(id, record);
                }
                Op::Forget(id) => {
                    store.forget_device(DeviceId::new(&format!("d{id}")));
                    devices.remove(&id);
                }
                Op::Calibrate(id, words) => {
                    let record = calibration(&format!("ip:{id}"), words);
                    store.save_calibration(record.clone());
                    calibrations.insert(id, record);
                }
                Op::ForgetCalibration(id) => {
                    store.forget_calibration(calibration(&format!("ip:{id}"), vec![]).key);
                    calibrations.remove(&id);
                }
                Op::Flush => store.flush().expect("written"),
                Op::Reopen => {
                    drop(store);
                    store = open(&file);
                }
            }
        }
        prop_assert_eq!(store.devices().expect("read").records, devices.into_values().collect::<Vec<_>>());
        prop_assert_eq!(store.calibrations().expect("read").records, calibrations.into_values().collect::<Vec<_>>());
    }
}
