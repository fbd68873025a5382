//! An event as it goes over the wire, and the numbers that tell events apart.
//!
//! ```text
//!  id: 1767225600:0
//!  data: [{"creationtime":"2026-01-01T00:00:00Z","data":[…],"id":"…","type":"update"}]
//!
//! ```
//!
//! Invariant: numbers grow, also while the clock on the wall is set back.
//! Invariant: an event is made into bytes once, when somebody first wants them, and everybody shares these.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::OnceLock;

use bytes::{BufMut as _, Bytes, BytesMut};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::bridge::events::mixer::Message;
use crate::bridge::v2::change::What;
use crate::units::moment::Moment;

/// The number of an event: a second since 1970, and which one of that second from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId {
    /// Seconds since 1970.
    pub second: i64,
    /// Which one, from 0.
    pub n: u32,
}

impl EventId {
    /// The number of the next event.
    #[must_use]
    pub fn next(last: Option<Self>, now: Timestamp) -> Self {
        let second = now.as_second();
        match last {
            Some(last) if second <= last.second => Self { second: last.second, n: last.n.saturating_add(1) },
            _ => Self { second, n: 0 },
        }
    }

    /// Reads what a client sends back in `Last-Event-ID` or `If-None-Match`: blanks and quotes around it do not count.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        text.strip_prefix("W/").unwrap_or(text).trim_matches('"').parse().ok()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.second, self.n)
    }
}

impl FromStr for EventId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (second, n) = text.split_once(':').unwrap_or((text, ""));
        Ok(Self { second: second.trim().parse()?, n: n.trim().parse()? })
    }
}

/// An event.
#[derive(Debug)]
pub struct Event {
    /// Its number.
    pub id: EventId,
    /// What it tells.
    pub message: Message,
    created: String,
    namespace: Uuid,
    wire: OnceLock<(Bytes, Range<usize>)>,
}

#[derive(Serialize)]
struct Container<'a> {
    creationtime: &'a str,
    data: Vec<&'a Map<String, Value>>,
    id: Uuid,
    #[serde(rename = "type")]
    kind: &'static str,
}

impl Event {
    /// An event of this time. `namespace`: what the UUIDs of its containers are made of, together with its number.
    #[must_use]
    pub fn new(id: EventId, created: Timestamp, message: Message, namespace: Uuid) -> Self {
        let created = format!("{created:.0}");
        Self { id, message, created, namespace, wire: OnceLock::new() }
    }

    /// When the newest fact in it became true.
    #[must_use]
    pub const fn at(&self) -> Moment {
        self.message.at
    }

    /// How many changes it tells.
    #[must_use]
    pub fn n_changes(&self) -> usize {
        self.message.containers.iter().map(|(_, changes)| changes.len()).sum()
    }

    /// As a server-sent event.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.wire().0.clone()
    }

    /// Its containers as a JSON array.
    #[must_use]
    pub fn json(&self) -> Bytes {
        let (bytes, json) = self.wire();
        bytes.slice(json.clone())
    }

    fn wire(&self) -> &(Bytes, Range<usize>) {
        self.wire.get_or_init(|| {
            let mut bytes = BytesMut::from(format!("id: {}\ndata: ", self.id).as_bytes());
            let start = bytes.len();
            // Maps with text keys can always be written, and a buffer can always grow.
            let _ = serde_json::to_writer((&mut bytes).writer(), &self.containers());
            let end = bytes.len();
            bytes.extend_from_slice(b"\n\n");
            (bytes.freeze(), start..end)
        })
    }

    fn containers(&self) -> Vec<Container<'_>> {
        let of_each = self.message.containers.iter();
        of_each
            .map(|(what, changes)| Container {
                creationtime: &self.created,
                data: changes.iter().map(|change| &change.body).collect(),
                id: Uuid::new_v5(&self.namespace, format!("event {} {}", self.id, word(*what)).as_bytes()),
                kind: word(*what),
            })
            .collect()
    }
}

const fn word(what: What) -> &'static str {
    match what {
        What::Add => "add",
        What::Update => "update",
        What::Delete => "delete",
    }
}
