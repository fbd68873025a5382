//! An event as it goes over the wire, and the numbers that tell events apart.
//!
//! ```text
//!  id: 1767225600:0
//!  data: [{"creationtime":"2026-01-01T00:00:00Z","data":[…],"id":"…","type":"update"}]
//!
//! ```
//!
//! Invariant: numbers grow, also while the clock on the wall is set back.
//! Invariant: an event is made into bytes once, everybody shares these, and nothing else of it is kept.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use bytes::Bytes;
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
    /// When the newest fact in it became true.
    pub at: Moment,
    bytes: Bytes,
    json: Range<usize>,
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
    pub fn new(id: EventId, created: Timestamp, message: &Message, namespace: Uuid) -> Self {
        let mut bytes = format!("id: {id}\ndata: ").into_bytes();
        let start = bytes.len();
        // Maps with text keys can always be written, and a vector can always grow.
        let _ = serde_json::to_writer(&mut bytes, &containers(id, &format!("{created:.0}"), message, namespace));
        let json = start..bytes.len();
        bytes.extend_from_slice(b"\n\n");
        Self { id, at: message.at, bytes: bytes.into_boxed_slice().into(), json }
    }

    /// As a server-sent event.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        self.bytes.clone()
    }

    /// Its containers as a JSON array.
    #[must_use]
    pub fn json(&self) -> Bytes {
        self.bytes.slice(self.json.clone())
    }
}

fn containers<'a>(id: EventId, created: &'a str, message: &'a Message, namespace: Uuid) -> Vec<Container<'a>> {
    let of_each = message.containers.iter();
    of_each
        .map(|(what, changes)| Container {
            creationtime: created,
            data: changes.iter().map(|change| &change.body).collect(),
            id: Uuid::new_v5(&namespace, format!("event {id} {}", word(*what)).as_bytes()),
            kind: word(*what),
        })
        .collect()
}

const fn word(what: What) -> &'static str {
    match what {
        What::Add => "add",
        What::Update => "update",
        What::Delete => "delete",
    }
}
