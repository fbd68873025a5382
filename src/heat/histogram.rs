//! Histograms: how many cells of a picture lie in each of some equal steps of temperature.
//!
//! Invariant: broken and masked cells are not counted; every other cell is counted once.

use crate::heat::picture::Span;
use crate::model::thermal::ThermalFrame;

/// Steps that a histogram may have.
pub const MAX_BINS: usize = 1024;

/// Counts of cells; made to be refilled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    bins: Vec<u32>,
    below: u32,
    above: u32,
}

impl Histogram {
    /// Counts a frame's cells in `n_bins` equal steps over a span, over whatever was counted. 1..=1024 steps. A cell at the
    /// border of two steps is in the upper one, one at the end of the span in the last; in a span without width all that
    /// lie on it are in the first.
    pub fn count(&mut self, frame: &ThermalFrame, span: Span, n_bins: usize) {
        self.count_values(frame.seen_cells().flatten(), span, n_bins);
    }

    /// Counts values of any kind as [`Self::count`] does temperatures.
    pub fn count_values(&mut self, values: impl IntoIterator<Item = f32>, span: Span, n_bins: usize) {
        let n_bins = n_bins.clamp(1, MAX_BINS);
        self.bins.clear();
        self.bins.resize(n_bins, 0);
        (self.below, self.above) = (0, 0);
        let width = span.high - span.low;
        let factor = if width > 0.0 { n_bins as f32 / width } else { 0.0 };
        for celsius in values {
            let bin = ((celsius - span.low) * factor) as usize;
            match self.bins.get_mut(bin.min(n_bins - 1)) {
                Some(_) if celsius < span.low => self.below += 1,
                Some(_) if celsius > span.high => self.above += 1,
                Some(count) => *count += 1,
                None => {}
            }
        }
    }

    /// Cells in each step, from the coldest up.
    #[must_use]
    pub fn bins(&self) -> &[u32] {
        &self.bins
    }

    /// Cells colder than the span.
    #[must_use]
    pub const fn below(&self) -> u32 {
        self.below
    }

    /// Cells hotter than the span.
    #[must_use]
    pub const fn above(&self) -> u32 {
        self.above
    }

    /// Cells counted, those beyond the span too.
    #[must_use]
    pub fn n(&self) -> u32 {
        self.bins.iter().sum::<u32>() + self.below + self.above
    }

    /// The highest count of a step.
    #[must_use]
    pub fn highest(&self) -> u32 {
        self.bins.iter().copied().max().unwrap_or(0)
    }
}
