//! The examination of a database.

use std::fs;

use hearthlight::store::examine::examine;
use hearthlight::store::{Patience, Store, StoreError, schema};

#[test]
fn none_is_found_where_none_is() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(examine(&folder.path().join("hearthlight.db")).unwrap(), None);
}

#[test]
fn a_sound_one_is_found_sound_while_it_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hearthlight.db");
    let store = Store::open(&file, Patience::default(), |_| {}).unwrap();
    let found = examine(&file).unwrap().unwrap();
    assert_eq!(found.version as usize, schema::STEPS.len());
    assert_eq!(found.damage, None);
    store.close().unwrap();
}

#[test]
fn damage_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hearthlight.db");
    Store::open(&file, Patience::default(), |_| {}).unwrap().close().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    // From the second page on: the header stays, so that it still is a database.
    bytes.iter_mut().skip(4096).for_each(|byte| *byte = 0xa5);
    fs::write(&file, bytes).unwrap();
    assert!(match examine(&file) {
        Ok(found) => found.unwrap().damage.is_some(),
        Err(error) => matches!(error, StoreError::File { .. }),
    });
}

#[test]
fn one_of_a_newer_version_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hearthlight.db");
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.pragma_update(None, "user_version", 9999).unwrap();
    drop(connection);
    assert!(matches!(examine(&file), Err(StoreError::Newer { found: 9999, .. })));
}
