//! Slots of the newest readings and pictures, one [`DeviceSlot`] per device, written by the sensor server and sampled
//! by faces at their own rate.
//!
//! Invariant: a slot has one writer at a time (its device's connection); readers take no lock that it could wait for.
//! Invariant: everything in here is bounded: frames by [`KEPT_FRAMES`], readings by [`KEPT_READINGS`], channels by
//! [`MAX_CHANNELS`], figures of regions by [`MAX_FIGURES`], rejected packets by [`KEPT_REJECTS`].

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering, fence};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use jiff::Timestamp;
use parking_lot::Mutex;

use crate::model::alarms::rule::{Level, RuleId};
use crate::model::learned::Learned;
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::model::thermal::meters::Meters;
use crate::model::thermal::region::MAX_OF_A_KIND;
use crate::port::meter::{Counter, Gauge, Histogram, Histograms, INGEST_BOUNDS, UI_BOUNDS};
use crate::port::ring;
use crate::port::visits::Visits;
use crate::units::moment::Moment;

/// Frames kept per array for `/frame?sequence=N`.
pub const KEPT_FRAMES: usize = 64;
/// Readings kept per channel.
pub const KEPT_READINGS: usize = 512;
/// Channels per device.
pub const MAX_CHANNELS: usize = 32;
/// Readings kept per figure of a region.
pub const KEPT_FIGURES: usize = 256;
/// Figures of regions per device: 32 spots and deltas with one, 32 boxes, circles, polygons and lines with three.
pub const MAX_FIGURES: usize = 14 * MAX_OF_A_KIND;
/// Rejected packets kept for the diagnostics view.
pub const KEPT_REJECTS: usize = 200;
/// Rules and locations whose alarms are counted apart.
pub const MAX_RAISED: usize = 10_000;
/// Bytes that all kept frames together may take; then arrays keep fewer than [`KEPT_FRAMES`].
pub const FRAME_BUDGET: usize = 64 << 20;

/// Kinds of packets, in the order of [`KIND_NAMES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(usize)]
pub enum Kind {
    /// A line of readings.
    Sensor,
    /// A thermal frame.
    Frame,
    /// A calibration.
    Eeprom,
    /// A serial number.
    Serial,
    /// A location.
    Location,
}

/// Names of the kinds as labels.
pub const KIND_NAMES: [&str; 5] = ["sensor", "frame", "eeprom", "serialno", "locid"];

/// Reasons for rejecting a packet, in the order of [`REASON_NAMES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(usize)]
pub enum Reason {
    /// Not as long as its kind must be, or cut short by the next packet.
    Length,
    /// A character that is no hex digit.
    NotHex,
    /// No colon behind the kind.
    NoColon,
    /// No known kind.
    UnknownKind,
    /// Longer than a packet may be.
    TooLong,
    /// Bytes that are not text.
    NotUtf8,
    /// Well formed, but no array could have measured it.
    Implausible,
}

/// Names of the reasons as labels.
pub const REASON_NAMES: [&str; 7] =
    ["length", "not_hex", "no_colon", "unknown_kind", "too_long", "not_utf8", "implausible"];

/// A rejected packet, for the diagnostics view.
#[derive(Clone, Debug)]
pub struct Reject {
    /// When.
    pub wall: Timestamp,
    /// The location it came from, as far as known.
    pub location: Arc<str>,
    /// Why.
    pub reason: Reason,
    /// Evidence in words: what was expected and what came.
    pub detail: String,
    /// The first 80 characters, bytes that are not printable shown as `.`.
    pub start: String,
}

/// A ring of timed values with one writer and any number of lock-free readers.
#[derive(Debug)]
pub struct Ring {
    cells: Box<[(AtomicU64, AtomicU64)]>,
    written: AtomicU64,
}

impl Ring {
    fn new(size: usize) -> Self {
        Self { cells: (0..size).map(|_| (AtomicU64::new(0), AtomicU64::new(0))).collect(), written: AtomicU64::new(0) }
    }

    /// Appends a value; the oldest goes.
    pub fn push(&self, at: Moment, value: f64) {
        let n = self.written.load(Ordering::Relaxed);
        let cell = &self.cells[(n % self.cells.len() as u64) as usize];
        // Whoever sees what is written below also sees that all before it was finished.
        fence(Ordering::Release);
        cell.0.store(at.0, Ordering::Relaxed);
        cell.1.store(value.to_bits(), Ordering::Relaxed);
        self.written.store(n + 1, Ordering::Release);
    }

    /// How many values were ever appended.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// The newest value.
    #[must_use]
    pub fn last(&self) -> Option<(Moment, f64)> {
        let n = self.written();
        let cell = &self.cells[(n.checked_sub(1)? % self.cells.len() as u64) as usize];
        Some((Moment(cell.0.load(Ordering::Relaxed)), f64::from_bits(cell.1.load(Ordering::Relaxed))))
    }

    /// The kept values, oldest first, appended to `out`. Values that the writer overwrote meanwhile are left out.
    pub fn read(&self, out: &mut Vec<(Moment, f64)>) {
        let len = self.cells.len() as u64;
        let end = self.written();
        let start = end.saturating_sub(len);
        let first = out.len();
        for n in start..end {
            let cell = &self.cells[(n % len) as usize];
            out.push((Moment(cell.0.load(Ordering::Relaxed)), f64::from_bits(cell.1.load(Ordering::Relaxed))));
        }
        // One more than was finished may have been begun.
        let overwritten = (self.written() + 1).saturating_sub(len).saturating_sub(start);
        out.drain(first..first + (overwritten.min(end - start)) as usize * usize::from(self.written() != end));
    }

    /// Appends to `out` what was written since `cursor`, an earlier answer or 0, oldest first. Returns the cursor for the
    /// next time and how many values were overwritten before they were read.
    pub fn read_since(&self, cursor: u64, out: &mut Vec<(Moment, f64)>) -> (u64, u64) {
        let (len, end) = (self.cells.len() as u64, self.written());
        let start = cursor.max(end.saturating_sub(len)).min(end);
        let first = out.len();
        for n in start..end {
            let cell = &self.cells[(n % len) as usize];
            out.push((Moment(cell.0.load(Ordering::Relaxed)), f64::from_bits(cell.1.load(Ordering::Relaxed))));
        }
        if start == end {
            return (end, 0);
        }
        // Pairs with the fence of the writer. One value more than was finished may have been begun.
        fence(Ordering::Acquire);
        let sound = (self.written.load(Ordering::Relaxed) + 1).saturating_sub(len).clamp(start, end);
        out.drain(first..first + (sound - start) as usize);
        (end, sound.saturating_sub(cursor))
    }
}

/// One channel of a device, `ADC1`, `DIO`, ..., or one figure of its regions, `S1`, `B1.max`, `D1`, ..., with its newest
/// readings.
#[derive(Debug)]
pub struct ChannelSlot {
    /// Its key on the wire; of a figure, its own.
    pub key: Arc<str>,
    /// Its newest readings.
    pub readings: Ring,
}

/// Frames of one array: the newest and some before it. One writer; readers take no lock.
#[derive(Debug)]
pub struct FrameRing {
    kept: [ArcSwapOption<ThermalFrame>; KEPT_FRAMES],
    written: AtomicU64,
    bytes: AtomicUsize,
}

impl Default for FrameRing {
    fn default() -> Self {
        Self {
            kept: std::array::from_fn(|_| ArcSwapOption::empty()),
            written: AtomicU64::new(0),
            bytes: AtomicUsize::new(0),
        }
    }
}

impl FrameRing {
    /// How many frames were ever put in: changes when there is a new one.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// The newest frame.
    #[must_use]
    pub fn newest(&self) -> Option<Arc<ThermalFrame>> {
        let n = self.written().checked_sub(1)?;
        self.kept[(n % KEPT_FRAMES as u64) as usize].load_full()
    }

    /// The kept frame with this sequence number.
    #[must_use]
    pub fn with_sequence(&self, sequence: u64) -> Option<Arc<ThermalFrame>> {
        self.kept.iter().filter_map(ArcSwapOption::load_full).find(|frame| frame.sequence == sequence)
    }

    /// Appends to `out` the frames put in since `cursor`, an earlier answer or 0, oldest first. Returns the cursor for the
    /// next time and how many were gone before they were read.
    pub fn read_since(&self, cursor: u64, out: &mut Vec<Arc<ThermalFrame>>) -> (u64, u64) {
        let (slots, end) = (KEPT_FRAMES as u64, self.written());
        let start = cursor.max(end.saturating_sub(slots)).min(end);
        let first = out.len();
        let mut numbered: Vec<_> =
            (start..end).filter_map(|n| Some((n, self.kept.get((n % slots) as usize)?.load_full()?))).collect();
        // One frame more than was finished may be in already, in place of the oldest.
        let sound = (self.written() + 1).saturating_sub(slots);
        numbered.retain(|(n, _)| *n >= sound);
        out.extend(numbered.into_iter().map(|(_, frame)| frame));
        (end, (end - cursor.min(end)) - (out.len() - first) as u64)
    }

    /// A frame to fill: the oldest kept one if nobody looks at it, else a new one. Its content is old; fill all of it.
    /// When all arrays together hold [`FRAME_BUDGET`], older frames of this array are given up for it.
    #[must_use]
    pub fn recycle(&self, total: &AtomicUsize) -> Arc<ThermalFrame> {
        let n = self.written.load(Ordering::Relaxed);
        let slots = KEPT_FRAMES as u64;
        let tight = total.load(Ordering::Relaxed) > FRAME_BUDGET;
        // Never the newest, nor the one before it: the plausibility gate compares with that.
        let candidates = if tight { 0..slots - 2 } else { 0..1 };
        for step in candidates {
            let taken = self.kept[((n + step) % slots) as usize].swap(None);
            if let Some(mut frame) = taken {
                let unique = Arc::get_mut(&mut frame).is_some();
                let size = frame_bytes(&frame);
                self.bytes.fetch_sub(size.min(self.bytes.load(Ordering::Relaxed)), Ordering::Relaxed);
                total.fetch_sub(size.min(total.load(Ordering::Relaxed)), Ordering::Relaxed);
                if unique {
                    return frame;
                }
            }
        }
        Arc::new(ThermalFrame::blank())
    }

    /// Puts a frame in as the newest.
    pub fn put(&self, frame: Arc<ThermalFrame>, total: &AtomicUsize) {
        let n = self.written.load(Ordering::Relaxed);
        let size = frame_bytes(&frame);
        self.bytes.fetch_add(size, Ordering::Relaxed);
        total.fetch_add(size, Ordering::Relaxed);
        self.kept[(n % KEPT_FRAMES as u64) as usize].store(Some(frame));
        self.written.store(n + 1, Ordering::Release);
    }

    /// Gives back what was counted for these frames.
    pub fn forget(&self, total: &AtomicUsize) {
        let bytes = self.bytes.swap(0, Ordering::Relaxed);
        total.fetch_sub(bytes.min(total.load(Ordering::Relaxed)), Ordering::Relaxed);
    }
}

fn frame_bytes(frame: &ThermalFrame) -> usize {
    let meters = size_of_val(&*frame.meters.regions) + size_of_val(&*frame.meters.deltas);
    frame.size.cells() * 4 + frame.size.cells() / 4 + meters + size_of::<ThermalFrame>()
}

/// Everything that changes often about one device.
#[derive(Debug)]
pub struct DeviceSlot {
    /// Whose.
    pub id: DeviceId,
    /// Its location, the label of its metrics.
    pub location: Arc<str>,
    /// Its pictures.
    pub frames: FrameRing,
    /// Hottest cell of each picture, C.
    pub hottest: Ring,
    channels: ArcSwap<Vec<Arc<ChannelSlot>>>,
    regions: ArcSwap<Vec<Arc<ChannelSlot>>>,
    /// What was learned of it, published about once a minute.
    pub learned: ArcSwapOption<Learned>,
    /// Counts up each time it is to be learned anew.
    pub relearn: AtomicU64,
    /// How fast its hottest block rises, K/min.
    pub rise: Gauge,
    /// Cells of its newest picture in the largest group above the learned picture.
    pub unusual: Gauge,
    /// Cells of its newest picture at or above the lowest temperature that a rule asks for.
    pub hot_cells: Gauge,
    /// Readings that history did not get: they came faster than it looks.
    pub history_dropped: Counter,
    /// Accepted packets by [`Kind`].
    pub accepted: [Counter; 5],
    /// Rejected packets by [`Reason`].
    pub rejected: [Counter; 7],
    /// `KEY=VALUE` parts dropped from accepted lines.
    pub parts_rejected: Counter,
    /// Bytes received.
    pub bytes: Counter,
    /// Frame packets seen, damaged ones counted: the newest sequence number given out.
    pub frame_packets: AtomicU64,
    /// Commands, in the order of [`COMMAND_NAMES`], by result, in the order of [`COMMAND_RESULTS`].
    pub commands: [[Counter; 2]; 3],
    waiting: AtomicBool,
    last_packet: AtomicU64,
    period: AtomicU64,
}

/// Names of commands as labels: as they go over the wire.
pub const COMMAND_NAMES: [&str; 3] = ["PERIOD_ON", "REQUEST1", "EEPROM1"];
/// Names of command results as labels. A device cannot refuse: it answers or it does not.
pub const COMMAND_RESULTS: [&str; 2] = ["ok", "timeout"];

impl DeviceSlot {
    /// An empty slot.
    #[must_use]
    pub fn new(id: DeviceId, location: Arc<str>) -> Self {
        Self {
            id,
            location,
            frames: FrameRing::default(),
            hottest: Ring::new(KEPT_READINGS),
            channels: ArcSwap::default(),
            regions: ArcSwap::default(),
            learned: ArcSwapOption::empty(),
            relearn: AtomicU64::new(0),
            rise: Gauge::default(),
            unusual: Gauge::default(),
            hot_cells: Gauge::default(),
            history_dropped: Counter::default(),
            accepted: Default::default(),
            rejected: Default::default(),
            parts_rejected: Counter::default(),
            bytes: Counter::default(),
            frame_packets: AtomicU64::new(0),
            commands: Default::default(),
            waiting: AtomicBool::new(false),
            last_packet: AtomicU64::new(0),
            period: AtomicU64::new(0),
        }
    }

    /// Its channels in order of appearance.
    #[must_use]
    pub fn channels(&self) -> Arc<Vec<Arc<ChannelSlot>>> {
        self.channels.load_full()
    }

    /// The channel of this key, made if it is new; `None` if the device has [`MAX_CHANNELS`] already.
    #[must_use]
    pub fn channel(&self, key: &str) -> Option<Arc<ChannelSlot>> {
        let known = self.channels.load();
        if let Some(channel) = known.iter().find(|c| &*c.key == key) {
            return Some(Arc::clone(channel));
        }
        if known.len() >= MAX_CHANNELS {
            return None;
        }
        let channel = Arc::new(ChannelSlot { key: key.into(), readings: Ring::new(KEPT_READINGS) });
        let mut all = Vec::clone(&known);
        all.push(Arc::clone(&channel));
        self.channels.store(Arc::new(all));
        Some(channel)
    }

    /// The figures of its regions, C, and of its deltas, K, in the order of [`crate::model::thermal::meters::keys`].
    #[must_use]
    pub fn regions(&self) -> Arc<Vec<Arc<ChannelSlot>>> {
        self.regions.load_full()
    }

    /// It has figures of these keys, at most [`MAX_FIGURES`], and no others: those that it had go on. Called by its
    /// connection only.
    pub fn set_regions(&self, keys: impl Iterator<Item = Arc<str>>) {
        let known = self.regions.load();
        let figure = |key: Arc<str>| {
            let there = known.iter().find(|figure| figure.key == key);
            there.cloned().unwrap_or_else(|| Arc::new(ChannelSlot { key, readings: Ring::new(KEPT_FIGURES) }))
        };
        let all: Vec<_> = keys.take(MAX_FIGURES).map(figure).collect();
        if !(all.is_empty() && known.is_empty()) {
            self.regions.store(Arc::new(all));
        }
    }

    /// Appends what its regions show to their figures; one without a value gets none. The meters must be of the regions
    /// that [`Self::set_regions`] was told of.
    pub fn push_meters(&self, at: Moment, meters: &Meters) {
        for (figure, value) in self.regions.load().iter().zip(meters.values()) {
            if let Some(value) = value {
                figure.readings.push(at, f64::from(value));
            }
        }
    }

    /// Notes whether the device waits for the operator: then its packets are counted, but nothing it says is kept.
    pub fn set_waiting(&self, waiting: bool) {
        self.waiting.store(waiting, Ordering::Relaxed);
    }

    /// Whether the device waits for the operator.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Numbers a frame packet, damaged or not.
    pub fn next_frame(&self) -> u64 {
        self.frame_packets.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Notes that a valid packet ended at `at`.
    pub fn heard(&self, at: Moment) {
        self.last_packet.store(at.0, Ordering::Relaxed);
    }

    /// When the last valid packet ended.
    #[must_use]
    pub fn last_heard(&self) -> Option<Moment> {
        Some(self.last_packet.load(Ordering::Relaxed)).filter(|&ns| ns > 0).map(Moment)
    }

    /// Notes the learned period.
    pub fn set_period(&self, period: Duration) {
        self.period.store(u64::try_from(period.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The learned period between readings of one kind.
    #[must_use]
    pub fn period(&self) -> Option<Duration> {
        Some(self.period.load(Ordering::Relaxed)).filter(|&ns| ns > 0).map(Duration::from_nanos)
    }

    /// Accepted packets of all kinds.
    #[must_use]
    pub fn n_accepted(&self) -> u64 {
        self.accepted.iter().map(Counter::get).sum()
    }

    /// Rejected packets for all reasons.
    #[must_use]
    pub fn n_rejected(&self) -> u64 {
        self.rejected.iter().map(Counter::get).sum()
    }
}

/// Connections by how they came and went; labels of `hearthlight_sensor_connections_total`.
#[derive(Debug, Default)]
pub struct Connections {
    /// Accepted.
    pub opened: Counter,
    /// Ended for any reason but being replaced.
    pub closed: Counter,
    /// Ended because the same device dialled in anew.
    pub replaced: Counter,
    /// Not taken: a limit.
    pub refused: Counter,
}

/// Counts by rule, location and level.
pub type RaisedCounts = BTreeMap<(RuleId, Arc<str>, Level), u64>;

/// How often alarms were raised. Counted when one is, so a lock does not hurt.
#[derive(Debug, Default)]
pub struct Raised(Mutex<RaisedCounts>);

impl Raised {
    /// Counts one.
    pub fn add(&self, rule: &RuleId, location: &Arc<str>, level: Level) {
        let mut counts = self.0.lock();
        let key = (rule.clone(), Arc::clone(location), level);
        if counts.len() < MAX_RAISED || counts.contains_key(&key) {
            *counts.entry(key).or_insert(0) += 1;
        }
    }

    /// All counts by rule, location and level.
    #[must_use]
    pub fn counts(&self) -> RaisedCounts {
        self.0.lock().clone()
    }
}

/// All slots, and what is measured for the whole house.
#[derive(Debug)]
pub struct Slots {
    devices: ArcSwap<BTreeMap<DeviceId, Arc<DeviceSlot>>>,
    /// Bytes that kept frames of all devices take.
    pub frame_bytes: AtomicUsize,
    /// Sensor connections.
    pub connections: Connections,
    /// Last byte read to evaluated, by [`Kind`].
    pub ingest: [Histogram; 5],
    /// Last byte received to alarm raised.
    pub alarm_latency: Histogram,
    /// Fusing the sources of one location once.
    pub fusion: Histogram,
    /// Alarms raised, by rule, location and level.
    pub raised: Raised,
    /// From a wish for a light handed to its link to its bytes handed to a socket, by family.
    pub light_sends: Histograms,
    /// The Hue bridge's keys, and what apps asked of it.
    pub bridge: BridgeSlots,
    /// One window frame: `logic` + `ui`.
    pub ui_frame: Histogram,
    /// The same frame: tessellation + painting.
    pub ui_paint: Histogram,
    /// Facts that did not fit into the window's channel; it reloaded the snapshot instead.
    pub facts_lagged: Counter,
    /// Rejected packets of connections that no device is known for, by [`Reason`].
    pub rejected_unknown: [Counter; 7],
    rejects: Mutex<VecDeque<Reject>>,
}

/// What the Hue bridge keeps beside the snapshot.
#[derive(Debug)]
pub struct BridgeSlots {
    /// Keys of apps; the bridge's service alone changes them.
    pub ring: ArcSwap<ring::Ring>,
    /// What apps asked.
    pub visits: Visits,
    /// Addresses of this machine at which apps find the bridge, the likeliest first; kept by whoever announces it.
    pub addresses: ArcSwap<Vec<IpAddr>>,
    /// From the last byte of a request to its answer, by route and status.
    pub requests: Histograms<(&'static str, u16)>,
    /// Requests that ended with an error status, or an error of version 1.
    pub refused: Counter,
    /// From a fact to its event's bytes handed to the socket of an app.
    pub events: Histogram,
    /// Apps that listen to events now.
    pub listeners: AtomicUsize,
    /// Apps that listened too slowly and were sent away.
    pub too_slow: Counter,
}

impl Default for BridgeSlots {
    fn default() -> Self {
        Self {
            ring: ArcSwap::default(),
            visits: Visits::default(),
            addresses: ArcSwap::default(),
            requests: Histograms::new(&INGEST_BOUNDS),
            refused: Counter::default(),
            events: Histogram::new(&INGEST_BOUNDS),
            listeners: AtomicUsize::new(0),
            too_slow: Counter::default(),
        }
    }
}

impl Default for Slots {
    fn default() -> Self {
        Self {
            devices: ArcSwap::default(),
            frame_bytes: AtomicUsize::new(0),
            connections: Connections::default(),
            ingest: std::array::from_fn(|_| Histogram::new(&INGEST_BOUNDS)),
            alarm_latency: Histogram::new(&INGEST_BOUNDS),
            fusion: Histogram::new(&INGEST_BOUNDS),
            raised: Raised::default(),
            light_sends: Histograms::new(&INGEST_BOUNDS),
            bridge: BridgeSlots::default(),
            ui_frame: Histogram::new(&UI_BOUNDS),
            ui_paint: Histogram::new(&UI_BOUNDS),
            facts_lagged: Counter::default(),
            rejected_unknown: Default::default(),
            rejects: Mutex::default(),
        }
    }
}

impl Slots {
    /// All devices' slots.
    #[must_use]
    pub fn devices(&self) -> Arc<BTreeMap<DeviceId, Arc<DeviceSlot>>> {
        self.devices.load_full()
    }

    /// One device's slot.
    #[must_use]
    pub fn device(&self, id: &DeviceId) -> Option<Arc<DeviceSlot>> {
        self.devices.load().get(id).cloned()
    }

    /// Adds or replaces a device's slot. Called by the sensor service only.
    pub fn insert(&self, slot: Arc<DeviceSlot>) {
        let mut all = BTreeMap::clone(&self.devices.load());
        all.insert(slot.id.clone(), slot);
        self.devices.store(Arc::new(all));
    }

    /// Removes a device's slot. Called by the sensor service only.
    pub fn remove(&self, id: &DeviceId) {
        let mut all = BTreeMap::clone(&self.devices.load());
        if let Some(slot) = all.remove(id) {
            slot.frames.forget(&self.frame_bytes);
        }
        self.devices.store(Arc::new(all));
    }

    /// Keeps a rejected packet for the diagnostics view. A lock, but damage is rare and the list short.
    pub fn reject(&self, reject: Reject) {
        let mut kept = self.rejects.lock();
        if kept.len() >= KEPT_REJECTS {
            kept.pop_back();
        }
        kept.push_front(reject);
    }

    /// Rejected packets, newest first.
    #[must_use]
    pub fn rejects(&self) -> Vec<Reject> {
        self.rejects.lock().iter().cloned().collect()
    }
}
