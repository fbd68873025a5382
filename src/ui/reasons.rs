//! Alarms, their reasons and margins as people read them.

use jiff::Timestamp;

use crate::heat::margin::Margin;
use crate::model::alarms::alarm::{Alarm, Reason, State};
use crate::model::alarms::journal::What;
use crate::ui::words;
use crate::units::temperature::Scale;

/// A value in a unit of rules: `C`, `K`, `K/min`, `%`, `points`, `s`, `cells` or none.
#[must_use]
pub fn value(value: f64, unit: &str, scale: Scale) -> String {
    let plain = |value: f64, decimals: usize| words::minus(&format!("{value:.decimals$}"));
    match unit {
        "C" => words::degrees_with_unit(Some(value as f32), scale),
        "K" => format!("{}\u{a0}{}", plain(f64::from(scale.of_difference(value as f32)), 1), scale.unit()),
        "K/min" => {
            format!("{}\u{a0}{}/min", plain(f64::from(scale.of_difference(value as f32)), 1), scale.unit())
        }
        "%" => format!("{}\u{a0}%", plain(value, 1)),
        "points" => format!("{}\u{a0}points", plain(value, 1)),
        "s" => words::age(std::time::Duration::try_from_secs_f64(value.max(0.0)).unwrap_or_default()),
        "cells" => words::many(value.max(0.0) as usize, "cell"),
        _ if value.fract() == 0.0 => plain(value, 0),
        _ => plain(value, 2),
    }
}

/// What a margin in degrees says: what is left, or how far it is over.
#[must_use]
pub fn margin(margin: &Margin, scale: Scale) -> String {
    let (word, figure) = left(margin, scale);
    format!("{word} {figure}")
}

/// The same as a word and a figure.
#[must_use]
pub fn left(margin: &Margin, scale: Scale) -> (&'static str, String) {
    let left = scale.of_difference(margin.left() as f32);
    (if left < 0.0 { "over" } else { "margin" }, format!("{:.1}", left.abs()))
}

/// What a reason measured: "Hottest 83.6 °C, limit 60.0 °C".
#[must_use]
pub fn reason(reason: &Reason, scale: Scale) -> String {
    let measured = value(reason.value, &reason.unit, scale);
    let limit = value(reason.threshold, &reason.unit, scale);
    if &*reason.unit == "s" {
        return format!("{}: no data for {measured}", reason.name);
    }
    format!("{} {measured}, limit {limit}", reason.name)
}

/// Where an alarm stands and who knows: "new", "acknowledged by Ana 10:14".
#[must_use]
pub fn state(alarm: &Alarm, now: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    let by = |word: &str| match &alarm.acknowledged {
        Some(noted) => format!("{word} by {} {}", noted.by, words::since(noted.at, now, zone)),
        None => word.to_owned(),
    };
    let over = |word: &str| alarm.over.map_or_else(|| word.to_owned(), |at| over_after(alarm.raised, at, word));
    match alarm.state {
        State::Unacknowledged if alarm.over.is_some() => over("over, not acknowledged"),
        State::Unacknowledged => "not acknowledged".to_owned(),
        State::Acknowledged => by("acknowledged"),
        State::Cleared => over("cleared, not acknowledged"),
    }
}

fn over_after(raised: Timestamp, over: Timestamp, word: &str) -> String {
    format!("{word}, after {}", words::age(between(raised, over)))
}

/// The time between two times; zero if the second is the earlier one.
#[must_use]
pub fn between(from: Timestamp, to: Timestamp) -> std::time::Duration {
    std::time::Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

/// A time that passed, as hours, minutes and seconds.
#[must_use]
pub fn elapsed(age: std::time::Duration) -> String {
    let s = age.as_secs();
    format!("{:02}:{:02}:{:02}", s / 3_600, s / 60 % 60, s % 60)
}

/// What happened, as a word for people.
#[must_use]
pub const fn happened(what: What) -> &'static str {
    match what {
        What::Raised => "raised",
        What::Again => "again",
        What::Worse => "worse",
        What::Over => "over",
        What::Cleared => "cleared",
        What::Acknowledged => "acknowledged",
        What::Shelved => "shelved",
        What::Unshelved => "shelving ended",
        What::Tested => "test",
        What::Closed => "closed",
        What::OutOfService => "out of service",
        What::InService => "in service",
        What::FloodBegan => "flood began",
        What::FloodOver => "flood over",
        What::Muted => "muted",
        What::Unmuted => "unmuted",
        What::RuleChanged => "rule changed",
        What::RuleRemoved => "rule removed",
        What::Acted => "action run",
        What::ActionRefused => "action refused",
        What::Undone => "action undone",
        What::Relearned => "learned anew",
        What::Device => "device",
        What::Setting => "setting",
        What::Stopped => "master stop",
        What::Resumed => "master stop released",
        What::Program => "program",
    }
}
