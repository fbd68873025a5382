//! Lights: the things behind connections, the rooms they are in, the scenes they show, and who drives them.
//!
//! ```text
//! commands ──▶ base and layers ──▶ wanted ──link──▶ the light
//!                                  reported ◀──link── the light
//! ```
//!
//! Invariant: what is wanted follows from base, layers and the master brightness, and from nothing else
//! ([`Stack`](crate::model::lights::layers::Stack)).

pub mod capabilities;
pub mod connection;
pub mod group;
pub mod layers;
pub mod scene;
pub mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::inputs::{Input, InputId};
use crate::model::lights::capabilities::{Capabilities, PowerOn};
use crate::model::lights::connection::{Connection, ConnectionId, Family, Finding, Reach, Search, Target};
use crate::model::lights::group::{Group, GroupId, GroupKind};
use crate::model::lights::layers::{Kind, Stack};
use crate::model::lights::scene::{Content, Palette, Scene, SceneId};
use crate::model::lights::state::{Change, Color, State};

/// Lights that are kept, at most.
pub const MAX_LIGHTS: usize = 2000;
/// Rooms and zones, at most.
pub const MAX_GROUPS: usize = 500;
/// Scenes, at most.
pub const MAX_SCENES: usize = 2000;
/// Characters of a name, at most.
pub const MAX_NAME: usize = 64;

/// What a light is told apart by: a slug, for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LightId(pub Arc<str>);

/// What a light says of itself; what it does not say is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reported {
    /// Whether it is on.
    pub on: Option<bool>,
    /// Its brightness, 0..=1.
    pub brightness: Option<f32>,
    /// What it shows.
    pub color: Option<Color>,
    /// The effect of its own that runs; empty for none.
    pub effect: Option<Arc<str>>,
}

/// A light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Light {
    /// What it is told apart by.
    pub id: LightId,
    /// What people call it.
    pub name: Arc<str>,
    /// What it is, for people: maker and model.
    pub model: Arc<str>,
    /// Whose.
    pub connection: ConnectionId,
    /// The name that the connection itself uses for it.
    pub local: Arc<str>,
    /// What it can do.
    pub capabilities: Arc<Capabilities>,
    /// Who drives it.
    pub stack: Arc<Stack>,
    /// How it shall be: what its stack shows, dimmed by the master brightness, within what it can do.
    pub wanted: State,
    /// How it says it is, as far as it says.
    pub reported: Reported,
    /// How it fares.
    pub reach: Reach,
    /// Frames a second that go to it now; 0 if it is not streamed to.
    pub streaming_fps: f32,
    /// What it does when its power comes back, as told by a person.
    pub power_on: Option<PowerOn>,
    /// Whether a person marked it.
    pub favourite: bool,
}

/// Everything about lights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lights {
    /// Lights.
    pub lights: BTreeMap<LightId, Arc<Light>>,
    /// Rooms and zones.
    pub groups: BTreeMap<GroupId, Arc<Group>>,
    /// Scenes.
    pub scenes: BTreeMap<SceneId, Arc<Scene>>,
    /// Connections.
    pub connections: BTreeMap<ConnectionId, Arc<Connection>>,
    /// Families of devices that can be added; they never change.
    pub families: Arc<[Family]>,
    /// Switches and sensors behind them.
    pub inputs: BTreeMap<InputId, Arc<Input>>,
    /// What discovery sees that is no connection yet, by [`Finding::key`].
    pub findings: BTreeMap<Arc<str>, Arc<Finding>>,
    /// How the search fares.
    pub search: Search,
    /// What all brightnesses are multiplied with, but for alarms: 0..=1.
    pub master: f32,
}

impl Default for Lights {
    fn default() -> Self {
        Self {
            lights: BTreeMap::new(),
            groups: BTreeMap::new(),
            scenes: BTreeMap::new(),
            connections: BTreeMap::new(),
            families: Arc::new([]),
            inputs: BTreeMap::new(),
            findings: BTreeMap::new(),
            search: Search::default(),
            master: 1.0,
        }
    }
}

/// What a command is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// One light.
    Light(LightId),
    /// The lights of a room or zone.
    Group(GroupId),
    /// All lights.
    All,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Change lights: their bases, or above active layers a hold.
    Set {
        /// Which.
        aims: Vec<Aim>,
        /// How.
        change: Change,
    },
    /// Make lights brighter or darker by a share of their most; those that reach 0 go off, those that are off stay so.
    Step {
        /// Which.
        aims: Vec<Aim>,
        /// By how much, -1..=1.
        by: f32,
    },
    /// Put bases back as they were, all at once: what takes other commands back.
    Restore {
        /// Lights and their bases.
        bases: Vec<(LightId, State)>,
    },
    /// End what people did above layers.
    Release {
        /// Which lights.
        aims: Vec<Aim>,
    },
    /// Lay a layer over lights, in place of the one of its kind and key; lights that are no longer aimed at lose it.
    PutLayer {
        /// Its kind.
        kind: Kind,
        /// What it is told apart by.
        key: Arc<str>,
        /// What people call it.
        name: Arc<str>,
        /// Which lights.
        aims: Vec<Aim>,
        /// What it masks.
        change: Change,
    },
    /// Take a layer away from all lights that have it. Nothing happens if none has.
    RemoveLayer {
        /// Its kind.
        kind: Kind,
        /// What it is told apart by.
        key: Arc<str>,
    },
    /// Dim everything, 0..=1.
    SetMaster(f32),
    /// Let a light make itself known.
    Identify(LightId),
    /// Settle what a light does when its power comes back.
    SetPowerOn {
        /// Which.
        light: LightId,
        /// What it does.
        power_on: PowerOn,
    },
    /// Name a light.
    Rename {
        /// Which.
        light: LightId,
        /// At most [`MAX_NAME`] characters.
        name: String,
    },
    /// Mark a light, or not.
    SetFavourite {
        /// Which.
        light: LightId,
        /// Whether.
        favourite: bool,
    },
    /// Forget a light that its connection no longer has.
    ForgetLight(LightId),
    /// Make a room or zone, or change it.
    PutGroup {
        /// Which; `None` for a new one.
        group: Option<GroupId>,
        /// At most [`MAX_NAME`] characters.
        name: String,
        /// What it is.
        kind: GroupKind,
        /// What is in it. A light that comes into a room leaves the room it was in.
        lights: BTreeSet<LightId>,
    },
    /// Remove a room or zone, with its scenes.
    RemoveGroup(GroupId),
    /// Make a scene, or change it.
    PutScene {
        /// Which; `None` for a new one.
        scene: Option<SceneId>,
        /// At most [`MAX_NAME`] characters.
        name: String,
        /// The room or zone it belongs to.
        group: Option<GroupId>,
        /// How long it takes to be there, ms.
        transition_ms: u32,
        /// What is in it; `None` for what its lights show now.
        content: Option<Content>,
    },
    /// Remove a scene.
    RemoveScene(SceneId),
    /// Show a scene.
    Recall {
        /// Which.
        scene: SceneId,
        /// How long it takes, ms; `None` for its own time.
        transition_ms: Option<u32>,
    },
    /// Show a scene in another way than its own.
    Show {
        /// Which.
        scene: SceneId,
        /// How long it takes, ms; `None` for its own time.
        transition_ms: Option<u32>,
        /// How bright those of its lights are that are on, 0..=1; `None` for its own brightnesses.
        brightness: Option<f32>,
        /// Whether a still one goes through its palette.
        moving: bool,
    },
    /// Give a still scene colours to go through, or take them away.
    SetPalette {
        /// Which.
        scene: SceneId,
        /// The colours.
        palette: Option<Palette>,
    },
    /// Hold a moving scene, or one that follows the day, where it is.
    StopScene(SceneId),
    /// Look for devices, or stop looking.
    Search(bool),
    /// Ask every address of these networks, in CIDR; only when a person says so. Empty: the networks of this machine.
    Sweep(Vec<String>),
    /// Try what is there: it becomes a connection if it answers as its family does.
    Connect {
        /// Where.
        target: Target,
        /// Secrets its family wants to know, such as a password; kept apart.
        secrets: BTreeMap<String, String>,
    },
    /// Change where a connection leads.
    Redirect {
        /// Which.
        connection: ConnectionId,
        /// Where to.
        target: Target,
        /// Secrets that change.
        secrets: BTreeMap<String, String>,
    },
    /// Try a connection now that waits for its next try.
    Retry(ConnectionId),
    /// Name a connection.
    RenameConnection {
        /// Which.
        connection: ConnectionId,
        /// At most [`MAX_NAME`] characters.
        name: String,
    },
    /// Forget a connection with its lights and secrets.
    Disconnect(ConnectionId),
}

/// What became true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// A light is new or changed.
    Light(Arc<Light>),
    /// A light is gone.
    LightGone(LightId),
    /// A room or zone is new or changed.
    Group(Arc<Group>),
    /// A room or zone is gone.
    GroupGone(GroupId),
    /// A scene is new or changed.
    Scene(Arc<Scene>),
    /// A scene is gone.
    SceneGone(SceneId),
    /// A connection is new or changed.
    Connection(Arc<Connection>),
    /// A connection is gone.
    ConnectionGone(ConnectionId),
    /// An input is new, changed, or said something.
    Input(Arc<Input>),
    /// An input is gone.
    InputGone(InputId),
    /// Discovery sees something.
    Found(Arc<Finding>),
    /// It sees it no longer, or it became a connection.
    FindingGone(Arc<str>),
    /// How the search fares.
    Search(Search),
    /// The master brightness.
    Master(f32),
    /// Everything at once.
    Reset(Arc<Lights>),
}

impl Lights {
    /// Folds one update in.
    pub fn apply(&mut self, update: &Update) {
        match update {
            Update::Light(light) => drop(self.lights.insert(light.id.clone(), Arc::clone(light))),
            Update::LightGone(id) => drop(self.lights.remove(id)),
            Update::Group(group) => drop(self.groups.insert(group.id.clone(), Arc::clone(group))),
            Update::GroupGone(id) => drop(self.groups.remove(id)),
            Update::Scene(scene) => drop(self.scenes.insert(scene.id.clone(), Arc::clone(scene))),
            Update::SceneGone(id) => drop(self.scenes.remove(id)),
            Update::Connection(known) => drop(self.connections.insert(known.id.clone(), Arc::clone(known))),
            Update::ConnectionGone(id) => drop(self.connections.remove(id)),
            Update::Input(input) => drop(self.inputs.insert(input.id.clone(), Arc::clone(input))),
            Update::InputGone(id) => drop(self.inputs.remove(id)),
            Update::Found(finding) => drop(self.findings.insert(Arc::clone(&finding.key), Arc::clone(finding))),
            Update::FindingGone(key) => drop(self.findings.remove(key)),
            Update::Search(search) => self.search.clone_from(search),
            Update::Master(master) => self.master = *master,
            Update::Reset(all) => *self = Self::clone(all),
        }
    }

    /// The room that a light is in.
    #[must_use]
    pub fn room_of(&self, light: &LightId) -> Option<&Arc<Group>> {
        self.groups.values().find(|group| group.kind == GroupKind::Room && group.lights.contains(light))
    }

    /// The lights that these aims name, each once; aims at nothing name none.
    #[must_use]
    pub fn aimed(&self, aims: &[Aim]) -> BTreeSet<LightId> {
        let mut aimed = BTreeSet::new();
        for aim in aims {
            match aim {
                Aim::Light(id) if self.lights.contains_key(id) => drop(aimed.insert(id.clone())),
                Aim::Light(_) => {}
                Aim::Group(id) => aimed.extend(self.groups.get(id).into_iter().flat_map(|group| group.lights.clone())),
                Aim::All => aimed.extend(self.lights.keys().cloned()),
            }
        }
        aimed.retain(|id| self.lights.contains_key(id));
        aimed
    }
}
