//! Scrubbing one hour of 20 arrays: fills recordings with simulated pictures through their own recorder, asks for random
//! instants of all arrays, and prints how long each answer took. Also what a picture takes: recorded and simulated ones.
//!
//! Not a divan bench: percentiles of single answers are wanted, with and without the system's file cache. `SECONDS` and
//! `ARRAYS` of the environment make it smaller.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hearthlight::heat::mlx90640::{Calibration, FRAME_WORDS};
use hearthlight::heat::recorded::recorded_eeprom;
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::{Optics, ThermalFrame};
use hearthlight::sim::scene::Scene;
use hearthlight::store::recordings::Recordings;
use hearthlight::store::recordings::builder::Builder;
use hearthlight::units::grid::Size;
use jiff::Timestamp;

/// 2026-03-01T12:00:00Z, us since 1970.
const NOON: i64 = 1_772_366_400_000_000;
const FPS: i64 = 8;
const INSTANTS: usize = 1000;
const COLD_INSTANTS: usize = 60;

const CAPTURES: [(&str, &[u8]); 2] = [
    ("capture-a-quiet", include_bytes!("../all/fixtures/thermal/capture-a-quiet.rx.bin")),
    ("capture-b-commands", include_bytes!("../all/fixtures/thermal/capture-b-commands.rx.bin")),
];

fn main() {
    let number = |name: &str, or: i64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(or);
    let (seconds, arrays) = (number("SECONDS", 3600), number("ARRAYS", 20));
    for (name, capture) in CAPTURES {
        let frames = decoded(capture);
        say(&format!("{name}: {} pictures of 32 x 24, {} bytes each", frames.len(), bytes_each(&frames)));
    }
    for scene in Scene::ALL {
        let frames: Vec<_> = (0..FPS * 10).map(|n| simulated(scene, 1, n)).collect();
        say(&format!("{scene:?}, simulated at {FPS} fps: {} bytes each", bytes_each(&frames)));
    }
    scrub(seconds, arrays);
}

/// All sound pictures of a capture, by the calibration recorded with it.
fn decoded(capture: &[u8]) -> Vec<Arc<ThermalFrame>> {
    let calibration = Calibration::from_eeprom(&recorded_eeprom()).expect("a good calibration");
    let packets = capture.split(|&byte| byte == b'\n').filter_map(|line| line.strip_prefix(b"#frame1234:"));
    let word = |digits: &[u8; 4]| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
    let frame = |(n, packet): (i64, &[u8])| {
        let words: Vec<_> = packet.as_chunks::<4>().0.iter().map_while(word).collect();
        let mut frame = ThermalFrame::blank();
        let sound =
            words.len() == FRAME_WORDS && calibration.temperatures(&words, Optics::default(), &mut frame).is_ok();
        frame.sequence = n as u64;
        sound.then(|| Arc::new(frame))
    };
    (0..).zip(packets).filter_map(frame).collect()
}

/// What the pictures take in blocks of as many as come in a second.
fn bytes_each(frames: &[Arc<ThermalFrame>]) -> usize {
    let (mut builder, mut bytes) = (Builder::default(), 0);
    for second in frames.chunks(FPS as usize) {
        builder.clear();
        (NOON..).step_by(125_000).zip(second).for_each(|(us, frame)| builder.add(frame, us));
        bytes += builder.bytes().len();
    }
    bytes / frames.len().max(1)
}

fn simulated(scene: Scene, seed: i64, n: i64) -> Arc<ThermalFrame> {
    let (mut cells, mut frame) = (Vec::new(), ThermalFrame::blank());
    scene.seen(Size::MLX90640, n as f64 / FPS as f64, seed as u64, &mut cells);
    frame.begin(Size::MLX90640).copy_from_slice(&cells);
    frame.measure();
    frame.sequence = n as u64 + 1;
    frame.wall = Timestamp::from_microsecond(NOON + n * 1_000_000 / FPS).expect("a time");
    (frame.ambient, frame.supply, frame.calibrated) = (Some(31.4), Some(3.28), true);
    Arc::new(frame)
}

fn scrub(seconds: i64, arrays: i64) {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut making, begun) = (Duration::ZERO, Instant::now());
    let recordings = Recordings::open(folder.path(), u64::MAX).expect("a thread");
    let scenes = Scene::ALL.into_iter().cycle();
    let devices: Vec<_> =
        (0..arrays).zip(scenes).map(|(n, scene)| (DeviceId::new(&format!("array-{n}")), scene, n)).collect();
    for second in 0..seconds {
        let made = Instant::now();
        let of = |(id, scene, seed): &(DeviceId, Scene, i64)| {
            let frames = (second * FPS..(second + 1) * FPS).map(|n| (id.clone(), simulated(*scene, *seed, n)));
            frames.collect::<Vec<_>>()
        };
        let frames: Vec<_> = devices.iter().flat_map(of).collect();
        making += made.elapsed();
        recordings.record(frames);
        recordings.flush();
    }
    recordings.close();
    let frames = seconds * FPS * arrays;
    let recorded = recordings.recorded();
    let recording = begun.elapsed() - making;
    say(&format!(
        "{seconds} s of {arrays} arrays at {FPS} fps: {frames} pictures, {:.1} MB on disk, {} bytes each, {:.1} MB an hour; \
         recorded in {:.1} s, {:.1} us each; dropped {}",
        recorded.bytes as f64 / 1e6,
        recorded.bytes / frames as u64,
        recorded.bytes as f64 / 1e6 * 3600.0 / seconds as f64,
        recording.as_secs_f64(),
        recording.as_secs_f64() * 1e6 / frames as f64,
        recordings.dropped(),
    ));
    drop(recordings);
    let random = || Timestamp::from_microsecond(NOON + fastrand::i64(1_000_000..seconds * 1_000_000)).expect("a time");
    let ask = |recordings: &Recordings| {
        let (instant, asked) = (random(), Instant::now());
        let found = recordings.at(instant);
        let took = asked.elapsed();
        assert_eq!(found.len() as i64, arrays);
        took
    };
    let files = files(folder.path());
    if uncached(&files) {
        let cold = (0..COLD_INSTANTS).map(|_| {
            uncached(&files);
            ask(&Recordings::open(folder.path(), u64::MAX).expect("a thread"))
        });
        percentiles("any instant, files not in the cache, recordings just opened", cold.collect());
        let recordings = Recordings::open(folder.path(), u64::MAX).expect("a thread");
        (0..INSTANTS).map(|_| ask(&recordings)).max();
        let cold = (0..COLD_INSTANTS).map(|_| {
            uncached(&files);
            ask(&recordings)
        });
        percentiles("any instant, files not in the cache", cold.collect());
    }
    let recordings = Recordings::open(folder.path(), u64::MAX).expect("a thread");
    percentiles("any instant", (0..INSTANTS).map(|_| ask(&recordings)).collect());
    percentiles("any instant, again", (0..INSTANTS).map(|_| ask(&recordings)).collect());
    let (id, begun) = (DeviceId::new("array-0"), Instant::now());
    let n = recordings.frames(&id, Timestamp::MIN, Timestamp::MAX).count();
    say(&format!("all {n} pictures of an array, one after the other: {:.2} s", begun.elapsed().as_secs_f64()));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let inside = |folder: &Path| std::fs::read_dir(folder).expect("readable").flatten().map(|entry| entry.path());
    inside(folder).flat_map(|folder| inside(&folder).collect::<Vec<_>>()).collect()
}

/// Asks the system to let the files out of its cache; false where `dd` does not know how.
fn uncached(files: &[PathBuf]) -> bool {
    files.iter().all(|file| {
        let input = format!("if={}", file.display());
        let mut dd = Command::new("dd");
        dd.args([&input, "of=/dev/null", "iflag=nocache", "count=0"]).stdout(Stdio::null()).stderr(Stdio::null());
        dd.status().is_ok_and(|status| status.success())
    })
}

fn percentiles(what: &str, mut took: Vec<Duration>) {
    took.sort();
    let at = |part: f64| {
        took.get(((took.len() - 1) as f64 * part) as usize).copied().unwrap_or_default().as_secs_f64() * 1e3
    };
    say(&format!("{what}: p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms of {}", at(0.5), at(0.99), at(1.0), took.len()));
}

#[expect(clippy::print_stdout, reason = "it is what this program is for")]
fn say(line: &str) {
    println!("{line}");
}
