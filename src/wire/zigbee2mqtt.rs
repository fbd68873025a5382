//! The JSON that zigbee2mqtt speaks over an MQTT broker. Reference: zigbee2mqtt, "MQTT topics and messages", "Exposes".
//!
//! ```text
//!  <base>/bridge/state          {"state":"online"}, or online           retained
//!  <base>/bridge/info           version, coordinator                    retained
//!  <base>/bridge/devices        [{ieee_address, friendly_name, definition: {exposes: [..]}}, ..]   retained
//!  <base>/bridge/groups         [{id, friendly_name, members: [{ieee_address, endpoint}]}, ..]     retained
//!  <base>/bridge/event          {"type":"device_announce","data":{"ieee_address":".."}}
//!  <base>/<name>                {"state":"ON","brightness":254,"color":{"x":..,"y":..},"color_mode":"xy"}
//!  <base>/<name>/availability   {"state":"online"}, or online           retained
//!  <base>/<name>/set, /get      what we ask
//! ```
//!
//! Invariant: no bytes make anything here panic; one record that is nonsense costs that record only.

use serde_json::{Map, Value, json};

use crate::units::color::{HueSat, Srgb8, Xy};
use crate::wire::Error;

/// Most devices, groups and names that are taken from one message.
const MAX_RECORDS: usize = 1000;

/// How a light is told a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As CIE x and y.
    Xy,
    /// As hue and saturation.
    HueSat,
}

/// One light of a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Light {
    /// Its endpoint, where a device has several: its properties end with it.
    pub endpoint: Option<String>,
    /// The number of full brightness, if it can be dimmed.
    pub full: Option<f32>,
    /// The whites it mixes, mirek.
    pub mirek: Option<(u16, u16)>,
    /// Its colours, if it has any.
    pub color: Option<Form>,
    /// Colours of one gradient; 0 if it shows none.
    pub points: u16,
    /// Its effects, all words.
    pub effects: Vec<String>,
    /// What it can do when its power comes back, all words.
    pub power_on: Vec<String>,
    /// Whether it takes `identify`.
    pub identify: bool,
}

/// What a device says beside being a light.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Senses {
    /// What its buttons say.
    pub actions: Vec<String>,
    /// `occupancy`.
    pub motion: bool,
    /// `contact`.
    pub contact: bool,
    /// `temperature`, °C.
    pub temperature: bool,
    /// `illuminance`, lux.
    pub illuminance: bool,
    /// `battery`, percent.
    pub battery: bool,
}

/// A device of the mesh.
#[derive(Clone, Debug, PartialEq)]
pub struct Device {
    /// Its address, for ever: `0x` and 16 hex digits.
    pub ieee: String,
    /// What its topics are made of; may hold slashes.
    pub name: String,
    /// Its vendor.
    pub vendor: String,
    /// Its model.
    pub model: String,
    /// Its lights and switched outlets.
    pub lights: Vec<Light>,
    /// What else it says.
    pub senses: Senses,
}

/// A group of the mesh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What its topic is made of.
    pub name: String,
    /// Address and endpoint of each member.
    pub members: Vec<(String, Option<u64>)>,
}

/// What zigbee2mqtt is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// Its version.
    pub version: String,
    /// The kind of its coordinator.
    pub coordinator: String,
    /// The coordinator's address, if it says so.
    pub ieee: Option<String>,
}

/// A colour that a light shows or shall show.
#[derive(Clone, Debug, PartialEq)]
pub enum Color {
    /// One colour.
    Xy(Xy),
    /// A white, mirek.
    Mirek(u16),
    /// Colours along the light as it has them: on Hue strips the far end first.
    Gradient(Vec<Srgb8>),
}

/// How a light is or shall be; `None` is not said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Whether it is on.
    pub on: Option<bool>,
    /// A share, 0..=1.
    pub brightness: Option<f32>,
    /// Its colour.
    pub color: Option<Color>,
    /// One of its effects' words.
    pub effect: Option<String>,
    /// How long the change takes, s. Only ever asked.
    pub transition: Option<f32>,
}

/// What a device says on its topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message(Map<String, Value>);

fn parse(payload: &[u8]) -> Result<Value, Error> {
    serde_json::from_slice(payload).map_err(|fault| match fault.is_eof() {
        true => Error::Truncated,
        false => Error::Malformed { what: "JSON" },
    })
}

fn list(payload: &[u8], what: &'static str) -> Result<Vec<Value>, Error> {
    match parse(payload)? {
        Value::Array(mut records) => {
            records.truncate(MAX_RECORDS);
            Ok(records)
        }
        _ => Err(Error::Malformed { what }),
    }
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

fn words(value: &Value, key: &str) -> Vec<String> {
    let words = value.get(key).and_then(Value::as_array).into_iter().flatten();
    words.filter_map(Value::as_str).take(MAX_RECORDS).map(str::to_owned).collect()
}

/// Reads `bridge/state` or a device's `availability`: whether it is online.
///
/// # Errors
/// If it says neither online nor offline.
pub fn decode_online(payload: &[u8]) -> Result<bool, Error> {
    let said = match payload {
        b"online" | b"offline" => String::from_utf8_lossy(payload).into_owned(),
        _ => text(&parse(payload)?, "state").unwrap_or_default(),
    };
    match said.as_str() {
        "online" => Ok(true),
        "offline" => Ok(false),
        _ => Err(Error::Malformed { what: "availability" }),
    }
}

/// Reads `bridge/info`.
///
/// # Errors
/// If it is no JSON object.
pub fn decode_info(payload: &[u8]) -> Result<Info, Error> {
    let info = parse(payload)?;
    if !info.is_object() {
        return Err(Error::Malformed { what: "bridge info" });
    }
    let coordinator = info.get("coordinator").unwrap_or(&Value::Null);
    Ok(Info {
        version: text(&info, "version").unwrap_or_default(),
        coordinator: text(coordinator, "type").unwrap_or_default(),
        ieee: text(coordinator, "ieee_address"),
    })
}

/// Reads `bridge/event`: its kind, and the address of the device it is about.
///
/// # Errors
/// If it is no event.
pub fn decode_event(payload: &[u8]) -> Result<(String, Option<String>), Error> {
    let event = parse(payload)?;
    let kind = text(&event, "type").ok_or(Error::Malformed { what: "bridge event" })?;
    Ok((kind, event.get("data").and_then(|data| text(data, "ieee_address"))))
}

/// Reads `bridge/groups`.
///
/// # Errors
/// If it is no list.
pub fn decode_groups(payload: &[u8]) -> Result<Vec<Group>, Error> {
    let member = |value: &Value| Some((text(value, "ieee_address")?, value.get("endpoint").and_then(Value::as_u64)));
    let group = |value: &Value| {
        let members = value.get("members").and_then(Value::as_array).into_iter().flatten();
        Some(Group {
            name: text(value, "friendly_name")?,
            members: members.filter_map(member).take(MAX_RECORDS).collect(),
        })
    };
    Ok(list(payload, "groups")?.iter().filter_map(group).collect())
}

/// Reads `bridge/devices`: those that can be used. The coordinator, disabled devices and those that zigbee2mqtt does
/// not know are left out.
///
/// # Errors
/// If it is no list.
pub fn decode_devices(payload: &[u8]) -> Result<Vec<Device>, Error> {
    Ok(list(payload, "devices")?.iter().filter_map(device).collect())
}

fn device(record: &Value) -> Option<Device> {
    let is = |key: &str| record.get(key).and_then(Value::as_bool);
    let definition = record.get("definition").filter(|definition| definition.is_object())?;
    if is("disabled") == Some(true) || record.get("type").and_then(Value::as_str) == Some("Coordinator") {
        return None;
    }
    let exposes = definition.get("exposes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut lights: Vec<Light> = exposes.iter().filter_map(light).take(64).collect();
    exposes.iter().for_each(|expose| extend(&mut lights, expose));
    Some(Device {
        ieee: text(record, "ieee_address").filter(|ieee| !ieee.is_empty())?,
        name: text(record, "friendly_name").filter(|name| !name.is_empty())?,
        vendor: text(definition, "vendor").unwrap_or_default(),
        model: text(definition, "model").unwrap_or_default(),
        lights,
        senses: senses(exposes),
    })
}

/// The light that an item of `exposes` describes, if it is one.
fn light(expose: &Value) -> Option<Light> {
    if !matches!(expose.get("type")?.as_str()?, "light" | "switch") {
        return None;
    }
    let mut light = Light {
        endpoint: text(expose, "endpoint"),
        full: None,
        mirek: None,
        color: None,
        points: 0,
        effects: Vec::new(),
        power_on: Vec::new(),
        identify: false,
    };
    let number = |feature: &Value, key: &str| feature.get(key).and_then(Value::as_f64).map(|number| number as f32);
    for feature in expose.get("features").and_then(Value::as_array)? {
        match feature.get("name").and_then(Value::as_str) {
            Some("brightness") => {
                light.full =
                    Some(number(feature, "value_max").filter(|most| (1.0..=65_535.0).contains(most)).unwrap_or(254.0));
            }
            Some("color_temp") => {
                let (least, most) = (number(feature, "value_min"), number(feature, "value_max"));
                let range = (least.unwrap_or(153.0) as u16, most.unwrap_or(500.0) as u16);
                light.mirek = Some(range).filter(|(least, most)| least < most && *least > 0);
            }
            Some("color_xy") => light.color = Some(Form::Xy),
            Some("color_hs") => light.color = light.color.or(Some(Form::HueSat)),
            _ => extend(std::slice::from_mut(&mut light), feature),
        }
    }
    Some(light)
}

/// Adds what an item of `exposes` says about lights to those it is about.
fn extend(lights: &mut [Light], expose: &Value) {
    let endpoint = text(expose, "endpoint");
    let alone = lights.len() == 1;
    for light in lights.iter_mut().filter(|light| alone || light.endpoint == endpoint) {
        match expose.get("name").and_then(Value::as_str) {
            Some("effect") => light.effects = words(expose, "values"),
            Some("power_on_behavior") => light.power_on = words(expose, "values"),
            Some("identify") => light.identify = true,
            Some("gradient") => {
                let most = expose.get("length_max").and_then(Value::as_u64).unwrap_or(5);
                light.points = u16::try_from(most).unwrap_or(5).clamp(2, 64);
            }
            _ => {}
        }
    }
}

fn senses(exposes: &[Value]) -> Senses {
    let mut senses = Senses::default();
    for expose in exposes {
        match expose.get("name").and_then(Value::as_str) {
            Some("action") => senses.actions = words(expose, "values"),
            Some("occupancy") => senses.motion = true,
            Some("contact") => senses.contact = true,
            Some("temperature") => senses.temperature = true,
            Some("illuminance" | "illuminance_lux") => senses.illuminance = true,
            Some("battery") => senses.battery = true,
            _ => {}
        }
    }
    senses
}

impl Message {
    /// Reads what a device says on its topic.
    ///
    /// # Errors
    /// If it is no JSON object.
    pub fn decode(payload: &[u8]) -> Result<Self, Error> {
        match parse(payload)? {
            Value::Object(object) => Ok(Self(object)),
            _ => Err(Error::Malformed { what: "state" }),
        }
    }

    fn number(&self, key: &str) -> Option<f32> {
        self.0.get(key)?.as_f64().map(|number| number as f32).filter(|number| number.is_finite())
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.0.get(key)?.as_bool()
    }

    /// What a button says; `None` for none.
    #[must_use]
    pub fn action(&self) -> Option<&str> {
        self.0.get("action")?.as_str().filter(|action| !action.is_empty())
    }

    /// Whether something moves.
    #[must_use]
    pub fn motion(&self) -> Option<bool> {
        self.flag("occupancy")
    }

    /// Whether it is closed.
    #[must_use]
    pub fn contact(&self) -> Option<bool> {
        self.flag("contact")
    }

    /// °C.
    #[must_use]
    pub fn temperature(&self) -> Option<f32> {
        self.number("temperature")
    }

    /// Lux. Older versions say it beside a raw number of the same name.
    #[must_use]
    pub fn illuminance(&self) -> Option<f32> {
        self.number("illuminance_lux").or_else(|| self.number("illuminance"))
    }

    /// Percent.
    #[must_use]
    pub fn battery(&self) -> Option<f32> {
        self.number("battery")
    }

    /// How one of the device's lights is.
    #[must_use]
    pub fn light(&self, light: &Light) -> State {
        let get = |name: &str| self.0.get(&light.property(name));
        let on = match get("state").and_then(Value::as_str) {
            Some("ON") => Some(true),
            Some("OFF") => Some(false),
            _ => None,
        };
        let brightness = self.number(&light.property("brightness")).zip(light.full);
        let effect = get("effect").and_then(Value::as_str).map(str::to_owned);
        State {
            on,
            brightness: brightness.map(|(number, full)| (number / full).clamp(0.0, 1.0)),
            color: self.color(light),
            effect,
            transition: None,
        }
    }

    fn color(&self, light: &Light) -> Option<Color> {
        let get = |name: &str| self.0.get(&light.property(name));
        let mirek = || {
            let number = self.number(&light.property("color_temp")).filter(|_| light.mirek.is_some())?;
            Some(Color::Mirek(number as u16)).filter(|_| number >= 1.0)
        };
        let part = |key: &str| get("color")?.get(key)?.as_f64().map(|number| number as f32);
        let xy = || Some(Color::Xy(Xy::new(part("x")?, part("y")?)?));
        let hue_sat = || {
            let (hue, saturation) = (part("hue")?, part("saturation")? / 100.0);
            Some(Color::Xy(HueSat { hue, saturation }.srgb().linear().xy()))
        };
        let gradient = || {
            let points = get("gradient")?.as_array()?.iter().take(64);
            let points: Vec<Srgb8> = points.filter_map(|point| Srgb8::from_hex(point.as_str()?)).collect();
            Some(Color::Gradient(points)).filter(|_| light.points > 0)
        };
        match get("color_mode").and_then(Value::as_str) {
            Some("color_temp") => mirek(),
            Some("gradient") => gradient(),
            Some("hs") => hue_sat().or_else(xy),
            Some(_) => xy().or_else(hue_sat),
            None => xy().or_else(hue_sat).or_else(mirek),
        }
    }
}

impl Light {
    /// The name of one of its properties in messages.
    #[must_use]
    pub fn property(&self, name: &str) -> String {
        match &self.endpoint {
            Some(endpoint) => format!("{name}_{endpoint}"),
            None => name.to_owned(),
        }
    }

    /// The word that ends its effects, if it has one.
    #[must_use]
    pub fn effect_end(&self) -> Option<&str> {
        let ends = ["stop_hue_effect", "stop_effect", "finish_effect"];
        ends.into_iter().find(|end| self.effects.iter().any(|effect| effect == end))
    }

    /// Its effects that go on until they are ended.
    pub fn lasting_effects(&self) -> impl Iterator<Item = &str> {
        const SIGNALS: [&str; 7] =
            ["blink", "breathe", "okay", "channel_change", "stop_hue_effect", "stop_effect", "finish_effect"];
        self.effects.iter().map(String::as_str).filter(|effect| !SIGNALS.contains(effect))
    }

    /// What goes to its `set` topic. Brightness is left out of what turns it off: it would turn it on again.
    pub fn encode_set(&self, state: &State, out: &mut Vec<u8>) {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| drop(body.insert(self.property(name), value));
        if let Some(on) = state.on {
            put("state", json!(if on { "ON" } else { "OFF" }));
        }
        if let (Some(share), Some(full), true) = (state.brightness, self.full, state.on != Some(false)) {
            put("brightness", json!((share * full).round().clamp(1.0, full) as u32));
        }
        match (&state.color, self.color) {
            (Some(Color::Xy(xy)), Some(Form::Xy)) => put("color", json!({ "x": round(xy.x()), "y": round(xy.y()) })),
            (Some(Color::Xy(xy)), Some(Form::HueSat)) => {
                let HueSat { hue, saturation } = xy.hue_sat();
                put(
                    "color",
                    json!({ "hue": hue.round() as u32 % 360, "saturation": (saturation * 100.0).round() as u32 }),
                );
            }
            (Some(Color::Mirek(mirek)), _) => put("color_temp", json!(mirek)),
            (Some(Color::Gradient(points)), _) => {
                put("gradient", points.iter().map(|point| json!(point.hex())).collect());
            }
            (Some(Color::Xy(_)), None) | (None, _) => {}
        }
        if let Some(effect) = &state.effect {
            put("effect", json!(effect));
        }
        if let (Some(transition), Some(_)) = (state.transition, self.full) {
            body.insert("transition".to_owned(), json!((f64::from(transition) * 1000.0).round() / 1000.0));
        }
        write(&Value::Object(body), out);
    }

    /// What goes to its `get` topic.
    pub fn encode_get(&self, out: &mut Vec<u8>) {
        let body: Map<String, Value> = [(self.property("state"), json!(""))].into_iter().collect();
        write(&Value::Object(body), out);
    }

    /// What lets it make itself known.
    pub fn encode_identify(&self, out: &mut Vec<u8>) {
        let body = if self.identify { ("identify", "identify") } else { ("effect", "blink") };
        write(&json!({ self.property(body.0): body.1 }), out);
    }

    /// What settles how it is when its power comes back.
    pub fn encode_power_on(&self, word: &str, out: &mut Vec<u8>) {
        write(&json!({ self.property("power_on_behavior"): word }), out);
    }
}

/// Four decimals: as fine as a light's own numbers.
fn round(part: f32) -> f64 {
    (f64::from(part) * 1e4).round() / 1e4
}

fn write(value: &Value, out: &mut Vec<u8>) {
    out.extend_from_slice(value.to_string().as_bytes());
}
