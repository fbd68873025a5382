//! What people, apps, layers and the master brightness do to lights.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::services::lights::book::Lights;
use crate::engine::services::lights::checks;
use crate::engine::services::lights::wanted::wanted;
use crate::model::lights::layers::{Kind, Layer, Stack};
use crate::model::lights::state::{Change, State};
use crate::model::lights::{Aim, Light, LightId};

/// Layers over one light, at most.
const MAX_LAYERS: usize = 64;
/// Characters of a layer's key, at most.
const MAX_KEY: usize = 256;

impl Lights {
    pub(super) fn set(&mut self, aims: &[Aim], change: Change, by: &Arc<str>) -> Result<(), String> {
        let change = checks::change(change)?;
        let lights = checks::aimed(&self.state, aims)?;
        self.touched(&lights);
        for id in &lights {
            self.touch(id, &change, by);
        }
        Ok(())
    }

    /// A person, an app or a scene changes one light. It is wished even if nothing changed: the light may not be as it says.
    pub(super) fn touch(&mut self, id: &LightId, change: &Change, by: &Arc<str>) {
        let minutes = Duration::from_secs(60 * u64::from(self.prefs.hold_minutes));
        let until = Some(minutes).filter(|minutes| !minutes.is_zero()).map(|minutes| self.now.wall + minutes);
        self.restack(id, |stack| {
            stack.touch(change, by, until);
            // A base that was dark without being off would stay so for ever.
            if change.on == Some(true) && change.brightness.is_none() && stack.base.brightness <= 0.0 {
                stack.base.brightness = State::default().brightness;
            }
        });
        self.wish(id, self.usual(change.transition_ms));
    }

    pub(super) fn step(&mut self, aims: &[Aim], by_how_much: f32, by: &Arc<str>) -> Result<(), String> {
        if !(-1.0..=1.0).contains(&by_how_much) {
            return Err(format!("A step is a share from -1 to 1, not {by_how_much}."));
        }
        let mut lights = checks::aimed(&self.state, aims)?;
        let shown = |id: &LightId| self.state.lights.get(id).map(|light| light.stack.shown());
        lights.retain(|id| shown(id).is_some_and(|shown| shown.on));
        let steps: Vec<_> =
            lights.iter().filter_map(|id| Some((id.clone(), shown(id)?.brightness + by_how_much))).collect();
        self.touched(&lights);
        for (id, brightness) in steps {
            let change = match brightness <= 0.0 {
                true => Change { on: Some(false), ..Change::default() },
                false => Change { brightness: Some(brightness.min(1.0)), ..Change::default() },
            };
            self.touch(&id, &change, by);
        }
        Ok(())
    }

    /// Lights that are gone meanwhile are left out.
    pub(super) fn restore_bases(&mut self, bases: Vec<(LightId, State)>, by: &Arc<str>) -> Result<(), String> {
        bases.iter().try_for_each(|(_, state)| checks::state(state))?;
        self.touched(&bases.iter().map(|(id, _)| id.clone()).collect());
        for (id, state) in bases {
            let turned = self.restack(&id, |stack| (stack.base, stack.by) = (state, Arc::clone(by)));
            if turned {
                self.wish(&id, self.usual(None));
            }
        }
        Ok(())
    }

    pub(super) fn release(&mut self, aims: &[Aim]) -> Result<(), String> {
        let lights = checks::aimed(&self.state, aims)?;
        let held = |id: &LightId| {
            self.state.lights.get(id).is_some_and(|light| light.stack.layers.iter().any(|l| l.hold.is_some()))
        };
        let held: BTreeSet<_> = lights.into_iter().filter(held).collect();
        self.touched(&held);
        for id in &held {
            self.layered(id, None, |stack| {
                stack.release();
            });
        }
        Ok(())
    }

    pub(super) fn put_layer(&mut self, layer: &Layer, aims: &[Aim]) -> Result<(), String> {
        let change = checks::change(layer.change.clone())?;
        if layer.key.is_empty() || layer.key.chars().count() > MAX_KEY {
            return Err(format!("The key of a layer has 1 to {MAX_KEY} characters."));
        }
        let name = checks::tidy(&layer.name, &layer.key);
        // What is gone meanwhile does not keep the others from being lit: an alarm must be seen.
        let lights = self.state.aimed(aims);
        if lights.is_empty() && !aims.is_empty() {
            checks::aimed(&self.state, aims)?;
        }
        let is_it = |known: &Layer| known.kind == layer.kind && known.key == layer.key;
        for id in self.with_layer(layer.kind, &layer.key).difference(&lights) {
            self.layered(id, change.transition_ms, |stack| {
                stack.remove(layer.kind, &layer.key);
            });
        }
        for id in &lights {
            let layer = Layer { name: Arc::clone(&name), change: change.clone(), ..layer.clone() };
            self.layered(id, change.transition_ms, |stack| {
                if stack.layers.len() < MAX_LAYERS || stack.layers.iter().any(is_it) {
                    stack.put(layer);
                }
            });
        }
        Ok(())
    }

    pub(super) fn remove_layer(&mut self, kind: Kind, key: &str) {
        for id in self.with_layer(kind, key) {
            self.layered(&id, None, |stack| {
                stack.remove(kind, key);
            });
        }
        self.end(kind, key);
    }

    /// Dims everything.
    pub(super) fn set_master(&mut self, master: f32) -> Result<(), String> {
        let master = checks::share(master, "The master brightness")?;
        if master.to_bits() == self.state.master.to_bits() {
            return Ok(());
        }
        (self.state.master, self.changed.master) = (master, true);
        let usual = self.usual(None);
        for id in self.state.lights.keys().cloned().collect::<Vec<_>>() {
            self.rewant(&id, usual);
        }
        Ok(())
    }

    /// Computes anew what is wanted of a light, and wishes it if it is something else.
    pub(super) fn rewant(&mut self, id: &LightId, transition_ms: u32) {
        let master = self.state.master;
        if self.edit(id, |light| light.wanted = wanted(&light.stack, master, &light.capabilities)) {
            self.wish(id, transition_ms);
        }
    }

    /// Changes layers of a light, and wishes what follows if it is something else.
    pub(super) fn layered(&mut self, id: &LightId, transition_ms: Option<u32>, change: impl FnOnce(&mut Stack)) {
        if self.restack(id, change) {
            self.wish(id, self.usual(transition_ms));
        }
    }

    /// Ends holds whose time is up.
    pub(super) fn expire_holds(&mut self) {
        let now = self.now.wall;
        if self.hold_ends.is_none_or(|ends| ends > now) {
            return;
        }
        let due = |light: &&Arc<Light>| light.stack.expires().is_some_and(|until| until <= now);
        let due: BTreeSet<_> = self.state.lights.values().filter(due).map(|light| light.id.clone()).collect();
        self.touched(&due);
        for id in &due {
            self.layered(id, None, |stack| {
                stack.expire(now);
            });
        }
        self.hold_ends = self.state.lights.values().filter_map(|light| light.stack.expires()).min();
    }

    fn with_layer(&self, kind: Kind, key: &str) -> BTreeSet<LightId> {
        let has = |layer: &Layer| layer.kind == kind && *layer.key == *key;
        let lights = self.state.lights.values().filter(|light| light.stack.layers.iter().any(has));
        lights.map(|light| light.id.clone()).collect()
    }
}
