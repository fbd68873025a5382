//! History: packing and unpacking blocks, and what recording costs at full load: 6,500 readings a second. Thermal pictures:
//! packing and unpacking a second of them.

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use divan::counter::ItemsCount;
use hearthlight::model::history::Span;
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::ThermalFrame;
use hearthlight::sim::scene::Scene;
use hearthlight::store::history::cells::{self, Cell};
use hearthlight::store::history::codec::{self, Sample};
use hearthlight::store::history::{self, Recorder, schema};
use hearthlight::store::recordings::block::Block;
use hearthlight::store::recordings::builder::Builder;
use hearthlight::store::recordings::checksum::checksum;
use hearthlight::store::records::{Budget, Reading};
use hearthlight::units::grid::Size;
use jiff::Timestamp;
use rusqlite::Connection;

/// 2026-03-01T12:00:00Z.
const NOON: i64 = 1_772_366_400_000;
/// Readings of one channel in a minute.
const POINTS: i64 = 600;
const CHANNELS: i64 = 600;
const PER_SECOND: i64 = 6_500;

fn main() {
    divan::main();
}

/// A converter's counts, or temperatures made of them.
fn samples(scale: f64) -> Vec<Sample> {
    let value = |n: i64| f64::from(((269 + n * 7919 % 23) as f64 * scale) as f32);
    (0..POINTS).map(|n| Sample { at_ms: NOON + n * 100 + n % 3, value: value(n) }).collect()
}

const KINDS: [(&str, f64); 2] = [("counts", 1.0), ("temperatures", 0.173_205)];

#[divan::bench(args = KINDS.map(|(name, _)| name))]
fn readings_packed(bencher: Bencher, kind: &str) {
    let samples = samples(scale(kind));
    bencher.counter(ItemsCount::new(samples.len())).bench_local(|| codec::encode(black_box(&samples)));
}

#[divan::bench(args = KINDS.map(|(name, _)| name))]
fn readings_unpacked(bencher: Bencher, kind: &str) {
    let samples = samples(scale(kind));
    let (bytes, mut out) = (codec::encode(&samples), Vec::new());
    bencher.counter(ItemsCount::new(samples.len())).bench_local(|| {
        out.clear();
        codec::decode(black_box(&bytes), samples.len(), &mut out)
    });
}

#[divan::bench]
fn seconds_packed(bencher: Bencher) {
    let cells: Vec<Cell> = cells::fold(&samples(0.173_205), 200);
    bencher.counter(ItemsCount::new(cells.len())).bench_local(|| cells::encode(black_box(&cells)));
}

fn scale(kind: &str) -> f64 {
    KINDS.iter().find(|(name, _)| *name == kind).map_or(1.0, |(_, scale)| *scale)
}

/// Channels at full load, and their recorder on a file.
struct Load {
    folder: tempfile::TempDir,
    connection: Connection,
    recorder: Recorder,
    names: Vec<(DeviceId, Arc<str>)>,
    now_ms: i64,
}

impl Load {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = Connection::open(folder.path().join("history.db")).expect("opens");
        for (name, value) in [("auto_vacuum", "INCREMENTAL"), ("journal_mode", "WAL"), ("synchronous", "NORMAL")] {
            connection.pragma_update(None, name, value).expect("set");
        }
        connection.execute_batch(schema::TABLES).expect("made");
        let name = |n: i64| (DeviceId::new(&format!("device-{}", n / 4)), format!("ADC{}", n % 4).into());
        let names = (0..CHANNELS).map(name).collect();
        Self { folder, connection, recorder: Recorder::new(), names, now_ms: NOON }
    }

    /// One second of readings, as the gatherer hands them over.
    fn second(&self) -> Vec<Reading> {
        let reading = |n: i64| {
            let (device, channel) = self.names[(n % CHANNELS) as usize].clone();
            let at_ms = self.now_ms + n * 1000 / PER_SECOND;
            Reading { device, channel, at_ms, value: (269 + (n + at_ms / 7) % 31) as f64 }
        };
        (0..PER_SECOND).map(reading).collect()
    }

    fn write(&mut self, readings: Vec<Reading>) -> u64 {
        self.recorder.take(readings);
        self.now_ms += 1000;
        self.recorder.write(&mut self.connection, self.now_ms, &Budget::default()).expect("written")
    }
}

/// A minute of full load: 60 rows of the tail, and the blocks of all channels once.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn a_minute_recorded(bencher: Bencher) {
    let mut load = Load::new();
    for _ in 0..70 {
        let readings = load.second();
        load.write(readings);
    }
    bencher.counter(ItemsCount::new(60 * PER_SECOND as u64)).bench_local(|| {
        for _ in 0..60 {
            let readings = load.second();
            black_box(load.write(readings));
        }
    });
    drop(load.folder);
}

/// What a channel showed in the last ten minutes of full load.
#[divan::bench]
fn ten_minutes_read(bencher: Bencher) {
    let mut load = Load::new();
    for _ in 0..660 {
        let readings = load.second();
        load.write(readings);
    }
    let time = |ms| Timestamp::from_millisecond(ms).expect("a time");
    let (device, channel) = load.names[5].clone();
    let span = Span { device, channel, from: time(load.now_ms - 600_000), to: time(load.now_ms), points: 600 };
    bencher.bench_local(|| history::series(&load.connection, black_box(&span)).expect("read"));
}

/// A second of a simulated array, its noise included.
fn pictures() -> Vec<ThermalFrame> {
    let picture = |n: u32| {
        let (mut cells, mut frame) = (Vec::new(), ThermalFrame::blank());
        Scene::Bench.seen(Size::MLX90640, f64::from(n) / 8.0, 1, &mut cells);
        frame.begin(Size::MLX90640).copy_from_slice(&cells);
        frame
    };
    (0..8).map(picture).collect()
}

fn block() -> Vec<u8> {
    let mut builder = Builder::default();
    (NOON * 1000..).step_by(125_000).zip(&pictures()).for_each(|(us, frame)| builder.add(frame, us));
    builder.bytes()
}

#[divan::bench]
fn pictures_packed(bencher: Bencher) {
    let (pictures, mut builder) = (pictures(), Builder::default());
    bencher.counter(ItemsCount::new(pictures.len())).bench_local(|| {
        builder.clear();
        (NOON * 1000..).step_by(125_000).zip(&pictures).for_each(|(us, frame)| builder.add(black_box(frame), us));
        builder.bytes()
    });
}

#[divan::bench]
fn pictures_unpacked(bencher: Bencher) {
    let block = block();
    bencher.counter(ItemsCount::new(8_usize)).bench_local(|| {
        let mut block = Block::open(Vec::clone(black_box(&block))).expect("whole");
        (0..8).filter_map(|n| block.frame(n).ok()).count()
    });
}

#[divan::bench]
fn one_cell_of_pictures(bencher: Bencher) {
    let block = block();
    bencher.counter(ItemsCount::new(8_usize)).bench_local(|| {
        let block = Block::open(Vec::clone(black_box(&block))).expect("whole");
        let mut sum = 0.0;
        block.each_of(400, |_, celsius| sum += celsius);
        sum
    });
}

#[divan::bench]
fn checksum_of_a_block(bencher: Bencher) {
    let block = block();
    bencher.counter(divan::counter::BytesCount::new(block.len())).bench_local(|| checksum(&[black_box(&block)]));
}
