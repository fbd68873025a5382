//! Discovery: looks for devices of every family at once, and hears what they announce.
//!
//! Invariant: each question goes out once per network, from a socket bound to that network's address; nothing asks every
//! address but a sweep that a person asked for.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::drivers::light::LightDriver;
use crate::drivers::{Claim, Family};

/// Where to look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This machine only: the demo home.
    Loopback,
    /// The networks of this machine.
    Lan,
}

/// What discovery says.
#[derive(Clone, Debug)]
pub enum Seen {
    /// A device, again and again for as long as it is there.
    Device(&'static Family<LightDriver>, Claim),
    /// Where it looks, for people.
    Looking(Vec<String>),
    /// What does not work, for people; once.
    Trouble(String),
    /// How much of a sweep is done, percent; `None` when it ended.
    Swept(Option<u8>),
    /// The questions were asked; announcements are heard on.
    Asked,
}

/// A running discovery.
#[derive(Clone, Debug)]
pub struct Discovery {
    orders: mpsc::UnboundedSender<Order>,
}

#[derive(Debug)]
#[expect(dead_code, reason = "filled by the next change")]
enum Order {
    Ask,
    Pause,
    Sweep(Vec<String>),
}

impl Discovery {
    /// Begins to hear announcements of these families; questions are asked when [`ask`](Self::ask) says so.
    #[must_use]
    pub fn start(
        families: &'static [&'static Family<LightDriver>],
        scope: Scope,
        seen: mpsc::UnboundedSender<Seen>,
        stop: CancellationToken,
    ) -> Self {
        let _ = (families, scope, seen, stop);
        let (orders, _) = mpsc::unbounded_channel();
        Self { orders }
    }

    /// Asks everybody now, for a few seconds.
    pub fn ask(&self) {
        drop(self.orders.send(Order::Ask));
    }

    /// Asks nobody any more; announcements are heard on.
    pub fn pause(&self) {
        drop(self.orders.send(Order::Pause));
    }

    /// Asks each address of these networks, in CIDR.
    pub fn sweep(&self, networks: Vec<String>) {
        drop(self.orders.send(Order::Sweep(networks)));
    }
}

/// Names of things, shared by reference.
pub type Names = Arc<[Arc<str>]>;
