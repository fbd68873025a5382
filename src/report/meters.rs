//! What regions measure in a frame, for reports: the one place where the house's meters are asked.
//!
//! Invariant: no figure is computed here; all are those that the window, the rules and the API have.

use std::sync::Arc;

use crate::heat::region::Plan;
use crate::model::thermal::ThermalFrame;
use crate::model::thermal::meters::Reading;
use crate::model::thermal::region::{Delta, Figure, Region, Regions};

/// A frame and what its regions show.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The frame, its extremes without masked cells.
    pub frame: ThermalFrame,
    /// Regions and masks in their order; a mask, and a region without a value, has no figures.
    pub regions: Vec<(Region, Option<Reading>)>,
    /// Deltas in their order, K.
    pub deltas: Vec<(Delta, Option<f32>)>,
}

/// Measures a frame by these regions.
#[must_use]
pub fn measured(frame: &ThermalFrame, regions: &Arc<Regions>) -> Measured {
    let mut frame = frame.clone();
    Plan::new(frame.size, regions).measure(&mut frame);
    let meters = &frame.meters;
    let figures = regions.regions.iter().map(|region| (region.clone(), meters.reading(&region.id).copied())).collect();
    let kelvin = |delta: &Delta| meters.figure(&delta.id, Figure::Max);
    let deltas = regions.deltas.iter().map(|delta| (delta.clone(), kelvin(delta))).collect();
    Measured { regions: figures, deltas, frame }
}
