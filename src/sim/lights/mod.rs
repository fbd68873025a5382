//! Simulated lights of every family, and the home that the demo shows.
//!
//! Invariant: a simulated light speaks its family's protocol over real sockets on loopback, with its real limits.
//!
//! To add one: a file with a [`SimFamily`], and a line in [`FAMILIES`].

pub mod broker;
pub mod ddp;
pub mod ether;
pub mod fleet;
pub mod home;
pub mod hue;
pub mod lamp;
pub mod lifx;
pub mod serial;
pub mod wled;
pub mod yeelight;
pub mod zigbee2mqtt;

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::sim::lights::lamp::{LampFaults, Tally};

/// What a simulated device is started with.
#[derive(Clone, Debug)]
pub struct SimOpts {
    /// Its own address: on Linux one of 127.0.0.0/8; elsewhere 127.0.0.1 for all.
    pub at: IpAddr,
    /// The port it listens on; 0 for its family's own, or one that is free where that one is taken.
    pub port: u16,
    /// Its number among those of its family, from 0: its MAC, serial number and name follow from it.
    pub index: u32,
    /// What it calls itself; `None` for a name of its family and index.
    pub name: Option<String>,
    /// The room it says it is in, where its protocol has one.
    pub room: Option<String>,
    /// What it is, by words of its family such as `strip`, `bulb`; empty for the usual one.
    pub kind: String,
    /// Pixels or segments, where it has any; 0 for the usual number.
    pub pixels: u16,
    /// Its troubles.
    pub faults: LampFaults,
    /// What is counted of it.
    pub tally: Arc<Tally>,
    /// Ends it.
    pub stop: CancellationToken,
}

impl SimOpts {
    /// The usual device of its family, that runs until `stop`.
    #[must_use]
    pub fn new(at: IpAddr, index: u32, stop: CancellationToken) -> Self {
        Self {
            at,
            port: 0,
            index,
            name: None,
            room: None,
            kind: String::new(),
            pixels: 0,
            faults: LampFaults::default(),
            tally: Arc::default(),
            stop,
        }
    }

    /// A MAC of its own, lower case hex: a maker's three bytes, then its index.
    #[must_use]
    pub fn mac(&self, maker: [u8; 3]) -> String {
        let [a, b, c] = maker;
        format!("{a:02x}{b:02x}{c:02x}{:06x}", self.index & 0xFF_FFFF)
    }
}

/// A simulated device that runs until it is stopped.
pub type Running = Pin<Box<dyn Future<Output = std::io::Result<()>> + Send>>;

/// A family of simulated devices.
#[derive(Debug)]
pub struct SimFamily {
    /// As in the registry of drivers.
    pub id: &'static str,
    /// What it simulates, for people.
    pub about: &'static str,
    /// Runs one device.
    pub run: fn(SimOpts) -> Running,
}

/// All of them, in the order of the registry of drivers.
#[rustfmt::skip]
pub static FAMILIES: &[&SimFamily] = &[
    &wled::FAMILY,
    &ddp::FAMILY,
    &lifx::FAMILY,
    &zigbee2mqtt::FAMILY,
    &hue::FAMILY,
    &yeelight::FAMILY,
    &serial::FAMILY,
];

/// The family of that id.
#[must_use]
pub fn family(id: &str) -> Option<&'static SimFamily> {
    FAMILIES.iter().copied().find(|family| family.id == id)
}
