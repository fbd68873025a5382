//! The service's state, and the one way in which it changes: what changed is told once for each thing, whatever happened
//! to it, and each light is wished once.
//!
//! Invariant: what a face sees of a light's `wanted` is what was wished of it.
//! Invariant: a command that is refused changed nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::drivers::light::{LightDriver, Wish};
use crate::drivers::{Family, LocalId, Opening};
use crate::engine::links::FrameSlot;
use crate::engine::services::lights::course::Motion;
use crate::engine::services::lights::lease::{self, Grant};
use crate::engine::services::lights::secrets::Secrets;
use crate::engine::services::lights::wanted::wanted;
use crate::model::bridge::ids::BridgeId;
use crate::model::inputs::InputId;
use crate::model::lights::connection::{ConnectionId, Reach};
use crate::model::lights::group::{GroupId, GroupKind};
use crate::model::lights::layers::Stack;
use crate::model::lights::scene::SceneId;
use crate::model::lights::{Light, LightId, Lights as Public, Update};
use crate::units::moment::Moment;

/// For so long after a wish and its transition, what a light says may still be of before.
const SETTLE: Duration = Duration::from_secs(2);

/// What time it is.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Since the program started.
    pub at: Moment,
    /// For people.
    pub wall: Timestamp,
}

impl Now {
    const START: Self = Self { at: Moment::ZERO, wall: Timestamp::UNIX_EPOCH };
}

/// What holds for changes that do not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefs {
    /// How long a change takes, ms.
    pub transition_ms: u32,
    /// After how many minutes a hold ends; 0 for never.
    pub hold_minutes: u32,
}

/// What the service wants to be done outside.
pub enum Deed {
    /// Start a link, in place of the one of this connection if there is one.
    Start(ConnectionId, Opening<LightDriver>),
    /// End a link.
    Stop(ConnectionId),
    /// Try now.
    Retry(ConnectionId),
    /// Settle which things behind a connection are streamed to.
    Stream(ConnectionId, Vec<(LocalId, FrameSlot)>),
    /// Ask the networks who is there.
    Ask,
    /// Ask no more.
    Pause,
    /// Ask every address of these networks.
    Sweep(Vec<String>),
    /// Keep the secrets.
    Keep,
}

/// What follows from something that happened.
#[derive(Default)]
pub struct Out {
    /// Facts.
    pub updates: Vec<Update>,
    /// What is wished of lights, after the deeds.
    pub wishes: Vec<(ConnectionId, LocalId, Wish)>,
    /// What is to be done outside, in order.
    pub deeds: Vec<Deed>,
}

/// What the service alone knows of a light.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Until then, something of ours may be on its way.
    pub(super) busy_until: Moment,
    /// Something was wished while nobody was there to hear it.
    pub(super) owed: bool,
    /// What it called itself last.
    pub(super) said_name: Option<Arc<str>>,
    /// Who streams to it.
    pub(super) grants: Vec<Grant>,
    /// The epoch of the grant that is shown.
    pub(super) current: Arc<AtomicU64>,
}

/// A thing behind a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ThingId {
    Light(LightId),
    Input(InputId),
}

/// What the service alone knows of a connection.
#[derive(Debug)]
pub(super) struct Line {
    /// As its link says.
    pub(super) health: Reach,
    /// What it waits for.
    pub(super) waiting: Option<Arc<str>>,
    /// When it came up; `None` while it is down.
    pub(super) up_since: Option<Moment>,
    /// Its things, by the names that it uses.
    pub(super) things: BTreeMap<Arc<str>, ThingId>,
    /// Those of them that it has, by what it said since the start.
    pub(super) there: BTreeSet<Arc<str>>,
    /// Those of them that do not answer it: since when, and why.
    pub(super) silent: BTreeMap<Arc<str>, (Timestamp, Arc<str>)>,
    /// From a question to its answer, ms, smoothed.
    pub(super) latency_ms: Option<f32>,
    /// Whether a link runs for it.
    pub(super) linked: bool,
    /// When it was tried because its device was seen.
    pub(super) nudged: Option<Moment>,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            health: Reach::Starting,
            waiting: None,
            up_since: None,
            things: BTreeMap::new(),
            there: BTreeSet::new(),
            silent: BTreeMap::new(),
            latency_ms: None,
            linked: false,
            nudged: None,
        }
    }
}

/// What changed since it was told last.
#[derive(Debug, Default)]
pub(super) struct Changed {
    pub(super) lights: BTreeSet<LightId>,
    pub(super) groups: BTreeSet<GroupId>,
    pub(super) scenes: BTreeSet<SceneId>,
    pub(super) connections: BTreeSet<ConnectionId>,
    pub(super) inputs: BTreeSet<InputId>,
    pub(super) findings: BTreeSet<Arc<str>>,
    pub(super) search: bool,
    pub(super) master: bool,
    /// Connections whose streams must be settled anew.
    pub(super) streams: BTreeSet<ConnectionId>,
}

/// The lights service: decides; who calls it does what follows.
pub struct Lights {
    /// What everybody may see.
    pub(super) state: Public,
    pub(super) own: BTreeMap<LightId, Own>,
    pub(super) lines: BTreeMap<ConnectionId, Line>,
    pub(super) secrets: Secrets,
    /// Active scenes that go on by themselves.
    pub(super) motions: BTreeMap<SceneId, Motion>,
    pub(super) active: BTreeSet<SceneId>,
    pub(super) changed: Changed,
    pub(super) out: Out,
    /// The id of what the last command made.
    pub(super) made: Option<Arc<str>>,
    pub(super) now: Now,
    pub(super) prefs: Prefs,
    pub(super) families: &'static [&'static Family<LightDriver>],
    pub(super) zone: TimeZone,
    pub(super) demo: bool,
    /// The number of the bridge that this program plays: it is no device.
    itself: BridgeId,
    pub(super) epochs: u64,
    /// When everybody was asked last, without a person's wish.
    pub(super) asked: Option<Moment>,
    /// When a device was lost last.
    pub(super) lost: Option<Moment>,
    /// The first hold ends then, or before.
    pub(super) hold_ends: Option<Timestamp>,
    /// When it was seen last what is due by itself.
    pub(super) ticked: Now,
    /// When frames were counted last.
    pub(super) counted: Moment,
}

impl std::fmt::Debug for Lights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lights").field("lights", &self.state.lights.len()).finish_non_exhaustive()
    }
}

impl Default for Prefs {
    fn default() -> Self {
        Self { transition_ms: 400, hold_minutes: 0 }
    }
}

impl Lights {
    /// A house without lights, that knows these families. In the demo home all that is found is connected at once.
    #[must_use]
    pub fn new(families: &'static [&'static Family<LightDriver>], zone: TimeZone, demo: bool) -> Self {
        let described = families.iter().map(|family| family.described()).collect();
        Self {
            state: Public { families: described, ..Public::default() },
            own: BTreeMap::new(),
            lines: BTreeMap::new(),
            secrets: Secrets::default(),
            motions: BTreeMap::new(),
            active: BTreeSet::new(),
            changed: Changed::default(),
            out: Out::default(),
            made: None,
            now: Now::START,
            ticked: Now::START,
            prefs: Prefs::default(),
            families,
            zone,
            demo,
            itself: BridgeId::default(),
            epochs: 0,
            asked: None,
            lost: None,
            hold_ends: None,
            counted: Moment::ZERO,
        }
    }

    /// What everybody may see.
    #[must_use]
    pub const fn state(&self) -> &Public {
        &self.state
    }

    /// What is to be kept apart.
    #[must_use]
    pub const fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Settles which bridge is played by this program: it is never taken for a device.
    pub fn set_itself(&mut self, bridge: BridgeId) {
        if std::mem::replace(&mut self.itself, bridge) != bridge {
            let own = |key: &&Arc<str>| {
                let finding = self.state.findings.get(*key);
                finding.is_some_and(|finding| self.is_itself(finding.identity.as_deref()))
            };
            let own: Vec<Arc<str>> = self.state.findings.keys().filter(own).cloned().collect();
            own.iter().for_each(|key| self.drop_finding(key));
        }
    }

    /// Whether this identity is that of the bridge that this program plays.
    pub(super) fn is_itself(&self, identity: Option<&str>) -> bool {
        let known = self.itself != BridgeId::default();
        known && identity.is_some_and(|identity| identity.eq_ignore_ascii_case(&self.itself.lower()))
    }

    /// Settles what holds for changes from now on.
    pub const fn set_prefs(&mut self, prefs: Prefs) {
        self.prefs = prefs;
    }

    /// The id of the room, zone or scene that the last command made or changed.
    pub fn made(&mut self) -> Option<Arc<str>> {
        self.made.take()
    }

    /// What follows from what happened since the last call.
    #[must_use]
    pub fn take(&mut self) -> Out {
        let changed = std::mem::take(&mut self.changed);
        for connection in changed.streams.iter().filter(|id| self.lines.contains_key(id)) {
            let streams = self.streams(connection);
            self.out.deeds.push(Deed::Stream(connection.clone(), streams));
        }
        let mut out = std::mem::take(&mut self.out);
        self.tell(changed, &mut out.updates);
        out
    }

    /// Things that are there no longer are told of as gone.
    fn tell(&self, changed: Changed, out: &mut Vec<Update>) {
        let Public { lights, groups, scenes, connections, inputs, findings, search, master, families: _ } = &self.state;
        out.extend(told(changed.connections, connections, Update::Connection, Update::ConnectionGone));
        out.extend(told(changed.lights, lights, Update::Light, Update::LightGone));
        out.extend(told(changed.inputs, inputs, Update::Input, Update::InputGone));
        out.extend(told(changed.groups, groups, Update::Group, Update::GroupGone));
        out.extend(told(changed.scenes, scenes, Update::Scene, Update::SceneGone));
        out.extend(told(changed.findings, findings, Update::Found, Update::FindingGone));
        out.extend(changed.search.then(|| Update::Search(search.clone())));
        out.extend(changed.master.then_some(Update::Master(*master)));
    }

    /// Changes a light. Says whether that changed anything.
    pub(super) fn edit(&mut self, id: &LightId, change: impl FnOnce(&mut Light)) -> bool {
        let Some(known) = self.state.lights.get_mut(id) else { return false };
        let before = Arc::clone(known);
        change(Arc::make_mut(known));
        let changed = before != *known;
        if changed {
            self.changed.lights.insert(id.clone());
        }
        changed
    }

    /// Changes who drives a light, and what is wanted of it. Says whether it is wanted otherwise now.
    pub(super) fn restack(&mut self, id: &LightId, change: impl FnOnce(&mut Stack)) -> bool {
        let master = self.state.master;
        let mut turned = false;
        let changed = self.edit(id, |light| {
            change(Arc::make_mut(&mut light.stack));
            let wanted = wanted(&light.stack, master, &light.capabilities);
            turned = wanted != light.wanted;
            light.wanted = wanted;
        });
        let ends = self.state.lights.get(id).and_then(|light| light.stack.expires());
        self.hold_ends = self.hold_ends.into_iter().chain(ends).min();
        if changed {
            self.restream(id);
        }
        turned
    }

    /// Sees anew whose frames a light shows.
    pub(super) fn restream(&mut self, id: &LightId) {
        let (Some(own), Some(light)) = (self.own.get(id), self.state.lights.get(id)) else { return };
        if own.grants.is_empty() {
            return;
        }
        let epoch = lease::current(&own.grants, &light.stack).map_or(0, |grant| grant.epoch);
        if own.current.swap(epoch, std::sync::atomic::Ordering::AcqRel) != epoch {
            self.changed.streams.insert(light.connection.clone());
        }
    }

    /// Wishes of a light what is wanted of it.
    pub(super) fn wish(&mut self, id: &LightId, transition_ms: u32) {
        let Some(light) = self.state.lights.get(id) else { return };
        let line = self.lines.get(&light.connection);
        let heard = line.is_some_and(|line| line.up_since.is_some() && line.there.contains(&light.local));
        let own = self.own.entry(id.clone()).or_default();
        own.owed |= !heard;
        own.busy_until = self.now.at + SETTLE + Duration::from_millis(transition_ms.into());
        let wish = Wish::State { state: light.wanted.clone(), transition_ms };
        self.out.wishes.push((light.connection.clone(), LocalId(Arc::clone(&light.local)), wish));
    }

    /// Wishes of a light something beside its state.
    pub(super) fn ask(&mut self, id: &LightId, wish: Wish) {
        if let Some(light) = self.state.lights.get(id) {
            self.out.wishes.push((light.connection.clone(), LocalId(Arc::clone(&light.local)), wish));
        }
    }

    /// The usual time of a change.
    pub(super) fn usual(&self, transition_ms: Option<u32>) -> u32 {
        transition_ms.unwrap_or(self.prefs.transition_ms)
    }

    /// Checks what must always be so, of all lights.
    ///
    /// # Panics
    /// If it is not.
    pub fn verify_invariants(&self) {
        for light in self.state.lights.values() {
            light.stack.verify_invariants();
            assert_eq!(light.wanted, wanted(&light.stack, self.state.master, &light.capabilities), "{}", light.id.0);
            let n_rooms = self
                .state
                .groups
                .values()
                .filter(|group| group.kind == GroupKind::Room && group.lights.contains(&light.id));
            assert!(n_rooms.count() <= 1, "{} is in more than one room", light.id.0);
        }
        for group in self.state.groups.values() {
            assert!(group.lights.iter().all(|id| self.state.lights.contains_key(id)), "{} has a ghost", group.id.0);
        }
    }
}

/// What is to be told of changed things of one kind.
fn told<'a, I: Ord + 'a, T: 'a>(
    changed: BTreeSet<I>,
    all: &'a BTreeMap<I, Arc<T>>,
    is: fn(Arc<T>) -> Update,
    gone: fn(I) -> Update,
) -> impl Iterator<Item = Update> + 'a {
    changed.into_iter().map(move |id| match all.get(&id) {
        Some(thing) => is(Arc::clone(thing)),
        None => gone(id),
    })
}
