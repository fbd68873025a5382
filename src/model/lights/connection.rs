//! Connections to devices and hubs that have lights, and what discovery sees of new ones.
//!
//! Invariant: a connection is told apart by its identity (a MAC, a serial number, a bridge's id), never by its address.
//! Invariant: no secret is in here.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a connection is told apart by: a slug, for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConnectionId(pub Arc<str>);

/// How something fares that can be out of reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Not tried to the end yet.
    Starting,
    /// It answers.
    Online,
    /// It waits for a person to do something there, such as press a button.
    Waiting {
        /// What to do.
        what: Arc<str>,
    },
    /// It does not answer, and is tried again and again.
    Unreachable {
        /// Since when.
        since: Timestamp,
        /// How that shows.
        why: Arc<str>,
    },
    /// It is there but does not let us in.
    Refused {
        /// Cause and cure.
        why: Arc<str>,
    },
}

/// Where a connection leads, as a person or discovery said it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its family, by the id in the registry: `wled`, `lifx`.
    pub family: Arc<str>,
    /// A host with or without port, an URL, or a serial port.
    pub address: Arc<str>,
    /// What else its family wants to know, such as `pixels` or `baud`; secrets are kept elsewhere.
    pub options: BTreeMap<Arc<str>, Arc<str>>,
}

/// What is counted of a connection since the program started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Packets, requests and messages sent.
    pub sent: u64,
    /// The same received.
    pub received: u64,
    /// Those received that were malformed.
    pub malformed: u64,
    /// Outages.
    pub outages: u64,
}

/// A connection to a device or a hub.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// What it is told apart by.
    pub id: ConnectionId,
    /// A MAC, a serial number or a bridge's id, once known; lower case.
    pub identity: Option<Arc<str>>,
    /// What people call it.
    pub name: Arc<str>,
    /// What it says it is, such as `WLED 0.15.0 (esp32)`.
    pub model: Arc<str>,
    /// Where it leads.
    pub target: Target,
    /// How it fares.
    pub reach: Reach,
    /// From a question to its answer, ms, smoothed; `None` if it never answers anything.
    pub latency_ms: Option<f32>,
    /// What was counted, as of the last change of anything else here.
    pub counts: Counts,
    /// Whether it is of the demo home.
    pub simulated: bool,
}

/// What a person may have to say about a device of a family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its key among [`Target::options`], or among the secrets.
    pub key: Arc<str>,
    /// Its name, for people.
    pub name: Arc<str>,
    /// What to write there, for people.
    pub hint: Arc<str>,
    /// What holds if nothing is written.
    pub default: Arc<str>,
    /// Words to choose from; empty for free text.
    pub words: Arc<[Arc<str>]>,
    /// Whether it is a secret.
    pub secret: bool,
}

/// A family of devices, as people choose it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// What it is called in files and by the API.
    pub id: Arc<str>,
    /// Its name, for people.
    pub name: Arc<str>,
    /// What it is and what it takes to use it.
    pub about: Arc<str>,
    /// What to write as an address.
    pub address_hint: Arc<str>,
    /// What else a person may have to say.
    pub fields: Arc<[Field]>,
}

/// Something that discovery saw and that is no connection yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is told apart by: its family and identity.
    pub key: Arc<str>,
    /// What it calls itself.
    pub name: Arc<str>,
    /// What it says it is.
    pub model: Arc<str>,
    /// A MAC, a serial number or a bridge's id, if it told; lower case.
    pub identity: Option<Arc<str>>,
    /// Where it is.
    pub target: Target,
    /// When it was seen last.
    pub seen: Timestamp,
}

/// How a search fares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Whether it runs.
    pub running: bool,
    /// Where it looks, for people: networks and services.
    pub on: Arc<[Arc<str>]>,
    /// How much of a sweep is done, percent; `None` if none runs.
    pub swept: Option<u8>,
    /// What did not work, for people.
    pub troubles: Arc<[Arc<str>]>,
}
