//! What keeps Hue apps from finding the bridge, pairing with it, or believing it, with the cure for each.
//!
//! Invariant: pure: what is found follows from the published state, what was asked of the bridge, and the time.
//! Invariant: whatever is not as it should be comes with a cure, and where a command cures it, with that command.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};

use crate::model::bridge::Identity;
use crate::model::bridge::ids::BridgeId;
use crate::model::message::Command;
use crate::model::snapshot::Snapshot;
use crate::model::system::{self, PortState, Reach};
use crate::port::visits::{Client, Visit};

/// The lowest version of the API that today's apps take: three numbers.
pub const LOWEST_API: &str = "1.56.0";
/// The lowest version of the software that today's apps take.
pub const LOWEST_SOFTWARE: u64 = 1_956_000_000;
/// A clock that shows less was never set.
const FIRST_YEAR: i16 = 2026;
/// Refusals of so many clients are told, the newest first.
const MAX_REFUSED: usize = 8;
/// Somebody who looked for the bridge within this shows that searches arrive.
const LATELY: SignedDuration = SignedDuration::from_hours(24);

/// What each system wants before a program may open the ports 80 and 443, for people.
pub const LOW_PORTS: [(&str, &str); 3] = [
    (
        "Linux",
        "Ports below 1024 need a right. Give it to Hearthlight: sudo setcap cap_net_bind_service=+ep \
         $(readlink -f $(which hearthlight)); or to all programs: sudo sysctl net.ipv4.ip_unprivileged_port_start=80.",
    ),
    (
        "macOS",
        "Nothing since 10.14, as long as the address is 0.0.0.0. If a port is held all the same, sudo lsof -nP -iTCP:80 \
         says by whom.",
    ),
    (
        "Windows",
        "Nothing but the firewall's consent. Port 80 is often held by http.sys (shown as System, process 4): netsh http \
         show servicestate says for whom; stopping the service World Wide Web Publishing frees it.",
    ),
];

/// How something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Fine,
    /// Some apps will have trouble.
    Warning,
    /// No app will work.
    Broken,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// How it was found.
    pub level: Level,
    /// What was found, in a sentence.
    pub what: String,
    /// What to do about it; empty if nothing.
    pub cure: String,
    /// The commands that do it, if some can.
    pub deeds: Vec<Command>,
}

impl Finding {
    fn fine(what: impl Into<String>) -> Self {
        Self { level: Level::Fine, what: what.into(), cure: String::new(), deeds: Vec::new() }
    }

    fn bad(level: Level, what: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { level, what: what.into(), cure: cure.into(), deeds: Vec::new() }
    }

    fn with(mut self, deeds: Vec<Command>) -> Self {
        self.deeds = deeds;
        self
    }
}

/// Looks at everything. `visits` is what was asked of the bridge, as [`crate::port::visits::Visits::clients`] has it.
#[must_use]
pub fn findings(view: &Snapshot, visits: &[Client], now: Timestamp) -> Vec<Finding> {
    let mut found = vec![reach(view), number(view.bridge.identity.id), versions(&view.bridge.identity), clock(now)];
    found.extend(DOORS.iter().filter_map(|door| door.look(view)));
    found.extend(searched(view, visits, now));
    found.extend(refused(visits));
    found
}

/// Commands that raise the versions that the bridge announces by one: what to do when an app says that the bridge must be
/// updated. None if the present ones are no versions.
#[must_use]
pub fn raise(identity: &Identity) -> Vec<Command> {
    let Some([major, minor, _]) = numbers(&identity.api_version) else { return Vec::new() };
    let next = minor.saturating_add(1);
    let patch = identity.sw_version.get(4..).filter(|rest| rest.len() == 6).unwrap_or("054020");
    set_versions(&format!("{major}.{next}.0"), &format!("{:04}{patch}", 1900 + next))
}

/// The hint for the system that this program was made for.
#[must_use]
pub fn low_ports_here() -> &'static str {
    let here = if cfg!(windows) {
        "Windows"
    } else if cfg!(target_os = "macos") {
        "macOS"
    } else {
        "Linux"
    };
    LOW_PORTS.iter().find(|(system, _)| *system == here).map_or("", |(_, hint)| hint)
}

/// Whether apps of today take a bridge of these versions.
///
/// # Errors
/// Why not, in a sentence.
pub fn current(api: &str, software: &str) -> Result<(), String> {
    let Some(api_numbers) = numbers(api) else { return Err(format!("\"{api}\" is no version of three numbers.")) };
    let Ok(software_number) = software.parse::<u64>() else {
        return Err(format!("\"{software}\" is no version of ten digits."));
    };
    if numbers(LOWEST_API).is_some_and(|lowest| api_numbers < lowest) || software_number < LOWEST_SOFTWARE {
        return Err(format!(
            "Apps want at least {LOWEST_API} and {LOWEST_SOFTWARE}, the bridge says {api} and {software}."
        ));
    }
    Ok(())
}

fn numbers(version: &str) -> Option<[u32; 3]> {
    let parts: Vec<u32> = version.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    parts.try_into().ok()
}

fn set(key: &str, value: &str) -> Command {
    Command::System(system::Command::Set { key: key.to_owned(), value: value.to_owned() })
}

fn set_versions(api: &str, software: &str) -> Vec<Command> {
    vec![set("bridge.api_version", api), set("bridge.sw_version", software)]
}

fn reach(view: &Snapshot) -> Finding {
    match view.system.reach {
        Reach::Lan => Finding::fine("The local network may reach the bridge."),
        _ if view.system.demo => Finding::fine("This is the demo home: only apps on this machine reach the bridge."),
        _ => Finding::bad(
            Level::Broken,
            "Only this machine may reach the bridge, so no app on a phone finds it.",
            "Let the local network reach Hearthlight.",
        )
        .with(vec![Command::System(system::Command::AnswerReach { lan: true })]),
    }
}

fn number(id: BridgeId) -> Finding {
    if id == BridgeId::default() {
        let cure = "See whether its data folder can be written, and start Hearthlight again.";
        return Finding::bad(Level::Broken, "The bridge has no number yet.", cure);
    }
    Finding::fine(format!("The bridge is {}, its MAC {}.", id.upper(), id.mac_text(":")))
}

fn versions(identity: &Identity) -> Finding {
    let Identity { api_version, sw_version, .. } = identity;
    match current(api_version, sw_version) {
        Ok(()) => Finding::fine(format!("Versions {api_version} and {sw_version} are recent enough for today's apps.")),
        Err(why) => {
            let usual = Identity::default();
            Finding::bad(Level::Broken, why, "Raise the versions, or apps show that the bridge must be updated.")
                .with(set_versions(&usual.api_version, &usual.sw_version))
        }
    }
}

fn clock(now: Timestamp) -> Finding {
    let year = now.to_zoned(jiff::tz::TimeZone::UTC).year();
    if year < FIRST_YEAR {
        let cure = "Set it, or switch network time on: schedules and last uses go by it.";
        return Finding::bad(Level::Warning, format!("The clock shows the year {year}."), cure);
    }
    Finding::fine("The clock is set.")
}

/// A port as apps expect it.
struct DoorKind {
    key: &'static str,
    name: &'static str,
    /// Where apps expect it; `None` if they do not care.
    port: Option<u16>,
    /// Who goes without it.
    without: &'static str,
    usual: &'static str,
}

const DOORS: [DoorKind; 4] = [
    DoorKind {
        key: "bridge.http",
        name: "HTTP",
        port: Some(80),
        without: "Voice assistants, older apps and hubs",
        usual: "0.0.0.0:80",
    },
    DoorKind { key: "bridge.https", name: "HTTPS", port: Some(443), without: "Today's apps", usual: "0.0.0.0:443" },
    DoorKind {
        key: "bridge.ssdp",
        name: "Discovery by SSDP",
        port: None,
        without: "Voice assistants and older apps",
        usual: "0.0.0.0:1900",
    },
    DoorKind {
        key: "bridge.mdns",
        name: "Discovery by mDNS",
        port: None,
        without: "Home Assistant, Sync and today's apps",
        usual: "0.0.0.0:5353",
    },
];

impl DoorKind {
    fn look(&self, view: &Snapshot) -> Option<Finding> {
        let Self { key, name, without, usual, .. } = self;
        let line = view.system.listeners.iter().find(|line| &*line.key == *key)?;
        match &line.state {
            PortState::Open { at } => Some(self.open(at)),
            PortState::Failed { why } => {
                Some(Finding::bad(Level::Broken, format!("{name} is not open: {without} do not find the bridge."), why))
            }
            // What needs everybody on the network waits until they may reach us: that is said elsewhere.
            PortState::Off if self.port.is_none() && view.system.reach != Reach::Lan => None,
            PortState::Off => {
                let what = format!("{name} is switched off: {without} do not find the bridge.");
                let cure = format!("Set {key} to {usual}.");
                Some(Finding::bad(Level::Warning, what, cure).with(vec![set(key, usual)]))
            }
            PortState::NotBuilt => None,
        }
    }

    fn open(&self, at: &str) -> Finding {
        let Self { key, name, without, .. } = self;
        let port = at.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        match (self.port, port) {
            (Some(wanted), Some(port)) if wanted != port => {
                let what = format!("{name} is at port {port} instead of {wanted}: {without} look there only.");
                let cure = format!("Free port {wanted} for {key}. {}", low_ports_here());
                Finding::bad(Level::Warning, what, cure)
            }
            _ => Finding::fine(format!("{name} is open at {at}.")),
        }
    }
}

/// Whether searches arrive at all.
fn searched(view: &Snapshot, visits: &[Client], now: Timestamp) -> Option<Finding> {
    let is_search = |visit: &&Visit| matches!(&*visit.method, "M-SEARCH" | "mDNS");
    let all = visits.iter().flat_map(|client| client.visits.iter().filter(is_search).map(move |visit| (client, visit)));
    let last = all.max_by_key(|(_, visit)| visit.at);
    match last {
        Some((client, visit)) if now.duration_since(visit.at) < LATELY => {
            let way = if &*visit.method == "mDNS" { "mDNS" } else { "SSDP" };
            Some(Finding::fine(format!("{} looked for the bridge by {way}.", client.address)))
        }
        _ if view.system.reach != Reach::Lan => None,
        _ => Some(Finding::bad(
            Level::Warning,
            "Nobody looked for the bridge by SSDP or mDNS within a day.",
            "Let an app search. If nothing arrives, the router or access point keeps phones from others (guest network, \
             client isolation, multicast filter), or a firewall drops UDP 1900 and 5353. Apps also take an address.",
        )),
    }
}

/// Clients whose last request was refused.
fn refused(visits: &[Client]) -> impl Iterator<Item = Finding> {
    let of = |client: &Client| {
        let visit = client.visits.back()?;
        let why = visit.refused.as_ref()?;
        let mut who = client.address.to_string();
        if let Some(app) = &client.app {
            // Writing to a text does not fail.
            let _ = write!(who, " ({app})");
        }
        let what = format!("{who} was refused: {why} ({} {}).", visit.method, visit.path);
        let cure = "If that app has no key any more, press the link button and let it pair again.";
        Some(Finding::bad(Level::Warning, what, cure))
    };
    visits.iter().filter_map(of).take(MAX_REFUSED)
}
