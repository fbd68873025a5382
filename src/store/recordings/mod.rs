//! Thermal pictures as they were seen, so that any of them can be shown again.
//!
//! ```text
//!  record ──▶ queue (bounded) ──▶ recorder thread ──▶ recordings/thermal/<device>/<start, UTC>.heat
//!                                   └ a second of each device            │
//!  at(), cell(), frames() … ◀─────┴────────────────────────────────────┘
//! ```
//!
//! Temperatures are kept to 0.01 K. All recordings share one budget; beyond it the oldest segment goes, whichever
//! device it is of. What is left out of pictures (masks) is not recorded: every cell that has a value is.
//!
//! Invariant: nobody who records waits for the disk; what finds no room is counted.
//! Invariant: a process killed at any moment loses at most a second of pictures; what was cut off is recognised and
//! skipped, and never written behind.

mod active;
pub mod bins;
pub mod block;
pub mod builder;
mod catalogue;
pub mod checksum;
pub mod frames;
pub mod head;
pub mod header;
mod queue;
mod reader;
mod recorder;
pub mod rows;
pub mod segment;
mod shared;
mod tables;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;

use jiff::Timestamp;
use parking_lot::Mutex;

use crate::model::history::Point;
use crate::model::recording::{CellSpan, MAX_AGE_S, Recorded};
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::store::recordings::bins::Bins;
use crate::store::recordings::frames::Frames;
use crate::store::recordings::recorder::Recorder;
use crate::store::recordings::shared::Shared;
use crate::store::writer::Health;

/// The recorder's near end: ends the thread when it is dropped.
#[derive(Debug)]
struct Thread {
    shared: Arc<Shared>,
    handle: Mutex<Option<JoinHandle<()>>>,
}

impl Thread {
    fn close(&self) {
        self.shared.queue.lock().closing = true;
        self.shared.changed.notify_all();
        let handle = self.handle.lock().take();
        // The thread does not panic; if it did, its files are as after a kill.
        drop(handle.map(JoinHandle::join));
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.close();
    }
}

/// A handle on the recordings. Cheap to clone; the last one dropped closes them.
#[derive(Clone, Debug)]
pub struct Recordings {
    shared: Arc<Shared>,
    thread: Arc<Thread>,
}

impl Recordings {
    /// Opens the recordings in a folder, which is made with the first picture; they may take `budget` bytes.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn open(folder: &Path, budget: u64) -> io::Result<Self> {
        let shared = Arc::new(Shared::new(folder, budget));
        let (far_end, root) = (Arc::clone(&shared), folder.to_owned());
        let run = move || Recorder::new(&far_end, root).run();
        let handle = std::thread::Builder::new().name("recorder".to_owned()).spawn(run)?;
        let thread = Arc::new(Thread { shared: Arc::clone(&shared), handle: Mutex::new(Some(handle)) });
        Ok(Self { shared, thread })
    }

    /// Records pictures, each device's in order of time. Never waits: what finds no room is counted.
    pub fn record(&self, frames: Vec<(DeviceId, Arc<ThermalFrame>)>) {
        if frames.is_empty() {
            return;
        }
        let dropped = self.shared.queue.lock().record(frames);
        self.count_dropped(dropped);
        self.shared.changed.notify_all();
    }

    /// Counts pictures that were gone before they could be handed over.
    pub fn count_dropped(&self, n: u64) {
        self.shared.dropped.fetch_add(n, Ordering::Relaxed);
    }

    /// Deletes what is recorded of a device up to now.
    pub fn forget(&self, device: DeviceId) {
        self.shared.queue.lock().forget(device);
        self.shared.changed.notify_all();
    }

    /// Sets what all recordings may take, bytes, from now on.
    pub fn set_budget(&self, bytes: u64) {
        let mut queue = self.shared.queue.lock();
        if std::mem::replace(&mut queue.budget, bytes) != bytes {
            queue.trim = true;
            self.shared.changed.notify_all();
        }
    }

    /// When the first picture of a device behind an instant was taken, to the microsecond. Blocks; for reader threads.
    #[must_use]
    pub fn after(&self, device: &DeviceId, at: Timestamp) -> Option<Timestamp> {
        let found = self.shared.oldest(device, at.as_microsecond(), i64::MAX)?;
        Timestamp::from_microsecond(found.us).ok()
    }

    /// When the last picture of a device before an instant was taken, to the microsecond. Blocks; for reader threads.
    #[must_use]
    pub fn before(&self, device: &DeviceId, at: Timestamp) -> Option<Timestamp> {
        let found = self.shared.newest(device, at.as_microsecond().saturating_sub(1), i64::MIN)?;
        Timestamp::from_microsecond(found.us).ok()
    }

    /// The newest picture of each device then or before, none older than [`MAX_AGE_S`]. Their
    /// [`at`](ThermalFrame::at) is zero: it is a time of another run. Blocks; for reader threads.
    #[must_use]
    pub fn at(&self, at: Timestamp) -> BTreeMap<DeviceId, Arc<ThermalFrame>> {
        let us = at.as_microsecond();
        let floor_us = us.saturating_sub(MAX_AGE_S * 1_000_000 + 1);
        let devices: Vec<_> = self.shared.catalogue().recordings.keys().cloned().collect();
        let newest = |device: &DeviceId| self.shared.newest(device, us, floor_us)?.frame();
        devices.into_iter().filter_map(|device| newest(&device).map(|frame| (device, Arc::new(frame)))).collect()
    }

    /// What one cell showed over time, thinned. Blocks; for reader threads.
    #[must_use]
    pub fn cell(&self, span: &CellSpan) -> Vec<Point> {
        let mut bins = Bins::new(span.from, span.to, span.points);
        self.cell_into(span, &mut bins);
        bins.points()
    }

    /// As [`Self::cell`], into `bins`.
    pub fn cell_into(&self, span: &CellSpan, bins: &mut Bins) {
        let to_us = span.to.as_microsecond();
        let mut last_us = span.from.as_microsecond().saturating_sub(1);
        while let Some(found) = self.shared.oldest(&span.device, last_us, to_us.saturating_add(1)) {
            let after_us = last_us;
            found.block.each_of(span.cell as usize, |us, value| {
                if us > after_us {
                    bins.add(us, value);
                }
            });
            last_us = found.block.heads().last().map_or(found.us, |head| head.us);
        }
    }

    /// The pictures of a device from an instant up to another, in order of time, read as they are asked for: a block at
    /// a time is in memory. What is deleted meanwhile is left out. Blocks; for reader threads.
    #[must_use]
    pub fn frames(&self, device: &DeviceId, from: Timestamp, to: Timestamp) -> Frames {
        let (last_us, to_us) = (from.as_microsecond().saturating_sub(1), to.as_microsecond());
        Frames { shared: Arc::clone(&self.shared), device: device.clone(), last_us, to_us, block: None }
    }

    /// How much is recorded. Blocks; for reader threads.
    #[must_use]
    pub fn recorded(&self) -> Recorded {
        let newest = self.shared.newest_of_all();
        let catalogue = self.shared.catalogue();
        let in_files = catalogue.oldest().map(|(_, start_us)| start_us);
        let in_memory = catalogue.recordings.values().filter_map(|recording| recording.open.span_us());
        let oldest = in_files.into_iter().chain(in_memory.map(|(first_us, _)| first_us)).min();
        let time = |us: Option<i64>| us.and_then(|us| Timestamp::from_microsecond(us).ok());
        Recorded { oldest: time(oldest), newest: time(newest), bytes: catalogue.bytes, dropped: self.dropped() }
    }

    /// The newest picture of a device that was handed over in this run and is gathered or written.
    #[must_use]
    pub fn newest(&self, device: &DeviceId) -> Option<Timestamp> {
        let newest_us = self.shared.catalogue().recordings.get(device)?.newest_us?;
        Timestamp::from_microsecond(newest_us).ok()
    }

    /// Devices of which pictures were handed over in this run, but for those forgotten since.
    #[must_use]
    pub fn devices(&self) -> Vec<DeviceId> {
        let catalogue = self.shared.catalogue();
        let recorded = catalogue.recordings.iter().filter(|(_, recording)| recording.newest_us.is_some());
        recorded.map(|(device, _)| device.clone()).collect()
    }

    /// Pictures that were lost since the recordings were opened: they came too fast, or the disk was too slow or failed.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
    }

    /// Bytes of pictures written since the recordings were opened.
    #[must_use]
    pub fn written_bytes(&self) -> u64 {
        self.shared.written.load(Ordering::Relaxed)
    }

    /// Whether writing works.
    #[must_use]
    pub fn health(&self) -> Health {
        self.shared.queue.lock().health.clone()
    }

    /// Waits until everything handed over before this call is written or lost. Blocks; not for async code.
    pub fn flush(&self) {
        let mut queue = self.shared.queue.lock();
        queue.flushes += 1;
        let mine = queue.flushes;
        self.shared.changed.notify_all();
        while queue.flushed < mine && !queue.closed {
            self.shared.changed.wait(&mut queue);
        }
    }

    /// Writes what is left and ends all files. Blocks; what is recorded later is lost, and counted.
    pub fn close(&self) {
        self.thread.close();
    }
}
