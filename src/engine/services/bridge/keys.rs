//! The file of the bridge's secrets: its number, and which app holds which key.
//!
//! Invariant: keys are in this file and in the ring and nowhere else; the file is readable by its owner alone.
//! Invariant: the number is made once. It is no card's of this machine: a new card changes nothing.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::io::files;
use crate::model::bridge::app::{App, AppId};
use crate::model::bridge::ids::BridgeId;
use crate::port::ring::{Key, Ring};

/// The file within the folder of secrets.
pub const FILE: &str = "bridge.json";
/// What our number begins with, as that of every Hue bridge does.
const MAKER: [u8; 3] = [0x00, 0x17, 0x88];

/// The bridge's number and the keys of apps.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Its number.
    pub id: BridgeId,
    /// Keys by app.
    pub keys: BTreeMap<AppId, Arc<Key>>,
}

#[derive(Serialize, Deserialize)]
struct Written {
    mac: String,
    apps: Vec<WrittenApp>,
}

#[derive(Serialize, Deserialize)]
struct WrittenApp {
    id: AppId,
    name: Arc<str>,
    created: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used: Option<Timestamp>,
    key: Arc<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_key: Option<String>,
}

impl Keys {
    /// A bridge that was never there, without apps.
    ///
    /// # Errors
    /// If the system gives no random bits.
    pub fn fresh() -> io::Result<Self> {
        let mut own = [0; 3];
        getrandom::fill(&mut own).map_err(|error| io::Error::other(error.to_string()))?;
        let ([a, b, c], [d, e, f]) = (MAKER, own);
        Ok(Self { id: BridgeId::of_mac([a, b, c, d, e, f]), keys: BTreeMap::new() })
    }

    /// Reads the file; `None` if it is not there.
    ///
    /// # Errors
    /// If it cannot be read, or is damaged ([`io::ErrorKind::InvalidData`]).
    pub fn load(file: &Path) -> io::Result<Option<Self>> {
        match std::fs::read(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => Self::parse(&read?).map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into()),
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let Written { mac, apps } = serde_json::from_slice(bytes).ok()?;
        let id = BridgeId::of_mac(mac_of(&mac)?);
        let keys = apps.into_iter().map(|app| {
            let client_key = app.client_key.as_deref().and_then(client_key);
            let streams = client_key.is_some();
            let known = App { id: app.id, name: app.name, created: app.created, used: app.used, streams };
            (known.id.clone(), Arc::new(Key::new(&known, app.key, client_key)))
        });
        Some(Self { id, keys: keys.collect() })
    }

    /// The file's content.
    #[must_use]
    pub fn written(&self) -> Vec<u8> {
        let apps = self.keys.values().map(|key| WrittenApp {
            id: key.app.clone(),
            name: Arc::clone(&key.name),
            created: key.created,
            used: key.used(),
            key: Arc::clone(&key.key),
            client_key: key.client_key.map(|bytes| bytes.iter().map(|byte| format!("{byte:02X}")).collect()),
        });
        let written = Written { mac: self.id.mac_text(":"), apps: apps.collect() };
        // Texts and times only: there is nothing in it that JSON cannot say.
        serde_json::to_vec(&written).unwrap_or_default()
    }

    /// Writes the file; once this returns, it outlives a power cut.
    ///
    /// # Errors
    /// If the disk fails; the file is as it was.
    pub fn save(&self, file: &Path) -> io::Result<()> {
        files::replace_private(file, &self.written())
    }

    /// Whose key this is.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Arc<Key>> {
        self.keys.values().find(|known| *known.key == *key)
    }

    /// All keys, to be looked up.
    #[must_use]
    pub fn ring(&self) -> Ring {
        Ring::new(self.keys.values().cloned())
    }

    /// The apps that hold them.
    #[must_use]
    pub fn apps(&self) -> BTreeMap<AppId, Arc<App>> {
        let app = |key: &Arc<Key>| App {
            id: key.app.clone(),
            name: Arc::clone(&key.name),
            created: key.created,
            used: key.used().map(to_minute),
            streams: key.client_key.is_some(),
        };
        self.keys.iter().map(|(id, key)| (id.clone(), Arc::new(app(key)))).collect()
    }
}

/// A time without its seconds.
#[must_use]
pub fn to_minute(time: Timestamp) -> Timestamp {
    let second = time.as_second();
    Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(time)
}

/// The 16 bytes of a key for streaming, written as 32 hex digits.
#[must_use]
pub fn client_key(text: &str) -> Option<[u8; 16]> {
    hex(text)
}

/// The MAC in a text of six bytes with colons.
fn mac_of(text: &str) -> Option<[u8; 6]> {
    hex(&text.replace(':', ""))
}

fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}
