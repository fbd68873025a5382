//! Multicast DNS at work: the bridge is announced as `_hue._tcp`, and who asks for that is noted.
//!
//! Invariant: the questions are only listened to; the library answers them.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::bridge::about::MODEL;
use crate::bridge::announce::{LOOK, networks_of, note, open_at};
use crate::bridge::face::Face;
use crate::bridge::manners::Manners;
use crate::io::mdns::{self, Announced, Reach, Service};
use crate::io::multicast::Ears;
use crate::io::networks::Network;
use crate::model::bridge::ids::BridgeId;
use crate::units::moment::Moment;
use crate::wire;

/// The service's type.
const KIND: &str = "_hue._tcp";
const NAME: &str = "_hue._tcp.local";
/// Bytes of a packet that are looked at.
const MAX_PACKET: usize = 9000;
/// Who asks is noted once in this: browsers ask for ever.
const NOTED_ONCE: Duration = Duration::from_secs(60);

/// What is announced of the bridge whose HTTPS is at this port.
#[must_use]
pub fn service(id: BridgeId, port: u16) -> Service {
    let [.., a, b, c] = id.0;
    Service {
        kind: KIND,
        instance: format!("Hue Bridge - {a:02X}{b:02X}{c:02X}"),
        host: id.mac_text(""),
        port,
        properties: vec![("bridgeid", id.lower()), ("modelid", MODEL.to_owned())],
    }
}

/// Announces the bridge until `stop`.
///
/// # Errors
/// Multicast DNS does not work here, or a port was wanted that it does not have.
pub fn open(face: Face, at: SocketAddr, stop: CancellationToken) -> io::Result<JoinHandle<()>> {
    if at.port() != mdns::PORT {
        let why = format!("multicast DNS has no other port than {}", mdns::PORT);
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    let reach = if at.ip().is_loopback() { Reach::Loopback } else { Reach::Lan };
    mdns::daemon(reach).map_err(io::Error::other)?;
    let (ears, manners) = (ears(reach), Manners::new(1, NOTED_ONCE));
    let speaker = Speaker { face, at, reach, ears, manners, begun: Instant::now(), networks: Vec::new(), told: None };
    Ok(tokio::spawn(speaker.run(stop)))
}

/// Hears questions beside the library. At the group's own address, or answers to the library's questions would come here
/// instead; where the system has no such address to listen at, nothing is heard.
fn ears(reach: Reach) -> Option<Ears> {
    let wanted = cfg!(unix) && reach == Reach::Lan;
    wanted.then(|| Ears::open(SocketAddr::new(mdns::GROUP.into(), mdns::PORT), mdns::GROUP).ok()).flatten()
}

struct Speaker {
    face: Face,
    at: SocketAddr,
    reach: Reach,
    ears: Option<Ears>,
    manners: Manners,
    begun: Instant,
    networks: Vec<Network>,
    told: Option<(Service, Announced)>,
}

impl Speaker {
    async fn run(mut self, stop: CancellationToken) {
        let mut buffer = vec![0; MAX_PACKET];
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = look.tick() => self.compare().await,
                heard = hear(self.ears.as_ref(), &mut buffer) => match heard {
                    Ok((n, from)) => self.on_question(buffer.get(..n).unwrap_or_default(), from),
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
            }
        }
        if let Some((_, announced)) = self.told {
            announced.goodbye().await;
        }
    }

    /// Announces what is to be announced now, in place of what was. Addresses are followed by the library.
    async fn compare(&mut self) {
        if let Some(ears) = &mut self.ears {
            self.networks = networks_of(self.at.ip());
            ears.follow(&self.networks);
        }
        let view = self.face.view();
        let wanted = open_at(&view, "bridge.https").map(|door| service(view.bridge.identity.id, door.port()));
        if wanted.as_ref() == self.told.as_ref().map(|(service, _)| service) {
            return;
        }
        if let Some((_, before)) = self.told.take() {
            before.goodbye().await;
        }
        match wanted.map(|service| mdns::register(self.reach, &service).map(|announced| (service, announced))) {
            Some(Ok(told)) => self.told = Some(told),
            Some(Err(why)) => tracing::warn!(why, "the bridge is not announced by multicast DNS"),
            None => {}
        }
    }

    /// Notes who asks for bridges, but for this machine's own questions.
    fn on_question(&mut self, packet: &[u8], from: SocketAddr) {
        let own = self.networks.iter().any(|network| IpAddr::V4(network.own.addr()) == from.ip());
        let now = Moment::ZERO + self.begun.elapsed();
        if !own && wire::mdns::asks_for(packet, NAME) && self.manners.allow(from.ip(), now) {
            note(&self.face, from, "mDNS", NAME);
        }
    }
}

/// The next packet; never, if nothing can be heard.
async fn hear(ears: Option<&Ears>, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
    match ears {
        Some(ears) => ears.hear(buffer).await,
        None => std::future::pending().await,
    }
}
