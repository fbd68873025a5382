//! zigbee2mqtt: every Zigbee light, switch and sensor of a mesh, through its MQTT broker.
//!
//! ```text
//!  bridge/devices, groups ──▶ things         wishes ──▶ queue ──5 a second for the whole mesh──▶ <name>/set
//!  <name>, availability ──▶ reports                       └─ all of a group wait for the same ─▶ <group>/set
//! ```
//!
//! Invariant: only topics that zigbee2mqtt itself publishes are heard; what we publish never comes back to us.
//! Invariant: a thing is told apart by its address on the mesh, so a rename keeps it.
//! Limits: effects and gradients are those that zigbee2mqtt exposes; streaming is slow, as the mesh is.

mod heard;
mod lamps;
mod mesh;
mod sends;
mod streams;
mod things;

use crate::drivers::light::LightDriver;
use crate::drivers::zigbee2mqtt::mesh::Mesh;
use crate::drivers::{Claim, Dial, Family, Field, Need, Opening, Search, Sighting, Wrong};
use crate::wire::{Channel, Endpoint};

const SERVICE: Search = Search::Mdns("_mqtt._tcp");

/// The family.
pub static FAMILY: Family<LightDriver> = Family {
    id: "zigbee2mqtt",
    name: "zigbee2mqtt",
    about: "Zigbee lights, switches and sensors of any make behind a zigbee2mqtt. Say where its MQTT broker is.",
    searches: &[SERVICE],
    claim,
    address_hint: "192.168.1.5 or 192.168.1.5:1883",
    fields: &[
        Field {
            key: "base",
            name: "Base topic",
            hint: "zigbee2mqtt",
            default: "zigbee2mqtt",
            words: &[],
            secret: false,
        },
        Field {
            key: "user",
            name: "User",
            hint: "Only if the broker wants one",
            default: "",
            words: &[],
            secret: true,
        },
        Field {
            key: "password",
            name: "Password",
            hint: "Only if the broker wants one",
            default: "",
            words: &[],
            secret: true,
        },
    ],
    open,
};

fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let from = seen.from.filter(|_| seen.search == SERVICE)?;
    let base = seen.properties.iter().find(|(key, _)| key == "base").map(|(_, base)| ("base".to_owned(), base.clone()));
    Some(Claim {
        identity: None,
        name: seen.name.to_owned(),
        model: "MQTT broker".to_owned(),
        address: from.to_string(),
        options: base.into_iter().collect(),
    })
}

fn open(dial: &Dial<'_>) -> Result<Opening<LightDriver>, Wrong> {
    let (host, port) = dial.host(1883)?;
    let base = dial.option("base").unwrap_or("zigbee2mqtt").trim_matches('/');
    if base.is_empty() || base.contains(['#', '+']) {
        return Err(Wrong(format!("\"{base}\" is no base topic. Write it as zigbee2mqtt has it, without # and +.")));
    }
    let secret = |key: &str| dial.secrets.get(key).filter(|text| !text.is_empty()).cloned();
    let login = secret("user").map(|user| (user, secret("password").unwrap_or_default()));
    let endpoint = Endpoint::Mqtt { host: host.to_owned(), port, login };
    Ok(Opening { driver: Box::new(Mesh::new(base)), channels: vec![(Channel::Mqtt, endpoint, Need::Must)] })
}
