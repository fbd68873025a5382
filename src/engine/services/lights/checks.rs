//! What a command may say: names, numbers, and things that must be there. Each mistake with its cause and cure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::lights::state::{Change, Color, MAX_POINTS, State};
use crate::model::lights::{Aim, LightId, Lights, MAX_NAME};
use crate::units::slug::slug;

/// A change takes an hour at most, ms.
const MAX_TRANSITION_MS: u32 = 3_600_000;
/// Options and secrets of a connection.
const MAX_OPTIONS: usize = 32;
/// Characters of an address, an option or a secret.
const MAX_OPTION: usize = 1024;

/// A name as it is kept: trimmed, on one line.
///
/// # Errors
/// If it is empty or too long.
pub(super) fn name(text: &str) -> Result<Arc<str>, String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("The name is empty. Write one.".to_owned()),
        n if n > MAX_NAME => Err(format!("A name has {MAX_NAME} characters at most, this one {n}. Shorten it.")),
        _ if text.chars().any(char::is_control) => Err("A name is one line of text.".to_owned()),
        _ => Ok(text.into()),
    }
}

/// What a device said for people, made fit to be shown; `or` if nothing is left.
pub(super) fn tidy(text: &str, or: &str) -> Arc<str> {
    let plain: String = text.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    let plain = plain.trim();
    if plain.is_empty() { or.into() } else { plain.into() }
}

/// A slug that is not taken yet.
pub(super) fn free_slug(text: &str, taken: impl Fn(&Arc<str>) -> bool) -> Arc<str> {
    let base = slug(text);
    let others = (2_u32..).map(|n| format!("{base}-{n}"));
    let mut all = std::iter::once(base.clone()).chain(others).map(Arc::from);
    all.find(|name| !taken(name)).unwrap_or_else(|| base.as_str().into())
}

/// A share of something.
///
/// # Errors
/// If it does not lie in 0..=1.
pub(super) fn share(value: f32, what: &str) -> Result<f32, String> {
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(format!("{what} is a share from 0 to 1, not {value}.")) }
}

/// A time that a change takes.
///
/// # Errors
/// If it is too long.
pub(super) fn transition(ms: Option<u32>) -> Result<(), String> {
    match ms {
        Some(ms) if ms > MAX_TRANSITION_MS => Err(format!("A change takes an hour at most, not {} s.", ms / 1000)),
        _ => Ok(()),
    }
}

/// A change as it can be used. Brightness 0 means off: the light keeps the brightness it will have when it is on again.
///
/// # Errors
/// If a part of it is out of range, or it says nothing.
pub(super) fn change(mut change: Change) -> Result<Change, String> {
    if change.is_empty() {
        return Err("The change says nothing. Say on, brightness, color or effect.".to_owned());
    }
    transition(change.transition_ms)?;
    if let Some(brightness) = change.brightness
        && share(brightness, "Brightness")? <= 0.0
    {
        (change.on, change.brightness) = (Some(false), None);
    }
    change.color.as_ref().map_or(Ok(()), color)?;
    if change.effect.as_ref().is_some_and(|effect| effect.chars().count() > MAX_NAME) {
        return Err(format!("The name of an effect has {MAX_NAME} characters at most."));
    }
    Ok(change)
}

/// A colour as it can be used.
///
/// # Errors
/// If it is a gradient of no points or of too many.
pub(super) fn color(color: &Color) -> Result<(), String> {
    match color {
        Color::Gradient(points) if points.is_empty() || points.len() > MAX_POINTS => {
            Err(format!("A gradient has 1 to {MAX_POINTS} colours, not {}.", points.len()))
        }
        _ => Ok(()),
    }
}

/// A whole state as it can be used.
///
/// # Errors
/// If a part of it is out of range.
pub(super) fn state(state: &State) -> Result<(), String> {
    share(state.brightness, "Brightness")?;
    color(&state.color)
}

/// The lights that aims name.
///
/// # Errors
/// If an aim names what is not there.
pub(super) fn aimed(lights: &Lights, aims: &[Aim]) -> Result<BTreeSet<LightId>, String> {
    for aim in aims {
        match aim {
            Aim::Light(id) if !lights.lights.contains_key(id) => return Err(no_light(id)),
            Aim::Group(id) if !lights.groups.contains_key(id) => {
                return Err(format!("There is no room or zone \"{}\" any more.", id.0));
            }
            _ => {}
        }
    }
    Ok(lights.aimed(aims))
}

/// What to say of a light that is not there.
pub(super) fn no_light(id: &LightId) -> String {
    format!("There is no light \"{}\" any more.", id.0)
}

/// Texts that go with an address, or secrets.
///
/// # Errors
/// If they are too many or too long.
pub(super) fn options<K: AsRef<str>, V: AsRef<str>>(options: &BTreeMap<K, V>) -> Result<(), String> {
    let long = |text: &str| text.chars().count() > MAX_OPTION;
    match options.iter().any(|(key, text)| long(key.as_ref()) || long(text.as_ref())) {
        true => Err(format!("An option has {MAX_OPTION} characters at most.")),
        false if options.len() > MAX_OPTIONS => Err(format!("There are {MAX_OPTIONS} options at most.")),
        false => Ok(()),
    }
}
