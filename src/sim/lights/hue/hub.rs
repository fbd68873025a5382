//! A simulated Hue bridge as a state machine: requests in, answers and events out, with a hand-turned clock.
//!
//! Invariant: both versions of its API show the same lights; whatever changes is told as an event.
//! Like a real one it answers 429 to who asks too much, 403 to who has no key, and in the first version of its API error
//! 201 to who changes a light that is off.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::sim::lights::hue::home;
use crate::units::moment::Moment;

/// The button is pressed this long after somebody first asked for a key, by a hand that is simulated too.
const PRESSED_AFTER: Duration = Duration::from_secs(3);
/// How long a press lasts.
const PRESS_LASTS: Duration = Duration::from_secs(30);
/// Between two changes of the motion sensor, and between two presses of the switch.
const MOVES: Duration = Duration::from_secs(25);
const PRESSES: Duration = Duration::from_secs(50);

/// Commands as a bridge takes them: so many at once, then one per pause.
struct Bucket {
    tokens: f64,
    most: f64,
    per_second: f64,
    at: Moment,
}

impl Bucket {
    const fn new(most: f64, per_second: f64) -> Self {
        Self { tokens: most, most, per_second, at: Moment::ZERO }
    }

    fn take(&mut self, now: Moment) -> bool {
        let earned = now.since(self.at).as_secs_f64() * self.per_second;
        (self.tokens, self.at) = ((self.tokens + earned).min(self.most), now);
        let has = self.tokens >= 1.0;
        self.tokens -= f64::from(u8::from(has));
        has
    }
}

/// A bridge.
pub struct Hub {
    index: u32,
    is_round: bool,
    resources: BTreeMap<String, Value>,
    events: Vec<Value>,
    asked: Option<Moment>,
    key: String,
    lights: Bucket,
    groups: Bucket,
    next_move: Moment,
    next_press: Moment,
    n_events: u64,
    /// Commands that changed something.
    pub n_commands: u64,
    /// Commands that were too many.
    pub n_refused: u64,
}

impl Hub {
    /// The bridge of this number: a round one, that knows only the first version of the API, or a square one.
    #[must_use]
    pub fn new(index: u32, is_round: bool) -> Self {
        let resources = home::resources(index, &bridge_id(index)).into_iter();
        let id = |resource: &Value| resource.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            index,
            is_round,
            resources: resources.map(|resource| (id(&resource), resource)).collect(),
            events: Vec::new(),
            asked: None,
            key: format!("simulated-hue-application-key-{index:010}"),
            lights: Bucket::new(8.0, 10.0),
            groups: Bucket::new(2.0, 1.0),
            next_move: Moment::ZERO + MOVES,
            next_press: Moment::ZERO + PRESSES,
            n_events: 0,
            n_commands: 0,
            n_refused: 0,
        }
    }

    /// Answers a request: status and body. `key` is what its header says.
    pub fn handle(&mut self, now: Moment, method: &str, path: &str, key: Option<&str>, body: &[u8]) -> (u16, Value) {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        match (method, parts.as_slice()) {
            ("GET", ["api", "0" | "nouser", "config"] | ["api", "config"]) => (200, self.config()),
            ("POST", ["api"]) => (200, self.pair(now, &body)),
            (_, ["api", user, rest @ ..]) => self.v1(now, method, user, rest, &body),
            (_, ["clip", "v2", "resource", ..]) if self.is_round => not_found(),
            (_, ["clip", "v2", "resource", rest @ ..]) if self.knows(key) => self.v2(now, method, rest, &body),
            (_, ["clip", ..]) => (403, errors("Forbidden")),
            _ => not_found(),
        }
    }

    /// Whether this is a key that it gave.
    #[must_use]
    pub fn knows(&self, key: Option<&str>) -> bool {
        key == Some(&*self.key)
    }

    fn config(&self) -> Value {
        let (model, software) = if self.is_round { ("BSB001", "1935144040") } else { ("BSB002", "1967054020") };
        let id = bridge_id(self.index).to_uppercase();
        json!({ "name": "Hue Bridge", "datastoreversion": "163", "swversion": software, "apiversion": "1.67.0",
            "mac": format!("00:17:88:{:02x}:{:02x}:{:02x}", (self.index >> 16) & 0xFF, (self.index >> 8) & 0xFF, self.index & 0xFF),
            "bridgeid": id, "factorynew": false, "replacesbridgeid": null, "modelid": model, "starterkitid": "" })
    }

    fn pair(&mut self, now: Moment, body: &Value) -> Value {
        if body.get("devicetype").and_then(Value::as_str).is_none() {
            return json!([error_v1(5, "/", "missing parameters in body")]);
        }
        let pressed = *self.asked.get_or_insert(now) + PRESSED_AFTER;
        if now >= pressed + PRESS_LASTS {
            self.asked = None;
        }
        match now >= pressed {
            true => json!([{ "success": { "username": self.key, "clientkey": "00112233445566778899AABBCCDDEEFF" } }]),
            false => json!([error_v1(101, "", "link button not pressed")]),
        }
    }

    fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.resources.values().filter(move |resource| resource.get("type").and_then(Value::as_str) == Some(kind))
    }

    fn v2(&mut self, now: Moment, method: &str, rest: &[&str], body: &Value) -> (u16, Value) {
        match (method, rest) {
            ("GET", []) => (200, json!({ "errors": [], "data": self.resources.values().collect::<Vec<_>>() })),
            ("GET", [kind]) => (200, json!({ "errors": [], "data": self.of_kind(kind).collect::<Vec<_>>() })),
            ("GET", [_, id]) => match self.resources.get(*id) {
                Some(resource) => (200, json!({ "errors": [], "data": [resource] })),
                None => not_found(),
            },
            ("PUT", [kind, id]) if self.resources.contains_key(*id) => {
                let is_group = *kind == "grouped_light";
                let bucket = if is_group { &mut self.groups } else { &mut self.lights };
                if !bucket.take(now) {
                    self.n_refused += 1;
                    return (429, errors("too many requests"));
                }
                let lights = if is_group { self.members(id) } else { vec![(*id).to_owned()] };
                lights.iter().for_each(|light| self.change(light, body));
                (200, json!({ "errors": [], "data": [{ "rid": id, "rtype": kind }] }))
            }
            ("PUT", _) => not_found(),
            _ => (405, errors("method not supported")),
        }
    }

    /// The lights that a grouped light reaches.
    fn members(&self, grouped: &str) -> Vec<String> {
        let place = self.resources.get(grouped).and_then(|grouped| grouped.get("owner")?.get("rid")?.as_str());
        let place = place.and_then(|place| self.resources.get(place));
        let children = place.and_then(|place| place.get("children")?.as_array());
        let is_all = place.and_then(|place| place.get("type")?.as_str()) == Some("bridge_home");
        let devices: Vec<&str> =
            children.into_iter().flatten().filter_map(|child| child.get("rid")?.as_str()).collect();
        let is_in = |light: &&Value| {
            let owner = light.get("owner").and_then(|owner| owner.get("rid")?.as_str());
            is_all || owner.is_some_and(|owner| devices.contains(&owner))
        };
        let lights = self.of_kind("light").filter(is_in);
        lights.filter_map(|light| light.get("id")?.as_str()).map(str::to_owned).collect()
    }

    /// Changes what of this a resource has, and tells it.
    fn change(&mut self, id: &str, body: &Value) {
        let Some(resource) = self.resources.get_mut(id).and_then(Value::as_object_mut) else { return };
        self.n_commands += 1;
        let mut changed = Map::new();
        for (key, value) in body.as_object().into_iter().flatten() {
            let Some(known) = resource.get_mut(key) else { continue };
            let new = match key.as_str() {
                "color" => json!({ "xy": value.get("xy").cloned().unwrap_or_default() }),
                "color_temperature" => {
                    json!({ "mirek": value.get("mirek").cloned().unwrap_or_default(), "mirek_valid": true })
                }
                "effects" => json!({ "status": value.get("effect").cloned().unwrap_or_default() }),
                "on" | "dimming" | "gradient" | "powerup" => value.clone(),
                _ => continue,
            };
            merge(known, &new);
            changed.insert(key.clone(), new);
        }
        if changed.contains_key("color")
            && let Some(white) = resource.get_mut("color_temperature")
        {
            merge(white, &json!({ "mirek": null, "mirek_valid": false }));
            changed.insert("color_temperature".to_owned(), json!({ "mirek": null, "mirek_valid": false }));
        }
        if (changed.contains_key("color") || changed.contains_key("color_temperature"))
            && !changed.contains_key("gradient")
            && let Some(gradient) = resource.get_mut("gradient")
        {
            merge(gradient, &json!({ "points": [] }));
        }
        for key in ["id", "id_v1", "owner", "type"] {
            changed.extend(resource.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        if changed.len() > 4 {
            self.tell(&Value::Object(changed));
        }
    }

    fn tell(&mut self, changed: &Value) {
        self.n_events += 1;
        let id = format!("e0e05eed-0000-4000-8000-{:012x}", self.n_events);
        self.events
            .push(json!({ "creationtime": "2026-01-01T00:00:00Z", "data": [changed], "id": id, "type": "update" }));
    }

    /// Lets time pass: the demo's hand and feet. What happened is told, one event each.
    pub fn poll(&mut self, now: Moment) -> Vec<Value> {
        if now >= self.next_move {
            self.next_move = now + MOVES;
            let moves = self
                .resources
                .get(&home::motion_id(self.index))
                .and_then(|motion| motion.get("motion")?.get("motion")?.as_bool());
            self.set_motion(moves != Some(true));
        }
        if now >= self.next_press {
            self.next_press = now + PRESSES;
            self.press(0, "initial_press");
            self.press(0, "short_release");
        }
        std::mem::take(&mut self.events)
    }

    /// Somebody moves before the motion sensor, or no longer.
    pub fn set_motion(&mut self, moves: bool) {
        let at = "2026-01-01T10:00:00.123Z";
        let motion =
            json!({ "motion": moves, "motion_valid": true, "motion_report": { "changed": at, "motion": moves } });
        self.sense(&home::motion_id(self.index), "motion", &motion);
    }

    /// A button of the switch, from 0, says this.
    pub fn press(&mut self, button: usize, event: &str) {
        let report =
            json!({ "last_event": event, "button_report": { "updated": "2026-01-01T10:00:00.123Z", "event": event } });
        self.sense(&home::button_id(self.index, button), "button", &report);
    }

    /// Cuts the power of a light by its place, or gives it back.
    pub fn set_power(&mut self, light: usize, on: bool) {
        let status = if on { "connected" } else { "connectivity_issue" };
        self.sense(&home::id(self.index, 3, light), "status", &json!(status));
    }

    fn sense(&mut self, id: &str, key: &str, value: &Value) {
        let Some(resource) = self.resources.get_mut(id) else { return };
        let mut changed = json!({ "id": id, "type": resource.get("type"), "owner": resource.get("owner") });
        resource.as_object_mut().into_iter().for_each(|resource| match resource.get_mut(key) {
            Some(known) if known.is_object() => merge(known, value),
            _ => drop(resource.insert(key.to_owned(), value.clone())),
        });
        changed.as_object_mut().into_iter().for_each(|changed| drop(changed.insert(key.to_owned(), value.clone())));
        self.tell(&changed);
    }

    /// A light by its place, as the second version of the API shows it.
    #[must_use]
    pub fn light(&self, n: usize) -> Value {
        self.resources.get(&home::id(self.index, 1, n)).cloned().unwrap_or_default()
    }

    /// All lights by name: on, brightness, colour.
    #[must_use]
    pub fn states(&self) -> Value {
        let state = |light: &Value| {
            let name = light.get("metadata")?.get("name")?.as_str()?.to_owned();
            let color = light.get("color").and_then(|color| color.get("xy"));
            let mirek = light.get("color_temperature").and_then(|white| white.get("mirek"));
            Some((
                name,
                json!({ "on": light.get("on")?.get("on"), "brightness": light.get("dimming").and_then(|dimming| dimming.get("brightness")), "xy": color, "mirek": mirek }),
            ))
        };
        self.of_kind("light").filter_map(state).collect::<Map<_, _>>().into()
    }

    fn v1(&mut self, now: Moment, method: &str, user: &str, rest: &[&str], body: &Value) -> (u16, Value) {
        let address = format!("/{}", rest.join("/"));
        if user != self.key {
            return (200, json!([error_v1(1, &address, "unauthorized user")]));
        }
        let n_lights = self.of_kind("light").count();
        let number = |text: &str| text.parse::<usize>().ok().filter(|n| (1..=n_lights).contains(n)).map(|n| n - 1);
        let answer = match (method, rest) {
            ("GET", ["lights"]) => {
                (0..n_lights).map(|n| ((n + 1).to_string(), self.light_v1(n))).collect::<Map<_, _>>().into()
            }
            ("GET", ["groups"]) => self.groups_v1(),
            ("PUT", ["lights", light, "state"]) => match number(light) {
                Some(n) => self.put_v1(now, &[n], &address, body),
                None => json!([error_v1(3, &address, "resource not available")]),
            },
            ("PUT", ["lights", _, "config"]) => json!([{ "success": { address: "set" } }]),
            ("PUT", ["groups", group, "action"]) => {
                let grouped = home::id(self.index, 5, group.parse().unwrap_or(usize::MAX));
                let members = self.members(&grouped);
                let places: Vec<usize> =
                    (0..n_lights).filter(|n| members.contains(&home::id(self.index, 1, *n))).collect();
                self.put_v1(now, &places, &address, body)
            }
            _ => json!([error_v1(3, &address, "resource not available")]),
        };
        (200, answer)
    }

    fn light_v1(&self, n: usize) -> Value {
        let light = self.light(n);
        let get = |path: &str| light.pointer(path).cloned();
        let mut state = Map::new();
        let mut put = |key: &str, value: Option<Value>| state.extend(value.map(|value| (key.to_owned(), value)));
        put("on", get("/on/on"));
        let brightness = get("/dimming/brightness").and_then(|percent| percent.as_f64());
        put("bri", brightness.map(|percent| json!((percent * 2.54).round().clamp(1.0, 254.0) as u8)));
        put("xy", get("/color/xy").map(|xy| json!([xy.get("x"), xy.get("y")])));
        let mirek = get("/color_temperature/mirek");
        let mode = if mirek.as_ref().is_some_and(Value::is_number) { "ct" } else { "xy" };
        put("ct", mirek.map(|mirek| if mirek.is_null() { json!(366) } else { mirek }));
        put("colormode", brightness.map(|_| json!(mode)));
        put("effect", get("/effects/status").map(|_| json!("none")));
        let connected = self
            .resources
            .get(&home::id(self.index, 3, n))
            .and_then(|link| link.get("status")?.as_str().map(|status| status == "connected"));
        put("reachable", Some(json!(connected)));
        let control = match (get("/color/gamut"), get("/color_temperature/mirek_schema")) {
            (Some(_), _) => {
                json!({ "colorgamuttype": "C", "colorgamut": [[0.6915, 0.3083], [0.17, 0.7], [0.1532, 0.0475]], "ct": { "min": 153, "max": 500 } })
            }
            (None, Some(_)) => json!({ "ct": { "min": 153, "max": 454 } }),
            (None, None) => json!({}),
        };
        json!({ "state": state, "type": "Extended color light", "name": get("/metadata/name"), "modelid": "LCT015",
            "manufacturername": "Signify Netherlands B.V.", "capabilities": { "certified": true, "control": control },
            "config": { "startup": { "mode": "safety", "configured": true } },
            "uniqueid": format!("00:17:88:01:{:02x}:00:00:{n:02x}-0b", self.index & 0xFF), "swversion": "1.104.2" })
    }

    fn groups_v1(&self) -> Value {
        let group = |room: &Value| {
            let number = room.get("id_v1")?.as_str()?.rsplit('/').next()?.to_owned();
            let grouped = room.pointer("/services/0/rid")?.as_str()?;
            let members = self.members(grouped);
            let lights: Vec<_> = members
                .iter()
                .filter_map(|id| usize::from_str_radix(id.get(28..)?, 16).ok())
                .map(|n| (n + 1).to_string())
                .collect();
            Some((
                number,
                json!({ "name": room.pointer("/metadata/name"), "lights": lights, "type": "Room", "class": "Other" }),
            ))
        };
        self.of_kind("room").filter_map(group).collect::<Map<_, _>>().into()
    }

    fn put_v1(&mut self, now: Moment, lights: &[usize], address: &str, body: &Value) -> Value {
        let bucket = if address.starts_with("/groups") { &mut self.groups } else { &mut self.lights };
        if !bucket.take(now) {
            self.n_refused += 1;
            return json!([error_v1(901, address, "Internal error, 404")]);
        }
        let keys: Vec<&String> = body.as_object().into_iter().flat_map(Map::keys).collect();
        let turns_on = body.get("on").and_then(Value::as_bool);
        for n in lights {
            let is_on = self.light(*n).pointer("/on/on") == Some(&json!(true));
            if lights.len() == 1
                && turns_on != Some(true)
                && (!is_on || turns_on == Some(false))
                && keys.iter().any(|key| !matches!(key.as_str(), "on" | "transitiontime" | "alert"))
            {
                return json!([error_v1(201, address, "parameter, bri, is not modifiable. Device is set to off.")]);
            }
            let mut change = Map::new();
            let mut put = |key: &str, value: Option<Value>| change.extend(value.map(|value| (key.to_owned(), value)));
            put("on", turns_on.map(|on| json!({ "on": on })));
            put(
                "dimming",
                body.get("bri")
                    .and_then(Value::as_f64)
                    .map(|bri| json!({ "brightness": (bri / 2.54 * 100.0).round() / 100.0 })),
            );
            put("color", body.get("xy").map(|xy| json!({ "xy": { "x": xy.get(0), "y": xy.get(1) } })));
            put("color_temperature", body.get("ct").map(|ct| json!({ "mirek": ct })));
            let id = home::id(self.index, 1, *n);
            self.change(&id, &Value::Object(change));
        }
        keys.iter().map(|key| json!({ "success": { format!("{address}/{key}"): body.get(key.as_str()) } })).collect()
    }
}

/// The id of the bridge of this number, lower case.
#[must_use]
pub fn bridge_id(index: u32) -> String {
    format!("001788fffe{:06x}", index & 0xFF_FFFF)
}

fn merge(into: &mut Value, from: &Value) {
    match (into.as_object_mut(), from.as_object()) {
        (Some(into), Some(from)) => into.extend(from.clone()),
        _ => from.clone_into(into),
    }
}

fn errors(text: &str) -> Value {
    json!({ "errors": [{ "description": text }], "data": [] })
}

fn not_found() -> (u16, Value) {
    (404, errors("Not Found"))
}

fn error_v1(kind: u32, address: &str, text: &str) -> Value {
    json!({ "error": { "type": kind, "address": address, "description": text } })
}
