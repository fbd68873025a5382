//! Who streams to which light, on the service's side.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::drivers::LocalId;
use crate::engine::links::FrameSlot;
use crate::engine::services::lights::book::{Lights, Now};
use crate::engine::services::lights::lease::{self, Grant};
use crate::model::lights::connection::ConnectionId;
use crate::model::lights::layers::Kind;
use crate::model::lights::{Light, LightId};
use crate::port::latest::Latest;

/// How often frames are counted.
pub(super) const COUNT: Duration = Duration::from_secs(1);

impl Lights {
    /// Lets the layer of this kind and key stream to these lights, as far as they can be streamed to.
    pub fn grant(&mut self, kind: Kind, key: &Arc<str>, lights: &[LightId], now: Now) -> Vec<(Arc<Light>, Grant)> {
        self.now = now;
        let mut grants = Vec::with_capacity(lights.len());
        for id in lights {
            let Some(light) = self.state.lights.get(id).filter(|light| light.capabilities.pixels > 0) else { continue };
            let light = Arc::clone(light);
            self.epochs += 1;
            let own = self.own.entry(id.clone()).or_default();
            own.grants.retain(|grant| !grant.is_of(kind, key));
            let grant = Grant {
                kind,
                key: Arc::clone(key),
                epoch: self.epochs,
                current: Arc::clone(&own.current),
                slot: Arc::new(Latest::default()),
                n_put: Arc::new(AtomicU64::new(0)),
            };
            own.grants.push(grant.clone());
            self.restream(id);
            grants.push((light, grant));
        }
        grants
    }

    /// Ends all leases of the layer of this kind and key.
    pub fn end(&mut self, kind: Kind, key: &str) {
        let has = |grants: &Vec<Grant>| grants.iter().any(|grant| grant.is_of(kind, key));
        let ids: Vec<_> = self.own.iter().filter(|(_, own)| has(&own.grants)).map(|(id, _)| id.clone()).collect();
        for id in ids {
            let (Some(own), Some(light)) = (self.own.get_mut(&id), self.state.lights.get(&id)) else { continue };
            own.grants.retain(|grant| !grant.is_of(kind, key));
            let epoch = lease::current(&own.grants, &light.stack).map_or(0, |grant| grant.epoch);
            if own.current.swap(epoch, Ordering::AcqRel) != epoch {
                self.changed.streams.insert(light.connection.clone());
            }
        }
    }

    /// Ends all leases of a light for good.
    pub(super) fn end_leases(&mut self, id: &LightId) {
        let Some(own) = self.own.get_mut(id) else { return };
        if own.grants.is_empty() {
            return;
        }
        own.grants.clear();
        // Whoever still has a lease sees that it is over; the next one counts anew.
        std::mem::take(&mut own.current).store(lease::ENDED, Ordering::Release);
        if let Some(light) = self.state.lights.get(id) {
            self.changed.streams.insert(light.connection.clone());
        }
    }

    pub(super) fn end_leases_behind(&mut self, connection: &ConnectionId) {
        let behind = self.state.lights.values().filter(|light| light.connection == *connection);
        for id in behind.map(|light| light.id.clone()).collect::<Vec<_>>() {
            self.end_leases(&id);
        }
    }

    /// What the things behind a connection are streamed from.
    pub(super) fn streams(&self, connection: &ConnectionId) -> Vec<(LocalId, FrameSlot)> {
        let behind = self.state.lights.values().filter(|light| light.connection == *connection);
        let shown = behind.filter_map(|light| {
            let grant = lease::current(&self.own.get(&light.id)?.grants, &light.stack)?;
            Some((LocalId(Arc::clone(&light.local)), Arc::clone(&grant.slot)))
        });
        shown.collect()
    }

    /// Whether anybody streams.
    pub(super) fn streaming(&self) -> bool {
        self.own.values().any(|own| !own.grants.is_empty()) || self.state.lights.values().any(|l| l.streaming_fps > 0.0)
    }

    /// Counts the frames of the time since the last count.
    pub(super) fn count_frames(&mut self) {
        let passed = self.now.at.since(self.counted);
        if passed < COUNT {
            return;
        }
        self.counted = self.now.at;
        let mut rates = BTreeMap::new();
        for (id, own) in &self.own {
            let shown = own.grants.iter().map(|grant| (grant.is_current(), grant.n_put.swap(0, Ordering::Relaxed)));
            let n = shown.filter(|(current, _)| *current).map(|(_, n)| n).sum::<u64>();
            rates.insert(id.clone(), (n as f32 / passed.as_secs_f32()).round());
        }
        for (id, rate) in rates {
            if self.state.lights.get(&id).is_some_and(|light| light.streaming_fps.to_bits() != rate.to_bits()) {
                self.edit(&id, |light| light.streaming_fps = rate);
            }
        }
    }
}
