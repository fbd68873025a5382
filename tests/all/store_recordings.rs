//! Recordings: any picture comes back, whatever happens to the files, and what is over the budget goes, oldest first.

mod codec;
mod files;
mod scrub;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::ThermalFrame;
use hearthlight::store::recordings::Recordings;
use hearthlight::units::grid::Size;
use jiff::{SignedDuration, Timestamp};

/// 2026-03-01T12:00:00Z, us since 1970.
const NOON: i64 = 1_772_366_400_000_000;
const SECOND: i64 = 1_000_000;
const ROOMY: u64 = 1 << 40;

fn time(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).expect("a time")
}

fn id(name: &str) -> DeviceId {
    DeviceId::new(name)
}

/// A picture of 8 x 4 cells, all of which show `celsius`, but for a slope of 0.1 K a cell.
fn frame(sequence: u64, us: i64, celsius: f32) -> Arc<ThermalFrame> {
    let mut frame = ThermalFrame::blank();
    let cells = frame.begin(Size::new(8, 4).expect("a size"));
    cells.iter_mut().enumerate().for_each(|(n, cell)| *cell = celsius + n as f32 / 10.0);
    (frame.sequence, frame.wall, frame.calibrated) = (sequence, time(us), true);
    frame.measure();
    Arc::new(frame)
}

/// A folder, and recordings in it.
struct Bench {
    folder: tempfile::TempDir,
    recordings: Recordings,
}

impl Bench {
    fn new(budget: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let recordings = Recordings::open(folder.path(), budget).expect("a thread");
        Self { folder, recordings }
    }

    /// Ends the program and starts it again; `how` is what happens to the files meanwhile.
    fn restart(&mut self, how: impl FnOnce(&Path)) {
        self.recordings.close();
        how(self.folder.path());
        self.recordings = Recordings::open(self.folder.path(), ROOMY).expect("a thread");
    }

    /// Records pictures of a device at these times, written a second at a time; each shows its number.
    fn fill(&self, device: &str, times: impl IntoIterator<Item = i64>) {
        let mut last = i64::MIN;
        for (n, us) in (1..).zip(times) {
            if us.div_euclid(SECOND) != last {
                self.recordings.flush();
                last = us.div_euclid(SECOND);
            }
            self.recordings.record(vec![(id(device), frame(n, us, n as f32 / 10.0))]);
        }
        self.recordings.flush();
    }

    /// Times of all pictures of a device, us since 1970.
    fn times(&self, device: &str) -> Vec<i64> {
        let frames = self.recordings.frames(&id(device), time(NOON - 86_400 * SECOND), time(NOON + 86_400 * SECOND));
        frames.map(|frame| frame.wall.as_microsecond()).collect()
    }
}

/// All segments in a folder, by name.
fn segments(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for device in std::fs::read_dir(folder).expect("readable").flatten() {
        found.extend(std::fs::read_dir(device.path()).into_iter().flatten().flatten().map(|file| file.path()));
    }
    found.sort();
    found
}

fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}
