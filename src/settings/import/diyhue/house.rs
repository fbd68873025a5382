//! What a folder of diyHue holds, in terms of the house.
//!
//! diyHue names its UUIDs after one that it keeps: the light itself has that one, its device the UUIDv5 of it and the
//! word `device` in the namespace of URLs, and so on. With these, apps find everything under the names that they know.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::model::bridge::Identity;
use crate::model::bridge::app::{App, AppId, Secret};
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::Ids;
use crate::model::bridge::object::Clip;
use crate::model::lights::connection::Target;
use crate::model::lights::group::GroupKind;
use crate::model::lights::state::Change;

/// All that is taken over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct House {
    /// Who the bridge is.
    pub identity: Identity,
    /// Its certificate with its key, PEM.
    pub certificate: Option<Secret>,
    /// Apps with their keys and keys for streaming.
    pub apps: Vec<(App, Secret, Option<Secret>)>,
    /// Its lights.
    pub lights: Vec<OldLight>,
    /// Its rooms and zones.
    pub groups: Vec<OldGroup>,
    /// Its scenes.
    pub scenes: Vec<OldScene>,
    /// Its entertainment areas.
    pub areas: Vec<OldArea>,
    /// Its sensors that only apps write, with their numbers and ids.
    pub clips: Vec<(Arc<str>, Uuid, Clip)>,
    /// What is left out and why, a sentence each.
    pub left: Vec<String>,
}

/// A light there.
#[derive(Clone, Debug, PartialEq)]
pub struct OldLight {
    /// Its number in version 1.
    pub number: Arc<str>,
    /// What its UUIDs are made of.
    pub id: Uuid,
    /// What people call it.
    pub name: Arc<str>,
    /// How diyHue reaches it.
    pub way: Way,
    /// What was noted beside it.
    pub extra: Extra,
}

/// How diyHue reaches a light.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// As Hearthlight can, too.
    Ours {
        /// Where it is.
        target: Target,
        /// What opens it.
        secrets: BTreeMap<String, String>,
        /// What its connection is told apart by, if it says so.
        identity: Option<String>,
        /// The name that its connection uses for it, if it says so.
        local: Option<String>,
    },
    /// As Hearthlight cannot: why.
    Foreign(String),
}

/// A room or zone there.
#[derive(Clone, Debug, PartialEq)]
pub struct OldGroup {
    /// Its number in version 1.
    pub number: Arc<str>,
    /// What its UUIDs are made of.
    pub id: Uuid,
    /// What people call it.
    pub name: Arc<str>,
    /// Which of the two.
    pub kind: GroupKind,
    /// Its lights, by their numbers.
    pub lights: Vec<Arc<str>>,
    /// What was noted beside it.
    pub extra: Extra,
}

/// A scene there.
#[derive(Clone, Debug, PartialEq)]
pub struct OldScene {
    /// Its id in version 1.
    pub number: Arc<str>,
    /// Its UUID.
    pub id: Uuid,
    /// What people call it.
    pub name: Arc<str>,
    /// The number of its room or zone.
    pub group: Option<Arc<str>>,
    /// What its lights show, by their numbers.
    pub states: BTreeMap<Arc<str>, Change>,
    /// What was noted beside it.
    pub extra: Extra,
}

/// An entertainment area there.
#[derive(Clone, Debug, PartialEq)]
pub struct OldArea {
    /// Its number in version 1.
    pub number: Arc<str>,
    /// What its UUIDs are made of.
    pub id: Uuid,
    /// What people call it.
    pub name: Arc<str>,
    /// `screen` and the like.
    pub kind: Arc<str>,
    /// Its lights with their places, by their numbers.
    pub places: Vec<(Arc<str>, Vec<[f64; 3]>)>,
}

/// The id of the app with this key: the same at each import.
#[must_use]
pub fn app_id(key: &str) -> AppId {
    AppId(Uuid::new_v5(&Uuid::NAMESPACE_OID, key.as_bytes()).to_string().into())
}

/// What diyHue calls a part of what it calls this.
fn part(id: Uuid, word: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{id}{word}").as_bytes())
}

fn ids(id: Uuid, number: &Arc<str>, own: impl IntoIterator<Item = (&'static str, Uuid)>) -> Ids {
    let own = own.into_iter().map(|(kind, id)| (kind.into(), id)).collect();
    Ids { root: id, own, v1: BTreeMap::from([("".into(), Arc::clone(number))]) }
}

impl OldLight {
    /// What apps call it.
    #[must_use]
    pub fn ids(&self) -> Ids {
        let parts = ["device", "zigbee_connectivity", "entertainment"].map(|word| (word, part(self.id, word)));
        ids(self.id, &self.number, parts.into_iter().chain([("light", self.id)]))
    }
}

impl OldGroup {
    /// What apps call it.
    #[must_use]
    pub fn ids(&self) -> Ids {
        let word = match self.kind {
            GroupKind::Room => "room",
            GroupKind::Zone => "zone",
        };
        ids(self.id, &self.number, [("grouped_light", self.id), (word, part(self.id, word))])
    }
}

impl OldScene {
    /// What apps call it.
    #[must_use]
    pub fn ids(&self) -> Ids {
        ids(self.id, &self.number, [("scene", self.id)])
    }
}

impl OldArea {
    /// What apps call it.
    #[must_use]
    pub fn ids(&self) -> Ids {
        let word = "entertainment_configuration";
        ids(self.id, &self.number, [("grouped_light", self.id), (word, part(self.id, word))])
    }
}

/// What apps call a sensor of their own.
#[must_use]
pub fn clip_ids(number: &Arc<str>, id: Uuid) -> Ids {
    ids(id, number, [])
}
