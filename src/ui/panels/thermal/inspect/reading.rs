//! What the regions of the shown picture read: once for each new frame or change of a region, whoever asks.
//!
//! Invariant: every figure comes from the cells of the frame, never from the picture's pixels.

use std::sync::Arc;

use crate::heat::region::{Meters, Plan};
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::model::thermal::region::{Figure, RegionId, Regions};

/// The newest reading.
#[derive(Debug, Default)]
pub struct Reading {
    regions: Arc<Regions>,
    plan: Plan,
    meters: Meters,
    read: Option<(DeviceId, Arc<ThermalFrame>)>,
    count: u64,
}

impl Reading {
    /// What these regions read in this frame.
    pub fn look(&mut self, device: &DeviceId, frame: &Arc<ThermalFrame>, regions: &Arc<Regions>) -> &Meters {
        let same = Arc::ptr_eq(&self.regions, regions) || self.regions == *regions;
        if !same || self.plan.size() != frame.size {
            (self.regions, self.plan, self.read) = (Arc::clone(regions), Plan::new(frame.size, regions), None);
        }
        if self.read.as_ref().is_none_or(|(whose, known)| whose != device || !Arc::ptr_eq(known, frame)) {
            self.plan.read(frame, &mut self.meters);
            self.read = Some((device.clone(), Arc::clone(frame)));
            self.count += 1;
        }
        &self.meters
    }

    /// A figure of a region, C, or of a delta, K, as it was read last.
    #[must_use]
    pub fn figure(&self, id: &RegionId, figure: Figure) -> Option<f32> {
        self.meters.figure(id, figure)
    }

    /// The temperatures along a line of the frame that was read last, C, in the line's own order.
    #[must_use]
    pub fn profile(&self, id: &RegionId) -> Vec<Option<f32>> {
        self.read.as_ref().map(|(_, frame)| self.plan.profile(frame, id)).unwrap_or_default()
    }

    /// How many cells a region has, masked ones left out.
    #[must_use]
    pub fn cells(&self, id: &RegionId) -> usize {
        self.plan.cells(id).count()
    }

    /// How often anything was read: for tests.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }
}
