//! Yeelight bulbs, strips and ceiling lamps: one device, told over TCP; it says by itself what changes.
//!
//! ```text
//!  Tcp     ─ get_prop, set_… ─▶ device     60 commands a minute at most
//!          ◀─ results, props ─
//!  Listen  ◀───── dials ─────── device     after set_music: streamed to without limit, answers nothing
//!  Udp     ─── M-SEARCH ──────▶ device     which one it is, and what it knows
//! ```
//!
//! A device may drop its ordinary connection once it dialled us; the stream goes on, and the connection is opened again.
//!
//! Invariant: no more commands go out than a device bears; of two wishes that wait the newer is sent.

mod about;
mod answers;
mod calls;
mod device;
pub mod lamp;
mod lamps;
pub mod models;
mod music;
mod stream;
mod wishes;

use std::net::{Ipv4Addr, SocketAddr};

use crate::drivers::light::LightDriver;
use crate::drivers::yeelight::about::{About, called};
use crate::drivers::yeelight::device::Yeelight;
use crate::drivers::{Claim, Dial, Family, Need, Opening, Search, Sighting, Wrong};
use crate::wire::yeelight::{Advert, PORT, SEARCH, SEARCH_PORT, decode_advert, identity};
use crate::wire::{Channel, Endpoint};

/// The family.
pub static FAMILY: Family<LightDriver> = Family {
    id: "yeelight",
    name: "Yeelight",
    about: "Bulbs, strips and ceiling lamps of Yeelight. Switch on \"LAN control\" for each of them in its app.",
    searches: &[
        Search::Ask { group: Some(GROUP), port: SEARCH_PORT, payload: SEARCH },
        Search::Hear { group: Some(GROUP), port: SEARCH_PORT },
    ],
    claim,
    address_hint: "192.168.1.40",
    fields: &[],
    open,
};

const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 255, 250);

fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let advert = decode_advert(seen.payload).ok()?;
    let identity = identity(advert.id)?;
    let Advert { location, id, model, support, name, .. } = advert;
    // Whoever announces a device has to be that device.
    if seen.from.is_some_and(|from| from.ip() != location.ip()) {
        return None;
    }
    let options = [("id", id), ("model", model), ("support", support)];
    Some(Claim {
        name: called(name, model, &identity),
        model: format!("Yeelight {model}").trim_end().to_owned(),
        identity: Some(identity),
        address: location.to_string(),
        options: options.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
    })
}

fn open(dial: &Dial<'_>) -> Result<Opening<LightDriver>, Wrong> {
    let at = dial.socket(PORT)?;
    let about = About {
        identity: dial.option("id").and_then(identity),
        model: dial.option("model").unwrap_or_default().to_owned(),
        support: dial.option("support").unwrap_or_default().to_owned(),
        ..About::default()
    };
    let channels = vec![
        (Channel::Listen, Endpoint::Listen { peer: at }, Need::Must),
        (Channel::Tcp, Endpoint::Socket(at), Need::May),
        (Channel::Udp, Endpoint::Socket(SocketAddr::new(at.ip(), SEARCH_PORT)), Need::May),
    ];
    Ok(Opening { driver: Box::new(Yeelight::new(at, about)), channels })
}
