//! How a light is, as a whole and as a change of some of its attributes.
//!
//! Invariant: a brightness is a finite share, 0..=1; a light that is off keeps the one it will have when it is on again.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::units::color::{Mirek, Xy};

/// Colours of one gradient, at most.
pub const MAX_POINTS: usize = 256;

/// What a light shows, without its brightness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    /// One colour.
    Xy(Xy),
    /// A white.
    Mirek(Mirek),
    /// Colours along its segments, the first at its beginning; as many as it has segments, or points to blend between.
    Gradient(Arc<[Xy]>),
}

/// How a light is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Whether it is on.
    pub on: bool,
    /// Its brightness as a share of its most, 0..=1.
    pub brightness: f32,
    /// What it shows.
    pub color: Color,
    /// The effect of its own that runs, by its own name.
    pub effect: Option<Arc<str>>,
}

/// A change of some attributes; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// Whether it is on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<bool>,
    /// Its brightness, 0..=1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brightness: Option<f32>,
    /// What it shows. Ends an effect of its own, unless `effect` says one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    /// The effect of its own to run; empty for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Arc<str>>,
    /// How long the change takes, ms; `None` for the usual time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transition_ms: Option<u32>,
}

impl Default for State {
    fn default() -> Self {
        Self { on: false, brightness: 1.0, color: Color::Mirek(Mirek::new(366)), effect: None }
    }
}

impl Color {
    /// One chromaticity for it: that of its white, or the first of its gradient.
    #[must_use]
    pub fn xy(&self) -> Xy {
        match self {
            Self::Xy(xy) => *xy,
            Self::Mirek(mirek) => mirek.xy(),
            Self::Gradient(points) => points.first().copied().unwrap_or(Xy::D65),
        }
    }
}

impl Change {
    /// Whether it says nothing about a light.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { on, brightness, color, effect, transition_ms: _ } = self;
        on.is_none() && brightness.is_none() && color.is_none() && effect.is_none()
    }

    /// The state after it.
    #[must_use]
    pub fn on_top_of(&self, below: &State) -> State {
        let effect = match (&self.effect, &self.color) {
            (Some(name), _) if name.is_empty() => None,
            (Some(name), _) => Some(Arc::clone(name)),
            (None, Some(_)) => None,
            (None, None) => below.effect.clone(),
        };
        State {
            on: self.on.unwrap_or(below.on),
            brightness: self.brightness.unwrap_or(below.brightness),
            color: self.color.clone().unwrap_or_else(|| below.color.clone()),
            effect,
        }
    }

    /// This change with another one after it: what both say, the later wins.
    #[must_use]
    pub fn then(&self, later: &Self) -> Self {
        let effect = match (&later.effect, &later.color) {
            (Some(effect), _) => Some(Arc::clone(effect)),
            (None, Some(_)) => None,
            (None, None) => self.effect.clone(),
        };
        Self {
            on: later.on.or(self.on),
            brightness: later.brightness.or(self.brightness),
            color: later.color.clone().or_else(|| self.color.clone()),
            effect,
            transition_ms: later.transition_ms.or(self.transition_ms),
        }
    }
}

impl From<&State> for Change {
    /// The change that leads to this state from any other.
    fn from(state: &State) -> Self {
        Self {
            on: Some(state.on),
            brightness: Some(state.brightness),
            color: Some(state.color.clone()),
            effect: Some(state.effect.clone().unwrap_or_default()),
            transition_ms: None,
        }
    }
}
