//! Scrubbing: the picture of any instant, step by step, one cell over time; in files, in memory, and across both.

use hearthlight::model::history::Point;
use hearthlight::model::recording::CellSpan;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{Bench, NOON, ROOMY, SECOND, frame, id, minutes, time};

fn later(us: i64) -> Timestamp {
    time(NOON + us)
}

#[test]
fn any_instant_shows_the_newest_picture_of_each_device_that_is_no_older_than_a_minute() {
    let bench = Bench::new(ROOMY);
    bench.fill("hall", (0..100).map(|n| NOON + n * SECOND));
    bench.fill("attic", (0..3).map(|n| NOON + n * 50 * SECOND));
    let shown = |us: i64| -> Vec<(String, u64)> {
        bench.recordings.at(later(us)).iter().map(|(id, frame)| (id.to_string(), frame.sequence)).collect()
    };
    assert!(shown(-1).is_empty());
    assert_eq!(shown(0), [("attic".to_owned(), 1), ("hall".to_owned(), 1)]);
    assert_eq!(shown(49_999_999), [("attic".to_owned(), 1), ("hall".to_owned(), 50)]);
    assert_eq!(shown(50_000_000), [("attic".to_owned(), 2), ("hall".to_owned(), 51)]);
    assert_eq!(shown(159_000_000), [("attic".to_owned(), 3), ("hall".to_owned(), 100)]);
    assert_eq!(shown(159_000_001), [("attic".to_owned(), 3)]);
    assert!(shown(160_000_001).is_empty());
    let attic = &bench.recordings.at(later(0))[&id("attic")];
    let extremes = attic.extremes.expect("measured");
    assert!((extremes.max - 3.2).abs() < 0.006 && (extremes.max_at, extremes.min_at) == (31, 0));
}

#[test]
fn what_was_just_handed_over_is_found_too() {
    let bench = Bench::new(ROOMY);
    bench.fill("hall", [NOON, NOON + SECOND / 2]);
    // Not flushed: whether it is gathered or written, it is there as soon as it is known to be.
    bench.recordings.record(vec![(id("hall"), frame(3, NOON + SECOND, 20.0))]);
    while bench.recordings.newest(&id("hall")) != Some(later(SECOND)) {
        std::thread::yield_now();
    }
    assert_eq!(bench.recordings.at(later(SECOND))[&id("hall")].sequence, 3);
    assert_eq!(bench.recordings.after(&id("hall"), later(SECOND / 2)), Some(later(SECOND)));
    assert_eq!(bench.recordings.recorded().newest, Some(later(SECOND)));
    assert_eq!(bench.times("hall").len(), 3);
}

#[test]
fn steps_go_over_segments_restarts_and_long_gaps() {
    let mut bench = Bench::new(ROOMY);
    let mut all: Vec<i64> = (0..1300).map(|n| n * SECOND).collect();
    bench.fill("hall", all.iter().map(|us| NOON + us));
    bench.restart(|_| {});
    all.extend((0..5).map(|n| 80_000 * SECOND + n * SECOND / 3));
    bench.fill("hall", all[1300..].iter().map(|us| NOON + us));
    let (hall, mut at, mut seen) = (id("hall"), later(-minutes(5).as_micros() as i64), Vec::new());
    while let Some(next) = bench.recordings.after(&hall, at) {
        seen.push(next.as_microsecond() - NOON);
        at = next;
    }
    assert_eq!(seen, all);
    seen.clear();
    at = Timestamp::MAX;
    while let Some(next) = bench.recordings.before(&hall, at) {
        seen.push(next.as_microsecond() - NOON);
        at = next;
    }
    seen.reverse();
    assert_eq!(seen, all);
    assert_eq!(bench.recordings.after(&id("cellar"), later(0)), None);
}

#[test]
fn a_damaged_block_is_stepped_over() {
    let mut bench = Bench::new(ROOMY);
    bench.fill("hall", (0..10).map(|n| NOON + n * SECOND));
    bench.restart(|folder| {
        let [file] = &super::segments(folder)[..] else { panic!("one segment") };
        let mut bytes = std::fs::read(file).expect("read");
        let second = bytes.windows(4).enumerate().filter(|(_, four)| *four == b"HLTB").nth(1).expect("a block").0;
        bytes[second + 50] ^= 1;
        std::fs::write(file, bytes).expect("written");
    });
    let times: Vec<_> = [0, 2, 3, 4, 5, 6, 7, 8, 9].map(|n| NOON + n * SECOND).to_vec();
    assert_eq!(bench.times("hall"), times);
    assert_eq!(bench.recordings.at(later(SECOND * 3 / 2))[&id("hall")].sequence, 1);
    assert_eq!(bench.recordings.after(&id("hall"), later(0)), Some(later(2 * SECOND)));
}

#[test]
fn a_cell_over_time_is_thinned_to_lowest_mean_and_highest() {
    let bench = Bench::new(ROOMY);
    // Picture n shows n / 10 + 0.1 in cell 1.
    bench.fill("hall", (0..80).map(|n| NOON + n * SECOND / 8));
    let span =
        |points, from: i64, to: i64| CellSpan { device: id("hall"), cell: 1, from: later(from), to: later(to), points };
    let tenths = |points: Vec<Point>| -> Vec<(i64, [i64; 3])> {
        let tenth = |value: f32| (value * 10.0).round() as i64;
        points.iter().map(|p| (p.at_ms - NOON / 1000, [p.min, p.mean, p.max].map(tenth))).collect()
    };
    let two = tenths(bench.recordings.cell(&span(2, 0, 10 * SECOND - 1)));
    assert_eq!(two, [(0, [2, 22, 41]), (5000, [42, 62, 81])]);
    let all = tenths(bench.recordings.cell(&span(10_000, 0, 10 * SECOND)));
    assert_eq!(all.len(), 80);
    assert!(all.iter().zip(2..).all(|((_, values), n)| *values == [n; 3]));
    let part = tenths(bench.recordings.cell(&span(100, SECOND, 2 * SECOND)));
    assert_eq!((part.len(), part[0].1[0], part[8].1[0]), (9, 10, 18));
    assert!(bench.recordings.cell(&span(100, 5 * SECOND, 0)).is_empty());
    assert!(bench.recordings.cell(&CellSpan { cell: 32, ..span(100, 0, SECOND) }).is_empty());
}

#[test]
fn nothing_recorded_is_nothing_found() {
    let bench = Bench::new(ROOMY);
    assert_eq!(bench.recordings.recorded(), Default::default());
    assert!(bench.recordings.at(later(0)).is_empty());
    assert!(bench.times("hall").is_empty());
    assert_eq!(bench.recordings.frames(&id("hall"), Timestamp::MIN, Timestamp::MAX).count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn any_recording_answers_as_a_plain_list_would(
        gaps in prop::collection::vec(prop_oneof![1..300_000_i64, 1..5 * SECOND, Just(700 * SECOND)], 1..60),
        asked in prop::collection::vec(any::<prop::sample::Index>(), 12),
        restart_at in any::<prop::sample::Index>(),
    ) {
        let times: Vec<i64> = gaps.iter().scan(NOON, |us, gap| { *us += gap; Some(*us) }).collect();
        let mut bench = Bench::new(ROOMY);
        let restart_at = restart_at.index(times.len());
        let numbered = |range: std::ops::Range<usize>| {
            let frames = range.map(|n| (id("hall"), frame(n as u64, times[n], n as f32)));
            frames.collect::<Vec<_>>()
        };
        bench.recordings.record(numbered(0..restart_at));
        bench.restart(|_| {});
        bench.recordings.record(numbered(restart_at..times.len()));
        bench.recordings.flush();
        let (first, last) = (times[0] - 2 * SECOND, times[times.len() - 1] + 70 * SECOND);
        for index in asked {
            let us = first + index.index((last - first) as usize) as i64;
            let newest = times.iter().rposition(|at| *at <= us && us - at <= 60 * SECOND);
            let found = bench.recordings.at(time(us)).get(&id("hall")).map(|frame| frame.sequence as usize);
            prop_assert_eq!(found, newest);
            let after = times.iter().copied().find(|at| *at > us).map(time);
            prop_assert_eq!(bench.recordings.after(&id("hall"), time(us)), after);
            let before = times.iter().copied().rev().find(|at| *at < us).map(time);
            prop_assert_eq!(bench.recordings.before(&id("hall"), time(us)), before);
        }
        prop_assert_eq!(bench.times("hall"), times);
    }
}

#[test]
fn a_span_of_frames_is_what_lies_in_it() {
    let bench = Bench::new(ROOMY);
    bench.fill("hall", (0..100).map(|n| NOON + n * SECOND / 8));
    let to = later(4 * SECOND).checked_add(SignedDuration::ZERO).expect("a time");
    let numbers: Vec<_> =
        bench.recordings.frames(&id("hall"), later(2 * SECOND + 1), to).map(|frame| frame.sequence).collect();
    assert_eq!(numbers, (18..=33).collect::<Vec<_>>());
}
