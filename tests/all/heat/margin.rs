//! Margins: distance to the thresholds that hold, as a share that can be compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use hearthlight::heat::margin::{Margins, Present, margins};
use hearthlight::model::alarms::rule::{ChannelUnit, Compare, Input, Latch, Rule, Scope, Source};
use hearthlight::model::learned::{Learned, Rest};
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::ThermalFrame;
use hearthlight::units::grid::{Patch, Size};

use crate::nouns::{self, source};

fn rule(sources: Vec<Source>) -> Rule {
    Rule { latch: Latch::Danger, ..nouns::rule("rule", sources) }
}

/// 4 x 2 cells: 20, 30, 40, 50 / 60, 70, 80, nothing.
fn frame() -> ThermalFrame {
    let mut frame = ThermalFrame::blank();
    for (i, cell) in frame.begin(Size::new(4, 2).unwrap()).iter_mut().enumerate() {
        *cell = 20.0 + 10.0 * i as f32;
    }
    frame.set_broken(7);
    frame.measure();
    frame
}

fn at(
    rules: &[Rule],
    frame: Option<&ThermalFrame>,
    channels: &[(Arc<str>, f64)],
    learned: Option<&Learned>,
) -> Margins {
    let device = DeviceId::new("bench");
    let present = Present { device: &device, frame, channels, learned, rise: None, unusual: None, hot_cells: None };
    margins(rules.iter(), &present)
}

#[test]
fn the_smallest_share_counts_across_units() {
    let rules = [rule(vec![
        source(Input::Hottest { area: None }, 100.0),
        source(Input::Channel { key: "ADC1".into(), unit: ChannelUnit::Raw }, 1000.0),
    ])];
    let margins = at(&rules, Some(&frame()), &[("ADC1".into(), 900.0)], None);
    let (heat, least) = (margins.heat.unwrap(), margins.least.unwrap());
    assert_eq!((heat.value, heat.left(), heat.share), (80.0, 20.0, 0.25));
    assert_eq!((least.unit, least.left()), ("", 100.0));
    assert!((least.share - 0.1).abs() < 1e-9, "{}", least.share);
}

#[test]
fn beyond_the_threshold_the_share_is_nothing_and_what_is_left_is_negative() {
    let rules = [rule(vec![source(Input::Hottest { area: None }, 60.0)])];
    let least = at(&rules, Some(&frame()), &[], None).least.unwrap();
    assert_eq!((least.left(), least.share), (-20.0, 0.0));
    let mut below = source(Input::Channel { key: "ADC2".into(), unit: ChannelUnit::Raw }, 100.0);
    below.compare = Compare::AtMost;
    let least = at(&[rule(vec![below])], None, &[("ADC2".into(), 130.0)], None).least.unwrap();
    assert_eq!(least.left(), 30.0);
}

#[test]
fn only_rules_that_hold_and_sources_that_count_are_measured() {
    let hottest = || source(Input::Hottest { area: None }, 60.0);
    let mut off = rule(vec![hottest()]);
    off.enabled = false;
    let mut elsewhere = rule(vec![hottest()]);
    elsewhere.scope = Scope::Devices(BTreeSet::from([DeviceId::new("rack")]));
    let mut quiet = hottest();
    quiet.enabled = false;
    let silent = source(Input::Silent, 30.0);
    let rules = [off, elsewhere, rule(vec![quiet, silent])];
    assert_eq!(at(&rules, Some(&frame()), &[], None), Margins::default());
}

#[test]
fn areas_are_measured_and_broken_cells_left_out() {
    let area = Patch { top: 0, left: 1, bottom: 0, right: 2 };
    let rules = [rule(vec![source(Input::Hottest { area: Some(area) }, 100.0)])];
    assert_eq!(at(&rules, Some(&frame()), &[], None).least.unwrap().value, 40.0);
    let rules = [rule(vec![source(Input::Difference { area, against: None }, 100.0)])];
    // The rest of the picture: 20, 50, 60, 70, 80.
    assert_eq!(at(&rules, Some(&frame()), &[], None).least.unwrap().value, 40.0 - 56.0);
    let dead = Patch { top: 1, left: 3, bottom: 1, right: 3 };
    let rules = [rule(vec![source(Input::Hottest { area: Some(dead) }, 100.0)])];
    assert_eq!(at(&rules, Some(&frame()), &[], None), Margins::default());
}

#[test]
fn above_rest_counts_once_it_is_learned() {
    let rules = [rule(vec![source(Input::AboveRest { key: "ADC1".into() }, 10.0)])];
    let learned = |learning| {
        let rest = Rest { median: 20.0, mad: 0.1, learning, samples: Vec::new() };
        Learned { rests: [("ADC1".into(), rest)].into(), baseline: None }
    };
    let channels = [("ADC1".into(), 4095.0 * 0.25)];
    assert_eq!(at(&rules, None, &channels, Some(&learned(true))), Margins::default());
    let least = at(&rules, None, &channels, Some(&learned(false))).least.unwrap();
    assert!((least.left() - 5.0).abs() < 0.01 && least.unit == "points", "{least:?}");
}

#[test]
fn one_flame_detector_has_two_names() {
    let rules = [rule(vec![source(Input::Channel { key: "DIO".into(), unit: ChannelUnit::Raw }, 1.0)])];
    assert_eq!(at(&rules, None, &[("MPY30".into(), 1.0)], None).least.unwrap().share, 0.0);
}
