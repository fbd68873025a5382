//! What is recorded: segments by device and time, and what is not in one yet.
//!
//! Invariant: the files listed here are all that count against the budget; a file is listed as long as it is there.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::sensors::DeviceId;
use crate::store::recordings::builder::Builder;
use crate::store::recordings::segment::{self, Table};

/// One file.
#[derive(Clone, Debug, Default)]
pub(super) struct Segment {
    /// What it takes.
    pub(super) bytes: u64,
    /// Its newest picture, us since 1970, as far as known.
    pub(super) last_us: Option<i64>,
    /// Where its blocks are, while it is being written.
    pub(super) table: Option<Arc<Table>>,
}

/// A block on its way into a file.
#[derive(Clone, Debug)]
pub(super) struct Writing {
    /// The whole block.
    pub(super) block: Arc<Vec<u8>>,
    /// Its first and its last picture, us since 1970.
    pub(super) span_us: (i64, i64),
}

/// What is recorded of one device.
#[derive(Debug, Default)]
pub(super) struct Recording {
    /// By start, us since 1970.
    pub(super) segments: BTreeMap<i64, Segment>,
    /// The second that is being gathered.
    pub(super) open: Builder,
    /// The second that is being written.
    pub(super) writing: Option<Writing>,
    /// Its newest picture in this run of the program, us since 1970.
    pub(super) newest_us: Option<i64>,
}

impl Recording {
    /// The blocks that are in no file yet and have pictures of `from_us..=to_us`, in order of time.
    pub(super) fn memory(&self, from_us: i64, to_us: i64) -> Vec<Arc<Vec<u8>>> {
        let has = |span_us: (i64, i64)| span_us.0 <= to_us && span_us.1 >= from_us;
        let writing =
            self.writing.as_ref().filter(|writing| has(writing.span_us)).map(|writing| Arc::clone(&writing.block));
        let open = self.open.span_us().filter(|span_us| has(*span_us)).map(|_| Arc::new(self.open.bytes()));
        writing.into_iter().chain(open).collect()
    }
}

/// All recordings.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    root: PathBuf,
    /// Whether the folder was looked through.
    pub(super) loaded: bool,
    /// By device.
    pub(super) recordings: BTreeMap<DeviceId, Recording>,
    /// What all files take.
    pub(super) bytes: u64,
    /// How many files there are.
    pub(super) files: usize,
}

impl Catalogue {
    /// That of a folder that was not looked through yet.
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root, ..Self::default() }
    }

    /// What lies in the folder: names and sizes; nothing is opened. What is not ours is left out.
    pub(super) fn load(root: &Path) -> Self {
        let mut found = Self { loaded: true, ..Self::new(root.to_owned()) };
        for folder in entries(root) {
            let Some(device) = folder.file_name().to_str().and_then(segment::device) else { continue };
            for file in entries(&folder.path()) {
                let Some(start_us) = file.file_name().to_str().and_then(segment::start_us) else { continue };
                let bytes = file.metadata().map_or(0, |about| about.len());
                found.insert(&device, start_us, Segment { bytes, ..Segment::default() });
            }
        }
        found
    }

    /// The file of a segment.
    pub(super) fn file(&self, device: &DeviceId, start_us: i64) -> PathBuf {
        segment::folder(&self.root, device).join(segment::name(start_us))
    }

    /// The recording of a device, begun if there is none.
    pub(super) fn recording(&mut self, device: &DeviceId) -> &mut Recording {
        if !self.recordings.contains_key(device) {
            self.recordings.insert(device.clone(), Recording::default());
        }
        self.recordings.entry(device.clone()).or_default()
    }

    /// Lists a file.
    pub(super) fn insert(&mut self, device: &DeviceId, start_us: i64, segment: Segment) {
        self.bytes += segment.bytes;
        self.files += 1;
        self.recording(device).segments.insert(start_us, segment);
    }

    /// A file grew, or was cut, to so many bytes.
    pub(super) fn resized(&mut self, device: &DeviceId, start_us: i64, bytes: u64) {
        let Some(segment) = self.recording(device).segments.get_mut(&start_us) else { return };
        let before = std::mem::replace(&mut segment.bytes, bytes);
        self.bytes = (self.bytes + bytes).saturating_sub(before);
    }

    /// A file is gone.
    pub(super) fn remove(&mut self, device: &DeviceId, start_us: i64) {
        if let Some(segment) = self.recording(device).segments.remove(&start_us) {
            self.bytes = self.bytes.saturating_sub(segment.bytes);
            self.files = self.files.saturating_sub(1);
        }
    }

    /// The segment that begins first, of all devices.
    pub(super) fn oldest(&self) -> Option<(DeviceId, i64)> {
        let first = |(device, recording): (&DeviceId, &Recording)| {
            recording.segments.first_key_value().map(|(start_us, _)| (*start_us, device.clone()))
        };
        self.recordings.iter().filter_map(first).min().map(|(start_us, device)| (device, start_us))
    }
}

/// What lies in a folder; nothing if it is not there.
fn entries(folder: &Path) -> impl Iterator<Item = fs::DirEntry> + use<> {
    let found: io::Result<fs::ReadDir> = fs::read_dir(folder);
    found.into_iter().flatten().filter_map(Result::ok)
}
