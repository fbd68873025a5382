//! The job of a snapshot: the newest picture or one of the past.

use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::services::exports::Desk;
use crate::engine::services::exports::out::{Out, device_name, picture_ending};
use crate::engine::services::exports::progress::{Progress, Stopped};
use crate::model::exports::{Look, PictureForm, Standing};
use crate::model::learned::Baseline;
use crate::model::sensors::DeviceId;
use crate::model::snapshot::Snapshot;
use crate::model::thermal::ThermalFrame;
use crate::report::snapshot::{Facts, Shot};
use crate::report::words;

pub(super) fn write(
    desk: &Desk,
    device: &DeviceId,
    at: Option<Timestamp>,
    form: PictureForm,
    look: &Look,
    progress: &mut Progress,
) -> Result<Standing, Stopped> {
    progress.reached(0.0)?;
    let (frame, view) = (frame(desk, device, at)?, desk.snapshot.load_full());
    let regions = view.thermal.arrays.get(device).map(|array| Arc::clone(&array.regions)).unwrap_or_default();
    let shot = Shot::new(facts(desk, &view, device), &frame, &regions).against(usual(desk, device));
    let bytes = match form {
        PictureForm::Csv => shot.csv().into_bytes(),
        PictureForm::Json => shot.json().into_bytes(),
        PictureForm::Png => shot.png(look).map_err(Stopped::failed)?,
    };
    let name = device_name(&view, device);
    let mut out = Out::begin(desk, ("snapshot", &name), frame.wall, picture_ending(form), progress)?;
    out.write_all(&bytes, progress)?;
    out.keep(progress)
}

/// The usual picture, as it was learned up to now.
fn usual(desk: &Desk, device: &DeviceId) -> Option<Arc<Baseline>> {
    desk.slots.device(device)?.learned.load().as_ref()?.baseline.clone()
}

fn frame(desk: &Desk, device: &DeviceId, at: Option<Timestamp>) -> Result<Arc<ThermalFrame>, Stopped> {
    let Some(at) = at else {
        let newest = desk.slots.device(device).and_then(|slot| slot.frames.newest());
        let none =
            || format!("{device} has sent no picture since Hearthlight was started. Wait for one, or name a time.");
        return newest.ok_or_else(none).map_err(Stopped::Failed);
    };
    let found = desk.past.at(device, at).map_err(Stopped::Failed)?;
    let none = || format!("Nothing of {device} was recorded at {}. Choose another time.", words::time(at, &desk.zone));
    found.ok_or_else(none).map_err(Stopped::Failed)
}

fn facts(desk: &Desk, view: &Snapshot, device: &DeviceId) -> Facts {
    let known = view.sensors.devices.get(device);
    let text =
        |of: fn(&crate::model::sensors::Device) -> &Arc<str>| known.map_or_else(String::new, |d| of(d).to_string());
    Facts {
        device: device.clone(),
        name: device_name(view, device),
        location: text(|device| &device.location),
        place: text(|device| &device.place),
        simulated: known.is_some_and(|device| device.simulated),
        zone: desk.zone.clone(),
    }
}
