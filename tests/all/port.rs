//! Slots, wake-ups and meters: newest wins, nothing waits, nothing grows.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hearthlight::model::thermal::ThermalFrame;
use hearthlight::port::Wake;
use hearthlight::port::latest::Latest;
use hearthlight::port::meter::{Histogram, INGEST_BOUNDS};
use hearthlight::port::slots::{DeviceSlot, FRAME_BUDGET, FrameRing, KEPT_FRAMES, KEPT_READINGS, MAX_CHANNELS};
use hearthlight::units::grid::Size;
use hearthlight::units::moment::Moment;

#[test]
fn the_newest_value_wins_and_what_nobody_took_is_counted() {
    let slot = Latest::default();
    assert!(slot.put(Arc::new(1)).is_none());
    assert_eq!(slot.put(Arc::new(2)).as_deref(), Some(&1), "handed back to be used again");
    assert_eq!(slot.take().as_deref(), Some(&2));
    assert!(slot.take().is_none());
    assert_eq!(slot.overwritten(), 1);
}

#[test]
fn a_face_is_woken_once_until_it_drains() {
    let (wake, woken) = (Wake::default(), Arc::new(AtomicUsize::new(0)));
    wake.wake();
    let count = Arc::clone(&woken);
    wake.connect(move || {
        count.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(woken.load(Ordering::Relaxed), 1, "for what came before it was there");
    for _ in 0..1000 {
        wake.wake();
    }
    assert_eq!(woken.load(Ordering::Relaxed), 2);
    wake.begin_drain();
    wake.wake();
    assert_eq!(woken.load(Ordering::Relaxed), 3);
}

#[test]
fn a_channel_keeps_its_newest_readings_in_order_and_a_device_its_first_channels() {
    let slot = DeviceSlot::new(hearthlight::model::sensors::DeviceId::new("a"), "a".into());
    let channel = slot.channel("ADC1").expect("room");
    for n in 0..KEPT_READINGS as u64 * 3 + 7 {
        channel.readings.push(Moment(n), n as f64);
    }
    let mut read = Vec::new();
    channel.readings.read(&mut read);
    let end = KEPT_READINGS as u64 * 3 + 7;
    let expected: Vec<_> = (end - KEPT_READINGS as u64..end).map(|n| (Moment(n), n as f64)).collect();
    assert_eq!(read, expected);
    for n in 1..MAX_CHANNELS {
        assert!(slot.channel(&format!("K{n}")).is_some());
    }
    assert!(slot.channel("one too many").is_none());
    assert!(slot.channel("ADC1").is_some(), "known ones stay");
}

#[test]
fn what_is_read_while_it_is_written_is_never_mixed_up() {
    let slot = DeviceSlot::new(hearthlight::model::sensors::DeviceId::new("a"), "a".into());
    let n = 200_000_u64;
    std::thread::scope(|scope| {
        scope.spawn(|| (0..n).for_each(|n| slot.hottest.push(Moment(n), n as f64)));
        let (mut cursor, mut lost, mut seen, mut expected) = (0, 0, Vec::new(), 0);
        while cursor < n {
            seen.clear();
            let (next, more) = slot.hottest.read_since(cursor, &mut seen);
            expected += more;
            for (at, value) in &seen {
                assert_eq!((at.0, *value), (expected, expected as f64));
                expected += 1;
            }
            (cursor, lost) = (next, lost + more);
        }
        assert_eq!(expected, n, "{lost} lost");
    });
}

fn put(ring: &FrameRing, sequence: u64, size: Size, total: &AtomicUsize) -> *const ThermalFrame {
    let mut shared = ring.recycle(total);
    let frame = Arc::get_mut(&mut shared).expect("nobody else's");
    frame.sequence = sequence;
    frame.begin(size).fill(20.0);
    let at = Arc::as_ptr(&shared);
    ring.put(shared, total);
    at
}

#[test]
fn a_ring_of_frames_keeps_the_last_and_uses_its_memory_again() {
    let (ring, total) = (FrameRing::default(), AtomicUsize::new(0));
    let kept = KEPT_FRAMES as u64;
    let first: Vec<_> = (1..=kept).map(|n| put(&ring, n, Size::MLX90640, &total)).collect();
    let full = total.load(Ordering::Relaxed);
    let second: Vec<_> = (kept + 1..=2 * kept).map(|n| put(&ring, n, Size::MLX90640, &total)).collect();
    assert_eq!(first, second, "no allocation once the ring is full");
    assert_eq!(total.load(Ordering::Relaxed), full);
    assert_eq!(ring.newest().map(|f| f.sequence), Some(2 * kept));
    assert!(ring.with_sequence(2 * kept - 1).is_some());
    assert!(ring.with_sequence(kept).is_none());
    assert!(ring.with_sequence(kept + 1).is_some());
}

#[test]
fn a_frame_that_a_face_holds_is_not_written_over() {
    let (ring, total) = (FrameRing::default(), AtomicUsize::new(0));
    put(&ring, 1, Size::MLX90640, &total);
    let held = ring.newest().expect("there");
    for n in 2..=3 * KEPT_FRAMES as u64 {
        put(&ring, n, Size::MLX90640, &total);
    }
    assert_eq!(held.sequence, 1);
}

#[test]
fn all_rings_together_stay_within_their_budget() {
    let (rings, total) = ((0..40).map(|_| FrameRing::default()).collect::<Vec<_>>(), AtomicUsize::new(0));
    let size = Size::new(160, 120).expect("a size");
    for n in 1..=2 * KEPT_FRAMES as u64 {
        for ring in &rings {
            put(ring, n, size, &total);
        }
    }
    let frame = size.cells() * 5;
    assert!(total.load(Ordering::Relaxed) <= FRAME_BUDGET + rings.len() * frame);
    assert!(rings.iter().all(|ring| ring.newest().is_some()));
    for ring in &rings {
        ring.forget(&total);
    }
    assert_eq!(total.load(Ordering::Relaxed), 0);
}

#[test]
fn quantiles_lie_in_their_bucket_and_never_beyond_the_longest() {
    let histogram = Histogram::new(&INGEST_BOUNDS);
    assert_eq!(histogram.quantile(0.5), None);
    histogram.note_n(Duration::from_micros(20), 99);
    histogram.note(Duration::from_secs(3));
    let p50 = histogram.quantile(0.5).expect("noted");
    assert!((10e-6..=25e-6).contains(&p50));
    assert_eq!(histogram.quantile(1.0), Some(3.0));
    assert_eq!(histogram.counts().iter().sum::<u64>(), 100);
}
