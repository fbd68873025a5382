//! Whether a frame can be believed: a damaged or nonsensical one must not reach an alarm.
//!
//! Invariant: a [`Gate`] holds at most one frame's cells, and reuses their memory.
//! Invariant: a change that lasts two frames is always believed, however big.

use std::ops::RangeInclusive;

use crate::model::thermal::{PixelMeaning, ThermalFrame};
use crate::units::grid::Size;

/// A change of one cell between two frames that needs a second witness, K.
pub const JUMP_K: f32 = 60.0;
/// One in this many cells may jump unwitnessed: 20 = 5 %.
pub const JUMPS_ONE_IN: usize = 20;

/// Why a frame cannot be believed.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum Implausible {
    /// Not as many words as an MLX90640 frame has.
    #[error("{0} words; a raw MLX90640 frame has 834")]
    Words(usize),
    /// The gain word of an MLX90640 is not positive.
    #[error("gain word {0}; it must be above 0")]
    Gain(i16),
    /// Supply voltage in V.
    #[error("supply {0:.2} V is outside 3.0 to 3.6 V")]
    Supply(f32),
    /// Chip temperature in C.
    #[error("chip temperature {0:.1} C is outside -40 to 85 C")]
    Ambient(f32),
    /// A cell outside what the array can measure, in C.
    #[error("cell {cell} reads {celsius:.1} C, outside {low} to {high} C")]
    Cell {
        /// Row-major index.
        cell: u32,
        /// Its value.
        celsius: f32,
        /// Lowest believable.
        low: f32,
        /// Highest believable.
        high: f32,
    },
    /// No cell has a value.
    #[error("none of {0} cells has a temperature")]
    Empty(u32),
    /// Too many cells changed too much since the last frame; believed if the next frame shows it too.
    #[error("{jumped} of {cells} cells changed by more than {JUMP_K} K since the last frame; the limit is 5 %")]
    Jump {
        /// Cells that did.
        jumped: u32,
        /// Cells compared.
        cells: u32,
    },
}

/// Temperatures in C that an array of this kind can honestly report.
///
/// MLX90640 and its simulators: 60 K below and 100 K above the datasheet's -40..=300 rounded to -60..=400. Centi-kelvin:
/// -60..=400 (16 bits end at 382). HTPA-type tenths of a kelvin or degree: objects to 1000 C, so -60..=1100.
/// Grid-EYE-type: -20..=100 by data sheet, so -60..=200. A custom scale: absolute zero to 3000.
#[must_use]
pub const fn range(meaning: PixelMeaning) -> RangeInclusive<f32> {
    match meaning {
        PixelMeaning::Mlx90640Raw | PixelMeaning::CentiOffset27 | PixelMeaning::CentiKelvin => -60.0..=400.0,
        PixelMeaning::DeciKelvin | PixelMeaning::DeciCelsius => -60.0..=1100.0,
        PixelMeaning::QuarterCelsius => -60.0..=200.0,
        PixelMeaning::Custom { .. } => -273.15..=3000.0,
    }
}

/// The gate one device's frames pass through.
#[derive(Clone, Debug, Default)]
pub struct Gate {
    /// Cells of the last frame refused for a jump, `NaN` where it had no value; empty if none waits for a witness.
    waiting: Vec<f32>,
    size: Option<Size>,
    /// Whether the last frame was refused for a cell hotter than its [`range`].
    over_range: bool,
}

impl Gate {
    /// Believes `frame` or says why not. `previous` is the last frame that was believed.
    ///
    /// A frame without calibration has no temperatures and passes: there is nothing to doubt.
    ///
    /// # Errors
    /// If no cell has a value, a cell is out of [`range`], or 5 % of the cells or more changed by over 60 K since
    /// `previous` and the frame before this one was not refused for showing the same. A cell hotter than its range
    /// refuses one frame only: if the next one shows such a cell too, it is believed, for an open flame is hotter than
    /// the range and must not blind its watcher.
    pub fn check(&mut self, frame: &ThermalFrame, previous: Option<&ThermalFrame>) -> Result<(), Implausible> {
        if !frame.calibrated {
            return Ok(());
        }
        self.in_range(frame)?;
        let jump = previous.filter(|p| p.calibrated && p.size == frame.size).and_then(|p| jumps(frame, |c| p.get(c)));
        match jump {
            Some(jump) if !self.witnessed(frame) && !previous.is_some_and(|p| self.repeated(frame, p)) => {
                self.remember(frame);
                Err(jump)
            }
            _ => {
                self.size = None;
                Ok(())
            }
        }
    }

    fn in_range(&mut self, frame: &ThermalFrame) -> Result<(), Implausible> {
        let refused = in_range(frame);
        let hot = matches!(refused, Err(Implausible::Cell { celsius, high, .. }) if celsius > high);
        let witnessed = std::mem::replace(&mut self.over_range, hot);
        if hot && witnessed { Ok(()) } else { refused }
    }

    /// Whether the frame that waits shows the same picture as `frame`.
    fn witnessed(&self, frame: &ThermalFrame) -> bool {
        let waiting = |cell: usize| self.waiting.get(cell).copied().filter(|t| !t.is_nan());
        self.size == Some(frame.size) && jumps(frame, waiting).is_none()
    }

    /// Whether at least half of the cells that jumped in the frame that waits jumped the same way in `frame`: a fire
    /// flickers, so that no two pictures of it are the same, but it stays where it is.
    fn repeated(&self, frame: &ThermalFrame, previous: &ThermalFrame) -> bool {
        let (mut jumped, mut again) = (0_usize, 0_usize);
        for (cell, &waiting) in self.waiting.iter().enumerate() {
            let (Some(now), Some(then)) = (frame.get(cell), previous.get(cell)) else { continue };
            let jump = waiting - then;
            if jump.abs() > JUMP_K {
                jumped += 1;
                again += usize::from((now - then) * jump.signum() > JUMP_K);
            }
        }
        self.size == Some(frame.size) && jumped > 0 && again * 2 >= jumped
    }

    fn remember(&mut self, frame: &ThermalFrame) {
        self.size = Some(frame.size);
        self.waiting.clear();
        self.waiting.extend(frame.cells().map(|t| t.unwrap_or(f32::NAN)));
    }
}

/// Marks every cell broken whose value is no number or infinite.
pub(super) fn break_not_finite(frame: &mut ThermalFrame) {
    for cell in 0..frame.size.cells() {
        if frame.get(cell).is_some_and(|t| !t.is_finite()) {
            frame.set_broken(cell);
        }
    }
}

/// A cell that is too cold is reported before one that is too hot: only heat can be witnessed.
fn in_range(frame: &ThermalFrame) -> Result<(), Implausible> {
    let range = range(frame.meaning);
    let (mut n_valid, mut hot) = (0, None);
    for (cell, celsius) in frame.cells().enumerate().filter_map(|(cell, t)| Some((cell, t?))) {
        n_valid += 1;
        if !range.contains(&celsius) {
            let out = Implausible::Cell { cell: cell as u32, celsius, low: *range.start(), high: *range.end() };
            if celsius < *range.start() {
                return Err(out);
            }
            hot.get_or_insert(out);
        }
    }
    if n_valid == 0 { Err(Implausible::Empty(frame.size.cells() as u32)) } else { hot.map_or(Ok(()), Err) }
}

/// The jump from `before` to `frame`, if 5 % or more of the cells that have a value in both made it.
fn jumps(frame: &ThermalFrame, before: impl Fn(usize) -> Option<f32>) -> Option<Implausible> {
    let (mut jumped, mut cells) = (0_usize, 0_usize);
    for (now, then) in frame.cells().enumerate().filter_map(|(cell, now)| Some((now?, before(cell)?))) {
        cells += 1;
        jumped += usize::from((now - then).abs() > JUMP_K);
    }
    (jumped > 0 && jumped * JUMPS_ONE_IN >= cells)
        .then_some(Implausible::Jump { jumped: jumped as u32, cells: cells as u32 })
}
