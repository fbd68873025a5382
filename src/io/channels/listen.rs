//! A port of ours that one peer dials in to.
//!
//! Invariant: whoever is not the peer is hung up on at once; a new connection of the peer replaces the one before.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

use crate::io::channels::pipe::{Pipe, carry};
use crate::io::channels::{Event, Mail, Outlet};
use crate::io::tcp;
use crate::wire::Output;

/// An open port.
struct Listen {
    pipe: Arc<Pipe>,
    _task: AbortOnDropHandle<()>,
}

impl Outlet for Listen {
    fn send(&mut self, output: &Output, payload: &[u8]) -> Result<bool, String> {
        self.pipe.send(output, payload)
    }
}

/// Opens a free port on the address from which `peer` is reached.
pub(super) fn open(peer: SocketAddr, mail: Mail) -> Result<Box<dyn Outlet>, String> {
    let opened = own_address(peer).and_then(|own| tcp::listen(SocketAddr::new(own, 0)));
    let listener = opened.map_err(|error| format!("no port could be opened for it: {error}"))?;
    let pipe = Arc::new(Pipe::default());
    let task = tokio::spawn(run(listener, peer.ip(), Arc::clone(&pipe), mail));
    Ok(Box::new(Listen { pipe, _task: AbortOnDropHandle::new(task) }))
}

/// The address of ours that packets to `peer` leave from. Nothing is sent to find out.
fn own_address(peer: SocketAddr) -> io::Result<IpAddr> {
    let any: IpAddr = if peer.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0))?;
    socket.connect(peer)?;
    Ok(socket.local_addr()?.ip())
}

async fn run(listener: TcpListener, peer: IpAddr, pipe: Arc<Pipe>, mail: Mail) {
    let Ok(at) = listener.local_addr() else { return };
    if !(mail.put(Event::Opened).await && mail.put(Event::Listening(at)).await) {
        return;
    }
    let mut line = None;
    loop {
        let taken = tokio::select! {
            taken = accept(&listener, peer) => taken,
            () = hold(&mut line, &pipe, &mail) => continue,
        };
        match taken {
            Ok((stream, from)) => {
                tcp::tune(&stream);
                line = Some(stream);
                mail.put(Event::Accepted(from)).await;
            }
            Err(error) => {
                mail.put(Event::Lost(error.to_string())).await;
                return;
            }
        }
    }
}

/// The next connection of the peer.
async fn accept(listener: &TcpListener, peer: IpAddr) -> io::Result<(TcpStream, SocketAddr)> {
    loop {
        let (stream, from) = listener.accept().await?;
        if from.ip() == peer {
            return Ok((stream, from));
        }
    }
}

/// Carries both ways until the connection ends; for ever if there is none.
async fn hold(line: &mut Option<TcpStream>, pipe: &Pipe, mail: &Mail) {
    let Some(stream) = line.as_mut() else { return std::future::pending().await };
    let (from, out) = stream.split();
    carry(from, out, pipe, None, mail).await;
    *line = None;
    mail.put(Event::Hung).await;
}
