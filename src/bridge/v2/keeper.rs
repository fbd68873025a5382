//! Keeps the resources as the facts say they are, and finds out what changed of them.
//!
//! Invariant: only what facts touched is derived again; what comes out is what deriving everything would give.
//! Invariant: what a button said is never lost: an input that said several things in one fold is looked at after each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::bridge::v2::change::{Change, Resource, What};
use crate::bridge::v2::resources;
use crate::bridge::v2::resources::index::Index;
use crate::bridge::v2::shelf::{Book, Kept, Kind};
use crate::bridge::v2::touched::{Around, Touched};
use crate::model::bridge::ids::{Kind as ThingKind, Thing};
use crate::model::inputs::{Input, InputId};
use crate::model::lights;
use crate::model::message::{Stamped, Update};
use crate::model::snapshot::Snapshot;
use crate::port::Published;
use crate::units::moment::Moment;

/// The keeper's state.
#[derive(Debug, Default)]
pub struct Keeper {
    view: Arc<Snapshot>,
    index: Index,
    things: BTreeMap<Thing, Vec<Arc<Kept>>>,
    kinds: BTreeMap<&'static str, Arc<Kind>>,
    at: Moment,
    now: Timestamp,
}

impl Keeper {
    /// The sequence number of the newest fact it knows.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.view.seq
    }

    /// The resources as they are now.
    #[must_use]
    pub fn book(&self) -> Book {
        Book::new(self.kinds.clone())
    }

    /// Whether there is something that changes with the clock alone.
    #[must_use]
    pub fn follows_clock(&self) -> bool {
        !resources::timely(&self.view).is_empty()
    }

    /// Looks at what changes with the clock alone. Returns what changed.
    pub fn tick(&mut self, at: Moment, now: Timestamp) -> Vec<Change> {
        (self.at, self.now) = (at, now);
        let view = Arc::clone(&self.view);
        let mut changes = Vec::new();
        for thing in resources::timely(&view) {
            self.whole(&view, &thing, &mut changes);
        }
        in_order(changes)
    }

    /// Derives everything again. Returns what changed.
    pub fn reload(&mut self, view: Arc<Snapshot>, at: Moment, now: Timestamp) -> Vec<Change> {
        (self.at, self.now) = (at, now);
        self.index = Index::of(&view.lights);
        let gone = self.things.keys().filter(|thing| view.bridge.ids(thing).is_none());
        let all: BTreeSet<Thing> = gone.chain(view.bridge.ids.keys()).cloned().collect();
        let mut changes = Vec::new();
        for thing in all {
            self.whole(&view, &thing, &mut changes);
        }
        self.view = view;
        in_order(changes)
    }

    /// Takes in what was published, in order: all of it at once, so that a keeper that is behind derives a resource once
    /// however often it changed meanwhile. Returns what changed.
    pub fn fold(&mut self, published: &[Published]) -> Vec<Change> {
        let known = self.view.seq;
        let facts = || published.iter().flat_map(|one| one.facts.iter()).filter(move |fact| fact.seq > known);
        let (Some(newest), Some(last)) = (published.last(), facts().next_back()) else { return Vec::new() };
        let (at, now) = (last.at, last.wall);
        (self.at, self.now) = (at, now);
        let before = Arc::clone(&self.view);
        let after = Arc::clone(&newest.snapshot);
        // Facts that were missed leave a gap.
        if facts().next().is_some_and(|first| first.seq != before.seq + 1) {
            return self.reload(after, at, now);
        }
        let turned = facts().any(|fact| turns(&fact.update)).then(|| Index::of(&after.lights));
        let index = turned.as_ref().unwrap_or(&self.index);
        let mut touched = Touched::default();
        for fact in facts() {
            touched.note(&fact.update, Around { before: &before, after: &after, index });
        }
        if let Some(turned) = &turned {
            touched.whole.extend(moved_otherwise(&self.index, turned));
        }
        let repeated = said_again(facts(), &after);
        if let Some(turned) = turned {
            self.index = turned;
        }
        if touched.all {
            return self.reload(after, at, now);
        }
        self.view = Arc::clone(&after);
        let mut changes = Vec::new();
        for (thing, moment) in repeated {
            self.whole(&moment, &thing, &mut changes);
        }
        for thing in &touched.whole {
            self.whole(&after, thing, &mut changes);
        }
        for thing in touched.summaries.difference(&touched.whole) {
            self.summary(&after, thing, &mut changes);
        }
        in_order(changes)
    }

    /// Looks at all resources of a thing.
    fn whole(&mut self, view: &Snapshot, thing: &Thing, changes: &mut Vec<Change>) {
        let fresh = resources::of(view, &self.index, thing, self.now);
        let known = self.things.remove(thing).unwrap_or_default();
        for gone in known.iter().filter(|kept| !fresh.iter().any(|fresh| is_same(&kept.resource, fresh))) {
            self.forget(&gone.resource);
            changes.push(removed(&gone.resource, self.at));
        }
        let mut kept = Vec::with_capacity(fresh.len());
        for fresh in fresh {
            let known = known.iter().find(|kept| is_same(&kept.resource, &fresh));
            kept.push(self.keep(thing, known, fresh, changes));
        }
        if !kept.is_empty() {
            self.things.insert(thing.clone(), kept);
        }
    }

    /// Looks at what the lights of a room, zone or home are together.
    fn summary(&mut self, view: &Snapshot, thing: &Thing, changes: &mut Vec<Change>) {
        let Some(fresh) = resources::summary(view, thing) else { return };
        let known = self.things.get(thing).and_then(|all| all.iter().find(|kept| is_same(&kept.resource, &fresh)));
        let Some(known) = known.cloned() else { return self.whole(view, thing, changes) };
        let kept = self.keep(thing, Some(&known), fresh, changes);
        let all = self.things.get_mut(thing).into_iter().flatten();
        for place in all.filter(|place| Arc::ptr_eq(place, &known)) {
            *place = Arc::clone(&kept);
        }
    }

    /// Keeps a resource in place of the one that was known of it, if it is another one.
    fn keep(
        &mut self,
        thing: &Thing,
        known: Option<&Arc<Kept>>,
        fresh: Resource,
        changes: &mut Vec<Change>,
    ) -> Arc<Kept> {
        match known {
            Some(known) if known.resource == fresh => return Arc::clone(known),
            Some(known) => changes.push(changed(&known.resource, &fresh, self.at)),
            None => changes.push(change(What::Add, &fresh, fresh.body.clone(), self.at)),
        }
        let kept = Arc::new(Kept::new(thing.clone(), fresh));
        Arc::make_mut(self.kinds.entry(kept.resource.kind).or_default()).put(Arc::clone(&kept));
        kept
    }

    fn forget(&mut self, resource: &Resource) {
        if let Some(kind) = self.kinds.get_mut(resource.kind) {
            Arc::make_mut(kind).remove(resource.id);
        }
    }
}

fn is_same(one: &Resource, other: &Resource) -> bool {
    one.kind == other.kind && one.id == other.id
}

/// Whether a fact may turn the index into another one.
const fn turns(update: &Update) -> bool {
    matches!(
        update,
        Update::Lights(
            lights::Update::Group(_)
                | lights::Update::GroupGone(_)
                | lights::Update::Scene(_)
                | lights::Update::SceneGone(_)
                | lights::Update::Reset(_)
        )
    )
}

/// Lights that a scene began to move, or moves no longer.
fn moved_otherwise(before: &Index, after: &Index) -> Vec<Thing> {
    let both = before.moving.keys().chain(after.moving.keys());
    let otherwise = both.filter(|light| before.moving.get(*light) != after.moving.get(*light));
    otherwise.map(|light| Thing::new(ThingKind::Light, light.0.clone())).collect()
}

/// Inputs that said several things in one go, each with a state in which it said one of them; without the last.
fn said_again<'a>(facts: impl Iterator<Item = &'a Stamped>, after: &Snapshot) -> Vec<(Thing, Snapshot)> {
    let mut waiting: BTreeMap<&InputId, &Arc<Input>> = BTreeMap::new();
    let mut earlier = Vec::new();
    for fact in facts {
        if let Update::Lights(lights::Update::Input(input)) = &fact.update {
            earlier.extend(waiting.insert(&input.id, input));
        }
    }
    let at_that_time = |input: &Arc<Input>| {
        let mut view = after.clone();
        view.lights.inputs.insert(input.id.clone(), Arc::clone(input));
        (Thing::new(ThingKind::Input, input.id.0.clone()), view)
    };
    earlier.into_iter().map(at_that_time).collect()
}

fn change(what: What, of: &Resource, body: Map<String, Value>, at: Moment) -> Change {
    Change { what, kind: of.kind, id: of.id, id_v1: of.id_v1.clone(), body, at }
}

/// What of a resource is another one than it was, with what names it.
fn changed(known: &Resource, fresh: &Resource, at: Moment) -> Change {
    let named = |key: &str| matches!(key, "id" | "id_v1" | "type" | "owner" | "service_id");
    let lost = known.body.keys().any(|key| !fresh.body.contains_key(key));
    let told = |key: &str, value: &Value| lost || named(key) || known.body.get(key) != Some(value);
    let body = fresh.body.iter().filter(|(key, value)| told(key, value));
    change(What::Update, fresh, body.map(|(key, value)| (key.clone(), value.clone())).collect(), at)
}

fn removed(known: &Resource, at: Moment) -> Change {
    let named = |key: &str| matches!(key, "id" | "id_v1" | "type");
    let body = known.body.iter().filter(|(key, _)| named(key));
    change(What::Delete, known, body.map(|(key, value)| (key.clone(), value.clone())).collect(), at)
}

/// What is new before what changed before what is gone, so that nobody hears of what he does not know.
fn in_order(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by_key(|change| change.what);
    changes
}
