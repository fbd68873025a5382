//! What is said of an alarm: its headline, why it is on, what was done about it, and one sentence of all that.
//!
//! Invariant: a device that fell silent is said to have no data; no figure stands for it.

use std::sync::Arc;
use std::time::Duration;

use crate::model::alarms::alarm::{Alarm, AlarmId, Done, Reason, State};
use crate::model::alarms::rule::{Input, Level, RuleId};
use crate::model::sensors::DeviceId;
use crate::model::snapshot::Snapshot;
use crate::ui::panels::thermal::inspect::shapes;
use crate::ui::scene::Scene;
use crate::ui::{standing, words};
use crate::units::grid::Patch;
use crate::units::slug::slug;
use crate::units::temperature::Scale;

/// A level as it leads a line: the two that matter in capitals.
#[must_use]
pub const fn leading(level: Level) -> &'static str {
    match level {
        Level::Notice => "Notice",
        Level::Warning => "WARNING",
        Level::Danger => "DANGER",
    }
}

/// A duration as `hh:mm:ss`, more digits of hours where it takes them.
#[must_use]
pub fn elapsed(time: Duration) -> String {
    let s = time.as_secs();
    format!("{:02}:{:02}:{:02}", s / 3_600, s / 60 % 60, s % 60)
}

/// A figure of a reason with its unit.
#[must_use]
pub fn measure(value: f64, unit: &str, scale: Scale) -> String {
    let kelvin = if scale == Scale::Fahrenheit { "\u{b0}F" } else { "K" };
    match unit {
        "C" => words::degrees_with_unit(Some(value as f32), scale),
        "K" => format!("{}\u{a0}{kelvin}", tenths(difference(value, scale))),
        "K/min" => format!("{}\u{a0}{kelvin}/min", tenths(difference(value, scale))),
        "s" => elapsed(Duration::try_from_secs_f64(value).unwrap_or_default()),
        "cells" if value == 1.0 => "1\u{a0}cell".to_owned(),
        "" => trimmed(value),
        unit => format!("{}\u{a0}{unit}", if unit == "cells" { trimmed(value) } else { tenths(value) }),
    }
}

/// A threshold without its unit, as short as it can be said.
#[must_use]
pub fn limit(value: f64, unit: &str, scale: Scale) -> String {
    match unit {
        "C" => trimmed(f64::from(scale.of(value as f32))),
        "K" | "K/min" => trimmed(difference(value, scale)),
        "s" => elapsed(Duration::try_from_secs_f64(value).unwrap_or_default()),
        _ => trimmed(value),
    }
}

fn difference(kelvin: f64, scale: Scale) -> f64 {
    f64::from(scale.of_difference(kelvin as f32))
}

fn tenths(value: f64) -> String {
    words::minus(&format!("{value:.1}"))
}

fn trimmed(value: f64) -> String {
    words::minus(format!("{value:.1}").trim_end_matches('0').trim_end_matches('.'))
}

/// What people call the device of an alarm; its location if the device is gone.
#[must_use]
pub fn place(view: &Snapshot, alarm: &Alarm) -> Arc<str> {
    view.sensors.devices.get(&alarm.device).map_or_else(|| Arc::clone(&alarm.location), |d| Arc::clone(&d.name))
}

/// What people call a device; its id if it is gone.
#[must_use]
pub fn device_name(view: &Snapshot, id: &DeviceId) -> Arc<str> {
    view.sensors.devices.get(id).map_or_else(|| Arc::clone(&id.0), |device| Arc::clone(&device.name))
}

/// Rule and device of an alarm, as one name.
#[must_use]
pub fn name(view: &Snapshot, alarm: &Alarm) -> String {
    format!("{}, {}", alarm.name, place(view, alarm))
}

/// The same of an alarm that may be normal: from its id, as far as rule and device are known.
#[must_use]
pub fn name_of(view: &Snapshot, id: &AlarmId) -> String {
    if let Some(alarm) = view.alarms.active.get(id) {
        return name(view, alarm);
    }
    let Some((rule, location)) = id.as_str().split_once("--") else { return id.to_string() };
    let rule = view.alarms.rules.get(&RuleId(rule.into())).map_or(rule, |rule| &*rule.name);
    let known = view.sensors.devices.values().find(|device| slug(&device.location) == location);
    format!("{rule}, {}", known.map_or(location, |device| &*device.name))
}

/// Whether an alarm tells that a device fell silent: only that is measured in seconds.
#[must_use]
pub fn is_silence(alarm: &Alarm) -> bool {
    alarm.first_reason().is_some_and(|reason| &*reason.unit == "s")
}

/// How long nothing valid came from a device, where that is known.
fn quiet(scene: &Scene<'_>, device: &DeviceId) -> Option<Duration> {
    let heard = scene.port.slots.device(device)?.last_heard()?;
    Some(scene.now.moment.since(heard))
}

/// How long the silence of an alarm has lasted, or lasted.
fn silence(scene: &Scene<'_>, reason: &Reason) -> Duration {
    let told = Duration::try_from_secs_f64(reason.value).unwrap_or_default();
    if reason.on { quiet(scene, &reason.device).unwrap_or_default().max(told) } else { told }
}

/// The headline of an alarm in two parts: what may be shortened, and the figure, which may not.
#[must_use]
pub fn headline(scene: &Scene<'_>, alarm: &Alarm) -> (String, String) {
    let place = place(scene.view, alarm);
    match alarm.first_reason() {
        Some(reason) if is_silence(alarm) => (format!("No data from {place} for"), elapsed(silence(scene, reason))),
        Some(reason) => (name(scene.view, alarm), measure(reason.value, &reason.unit, scene.choices.scale)),
        None => (name(scene.view, alarm), String::new()),
    }
}

/// "(limit 60)"; empty for silence, which has no figure.
#[must_use]
pub fn limit_of(scene: &Scene<'_>, alarm: &Alarm) -> String {
    match alarm.first_reason() {
        Some(reason) if !is_silence(alarm) => bracket(reason, scene.choices.scale),
        _ => String::new(),
    }
}

fn bracket(reason: &Reason, scale: Scale) -> String {
    format!("(limit {})", limit(reason.threshold, &reason.unit, scale))
}

/// Why an alarm is on: its reasons, how often it crossed, whether it only waits to be acknowledged.
#[must_use]
pub fn why(scene: &Scene<'_>, alarm: &Alarm) -> String {
    let mut parts = Vec::new();
    if let Some(over) = alarm.over.filter(|_| alarm.state == State::Unacknowledged) {
        parts.push(format!("over since {}, stays until acknowledged", words::clock(over, &scene.now.zone)));
    }
    parts.extend(alarm.reasons.iter().enumerate().map(|(i, reason)| match i {
        0 if is_silence(alarm) => cause(scene, reason),
        _ => reason_words(scene, alarm, reason, i > 0),
    }));
    if alarm.crossings > 1 {
        parts.push(format!("crossed its limit {} times", words::count(u64::from(alarm.crossings))));
    }
    parts.join("; ")
}

/// Why a device is silent, in the words of its connection.
fn cause(scene: &Scene<'_>, reason: &Reason) -> String {
    match scene.view.sensors.devices.get(&reason.device) {
        Some(device) if standing::Standing::of(device) != standing::Standing::Live => {
            let (cause, next) = standing::why(device);
            format!("{}; {}", lower(cause), lower(next))
        }
        _ => "readings came back".to_owned(),
    }
}

fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().collect::<String>() + letters.as_str())
}

/// One reason: its name, its figure and limit if `figure`, its cell, and what is to be held against it.
#[must_use]
pub fn reason_words(scene: &Scene<'_>, alarm: &Alarm, reason: &Reason, figure: bool) -> String {
    let scale = scene.choices.scale;
    let mut said = reason.name.to_string();
    if figure && &*reason.unit == "s" {
        said = format!("{said} for {}", elapsed(silence(scene, reason)));
    } else if figure {
        said = format!("{said}: {} {}", measure(reason.value, &reason.unit, scale), bracket(reason, scale));
    }
    if let Some((row, col)) = reason.cell {
        said = format!("{said}, row {} column {}", u32::from(row) + 1, u32::from(col) + 1);
    }
    if alarm.state != State::Cleared && masked(scene, alarm, reason) {
        said += MASKED;
    } else if reason.stale {
        said += &match quiet(scene, &reason.device) {
            Some(age) => format!(", no data for {}", words::age(age)),
            None => ", no data".to_owned(),
        };
    } else if !reason.on {
        said += ", over";
    }
    said
}

/// Why such a reason stays, and what ends it.
const MASKED: &str = "; masks hide all it looks at, so it cannot end: move the mask, or change its rule";

/// Whether a reason looks at nothing but masked cells: then it is neither measured nor over.
fn masked(scene: &Scene<'_>, alarm: &Alarm, reason: &Reason) -> bool {
    let Some(frame) = scene.pictures.newest(&reason.device).filter(|frame| frame.n_masked() > 0) else { return false };
    let rule = scene.view.alarms.rules.get(&alarm.rule);
    let Some(source) = rule.and_then(|rule| rule.sources.get(usize::from(reason.source))) else { return false };
    let hidden = |row: u16, col: u16| frame.is_masked(usize::from(row) * frame.size.cols() + usize::from(col));
    let all = |area: &Patch| (area.top..=area.bottom).all(|row| (area.left..=area.right).all(|col| hidden(row, col)));
    let whole = || frame.n_masked() == frame.size.cells();
    match &source.input {
        Input::Hottest { area } => area.as_ref().map_or_else(whole, all),
        Input::Difference { area, .. } => all(area),
        Input::HotCells { .. } | Input::Rise { .. } | Input::Unusual => whole(),
        Input::Region { region, .. } => {
            let array = scene.array(&reason.device);
            let known = array.as_ref().and_then(|array| array.regions.get(region));
            known.is_some_and(|region| shapes::cells(&region.shape, frame.size).all(|cell| hidden(cell.row, cell.col)))
        }
        Input::Channel { .. } | Input::AboveRest { .. } | Input::Silent => false,
    }
}

/// Whether something on show counts seconds: the window must tick.
#[must_use]
pub fn ticks(alarm: &Alarm) -> bool {
    alarm.is_new() || alarm.state == State::Acknowledged || alarm.reasons.iter().any(|reason| reason.stale)
}

/// Actions that can still be taken back.
pub fn undoable(alarm: &Alarm) -> impl Iterator<Item = &Done> {
    alarm.done.iter().filter(|done| done.undo.is_some() && !done.undone && done.refused.is_none())
}

/// What became of one action.
#[must_use]
pub fn done(scene: &Scene<'_>, done: &Done) -> String {
    match &done.refused {
        Some(why) => format!("{}: {why}", done.what),
        None if done.undone => format!("{}, taken back", done.what),
        None => format!("{} {}", done.what, words::clock(done.at, &scene.now.zone)),
    }
}

/// What all actions of an alarm did; empty if there were none.
#[must_use]
pub fn did(scene: &Scene<'_>, alarm: &Alarm) -> String {
    let each: Vec<_> = alarm
        .done
        .iter()
        .map(|action| format!("{}{}", if action.refused.is_some() { "refused: " } else { "" }, done(scene, action)))
        .collect();
    if each.is_empty() { String::new() } else { format!("did: {}", each.join("; ")) }
}

/// How an alarm stands besides its level.
#[must_use]
pub fn state(scene: &Scene<'_>, alarm: &Alarm) -> String {
    match (alarm.state, &alarm.acknowledged) {
        (State::Acknowledged, Some(noted)) => {
            let at = words::since(noted.at, scene.now.wall, &scene.now.zone);
            format!("acknowledged by {} {at}", noted.by)
        }
        (State::Acknowledged, None) => "acknowledged".to_owned(),
        (State::Cleared, _) => {
            let over = alarm.over.unwrap_or(alarm.changed);
            let lasted = Duration::try_from(over.duration_since(alarm.raised)).unwrap_or_default();
            format!("cleared after {}, not acknowledged", elapsed(lasted))
        }
        (State::Unacknowledged, _) => "not acknowledged".to_owned(),
    }
}

/// The sentence a screen reader says when an alarm changed in a way that matters. Nothing in it ticks.
#[must_use]
pub fn sentence(scene: &Scene<'_>, alarm: &Alarm) -> String {
    let test = if alarm.test { "TEST. " } else { "" };
    let (what, figure) = headline(scene, alarm);
    let limit = limit_of(scene, alarm);
    let mut said = format!("{test}{}: {what}", alarm.level.word());
    for part in [figure, limit] {
        if !part.is_empty() {
            said = format!("{said} {part}");
        }
    }
    let since = words::clock(alarm.raised, &scene.now.zone);
    said = format!("{said}, since {since}, {}", state(scene, alarm));
    let why = why(scene, alarm);
    if why.is_empty() || alarm.state == State::Cleared { said } else { format!("{said}. Why: {why}") }
}
