//! Channels: what a connection to a device is made of. Each is a small task that carries what comes in to one inbox,
//! and an [`Outlet`] that takes what goes out.
//!
//! Invariant: an outlet never waits; what it cannot pass on at once is bounded, and refused or dropped beyond that.
//! Invariant: dropping an outlet closes its channel; what its task says afterwards carries an old life and is ignored.
//!
//! To add one: a file with an `open`, and a line in [`open`].

mod http;
mod listen;
mod mqtt;
mod names;
mod pipe;
mod serial;
mod sse;
mod tcp;
mod trust;
mod udp;
mod ws;

use std::fmt;
use std::net::SocketAddr;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::wire::{Channel, Endpoint, Input, Output};

/// What a channel brings, as it lies in an inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in Input")]
pub enum Event {
    Opened,
    /// The channel is gone, and why, for people.
    Lost(String),
    Certificate(String),
    Listening(SocketAddr),
    Accepted(SocketAddr),
    Hung,
    Drained,
    Bytes(Bytes),
    Datagram(SocketAddr, Bytes),
    Message(Bytes),
    Response(u32, u16, Bytes),
    Publication(String, Bytes),
}

impl Event {
    /// The same in the words of drivers.
    ///
    /// # Errors
    /// Why the channel was lost, if this says so.
    pub fn input(&self) -> Result<Input<'_>, &str> {
        Ok(match self {
            Self::Lost(why) => return Err(why),
            Self::Opened => Input::Opened,
            Self::Certificate(sha256) => Input::Certificate { sha256 },
            Self::Listening(at) => Input::Listening { at: *at },
            Self::Accepted(from) => Input::Accepted { from: *from },
            Self::Hung => Input::Hung,
            Self::Drained => Input::Drained,
            Self::Bytes(bytes) => Input::Bytes(bytes),
            Self::Datagram(from, bytes) => Input::Datagram { from: *from, bytes },
            Self::Message(bytes) => Input::Message(bytes),
            Self::Response(request, status, body) => Input::Response { request: *request, status: *status, body },
            Self::Publication(topic, payload) => Input::Publication { topic, payload },
        })
    }
}

/// An event on its way to an inbox.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Of which channel.
    pub channel: Channel,
    /// Of which opening of it.
    pub life: u64,
    /// What.
    pub event: Event,
}

/// Where the task of a channel puts what it brings.
#[derive(Clone, Debug)]
pub struct Mail {
    channel: Channel,
    life: u64,
    inbox: mpsc::Sender<Delivery>,
}

impl Mail {
    /// Mail of the opening `life` of a channel.
    #[must_use]
    pub fn new(channel: Channel, life: u64, inbox: mpsc::Sender<Delivery>) -> Self {
        Self { channel, life, inbox }
    }

    /// Puts an event in, waiting for room: a stream that is read too slowly stands still at its peer. False if nobody
    /// reads any more.
    async fn put(&self, event: Event) -> bool {
        let delivery = Delivery { channel: self.channel, life: self.life, event };
        self.inbox.send(delivery).await.is_ok()
    }

    /// Puts an event in if there is room.
    fn try_put(&self, event: Event) -> bool {
        let delivery = Delivery { channel: self.channel, life: self.life, event };
        self.inbox.try_send(delivery).is_ok()
    }
}

/// What a channel is sent through.
pub trait Outlet: Send {
    /// Hands a payload over. False if it was dropped because there is no room for it now.
    ///
    /// # Errors
    /// Why the channel is lost, for people.
    fn send(&mut self, output: &Output, payload: &[u8]) -> Result<bool, String>;
}

impl fmt::Debug for dyn Outlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outlet")
    }
}

/// What channels share: sockets, clients, connections to brokers.
#[derive(Debug, Default)]
pub struct Pool {
    udp: udp::Sockets,
    http: http::Clients,
    brokers: mqtt::Brokers,
}

/// Begins to open a channel: [`Event::Opened`] or [`Event::Lost`] follows by mail. Called within the runtime.
///
/// # Errors
/// If it cannot even begin, for people.
pub fn open(pool: &Pool, endpoint: &Endpoint, mail: Mail) -> Result<Box<dyn Outlet>, String> {
    match (mail.channel, endpoint) {
        (Channel::Udp, Endpoint::Socket(peer)) => udp::open(&pool.udp, *peer, mail),
        (Channel::Tcp, Endpoint::Socket(peer)) => Ok(tcp::open(*peer, mail)),
        (Channel::Listen, Endpoint::Listen { peer }) => listen::open(*peer, mail),
        (Channel::Http, Endpoint::Http { url, headers, trust }) => http::open(&pool.http, url, headers, trust, mail),
        (Channel::Sse, Endpoint::Http { url, headers, trust }) => sse::open(&pool.http, url, headers, trust, mail),
        (Channel::Ws, Endpoint::Url(url)) => Ok(ws::open(url, mail)),
        (Channel::Mqtt, Endpoint::Mqtt { host, port, login }) => {
            Ok(mqtt::open(&pool.brokers, (host.clone(), *port, login.clone()), mail))
        }
        (Channel::Serial, Endpoint::Serial { path, baud }) => serial::open(path, *baud, mail),
        (channel, _) => Err(format!("{channel:?} cannot be opened by this program")),
    }
}

/// What an output of the wrong kind is answered; only a faulty driver sends one.
fn misplaced(output: &Output) -> Result<bool, String> {
    Err(format!("{output:?} does not go through this channel"))
}
