//! Whether a rule can be taken: what is wrong with it, and the cure, in words.

use std::time::Duration;

use crate::model::alarms::rule::{Input, Rule, Scope, Source};
use crate::model::deed::{Deed, Lights, Thermal};
use crate::model::lights::state::Change;
use crate::model::thermal::region::MAX_OF_A_KIND;
use crate::model::{sensors, system};
use crate::units::grid::Patch;

const NAME: usize = 64;
const NOTE: usize = 500;
const KEY: usize = 32;
const WORDS: usize = 80;
const SOURCES: usize = 32;
const ACTIONS: usize = 32;
const AIMS: usize = 64;
const READINGS: u32 = 1000;
const LONGEST: Duration = Duration::from_secs(86_400);

/// Refuses a rule that is out of its ranges, or that could never raise an alarm.
///
/// # Errors
/// The first thing that is wrong, and what to do about it.
pub fn check(rule: &Rule) -> Result<(), String> {
    let ensure = |good: bool, wrong: &str| if good { Ok(()) } else { Err(wrong.to_owned()) };
    ensure(
        crate::units::slug::slug(rule.id.as_str()) == rule.id.as_str(),
        "its id is no slug: use a-z, 0-9 and single -",
    )?;
    ensure(is_name(&rule.name), "its name must have 1 to 64 characters: give it a short one")?;
    ensure(
        (1..=SOURCES).contains(&rule.sources.len()),
        "a rule has 1 to 32 sources: add one, or split it into two rules",
    )?;
    ensure(
        (1..=SOURCES).contains(&usize::from(rule.min_sources)),
        "1 to 32 sources together: choose a number in that range",
    )?;
    ensure(rule.note.chars().count() <= NOTE, "its note is longer than 500 characters: shorten it")?;
    ensure(rule.actions.len() <= ACTIONS, "it has more than 32 actions: remove some, or split it into two rules")?;
    let somewhere = !matches!(&rule.scope, Scope::Devices(devices) if devices.is_empty());
    ensure(somewhere, "it holds at no device: choose one, or let it hold everywhere")?;
    for (n, action) in rule.actions.iter().enumerate() {
        check_deed(&action.command).map_err(|wrong| format!("action {}: {wrong}", n + 1))?;
    }
    for (n, source) in rule.sources.iter().enumerate() {
        check_source(source).map_err(|wrong| format!("source {} ({}): {wrong}", n + 1, source.name))?;
    }
    check_reach(rule)
}

/// A rule whose sources can never raise an alarm would watch in vain.
fn check_reach(rule: &Rule) -> Result<(), String> {
    let enabled = || rule.sources.iter().filter(|source| source.enabled);
    let (n, needed) = (enabled().count(), usize::from(rule.min_sources));
    if n == 0 {
        return Err("none of its sources is enabled: enable one, or disable the rule itself".to_owned());
    }
    if n < needed && !enabled().any(|source| source.alone) {
        return Err(format!(
            "it can never raise an alarm: {needed} sources must be on together, but only {n} are enabled and none may \
             alarm alone; enable more, ask for fewer, or let one alarm alone"
        ));
    }
    Ok(())
}

/// What an alarm must not do: hide alarms, or decide whether rules act. Masks and regions are out of its reach by type.
fn check_deed(deed: &Deed) -> Result<(), String> {
    match deed {
        Deed::System(system::Command::Stop | system::Command::Resume) => {
            Err("the master stop is for people: remove this action".to_owned())
        }
        Deed::System(system::Command::Import { .. }) => {
            Err("an import changes rules and devices, which is for people: remove this action".to_owned())
        }
        Deed::Sensors(sensors::Command::Forget { .. }) => {
            Err("a device that is forgotten raises no alarms: remove this action".to_owned())
        }
        Deed::Thermal(Thermal::Bookmark { words })
            if words.chars().count() > WORDS || words.chars().any(char::is_control) =>
        {
            Err("the words of a bookmark have 80 characters at most, on one line: shorten them".to_owned())
        }
        Deed::Lights(Lights::Alert { aims, .. }) if aims.is_empty() || aims.len() > AIMS => {
            Err("it lights up nothing, or more than 64 lights and rooms: choose which, or all".to_owned())
        }
        Deed::Lights(Lights::Alert { change, .. }) => check_change(change),
        Deed::Lights(Lights::EndAlert { .. }) => {
            Err("lights go back by themselves when the alarm is over: remove this action".to_owned())
        }
        Deed::Sensors(_) | Deed::Thermal(_) | Deed::System(_) => Ok(()),
    }
}

fn check_change(change: &Change) -> Result<(), String> {
    if change.is_empty() {
        return Err("it changes nothing about its lights: choose a brightness or a colour".to_owned());
    }
    if change.brightness.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        return Err("its brightness must lie between 0 and 1".to_owned());
    }
    Ok(())
}

fn check_source(source: &Source) -> Result<(), String> {
    let ensure = |good: bool, wrong: &str| if good { Ok(()) } else { Err(wrong.to_owned()) };
    ensure(is_name(&source.name), "its name must have 1 to 64 characters: give it a short one")?;
    ensure((0.0..=1.0).contains(&source.weight), "its weight must lie between 0 and 1")?;
    ensure(source.threshold.is_finite(), "its threshold must be a finite number")?;
    let distance = source.hysteresis.is_finite() && source.hysteresis >= 0.0;
    ensure(distance, "its hysteresis must be a finite number, 0 or more: it is a distance from the threshold")?;
    ensure(
        (1..=READINGS).contains(&source.hold_readings),
        "1 to 1000 readings in a row: choose a number in that range",
    )?;
    ensure(source.hold_on <= LONGEST, "its hold-on is longer than a day: shorten it")?;
    ensure(source.hold_off <= LONGEST, "its hold-off is longer than a day: shorten it")?;
    check_input(&source.input)
}

fn check_input(input: &Input) -> Result<(), String> {
    match input {
        Input::Hottest { area: Some(area) } => check_patch(*area),
        Input::Hottest { area: None } | Input::Unusual | Input::Silent => Ok(()),
        Input::HotCells { at_least: limit } | Input::Rise { floor: limit } if limit.is_finite() => Ok(()),
        Input::HotCells { .. } | Input::Rise { .. } => Err("its temperature must be a finite number".to_owned()),
        Input::Difference { area, against } => check_patch(*area).and_then(|()| against.map_or(Ok(()), check_patch)),
        Input::Region { region, .. } => check_label(region.as_str()),
        Input::Channel { key, .. } | Input::AboveRest { key } => check_key(key),
    }
}

fn check_patch(Patch { top, left, bottom, right }: Patch) -> Result<(), String> {
    if top <= bottom && left <= right {
        return Ok(());
    }
    Err(format!("its area is empty: rows {top} to {bottom}, columns {left} to {right}; put the smaller number first"))
}

fn check_label(label: &str) -> Result<(), String> {
    let number = label.strip_prefix(['S', 'B', 'C', 'P', 'L', 'D']).filter(|number| !number.starts_with(['0', '+']));
    if number.and_then(|number| number.parse().ok()).is_some_and(|number| (1..=MAX_OF_A_KIND).contains(&number)) {
        return Ok(());
    }
    Err(format!(
        "its region must be the label of a spot, box, circle, polygon, line or delta, a letter and 1 to \
         {MAX_OF_A_KIND}: S1, B2, D1"
    ))
}

fn check_key(key: &str) -> Result<(), String> {
    if (1..=KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err("its channel must be 1 to 32 printable ASCII characters without blanks, as the device sends it: ADC1"
        .to_owned())
}

fn is_name(name: &str) -> bool {
    (1..=NAME).contains(&name.chars().count()) && !name.trim().is_empty()
}
