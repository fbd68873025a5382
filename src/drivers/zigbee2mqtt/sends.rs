//! What is said to a mesh next: wishes, as commands to lights and groups, and questions.
//!
//! Invariant: wishes come before questions; a state waits until its light can be reached.

use crate::drivers::LocalId;
use crate::drivers::light::Wish;
use crate::drivers::zigbee2mqtt::mesh::{Mesh, Out};
use crate::drivers::zigbee2mqtt::things;
use crate::model::lights::state::{Change, State};
use crate::units::moment::Moment;
use crate::wire::zigbee2mqtt::Light;
use crate::wire::{Channel, Output};

impl Mesh {
    /// Sends the next thing there is to say, if there is any. True if it took a slot.
    pub(super) fn send_next(&mut self, now: Moment, out: &mut Out) -> bool {
        while let Some((id, wish)) = self.others.pop_front() {
            if self.send_other(&id, &wish, out) {
                return true;
            }
        }
        let lamps = &self.lamps;
        let groups = self.groups.iter().enumerate().map(|(n, (_, members))| (n, members));
        let covered =
            self.queue.covered(groups, |id| lamps.get(id).filter(|lamp| lamp.available).map(|lamp| &*lamp.can));
        if let Some((n, pending)) = covered {
            return self.send_group(now, n, &pending.state, pending.transition_ms, out);
        }
        while let Some(id) = self.queue.oldest(|id| self.is_ready(id)) {
            if self.send_light(now, &id, out) {
                return true;
            }
        }
        let next = self.gets.iter().find(|id| self.is_ready(id)).cloned();
        next.is_some_and(|id| self.send_get(&id, out))
    }

    fn publish(&self, topic: &str, verb: &str, out: &mut Out, encode: impl FnOnce(&mut Vec<u8>)) {
        let topic = format!("{}/{topic}/{verb}", self.base);
        out.send(Channel::Mqtt, Output::Publish { topic, retain: false }, encode);
    }

    fn send_get(&mut self, id: &LocalId, out: &mut Out) -> bool {
        self.gets.remove(id);
        let Some(lamp) = self.lamps.get(id) else { return false };
        self.publish(&lamp.topic, "get", out, |bytes| lamp.light.encode_get(bytes));
        true
    }

    fn send_other(&self, id: &LocalId, wish: &Wish, out: &mut Out) -> bool {
        let Some(lamp) = self.lamps.get(id) else { return false };
        match wish {
            Wish::Identify => self.publish(&lamp.topic, "set", out, |bytes| lamp.light.encode_identify(bytes)),
            Wish::PowerOn(power_on) => {
                let word = things::power_on_word(*power_on);
                self.publish(&lamp.topic, "set", out, |bytes| lamp.light.encode_power_on(word, bytes));
            }
            Wish::State { .. } | Wish::Leave => return false,
        }
        true
    }

    fn send_light(&mut self, now: Moment, id: &LocalId, out: &mut Out) -> bool {
        let Some(pending) = self.queue.take(id) else { return false };
        let (limit, is_streamed) = (self.patience.limit(), self.streams.is_streamed(id));
        let Some(lamp) = self.lamps.get_mut(id) else { return false };
        if !is_streamed {
            lamp.wanted = Some((pending.state.clone(), pending.transition_ms));
        }
        let Some(change) = lamp.turn_to(now, &pending.state, pending.transition_ms, limit) else { return false };
        let asked = things::asked(&change, pending.transition_ms, &lamp.light);
        self.n_light_sends += 1;
        self.lamps
            .get(id)
            .inspect(|lamp| self.publish(&lamp.topic, "set", out, |bytes| lamp.light.encode_set(&asked, bytes)));
        true
    }

    fn send_group(&mut self, now: Moment, n: usize, state: &State, transition_ms: u32, out: &mut Out) -> bool {
        let Some((topic, members)) = self.groups.get(n).cloned() else { return false };
        let limit = self.patience.limit();
        let mut union = Change::default();
        let mut most: Option<Light> = None;
        for id in &members {
            self.queue.take(id);
            let Some(lamp) = self.lamps.get_mut(id) else { continue };
            union = union.then(&lamp.turn_to(now, state, transition_ms, limit).unwrap_or_default());
            let skill = |light: &Light| (light.color.is_some(), light.mirek.is_some(), light.full.is_some());
            if most.as_ref().is_none_or(|most| skill(most) < skill(&lamp.light)) {
                most = Some(lamp.light.clone());
            }
        }
        let Some(light) = most.filter(|_| !union.is_empty()) else { return false };
        self.n_group_sends += 1;
        // A group has no endpoints.
        let light = Light { endpoint: None, ..light };
        let asked = things::asked(&union, transition_ms, &light);
        self.publish(&topic, "set", out, |bytes| light.encode_set(&asked, bytes));
        true
    }

    /// Whether anything waits that can be said.
    pub(super) fn has_work(&self) -> bool {
        !self.others.is_empty() || self.queue.lights().chain(&self.gets).any(|id| self.is_ready(id))
    }

    fn is_ready(&self, light: &LocalId) -> bool {
        self.lamps.get(light).is_some_and(|lamp| lamp.available)
    }
}
