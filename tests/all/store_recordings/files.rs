//! Files: restarts, kills, wrong clocks, budgets, forgetting, and disks that fail.

use std::fs;
use std::io::Write as _;

use hearthlight::store::writer::Health;
use proptest::prelude::*;

use super::{Bench, NOON, ROOMY, SECOND, frame, id, segments, time};

/// Eight pictures a second for so many seconds.
fn seconds(n: i64) -> impl Iterator<Item = i64> {
    (0..n * 8).map(|n| NOON + n * SECOND / 8)
}

#[test]
fn a_restart_goes_on_in_a_new_segment() {
    let mut bench = Bench::new(ROOMY);
    bench.fill("hall", seconds(3));
    bench.restart(|_| {});
    bench.fill("hall", seconds(3).map(|us| us + 10 * SECOND));
    let all: Vec<_> = seconds(3).chain(seconds(3).map(|us| us + 10 * SECOND)).collect();
    assert_eq!(bench.times("hall"), all);
    assert_eq!(segments(bench.folder.path()).len(), 2);
    assert_eq!(bench.recordings.dropped(), 0);
}

#[test]
fn what_is_left_behind_by_an_old_run_is_read_without_its_index_too() {
    let mut bench = Bench::new(ROOMY);
    bench.fill("hall", seconds(20));
    bench.restart(|folder| {
        let [file] = &segments(folder)[..] else { panic!("one segment") };
        let bytes = fs::read(file).expect("read");
        let index = bytes.windows(4).rposition(|four| four == b"HLTB").expect("an index");
        fs::write(file, &bytes[..index]).expect("cut");
    });
    assert_eq!(bench.times("hall"), seconds(20).collect::<Vec<_>>());
    assert_eq!(bench.recordings.recorded().newest, Some(time(NOON + 19 * SECOND + 7 * SECOND / 8)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_kill_in_the_middle_of_writing_costs_the_end_and_nothing_else(cut in any::<prop::sample::Index>(), garbage in prop::collection::vec(any::<u8>(), 0..100)) {
        let mut bench = Bench::new(ROOMY);
        bench.fill("hall", seconds(6));
        bench.restart(|folder| {
            let [file] = &segments(folder)[..] else { panic!("one segment") };
            let bytes = fs::read(file).expect("read");
            // What a file system may leave behind the cut.
            let mut left = bytes[..cut.index(bytes.len() + 1)].to_vec();
            left.extend(&garbage);
            fs::write(file, left).expect("cut");
        });
        let left = bench.times("hall");
        let all: Vec<_> = seconds(6).collect();
        prop_assert!(all.starts_with(&left), "{left:?}");
        prop_assert_eq!(left.len() % 8, 0, "whole blocks only");
        bench.fill("hall", seconds(2).map(|us| us + 60 * SECOND));
        let both: Vec<_> = left.into_iter().chain(seconds(2).map(|us| us + 60 * SECOND)).collect();
        prop_assert_eq!(bench.times("hall"), both);
    }
}

#[test]
fn a_segment_is_ended_after_ten_minutes_and_begun_after_a_long_silence() {
    let bench = Bench::new(ROOMY);
    let times: Vec<_> = (0..700).map(|n| NOON + n * SECOND).chain([NOON + 7200 * SECOND]).collect();
    bench.fill("hall", times.iter().copied());
    let names: Vec<_> =
        segments(bench.folder.path()).iter().map(|file| file.file_name().map(ToOwned::to_owned)).collect();
    let wanted = ["20260301T120000.000000Z.heat", "20260301T121000.000000Z.heat", "20260301T140000.000000Z.heat"];
    assert_eq!(names, wanted.map(|name| Some(name.into())));
    assert_eq!(bench.times("hall"), times);
}

#[test]
fn over_the_budget_the_oldest_goes_whichever_device_it_is_of() {
    let bench = Bench::new(ROOMY);
    // In turns: hall, attic, hall, attic, each ten minutes and a little.
    for (n, device) in [(0, "hall"), (1, "attic"), (2, "hall"), (3, "attic")] {
        bench.fill(device, (0..60).map(|second| NOON + (n * 1000 + second) * SECOND));
    }
    let all = bench.recordings.recorded();
    let sizes = |bench: &Bench| {
        segments(bench.folder.path()).iter().map(|file| fs::metadata(file).expect("there").len()).sum::<u64>()
    };
    assert_eq!((all.bytes, all.oldest), (sizes(&bench), Some(time(NOON))));
    bench.recordings.set_budget(all.bytes - 1);
    bench.recordings.flush();
    assert_eq!((bench.times("hall").len(), bench.times("attic").len()), (60, 120));
    bench.recordings.set_budget(all.bytes / 2);
    bench.recordings.flush();
    assert_eq!((bench.times("hall").len(), bench.times("attic").len()), (60, 60));
    let left = bench.recordings.recorded();
    assert_eq!((left.oldest, left.bytes), (Some(time(NOON + 2000 * SECOND)), sizes(&bench)));
    // Even what is being written goes in the end, and recording goes on.
    bench.recordings.set_budget(0);
    bench.recordings.flush();
    assert_eq!((segments(bench.folder.path()).len(), bench.recordings.recorded().bytes), (0, 0));
    bench.recordings.set_budget(ROOMY);
    bench.fill("hall", (0..5).map(|second| NOON + (5000 + second) * SECOND));
    assert_eq!(bench.times("hall").len(), 5);
    assert_eq!((bench.recordings.health(), bench.recordings.dropped()), (Health::Good, 0));
}

#[test]
fn a_clock_set_back_begins_a_segment_and_both_times_are_kept() {
    let mut bench = Bench::new(ROOMY);
    bench.fill("hall", seconds(4));
    // Set back by 100 s; then once more to the same second: the name is taken.
    bench.fill("hall", seconds(2).map(|us| us - 100 * SECOND));
    bench.fill("hall", seconds(1).map(|us| us - 100 * SECOND));
    assert_eq!(segments(bench.folder.path()).len(), 3);
    let both: Vec<_> = seconds(2).map(|us| us - 100 * SECOND).chain(seconds(4)).collect();
    assert_eq!(bench.times("hall"), both);
    bench.restart(|_| {});
    assert_eq!(bench.times("hall"), both);
}

#[test]
fn a_clock_that_trembles_counts_upwards() {
    let bench = Bench::new(ROOMY);
    for (n, us) in [(1, 0), (2, 0), (3, -300), (4, 100_000)] {
        bench.recordings.record(vec![(id("hall"), frame(n, NOON + us, 20.0))]);
    }
    bench.recordings.flush();
    assert_eq!(bench.times("hall"), [NOON, NOON + 1, NOON + 2, NOON + 100_000]);
    assert_eq!(segments(bench.folder.path()).len(), 1);
}

#[test]
fn a_forgotten_device_takes_its_recordings_along() {
    let mut bench = Bench::new(ROOMY);
    bench.fill("hall", seconds(3));
    bench.fill("attic", seconds(3));
    bench.restart(|_| {});
    bench.fill("hall", seconds(3).map(|us| us + 60 * SECOND));
    bench.recordings.record(vec![(id("hall"), frame(1, NOON + 100 * SECOND, 20.0))]);
    bench.recordings.forget(id("hall"));
    bench.recordings.forget(id("never-heard-of"));
    bench.recordings.flush();
    assert_eq!((bench.times("hall").len(), bench.times("attic").len()), (0, 24));
    assert!(!bench.folder.path().join("hall").exists());
    assert_eq!(bench.recordings.newest(&id("hall")), None);
    // It comes back, and begins anew.
    bench.fill("hall", seconds(1));
    assert_eq!(bench.times("hall").len(), 8);
    bench.recordings.close();
    let left = segments(bench.folder.path());
    assert_eq!(
        left.iter().map(|file| fs::metadata(file).expect("there").len()).sum::<u64>(),
        bench.recordings.recorded().bytes
    );
}

#[test]
fn a_size_that_changes_begins_a_block_and_both_come_back() {
    let bench = Bench::new(ROOMY);
    let mut small = hearthlight::model::thermal::ThermalFrame::clone(&frame(2, NOON + 1000, 0.0));
    small.begin(hearthlight::units::grid::Size::new(2, 2).expect("a size")).fill(5.0);
    bench.recordings.record(vec![
        (id("hall"), frame(1, NOON, 1.0)),
        (id("hall"), small.into()),
        (id("hall"), frame(3, NOON + 2000, 1.0)),
    ]);
    bench.recordings.flush();
    let cells: Vec<_> =
        bench.recordings.frames(&id("hall"), time(NOON), time(NOON + SECOND)).map(|frame| frame.size.cells()).collect();
    assert_eq!(cells, [32, 4, 32]);
}

#[test]
fn a_disk_that_fails_is_told_of_what_is_lost_is_counted_and_nothing_is_deleted() {
    let bench = Bench::new(ROOMY);
    bench.fill("attic", seconds(1));
    // A file where the folder should be: no segment can be made.
    let place = bench.folder.path().join("hall");
    fs::File::create(&place).and_then(|mut file| file.write_all(b"in the way")).expect("made");
    bench.fill("hall", seconds(2));
    assert!(matches!(bench.recordings.health(), Health::Failing { .. }));
    assert_eq!(bench.recordings.dropped(), 16);
    assert_eq!((bench.times("attic").len(), bench.times("hall").len()), (8, 0));
    assert_eq!(fs::read(&place).expect("still there"), b"in the way");
}

#[test]
fn what_is_not_ours_is_let_be() {
    let mut bench = Bench::new(ROOMY);
    bench.fill("hall", seconds(1));
    bench.restart(|folder| {
        fs::write(folder.join("hall").join("notes.txt"), "mine").expect("written");
        fs::write(folder.join("hall").join("20260301T115000.000000Z.heat"), "no pictures at all").expect("written");
        fs::create_dir(folder.join("Not Ours")).expect("made");
    });
    assert_eq!(bench.times("hall").len(), 8);
    bench.recordings.forget(id("hall"));
    bench.recordings.flush();
    assert!(bench.folder.path().join("hall").join("notes.txt").exists());
}

#[test]
fn too_much_at_once_is_dropped_and_counted() {
    let bench = Bench::new(ROOMY);
    let one = frame(1, NOON, 20.0);
    let n = 400_000;
    bench.recordings.record(vec![(id("hall"), one); n]);
    bench.recordings.close();
    let dropped = bench.recordings.dropped();
    assert!(dropped > 0);
    assert_eq!(bench.times("hall").len() as u64 + dropped, n as u64);
    bench.recordings.record(vec![(id("hall"), frame(2, NOON + SECOND, 20.0))]);
    assert_eq!(bench.recordings.dropped(), dropped + 1, "closed");
}
