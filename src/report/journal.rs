//! Journal entries as files: CSV (RFC 4180, one line an entry) and JSON.

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use crate::model::alarms::journal::Entry;
use crate::report::words;

/// The first line of the CSV.
const HEADER: &str = "number,time,what,level,rule,alarm,device,location,by,test,text";

/// The entries as CSV, in their order, times with their distance from universal time.
#[must_use]
pub fn csv(entries: &[Entry], zone: &TimeZone) -> String {
    let mut out = format!("{HEADER}\r\n");
    for entry in entries {
        let time = words::stamp(entry.at, zone);
        let fields = [
            entry.what.label(),
            entry.level.map_or("", |level| level.label()),
            entry.rule.as_ref().map_or("", |rule| rule.as_str()),
            entry.alarm.as_ref().map_or("", |alarm| alarm.as_str()),
            entry.device.as_ref().map_or("", |device| device.as_str()),
            entry.location.as_deref().unwrap_or(""),
            &entry.by,
            if entry.test { "true" } else { "false" },
            &entry.text,
        ];
        let _ = write!(out, "{},{time}", entry.seq);
        for value in fields {
            out.push(',');
            field(&mut out, value);
        }
        out.push_str("\r\n");
    }
    out
}

/// The entries as a JSON array, in their order.
#[must_use]
pub fn json(entries: &[Entry]) -> String {
    serde_json::to_string_pretty(entries).unwrap_or_default()
}

/// A field: in quotes where it has to be, and never read as a formula by a spreadsheet.
pub(super) fn field(out: &mut String, value: &str) {
    let guard = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if guard.is_empty() && !value.contains(['"', ',', '\n', '\r']) {
        out.push_str(value);
    } else {
        let _ = write!(out, "\"{guard}{}\"", value.replace('"', "\"\""));
    }
}
