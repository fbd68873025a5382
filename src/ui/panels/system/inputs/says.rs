//! What switches and sensors say, in words. Pure: the model in, words out.

use jiff::Timestamp;

use crate::model::inputs::buttons::{Event, Press};
use crate::model::inputs::{Aspect, Input, Said};
use crate::ui::words;
use crate::units::temperature::Scale;

/// One thing that an input said; of its battery nothing.
#[must_use]
pub fn one(said: &Said, scale: Scale) -> Option<String> {
    Some(match said {
        Said::Button(name) => button(name),
        Said::Motion(true) => "motion".to_owned(),
        Said::Motion(false) => "no motion".to_owned(),
        Said::Contact(true) => "closed".to_owned(),
        Said::Contact(false) => "open".to_owned(),
        Said::Temperature(celsius) => words::degrees_with_unit(Some(*celsius), scale),
        Said::LightLevel(lux) => format!("{lux:.0}\u{a0}lx"),
        Said::Battery(_) => return None,
    })
}

/// What happened at a button: `button 1 held`; its own name where that means nothing to us.
#[must_use]
pub fn button(name: &str) -> String {
    let Some(Press { button, event }) = Press::of(name) else { return name.replace('_', " ") };
    let event = match event {
        Event::Pressed => "pressed",
        Event::Repeat => "still held",
        Event::ShortRelease => "pressed and let go",
        Event::LongPress => "held",
        Event::LongRelease => "held and let go",
        Event::DoubleRelease => "pressed twice",
    };
    format!("button {button} {event}")
}

/// All that an input says now, the newest first, and when it said the first of it.
#[must_use]
pub fn all(input: &Input, scale: Scale) -> (String, Option<Timestamp>) {
    // Of a switch also each button is kept for itself; the last one pressed says it all.
    let whole = input.said.iter().filter(|(key, _)| !key.contains('/'));
    let mut said: Vec<(Timestamp, String)> =
        whole.filter_map(|(_, (at, said))| Some((*at, one(said, scale)?))).collect();
    said.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let newest = input.said.values().map(|(at, _)| *at).max();
    let sentence = said.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join(", ");
    (if sentence.is_empty() { "nothing yet".to_owned() } else { sentence }, newest)
}

/// What it is, by what it has.
#[must_use]
pub fn kind(input: &Input) -> String {
    let mut parts: Vec<String> = Vec::new();
    for aspect in &*input.aspects {
        parts.push(match aspect {
            Aspect::Buttons(names) => match Press::all(names).len() {
                0 => "switch".to_owned(),
                n => words::many(n, "button"),
            },
            Aspect::Motion => "motion".to_owned(),
            Aspect::Contact => "contact".to_owned(),
            Aspect::Temperature => "temperature".to_owned(),
            Aspect::LightLevel => "light level".to_owned(),
            Aspect::Battery => continue,
        });
    }
    parts.join(", ")
}

/// How full its battery is, percent; `None` if it has none or said nothing of it.
#[must_use]
pub fn battery(input: &Input) -> Option<f32> {
    match input.said.get("battery") {
        Some((_, Said::Battery(percent))) => Some(*percent),
        _ => None,
    }
}

/// The members of a JSON object as people read them: `flag true, status 3`.
#[must_use]
pub fn members(json: &str) -> String {
    let Ok(serde_json::Value::Object(members)) = serde_json::from_str(json) else { return json.to_owned() };
    let shown = members.iter().filter(|(key, value)| *key != "lastupdated" && !value.is_null());
    let parts: Vec<String> = shown
        .map(|(key, value)| format!("{key} {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    if parts.is_empty() { "nothing yet".to_owned() } else { parts.join(", ") }
}

/// Whether somebody is at home.
#[must_use]
pub const fn at_home(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "at home",
        Some(false) => "away",
        None => "nothing yet",
    }
}
