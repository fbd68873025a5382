//! What is kept of each thing, and the changes of it.
//!
//! Invariant: of two changes with one [`Key`], the newer says all there is to know.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::alarms::alarm::{Alarm, AlarmId, OutOfService, Shelf};
use crate::model::alarms::journal::Entry;
use crate::model::alarms::rule::{Rule, RuleId};
use crate::model::bridge::Identity;
use crate::model::bridge::extra::Extra;
use crate::model::bridge::family::Counters;
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::object::Object;
use crate::model::inputs::{Input, InputId};
use crate::model::learned::Learned;
use crate::model::lights::connection::{Connection, ConnectionId};
use crate::model::lights::group::{Group, GroupId};
use crate::model::lights::layers::{Kind, Layer, Stack};
use crate::model::lights::scene::{Scene, SceneId};
use crate::model::lights::{Light, LightId, Lights};
use crate::model::sensors::{DeviceId, Introduced};
use crate::model::system::Stopped;
use crate::model::thermal::region::Regions;
use crate::model::thermal::{Bookmark, Choice};

/// What is kept of a sensor device.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceRecord {
    /// Its slug.
    pub id: DeviceId,
    /// What it is known by: `serial:NUMBER` or `ip:ADDRESS`.
    pub owner: String,
    /// The place it reports for.
    pub location: String,
    /// What people call it.
    pub name: String,
    /// The room or group it stands in; empty for none.
    pub place: String,
    /// Whether the operator, or its address, let it in.
    pub accepted: bool,
    /// The end of commands that it answered to, if one is known.
    pub line_end: Option<String>,
    /// What the operator settled for its array.
    pub choice: Choice,
    /// When it was last heard.
    pub last_seen: Timestamp,
}

/// Whose calibration it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalibrationKey {
    /// What the device is known by: `serial:NUMBER` or `ip:ADDRESS`.
    pub owner: String,
    /// The place it reports for.
    pub location: String,
}

/// A calibration, as the device sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalibrationRecord {
    /// Whose.
    pub key: CalibrationKey,
    /// The words of its memory.
    pub words: Vec<u16>,
    /// When it came.
    pub received: Timestamp,
}

/// What is kept of alarms, one thing each.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmRecord {
    /// A rule.
    Rule(Arc<Rule>),
    /// The rules that come with the program were put in place: they are not put there again at each start.
    RulesSeeded,
    /// An alarm that is not normal.
    Active(Arc<Alarm>),
    /// A shelving.
    Shelf(AlarmId, Shelf),
    /// A device out of service.
    OutOfService(DeviceId, OutOfService),
}

/// One change of what is kept of alarms.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmChange {
    /// Keep it, in place of what was kept under its id.
    Keep(AlarmRecord),
    /// Forget a rule.
    ForgetRule(RuleId),
    /// Forget an alarm.
    ForgetAlarm(AlarmId),
    /// Forget a shelving.
    ForgetShelf(AlarmId),
    /// Forget that a device is out of service.
    ForgetOutOfService(DeviceId),
}

/// What happened, and what is so now: one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Noted {
    /// Entries for the journal, in order; their numbers are given by the store.
    pub entries: Vec<Entry>,
    /// What is so now, in order.
    pub changes: Vec<AlarmChange>,
}

/// One reading on its way into history.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Whose.
    pub device: DeviceId,
    /// Its channel's key on the wire, or [`crate::model::history::HOTTEST`].
    pub channel: Arc<str>,
    /// When, ms since 1970.
    pub at_ms: i64,
    /// The value.
    pub value: f64,
}

/// What history and journal may take, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How long every reading is kept, minutes.
    pub full_minutes: u32,
    /// How long seconds are kept, hours.
    pub second_hours: u32,
    /// How long minutes are kept, days.
    pub minute_days: u32,
    /// Bytes of history in all; beyond that the oldest goes first.
    pub history_bytes: u64,
    /// How long journal entries are kept, days.
    pub journal_days: u32,
    /// Bytes of journal in all; beyond that the oldest goes first.
    pub journal_bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            full_minutes: 60,
            second_hours: 24,
            minute_days: 30,
            history_bytes: 2 << 30,
            journal_days: 400,
            journal_bytes: 512 << 20,
        }
    }
}

/// One change of what is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Keep this device.
    Device(DeviceRecord),
    /// Forget this device, its regions, and what was learned of it.
    ForgetDevice(DeviceId),
    /// Keep this calibration.
    Calibration(CalibrationRecord),
    /// Forget this calibration.
    ForgetCalibration(CalibrationKey),
    /// Something about alarms.
    Alarm(AlarmChange),
    /// Keep what was learned of a device.
    Learned(DeviceId, Arc<Learned>),
    /// Keep what a location was introduced as; `None` forgets it.
    Introduced(Arc<str>, Option<Introduced>),
    /// Keep the regions of a device; none forgets them.
    Regions(DeviceId, Arc<Regions>),
    /// Keep a bookmark.
    Bookmark(Arc<Bookmark>),
    /// Forget a bookmark.
    ForgetBookmark(u64),
    /// Keep a layout; `None` forgets it.
    Layout(Arc<str>, Option<Arc<str>>),
    /// Something about lights.
    Lights(LightsChange),
    /// Something about the Hue bridge.
    Bridge(BridgeChange),
    /// Keep that the master stop holds, or that it does not.
    Stopped(Option<Stopped>),
}

/// One change of what is kept of lights.
#[derive(Clone, Debug, PartialEq)]
pub enum LightsChange {
    /// Keep a light, but for who drives it.
    Light(Arc<Light>),
    /// Keep who drives a light: the base, and the layers that [`is_kept`] says.
    Stack(LightId, Arc<Stack>),
    /// Forget a light, and who drives it.
    ForgetLight(LightId),
    /// Keep a room or zone.
    Group(Arc<Group>),
    /// Forget a room or zone.
    ForgetGroup(GroupId),
    /// Keep a scene.
    Scene(Arc<Scene>),
    /// Forget a scene.
    ForgetScene(SceneId),
    /// Keep a connection.
    Connection(Arc<Connection>),
    /// Forget a connection.
    ForgetConnection(ConnectionId),
    /// Keep a switch or sensor.
    Input(Arc<Input>),
    /// Forget a switch or sensor.
    ForgetInput(InputId),
    /// Keep the master brightness.
    Master(f32),
}

/// One change of what is kept of the Hue bridge. Its number and the keys of apps are secrets and kept elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub enum BridgeChange {
    /// Keep its name, its clock's zone and its place.
    Identity(Arc<Identity>),
    /// Keep how far numbers are used up.
    Counters(Counters),
    /// Keep what a thing is called.
    Ids(Thing, Arc<Ids>),
    /// Forget what a thing was called.
    ForgetIds(Thing),
    /// Keep what is noted beside a thing.
    Extra(Thing, Arc<Extra>),
    /// Forget what was noted beside a thing.
    ForgetExtra(Thing),
    /// Keep something for an app.
    Object(ObjectId, Arc<Object>),
    /// Forget something that was kept for an app.
    ForgetObject(ObjectId),
}

/// What was found of the Hue bridge, and a sentence for each thing that was left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeptBridge {
    /// Who it is; its number is not among it.
    pub identity: Option<Identity>,
    /// How far numbers are used up.
    pub counters: Counters,
    /// What things are called, those that are not there included.
    pub ids: BTreeMap<Thing, Arc<Ids>>,
    /// What is noted beside things.
    pub extras: BTreeMap<Thing, Arc<Extra>>,
    /// What apps keep.
    pub objects: BTreeMap<ObjectId, Arc<Object>>,
    /// What is wrong with the rest.
    pub damaged: Vec<String>,
}

/// Whether a layer outlives a restart. Those of effects and streams do not: who painted them is gone. An alarm stays.
#[must_use]
pub fn is_kept(layer: &Layer) -> bool {
    !matches!(layer.kind, Kind::Effect | Kind::Stream)
}

/// What was found of lights, and a sentence for each thing that was left out.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptLights {
    /// All that is sound.
    pub lights: Lights,
    /// What is wrong with the rest.
    pub damaged: Vec<String>,
}

/// What a change is about: of two changes with one key, only the newer matters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A device.
    Device(DeviceId),
    /// A calibration.
    Calibration(CalibrationKey),
    /// A rule.
    Rule(RuleId),
    /// That the rules of the program were put in place.
    RulesSeeded,
    /// An alarm.
    Alarm(AlarmId),
    /// A shelving.
    Shelf(AlarmId),
    /// A device out of service.
    OutOfService(DeviceId),
    /// What was learned of a device.
    Learned(DeviceId),
    /// A location that was introduced.
    Introduced(Arc<str>),
    /// The regions of a device.
    Regions(DeviceId),
    /// A bookmark.
    Bookmark(u64),
    /// A layout.
    Layout(Arc<str>),
    /// A light.
    Light(LightId),
    /// Who drives a light.
    LightStack(LightId),
    /// A room or zone.
    LightGroup(GroupId),
    /// A scene.
    Scene(SceneId),
    /// A connection to lights.
    Connection(ConnectionId),
    /// A switch or sensor.
    Input(InputId),
    /// The master brightness.
    Master,
    /// Who the Hue bridge is.
    BridgeIdentity,
    /// How far its numbers are used up.
    BridgeCounters,
    /// What it calls a thing.
    BridgeIds(Thing),
    /// What is noted beside a thing.
    BridgeExtra(Thing),
    /// Something that an app keeps.
    BridgeObject(ObjectId),
    /// The master stop.
    Stopped,
}

/// What was found: the sound records, and a sentence for each damaged one.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept<T> {
    /// Sound records in the order of their keys.
    pub records: Vec<T>,
    /// What is wrong with the others, and what follows from it.
    pub damaged: Vec<String>,
}

impl Change {
    /// What it is about.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Device(device) => Key::Device(device.id.clone()),
            Self::ForgetDevice(id) => Key::Device(id.clone()),
            Self::Calibration(calibration) => Key::Calibration(calibration.key.clone()),
            Self::ForgetCalibration(key) => Key::Calibration(key.clone()),
            Self::Alarm(change) => change.key(),
            Self::Learned(device, _) => Key::Learned(device.clone()),
            Self::Introduced(location, _) => Key::Introduced(Arc::clone(location)),
            Self::Regions(device, _) => Key::Regions(device.clone()),
            Self::Bookmark(bookmark) => Key::Bookmark(bookmark.id),
            Self::ForgetBookmark(id) => Key::Bookmark(*id),
            Self::Layout(name, _) => Key::Layout(Arc::clone(name)),
            Self::Lights(change) => change.key(),
            Self::Bridge(change) => change.key(),
            Self::Stopped(_) => Key::Stopped,
        }
    }
}

impl LightsChange {
    /// What it is about.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Light(light) => Key::Light(light.id.clone()),
            Self::Stack(id, _) => Key::LightStack(id.clone()),
            Self::ForgetLight(id) => Key::Light(id.clone()),
            Self::Group(group) => Key::LightGroup(group.id.clone()),
            Self::ForgetGroup(id) => Key::LightGroup(id.clone()),
            Self::Scene(scene) => Key::Scene(scene.id.clone()),
            Self::ForgetScene(id) => Key::Scene(id.clone()),
            Self::Connection(connection) => Key::Connection(connection.id.clone()),
            Self::ForgetConnection(id) => Key::Connection(id.clone()),
            Self::Input(input) => Key::Input(input.id.clone()),
            Self::ForgetInput(id) => Key::Input(id.clone()),
            Self::Master(_) => Key::Master,
        }
    }
}

impl BridgeChange {
    /// What it is about.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Identity(_) => Key::BridgeIdentity,
            Self::Counters(_) => Key::BridgeCounters,
            Self::Ids(thing, _) | Self::ForgetIds(thing) => Key::BridgeIds(thing.clone()),
            Self::Extra(thing, _) | Self::ForgetExtra(thing) => Key::BridgeExtra(thing.clone()),
            Self::Object(id, _) | Self::ForgetObject(id) => Key::BridgeObject(id.clone()),
        }
    }
}

impl AlarmChange {
    /// What it is about.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Keep(AlarmRecord::Rule(rule)) => Key::Rule(rule.id.clone()),
            Self::Keep(AlarmRecord::RulesSeeded) => Key::RulesSeeded,
            Self::Keep(AlarmRecord::Active(alarm)) => Key::Alarm(alarm.id.clone()),
            Self::ForgetRule(id) => Key::Rule(id.clone()),
            Self::ForgetAlarm(id) => Key::Alarm(id.clone()),
            Self::Keep(AlarmRecord::Shelf(id, _)) | Self::ForgetShelf(id) => Key::Shelf(id.clone()),
            Self::Keep(AlarmRecord::OutOfService(id, _)) | Self::ForgetOutOfService(id) => {
                Key::OutOfService(id.clone())
            }
        }
    }
}
