//! What Hue apps asked of the bridge, for the doctor: the last requests of each client, and what became of them.
//!
//! Invariant: bounded: so many clients, so many requests of each; the client that was silent longest goes first. Paths
//! carry no keys.

use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;

/// Clients that are remembered.
pub const MAX_CLIENTS: usize = 256;
/// Requests of each that are remembered.
pub const MAX_VISITS: usize = 50;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// When.
    pub at: Timestamp,
    /// Whether it came by HTTPS.
    pub tls: bool,
    /// `GET` and the like; `M-SEARCH` for a search by SSDP, `mDNS` for one by mDNS.
    pub method: Arc<str>,
    /// The path, with `<key>` in the place of a key.
    pub path: Arc<str>,
    /// The status; 200 for version 1 even where it refuses.
    pub status: u16,
    /// Why it was refused, for people; `None` if it was not.
    pub refused: Option<Arc<str>>,
}

/// Somebody who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// From where.
    pub address: IpAddr,
    /// The app's name, once it used a key.
    pub app: Option<Arc<str>>,
    /// What it calls itself in `User-Agent`.
    pub agent: Option<Arc<str>>,
    /// How often it asked, and how often that was refused.
    pub counts: (u64, u64),
    /// Its last requests, the newest last.
    pub visits: VecDeque<Visit>,
}

/// Everybody who asked.
#[derive(Debug, Default)]
pub struct Visits {
    clients: Mutex<BTreeMap<IpAddr, Client>>,
}

impl Visits {
    /// Notes a request. `app` is the name of the app whose key it used.
    pub fn note(&self, address: IpAddr, app: Option<&Arc<str>>, agent: Option<&str>, visit: Visit) {
        let mut clients = self.clients.lock();
        if !clients.contains_key(&address) && clients.len() >= MAX_CLIENTS {
            let last = |client: &Client| client.visits.back().map(|visit| visit.at);
            let longest = clients.values().min_by_key(|client| last(client)).map(|client| client.address);
            longest.map(|address| clients.remove(&address));
        }
        let client = clients.entry(address).or_insert_with(|| Client {
            address,
            app: None,
            agent: None,
            counts: (0, 0),
            visits: VecDeque::new(),
        });
        if let Some(app) = app.filter(|app| client.app.as_ref() != Some(app)) {
            client.app = Some(Arc::clone(app));
        }
        if let Some(agent) = agent.filter(|agent| client.agent.as_deref() != Some(agent)) {
            client.agent = Some(agent.chars().take(120).collect::<String>().into());
        }
        client.counts.0 += 1;
        client.counts.1 += u64::from(visit.refused.is_some());
        if client.visits.len() >= MAX_VISITS {
            client.visits.pop_front();
        }
        client.visits.push_back(visit);
    }

    /// Everybody, the one heard last first.
    #[must_use]
    pub fn clients(&self) -> Vec<Client> {
        let mut clients: Vec<Client> = self.clients.lock().values().cloned().collect();
        clients.sort_by_key(|client| std::cmp::Reverse(client.visits.back().map(|visit| visit.at)));
        clients
    }
}
