//! The driver of one mesh: what it knows of it, and what is due.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::drivers::hub::{Patience, Queue};
use crate::drivers::light::{Said, Thing, Wish};
use crate::drivers::zigbee2mqtt::lamps::{Lamp, Sensor};
use crate::drivers::zigbee2mqtt::streams::{FADE_MS, Streams};
use crate::drivers::{Driver, Error, LocalId, Outputs, Report, Unsupported};
use crate::model::frame::Frame;
use crate::model::lights::Reported;
use crate::model::lights::capabilities::PowerOn;
use crate::units::moment::Moment;
use crate::wire::zigbee2mqtt as wire;
use crate::wire::{self as packets, Channel, Input, Output};

/// Between two commands on one mesh: five a second.
const SLOT: Duration = Duration::from_millis(200);
/// zigbee2mqtt must have said what it is within this after the broker answered.
const GREETS_WITHIN: Duration = Duration::from_secs(5);
/// Names that are heard, at most.
const MAX_TOPICS: usize = 4000;
/// Tries of one command before its light counts as out of reach.
pub(super) const TRIES: u32 = 2;

pub(super) type Out = Outputs<Report<Thing, Said>>;

/// A mesh.
pub(super) struct Mesh {
    pub(super) base: Arc<str>,
    pub(super) lamps: BTreeMap<LocalId, Lamp>,
    pub(super) sensors: BTreeMap<LocalId, Sensor>,
    /// Devices by the names that their topics are made of.
    pub(super) names: BTreeMap<Arc<str>, Arc<str>>,
    pub(super) groups: Vec<(Arc<str>, BTreeSet<LocalId>)>,
    pub(super) raw_groups: Vec<wire::Group>,
    pub(super) queue: Queue,
    pub(super) others: VecDeque<(LocalId, Wish)>,
    /// Lights that are to say how they are.
    pub(super) gets: BTreeSet<LocalId>,
    pub(super) streams: Streams,
    heard_topics: BTreeSet<String>,
    new_topics: Vec<String>,
    pub(super) reports: Vec<Report<Thing, Said>>,
    next_slot: Moment,
    opened: Option<Moment>,
    pub(super) online: Option<bool>,
    pub(super) waits: bool,
    pub(super) version: String,
    pub(super) identity: Option<String>,
    pub(super) patience: Patience,
    pub(super) n_group_sends: u64,
    pub(super) n_light_sends: u64,
    pub(super) n_unanswered: u64,
}

impl Mesh {
    /// The mesh under a base topic.
    pub(super) fn new(base: &str) -> Self {
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

    /// From now on hears what a device of this name says.
    pub(super) fn hear_device(&mut self, name: &str) {
        self.hear(format!("{}/{name}", self.base));
        self.hear(format!("{}/{name}/availability", self.base));
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
        let shows = || lamp.wanted.as_ref().map(|(state, _)| state.clone()).unwrap_or_else(|| lamp.shown());
        if let Some(state) = self.streams.frame(now, thing, frame, shows) {
            self.queue.put(thing, state, FADE_MS);
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
            self.queue.put(&light, state, FADE_MS);
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
