//! Drivers: packets to wishes and reports, one family per file, as state machines without sockets.
//!
//! A [`Family`] is a static value that recognises devices and opens them; a [`Driver`] is one live connection, to a
//! device or to a hub with many things behind it. [`Link`](crate::engine::link::Link) runs it.
//!
//! Invariant: a driver touches its own fields and the `now` it was given; it never retries, waits or connects.
//!
//! To add one: a file with a `Family` and its `Driver`, a `pub mod` line and a line in its kind's registry here, its
//! codec in `wire`, its simulated device in `sim`.

use std::sync::Arc;

use crate::units::moment::Moment;
use crate::wire::{self, Channel, Endpoint, Input, Output};

/// One of the things behind a connection, by the name that the connection itself uses for it; kept over restarts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub Arc<str>);

/// Something that discovery saw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting<'a> {
    /// By which of [`Family::searches`].
    pub search: &'a str,
    /// What it calls itself.
    pub name: &'a str,
    /// Where it is.
    pub endpoint: &'a Endpoint,
}

/// A family of devices. `D` is the `dyn Driver` of its kind, so a registry is a list of `&'static Family<D>`.
#[derive(Debug)]
pub struct Family<D: ?Sized> {
    /// Its name, for people.
    pub name: &'static str,
    /// What discovery looks for, such as the mDNS service `_hue._tcp`.
    pub searches: &'static [&'static str],
    /// Whether what was seen is of this family.
    pub claim: fn(&Sighting<'_>) -> bool,
    /// A driver for what is there, and the channels it needs.
    pub open: fn(&Endpoint) -> Result<Opening<D>, Unsupported>,
}

/// A driver that is not connected yet.
#[derive(Debug)]
pub struct Opening<D: ?Sized> {
    /// The driver.
    pub driver: Box<D>,
    /// What to open for it, all of it.
    pub channels: Vec<(Channel, Endpoint)>,
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
}

/// One live connection. Wishes may come at any time, connected or not: the driver remembers what is wanted.
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
