//! The forms in which version 1 writes when something happens.
//!
//! ```text
//!  2026-12-24T18:00:00              once                    …A00:30:00   up to so much later, at random
//!  W124/T06:30:00                   on days of the week     W124/T18:00:00/T22:00:00   from then until then
//!  PT00:10:00                       after so long           R/PT01:00:00   R05/PT01:00:00   again and again, so often
//! ```

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

use crate::model::bridge::plan::{Days, When};

/// Characters of a date with its time.
const DATE: usize = "2026-12-24T18:00:00".len();

/// Reads one of the forms: when, and up to how many seconds later.
#[must_use]
pub fn read(text: &str) -> Option<(When, u32)> {
    let (plain, random_s) = match text.rsplit_once('A') {
        Some((plain, random)) => (plain, seconds(random)?),
        None => (text, 0),
    };
    Some((plain_when(plain)?, random_s))
}

fn plain_when(text: &str) -> Option<When> {
    let mut parts = text.split('/');
    let (first, second, third) = (parts.next()?, parts.next(), parts.next());
    if parts.next().is_some() {
        return None;
    }
    match (first.as_bytes().first()?, second, third) {
        (b'W', Some(from), None) => Some(When::Weekly(days(first)?, time(from)?)),
        (b'W', Some(from), Some(to)) => Some(When::Interval(days(first)?, time(from)?, time(to)?)),
        (b'P', None, None) => Some(When::Timer { seconds: duration(first)?, repeat: None }),
        (b'R', Some(after), None) => {
            let times = match first.strip_prefix('R')? {
                "" => None,
                times => Some(number(times, 2).filter(|times| *times > 0)?),
            };
            let seconds = duration(after).filter(|seconds| *seconds > 0)?;
            Some(When::Timer { seconds, repeat: Some(times) })
        }
        (_, None, None) if first.len() == DATE => Some(When::Once(first.parse::<DateTime>().ok()?)),
        _ => None,
    }
}

/// An interval of the clock on the wall, on days or on every day: `T22:00:00/T06:30:00`, `W124/T08:00:00/T09:00:00`.
#[must_use]
pub fn within(text: &str) -> Option<(Days, Time, Time)> {
    /// Every day of the week.
    const EVERY: Days = Days(127);
    match text.split('/').collect::<Vec<_>>()[..] {
        [from, to] => Some((EVERY, time(from)?, time(to)?)),
        [on, from, to] => Some((days(on)?, time(from)?, time(to)?)),
        _ => None,
    }
}

/// A length of time, `PT00:10:00`, in seconds.
#[must_use]
pub fn duration(text: &str) -> Option<u32> {
    seconds(text.strip_prefix("PT")?)
}

/// A time of the clock on the wall for one of UTC; those that come again and again stay.
#[must_use]
pub fn local(when: When, zone: &TimeZone) -> When {
    match when {
        When::Once(utc) => {
            let at = utc.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
            When::Once(at.map_or(utc, |at| zone.to_datetime(at)))
        }
        other => other,
    }
}

/// When something happens that happens once; a time that the clock skips is the next that there is.
#[must_use]
pub fn instant(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_zoned(at).compatible().ok().map(|zoned| zoned.timestamp())
}

fn days(text: &str) -> Option<Days> {
    let bits = number(text.strip_prefix('W')?, 3)?;
    u8::try_from(bits).ok().filter(|bits| (1..=127).contains(bits)).map(Days)
}

fn time(text: &str) -> Option<Time> {
    let [hour, minute, second] = clock(text.strip_prefix('T')?)?;
    let part = |part: u32| i8::try_from(part).ok();
    Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()
}

fn seconds(text: &str) -> Option<u32> {
    let [hours, minutes, seconds] = clock(text)?;
    (minutes < 60 && seconds < 60).then_some(hours * 3600 + minutes * 60 + seconds)
}

/// `hh:mm:ss`, each of two digits.
fn clock(text: &str) -> Option<[u32; 3]> {
    let parts: Option<Vec<u32>> = text.split(':').map(|part| number(part, 2).filter(|_| part.len() == 2)).collect();
    parts?.try_into().ok()
}

/// A number of so many digits at most.
fn number(text: &str, digits: usize) -> Option<u32> {
    let right = !text.is_empty() && text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| right)
}
