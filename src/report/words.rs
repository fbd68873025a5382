//! Figures, times and places in words, as the journal and all reports write them.
//!
//! Invariant: a number of the journal reads the same in its entry and in a report, for both are written here.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::heat::gas::ChannelMeaning;
use crate::model::alarms::alarm::Reason;
use crate::model::history::HOTTEST;
use crate::units::temperature::Scale;

/// A number as people read it: one digit behind the point, none if it is 0.
#[must_use]
pub fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A number with its unit.
#[must_use]
pub fn quantity(value: f64, unit: &str) -> String {
    if unit.is_empty() { number(value) } else { format!("{} {unit}", number(value)) }
}

/// The same quantity in another scale of temperature; `None` where that is no other, or where it is no temperature.
#[must_use]
pub fn in_scale(value: f64, unit: &str, scale: Scale) -> Option<String> {
    let difference =
        |per: &str| (scale == Scale::Fahrenheit).then(|| quantity(f64::from(scale.of_difference(value as f32)), per));
    match unit {
        "C" if scale != Scale::Celsius => Some(quantity(f64::from(scale.of(value as f32)), scale.unit())),
        "K" => difference(scale.unit()),
        "K/min" => difference(&format!("{}/min", scale.unit())),
        _ => None,
    }
}

/// `row 11, column 20` of a cell by its row and column from 0.
#[must_use]
pub fn cell(row: u16, column: u16) -> String {
    format!("row {}, column {}", u32::from(row) + 1, u32::from(column) + 1)
}

/// `Critical heat 85.3 C (limit 60 C) at row 11, column 20`; rows and columns from 1.
#[must_use]
pub fn reason(reason: &Reason) -> String {
    let limit = quantity(reason.threshold, &reason.unit);
    if &*reason.unit == "s" {
        return format!("no data for {} (limit {limit})", quantity(reason.value, "s"));
    }
    let place = reason.cell.map(|(row, column)| format!(" at {}", cell(row, column)));
    format!("{} {} (limit {limit}){}", reason.name, quantity(reason.value, &reason.unit), place.unwrap_or_default())
}

/// A temperature of a picture with its unit, one decimal: `85.3 °C`.
#[must_use]
pub fn degrees(celsius: f32, scale: Scale) -> String {
    format!("{:.1} {}", scale.of(celsius), scale.unit())
}

/// A channel by its key on the wire: `hottest cell`, `smoke ADC1`.
#[must_use]
pub fn channel(key: &str) -> Cow<'_, str> {
    match (key, ChannelMeaning::of(key)) {
        (HOTTEST, _) => "hottest cell".into(),
        (_, ChannelMeaning::Plain) => key.into(),
        (_, meaning) => format!("{} {key}", meaning.name().to_lowercase()).into(),
    }
}

/// A time where people are, with its distance from universal time: `2026-03-01 13:01:21 +01:00`.
#[must_use]
pub fn time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// A time for programs (RFC 3339), to the millisecond, with its distance from universal time.
#[must_use]
pub fn stamp(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// How long it was from one time to a later one: `1 min 20 s`; `0 s` if it was not later.
#[must_use]
pub fn lasted(from: Timestamp, to: Timestamp) -> String {
    let ms = to.as_millisecond().saturating_sub(from.as_millisecond()).max(0);
    let s = ms / 1000;
    let pair = |large: i64, unit: &str, small: i64, part: &str| match small {
        0 => format!("{large} {unit}"),
        small => format!("{large} {unit} {small} {part}"),
    };
    match s {
        0..=9 => quantity(ms as f64 / 1000.0, "s"),
        10..=59 => format!("{s} s"),
        60..=3_599 => pair(s / 60, "min", s % 60, "s"),
        3_600..=86_399 => pair(s / 3_600, "h", s / 60 % 60, "min"),
        _ => pair(s / 86_400, "d", s / 3_600 % 24, "h"),
    }
}
