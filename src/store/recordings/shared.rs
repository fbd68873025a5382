//! What the handle, the recorder and the readers share.
//!
//! Invariant: no lock is held while a file is read or written.

use std::path::Path;
use std::sync::atomic::AtomicU64;

use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::store::recordings::catalogue::Catalogue;
use crate::store::recordings::queue::Queue;
use crate::store::recordings::tables::Tables;

/// What the handle, the recorder and the readers share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) queue: Mutex<Queue>,
    pub(super) changed: Condvar,
    pub(super) catalogue: Mutex<Catalogue>,
    pub(super) loaded: Condvar,
    pub(super) tables: Tables,
    pub(super) dropped: AtomicU64,
    pub(super) written: AtomicU64,
}

impl Shared {
    /// Over the recordings in a folder, which may take `budget` bytes.
    pub(super) fn new(folder: &Path, budget: u64) -> Self {
        Self {
            queue: Mutex::new(Queue::new(budget)),
            changed: Condvar::new(),
            catalogue: Mutex::new(Catalogue::new(folder.to_owned())),
            loaded: Condvar::new(),
            tables: Tables::default(),
            dropped: AtomicU64::new(0),
            written: AtomicU64::new(0),
        }
    }

    /// The catalogue, once the folder was looked through.
    pub(super) fn catalogue(&self) -> MutexGuard<'_, Catalogue> {
        let mut catalogue = self.catalogue.lock();
        while !catalogue.loaded {
            self.loaded.wait(&mut catalogue);
        }
        catalogue
    }
}
