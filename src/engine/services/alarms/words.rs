//! Sentences of the journal.

use crate::model::alarms::alarm::Alarm;
use crate::model::alarms::journal::What;
use crate::report::words;

/// `Fire at Bench`.
#[must_use]
pub fn alarm(alarm: &Alarm) -> String {
    let test = if alarm.test { "Test of " } else { "" };
    format!("{test}{} at {}", alarm.name, alarm.location)
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
    about.first_reason().map(|first| format!(": {}{more}", words::reason(first))).unwrap_or_default()
}
