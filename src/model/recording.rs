//! Thermal pictures of the past: which instant is wanted, and what was recorded.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;

/// Pictures older than this at the wanted instant are not shown for it, s.
pub const MAX_AGE_S: i64 = 60;

/// An instant of the past.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Instant {
    /// Then.
    At(Timestamp),
    /// The first frame of this device after then.
    After(DeviceId, Timestamp),
    /// The last frame of this device before then.
    Before(DeviceId, Timestamp),
}

/// What all arrays showed at one instant.
#[derive(Clone, Debug, Default)]
pub struct Heat {
    /// The instant found; `None` if nothing was recorded there.
    pub at: Option<Timestamp>,
    /// The newest frame of each array at that instant, none older than [`MAX_AGE_S`]. Temperatures are kept to 0.01 K.
    pub frames: BTreeMap<DeviceId, Arc<ThermalFrame>>,
}

/// One cell over time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CellSpan {
    /// Whose.
    pub device: DeviceId,
    /// The cell, row-major.
    pub cell: u32,
    /// From then on.
    pub from: Timestamp,
    /// Up to then.
    pub to: Timestamp,
    /// How many points at most, 2..=10,000.
    pub points: u16,
}

/// What is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The oldest frame.
    pub oldest: Option<Timestamp>,
    /// The newest frame.
    pub newest: Option<Timestamp>,
    /// Bytes on disk.
    pub bytes: u64,
    /// Frames that found no room in the queue since the start: the disk was too slow.
    pub dropped: u64,
}
