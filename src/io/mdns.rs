//! Multicast DNS: services that devices announce, and names under `.local`.
//!
//! Invariant: one responder of the library runs per scope, and it lives as long as the program.

use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use mdns_sd::{HostnameResolutionEvent, IfKind, Receiver, ServiceDaemon, ServiceEvent};

/// How long a name is asked for.
const ASK_FOR: Duration = Duration::from_millis(1500);

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
