//! The lights, switches and sensors of a mesh: what is known and wanted of each.
//!
//! Invariant: what a light was told counts as known until it does not answer in time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::drivers::hub::{change, learn};
use crate::drivers::light::Thing;
use crate::model::inputs;
use crate::model::lights::Reported;
use crate::model::lights::capabilities::Capabilities;
use crate::model::lights::state::{Change, State};
use crate::units::moment::Moment;
use crate::wire::zigbee2mqtt::{Light, Senses};

/// A light of the mesh.
pub(super) struct Lamp {
    pub(super) ieee: Arc<str>,
    pub(super) topic: Arc<str>,
    pub(super) light: Light,
    pub(super) thing: Thing,
    pub(super) can: Arc<Capabilities>,
    /// What it said, or was told since.
    pub(super) known: Reported,
    /// What was wanted of it last.
    pub(super) wanted: Option<(State, u32)>,
    /// What it was sent, and until when an answer is due.
    pub(super) asked: Option<(Moment, Moment)>,
    pub(super) n_tries: u32,
    /// Whether zigbee2mqtt can reach it, if it says so.
    pub(super) available: bool,
    pub(super) reach: bool,
}

/// A switch or sensor of the mesh.
pub(super) struct Sensor {
    pub(super) ieee: Arc<str>,
    pub(super) senses: Senses,
    pub(super) thing: Thing,
    pub(super) said: BTreeMap<&'static str, inputs::Said>,
}

impl Lamp {
    /// What has to be said so that it is as wanted; `None` if it is already. It counts as said from now on.
    pub(super) fn turn_to(
        &mut self,
        now: Moment,
        state: &State,
        transition_ms: u32,
        limit: Duration,
    ) -> Option<Change> {
        // While an answer is due nobody knows how it is.
        let known = if self.asked.is_some() { Reported::default() } else { self.known.clone() };
        let change = change(&known, state, &self.can);
        if change.is_empty() {
            return None;
        }
        learn(&mut self.known, change.on, change.brightness, change.color.clone(), change.effect.clone());
        self.asked = Some((now, now + limit + Duration::from_millis(transition_ms.into())));
        Some(change)
    }

    /// How a light is as far as it said so.
    pub(super) fn shown(&self) -> State {
        let known = &self.known;
        let usual = State::default();
        State {
            on: known.on.unwrap_or(usual.on),
            brightness: known.brightness.unwrap_or(usual.brightness),
            color: known.color.clone().unwrap_or(usual.color),
            effect: known.effect.clone().filter(|effect| !effect.is_empty()),
        }
    }
}
