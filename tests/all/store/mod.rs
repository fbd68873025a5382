//! The store: what was saved is there after reopening, whatever came between.

mod alarms;
mod backup;
mod bridge;
mod devices;
mod drawn;
mod examine;
mod journal;
mod lights;
mod upgrade;

use std::path::{Path, PathBuf};
use std::time::Duration;

use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::{Choice, PixelMeaning};
use hearthlight::store::records::{CalibrationKey, CalibrationRecord, DeviceRecord};
use hearthlight::store::{Patience, Store};
use hearthlight::units::grid::{Mounting, Size};
use jiff::Timestamp;
use tempfile::TempDir;

/// Gathers until flushed or closed, and gives up on a held file at once: no test waits.
const STILL: Patience = Patience { gather: Duration::from_secs(3600), busy: Duration::ZERO };

fn open(file: &Path) -> Store {
    Store::open(file, STILL, |_| {}).expect("opens")
}

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("hearthlight.db");
    (folder, file)
}

fn device(id: &str, name: &str) -> DeviceRecord {
    DeviceRecord {
        id: DeviceId::new(id),
        owner: format!("serial:{id}"),
        location: "hall".to_owned(),
        name: name.to_owned(),
        place: "Ground floor".to_owned(),
        accepted: true,
        line_end: Some("lf".to_owned()),
        choice: Choice {
            meaning: Some(PixelMeaning::Custom { scale: 0.01, offset: -273.15 }),
            size: Size::new(8, 8),
            mounting: Mounting { quarter_turns: 3, mirror: true },
            ..Choice::default()
        },
        last_seen: "2026-03-01T10:02:00.123456789Z".parse().expect("a time"),
    }
}

fn calibration(owner: &str, words: Vec<u16>) -> CalibrationRecord {
    let key = CalibrationKey { owner: owner.to_owned(), location: "hall".to_owned() };
    CalibrationRecord { key, words, received: Timestamp::UNIX_EPOCH }
}

/// A minute of the year 2026, for times that are easy to read.
fn minute(n: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + 60 * n).expect("a time")
}
