//! SSDP, the words of UPnP's discovery: what the bridge announces, what is asked, what it answers.
//!
//! ```text
//!  M-SEARCH ──heard──▶ Search ──delay──▶ answers, one datagram for each of the bridge's three names
//!  start, each minute ──▶ alive      another address, stop ──▶ byebye
//! ```
//!
//! Invariant: what is no search for a bridge (our own announcements, other devices, bytes that are no text) is not
//! answered.
//! Invariant: what is told holds an address of ours that whoever is told can reach.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use crate::bridge::about;
use crate::model::bridge::Identity;

/// Everybody who speaks SSDP.
pub const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 255, 250);
/// How often everybody is told that the bridge is there.
pub const EVERY: Duration = Duration::from_secs(60);
/// Longer than this nobody is made to wait for an answer: voice assistants give up early.
const LONGEST: Duration = Duration::from_secs(1);
/// Bytes of a search that are looked at.
pub const MAX_DATAGRAM: usize = 2048;

const ROOT: &str = "upnp:rootdevice";
const BASIC: &str = "urn:schemas-upnp-org:device:basic:1";

/// A search that a bridge answers, if it is for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    target: String,
    /// Up to how long the answer may take.
    within: Duration,
}

impl Search {
    /// Reads a datagram; `None` if it is no search.
    #[must_use]
    pub fn read(datagram: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(datagram).ok()?;
        let mut lines = text.lines();
        if !lines.next()?.trim_end().eq_ignore_ascii_case("M-SEARCH * HTTP/1.1") {
            return None;
        }
        let (mut discovers, mut target, mut within) = (false, None, LONGEST);
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "man" => discovers = value.eq_ignore_ascii_case("\"ssdp:discover\""),
                "st" => target = Some(value.to_ascii_lowercase()),
                "mx" => within = Duration::from_secs(value.parse().unwrap_or(1)).min(LONGEST),
                _ => {}
            }
        }
        target.filter(|_| discovers).map(|target| Self { target, within })
    }

    /// What is looked for, lower case.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// How long to wait before it is answered, by a random share, 0..=1: not everybody shall answer at once.
    #[must_use]
    pub fn delay(&self, share: f32) -> Duration {
        self.within.mul_f32(if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 })
    }
}

/// What is told of the bridge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beacon {
    udn: String,
    bridge_id: String,
    version: Arc<str>,
    port: u16,
}

impl Beacon {
    /// The beacon of a bridge whose HTTP is at this port.
    #[must_use]
    pub fn new(identity: &Identity, port: u16) -> Self {
        let (udn, bridge_id) = (about::udn(identity), identity.id.upper());
        Self { udn, bridge_id, version: Arc::clone(&identity.api_version), port }
    }

    /// What to answer to a search by somebody who reaches us at `own`; nothing if it is not for a bridge.
    #[must_use]
    pub fn answers(&self, search: &Search, own: Ipv4Addr) -> Vec<String> {
        if !self.is_meant(&search.target) {
            return Vec::new();
        }
        let told = self.told(Some(own));
        let answer = |(target, usn): (&str, String)| {
            format!(
                "HTTP/1.1 200 OK\r\nHOST: {GROUP}:1900\r\nEXT:\r\n{told}hue-bridgeid: {}\r\nST: {target}\r\nUSN: {usn}\r\n\r\n",
                self.bridge_id
            )
        };
        self.names().map(answer).to_vec()
    }

    /// What to tell everybody who reaches us at `own`.
    #[must_use]
    pub fn alive(&self, own: Ipv4Addr) -> [String; 3] {
        self.notify(&format!("{}NTS: ssdp:alive\r\n", self.told(Some(own))))
    }

    /// What to tell everybody before the bridge is gone, or somewhere else.
    #[must_use]
    pub fn byebye(&self) -> [String; 3] {
        self.notify(&format!("{}NTS: ssdp:byebye\r\n", self.told(None)))
    }

    fn notify(&self, told: &str) -> [String; 3] {
        self.names().map(|(target, usn)| {
            format!(
                "NOTIFY * HTTP/1.1\r\nHOST: {GROUP}:1900\r\n{told}hue-bridgeid: {}\r\nNT: {target}\r\nUSN: {usn}\r\n\r\n",
                self.bridge_id
            )
        })
    }

    /// What goes with everything; where the bridge is at only if it is there.
    fn told(&self, own: Option<Ipv4Addr>) -> String {
        let location = own.map(|own| format!("LOCATION: http://{own}:{}/description.xml\r\n", self.port));
        let (location, version) = (location.unwrap_or_default(), &self.version);
        format!("CACHE-CONTROL: max-age=100\r\n{location}SERVER: Hue/1.0 UPnP/1.0 IpBridge/{version}\r\n")
    }

    /// The bridge's three names with its unique names for them, in the order in which they are told.
    fn names(&self) -> [(&str, String); 3] {
        let udn = self.udn.as_str();
        [(ROOT, format!("{udn}::{ROOT}")), (udn, udn.to_owned()), (BASIC, udn.to_owned())]
    }

    /// Whether a search for this, in lower case, is for the bridge.
    fn is_meant(&self, target: &str) -> bool {
        let is_basic = target.starts_with("urn:") && target.ends_with(":device:basic:1");
        is_basic || target == "ssdp:all" || target == ROOT || target == self.udn
    }
}
