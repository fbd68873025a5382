//! The shape of the file, and how older files are brought to it.
//!
//! Invariant: the file's `user_version` is the number of steps it has been through; each step is one transaction.
//! Invariant: before an older file is touched, a copy of it lies beside it as `FILE.vN`.
//! Invariant: the file gives pages that became free back to the disk (`auto_vacuum`), a few at a time.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use crate::store::{StoreError, history};

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
    // 2: places, alarms and their journal. Bodies and reasons are JSON, times are ms since 1970. The journal is only
    // ever appended to: rows are never changed, and only those below `journal_end.floor` may go. `journal_end.bytes`
    // is what its rows take, indices roughly included.
    "ALTER TABLE device ADD COLUMN place TEXT NOT NULL DEFAULT '';
     CREATE TABLE introduced (location TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, place TEXT NOT NULL) STRICT;
     CREATE TABLE learned (device TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL) STRICT;
     CREATE TABLE rule (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE alarm (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE shelf (alarm TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE out_of_service (device TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE mark (name TEXT NOT NULL PRIMARY KEY) STRICT;
     CREATE TABLE journal (
         seq INTEGER PRIMARY KEY AUTOINCREMENT,
         at INTEGER NOT NULL,
         what TEXT NOT NULL,
         alarm TEXT,
         rule TEXT,
         device TEXT,
         location TEXT,
         level INTEGER,
         by TEXT NOT NULL,
         test INTEGER NOT NULL,
         text TEXT NOT NULL,
         reasons TEXT NOT NULL,
         still BLOB
     ) STRICT;
     CREATE INDEX journal_at ON journal (at);
     CREATE INDEX journal_device ON journal (device, seq);
     CREATE INDEX journal_what ON journal (what, seq);
     CREATE TABLE journal_end (
         one INTEGER PRIMARY KEY CHECK (one = 1),
         floor INTEGER NOT NULL,
         bytes INTEGER NOT NULL
     ) STRICT;
     INSERT INTO journal_end VALUES (1, 0, 0);
     CREATE TRIGGER journal_no_change BEFORE UPDATE ON journal
     BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;
     CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal WHEN EXISTS (SELECT 1 FROM journal WHERE seq = NEW.seq)
     BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;
     CREATE TRIGGER journal_no_removal BEFORE DELETE ON journal WHEN OLD.seq >= (SELECT floor FROM journal_end)
     BEGIN SELECT RAISE(ABORT, 'the journal is only appended to'); END;
     CREATE TRIGGER journal_grew AFTER INSERT ON journal
     BEGIN UPDATE journal_end SET bytes = bytes + 128 + octet_length(NEW.text) + octet_length(NEW.reasons)
         + coalesce(octet_length(NEW.still), 0); END;
     CREATE TRIGGER journal_shrank AFTER DELETE ON journal
     BEGIN UPDATE journal_end SET bytes = bytes - 128 - octet_length(OLD.text) - octet_length(OLD.reasons)
         - coalesce(octet_length(OLD.still), 0); END;",
    // 3: history.
    history::schema::TABLES,
    // 4: regions, bookmarks, layouts, and things of which there is one. Bodies are JSON, those of layouts RON.
    "CREATE TABLE region (device TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE bookmark (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE layout (name TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE single (name TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;",
    // 5: lights with all that belongs to them. Bodies are JSON.
    "CREATE TABLE light (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE light_stack (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE light_group (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE scene (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE connection (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE input (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;",
    // 6: the Hue bridge: what things are called (`kind/id`), what is noted beside them, what apps keep. Bodies are JSON.
    "CREATE TABLE bridge_thing (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE bridge_extra (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
     CREATE TABLE bridge_object (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;",
];

/// The log beside the file is cut back to this after it was written into the file, bytes.
const LOG_BYTES: i64 = 16 << 20;

/// How sure a writer is that a commit outlives a power cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sync {
    /// Each one does.
    Full,
    /// The last ones may not; the file is sound all the same.
    Normal,
}

/// Opens a file for writing, made if it is not there, and takes it through the steps it has not been through.
///
/// # Errors
/// If the file has been through more steps than there are, or the disk fails. Then it is as it was.
pub fn open(file: &Path, busy: Duration, steps: &[&str]) -> Result<Connection, StoreError> {
    let wrong = |cause| StoreError::File { file: file.to_owned(), cause };
    let mut connection = connect(file, busy, Sync::Full).map_err(wrong)?;
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
    if let Err(error) = arrange_pages(&connection) {
        // The file is sound and up to date; it only does not shrink yet. Tried again at the next start.
        tracing::warn!(%error, "the database could not be arranged to give free pages back; is the disk nearly full?");
    }
    Ok(connection)
}

/// Opens a file as every writer must: write-ahead log, whose size is bounded.
pub(crate) fn connect(file: &Path, busy: Duration, sync: Sync) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(busy)?;
    // In an empty file this holds from the first page on, so it comes before anything that writes one. Where it holds
    // already, saying it again would be a commit.
    if !gives_back_pages(&connection)? {
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    connection.pragma_update(None, "synchronous", if sync == Sync::Full { "FULL" } else { "NORMAL" })?;
    Ok(connection)
}

/// How many steps a file has been through.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn take(connection: &mut Connection, step: &str, version: u32) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(step)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}

fn gives_back_pages(connection: &Connection) -> rusqlite::Result<bool> {
    const INCREMENTAL: u32 = 2;
    connection.pragma_query_value(None, "auto_vacuum", |row| row.get::<_, u32>(0)).map(|found| found == INCREMENTAL)
}

/// Files of the first version cannot give pages back until they are written anew, once.
fn arrange_pages(connection: &Connection) -> rusqlite::Result<()> {
    if gives_back_pages(connection)? { Ok(()) } else { connection.execute_batch("VACUUM") }
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

/// The file whose name is longer by `suffix`.
pub(crate) fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
