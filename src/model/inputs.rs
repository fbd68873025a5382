//! Switches, motion sensors and what else people and rooms say through lights' hubs.

pub mod buttons;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::lights::connection::{ConnectionId, Reach};

/// [Light level](light_level) below which it is dark, as sensors come from the shop.
pub const DARK: i64 = 16_000;
/// How far above that it is day.
pub const DAY_OFFSET: i64 = 7_000;

/// What an input is told apart by: a slug, for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct InputId(pub Arc<str>);

/// What an input has, as data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Buttons, by the names of what they say: `on_press`, `1_single`.
    Buttons(Arc<[Arc<str>]>),
    /// Motion.
    Motion,
    /// Contact of a door or window.
    Contact,
    /// Temperature, °C.
    Temperature,
    /// Light level, lux.
    LightLevel,
    /// Battery, percent.
    Battery,
}

/// What an input said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// A button, by the name of what it says.
    Button(Arc<str>),
    /// Whether something moves.
    Motion(bool),
    /// Whether it is closed.
    Contact(bool),
    /// °C.
    Temperature(f32),
    /// Lux.
    LightLevel(f32),
    /// Percent.
    Battery(f32),
}

impl Said {
    /// What it is kept under: one value of each is kept.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Button(_) => "button",
            Self::Motion(_) => "motion",
            Self::Contact(_) => "contact",
            Self::Temperature(_) => "temperature",
            Self::LightLevel(_) => "light_level",
            Self::Battery(_) => "battery",
        }
    }

    /// The whole number that version 1 of the Hue API has for it, which rules compare: a button's event
    /// ([`Press::code`](crate::model::inputs::buttons::Press::code)), 0 or 1, hundredths of °C, a
    /// [light level](light_level), percent. `None` for what is no button's.
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        let number = match self {
            Self::Button(name) => return buttons::Press::of(name).map(buttons::Press::code),
            Self::Motion(yes) | Self::Contact(yes) => return Some(i64::from(*yes)),
            Self::Temperature(celsius) => celsius * 100.0,
            Self::LightLevel(lux) => return Some(i64::from(light_level(*lux))),
            Self::Battery(percent) => *percent,
        };
        Some(number.round() as i64)
    }
}

/// Lux as Hue counts them: 10,000 log10(lux) + 1, 0 in the dark, at most 65,534.
#[must_use]
pub fn light_level(lux: f32) -> u16 {
    let level = 10_000.0 * f64::from(lux).log10() + 1.0;
    if level.is_finite() { level.round().clamp(0.0, 65_534.0) as u16 } else { 0 }
}

/// A switch or sensor behind a connection of lights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// What it is told apart by.
    pub id: InputId,
    /// What people call it.
    pub name: Arc<str>,
    /// What it is.
    pub model: Arc<str>,
    /// Whose.
    pub connection: ConnectionId,
    /// The name that the connection itself uses for it.
    pub local: Arc<str>,
    /// What it has.
    pub aspects: Arc<[Aspect]>,
    /// What it said last, by [`Said::key`], and when; what buttons and dials said, also by [`buttons::part`].
    pub said: BTreeMap<Arc<str>, (Timestamp, Said)>,
    /// How it fares.
    pub reach: Reach,
}

impl Input {
    /// Takes in what it said.
    pub fn hear(&mut self, now: Timestamp, said: Said) {
        if let Said::Button(name) = &said
            && let Some(part) = buttons::part(name)
        {
            self.said.insert(part, (now, said.clone()));
        }
        self.said.insert(said.key().into(), (now, said));
    }
}
