//! The Hue bridge that Hearthlight is: who it is, which apps hold a key, what it calls things, and what apps keep in it.
//!
//! Lights, rooms, scenes and inputs live in [`crate::model::lights`]; here is what only Hue apps know of them.
//!
//! Invariant: a thing is shown to apps only once it has [`ids::Ids`], and these never change.
//! Invariant: nothing secret is in here: keys are in `port::ring`.

pub mod amend;
pub mod app;
pub mod area;
pub mod course;
pub mod extra;
pub mod family;
pub mod ids;
pub mod job;
pub mod kept;
pub mod object;
pub mod plan;
pub mod points;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::bridge::app::{App, AppId, Secret};
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::{BridgeId, Ids, Thing};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::object::Object;

/// Seconds for which pairing is open after the button was pressed.
pub const PAIRING_S: u32 = 30;
/// Apps that can hold a key.
pub const MAX_APPS: usize = 500;
/// Things that apps keep, of each kind.
pub const MAX_OBJECTS: usize = 1000;

/// Who the bridge is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// Its number, for ever.
    pub id: BridgeId,
    /// What people call it.
    pub name: Arc<str>,
    /// The zone of its clock, an Olson name.
    pub zone: Arc<str>,
    /// Where it stands, for sunrise and sunset: latitude and longitude in degrees.
    pub place: Option<(f64, f64)>,
    /// The version of the API that it announces: `1.67.0`. A setting.
    pub api_version: Arc<str>,
    /// The version of the software that it announces, ten digits. A setting.
    pub sw_version: Arc<str>,
}

impl Default for Identity {
    fn default() -> Self {
        Self {
            id: BridgeId::default(),
            name: "Hearthlight".into(),
            zone: "UTC".into(),
            place: None,
            api_version: "1.67.0".into(),
            sw_version: "1967054020".into(),
        }
    }
}

/// The button was pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressed {
    /// Who pressed it, in words.
    pub by: Arc<str>,
    /// Pairing is open until then.
    pub until: Timestamp,
}

/// Everything public about the bridge.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bridge {
    /// Who it is.
    pub identity: Identity,
    /// Pairing is open; `None` if it is not.
    pub pressed: Option<Pressed>,
    /// Apps that hold a key.
    pub apps: BTreeMap<AppId, Arc<App>>,
    /// What things are called.
    pub ids: Arc<BTreeMap<Thing, Arc<Ids>>>,
    /// What apps noted beside things.
    pub extras: Arc<BTreeMap<Thing, Arc<Extra>>>,
    /// What apps keep.
    pub objects: BTreeMap<ObjectId, Arc<Object>>,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Press the button: pairing is open for [`PAIRING_S`].
    Press,
    /// Close pairing again.
    Unpress,
    /// Give an app a key. Refused while pairing is closed.
    Pair {
        /// What it calls itself, `application#device`, 1 to 40 characters.
        name: String,
        /// Its key, 40 characters, made by whoever asks.
        key: Secret,
        /// Its key for streaming, 32 hex digits.
        client_key: Option<Secret>,
    },
    /// Take a key back.
    Revoke(AppId),
    /// Name the bridge, 1 to 32 characters.
    Rename(String),
    /// Settle the zone of its clock: an Olson name.
    SetZone(String),
    /// Settle where it stands: latitude and longitude in degrees.
    SetPlace(f64, f64),
    /// Note something beside a thing, in place of what was noted.
    PutExtra {
        /// Which.
        thing: Thing,
        /// What.
        extra: Extra,
    },
    /// Keep something for an app. The outcome names it.
    Put {
        /// Which; `None` for a new one.
        id: Option<Arc<str>>,
        /// What.
        object: Box<Object>,
    },
    /// Forget something that was kept.
    Remove(ObjectId),
    /// Note that something that was kept fired or triggered, at this instant: see [`amend::fired`]. Nothing happens if it is
    /// gone.
    Fired {
        /// What.
        id: ObjectId,
        /// When it was due; for a rule, when it triggered.
        at: Timestamp,
    },
    /// Write members of the state of an app's sensor: see [`amend::written`].
    Write {
        /// Which.
        id: ObjectId,
        /// A JSON object.
        state: Arc<str>,
    },
    /// Turn something that is kept on or off: see [`amend::enabled`].
    Enable {
        /// What.
        id: ObjectId,
        /// Whether it shall work.
        on: bool,
    },
    /// Many at once, in order; the first that is refused ends it. What an import brings.
    Import(Box<Import>),
}

/// What comes from another bridge.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Import {
    /// Who it was.
    pub identity: Option<Identity>,
    /// Apps with their keys and keys for streaming.
    pub apps: Vec<(App, Secret, Option<Secret>)>,
    /// What it called things.
    pub ids: Vec<(Thing, Ids)>,
    /// What was noted beside things.
    pub extras: Vec<(Thing, Extra)>,
    /// What apps kept.
    pub objects: Vec<(Option<Arc<str>>, Object)>,
    /// Its certificate with its key, PEM.
    pub certificate: Option<Secret>,
}

/// What became true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// Who it is.
    Identity(Arc<Identity>),
    /// The button was pressed, or pairing is closed.
    Pressed(Option<Pressed>),
    /// An app is new, or was used.
    App(Arc<App>),
    /// An app holds no key any more.
    AppGone(AppId),
    /// Things got their ids.
    Ids(Vec<(Thing, Arc<Ids>)>),
    /// A thing is gone, and what was noted beside it.
    ThingGone(Thing),
    /// Something was noted beside a thing.
    Extra(Thing, Arc<Extra>),
    /// Something is kept.
    Object(ObjectId, Arc<Object>),
    /// It is kept no longer.
    ObjectGone(ObjectId),
    /// Everything at once.
    Reset(Arc<Bridge>),
}

impl Bridge {
    /// Folds one update in.
    pub fn apply(&mut self, update: &Update) {
        match update {
            Update::Identity(identity) => self.identity.clone_from(identity),
            Update::Pressed(pressed) => self.pressed.clone_from(pressed),
            Update::App(app) => drop(self.apps.insert(app.id.clone(), Arc::clone(app))),
            Update::AppGone(id) => drop(self.apps.remove(id)),
            Update::Ids(new) => {
                let ids = Arc::make_mut(&mut self.ids);
                ids.extend(new.iter().cloned());
            }
            Update::ThingGone(thing) => {
                Arc::make_mut(&mut self.ids).remove(thing);
                Arc::make_mut(&mut self.extras).remove(thing);
            }
            Update::Extra(thing, extra) => {
                Arc::make_mut(&mut self.extras).insert(thing.clone(), Arc::clone(extra));
            }
            Update::Object(id, object) => drop(self.objects.insert(id.clone(), Arc::clone(object))),
            Update::ObjectGone(id) => drop(self.objects.remove(id)),
            Update::Reset(all) => *self = Self::clone(all),
        }
    }

    /// What a thing is called; `None` as long as it must not be shown.
    #[must_use]
    pub fn ids(&self, thing: &Thing) -> Option<&Arc<Ids>> {
        self.ids.get(thing)
    }

    /// What was noted beside a thing.
    #[must_use]
    pub fn extra(&self, thing: &Thing) -> Option<&Arc<Extra>> {
        self.extras.get(thing)
    }
}
