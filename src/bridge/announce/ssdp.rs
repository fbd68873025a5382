//! SSDP at work: tells everybody each minute that the bridge is there, answers who looks for it, says goodbye.
//!
//! Invariant: answers that wait are bounded; so is how often one address is answered.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::bridge::announce::{LOOK, networks_of, note, open_at};
use crate::bridge::face::Face;
use crate::bridge::manners::Manners;
use crate::bridge::ssdp::{Beacon, EVERY, GROUP, MAX_DATAGRAM, Search};
use crate::io::multicast::{self, Ears};
use crate::io::networks::Network;
use crate::units::moment::Moment;

/// Answers that may wait at once.
const MAX_WAITING: usize = 128;
/// After this everything is told once more: datagrams get lost.
const AGAIN: Duration = Duration::from_millis(250);
/// Searches of one address that are answered in [`WITHIN`].
const TIMES: u32 = 12;
const WITHIN: Duration = Duration::from_secs(10);

/// Opens the port and announces the bridge until `stop`.
///
/// # Errors
/// What the system says of the port.
pub fn open(face: Face, at: SocketAddr, stop: CancellationToken) -> io::Result<JoinHandle<()>> {
    // At an address of one network, what is said to everybody is not heard.
    let bind = if at.ip().is_loopback() { at.ip() } else { Ipv4Addr::UNSPECIFIED.into() };
    let ears = Ears::open(SocketAddr::new(bind, at.port()), GROUP)?;
    let begun = Instant::now();
    let speaker = Speaker {
        face,
        at,
        ears,
        begun,
        look: begun,
        alive: begun,
        again: None,
        told: None,
        networks: Vec::new(),
        manners: Manners::new(TIMES, WITHIN),
        waiting: Vec::new(),
    };
    Ok(tokio::spawn(speaker.run(stop)))
}

/// What is told, and the address of the door that it leads to.
type Told = (Beacon, IpAddr);

/// An answer that waits for its time.
struct Waiting {
    due: Instant,
    to: SocketAddr,
    answers: Vec<String>,
}

struct Speaker {
    face: Face,
    at: SocketAddr,
    ears: Ears,
    begun: Instant,
    /// When to look next what changed.
    look: Instant,
    /// When to tell everybody next.
    alive: Instant,
    /// When to tell it once more.
    again: Option<Instant>,
    told: Option<Told>,
    networks: Vec<Network>,
    manners: Manners,
    waiting: Vec<Waiting>,
}

impl Speaker {
    async fn run(mut self, stop: CancellationToken) {
        let mut buffer = vec![0; MAX_DATAGRAM];
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = sleep_until(self.due()) => self.on_time().await,
                heard = self.ears.hear(&mut buffer) => match heard {
                    Ok((n, from)) => self.on_search(buffer.get(..n).unwrap_or_default(), from),
                    // Some systems tell here that an answer met a closed port; others may still ask.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
            }
        }
        for _ in 0..2 {
            self.goodbye(|_| true).await;
        }
    }

    fn due(&self) -> Instant {
        let waiting = self.waiting.iter().map(|waiting| waiting.due);
        waiting.chain(self.again).chain([self.look]).min().unwrap_or(self.look)
    }

    fn on_search(&mut self, datagram: &[u8], from: SocketAddr) {
        let (Some(search), SocketAddr::V4(asker)) = (Search::read(datagram), from) else { return };
        let Some(own) = multicast::own_address_for(*asker.ip(), &self.networks) else { return };
        let Some((beacon, _)) = self.told.as_ref().filter(|told| leads_to(told, own)) else { return };
        let answers = beacon.answers(&search, own);
        let now = Moment::ZERO + self.begun.elapsed();
        if answers.is_empty() || self.waiting.len() >= MAX_WAITING || !self.manners.allow(from.ip(), now) {
            return;
        }
        note(&self.face, from, "M-SEARCH", search.target());
        let due = Instant::now() + search.delay(fastrand::f32());
        self.waiting.push(Waiting { due, to: from, answers });
    }

    async fn on_time(&mut self) {
        let now = Instant::now();
        for Waiting { to, answers, .. } in self.waiting.extract_if(.., |waiting| waiting.due <= now) {
            for answer in &answers {
                if let Err(error) = self.ears.answer(to, answer).await {
                    tracing::debug!(%to, %error, "a search could not be answered");
                }
            }
        }
        if self.look <= now {
            self.look = now + LOOK;
            self.compare().await;
        }
        let again = self.again.is_some_and(|again| again <= now);
        if self.alive <= now {
            (self.alive, self.again) = (now + EVERY, Some(now + AGAIN));
            self.hello().await;
        } else if again {
            self.again = None;
            self.hello().await;
        }
    }

    /// Looks what changed; if something did, everybody is told at once.
    async fn compare(&mut self) {
        let (networks, told) = (networks_of(self.at.ip()), self.told_now());
        let same = told == self.told;
        if same && networks == self.networks {
            return;
        }
        // On those that are gone nobody hears us any more; on those that are new somebody may know us elsewhere.
        let before = std::mem::take(&mut self.networks);
        let moved = |network: &Network| !same || !before.contains(network);
        self.networks = networks;
        let own = self.networks.iter().map(|network| IpAddr::V4(network.own.addr())).filter(|own| !own.is_loopback());
        self.face.port.slots.bridge.addresses.store(Arc::new(own.collect()));
        self.goodbye(moved).await;
        self.told = told;
        self.ears.follow(&self.networks);
        self.alive = Instant::now();
    }

    fn told_now(&self) -> Option<Told> {
        let view = self.face.view();
        let door = open_at(&view, "bridge.http")?;
        Some((Beacon::new(&view.bridge.identity, door.port()), door.ip()))
    }

    async fn hello(&self) {
        let Some(told) = &self.told else { return };
        for network in self.networks.iter().filter(|network| leads_to(told, network.own.addr())) {
            self.tell(network, &told.0.alive(network.own.addr())).await;
        }
    }

    async fn goodbye(&self, on: impl Fn(&Network) -> bool) {
        let Some((beacon, _)) = &self.told else { return };
        for network in self.networks.iter().filter(|network| on(network)) {
            self.tell(network, &beacon.byebye()).await;
        }
    }

    /// On this machine alone nobody listens to a group.
    async fn tell(&self, network: &Network, texts: &[String]) {
        if network.own.addr().is_loopback() {
            return;
        }
        if let Err(error) = multicast::tell(network, SocketAddr::new(GROUP.into(), self.at.port()), texts).await {
            tracing::debug!(%network, %error, "the bridge could not be announced");
        }
    }
}

/// Whether the door can be reached at this address of ours.
fn leads_to((_, door): &Told, own: Ipv4Addr) -> bool {
    door.is_unspecified() || *door == IpAddr::V4(own)
}
