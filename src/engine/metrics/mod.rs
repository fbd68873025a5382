//! The text of `/metrics`: what is counted and measured, in the Prometheus text format 0.0.4 or OpenMetrics 1.0.
//!
//! Every series of a device carries its location. When several devices report for one location, the first by id keeps
//! it as its label and the others are labelled with their ids. From [`MAX_PLACES`] devices on, the rest share the label
//! `other`: counts are summed, `up` is the worst, `age` the oldest, `min` the lowest, `max` the highest, `mean` and
//! `ambient` the average; single channels are left out.
//!
//! Invariant: no series appears twice, each family is described once and written in one piece.
//! Invariant: the work grows with the number of devices and nothing else.
//!
//! To add one: a line with `page.family` and its samples in the function of its subject.

mod alarms;
mod bridge;
mod emberye;
mod lights;
mod page;
mod places;

use jiff::Timestamp;

use crate::engine::metrics::page::{Page, Type, Value};
use crate::engine::metrics::places::{Place, places};
use crate::model::sensors::Phase;
use crate::model::snapshot::Snapshot;
use crate::port::meter::Counter;
use crate::port::slots::{COMMAND_NAMES, COMMAND_RESULTS, DeviceSlot, KIND_NAMES, REASON_NAMES, Slots};
use crate::units::moment::Moment;

/// Devices with a label of their own.
pub const MAX_PLACES: usize = 1000;

/// What the process takes from its machine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProcessFigures {
    /// CPU time of all threads, user and system, in seconds.
    pub cpu_seconds: f64,
    /// Resident memory in bytes.
    pub resident_bytes: u64,
    /// Open files and sockets, where the system tells.
    pub open_fds: Option<u64>,
    /// Threads, where the system tells.
    pub threads: Option<u64>,
}

/// Everything the text is made of.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Readings and counters.
    pub slots: &'a Slots,
    /// The state.
    pub snapshot: &'a Snapshot,
    /// What the process takes.
    pub process: ProcessFigures,
    /// The time, for ages.
    pub now: Moment,
    /// When the program was started.
    pub started: Timestamp,
    /// Version number.
    pub version: &'a str,
    /// Source revision, as far as known.
    pub commit: &'a str,
    /// Queues inside: name, items waiting, items it can hold (0 = without limit).
    pub channels: &'a [(&'a str, usize, usize)],
    /// Bytes written to the store.
    pub store_written_bytes: u64,
    /// Bytes of thermal frames written to recordings.
    pub recorded_bytes: u64,
    /// Thermal frames that could not be recorded.
    pub recording_dropped: u64,
    /// Whether figures are repeated under EmberEye's names.
    pub emberye_names: bool,
}

/// Writes all families. The order is fixed.
#[must_use]
pub fn render(input: &Input<'_>, open_metrics: bool) -> String {
    let devices = input.slots.devices();
    let places = places(input.snapshot, devices.values().map(|slot| &**slot));
    let mut page = Page::new(open_metrics, 16 * 1024 + places.len() * 2048);
    program(&mut page, input);
    connections(&mut page, input.slots);
    packets(&mut page, &places, input.slots);
    ingest(&mut page, input.slots);
    readings(&mut page, &places, input.now);
    pictures(&mut page, &places);
    hot_cells(&mut page, &places);
    masked_cells(&mut page, &places);
    recording(&mut page, input);
    health(&mut page, &places);
    alarms::write(&mut page, input.slots, &input.snapshot.alarms);
    lights::write(&mut page, input.slots, &input.snapshot.lights);
    bridge::write(&mut page, &input.slots.bridge, &input.snapshot.bridge);
    queues(&mut page, input);
    process(&mut page, &input.process);
    if input.emberye_names {
        emberye::write(&mut page, input, &places);
    }
    page.finish()
}

fn program(page: &mut Page, input: &Input<'_>) {
    page.family("hearthlight_build_info", Type::Gauge, "Version and source revision of the running program.");
    page.sample(&[("version", input.version), ("commit", input.commit)], Value::Count(1));
    page.family("hearthlight_start_time_seconds", Type::Gauge, "When the program was started, in seconds since 1970.");
    page.sample(&[], Value::Float(input.started.as_millisecond() as f64 / 1e3));
}

fn connections(page: &mut Page, slots: &Slots) {
    let counts = &slots.connections;
    let [opened, closed, replaced] = [counts.opened.get(), counts.closed.get(), counts.replaced.get()];
    page.family("hearthlight_sensor_connections", Type::Gauge, "Open connections of sensor devices.");
    page.sample(&[], Value::Count(opened.saturating_sub(closed).saturating_sub(replaced)));
    let help = "Connections of sensor devices by how they came and went.";
    page.family("hearthlight_sensor_connections_total", Type::NamedCounter, help);
    let refused = counts.refused.get();
    for (reason, n) in [("opened", opened), ("closed", closed), ("replaced", replaced), ("refused", refused)] {
        page.sample(&[("reason", reason)], Value::Count(n));
    }
}

fn packets(page: &mut Page, places: &[Place<'_>], slots: &Slots) {
    page.family("hearthlight_sensor_packets", Type::Counter, "Accepted packets; received = accepted + rejected.");
    for place in places {
        for (i, kind) in KIND_NAMES.iter().enumerate() {
            let n = place.slots().filter_map(|slot| slot.accepted.get(i)).map(Counter::get).sum();
            page.sample(&[("location", &place.label), ("kind", kind)], Value::Count(n));
        }
    }
    let help = "KEY=VALUE parts dropped from accepted sensor lines.";
    page.family("hearthlight_sensor_parts_rejected", Type::Counter, help);
    for place in places {
        page.sample(&[("location", &place.label)], Value::Count(place.sum(|slot| &slot.parts_rejected)));
    }
    page.family("hearthlight_sensor_bytes", Type::Counter, "Bytes received from sensor devices.");
    for place in places {
        page.sample(&[("location", &place.label)], Value::Count(place.sum(|slot| &slot.bytes)));
    }
    let help = "Rejected packets by reason; an empty location stands for connections without a known device.";
    page.family("hearthlight_sensor_packets_rejected", Type::Counter, help);
    for (reason, count) in REASON_NAMES.iter().zip(&slots.rejected_unknown) {
        page.sample(&[("location", ""), ("reason", reason)], Value::Count(count.get()));
    }
    for place in places {
        for (i, reason) in REASON_NAMES.iter().enumerate() {
            let n = place.slots().filter_map(|slot| slot.rejected.get(i)).map(Counter::get).sum();
            page.sample(&[("location", &place.label), ("reason", reason)], Value::Count(n));
        }
    }
    let help = "Readings that came faster than a later stage could take them.";
    page.family("hearthlight_sensor_dropped", Type::Counter, help);
    for place in places {
        let n = place.sum(|slot| &slot.history_dropped);
        page.sample(&[("location", &place.label), ("stage", "history")], Value::Count(n));
    }
}

fn ingest(page: &mut Page, slots: &Slots) {
    let help = "From the last byte of a packet read to the packet evaluated.";
    page.family("hearthlight_sensor_ingest_seconds", Type::Histogram, help);
    for (kind, histogram) in KIND_NAMES.iter().zip(&slots.ingest) {
        page.histogram(&[("kind", kind)], histogram);
    }
}

fn readings(page: &mut Page, places: &[Place<'_>], now: Moment) {
    page.family("hearthlight_sensor_age_seconds", Type::Gauge, "Time since the last valid packet of a device.");
    for place in places {
        if let Some(heard) = place.slots().filter_map(DeviceSlot::last_heard).min() {
            page.sample(&[("location", &place.label)], Value::Float(now.since(heard).as_secs_f64()));
        }
    }
    page.family("hearthlight_sensor_value", Type::Gauge, "Newest value of a channel, as the device sent it.");
    for place in places.iter().take(MAX_PLACES) {
        for channel in place.slots().flat_map(|slot| slot.channels().to_vec()) {
            if let Some((_, value)) = channel.readings.last() {
                page.sample(&[("location", &place.label), ("channel", &channel.key)], Value::Float(value));
            }
        }
    }
}

fn pictures(page: &mut Page, places: &[Place<'_>]) {
    let help = "Coldest, mean and hottest cell and chip temperature of the newest thermal frame, in Celsius.";
    page.family("hearthlight_thermal_celsius", Type::Gauge, help);
    for place in places {
        let frames = place.frames();
        let extremes = || frames.iter().filter_map(|frame| frame.extremes);
        let figures = [
            ("min", extremes().map(|e| e.min).reduce(f32::min)),
            ("mean", average(extremes().map(|e| e.mean))),
            ("max", extremes().map(|e| e.max).reduce(f32::max)),
            ("ambient", average(frames.iter().filter_map(|frame| frame.ambient))),
        ];
        for (stat, celsius) in figures.into_iter().filter_map(|(stat, celsius)| Some((stat, celsius?))) {
            page.sample(&[("location", &place.label), ("stat", stat)], Value::Single(celsius));
        }
    }
}

/// Cells that nobody looks at.
fn masked_cells(page: &mut Page, places: &[Place<'_>]) {
    let help = "Cells of the newest thermal frame under a mask: they are not measured and not watched.";
    page.family("hearthlight_thermal_masked_cells", Type::Gauge, help);
    for place in places {
        let frames = place.frames();
        if !frames.is_empty() {
            let cells: usize = frames.iter().map(|frame| frame.n_masked()).sum();
            page.sample(&[("location", &place.label)], Value::Count(cells as u64));
        }
    }
}

/// Cells at or above the lowest temperature that a rule asks for.
fn hot_cells(page: &mut Page, places: &[Place<'_>]) {
    let help = "Cells of the newest thermal frame at or above the lowest temperature that a rule asks for.";
    page.family("hearthlight_thermal_hot_cells", Type::Gauge, help);
    for place in places {
        let cells = place.slots().filter_map(|slot| slot.hot_cells.get()).reduce(|a, b| a + b);
        if let Some(cells) = cells {
            page.sample(&[("location", &place.label)], Value::Count(cells as u64));
        }
    }
}

fn recording(page: &mut Page, input: &Input<'_>) {
    let help = "Bytes of thermal frames written to recordings.";
    page.family("hearthlight_thermal_recorded_bytes", Type::Counter, help);
    page.sample(&[], Value::Count(input.recorded_bytes));
    let help = "Thermal frames that could not be recorded: they came too fast, or the disk was too slow or failed.";
    page.family("hearthlight_thermal_recording_dropped", Type::Counter, help);
    page.sample(&[], Value::Count(input.recording_dropped));
}

/// The average, if there is anything; a single value comes back as it is.
fn average(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (sum, n) = values.fold((0.0_f64, 0_u32), |(sum, n), value| (sum + f64::from(value), n + 1));
    (n > 0).then(|| (sum / f64::from(n)) as f32)
}

fn health(page: &mut Page, places: &[Place<'_>]) {
    page.family("hearthlight_device_up", Type::Gauge, "1 while a device is connected and not silent, else 0.");
    for place in places.iter().filter(|place| place.members.iter().any(|member| member.device.is_some())) {
        let mut devices = place.members.iter().filter_map(|member| member.device);
        let up = devices.all(|device| device.connected && device.phase != Phase::Offline);
        page.sample(&[("location", &place.label)], Value::Count(u64::from(up)));
    }
    page.family("hearthlight_device_commands", Type::Counter, "Commands to devices by their result.");
    for place in places {
        for (i, command) in COMMAND_NAMES.iter().enumerate() {
            let counts = [0, 1].map(|result| place.commands(i, result));
            // Most devices are never asked for most things: no series for those.
            for (result, n) in COMMAND_RESULTS.iter().zip(counts).filter(|_| counts != [0, 0]) {
                let labels = [("location", &*place.label), ("command", command), ("result", result)];
                page.sample(&labels, Value::Count(n));
            }
        }
    }
}

fn queues(page: &mut Page, input: &Input<'_>) {
    page.family("hearthlight_channel_depth", Type::Gauge, "Items waiting in a queue inside the program.");
    for (channel, depth, _) in input.channels {
        page.sample(&[("channel", channel)], Value::Count(*depth as u64));
    }
    page.family(
        "hearthlight_channel_capacity",
        Type::Gauge,
        "Items a queue inside the program can hold; 0 = without limit.",
    );
    for (channel, _, capacity) in input.channels {
        page.sample(&[("channel", channel)], Value::Count(*capacity as u64));
    }
    page.family("hearthlight_ui_frame_seconds", Type::Histogram, "Logic and layout of one frame of the window.");
    page.histogram(&[], &input.slots.ui_frame);
    page.family("hearthlight_ui_paint_seconds", Type::Histogram, "Tessellation and painting of that frame.");
    page.histogram(&[], &input.slots.ui_paint);
    page.family("hearthlight_store_written_bytes", Type::Counter, "Bytes written to the store.");
    page.sample(&[], Value::Count(input.store_written_bytes));
}

fn process(page: &mut Page, figures: &ProcessFigures) {
    page.family("process_cpu_seconds", Type::Counter, "User and system CPU time of the process.");
    page.sample(&[], Value::Float(figures.cpu_seconds));
    page.family("process_resident_memory_bytes", Type::Gauge, "Resident memory of the process.");
    page.sample(&[], Value::Count(figures.resident_bytes));
    if let Some(open) = figures.open_fds {
        page.family("process_open_fds", Type::Gauge, "Open files and sockets of the process.");
        page.sample(&[], Value::Count(open));
    }
    if let Some(threads) = figures.threads {
        page.family("process_threads", Type::Gauge, "Threads of the process.");
        page.sample(&[], Value::Count(threads));
    }
}
