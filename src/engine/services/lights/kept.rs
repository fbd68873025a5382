//! What of the facts about lights is kept: rooms, scenes, connections that were reached once, lights with what they can do
//! and their stacks. Not kept is what the next start finds out by itself: reach, reports, figures.
//!
//! Invariant: a thing is written only if what is kept of it changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::inputs::{Input, InputId};
use crate::model::lights::connection::{Connection, ConnectionId, Reach};
use crate::model::lights::group::{Group, GroupId};
use crate::model::lights::layers::Stack;
use crate::model::lights::scene::{Scene, SceneId};
use crate::model::lights::{Light, LightId, Lights, Update};
use crate::store::records::{LightsChange, is_kept};

/// What was handed to the store last.
#[derive(Debug, Default)]
pub struct Keeper {
    lights: BTreeMap<LightId, Arc<Light>>,
    groups: BTreeMap<GroupId, Arc<Group>>,
    scenes: BTreeMap<SceneId, Arc<Scene>>,
    connections: BTreeMap<ConnectionId, Arc<Connection>>,
    inputs: BTreeMap<InputId, Arc<Input>>,
    master: f32,
}

impl Keeper {
    /// All of this is kept already.
    #[must_use]
    pub fn new(all: &Lights) -> Self {
        let Lights { lights, groups, scenes, connections, inputs, master, .. } = all.clone();
        Self { lights, groups, scenes, connections, inputs, master }
    }

    /// What is to be written because of a fact.
    pub fn changes(&mut self, update: &Update) -> Vec<LightsChange> {
        match update {
            Update::Light(light) => self.light(light),
            Update::LightGone(id) => {
                self.lights.remove(id);
                vec![LightsChange::ForgetLight(id.clone())]
            }
            Update::Group(group) => {
                self.groups.insert(group.id.clone(), Arc::clone(group));
                vec![LightsChange::Group(Arc::clone(group))]
            }
            Update::GroupGone(id) => {
                self.groups.remove(id);
                vec![LightsChange::ForgetGroup(id.clone())]
            }
            Update::Scene(scene) => {
                self.scenes.insert(scene.id.clone(), Arc::clone(scene));
                vec![LightsChange::Scene(Arc::clone(scene))]
            }
            Update::SceneGone(id) => {
                self.scenes.remove(id);
                vec![LightsChange::ForgetScene(id.clone())]
            }
            Update::Connection(connection) => self.connection(connection),
            Update::ConnectionGone(id) => {
                self.connections.remove(id);
                vec![LightsChange::ForgetConnection(id.clone())]
            }
            Update::Input(input) => self.input(input),
            Update::InputGone(id) => {
                self.inputs.remove(id);
                vec![LightsChange::ForgetInput(id.clone())]
            }
            Update::Master(master) => {
                self.master = *master;
                vec![LightsChange::Master(*master)]
            }
            Update::Reset(all) => self.catch_up(all),
            Update::Found(_) | Update::FindingGone(_) | Update::Search(_) => Vec::new(),
        }
    }

    /// What is to be written when facts were missed.
    pub fn catch_up(&mut self, all: &Lights) -> Vec<LightsChange> {
        let before = std::mem::take(self);
        let master = (before.master.to_bits() != all.master.to_bits()).then_some(LightsChange::Master(all.master));
        let mut changes: Vec<_> = master.into_iter().collect();
        changes.extend(gone(&before.lights, &all.lights, LightsChange::ForgetLight));
        changes.extend(gone(&before.groups, &all.groups, LightsChange::ForgetGroup));
        changes.extend(gone(&before.scenes, &all.scenes, LightsChange::ForgetScene));
        changes.extend(gone(&before.connections, &all.connections, LightsChange::ForgetConnection));
        changes.extend(gone(&before.inputs, &all.inputs, LightsChange::ForgetInput));
        changes.extend(changed(&before.groups, &all.groups).map(LightsChange::Group));
        changes.extend(changed(&before.scenes, &all.scenes).map(LightsChange::Scene));
        *self = Self { groups: all.groups.clone(), scenes: all.scenes.clone(), master: all.master, ..before };
        self.lights.retain(|id, _| all.lights.contains_key(id));
        self.connections.retain(|id, _| all.connections.contains_key(id));
        self.inputs.retain(|id, _| all.inputs.contains_key(id));
        changes.extend(all.connections.values().flat_map(|connection| self.connection(connection)));
        changes.extend(all.lights.values().flat_map(|light| self.light(light)));
        changes.extend(all.inputs.values().flat_map(|input| self.input(input)));
        changes
    }

    fn light(&mut self, light: &Arc<Light>) -> Vec<LightsChange> {
        let before = self.lights.insert(light.id.clone(), Arc::clone(light));
        let itself = before.as_ref().is_none_or(|before| !same_light(before, light));
        let stack = before.is_none_or(|before| !same_stack(&before.stack, &light.stack));
        let itself = itself.then(|| LightsChange::Light(Arc::clone(light)));
        let stack = stack.then(|| LightsChange::Stack(light.id.clone(), Arc::clone(&light.stack)));
        itself.into_iter().chain(stack).collect()
    }

    /// One that was never reached is not kept: it may be a slip of the pen.
    fn connection(&mut self, connection: &Arc<Connection>) -> Vec<LightsChange> {
        let known = self.connections.get(&connection.id);
        let reached = known.is_some() || matches!(connection.reach, Reach::Online | Reach::Waiting { .. });
        if !reached || known.is_some_and(|known| same_connection(known, connection)) {
            return Vec::new();
        }
        self.connections.insert(connection.id.clone(), Arc::clone(connection));
        vec![LightsChange::Connection(Arc::clone(connection))]
    }

    fn input(&mut self, input: &Arc<Input>) -> Vec<LightsChange> {
        let before = self.inputs.insert(input.id.clone(), Arc::clone(input));
        match before.is_some_and(|before| same_input(&before, input)) {
            true => Vec::new(),
            false => vec![LightsChange::Input(Arc::clone(input))],
        }
    }
}

fn same_light(a: &Light, b: &Light) -> bool {
    let rest = |light: &Light| (Arc::clone(&light.name), Arc::clone(&light.model), light.power_on, light.favourite);
    rest(a) == rest(b) && a.connection == b.connection && a.local == b.local && a.capabilities == b.capabilities
}

fn same_stack(a: &Arc<Stack>, b: &Arc<Stack>) -> bool {
    let kept = |stack: &Stack| stack.layers.iter().filter(|layer| is_kept(layer)).cloned().collect::<Vec<_>>();
    Arc::ptr_eq(a, b) || (a.base == b.base && a.by == b.by && kept(a) == kept(b))
}

fn same_connection(a: &Connection, b: &Connection) -> bool {
    a.identity == b.identity && a.name == b.name && a.model == b.model && a.target == b.target
}

fn same_input(a: &Input, b: &Input) -> bool {
    a.name == b.name
        && a.model == b.model
        && a.connection == b.connection
        && a.local == b.local
        && a.aspects == b.aspects
}

/// What is new or not as it was.
fn changed<'a, I: Ord, T: PartialEq>(
    before: &'a BTreeMap<I, Arc<T>>,
    now: &'a BTreeMap<I, Arc<T>>,
) -> impl Iterator<Item = Arc<T>> + 'a {
    let news = now.iter().filter(|(id, thing)| before.get(id) != Some(thing));
    news.map(|(_, thing)| Arc::clone(thing))
}

/// What was known and is no longer there.
fn gone<I: Ord + Clone, T>(
    before: &BTreeMap<I, Arc<T>>,
    now: &BTreeMap<I, Arc<T>>,
    forget: fn(I) -> LightsChange,
) -> Vec<LightsChange> {
    before.keys().filter(|id| !now.contains_key(id)).cloned().map(forget).collect()
}
