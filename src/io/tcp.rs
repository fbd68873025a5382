//! TCP as a server that runs for months wants it: reusable addresses, keep-alive, and a word on who holds a busy port.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpStream};

const BACKLOG: i32 = 1024;

/// Listens at `at`.
///
/// # Errors
/// What the system says; [`explain`] puts it into words.
pub fn listen(at: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(at), Type::STREAM, Some(Protocol::TCP))?;
    // On Windows the option would let another program steal the port.
    if cfg!(not(windows)) {
        socket.set_reuse_address(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&at.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// Keep-alive after 15 s, each 5 s, 3 probes: a pulled plug is noticed within half a minute. No delay for small writes.
pub fn tune(stream: &TcpStream) {
    let keep_alive = TcpKeepalive::new().with_time(Duration::from_secs(15)).with_interval(Duration::from_secs(5));
    #[cfg(not(any(target_os = "openbsd", target_os = "haiku")))]
    let keep_alive = keep_alive.with_retries(3);
    let tuned = SockRef::from(stream).set_tcp_keepalive(&keep_alive).and_then(|()| stream.set_nodelay(true));
    if let Err(error) = tuned {
        tracing::debug!(%error, "a connection could not be tuned");
    }
}

/// Why a port could not be opened, and what to do about it.
#[must_use]
pub fn explain(at: SocketAddr, key: &str, error: &io::Error) -> String {
    explain_for(Kind::Tcp, at, key, error)
}

/// The same of a port for datagrams.
#[must_use]
pub fn explain_udp(at: SocketAddr, key: &str, error: &io::Error) -> String {
    explain_for(Kind::Udp, at, key, error)
}

/// What a port is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Tcp,
    Udp,
}

fn explain_for(kind: Kind, at: SocketAddr, key: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            let holder =
                holder(kind, at.port()).map_or_else(|| "another program".to_owned(), |name| format!("\"{name}\""));
            format!("Port {} is held by {holder}. Stop it, or set {key} to another port.", at.port())
        }
        io::ErrorKind::PermissionDenied => format!(
            "The system does not let this user open port {}. Set {key} to a port above 1023, or grant the right.",
            at.port()
        ),
        io::ErrorKind::AddrNotAvailable => {
            format!("This machine has no address {}. Set {key} to one that it has.", at.ip())
        }
        _ => format!("{at} could not be opened: {error}. Check {key}."),
    }
}

/// The program that holds a port, where the system tells.
#[cfg(target_os = "linux")]
fn holder(kind: Kind, port: u16) -> Option<String> {
    // The states of sockets that wait for others (include/net/tcp_states.h): listening, and for datagrams closed.
    let (tables, state) = match kind {
        Kind::Tcp => (["/proc/net/tcp", "/proc/net/tcp6"], "0A"),
        Kind::Udp => (["/proc/net/udp", "/proc/net/udp6"], "07"),
    };
    let inode = tables.iter().find_map(|table| holding_inode(table, state, port))?;
    let wanted = format!("socket:[{inode}]");
    let processes = std::fs::read_dir("/proc").ok()?;
    let holder = processes.flatten().find(|process| {
        let Ok(handles) = std::fs::read_dir(process.path().join("fd")) else { return false };
        handles.flatten().any(|fd| std::fs::read_link(fd.path()).is_ok_and(|link| link.as_os_str() == wanted.as_str()))
    })?;
    let name = std::fs::read_to_string(holder.path().join("comm")).ok()?;
    Some(format!("{} (process {})", name.trim(), holder.file_name().to_string_lossy()))
}

/// Other systems tell only privileged programs.
#[cfg(not(target_os = "linux"))]
fn holder(_kind: Kind, _port: u16) -> Option<String> {
    None
}

#[cfg(target_os = "linux")]
fn holding_inode(table: &str, wanted: &str, port: u16) -> Option<String> {
    let text = std::fs::read_to_string(table).ok()?;
    text.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
        let here = u16::from_str_radix(local.rsplit(':').next()?, 16).ok()? == port;
        (here && *state == wanted).then(|| (*inode).to_owned())
    })
}
