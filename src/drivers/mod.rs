//! Drivers: packets to wishes and reports, one family per file, as state machines without sockets.
//!
//! A [`Family`] is a static value that recognises devices and opens them; a [`Driver`] is one live connection, to a
//! device or to a hub with many things behind it. [`Link`](crate::engine::link::Link) runs it.
//!
//! Invariant: a driver touches its own fields and the `now` it was given; it never retries, waits or connects.
//!
//! To add one: a file with a `Family` and its `Driver`, a `pub mod` line and a line in its kind's registry here, its
//! codec in `wire`, its simulated device in `sim`.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use crate::model::lights::connection;
use crate::units::moment::Moment;
use crate::wire::{self, Channel, Endpoint, Input, Output};

pub mod ddp;
pub mod hub;
pub mod hue;
pub mod lifx;
pub mod light;
pub mod pace;
pub mod serial;
pub mod wled;
pub mod yeelight;
pub mod zigbee2mqtt;

use crate::drivers::light::LightDriver;

/// Families of lights, in the order in which people see them. A new one is one line.
#[rustfmt::skip]
pub static LIGHTS: &[&Family<LightDriver>] = &[
    &wled::FAMILY,
    &ddp::FAMILY,
    &lifx::FAMILY,
    &zigbee2mqtt::FAMILY,
    &hue::FAMILY,
    &yeelight::FAMILY,
    &serial::FAMILY,
];

/// One of the things behind a connection, by the name that the connection itself uses for it; kept over restarts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub Arc<str>);

/// How devices of a family are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Search {
    /// A service of mDNS, such as `_wled._tcp`.
    Mdns(&'static str),
    /// A question to everybody, asked three times on each network; answers come to the port it was asked from.
    Ask {
        /// The multicast group; `None` broadcasts.
        group: Option<Ipv4Addr>,
        /// The port that devices listen on.
        port: u16,
        /// The question.
        payload: &'static [u8],
    },
    /// Announcements that devices make by themselves.
    Hear {
        /// The multicast group; `None` for broadcasts.
        group: Option<Ipv4Addr>,
        /// The port they are sent to.
        port: u16,
    },
    /// The serial ports of this machine.
    Serial,
    /// A request to each address, only when a person asks for it.
    Sweep {
        /// The port.
        port: u16,
        /// What is requested, by HTTP.
        path: &'static str,
    },
}

/// Something that discovery saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting<'a> {
    /// By which of [`Family::searches`].
    pub search: Search,
    /// What it calls itself: the instance of mDNS, the serial port; else empty.
    pub name: &'a str,
    /// Where it answered from, or where its service is; `None` for a serial port.
    pub from: Option<SocketAddr>,
    /// The properties of its service, or of its port (`vid`, `pid`, `serial`, `product`).
    pub properties: &'a [(String, String)],
    /// What it answered or announced.
    pub payload: &'a [u8],
}

/// What a family recognises in a sighting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// A MAC, a serial number or a bridge's id, lower case without separators, if the sighting tells.
    pub identity: Option<String>,
    /// What it calls itself.
    pub name: String,
    /// What it is, for people.
    pub model: String,
    /// Where it is, as [`Dial::address`].
    pub address: String,
    /// What else is needed to open it, as [`Dial::options`].
    pub options: Vec<(String, String)>,
}

/// What a person may have to say about a device of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its key among the options or secrets.
    pub key: &'static str,
    /// Its name, for people.
    pub name: &'static str,
    /// What to write there, for people.
    pub hint: &'static str,
    /// What holds if nothing is written.
    pub default: &'static str,
    /// Words to choose from; empty for free text.
    pub words: &'static [&'static str],
    /// Whether it is a secret.
    pub secret: bool,
}

/// Where to open a device.
#[derive(Clone, Copy, Debug)]
pub struct Dial<'a> {
    /// A host with or without port, an URL, or a serial port.
    pub address: &'a str,
    /// What else was said, by [`Field::key`].
    pub options: &'a BTreeMap<Arc<str>, Arc<str>>,
    /// What only we and the device know, by key.
    pub secrets: &'a BTreeMap<String, String>,
}

impl<'a> Dial<'a> {
    /// What was said for a key; `None` if nothing or an empty text.
    #[must_use]
    pub fn option(&self, key: &str) -> Option<&'a str> {
        self.options.get(key).map(|text| &**text).filter(|text| !text.is_empty())
    }

    /// A number that was said for a key, or `default`.
    ///
    /// # Errors
    /// If it is no number within `range`.
    pub fn number(&self, key: &str, range: RangeInclusive<u32>, default: u32) -> Result<u32, Wrong> {
        let Some(text) = self.option(key) else { return Ok(default) };
        text.trim().parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            Wrong(format!("\"{text}\" is no right {key}: it is a number from {} to {}.", range.start(), range.end()))
        })
    }

    /// The address as host and port, `default_port` if it says none. `[::1]:80`, `host`, `10.0.0.4:56700`.
    ///
    /// # Errors
    /// If it is neither a host nor a host with a port.
    pub fn host(&self, default_port: u16) -> Result<(&'a str, u16), Wrong> {
        let text = self.address.trim();
        let bare_v6 = text.matches(':').count() > 1 && !text.starts_with('[');
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !bare_v6 && !text.ends_with(']') => (host, port.parse().ok()),
            _ => (text, Some(default_port)),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let clean = !host.is_empty() && host.len() <= 253 && !host.contains(['/', ' ', '@', '?', '#']);
        match port {
            Some(port) if clean => Ok((host, port)),
            _ => Err(Wrong(format!("\"{text}\" is no address. Write a host or host:port, such as 192.168.1.40."))),
        }
    }

    /// The address as an IP address and port, `default_port` if it says none.
    ///
    /// # Errors
    /// If it is a name, or nothing at all.
    pub fn socket(&self, default_port: u16) -> Result<SocketAddr, Wrong> {
        let (host, port) = self.host(default_port)?;
        let ip = host.parse::<IpAddr>();
        ip.map(|ip| SocketAddr::new(ip, port))
            .map_err(|_| Wrong(format!("\"{host}\" is no IP address. Write one such as 192.168.1.40.")))
    }
}

/// Why a device cannot be opened as it was said: cause and cure, for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(pub String);

/// A family of devices. `D` is the `dyn Driver` of its kind, so a registry is a list of `&'static Family<D>`.
pub struct Family<D: ?Sized> {
    /// What it is called in files and by the API: a slug.
    pub id: &'static str,
    /// Its name, for people.
    pub name: &'static str,
    /// What it is and what it takes to use it, in one or two sentences for people.
    pub about: &'static str,
    /// How its devices are found.
    pub searches: &'static [Search],
    /// What was seen, if it is of this family.
    pub claim: fn(&Sighting<'_>) -> Option<Claim>,
    /// What to write as an address, for people.
    pub address_hint: &'static str,
    /// What else a person may have to say.
    pub fields: &'static [Field],
    /// A driver for what is there, and the channels it needs.
    pub open: fn(&Dial<'_>) -> Result<Opening<D>, Wrong>,
}

impl<D: ?Sized> Family<D> {
    /// What people choose from.
    #[must_use]
    pub fn described(&self) -> connection::Family {
        let field = |field: &Field| connection::Field {
            key: field.key.into(),
            name: field.name.into(),
            hint: field.hint.into(),
            default: field.default.into(),
            words: field.words.iter().map(|word| Arc::from(*word)).collect(),
            secret: field.secret,
        };
        connection::Family {
            id: self.id.into(),
            name: self.name.into(),
            about: self.about.into(),
            address_hint: self.address_hint.into(),
            fields: self.fields.iter().map(field).collect(),
        }
    }
}

impl<D: ?Sized> fmt::Debug for Family<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Family").field(&self.id).finish()
    }
}

/// Whether a link lives without a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without it the link is down.
    Must,
    /// Without it the driver goes on; it is opened again and again, and the driver hears of it.
    May,
}

/// A driver that is not connected yet.
#[derive(Debug)]
pub struct Opening<D: ?Sized> {
    /// The driver.
    pub driver: Box<D>,
    /// What to open for it, all of it.
    pub channels: Vec<(Channel, Endpoint, Need)>,
}

/// The thing cannot do this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not supported")]
pub struct Unsupported;

/// Why a driver did not take an input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Bytes that are no packet: counted, and the connection is kept.
    #[error(transparent)]
    Wire(#[from] wire::Error),
    /// The peer will not talk to us until a person does something.
    #[error("{why}")]
    Refused {
        /// Cause and cure, for a person.
        why: String,
    },
}

/// What a connection says: of which things there are, and of how they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Report<C, R> {
    /// A thing is there, and this is what it can do.
    Found(LocalId, C),
    /// It is there no longer.
    Gone(LocalId),
    /// How it is.
    State(LocalId, R),
    /// What the connection itself is.
    Identity {
        /// A MAC, a serial number or a bridge's id, lower case without separators.
        identity: String,
        /// What it calls itself.
        name: String,
        /// What it is, for people.
        model: String,
    },
    /// From a question to its answer.
    Latency(Duration),
    /// It waits for a person to do this; `None` if no longer.
    Waiting(Option<String>),
    /// To be kept apart from everything else, and handed to `open` from now on.
    Secret {
        /// Its key in [`Dial::secrets`].
        key: &'static str,
        /// What it is.
        value: String,
        /// Whether the connection must be opened anew to use it: it goes with every request.
        reopen: bool,
    },
}

/// One live connection. Wishes may come at any time, connected or not: the driver remembers what is wanted.
///
/// Several wishes may come before one [`poll`](Self::poll): a driver whose protocol has groups looks there whether one
/// command says them all.
pub trait Driver: Send {
    /// What can be asked of a thing.
    type Wish;
    /// What a thing says of itself.
    type Report;
    /// What a thing can do, as data.
    type Capabilities;
    /// What is streamed to a thing; `()` if nothing is.
    type Frame: ?Sized;

    /// Wants something of a thing.
    ///
    /// # Errors
    /// [`Unsupported`] if the thing cannot do it.
    fn wish(&mut self, now: Moment, thing: &LocalId, wish: &Self::Wish) -> Result<(), Unsupported>;

    /// Streams to a thing: the newest frame wins.
    fn frame(&mut self, now: Moment, thing: &LocalId, frame: &Self::Frame);

    /// Takes what a channel brought.
    ///
    /// # Errors
    /// Those of [`Error`].
    fn receive(&mut self, now: Moment, channel: Channel, input: Input<'_>) -> Result<(), Error>;

    /// Says what is to be sent and reported now, and when to be asked again. Called after every input and wish, while
    /// all channels are open.
    fn poll(&mut self, now: Moment, out: &mut Outputs<Report<Self::Capabilities, Self::Report>>);

    /// What helps to find a fault, by name: counters, versions, what is pending. No secrets.
    fn diagnostics(&self) -> Vec<(&'static str, String)>;
}

/// What a driver puts out in one poll: one buffer, used again and again.
#[derive(Debug)]
pub struct Outputs<R> {
    sends: Vec<(Channel, Output, usize)>,
    payloads: Vec<u8>,
    /// Reports, in order.
    pub reports: Vec<R>,
    /// When to poll again if nothing happens before.
    pub wake_at: Option<Moment>,
    /// The peer no longer answers, and this is how it showed: close everything and try again.
    pub lost: Option<String>,
}

impl<R> Default for Outputs<R> {
    fn default() -> Self {
        Self { sends: Vec::new(), payloads: Vec::new(), reports: Vec::new(), wake_at: None, lost: None }
    }
}

impl<R> Outputs<R> {
    /// Sends what `encode` appends to the buffer it is given.
    pub fn send(&mut self, channel: Channel, output: Output, encode: impl FnOnce(&mut Vec<u8>)) {
        let start = self.payloads.len();
        encode(&mut self.payloads);
        self.sends.push((channel, output, start));
    }

    /// What is to be sent, in order: channel, how, and payload.
    pub fn sends(&self) -> impl Iterator<Item = (Channel, &Output, &[u8])> {
        let ends = self.sends.iter().skip(1).map(|(_, _, start)| *start).chain([self.payloads.len()]);
        self.sends.iter().zip(ends).map(|((channel, output, start), end)| {
            (*channel, output, self.payloads.get(*start..end).unwrap_or_default())
        })
    }

    /// Empties it; its memory stays.
    pub fn clear(&mut self) {
        let Self { sends, payloads, reports, wake_at, lost } = self;
        sends.clear();
        payloads.clear();
        reports.clear();
        (*wake_at, *lost) = (None, None);
    }
}
