//! Reading connections, kept for the next question.
//!
//! Invariant: a reader never writes, and never keeps the writer waiting.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};

/// How many connections are kept while nobody asks.
const KEPT: usize = 4;

/// Reading connections of one file.
#[derive(Debug)]
pub(crate) struct Readers {
    file: PathBuf,
    busy: Duration,
    idle: Mutex<Vec<Connection>>,
    told: AtomicBool,
}

impl Readers {
    pub(crate) fn new(file: PathBuf, busy: Duration) -> Self {
        Self { file, busy, idle: Mutex::new(Vec::new()), told: AtomicBool::new(false) }
    }

    /// Reads what is committed. A connection that failed is not used again.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let idle = self.idle.lock().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => open(&self.file, self.busy)?,
        };
        let found = read(&connection)?;
        let mut idle = self.idle.lock();
        if idle.len() < KEPT {
            idle.push(connection);
        }
        Ok(found)
    }

    /// Closes the connections that nobody uses.
    pub(crate) fn close(&self) {
        self.idle.lock().clear();
    }

    /// Tells the log, the first time, that rows of the journal are damaged.
    pub(crate) fn found_damaged(&self, n: usize) {
        if n > 0 && !self.told.swap(true, Ordering::Relaxed) {
            tracing::warn!(rows = n, "entries of the journal are damaged and were left out, wholly or in part");
        }
    }
}

/// Opens a file for reading only.
pub(crate) fn open(file: &std::path::Path, busy: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(busy)?;
    Ok(connection)
}
