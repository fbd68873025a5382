//! The HTTP API of Philips Hue bridges, as a client sees it: what both versions share, and each version's own words.
//!
//! ```text
//!  GET  /api/0/config                      who are you?            (no key)
//!  POST /api                               give me a key           (no key; after the round button)
//!  v1:  GET /api/<key>/lights, /groups     PUT /api/<key>/lights/<n>/state, /groups/<n>/action
//!  v2:  GET /clip/v2/resource              PUT /clip/v2/resource/light/<id>, /grouped_light/<id>
//!       /eventstream/clip/v2               server-sent events
//! ```
//!
//! Invariant: no bytes make anything here panic; one resource that is nonsense costs that resource only.

pub mod v1;
pub mod v2;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::units::color::Xy;
use crate::wire::Error;

/// Software older than this knows only the first version of the API.
const FIRST_V2: u64 = 1_948_086_000;

/// What a bridge says of itself to everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Config {
    /// What people call it.
    pub name: String,
    /// 16 hex digits.
    pub bridgeid: String,
    /// `BSB001` is round, `BSB002` square.
    pub modelid: String,
    /// Ten digits.
    pub swversion: String,
}

/// What a light shows or shall show.
#[derive(Clone, Debug, PartialEq)]
pub enum Color {
    /// One colour.
    Xy(Xy),
    /// A white, mirek.
    Mirek(u16),
    /// Colours along it.
    Gradient(Vec<Xy>),
}

/// How a light is or shall be; what is `None` is not said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Whether it is on.
    pub on: Option<bool>,
    /// A share, 0..=1.
    pub brightness: Option<f32>,
    /// Its colour.
    pub color: Option<Color>,
    /// Its effect; empty for none.
    pub effect: Option<String>,
    /// How long a change takes, ms. Only ever asked.
    pub duration_ms: Option<u32>,
}

/// What a bridge answers to who wants a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// Its button was not pressed yet.
    Wait,
    /// A key to its API, and one for streaming if it gives one.
    Key {
        /// Goes with every request.
        key: String,
        /// 32 hex digits.
        clientkey: Option<String>,
    },
    /// Something else is wrong, in its words.
    Refused(String),
}

impl Config {
    /// Reads the short config.
    ///
    /// # Errors
    /// If it is none, or says no id.
    pub fn decode(body: &[u8]) -> Result<Self, Error> {
        let config: Self = json(body)?;
        let is_id = config.bridgeid.len() == 16 && config.bridgeid.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_id { Ok(config) } else { Err(Error::Malformed { what: "bridge id" }) }
    }

    /// What it is told apart by, for ever.
    #[must_use]
    pub fn identity(&self) -> String {
        self.bridgeid.to_lowercase()
    }

    /// Whether it knows the second version of the API.
    #[must_use]
    pub fn has_v2(&self) -> bool {
        self.modelid != "BSB001" && self.swversion.parse::<u64>().is_ok_and(|version| version >= FIRST_V2)
    }
}

/// Asks for a key.
pub fn encode_pairing(out: &mut Vec<u8>) {
    write(&json!({ "devicetype": "hearthlight#lights", "generateclientkey": true }), out);
}

/// Reads the answer to who wants a key.
///
/// # Errors
/// If it is none.
pub fn decode_pairing(body: &[u8]) -> Result<Pairing, Error> {
    let answer: Value = json(body)?;
    let entry = answer.get(0).ok_or(Error::Malformed { what: "pairing" })?;
    let text = |of: &Value, key: &str| of.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(success) = entry.get("success") {
        let key = text(success, "username").filter(|key| is_key(key)).ok_or(Error::Malformed { what: "key" })?;
        return Ok(Pairing::Key { key, clientkey: text(success, "clientkey") });
    }
    let error = entry.get("error").ok_or(Error::Malformed { what: "pairing" })?;
    match error.get("type").and_then(Value::as_u64) {
        Some(101) => Ok(Pairing::Wait),
        _ => Ok(Pairing::Refused(text(error, "description").unwrap_or_default())),
    }
}

/// Whether this can stand in a path and a header.
#[must_use]
pub fn is_key(key: &str) -> bool {
    (8..=128).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether this can stand in a path as a resource's id.
fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|fault| match fault.is_eof() {
        true => Error::Truncated,
        false => Error::Malformed { what: "JSON" },
    })
}

fn write(value: &Value, out: &mut Vec<u8>) {
    out.extend_from_slice(value.to_string().as_bytes());
}

/// Four decimals: as fine as a bridge's own numbers.
fn round(part: f32) -> f64 {
    (f64::from(part) * 1e4).round() / 1e4
}
