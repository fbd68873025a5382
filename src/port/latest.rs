//! One slot, newest wins: for what is big and frequent.
//!
//! Invariant: a writer never waits for a reader; an overwritten value that nobody took is counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwapOption;

/// A slot for the newest `T`.
#[derive(Debug)]
pub struct Latest<T> {
    cell: ArcSwapOption<T>,
    overwritten: AtomicU64,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { cell: ArcSwapOption::empty(), overwritten: AtomicU64::new(0) }
    }
}

impl<T> Latest<T> {
    /// Puts a value in; hands back the one that nobody took, so that its memory can be used again.
    pub fn put(&self, value: Arc<T>) -> Option<Arc<T>> {
        let old = self.cell.swap(Some(value));
        if old.is_some() {
            self.overwritten.fetch_add(1, Ordering::Relaxed);
        }
        old
    }

    /// Takes the value out.
    #[must_use]
    pub fn take(&self) -> Option<Arc<T>> {
        self.cell.swap(None)
    }

    /// How many values were overwritten before anybody took them.
    #[must_use]
    pub fn overwritten(&self) -> u64 {
        self.overwritten.load(Ordering::Relaxed)
    }
}
