//! The shape of the file, and how older files are brought to it.
//!
//! Invariant: the file's `user_version` is the number of steps it has been through; each step is one transaction.
//! Invariant: before an older file is touched, a copy of it lies beside it as `FILE.vN`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::store::StoreError;

/// Every step from an empty file to today's shape, oldest first. A released step never changes.
pub const STEPS: &[&str] = &[
    // 1: devices and calibrations. Times are RFC 3339 texts, choices are JSON, words are big-endian.
    "CREATE TABLE device (
         id TEXT NOT NULL PRIMARY KEY,
         owner TEXT NOT NULL,
         location TEXT NOT NULL,
         name TEXT NOT NULL,
         accepted INTEGER NOT NULL,
         line_end TEXT,
         choice TEXT NOT NULL,
         last_seen TEXT NOT NULL
     ) STRICT;
     CREATE TABLE calibration (
         owner TEXT NOT NULL,
         location TEXT NOT NULL,
         words BLOB NOT NULL,
         checksum INTEGER NOT NULL,
         received TEXT NOT NULL,
         PRIMARY KEY (owner, location)
     ) STRICT;",
];

/// Opens a file for writing, made if it is not there, and takes it through the steps it has not been through.
///
/// # Errors
/// If the file has been through more steps than there are, or the disk fails. Then it is as it was.
pub fn open(file: &Path, busy: Duration, steps: &[&str]) -> Result<Connection, StoreError> {
    let wrong = |cause| StoreError::File { file: file.to_owned(), cause };
    let mut connection = connect(file, busy).map_err(wrong)?;
    let found = version(&connection).map_err(wrong)?;
    let known = steps.len() as u32;
    if found > known {
        return Err(StoreError::Newer { file: file.to_owned(), found, known });
    }
    if found > 0 && found < known {
        keep_copy(&connection, file, found)?;
    }
    for (version, step) in (1..).zip(steps).skip(found as usize) {
        take(&mut connection, step, version).map_err(wrong)?;
    }
    Ok(connection)
}

/// Opens a file as every writer must: write-ahead log, every commit synced.
fn connect(file: &Path, busy: Duration) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(busy)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn take(connection: &mut Connection, step: &str, version: u32) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(step)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}

/// Copies the file, its log included, to `FILE.vN`. A draft takes the name only when it is whole.
fn keep_copy(connection: &Connection, file: &Path, version: u32) -> Result<(), StoreError> {
    let failed = |why: String| StoreError::NoCopy { file: file.to_owned(), why };
    let copy = beside(file, &format!(".v{version}"));
    let draft = beside(&copy, ".draft");
    if draft.exists() {
        std::fs::remove_file(&draft).map_err(|error| failed(error.to_string()))?;
    }
    let target = draft.to_str().ok_or_else(|| failed("the folder's name is not Unicode".to_owned()))?;
    connection.execute("VACUUM INTO ?1", [target]).map_err(|error| failed(error.to_string()))?;
    std::fs::rename(&draft, &copy).map_err(|error| failed(error.to_string()))
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
