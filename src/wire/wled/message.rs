//! What a WLED node says: its state, what it is, the names of its effects.
//!
//! Invariant: what a node leaves out has a harmless value; nodes of all versions since 0.8 are understood.

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};

use crate::wire::Error;

/// Capability: it has red, green and blue.
pub const LC_RGB: u8 = 1;
/// Capability: it has white.
pub const LC_WHITE: u8 = 2;
/// Capability: its white has a temperature.
pub const LC_CCT: u8 = 4;

/// A message of a node: on a WebSocket, or the answer to `/json/si` and `/json/state`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// How it is, if it says so.
    pub state: Option<State>,
    /// What it is, if it says so.
    pub info: Option<Info>,
    /// The number of its error: 3 if it was busy.
    pub error: Option<u8>,
}

/// How a node is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct State {
    /// Whether it is on.
    pub on: bool,
    /// Its brightness, 0..=255; while it is off the one it will have.
    pub bri: u8,
    /// Whether it ignores streams: 0 no, 1 until this one ends, 2 until it restarts.
    pub lor: u8,
    /// The segment that stands for all, by its place among segments of this id.
    pub mainseg: u8,
    /// Its segments, in the order of their ids; those that do not exist are left out.
    #[serde(deserialize_with = "segments")]
    pub seg: Vec<Segment>,
}

/// A segment of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Segment {
    /// What it is told apart by; there may be gaps.
    pub id: u8,
    /// Its first pixel.
    pub start: u16,
    /// The pixel after its last one.
    pub stop: u16,
    /// Whether it is on.
    #[serde(deserialize_with = "yes_unless")]
    pub on: bool,
    /// Whether it is frozen.
    pub frz: bool,
    /// The temperature of its white: 0..=255, the warmest first.
    pub cct: u8,
    /// Its first colour: red, green, blue, white.
    #[serde(deserialize_with = "first_color")]
    pub col: [u8; 4],
    /// Its effect; 0 for none.
    pub fx: u16,
}

/// What a node is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Info {
    /// Its version, such as `0.15.0`.
    pub ver: String,
    /// What people call it.
    pub name: String,
    /// 12 hex digits.
    pub mac: String,
    /// Its processor.
    pub arch: String,
    /// `WLED`, since 0.10.
    pub brand: String,
    /// Its port for realtime datagrams.
    pub udpport: u16,
    /// Whether somebody streams to it.
    pub live: bool,
    /// By which protocol.
    pub lm: String,
    /// From which address.
    pub lip: String,
    /// Clients on its WebSocket; -1 if it has none.
    pub ws: i16,
    /// Its pixels.
    pub leds: Leds,
    /// How well it hears its network.
    pub wifi: Wifi,
}

/// The pixels of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Leds {
    /// How many.
    pub count: u16,
    /// [`LC_RGB`], [`LC_WHITE`], [`LC_CCT`], summed; `None` before 0.13.
    pub lc: Option<u8>,
    /// Whether there is white; what nodes before 0.13 say instead.
    #[serde(deserialize_with = "no_unless")]
    pub rgbw: bool,
}

/// How well a node hears its network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Wifi {
    /// Percent.
    pub signal: u8,
}

impl Info {
    /// Whether this is a node of WLED. Before 0.10 there was no brand.
    #[must_use]
    pub fn is_wled(&self) -> bool {
        (self.brand == "WLED" || self.brand.is_empty()) && !self.ver.is_empty() && is_mac(&self.mac)
    }

    /// Its capabilities, summed.
    #[must_use]
    pub fn light_capabilities(&self) -> u8 {
        self.leds.lc.unwrap_or(if self.leds.rgbw { LC_RGB | LC_WHITE } else { LC_RGB })
    }

    /// First and second number of its version; what cannot be read counts as the newest.
    #[must_use]
    pub fn version(&self) -> (u16, u16) {
        let mut numbers = self.ver.split(['.', '-', '_']).map(|part| part.parse::<u16>().ok());
        match (numbers.next().flatten(), numbers.next().flatten()) {
            (Some(major), Some(minor)) => (major, minor),
            _ => (u16::MAX, 0),
        }
    }
}

/// Whether a text is 12 hex digits.
#[must_use]
pub fn is_mac(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Reads what a node says of its state and of itself.
///
/// # Errors
/// [`Error::Malformed`] if it is no JSON of a node.
pub fn decode(bytes: &[u8]) -> Result<Message, Error> {
    #[derive(Deserialize)]
    struct Body {
        state: Option<State>,
        info: Option<Info>,
        error: Option<u8>,
        success: Option<IgnoredAny>,
    }
    let Ok(Body { state, info, error, success }) = serde_json::from_slice(bytes) else {
        return Err(Error::Malformed { what: "message" });
    };
    if state.is_none() && info.is_none() && error.is_none() && success.is_none() {
        return decode_state(bytes).map(|state| Message { state: Some(state), ..Message::default() });
    }
    Ok(Message { state, info, error })
}

/// Reads a state that stands alone, as `/json/state` gives it.
fn decode_state(bytes: &[u8]) -> Result<State, Error> {
    #[derive(Deserialize)]
    struct Proof {
        #[serde(rename = "on")]
        _on: bool,
        #[serde(rename = "bri")]
        _bri: u8,
    }
    let proven = serde_json::from_slice::<Proof>(bytes).and_then(|_| serde_json::from_slice(bytes));
    proven.map_err(|_| Error::Malformed { what: "state" })
}

/// Reads the answer to `/json/info`.
///
/// # Errors
/// [`Error::Malformed`] if it is not that of a node.
pub fn decode_info(bytes: &[u8]) -> Result<Info, Error> {
    let info = serde_json::from_slice::<Info>(bytes).ok().filter(Info::is_wled);
    info.ok_or(Error::Malformed { what: "info" })
}

/// Reads the names of effects, the answer to `/json/eff`; the number of an effect is its place.
///
/// # Errors
/// [`Error::Malformed`] if it is no list of names.
pub fn decode_effects(bytes: &[u8]) -> Result<Vec<String>, Error> {
    serde_json::from_slice(bytes).map_err(|_| Error::Malformed { what: "effects" })
}

fn segments<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Segment>, D::Error> {
    let mut segments = Vec::<Segment>::deserialize(from)?;
    segments.retain(|segment| segment.stop > segment.start);
    segments.sort_by_key(|segment| segment.id);
    segments.dedup_by_key(|segment| segment.id);
    Ok(segments)
}

/// A switch that some versions leave out or write otherwise.
#[derive(Deserialize)]
#[serde(untagged)]
enum Switch {
    Bool(bool),
    Other(IgnoredAny),
}

fn yes_unless<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(!matches!(Switch::deserialize(from)?, Switch::Bool(false)))
}

fn no_unless<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(matches!(Switch::deserialize(from)?, Switch::Bool(true)))
}

/// A colour: its parts, or in a few versions text or a temperature, which count as dark.
#[derive(Deserialize)]
#[serde(untagged)]
enum Colors {
    Parts(Vec<u8>),
    Other(IgnoredAny),
}

fn first_color<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 4], D::Error> {
    let first = Vec::<Colors>::deserialize(from)?.into_iter().next();
    let parts = match first {
        Some(Colors::Parts(parts)) => parts,
        Some(Colors::Other(_)) | None => Vec::new(),
    };
    Ok([0, 1, 2, 3].map(|place: usize| parts.get(place).copied().unwrap_or_default()))
}
