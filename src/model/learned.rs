//! What was learned of a device while nothing was wrong: rest levels of its channels, the usual picture of its array.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::units::grid::Size;

/// The rest level of one channel, in percent points of a 12-bit converter's full scale.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rest {
    /// Running median over 30 min; meaningless while `learning`.
    pub median: f32,
    /// Median absolute deviation from it: its noise.
    pub mad: f32,
    /// True in the first 5 min after the device was first seen, or learned anew.
    pub learning: bool,
    /// The samples behind it, one each 10 s, the oldest first, at most 180.
    pub samples: Vec<f32>,
}

/// The usual picture: per cell a slow running mean and variance of temperature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Columns and rows.
    pub size: Size,
    /// Mean, C, row-major.
    pub mean: Vec<f32>,
    /// Variance, K^2, row-major; negative where a cell never had a value.
    pub variance: Vec<f32>,
    /// How long it was learned, s.
    pub seconds: f32,
    /// True until it was learned for 5 min.
    pub learning: bool,
}

/// All that was learned of a device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// Rest levels by channel key.
    pub rests: BTreeMap<Arc<str>, Rest>,
    /// The usual picture, if it has an array.
    pub baseline: Option<Arc<Baseline>>,
}
