//! History: takes new readings out of the slots, a few times a second, and hands them to the store; once a minute, also
//! what was learned of each device.
//!
//! Invariant: nobody waits for this service: it reads the rings without a lock, at its own pace, and what was
//! overwritten before it looked is counted in its device's slot.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use crate::io::clock::Clock;
use crate::model::history::HOTTEST;
use crate::model::learned::Learned;
use crate::model::sensors::DeviceId;
use crate::port::slots::{ChannelSlot, DeviceSlot, Ring, Slots};
use crate::store::Store;
use crate::store::records::Reading;
use crate::units::moment::Moment;

/// Between two looks at the rings: a channel may send 2,000 readings a second before any is overwritten unseen.
const PASS: Duration = Duration::from_millis(250);
/// Between two looks at what was learned, in passes: one minute.
const LEARNED_PASSES: u32 = 240;

/// Gathers until `stop`.
pub async fn run(clock: Clock, slots: Arc<Slots>, store: Store, stop: CancellationToken) {
    let mut gatherer = Gatherer::default();
    // What was restored is stored already.
    gatherer.newly_learned(&slots);
    let mut ticks = interval_at(Instant::now() + PASS, PASS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    for n in 1_u32.. {
        let running = stop.run_until_cancelled(ticks.tick()).await.is_some();
        let readings = gatherer.readings(&slots, clock.wall_of(Moment::ZERO));
        if !readings.is_empty() {
            store.record(readings);
        }
        if !running || n.is_multiple_of(LEARNED_PASSES) {
            for (device, learned) in gatherer.newly_learned(&slots) {
                store.save_learned(device, learned);
            }
        }
        if !running {
            return;
        }
    }
}

/// Remembers how far each ring was read.
#[derive(Debug, Default)]
pub struct Gatherer {
    devices: BTreeMap<DeviceId, Progress>,
    scratch: Vec<(Moment, f64)>,
}

/// How far the rings of one device were read.
#[derive(Debug)]
struct Progress {
    slot: Arc<DeviceSlot>,
    hottest_key: Arc<str>,
    hottest: u64,
    channels: Vec<u64>,
    regions: Arc<Vec<Arc<ChannelSlot>>>,
    region_cursors: Vec<u64>,
    learned: Option<Arc<Learned>>,
}

impl Progress {
    fn new(slot: &Arc<DeviceSlot>) -> Self {
        Self {
            slot: Arc::clone(slot),
            hottest_key: HOTTEST.into(),
            hottest: 0,
            channels: Vec::new(),
            regions: Arc::default(),
            region_cursors: Vec::new(),
            learned: None,
        }
    }

    /// Hands each new reading to `each` with its channel's key.
    fn read(&mut self, scratch: &mut Vec<(Moment, f64)>, mut each: impl FnMut(&Arc<str>, Moment, f64)) {
        self.follow_regions();
        let slot = &self.slot;
        let mut pass = |ring: &Ring, key: &Arc<str>, cursor: &mut u64| {
            scratch.clear();
            let (next, lost) = ring.read_since(*cursor, scratch);
            *cursor = next;
            if lost > 0 {
                slot.history_dropped.add(lost);
            }
            scratch.iter().for_each(|(at, value)| each(key, *at, *value));
        };
        pass(&slot.hottest, &self.hottest_key, &mut self.hottest);
        let channels = slot.channels();
        self.channels.resize(channels.len(), 0);
        for (channel, cursor) in channels.iter().zip(&mut self.channels) {
            pass(&channel.readings, &channel.key, cursor);
        }
        // A channel that is named as a region keeps its name: two of one name would be mixed.
        let is_channel = |key: &Arc<str>| channels.iter().any(|channel| channel.key == *key);
        let figures = self.regions.iter().zip(&mut self.region_cursors);
        for (figure, cursor) in figures.filter(|(figure, _)| !is_channel(&figure.key)) {
            pass(&figure.readings, &figure.key, cursor);
        }
    }

    /// Begins with figures that are new and forgets those that are gone; those that stay go on where they were read to.
    fn follow_regions(&mut self) {
        let now = self.slot.regions();
        if Arc::ptr_eq(&now, &self.regions) {
            return;
        }
        let cursor = |figure: &Arc<ChannelSlot>| {
            let mut before = self.regions.iter().zip(&self.region_cursors);
            before.find(|(known, _)| Arc::ptr_eq(known, figure)).map_or(0, |(_, cursor)| *cursor)
        };
        self.region_cursors = now.iter().map(cursor).collect();
        self.regions = now;
    }
}

impl Gatherer {
    /// All readings that are new since the last call. `start` is what people's clock showed at [`Moment::ZERO`], as it is
    /// set now.
    pub fn readings(&mut self, slots: &Slots, start: Timestamp) -> Vec<Reading> {
        self.follow(slots);
        let (start_us, mut readings) = (start.as_microsecond(), Vec::new());
        for (device, progress) in &mut self.devices {
            progress.read(&mut self.scratch, |key, at, value| {
                let at_us = start_us.saturating_add(i64::try_from(at.0 / 1000).unwrap_or(i64::MAX));
                let (device, channel) = (device.clone(), Arc::clone(key));
                readings.push(Reading { device, channel, at_ms: at_us.div_euclid(1000), value });
            });
        }
        readings
    }

    /// What was learned anew of any device since the last call.
    pub fn newly_learned(&mut self, slots: &Slots) -> Vec<(DeviceId, Arc<Learned>)> {
        self.follow(slots);
        let mut new = Vec::new();
        for (device, progress) in &mut self.devices {
            let Some(learned) = progress.slot.learned.load_full() else { continue };
            if !progress.learned.as_ref().is_some_and(|known| Arc::ptr_eq(known, &learned)) {
                progress.learned = Some(Arc::clone(&learned));
                new.push((device.clone(), learned));
            }
        }
        new
    }

    /// Begins with devices that are new or have a new slot, and drops those that were forgotten.
    fn follow(&mut self, slots: &Slots) {
        let there = slots.devices();
        self.devices.retain(|id, known| there.get(id).is_some_and(|slot| Arc::ptr_eq(slot, &known.slot)));
        for (id, slot) in there.iter() {
            if !self.devices.contains_key(id) {
                self.devices.insert(id.clone(), Progress::new(slot));
            }
        }
    }
}
