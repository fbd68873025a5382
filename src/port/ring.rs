//! The key ring of the Hue bridge: which key is whose. Kept apart from the snapshot, since keys are secrets.
//!
//! Invariant: a key is found by hashing, without a lock, in the time of one look-up; noting its use is one atomic write.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use crate::model::bridge::app::{App, AppId};

/// A key, with whose it is.
pub struct Key {
    /// Whose.
    pub app: AppId,
    /// What the app calls itself.
    pub name: Arc<str>,
    /// Since when.
    pub created: Timestamp,
    /// The key itself: the `username` of version 1, the `hue-application-key` of version 2.
    pub key: Arc<str>,
    /// The key for streaming, 16 bytes.
    pub client_key: Option<[u8; 16]>,
    used: AtomicI64,
}

impl Key {
    /// The key of an app.
    #[must_use]
    pub fn new(app: &App, key: Arc<str>, client_key: Option<[u8; 16]>) -> Self {
        let used = AtomicI64::new(app.used.map_or(0, Timestamp::as_second));
        Self { app: app.id.clone(), name: Arc::clone(&app.name), created: app.created, key, client_key, used }
    }

    /// Notes that it was used.
    pub fn touch(&self, now: Timestamp) {
        self.used.store(now.as_second(), Ordering::Relaxed);
    }

    /// When it was used last, to the second; `None` if it never was.
    #[must_use]
    pub fn used(&self) -> Option<Timestamp> {
        let second = self.used.load(Ordering::Relaxed);
        Timestamp::from_second(second).ok().filter(|_| second > 0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("app", &self.app).field("name", &self.name).finish_non_exhaustive()
    }
}

/// All keys.
#[derive(Debug, Default)]
pub struct Ring {
    keys: HashMap<Arc<str>, Arc<Key>>,
}

impl Ring {
    /// A ring with these.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = Arc<Key>>) -> Self {
        Self { keys: keys.into_iter().map(|key| (Arc::clone(&key.key), key)).collect() }
    }

    /// Whose key this is.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Arc<Key>> {
        self.keys.get(key)
    }

    /// All of them, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Key>> {
        self.keys.values()
    }
}
