//! The bridge's service without its plumbing: what it knows, and what becomes of what it hears. No clock, no disk.
//!
//! Invariant: [`Bridge::state`] is what was published: only what [`Out::updates`] tell changes it.
//! Invariant: a thing that is there has its ids, with what was noted beside it, in the same batch in which it is noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::services::bridge::keys::{Keys, to_minute};
use crate::engine::services::bridge::names::Names;
use crate::engine::services::bridge::things::{self, Need};
use crate::io::certificate::Certificate;
use crate::model::bridge::app::{App, AppId};
use crate::model::bridge::extra::Extra;
use crate::model::bridge::ids::{Ids, Kind, Thing};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::object::Object;
use crate::model::bridge::{self, Identity, Update};
use crate::model::lights::LightId;
use crate::model::message;
use crate::model::snapshot::Snapshot;
use crate::model::{lights, sensors, thermal};
use crate::port::Published;
use crate::store::records::{BridgeChange, KeptBridge};
use crate::units::moment::Moment;

/// One reading of the clock.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The time that never runs backwards.
    pub at: Moment,
    /// The time for people.
    pub wall: Timestamp,
}

/// The versions that the bridge announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions {
    /// Of the API.
    pub api: Arc<str>,
    /// Of the software.
    pub software: Arc<str>,
}

/// What was decided and is to be done.
#[derive(Debug, Default)]
pub struct Out {
    /// Facts, in order.
    pub updates: Vec<Update>,
    /// What is to be stored.
    pub changes: Vec<BridgeChange>,
    /// Things got ids: these are on the disk before the facts are told.
    pub named: bool,
    /// Keys changed: they are on the disk, and in the ring, before the facts are told.
    pub keys: bool,
    /// The certificate to show from now on.
    pub certificate: Option<Certificate>,
}

/// The service's state.
#[derive(Debug)]
pub struct Bridge {
    pub(super) state: bridge::Bridge,
    pub(super) names: Names,
    pub(super) keys: Keys,
    /// What is noted beside things, those that are not there included.
    extras: BTreeMap<Thing, Arc<Extra>>,
    /// Pairing is open until then.
    closes: Option<Moment>,
    pub(super) made: Option<Arc<str>>,
    pub(super) out: Out,
    named: Vec<(Thing, Arc<Ids>)>,
}

impl Bridge {
    /// The bridge as it was kept.
    #[must_use]
    pub fn new(keys: Keys, kept: KeptBridge, versions: &Versions) -> Self {
        let KeptBridge { identity, counters, ids, extras, objects, damaged: _ } = kept;
        let names = Names::new(keys.id, ids, counters);
        let identity = Identity {
            id: keys.id,
            api_version: Arc::clone(&versions.api),
            sw_version: Arc::clone(&versions.software),
            ..identity.unwrap_or_default()
        };
        let state = bridge::Bridge { identity, apps: keys.apps(), objects, ..bridge::Bridge::default() };
        let (closes, made, named, out) = (None, None, Vec::new(), Out::default());
        Self { state, names, keys, extras, closes, made, out, named }
    }

    /// What is public.
    #[must_use]
    pub fn state(&self) -> &bridge::Bridge {
        &self.state
    }

    /// Its number, and who holds which key.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The fact that tells what is true at the start: `view` is what is in the house. What is new is left in [`Out`].
    pub fn opening(&mut self, view: &Snapshot) -> Update {
        self.catch_up(view);
        self.tell_named();
        self.out.updates.clear();
        Update::Reset(Arc::new(self.state.clone()))
    }

    /// What is to be done since the last call.
    pub fn take(&mut self) -> Out {
        self.tell_named();
        if self.out.named {
            self.out.changes.push(BridgeChange::Counters(self.names.counters().clone()));
        }
        std::mem::take(&mut self.out)
    }

    /// The id of what the last command made or changed.
    pub fn made(&mut self) -> Option<Arc<str>> {
        self.made.take()
    }

    /// Takes in facts.
    pub fn on_facts(&mut self, published: &Published) {
        let view = &published.snapshot;
        for fact in published.facts.iter() {
            match &fact.update {
                message::Update::Lights(update) => self.on_lights(update, view),
                message::Update::Sensors(update) => self.on_sensors(update, view),
                message::Update::Thermal(thermal::Update::Changed(array)) => self.device(&array.device, view),
                message::Update::Thermal(thermal::Update::Reset(_)) => self.catch_up(view),
                _ => {}
            }
        }
    }

    fn on_lights(&mut self, update: &lights::Update, view: &Snapshot) {
        match update {
            lights::Update::Light(light) => self.appears(&Need::light(&light.id)),
            lights::Update::Group(group) => self.appears(&Need::group(&group.id)),
            lights::Update::Scene(scene) => self.appears(&Need::scene(&scene.id)),
            lights::Update::Input(input) => self.appears(&Need::input(input)),
            lights::Update::LightGone(id) => self.disappears(&Need::light(id).thing),
            lights::Update::GroupGone(id) => self.disappears(&Need::group(id).thing),
            lights::Update::SceneGone(id) => self.disappears(&Need::scene(id).thing),
            lights::Update::InputGone(id) => self.disappears(&Thing::new(Kind::Input, Arc::clone(&id.0))),
            lights::Update::Reset(_) => self.catch_up(view),
            lights::Update::Connection(_)
            | lights::Update::ConnectionGone(_)
            | lights::Update::Found(_)
            | lights::Update::FindingGone(_)
            | lights::Update::Search(_)
            | lights::Update::Master(_) => {}
        }
    }

    fn on_sensors(&mut self, update: &sensors::Update, view: &Snapshot) {
        match update {
            sensors::Update::Changed(device) => self.device(&device.id, view),
            sensors::Update::Forgotten(id) => self.disappears(&Thing::new(Kind::Sensor, Arc::clone(&id.0))),
            sensors::Update::Reset(_) => self.catch_up(view),
            sensors::Update::Introduced { .. } => {}
        }
    }

    /// A sensor device is seen once the operator let it in.
    fn device(&mut self, id: &sensors::DeviceId, view: &Snapshot) {
        match view.sensors.devices.get(id).filter(|device| device.accepted) {
            Some(device) => self.appears(&Need::sensor(device, view)),
            None => self.disappears(&Thing::new(Kind::Sensor, Arc::clone(&id.0))),
        }
    }

    /// Compares with all that there is.
    pub fn catch_up(&mut self, view: &Snapshot) {
        let needs = things::all(view, &self.state.objects);
        let gone: Vec<Thing> = {
            let there: BTreeSet<&Thing> = needs.iter().map(|need| &need.thing).collect();
            self.state.ids.keys().filter(|thing| !there.contains(thing)).cloned().collect()
        };
        gone.iter().for_each(|thing| self.disappears(thing));
        needs.iter().for_each(|need| self.appears(need));
    }

    /// A thing is there.
    pub(super) fn appears(&mut self, need: &Need) {
        if self.state.ids(&need.thing).is_some_and(|ids| need.is_met(ids)) {
            return;
        }
        let (ids, new) = self.names.ids(need);
        if new {
            self.out.changes.push(BridgeChange::Ids(need.thing.clone(), Arc::clone(&ids)));
            self.out.named = true;
        }
        self.call(need.thing.clone(), ids);
    }

    /// From now on a thing that is there is called like this.
    pub(super) fn call(&mut self, thing: Thing, ids: Arc<Ids>) {
        Arc::make_mut(&mut self.state.ids).insert(thing.clone(), Arc::clone(&ids));
        if let Some(extra) = self.extras.get(&thing) {
            let noted = Update::Extra(thing.clone(), Arc::clone(extra));
            self.state.apply(&noted);
        }
        self.named.push((thing, ids));
    }

    /// A thing is not there any more. What may come back keeps what was noted beside it.
    fn disappears(&mut self, thing: &Thing) {
        if self.state.ids(thing).is_none() {
            return;
        }
        self.tell_named();
        self.say(Update::ThingGone(thing.clone()));
        let comes_back = matches!(thing.kind, Kind::Light | Kind::Input | Kind::Sensor | Kind::Bridge | Kind::Home);
        if !comes_back && self.extras.remove(thing).is_some() {
            self.out.changes.push(BridgeChange::ForgetExtra(thing.clone()));
        }
        if matches!(thing.kind, Kind::Object(_)) {
            self.names.forget(thing);
            self.out.changes.push(BridgeChange::ForgetIds(thing.clone()));
        }
        if thing.kind == Kind::Light {
            self.leave_areas(&LightId(Arc::clone(&thing.id)));
        }
        let there = Arc::clone(&self.state.ids);
        let forgotten = self.names.tidy(|thing| there.contains_key(thing));
        self.out.changes.extend(forgotten.into_iter().map(BridgeChange::ForgetIds));
    }

    /// A light that is gone is in no entertainment area.
    fn leave_areas(&mut self, light: &LightId) {
        let is_in = |object: &Object| match object {
            Object::Area(area) => area.places.iter().any(|place| place.light == *light),
            _ => false,
        };
        let with: Vec<_> = self.state.objects.iter().filter(|(_, object)| is_in(object)).collect();
        let with: Vec<_> = with.into_iter().map(|(id, object)| (id.clone(), Object::clone(object))).collect();
        for (id, mut object) in with {
            if let Object::Area(area) = &mut object {
                area.places.retain(|place| place.light != *light);
            }
            self.keep_object(id, object);
        }
    }

    /// Keeps something, in place of what was kept under its id.
    pub(super) fn keep_object(&mut self, id: ObjectId, object: Object) {
        if self.state.objects.get(&id).is_some_and(|known| **known == object) {
            return;
        }
        let object = Arc::new(object);
        self.appears(&Need::object(&id));
        self.tell_named();
        self.out.changes.push(BridgeChange::Object(id.clone(), Arc::clone(&object)));
        self.say(Update::Object(id, object));
    }

    /// Forgets something.
    pub(super) fn drop_object(&mut self, id: &ObjectId) {
        self.out.changes.push(BridgeChange::ForgetObject(id.clone()));
        self.say(Update::ObjectGone(id.clone()));
        self.disappears(&Need::object(id).thing);
    }

    /// Notes something beside a thing, whether it is there or not.
    pub(super) fn note(&mut self, thing: Thing, extra: Extra) {
        if self.extras.get(&thing).is_some_and(|known| **known == extra) {
            return;
        }
        let extra = Arc::new(extra);
        self.extras.insert(thing.clone(), Arc::clone(&extra));
        self.out.changes.push(BridgeChange::Extra(thing.clone(), Arc::clone(&extra)));
        if self.state.ids(&thing).is_some() {
            self.say(Update::Extra(thing, extra));
        }
    }

    /// Settles who the bridge is.
    pub(super) fn identify(&mut self, identity: Identity) {
        if identity != self.state.identity {
            let identity = Arc::new(identity);
            self.out.changes.push(BridgeChange::Identity(Arc::clone(&identity)));
            self.say(Update::Identity(identity));
        }
    }

    /// Announces other versions.
    pub fn announce(&mut self, versions: &Versions) {
        let (api_version, sw_version) = (Arc::clone(&versions.api), Arc::clone(&versions.software));
        self.identify(Identity { api_version, sw_version, ..self.state.identity.clone() });
    }

    /// Opens pairing, or closes it.
    pub(super) fn set_open(&mut self, pressed: Option<bridge::Pressed>, closes: Option<Moment>) {
        self.closes = closes;
        if pressed != self.state.pressed {
            self.say(Update::Pressed(pressed));
        }
    }

    /// Whether pairing is open.
    #[must_use]
    pub fn is_open(&self, now: Moment) -> bool {
        self.closes.is_some_and(|closes| now < closes)
    }

    /// When it has to be called next for the button; `None` if it is not pressed.
    #[must_use]
    pub fn closes(&self) -> Option<Moment> {
        self.closes
    }

    /// Closes pairing when its time is over.
    pub fn on_tick(&mut self, now: Moment) {
        if self.closes.is_some() && !self.is_open(now) {
            self.set_open(None, None);
        }
    }

    /// Takes over from the ring which keys were used. To be called once a minute.
    pub fn note_use(&mut self) {
        let used: Vec<App> = self
            .state
            .apps
            .values()
            .filter_map(|app| {
                let used = self.keys.keys.get(&app.id)?.used().map(to_minute)?;
                (app.used != Some(used)).then(|| App { used: Some(used), ..App::clone(app) })
            })
            .collect();
        self.out.keys |= !used.is_empty();
        used.into_iter().for_each(|app| self.say(Update::App(Arc::new(app))));
    }

    /// Takes a key back that was just given, since it could not be kept.
    pub fn take_back(&mut self, app: &AppId) {
        self.keys.keys.remove(app);
        self.state.apply(&Update::AppGone(app.clone()));
    }

    /// Tells a fact, with the names that belong before it.
    pub(super) fn say(&mut self, update: Update) {
        self.tell_named();
        self.state.apply(&update);
        self.out.updates.push(update);
    }

    /// Names that were given one after the other are one fact; what was noted beside the things follows.
    fn tell_named(&mut self) {
        if self.named.is_empty() {
            return;
        }
        let named = std::mem::take(&mut self.named);
        let noted: Vec<_> = named
            .iter()
            .filter_map(|(thing, _)| Some(Update::Extra(thing.clone(), Arc::clone(self.extras.get(thing)?))))
            .collect();
        self.out.updates.push(Update::Ids(named));
        self.out.updates.extend(noted);
    }
}
