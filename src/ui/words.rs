//! Figures and times as people read them.
//!
//! Invariant: an unknown figure is an en dash, never a zero; minus is U+2212; a number and its unit do not break.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::thermal::PixelMeaning;
use crate::units::temperature::Scale;

/// What stands for an unknown figure.
pub const UNKNOWN: &str = "\u{2013}";
const MINUS: char = '\u{2212}';

/// A temperature without its unit, one decimal.
#[must_use]
pub fn degrees(celsius: Option<f32>, scale: Scale) -> String {
    celsius.map_or_else(|| UNKNOWN.to_owned(), |c| minus(&format!("{:.1}", scale.of(c))))
}

/// A temperature with its unit.
#[must_use]
pub fn degrees_with_unit(celsius: Option<f32>, scale: Scale) -> String {
    format!("{}\u{a0}{}", degrees(celsius, scale), scale.unit())
}

/// A difference of temperatures with its sign, one decimal, without its unit.
#[must_use]
pub fn difference(kelvin: f32, scale: Scale) -> String {
    let figure = format!("{:+.1}", scale.of_difference(kelvin));
    minus(if figure == "-0.0" { "+0.0" } else { &figure })
}

/// The range between two temperatures, without the unit.
#[must_use]
pub fn range(low: f32, high: f32, scale: Scale) -> String {
    let (low, high) = (degrees(Some(low), scale), degrees(Some(high), scale));
    // Beside a minus the dash needs air around it.
    let dash = if high.starts_with(MINUS) { "\u{a0}\u{2013}\u{a0}" } else { "\u{2013}" };
    format!("{low}{dash}{high}")
}

/// A rate of change with its sign, per minute, without the unit of temperature.
#[must_use]
pub fn rate(kelvin_per_minute: Option<f32>, scale: Scale) -> String {
    kelvin_per_minute.map_or_else(
        || UNKNOWN.to_owned(),
        |k| {
            let figure = format!("{:+.1}/min", scale.of_difference(k));
            minus(&if figure == "-0.0/min" { "+0.0/min".to_owned() } else { figure })
        },
    )
}

/// A figure with its typographic minus; a zero has none.
#[must_use]
pub fn minus(figure: &str) -> String {
    match figure.strip_prefix('-') {
        Some(zero) if !zero.contains(|digit: char| ('1'..='9').contains(&digit)) => zero.to_owned(),
        _ => figure.replace('-', MINUS.encode_utf8(&mut [0; 4])),
    }
}

/// A figure with so many decimals at most; zeros at the end are left away.
#[must_use]
pub fn trimmed(value: f64, decimals: usize) -> String {
    let figure = format!("{value:.decimals$}");
    let figure = if figure.contains('.') { figure.trim_end_matches('0').trim_end_matches('.') } else { &figure };
    minus(figure)
}

/// What numbers of an array mean, by name.
#[must_use]
pub fn meaning(meaning: PixelMeaning) -> String {
    match meaning {
        PixelMeaning::Custom { scale, offset } => {
            let offset = minus(&format!("{offset:+}"));
            format!("custom: value\u{a0}\u{d7}\u{a0}{}\u{a0}{offset}", minus(&scale.to_string()))
        }
        known => known.name(),
    }
}

/// How long ago, in the largest unit that matters.
#[must_use]
pub fn age(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        0..=119 => format!("{seconds}\u{a0}s"),
        120..=7_199 => format!("{}\u{a0}min", seconds / 60),
        7_200..=172_799 => format!("{}\u{a0}h {}\u{a0}min", seconds / 3_600, seconds / 60 % 60),
        _ => format!("{}\u{a0}days", seconds / 86_400),
    }
}

/// How long ago, to the second where it is less than an hour.
#[must_use]
pub fn ago(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        60..=3_599 => format!("{}\u{a0}min {}\u{a0}s", seconds / 60, seconds % 60),
        _ => self::age(age),
    }
}

/// How often: a rate for what is fast, a period for what is slow.
#[must_use]
pub fn period(period: Option<Duration>) -> String {
    let Some(seconds) = period.map(|p| p.as_secs_f64()).filter(|&s| s > 0.0) else { return UNKNOWN.to_owned() };
    if seconds < 0.95 {
        format!("{:.1}\u{a0}fps", 1.0 / seconds)
    } else if seconds < 10.0 {
        format!("every {seconds:.1}\u{a0}s")
    } else {
        format!("every {}", age(Duration::from_secs_f64(seconds)))
    }
}

/// A short time: a delay.
#[must_use]
pub fn delay(seconds: Option<f64>) -> String {
    match seconds {
        None => format!("{UNKNOWN}\u{a0}ms"),
        Some(s) if s < 0.001 => format!("{:.0}\u{a0}\u{b5}s", s * 1e6),
        Some(s) if s < 0.01 => format!("{:.1}\u{a0}ms", s * 1e3),
        Some(s) => format!("{:.0}\u{a0}ms", s * 1e3),
    }
}

/// A whole number with commas.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// An amount of data.
#[must_use]
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 4] = ["B", "kB", "MB", "GB"];
    let (mut value, mut unit) = (n as f64, 0);
    while value >= 1_000.0 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 { format!("{n}\u{a0}{name}") } else { format!("{value:.1}\u{a0}{name}") }
}

/// Time of day: hours, minutes and seconds.
#[must_use]
pub fn clock(wall: Timestamp, zone: &TimeZone) -> String {
    wall.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// Time of day to the tenth of a second.
#[must_use]
pub fn tenths(wall: Timestamp, zone: &TimeZone) -> String {
    wall.to_zoned(zone.clone()).strftime("%H:%M:%S%.1f").to_string()
}

/// An instant to the second, with the day if it is not that of `now`.
#[must_use]
pub fn instant(wall: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (then, now) = (wall.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let pattern = match () {
        () if then.date() == now.date() => "%H:%M:%S",
        () if then.year() == now.year() => "%d %b %H:%M:%S",
        () => "%Y-%m-%d %H:%M:%S",
    };
    then.strftime(pattern).to_string()
}

/// Time of day, with the day if it is not that of `now`.
#[must_use]
pub fn since(wall: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (then, now) = (wall.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let pattern = if then.date() == now.date() { "%H:%M" } else { "%d %b %H:%M" };
    then.strftime(pattern).to_string()
}

/// A sentence with a capital at its beginning.
#[must_use]
pub fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// "1 device", "3 devices".
#[must_use]
pub fn many(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}
