//! Philips Hue bridges, as a client of theirs: lights, switches and sensors, by either version of their API.
//!
//! ```text
//!  config ──▶ no key: POST /api each second until the round button is pressed ──▶ key, kept apart
//!         └─▶ key: read all ──▶ live ── events (v2) or polls (v1) ──▶ reports
//!                                  └── wishes ─▶ lights 10 a second, groups 1 a second
//! ```
//!
//! A key goes with every request of the second version as a header, so a fresh key takes effect when the connection is
//! opened anew with it.
//!
//! Invariant: a bridge is told apart by its id; its certificate is the one that it showed when it was first seen.
//! Invariant: never more than three requests are under way, and a bridge that says it is busy is left alone for a while.
//! Limits: no streaming; inputs only by the second version.

mod answers;
mod client;
mod heard;
mod home;
mod mode;
mod requests;
mod sends;

use crate::drivers::hue::client::Bridge;
use crate::drivers::hue::mode::Mode;
use crate::drivers::light::LightDriver;
use crate::drivers::{Claim, Dial, Family, Field, Need, Opening, Search, Sighting, Wrong};
use crate::wire::hue_clip::{Config, is_key};
use crate::wire::{Channel, Endpoint, Trust};

const SERVICE: Search = Search::Mdns("_hue._tcp");
const SWEEP: Search = Search::Sweep { port: 80, path: "/api/0/config" };

/// The family.
pub static FAMILY: Family<LightDriver> = Family {
    id: "hue",
    name: "Philips Hue bridge",
    about: "Lights, switches and sensors of a Philips Hue bridge. Its round button has to be pressed once.",
    searches: &[SERVICE, SWEEP],
    claim,
    address_hint: "192.168.1.2",
    fields: &[Field {
        key: "api",
        name: "Version of its API",
        hint: "v1 for the round bridge",
        default: "v2",
        words: &["v2", "v1"],
        secret: false,
    }],
    open,
};

/// What was seen, if it is a Hue bridge. Whether it is the one that this program plays itself is seen where claims arrive.
fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let from = seen.from?;
    let (config, address) = match seen.search {
        SERVICE => {
            let property =
                |key: &str| seen.properties.iter().find(|(known, _)| known == key).map(|(_, text)| text.clone());
            let bridgeid = property("bridgeid")?;
            let modelid = property("modelid").unwrap_or_default();
            let is_port = if modelid == "BSB001" { 80 } else { 443 };
            let address = if from.port() == is_port { from.ip().to_string() } else { from.to_string() };
            (Config { name: seen.name.to_owned(), bridgeid, modelid, swversion: String::new() }, address)
        }
        SWEEP => (Config::decode(seen.payload).ok()?, from.ip().to_string()),
        _ => return None,
    };
    let is_old = config.modelid == "BSB001" || (seen.search == SWEEP && !config.has_v2());
    let api = if is_old { "v1" } else { "v2" };
    Some(Claim {
        identity: Some(config.identity()),
        name: config.name,
        model: format!("Hue bridge {}", config.modelid).trim().to_owned(),
        address,
        options: vec![("api".to_owned(), api.to_owned())],
    })
}

fn open(dial: &Dial<'_>) -> Result<Opening<LightDriver>, Wrong> {
    let key = dial.secrets.get("key").filter(|key| is_key(key)).cloned();
    match dial.option("api").unwrap_or("v2") {
        "v2" => open_v2(dial, key.as_deref()),
        "v1" => {
            let (host, port) = dial.host(80)?;
            let endpoint = Endpoint::Http { url: url("http", host, port), headers: Vec::new(), trust: Trust::System };
            let driver = Box::new(Bridge::new(Mode::V1, key, true));
            Ok(Opening { driver, channels: vec![(Channel::Http, endpoint, Need::Must)] })
        }
        other => Err(Wrong(format!("\"{other}\" is no version of the API: it is v1 or v2."))),
    }
}

fn open_v2(dial: &Dial<'_>, key: Option<&str>) -> Result<Opening<LightDriver>, Wrong> {
    let (host, port) = dial.host(443)?;
    let pin = dial.secrets.get("certificate").cloned();
    let base = url("https", host, port);
    let headers: Vec<_> = key.iter().map(|key| ("hue-application-key".to_owned(), (*key).to_owned())).collect();
    let driver = Box::new(Bridge::new(Mode::V2, key.map(str::to_owned), pin.is_some()));
    let trust = Trust::Pinned(pin);
    let endpoint = Endpoint::Http { url: base.clone(), headers: headers.clone(), trust: trust.clone() };
    let mut channels = vec![(Channel::Http, endpoint, Need::Must)];
    if key.is_some() {
        let events = Endpoint::Http { url: format!("{base}/eventstream/clip/v2"), headers, trust };
        channels.push((Channel::Sse, events, Need::May));
    }
    Ok(Opening { driver, channels })
}

fn url(scheme: &str, host: &str, port: u16) -> String {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    format!("{scheme}://{host}:{port}")
}
