//! The networks that this machine is on, and sockets to speak to everybody on them.
//!
//! Invariant: what is asked on one network leaves from that network's own address.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use if_addrs::IfAddr;
use ipnet::Ipv4Net;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use crate::io::mdns::Reach;

/// Everybody on this machine. Linux carries broadcasts on its loopback; elsewhere one address has to do.
pub const EVERYBODY_HERE: Ipv4Addr =
    if cfg!(target_os = "linux") { Ipv4Addr::new(127, 255, 255, 255) } else { Ipv4Addr::LOCALHOST };

/// How far a multicast question goes: devices of some makers stand behind a second router.
const HOPS: u32 = 2;

/// One network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    /// The interface to it.
    pub interface: String,
    /// Our address on it, and its size.
    pub own: Ipv4Net,
    /// The address of everybody on it.
    pub everybody: Ipv4Addr,
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} on {}", self.own.trunc(), self.interface)
    }
}

/// The networks within a reach, as they are now, in order. Lines between two machines alone are no networks.
///
/// # Errors
/// What the system says.
pub fn list(reach: Reach) -> io::Result<Vec<Network>> {
    if reach == Reach::Loopback {
        let own = Ipv4Net::new_assert(Ipv4Addr::LOCALHOST, 8);
        return Ok(vec![Network { interface: "this machine".to_owned(), own, everybody: EVERYBODY_HERE }]);
    }
    let of = |interface: if_addrs::Interface| {
        let IfAddr::V4(addr) = &interface.addr else { return None };
        let everybody = addr.broadcast.filter(|all| *all != addr.ip)?;
        let own = Ipv4Net::new(addr.ip, addr.prefixlen).ok()?;
        let useful = interface.is_oper_up() && !interface.is_p2p() && !addr.is_loopback();
        useful.then_some(Network { interface: interface.name, own, everybody })
    };
    let mut networks: Vec<Network> = if_addrs::get_if_addrs()?.into_iter().filter_map(of).collect();
    networks.sort();
    networks.dedup();
    Ok(networks)
}

/// A socket that asks everybody on a network; answers come to it.
///
/// # Errors
/// What the system says.
pub fn asker(network: &Network) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    socket.set_broadcast(true)?;
    socket.set_multicast_if_v4(&network.own.addr())?;
    socket.set_multicast_ttl_v4(HOPS)?;
    socket.bind(&SocketAddr::from((network.own.addr(), 0)).into())?;
    UdpSocket::from_std(socket.into())
}

/// Where a question to a group, or without one to everybody, goes on a network.
#[must_use]
pub fn audience(network: &Network, group: Option<Ipv4Addr>, port: u16) -> SocketAddr {
    let here = network.own.addr().is_loopback();
    let to = group.filter(|_| !here).unwrap_or(network.everybody);
    SocketAddrV4::new(to, port).into()
}

/// A socket that hears what is sent to a port by everybody within a reach; others may hear the same port.
///
/// # Errors
/// What the system says.
pub fn hearer(reach: Reach, port: u16) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    socket.set_reuse_address(true)?;
    #[cfg(unix)]
    socket.set_reuse_port(true)?;
    socket.set_broadcast(true)?;
    let at = if reach == Reach::Loopback { EVERYBODY_HERE } else { Ipv4Addr::UNSPECIFIED };
    socket.bind(&SocketAddr::from((at, port)).into())?;
    UdpSocket::from_std(socket.into())
}
