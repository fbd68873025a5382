//! What each input of a rule reads, and from what.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hearthlight::heat::watch::measure::{Facts, Measured, effective, measure, unit, words};
use hearthlight::heat::watch::{Edge, Program, Turn, Watch};
use hearthlight::model::alarms::rule::{ChannelUnit, Compare, Input, Rule, RuleId, Scope, Source};
use hearthlight::model::learned::{Baseline, Learned, Rest};
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::ThermalFrame;
use hearthlight::units::grid::{Patch, Size};
use hearthlight::units::moment::Moment;
use proptest::prelude::*;

use super::frame_of;
use crate::nouns;

pub const HOTTEST: Input = Input::Hottest { area: None };

/// A source that is on from the first reading at its threshold, and off at the first below.
pub fn source(input: Input, threshold: f64) -> Source {
    Source { name: "It".into(), weight: 0.5, ..nouns::source(input, threshold) }
}

pub fn rule(id: &str, sources: Vec<Source>) -> Rule {
    Rule { name: "Rule".into(), ..nouns::rule(id, sources) }
}

pub fn program(rules: Vec<Rule>) -> Arc<Program> {
    Arc::new(Program { revision: 1, rules: rules.into_iter().map(Arc::new).collect() })
}

pub fn watch(rules: Vec<Rule>) -> Watch {
    Watch::new(DeviceId::new("hall"), &program(rules), &[], None, Moment::ZERO)
}

pub const fn at(ms: u64) -> Moment {
    Moment::from_millis(ms)
}

/// A measured frame of `cols` columns.
pub fn frame(cols: u16, celsius: &[f32], ms: u64) -> ThermalFrame {
    let mut frame = frame_of(cols, celsius.len() as u16 / cols, celsius);
    frame.at = at(ms);
    frame.measure();
    frame
}

/// A 4 x 4 room at 20 C but for these cells.
pub fn room(warm: &[(usize, f32)], ms: u64) -> ThermalFrame {
    let mut celsius = [20.0; 16];
    warm.iter().for_each(|&(cell, value)| celsius[cell] = value);
    frame(4, &celsius, ms)
}

pub fn channel(key: &str, unit: ChannelUnit) -> Input {
    Input::Channel { key: key.into(), unit }
}

pub fn above_rest(key: &str) -> Input {
    Input::AboveRest { key: key.into() }
}

pub fn turns(edges: &[Edge]) -> Vec<Turn> {
    edges.iter().map(|edge| edge.turn).collect()
}

fn seen(frame: &ThermalFrame, input: &Input) -> Option<Measured> {
    measure(input, &Facts { frame: Some(frame), ..Facts::default() })
}

fn patch(top: u16, left: u16, bottom: u16, right: u16) -> Patch {
    Patch { top, left, bottom, right }
}

fn plain(value: f64, cell: (u16, u16)) -> Option<Measured> {
    Some(Measured { value, threshold_at_least: 0.0, cell: Some(cell) })
}

#[test]
fn the_hottest_cell_of_picture_and_area_with_its_place() {
    let frame = room(&[(6, 50.0), (13, 40.0)], 0);
    let area = |area| Input::Hottest { area: Some(area) };
    assert_eq!(seen(&frame, &HOTTEST), plain(50.0, (1, 2)));
    assert_eq!(seen(&frame, &area(patch(2, 0, 3, 3))), plain(40.0, (3, 1)));
    assert_eq!(seen(&frame, &area(patch(3, 1, 900, 900))), plain(40.0, (3, 1)), "clipped");
    assert_eq!(seen(&frame, &area(patch(4, 0, 9, 9))), None, "outside");
    assert_eq!(seen(&frame, &area(patch(0, 4, 9, 9))), None, "outside");
    assert_eq!(seen(&frame, &area(patch(2, 0, 1, 3))), None, "empty");
    assert_eq!(seen(&frame, &area(patch(0, 3, 3, 1))), None, "empty");
}

#[test]
fn a_broken_cell_has_no_value_anywhere() {
    let frame = room(&[(0, f32::NAN), (5, 30.0)], 0);
    assert_eq!(seen(&frame, &HOTTEST), plain(30.0, (1, 1)));
    assert_eq!(seen(&frame, &Input::Hottest { area: Some(patch(0, 0, 0, 0)) }), None);
    let against = |against| Input::Difference { area: patch(1, 1, 1, 1), against };
    assert_eq!(seen(&frame, &against(Some(patch(0, 0, 0, 1)))), plain(10.0, (1, 1)));
    assert_eq!(seen(&frame, &against(None)), plain(10.0, (1, 1)));
    assert_eq!(seen(&frame, &against(Some(patch(0, 0, 0, 0)))), None);
    assert_eq!(
        seen(&frame, &Input::HotCells { at_least: 0.0 }),
        Some(Measured { value: 15.0, ..plain(0.0, (1, 1)).unwrap() })
    );
}

#[test]
fn the_largest_group_counts_and_corners_do_not_join() {
    let frame = room(&[(0, 50.0), (1, 51.0), (6, 90.0), (11, 60.0), (15, 61.0), (14, 60.0)], 0);
    assert_eq!(
        seen(&frame, &Input::HotCells { at_least: 50.0 }),
        plain(3.0, (3, 3)).map(|m| Measured { value: 3.0, ..m })
    );
    let none = seen(&frame, &Input::HotCells { at_least: 91.0 });
    assert_eq!(none, Some(Measured { value: 0.0, threshold_at_least: 0.0, cell: None }));
    let edge = room(&[(3, 50.0), (4, 50.0)], 0);
    assert_eq!(
        seen(&edge, &Input::HotCells { at_least: 50.0 }).unwrap().value,
        1.0,
        "a row's end is no neighbour of the next"
    );
}

#[test]
fn an_area_against_another_and_against_the_rest() {
    let frame = room(&[(0, 44.0), (1, 32.0), (15, 24.0)], 0);
    let area = patch(0, 0, 0, 1);
    let rest = (13.0 * 20.0 + 24.0) / 14.0;
    let value = seen(&frame, &Input::Difference { area, against: None }).unwrap();
    assert!((value.value - (44.0 - rest)).abs() < 1e-9, "{value:?}");
    assert_eq!(value.cell, Some((0, 0)));
    let against = Some(patch(3, 2, 3, 3));
    assert_eq!(seen(&frame, &Input::Difference { area, against }), plain(22.0, (0, 0)));
    assert_eq!(seen(&frame, &Input::Difference { area: patch(0, 0, 9, 9), against: None }), None, "no rest");
}

#[test]
fn rise_needs_a_block_above_its_floor() {
    let facts = |frame, rise| Facts { frame: Some(frame), rise, ..Facts::default() };
    let warm = room(&[(5, 40.0), (6, 40.0), (9, 40.0), (10, 40.0)], 0);
    let rise = Input::Rise { floor: 38.0 };
    assert_eq!(measure(&rise, &facts(&warm, Some(9.0))), plain(9.0, (1, 1)));
    assert_eq!(measure(&rise, &facts(&warm, None)), None);
    let one_cell = room(&[(5, 80.0)], 0);
    assert_eq!(measure(&rise, &facts(&one_cell, Some(9.0))).unwrap().value, 0.0, "its block has a mean of 35 C");
    assert_eq!(measure(&rise, &facts(&one_cell, Some(-9.0))).unwrap().value, -9.0);
    assert_eq!(measure(&rise, &Facts { rise: Some(9.0), ..Facts::default() }), None, "no picture");
}

#[test]
fn a_single_row_and_a_single_cell_have_blocks_too() {
    let facts = |frame, rise| Facts { frame: Some(frame), rise, ..Facts::default() };
    let row = frame(3, &[20.0, 40.0, 50.0], 0);
    assert_eq!(measure(&Input::Rise { floor: 45.0 }, &facts(&row, Some(1.0))), plain(1.0, (0, 1)));
    let cell = frame(1, &[45.0], 0);
    assert_eq!(measure(&Input::Rise { floor: 45.0 }, &facts(&cell, Some(1.0))), plain(1.0, (0, 0)));
    let column = frame(1, &[20.0, 40.0, 50.0], 0);
    assert_eq!(measure(&Input::Rise { floor: 45.0 }, &facts(&column, Some(1.0))), plain(1.0, (1, 0)));
}

#[test]
fn channels_raw_in_percent_and_above_rest() {
    let channels = [("ADC1".into(), 819.0), ("MPY30".into(), 1.0)];
    let rest = |learning| Rest { median: 6.0, mad: 0.5, learning, samples: vec![6.0] };
    let learned = |learning| Learned { rests: BTreeMap::from([("ADC1".into(), rest(learning))]), baseline: None };
    let (known, learning) = (learned(false), learned(true));
    let read = |input: &Input, learned| measure(input, &Facts { channels: &channels, learned, ..Facts::default() });
    let value = |value, threshold_at_least| Some(Measured { value, threshold_at_least, cell: None });
    assert_eq!(read(&channel("ADC1", ChannelUnit::Raw), None), value(819.0, 0.0));
    assert_eq!(read(&channel("ADC1", ChannelUnit::Percent), Some(&known)), value(20.0, 0.0));
    assert_eq!(read(&channel("ADC1", ChannelUnit::Percent), Some(&learning)), value(20.0, 11.0));
    assert_eq!(read(&channel("DIO", ChannelUnit::Raw), None), value(1.0, 0.0), "the same input under another name");
    assert_eq!(read(&channel("ADC9", ChannelUnit::Raw), None), None);
    assert_eq!(read(&above_rest("ADC1"), Some(&known)), value(14.0, 2.5));
    assert_eq!(read(&above_rest("ADC1"), Some(&learning)), None);
    assert_eq!(read(&above_rest("ADC1"), None), None);
}

#[test]
fn silence_counts_from_three_periods_on() {
    let facts = Facts { silent_s: Some(35.0), period_s: Some(20.0), ..Facts::default() };
    let value = measure(&Input::Silent, &facts).unwrap();
    assert_eq!((value.value, effective(Compare::AtLeast, 30.0, value.threshold_at_least)), (35.0, 60.0));
    assert_eq!(measure(&Input::Silent, &Facts::default()), None);
}

#[test]
fn what_is_unusual_is_a_group_that_stands_out() {
    let usual = |variance| Baseline {
        size: Size::new(4, 4).unwrap(),
        mean: vec![20.0; 16],
        variance: vec![variance; 16],
        seconds: 900.0,
        learning: false,
    };
    let learned = |baseline| Learned { rests: BTreeMap::new(), baseline: Some(Arc::new(baseline)) };
    let frame = room(&[(5, 23.5), (6, 24.5), (10, 23.1), (15, 90.0), (0, 23.0)], 0);
    let unusual = |baseline| {
        let learned = learned(baseline);
        measure(&Input::Unusual, &Facts { frame: Some(&frame), learned: Some(&learned), ..Facts::default() })
    };
    assert_eq!(unusual(usual(0.0)), plain(3.0, (1, 2)).map(|m| Measured { value: 3.0, ..m }), "3 K is not above 3 K");
    assert_eq!(unusual(usual(1.0)).unwrap(), Measured { value: 1.0, threshold_at_least: 0.0, cell: Some((1, 2)) });
    assert_eq!(unusual(usual(-1.0)).unwrap().value, 0.0, "cells that never had a value");
    assert_eq!(unusual(Baseline { learning: true, ..usual(0.0) }), None);
    assert_eq!(unusual(Baseline { size: Size::new(2, 8).unwrap(), ..usual(0.0) }), None, "another array");
}

#[test]
fn no_input_reads_anything_off_an_uncalibrated_frame() {
    let mut frame = room(&[(5, 90.0)], 0);
    frame.calibrated = false;
    assert_eq!(seen(&frame, &HOTTEST), None);
    let mut watch = watch(vec![rule("hot", vec![source(HOTTEST, 40.0)])]);
    let mut out = Vec::new();
    watch.frame(&frame, &mut out);
    watch.frame(&ThermalFrame::blank(), &mut out);
    assert_eq!((out.len(), watch.hot_cells(), watch.unusual(), watch.rise()), (0, None, None, None));
}

#[test]
fn a_watch_tells_rule_source_value_threshold_cell_and_time() {
    let cold = Source { enabled: false, ..source(HOTTEST, 0.0) };
    let mut watch = watch(vec![rule("hot", vec![cold, source(HOTTEST, 40.0)])]);
    let mut out = Vec::new();
    watch.frame(&room(&[(6, 41.5)], 700), &mut out);
    let told = Edge {
        rule: RuleId::new("hot"),
        source: 1,
        turn: Turn::On,
        value: 41.5,
        threshold: 40.0,
        cell: Some((1, 2)),
        at: at(700),
    };
    assert_eq!(out, [told]);
    assert_eq!(watch.hot_cells(), Some(1.0));
    assert_eq!(watch.device(), &DeviceId::new("hall"));
}

#[test]
fn hot_cells_are_counted_from_the_lowest_temperature_a_rule_asks_for() {
    let sources = vec![source(HOTTEST, 60.0), source(Input::HotCells { at_least: 30.0 }, 4.0)];
    let mut both = watch(vec![rule("hot", sources)]);
    both.frame(&room(&[(0, 30.0), (15, 45.0)], 0), &mut Vec::new());
    assert_eq!(both.hot_cells(), Some(2.0));
    let mut none = watch(Vec::new());
    none.frame(&room(&[(0, 30.0)], 0), &mut Vec::new());
    assert_eq!(none.hot_cells(), None, "nobody asks");
}

#[test]
fn rules_of_other_devices_and_disabled_ones_are_not_watched() {
    let elsewhere = Scope::Devices(BTreeSet::from([DeviceId::new("attic")]));
    let here = Scope::Devices(BTreeSet::from([DeviceId::new("hall")]));
    let hot = |id| rule(id, vec![source(HOTTEST, 40.0)]);
    let mut watch = watch(vec![
        Rule { scope: elsewhere, ..hot("elsewhere") },
        Rule { scope: here, ..hot("here") },
        Rule { enabled: false, ..hot("disabled") },
    ]);
    let mut out = Vec::new();
    watch.frame(&room(&[(0, 50.0)], 0), &mut out);
    assert_eq!(out.iter().map(|edge| edge.rule.as_str()).collect::<Vec<_>>(), ["here"]);
}

#[test]
fn the_two_names_of_the_flame_detector_feed_one_source() {
    let mut watch = watch(vec![rule("flame", vec![source(channel("DIO", ChannelUnit::Raw), 0.5)])]);
    let mut out = Vec::new();
    watch.reading(0, "MPY30", 1.0, at(0), &mut out);
    watch.reading(0, "MPY30", 0.0, at(1), &mut out);
    watch.reading(3, "ADC3", 1.0, at(2), &mut out);
    assert_eq!(turns(&out), [Turn::On, Turn::Off]);
}

#[test]
fn silence_is_told_and_its_end_too() {
    let mut watch = watch(vec![rule("no-data", vec![source(Input::Silent, 30.0)])]);
    let mut out = Vec::new();
    for (s, silent) in [(29, 29.0), (31, 31.0), (61, 61.0), (62, 0.5)] {
        watch.silent(silent, Some(20.0), at(s * 1000), &mut out);
    }
    assert_eq!(turns(&out), [Turn::On, Turn::Off]);
    assert_eq!((out[0].value, out[0].threshold), (61.0, 60.0));
}

/// The slope at the end of frames every `ms` whose hottest block is at `celsius(seconds)`.
fn slope(ms: u64, n: u64, celsius: impl Fn(f64) -> f64) -> Option<f64> {
    let mut watch = watch(Vec::new());
    for i in 0..n {
        let value = celsius((i * ms) as f64 / 1e3) as f32;
        watch.frame(&room(&[(0, value), (1, value), (4, value), (5, value)], i * ms), &mut Vec::new());
    }
    watch.rise()
}

#[test]
fn rise_is_the_slope_of_the_last_minute_at_any_rate() {
    let ramp = |s: f64| 30.0 + s * 12.0 / 60.0;
    for (ms, n) in [(4085, 20), (1000, 90), (250, 400), (62, 1000)] {
        let rise = slope(ms, n, ramp).unwrap();
        assert!((rise - 12.0).abs() < 0.3, "{rise} K/min at one frame in {ms} ms");
    }
    let old = slope(1000, 140, |s| if s < 70.0 { 25.0 + s } else { 95.0 }).unwrap();
    assert!(old.abs() < 1e-6, "what is over for a minute is forgotten: {old}");
}

#[test]
fn rise_waits_for_four_points_and_twenty_seconds() {
    let ramp = |s: f64| 30.0 + s;
    assert_eq!(slope(4085, 5, ramp), None, "16 s");
    assert!(slope(4085, 6, ramp).is_some(), "20 s");
    assert_eq!(slope(18_000, 3, ramp), None, "three points");
    assert!(slope(18_000, 4, ramp).is_some(), "54 s");
    assert_eq!(slope(31_000, 9, ramp), None, "never four within a minute");
}

#[test]
fn units_and_words_of_inputs() {
    let area = patch(0, 0, 1, 1);
    let all = [
        (HOTTEST, "C", "hottest cell"),
        (Input::Hottest { area: Some(area) }, "C", "hottest cell of an area"),
        (Input::HotCells { at_least: 50.0 }, "cells", "connected cells at 50 °C or above"),
        (Input::Rise { floor: 38.0 }, "K/min", "rise of the hottest block above 38 °C"),
        (Input::Difference { area, against: None }, "K", "hottest cell of an area above the rest"),
        (Input::Difference { area, against: Some(area) }, "K", "hottest cell of an area above another"),
        (Input::Unusual, "cells", "connected cells above the usual picture"),
        (channel("DIO", ChannelUnit::Raw), "", "DIO"),
        (channel("ADC1", ChannelUnit::Percent), "%", "ADC1"),
        (above_rest("ADC1"), "points", "ADC1 above rest"),
        (Input::Silent, "s", "silence"),
    ];
    for (input, of, said) in all {
        assert_eq!((unit(&input), words(&input)), (of, said.to_owned()));
    }
}

/// The largest group, by spreading the smallest name until nothing changes.
fn largest_by_names(cols: usize, hot: &[bool]) -> usize {
    let mut names: Vec<usize> = (0..hot.len()).collect();
    loop {
        let before = names.clone();
        for a in 0..hot.len() {
            for b in [a + 1, a + cols] {
                if b < hot.len() && (b == a + cols || b % cols > 0) && hot[a] && hot[b] {
                    let name = names[a].min(names[b]);
                    (names[a], names[b]) = (name, name);
                }
            }
        }
        if names == before {
            break;
        }
    }
    let size = |name| (0..hot.len()).filter(|&cell| hot[cell] && names[cell] == name).count();
    (0..hot.len()).map(size).max().unwrap_or(0)
}

proptest! {
    #[test]
    fn groups_are_those_of_a_slow_reckoning(hot in prop::collection::vec(any::<bool>(), 48), cols in prop::sample::select(vec![1_u16, 2, 6, 8, 48])) {
        let celsius: Vec<f32> = hot.iter().map(|&hot| if hot { 50.0 } else { 20.0 }).collect();
        let found = seen(&frame(cols, &celsius, 0), &Input::HotCells { at_least: 40.0 }).unwrap();
        prop_assert_eq!(found.value as usize, largest_by_names(usize::from(cols), &hot));
    }

    #[test]
    fn rise_is_that_of_the_normal_equations(celsius in prop::collection::vec(20.0_f32..90.0, 15..40)) {
        let mut watch = watch(Vec::new());
        for (i, &c) in celsius.iter().enumerate() {
            watch.frame(&frame(2, &[c; 4], i as u64 * 1500), &mut Vec::new());
        }
        let last = (celsius.len() - 1) as f64 * 1.5;
        let points: Vec<(f64, f64)> = celsius.iter().enumerate().map(|(i, &c)| (i as f64 * 1.5, f64::from(c)))
            .filter(|(t, _)| last - t <= 60.0).map(|(t, c)| (t / 60.0, c)).collect();
        let n = points.len() as f64;
        let sum = |f: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(f).sum::<f64>();
        let (t, y, ty, tt) = (sum(&|p| p.0), sum(&|p| p.1), sum(&|p| p.0 * p.1), sum(&|p| p.0 * p.0));
        let naive = (n * ty - t * y) / (n * tt - t * t);
        prop_assert!((watch.rise().unwrap() - naive).abs() < 1e-6, "{:?} {naive}", watch.rise());
    }
}
