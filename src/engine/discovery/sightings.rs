//! Sightings on their way to the families that look for them, and their claims on the way out.
//!
//! Invariant: the same claim is told once in [`QUIET`], however often it is made; at most [`MAX_KNOWN`] are remembered.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::drivers::light::LightDriver;
use crate::drivers::{Claim, Family, Search, Sighting};
use crate::engine::discovery::Seen;

/// Three questions bring three answers; this is longer than they take.
const QUIET: Duration = Duration::from_secs(4);
const MAX_KNOWN: usize = 4096;

/// Which family claimed what: its identity, or its address if it has none.
type Key = (&'static str, String);

/// What all searches share.
pub(super) struct Sightings {
    families: &'static [&'static Family<LightDriver>],
    seen: mpsc::UnboundedSender<Seen>,
    known: Mutex<HashMap<Key, (Claim, Instant)>>,
    troubles: Mutex<BTreeSet<String>>,
    strange: AtomicU64,
}

impl Sightings {
    pub(super) fn new(
        families: &'static [&'static Family<LightDriver>],
        seen: mpsc::UnboundedSender<Seen>,
    ) -> Arc<Self> {
        Arc::new(Self {
            families,
            seen,
            known: Mutex::default(),
            troubles: Mutex::default(),
            strange: AtomicU64::new(0),
        })
    }

    /// What the families look for, each search once.
    pub(super) fn searches(&self) -> Vec<Search> {
        let mut searches = Vec::new();
        for search in self.families.iter().flat_map(|family| family.searches) {
            if !searches.contains(search) {
                searches.push(*search);
            }
        }
        searches
    }

    /// Shows a sighting to the families that look this way.
    pub(super) fn hand(&self, sighting: &Sighting<'_>) {
        let mut claimed = false;
        for family in self.families.iter().filter(|family| family.searches.contains(&sighting.search)) {
            if let Some(claim) = (family.claim)(sighting) {
                claimed = true;
                self.claim(family, claim);
            }
        }
        if !claimed {
            let n = self.strange.fetch_add(1, Ordering::Relaxed) + 1;
            tracing::trace!(from = ?sighting.from, n, "nobody knows this device");
        }
    }

    fn claim(&self, family: &'static Family<LightDriver>, claim: Claim) {
        let key = (family.id, claim.identity.clone().unwrap_or_else(|| claim.address.clone()));
        let mut known = self.known.lock();
        let now = Instant::now();
        if known.get(&key).is_some_and(|(before, at)| *before == claim && now - *at < QUIET) {
            return;
        }
        if known.len() >= MAX_KNOWN {
            known.retain(|_, (_, at)| now - *at < QUIET);
        }
        if known.len() < MAX_KNOWN {
            known.insert(key, (claim.clone(), now));
        }
        drop(known);
        self.say(Seen::Device(family, claim));
    }

    /// Says what does not work, once.
    pub(super) fn trouble(&self, why: String) {
        if self.troubles.lock().insert(why.clone()) {
            self.say(Seen::Trouble(why));
        }
    }

    pub(super) fn say(&self, seen: Seen) {
        // Whoever no longer listens misses nothing.
        let _ = self.seen.send(seen);
    }
}
