//! Reports: the arithmetic of charts, episodes of alarms, limits, and the journal as files.

mod drawn;
mod incident;
mod snapshot;

use std::sync::Arc;

use hearthlight::model::alarms::alarm::AlarmId;
use hearthlight::model::alarms::journal::{Entry, What};
use hearthlight::model::alarms::rule::{Level, RuleId};
use hearthlight::model::history::Point;
use hearthlight::model::sensors::DeviceId;
use hearthlight::report::chart::{self, Axis};
use hearthlight::report::episodes::episodes;
use hearthlight::report::journal;
use hearthlight::report::limits::Unit;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

const MINUTE: i64 = 60_000;

fn point(at_ms: i64, value: f32) -> Point {
    Point { at_ms, min: value - 1.0, mean: value, max: value + 1.0 }
}

/// Checks that a page needs nothing from elsewhere.
fn stands_alone(html: &str) {
    for word in ["http://", "https://", "<script", "<link", "@import", "url("] {
        assert!(!html.contains(word), "{word} is in the page");
    }
    assert!(html.matches("src=").count() == html.matches("src=\"data:").count());
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("default-src 'none'"));
}

proptest! {
    #[test]
    fn an_axis_is_finite_and_its_mapping_monotone(a: f64, b: f64, least: f64, x in -2.0..2.0_f64, y in -2.0..2.0_f64) {
        let axis = Axis::new(a, b, least);
        prop_assert!(axis.low().is_finite() && axis.high().is_finite() && axis.low() < axis.high());
        let (low, high) = (x.min(y), x.max(y));
        prop_assert!(axis.at(low) <= axis.at(high));
        prop_assert!(axis.share(axis.low()) == 0.0 && axis.share(axis.high()) == 1.0);
    }

    #[test]
    fn ticks_of_values_ascend_inside_the_axis(low in -1e6..1e6_f64, width in 1e-3..1e6_f64, most in 1_usize..20) {
        let axis = Axis::new(low, low + width, 0.0);
        let ticks = chart::value_ticks(axis, most);
        prop_assert!(ticks.at.len() <= most + 1, "{ticks:?}");
        prop_assert!(ticks.at.is_sorted_by(|a, b| a < b), "{ticks:?}");
        prop_assert!(ticks.at.iter().all(|tick| (axis.low()..=axis.high()).contains(tick)));
        if most >= 3 {
            prop_assert!(!ticks.at.is_empty());
        }
        let written: std::collections::BTreeSet<_> =
            ticks.at.iter().map(|tick| format!("{tick:.*}", ticks.decimals)).collect();
        prop_assert_eq!(written.len(), ticks.at.len());
    }

    #[test]
    fn ticks_of_time_ascend_inside_the_span(
        from in 0..2_000_000_000_000_i64, width in 1..4_000_000_000_i64, most in 1_usize..20, hours in -12..=14_i64,
    ) {
        let ticks = chart::time_ticks(from, from + width, most, |_| hours * 60 * MINUTE);
        prop_assert!(ticks.at.len() <= most + 1, "{ticks:?}");
        prop_assert!(ticks.at.is_sorted_by(|a, b| a < b), "{ticks:?}");
        prop_assert!(ticks.at.iter().all(|tick| (from..=from + width).contains(tick)));
        prop_assert!(ticks.at.iter().all(|tick| (tick + hours * 60 * MINUTE) % ticks.step == 0));
    }

    #[test]
    fn thinning_keeps_extremes_and_order(values in prop::collection::vec(-100.0..100.0_f32, 1..400), columns in 1_usize..80) {
        let points: Vec<_> = values.iter().enumerate().map(|(i, v)| point(i as i64 * 700, *v)).collect();
        let to = points.len() as i64 * 700;
        let thin = chart::thin(&points, 0, to, columns);
        prop_assert!(thin.len() <= columns && !thin.is_empty());
        prop_assert!(thin.is_sorted_by(|a, b| a.at_ms < b.at_ms));
        let ends = |points: &[Point]| {
            points.iter().fold((f32::MAX, f32::MIN), |(low, high), p| (low.min(p.min), high.max(p.max)))
        };
        prop_assert_eq!(ends(&points), ends(&thin));
        prop_assert!(thin.iter().all(|p| p.min <= p.mean && p.mean <= p.max));
    }

    #[test]
    fn runs_cover_every_point_once(steps in prop::collection::vec(1..100_000_i64, 0..100)) {
        let mut at = 0;
        let points: Vec<_> = steps.iter().map(|step| { at += step; point(at, 0.0) }).collect();
        let covered: Vec<usize> = chart::runs(&points).into_iter().flatten().collect();
        prop_assert_eq!(covered, (0..points.len()).collect::<Vec<_>>());
    }
}

#[test]
fn ticks_are_where_people_look_for_them() {
    let ticks = chart::value_ticks(Axis::new(21.0, 44.0, 0.0), 5);
    assert_eq!((ticks.at, ticks.decimals), (vec![25.0, 30.0, 35.0, 40.0], 0));
    assert_eq!(chart::value_ticks(Axis::new(0.0, 0.7, 0.0), 4).decimals, 1);
    let ten = chart::time_ticks(30_000, 10 * MINUTE + 30_000, 5, |_| 0);
    assert_eq!((ten.step, ten.pattern()), (5 * MINUTE, "%H:%M"));
    assert_eq!(ten.at, [5 * MINUTE, 10 * MINUTE]);
    let month = chart::time_ticks(0, 30 * 1_440 * MINUTE, 8, |_| 0);
    assert_eq!((month.step, month.pattern()), (5 * 1_440 * MINUTE, "%d %b"));
}

#[test]
fn days_begin_at_midnight_although_clocks_are_put_back() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let from: Timestamp = "2026-10-23T12:00:00Z".parse().unwrap();
    let to: Timestamp = "2026-10-27T12:00:00Z".parse().unwrap();
    let offset = |ms| i64::from(zone.to_offset(Timestamp::from_millisecond(ms).unwrap()).seconds()) * 1_000;
    let ticks = chart::time_ticks(from.as_millisecond(), to.as_millisecond(), 5, offset);
    for tick in &ticks.at {
        let local = Timestamp::from_millisecond(*tick).unwrap().to_zoned(zone.clone());
        assert_eq!((local.hour(), local.minute()), (0, 0), "{local}");
    }
    assert_eq!(ticks.at.len(), 4);
}

#[test]
fn a_line_is_broken_where_nothing_was_heard() {
    let at = [0, 1_000, 2_000, 60_000, 61_000];
    let points: Vec<_> = at.map(|at| point(at, 20.0)).to_vec();
    assert_eq!(chart::runs(&points), [0..3, 3..5]);
    assert!(chart::runs(&[]).is_empty());
    assert_eq!(chart::runs(&points[..1]).first(), Some(&(0..1)));
}

#[test]
fn the_nearest_point_is_found() {
    let points: Vec<_> = [0, 1_000, 2_000].map(|at| point(at, 20.0)).to_vec();
    let near = [-5, 400, 600, 9_000].map(|at| chart::nearest(&points, at));
    assert_eq!(near, [Some(0), Some(0), Some(1), Some(2)]);
    assert_eq!(chart::nearest(&[], 0), None);
}

#[test]
fn percent_is_of_a_twelve_bit_converter() {
    assert_eq!(Unit::of("ADC1").value(4095.0), 100.0);
    assert_eq!((Unit::of("hottest"), Unit::of("DIO")), (Unit::Degrees, Unit::Plain));
}

pub(crate) fn entry(seq: u64, what: What, alarm: &str, level: Level) -> Entry {
    Entry {
        seq,
        at: Timestamp::from_second(1_790_000_000 + seq as i64).unwrap(),
        what,
        alarm: Some(AlarmId(alarm.into())),
        rule: Some(RuleId::new("hot")),
        device: Some(DeviceId::new("bench")),
        location: Some("bench".into()),
        level: Some(level),
        by: "Ana".into(),
        test: false,
        text: format!("{} {seq}", what.label()),
        reasons: Vec::new(),
        still: None,
    }
}

#[test]
fn entries_become_episodes() {
    let story = [
        entry(1, What::Cleared, "old", Level::Notice),
        entry(2, What::Raised, "a", Level::Warning),
        entry(3, What::Raised, "b", Level::Notice),
        entry(4, What::Worse, "a", Level::Danger),
        entry(5, What::Acknowledged, "a", Level::Danger),
        entry(6, What::Cleared, "a", Level::Danger),
        entry(7, What::Raised, "a", Level::Warning),
    ];
    let newest_first: Vec<_> = story.iter().rev().cloned().collect();
    let all = episodes(&newest_first);
    let told: Vec<_> = all.iter().map(|e| (e.alarm.as_str(), e.level, e.seq, e.to.is_some())).collect();
    let (w, d, n) = (Level::Warning, Level::Danger, Level::Notice);
    assert_eq!(told, [("a", w, 7, false), ("b", n, 3, false), ("a", d, 2, true), ("old", n, 0, true)]);
    assert_eq!(all[2].acknowledged.as_ref().map(|noted| Arc::clone(&noted.by)), Some("Ana".into()));
    assert!(all[0].acknowledged.is_none() && all[3].from.is_none());
}

#[test]
fn the_journal_as_csv_quotes_what_it_must() {
    let mut entry = entry(7, What::Acknowledged, "hot--bench", Level::Danger);
    entry.text = "said \"yes\", then left".to_owned();
    entry.by = "=Ana".into();
    let csv = journal::csv(&[entry.clone()], &TimeZone::UTC);
    let mut lines = csv.split("\r\n");
    assert_eq!(lines.next(), Some("number,time,what,level,rule,alarm,device,location,by,test,text"));
    let row = "7,2026-09-21T14:13:27.000+00:00,acknowledged,danger,hot,hot--bench,bench,bench,\"'=Ana\",false,\
               \"said \"\"yes\"\", then left\"";
    assert_eq!(lines.next(), Some(row));
    let read: Vec<Entry> = serde_json::from_str(&journal::json(&[entry.clone()])).unwrap();
    assert_eq!(read, [entry]);
}
