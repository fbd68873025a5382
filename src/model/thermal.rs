//! Thermal arrays and their frames.
//!
//! Invariant: a cell of a [`ThermalFrame`] that has no value is broken and nothing else; no accessor returns a number for
//! it. Temperatures are degrees Celsius, cells are row-major in the sensor's own order.
//! Invariant: a masked cell keeps its value; it is left out of [`ThermalFrame::extremes`] and of
//! [`ThermalFrame::seen_cells`], so of everything that is measured, watched or learned.

pub mod edit;
pub mod meters;
pub mod region;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::sensors::DeviceId;
use crate::model::thermal::meters::Meters;
use crate::model::thermal::region::{Delta, Region, RegionId, Regions};
use crate::units::grid::{Mounting, Size};
use crate::units::moment::Moment;

/// What the numbers on the wire mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PixelMeaning {
    /// Raw infrared counts of an MLX90640; temperatures come from its calibration.
    Mlx90640Raw,
    /// Hundredths of a degree around 27 C, signed: what many simulators send.
    #[serde(rename = "centi-offset-27")]
    CentiOffset27,
    /// Hundredths of a kelvin, unsigned (Lepton-type).
    CentiKelvin,
    /// Tenths of a kelvin, unsigned (HTPA-type).
    DeciKelvin,
    /// Tenths of a degree Celsius, signed.
    DeciCelsius,
    /// Quarters of a degree Celsius, 12-bit two's complement (Grid-EYE-type).
    QuarterCelsius,
    /// Signed value times `scale` plus `offset`, in degrees Celsius.
    Custom {
        /// Degrees per count.
        scale: f32,
        /// Degrees at count zero.
        offset: f32,
    },
}

impl PixelMeaning {
    /// The meaning's name, as shown to people and served by the API.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Mlx90640Raw => "mlx90640-raw".to_owned(),
            Self::CentiOffset27 => "centi-offset-27".to_owned(),
            Self::CentiKelvin => "centi-kelvin".to_owned(),
            Self::DeciKelvin => "deci-kelvin".to_owned(),
            Self::DeciCelsius => "deci-celsius".to_owned(),
            Self::QuarterCelsius => "quarter-celsius".to_owned(),
            Self::Custom { scale, offset } => format!("custom: value*{scale}{offset:+}"),
        }
    }
}

/// Where a device's calibration stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calibration {
    /// The profile needs none.
    #[default]
    NotNeeded,
    /// Needed, not there; frames show no temperatures until it comes.
    Missing,
    /// From the store; the device was not asked yet in this connection.
    Stored,
    /// From the device itself.
    Received,
    /// The device sent another one than was stored: it may have been swapped.
    Changed,
}

/// What must be known of the thing looked at to compute its temperature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Optics {
    /// Emissivity, 0.05..=1.0.
    pub emissivity: f32,
    /// Reflected temperature in C; `None` = chip temperature minus 8 K (a sensor in open air).
    pub reflected: Option<f32>,
}

impl Default for Optics {
    fn default() -> Self {
        Self { emissivity: 0.95, reflected: None }
    }
}

/// What the operator settled for one array; `None` = recognised automatically.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    /// What the numbers mean.
    pub meaning: Option<PixelMeaning>,
    /// Columns and rows.
    pub size: Option<Size>,
    /// Emissivity and reflected temperature.
    pub optics: Optics,
    /// How it is mounted.
    pub mounting: Mounting,
}

/// A thermal array: the part of a device that sees heat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Array {
    /// The device it belongs to.
    pub device: DeviceId,
    /// Columns and rows in use.
    pub size: Size,
    /// The meaning in use.
    pub meaning: PixelMeaning,
    /// Its calibration.
    pub calibration: Calibration,
    /// What the operator settled.
    pub choice: Choice,
    /// What is measured in its picture, and what is left out.
    #[serde(default)]
    pub regions: Arc<Regions>,
}

/// A moment worth finding again: of all arrays, as they are scrubbed together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// Counts up, never used twice.
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// What is there, at most 80 characters; may be empty.
    pub words: Arc<str>,
    /// Who made it.
    pub by: Arc<str>,
}

/// Bookmarks that are kept; then the oldest goes.
pub const MAX_BOOKMARKS: usize = 500;

/// All arrays by device.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thermal {
    /// Arrays that sent at least one frame.
    pub arrays: BTreeMap<DeviceId, Arc<Array>>,
    /// Bookmarks by id.
    #[serde(default)]
    pub bookmarks: BTreeMap<u64, Arc<Bookmark>>,
    /// The hottest cell of each array, °C, with when it was measured: a slow figure, for who cannot sample slots.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hottest: BTreeMap<DeviceId, (Timestamp, f32)>,
}

/// What can be asked of the thermal service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Settle meaning, size, optics and mounting of one array.
    Choose {
        /// Which.
        device: DeviceId,
        /// The whole choice.
        choice: Choice,
    },
    /// Add a region to an array, or put it in place of the one of its label.
    PutRegion {
        /// Which array.
        device: DeviceId,
        /// The whole region.
        region: Region,
    },
    /// Remove a region; deltas of it go too.
    RemoveRegion {
        /// Of which array.
        device: DeviceId,
        /// Which.
        region: RegionId,
    },
    /// Add a delta to an array, or put it in place of the one of its label.
    PutDelta {
        /// Which array.
        device: DeviceId,
        /// The whole delta.
        delta: Delta,
    },
    /// Remove a delta.
    RemoveDelta {
        /// Of which array.
        device: DeviceId,
        /// Which.
        delta: RegionId,
    },
    /// Mark a moment.
    Bookmark {
        /// When.
        at: Timestamp,
        /// What is there, at most 80 characters; may be empty.
        words: String,
    },
    /// Remove a bookmark.
    RemoveBookmark {
        /// Which.
        bookmark: u64,
    },
}

/// What became true of the arrays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// An array is there, or is different: its whole state.
    Changed(Arc<Array>),
    /// An array was forgotten.
    Forgotten(DeviceId),
    /// A moment was marked.
    Bookmarked(Arc<Bookmark>),
    /// A bookmark was removed.
    BookmarkGone(u64),
    /// The hottest cell of an array has become hotter or colder.
    Hottest {
        /// Of which array.
        device: DeviceId,
        /// When it was measured.
        at: Timestamp,
        /// °C.
        celsius: f32,
    },
    /// All arrays at once.
    Reset(Arc<Thermal>),
}

impl Thermal {
    /// Folds one update in.
    pub fn apply(&mut self, update: &Update) {
        match update {
            Update::Changed(array) => drop(self.arrays.insert(array.device.clone(), Arc::clone(array))),
            Update::Forgotten(id) => {
                self.arrays.remove(id);
                self.hottest.remove(id);
            }
            Update::Bookmarked(bookmark) => drop(self.bookmarks.insert(bookmark.id, Arc::clone(bookmark))),
            Update::BookmarkGone(id) => drop(self.bookmarks.remove(id)),
            Update::Hottest { device, at, celsius } => drop(self.hottest.insert(device.clone(), (*at, *celsius))),
            Update::Reset(all) => *self = Self::clone(all),
        }
    }
}

/// Coldest, mean and hottest cell of a frame, broken and masked cells left out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extremes {
    /// Coldest, C.
    pub min: f32,
    /// Mean, C.
    pub mean: f32,
    /// Hottest, C.
    pub max: f32,
    /// Index of the coldest cell.
    pub min_at: u32,
    /// Index of the hottest cell.
    pub max_at: u32,
}

/// One picture of an array in degrees Celsius. Made to be refilled: see [`ThermalFrame::begin`].
#[derive(Clone, Debug)]
pub struct ThermalFrame {
    /// Ordinal of the frame packet among all frame packets of this device, damaged ones counted, from 1.
    pub sequence: u64,
    /// When its last byte was read.
    pub at: Moment,
    /// The same for people.
    pub wall: Timestamp,
    /// Columns and rows.
    pub size: Size,
    /// What the numbers on the wire meant.
    pub meaning: PixelMeaning,
    /// True if the values are true temperatures; false if a calibration is missing (then no cell has a value).
    pub calibrated: bool,
    /// Chip temperature, C, where the array tells.
    pub ambient: Option<f32>,
    /// Supply voltage, V, where the array tells.
    pub supply: Option<f32>,
    /// Emissivity used.
    pub emissivity: f32,
    /// Reflected temperature used, C; of arrays that correct for none, what the operator settled, if anything.
    pub reflected: Option<f32>,
    /// `None` if no cell has a value, or all that have one are masked.
    pub extremes: Option<Extremes>,
    /// What its regions show; empty until they were read.
    pub meters: Meters,
    celsius: Vec<f32>,
    broken: Vec<u64>,
    n_broken: u32,
    masked: Vec<u64>,
    n_masked: u32,
}

impl ThermalFrame {
    /// An empty frame to be filled by [`Self::begin`].
    #[must_use]
    pub fn blank() -> Self {
        Self {
            sequence: 0,
            at: Moment::ZERO,
            wall: Timestamp::UNIX_EPOCH,
            size: Size::MLX90640,
            meaning: PixelMeaning::Mlx90640Raw,
            calibrated: false,
            ambient: None,
            supply: None,
            emissivity: 0.95,
            reflected: None,
            extremes: None,
            meters: Meters::default(),
            celsius: vec![0.0; Size::MLX90640.cells()],
            broken: vec![0; Size::MLX90640.cells().div_ceil(64)],
            n_broken: 0,
            masked: Vec::new(),
            n_masked: 0,
        }
    }

    /// Resizes without giving memory back, marks every cell valid and unmasked, forgets what was measured, and lends the
    /// cells to be overwritten, all of them.
    pub fn begin(&mut self, size: Size) -> &mut [f32] {
        self.size = size;
        self.celsius.resize(size.cells(), 0.0);
        self.broken.clear();
        self.broken.resize(size.cells().div_ceil(64), 0);
        self.n_broken = 0;
        self.set_masked(&[]);
        self.extremes = None;
        self.meters.clear();
        &mut self.celsius
    }

    /// Takes the value of a cell away.
    pub fn set_broken(&mut self, cell: usize) {
        if cell < self.celsius.len() && !self.is_broken(cell) {
            self.broken[cell / 64] |= 1 << (cell % 64);
            self.n_broken += 1;
            self.celsius[cell] = 0.0;
        }
    }

    /// Whether a cell has no value. Out of range: true.
    #[must_use]
    pub fn is_broken(&self, cell: usize) -> bool {
        cell >= self.celsius.len() || self.broken[cell / 64] >> (cell % 64) & 1 == 1
    }

    /// Number of cells without a value.
    #[must_use]
    pub fn n_broken(&self) -> usize {
        self.n_broken as usize
    }

    /// Masks cells, in place of those that were: 64 a word, the first in the lowest bit; no words mask none. Call before
    /// [`Self::measure`].
    pub fn set_masked(&mut self, words: &[u64]) {
        self.masked.clear();
        self.masked.extend_from_slice(words);
        self.n_masked = words.iter().map(|word| word.count_ones()).sum();
    }

    /// Whether a cell is masked.
    #[must_use]
    pub fn is_masked(&self, cell: usize) -> bool {
        self.masked.get(cell / 64).is_some_and(|word| word >> (cell % 64) & 1 == 1)
    }

    /// Number of masked cells.
    #[must_use]
    pub fn n_masked(&self) -> usize {
        self.n_masked as usize
    }

    /// The temperature of a cell that is looked at, C: it has one, and no mask.
    #[must_use]
    pub fn seen(&self, cell: usize) -> Option<f32> {
        if self.n_masked > 0 && self.is_masked(cell) { None } else { self.get(cell) }
    }

    /// All cells in row-major order, each as [`Self::seen`].
    pub fn seen_cells(&self) -> impl Iterator<Item = Option<f32>> + '_ {
        (0..self.celsius.len()).map(|cell| self.seen(cell))
    }

    /// The raw values if no cell is broken or masked: the fast way for what measures and watches.
    #[must_use]
    pub fn all_seen(&self) -> Option<&[f32]> {
        self.all_valid().filter(|_| self.n_masked == 0)
    }

    /// The temperature of a cell, C, if it has one, masked or not.
    #[must_use]
    pub fn get(&self, cell: usize) -> Option<f32> {
        if self.is_broken(cell) { None } else { Some(self.celsius[cell]) }
    }

    /// All cells in row-major order.
    pub fn cells(&self) -> impl Iterator<Item = Option<f32>> + '_ {
        (0..self.celsius.len()).map(|cell| self.get(cell))
    }

    /// The raw values if no cell is broken, masked or not: the fast way for pictures.
    #[must_use]
    pub fn all_valid(&self) -> Option<&[f32]> {
        if self.n_broken == 0 { Some(&self.celsius) } else { None }
    }

    /// Indices of cells without a value, ascending.
    pub fn broken(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.celsius.len()).filter(|&cell| self.is_broken(cell))
    }

    /// Finds coldest, mean and hottest of the cells that are looked at and notes them in [`Self::extremes`].
    pub fn measure(&mut self) {
        let (mut sum, mut n) = (0.0_f64, 0_u32);
        let mut found: Option<Extremes> = None;
        for cell in 0..self.celsius.len() {
            let Some(value) = self.seen(cell) else { continue };
            sum += f64::from(value);
            n += 1;
            let at = cell as u32;
            let e = found.get_or_insert(Extremes { min: value, mean: 0.0, max: value, min_at: at, max_at: at });
            if value < e.min {
                (e.min, e.min_at) = (value, at);
            }
            if value > e.max {
                (e.max, e.max_at) = (value, at);
            }
        }
        if let Some(e) = &mut found {
            e.mean = (sum / f64::from(n)) as f32;
        }
        self.extremes = found;
    }
}
