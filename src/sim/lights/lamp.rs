//! What simulated lights have in common: how they are and fade, their troubles, their sockets, and what is counted.
//!
//! Invariant: [`Lamp`] and [`Troubles`] see only the time they are given; only [`udp`], [`tcp`] and [`Troubles::pause`]
//! touch the world.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use serde_json::Value;
use tokio::net::{TcpListener, UdpSocket};

use crate::model::lights::state::{Color, State};
use crate::units::color::Xy;
use crate::units::moment::Moment;

/// Frames whose arrival is remembered, at most.
const MAX_ARRIVALS: usize = 1 << 20;

/// Troubles of a simulated light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LampFaults {
    /// Each answer comes this late.
    pub late: Option<Duration>,
    /// Connections are taken and nothing is ever answered.
    pub mute: bool,
    /// One of so many datagrams is lost.
    pub loses: Option<u32>,
}

/// The troubles of one light as they befall it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Troubles {
    faults: LampFaults,
    n_datagrams: u32,
}

impl Troubles {
    /// Troubles of these faults.
    #[must_use]
    pub const fn new(faults: LampFaults) -> Self {
        Self { faults, n_datagrams: 0 }
    }

    /// Whether the datagram that just came is lost: the last of each so many.
    pub fn loses(&mut self) -> bool {
        let Some(each) = self.faults.loses else { return false };
        self.n_datagrams = (self.n_datagrams + 1) % each.max(1);
        self.n_datagrams == 0
    }

    /// Whether it never answers.
    #[must_use]
    pub const fn is_mute(&self) -> bool {
        self.faults.mute
    }

    /// Waits as long as an answer is late.
    pub async fn pause(&self) {
        if let Some(late) = self.faults.late {
            tokio::time::sleep(late).await;
        }
    }
}

/// A light with one colour: how it is told to be, and how it is on its way there.
#[derive(Clone, Debug, PartialEq)]
pub struct Lamp {
    from: State,
    to: State,
    since: Moment,
    over: Duration,
}

impl Default for Lamp {
    fn default() -> Self {
        Self::new(State::default())
    }
}

impl Lamp {
    /// A light that is so.
    #[must_use]
    pub fn new(state: State) -> Self {
        Self { from: state.clone(), to: state, since: Moment::ZERO, over: Duration::ZERO }
    }

    /// How it is told to be.
    #[must_use]
    pub const fn told(&self) -> &State {
        &self.to
    }

    /// Tells it to be so, fading from how it is now.
    pub fn tell(&mut self, now: Moment, state: State, over: Duration) {
        self.from = self.at(now);
        (self.to, self.since, self.over) = (state, now, over);
    }

    /// How it looks at a moment: brightness and colour on their way. One that is on its way off is still on.
    #[must_use]
    pub fn at(&self, now: Moment) -> State {
        let passed = now.since(self.since);
        if passed >= self.over {
            return self.to.clone();
        }
        let share = passed.as_secs_f32() / self.over.as_secs_f32();
        let light = |state: &State| if state.on { state.brightness } else { 0.0 };
        let color = match (&self.from.color, &self.to.color) {
            (_, Color::Gradient(_)) => self.to.color.clone(),
            (from, to) => blend(from.xy(), to.xy(), share).map_or_else(|| to.clone(), Color::Xy),
        };
        State {
            on: self.from.on || self.to.on,
            brightness: light(&self.from) + (light(&self.to) - light(&self.from)) * share,
            color,
            effect: self.to.effect.clone(),
        }
    }
}

fn blend(from: Xy, to: Xy, share: f32) -> Option<Xy> {
    Xy::new(from.x() + (to.x() - from.x()) * share, from.y() + (to.y() - from.y()) * share)
}

/// What happened to a light since it was started; shared by who runs it and who asks.
#[derive(Debug, Default)]
pub struct Tally {
    packets: AtomicU64,
    bytes: AtomicU64,
    sent: AtomicU64,
    arrivals: Mutex<Vec<Instant>>,
    last: Mutex<Value>,
}

impl Tally {
    /// A packet, request or message of so many bytes came.
    pub fn packet(&self, n_bytes: usize) {
        self.packets.fetch_add(1, Relaxed);
        self.bytes.fetch_add(n_bytes as u64, Relaxed);
    }

    /// A packet, response or message went out.
    pub fn answer(&self) {
        self.sent.fetch_add(1, Relaxed);
    }

    /// A streamed frame is whole and shown.
    pub fn frame(&self) {
        let mut arrivals = self.arrivals.lock();
        if arrivals.len() < MAX_ARRIVALS {
            arrivals.push(Instant::now());
        }
    }

    /// This is how the light is now, in its family's own words.
    pub fn state(&self, state: Value) {
        *self.last.lock() = state;
    }

    /// Packets that came.
    #[must_use]
    pub fn n_packets(&self) -> u64 {
        self.packets.load(Relaxed)
    }

    /// Bytes that came.
    #[must_use]
    pub fn n_bytes(&self) -> u64 {
        self.bytes.load(Relaxed)
    }

    /// Packets that went out.
    #[must_use]
    pub fn n_answers(&self) -> u64 {
        self.sent.load(Relaxed)
    }

    /// Frames that were shown.
    #[must_use]
    pub fn n_frames(&self) -> usize {
        self.arrivals.lock().len()
    }

    /// When frames were shown.
    #[must_use]
    pub fn arrivals(&self) -> Vec<Instant> {
        self.arrivals.lock().clone()
    }

    /// How the light was last, in its family's own words; null if nothing was told.
    #[must_use]
    pub fn last(&self) -> Value {
        self.last.lock().clone()
    }
}

/// The ports to try: `port` alone if it says one, else the family's own, then any that is free.
fn ports(port: u16, own: u16) -> Vec<u16> {
    if port == 0 { vec![own, 0] } else { vec![port] }
}

/// A UDP socket of a light at its address: on `port`; if that is 0 on its family's own, or a free one if that is taken.
///
/// # Errors
/// If no port can be bound.
pub async fn udp(at: IpAddr, port: u16, own: u16) -> std::io::Result<UdpSocket> {
    let ports: Vec<_> = ports(port, own).into_iter().map(|port| SocketAddr::new(at, port)).collect();
    UdpSocket::bind(ports.as_slice()).await
}

/// A TCP port of a light at its address, chosen as by [`udp`].
///
/// # Errors
/// If no port can be bound.
pub async fn tcp(at: IpAddr, port: u16, own: u16) -> std::io::Result<TcpListener> {
    let ports: Vec<_> = ports(port, own).into_iter().map(|port| SocketAddr::new(at, port)).collect();
    TcpListener::bind(ports.as_slice()).await
}
