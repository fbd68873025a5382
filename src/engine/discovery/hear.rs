//! Announcements that devices make by themselves: heard for ever, on every network that comes and goes.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::net::UdpSocket;
use tokio::sync::watch;

use crate::drivers::Search;
use crate::engine::discovery::ask;
use crate::engine::discovery::sightings::Sightings;
use crate::io::mdns::Reach;
use crate::io::networks::{self, Network};

/// Hears one port. `networks` tells where the group is joined.
pub(super) async fn hear(
    sightings: Arc<Sightings>,
    search: Search,
    reach: Reach,
    mut networks: watch::Receiver<Vec<Network>>,
) {
    let Search::Hear { group, port } = search else { return };
    let socket = match networks::hearer(reach, port) {
        Ok(socket) => socket,
        Err(error) => {
            return sightings.trouble(format!("Announcements on UDP port {port} cannot be heard: {error}."));
        }
    };
    let mut joined = BTreeSet::new();
    loop {
        if let Some(group) = group.filter(|_| reach == Reach::Lan) {
            let now: BTreeSet<Ipv4Addr> = networks.borrow_and_update().iter().map(|net| net.own.addr()).collect();
            join(&socket, group, &joined, &now);
            joined = now;
        }
        tokio::select! {
            changed = networks.changed() => if changed.is_err() { return },
            () = ask::hear(&socket, &sightings, search) => {}
        }
    }
}

/// Joins a group on the networks that are new. The system leaves it by itself where a network is gone.
fn join(socket: &UdpSocket, group: Ipv4Addr, before: &BTreeSet<Ipv4Addr>, now: &BTreeSet<Ipv4Addr>) {
    for own in now.difference(before) {
        if let Err(error) = socket.join_multicast_v4(group, *own) {
            tracing::debug!(%group, %own, %error, "a group could not be joined");
        }
    }
}
