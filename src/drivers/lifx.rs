//! LIFX bulbs, strips and tiles: one device, polled and told over UDP.
//!
//! ```text
//! open ─▶ version, firmware, light, group ─▶ zones or tiles ─▶ found ─▶ polled every 5 to 10 s and after changes
//! ```
//!
//! Changes are acknowledged, and sent again if not; frames are not. A change of power goes beside the colour: a light
//! that is off gets its colour first, unseen, and fades in.
//!
//! Invariant: only packets from the device's own MAC count; a device that answers no third try is lost.

mod about;
mod answers;
pub mod body;
pub mod color;
mod device;
mod inquiry;
mod look;
pub mod post;
pub mod products;
mod stream;
mod wishes;

use std::net::SocketAddr;

use crate::drivers::lifx::device::Lifx;
use crate::drivers::light::LightDriver;
use crate::drivers::{Claim, Dial, Family, Need, Opening, Search, Sighting, Wrong};
use crate::wire::lifx::message::Message;
use crate::wire::lifx::{DISCOVER, Mac, PORT, decode, mac_of, mac_text};
use crate::wire::{Channel, Endpoint};

/// The family.
pub static FAMILY: Family<LightDriver> = Family {
    id: "lifx",
    name: "LIFX",
    about: "Bulbs, strips and tiles of LIFX, told over your own network. Nothing has to be set up in its app.",
    searches: &[Search::Ask { group: None, port: PORT, payload: DISCOVER }],
    claim,
    address_hint: "192.168.1.40",
    fields: &[],
    open,
};

fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let from = seen.from?;
    let packet = decode(seen.payload).ok()?;
    let Message::StateService { service: 1, port } = packet.message else { return None };
    let identity = mac_text(packet.header.target);
    let port = u16::try_from(port).ok().filter(|port| *port != 0).unwrap_or(from.port());
    let tail = identity.get(6..).unwrap_or_default().to_owned();
    (packet.header.target != Mac::default()).then(|| Claim {
        name: format!("LIFX {tail}"),
        model: "LIFX".to_owned(),
        address: SocketAddr::new(from.ip(), port).to_string(),
        options: vec![("mac".to_owned(), identity.clone())],
        identity: Some(identity),
    })
}

fn open(dial: &Dial<'_>) -> Result<Opening<LightDriver>, Wrong> {
    let at = dial.socket(PORT)?;
    let driver = Lifx::new(dial.option("mac").and_then(mac_of), fastrand::u32(2..));
    Ok(Opening { driver: Box::new(driver), channels: vec![(Channel::Udp, Endpoint::Socket(at), Need::Must)] })
}
