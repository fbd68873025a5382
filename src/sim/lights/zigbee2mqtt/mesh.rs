//! A Zigbee mesh and its zigbee2mqtt as a state machine: messages in, messages out, with a hand-turned clock.
//!
//! Invariant: one command after the other goes over the air; each takes its time, and more for one that is slow.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::sim::lights::zigbee2mqtt::devices::{ACTIONS, GROUPS, MODELS};
use crate::units::moment::Moment;

/// One command takes this long over the air.
const ON_AIR: Duration = Duration::from_millis(40);
/// Commands that may wait; zigbee2mqtt would run into time-outs.
const MAX_WAITING: usize = 200;
/// Between two changes of the motion sensor, and two of the wall switch's words.
const MOVES: Duration = Duration::from_secs(20);
const PRESSES: Duration = Duration::from_secs(45);

/// A message of the simulated zigbee2mqtt.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its topic.
    pub topic: String,
    /// What it says.
    pub payload: Value,
    /// Whether the broker keeps it.
    pub retain: bool,
}

struct Device {
    ieee: String,
    name: String,
    place: usize,
    state: Map<String, Value>,
    /// Whether it can be reached.
    online: bool,
}

struct Command {
    devices: Vec<usize>,
    payload: Map<String, Value>,
    is_get: bool,
}

/// A mesh.
pub struct Mesh {
    base: String,
    index: u32,
    devices: BTreeMap<usize, Device>,
    waiting: VecDeque<Command>,
    air_until: Moment,
    late: Duration,
    mute: bool,
    next_move: Moment,
    next_press: Moment,
    n_presses: usize,
    said: Vec<Said>,
    /// Commands that went over the air.
    pub n_commands: u64,
}

fn first_state(place: usize) -> Map<String, Value> {
    let state = match place {
        0 | 1 | 4 => {
            json!({ "state": "OFF", "brightness": 254, "color_mode": "color_temp", "color_temp": 366, "color": { "x": 0.4567, "y": 0.41 } })
        }
        2 | 3 => json!({ "state": "ON", "brightness": 128, "color_mode": "color_temp", "color_temp": 370 }),
        5 | 6 => json!({ "state": "OFF", "brightness": 100 }),
        7 => json!({ "state": "ON" }),
        8 => json!({ "state_l1": "ON", "state_l2": "OFF" }),
        9 => json!({ "battery": 87 }),
        10 => json!({ "occupancy": false, "temperature": 20.5, "illuminance": 34, "battery": 92 }),
        _ => json!({ "contact": true, "battery": 100 }),
    };
    if let Value::Object(state) = state { state } else { Map::new() }
}

impl Mesh {
    /// The mesh of this number under a base topic; each command comes `late`, or never with `mute`.
    #[must_use]
    pub fn new(base: &str, index: u32, late: Duration, mute: bool) -> Self {
        let device = |(place, model): (usize, &crate::sim::lights::zigbee2mqtt::devices::Model)| {
            let ieee = format!("0x00158d{:06x}{place:04x}", index & 0xFF_FFFF);
            let device = Device { ieee, name: model.name.to_owned(), place, state: first_state(place), online: true };
            (place, device)
        };
        Self {
            base: base.to_owned(),
            index,
            devices: MODELS.iter().enumerate().map(device).collect(),
            waiting: VecDeque::new(),
            air_until: Moment::ZERO,
            late,
            mute,
            next_move: Moment::ZERO + MOVES,
            next_press: Moment::ZERO + PRESSES,
            n_presses: 0,
            said: Vec::new(),
            n_commands: 0,
        }
    }

    fn say(&mut self, topic: &str, payload: Value, retain: bool) {
        self.said.push(Said { topic: format!("{}/{topic}", self.base), payload, retain });
    }

    /// Says what is retained: all there is to know for who comes new.
    pub fn greet(&mut self) {
        self.say("bridge/state", json!({ "state": "online" }), true);
        let ieee = format!("0x00124b{:010x}", self.index);
        let info = json!({ "version": "2.6.1", "commit": "simulated", "permit_join": false, "log_level": "info",
            "coordinator": { "type": "zStack3x0", "ieee_address": ieee, "meta": { "revision": 20240710 } } });
        self.say("bridge/info", info, true);
        self.list();
        for place in self.devices.keys().copied().collect::<Vec<_>>() {
            self.tell_availability(place);
        }
    }

    fn list(&mut self) {
        let coordinator = json!({ "ieee_address": format!("0x00124b{:010x}", self.index), "type": "Coordinator",
            "network_address": 0, "supported": true, "disabled": false, "friendly_name": "Coordinator", "definition": null });
        let devices = [coordinator].into_iter().chain(self.devices.values().filter_map(Device::record)).collect();
        self.say("bridge/devices", devices, true);
        let member = |place: &usize| {
            self.devices.get(place).map(|device| json!({ "ieee_address": device.ieee, "endpoint": 11 }))
        };
        let group = |(n, (name, places)): (usize, &(&str, &[usize]))| {
            let members: Vec<_> = places.iter().filter_map(member).collect();
            json!({ "id": n + 1, "friendly_name": name, "members": members, "scenes": [], "description": null })
        };
        let groups = GROUPS.iter().enumerate().map(group).collect();
        self.say("bridge/groups", groups, true);
    }

    fn tell_availability(&mut self, place: usize) {
        let Some(device) = self.devices.get(&place) else { return };
        let (topic, state) =
            (format!("{}/availability", device.name), if device.online { "online" } else { "offline" });
        self.say(&topic, json!({ "state": state }), true);
    }

    fn tell(&mut self, place: usize) {
        let Some(device) = self.devices.get(&place) else { return };
        let mut state = device.state.clone();
        state.insert("linkquality".to_owned(), json!(120));
        let topic = device.name.clone();
        self.say(&topic, Value::Object(state), false);
    }

    /// Cuts a device's power, or gives it back.
    pub fn set_power(&mut self, name: &str, on: bool) {
        let Some(device) = self.devices.values_mut().find(|device| device.name == name) else { return };
        device.online = on;
        let (place, ieee) = (device.place, device.ieee.clone());
        if on {
            let event = json!({ "type": "device_announce", "data": { "friendly_name": name, "ieee_address": ieee } });
            self.say("bridge/event", event, false);
        }
        self.tell_availability(place);
    }

    /// Gives a device another name.
    pub fn rename(&mut self, from: &str, to: &str) {
        let known = self.devices.values_mut().find(|device| device.name == from);
        known.into_iter().for_each(|device| to.clone_into(&mut device.name));
        self.list();
    }

    /// Takes a device out of the mesh.
    pub fn remove(&mut self, name: &str) {
        self.devices.retain(|_, device| device.name != name);
        self.list();
    }

    /// Lets a sensor or switch say something.
    pub fn sense(&mut self, name: &str, key: &str, value: Value) {
        let Some(device) = self.devices.values_mut().find(|device| device.name == name) else { return };
        let place = device.place;
        device.state.insert(key.to_owned(), value);
        self.tell(place);
        // A word of a button is said once.
        self.devices.get_mut(&place).into_iter().for_each(|device| drop(device.state.remove("action")));
    }

    /// How a device is, by its name; null if there is none.
    #[must_use]
    pub fn state(&self, name: &str) -> Value {
        let device = self.devices.values().find(|device| device.name == name);
        device.map_or(Value::Null, |device| Value::Object(device.state.clone()))
    }

    /// All devices by name.
    #[must_use]
    pub fn states(&self) -> Value {
        self.devices
            .values()
            .map(|device| (device.name.clone(), Value::Object(device.state.clone())))
            .collect::<Map<_, _>>()
            .into()
    }

    /// Takes a message from the broker; what is no command for it is left.
    pub fn hear(&mut self, topic: &str, payload: &[u8]) {
        let inner = topic.strip_prefix(&self.base).and_then(|rest| rest.strip_prefix('/'));
        let Some((name, verb)) = inner.and_then(|inner| inner.rsplit_once('/')) else { return };
        let Ok(Value::Object(payload)) = serde_json::from_slice(payload) else { return };
        let group = GROUPS.iter().find(|(group, _)| *group == name).map(|(_, places)| places.to_vec());
        let device = || self.devices.values().find(|device| device.name == name).map(|device| vec![device.place]);
        let Some(devices) = group.or_else(device) else { return };
        if matches!(verb, "set" | "get") && self.waiting.len() < MAX_WAITING && !self.mute {
            self.waiting.push_back(Command { devices, payload, is_get: verb == "get" });
        }
    }

    /// Lets time pass, and says what happened.
    pub fn poll(&mut self, now: Moment) -> Vec<Said> {
        while now >= self.air_until
            && let Some(command) = self.waiting.pop_front()
        {
            self.air_until = self.air_until.max(now) + ON_AIR + self.late;
            self.n_commands += 1;
            self.carry_out(&command);
        }
        if now >= self.next_move {
            self.next_move = now + MOVES;
            let moves = self.state("Hall/Motion").get("occupancy") != Some(&json!(true));
            self.sense("Hall/Motion", "occupancy", json!(moves));
        }
        if now >= self.next_press {
            self.next_press = now + PRESSES;
            let word = ACTIONS.get(self.n_presses % ACTIONS.len()).copied().unwrap_or_default();
            self.n_presses += 1;
            self.sense("Hall/Wall switch", "action", json!(word));
        }
        std::mem::take(&mut self.said)
    }

    /// When something happens if nothing comes.
    #[must_use]
    pub fn next_wake(&self) -> Moment {
        let air = if self.waiting.is_empty() { Moment(u64::MAX) } else { self.air_until };
        air.min(self.next_move).min(self.next_press)
    }

    fn carry_out(&mut self, command: &Command) {
        for place in &command.devices {
            let Some(device) = self.devices.get_mut(place).filter(|device| device.online) else { continue };
            let is_heard = command.is_get || device.set(&command.payload);
            if is_heard && !MODELS.get(*place).is_some_and(|model| model.sleeps) {
                self.tell(*place);
            }
        }
    }
}

impl Device {
    fn record(&self) -> Option<Value> {
        let model = MODELS.get(self.place)?;
        let kind = if model.sleeps { "EndDevice" } else { "Router" };
        let source = if model.sleeps { "Battery" } else { "Mains (single phase)" };
        Some(json!({
            "ieee_address": self.ieee, "type": kind, "network_address": 1000 + self.place, "supported": true,
            "disabled": false, "friendly_name": self.name, "manufacturer": model.vendor, "model_id": model.model,
            "power_source": source, "interview_completed": true, "interviewing": false,
            "definition": { "model": model.model, "vendor": model.vendor, "description": "Simulated",
                "exposes": (model.exposes)(), "options": [] },
        }))
    }

    /// Does what it can of a command. False if it ignores it, as some lamps do with a transition without brightness.
    fn set(&mut self, payload: &Map<String, Value>) -> bool {
        let is_ikea = MODELS.get(self.place).is_some_and(|model| model.vendor == "IKEA");
        let turns_on = payload.get("state") == Some(&json!("ON"));
        if is_ikea && turns_on && payload.contains_key("transition") && !payload.contains_key("brightness") {
            return false;
        }
        for (key, value) in payload {
            match (key.as_str(), value) {
                ("state" | "state_l1" | "state_l2", Value::String(word)) if self.state.contains_key(key) => {
                    let is_on = self.state.get(key) == Some(&json!("ON"));
                    let word = if word == "TOGGLE" { if is_on { "OFF" } else { "ON" } } else { word.as_str() };
                    self.state.insert(key.clone(), json!(word));
                }
                ("brightness", Value::Number(_)) if self.state.contains_key(key) => {
                    self.state.insert(key.clone(), value.clone());
                    self.state.insert("state".to_owned(), json!("ON"));
                }
                ("color", Value::Object(_)) if self.state.contains_key("color") => {
                    self.show("xy", key, value);
                }
                ("color_temp", Value::Number(_)) if self.state.contains_key(key) => {
                    self.show("color_temp", key, value);
                }
                ("gradient", Value::Array(_)) if self.place == 1 => self.show("gradient", key, value),
                ("effect", Value::String(word)) if self.state.contains_key("brightness") => {
                    let ended = word.starts_with("stop") || word == "finish_effect";
                    self.state.insert(key.clone(), if ended { Value::Null } else { value.clone() });
                }
                ("power_on_behavior", Value::String(_)) => drop(self.state.insert(key.clone(), value.clone())),
                _ => {}
            }
        }
        true
    }

    fn show(&mut self, mode: &str, key: &str, value: &Value) {
        self.state.insert("color_mode".to_owned(), json!(mode));
        self.state.insert(key.to_owned(), value.clone());
        if mode != "gradient" {
            self.state.remove("gradient");
        }
    }
}
