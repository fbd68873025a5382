//! WLED: LED strips on an ESP, the most used firmware there is.
//!
//! A node is one light. It is told over its WebSocket, or by HTTP while that is closed, and streamed to by DDP.
//!
//! Invariant: a node is never asked two things at once: it has one buffer for JSON.
//! Invariant: what a person set on the node itself (nightlight, sync groups, live override) stays.

mod change;
mod colors;
mod node;
mod stream;
mod talk;

use crate::drivers::light::LightDriver;
use crate::drivers::wled::node::{Node, model};
use crate::drivers::{Claim, Dial, Family, Field, Need, Opening, Search, Sighting, Wrong};
use crate::wire::wled::{NODES_PORT, message, node as announcement};
use crate::wire::{Channel, Endpoint, Trust, ddp};

/// WLED.
pub static FAMILY: Family<LightDriver> = Family {
    id: "wled",
    name: "WLED",
    about: "LED strips and matrices on an ESP8266 or ESP32 with WLED. Found by themselves; nothing to set up on them.",
    searches: &[MDNS, HEAR, SWEEP],
    claim,
    address_hint: "192.168.1.40",
    fields: &[Field {
        key: "ddp",
        name: "DDP port",
        hint: "Where it takes pixels, if that was changed",
        default: "4048",
        words: &[],
        secret: false,
    }],
    open,
};

const MDNS: Search = Search::Mdns("_wled._tcp");
const HEAR: Search = Search::Hear { group: None, port: NODES_PORT };
const SWEEP: Search = Search::Sweep { port: HTTP_PORT, path: "/json/info" };
const HTTP_PORT: u16 = 80;

fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let address = |port: u16| {
        let ip = seen.from?.ip();
        Some(if port == HTTP_PORT { ip.to_string() } else { std::net::SocketAddr::new(ip, port).to_string() })
    };
    let of = |identity, name: &str, model, address| Claim {
        identity,
        name: name.to_owned(),
        model,
        address,
        options: Vec::new(),
    };
    match seen.search {
        MDNS => {
            let property =
                |key| seen.properties.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
            let mac = property("mac").map(str::to_lowercase).filter(|mac| message::is_mac(mac));
            let mut claim = of(mac, seen.name, "WLED".to_owned(), address(seen.from?.port())?);
            claim.options.extend(property("ddp").map(|port| ("ddp".to_owned(), port.to_owned())));
            Some(claim)
        }
        HEAR => {
            let node = announcement::decode(seen.payload).ok()?;
            // A node that says another address than it has is behind something that cannot be dialled.
            (seen.from?.ip() == node.address)
                .then(|| Some(of(None, node.name, "WLED".to_owned(), address(HTTP_PORT)?)))
                .flatten()
        }
        SWEEP => {
            let info = message::decode_info(seen.payload).ok()?;
            Some(of(Some(info.mac.to_lowercase()), &info.name, model(&info), address(seen.from?.port())?))
        }
        _ => None,
    }
}

fn open(dial: &Dial<'_>) -> Result<Opening<LightDriver>, Wrong> {
    let (host, port) = dial.host(HTTP_PORT)?;
    let authority = match (host.contains(':'), port) {
        (true, port) => format!("[{host}]:{port}"),
        (false, HTTP_PORT) => host.to_owned(),
        (false, port) => format!("{host}:{port}"),
    };
    let http = Endpoint::Http { url: format!("http://{authority}"), headers: Vec::new(), trust: Trust::System };
    let mut channels = vec![
        (Channel::Http, http, Need::Must),
        (Channel::Ws, Endpoint::Url(format!("ws://{authority}/ws")), Need::May),
    ];
    let ddp_port = dial.number("ddp", 1..=u32::from(u16::MAX), ddp::PORT.into())? as u16;
    let pixels = dial.socket(HTTP_PORT).ok().map(|mut at| {
        at.set_port(ddp_port);
        at
    });
    channels.extend(pixels.map(|at| (Channel::Udp, Endpoint::Socket(at), Need::Must)));
    Ok(Opening { driver: Box::new(Node::new(pixels)), channels })
}
