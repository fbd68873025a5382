//! How each array's picture is looked at: range, isotherm, mode, freeze. Remembered by device, changes no number.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;

/// From where a picture takes its lowest and highest temperature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// Each picture from itself.
    #[default]
    Auto,
    /// From itself, following slowly.
    Slow,
    /// From the 2nd to the 98th hundredth of its cells.
    Percentile,
    /// Held, C.
    Locked(f32, f32),
}

/// Which cells an isotherm outlines.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Isotherm {
    /// At or above, C.
    Above(f32),
    /// At or below, C.
    Below(f32),
    /// Between, C, both included.
    Between(f32, f32),
}

/// What the colours mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Temperatures.
    #[default]
    Heat,
    /// Grey below this limit, C, one hue above.
    AboveLimit(f32),
    /// Kelvin above or below the learned usual picture.
    Difference,
}

/// How one picture is looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// The range of its colours.
    pub range: Range,
    /// What is outlined.
    pub isotherm: Option<Isotherm>,
    /// What its colours mean.
    pub mode: Mode,
}

/// How all pictures are looked at.
#[derive(Debug, Default)]
pub struct Views {
    /// By device; absent = as a new one.
    pub by_device: BTreeMap<DeviceId, View>,
    /// Pictures that hold still.
    pub frozen: BTreeMap<DeviceId, Arc<ThermalFrame>>,
    /// The array that the inspected one is compared with.
    pub beside: Option<DeviceId>,
}

impl Views {
    /// How a device's picture is looked at.
    #[must_use]
    pub fn of(&self, id: &DeviceId) -> View {
        self.by_device.get(id).cloned().unwrap_or_default()
    }
}
