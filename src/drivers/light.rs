//! What drivers of lights are asked and what they say; and the shelf of what they share.
//!
//! Invariant: a wish is a whole state, so of two wishes for one light the newer says all there is to know.

pub mod order;
pub mod painted;

use std::sync::Arc;

use crate::drivers::Driver;
use crate::model::frame::Frame;
use crate::model::inputs;
use crate::model::lights::Reported;
use crate::model::lights::capabilities::{Capabilities, PowerOn};
use crate::model::lights::state::State;

/// A driver of lights. Frames are streamed to a light; none for 2.5 s, or [`Wish::Leave`], ends the stream.
pub type LightDriver = dyn Driver<Wish = Wish, Report = Said, Capabilities = Thing, Frame = Frame>;

/// What is asked of a light.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Be so. Brightness 0 never comes with `on`.
    State {
        /// How.
        state: State,
        /// How long it takes, ms.
        transition_ms: u32,
    },
    /// End streaming: the light shows its state again.
    Leave,
    /// Make yourself known.
    Identify,
    /// Do this when your power comes back.
    PowerOn(PowerOn),
}

/// A thing behind a connection.
#[derive(Clone, Debug, PartialEq)]
pub enum Thing {
    /// A light.
    Light {
        /// What it calls itself.
        name: Arc<str>,
        /// What it is, for people: maker and model.
        model: Arc<str>,
        /// The room it says it is in.
        room: Option<Arc<str>>,
        /// What it can do.
        capabilities: Arc<Capabilities>,
    },
    /// A switch or sensor.
    Input {
        /// What it calls itself.
        name: Arc<str>,
        /// What it is, for people.
        model: Arc<str>,
        /// What it has.
        aspects: Arc<[inputs::Aspect]>,
    },
}

/// What a thing says of itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// How a light is, as far as it says.
    Light(Reported),
    /// A thing behind a hub answers its hub, or does not, and why.
    Reach(Result<(), String>),
    /// What an input said.
    Input(inputs::Said),
}
