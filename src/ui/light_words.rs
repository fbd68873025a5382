//! Lights in words and swatches: what one shows, who drives it, what is wrong with it. Pure: the model in, words out.
//!
//! Invariant: what a light said goes before what was asked of it; where the two differ it is said.

use std::sync::Arc;

use egui::Color32;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::lights::Light;
use crate::model::lights::connection::Reach;
use crate::model::lights::layers::{Kind, Line, Source};
use crate::model::lights::state::{Change, Color, State};
use crate::ui::standing::Standing;
use crate::ui::words;
use crate::units::color::{Srgb8, Xy};

/// Brightnesses closer than this count as one: some lights count in steps of 1 %.
const SAME_SHARE: f32 = 0.015;
/// Chromaticities closer than this count as one: lights round them.
const SAME_XY: f32 = 0.015;
/// Cells of a swatch at most.
const CELLS: usize = 16;

/// How a light stands.
#[must_use]
pub fn standing(light: &Light) -> Standing {
    match light.reach {
        Reach::Online if differs(light) => Standing::Pending,
        Reach::Online => Standing::Live,
        Reach::Starting | Reach::Waiting { .. } => Standing::Pending,
        Reach::Unreachable { .. } | Reach::Refused { .. } => Standing::Offline,
    }
}

/// The word of [`standing`].
#[must_use]
pub fn standing_word(light: &Light) -> &'static str {
    match &light.reach {
        Reach::Online if differs(light) => "waiting for its answer",
        Reach::Online => "reachable",
        Reach::Starting => "starting",
        Reach::Waiting { .. } => "waiting for you",
        Reach::Unreachable { .. } => "unreachable",
        Reach::Refused { .. } => "refused",
    }
}

/// Whether it can be reached.
#[must_use]
pub const fn is_reachable(light: &Light) -> bool {
    matches!(light.reach, Reach::Online)
}

/// Whether it is out of reach.
#[must_use]
pub const fn is_lost(light: &Light) -> bool {
    matches!(light.reach, Reach::Unreachable { .. } | Reach::Refused { .. })
}

/// Whether a light says otherwise than is wanted of it. What it does not say does not differ; nor does anything while
/// frames go to it.
#[must_use]
pub fn differs(light: &Light) -> bool {
    let (wanted, said) = (&light.wanted, &light.reported);
    if light.streaming_fps > 0.0 {
        return false;
    }
    if said.on.is_some_and(|on| on != wanted.on) {
        return true;
    }
    let dimmed = said.brightness.is_some_and(|said| (said - wanted.brightness).abs() > SAME_SHARE);
    wanted.on && (dimmed || said.color.as_ref().is_some_and(|said| !alike(said, &wanted.color)))
}

fn alike(said: &Color, wanted: &Color) -> bool {
    let near = |a: Xy, b: Xy| a.distance(b) <= SAME_XY;
    match (said, wanted) {
        (Color::Gradient(a), Color::Gradient(b)) if a.len() == b.len() => a.iter().zip(&**b).all(|(a, b)| near(*a, *b)),
        (a, b) => near(a.xy(), b.xy()),
    }
}

/// A share in percent.
#[must_use]
pub fn percent(share: f32) -> String {
    format!("{:.0}\u{a0}%", share * 100.0)
}

/// Whether it is on, its brightness and its colour: `on, 80 %, 2200 K`.
#[must_use]
pub fn state(state: &State) -> String {
    if !state.on {
        return "off".to_owned();
    }
    let what = state.effect.as_ref().map_or_else(|| color(&state.color), |effect| format!("effect {effect}"));
    format!("on, {}, {what}", percent(state.brightness))
}

/// What a light says of itself, in the words of [`state`]; `None` if it never said anything.
#[must_use]
pub fn reported(light: &Light) -> Option<String> {
    let said = &light.reported;
    let parts = [
        said.on.map(|on| if on { "on" } else { "off" }.to_owned()),
        said.brightness.filter(|_| said.on != Some(false)).map(percent),
        said.color.as_ref().filter(|_| said.on != Some(false)).map(color),
        said.effect.as_ref().filter(|effect| !effect.is_empty()).map(|effect| format!("effect {effect}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A colour: a white by its temperature, others by their hex.
#[must_use]
pub fn color(color: &Color) -> String {
    match color {
        Color::Mirek(mirek) => kelvin(mirek.kelvin()),
        Color::Xy(xy) => xy.linear().srgb().hex(),
        Color::Gradient(points) => words::many(points.len(), "colour"),
    }
}

/// A temperature of white, to the ten kelvin as people say it.
#[must_use]
pub fn kelvin(kelvin: f32) -> String {
    format!("{:.0}\u{a0}K", (kelvin / 10.0).round() * 10.0)
}

/// A chromaticity as it looks on a screen.
#[must_use]
pub fn paint(xy: Xy) -> Color32 {
    let Srgb8 { r, g, b } = xy.linear().srgb();
    Color32::from_rgba_premultiplied(r, g, b, u8::MAX)
}

/// The colours that a light shows now, along its length; empty if it is off.
#[must_use]
pub fn swatch(light: &Light) -> Vec<Color32> {
    let on = light.reported.on.unwrap_or(light.wanted.on);
    if !on {
        return Vec::new();
    }
    cells(light.reported.color.as_ref().filter(|_| !differs(light)).unwrap_or(&light.wanted.color))
}

/// A colour as cells of a swatch.
#[must_use]
pub fn cells(color: &Color) -> Vec<Color32> {
    match color {
        Color::Gradient(points) if points.len() > 1 => {
            let n = points.len().min(CELLS);
            (0..n).filter_map(|cell| points.get(cell * points.len() / n)).map(|xy| paint(*xy)).collect()
        }
        one => vec![paint(one.xy())],
    }
}

/// What a change masks, in words.
#[must_use]
pub fn change(change: &Change) -> String {
    let parts = [
        change.on.map(|on| if on { "on" } else { "off" }.to_owned()),
        change.brightness.map(percent),
        change.color.as_ref().map(color),
        change.effect.as_ref().filter(|effect| !effect.is_empty()).map(|effect| format!("effect {effect}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
}

/// The word of a kind of layer.
#[must_use]
pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Schedule => "Schedule",
        Kind::Effect => "Effect",
        Kind::Automation => "Automation",
        Kind::Stream => "Stream",
        Kind::Alarm => "Alarm",
    }
}

/// Who did something: the person at this window is "you", a light itself is said so.
#[must_use]
pub fn who(by: &Arc<str>, operator: &Arc<str>) -> String {
    match &**by {
        "" => "the light itself".to_owned(),
        name if name == &**operator => "you".to_owned(),
        name => name.to_owned(),
    }
}

/// Who drives a light, the uppermost first: `you, above effect Fire`.
#[must_use]
pub fn controlled(light: &Light, operator: &Arc<str>) -> String {
    let layer = |of: Kind, name: &str| match of {
        Kind::Stream if light.streaming_fps > 0.0 => {
            format!("stream from {name}, {:.0}\u{a0}fps", light.streaming_fps)
        }
        known => format!("{} {name}", kind(known).to_lowercase()),
    };
    // A stream drives by its frames, whatever it says besides.
    let drives = |line: &Line| !line.drives.is_empty() || line.source == Source::Layer(Kind::Stream);
    let told = if light.stack.layers.is_empty() { Vec::new() } else { light.stack.explain() };
    match told.iter().find(|line| drives(line)) {
        Some(Line { source: Source::Layer(kind), name, .. }) => layer(*kind, name),
        Some(Line { source: Source::Hold(kind), name, by, .. }) => {
            format!("{}, above {}", who(by, operator), layer(*kind, name))
        }
        _ => who(&light.stack.by, operator),
    }
}

/// What is wrong with something that can be out of reach, and how that shows; `None` if it answers.
#[must_use]
pub fn trouble(reach: &Reach, now: Timestamp, zone: &TimeZone) -> Option<(String, String)> {
    match reach {
        Reach::Online => None,
        Reach::Starting => Some(("Starting".to_owned(), "Waiting for its first answer".to_owned())),
        Reach::Waiting { what } => Some(("Waiting for you".to_owned(), what.to_string())),
        Reach::Unreachable { since, why } => {
            Some((format!("Unreachable since {}", words::since(*since, now, zone)), words::capital(why)))
        }
        Reach::Refused { why } => Some(("Refused".to_owned(), words::capital(why))),
    }
}
