//! Where thermal pictures of the past come from.

use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::store::recordings::Recordings;

/// Thermal pictures of the past. Both block; for threads of their own.
pub trait Past: Send + Sync {
    /// The newest picture of a device at a time, none older than [`crate::model::recording::MAX_AGE_S`].
    ///
    /// # Errors
    /// Why there is no answer: cause and cure, for a person.
    fn at(&self, device: &DeviceId, at: Timestamp) -> Result<Option<Arc<ThermalFrame>>, String>;

    /// Hands each picture of a device between two times to `take`, in order, until it breaks.
    ///
    /// # Errors
    /// Why there is no answer: cause and cure, for a person.
    fn each(
        &self,
        device: &DeviceId,
        span: (Timestamp, Timestamp),
        take: &mut dyn FnMut(&ThermalFrame) -> ControlFlow<()>,
    ) -> Result<(), String>;
}

impl Past for Recordings {
    fn at(&self, device: &DeviceId, at: Timestamp) -> Result<Option<Arc<ThermalFrame>>, String> {
        self.flush();
        Ok(Self::at(self, at).remove(device))
    }

    fn each(
        &self,
        device: &DeviceId,
        (from, to): (Timestamp, Timestamp),
        take: &mut dyn FnMut(&ThermalFrame) -> ControlFlow<()>,
    ) -> Result<(), String> {
        self.flush();
        let mut frames = self.frames(device, from, to);
        // Whoever breaks knows why.
        let _ = frames.try_for_each(|frame| take(&frame));
        Ok(())
    }
}

/// Nothing is recorded.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unrecorded;

const WHY: &str =
    "No thermal pictures are recorded here, so only the newest one can be written. Ask for it without a time.";

impl Past for Unrecorded {
    fn at(&self, _: &DeviceId, _: Timestamp) -> Result<Option<Arc<ThermalFrame>>, String> {
        Err(WHY.to_owned())
    }

    fn each(
        &self,
        _: &DeviceId,
        _: (Timestamp, Timestamp),
        _: &mut dyn FnMut(&ThermalFrame) -> ControlFlow<()>,
    ) -> Result<(), String> {
        Err(WHY.to_owned())
    }
}
