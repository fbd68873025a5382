//! The file of a job on its way, and what the writers of all kinds share.

use std::io::{self, Write as _};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::engine::services::exports::Desk;
use crate::engine::services::exports::progress::{Progress, Stopped};
use crate::io::draft::Draft;
use crate::model::exports::{ChartForm, PictureForm, Standing};
use crate::model::sensors::DeviceId;
use crate::model::snapshot::Snapshot;
use crate::store::Store;
use crate::units::slug::slug;

/// Bytes written between two looks whether the job is still wanted.
const CHUNK: usize = 64 << 10;

/// What people call a device.
pub(super) fn device_name(view: &Snapshot, device: &DeviceId) -> String {
    view.sensors.devices.get(device).map_or_else(|| device.to_string(), |known| known.name.to_string())
}

/// A file on its way: what it is to be called, and what was written of it.
pub(super) struct Out<'a> {
    desk: &'a Desk,
    draft: Draft,
    stem: String,
    ending: &'static str,
}

impl<'a> Out<'a> {
    /// Begins the file of what at a time.
    pub(super) fn begin(
        desk: &'a Desk,
        (kind, what): (&str, &str),
        at: Timestamp,
        ending: &'static str,
        progress: &Progress,
    ) -> Result<Self, Stopped> {
        let stem = format!("{kind}-{}-{}", slug(what), day_and_time(at, &desk.zone));
        let draft =
            Draft::begin(&desk.folder(), &progress.id().to_string()).map_err(|error| unwritten(desk, &error))?;
        Ok(Self { desk, draft, stem, ending })
    }

    /// Writes the next part.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Stopped> {
        self.draft.write_all(bytes).map_err(|error| unwritten(self.desk, &error))
    }

    /// Writes all there is, in chunks.
    pub(super) fn write_all(&mut self, bytes: &[u8], progress: &mut Progress) -> Result<(), Stopped> {
        for (n, chunk) in bytes.chunks(CHUNK).enumerate() {
            progress.reached((n * CHUNK) as f32 / bytes.len() as f32)?;
            self.write(chunk)?;
        }
        Ok(())
    }

    /// Gives the file its name.
    pub(super) fn keep(self, progress: &mut Progress) -> Result<Standing, Stopped> {
        progress.reached(1.0)?;
        let Self { desk, draft, stem, ending } = self;
        let (path, bytes) = draft.keep(&stem, ending).map_err(|error| unwritten(desk, &error))?;
        // Whoever reads it may be in another folder.
        let path = std::path::absolute(&path).unwrap_or(path);
        Ok(Standing::Done { path: path.display().to_string().into(), bytes })
    }
}

/// Why a file could not be written, and the cure.
fn unwritten(desk: &Desk, error: &io::Error) -> Stopped {
    use io::ErrorKind::{NotADirectory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let folder = desk.folder();
    let folder = folder.display();
    const ELSEWHERE: &str = "set files.exports to another folder";
    Stopped::Failed(match error.kind() {
        StorageFull | QuotaExceeded => format!("There is no room left in {folder}. Free some, or {ELSEWHERE}."),
        PermissionDenied | ReadOnlyFilesystem => {
            format!("Hearthlight may not write to {folder}. Allow it, or {ELSEWHERE}.")
        }
        NotADirectory => format!("{folder} is no folder. Move what is there away, or {ELSEWHERE}."),
        _ => format!("The file could not be written to {folder}: {error}. Check the disk, or {ELSEWHERE}."),
    })
}

/// The store, with all that was said until now in it.
pub(super) fn store(desk: &Desk) -> Result<&Store, Stopped> {
    let store = desk.store.as_ref();
    let store = store.ok_or_else(|| Stopped::failed("Nothing is stored in this run, so there is nothing to write."))?;
    // What cannot be written now is not lost; a report of the rest is better than none.
    drop(store.flush());
    Ok(store)
}

/// A time within a file's name.
fn day_and_time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y%m%d-%H%M%S").to_string()
}

/// The ending of a snapshot's file.
pub(super) const fn picture_ending(form: PictureForm) -> &'static str {
    match form {
        PictureForm::Csv => "csv",
        PictureForm::Json => "json",
        PictureForm::Png => "png",
    }
}

/// The ending of a chart's file.
pub(super) const fn chart_ending(form: ChartForm) -> &'static str {
    match form {
        ChartForm::Csv => "csv",
        ChartForm::Png => "png",
        ChartForm::Svg => "svg",
        ChartForm::Html => "html",
    }
}
