//! The guard of one device: its watch, fed with every reading on the connection's own task.
//!
//! Invariant: no allocation and no lock per reading while no source turns.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use arc_swap::ArcSwap;

use crate::engine::services::sensors::directory::Directory;
use crate::heat::watch::{Edge, Program, Watch};
use crate::model::thermal::ThermalFrame;
use crate::port::slots::DeviceSlot;
use crate::units::moment::Moment;

/// A watch, the rules it follows, and what turned since it was told last.
#[derive(Debug)]
pub struct Guard {
    watch: Watch,
    program: Arc<ArcSwap<Program>>,
    edges: Vec<Edge>,
    relearned: Option<u64>,
    out_of_step: bool,
}

impl Guard {
    /// A guard that follows `program`.
    #[must_use]
    pub const fn new(watch: Watch, program: Arc<ArcSwap<Program>>) -> Self {
        Self { watch, program, edges: Vec::new(), relearned: None, out_of_step: false }
    }

    /// Once per packet, before its readings: follows changed rules and wishes, publishes what was learned.
    pub fn begin(&mut self, slot: &DeviceSlot, now: Moment) {
        self.out_of_step |= self.watch.follow(&self.program.load());
        let wished = slot.relearn.load(Ordering::Relaxed);
        if self.relearned.replace(wished).is_some_and(|known| known != wished) {
            self.watch.relearn(now);
        }
        if let Some(learned) = self.watch.publish(now) {
            slot.learned.store(Some(learned));
        }
    }

    /// Takes a channel's reading.
    pub fn reading(&mut self, channel: usize, key: &str, value: f64, now: Moment) {
        self.watch.reading(channel, key, value, now, &mut self.edges);
    }

    /// Takes a measured frame.
    pub fn frame(&mut self, frame: &ThermalFrame, slot: &DeviceSlot) {
        self.watch.frame(frame, &mut self.edges);
        slot.rise.set(self.watch.rise());
        slot.unusual.set(self.watch.unusual());
        slot.hot_cells.set(self.watch.hot_cells());
    }

    /// Tells the house what turned, if anything did. After a change of rules the house tells in turn what is on: only it
    /// knows which source of the old rules is which of the new ones.
    pub fn tell(&mut self, slot: &DeviceSlot, directory: &dyn Directory) {
        if !self.edges.is_empty() {
            directory.turned(slot, &self.edges);
            self.edges.clear();
        }
        if std::mem::take(&mut self.out_of_step) {
            self.watch.stand(&directory.on(slot));
        }
    }
}
