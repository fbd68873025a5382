//! The thread that records: gathers a little less than a second of each device, appends it to the device's segment,
//! ends segments, deletes the oldest.
//!
//! Invariant: a block is in the file whole or not at all, but for a process or a disk that dies meanwhile; what was cut
//! off then is never written behind.
//! Invariant: only what is past the budget, or was asked to be forgotten, is deleted; a full disk deletes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::store::recordings::active::{Active, remove};
use crate::store::recordings::catalogue::{Catalogue, Segment, Writing};
use crate::store::recordings::queue::Job;
use crate::store::recordings::segment::{SEGMENT_BYTES, SEGMENT_US, Table};
use crate::store::recordings::shared::Shared;
use crate::store::writer::Health;

/// How long pictures are gathered: with the time until they get here, they are on disk within a second.
const GATHER: Duration = Duration::from_millis(700);
/// How long after a failure nothing is tried.
const PAUSE: Duration = Duration::from_secs(5);
/// Files that are kept: of so many, names and sizes fit into a little memory.
pub const MAX_FILES: usize = 100_000;
/// Files that are held open for writing; beyond that each block opens its own.
const MAX_OPEN: usize = 128;
/// A clock that is set back by less goes on being counted upwards, us.
const JITTER_US: i64 = 1_000_000;
/// Names that are tried for a new segment.
const NAMES: i64 = 100;

/// The thread's own state.
pub(super) struct Recorder<'a> {
    shared: &'a Shared,
    root: PathBuf,
    active: BTreeMap<DeviceId, Active>,
    /// Devices with pictures that are in no file.
    open: BTreeSet<DeviceId>,
    due: Option<Instant>,
    failing: Option<String>,
    not_before: Option<Instant>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(shared: &'a Shared, root: PathBuf) -> Self {
        Self {
            shared,
            root,
            active: BTreeMap::new(),
            open: BTreeSet::new(),
            due: None,
            failing: None,
            not_before: None,
        }
    }

    /// Records until the recordings are closed.
    pub(super) fn run(mut self) {
        let found = Catalogue::load(&self.root);
        *self.shared.catalogue.lock() = found;
        self.shared.loaded.notify_all();
        loop {
            let (jobs, budget, flushes, last) = self.wait();
            for job in jobs {
                match job {
                    Job::Frame(device, frame) => self.take(device, &frame),
                    Job::Forget(device) => self.forget(&device),
                }
            }
            let asked = last || flushes.is_some();
            if asked || self.due.is_some_and(|due| due <= Instant::now()) {
                self.write_all();
            }
            if last {
                let devices: Vec<_> = self.active.keys().cloned().collect();
                devices.iter().for_each(|device| self.end_segment(device));
            }
            self.trim(budget);
            let mut queue = self.shared.queue.lock();
            queue.flushed = flushes.unwrap_or(queue.flushed);
            queue.health = self.failing.clone().map_or(Health::Good, |why| Health::Failing { why });
            queue.closed = last;
            let too_late = if last { queue.take().len() } else { 0 };
            drop(queue);
            self.shared.dropped.fetch_add(too_late as u64, Ordering::Relaxed);
            self.shared.changed.notify_all();
            if last {
                return;
            }
        }
    }

    /// Waits until there is something to do: jobs, the budget, whether somebody flushes, whether it is the last time.
    fn wait(&self) -> (std::collections::VecDeque<Job>, u64, Option<u64>, bool) {
        let mut queue = self.shared.queue.lock();
        while !queue.asks() && self.due.is_none_or(|due| due > Instant::now()) {
            match self.due {
                Some(due) => drop(self.shared.changed.wait_until(&mut queue, due)),
                None => self.shared.changed.wait(&mut queue),
            }
        }
        let flushes = (queue.flushes != queue.flushed).then_some(queue.flushes);
        (queue.take(), queue.budget, flushes, queue.closing)
    }

    /// Gathers a picture.
    fn take(&mut self, device: DeviceId, frame: &ThermalFrame) {
        let wall_us = frame.wall.as_microsecond();
        let mut catalogue = self.shared.catalogue.lock();
        let recording = catalogue.recording(&device);
        let us = match recording.newest_us {
            Some(newest) if wall_us <= newest && newest - wall_us < JITTER_US => newest + 1,
            _ => wall_us,
        };
        if !recording.open.takes(frame.size, us) {
            drop(catalogue);
            self.write(&device);
            catalogue = self.shared.catalogue.lock();
        }
        let recording = catalogue.recording(&device);
        recording.open.add(frame, us);
        recording.newest_us = Some(us);
        drop(catalogue);
        self.due.get_or_insert_with(|| Instant::now() + GATHER);
        self.open.insert(device);
    }

    fn write_all(&mut self) {
        self.due = None;
        for device in std::mem::take(&mut self.open) {
            self.write(&device);
        }
    }

    /// Writes what was gathered of a device; readers see it all the time. While the disk fails it is dropped.
    fn write(&mut self, device: &DeviceId) {
        let mut catalogue = self.shared.catalogue.lock();
        let recording = catalogue.recording(device);
        let Some(span_us) = recording.open.span_us() else { return };
        let (count, block) = (recording.open.count(), Arc::new(recording.open.bytes()));
        recording.open.clear();
        recording.writing = Some(Writing { block: Arc::clone(&block), span_us });
        drop(catalogue);
        let written = match self.not_before {
            Some(pause) if pause > Instant::now() => Err(None),
            _ => self.append(device, span_us, &block).map_err(Some),
        };
        match written {
            Ok(()) => {
                self.shared.written.fetch_add(block.len() as u64, Ordering::Relaxed);
                (self.failing, self.not_before) = (None, None);
            }
            Err(error) => {
                self.shared.dropped.fetch_add(u64::from(count), Ordering::Relaxed);
                if let Some(error) = error {
                    self.failed(error.to_string());
                }
            }
        }
        self.shared.catalogue.lock().recording(device).writing = None;
    }

    fn failed(&mut self, why: String) {
        if self.failing.is_none() {
            tracing::warn!(why, "thermal pictures are not recorded");
        }
        (self.failing, self.not_before) = (Some(why), Some(Instant::now() + PAUSE));
    }

    /// Appends a block to the device's segment, to a new one if that is full, past its time, or ahead of it.
    fn append(&mut self, device: &DeviceId, span_us: (i64, i64), block: &[u8]) -> io::Result<()> {
        let goes_on = self.active.get(device).is_some_and(|active| {
            active.len + block.len() as u64 <= SEGMENT_BYTES
                && active.table.last_us().is_none_or(|last_us| last_us <= span_us.0)
                && span_us.0.saturating_sub(active.start_us) < SEGMENT_US
        });
        if !goes_on {
            self.end_segment(device);
            let active = self.begin_segment(device, span_us.0)?;
            self.active.insert(device.clone(), active);
        }
        let n_open = self.active.values().filter(|active| active.file.is_some()).count();
        let Some(active) = self.active.get_mut(device) else { return Ok(()) };
        let at = active.len;
        let written = active.write(block);
        if n_open >= MAX_OPEN {
            active.file = None;
        }
        let mut catalogue = self.shared.catalogue.lock();
        if let Err(error) = written {
            // What is there of it is cut off, or recognised by its checksum.
            let len = active.cut(at);
            catalogue.resized(device, active.start_us, len);
            drop(catalogue);
            self.end_without_index(device);
            return Err(error);
        }
        let told = Arc::make_mut(&mut active.table).push(span_us, at, block.len());
        debug_assert!(told, "the segment goes on with this block");
        catalogue.resized(device, active.start_us, active.len);
        if let Some(segment) = catalogue.recording(device).segments.get_mut(&active.start_us) {
            (segment.last_us, segment.table) = (Some(span_us.1), Some(Arc::clone(&active.table)));
        }
        Ok(())
    }

    /// Makes a file for pictures from `first_us` on. If there is one of that name, that of a clock set back, the new one
    /// counts as begun a little before.
    fn begin_segment(&self, device: &DeviceId, first_us: i64) -> io::Result<Active> {
        for start_us in (0..NAMES).map(|n| first_us.saturating_sub(n)) {
            let path = self.shared.catalogue.lock().file(device, start_us);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            match OpenOptions::new().append(true).create_new(true).open(&path) {
                Ok(file) => {
                    let mut catalogue = self.shared.catalogue.lock();
                    let table = Arc::new(Table::new(start_us));
                    let segment = Segment { bytes: 0, last_us: None, table: Some(Arc::clone(&table)) };
                    catalogue.insert(device, start_us, segment);
                    return Ok(Active { start_us, path, file: Some(file), len: 0, table });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Ends a device's segment with its index. Without one, readers look at the whole file.
    fn end_segment(&mut self, device: &DeviceId) {
        let Some(active) = self.active.get_mut(device) else { return };
        let (index, at) = (active.table.index(), active.len);
        let len = if active.write(&index).is_ok() { active.len } else { active.cut(at) };
        self.shared.catalogue.lock().resized(device, active.start_us, len);
        self.end_without_index(device);
    }

    /// Lets a segment be; an empty one is removed.
    fn end_without_index(&mut self, device: &DeviceId) {
        let Some(Active { start_us, path, len, .. }) = self.active.remove(device) else { return };
        let removed = len == 0 && remove(&path).is_ok();
        let mut catalogue = self.shared.catalogue.lock();
        if removed {
            catalogue.remove(device, start_us);
        } else if let Some(segment) = catalogue.recording(device).segments.get_mut(&start_us) {
            segment.table = None;
        }
    }

    /// Deletes the oldest segments, of whichever device, until the rest is within the budget.
    fn trim(&mut self, budget: u64) {
        loop {
            let catalogue = self.shared.catalogue.lock();
            if catalogue.bytes <= budget && catalogue.files <= MAX_FILES {
                return;
            }
            let Some((device, start_us)) = catalogue.oldest() else { return };
            let path = catalogue.file(&device, start_us);
            drop(catalogue);
            if self.active.get(&device).is_some_and(|active| active.start_us == start_us) {
                self.active.remove(&device);
            }
            if let Err(error) = remove(&path) {
                return self.failed(format!("{} cannot be deleted: {error}", path.display()));
            }
            self.shared.catalogue.lock().remove(&device, start_us);
            self.shared.tables.forget(&device, Some(start_us));
        }
    }

    /// Deletes all that is recorded of a device.
    fn forget(&mut self, device: &DeviceId) {
        self.active.remove(device);
        self.open.remove(device);
        let files: Vec<_> = {
            let mut catalogue = self.shared.catalogue.lock();
            let starts: Vec<_> = catalogue.recording(device).segments.keys().copied().collect();
            starts.into_iter().map(|start_us| (start_us, catalogue.file(device, start_us))).collect()
        };
        for (start_us, file) in &files {
            match remove(file) {
                Ok(()) => self.shared.catalogue.lock().remove(device, *start_us),
                Err(error) => tracing::warn!(file = %file.display(), %error, "a recording cannot be deleted"),
            }
        }
        let mut catalogue = self.shared.catalogue.lock();
        catalogue.recordings.retain(|known, recording| known != device || !recording.segments.is_empty());
        drop(catalogue);
        self.shared.tables.forget(device, None);
        // It stays if something else lies in it.
        files.first().and_then(|(_, file)| file.parent()).map(fs::remove_dir);
    }
}
