//! Files of older versions are brought up to date, and nothing of them is lost.

use std::time::Duration;

use hearthlight::model::alarms::journal::Filter;
use hearthlight::model::history::Extent;
use hearthlight::store::records::{AlarmRecord, KeptBridge};
use hearthlight::store::{Store, StoreError, schema};
use rusqlite::Connection;

use super::{STILL, bridge, calibration, device, drawn, lights, open, place};

/// A database of the first version: two devices, one calibration.
const V1: &[u8] = include_bytes!("../fixtures/store/v1.db");

/// A database of the third version, as a run left it: an array in a kitchen, the rules of the program, a journal,
/// a calibration, history.
const V3: &[u8] = include_bytes!("../fixtures/store/v3.db");

/// A database of the fourth version, as a run left it: the third one, with a bookmark, a layout and the master stop.
const V4: &[u8] = include_bytes!("../fixtures/store/v4.db");

/// A database of the fifth version, as a run left it: the fourth one, with a light, a room and a scene.
const V5: &[u8] = include_bytes!("../fixtures/store/v5.db");

fn pragma(file: &std::path::Path, name: &str) -> i64 {
    let raw = Connection::open(file).expect("opens");
    raw.pragma_query_value(None, name, |row| row.get(0)).expect("a number")
}

#[test]
fn the_first_version_keeps_its_devices_and_calibrations() {
    let (folder, file) = place();
    std::fs::write(&file, V1).expect("written");
    let store = open(&file);
    let (devices, calibrations) = (store.devices().expect("read"), store.calibrations().expect("read"));
    assert!(devices.damaged.is_empty() && calibrations.damaged.is_empty());
    let [mut first, second] = devices.records.try_into().expect("two devices");
    assert_eq!((first.place.as_str(), second.name.as_str(), second.accepted), ("", "Loft", false));
    first.place = "Ground floor".to_owned();
    assert_eq!(first, device("em-0001", "Hall sensor"));
    let words: Vec<u16> = (0..832_u16).map(|n| n.wrapping_mul(79)).collect();
    assert_eq!(calibrations.records, [calibration("serial:em-0001", words)]);
    assert_eq!(store.alarms().expect("read").records, []);
    assert_eq!(store.extent().expect("read"), Extent::default());
    store.save_device(device("new", "New"));
    store.close().expect("written");
    assert_eq!(open(&file).devices().expect("read").records.len(), 3);

    assert_eq!(pragma(&file, "user_version"), schema::STEPS.len() as i64);
    let copy = folder.path().join("hearthlight.db.v1");
    assert_eq!(pragma(&copy, "user_version"), 1);
    let raw = Connection::open(&copy).expect("opens");
    let n: i64 = raw.query_row("SELECT count(*) FROM device", [], |row| row.get(0)).expect("counted");
    assert_eq!(n, 2);
}

#[test]
fn the_third_version_keeps_everything_and_takes_regions_bookmarks_layouts_and_the_stop() {
    let (folder, file) = place();
    std::fs::write(&file, V3).expect("written");
    let store = open(&file);
    let devices = store.devices().expect("read");
    let [oven] = &devices.records[..] else { panic!("one device: {devices:?}") };
    assert_eq!((oven.id.as_str(), oven.place.as_str(), devices.damaged.len()), ("oven-1", "Kitchen", 0));
    assert_eq!(
        (store.calibrations().expect("read").records.len(), store.learned().expect("read").records.len()),
        (1, 1)
    );
    let (alarms, rules) = (store.alarms().expect("read"), |kept: &AlarmRecord| matches!(kept, AlarmRecord::Rule(_)));
    assert_eq!((alarms.records.iter().filter(|kept| rules(kept)).count(), alarms.damaged.len()), (3, 0));
    let page = store.journal(&Filter { limit: 100, ..Filter::default() }).expect("read");
    assert_eq!((page.entries.len(), page.more), (4, false));
    assert_ne!(store.extent().expect("read"), Extent::default());
    assert!(store.regions().expect("read").records.is_empty() && store.layouts().expect("read").is_empty());
    assert!(store.stopped().expect("read").records.is_empty());
    drawn::fill(&store);
    store.close().expect("written");
    let store = open(&file);
    assert_eq!(store.regions().expect("read").records.len(), 1);
    assert_eq!(store.stopped().expect("read").records.len(), 1);
    assert_eq!(store.journal(&Filter { limit: 100, ..Filter::default() }).expect("read").entries, page.entries);
    assert_eq!(pragma(&file, "user_version"), schema::STEPS.len() as i64);
    assert_eq!(pragma(&folder.path().join("hearthlight.db.v3"), "user_version"), 3);
}

#[test]
fn the_fourth_version_keeps_everything_and_takes_lights() {
    let (folder, file) = place();
    std::fs::write(&file, V4).expect("written");
    let store = open(&file);
    let (bookmarks, last) = store.bookmarks().expect("read");
    assert_eq!((&*bookmarks.records[0].words, last), ("Door open", 1));
    assert_eq!(store.layouts().expect("read").keys().map(|name| &**name).collect::<Vec<_>>(), ["Wall"]);
    assert_eq!(&*store.stopped().expect("read").records[0].by, "API");
    assert_eq!(store.journal(&Filter { limit: 100, ..Filter::default() }).expect("read").entries.len(), 7);
    let (devices, found) = (store.devices().expect("read").records, store.lights().expect("read"));
    assert!(found.lights.lights.is_empty() && found.damaged.is_empty() && found.lights.master == 1.0);
    lights::fill(&store);
    store.close().expect("written");
    let store = open(&file);
    assert_eq!(
        (store.lights().expect("read").lights.lights.len(), store.devices().expect("read").records),
        (2, devices)
    );
    assert_eq!(pragma(&file, "user_version"), schema::STEPS.len() as i64);
    assert_eq!(pragma(&folder.path().join("hearthlight.db.v4"), "user_version"), 4);
}

#[test]
fn the_fifth_version_keeps_everything_and_takes_the_hue_bridge() {
    let (folder, file) = place();
    std::fs::write(&file, V5).expect("written");
    let store = open(&file);
    let lights = store.lights().expect("read");
    let found = &lights.lights;
    assert_eq!((found.lights.len(), found.groups.len(), found.scenes.len()), (1, 1, 1));
    assert!(lights.damaged.is_empty());
    assert_eq!(store.journal(&Filter { limit: 100, ..Filter::default() }).expect("read").entries.len(), 9);
    assert_eq!(store.bridge().expect("read"), KeptBridge::default());
    bridge::fill(&store);
    store.close().expect("written");
    let store = open(&file);
    assert_eq!((store.bridge().expect("read").ids.len(), store.lights().expect("read")), (1, lights));
    assert_eq!(pragma(&file, "user_version"), schema::STEPS.len() as i64);
    assert_eq!(pragma(&folder.path().join("hearthlight.db.v5"), "user_version"), 5);
}

#[test]
fn files_old_and_new_give_free_pages_back() {
    const INCREMENTAL: i64 = 2;
    let (folder, file) = place();
    open(&file).close().expect("closed");
    assert_eq!(pragma(&file, "auto_vacuum"), INCREMENTAL);
    let old = folder.path().join("old.db");
    std::fs::write(&old, V1).expect("written");
    assert_eq!(pragma(&old, "auto_vacuum"), 0);
    open(&old).close().expect("closed");
    assert_eq!(pragma(&old, "auto_vacuum"), INCREMENTAL);
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
