//! Bytes to packets and back, one file per protocol, and the words that every transport speaks.
//!
//! Invariant: nothing here waits, reads a clock or opens anything; bytes are borrowed, and no bytes cause a panic.
//!
//! To add one: a file with `decode` and `encode`, a diagram of its bytes, captured bytes in its tests, and a `pub mod`
//! line here.

use std::net::SocketAddr;
use std::path::PathBuf;

pub mod adalight;
pub mod awa;
pub mod ddp;
pub mod hue_clip;
pub mod lifx;
pub mod mdns;
pub mod sse;
pub mod thermal;
pub mod tpm2;
pub mod wled;
pub mod yeelight;
pub mod zigbee2mqtt;

/// The transports a connection may be made of. A connection has at most one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Channel {
    Http,
    Ws,
    Sse,
    Udp,
    Tcp,
    Listen,
    Mqtt,
    Dtls,
    Serial,
    Ble,
}

/// Whom to believe over TLS.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Trust {
    /// Certificates that the system trusts.
    System,
    /// The one certificate of this SHA-256, in lower case hex; with `None` any, and it is told
    /// ([`Input::Certificate`]) so that it can be pinned.
    Pinned(Option<String>),
}

/// Where a channel leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// A base address: WebSocket.
    Url(String),
    /// A base address for requests, or the whole address of server-sent events.
    Http {
        /// With scheme, without a slash at its end.
        url: String,
        /// What goes with each request.
        headers: Vec<(String, String)>,
        /// Whom to believe.
        trust: Trust,
    },
    /// A broker.
    Mqtt {
        /// Its name or address.
        host: String,
        /// Its port.
        port: u16,
        /// User and password, if it wants any.
        login: Option<(String, String)>,
    },
    /// An address and port: UDP, TCP, DTLS.
    Socket(SocketAddr),
    /// A free port of ours, on the address from which this peer is reached; only the peer may dial in.
    Listen {
        /// The peer.
        peer: SocketAddr,
    },
    /// A serial port.
    Serial {
        /// The device file or port name.
        path: PathBuf,
        /// Bits a second.
        baud: u32,
    },
    /// A Bluetooth peripheral, by the address or id its adapter knows it by.
    Peripheral(String),
}

/// What a channel brings.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the variants say what their fields are")]
pub enum Input<'a> {
    /// The channel is open, perhaps again.
    Opened,
    /// The channel is closed; nothing said on it before counts any more.
    Closed,
    /// The peer's certificate has this SHA-256, lower case hex. Comes before anything else of a [`Trust::Pinned`].
    Certificate { sha256: &'a str },
    /// A port of ours is open for the peer.
    Listening { at: SocketAddr },
    /// The peer dialled in to it. A new one replaces the one before.
    Accepted { from: SocketAddr },
    /// What dialled in is gone; the port stays open.
    Hung,
    /// The last frame on a serial port or stream is out: there is room for the next one.
    Drained,
    /// A piece of a byte stream, cut anywhere: TCP, serial.
    Bytes(&'a [u8]),
    /// A datagram: UDP, DTLS.
    Datagram { from: SocketAddr, bytes: &'a [u8] },
    /// A whole message: WebSocket, server-sent events.
    Message(&'a [u8]),
    /// The answer to the request of that number; `status` is HTTP's.
    Response { request: u32, status: u16, body: &'a [u8] },
    /// A message on an MQTT topic.
    Publication { topic: &'a str, payload: &'a [u8] },
    /// A Bluetooth characteristic's new value.
    Notification { characteristic: u128, value: &'a [u8] },
}

/// What is sent on a channel. The payload goes beside it, in a buffer that is reused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants say what their fields are")]
pub enum Output {
    /// Bytes of a stream: TCP, serial.
    Bytes,
    /// A whole frame for a stream: dropped if the one before is not out yet.
    Frame,
    /// A datagram, to the channel's endpoint if `to` is `None`.
    Datagram { to: Option<SocketAddr> },
    /// A whole message.
    Message,
    /// An HTTP request; `path` is relative to the endpoint, `request` names it in its response.
    Request { request: u32, method: &'static str, path: String },
    /// Publish on an MQTT topic.
    Publish { topic: String, retain: bool },
    /// Hear of an MQTT topic or a Bluetooth characteristic, by name.
    Subscribe { name: String },
    /// Write a Bluetooth characteristic, with or without response.
    Write { characteristic: u128, with_response: bool },
}

/// Why bytes are no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The packet is not whole.
    #[error("the packet ends too early")]
    Truncated,
    /// The packet contradicts its protocol.
    #[error("malformed {what}")]
    Malformed {
        /// Which part of it.
        what: &'static str,
    },
    /// Well formed, but of a kind or version that is not understood.
    #[error("not supported")]
    Unsupported,
}
