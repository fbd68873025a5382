//! The store: what was saved is there after reopening, whatever came between.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::{Choice, PixelMeaning};
use hearthlight::store::records::{CalibrationKey, CalibrationRecord, DeviceRecord};
use hearthlight::store::writer::Health;
use hearthlight::store::{Patience, Store, StoreError, schema};
use hearthlight::units::grid::{Mounting, Size};
use jiff::Timestamp;
use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;

/// Writes only when flushed or closed, and gives up on a held file at once: no test waits.
const STILL: Patience = Patience { gather: Duration::from_secs(3600), busy: Duration::ZERO };

fn open(file: &Path) -> Store {
    Store::open(file, STILL, |_| {}).expect("opens")
}

fn place() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hearthlight.db");
    (folder, file)
}

fn device(id: &str, name: &str) -> DeviceRecord {
    DeviceRecord {
        id: DeviceId::new(id),
        owner: format!("serial:{id}"),
        location: "hall".to_owned(),
        name: name.to_owned(),
        accepted: true,
        line_end: Some("lf".to_owned()),
        choice: Choice {
            meaning: Some(PixelMeaning::Custom { scale: 0.01, offset: -273.15 }),
            size: Size::new(8, 8),
            mounting: Mounting { quarter_turns: 3, mirror: true },
            ..Choice::default()
        },
        last_seen: "2026-03-01T10:02:00.123456789Z".parse().expect("a time"),
    }
}

fn calibration(owner: &str, words: Vec<u16>) -> CalibrationRecord {
    let key = CalibrationKey { owner: owner.to_owned(), location: "hall".to_owned() };
    CalibrationRecord { key, words, received: Timestamp::UNIX_EPOCH }
}

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
fn an_older_file_is_upgraded_and_a_copy_kept() {
    let (folder, file) = place();
    let store = open(&file);
    store.save_device(device("a", "old"));
    store.close().expect("written");
    let longer = [schema::STEPS, &["ALTER TABLE device ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'"]].concat();
    let upgraded = schema::open(&file, Duration::ZERO, &longer).expect("upgraded");
    let colour: String = upgraded.query_row("SELECT colour FROM device", [], |row| row.get(0)).expect("there");
    assert_eq!(colour, "red");
    drop(upgraded);
    let copy = folder.path().join(format!("hearthlight.db.v{}", schema::STEPS.len()));
    assert_eq!(open(&copy).devices().expect("read").records, [device("a", "old")]);
    drop(schema::open(&file, Duration::ZERO, &longer).expect("opens again"));
    let newer = Store::open(&file, STILL, |_| {}).expect_err("newer than we are");
    assert!(matches!(newer, StoreError::Newer { .. }), "{newer}");
}

#[test]
fn a_step_that_fails_leaves_the_file_as_it_was() {
    let (_folder, file) = place();
    let store = open(&file);
    store.save_device(device("a", "old"));
    store.close().expect("written");
    let wrong = [schema::STEPS, &["DROP TABLE device; NONSENSE"]].concat();
    assert!(matches!(schema::open(&file, Duration::ZERO, &wrong), Err(StoreError::File { .. })));
    assert_eq!(open(&file).devices().expect("read").records, [device("a", "old")]);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let (_folder, file) = place();
    let text = "not a database, and long enough to be looked at by SQLite as if it were one".repeat(20);
    std::fs::write(&file, &text).expect("written");
    let error = Store::open(&file, STILL, |_| {}).expect_err("refused").to_string();
    assert!(error.contains("hearthlight.db") && error.contains("move it away"), "{error}");
    assert_eq!(std::fs::read_to_string(&file).expect("there"), text);
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
