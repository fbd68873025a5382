//! One job from what was asked to the file.

use std::io::{self, Write as _};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::engine::services::exports::progress::{Progress, Stopped};
use crate::engine::services::exports::{Desk, clip, history, incident, snapshot};
use crate::io::draft::Draft;
use crate::model::exports::{ChartForm, Export, PictureForm, Standing};
use crate::model::sensors::DeviceId;
use crate::model::snapshot::Snapshot;
use crate::report::words;
use crate::store::Store;
use crate::units::slug::slug;

/// Channels of one history at most.
const MOST_CHANNELS: usize = 16;
/// Bytes written between two looks whether the job is still wanted.
const CHUNK: usize = 64 << 10;

/// What a job is called: `Snapshot of Bench`.
///
/// # Errors
/// If it can be seen at once that it cannot be done: why, for a person.
pub fn name(export: &Export, view: &Snapshot) -> Result<String, String> {
    match export {
        Export::Snapshot { device, look, .. } => {
            array(view, device)?;
            let whole = |(low, high): (f32, f32)| low.is_finite() && high.is_finite() && low < high;
            if !look.span.is_none_or(whole) || !look.isotherm.is_none_or(f32::is_finite) {
                return Err("The range of a snapshot must go from a lower to a higher temperature.".to_owned());
            }
            Ok(format!("Snapshot of {}", device_name(view, device)))
        }
        Export::Clip { device, from, to } => {
            array(view, device)?;
            ordered(*from, *to)?;
            Ok(format!("Thermal pictures of {}", device_name(view, device)))
        }
        Export::History { channels, from, to, .. } => {
            ordered(*from, *to)?;
            match channels.as_slice() {
                [] => Err("Name a channel.".to_owned()),
                [(device, key)] => Ok(format!("History of {} {}", device_name(view, device), words::channel(key))),
                many if many.len() > MOST_CHANNELS => {
                    Err(format!("One history has {MOST_CHANNELS} channels at most, not {}.", many.len()))
                }
                many => Ok(format!("History of {} channels", many.len())),
            }
        }
        Export::Incident { entry, .. } => Ok(format!("Incident report of entry {entry}")),
    }
}

fn array(view: &Snapshot, device: &DeviceId) -> Result<(), String> {
    let known = view.thermal.arrays.contains_key(device);
    known.then_some(()).ok_or_else(|| format!("There is no thermal array \"{device}\"."))
}

fn ordered(from: Timestamp, to: Timestamp) -> Result<(), String> {
    (from < to).then_some(()).ok_or_else(|| format!("The time must end after it begins, not from {from} to {to}."))
}

/// What people call a device.
pub(super) fn device_name(view: &Snapshot, device: &DeviceId) -> String {
    view.sensors.devices.get(device).map_or_else(|| device.to_string(), |known| known.name.to_string())
}

/// Does the job.
#[must_use]
pub fn work(desk: &Desk, export: &Export, progress: &mut Progress) -> Standing {
    let done = match export {
        Export::Snapshot { device, at, form, look } => snapshot::write(desk, device, *at, *form, look, progress),
        Export::Clip { device, from, to } => clip::write(desk, device, (*from, *to), progress),
        Export::History { channels, from, to, form, scale } => {
            history::write(desk, channels, (*from, *to), *form, *scale, progress)
        }
        Export::Incident { entry, scale } => incident::write(desk, *entry, *scale, progress),
    };
    match done {
        Ok(done) => done,
        Err(Stopped::Cancelled) => Standing::Cancelled,
        Err(Stopped::Failed(why)) => Standing::Failed(why.into()),
    }
}

/// How a job stands that broke.
#[must_use]
pub fn broken(why: &str) -> Standing {
    Standing::Failed(format!("The export broke off: {why}. Please report this.").into())
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
