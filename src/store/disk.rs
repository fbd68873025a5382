//! The writing ends of the file: one for what must outlive a power cut, one for history.
//!
//! Invariant: after a failure the file is opened anew.

use std::path::PathBuf;

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};

use crate::store::history::Recorder;
use crate::store::journal::{self, retention};
use crate::store::queue::Batch;
use crate::store::records::{Budget, Reading};
use crate::store::schema::{self, Sync};
use crate::store::{Patience, StoreError, rows};

/// The file and how it is reached.
pub(crate) struct Disk {
    file: PathBuf,
    patience: Patience,
    synced: Option<Connection>,
    relaxed: Option<Connection>,
    recorder: Recorder,
    /// Whether the recorder has readings that could not be written.
    owes_readings: bool,
}

impl Disk {
    /// Opens the file, made if it is not there, and brings it up to date.
    pub(crate) fn open(file: PathBuf, patience: Patience) -> Result<Self, StoreError> {
        let synced = schema::open(&file, patience.busy, schema::STEPS)?;
        let mut recorder = Recorder::new();
        let relaxed = schema::connect(&file, patience.busy, Sync::Normal)
            .and_then(|connection| recorder.load(&connection).map(|()| connection))
            .map_err(|cause| StoreError::File { file: file.clone(), cause })?;
        let (synced, relaxed) = (Some(synced), Some(relaxed));
        Ok(Self { file, patience, synced, relaxed, recorder, owes_readings: false })
    }

    /// Writes a batch in one transaction: all of it or nothing. Returns the size of what was written.
    pub(crate) fn commit(&mut self, batch: &Batch) -> Result<u64, String> {
        if batch.is_empty() {
            return Ok(0);
        }
        self.with_synced(|connection| commit(connection, batch))
    }

    /// Removes some of what is past the budget and gives some free pages back. Returns how many entries went.
    pub(crate) fn tidy(&mut self, budget: &Budget) -> Result<u32, String> {
        self.with_synced(|connection| {
            let n = retention::trim(connection, budget, Timestamp::now())?;
            retention::give_back_pages(connection)?;
            Ok(n)
        })
    }

    /// Whether readings were handed over that are not written yet.
    pub(crate) fn owes_readings(&self) -> bool {
        self.owes_readings
    }

    /// Readings that history had no room for.
    pub(crate) fn readings_lost(&self) -> u64 {
        self.recorder.lost()
    }

    /// Hands readings to history and writes them. Those that could not be written are tried again with the next ones.
    pub(crate) fn record(&mut self, readings: Vec<Reading>, budget: &Budget) -> Result<u64, String> {
        self.owes_readings |= !readings.is_empty();
        self.recorder.take(readings);
        let mut connection = match self.relaxed.take() {
            Some(open) => open,
            None => schema::connect(&self.file, self.patience.busy, Sync::Normal).map_err(|error| error.to_string())?,
        };
        let now_ms = Timestamp::now().as_millisecond();
        let bytes = self.recorder.write(&mut connection, now_ms, budget).map_err(|error| error.to_string())?;
        self.owes_readings = false;
        self.relaxed = Some(connection);
        Ok(bytes)
    }

    fn with_synced<T>(&mut self, write: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> Result<T, String> {
        let mut connection = match self.synced.take() {
            Some(open) => open,
            None => schema::open(&self.file, self.patience.busy, schema::STEPS).map_err(|error| error.to_string())?,
        };
        let written = write(&mut connection).map_err(|error| error.to_string())?;
        self.synced = Some(connection);
        Ok(written)
    }
}

fn commit(connection: &mut Connection, batch: &Batch) -> rusqlite::Result<u64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut bytes = 0;
    for entry in &batch.entries {
        bytes += journal::append(entry, &transaction)?;
    }
    for change in batch.changes.values() {
        bytes += rows::write(change, &transaction)?;
    }
    transaction.commit()?;
    Ok(bytes)
}
