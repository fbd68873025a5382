//! What one MLX90640 frame says of its circumstances: supply, chip temperature, gain, reading pattern.
//! Source: MLX90640 datasheet, 11.2.2; corrections of the reading pattern also the maker's public library.
//!
//! Invariant: [`Conditions`] exist only for a chip within its ranges, so everything computed from them is finite.

use super::FRAME_WORDS;
use super::extract::Parameters;
use crate::heat::plausible::Implausible;
use crate::model::thermal::Optics;

/// 0 C in kelvin.
pub(super) const KELVIN: f64 = 273.15;
/// Chip temperatures the formulas hold for, C (datasheet, 8).
const AMBIENT_C: std::ops::RangeInclusive<f64> = -40.0..=85.0;
/// Supply voltages at which the array measures, V.
const SUPPLY_V: std::ops::RangeInclusive<f64> = 3.0..=3.6;

/// Places of the auxiliary words in a frame.
pub(super) mod at {
    pub const VBE: usize = 768;
    pub const CP_0: usize = 776;
    pub const GAIN: usize = 778;
    pub const PTAT: usize = 800;
    pub const CP_1: usize = 808;
    pub const VDD: usize = 810;
    pub const CONTROL: usize = 832;
    pub const SUBPAGE: usize = 833;
}

/// What one frame says of its circumstances: computed once a frame, in double precision.
pub(super) struct Conditions {
    pub supply: f64,
    pub ambient: f64,
    pub emissivity: f64,
    /// Reflected temperature, C.
    pub reflected: f64,
    pub gain: f32,
    /// Chip temperature above 25 C.
    pub d_ambient: f32,
    /// Supply above 3.3 V.
    pub d_supply: f32,
    /// Radiation of the surroundings, K^4.
    pub ta_tr: f32,
    /// 1 / (emissivity x change of sensitivity with the chip temperature).
    pub scale: f32,
    /// Counts to add for even and odd rows: compensation pixels and reading pattern.
    pub shift: [[f32; 32]; 2],
}

impl Conditions {
    /// Datasheet 11.2.2.1 to 11.2.2.4 and 11.2.2.6.
    pub fn of(chip: &Parameters, words: &[u16; FRAME_WORDS], optics: Optics) -> Result<Self, Implausible> {
        let reading = Reading::of(chip, words);
        let gain_word = words[at::GAIN] as i16;
        if gain_word <= 0 {
            return Err(Implausible::Gain(gain_word));
        }
        let gain = chip.gain / f64::from(gain_word);
        let supply = (signed(words, at::VDD) * reading.resolution - chip.vdd_25) / chip.k_vdd + 3.3;
        if !SUPPLY_V.contains(&supply) {
            return Err(Implausible::Supply(supply as f32));
        }
        let ptat = signed(words, at::PTAT);
        let v = ptat / (ptat * chip.alpha_ptat + signed(words, at::VBE)) * 262_144.0;
        let ambient = (v / (1.0 + chip.kv_ptat * (supply - 3.3)) - chip.v_ptat_25) / chip.kt_ptat + 25.0;
        if !AMBIENT_C.contains(&ambient) {
            return Err(Implausible::Ambient(ambient as f32));
        }
        let (d_ambient, d_supply) = (ambient - 25.0, supply - 3.3);
        let (emissivity, reflected, ta_tr) = surroundings(optics, ambient);
        let drift = (1.0 + chip.cp_kta * d_ambient) * (1.0 + chip.cp_kv * d_supply);
        let other_pattern = if reading.chess == chip.calibrated_chess { 0.0 } else { chip.il_chess[0] };
        let compensation = [
            signed(words, at::CP_0) * gain - chip.cp_offset[0] * drift,
            signed(words, at::CP_1) * gain - (chip.cp_offset[1] + other_pattern) * drift,
        ];
        Ok(Self {
            supply,
            ambient,
            emissivity,
            reflected,
            gain: gain as f32,
            d_ambient: d_ambient as f32,
            d_supply: d_supply as f32,
            ta_tr: ta_tr as f32,
            scale: (1.0 / (emissivity * (1.0 + chip.ks_ta * d_ambient))) as f32,
            shift: reading.shift(chip, compensation),
        })
    }
}

/// Emissivity in 0.05..=1.0, the reflected temperature in C, and the radiation of what is reflected and of the chip itself
/// in K^4 (datasheet 11.2.2.9). Without a reflected temperature, that of a sensor in open air: 8 K below the chip.
fn surroundings(optics: Optics, ambient: f64) -> (f64, f64, f64) {
    let given = f64::from(optics.emissivity);
    let emissivity = if given.is_nan() { 0.95 } else { given.clamp(0.05, 1.0) };
    let reflected = optics.reflected.filter(|t| t.is_finite()).map_or(ambient - 8.0, f64::from);
    let fourth = |celsius: f64| (celsius + KELVIN).max(0.0).powi(4);
    (emissivity, reflected, fourth(reflected) - (fourth(reflected) - fourth(ambient)) / emissivity)
}

/// How the pixels were read.
struct Reading {
    /// Chess pattern; else interleaved rows.
    chess: bool,
    /// Calibrated over used ADC resolution.
    resolution: f64,
}

impl Reading {
    /// From the control register in the frame, or, if the device sends the constants 1, 1 in its place, from the one
    /// stored in the EEPROM (word 12): bit 12 = chess pattern, bits 11-10 = resolution (datasheet, 11.2.1.2).
    fn of(chip: &Parameters, words: &[u16; FRAME_WORDS]) -> Self {
        let (control, subpage) = (words[at::CONTROL], words[at::SUBPAGE]);
        let real = control & 1 == 1 && control != 1 && control >> 13 == 0 && subpage <= 1;
        if !real {
            return Self { chess: chip.control & 0x1000 != 0, resolution: 1.0 };
        }
        let used = (control >> 10) & 3;
        Self { chess: control & 0x1000 != 0, resolution: (f64::from(chip.resolution) - f64::from(used)).exp2() }
    }

    /// What is added to the counts of even and odd rows. Datasheet 11.2.2.5.3, 11.2.2.7; the maker's library,
    /// `CalculateTo`.
    fn shift(&self, chip: &Parameters, compensation: [f64; 2]) -> [[f32; 32]; 2] {
        let mut shift = [[0.0; 32]; 2];
        for (row, shift) in shift.iter_mut().enumerate() {
            for (col, shift) in shift.iter_mut().enumerate() {
                let subpage = if self.chess { row ^ (col & 1) } else { row };
                let mut sum = -chip.tgc * compensation[subpage];
                if self.chess != chip.calibrated_chess {
                    let sign = if row == 1 { 1.0 } else { -1.0 };
                    let conversion = [0.0, -1.0, 0.0, 1.0][col % 4] * -sign;
                    sum += chip.il_chess[2] * sign - chip.il_chess[1] * conversion;
                }
                *shift = sum as f32;
            }
        }
        shift
    }
}

/// A word of a frame as a number.
pub(super) fn signed(words: &[u16; FRAME_WORDS], at: usize) -> f64 {
    f64::from(words[at] as i16)
}
