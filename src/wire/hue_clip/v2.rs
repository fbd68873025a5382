//! The second version of the bridge's API: resources by id, each whole when it is read and in part when it changes.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::units::color::{Gamut, Xy};
use crate::wire::Error;
use crate::wire::hue_clip::{self, Color, State, round, write};

/// Resources of one message, at most.
const MAX_RESOURCES: usize = 5000;

/// What points to another resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Reference {
    /// Its id.
    pub rid: String,
    /// Its kind.
    pub rtype: String,
}

/// Names, and the place of a control on its device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// What people call it.
    pub name: Option<String>,
    /// Which button of its device.
    pub control_id: Option<u32>,
}

/// A light, or what changed of it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Light {
    /// Its id.
    pub id: String,
    /// Its device.
    pub owner: Option<Reference>,
    /// Its name.
    pub metadata: Option<Metadata>,
    on: Option<On>,
    dimming: Option<Dimming>,
    color_temperature: Option<ColorTemperature>,
    color: Option<Chroma>,
    gradient: Option<Gradient>,
    effects: Option<Effects>,
    powerup: Option<Value>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct On {
    on: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Dimming {
    brightness: f32,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct ColorTemperature {
    mirek: Option<u16>,
    mirek_valid: Option<bool>,
    mirek_schema: Option<Schema>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Schema {
    mirek_minimum: u16,
    mirek_maximum: u16,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Chroma {
    xy: Option<Xy>,
    gamut: Option<Gamut>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Gradient {
    points: Vec<Point>,
    points_capable: Option<u16>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Point {
    color: Chroma,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Effects {
    status: Option<String>,
    effect_values: Vec<String>,
}

/// A device: what has lights, buttons and sensors as its services.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Device {
    /// Its id.
    pub id: String,
    /// Its name.
    pub metadata: Option<Metadata>,
    /// What it is.
    pub product_data: Option<Product>,
    /// What it has.
    pub services: Vec<Reference>,
}

/// What a device is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Product {
    /// Its model.
    pub model_id: String,
    /// The model's name.
    pub product_name: String,
}

/// A room, a zone, or the whole home.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Its id.
    pub id: String,
    /// Its name.
    pub metadata: Option<Metadata>,
    /// What is in it: devices, lights, rooms.
    pub children: Vec<Reference>,
    /// What it has: its grouped light.
    pub services: Vec<Reference>,
}

/// Something a device senses or says, with its value if it says one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Service {
    /// Its id.
    pub id: String,
    /// Its device.
    pub owner: Option<Reference>,
    /// Which button of its device.
    pub metadata: Option<Metadata>,
    status: Option<Value>,
    motion: Option<Value>,
    temperature: Option<Value>,
    light: Option<Value>,
    contact_report: Option<Value>,
    button: Option<Value>,
    relative_rotary: Option<Value>,
    power_state: Option<Value>,
}

/// A resource of a kind that matters here.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the API")]
pub enum Resource {
    Light(Box<Light>),
    Device(Device),
    Room(Place),
    Zone(Place),
    BridgeHome(Place),
    ZigbeeConnectivity(Service),
    Motion(Service),
    Temperature(Service),
    LightLevel(Service),
    Contact(Service),
    Button(Service),
    RelativeRotary(Service),
    DevicePower(Service),
    #[serde(other)]
    Other,
}

/// What the bridge tells by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// This changed; each resource says only what did.
    Changed(Vec<Resource>),
    /// Something came or went: all has to be read again.
    Rearranged,
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    data: Vec<Value>,
    #[serde(default)]
    errors: Vec<Value>,
}

#[derive(Deserialize)]
struct Container {
    r#type: String,
    #[serde(default)]
    data: Vec<Value>,
}

fn resources(data: Vec<Value>) -> Vec<Resource> {
    let read = |value| serde_json::from_value(value).ok().filter(|resource: &Resource| *resource != Resource::Other);
    data.into_iter().take(MAX_RESOURCES).filter_map(read).filter(|resource| hue_clip::is_id(resource.id())).collect()
}

/// Reads what the bridge has.
///
/// # Errors
/// If it is no answer of this API.
pub fn decode_resources(body: &[u8]) -> Result<Vec<Resource>, Error> {
    let envelope: Envelope = hue_clip::json(body)?;
    Ok(resources(envelope.data))
}

/// Reads the answer to a change: what the bridge has to say against it, in its words.
///
/// # Errors
/// If it is no answer of this API.
pub fn decode_answer(body: &[u8]) -> Result<Vec<String>, Error> {
    let envelope: Envelope = hue_clip::json(body)?;
    let text = |error: &Value| error.get("description")?.as_str().map(str::to_owned);
    Ok(envelope.errors.iter().filter_map(text).collect())
}

/// Reads one message of the event stream.
///
/// # Errors
/// If it is no list of events.
pub fn decode_events(message: &[u8]) -> Result<Vec<Event>, Error> {
    let containers: Vec<Container> = hue_clip::json(message)?;
    let event = |Container { r#type, data }| match r#type.as_str() {
        "update" => Some(Event::Changed(resources(data))),
        "add" | "delete" => Some(Event::Rearranged),
        _ => None,
    };
    Ok(containers.into_iter().filter_map(event).collect())
}

impl Resource {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Light(light) => &light.id,
            Self::Device(device) => &device.id,
            Self::Room(place) | Self::Zone(place) | Self::BridgeHome(place) => &place.id,
            Self::ZigbeeConnectivity(service)
            | Self::Motion(service)
            | Self::Temperature(service)
            | Self::LightLevel(service)
            | Self::Contact(service)
            | Self::Button(service)
            | Self::RelativeRotary(service)
            | Self::DevicePower(service) => &service.id,
            Self::Other => "",
        }
    }
}

impl Light {
    /// How it is, as far as this says.
    #[must_use]
    pub fn state(&self) -> State {
        let points = self.gradient.iter().flat_map(|gradient| &gradient.points);
        let points: Vec<Xy> = points.filter_map(|point| point.color.xy).collect();
        let white = self.color_temperature.as_ref().filter(|white| white.mirek_valid != Some(false));
        let white = white.and_then(|white| white.mirek).filter(|mirek| *mirek > 0);
        let xy = self.color.as_ref().and_then(|color| color.xy);
        let color = match points.len() {
            2.. => Some(Color::Gradient(points)),
            _ => white.map(Color::Mirek).or(xy.map(Color::Xy)),
        };
        let effect = self.effects.as_ref().and_then(|effects| effects.status.as_deref());
        State {
            on: self.on.as_ref().map(|on| on.on),
            brightness: self.dimming.as_ref().map(|dimming| (dimming.brightness / 100.0).clamp(0.0, 1.0)),
            color,
            effect: effect.map(|effect| if effect == "no_effect" { "" } else { effect }.to_owned()),
            duration_ms: None,
        }
    }

    /// Whether it can be dimmed.
    #[must_use]
    pub fn dims(&self) -> bool {
        self.dimming.is_some()
    }

    /// The colours it mixes, if any.
    #[must_use]
    pub fn gamut(&self) -> Option<Gamut> {
        self.color.as_ref().map(|color| color.gamut.unwrap_or(Gamut::ALL))
    }

    /// The whites it mixes, mirek.
    #[must_use]
    pub fn mirek(&self) -> Option<(u16, u16)> {
        let white = self.color_temperature.as_ref()?;
        let range =
            white.mirek_schema.as_ref().map_or((153, 500), |schema| (schema.mirek_minimum, schema.mirek_maximum));
        Some(range).filter(|(least, most)| least < most && *least > 0)
    }

    /// Colours of one gradient; 0 if it shows none.
    #[must_use]
    pub fn points(&self) -> u16 {
        self.gradient.as_ref().map_or(0, |gradient| gradient.points_capable.unwrap_or(5).min(64))
    }

    /// Its effects.
    pub fn effects(&self) -> impl Iterator<Item = &str> {
        let effects = self.effects.iter().flat_map(|effects| &effects.effect_values);
        effects.map(String::as_str).filter(|effect| *effect != "no_effect")
    }

    /// Whether it can be told what to do when its power comes back.
    #[must_use]
    pub fn has_powerup(&self) -> bool {
        self.powerup.is_some()
    }

    /// Whether it says what it is called: a change of that is none of its state.
    #[must_use]
    pub fn is_renamed(&self) -> bool {
        self.metadata.is_some()
    }
}

/// A value of a sensor's report, or where older bridges say it.
fn value<'a>(of: Option<&'a Value>, report: &str, key: &str) -> Option<&'a Value> {
    let of = of?;
    of.get(report).and_then(|report| report.get(key)).or_else(|| of.get(key))
}

impl Service {
    /// Whether the bridge reaches its device.
    #[must_use]
    pub fn is_connected(&self) -> Option<bool> {
        Some(self.status.as_ref()?.as_str()? == "connected")
    }

    /// Whether something moves.
    #[must_use]
    pub fn motion(&self) -> Option<bool> {
        value(self.motion.as_ref(), "motion_report", "motion")?.as_bool()
    }

    /// °C.
    #[must_use]
    pub fn temperature(&self) -> Option<f32> {
        value(self.temperature.as_ref(), "temperature_report", "temperature")?.as_f64().map(|number| number as f32)
    }

    /// Lux: the bridge says 10,000 times the decimal logarithm, plus 1.
    #[must_use]
    pub fn lux(&self) -> Option<f32> {
        let level = value(self.light.as_ref(), "light_level_report", "light_level")?.as_f64()?;
        Some(if level < 1.0 { 0.0 } else { 10_f64.powf((level.min(90_000.0) - 1.0) / 10_000.0) as f32 })
    }

    /// Whether it is closed.
    #[must_use]
    pub fn contact(&self) -> Option<bool> {
        Some(self.contact_report.as_ref()?.get("state")?.as_str()? == "contact")
    }

    /// What its button says: `1_short_release`.
    #[must_use]
    pub fn button(&self) -> Option<&str> {
        let button = self.button.as_ref();
        value(button, "button_report", "event").or_else(|| button?.get("last_event"))?.as_str()
    }

    /// What its button can say.
    pub fn button_events(&self) -> impl Iterator<Item = &str> {
        let values = self.button.as_ref().and_then(|button| button.get("event_values")?.as_array());
        values.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Which way its dial is turned.
    #[must_use]
    pub fn turned(&self) -> Option<&str> {
        let rotary = self.relative_rotary.as_ref()?;
        let report = rotary.get("rotary_report").or_else(|| rotary.get("last_event"))?;
        report.get("rotation")?.get("direction")?.as_str()
    }

    /// Percent.
    #[must_use]
    pub fn battery(&self) -> Option<f32> {
        self.power_state.as_ref()?.get("battery_level")?.as_f64().map(|number| number as f32)
    }
}

/// What goes to a light or a grouped light.
pub fn encode_state(state: &State, out: &mut Vec<u8>) {
    let mut body = Map::new();
    let mut put = |key: &str, value: Value| drop(body.insert(key.to_owned(), value));
    if let Some(on) = state.on {
        put("on", json!({ "on": on }));
    }
    if let Some(share) = state.brightness {
        put("dimming", json!({ "brightness": (f64::from(share) * 1e4).round() / 100.0 }));
    }
    let xy = |xy: &Xy| json!({ "xy": { "x": round(xy.x()), "y": round(xy.y()) } });
    match &state.color {
        Some(Color::Xy(color)) => put("color", xy(color)),
        Some(Color::Mirek(mirek)) => put("color_temperature", json!({ "mirek": mirek })),
        Some(Color::Gradient(points)) => {
            let points: Vec<Value> = points.iter().map(|point| json!({ "color": xy(point) })).collect();
            put("gradient", json!({ "points": points }));
        }
        None => {}
    }
    if let Some(effect) = &state.effect {
        put("effects", json!({ "effect": if effect.is_empty() { "no_effect" } else { effect } }));
    }
    if let Some(ms) = state.duration_ms {
        put("dynamics", json!({ "duration": ms }));
    }
    write(&Value::Object(body), out);
}

/// What goes to a device so that it makes itself known.
pub fn encode_identify(out: &mut Vec<u8>) {
    write(&json!({ "identify": { "action": "identify" } }), out);
}

/// What a light does when its power comes back: `Some` on or off, `None` as it was.
pub fn encode_powerup(on: Option<bool>, out: &mut Vec<u8>) {
    let powerup = match on {
        Some(true) => json!({ "preset": "safety" }),
        Some(false) => json!({ "preset": "custom", "on": { "mode": "on", "on": { "on": false } } }),
        None => json!({ "preset": "powerfail" }),
    };
    write(&json!({ "powerup": powerup }), out);
}
