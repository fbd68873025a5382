//! What is kept over restarts, in one SQLite file: devices, calibrations, what was learned, regions, bookmarks, lights with
//! their rooms, scenes and connections, the Hue bridge, rules, alarms and their journal, history, layouts, the master
//! stop. Beside it, thermal pictures in files of their own: [`recordings`].
//!
//! ```text
//!  note, save, record ──▶ queue (bounded) ──▶ writer thread ──▶ hearthlight.db (WAL)
//!  devices(), journal(), history() … ◀── reading connections of their own ◀──┘
//! ```
//!
//! Invariant: nobody who saves waits for the disk. What was saved is committed within a second, what was noted at once,
//! or the store's [`Health`](writer::Health) says why not, and it is tried again.
//! Invariant: a process killed at any moment loses at most that second and leaves a sound file.
//!
//! To add one: a record with its [`Change`](records::Change)s in [`records`] and its rows in `rows`, a step in
//! [`schema::STEPS`], and a pair of methods here.

pub mod backup;
mod disk;
pub mod examine;
pub mod history;
pub mod journal;
pub mod queue;
mod readers;
pub mod recordings;
pub mod records;
mod rows;
pub mod schema;
pub mod writer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;

use crate::model::alarms::journal::{Entry, Filter, Page};
use crate::model::history::{Extent, Series, Span};
use crate::model::learned::Learned;
use crate::model::sensors::{DeviceId, Introduced};
use crate::model::system::Stopped;
use crate::model::thermal::Bookmark;
use crate::model::thermal::region::Regions;
use crate::store::readers::Readers;
use crate::store::records::{
    AlarmRecord, BridgeChange, Budget, CalibrationKey, CalibrationRecord, Change, DeviceRecord, Kept, KeptBridge,
    KeptLights, LightsChange, Noted, Reading,
};
use crate::store::writer::{Health, Writer};

/// Why the store does not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A newer Hearthlight wrote the file.
    #[error("{} is of version {found}, this Hearthlight knows {known}. Install the newer one again, or use another folder (--data).", .file.display())]
    Newer {
        /// Which file.
        file: PathBuf,
        /// The file's version.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// The file cannot be opened, read or upgraded.
    #[error("{}: {cause}. Check the disk and who owns the file; if it is damaged, move it away.", .file.display())]
    File {
        /// Which file.
        file: PathBuf,
        /// What SQLite says.
        cause: rusqlite::Error,
    },
    /// The copy that is made before an upgrade cannot be made.
    #[error("{}: no copy could be made before the upgrade: {why}. Is the disk full?", .file.display())]
    NoCopy {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        why: String,
    },
    /// Nothing is written at the moment.
    #[error("not saved: {why}")]
    Unsaved {
        /// What SQLite says.
        why: String,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}

/// How patient the store is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// How long changes are gathered before they are written, 1 s at most.
    pub gather: Duration,
    /// How long another program may hold the file before a write counts as failed.
    pub busy: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { gather: Duration::from_millis(500), busy: Duration::from_secs(3) }
    }
}

/// A handle on the store. Cheap to clone; the last one dropped closes it.
#[derive(Clone, Debug)]
pub struct Store {
    file: Arc<PathBuf>,
    // Before the writer: the last connection that is closed writes the log into the file.
    readers: Arc<Readers>,
    writer: Arc<Writer>,
}

impl Store {
    /// Opens the file, makes it if it is not there, and brings it up to date. `on_health` hears, on the writer's
    /// thread, when writing begins to fail and when it works again: once each.
    ///
    /// # Errors
    /// If the file is newer than we are, damaged, or not writable.
    pub fn open(
        file: &Path,
        patience: Patience,
        on_health: impl Fn(&Health) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let writer = Arc::new(Writer::start(file.to_owned(), patience, Box::new(on_health))?);
        let readers = Arc::new(Readers::new(file.to_owned(), patience.busy));
        Ok(Self { file: Arc::new(file.to_owned()), readers, writer })
    }

    /// Keeps a device, in place of what was kept under its id.
    pub fn save_device(&self, device: DeviceRecord) {
        self.writer.put(Change::Device(device));
    }

    /// Keeps a calibration, in place of what was kept under its key.
    pub fn save_calibration(&self, calibration: CalibrationRecord) {
        self.writer.put(Change::Calibration(calibration));
    }

    /// Keeps what happened to alarms: journal entries and the state they led to, in one transaction, each commit synced.
    /// Written at once, not gathered; nobody waits for it.
    pub fn note(&self, noted: Noted) {
        self.writer.note(noted);
    }

    /// Keeps what was learned of a device.
    pub fn save_learned(&self, device: DeviceId, learned: Arc<Learned>) {
        self.writer.put(Change::Learned(device, learned));
    }

    /// Keeps what a location was introduced as; `None` forgets it.
    pub fn save_introduced(&self, location: Arc<str>, as_what: Option<Introduced>) {
        self.writer.put(Change::Introduced(location, as_what));
    }

    /// Keeps the regions of a device, in place of those kept before; none forgets them.
    pub fn save_regions(&self, device: DeviceId, regions: Arc<Regions>) {
        self.writer.put(Change::Regions(device, regions));
    }

    /// Keeps a bookmark.
    pub fn save_bookmark(&self, bookmark: Arc<Bookmark>) {
        self.writer.put(Change::Bookmark(bookmark));
    }

    /// Forgets a bookmark.
    pub fn forget_bookmark(&self, id: u64) {
        self.writer.put(Change::ForgetBookmark(id));
    }

    /// Keeps a layout, in place of what was kept under its name; `None` forgets it.
    pub fn save_layout(&self, name: Arc<str>, body: Option<Arc<str>>) {
        self.writer.put(Change::Layout(name, body));
    }

    /// Keeps something about lights, in place of what was kept of it.
    pub fn save_lights(&self, change: LightsChange) {
        self.writer.put(Change::Lights(change));
    }

    /// Keeps something about the Hue bridge, in place of what was kept of it.
    pub fn save_bridge(&self, change: BridgeChange) {
        self.writer.put(Change::Bridge(change));
    }

    /// Keeps that the master stop holds, or that it does not.
    pub fn save_stopped(&self, stopped: Option<Stopped>) {
        self.writer.put(Change::Stopped(stopped));
    }

    /// Appends readings to history. Never waits: what finds no room is counted.
    pub fn record(&self, readings: Vec<Reading>) {
        self.writer.record(readings);
    }

    /// Sets what history and journal may take, from now on.
    pub fn set_budget(&self, budget: Budget) {
        self.writer.set_budget(budget);
    }

    /// Rules, alarms, shelves and devices out of service, as committed.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn alarms(&self) -> Result<Kept<AlarmRecord>, StoreError> {
        self.read(rows::alarms::alarms)
    }

    /// What was learned, by device, as committed.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn learned(&self) -> Result<Kept<(DeviceId, Learned)>, StoreError> {
        self.read(rows::learned::learned)
    }

    /// Introduced locations, as committed.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn introduced(&self) -> Result<Kept<(Arc<str>, Introduced)>, StoreError> {
        self.read(rows::devices::introduced)
    }

    /// Regions, by device, as committed.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn regions(&self) -> Result<Kept<(DeviceId, Regions)>, StoreError> {
        self.read(rows::thermal::regions)
    }

    /// Bookmarks, by number, as committed, and the highest number that was ever given out.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn bookmarks(&self) -> Result<(Kept<Bookmark>, u64), StoreError> {
        self.read(rows::thermal::bookmarks)
    }

    /// Layouts, by name, as committed.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn layouts(&self) -> Result<BTreeMap<Arc<str>, Arc<str>>, StoreError> {
        self.read(rows::program::layouts)
    }

    /// Lights with all that belongs to them, as committed. None answers yet.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn lights(&self) -> Result<KeptLights, StoreError> {
        self.read(rows::lights::lights)
    }

    /// The Hue bridge, as committed.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn bridge(&self) -> Result<KeptBridge, StoreError> {
        self.read(rows::bridge::bridge)
    }

    /// The master stop as committed: no record if it does not hold. One that is damaged does.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn stopped(&self) -> Result<Kept<Stopped>, StoreError> {
        self.read(rows::program::stopped)
    }

    /// A page of the journal. A row that cannot be read is left out, and the log tells of it once. Blocks; for reader
    /// threads.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn journal(&self, filter: &Filter) -> Result<Page, StoreError> {
        let (page, n_damaged) = self.read(|from| journal::page(from, filter))?;
        self.readers.found_damaged(n_damaged);
        Ok(page)
    }

    /// One entry of the journal with its picture. Blocks; for reader threads.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn entry(&self, seq: u64) -> Result<Option<Entry>, StoreError> {
        self.read(|from| journal::entry(from, seq))
    }

    /// What a channel showed over time. Blocks; for reader threads.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn history(&self, span: &Span) -> Result<Series, StoreError> {
        self.read(|from| history::series(from, span))
    }

    /// How much history there is. Blocks; for reader threads.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn extent(&self) -> Result<Extent, StoreError> {
        self.read(history::extent)
    }

    /// Forgets a device, its regions and what was learned of it. Its calibration stays until [`Self::forget_calibration`].
    pub fn forget_device(&self, id: DeviceId) {
        self.writer.put(Change::ForgetDevice(id));
    }

    /// Forgets a calibration.
    pub fn forget_calibration(&self, key: CalibrationKey) {
        self.writer.put(Change::ForgetCalibration(key));
    }

    /// All devices as committed, by id.
    ///
    /// # Errors
    /// If the file cannot be read. A single damaged row is reported in the answer instead.
    pub fn devices(&self) -> Result<Kept<DeviceRecord>, StoreError> {
        self.read(rows::devices::devices)
    }

    /// All calibrations as committed, by key.
    ///
    /// # Errors
    /// If the file cannot be read. A single damaged row is skipped and reported in the answer instead.
    pub fn calibrations(&self) -> Result<Kept<CalibrationRecord>, StoreError> {
        self.read(rows::devices::calibrations)
    }

    /// Waits until everything saved before this call is committed. Blocks; not for async code.
    ///
    /// # Errors
    /// If writing fails; it is still tried again later.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.writer.flush()
    }

    /// Writes what is left and closes the file. Blocks; later calls change nothing.
    ///
    /// # Errors
    /// If what was left could not be written.
    pub fn close(&self) -> Result<(), StoreError> {
        self.readers.close();
        self.writer.close()
    }

    /// Whether writing works.
    #[must_use]
    pub fn health(&self) -> Health {
        self.writer.health()
    }

    /// Changes, entries, pictures of entries and readings that found no room in the queue since the store was opened:
    /// only possible while the disk fails, or is too slow, for long.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.writer.lost()
    }

    /// Bytes of rows committed since the store was opened.
    #[must_use]
    pub fn written_bytes(&self) -> u64 {
        self.writer.written_bytes()
    }

    /// What the file takes on the disk, its log included, bytes.
    #[must_use]
    pub fn file_bytes(&self) -> u64 {
        let size = |file: &Path| std::fs::metadata(file).map_or(0, |found| found.len());
        size(&self.file) + size(&schema::beside(&self.file, "-wal"))
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        self.readers.read(read).map_err(|cause| StoreError::File { file: self.file.to_path_buf(), cause })
    }
}
