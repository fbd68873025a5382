//! Multicast DNS: services that devices announce, what this machine announces itself, and names under `.local`.
//!
//! Invariant: one responder of the library runs per scope, and it lives as long as the program.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::OnceLock;
use std::time::Duration;

use mdns_sd::{HostnameResolutionEvent, IfKind, Receiver, ServiceDaemon, ServiceEvent, ServiceInfo};

/// The port that everybody speaks on.
pub const PORT: u16 = 5353;
/// The group that everybody listens to.
pub const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);

/// How long a name is asked for.
const ASK_FOR: Duration = Duration::from_millis(1500);
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_millis(800);
/// How often the addresses of this machine are looked at, s.
const LOOK_S: u32 = 3;

/// On which networks to speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// On this machine's own loopback only.
    Loopback,
    /// On all networks of this machine.
    Lan,
}

/// The daemon of a reach.
///
/// # Errors
/// What the system says, for people.
pub fn daemon(reach: Reach) -> Result<&'static ServiceDaemon, String> {
    static LAN: OnceLock<Result<ServiceDaemon, String>> = OnceLock::new();
    static LOOPBACK: OnceLock<Result<ServiceDaemon, String>> = OnceLock::new();
    let (cell, wanted) = match reach {
        Reach::Loopback => (&LOOPBACK, vec![IfKind::LoopbackV4]),
        Reach::Lan => (&LAN, Vec::new()),
    };
    let make = || {
        let daemon = ServiceDaemon::new()?;
        daemon.set_ip_check_interval(LOOK_S)?;
        if !wanted.is_empty() {
            daemon.disable_interface(IfKind::All)?;
            daemon.enable_interface(wanted)?;
        }
        Ok(daemon)
    };
    let made = cell.get_or_init(|| make().map_err(|error: mdns_sd::Error| format!("mDNS does not work: {error}")));
    made.as_ref().map_err(Clone::clone)
}

/// What devices announce of a service such as `_wled._tcp`, for as long as the receiver lives.
///
/// # Errors
/// What the system says, for people.
pub fn browse(reach: Reach, service: &str) -> Result<Receiver<ServiceEvent>, String> {
    daemon(reach)?.browse(&format!("{service}.local.")).map_err(|error| format!("{service} cannot be heard: {error}"))
}

/// A service to announce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its type, such as `_hue._tcp`.
    pub kind: &'static str,
    /// What it is called among those of its type.
    pub instance: String,
    /// The name of its host, without `.local`.
    pub host: String,
    /// Where it listens.
    pub port: u16,
    /// What else it tells.
    pub properties: Vec<(&'static str, String)>,
}

/// A service that is announced until it is taken back.
pub struct Announced {
    daemon: &'static ServiceDaemon,
    name: String,
}

impl fmt::Debug for Announced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Announced").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Announces a service at all addresses of this machine within reach, also those that it gets later.
///
/// # Errors
/// What the library says, for people.
pub fn register(reach: Reach, service: &Service) -> Result<Announced, String> {
    let daemon = daemon(reach)?;
    let Service { kind, instance, host, port, properties } = service;
    let properties: Vec<(&str, &str)> = properties.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let (kind, host) = (format!("{kind}.local."), format!("{host}.local."));
    let announce = || {
        let info = ServiceInfo::new(&kind, instance, &host, "", *port, properties.as_slice())?.enable_addr_auto();
        let name = info.get_fullname().to_owned();
        daemon.register(info).map(|()| name)
    };
    let name = announce().map_err(|error: mdns_sd::Error| format!("{instance} cannot be announced: {error}"))?;
    Ok(Announced { daemon, name })
}

impl Announced {
    /// Takes it back: everybody is told that it is gone.
    pub async fn goodbye(self) {
        if let Ok(status) = self.daemon.unregister(&self.name) {
            // Whoever missed it forgets the service by itself, later.
            drop(tokio::time::timeout(GOODBYE, status.recv_async()).await);
        }
    }
}

/// The addresses of a name under `.local`; none if nobody answers in time.
pub async fn resolve(host: &str) -> Vec<IpAddr> {
    let Ok(daemon) = daemon(Reach::Lan) else { return Vec::new() };
    let name = format!("{}.", host.trim_end_matches('.').to_ascii_lowercase());
    let Ok(answers) = daemon.resolve_hostname(&name, u64::try_from(ASK_FOR.as_millis()).ok()) else {
        return Vec::new();
    };
    while let Ok(answer) = answers.recv_async().await {
        match answer {
            HostnameResolutionEvent::AddressesFound(_, found) => {
                return found.iter().map(mdns_sd::ScopedIp::to_ip_addr).collect();
            }
            HostnameResolutionEvent::SearchTimeout(_) | HostnameResolutionEvent::SearchStopped(_) => break,
            _ => {}
        }
    }
    Vec::new()
}
