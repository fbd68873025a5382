//! Members of a written body: there or not, and of the right type and range; whatever else is in it is let be.

use std::fmt::Display;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::bridge::v2::writes::write::Refusal;
use crate::units::color::Xy;

fn wrong(key: &str, what: impl Display) -> Refusal {
    Refusal::bad(format!("invalid value for {key}: {what} expected"))
}

/// An object; `None` if it is not there.
///
/// # Errors
/// If it is something else.
pub fn object<'a>(map: &'a Map<String, Value>, key: &str) -> Result<Option<&'a Map<String, Value>>, Refusal> {
    match map.get(key) {
        None => Ok(None),
        Some(Value::Object(inner)) => Ok(Some(inner)),
        Some(_) => Err(wrong(key, "an object")),
    }
}

/// An array; `None` if it is not there.
///
/// # Errors
/// If it is something else.
pub fn array<'a>(map: &'a Map<String, Value>, key: &str) -> Result<Option<&'a Vec<Value>>, Refusal> {
    match map.get(key) {
        None => Ok(None),
        Some(Value::Array(inner)) => Ok(Some(inner)),
        Some(_) => Err(wrong(key, "an array")),
    }
}

/// A text; `None` if it is not there.
///
/// # Errors
/// If it is something else.
pub fn text<'a>(map: &'a Map<String, Value>, key: &str) -> Result<Option<&'a str>, Refusal> {
    match map.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(wrong(key, "a string")),
    }
}

/// A yes or no; `None` if it is not there.
///
/// # Errors
/// If it is something else.
pub fn flag(map: &Map<String, Value>, key: &str) -> Result<Option<bool>, Refusal> {
    match map.get(key) {
        None => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(_) => Err(wrong(key, "a boolean")),
    }
}

/// A number in a range; `None` if it is not there.
///
/// # Errors
/// If it is something else, or out of range.
pub fn number(map: &Map<String, Value>, key: &str, range: RangeInclusive<f64>) -> Result<Option<f64>, Refusal> {
    let Some(value) = map.get(key) else { return Ok(None) };
    let number = value.as_f64().filter(|number| range.contains(number));
    let asked = || wrong(key, format!("a number from {} to {}", range.start(), range.end()));
    number.map(Some).ok_or_else(asked)
}

/// A text that must be there, of so many characters.
///
/// # Errors
/// If it is not.
pub fn name(map: &Map<String, Value>, key: &str, longest: usize) -> Result<Option<String>, Refusal> {
    let Some(name) = text(map, key)?.map(str::trim) else { return Ok(None) };
    match (1..=longest).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        true => Ok(Some(name.to_owned())),
        false => Err(wrong(key, format!("a string of 1 to {longest} characters"))),
    }
}

/// The chromaticity of `{"xy":{"x":…,"y":…}}`.
///
/// # Errors
/// If it is something else, or out of range.
pub fn color(map: &Map<String, Value>) -> Result<Xy, Refusal> {
    let xy = needed(object(map, "xy")?, "xy")?;
    let part = |key| needed(number(xy, key, 0.0..=1.0)?, key);
    let (x, y) = (part("x")?, part("y")?);
    Xy::new(x as f32, y as f32).ok_or_else(|| wrong("xy", "a chromaticity"))
}

/// What must be there.
///
/// # Errors
/// If it is not.
pub fn needed<T>(member: Option<T>, key: &str) -> Result<T, Refusal> {
    member.ok_or_else(|| Refusal::bad(format!("missing required parameter: {key}")))
}
