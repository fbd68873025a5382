//! A request to each address of networks that a person named.
//!
//! Invariant: at most [`AT_ONCE`] sockets are open for it, and at most [`MAX_ADDRESSES`] addresses are asked.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use ipnet::Ipv4Net;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::drivers::{Search, Sighting};
use crate::engine::discovery::Seen;
use crate::engine::discovery::sightings::Sightings;
use crate::io::http;
use crate::io::mdns::Reach;
use crate::io::networks;

/// Sockets open at once.
const AT_ONCE: usize = 64;
/// The largest network that is swept: a /22.
const MAX_ADDRESSES: usize = 1024;
/// Within this most devices take a connection; three times the slowest so far if that is more.
const CONNECT_WITHIN: Duration = Duration::from_millis(400);
const CONNECT_AT_MOST: Duration = Duration::from_millis(1500);
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
const MAX_ANSWER: usize = 256 * 1024;

/// Asks each address of `cidrs`.
pub(super) async fn sweep(sightings: Arc<Sightings>, reach: Reach, cidrs: Vec<String>) {
    match addresses(reach, &cidrs) {
        Ok(addresses) => ask_all(&sightings, &addresses).await,
        Err(why) => sightings.trouble(why),
    }
    sightings.say(Seen::Swept(None));
}

/// The addresses of devices in these networks: without the networks' own, those of everybody, and ours.
fn addresses(reach: Reach, cidrs: &[String]) -> Result<BTreeSet<Ipv4Addr>, String> {
    let ours: BTreeSet<Ipv4Addr> = match reach {
        Reach::Lan => networks::list(reach).unwrap_or_default().iter().map(|net| net.own.addr()).collect(),
        Reach::Loopback => BTreeSet::new(),
    };
    let mut all = BTreeSet::new();
    for cidr in cidrs {
        let text = cidr.trim();
        let net = text.parse::<Ipv4Net>().or_else(|_| text.parse::<Ipv4Addr>().map(Ipv4Net::from));
        let net = net.map_err(|_| format!("\"{text}\" is no network. Write one such as 192.168.1.0/24."))?;
        if reach == Reach::Loopback && !net.addr().is_loopback() {
            return Err(format!("{net} is not on this machine, and other networks may not be searched here."));
        }
        if net.prefix_len() < 22 {
            return Err(format!("{net} is too large to ask each address. Name parts of it, each a /22 at most."));
        }
        all.extend(net.hosts().filter(|ip| !ours.contains(ip)));
        if all.len() > MAX_ADDRESSES {
            return Err("These are too many addresses for one search. Search a /22 at a time.".to_owned());
        }
    }
    Ok(all)
}

async fn ask_all(sightings: &Arc<Sightings>, addresses: &BTreeSet<Ipv4Addr>) {
    let Ok(client) = http::client().connect_timeout(CONNECT_AT_MOST).timeout(ANSWER_WITHIN).build() else { return };
    let sweep = Arc::new(Sweep { sightings: Arc::clone(sightings), client, slowest_ms: AtomicU64::new(0) });
    let searches = sightings.searches().into_iter().filter(|search| matches!(search, Search::Sweep { .. }));
    let asks: Vec<_> = searches.flat_map(|search| addresses.iter().map(move |ip| (search, *ip))).collect();
    let total = asks.len().max(1);
    let asked = futures_util::stream::iter(asks).map(move |(search, ip)| {
        let sweep = Arc::clone(&sweep);
        async move { sweep.ask(search, ip).await }
    });
    let mut asked = asked.buffer_unordered(AT_ONCE);
    let (mut n_done, mut told) = (0, 0);
    while asked.next().await.is_some() {
        n_done += 1;
        let percent = u8::try_from(n_done * 100 / total).unwrap_or(100);
        if percent != told {
            told = percent;
            sightings.say(Seen::Swept(Some(percent)));
        }
    }
}

struct Sweep {
    sightings: Arc<Sightings>,
    client: reqwest::Client,
    slowest_ms: AtomicU64,
}

impl Sweep {
    async fn ask(&self, search: Search, ip: Ipv4Addr) {
        let Search::Sweep { port, path } = search else { return };
        let at = SocketAddr::new(IpAddr::V4(ip), port);
        if !self.takes_connections(at).await {
            return;
        }
        let Ok(response) = self.client.get(format!("http://{at}{path}")).send().await else { return };
        if !response.status().is_success() || response.content_length().is_some_and(|n| n > MAX_ANSWER as u64) {
            return;
        }
        let mut pieces = response.bytes_stream();
        let mut payload = Vec::new();
        while let Some(Ok(piece)) = pieces.next().await {
            payload.extend_from_slice(&piece);
            if payload.len() > MAX_ANSWER {
                return;
            }
        }
        self.sightings.hand(&Sighting { search, name: "", from: Some(at), properties: &[], payload: &payload });
    }

    async fn takes_connections(&self, at: SocketAddr) -> bool {
        let slowest = Duration::from_millis(self.slowest_ms.load(Ordering::Relaxed));
        let within = (slowest * 3).clamp(CONNECT_WITHIN, CONNECT_AT_MOST);
        let begun = Instant::now();
        let taken = matches!(timeout(within, TcpStream::connect(at)).await, Ok(Ok(_)));
        if taken {
            let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            self.slowest_ms.fetch_max(ms, Ordering::Relaxed);
        }
        taken
    }
}
