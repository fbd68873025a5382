//! The recorder against a plain list of readings, over hours, through kills, jumps of the clock and failing disks.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hearthlight::model::history::{Extent, Point, Resolution, Series, Span};
use hearthlight::model::sensors::DeviceId;
use hearthlight::store::history::{self, GRACE_MS, Recorder, WAITING_BYTES, schema};
use hearthlight::store::records::{Budget, Reading};
use jiff::Timestamp;
use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;

/// 2026-03-01T12:00:00Z, the full hour.
const NOON: i64 = 1_772_366_400_000;
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 3_600_000;
/// Keeps everything.
const ROOMY: Budget = Budget {
    full_minutes: u32::MAX,
    second_hours: u32::MAX,
    minute_days: u32::MAX,
    history_bytes: u64::MAX,
    journal_days: 1,
    journal_bytes: 1,
};

/// A file, who writes it, and what it should hold.
struct Desk {
    folder: TempDir,
    connection: Connection,
    recorder: Recorder,
    budget: Budget,
    /// What was committed, in the order in which it came.
    kept: Vec<Reading>,
    /// What was taken and not committed.
    waiting: Vec<Reading>,
}

fn connect(file: &Path) -> Connection {
    let connection = Connection::open(file).expect("opens");
    connection.busy_timeout(Duration::ZERO).expect("set");
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL").expect("set");
    connection.pragma_update(None, "journal_mode", "WAL").expect("set");
    connection.pragma_update(None, "synchronous", "OFF").expect("set");
    connection
}

fn reading(channel: u32, at_ms: i64, value: f64) -> Reading {
    let device = DeviceId::new(&format!("device-{}", channel / 2));
    Reading { device, channel: format!("ADC{}", channel % 2).into(), at_ms, value }
}

fn span(of: &Reading, from_ms: i64, to_ms: i64, points: u16) -> Span {
    let time = |ms| Timestamp::from_millisecond(ms).expect("a time");
    Span { device: of.device.clone(), channel: Arc::clone(&of.channel), from: time(from_ms), to: time(to_ms), points }
}

impl Desk {
    fn new(budget: Budget) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = connect(&folder.path().join("history.db"));
        connection.execute_batch(schema::TABLES).expect("made");
        let mut recorder = Recorder::new();
        recorder.load(&connection).expect("read");
        Self { folder, connection, recorder, budget, kept: Vec::new(), waiting: Vec::new() }
    }

    fn take(&mut self, readings: Vec<Reading>) {
        self.waiting.extend(readings.iter().cloned());
        self.recorder.take(readings);
    }

    fn write(&mut self, now_ms: i64) -> u64 {
        let bytes = self.recorder.write(&mut self.connection, now_ms, &self.budget).expect("written");
        self.kept.append(&mut self.waiting);
        bytes
    }

    /// A process that is killed, and the next one.
    fn kill(&mut self) {
        self.waiting.clear();
        self.recorder = Recorder::new();
        self.recorder.load(&self.connection).expect("read");
    }

    fn ask(&self, channel: u32, from_ms: i64, to_ms: i64, points: u16) -> Series {
        history::series(&self.connection, &span(&reading(channel, 0, 0.0), from_ms, to_ms, points)).expect("read")
    }

    fn extent(&self) -> Extent {
        history::extent(&self.connection).expect("read")
    }

    /// What a series of every reading should be.
    fn wanted(&self, channel: u32, from_ms: i64, to_ms: i64) -> Vec<Point> {
        let of = reading(channel, 0, 0.0);
        let mine = self.kept.iter().filter(|r| r.device == of.device && r.channel == of.channel);
        let mut mine: Vec<&Reading> = mine.filter(|r| (from_ms..=to_ms).contains(&r.at_ms)).collect();
        mine.sort_by_key(|r| r.at_ms);
        mine.into_iter()
            .map(|r| Point { at_ms: r.at_ms, min: r.value as f32, mean: r.value as f32, max: r.value as f32 })
            .collect()
    }

    /// Compares every reading in windows that are short enough for all of them.
    fn check(&self, channels: u32, from_ms: i64, to_ms: i64) {
        for channel in 0..channels {
            let mut at = from_ms;
            while at <= to_ms {
                let end = (at + 10 * MINUTE - 1).min(to_ms);
                let series = self.ask(channel, at, end, 10_000);
                assert_eq!(series.resolution, Resolution::Full);
                assert_eq!(sorted(series.points), sorted(self.wanted(channel, at, end)), "channel {channel} from {at}");
                at = end + 1;
            }
        }
        self.check_sums();
    }

    fn check_sums(&self) {
        let sum: i64 = self
            .connection
            .query_row("SELECT ifnull(sum(length(data)), 0) FROM block", [], |row| row.get(0))
            .expect("read");
        assert_eq!(self.extent().bytes, sum.unsigned_abs());
        let check: String = self.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("read");
        assert_eq!(check, "ok");
    }

    fn count(&self, table: &str) -> i64 {
        self.connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).expect("read")
    }
}

/// Readings of one moment have no order.
fn sorted(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.at_ms.cmp(&b.at_ms).then(a.min.total_cmp(&b.min)));
    points
}

/// A second of readings of some channels, four each, with a wandering value.
fn second(channels: u32, at_ms: i64, level: &mut f64) -> Vec<Reading> {
    let mut readings = Vec::new();
    for channel in 0..channels {
        for step in 0..4 {
            *level += f64::from(fastrand::i32(-4..=4)) * 0.5;
            let value = if channel % 3 == 2 { f64::from((*level * 0.0173) as f32) } else { *level };
            readings.push(reading(channel, at_ms + step * 250 + fastrand::i64(0..40), value));
        }
    }
    readings
}

#[test]
fn hours_of_readings_are_there_through_kills_at_any_moment() {
    fastrand::seed(3);
    let (mut desk, mut level, channels) = (Desk::new(ROOMY), 300.0, 3);
    let end = NOON + 2 * HOUR;
    for at in (NOON..end).step_by(1000) {
        desk.take(second(channels, at, &mut level));
        if fastrand::u32(0..200) == 0 {
            desk.kill();
        } else {
            desk.write(at + SECOND);
        }
        if fastrand::u32(0..300) == 0 {
            desk.kill();
        }
    }
    assert!(desk.kept.len() > 80_000);
    desk.check(channels, NOON, end);
    assert!(desk.count("tail") < 70, "only the newest minute is not packed");
    assert_eq!(desk.extent(), Extent { oldest_ms: desk.kept.iter().map(|r| r.at_ms).min(), channels, ..desk.extent() });
}

#[test]
fn coarser_points_are_those_of_the_readings_behind_them() {
    fastrand::seed(4);
    let (mut desk, mut level) = (Desk::new(Budget { full_minutes: 10, ..ROOMY }), 300.0);
    let end = NOON + 3 * HOUR + 12 * MINUTE + 17 * SECOND;
    for at in (NOON..end).step_by(5000) {
        desk.take(second(1, at, &mut level));
        desk.write(at + SECOND);
    }
    // Not all is kept in full, and seconds are few enough; the newest are in the tail.
    for (from, step, resolution) in [(NOON, SECOND, Resolution::Second), (end - 9 * MINUTE, 1, Resolution::Full)] {
        let series = desk.ask(0, from, end, 10_000);
        assert_eq!(series.resolution, resolution);
        let wanted = folded(&desk.wanted(0, from, end), step);
        assert_eq!(series.points.len(), wanted.len());
        for (point, wanted) in series.points.iter().zip(&wanted) {
            same(point, wanted);
        }
    }
}

#[test]
fn a_long_span_is_made_of_minutes() {
    let mut desk = Desk::new(ROOMY);
    let end = NOON + 9 * HOUR;
    for at in (NOON..end).step_by(1000) {
        desk.take(vec![reading(0, at, ((at / 1000) % 977) as f64)]);
        if at % (30 * SECOND) == 0 {
            desk.write(at + SECOND);
        }
    }
    desk.write(end);
    let series = desk.ask(0, NOON, end, 10_000);
    assert_eq!((series.resolution, series.points.len()), (Resolution::Minute, 9 * 60));
    for (point, wanted) in series.points.iter().zip(&folded(&desk.wanted(0, NOON, end), MINUTE)) {
        same(point, wanted);
    }
    let thinned = desk.ask(0, NOON, end, 20);
    assert_eq!(thinned.points.len(), 20);
    assert_eq!(thinned.points.iter().map(|p| p.max).fold(0.0, f32::max), 976.0);
}

/// Points of `step` each.
fn folded(points: &[Point], step: i64) -> Vec<Point> {
    let mut out: Vec<(Point, f64, f64)> = Vec::new();
    for point in points {
        let at_ms = point.at_ms - point.at_ms.rem_euclid(step);
        match out.last_mut() {
            Some((last, sum, n)) if last.at_ms == at_ms => {
                (last.min, last.max) = (last.min.min(point.min), last.max.max(point.max));
                (*sum, *n) = (*sum + f64::from(point.mean), *n + 1.0);
            }
            _ => out.push((Point { at_ms, ..*point }, f64::from(point.mean), 1.0)),
        }
    }
    out.into_iter().map(|(point, sum, n)| Point { mean: (sum / n) as f32, ..point }).collect()
}

fn same(point: &Point, wanted: &Point) {
    assert_eq!((point.at_ms, point.min, point.max), (wanted.at_ms, wanted.min, wanted.max));
    assert!((point.mean - wanted.mean).abs() <= 1e-4 * wanted.mean.abs().max(1.0), "{point:?} {wanted:?}");
}

#[test]
fn what_is_asked_for_can_be_seen_at_once_and_never_twice() {
    let (mut desk, mut level) = (Desk::new(ROOMY), 20.0);
    for at in (NOON..NOON + 2 * MINUTE + 10 * SECOND).step_by(1000) {
        desk.take(second(2, at, &mut level));
        desk.write(at + SECOND);
        let wanted = desk.kept.len() / 2;
        assert_eq!(desk.ask(1, NOON, at + MINUTE, 10_000).points.len(), wanted, "at {at}");
    }
}

#[test]
fn thinning_keeps_every_extreme() {
    fastrand::seed(5);
    let mut desk = Desk::new(ROOMY);
    let (low, high) = (NOON + 7 * MINUTE + 321, NOON + 29 * MINUTE + 456);
    for at in (NOON..NOON + 40 * MINUTE).step_by(500) {
        desk.take(vec![reading(0, at, f64::from(fastrand::i32(200..300)))]);
        if at == NOON + 7 * MINUTE || at == NOON + 29 * MINUTE {
            desk.take(vec![reading(0, low, -7.5), reading(0, high, 4095.0)]);
        }
        if at % 1000 == 0 {
            desk.write(at + SECOND);
        }
    }
    for points in [2, 3, 7, 60, 600, 2399, 10_000] {
        let series = desk.ask(0, NOON, NOON + 40 * MINUTE, points);
        assert!(series.points.len() <= usize::from(points));
        assert!(series.points.is_sorted_by_key(|point| point.at_ms));
        assert_eq!(series.points.iter().map(|p| p.min).fold(f32::MAX, f32::min), -7.5, "{points}");
        assert_eq!(series.points.iter().map(|p| p.max).fold(f32::MIN, f32::max), 4095.0, "{points}");
        let all = desk.wanted(0, NOON, NOON + 40 * MINUTE);
        let has = |at: i64| series.points.iter().rfind(|p| p.at_ms <= at).expect("there");
        for point in all {
            assert!(has(point.at_ms).min <= point.min && has(point.at_ms).max >= point.max);
        }
    }
}

#[test]
fn a_span_without_readings_or_of_strangers_is_empty() {
    let mut desk = Desk::new(ROOMY);
    desk.take(vec![reading(0, NOON, 1.0)]);
    desk.write(NOON + SECOND);
    desk.write(NOON + 5 * MINUTE);
    assert!(desk.ask(7, NOON, NOON + HOUR, 100).points.is_empty());
    assert!(desk.ask(0, NOON + 1, NOON + HOUR, 100).points.is_empty());
    assert!(desk.ask(0, NOON - HOUR, NOON - 1, 100).points.is_empty());
    assert!(desk.ask(0, NOON + HOUR, NOON, 100).points.is_empty(), "a span that ends before it begins");
    assert_eq!(desk.ask(0, NOON, NOON, 2).points.len(), 1);
}

#[test]
fn a_jumping_clock_loses_nothing() {
    fastrand::seed(6);
    let (mut desk, mut level) = (Desk::new(ROOMY), 20.0);
    let mut now = NOON + 2 * HOUR;
    for _ in 0..1500 {
        now += match fastrand::u32(0..60) {
            0 => -fastrand::i64(0..20 * MINUTE),
            1 => fastrand::i64(0..20 * MINUTE),
            _ => SECOND,
        };
        let mut readings = second(2, now - SECOND, &mut level);
        if fastrand::u32(0..50) == 0 {
            readings[0].at_ms = NOON + fastrand::i64(0..6 * HOUR);
        }
        fastrand::shuffle(&mut readings);
        desk.take(readings);
        desk.write(now);
        if fastrand::u32(0..100) == 0 {
            desk.kill();
        }
    }
    let (first, last) = (desk.kept.iter().map(|r| r.at_ms).min(), desk.kept.iter().map(|r| r.at_ms).max());
    desk.check(2, first.expect("some"), last.expect("some"));
    let all = desk.ask(0, NOON - 100 * HOUR, NOON + 100 * HOUR, 2).points;
    assert_eq!(
        all.iter().map(|p| p.max).fold(f32::MIN, f32::max),
        desk.wanted(0, 0, i64::MAX).iter().map(|p| p.max).fold(f32::MIN, f32::max)
    );
}

#[test]
fn times_beyond_all_reason_are_kept_and_do_no_harm() {
    let mut desk = Desk::new(ROOMY);
    let readings = [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX].map(|at| reading(0, at, 1.0));
    desk.take(readings.to_vec());
    desk.take(vec![reading(0, NOON, f64::NAN), reading(0, NOON, f64::INFINITY), reading(0, NOON, 1e300)]);
    desk.write(NOON);
    desk.write(NOON + HOUR);
    desk.kill();
    assert_eq!(desk.count("tail"), 1, "nothing but the totals");
    assert_eq!(desk.ask(0, NOON, NOON, 2).points.iter().map(|p| p.max).collect::<Vec<_>>(), [f32::MAX]);
    assert_eq!(desk.ask(0, -1, 0, 2).points.len(), 2);
    desk.check_sums();
}

#[test]
fn more_readings_in_a_minute_than_a_block_holds_take_more_blocks() {
    let mut desk = Desk::new(ROOMY);
    desk.take((0..120_000).map(|n| reading(0, NOON + n / 2, n as f64)).collect());
    desk.write(NOON + MINUTE + GRACE_MS);
    let blocks: i64 = desk
        .connection
        .query_row("SELECT count(*) FROM block WHERE resolution = 0", [], |row| row.get(0))
        .expect("read");
    assert_eq!(blocks, 2);
    assert_eq!(desk.ask(0, NOON, NOON + MINUTE, 10_000).points.last().map(|p| p.max), Some(119_999.0));
    desk.check_sums();
}

#[test]
fn what_could_not_be_written_is_written_later() {
    fastrand::seed(7);
    let (mut desk, mut level) = (Desk::new(ROOMY), 20.0);
    let file = desk.folder.path().join("history.db");
    desk.take(second(2, NOON, &mut level));
    desk.write(NOON + SECOND);
    let other = connect(&file);
    other.execute_batch("BEGIN IMMEDIATE").expect("held");
    for at in (NOON + SECOND..NOON + 3 * MINUTE).step_by(1000) {
        desk.take(second(2, at, &mut level));
        desk.recorder.write(&mut desk.connection, at + SECOND, &ROOMY).expect_err("held by another");
    }
    // Also if the file is taken up again meanwhile.
    desk.recorder.load(&desk.connection).expect("read");
    other.execute_batch("COMMIT").expect("let go");
    desk.write(NOON + 3 * MINUTE);
    desk.check(2, NOON, NOON + 3 * MINUTE);
    assert_eq!(desk.recorder.lost(), 0);
}

#[test]
fn what_waits_is_bounded_and_what_is_lost_is_counted() {
    let mut recorder = Recorder::new();
    let many = (WAITING_BYTES / 4) as i64;
    recorder.take((0..many).map(|n| reading(0, NOON + n % MINUTE, 1e9)).collect());
    assert!(recorder.lost() > 0 && recorder.lost() < many as u64);
}

#[test]
fn old_blocks_go_when_their_time_is_over() {
    let budget = Budget { full_minutes: 5, second_hours: 1, minute_days: 1, ..ROOMY };
    let mut desk = Desk::new(budget);
    let oldest = |desk: &Desk, resolution: i64| {
        let sql = "SELECT min(start) FROM block WHERE resolution = ?1";
        desk.connection.query_row(sql, [resolution], |row| row.get::<_, Option<i64>>(0)).expect("read")
    };
    for at in (NOON..NOON + 30 * HOUR).step_by(20_000) {
        desk.take(vec![reading(0, at, 20.0), reading(1, at, 30.0)]);
        desk.write(at + SECOND);
        for (resolution, kept, span) in [(0, 5 * MINUTE, MINUTE), (1, HOUR, 5 * MINUTE), (2, 24 * HOUR, 4 * HOUR)] {
            let oldest = oldest(&desk, resolution).unwrap_or(at);
            assert!(oldest >= at - kept - 2 * span - MINUTE, "resolution {resolution}");
            assert!(oldest <= (at - kept).max(NOON + 2 * MINUTE), "resolution {resolution} goes too early");
        }
    }
    desk.check_sums();
    assert!(desk.extent().oldest_ms.expect("some") > NOON + HOUR);
}

#[test]
fn too_many_bytes_go_the_finest_and_oldest_first() {
    fastrand::seed(8);
    let (mut desk, mut level) = (Desk::new(Budget { history_bytes: 40_000, ..ROOMY }), 300.0);
    for at in (NOON..NOON + 3 * HOUR).step_by(2000) {
        desk.take(second(3, at, &mut level));
        desk.write(at + SECOND);
        if at % MINUTE == 8 * SECOND {
            assert!(desk.extent().bytes <= 40_000 + 3_000, "a minute more at most");
        }
    }
    desk.check_sums();
    assert_eq!(desk.ask(0, NOON, NOON + 3 * HOUR, 1000).resolution, Resolution::Minute);
    // All goes if nothing may stay, and the file gets smaller.
    let pages =
        |desk: &Desk| desk.connection.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0)).expect("read");
    let before = pages(&desk);
    desk.budget.history_bytes = 0;
    for minute in 1..10 {
        desk.write(NOON + 3 * HOUR + minute * MINUTE);
    }
    assert_eq!(desk.extent().bytes, 0);
    assert!(pages(&desk) < before / 2);
    desk.kill();
    assert_eq!((desk.extent().channels, desk.extent().oldest_ms), (0, None), "channels without anything are forgotten");
    desk.take(vec![reading(5, NOON + 4 * HOUR, 1.0)]);
    desk.write(NOON + 4 * HOUR + SECOND);
    assert_eq!(desk.ask(5, NOON + 4 * HOUR, NOON + 4 * HOUR, 2).points.len(), 1);
}

#[test]
fn a_clock_set_years_ahead_for_a_minute_does_not_wipe_out_history() {
    let mut desk = Desk::new(Budget::default());
    for at in (NOON..NOON + 50 * MINUTE).step_by(10_000) {
        desk.take(vec![reading(0, at, 20.0)]);
        desk.write(at + SECOND);
    }
    let before = desk.ask(0, NOON, NOON + HOUR, 10_000).points.len();
    desk.write(NOON + 50 * 365 * 24 * HOUR);
    desk.write(NOON + 50 * MINUTE + 2 * SECOND);
    let after = desk.ask(0, NOON + 5 * MINUTE, NOON + HOUR, 10_000).points.len();
    assert!(after >= before - 30 - 6, "{after} of {before}");
}

#[test]
fn damaged_rows_cost_themselves_only() {
    fastrand::seed(9);
    let (mut desk, mut level) = (Desk::new(ROOMY), 300.0);
    for at in (NOON..NOON + 6 * MINUTE).step_by(1000) {
        desk.take(second(1, at, &mut level));
        desk.write(at + SECOND);
    }
    let damage = |sql: &str| assert!(desk.connection.execute(sql, []).expect("damaged") > 0);
    damage(&format!("UPDATE block SET data = x'01ff' WHERE resolution = 0 AND start = {}", NOON + 2 * MINUTE));
    damage("UPDATE block SET n = -5 WHERE resolution = 1");
    damage("UPDATE tail SET data = x'0200' WHERE seq = 0");
    damage("UPDATE tail SET data = x'01' WHERE seq = (SELECT max(seq) FROM tail)");
    desk.kill();
    let left = desk.ask(0, NOON, NOON + 6 * MINUTE, 10_000).points.len();
    assert_eq!(left, 5 * 240 - 4);
    desk.take(second(1, NOON + 6 * MINUTE, &mut level));
    desk.write(NOON + 8 * MINUTE);
    assert_eq!(desk.ask(0, NOON, NOON + 8 * MINUTE, 10_000).points.len(), left + 4);
    desk.check_sums();
}

/// One thing that happens to a recorder.
#[derive(Clone, Debug)]
enum Op {
    Take(Vec<(u8, i32, i16)>),
    Write,
    Pass(i32),
    Kill,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => proptest::collection::vec((0..4_u8, -3000..3000_i32, any::<i16>()), 0..12).prop_map(Op::Take),
        4 => Just(Op::Write),
        4 => (0..40_000_i32).prop_map(Op::Pass),
        1 => (-400_000..400_000_i32).prop_map(Op::Pass),
        1 => Just(Op::Kill),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_story_ends_with_what_was_written(story in proptest::collection::vec(op(), 0..80)) {
        let (mut desk, mut now) = (Desk::new(ROOMY), NOON);
        for op in story {
            match op {
                Op::Take(some) => desk.take(some.into_iter().map(|(channel, ms, value)| {
                    reading(u32::from(channel), now + i64::from(ms), f64::from(value) / 100.0)
                }).collect()),
                Op::Write => drop(desk.write(now)),
                Op::Pass(ms) => now += i64::from(ms),
                Op::Kill => desk.kill(),
            }
        }
        let times = || desk.kept.iter().map(|reading| reading.at_ms);
        if let (Some(first), Some(last)) = (times().min(), times().max()) {
            desk.check(4, first, last);
        }
    }
}
