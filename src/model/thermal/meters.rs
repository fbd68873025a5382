//! Meters: what was read of the regions of one picture, and the keys under which that is kept as history.
//!
//! Invariant: [`keys`] and [`Meters::values`] tell the same figures in the same order, if the meters were read of the same
//! regions.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::thermal::region::{Figure, RegionId, Regions};

/// What a region shows: its cells that have a value and no mask.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
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
    /// How many cells were read, 1 or more.
    pub n: u32,
}

impl Reading {
    /// One of its figures, C.
    #[must_use]
    pub const fn figure(&self, figure: Figure) -> f32 {
        match figure {
            Figure::Max => self.max,
            Figure::Mean => self.mean,
            Figure::Min => self.min,
        }
    }

    /// The cell that shows a figure; no cell shows a mean.
    #[must_use]
    pub const fn cell(&self, figure: Figure) -> Option<u32> {
        match figure {
            Figure::Max => Some(self.max_at),
            Figure::Mean => None,
            Figure::Min => Some(self.min_at),
        }
    }
}

/// What all regions and deltas of one picture show. A region without a value has no cell left: all are broken, masked
/// or outside the picture. A delta without a value lacks one of its regions, or that has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meters {
    /// Regions in the order they were made, masks left out.
    pub regions: Vec<(RegionId, Option<Reading>)>,
    /// Deltas in the order they were made, K.
    pub deltas: Vec<(RegionId, Option<f32>)>,
}

impl Meters {
    /// What a region shows.
    #[must_use]
    pub fn reading(&self, id: &RegionId) -> Option<&Reading> {
        self.regions.iter().find(|(known, _)| known == id).and_then(|(_, reading)| reading.as_ref())
    }

    /// A figure of a region, C; of a delta its difference, K, whatever the figure.
    #[must_use]
    pub fn figure(&self, id: &RegionId, figure: Figure) -> Option<f32> {
        let delta = || self.deltas.iter().find(|(known, _)| known == id).and_then(|(_, kelvin)| *kelvin);
        self.reading(id).map(|reading| reading.figure(figure)).or_else(delta)
    }

    /// All figures in the order of [`keys`].
    pub fn values(&self) -> impl Iterator<Item = Option<f32>> + '_ {
        let of = |(id, reading): &(RegionId, Option<Reading>)| {
            let reading = *reading;
            figures(id).iter().map(move |&figure| reading.map(|reading| reading.figure(figure)))
        };
        self.regions.iter().flat_map(of).chain(self.deltas.iter().map(|(_, kelvin)| *kelvin))
    }

    /// Takes everything out; keeps the memory.
    pub fn clear(&mut self) {
        self.regions.clear();
        self.deltas.clear();
    }
}

/// The figures of a region or delta that are kept: a spot is its own hottest, mean and coldest cell, and a delta is one
/// number.
fn figures(id: &RegionId) -> &'static [Figure] {
    if id.is_spot() || id.is_delta() { &[Figure::Max] } else { &Figure::ALL }
}

/// The keys under which figures are kept as history, as those of channels are: `S1`, `B1.max`, `B1.mean`, `B1.min`, `D1`.
/// Regions first, masks left out, then deltas.
#[must_use]
pub fn keys(regions: &Regions) -> Vec<(Arc<str>, RegionId, Figure)> {
    let measured = regions.regions.iter().filter(|region| !region.mask).map(|region| &region.id);
    let all = measured.chain(regions.deltas.iter().map(|delta| &delta.id));
    all.flat_map(|id| figures(id).iter().map(move |&figure| (key(id, figure), id.clone(), figure))).collect()
}

/// The key of one figure.
#[must_use]
pub fn key(id: &RegionId, figure: Figure) -> Arc<str> {
    if figures(id).len() == 1 { Arc::clone(&id.0) } else { format!("{id}.{}", figure.word()).into() }
}
