//! What the colours of one picture are about, and over which span of values they go.
//!
//! Invariant: values are of cells that are looked at: broken and masked ones have none.

use std::sync::Arc;

use crate::heat::palette::Lut;
use crate::heat::picture::{Colouring, Span};
use crate::model::learned::Baseline;
use crate::model::thermal::ThermalFrame;
use crate::ui::words;
use crate::units::temperature::Scale;

/// The narrowest range that a picture is spread over, K: less would show the noise of the sensor as a picture.
pub const LEAST_SPAN: f32 = 4.0;

/// What the colours are about.
#[derive(Clone, Debug, Default)]
pub enum Paint {
    /// Temperatures.
    #[default]
    Heat,
    /// Temperatures: grey below this limit, C, one hue from it up.
    AboveLimit(f32),
    /// Kelvin above or below the usual picture.
    Difference(Arc<Baseline>),
}

impl Paint {
    /// Whether both paint the same values in the same colours.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Heat, Self::Heat) => true,
            (Self::AboveLimit(a), Self::AboveLimit(b)) => a == b,
            (Self::Difference(a), Self::Difference(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// Whether it is about differences, K, and not about temperatures, C.
    #[must_use]
    pub const fn is_difference(&self) -> bool {
        matches!(self, Self::Difference(_))
    }

    /// The colours over a span of values.
    #[must_use]
    pub fn colouring<'a>(&'a self, lut: &'a Lut, (low, high): (f32, f32)) -> Colouring<'a> {
        let span = Span { low, high };
        match self {
            Self::Heat => Colouring::Heat { lut, span },
            Self::AboveLimit(limit) => Colouring::AboveLimit { limit: *limit, span },
            Self::Difference(baseline) => Colouring::Difference { baseline, kelvin: low.abs().max(high.abs()) },
        }
    }

    /// The colours of the values from `axis.0` to `axis.1`, in 256 equal steps, where the picture goes over `span`.
    #[must_use]
    pub fn along(&self, lut: &Lut, span: (f32, f32), axis: (f32, f32)) -> Lut {
        let colouring = self.colouring(lut, span);
        let mut out = [[0; 3]; 256];
        for (i, color) in out.iter_mut().enumerate() {
            let value = egui::lerp(axis.0..=axis.1, i as f32 / 255.0);
            *color = colouring.lut()[usize::from(colouring.index(value))];
        }
        out
    }

    /// The values of a frame's cells.
    pub fn values<'a>(&'a self, frame: &'a ThermalFrame) -> impl Iterator<Item = f32> + 'a {
        let usual = match self {
            Self::Difference(baseline) if baseline.size == frame.size => Some(baseline),
            _ => None,
        };
        let all = !self.is_difference();
        frame.seen_cells().enumerate().filter_map(move |(cell, celsius)| match usual {
            Some(baseline) => {
                let known = baseline.variance.get(cell).is_some_and(|variance| *variance >= 0.0);
                Some(celsius? - baseline.mean.get(cell).copied().filter(|_| known)?)
            }
            None => celsius.filter(|_| all),
        })
    }

    /// A span that can be shown: wide enough, and of differences as far below zero as above.
    #[must_use]
    pub fn fit(&self, (low, high): (f32, f32)) -> (f32, f32) {
        if self.is_difference() {
            let most = low.abs().max(high.abs()).max(LEAST_SPAN / 2.0);
            return (-most, most);
        }
        let missing = (LEAST_SPAN - (high - low)).max(0.0) / 2.0;
        (low - missing, high + missing)
    }

    /// The ends to be held if `wanted` is asked for instead of `now`: of differences the end that was moved counts, the
    /// other one mirrors it.
    #[must_use]
    pub fn held(&self, wanted: (f32, f32), now: (f32, f32)) -> (f32, f32) {
        if !self.is_difference() {
            return wanted;
        }
        let most = if wanted.0 == now.0 { wanted.1.abs() } else { wanted.0.abs() }.max(LEAST_SPAN / 8.0);
        (-most, most)
    }

    /// The span without the coldest and the hottest `share` of the cells; `None` if no cell has a value.
    #[must_use]
    pub fn span(&self, frame: &ThermalFrame, share: f32, sorted: &mut Vec<f32>) -> Option<(f32, f32)> {
        sorted.clear();
        sorted.extend(self.values(frame));
        let last = sorted.len().checked_sub(1)? as f32;
        let mut at = |share: f32| *sorted.select_nth_unstable_by((last * share).round() as usize, f32::total_cmp).1;
        let (low, high) = (at(share), at(1.0 - share));
        Some(self.fit((low, high)))
    }

    /// A value in the scale that was chosen.
    #[must_use]
    pub fn shown(&self, value: f32, scale: Scale) -> f32 {
        if self.is_difference() { scale.of_difference(value) } else { scale.of(value) }
    }

    /// The reverse of [`Self::shown`].
    #[must_use]
    pub fn value(&self, shown: f32, scale: Scale) -> f32 {
        if self.is_difference() { scale.kelvin(shown) } else { scale.celsius(shown) }
    }

    /// A value as people read it, without its unit: a temperature, or a difference with its sign.
    #[must_use]
    pub fn words(&self, value: f32, scale: Scale) -> String {
        if self.is_difference() { words::difference(value, scale) } else { words::degrees(Some(value), scale) }
    }
}
