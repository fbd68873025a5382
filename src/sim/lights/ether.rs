//! What simulated devices hear and say to everybody on this machine: questions that go to all devices on one port,
//! announcements, and services of multicast DNS.
//!
//! Invariant: nothing of it leaves this machine.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, LazyLock, Weak};

use bytes::Bytes;
use mdns_sd::ServiceInfo;
use parking_lot::Mutex;
use tokio::net::UdpSocket;
use tokio::sync::broadcast;
use tokio_util::task::AbortOnDropHandle;

use crate::io::mdns::{self, Reach};
use crate::io::networks::{self, EVERYBODY_HERE};

/// Questions that may wait for one device.
const MAX_WAITING: usize = 256;

/// The ear of all simulated devices on one port.
#[derive(Debug)]
struct Ear {
    heard: broadcast::Sender<(SocketAddr, Bytes)>,
    _task: AbortOnDropHandle<()>,
}

/// The ears of this process, by port.
static EARS: LazyLock<Mutex<HashMap<u16, Weak<Ear>>>> = LazyLock::new(Mutex::default);

/// What one simulated device hears of the questions to everybody on a port. It answers from its own socket.
#[derive(Debug)]
pub struct Questions {
    heard: broadcast::Receiver<(SocketAddr, Bytes)>,
    _ear: Arc<Ear>,
}

/// Begins to hear the questions on a port, as all devices do that ask for the same. Called within the runtime.
///
/// # Errors
/// What the system says if the port cannot be heard.
pub fn questions(port: u16) -> io::Result<Questions> {
    let mut ears = EARS.lock();
    let ear = match ears.get(&port).and_then(Weak::upgrade) {
        Some(ear) => ear,
        None => {
            let ear = Arc::new(listen(port)?);
            ears.insert(port, Arc::downgrade(&ear));
            ear
        }
    };
    Ok(Questions { heard: ear.heard.subscribe(), _ear: ear })
}

fn listen(port: u16) -> io::Result<Ear> {
    let socket = networks::hearer(Reach::Loopback, port)?;
    let (heard, _) = broadcast::channel(MAX_WAITING);
    let task = tokio::spawn(hear(socket, heard.clone()));
    Ok(Ear { heard, _task: AbortOnDropHandle::new(task) })
}

async fn hear(socket: UdpSocket, heard: broadcast::Sender<(SocketAddr, Bytes)>) {
    let mut buffer = vec![0; 65_536];
    while let Ok((n, from)) = socket.recv_from(&mut buffer).await {
        let question = Bytes::copy_from_slice(buffer.get(..n).unwrap_or_default());
        // Without a device there is nobody to answer.
        let _ = heard.send((from, question));
    }
}

impl Questions {
    /// The next question and who asks. Waits for ever if no more can come.
    pub async fn next(&mut self) -> (SocketAddr, Bytes) {
        loop {
            match self.heard.recv().await {
                Ok(question) => return question,
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// Tells everybody who hears `port`, from a socket of the device's own address.
///
/// # Errors
/// What the system says.
pub async fn shout(from: IpAddr, port: u16, payload: &[u8]) -> io::Result<()> {
    let socket = UdpSocket::bind(SocketAddr::new(from, 0)).await?;
    socket.set_broadcast(true)?;
    socket.send_to(payload, (EVERYBODY_HERE, port)).await?;
    Ok(())
}

/// A service announced for as long as this lives.
#[derive(Debug)]
pub struct Announcement {
    fullname: String,
}

/// Announces a service such as `_wled._tcp` of the device `name` at its address.
///
/// # Errors
/// If there is no multicast DNS on this machine's loopback.
pub fn announce(service: &str, name: &str, at: SocketAddr, properties: &[(&str, &str)]) -> io::Result<Announcement> {
    let daemon = mdns::daemon(Reach::Loopback).map_err(io::Error::other)?;
    let host = format!("{}.local.", name.to_ascii_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let info = ServiceInfo::new(&format!("{service}.local."), name, &host, at.ip(), at.port(), properties);
    let info = info.map_err(io::Error::other)?;
    let fullname = info.get_fullname().to_owned();
    daemon.register(info).map_err(io::Error::other)?;
    Ok(Announcement { fullname })
}

impl Drop for Announcement {
    fn drop(&mut self) {
        if let Ok(daemon) = mdns::daemon(Reach::Loopback) {
            // If it does not work, the announcement runs out by itself.
            let _ = daemon.unregister(&self.fullname);
        }
    }
}
