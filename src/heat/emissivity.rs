//! Another emissivity for a temperature that was computed with one: the Stefan-Boltzmann form, broad band, which is good
//! enough for what arrays of 8 to 14 um see.
//!
//! What an array sees of a thing is `e T^4 + (1 - e) Tr^4` in kelvin: what the thing radiates, and what it mirrors. So
//! `Tm^4 = e1 T1^4 + (1 - e1) Tr^4` is what was seen, back at e = 1, and `T2^4 = (Tm^4 - (1 - e2) Tr^4) / e2` is the
//! temperature with the other emissivity.
//!
//! An MLX90640 is also a little more or less sensitive at another temperature, which only its whole method knows. Over
//! all frames of the recorded device (22 to 33 C; reflected temperatures of 10, 20 and 40 C and of a sensor in open air),
//! from emissivity 0.95, this form differs from the whole method by at most 0.011 K down to 0.8, 0.11 K down to 0.5 and
//! 0.29 K down to 0.3: less than the array's own error of 1 K. Below, both say little: most of what is seen is mirrored.

use crate::model::thermal::ThermalFrame;
use crate::units::temperature::ZERO_CELSIUS_K;

/// The emissivities that can be told apart from a mirror.
const RANGE: std::ops::RangeInclusive<f32> = 0.05..=1.0;
/// Reflected temperature where nothing is known, C: a room.
const ROOM_C: f32 = 20.0;
/// A chip in open air is so much warmer than what surrounds it, K.
const CHIP_K: f32 = 8.0;

/// From the emissivity of a frame to another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correction {
    /// Share of the old T^4 in the new one.
    share: f64,
    /// What is added to it, K^4.
    shift: f64,
}

impl Correction {
    /// The correction of a frame's temperatures to `emissivity`, cut to 0.05..=1; `None` if it changes nothing. What is
    /// reflected: what the frame was computed with, else 8 K below its chip, else a room of 20 C.
    #[must_use]
    pub fn of(frame: &ThermalFrame, emissivity: f32) -> Option<Self> {
        Self::new(frame.emissivity, emissivity, reflected(frame))
    }

    /// The correction from one emissivity to another, both cut to 0.05..=1, at a reflected temperature, C; `None` if it
    /// changes nothing or one of them is no number.
    #[must_use]
    pub fn new(from: f32, to: f32, reflected: f32) -> Option<Self> {
        let cut = |e: f32| f64::from(e.clamp(*RANGE.start(), *RANGE.end()));
        let (from, to) = (cut(from), cut(to));
        let sound = from.is_finite() && to.is_finite() && reflected.is_finite() && from != to;
        sound.then(|| Self { share: from / to, shift: (to - from) / to * fourth(reflected) })
    }

    /// The corrected temperature, C; `None` if nothing can look like that: more was mirrored than was seen.
    #[must_use]
    pub fn apply(self, celsius: f32) -> Option<f32> {
        let kelvin4 = self.share * fourth(celsius) + self.shift;
        (kelvin4 > 0.0).then(|| (kelvin4.sqrt().sqrt() - f64::from(ZERO_CELSIUS_K)) as f32)
    }
}

/// The reflected temperature that counts for a frame, C.
#[must_use]
pub fn reflected(frame: &ThermalFrame) -> f32 {
    let known = frame.reflected.or_else(|| frame.ambient.map(|chip| chip - CHIP_K));
    known.filter(|celsius| celsius.is_finite()).unwrap_or(ROOM_C)
}

fn fourth(celsius: f32) -> f64 {
    (f64::from(celsius) + f64::from(ZERO_CELSIUS_K)).max(0.0).powi(4)
}
