//! What is learned, how, and when not.

use std::sync::Arc;
use std::time::Duration;

use hearthlight::heat::watch::{Edge, Turn, Watch};
use hearthlight::model::alarms::rule::{ChannelUnit, Input, Rule, RuleId, Source};
use hearthlight::model::learned::{Learned, Rest};
use hearthlight::model::sensors::DeviceId;
use hearthlight::units::moment::Moment;
use proptest::prelude::*;

use super::watch::{HOTTEST, above_rest, at, channel, frame, program, room, rule, source, turns, watch};

/// Raw counts at so many percent.
fn counts(percent: f64) -> f64 {
    percent * 40.95
}

/// Reads `percent` off ADC1 every 4 s over `s` seconds from second `from` on.
fn read(watch: &mut Watch, from: u64, s: u64, percent: f64) -> Vec<Edge> {
    let mut out = Vec::new();
    for s in (from..from + s).step_by(4) {
        watch.reading(0, "ADC1", counts(percent), at(s * 1000), &mut out);
    }
    out
}

/// What is known at second `s`; the watch must have learned something since it told last.
fn known(watch: &mut Watch, s: u64) -> Arc<Learned> {
    watch.publish(at(s * 1000)).expect("something was learned")
}

fn rest(watch: &mut Watch, s: u64) -> Rest {
    known(watch, s).rests.get("ADC1").cloned().expect("ADC1 is analogue")
}

fn middle(values: &[f32]) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f32::total_cmp);
    let n = sorted.len();
    if n % 2 == 1 { sorted[n / 2] } else { (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0 }
}

proptest! {
    #[test]
    fn rest_is_median_and_mad_of_ten_second_means(readings in prop::collection::vec((1_u64..25_000, 0.0_f64..4096.0), 20..900)) {
        let mut watch = watch(Vec::new());
        let (mut ms, mut read) = (0, Vec::new());
        for (step, value) in readings {
            ms += step;
            watch.reading(0, "ADC1", value, at(ms), &mut Vec::new());
            read.push((ms, value / 40.95));
        }
        let first = read[0].0;
        let bucket = |ms: u64| (ms - first) / 10_000;
        let mut samples: Vec<f32> = Vec::new();
        for of in read.chunk_by(|a, b| bucket(a.0) == bucket(b.0)) {
            samples.push((of.iter().map(|(_, percent)| percent).sum::<f64>() / of.len() as f64) as f32);
        }
        samples.pop();
        prop_assume!(!samples.is_empty());
        let n = samples.len();
        samples.drain(..n.saturating_sub(180));
        let rest = rest(&mut watch, ms / 1000 + 61);
        let median = middle(&samples);
        let mad = middle(&samples.iter().map(|sample| (sample - median).abs()).collect::<Vec<_>>());
        prop_assert_eq!(rest.samples.len(), samples.len());
        prop_assert!(rest.samples.iter().zip(&samples).all(|(a, b)| (a - b).abs() < 1e-4));
        prop_assert!((rest.median - median).abs() < 1e-4 && (rest.mad - mad).abs() < 1e-4);
        prop_assert_eq!(rest.learning, n < 30);
    }

    #[test]
    fn at_first_the_usual_picture_is_plain_mean_and_variance(
        frames in prop::collection::vec(prop::array::uniform4(15.0_f32..35.0), 2..74),
    ) {
        let mut watch = watch(Vec::new());
        for (i, celsius) in frames.iter().enumerate() {
            watch.frame(&frame(2, celsius, i as u64 * 4000), &mut Vec::new());
        }
        let baseline = known(&mut watch, 4 * frames.len() as u64 + 61).baseline.clone().expect("an array");
        for cell in 0..4 {
            let n = frames.len() as f64;
            let mean = frames.iter().map(|f| f64::from(f[cell])).sum::<f64>() / n;
            let variance = frames.iter().map(|f| (f64::from(f[cell]) - mean).powi(2)).sum::<f64>() / n;
            prop_assert!((f64::from(baseline.mean[cell]) - mean).abs() < 1e-3);
            prop_assert!((f64::from(baseline.variance[cell]) - variance).abs() < 1e-2);
        }
    }
}

#[test]
fn later_the_usual_picture_forgets_with_its_time_constant() {
    let mut watch = watch(Vec::new());
    (0..3000_u64).for_each(|s| watch.frame(&frame(2, &[20.0; 4], s * 1000), &mut Vec::new()));
    (3000..3600_u64).for_each(|s| watch.frame(&frame(2, &[22.0; 4], s * 1000), &mut Vec::new()));
    let baseline = known(&mut watch, 3700).baseline.clone().unwrap();
    let expected = 22.0 - 2.0 * (-1.0_f32).exp();
    assert!((baseline.mean[0] - expected).abs() < 0.01, "{} is not {expected}", baseline.mean[0]);
}

#[test]
fn a_rest_level_is_known_after_five_minutes() {
    let mut watch = watch(vec![rule("smoke", vec![source(above_rest("ADC1"), 10.0)])]);
    assert!(read(&mut watch, 0, 300, 32.0).is_empty());
    assert!(rest(&mut watch, 300).learning);
    assert!(read(&mut watch, 300, 8, 32.0).is_empty());
    let known = rest(&mut watch, 301);
    assert!((known.median - 32.0).abs() < 1e-3 && known.mad < 1e-3 && !known.learning, "{known:?}");
    assert!(read(&mut watch, 308, 8, 41.9).is_empty());
    let told = read(&mut watch, 316, 4, 42.5);
    assert_eq!((turns(&told), told[0].threshold), (vec![Turn::On], 10.0));
    assert!((told[0].value - 10.5).abs() < 0.01);
}

#[test]
fn a_noisy_channel_must_exceed_its_noise() {
    let noisy = Rest {
        median: 10.0,
        mad: 4.0,
        learning: false,
        samples: (0..60).map(|i| if i % 2 == 0 { 6.0 } else { 14.0 }).collect(),
    };
    let learned = Learned { rests: [("ADC1".into(), noisy)].into(), baseline: None };
    let rules = program(vec![rule("smoke", vec![source(above_rest("ADC1"), 10.0)])]);
    let mut watch = Watch::new(DeviceId::new("hall"), &rules, &[], Some(&learned), Moment::ZERO);
    assert!(read(&mut watch, 0, 4, 29.0).is_empty(), "19 points are less than five times 4");
    let told = read(&mut watch, 4, 4, 31.0);
    assert_eq!((turns(&told), told[0].threshold), (vec![Turn::On], 20.0));
}

#[test]
fn while_learning_a_threshold_near_the_present_level_does_not_count() {
    let of = |threshold| rule("flame", vec![source(channel("ADC1", ChannelUnit::Percent), threshold)]);
    let mut below = watch(vec![of(25.0)]);
    assert!(read(&mut below, 0, 300, 32.0).is_empty(), "it rests at 32 %");
    assert_eq!(
        turns(&read(&mut below, 300, 12, 32.0)),
        [Turn::On],
        "what the operator keeps counts when that is known"
    );
    let mut near = watch(vec![of(36.0)]);
    assert!(read(&mut near, 0, 60, 32.0).is_empty());
    assert!(read(&mut near, 60, 4, 50.0).is_empty());
    let mut well_above = watch(vec![of(37.5)]);
    assert!(read(&mut well_above, 0, 4, 32.0).is_empty());
    assert_eq!(turns(&read(&mut well_above, 4, 4, 38.0)), [Turn::On], "from the second reading on");
}

#[test]
fn nothing_is_learned_while_a_source_is_on() {
    let hot = source(HOTTEST, 40.0);
    let mut watch = watch(vec![rule("hot", vec![Source { hold_off: Duration::from_secs(10), ..hot }])]);
    let mut out = Vec::new();
    read(&mut watch, 0, 100, 6.0);
    (0..25_u64).for_each(|i| watch.frame(&room(&[], i * 4000), &mut out));
    let before = known(&mut watch, 100);
    watch.frame(&room(&[(0, 90.0)], 101_000), &mut out);
    assert_eq!(turns(&out), [Turn::On]);
    read(&mut watch, 102, 400, 60.0);
    (26..100_u64).for_each(|i| watch.frame(&room(&[(0, 90.0)], i * 4000), &mut out));
    assert_eq!(watch.publish(at(600_000)), None, "nothing new");
    [600, 620].into_iter().for_each(|s| watch.frame(&room(&[], s * 1000), &mut out));
    assert_eq!(turns(&out), [Turn::On, Turn::Off]);
    read(&mut watch, 620, 40, 6.0);
    let after = known(&mut watch, 700);
    assert!(after.rests["ADC1"].samples.iter().all(|sample| *sample < 7.0));
    assert_eq!(before.baseline.as_ref().unwrap().mean, after.baseline.as_ref().unwrap().mean);
}

#[test]
fn a_place_that_is_always_warm_is_learned_as_any_other() {
    let warm = |alone| Source { alone, ..source(HOTTEST, 40.0) };
    for (alone, min_sources, learns) in [(false, 2, true), (true, 2, false), (false, 1, false)] {
        let kiln = Rule { min_sources, ..rule("kiln", vec![warm(alone), Source { alone, ..source(HOTTEST, 90.0) }]) };
        let mut watch = watch(vec![kiln]);
        let mut out = Vec::new();
        watch.frame(&room(&[(3, 55.0)], 0), &mut out);
        assert_eq!(turns(&out), [Turn::On]);
        read(&mut watch, 1, 400, 6.0);
        let rest = watch.publish(at(401_000)).and_then(|known| known.rests.get("ADC1").cloned());
        assert_eq!(rest.is_some_and(|rest| !rest.learning), learns, "alone {alone}, {min_sources} sources");
    }
}

/// A watch of a room at 20 C whose usual picture is known, and the second at which it is.
fn familiar() -> (Watch, u64) {
    let unusual = Source { hold_readings: 3, ..source(Input::Unusual, 4.0) };
    let mut watch = watch(vec![rule("unusual", vec![unusual])]);
    let mut out = Vec::new();
    for i in 0..=75_u64 {
        assert_eq!(watch.unusual(), None, "learning");
        watch.frame(&room(&[], i * 4000), &mut out);
    }
    assert!(out.is_empty() && !known(&mut watch, 300).baseline.as_ref().unwrap().learning);
    (watch, 304)
}

#[test]
fn what_stands_out_of_the_usual_picture_is_told_and_not_learned() {
    let (mut watch, from) = familiar();
    let warm = [(5, 26.0), (6, 27.0), (9, 26.0), (10, 26.0)];
    let mut out = Vec::new();
    watch.frame(&room(&[], from * 1000), &mut out);
    assert_eq!(watch.unusual(), Some(0.0));
    (1..=600_u64).for_each(|i| watch.frame(&room(&warm, (from + 4 * i) * 1000), &mut out));
    assert_eq!(
        (turns(&out), out[0].value, out[0].cell, out[0].at),
        (vec![Turn::On], 4.0, Some((1, 2)), at((from + 12) * 1000))
    );
    assert_eq!(watch.unusual(), Some(4.0), "it does not become usual");
    watch.frame(&room(&[], (from + 3000) * 1000), &mut out);
    assert_eq!(turns(&out), [Turn::On, Turn::Off]);
}

#[test]
fn cells_that_stand_out_are_frozen_though_nothing_is_on() {
    let (mut watch, from) = familiar();
    for i in 0..600_u64 {
        watch.frame(&room(&[(0, 26.0), (15, 21.0)], (from + 4 * i) * 1000), &mut Vec::new());
    }
    let baseline = known(&mut watch, from + 2500).baseline.clone().unwrap();
    assert!((baseline.mean[0] - 20.0).abs() < 1e-3, "{}", baseline.mean[0]);
    assert!(baseline.mean[15] > 20.9, "a slow change becomes usual: {}", baseline.mean[15]);
}

#[test]
fn another_size_begins_anew() {
    let (mut watch, from) = familiar();
    watch.frame(&frame(2, &[20.0; 4], from * 1000), &mut Vec::new());
    assert_eq!(watch.unusual(), None);
    let baseline = known(&mut watch, from + 61).baseline.clone().unwrap();
    assert!(baseline.learning && baseline.mean.len() == 4);
}

#[test]
fn a_cell_that_gets_a_value_late_begins_with_it() {
    let mut watch = watch(Vec::new());
    (0..40_u64).for_each(|i| watch.frame(&room(&[(3, f32::NAN)], i * 4000), &mut Vec::new()));
    let before = known(&mut watch, 161).baseline.clone().unwrap();
    assert!(before.variance[3] < 0.0 && before.mean.iter().chain(&before.variance).all(|v| v.is_finite()));
    (40..90_u64).for_each(|i| watch.frame(&room(&[(3, 50.0)], i * 4000), &mut Vec::new()));
    let after = known(&mut watch, 400).baseline.clone().unwrap();
    assert_eq!((after.mean[3], after.variance[3].abs(), watch.unusual()), (50.0, 0.0, Some(0.0)));
}

#[test]
fn what_was_learned_is_carried_over_a_restart() {
    let (mut first, _) = familiar();
    read(&mut first, 304, 320, 7.0);
    let learned = known(&mut first, 700);
    let json = serde_json::to_string(&*learned).unwrap();
    let read_back: Learned = serde_json::from_str(&json).unwrap();
    assert_eq!(read_back, *learned, "every number of it is one");
    let rules = program(vec![rule("smoke", vec![source(above_rest("ADC1"), 10.0), source(Input::Unusual, 4.0)])]);
    let mut second = Watch::new(DeviceId::new("hall"), &rules, &[], Some(&learned), at(5000));
    assert_eq!(turns(&read(&mut second, 6, 4, 20.0)), [Turn::On]);
    second.frame(&room(&[(5, 26.0), (6, 27.0), (9, 26.0), (10, 26.0)], 7000), &mut Vec::new());
    assert_eq!(second.unusual(), Some(4.0));
    assert_eq!(second.publish(at(64_000)), None, "nothing new");
}

#[test]
fn learning_goes_on_where_a_restart_broke_it_off() {
    let mut first = watch(Vec::new());
    read(&mut first, 0, 204, 7.0);
    let learned = known(&mut first, 204);
    assert_eq!(learned.rests["ADC1"].samples.len(), 20);
    let mut second = Watch::new(DeviceId::new("hall"), &program(Vec::new()), &[], Some(&learned), at(0));
    read(&mut second, 1, 104, 7.0);
    let rest = rest(&mut second, 61);
    assert_eq!((rest.learning, rest.samples.len()), (false, 30));
}

#[test]
fn relearning_forgets_and_says_so() {
    let (mut watch, from) = familiar();
    read(&mut watch, from, 320, 7.0);
    watch.relearn(at(700_000));
    let forgotten = known(&mut watch, 700);
    assert!(forgotten.baseline.is_none());
    assert_eq!(forgotten.rests["ADC1"], Rest { learning: true, ..Rest::default() });
    watch.frame(&room(&[], 701_000), &mut Vec::new());
    assert_eq!(watch.unusual(), None);
}

#[test]
fn a_source_that_waits_for_learning_does_not_hold_learning_up() {
    let sources = vec![
        source(above_rest("ADC1"), 10.0),
        source(Input::Unusual, 4.0),
        source(channel("ADC1", ChannelUnit::Percent), 25.0),
    ];
    let on = [(RuleId::new("r"), 0), (RuleId::new("r"), 1), (RuleId::new("r"), 2)];
    let mut watch = Watch::new(DeviceId::new("hall"), &program(vec![rule("r", sources)]), &on, None, Moment::ZERO);
    let mut out = Vec::new();
    for s in (0..=700).step_by(4) {
        watch.reading(0, "ADC1", counts(7.0), at(s * 1000), &mut out);
        watch.frame(&room(&[], s * 1000 + 500), &mut out);
    }
    let mut off: Vec<u16> = out.iter().map(|edge| edge.source).collect();
    off.sort_unstable();
    assert_eq!((off, out.iter().all(|edge| edge.turn == Turn::Off)), (vec![0, 1, 2], true));
}

#[test]
fn it_is_published_at_once_then_each_minute_and_when_learning_ends() {
    let mut quiet = watch(Vec::new());
    quiet.reading(0, "DIO", 0.0, at(0), &mut Vec::new());
    assert_eq!(quiet.publish(at(3_600_000)), None, "nothing was ever learned");
    let mut watch = watch(Vec::new());
    let mut published = Vec::new();
    for s in (0..400).step_by(4) {
        watch.reading(0, "ADC1", 275.0, at(s * 1000), &mut Vec::new());
        published.extend(watch.publish(at(s * 1000)).map(|learned| (s, learned.rests["ADC1"].learning)));
    }
    let expected = [(12, true), (72, true), (132, true), (192, true), (252, true), (300, false), (360, false)];
    assert_eq!(published, expected);
}

#[test]
fn only_analogue_channels_have_a_rest_level_and_those_a_rule_asks_for() {
    let mut watch = watch(vec![rule("r", vec![source(above_rest("GAS"), 10.0)])]);
    for s in 0..30 {
        for (n, key) in ["ADC1", "DIO", "GAS", "ADC2"].into_iter().enumerate() {
            watch.reading(n, key, 300.0, at(s * 1000), &mut Vec::new());
        }
    }
    let learned = known(&mut watch, 100);
    assert_eq!(learned.rests.keys().map(|key| &**key).collect::<Vec<_>>(), ["ADC1", "ADC2", "GAS"]);
}
