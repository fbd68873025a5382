//! Days of the week and points of the day, as version 2 writes them.

use jiff::civil::Weekday;
use serde_json::{Value, json};

use crate::model::bridge::plan::{Days, TimePoint};

/// Days with their words, from Monday on.
const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "monday"),
    (Weekday::Tuesday, "tuesday"),
    (Weekday::Wednesday, "wednesday"),
    (Weekday::Thursday, "thursday"),
    (Weekday::Friday, "friday"),
    (Weekday::Saturday, "saturday"),
    (Weekday::Sunday, "sunday"),
];

/// A day as a word.
#[must_use]
pub fn word(day: Weekday) -> &'static str {
    DAYS.iter().find(|(known, _)| *known == day).map_or("", |(_, word)| word)
}

/// Days as words, from Monday on.
#[must_use]
pub fn words(days: Days) -> Vec<&'static str> {
    DAYS.iter().filter(|(day, _)| days.has(*day)).map(|(_, word)| *word).collect()
}

/// The days of words; `None` if one is no day.
#[must_use]
pub fn days<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Days> {
    let bit = |word: &str| DAYS.iter().find(|(_, known)| *known == word).map(|(day, _)| Days::of(*day).0);
    words.into_iter().try_fold(0, |days, word| Some(days | bit(word)?)).map(Days)
}

/// A point of the day; `tag` is the member that says which kind it is: `kind` or `type`.
#[must_use]
pub fn point(point: TimePoint, tag: &str) -> Value {
    let mut written = match point {
        TimePoint::Time(time) => {
            json!({"time": {"hour": time.hour(), "minute": time.minute(), "second": time.second()}})
        }
        TimePoint::Sunrise(0) | TimePoint::Sunset(0) => json!({}),
        TimePoint::Sunrise(minutes) | TimePoint::Sunset(minutes) => json!({"offset": {"minutes": minutes}}),
    };
    written[tag] = match point {
        TimePoint::Time(_) => "time",
        TimePoint::Sunrise(_) => "sunrise",
        TimePoint::Sunset(_) => "sunset",
    }
    .into();
    written
}
