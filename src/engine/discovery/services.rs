//! Services that devices announce by multicast DNS.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use mdns_sd::{Receiver, ResolvedService, ServiceEvent};
use tokio::sync::watch;

use crate::drivers::{Search, Sighting};
use crate::engine::discovery::sightings::Sightings;
use crate::io::mdns::{self, Reach};

/// Properties of one service that are looked at.
const MAX_PROPERTIES: usize = 64;

/// Browses one service; asks anew each time `rounds` changes.
pub(super) async fn browse(sightings: Arc<Sightings>, search: Search, reach: Reach, mut rounds: watch::Receiver<u64>) {
    let Search::Mdns(service) = search else { return };
    loop {
        let events = match mdns::browse(reach, service) {
            Ok(events) => events,
            Err(why) => return sightings.trouble(why),
        };
        tokio::select! {
            changed = rounds.changed() => if changed.is_err() { return },
            () = hear(&events, &sightings, search) => {}
        }
    }
}

async fn hear(events: &Receiver<ServiceEvent>, sightings: &Sightings, search: Search) {
    while let Ok(event) = events.recv_async().await {
        if let ServiceEvent::ServiceResolved(service) = event {
            hand(&service, sightings, search);
        }
    }
    // The daemon ended: nothing is heard before the next round.
    std::future::pending::<()>().await;
}

fn hand(service: &ResolvedService, sightings: &Sightings, search: Search) {
    let suffix = format!(".{}", service.ty_domain);
    let name = service.fullname.strip_suffix(&suffix).unwrap_or(&service.fullname);
    let properties: Vec<(String, String)> = service
        .txt_properties
        .iter()
        .take(MAX_PROPERTIES)
        .map(|property| (property.key().to_owned(), property.val_str().to_owned()))
        .collect();
    // IPv4 first; of several, always the same one.
    let ip = service.addresses.iter().map(mdns_sd::ScopedIp::to_ip_addr).min_by_key(IpAddr::to_owned);
    let from = ip.map(|ip| SocketAddr::new(ip, service.port));
    sightings.hand(&Sighting { search, name, from, properties: &properties, payload: &[] });
}
