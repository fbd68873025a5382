//! One job from what was asked to the file.

use jiff::Timestamp;

use crate::engine::services::exports::out::device_name;
use crate::engine::services::exports::progress::{Progress, Stopped};
use crate::engine::services::exports::{Desk, clip, history, incident, snapshot};
use crate::model::exports::{Colours, Export, Standing};
use crate::model::sensors::DeviceId;
use crate::model::snapshot::Snapshot;
use crate::report::words;

/// Channels of one history at most.
const MOST_CHANNELS: usize = 16;

/// What a job is called: `Snapshot of Bench`.
///
/// # Errors
/// If it can be seen at once that it cannot be done: why, for a person.
pub fn name(export: &Export, view: &Snapshot) -> Result<String, String> {
    match export {
        Export::Snapshot { device, look, .. } => {
            array(view, device)?;
            let whole = |(low, high): (f32, f32)| low.is_finite() && high.is_finite() && low < high;
            let limited = !matches!(look.colours, Colours::AboveLimit(limit) if !limit.is_finite());
            if !look.span.is_none_or(whole) || !look.isotherm.is_none_or(f32::is_finite) || !limited {
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
