//! True temperatures from the raw counts of an MLX90640, and raw counts from true temperatures for simulators.
//! Source: MLX90640 datasheet, 11.1 (parameters), 11.2.2 (frames); reading patterns also the maker's public library.
//!
//! ```text
//!  frame, 834 words:  0 ......... 767 | 768 ... 831        | 832      | 833
//!                     pixels, 24 x 32 | auxiliary (0x0700) | control  | subpage
//! ```
//!
//! Invariant: [`Calibration::temperatures`] gives every cell either a finite temperature or the mark "broken".
//! Invariant: a [`Calibration`] that exists cannot divide by zero.

mod conditions;
mod curve;
mod extract;

use self::conditions::{Conditions, at, signed};
use self::curve::Curve;
use self::extract::{Deviating, Grid, Parameters, Pixels};
use crate::heat::plausible::{self, Implausible};
use crate::heat::recorded;
use crate::model::thermal::{Optics, PixelMeaning, ThermalFrame};
use crate::units::grid::Size;
use crate::units::temperature::ZERO_CELSIUS_K as KELVIN;

/// Words of a calibration: EEPROM addresses 0x2400..=0x273F.
pub const EEPROM_WORDS: usize = 832;
/// Words of a frame: RAM 0x0400..=0x073F, the control register, the subpage number.
pub const FRAME_WORDS: usize = 834;

const PIXELS: usize = 768;
/// Pixels that may be broken or outliers before the calibration is refused; the datasheet (9) allows four.
const MAX_DEVIATING: usize = PIXELS / 10;

/// Why words are no calibration.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum CalibrationError {
    /// Too few or too many.
    #[error("a calibration has {EEPROM_WORDS} words, not {0}")]
    Length(usize),
    /// An erased or absent memory: every word is the same.
    #[error("every calibration word is {0:04X}: the memory is blank")]
    Blank(u16),
    /// A number no working chip has.
    #[error("calibration: {what} is {value}")]
    Absurd {
        /// Which.
        what: &'static str,
        /// Its value.
        value: f64,
    },
    /// More pixels marked broken or outlier than a tenth of the array.
    #[error("{0} of {PIXELS} pixels are marked broken or outlier, more than {MAX_DEVIATING}")]
    TooManyBroken(usize),
}

/// Everything one chip's formulas need, read once from its EEPROM.
#[derive(Clone, Debug)]
pub struct Calibration {
    chip: Parameters,
    pixels: Box<Pixels>,
    deviating: Deviating,
    curve: Curve,
}

/// True if the 834 words look like raw data of an MLX90640: gain, chip temperature and supply words lie where every
/// working chip has them. Of frames with a random tail one in 35,000 passes.
#[must_use]
pub fn looks_like(words: &[u16]) -> bool {
    let within = |at: usize, low: i16, high: i16| words.get(at).is_some_and(|&w| (low..=high).contains(&(w as i16)));
    words.len() == FRAME_WORDS
        && within(at::GAIN, 4000, 9000)
        && within(at::VBE, 15000, 25000)
        && within(at::PTAT, 1000, 2500)
        && within(at::VDD, -16000, -9000)
}

impl Calibration {
    /// Reads a whole EEPROM, 832 words from address 0x2400 on.
    ///
    /// # Errors
    /// If the number of words is wrong, the memory is blank, a parameter is absurd, or more than a tenth of the
    /// pixels are marked broken.
    pub fn from_eeprom(words: &[u16]) -> Result<Self, CalibrationError> {
        let words: &[u16; EEPROM_WORDS] = words.try_into().map_err(|_| CalibrationError::Length(words.len()))?;
        if words.iter().all(|&w| w == words[0]) {
            return Err(CalibrationError::Blank(words[0]));
        }
        let chip = extract::parameters(words)?;
        let (pixels, deviating) = extract::pixels(words, chip.tgc)?;
        let n_deviating = deviating.broken.len() + deviating.outliers.len();
        if n_deviating > MAX_DEVIATING {
            return Err(CalibrationError::TooManyBroken(n_deviating));
        }
        Ok(Self { curve: Curve::of(&chip), chip, pixels: Box::new(pixels), deviating })
    }

    /// Pixels the chip itself calls broken (or that have no sensitivity), ascending.
    #[must_use]
    pub fn broken(&self) -> &[u16] {
        &self.deviating.broken
    }

    /// Pixels the chip itself calls outliers, ascending.
    #[must_use]
    pub fn outliers(&self) -> &[u16] {
        &self.deviating.outliers
    }

    /// Computes the temperatures of a frame of 834 words; all cells are used, of whichever subpage. Marks broken
    /// pixels, outliers and pixels whose counts mean no temperature. Notes chip temperature, supply,
    /// emissivity and reflected temperature used; leaves the frame's number and times alone and does not measure it. Allocates nothing.
    ///
    /// # Errors
    /// If the number of words is wrong, the gain is not positive, the supply is outside 3.0..=3.6 V or the chip
    /// outside -40..=85 C; `frame` is then as before.
    pub fn temperatures(&self, words: &[u16], optics: Optics, frame: &mut ThermalFrame) -> Result<(), Implausible> {
        let words: &[u16; FRAME_WORDS] = words.try_into().map_err(|_| Implausible::Words(words.len()))?;
        let now = Conditions::of(&self.chip, words, optics)?;
        let cells = frame.begin(Size::MLX90640);
        let all_finite = self.fill(words, &now, cells);
        if !all_finite {
            plausible::break_not_finite(frame);
        }
        for &cell in self.deviating.broken.iter().chain(&self.deviating.outliers) {
            frame.set_broken(usize::from(cell));
        }
        frame.meaning = PixelMeaning::Mlx90640Raw;
        frame.calibrated = true;
        frame.ambient = Some(now.ambient as f32);
        frame.supply = Some(now.supply as f32);
        frame.emissivity = now.emissivity as f32;
        frame.reflected = Some(now.reflected as f32);
        Ok(())
    }

    /// The loop over pixels: straight arithmetic on whole rows, which the compiler turns into vector instructions.
    /// Returns whether all results are finite.
    fn fill(&self, words: &[u16; FRAME_WORDS], now: &Conditions, cells: &mut [f32]) -> bool {
        let (counts, _) = words.as_chunks::<32>();
        let (rows, _) = cells.as_chunks_mut::<32>();
        let mut finite = true;
        for (row, (counts, out)) in counts.iter().zip(rows).enumerate().take(24) {
            let energy = self.pixels.row(row, now);
            let shift = &now.shift[row % 2];
            for col in 0..32 {
                let ir = f32::from(counts[col] as i16) * now.gain - energy.zero[col] + shift[col];
                out[col] = self.curve.object(ir * energy.scale[col], now.ta_tr) - KELVIN;
            }
            finite = out.iter().fold(finite, |so_far, t| so_far & t.is_finite());
        }
        finite
    }

    /// The 834 words a chip with this calibration would send of a scene in degrees Celsius, row-major: the reverse of
    /// [`Self::temperatures`] within the rounding of counts. Ambient (C) and supply (V) are rounded to what the
    /// chip's own words can say, and clamped to its range; the last two words are 1, as real devices send them.
    /// Missing cells of the scene are at chip temperature; `out` longer or shorter than 834 is filled as far as goes.
    pub fn counts(&self, scene: &[f32], ambient: f32, supply: f32, optics: Optics, out: &mut [u16]) {
        let mut words = [0; FRAME_WORDS];
        self.auxiliary(f64::from(ambient), f64::from(supply), &mut words);
        // The rounded conditions, so that only the rounding of the pixel itself is left. They are within range.
        let Ok(now) = Conditions::of(&self.chip, &words, optics) else { return };
        for row in 0..24 {
            let energy = self.pixels.row(row, &now);
            let cell = |col: usize| row * 32 + col;
            let kelvin = std::array::from_fn(|col| scene.get(cell(col)).copied().unwrap_or(ambient) + KELVIN);
            let radiated = self.curve.source(&kelvin, now.ta_tr);
            for col in 0..32 {
                let ir = radiated[col] / energy.scale[col] - now.shift[row % 2][col] + energy.zero[col];
                words[cell(col)] = (ir / now.gain).round() as i16 as u16;
            }
        }
        out.iter_mut().zip(words).for_each(|(to, word)| *to = word);
    }

    /// Writes the tail of a frame for the given chip temperature and supply; the rest of it is as recorded.
    fn auxiliary(&self, ambient: f64, supply: f64, words: &mut [u16; FRAME_WORDS]) {
        let chip = &self.chip;
        let count = |value: f64| value.round() as i16 as u16;
        // A little inside the limits, so that rounding does not carry the result outside.
        let ambient = if ambient.is_nan() { 25.0 } else { ambient.clamp(-39.9, 84.9) };
        let supply = if supply.is_nan() { 3.3 } else { supply.clamp(3.005, 3.595) };
        words[PIXELS..].copy_from_slice(&recorded::TAIL);
        words[at::GAIN] = count(chip.gain * 5765.0 / 5798.0);
        words[at::VDD] = count((supply - 3.3) * chip.k_vdd + chip.vdd_25);
        let supply = (signed(words, at::VDD) - chip.vdd_25) / chip.k_vdd + 3.3;
        let v = ((ambient - 25.0) * chip.kt_ptat + chip.v_ptat_25) * (1.0 + chip.kv_ptat * (supply - 3.3));
        // One count of PTAT is 0.1 K, one of VBE 0.009 K: the first from the recorded VBE, then VBE to fit.
        words[at::PTAT] = count(v * signed(words, at::VBE) / (262_144.0 - v * chip.alpha_ptat));
        words[at::VBE] = count(signed(words, at::PTAT) * (262_144.0 / v - chip.alpha_ptat));
    }
}

impl Pixels {
    /// What turns the counts of one row into radiated energy over sensitivity.
    #[inline]
    fn row(&self, row: usize, now: &Conditions) -> Row {
        let at = |grid: &Grid, col: usize| grid[row][col];
        let mut out = Row { zero: [0.0; 32], scale: [0.0; 32] };
        for col in 0..32 {
            let drift = (1.0 + at(&self.kta, col) * now.d_ambient) * (1.0 + at(&self.kv, col) * now.d_supply);
            out.zero[col] = at(&self.offset, col) * drift;
            out.scale[col] = at(&self.inv_alpha, col) * now.scale;
        }
        out
    }
}

struct Row {
    /// Counts at no net radiation.
    zero: [f32; 32],
    /// Kelvin to the fourth per count.
    scale: [f32; 32],
}
