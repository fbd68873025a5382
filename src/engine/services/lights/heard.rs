//! What links tell: which things there are, how they are, and whether they answer.
//!
//! Invariant: what a light says is adopted only where nothing of ours is on its way and no layer masks it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::drivers::light::{Said, Thing};
use crate::drivers::{LocalId, Report};
use crate::engine::link::{Health, Told};
use crate::engine::links::Heard;
use crate::engine::services::lights::book::{Deed, Lights, Now, Own, ThingId};
use crate::engine::services::lights::checks;
use crate::engine::services::lights::wanted::{otherwise, wanted};
use crate::model::inputs::{Aspect, Input, InputId};
use crate::model::lights::capabilities::Capabilities;
use crate::model::lights::connection::{ConnectionId, Reach};
use crate::model::lights::layers::{Attribute, Stack};
use crate::model::lights::state::{Change, State};
use crate::model::lights::{Light, LightId, MAX_LIGHTS, Reported};
use crate::units::moment::Moment;

/// Inputs, at most.
const MAX_INPUTS: usize = 2000;
/// How much of a new latency goes into the smoothed one.
const NEW_SHARE: f32 = 0.2;
/// A latency is told again when it differs by so large a share.
const LATENCY_STEP: f32 = 0.25;
/// A connection has said all it has when it is up for so long.
pub(super) const ALL_SAID: Duration = Duration::from_secs(30);

impl Lights {
    /// Takes in what links tell.
    pub fn on_heard(&mut self, heard: Heard, now: Now) {
        self.now = now;
        match heard {
            Heard::Told(id, _) | Heard::Counts(id, _) | Heard::Unsupported(id, _) if !self.lines.contains_key(&id) => {}
            Heard::Told(id, Told::Health(health)) => self.health(&id, health),
            Heard::Told(id, Told::Report(report)) => self.report(&id, report),
            Heard::Counts(id, counts) => {
                // Told with whatever else changes: counting alone is no news.
                if let Some(known) = self.state.connections.get_mut(&id) {
                    Arc::make_mut(known).counts = counts;
                }
            }
            Heard::Unsupported(id, local) => {
                tracing::debug!(connection = &*id.0, light = &*local.0, "a wish that the light cannot do");
            }
        }
    }

    fn health(&mut self, id: &ConnectionId, health: Health) {
        let Some(line) = self.lines.get_mut(id) else { return };
        if matches!(health, Health::Unreachable { .. }) && line.health == Reach::Online {
            self.lost = Some(self.now.at);
        }
        line.health = match health {
            Health::Starting => Reach::Starting,
            Health::Online => Reach::Online,
            Health::Unreachable { since, why } => {
                let ago = self.now.at.since(since);
                Reach::Unreachable { since: self.now.wall - ago, why: why.into() }
            }
            Health::Refused { why } => Reach::Refused { why: why.into() },
        };
        line.up_since = (line.health == Reach::Online).then_some(self.now.at);
        self.reach_anew(id);
        if self.lines.get(id).is_some_and(|line| line.up_since.is_some()) {
            self.catch_up(id);
        }
    }

    /// A connection is up: what was wanted meanwhile, and what layers say, is wished again.
    fn catch_up(&mut self, id: &ConnectionId) {
        let Some(line) = self.lines.get(id) else { return };
        let here: Vec<_> = line.there.iter().filter_map(|local| line.things.get(local)).cloned().collect();
        for thing in here {
            if let ThingId::Light(light) = thing {
                self.wish_if_owed(&light);
            }
        }
    }

    fn wish_if_owed(&mut self, id: &LightId) {
        let layered = self.state.lights.get(id).is_some_and(|light| !light.stack.layers.is_empty());
        let owed = self.own.get_mut(id).is_some_and(|own| std::mem::take(&mut own.owed));
        if owed || layered {
            self.wish(id, 0);
        }
    }

    fn report(&mut self, id: &ConnectionId, report: Report<Thing, Said>) {
        match report {
            Report::Found(local, thing) => self.found(id, &local, thing),
            Report::Gone(local) => {
                if let Some(line) = self.lines.get_mut(id) {
                    line.there.remove(&local.0);
                    let why = "its connection does not have it any more".into();
                    line.silent.insert(Arc::clone(&local.0), (self.now.wall, why));
                }
                self.reach_anew_of(id, &local.0);
            }
            Report::State(local, Said::Light(reported)) => self.said(id, &local, reported),
            Report::State(local, Said::Reach(reach)) => self.said_reach(id, &local, reach),
            Report::State(local, Said::Input(said)) => {
                let Some(ThingId::Input(input)) = self.thing(id, &local) else { return };
                let now = self.now.wall;
                self.edit_input(&input, |input| input.hear(now, said));
            }
            Report::Identity { identity, name, model } => self.identified(id, &identity, &name, &model),
            Report::Latency(latency) => self.latency(id, latency),
            Report::Waiting(what) => {
                if let Some(line) = self.lines.get_mut(id) {
                    line.waiting = what.map(Into::into);
                }
                self.reach_anew(id);
            }
            Report::Secret { key, value, reopen } => {
                if self.secrets.add(id, BTreeMap::from([(key.to_owned(), value)])) {
                    self.out.deeds.push(Deed::Keep);
                    if reopen {
                        self.open_anew(id);
                    }
                }
            }
        }
    }

    fn latency(&mut self, id: &ConnectionId, latency: Duration) {
        let Some(line) = self.lines.get_mut(id) else { return };
        let new = latency.as_secs_f32() * 1e3;
        let smoothed = line.latency_ms.map_or(new, |known| known + NEW_SHARE * (new - known));
        line.latency_ms = Some(smoothed);
        let told = self.state.connections.get(id).and_then(|known| known.latency_ms);
        if told.is_none_or(|told| (smoothed - told).abs() > LATENCY_STEP * told.max(1.0)) {
            self.edit_connection(id, |known| known.latency_ms = Some(smoothed));
        }
    }

    fn found(&mut self, id: &ConnectionId, local: &LocalId, thing: Thing) {
        let Some(line) = self.lines.get_mut(id) else { return };
        line.there.insert(Arc::clone(&local.0));
        line.silent.remove(&local.0);
        let known = line.things.get(&local.0).cloned();
        match (thing, known) {
            (Thing::Light { name, model, capabilities, .. }, Some(ThingId::Light(light))) => {
                self.found_again(&light, &name, &model, capabilities);
            }
            (Thing::Light { name, model, room, capabilities }, _) => {
                let Some(light) = self.new_light(id, local, &name, &model, capabilities) else { return };
                if let Some(room) = room {
                    self.take_hint(&light, &room);
                }
            }
            (Thing::Input { model, aspects, .. }, Some(ThingId::Input(input))) => {
                self.edit_input(&input, |input| (input.model, input.aspects) = (checks::tidy(&model, ""), aspects));
            }
            (Thing::Input { name, model, aspects }, _) => self.new_input(id, local, &name, &model, aspects),
        }
        self.reach_anew_of(id, &local.0);
    }

    fn found_again(&mut self, id: &LightId, name: &str, model: &str, capabilities: Arc<Capabilities>) {
        let own = self.own.entry(id.clone()).or_default();
        // What a person named keeps that name.
        let before = own.said_name.replace(checks::tidy(name, &id.0));
        let master = self.state.master;
        let mut turned = false;
        self.edit(id, |light| {
            if before.is_some_and(|before| before == light.name) {
                light.name = checks::tidy(name, &id.0);
            }
            light.model = checks::tidy(model, &light.model);
            light.capabilities = capabilities;
            let wanted = wanted(&light.stack, master, &light.capabilities);
            turned = wanted != light.wanted;
            light.wanted = wanted;
        });
        match turned && self.state.lights.get(id).is_some_and(|light| light.reach == Reach::Online) {
            true => self.wish(id, 0),
            false => self.wish_if_owed(id),
        }
    }

    fn new_light(
        &mut self,
        id: &ConnectionId,
        local: &LocalId,
        name: &str,
        model: &str,
        capabilities: Arc<Capabilities>,
    ) -> Option<LightId> {
        if self.state.lights.len() >= MAX_LIGHTS {
            tracing::warn!(name, "there are {MAX_LIGHTS} lights already: this one is left out");
            return None;
        }
        let name = checks::tidy(name, &local.0);
        let light = LightId(checks::free_slug(&name, |id| self.state.lights.contains_key(&LightId(Arc::clone(id)))));
        let stack = Stack::default();
        let new = Light {
            id: light.clone(),
            model: checks::tidy(model, ""),
            connection: id.clone(),
            local: Arc::clone(&local.0),
            wanted: wanted(&stack, self.state.master, &capabilities),
            capabilities,
            stack: Arc::new(stack),
            reported: Reported::default(),
            reach: Reach::Starting,
            streaming_fps: 0.0,
            power_on: None,
            favourite: false,
            name: Arc::clone(&name),
        };
        self.state.lights.insert(light.clone(), Arc::new(new));
        self.own.insert(light.clone(), Own { said_name: Some(name), ..Own::default() });
        self.changed.lights.insert(light.clone());
        let line = self.lines.entry(id.clone()).or_default();
        line.things.insert(Arc::clone(&local.0), ThingId::Light(light.clone()));
        Some(light)
    }

    fn new_input(&mut self, id: &ConnectionId, local: &LocalId, name: &str, model: &str, aspects: Arc<[Aspect]>) {
        if self.state.inputs.len() >= MAX_INPUTS {
            tracing::warn!(name, "there are {MAX_INPUTS} switches and sensors already: this one is left out");
            return;
        }
        let name = checks::tidy(name, &local.0);
        let input = InputId(checks::free_slug(&name, |id| self.state.inputs.contains_key(&InputId(Arc::clone(id)))));
        let new = Input {
            id: input.clone(),
            name,
            model: checks::tidy(model, ""),
            connection: id.clone(),
            local: Arc::clone(&local.0),
            aspects,
            said: BTreeMap::new(),
            reach: Reach::Starting,
        };
        self.state.inputs.insert(input.clone(), Arc::new(new));
        self.changed.inputs.insert(input.clone());
        let line = self.lines.entry(id.clone()).or_default();
        line.things.insert(Arc::clone(&local.0), ThingId::Input(input));
    }

    /// A light says how it is.
    fn said(&mut self, id: &ConnectionId, local: &LocalId, said: Reported) {
        let Some(ThingId::Light(light)) = self.thing(id, local) else { return };
        self.edit(&light, |light| {
            let Reported { on, brightness, color, effect } = &mut light.reported;
            *on = said.on.or(*on);
            *brightness = said.brightness.filter(|share| (0.0..=1.0).contains(share)).or(*brightness);
            *color = said.color.or(color.take());
            *effect = said.effect.or(effect.take());
        });
        self.adopt(&light);
    }

    /// Somebody else changed a light: its base is what it says now, where no layer says otherwise.
    fn adopt(&mut self, id: &LightId) {
        let Some(light) = self.state.lights.get(id) else { return };
        let streamed = light.streaming_fps > 0.0;
        let own = self.own.entry(id.clone()).or_default();
        if own.owed || streamed || self.now.at < own.busy_until {
            return;
        }
        let differs = otherwise(&light.reported, &light.wanted);
        let Some(change) = adoptable(&differs, &light.stack, self.state.master) else { return };
        self.touched(&[id.clone()].into());
        self.restack(id, |stack| {
            stack.base = change.on_top_of(&stack.base);
            stack.by = "".into();
        });
    }

    fn said_reach(&mut self, id: &ConnectionId, local: &LocalId, reach: Result<(), String>) {
        let Some(line) = self.lines.get_mut(id) else { return };
        let back = match reach {
            Ok(()) => line.silent.remove(&local.0).is_some(),
            Err(why) => {
                let since = line.silent.get(&local.0).map_or(self.now.wall, |(since, _)| *since);
                line.silent.insert(Arc::clone(&local.0), (since, why.into()));
                false
            }
        };
        self.reach_anew_of(id, &local.0);
        // What was said to it while it was away is lost.
        if back && let Some(ThingId::Light(light)) = self.thing(id, local) {
            self.wish_if_owed(&light);
        }
    }

    pub(super) fn thing(&self, id: &ConnectionId, local: &LocalId) -> Option<ThingId> {
        self.lines.get(id)?.things.get(&local.0).cloned()
    }

    pub(super) fn edit_input(&mut self, id: &InputId, change: impl FnOnce(&mut Input)) {
        let Some(known) = self.state.inputs.get_mut(id) else { return };
        let before = Arc::clone(known);
        change(Arc::make_mut(known));
        if before != *known {
            self.changed.inputs.insert(id.clone());
        }
    }

    /// Sees anew how a connection and all behind it fare.
    pub(super) fn reach_anew(&mut self, id: &ConnectionId) {
        let Some(line) = self.lines.get(id) else { return };
        let reach = match (&line.health, &line.waiting) {
            (Reach::Online | Reach::Starting, Some(what)) => Reach::Waiting { what: Arc::clone(what) },
            (health, _) => health.clone(),
        };
        let things: Vec<_> = line.things.keys().cloned().collect();
        let latency_ms = line.latency_ms;
        self.edit_connection(id, |known| (known.reach, known.latency_ms) = (reach, latency_ms));
        for local in things {
            self.reach_anew_of(id, &local);
        }
    }

    fn reach_anew_of(&mut self, id: &ConnectionId, local: &Arc<str>) {
        let (Some(line), Some(connection)) = (self.lines.get(id), self.state.connections.get(id)) else { return };
        let reach = match (&connection.reach, line.silent.get(local)) {
            (Reach::Online, Some((since, why))) => Reach::Unreachable { since: *since, why: Arc::clone(why) },
            (Reach::Online, None) if !line.there.contains(local) => Reach::Starting,
            (reach, _) => reach.clone(),
        };
        match line.things.get(local).cloned() {
            Some(ThingId::Light(light)) => drop(self.edit(&light, |light| light.reach = reach)),
            Some(ThingId::Input(input)) => self.edit_input(&input, |input| input.reach = reach),
            None => {}
        }
    }

    /// Things that their connection did not name though it is up for long: it does not have them.
    pub(super) fn miss_things(&mut self) {
        let now = self.now.at;
        let all_said = |since: Moment| now.since(since) >= ALL_SAID;
        let mut missed: Vec<(ConnectionId, Arc<str>)> = Vec::new();
        for (id, line) in self.lines.iter().filter(|(_, line)| line.up_since.is_some_and(all_said)) {
            let absent =
                line.things.keys().filter(|local| !line.there.contains(*local) && !line.silent.contains_key(*local));
            missed.extend(absent.map(|local| (id.clone(), Arc::clone(local))));
        }
        for (id, local) in missed {
            if let Some(line) = self.lines.get_mut(&id) {
                let why: (Timestamp, Arc<str>) = (self.now.wall, "its connection does not have it any more".into());
                line.silent.insert(Arc::clone(&local), why);
            }
            self.reach_anew_of(&id, &local);
        }
    }
}

/// What of a difference the base takes over; `None` if nothing.
fn adoptable(differs: &Change, stack: &Stack, master: f32) -> Option<Change> {
    let free = |attribute: &Attribute| attribute.is_in(differs) && !stack.masks(*attribute);
    let parts = Attribute::ALL.into_iter().filter(free).map(|attribute| attribute.of(differs));
    let mut change = parts.fold(Change::default(), |all, part| all.then(&part));
    change.brightness = match change.brightness {
        Some(brightness) if master > 0.0 => Some((brightness / master).min(1.0)).filter(|share| share.is_finite()),
        _ => None,
    };
    let base: &State = &stack.base;
    (!change.is_empty() && change.on_top_of(base) != *base).then_some(change)
}
