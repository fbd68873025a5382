//! Rules that are refused, each with its cause and its cure.

use std::time::Duration;

use hearthlight::heat::watch::check::check;
use hearthlight::model::alarms::rule::{Action, ChannelUnit, Input, Level, Rule, RuleId, Scope, Source};
use hearthlight::model::deed::{Deed, Thermal};
use hearthlight::model::{sensors, system};
use hearthlight::units::grid::Patch;

use super::watch::{HOTTEST, channel, rule, source};

fn good() -> Rule {
    rule("r", vec![source(HOTTEST, 40.0)])
}

fn refused(rule: &Rule, word: &str) {
    let said = check(rule).expect_err(word);
    assert!(said.contains(word), "{said:?} does not say {word:?}");
}

fn of(change: impl FnOnce(&mut Source)) -> Rule {
    let mut rule = good();
    change(&mut rule.sources[0]);
    rule
}

#[test]
fn a_plain_rule_is_taken() {
    assert_eq!(check(&good()), Ok(()));
    assert_eq!(check(&Rule { name: "ü".repeat(64).into(), note: "ü".repeat(500), ..good() }), Ok(()));
}

#[test]
fn a_rule_out_of_its_ranges_is_refused() {
    refused(&Rule { id: RuleId("No Slug".into()), ..good() }, "slug");
    refused(&Rule { name: "".into(), ..good() }, "name");
    refused(&Rule { name: "x".repeat(65).into(), ..good() }, "name");
    refused(&Rule { sources: Vec::new(), ..good() }, "1 to 32 sources");
    refused(&Rule { sources: vec![source(HOTTEST, 40.0); 33], ..good() }, "1 to 32 sources");
    refused(&Rule { min_sources: 0, ..good() }, "together");
    refused(&Rule { min_sources: 33, ..good() }, "together");
    refused(&Rule { note: "x".repeat(501), ..good() }, "note");
    refused(&Rule { scope: Scope::Devices([].into()), ..good() }, "no device");
}

#[test]
fn actions_are_few() {
    let act = |command| Action { at_least: Level::Notice, command };
    let reconnect = Deed::Sensors(sensors::Command::Reconnect { device: sensors::DeviceId::new("hall") });
    assert_eq!(check(&Rule { actions: vec![act(reconnect.clone()); 32], ..good() }), Ok(()));
    refused(&Rule { actions: vec![act(reconnect); 33], ..good() }, "32 actions");
}

#[test]
fn an_action_cannot_hide_alarms_nor_decide_whether_rules_act() {
    let of = |command| Rule { actions: vec![Action { at_least: Level::Notice, command }], ..good() };
    refused(&of(Deed::System(system::Command::Stop)), "action 1: the master stop");
    refused(&of(Deed::System(system::Command::Resume)), "master stop");
    let import = system::Command::Import { name: "a.json".to_owned(), text: "{}".to_owned() };
    refused(&of(Deed::System(import)), "import");
    let forget = sensors::Command::Forget { device: sensors::DeviceId::new("hall") };
    refused(&of(Deed::Sensors(forget)), "forgotten");
    let bookmark = |words: &str| of(Deed::Thermal(Thermal::Bookmark { words: words.to_owned() }));
    refused(&bookmark(&"x".repeat(81)), "80 characters");
    refused(&bookmark("two\nlines"), "one line");
    assert_eq!(check(&bookmark("Stove")), Ok(()));
}

#[test]
fn a_source_out_of_its_ranges_is_refused_by_its_number_and_name() {
    refused(&of(|s| s.weight = 1.1), "source 1 (It): its weight");
    refused(&of(|s| s.weight = f32::NAN), "weight");
    refused(&of(|s| s.threshold = f64::INFINITY), "threshold");
    refused(&of(|s| s.hysteresis = -0.1), "hysteresis");
    refused(&of(|s| s.hysteresis = f64::NAN), "hysteresis");
    refused(&of(|s| s.hold_readings = 0), "readings in a row");
    refused(&of(|s| s.hold_readings = 1001), "readings in a row");
    refused(&of(|s| s.hold_on = Duration::from_secs(86_401)), "hold-on");
    refused(&of(|s| s.hold_off = Duration::from_secs(86_401)), "hold-off");
    refused(&of(|s| s.name = " ".into()), "name");
}

#[test]
fn an_input_out_of_its_ranges_is_refused() {
    let area = Patch { top: 3, left: 0, bottom: 2, right: 5 };
    let right = Patch { top: 0, left: 0, bottom: 2, right: 5 };
    refused(&of(|s| s.input = Input::Hottest { area: Some(area) }), "rows 3 to 2");
    refused(&of(|s| s.input = Input::Difference { area, against: None }), "area");
    refused(&of(|s| s.input = Input::Difference { area: right, against: Some(area) }), "area");
    refused(&of(|s| s.input = Input::HotCells { at_least: f32::NAN }), "temperature");
    refused(&of(|s| s.input = Input::Rise { floor: f32::INFINITY }), "temperature");
    for key in ["", "ADC 1", "ÄDC", &"A".repeat(33)] {
        refused(&of(|s| s.input = channel(key, ChannelUnit::Raw)), "channel");
        refused(&of(|s| s.input = Input::AboveRest { key: key.into() }), "channel");
    }
    assert_eq!(check(&of(|s| s.input = Input::Difference { area: right, against: Some(right) })), Ok(()));
}

#[test]
fn a_rule_that_can_never_raise_is_refused() {
    refused(&of(|s| s.enabled = false), "none of its sources is enabled");
    let weak = |enabled| Source { alone: false, enabled, ..source(HOTTEST, 40.0) };
    let two = |second| Rule { min_sources: 2, ..rule("r", vec![weak(true), weak(second)]) };
    refused(&two(false), "only 1 are enabled");
    assert_eq!(check(&two(true)), Ok(()));
    let strong = Rule { min_sources: 9, ..good() };
    assert_eq!(check(&strong), Ok(()), "one that alarms alone is enough");
}
