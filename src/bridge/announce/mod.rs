//! The bridge makes itself known: by SSDP and by multicast DNS, for as long as it is there.
//!
//! Invariant: only what can be reached is announced: nothing before its door is open, no address of another network.
//! Invariant: who looked for the bridge is noted for the doctor.

pub mod mdns;
pub mod ssdp;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use crate::bridge::face::Face;
use crate::io::mdns::Reach;
use crate::io::networks::{self, Network};
use crate::model::snapshot::Snapshot;
use crate::model::system::PortState;
use crate::port::visits::Visit;

/// How often it is looked whether addresses, doors or versions changed.
const LOOK: Duration = Duration::from_secs(3);
/// Characters of what somebody looked for that are noted.
const MAX_NOTED: usize = 100;

/// Where a door of the bridge is open; `None` if it is not.
fn open_at(view: &Snapshot, key: &str) -> Option<SocketAddr> {
    let line = view.system.listeners.iter().find(|line| &*line.key == key)?;
    match &line.state {
        PortState::Open { at } => at.parse().ok(),
        _ => None,
    }
}

/// The networks on which to speak: all of them, or that of one address.
fn networks_of(ip: IpAddr) -> Vec<Network> {
    let reach = if ip.is_loopback() { Reach::Loopback } else { Reach::Lan };
    let mut networks = networks::list(reach).unwrap_or_default();
    networks.retain(|network| ip.is_unspecified() || ip.is_loopback() || IpAddr::V4(network.own.addr()) == ip);
    networks
}

/// Notes that somebody looked for the bridge.
fn note(face: &Face, from: SocketAddr, method: &str, what: &str) {
    let path: String = what.chars().take(MAX_NOTED).collect();
    let visit =
        Visit { at: (face.wall)(), tls: false, method: method.into(), path: path.into(), status: 200, refused: None };
    face.port.slots.bridge.visits.note(from.ip(), None, None, visit);
}
