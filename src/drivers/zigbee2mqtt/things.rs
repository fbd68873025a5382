//! What devices of a Zigbee mesh are to the house: lights with what they can do, switches and sensors.

use std::sync::Arc;

use crate::drivers::LocalId;
use crate::drivers::hub::picked;
use crate::drivers::light::Thing;
use crate::model::inputs::{Aspect, Said};
use crate::model::lights::Reported;
use crate::model::lights::capabilities::{Capabilities, PowerOn, Rates};
use crate::model::lights::state::{self, Change};
use crate::units::color::{Gamut, Mirek, Srgb8};
use crate::wire::zigbee2mqtt::{Color, Device, Light, Message, Senses, State};

/// Commands a second that one mesh carries well.
pub(super) const MESH_HZ: f32 = 5.0;
/// Frames a second that are worth sending to one light.
const FRAMES_HZ: f32 = 3.0;

/// The name of one of a device's lights on its connection: its address outlives every rename.
pub(super) fn light_id(device: &Device, light: &Light) -> LocalId {
    match &light.endpoint {
        Some(endpoint) => LocalId(format!("{}/{endpoint}", device.ieee).into()),
        None => LocalId(device.ieee.as_str().into()),
    }
}

/// The name of a device's switch or sensor on its connection, if it is one.
pub(super) fn input_id(device: &Device) -> Option<LocalId> {
    let Senses { actions, motion, contact, temperature, illuminance, battery: _ } = &device.senses;
    let only_light = actions.is_empty() && !(*motion || *contact || *temperature || *illuminance);
    match (only_light, device.lights.is_empty()) {
        (true, _) => None,
        (false, true) => Some(LocalId(device.ieee.as_str().into())),
        (false, false) => Some(LocalId(format!("{}/input", device.ieee).into())),
    }
}

/// A friendly name as room and name: what stands before the first slash is the room.
fn place(name: &str) -> (Option<Arc<str>>, &str) {
    match name.split_once('/') {
        Some((room, rest)) if !room.is_empty() && !rest.is_empty() => (Some(room.into()), rest),
        _ => (None, name),
    }
}

fn model(device: &Device) -> Arc<str> {
    format!("{} {}", device.vendor, device.model).trim().into()
}

/// One of a device's lights.
pub(super) fn light(device: &Device, light: &Light, capabilities: Arc<Capabilities>) -> Thing {
    let (room, name) = place(&device.name);
    let name = match &light.endpoint {
        Some(endpoint) if device.lights.len() > 1 => format!("{name} {endpoint}").into(),
        _ => name.into(),
    };
    Thing::Light { name, model: model(device), room, capabilities }
}

/// A device's switch or sensor.
pub(super) fn input(device: &Device) -> Thing {
    let Senses { actions, motion, contact, temperature, illuminance, battery } = &device.senses;
    let buttons =
        (!actions.is_empty()).then(|| Aspect::Buttons(actions.iter().map(|word| word.as_str().into()).collect()));
    let has = [
        (*motion, Aspect::Motion),
        (*contact, Aspect::Contact),
        (*temperature, Aspect::Temperature),
        (*illuminance, Aspect::LightLevel),
        (*battery, Aspect::Battery),
    ];
    let aspects = buttons.into_iter().chain(has.into_iter().filter(|(has, _)| *has).map(|(_, aspect)| aspect));
    Thing::Input { name: place(&device.name).1.into(), model: model(device), aspects: aspects.collect() }
}

/// What a light can do. zigbee2mqtt does not tell gamuts; that of Philips is known.
pub(super) fn capabilities(device: &Device, light: &Light) -> Capabilities {
    let words = [("off", PowerOn::Off), ("on", PowerOn::On), ("previous", PowerOn::Previous)];
    let gamut = if device.vendor == "Philips" { Gamut::C } else { Gamut::ALL };
    Capabilities {
        dimming: light.full.is_some(),
        color: light.color.map(|_| gamut),
        mirek: light.mirek.map(|(least, most)| least..=most),
        segments: light.points,
        pixels: u16::from(light.full.is_some()),
        transition: light.full.is_some(),
        effects: light.lasting_effects().map(Arc::from).collect(),
        power_on: words
            .into_iter()
            .filter(|(word, _)| light.power_on.iter().any(|known| known == word))
            .map(|(_, power_on)| power_on)
            .collect(),
        identify: light.identify || light.effects.iter().any(|effect| effect == "blink"),
        rates: Rates { changes_hz: MESH_HZ, frames_hz: if light.full.is_some() { FRAMES_HZ } else { 0.0 } },
    }
}

/// The word for what a light does when its power comes back.
pub(super) const fn power_on_word(power_on: PowerOn) -> &'static str {
    match power_on {
        PowerOn::Off => "off",
        PowerOn::On => "on",
        PowerOn::Previous => "previous",
    }
}

/// What a light said, as reported.
pub(super) fn reported(said: &State, light: &Light) -> Reported {
    let color = said.color.as_ref().map(|color| match color {
        Color::Xy(xy) => state::Color::Xy(*xy),
        Color::Mirek(mirek) => state::Color::Mirek(Mirek::new(*mirek)),
        // The far end comes first on the air.
        Color::Gradient(points) => {
            state::Color::Gradient(points.iter().rev().map(|point| point.linear().xy()).collect())
        }
    });
    let lasting = |effect: &str| light.lasting_effects().find(|lasting| *lasting == effect).unwrap_or_default().into();
    Reported { on: said.on, brightness: said.brightness, color, effect: said.effect.as_deref().map(lasting) }
}

/// What to ask of a light.
pub(super) fn asked(change: &Change, transition_ms: u32, light: &Light) -> State {
    let color = change.color.as_ref().map(|color| match color {
        state::Color::Gradient(points) if light.points > 0 => {
            let mut points = picked(points, usize::from(light.points));
            points.reverse();
            Color::Gradient(points.iter().map(|point| point.linear().srgb()).collect::<Vec<Srgb8>>())
        }
        state::Color::Mirek(mirek) if light.mirek.is_some() => Color::Mirek(mirek.get()),
        other => Color::Xy(other.xy()),
    });
    let effect = change.effect.as_deref().and_then(|effect| match effect {
        "" => light.effect_end(),
        effect => light.effects.iter().map(String::as_str).find(|known| *known == effect),
    });
    State {
        on: change.on,
        brightness: change.brightness,
        color,
        effect: effect.map(str::to_owned),
        transition: Some(transition_ms as f32 / 1000.0),
    }
}

/// What a switch or sensor said in a message.
pub(super) fn said(message: &Message, senses: &Senses) -> Vec<Said> {
    let button = message.action().map(|word| Said::Button(word.into()));
    let values = [
        message.motion().map(Said::Motion).filter(|_| senses.motion),
        message.contact().map(Said::Contact).filter(|_| senses.contact),
        message.temperature().map(Said::Temperature).filter(|_| senses.temperature),
        message.illuminance().map(Said::LightLevel).filter(|_| senses.illuminance),
        message.battery().map(Said::Battery).filter(|_| senses.battery),
    ];
    button.into_iter().chain(values.into_iter().flatten()).collect()
}
