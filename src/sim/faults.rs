//! What can be wrong with a simulated device, each a switch of its own.

use std::time::Duration;

use crate::sim::orders::Spelling;

/// A recurring span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// From the beginning of one to the beginning of the next.
    pub every: Duration,
    /// How long it lasts, at the end of each `every`.
    pub lasts: Duration,
}

impl Spell {
    /// Whether it holds, `up` after the device's start.
    #[must_use]
    pub fn holds(self, up: Duration) -> bool {
        let every = self.every.as_secs_f64().max(1e-3);
        up.as_secs_f64() % every >= every - self.lasts.as_secs_f64()
    }
}

/// Faults and oddities. The default is a device without any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// An order that comes while a long packet is being sent is lost, and damages that packet.
    pub half_duplex: bool,
    /// Which orders it understands.
    pub spelling: Spelling,
    /// Each frame holds one new subpage (word 833 says which) and repeats the other.
    pub subpages: bool,
    /// Its chip warms and cools by 6 K, and its readings wander by up to 3 K, over a quarter of an hour.
    pub drift: bool,
    /// One in so many frames has 1 to 8 foreign bytes.
    pub damage: Option<u32>,
    /// Before one in so many cycles it sends bytes that are no packet.
    pub garbage: Option<u32>,
    /// Times in which it sends nothing.
    pub silence: Option<Spell>,
    /// It restarts so often: closes, is back after 3 s, and its first two frames are nonsense.
    pub reboot: Option<Duration>,
}
