//! Backup and restore: one sound file, made while the store is in use, that brings everything back.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hearthlight::model::learned::Learned;
use hearthlight::model::sensors::{DeviceId, Introduced};
use hearthlight::store::Store;
use hearthlight::store::backup::{self, Backup, BackupError, Made};
use hearthlight::store::records::Noted;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use super::alarms::{keep, records};
use super::journal::entry;
use super::{bridge, calibration, device, drawn, lights, minute, open, place};

fn made() -> Made {
    Made { at: minute(7), by: "0.1.0".to_owned() }
}

/// Puts one of everything into a store.
fn fill(store: &Store) {
    store.save_device(device("a", "first"));
    store.save_calibration(calibration("serial:a", vec![1, 2, 3]));
    store.save_learned(DeviceId::new("a"), Arc::new(Learned::default()));
    store.save_introduced("loft".into(), Some(Introduced { name: "Loft".into(), place: "Attic".into() }));
    drawn::fill(store);
    lights::fill(store);
    bridge::fill(store);
    store.note(keep(records()));
    store.note(Noted { entries: (0..5).map(entry).collect(), changes: Vec::new() });
    store.flush().expect("written");
}

/// Every row of every table, SQLite's own counters included.
fn everything(file: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    let from = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("opens");
    let mut names = from.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").expect("tables");
    let names: Vec<String> = names.query_map([], |row| row.get(0)).expect("names").map(Result::unwrap).collect();
    let rows = |table: &str| {
        let mut all = from.prepare(&format!("SELECT * FROM {table}")).expect("a table");
        let n = all.column_count();
        let rows = all.query_map([], |row| (0..n).map(|n| row.get(n)).collect()).expect("rows");
        let mut rows: Vec<Vec<Value>> = rows.map(Result::unwrap).collect();
        rows.sort_by_key(|row| format!("{row:?}"));
        rows
    };
    names
        .into_iter()
        .map(|name| {
            let rows = rows(&name);
            (name, rows)
        })
        .collect()
}

#[test]
fn what_is_restored_is_what_was_saved_table_by_table() {
    let (folder, file) = place();
    let store = open(&file);
    fill(&store);
    let (settings, missing) = (folder.path().join("settings.ron"), folder.path().join("settings.window.ron"));
    std::fs::write(&settings, "(a: 1)").expect("written");
    let to = folder.path().join("saved.db");
    let files = [("settings.ron", &*settings), ("settings.window.ron", &*missing)];
    let told = backup::write(&file, &files, &to, false, &made()).expect("saved");
    assert_eq!(told.lights, 2);
    assert_eq!((told.devices, told.calibrations, told.rules, told.alarms, told.journal), (1, 1, 2, 2, 5));
    let saved = Backup::open(&to).expect("sound");
    assert_eq!((&saved.made, &saved.contents), (&made(), &told));
    assert_eq!(saved.files, [("settings.ron".to_owned(), b"(a: 1)".to_vec())]);
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).expect("listed").flatten().map(|file| file.file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("draft")), "{left:?}");

    let clean = tempfile::tempdir().expect("a folder");
    let restored = clean.path().join("hearthlight.db");
    assert_eq!(saved.restore(&restored).expect("restored"), None);
    assert_eq!(everything(&restored), everything(&file));
    let again = open(&restored);
    assert_eq!(again.alarms().expect("read").records, records());
    assert_eq!(again.regions().expect("read").records[0].1, *drawn::regions());
    assert_eq!(again.bookmarks().expect("read").1, 4);
    assert_eq!((again.layouts().expect("read").len(), again.stopped().expect("read").records.len()), (1, 1));
    again.note(Noted { entries: vec![entry(9)], changes: Vec::new() });
    again.flush().expect("written");
    assert_eq!(again.entry(6).expect("read").map(|entry| entry.at), Some(minute(9)));
}

#[test]
fn a_backup_of_a_store_that_is_written_to_is_one_moment_of_it() {
    let (folder, file) = place();
    let store = open(&file);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0.. {
                // An entry and the name of a device that belong together.
                store.save_device(device("a", &format!("Number {n}")));
                store.note(Noted { entries: vec![entry(n)], changes: Vec::new() });
                store.flush().expect("written");
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        while store.written_bytes() == 0 {
            std::thread::yield_now();
        }
        for n in 0..5 {
            let to = folder.path().join(format!("{n}.db"));
            backup::write(&file, &[], &to, false, &made()).expect("saved");
            let clean = tempfile::tempdir().expect("a folder");
            let restored = clean.path().join("hearthlight.db");
            let saved = Backup::open(&to).expect("sound");
            saved.restore(&restored).expect("restored");
            let found = open(&restored);
            let last = found.entry(saved.contents.journal).expect("read").expect("the last entry");
            assert_eq!(found.devices().expect("read").records[0].name, last.text);
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn what_is_replaced_is_kept_each_time() {
    let (folder, file) = place();
    let store = open(&file);
    fill(&store);
    let to = folder.path().join("saved.db");
    backup::write(&file, &[], &to, false, &made()).expect("saved");
    store.save_device(device("b", "later"));
    store.close().expect("written");
    let saved = Backup::open(&to).expect("sound");
    let first = saved.restore(&file).expect("restored").expect("kept");
    assert_eq!(first, folder.path().join("hearthlight.db.before-restore"));
    assert_eq!(open(&file).devices().expect("read").records.len(), 1);
    assert_eq!(open(&first).devices().expect("read").records.len(), 2);
    let second = saved.restore(&file).expect("restored").expect("kept");
    assert_eq!(second, folder.path().join("hearthlight.db.before-restore-2"));
}

#[test]
fn a_log_that_was_left_behind_goes_with_its_own_database() {
    let (folder, file) = place();
    let store = open(&file);
    fill(&store);
    let to = folder.path().join("saved.db");
    backup::write(&file, &[], &to, false, &made()).expect("saved");
    store.save_device(device("b", "only in the log"));
    store.flush().expect("written");
    // What a killed process leaves, in a folder of its own.
    let left = tempfile::tempdir().expect("a folder");
    let db = left.path().join("hearthlight.db");
    for suffix in ["db", "db-wal"] {
        std::fs::copy(file.with_extension(suffix), db.with_extension(suffix)).expect("copied");
    }
    let kept = Backup::open(&to).expect("sound").restore(&db).expect("restored").expect("kept");
    assert_eq!(open(&db).devices().expect("read").records.len(), 1);
    assert_eq!(open(&kept).devices().expect("read").records.len(), 2);
    // A database that cannot be read any more is kept as it is, and its log beside it.
    std::fs::write(&db, "no database any more".repeat(500)).expect("written");
    std::fs::write(left.path().join("hearthlight.db-wal"), "a log").expect("written");
    let kept = Backup::open(&to).expect("sound").restore(&db).expect("restored").expect("kept");
    assert_eq!(open(&db).devices().expect("read").records.len(), 1);
    assert!(std::fs::read_to_string(&kept).expect("kept").starts_with("no database"));
}

#[test]
fn no_file_is_written_over_unless_asked_for_and_never_one_that_is_saved() {
    let (folder, file) = place();
    let to = folder.path().join("saved.db");
    assert!(matches!(backup::write(&file, &[], &to, false, &made()), Err(BackupError::Nothing(_))));
    let store = open(&file);
    fill(&store);
    std::fs::write(&to, "mine").expect("written");
    assert!(matches!(backup::write(&file, &[], &to, false, &made()), Err(BackupError::Exists(_))));
    assert_eq!(std::fs::read_to_string(&to).expect("there"), "mine");
    assert!(matches!(backup::write(&file, &[], &file, true, &made()), Err(BackupError::Itself(_))));
    assert!(matches!(backup::write(&file, &[("x", &to)], &to, true, &made()), Err(BackupError::Itself(_))));
    backup::write(&file, &[], &to, true, &made()).expect("saved");
    assert_eq!(Backup::open(&to).expect("sound").contents.devices, 1);
    let nowhere = folder.path().join("no/such/folder");
    assert!(backup::write(&file, &[], &nowhere, false, &made()).is_err());
}

#[test]
fn only_a_sound_backup_of_a_known_version_is_taken() {
    let (folder, file) = place();
    let store = open(&file);
    fill(&store);
    let to = folder.path().join("saved.db");
    backup::write(&file, &[], &to, false, &made()).expect("saved");
    assert!(matches!(Backup::open(&file), Err(BackupError::NoBackup(_))));
    assert!(matches!(Backup::open(&folder.path().join("none")), Err(BackupError::Database { .. })));
    let text = folder.path().join("text");
    std::fs::write(&text, "not a database at all".repeat(100)).expect("written");
    assert!(matches!(Backup::open(&text), Err(BackupError::NoBackup(_))));

    let newer = folder.path().join("newer.db");
    std::fs::copy(&to, &newer).expect("copied");
    Connection::open(&newer).expect("opens").pragma_update(None, "user_version", 99).expect("set");
    assert!(matches!(Backup::open(&newer), Err(BackupError::Newer { found: 99, .. })));

    let bytes = std::fs::read(&to).expect("read");
    let damaged = folder.path().join("damaged.db");
    for page in 1..bytes.len() / 4096 {
        let mut bytes = bytes.clone();
        bytes[page * 4096..][..64].fill(0xa5);
        std::fs::write(&damaged, &bytes).expect("written");
        assert!(Backup::open(&damaged).is_err(), "page {page}");
    }
}
