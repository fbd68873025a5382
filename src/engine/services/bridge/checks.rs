//! What a command about the bridge may say. Each mistake with its cause and cure.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::model::bridge::app::Secret;
use crate::model::bridge::extra::Extra;
use crate::model::bridge::object::Object;

/// Characters of a key that we make.
pub const KEY: usize = 40;
/// Characters of a key that came from another bridge, at least.
const FOREIGN_KEY: usize = 10;
/// Characters of the name that an app gives itself.
const MAX_APP: usize = 40;
/// Characters of the bridge's name.
const MAX_NAME: usize = 32;
/// Bytes of what is noted beside a thing.
const MAX_EXTRA: usize = 16 << 10;
/// Bytes of something that an app keeps.
const MAX_OBJECT: usize = 64 << 10;

/// What an app calls itself.
///
/// # Errors
/// If it is empty or too long.
pub(super) fn app(name: &str) -> Result<Arc<str>, String> {
    line(name, MAX_APP, "An app's name")
}

/// What the bridge is called.
///
/// # Errors
/// If it is empty or too long.
pub(super) fn name(name: &str) -> Result<Arc<str>, String> {
    line(name.trim(), MAX_NAME, "The bridge's name")
}

fn line(text: &str, most: usize, what: &str) -> Result<Arc<str>, String> {
    let n = text.chars().count();
    if !(1..=most).contains(&n) {
        return Err(format!("{what} has 1 to {most} characters, not {n}."));
    }
    if text.chars().any(char::is_control) {
        return Err(format!("{what} is one line of text."));
    }
    Ok(text.into())
}

/// A key that was made for an app.
///
/// # Errors
/// If it is not as ours are.
pub(super) fn key(key: &Secret) -> Result<Arc<str>, String> {
    let key = key.reveal();
    let sound = key.len() == KEY && is_key(key);
    sound.then(|| Arc::clone(key)).ok_or_else(|| format!("A key has {KEY} letters, digits and hyphens."))
}

/// A key that another bridge made for an app.
///
/// # Errors
/// If it is none.
pub(super) fn foreign_key(key: &Secret) -> Result<Arc<str>, String> {
    let key = key.reveal();
    let sound = (FOREIGN_KEY..=KEY).contains(&key.len()) && is_key(key);
    let why = || format!("A key has {FOREIGN_KEY} to {KEY} letters, digits and hyphens; one of these has not.");
    sound.then(|| Arc::clone(key)).ok_or_else(why)
}

fn is_key(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A time zone by its Olson name.
///
/// # Errors
/// If there is none of this name.
pub(super) fn zone(name: &str) -> Result<Arc<str>, String> {
    let known = TimeZone::get(name).ok();
    let name = known.as_ref().and_then(|zone| zone.iana_name());
    name.map(Arc::from).ok_or_else(|| "There is no time zone of this name. Write one such as Europe/Berlin.".to_owned())
}

/// A place on Earth, degrees.
///
/// # Errors
/// If it is none.
pub(super) fn place(latitude: f64, longitude: f64) -> Result<(f64, f64), String> {
    let sound = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    sound
        .then_some((latitude, longitude))
        .ok_or_else(|| "Latitudes go from -90 to 90, longitudes from -180 to 180 degrees.".to_owned())
}

/// What is noted beside a thing.
///
/// # Errors
/// If it is too much.
pub(super) fn extra(extra: &Extra) -> Result<(), String> {
    fits(serde_json::to_vec(extra).map_or(0, |bytes| bytes.len()), MAX_EXTRA)
}

/// Something that an app keeps.
///
/// # Errors
/// If it is too much.
pub(super) fn object(object: &Object) -> Result<(), String> {
    fits(serde_json::to_vec(object).map_or(0, |bytes| bytes.len()), MAX_OBJECT)
}

fn fits(bytes: usize, most: usize) -> Result<(), String> {
    if bytes <= most { Ok(()) } else { Err(format!("This is {bytes} bytes long; {most} are kept at most.")) }
}
