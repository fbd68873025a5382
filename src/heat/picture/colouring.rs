//! Colourings: what the colours of a picture mean, and which colour a temperature has.

use crate::heat::palette::{ABOVE_LIMIT, DIFFERENCE, Lut};
use crate::model::learned::Baseline;
use crate::model::thermal::ThermalFrame;

/// The temperatures, C, of the first and the last colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Coldest shown.
    pub low: f32,
    /// Hottest shown.
    pub high: f32,
}

impl Default for Span {
    /// A room: 15..=35 C.
    fn default() -> Self {
        Self { low: 15.0, high: 35.0 }
    }
}

impl Span {
    /// The narrowest automatic span, K: below it a palette would show nothing but noise.
    pub const MIN_WIDTH: f32 = 1.0;

    /// From the coldest to the hottest cell, masked ones left out, widened around its middle to at least 1 K; of a frame
    /// without any value, [`Self::default`]. Uses the frame's extremes if they were measured.
    #[must_use]
    pub fn auto(frame: &ThermalFrame) -> Self {
        if let Some(e) = frame.extremes {
            return Self { low: e.min, high: e.max }.widened();
        }
        let ends = frame.seen_cells().flatten().fold(None, |ends: Option<(f32, f32)>, t| {
            Some(ends.map_or((t, t), |(low, high)| (low.min(t), high.max(t))))
        });
        ends.map_or_else(Self::default, |(low, high)| Self { low, high }.widened())
    }

    /// At least [`Self::MIN_WIDTH`] wide, around the same middle.
    #[must_use]
    pub fn widened(self) -> Self {
        let middle = f32::midpoint(self.low, self.high);
        let half = ((self.high - self.low) / 2.0).max(Self::MIN_WIDTH / 2.0);
        Self { low: middle - half, high: middle + half }
    }

    /// Where a temperature lies: 0 at or below `low`, 255 at or above `high`. In a span without width everything
    /// is in the middle, 128.
    #[must_use]
    pub fn index(self, celsius: f32) -> u8 {
        Plain::of(self).index(celsius)
    }
}

/// What the colours of a picture mean.
#[derive(Clone, Copy, Debug)]
pub enum Colouring<'a> {
    /// Temperatures, by a palette.
    Heat {
        /// The palette.
        lut: &'a Lut,
        /// The temperatures of its ends.
        span: Span,
    },
    /// Temperatures: grey below a limit, one hue from it up.
    AboveLimit {
        /// The limit, C.
        limit: f32,
        /// Where the greys begin and the hue ends; on each side of the limit at least 1 K.
        span: Span,
    },
    /// How far each cell lies above or below its usual temperature: blue, grey, orange. A cell without one is transparent.
    Difference {
        /// The usual picture.
        baseline: &'a Baseline,
        /// The difference of the ends, K, above 0.
        kelvin: f32,
    },
}

impl Colouring<'_> {
    /// Its 256 colours.
    #[must_use]
    pub fn lut(&self) -> &Lut {
        match self {
            Self::Heat { lut, .. } => lut,
            Self::AboveLimit { .. } => &ABOVE_LIMIT,
            Self::Difference { .. } => &DIFFERENCE,
        }
    }

    /// Where a value lies in it: a temperature, C, or of [`Self::Difference`] a difference, K.
    #[must_use]
    pub fn index(&self, value: f32) -> u8 {
        match *self {
            Self::Heat { span, .. } => Plain::of(span).index(value),
            Self::AboveLimit { limit, span } => Parted::at(limit, span).index(value),
            Self::Difference { kelvin, .. } => Plain::around_zero(kelvin).index(value),
        }
    }

    /// The temperature that is painted where no cell has one, C.
    pub(super) const fn coldest(&self) -> f32 {
        match self {
            Self::Heat { span, .. } | Self::AboveLimit { span, .. } => span.low,
            Self::Difference { .. } => 0.0,
        }
    }

    /// The usual temperatures of a frame's cells, if these colours are about them.
    pub(super) fn usual(&self, frame: &ThermalFrame) -> Option<Usual<'_>> {
        match self {
            Self::Difference { baseline, .. } => Some(Usual { baseline, fits: baseline.size == frame.size }),
            Self::Heat { .. } | Self::AboveLimit { .. } => None,
        }
    }
}

/// The usual picture as a frame's cells look at it.
pub(super) struct Usual<'a> {
    baseline: &'a Baseline,
    fits: bool,
}

impl Usual<'_> {
    /// The usual temperature of a cell, C, if it is known.
    pub fn of(&self, cell: usize) -> Option<f32> {
        let variance = self.baseline.variance.get(cell).filter(|_| self.fits)?;
        self.baseline.mean.get(cell).copied().filter(|mean| *variance >= 0.0 && mean.is_finite())
    }
}

/// From a value to a place among 256 colours.
pub(super) trait Scale: Copy {
    /// 0..=255; beyond an end, that end.
    fn index(self, value: f32) -> u8;
}

/// A span as one multiplication: `index = value * factor + base`, cut to a byte.
#[derive(Clone, Copy)]
pub(super) struct Plain {
    factor: f32,
    base: f32,
}

impl Plain {
    pub fn of(Span { low, high }: Span) -> Self {
        let width = high - low;
        if width > 0.0 {
            let factor = 255.0 / width;
            return Self { factor, base: 0.5 - low * factor };
        }
        Self { factor: 0.0, base: 128.5 }
    }

    /// From `-kelvin` to `kelvin`.
    pub fn around_zero(kelvin: f32) -> Self {
        Self::of(Span { low: -kelvin, high: kelvin })
    }
}

impl Scale for Plain {
    #[inline]
    fn index(self, value: f32) -> u8 {
        (value * self.factor + self.base) as u8
    }
}

/// Two spans that meet at a limit: 128 colours below it, 128 from it up.
#[derive(Clone, Copy)]
pub(super) struct Parted {
    limit: f32,
    below: f32,
    above: f32,
}

impl Parted {
    /// Each side at least 1 K wide.
    pub fn at(limit: f32, Span { low, high }: Span) -> Self {
        Self { limit, below: 127.0 / (limit - low).max(1.0), above: 127.0 / (high - limit).max(1.0) }
    }
}

impl Scale for Parted {
    #[inline]
    fn index(self, value: f32) -> u8 {
        let off = value - self.limit;
        let (factor, base, from) = if off >= 0.0 { (self.above, 128.5, 128) } else { (self.below, 127.5, 0) };
        ((off * factor + base) as u8).clamp(from, from + 127)
    }
}
