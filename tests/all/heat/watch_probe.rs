//! When a source turns on, again, worse and off.

use std::sync::Arc;
use std::time::Duration;

use hearthlight::heat::watch::{Edge, Turn, Watch};
use hearthlight::model::alarms::rule::{ChannelUnit, Compare, RuleId, Source};
use hearthlight::model::sensors::DeviceId;
use hearthlight::units::moment::Moment;

use super::watch::{HOTTEST, at, channel, program, room, rule, source, turns, watch};

const S: fn(u64) -> Duration = Duration::from_secs;

/// A source of a plain channel.
fn plain(threshold: f64) -> Source {
    source(channel("T", ChannelUnit::Raw), threshold)
}

/// Feeds values one second apart from second `from` on.
fn feed(watch: &mut Watch, from: u64, values: &[f64]) -> Vec<Edge> {
    let mut out = Vec::new();
    for (value, s) in values.iter().zip(from..) {
        watch.reading(0, "T", *value, at(s * 1000), &mut out);
    }
    out
}

/// What turned, and at which second.
fn story(source: Source, values: &[f64]) -> Vec<(Turn, u64)> {
    let told = feed(&mut watch(vec![rule("r", vec![source])]), 0, values);
    told.iter().map(|edge| (edge.turn, edge.at.0 / 1_000_000_000)).collect()
}

#[test]
fn hysteresis_keeps_it_on_until_the_value_is_past_it() {
    let source = Source { hysteresis: 3.0, ..plain(40.0) };
    assert_eq!(
        story(source, &[39.9, 40.0, 38.0, 37.0, 36.9, 38.0, 40.0]),
        [(Turn::On, 1), (Turn::Off, 4), (Turn::On, 6)]
    );
    let low = Source { compare: Compare::AtMost, hysteresis: 3.0, ..plain(10.0) };
    assert_eq!(story(low, &[10.1, 10.0, 13.0, 13.1]), [(Turn::On, 1), (Turn::Off, 3)]);
}

#[test]
fn it_comes_on_after_readings_in_a_row_and_after_a_time() {
    let three = Source { hold_readings: 3, ..plain(40.0) };
    assert_eq!(story(three.clone(), &[41.0, 41.0, 0.0, 41.0, 41.0, 41.0]), [(Turn::On, 5)]);
    let timed = Source { hold_on: S(4), ..plain(40.0) };
    assert_eq!(story(timed, &[41.0, 0.0, 41.0, 41.0, 41.0, 41.0, 41.0]), [(Turn::On, 6)]);
    let both = Source { hold_on: S(1), ..three };
    assert_eq!(story(both, &[41.0; 5]), [(Turn::On, 2)]);
}

#[test]
fn what_hysteresis_holds_counts_but_does_not_turn_it_on() {
    let source = Source { hold_readings: 2, hysteresis: 3.0, ..plain(40.0) };
    assert_eq!(story(source, &[40.0, 38.0, 38.0, 40.5]), [(Turn::On, 3)]);
}

#[test]
fn it_goes_off_by_evidence_after_its_hold_off() {
    let source = Source { hold_off: S(3), ..plain(40.0) };
    assert_eq!(story(source.clone(), &[50.0, 0.0, 0.0, 0.0, 0.0]), [(Turn::On, 0), (Turn::Off, 4)]);
    let at_once = Source { hold_off: S(0), ..source.clone() };
    assert_eq!(story(at_once, &[50.0, 0.0]), [(Turn::On, 0), (Turn::Off, 1)]);
    let mut slow = watch(vec![rule("r", vec![source])]);
    let mut out = Vec::new();
    for (s, value) in [(0, 50.0), (4, 0.0), (60, 0.0)] {
        slow.reading(0, "T", value, at(s * 1000), &mut out);
    }
    assert_eq!((turns(&out), out[1].at, out[1].value), (vec![Turn::On, Turn::Off], at(60_000), 0.0));
}

#[test]
fn a_true_reading_breaks_the_hold_off() {
    let source = Source { hold_off: S(3), hold_readings: 2, ..plain(40.0) };
    let values = [50.0, 50.0, 0.0, 0.0, 50.0, 0.0, 0.0, 0.0, 50.0, 50.0, 0.0, 0.0, 0.0, 0.0];
    assert_eq!(story(source, &values), [(Turn::On, 1), (Turn::Again, 9), (Turn::Off, 13)]);
}

#[test]
fn two_hundred_crossings_are_one_on_and_the_rest_again() {
    let mut watch = watch(vec![rule("r", vec![Source { hold_off: S(10), hysteresis: 3.0, ..plain(40.0) }])]);
    let mut out = Vec::new();
    for i in 0..400_u64 {
        watch.reading(0, "T", if i % 2 == 0 { 41.0 } else { 36.0 }, at(i * 150), &mut out);
    }
    let count = |turn| out.iter().filter(|edge| edge.turn == turn).count();
    assert_eq!((count(Turn::On), count(Turn::Again), out.len()), (1, 199, 200));
}

#[test]
fn worse_is_told_in_marked_steps() {
    let source = Source { hold_off: S(10), ..plain(40.0) };
    assert_eq!(
        story(source.clone(), &[40.0, 40.9, 41.0, 41.9, 41.0, 42.0]),
        [(Turn::On, 0), (Turn::Worse, 2), (Turn::Worse, 5)]
    );
    assert_eq!(story(source.clone(), &[200.0, 203.9, 204.0, 207.0]), [(Turn::On, 0), (Turn::Worse, 2)], "2 %");
    assert_eq!(story(source, &[60.0, 20.0, 50.0, 60.5, 61.5]), [(Turn::On, 0), (Turn::Again, 2), (Turn::Worse, 4)]);
    let low = Source { compare: Compare::AtMost, ..plain(10.0) };
    assert_eq!(story(low, &[10.0, 9.5, 9.0]), [(Turn::On, 0), (Turn::Worse, 2)]);
}

#[test]
fn worse_is_told_at_most_once_a_second() {
    let mut watch = watch(vec![rule("r", vec![plain(40.0)])]);
    let mut out = Vec::new();
    (0..=50_u64).for_each(|i| watch.reading(0, "T", 40.0 + i as f64 * 5.0, at(i * 100), &mut out));
    assert_eq!(turns(&out), [Turn::On, Turn::Worse, Turn::Worse, Turn::Worse, Turn::Worse, Turn::Worse]);
    assert!(out.windows(2).all(|pair| pair[1].at.since(pair[0].at) >= S(1)));
}

#[test]
fn what_is_no_number_is_no_reading() {
    let source = Source { hold_readings: 2, ..plain(40.0) };
    let values = [41.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 41.0, f64::NAN, f64::NEG_INFINITY];
    assert_eq!(story(source, &values), [(Turn::On, 4)]);
}

#[test]
fn many_readings_at_one_moment_are_in_order() {
    let source = Source { hold_readings: 2, hold_off: S(0), ..plain(40.0) };
    let mut watch = watch(vec![rule("r", vec![source])]);
    let mut out = Vec::new();
    [41.0, 42.0, 0.0, 41.0, 41.0].iter().for_each(|&v| watch.reading(0, "T", v, Moment::ZERO, &mut out));
    assert_eq!(turns(&out), [Turn::On, Turn::Off, Turn::On]);
}

#[test]
fn it_stays_on_through_a_change_of_rules_and_goes_off_by_the_new_threshold() {
    let at_threshold = |threshold| program(vec![rule("r", vec![Source { hold_off: S(2), ..plain(threshold) }])]);
    let mut watch = Watch::new(DeviceId::new("hall"), &at_threshold(40.0), &[], None, Moment::ZERO);
    assert_eq!(turns(&feed(&mut watch, 0, &[50.0])), [Turn::On]);
    watch.follow(&at_threshold(60.0));
    let told = feed(&mut watch, 1, &[55.0, 55.0, 55.0]);
    assert_eq!((turns(&told), told[0].threshold, told[0].at), (vec![Turn::Off], 60.0, at(3000)));
    watch.follow(&at_threshold(40.0));
    assert_eq!(turns(&feed(&mut watch, 4, &[55.0])), [Turn::On]);
}

#[test]
fn another_input_in_its_place_stays_on_until_it_says_otherwise() {
    let first = program(vec![rule("r", vec![plain(40.0)])]);
    let second = program(vec![rule("r", vec![source(HOTTEST, 40.0)])]);
    let mut watch = Watch::new(DeviceId::new("hall"), &first, &[], None, Moment::ZERO);
    feed(&mut watch, 0, &[50.0]);
    watch.follow(&second);
    let mut out = feed(&mut watch, 1, &[0.0]);
    watch.frame(&room(&[(0, 41.0)], 2000), &mut out);
    assert!(out.is_empty(), "still on: {out:?}");
    watch.frame(&room(&[], 3000), &mut out);
    assert_eq!(turns(&out), [Turn::Off]);
}

#[test]
fn a_source_that_is_gone_is_forgotten() {
    let with = program(vec![rule("r", vec![plain(40.0)])]);
    let mut watch = Watch::new(DeviceId::new("hall"), &with, &[], None, Moment::ZERO);
    feed(&mut watch, 0, &[50.0]);
    watch.follow(&program(Vec::new()));
    assert!(feed(&mut watch, 1, &[50.0, 0.0]).is_empty());
    watch.follow(&with);
    assert_eq!(turns(&feed(&mut watch, 3, &[50.0])), [Turn::On]);
}

#[test]
fn the_same_program_changes_nothing() {
    let program = program(vec![rule("r", vec![Source { hold_readings: 2, ..plain(40.0) }])]);
    let mut watch = Watch::new(DeviceId::new("hall"), &program, &[], None, Moment::ZERO);
    feed(&mut watch, 0, &[50.0]);
    watch.follow(&Arc::clone(&program));
    assert_eq!(turns(&feed(&mut watch, 1, &[50.0])), [Turn::On]);
}

#[test]
fn what_was_on_before_a_restart_goes_off_by_evidence_only() {
    let source = Source { hold_off: S(2), hysteresis: 3.0, ..plain(40.0) };
    let program = program(vec![rule("a", vec![source.clone()]), rule("b", vec![source])]);
    let on = [(RuleId::new("a"), 0)];
    let begin = || Watch::new(DeviceId::new("hall"), &program, &on, None, at(500));
    let told = feed(&mut begin(), 1, &[0.0, 0.0, 0.0]);
    assert_eq!((turns(&told), told[0].rule.as_str(), told[0].at), (vec![Turn::Off], "a", at(3000)));
    let told = feed(&mut begin(), 1, &[38.0, 50.0, 50.0]);
    assert_eq!((turns(&told), told[0].rule.as_str()), (vec![Turn::On], "b"), "a is on already");
    let told = feed(&mut begin(), 1, &[0.0, 50.0]);
    assert_eq!(turns(&told), [Turn::Again, Turn::On]);
}
