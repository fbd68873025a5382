//! Datagrams. Connections to one port share one socket for as long as any of them lives; what comes in is told apart
//! by its sender.
//!
//! Invariant: nothing here waits: a datagram that the system has no room for now is dropped.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use socket2::{Domain, Protocol, SockAddr, SockRef, Socket, Type};
use tokio::net::UdpSocket;
use tokio_util::task::AbortOnDropHandle;

use crate::io::channels::{Event, Mail, Outlet, misplaced};
use crate::wire::Output;

/// What the system keeps for us in each direction: two frames of the longest light, in datagrams.
const ROOM: usize = 1 << 20;
/// A socket that fails to read is read again after this.
const BREATH: Duration = Duration::from_millis(50);

/// Sockets by the port that they send to, and whether that is IPv6.
#[derive(Debug, Default)]
pub(super) struct Sockets(Mutex<BTreeMap<(u16, bool), Weak<Shared>>>);

/// One socket.
#[derive(Debug)]
struct Shared {
    socket: Arc<UdpSocket>,
    peers: Arc<Peers>,
    _task: AbortOnDropHandle<()>,
}

/// Who is spoken to through a socket.
#[derive(Debug, Default)]
struct Peers {
    by_ip: Mutex<BTreeMap<IpAddr, Vec<Known>>>,
    next: AtomicU64,
}

/// A peer's port, its number among all, and where its datagrams go.
type Known = (u16, u64, Mail);

/// One peer, spoken to through a shared socket.
struct Peer {
    shared: Arc<Shared>,
    at: SocketAddr,
    number: u64,
}

/// Joins the socket for the peer's port.
pub(super) fn open(sockets: &Sockets, peer: SocketAddr, mail: Mail) -> Result<Box<dyn Outlet>, String> {
    let shared = sockets.get(peer).map_err(|error| format!("no socket: {error}"))?;
    let number = shared.peers.next.fetch_add(1, Ordering::Relaxed);
    mail.try_put(Event::Opened);
    shared.peers.by_ip.lock().entry(peer.ip()).or_default().push((peer.port(), number, mail));
    Ok(Box::new(Peer { shared, at: peer, number }))
}

impl Sockets {
    fn get(&self, peer: SocketAddr) -> io::Result<Arc<Shared>> {
        let mut sockets = self.0.lock();
        let key = (peer.port(), peer.is_ipv6());
        if let Some(shared) = sockets.get(&key).and_then(Weak::upgrade) {
            return Ok(shared);
        }
        sockets.retain(|_, shared| shared.strong_count() > 0);
        let socket = Arc::new(bind(peer.is_ipv6())?);
        let peers = Arc::new(Peers::default());
        let task = tokio::spawn(hear(Arc::clone(&socket), Arc::clone(&peers)));
        let shared = Arc::new(Shared { socket, peers, _task: AbortOnDropHandle::new(task) });
        sockets.insert(key, Arc::downgrade(&shared));
        Ok(shared)
    }
}

fn bind(is_v6: bool) -> io::Result<UdpSocket> {
    let (domain, any): (_, IpAddr) =
        if is_v6 { (Domain::IPV6, Ipv6Addr::UNSPECIFIED.into()) } else { (Domain::IPV4, Ipv4Addr::UNSPECIFIED.into()) };
    let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    if !is_v6 {
        socket.set_broadcast(true)?;
    }
    // More room is better; what the system gives is enough.
    let _ = socket.set_send_buffer_size(ROOM).and_then(|()| socket.set_recv_buffer_size(ROOM));
    socket.bind(&SocketAddr::new(any, 0).into())?;
    UdpSocket::from_std(socket.into())
}

/// Hands what comes in to whom it comes from.
async fn hear(socket: Arc<UdpSocket>, peers: Arc<Peers>) {
    let mut buffer = vec![0; 65_536];
    loop {
        match socket.recv_from(&mut buffer).await {
            Ok((n, from)) => peers.hand(from, buffer.get(..n).unwrap_or_default()),
            // Some systems tell here that an earlier datagram met a closed port; that is not this socket's fault.
            Err(_) => tokio::time::sleep(BREATH).await,
        }
    }
}

impl Peers {
    /// To those who speak to that very port; else to all who speak to that address: some answer from other ports.
    fn hand(&self, from: SocketAddr, bytes: &[u8]) {
        let by_ip = self.by_ip.lock();
        let Some(peers) = by_ip.get(&from.ip().to_canonical()) else { return };
        let exact = peers.iter().any(|(port, ..)| *port == from.port());
        let bytes = Bytes::copy_from_slice(bytes);
        for (.., mail) in peers.iter().filter(|(port, ..)| !exact || *port == from.port()) {
            // Datagrams may be lost, here too.
            mail.try_put(Event::Datagram(from, bytes.clone()));
        }
    }
}

impl Outlet for Peer {
    fn send(&mut self, output: &Output, payload: &[u8]) -> Result<bool, String> {
        let Output::Datagram { to } = output else { return misplaced(output) };
        let to = SockAddr::from(to.unwrap_or(self.at));
        match SockRef::from(&*self.shared.socket).send_to(payload, &to) {
            Ok(_) => Ok(true),
            Err(error) if is_passing(&error) => Ok(false),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// Whether the next datagram may get through although this one did not.
fn is_passing(error: &io::Error) -> bool {
    let full = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted | ErrorKind::OutOfMemory);
    let refused = matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset);
    // ENOBUFS, for which there is no kind: 105 on Linux, 55 on macOS and the BSDs, 10055 on Windows.
    full || refused || matches!(error.raw_os_error(), Some(105 | 55 | 10_055))
}

impl Drop for Peer {
    fn drop(&mut self) {
        let mut by_ip = self.shared.peers.by_ip.lock();
        if let Some(peers) = by_ip.get_mut(&self.at.ip()) {
            peers.retain(|(_, number, _)| *number != self.number);
            if peers.is_empty() {
                by_ip.remove(&self.at.ip());
            }
        }
    }
}
