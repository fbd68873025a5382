//! The resources as they are now, ready to be sent, and where their changes are told.
//!
//! Invariant: what was serialised once is sent again until the resource changes; the same holds for the list of a type
//! and for the list of everything.
//! Invariant: a book never changes: readers keep the one they began with.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

use crate::bridge::v2::change::{Changes, Resource};
use crate::model::bridge::ids::Thing;

/// Moments of changes that a listener may lag behind.
const QUEUE: usize = 1024;
/// How long a reader waits for the book to catch up.
const PATIENCE: Duration = Duration::from_secs(2);
/// Parts that the resources of a type are kept in.
const SHARDS: usize = 16;
/// What stands before and behind the resources of an answer.
const HEAD: &[u8] = br#"{"errors":[],"data":["#;
const FOOT: &[u8] = b"]}";

/// A resource that is kept, with the thing it is a part of.
#[derive(Debug)]
pub struct Kept {
    /// The resource.
    pub resource: Resource,
    /// What it is a part of.
    pub thing: Thing,
    bytes: OnceLock<Bytes>,
}

impl Kept {
    /// Keeps a resource.
    #[must_use]
    pub fn new(thing: Thing, resource: Resource) -> Self {
        Self { resource, thing, bytes: OnceLock::new() }
    }

    /// Its JSON.
    pub fn bytes(&self) -> &Bytes {
        self.bytes.get_or_init(|| serde_json::to_vec(&self.resource.body).unwrap_or_default().into())
    }
}

/// The resources of one type, in shards, so that a change of one copies few.
#[derive(Clone, Debug, Default)]
pub struct Kind {
    shards: [Arc<BTreeMap<Uuid, Arc<Kept>>>; SHARDS],
    list: OnceLock<Bytes>,
}

impl Kind {
    /// The answer that lists them.
    pub fn list(&self) -> &Bytes {
        self.list.get_or_init(|| envelope(self.all()))
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Kept>> + Clone {
        self.shards.iter().flat_map(|shard| shard.values())
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: Uuid) -> Option<&Arc<Kept>> {
        self.shards.get(shard(id))?.get(&id)
    }

    /// Keeps a resource in place of the one of its UUID.
    pub fn put(&mut self, kept: Arc<Kept>) {
        self.list = OnceLock::new();
        let id = kept.resource.id;
        if let Some(shard) = self.shards.get_mut(shard(id)) {
            Arc::make_mut(shard).insert(id, kept);
        }
    }

    /// Forgets a resource.
    pub fn remove(&mut self, id: Uuid) {
        self.list = OnceLock::new();
        if let Some(shard) = self.shards.get_mut(shard(id)) {
            Arc::make_mut(shard).remove(&id);
        }
    }
}

fn shard(id: Uuid) -> usize {
    usize::from(id.as_bytes()[0]) % SHARDS
}

/// All resources.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// By their types.
    pub kinds: BTreeMap<&'static str, Arc<Kind>>,
    list: OnceLock<Bytes>,
}

impl Book {
    /// A book of these.
    #[must_use]
    pub fn new(kinds: BTreeMap<&'static str, Arc<Kind>>) -> Self {
        Self { kinds, list: OnceLock::new() }
    }

    /// The answer that lists all.
    pub fn list(&self) -> &Bytes {
        self.list.get_or_init(|| envelope(self.kinds.values().flat_map(|kind| kind.all())))
    }

    /// A resource.
    #[must_use]
    pub fn find(&self, kind: &str, id: Uuid) -> Option<&Arc<Kept>> {
        self.kinds.get(kind)?.get(id)
    }
}

/// The answer that lists these.
pub fn envelope<'a>(kept: impl Iterator<Item = &'a Arc<Kept>> + Clone) -> Bytes {
    let long = kept.clone().map(|kept| kept.bytes().len() + 1).sum::<usize>();
    let mut body = Vec::with_capacity(HEAD.len() + long + FOOT.len());
    body.extend_from_slice(HEAD);
    for (n, kept) in kept.enumerate() {
        if n > 0 {
            body.push(b',');
        }
        body.extend_from_slice(kept.bytes());
    }
    body.extend_from_slice(FOOT);
    body.into()
}

/// Where the newest book lies and its changes are told.
#[derive(Debug)]
pub struct Shelf {
    /// The newest book.
    pub resources: ArcSwap<Book>,
    /// What changes in it.
    pub changes: broadcast::Sender<Changes>,
    /// The sequence number of the newest fact that it knows.
    pub seq: watch::Sender<u64>,
}

impl Default for Shelf {
    fn default() -> Self {
        let (changes, seq) = (broadcast::Sender::new(QUEUE), watch::Sender::new(0));
        Self { resources: ArcSwap::from_pointee(Book::default()), changes, seq }
    }
}

impl Shelf {
    /// The newest book, once it knows the fact of this number; `None` if it does not in time.
    pub async fn at(&self, seq: u64) -> Option<Arc<Book>> {
        let mut known = self.seq.subscribe();
        let there = tokio::time::timeout(PATIENCE, known.wait_for(|known| *known >= seq)).await;
        matches!(there, Ok(Ok(_))).then(|| self.resources.load_full())
    }
}
