//! Multicast: one socket that hears a group on every network, and one for each announcement on its own network.
//!
//! Invariant: what is announced on a network leaves from our own address on it.

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use crate::io::networks::{self, Network};

/// Hears what is said to a group, and answers it.
#[derive(Debug)]
pub struct Ears {
    socket: UdpSocket,
    group: Ipv4Addr,
    joined: BTreeSet<Ipv4Addr>,
}

impl Ears {
    /// Opens a port that others may hear, too. The group is heard on the networks that [`follow`](Self::follow) names,
    /// if `at` is the group's own address (where the system allows that) or any address.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(at: SocketAddr, group: Ipv4Addr) -> io::Result<Self> {
        let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_nonblocking(true)?;
        socket.set_reuse_address(true)?;
        #[cfg(unix)]
        socket.set_reuse_port(true)?;
        socket.bind(&at.into())?;
        Ok(Self { socket: UdpSocket::from_std(socket.into())?, group, joined: BTreeSet::new() })
    }

    /// Joins the group on networks that are new. The system leaves it by itself where a network is gone.
    pub fn follow(&mut self, networks: &[Network]) {
        let now: BTreeSet<Ipv4Addr> =
            networks.iter().map(|network| network.own.addr()).filter(|own| !own.is_loopback()).collect();
        for own in now.difference(&self.joined) {
            if let Err(error) = self.socket.join_multicast_v4(self.group, *own) {
                tracing::debug!(group = %self.group, %own, %error, "a group could not be joined");
            }
        }
        self.joined = now;
    }

    /// The next datagram: how many bytes, and from whom.
    ///
    /// # Errors
    /// What the system says; some tell here that an earlier answer met a closed port.
    pub async fn hear(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.socket.recv_from(buffer).await
    }

    /// Answers somebody.
    ///
    /// # Errors
    /// What the system says.
    pub async fn answer(&self, to: SocketAddr, text: &str) -> io::Result<()> {
        self.socket.send_to(text.as_bytes(), to).await.map(drop)
    }
}

/// Tells everybody of the group on a network.
///
/// # Errors
/// What the system says.
pub async fn tell(network: &Network, group: SocketAddr, texts: &[String]) -> io::Result<()> {
    let socket = networks::asker(network)?;
    for text in texts {
        socket.send_to(text.as_bytes(), group).await?;
    }
    Ok(())
}

/// The address of ours at which somebody reaches us: that on the network they share with us, or else, for those behind a
/// router of ours, the one that the system would speak to them from. `None` for strangers of the wide world.
#[must_use]
pub fn own_address_for(asker: Ipv4Addr, networks: &[Network]) -> Option<Ipv4Addr> {
    if asker.is_loopback() {
        return Some(Ipv4Addr::LOCALHOST);
    }
    let shared = networks.iter().find(|network| network.own.contains(&asker)).map(|network| network.own.addr());
    shared.or_else(|| {
        let near = asker.is_private() || asker.is_link_local();
        near.then(|| route(asker)).flatten()
    })
}

/// The address that the system would speak to somebody from. Nothing is sent.
fn route(to: Ipv4Addr) -> Option<Ipv4Addr> {
    let socket = std::net::UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((to, 9)).ok()?;
    match socket.local_addr().ok()?.ip() {
        IpAddr::V4(own) if !own.is_unspecified() => Some(own),
        _ => None,
    }
}
