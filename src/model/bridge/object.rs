//! What Hue apps keep in the bridge: sensors of their own, rules, schedules, links, behaviours, places of phones, areas.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::bridge::app::AppId;
use crate::model::bridge::area::Area;
use crate::model::bridge::job::Job;
use crate::model::bridge::kept::Kind;
use crate::model::bridge::plan::{Rule, Schedule, SmartScene};

/// Something that apps keep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// A sensor that only apps write.
    Clip(Clip),
    /// A rule.
    Rule(Rule),
    /// A schedule.
    Schedule(Schedule),
    /// A resourcelink.
    Link(Link),
    /// A behaviour.
    Behavior(Behavior),
    /// A phone.
    Client(Client),
    /// An entertainment area.
    Area(Area),
    /// Scenes by day and time.
    SmartScene(SmartScene),
}

/// A sensor that only apps write: `CLIPGenericStatus` and the like. Maps are JSON objects as texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clip {
    /// What people call it.
    pub name: Arc<str>,
    /// `CLIPGenericFlag` and the like.
    pub kind: Arc<str>,
    /// Up to 32 characters.
    pub model: Arc<str>,
    /// Up to 32 characters.
    pub maker: Arc<str>,
    /// Up to 16 characters.
    pub version: Arc<str>,
    /// Up to 32 characters.
    pub unique: Arc<str>,
    /// Whether it may go with the links that name it.
    pub recycle: bool,
    /// A JSON object: `{"flag":true}`.
    pub state: Arc<str>,
    /// A JSON object: `{"on":true}`.
    pub config: Arc<str>,
    /// When its state was written.
    pub updated: Option<Timestamp>,
}

/// A resourcelink.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// What people call it.
    pub name: Arc<str>,
    /// What it is for.
    pub description: Arc<str>,
    /// 1..=65535.
    pub class: u16,
    /// Whose.
    pub owner: Option<AppId>,
    /// Whether its targets may go with it.
    pub recycle: bool,
    /// Addresses: `/rules/1`.
    pub links: Vec<Arc<str>>,
}

/// An instance of a behaviour script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Behavior {
    /// Which script.
    pub script: Uuid,
    /// What people call it.
    pub name: Arc<str>,
    /// Whether it works.
    pub enabled: bool,
    /// As the app wrote it: a JSON object.
    pub configuration: Arc<str>,
    /// What that means; `None` if nothing here can do it, which its status then says.
    pub job: Option<Job>,
    /// When it was started by hand, if it was: a timer runs from then.
    pub started: Option<Timestamp>,
}

/// A phone that says whether it is at home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// What people call it.
    pub name: Arc<str>,
    /// Whether it is at home; `None` if it never said.
    pub at_home: Option<bool>,
}

impl Object {
    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Clip(_) => Kind::Clip,
            Self::Rule(_) => Kind::Rule,
            Self::Schedule(_) => Kind::Schedule,
            Self::Link(_) => Kind::Link,
            Self::Behavior(_) => Kind::Behavior,
            Self::Client(_) => Kind::Client,
            Self::Area(_) => Kind::Area,
            Self::SmartScene(_) => Kind::SmartScene,
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn name(&self) -> &Arc<str> {
        match self {
            Self::Clip(clip) => &clip.name,
            Self::Rule(rule) => &rule.name,
            Self::Schedule(schedule) => &schedule.name,
            Self::Link(link) => &link.name,
            Self::Behavior(behavior) => &behavior.name,
            Self::Client(client) => &client.name,
            Self::Area(area) => &area.name,
            Self::SmartScene(scene) => &scene.name,
        }
    }
}
