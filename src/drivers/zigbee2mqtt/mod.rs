//! zigbee2mqtt: every Zigbee light, switch and sensor of a mesh, through its MQTT broker.
//!
//! ```text
//!  bridge/devices, groups ──▶ things         wishes ──▶ queue ──5 a second for the whole mesh──▶ <name>/set
//!  <name>, availability ──▶ reports                       └─ all of a group wait for the same ─▶ <group>/set
//! ```
//!
//! Invariant: only topics that zigbee2mqtt itself publishes are heard; what we publish never comes back to us.
//! Invariant: a thing is told apart by its address on the mesh, so a rename keeps it.
//! Limits: effects and gradients are those that zigbee2mqtt exposes; streaming is slow, as the mesh is.

mod streams;
mod things;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::drivers::hub::{Patience, Queue, change, learn};
use crate::drivers::light::{LightDriver, Said, Thing, Wish};
use crate::drivers::zigbee2mqtt::streams::Streams;
use crate::drivers::{
    Claim, Dial, Driver, Error, Family, Field, LocalId, Need, Opening, Outputs, Report, Search, Sighting, Unsupported,
    Wrong,
};
use crate::model::frame::Frame;
use crate::model::inputs;
use crate::model::lights::Reported;
use crate::model::lights::capabilities::{Capabilities, PowerOn};
use crate::model::lights::state::{Change, State};
use crate::units::moment::Moment;
use crate::wire::zigbee2mqtt::{self as wire, Device, Light, Message, Senses};
use crate::wire::{self as packets, Channel, Endpoint, Input, Output};

/// Between two commands on one mesh: five a second.
const SLOT: Duration = Duration::from_millis(200);
/// zigbee2mqtt must have said what it is within this after the broker answered.
const GREETS_WITHIN: Duration = Duration::from_secs(5);
/// Names that are heard, at most.
const MAX_TOPICS: usize = 4000;
/// Tries of one command before its light counts as out of reach.
const TRIES: u32 = 2;

const SERVICE: Search = Search::Mdns("_mqtt._tcp");

/// The family.
pub static FAMILY: Family<LightDriver> = Family {
    id: "zigbee2mqtt",
    name: "zigbee2mqtt",
    about: "Zigbee lights, switches and sensors of any make behind a zigbee2mqtt. Say where its MQTT broker is.",
    searches: &[SERVICE],
    claim,
    address_hint: "192.168.1.5 or 192.168.1.5:1883",
    fields: &[
        Field {
            key: "base",
            name: "Base topic",
            hint: "zigbee2mqtt",
            default: "zigbee2mqtt",
            words: &[],
            secret: false,
        },
        Field {
            key: "user",
            name: "User",
            hint: "Only if the broker wants one",
            default: "",
            words: &[],
            secret: true,
        },
        Field {
            key: "password",
            name: "Password",
            hint: "Only if the broker wants one",
            default: "",
            words: &[],
            secret: true,
        },
    ],
    open,
};

fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let from = seen.from.filter(|_| seen.search == SERVICE)?;
    let base = seen.properties.iter().find(|(key, _)| key == "base").map(|(_, base)| ("base".to_owned(), base.clone()));
    Some(Claim {
        identity: None,
        name: seen.name.to_owned(),
        model: "MQTT broker".to_owned(),
        address: from.to_string(),
        options: base.into_iter().collect(),
    })
}

fn open(dial: &Dial<'_>) -> Result<Opening<LightDriver>, Wrong> {
    let (host, port) = dial.host(1883)?;
    let base = dial.option("base").unwrap_or("zigbee2mqtt").trim_matches('/');
    if base.is_empty() || base.contains(['#', '+']) {
        return Err(Wrong(format!("\"{base}\" is no base topic. Write it as zigbee2mqtt has it, without # and +.")));
    }
    let secret = |key: &str| dial.secrets.get(key).filter(|text| !text.is_empty()).cloned();
    let login = secret("user").map(|user| (user, secret("password").unwrap_or_default()));
    let endpoint = Endpoint::Mqtt { host: host.to_owned(), port, login };
    Ok(Opening { driver: Box::new(Mesh::new(base)), channels: vec![(Channel::Mqtt, endpoint, Need::Must)] })
}

type Out = Outputs<Report<Thing, Said>>;

/// A light of the mesh.
struct Lamp {
    ieee: Arc<str>,
    topic: Arc<str>,
    light: Light,
    thing: Thing,
    can: Arc<Capabilities>,
    /// What it said, or was told since.
    known: Reported,
    /// What was wanted of it last.
    wanted: Option<(State, u32)>,
    /// What it was sent, and until when an answer is due.
    asked: Option<(Moment, Moment)>,
    n_tries: u32,
    /// Whether zigbee2mqtt can reach it, if it says so.
    available: bool,
    reach: bool,
}

/// A switch or sensor of the mesh.
struct Sensor {
    ieee: Arc<str>,
    senses: Senses,
    thing: Thing,
    said: BTreeMap<&'static str, inputs::Said>,
}

struct Mesh {
    base: Arc<str>,
    lamps: BTreeMap<LocalId, Lamp>,
    sensors: BTreeMap<LocalId, Sensor>,
    /// Devices by the names that their topics are made of.
    names: BTreeMap<Arc<str>, Arc<str>>,
    groups: Vec<(Arc<str>, BTreeSet<LocalId>)>,
    raw_groups: Vec<wire::Group>,
    queue: Queue,
    others: VecDeque<(LocalId, Wish)>,
    /// Lights that are to say how they are.
    gets: BTreeSet<LocalId>,
    streams: Streams,
    heard_topics: BTreeSet<String>,
    new_topics: Vec<String>,
    reports: Vec<Report<Thing, Said>>,
    next_slot: Moment,
    opened: Option<Moment>,
    online: Option<bool>,
    waits: bool,
    version: String,
    identity: Option<String>,
    patience: Patience,
    n_group_sends: u64,
    n_light_sends: u64,
    n_unanswered: u64,
}

impl Mesh {
    fn new(base: &str) -> Self {
        Self {
            base: base.into(),
            lamps: BTreeMap::new(),
            sensors: BTreeMap::new(),
            names: BTreeMap::new(),
            groups: Vec::new(),
            raw_groups: Vec::new(),
            queue: Queue::default(),
            others: VecDeque::new(),
            gets: BTreeSet::new(),
            streams: Streams::default(),
            heard_topics: BTreeSet::new(),
            new_topics: Vec::new(),
            reports: Vec::new(),
            next_slot: Moment::ZERO,
            opened: None,
            online: None,
            waits: false,
            version: String::new(),
            identity: None,
            patience: Patience::default(),
            n_group_sends: 0,
            n_light_sends: 0,
            n_unanswered: 0,
        }
    }

    fn hear(&mut self, name: String) {
        if self.heard_topics.len() < MAX_TOPICS && self.heard_topics.insert(name.clone()) {
            self.new_topics.push(name);
        }
    }

    fn on_opened(&mut self, now: Moment) {
        (self.opened, self.online) = (Some(now), None);
        self.heard_topics.clear();
        self.new_topics.clear();
        for topic in ["state", "info", "groups", "devices", "event"] {
            self.hear(format!("{}/bridge/{topic}", self.base));
        }
        let names: Vec<_> = self.names.keys().cloned().collect();
        names.iter().for_each(|name| self.hear_device(name));
        self.gets = self.lamps.keys().cloned().collect();
    }

    fn hear_device(&mut self, name: &str) {
        self.hear(format!("{}/{name}", self.base));
        self.hear(format!("{}/{name}/availability", self.base));
    }

    fn on_publication(&mut self, now: Moment, topic: &str, payload: &[u8]) -> Result<(), packets::Error> {
        let Some(inner) = topic.strip_prefix(&*self.base).and_then(|rest| rest.strip_prefix('/')) else {
            return Ok(());
        };
        match inner.strip_prefix("bridge/") {
            Some("state") => self.on_online(wire::decode_online(payload)?),
            Some("info") => self.on_info(wire::decode_info(payload)?),
            Some("devices") => self.on_devices(wire::decode_devices(payload)?),
            Some("groups") => {
                self.raw_groups = wire::decode_groups(payload)?;
                self.settle_groups();
            }
            Some("event") => self.on_event(&wire::decode_event(payload)?),
            Some(_) => {}
            None => match inner.strip_suffix("/availability") {
                Some(name) => self.on_availability(name, wire::decode_online(payload)?),
                None => self.on_message(now, inner, &Message::decode(payload)?),
            },
        }
        Ok(())
    }

    fn on_online(&mut self, online: bool) {
        if self.online == Some(online) {
            return;
        }
        self.online = Some(online);
        self.wait(!online);
        let lights: Vec<_> = self.lamps.keys().cloned().collect();
        for light in &lights {
            if online { self.on_back(light) } else { self.settle_reach(light) }
        }
    }

    fn wait(&mut self, waits: bool) {
        if self.waits != waits {
            self.waits = waits;
            let what = format!(
                "No zigbee2mqtt speaks under \"{}\" at this broker: start it, or set its base topic.",
                self.base
            );
            self.reports.push(Report::Waiting(waits.then_some(what)));
        }
    }

    fn on_info(&mut self, info: wire::Info) {
        let ieee = info.ieee.as_deref().map(|ieee| ieee.trim_start_matches("0x").to_lowercase());
        let identity = ieee.unwrap_or_else(|| format!("zigbee2mqtt-{}", self.base));
        if self.identity.as_ref() != Some(&identity) || self.version != info.version {
            let model = format!("zigbee2mqtt {} {}", info.version, info.coordinator).trim().to_owned();
            self.reports.push(Report::Identity { identity: identity.clone(), name: "zigbee2mqtt".to_owned(), model });
        }
        (self.identity, self.version) = (Some(identity), info.version);
    }

    fn on_devices(&mut self, devices: Vec<Device>) {
        let (mut gone_lights, mut gone_inputs): (BTreeSet<_>, BTreeSet<_>) =
            (self.lamps.keys().cloned().collect(), self.sensors.keys().cloned().collect());
        self.names.clear();
        for device in devices {
            let (ieee, topic): (Arc<str>, Arc<str>) = (device.ieee.as_str().into(), device.name.as_str().into());
            self.names.insert(Arc::clone(&topic), Arc::clone(&ieee));
            self.hear_device(&topic);
            for light in &device.lights {
                let id = things::light_id(&device, light);
                gone_lights.remove(&id);
                self.on_lamp(id, &device, light, (&ieee, &topic));
            }
            if let Some(id) = things::input_id(&device) {
                gone_inputs.remove(&id);
                self.on_sensor(id, &device, ieee);
            }
        }
        for id in gone_lights.into_iter().chain(gone_inputs) {
            self.lamps.remove(&id);
            self.sensors.remove(&id);
            self.queue.take(&id);
            self.reports.push(Report::Gone(id));
        }
        self.settle_groups();
    }

    fn on_lamp(&mut self, id: LocalId, device: &Device, light: &Light, (ieee, topic): (&Arc<str>, &Arc<str>)) {
        let can = Arc::new(things::capabilities(device, light));
        let thing = things::light(device, light, Arc::clone(&can));
        if self.lamps.get(&id).is_none_or(|lamp| lamp.thing != thing) {
            self.reports.push(Report::Found(id.clone(), thing.clone()));
        }
        if let Some(lamp) = self.lamps.get_mut(&id) {
            lamp.topic = Arc::clone(topic);
            (lamp.light, lamp.thing, lamp.can) = (light.clone(), thing, can);
            return;
        }
        self.gets.insert(id.clone());
        let lamp = Lamp {
            ieee: Arc::clone(ieee),
            topic: Arc::clone(topic),
            light: light.clone(),
            thing,
            can,
            known: Reported::default(),
            wanted: None,
            asked: None,
            n_tries: 0,
            available: true,
            reach: true,
        };
        self.lamps.insert(id, lamp);
    }

    fn on_sensor(&mut self, id: LocalId, device: &Device, ieee: Arc<str>) {
        let thing = things::input(device);
        if self.sensors.get(&id).is_none_or(|sensor| sensor.thing != thing) {
            self.reports.push(Report::Found(id.clone(), thing.clone()));
            let sensor = Sensor { ieee, senses: device.senses.clone(), thing, said: BTreeMap::new() };
            self.sensors.insert(id, sensor);
        }
    }

    /// Groups of which we know every member as one light.
    fn settle_groups(&mut self) {
        let lamps = &self.lamps;
        let member = |ieee: &str, endpoint: Option<u64>| {
            let number =
                |lamp: &Lamp| lamp.light.endpoint.as_deref().and_then(|word| word.trim_start_matches('l').parse().ok());
            let mut of_device = lamps.iter().filter(|(_, lamp)| &*lamp.ieee == ieee);
            let first = of_device.clone().next();
            let only = of_device.clone().count() == 1;
            let found = if only { first } else { of_device.find(|(_, lamp)| number(lamp) == endpoint) };
            found.map(|(id, _)| id.clone())
        };
        let members = |group: &wire::Group| -> Option<BTreeSet<LocalId>> {
            group.members.iter().map(|(ieee, endpoint)| member(ieee, *endpoint)).collect()
        };
        self.groups =
            self.raw_groups.iter().filter_map(|group| Some((group.name.as_str().into(), members(group)?))).collect();
    }

    /// A device that announces itself has its power back.
    fn on_event(&mut self, (kind, ieee): &(String, Option<String>)) {
        if kind != "device_announce" {
            return;
        }
        let of = |lamp: &Lamp| Some(&*lamp.ieee) == ieee.as_deref();
        let back: Vec<_> = self.lamps.iter().filter(|(_, lamp)| of(lamp)).map(|(id, _)| id.clone()).collect();
        for id in back {
            self.lamps.get_mut(&id).into_iter().for_each(|lamp| lamp.available = true);
            self.on_back(&id);
        }
    }

    /// A light can be reached again: what was asked of it in vain is asked again, else it says how it is.
    fn on_back(&mut self, id: &LocalId) {
        let Some(lamp) = self.lamps.get_mut(id) else { return };
        let in_vain = lamp.n_tries > 0;
        (lamp.n_tries, lamp.asked) = (0, None);
        match lamp.wanted.clone().filter(|_| in_vain) {
            Some((state, transition_ms)) => {
                lamp.known = Reported::default();
                self.queue.put(id, state, transition_ms);
            }
            None => drop(self.gets.insert(id.clone())),
        }
        self.settle_reach(id);
    }

    fn on_availability(&mut self, name: &str, online: bool) {
        let Some(ieee) = self.names.get(name).cloned() else { return };
        let lights: Vec<_> =
            self.lamps.iter().filter(|(_, lamp)| lamp.ieee == ieee).map(|(id, _)| id.clone()).collect();
        for id in lights {
            let Some(lamp) = self.lamps.get_mut(&id) else { continue };
            let is_back = online && !lamp.available;
            lamp.available = online;
            if is_back { self.on_back(&id) } else { self.settle_reach(&id) }
        }
        let sensors = self.sensors.iter().filter(|(_, sensor)| sensor.ieee == ieee);
        let reach = if online { Ok(()) } else { Err("zigbee2mqtt cannot reach it".to_owned()) };
        self.reports.extend(sensors.map(|(id, _)| Report::State(id.clone(), Said::Reach(reach.clone()))));
    }

    fn settle_reach(&mut self, id: &LocalId) {
        let Some(lamp) = self.lamps.get_mut(id) else { return };
        let why = match () {
            () if self.online == Some(false) => Some("zigbee2mqtt is not running"),
            () if !lamp.available => Some("zigbee2mqtt cannot reach it"),
            () if lamp.n_tries >= TRIES => Some("it does not answer zigbee2mqtt"),
            () => None,
        };
        if lamp.reach == why.is_some() {
            lamp.reach = why.is_none();
            let reach = why.map_or(Ok(()), |why| Err(why.to_owned()));
            self.reports.push(Report::State(id.clone(), Said::Reach(reach)));
        }
    }

    fn on_message(&mut self, now: Moment, name: &str, message: &Message) {
        let Some(ieee) = self.names.get(name).cloned() else { return };
        let mut answered = Vec::new();
        for (id, lamp) in self.lamps.iter_mut().filter(|(_, lamp)| lamp.ieee == ieee) {
            let said = things::reported(&message.light(&lamp.light), &lamp.light);
            if said == Reported::default() {
                continue;
            }
            self.gets.remove(id);
            if let Some((sent, _)) = lamp.asked.take() {
                self.patience.heard(now.since(sent));
                self.reports.extend(self.patience.smoothed().map(Report::Latency));
            }
            learn(&mut lamp.known, said.on, said.brightness, said.color, said.effect);
            self.reports.push(Report::State(id.clone(), Said::Light(lamp.known.clone())));
            if lamp.n_tries > 0 {
                lamp.n_tries = 0;
                answered.push(id.clone());
            }
        }
        answered.iter().for_each(|id| self.settle_reach(id));
        for (id, sensor) in self.sensors.iter_mut().filter(|(_, sensor)| sensor.ieee == ieee) {
            for said in things::said(message, &sensor.senses) {
                let is_button = matches!(said, inputs::Said::Button(_));
                if is_button || sensor.said.get(said.key()) != Some(&said) {
                    sensor.said.insert(said.key(), said.clone());
                    self.reports.push(Report::State(id.clone(), Said::Input(said)));
                }
            }
        }
    }

    /// Sends the next thing there is to say, if there is any. True if it took a slot.
    fn send_next(&mut self, now: Moment, out: &mut Out) -> bool {
        while let Some((id, wish)) = self.others.pop_front() {
            if self.send_other(&id, &wish, out) {
                return true;
            }
        }
        let lamps = &self.lamps;
        let groups = self.groups.iter().enumerate().map(|(n, (_, members))| (n, members));
        let covered =
            self.queue.covered(groups, |id| lamps.get(id).filter(|lamp| lamp.available).map(|lamp| &*lamp.can));
        if let Some((n, pending)) = covered {
            return self.send_group(now, n, &pending.state, pending.transition_ms, out);
        }
        while let Some(id) = self.queue.oldest(|id| lamps_ready(&self.lamps, id)) {
            if self.send_light(now, &id, out) {
                return true;
            }
        }
        let next = self.gets.iter().find(|id| lamps_ready(&self.lamps, id)).cloned();
        next.is_some_and(|id| self.send_get(&id, out))
    }

    fn publish(&self, topic: &str, verb: &str, out: &mut Out, encode: impl FnOnce(&mut Vec<u8>)) {
        let topic = format!("{}/{topic}/{verb}", self.base);
        out.send(Channel::Mqtt, Output::Publish { topic, retain: false }, encode);
    }

    fn send_get(&mut self, id: &LocalId, out: &mut Out) -> bool {
        self.gets.remove(id);
        let Some(lamp) = self.lamps.get(id) else { return false };
        self.publish(&lamp.topic, "get", out, |bytes| lamp.light.encode_get(bytes));
        true
    }

    fn send_other(&self, id: &LocalId, wish: &Wish, out: &mut Out) -> bool {
        let Some(lamp) = self.lamps.get(id) else { return false };
        match wish {
            Wish::Identify => self.publish(&lamp.topic, "set", out, |bytes| lamp.light.encode_identify(bytes)),
            Wish::PowerOn(power_on) => {
                let word = things::power_on_word(*power_on);
                self.publish(&lamp.topic, "set", out, |bytes| lamp.light.encode_power_on(word, bytes));
            }
            Wish::State { .. } | Wish::Leave => return false,
        }
        true
    }

    fn send_light(&mut self, now: Moment, id: &LocalId, out: &mut Out) -> bool {
        let Some(pending) = self.queue.take(id) else { return false };
        let (limit, is_streamed) = (self.patience.limit(), self.streams.is_streamed(id));
        let Some(lamp) = self.lamps.get_mut(id) else { return false };
        if !is_streamed {
            lamp.wanted = Some((pending.state.clone(), pending.transition_ms));
        }
        let Some(change) = lamp.turn_to(now, &pending.state, pending.transition_ms, limit) else { return false };
        let asked = things::asked(&change, pending.transition_ms, &lamp.light);
        self.n_light_sends += 1;
        self.lamps
            .get(id)
            .inspect(|lamp| self.publish(&lamp.topic, "set", out, |bytes| lamp.light.encode_set(&asked, bytes)));
        true
    }

    fn send_group(&mut self, now: Moment, n: usize, state: &State, transition_ms: u32, out: &mut Out) -> bool {
        let Some((topic, members)) = self.groups.get(n).cloned() else { return false };
        let limit = self.patience.limit();
        let mut union = Change::default();
        let mut most: Option<Light> = None;
        for id in &members {
            self.queue.take(id);
            let Some(lamp) = self.lamps.get_mut(id) else { continue };
            union = union.then(&lamp.turn_to(now, state, transition_ms, limit).unwrap_or_default());
            let skill = |light: &Light| (light.color.is_some(), light.mirek.is_some(), light.full.is_some());
            if most.as_ref().is_none_or(|most| skill(most) < skill(&lamp.light)) {
                most = Some(lamp.light.clone());
            }
        }
        let Some(light) = most.filter(|_| !union.is_empty()) else { return false };
        self.n_group_sends += 1;
        // A group has no endpoints.
        let light = Light { endpoint: None, ..light };
        let asked = things::asked(&union, transition_ms, &light);
        self.publish(&topic, "set", out, |bytes| light.encode_set(&asked, bytes));
        true
    }

    fn give_up_waiting(&mut self, now: Moment) {
        let overdue = |lamp: &Lamp| lamp.asked.is_some_and(|(_, until)| now >= until);
        let late: Vec<_> = self.lamps.iter().filter(|(_, lamp)| overdue(lamp)).map(|(id, _)| id.clone()).collect();
        for id in late {
            let Some(lamp) = self.lamps.get_mut(&id) else { continue };
            self.n_unanswered += 1;
            (lamp.asked, lamp.known, lamp.n_tries) = (None, Reported::default(), lamp.n_tries + 1);
            if let Some((state, transition_ms)) = lamp.wanted.clone().filter(|_| lamp.n_tries < TRIES) {
                self.queue.put(&id, state, transition_ms);
            }
            self.settle_reach(&id);
        }
    }

    fn has_work(&self) -> bool {
        !self.others.is_empty() || self.queue.lights().chain(&self.gets).any(|id| lamps_ready(&self.lamps, id))
    }
}

fn lamps_ready(lamps: &BTreeMap<LocalId, Lamp>, id: &LocalId) -> bool {
    lamps.get(id).is_some_and(|lamp| lamp.available)
}

impl Lamp {
    /// What has to be said so that it is as wanted; `None` if it is already. It counts as said from now on.
    fn turn_to(&mut self, now: Moment, state: &State, transition_ms: u32, limit: Duration) -> Option<Change> {
        // While an answer is due nobody knows how it is.
        let known = if self.asked.is_some() { Reported::default() } else { self.known.clone() };
        let change = change(&known, state, &self.can);
        if change.is_empty() {
            return None;
        }
        learn(&mut self.known, change.on, change.brightness, change.color.clone(), change.effect.clone());
        self.asked = Some((now, now + limit + Duration::from_millis(transition_ms.into())));
        Some(change)
    }
}

impl Driver for Mesh {
    type Wish = Wish;
    type Report = Said;
    type Capabilities = Thing;
    type Frame = Frame;

    fn wish(&mut self, _: Moment, thing: &LocalId, wish: &Wish) -> Result<(), Unsupported> {
        let lamp = self.lamps.get_mut(thing);
        let word = |power_on: PowerOn| lamp.as_ref().is_none_or(|lamp| lamp.can.power_on.contains(&power_on));
        match wish {
            Wish::State { state, transition_ms } => {
                if let Some(lamp) = lamp {
                    lamp.wanted = Some((state.clone(), *transition_ms));
                }
                if !self.streams.is_streamed(thing) {
                    self.queue.put(thing, state.clone(), *transition_ms);
                }
            }
            Wish::Leave => self.streams.leave(thing),
            Wish::PowerOn(power_on) if !word(*power_on) => return Err(Unsupported),
            Wish::Identify if lamp.as_ref().is_some_and(|lamp| !lamp.can.identify) => return Err(Unsupported),
            Wish::PowerOn(_) | Wish::Identify => self.others.push_back((thing.clone(), wish.clone())),
        }
        Ok(())
    }

    fn frame(&mut self, now: Moment, thing: &LocalId, frame: &Frame) {
        let Some(lamp) = self.lamps.get(thing).filter(|lamp| lamp.can.pixels > 0) else { return };
        let shows = || lamp.wanted.as_ref().map(|(state, _)| state.clone()).unwrap_or_else(|| shown(&lamp.known));
        if let Some(state) = self.streams.frame(now, thing, frame, shows) {
            self.queue.put(thing, state, streams::FADE_MS);
        }
    }

    fn receive(&mut self, now: Moment, _: Channel, input: Input<'_>) -> Result<(), Error> {
        match input {
            Input::Opened => self.on_opened(now),
            Input::Closed => {
                self.opened = None;
                self.lamps.values_mut().for_each(|lamp| (lamp.asked, lamp.known) = (None, Reported::default()));
                let unsaid = self.lamps.iter().filter(|(_, lamp)| lamp.n_tries > 0);
                unsaid
                    .filter_map(|(id, lamp)| Some((id, lamp.wanted.clone()?)))
                    .for_each(|(id, (state, ms))| self.queue.put(id, state, ms));
            }
            Input::Publication { topic, payload } => self.on_publication(now, topic, payload)?,
            _ => return Err(packets::Error::Unsupported.into()),
        }
        Ok(())
    }

    fn poll(&mut self, now: Moment, out: &mut Out) {
        for name in self.new_topics.drain(..) {
            out.send(Channel::Mqtt, Output::Subscribe { name }, |_| {});
        }
        let greets_by = self.opened.filter(|_| self.online.is_none()).map(|opened| opened + GREETS_WITHIN);
        if greets_by.is_some_and(|by| now >= by) {
            self.wait(true);
        }
        for (light, state) in self.streams.ended(now) {
            let state = self.lamps.get(&light).and_then(|lamp| lamp.wanted.clone()).map_or(state, |(state, _)| state);
            self.queue.put(&light, state, streams::FADE_MS);
        }
        self.give_up_waiting(now);
        let speaks = self.online == Some(true);
        while speaks && now >= self.next_slot && self.has_work() {
            if self.send_next(now, out) {
                self.next_slot = now + SLOT;
            }
        }
        out.reports.append(&mut self.reports);
        let due = self.lamps.values().filter_map(|lamp| lamp.asked.map(|(_, until)| until));
        let slot = (speaks && self.has_work()).then_some(self.next_slot);
        let greets_by = greets_by.filter(|by| now < *by);
        out.wake_at = due.chain(slot).chain(greets_by).chain(self.streams.next_end()).min();
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        let words = |online: Option<bool>| online.map_or("unknown", |online| if online { "online" } else { "offline" });
        vec![
            ("zigbee2mqtt", words(self.online).to_owned()),
            ("version", self.version.clone()),
            ("base topic", self.base.to_string()),
            ("lights", self.lamps.len().to_string()),
            ("switches and sensors", self.sensors.len().to_string()),
            ("groups", self.groups.len().to_string()),
            ("waiting", self.queue.len().to_string()),
            ("group commands", self.n_group_sends.to_string()),
            ("light commands", self.n_light_sends.to_string()),
            ("unanswered", self.n_unanswered.to_string()),
        ]
    }
}

/// How a light is as far as it said so.
fn shown(known: &Reported) -> State {
    let usual = State::default();
    State {
        on: known.on.unwrap_or(usual.on),
        brightness: known.brightness.unwrap_or(usual.brightness),
        color: known.color.clone().unwrap_or(usual.color),
        effect: known.effect.clone().filter(|effect| !effect.is_empty()),
    }
}
