//! Durations as seconds in files and in the API: `#[serde(with = "crate::units::seconds")]`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serializer};

/// Writes a duration as a number of seconds.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(duration.as_secs_f64())
}

/// Reads a number of seconds, 0 to 31 days.
///
/// # Errors
/// A number that is no such duration.
pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    const LONGEST: f64 = 31.0 * 86_400.0;
    let seconds = f64::deserialize(from)?;
    if (0.0..=LONGEST).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err(serde::de::Error::custom("seconds must lie between 0 and 31 days"))
    }
}
