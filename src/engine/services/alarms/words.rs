//! Sentences of the journal.

use crate::model::alarms::alarm::{Alarm, Reason};
use crate::model::alarms::journal::What;

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

/// `Fire at Bench`.
#[must_use]
pub fn alarm(alarm: &Alarm) -> String {
    let test = if alarm.test { "Test of " } else { "" };
    format!("{test}{} at {}", alarm.name, alarm.location)
}

/// `Critical heat 85.3 C (limit 60 C) at row 11, column 20`; rows and columns from 1.
#[must_use]
pub fn reason(reason: &Reason) -> String {
    let limit = quantity(reason.threshold, &reason.unit);
    if &*reason.unit == "s" {
        return format!("no data for {} (limit {limit})", quantity(reason.value, "s"));
    }
    let place = reason.cell.map(|(row, column)| format!(" at row {}, column {}", row + 1, column + 1));
    format!("{} {} (limit {limit}){}", reason.name, quantity(reason.value, &reason.unit), place.unwrap_or_default())
}

/// One sentence about what happened to an alarm. Reasons are told where they are news.
#[must_use]
pub fn happened(what: What, about: &Alarm) -> String {
    let who = alarm(about);
    match what {
        What::Raised => format!("{}: {who}{}", about.level.word(), because(about)),
        What::Worse => format!("{who} became worse, {} now{}", about.level.word(), because(about)),
        What::Again => format!("{who} crossed its threshold again, {} times now{}", about.crossings, because(about)),
        What::Over => format!("{who}: its condition is over; it stays until acknowledged"),
        What::Cleared => format!("{who} cleared"),
        What::Acknowledged => format!("{who} acknowledged"),
        What::Tested => format!("{} at {}: test alarm, {}", about.name, about.location, about.level.word()),
        _ => who,
    }
}

fn because(about: &Alarm) -> String {
    let on = about.reasons.iter().filter(|reason| reason.on).count();
    let more = if on > 1 { format!(", and {} more", on - 1) } else { String::new() };
    about.first_reason().map(|first| format!(": {}{more}", reason(first))).unwrap_or_default()
}
