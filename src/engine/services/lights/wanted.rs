//! From what a light's stack shows to what is wished of the light: dimmed by the master, within what the light can do.
//!
//! Invariant: a light that is on has a brightness above 0; a colour is one that the light can show.

use std::sync::Arc;

use crate::model::lights::Reported;
use crate::model::lights::capabilities::Capabilities;
use crate::model::lights::layers::{Attribute, Stack};
use crate::model::lights::state::{Change, Color, State};
use crate::units::color::{Gamut, Xy};

/// Brightnesses that lie so near are the same: devices round to 1/100 and 1/254.
const NEAR_BRIGHTNESS: f32 = 0.015;
/// Chromaticities that lie so near are the same.
const NEAR_XY: f32 = 0.02;
/// Whites whose temperatures differ by so small a share are the same.
const NEAR_KELVIN: f32 = 0.03;

/// How a light shall be.
#[must_use]
pub fn wanted(stack: &Stack, master: f32, can: &Capabilities) -> State {
    let shown = stack.shown();
    let dimmed = if stack.alarm_masks(Attribute::Brightness) { shown.brightness } else { shown.brightness * master };
    let on = shown.on && dimmed > 0.0;
    let effect = shown.effect.filter(|name| can.effects.contains(name));
    State { on, brightness: if can.dimming { dimmed } else { 1.0 }, color: within(&shown.color, can), effect }
}

/// The nearest to a colour that a light can show; for one that shows no colours always the same.
fn within(color: &Color, can: &Capabilities) -> Color {
    match (color, &can.color, &can.mirek) {
        (Color::Gradient(points), Some(gamut), _) if can.segments > 0 => Color::Gradient(clamped(points, gamut)),
        (Color::Mirek(mirek), _, Some(range)) => Color::Mirek(mirek.within(range)),
        (color, Some(gamut), _) => Color::Xy(gamut.clamp(color.xy())),
        (color, None, Some(range)) => Color::Mirek(color.xy().mirek().within(range)),
        (_, None, None) => State::default().color,
    }
}

fn clamped(points: &Arc<[Xy]>, gamut: &Gamut) -> Arc<[Xy]> {
    if points.iter().all(|point| gamut.contains(*point)) {
        return Arc::clone(points);
    }
    points.iter().map(|point| gamut.clamp(*point)).collect()
}

/// What a light says otherwise than it is wanted. How it would look if it were on is nobody's business while it is off.
#[must_use]
pub fn otherwise(said: &Reported, wanted: &State) -> Change {
    let on = said.on.map(|on| on && said.brightness.is_none_or(|brightness| brightness > 0.0));
    let mut change = Change { on: on.filter(|on| *on != wanted.on), ..Change::default() };
    if !on.unwrap_or(wanted.on) {
        return change;
    }
    let near = |brightness: f32| (brightness - wanted.brightness).abs() <= NEAR_BRIGHTNESS;
    change.brightness = said.brightness.filter(|brightness| !near(*brightness) && (0.0..=1.0).contains(brightness));
    let running = wanted.effect.as_deref().unwrap_or_default();
    change.effect = said.effect.clone().filter(|effect| **effect != *running);
    // An effect of its own shows colours of its own.
    let plain = said.effect.as_deref().unwrap_or(running).is_empty();
    change.color = said.color.clone().filter(|color| plain && !is_near(color, &wanted.color));
    if change.color.is_some() && change.effect.is_none() {
        change.effect.clone_from(&said.effect);
    }
    change
}

fn is_near(said: &Color, wanted: &Color) -> bool {
    match (said, wanted) {
        (Color::Mirek(said), Color::Mirek(wanted)) => {
            (said.kelvin() - wanted.kelvin()).abs() <= NEAR_KELVIN * wanted.kelvin()
        }
        (Color::Gradient(said), Color::Gradient(wanted)) if said.len() == wanted.len() => {
            said.iter().zip(wanted.iter()).all(|(said, wanted)| said.distance(*wanted) <= NEAR_XY)
        }
        // Points to blend between became segments, or one of them stands for all.
        (Color::Gradient(_), _) | (_, Color::Gradient(_)) => true,
        (said, wanted) => said.xy().distance(wanted.xy()) <= NEAR_XY,
    }
}
