//! Thermal pictures of the past, for faces: what is recorded and, behind it, what is only in the slots yet.
//!
//! Invariant: a picture that was handed to the recorder is never taken from the slots: none appears twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::heat::region::Plan;
use crate::model::history::Point;
use crate::model::recording::{CellSpan, Heat, Instant, MAX_AGE_S};
use crate::model::sensors::DeviceId;
use crate::model::thermal::{Array, ThermalFrame};
use crate::port::slots::{DeviceSlot, Slots};
use crate::store::recordings::Recordings;
use crate::store::recordings::bins::Bins;

/// What is known of the past.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// What is recorded, if anything is.
    pub recordings: Option<&'a Recordings>,
    /// The newest pictures.
    pub slots: &'a Slots,
    /// The arrays, for what is measured and masked in their pictures now.
    pub arrays: &'a BTreeMap<DeviceId, Arc<Array>>,
}

impl Past<'_> {
    /// What all arrays showed at an instant. Blocks; for reader threads.
    #[must_use]
    pub fn heat(&self, instant: &Instant) -> Heat {
        match instant {
            Instant::At(at) => self.at(*at),
            Instant::After(device, at) => self.after(device, *at).map_or_else(Heat::default, |at| self.at(at)),
            Instant::Before(device, at) => self.before(device, *at).map_or_else(Heat::default, |at| self.at(at)),
        }
    }

    /// What one cell showed over time. Blocks; for reader threads.
    #[must_use]
    pub fn cell(&self, span: &CellSpan) -> Vec<Point> {
        let mut bins = Bins::new(span.from, span.to, span.points);
        if let Some(recordings) = self.recordings {
            recordings.cell_into(span, &mut bins);
        }
        for frame in self.fresh(&span.device) {
            if let Some(value) = frame.get(span.cell as usize) {
                bins.add(us(&frame), value);
            }
        }
        bins.points()
    }

    fn at(&self, at: Timestamp) -> Heat {
        let recorded = self.recordings.map(|recordings| recordings.at(at));
        let mut frames: BTreeMap<DeviceId, Arc<ThermalFrame>> = recorded.unwrap_or_default();
        for (device, frame) in &mut frames {
            self.measure(device, frame);
        }
        let (to, oldest) = (at.as_microsecond(), at.as_microsecond().saturating_sub(MAX_AGE_S * 1_000_000));
        for (device, slot) in self.slots.devices().iter() {
            let shown = self.fresh_of(slot).into_iter().filter(|frame| (oldest..=to).contains(&us(frame)));
            if let Some(newest) = shown.max_by_key(|frame| us(frame)) {
                frames.insert(device.clone(), newest);
            }
        }
        let newest = frames.values().map(|frame| us(frame)).max();
        Heat { at: newest.and_then(|us| Timestamp::from_microsecond(us).ok()), frames }
    }

    /// Recorded is what was seen, not what was drawn over it: regions and masks are those of now.
    fn measure(&self, device: &DeviceId, frame: &mut Arc<ThermalFrame>) {
        if let Some(array) = self.arrays.get(device).filter(|array| !array.regions.is_empty()) {
            Plan::new(frame.size, &array.regions).measure(Arc::make_mut(frame));
        }
    }

    fn after(&self, device: &DeviceId, at: Timestamp) -> Option<Timestamp> {
        let recorded = self.recordings.and_then(|all| all.after(device, at));
        recorded.or_else(|| {
            let fresh = self.fresh(device);
            let next = fresh.iter().map(|frame| us(frame)).filter(|us| *us > at.as_microsecond()).min()?;
            Timestamp::from_microsecond(next).ok()
        })
    }

    fn before(&self, device: &DeviceId, at: Timestamp) -> Option<Timestamp> {
        let fresh = self.fresh(device);
        let last = fresh.iter().map(|frame| us(frame)).filter(|us| *us < at.as_microsecond()).max();
        match last {
            Some(us) => Timestamp::from_microsecond(us).ok(),
            None => self.recordings.and_then(|all| all.before(device, at)),
        }
    }

    fn fresh(&self, device: &DeviceId) -> Vec<Arc<ThermalFrame>> {
        self.slots.device(device).map_or_else(Vec::new, |slot| self.fresh_of(&slot))
    }

    /// Pictures that the recorder was not handed yet.
    fn fresh_of(&self, slot: &DeviceSlot) -> Vec<Arc<ThermalFrame>> {
        let mut kept = Vec::new();
        slot.frames.read_since(0, &mut kept);
        if let Some(newest) = self.recordings.and_then(|all| all.newest(&slot.id)) {
            kept.retain(|frame| us(frame) > newest.as_microsecond());
        }
        kept
    }
}

/// When a picture was taken, us since 1970.
fn us(frame: &ThermalFrame) -> i64 {
    frame.wall.as_microsecond()
}
