//! Times as apps write them: points of the day, days of the week, durations.

use jiff::civil::Time;
use serde_json::Value;

use crate::bridge::v2::resources::day;
use crate::model::bridge::job::Daily;
use crate::model::bridge::plan::{Days, TimePoint};

/// A duration of a day at most, seconds.
const DAY_S: u64 = 86_400;

/// A point of the day: `{"type":"time","time":{"hour":7,"minute":0}}`, `{"type":"sunset","offset":{"minutes":-30}}`; in
/// smart scenes the tag is `kind`, and switches write `{"hour":7,"minute":0}` alone. `None` if it is none of these.
#[must_use]
pub fn point(written: &Value) -> Option<TimePoint> {
    let kind = written.get("type").or_else(|| written.get("kind")).map_or(Some("time"), Value::as_str)?;
    let offset = || match written.get("offset") {
        None => Some(0),
        Some(offset) => {
            let minutes = offset.get("minutes").map_or(Some(0), Value::as_i64)?;
            let hours = offset.get("hours").map_or(Some(0), Value::as_i64)?;
            let all = minutes.checked_add(hours.checked_mul(60)?)?;
            i16::try_from(all).ok().filter(|minutes| (-720..=720).contains(minutes))
        }
    };
    match kind {
        "time" => time(written.get("time").unwrap_or(written)).map(TimePoint::Time),
        "sunrise" => offset().map(TimePoint::Sunrise),
        "sunset" => offset().map(TimePoint::Sunset),
        _ => None,
    }
}

fn time(written: &Value) -> Option<Time> {
    let part = |key: &str| written.get(key).map_or(Some(0), |part| i8::try_from(part.as_i64()?).ok());
    written.get("hour")?;
    Time::new(part("hour")?, part("minute")?, part("second")?, 0).ok()
}

/// Days of the week: `["monday","friday"]`; none without any. `None` if they are something else.
#[must_use]
pub fn days(written: Option<&Value>) -> Option<Days> {
    let Some(written) = written else { return Some(Days(0)) };
    let words: Option<Vec<&str>> = written.as_array()?.iter().map(Value::as_str).collect();
    day::days(words?)
}

/// When and on which days: `{"time_point":{…},"recurrence_days":[…]}`.
#[must_use]
pub fn daily(written: &Value) -> Option<Daily> {
    let days = written.get("recurrence_days").or_else(|| written.get("recurrence"));
    Some(Daily { at: point(written.get("time_point")?)?, days: self::days(days)? })
}

/// A duration, seconds: `{"minutes":10}`, `{"seconds":900}`, hours too, added up; at most a day.
#[must_use]
pub fn seconds(written: &Value) -> Option<u32> {
    let part = |key: &str, seconds: u64| match written.get(key) {
        None => Some(0),
        Some(part) => part.as_u64()?.checked_mul(seconds),
    };
    written.as_object().filter(|parts| !parts.is_empty())?;
    let all = part("hours", 3600)?.checked_add(part("minutes", 60)?)?.checked_add(part("seconds", 1)?)?;
    u32::try_from(all).ok().filter(|all| u64::from(*all) <= DAY_S)
}
