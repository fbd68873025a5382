//! What zigbee2mqtt says, taken in: which things there are, whether they can be reached, and how they are.
//!
//! Invariant: a light is out of reach as long as zigbee2mqtt is, or says so of it, or the light answers no command.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::drivers::hub::learn;
use crate::drivers::light::Said;
use crate::drivers::zigbee2mqtt::lamps::{Lamp, Sensor};
use crate::drivers::zigbee2mqtt::mesh::{Mesh, TRIES};
use crate::drivers::zigbee2mqtt::things;
use crate::drivers::{LocalId, Report};
use crate::model::inputs;
use crate::model::lights::Reported;
use crate::units::moment::Moment;
use crate::wire as packets;
use crate::wire::zigbee2mqtt::{self as wire, Device, Light, Message};

impl Mesh {
    /// Takes in what was published under a topic.
    pub(super) fn on_publication(&mut self, now: Moment, topic: &str, payload: &[u8]) -> Result<(), packets::Error> {
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

    /// Says whether zigbee2mqtt itself is waited for, if that is news.
    pub(super) fn wait(&mut self, waits: bool) {
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

    /// Says whether a light can be reached, if that is news.
    pub(super) fn settle_reach(&mut self, id: &LocalId) {
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
}
