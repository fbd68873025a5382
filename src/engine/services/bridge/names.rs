//! What things are called: the ids that were given out, and how the next ones are made.
//!
//! Invariant: a thing that had ids has them for ever, also while it is not there; no number is given out twice.
//! Invariant: what this makes follows from the bridge's number, the thing and the counters alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use uuid::Uuid;

use crate::engine::services::bridge::things::Need;
use crate::model::bridge::family::{Counters, Family};
use crate::model::bridge::ids::{BridgeId, Ids, Kind, Thing};
use crate::model::bridge::kept;

/// Things whose ids are remembered. Beyond that, scenes and objects that are gone are forgotten.
pub const MAX_KNOWN: usize = 50_000;

/// What things are called.
#[derive(Debug, Default)]
pub struct Names {
    bridge: BridgeId,
    known: BTreeMap<Thing, Arc<Ids>>,
    counters: Counters,
}

impl Names {
    /// What was kept of them. Counters that were lost are found again in the ids.
    #[must_use]
    pub fn new(bridge: BridgeId, known: BTreeMap<Thing, Arc<Ids>>, counters: Counters) -> Self {
        let mut names = Self { bridge, known: BTreeMap::new(), counters };
        for (thing, ids) in known {
            names.learn(thing, ids);
        }
        names
    }

    /// From now on ids are made of another bridge's number; those there are stay.
    pub fn set_bridge(&mut self, bridge: BridgeId) {
        self.bridge = bridge;
    }

    /// How far numbers are used up.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The ids that were given to a thing.
    #[must_use]
    pub fn get(&self, thing: &Thing) -> Option<&Arc<Ids>> {
        self.known.get(thing)
    }

    /// The ids of a thing, and whether some of them are new.
    pub fn ids(&mut self, need: &Need) -> (Arc<Ids>, bool) {
        if let Some(ids) = self.known.get(&need.thing).filter(|ids| need.is_met(ids)) {
            return (Arc::clone(ids), false);
        }
        let fresh = || Ids { root: need.thing.root(self.bridge), own: BTreeMap::new(), v1: BTreeMap::new() };
        let mut ids = self.known.get(&need.thing).map_or_else(fresh, |ids| Ids::clone(ids));
        for part in &need.parts {
            if !ids.v1.contains_key(*part)
                && let Some(number) = self.number(&need.thing, ids.root)
            {
                ids.v1.insert((*part).into(), number);
            }
        }
        let ids = Arc::new(ids);
        self.known.insert(need.thing.clone(), Arc::clone(&ids));
        (ids, true)
    }

    /// The next id in version 1 for a part of a thing.
    fn number(&mut self, thing: &Thing, root: Uuid) -> Option<Arc<str>> {
        match (thing.kind, Family::of(thing.kind)) {
            (_, Some(family)) => Some(self.counters.next(family)),
            (Kind::Home, None) => Some("0".into()),
            (Kind::Scene, None) => Some(scene_code(root)),
            (_, None) => None,
        }
    }

    /// The id of a new object of a kind.
    pub fn next_object(&mut self, kind: kept::Kind) -> Arc<str> {
        self.counters.next_object(kind)
    }

    /// Notes that an object's id came from elsewhere.
    pub fn take_object(&mut self, kind: kept::Kind, id: &str) {
        self.counters.taken_object(kind, id);
    }

    /// Takes in ids that came from elsewhere. Returns the things that had to leave a number to them, with new ids.
    pub fn take_over(&mut self, all: Vec<(Thing, Arc<Ids>)>) -> Vec<Thing> {
        let of = |thing: &Thing| Family::of(thing.kind);
        let new: BTreeSet<Thing> = all.iter().map(|(thing, _)| thing.clone()).collect();
        let taken: BTreeSet<(Family, Arc<str>)> = all
            .iter()
            .filter_map(|(thing, ids)| Some((of(thing)?, ids)))
            .flat_map(|(family, ids)| ids.v1.values().map(move |number| (family, Arc::clone(number))))
            .collect();
        for (thing, ids) in all {
            self.learn(thing, ids);
        }
        let clashes = |family, number: &Arc<str>| taken.contains(&(family, Arc::clone(number)));
        let mut moved = Vec::new();
        for (thing, ids) in self.known.iter_mut().filter(|(thing, _)| !new.contains(*thing)) {
            let Some(family) = of(thing) else { continue };
            if ids.v1.values().any(|number| clashes(family, number)) {
                for number in Arc::make_mut(ids).v1.values_mut().filter(|number| clashes(family, number)) {
                    *number = self.counters.next(family);
                }
                moved.push(thing.clone());
            }
        }
        moved
    }

    fn learn(&mut self, thing: Thing, ids: Arc<Ids>) {
        if let Some(family) = Family::of(thing.kind) {
            ids.v1.values().for_each(|number| self.counters.taken(family, number));
        }
        if let Kind::Object(kind) = thing.kind {
            self.counters.taken_object(kind, &thing.id);
        }
        self.known.insert(thing, ids);
    }

    /// Forgets a thing that never comes back.
    pub fn forget(&mut self, thing: &Thing) {
        self.known.remove(thing);
    }

    /// Scenes that are gone, once too much is remembered; they are forgotten.
    pub fn tidy(&mut self, alive: impl Fn(&Thing) -> bool) -> Vec<Thing> {
        if self.known.len() <= MAX_KNOWN {
            return Vec::new();
        }
        let gone: Vec<Thing> =
            self.known.keys().filter(|thing| thing.kind == Kind::Scene && !alive(thing)).cloned().collect();
        gone.iter().for_each(|thing| self.forget(thing));
        gone
    }
}

/// The id of a scene in version 1: 16 letters and digits, made of its root.
fn scene_code(root: Uuid) -> Arc<str> {
    const SIGNS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let bytes = Uuid::new_v5(&root, b"v1").into_bytes();
    let code: String = bytes.iter().filter_map(|byte| SIGNS.get(usize::from(*byte) % 62)).map(|&b| b as char).collect();
    code.into()
}
