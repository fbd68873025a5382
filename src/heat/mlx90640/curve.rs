//! From radiated energy to temperature and back. Source: MLX90640 datasheet, 11.1.10, 11.1.11 and 11.2.2.9.
//!
//! Invariant: no branch in the loop over pixels: ranges are selected, not jumped to.

use super::conditions::KELVIN;
use super::extract::Parameters;

/// From radiated energy to temperature, in kelvin: three rounds of the same formula, each dividing by a sensitivity
/// `slope * T + base` that depends on the temperature found by the round before (datasheet 11.2.2.9).
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve {
    /// Sensitivity of the middle range, for the first guess.
    guess: Line,
    /// Sensitivity by range.
    ranges: [Line; 4],
    /// Where ranges 1, 2 and 3 begin, K.
    begins: [f32; 3],
}

#[derive(Clone, Copy, Debug)]
struct Line {
    slope: f32,
    base: f32,
}

impl Line {
    /// `factor * (1 + ks * (T - origin))` with `origin` in C and T in kelvin.
    fn new(factor: f64, ks: f64, origin: f64) -> Self {
        Self { slope: (factor * ks) as f32, base: (factor * (1.0 - ks * (origin + KELVIN))) as f32 }
    }

    #[inline]
    fn at(self, kelvin: f32) -> f32 {
        self.slope * kelvin + self.base
    }
}

impl Curve {
    pub fn of(chip: &Parameters) -> Self {
        let (ks, ct) = (chip.ks_to, chip.ct);
        let from_2 = 1.0 + ks[1] * ct[2];
        let factors = [1.0 / (1.0 + ks[0] * 40.0), 1.0, from_2, from_2 * (1.0 + ks[2] * (ct[3] - ct[2]))];
        Self {
            guess: Line::new(1.0, ks[1], 0.0),
            ranges: [0, 1, 2, 3].map(|k| Line::new(factors[k], ks[k], ct[k])),
            begins: [1, 2, 3].map(|k| (ct[k] + KELVIN) as f32),
        }
    }

    #[inline]
    fn range(&self, kelvin: f32) -> Line {
        let [cold, room, warm, hot] = self.ranges;
        let mut line = cold;
        line = if kelvin >= self.begins[0] { room } else { line };
        line = if kelvin >= self.begins[1] { warm } else { line };
        if kelvin >= self.begins[2] { hot } else { line }
    }

    /// The temperature, K, of an object that radiates `energy` (counts over sensitivity, K^4) more than its
    /// surroundings. `NaN` if there is none.
    #[inline]
    pub fn object(&self, energy: f32, ta_tr: f32) -> f32 {
        let fourth_root = |x: f32| x.sqrt().sqrt();
        let first = fourth_root(energy + ta_tr);
        let second = fourth_root(energy / self.guess.at(first) + ta_tr);
        fourth_root(energy / self.range(second).at(second) + ta_tr)
    }

    /// The energies for which [`Self::object`] says `kelvin`: found by walking, as the reverse has no closed form. A row at
    /// a time, so that it becomes vector instructions.
    pub fn source(&self, kelvin: &[f32; 32], ta_tr: f32) -> [f32; 32] {
        let sensitivity = kelvin.map(|t| self.range(t).at(t));
        let wanted = kelvin.map(|t| t * t * t * t);
        let mut energy: [f32; 32] = std::array::from_fn(|col| (wanted[col] - ta_tr) * sensitivity[col]);
        for _ in 0..8 {
            for col in 0..32 {
                let squared = self.object(energy[col], ta_tr).powi(2);
                energy[col] += (wanted[col] - squared * squared) * sensitivity[col];
            }
        }
        energy
    }
}
