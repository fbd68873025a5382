//! The clock-driven engine: rules, schedules, timers, behaviours and smart scenes that apps keep in the bridge.
//!
//! ```text
//!  facts ──▶ Engine ◀── times        calendar   what is due when, whatever the clock does
//!              │                     verdict    rules and their conditions, by what is in sight
//!              ▼                     hands      motion, switches, coming home
//!          commands ──▶ port         smart      scenes by day and time
//! ```
//!
//! Invariant: the engine is pure ([`engine::Engine`]); this file only sleeps, hears and sends.
//! Invariant: it is never asleep for more than [`LONGEST_SLEEP`], and reads the wall clock anew whenever it wakes: a clock
//! that jumps and a machine that slept are noticed.
//! Invariant: no command is waited for: they go out one after the other behind the engine's back.

pub mod acts;
pub mod calendar;
pub mod due;
pub mod engine;
mod facts;
pub mod hands;
pub mod jobs;
pub mod sight;
pub mod smart;
pub mod verdict;

use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::model::message::Outcome;
use crate::port::Port;
use crate::rules::clock::due::{Due, Now};
use crate::rules::clock::engine::Engine;

/// It looks at the clock at least this often.
pub const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// Commands that wait to be sent, at most.
const WAITING: usize = 4096;

/// Runs the engine until `stop`; `now` reads both clocks.
pub async fn run(port: Port, now: impl Fn() -> Now + Send, stop: CancellationToken) {
    let (out, waiting) = mpsc::channel(WAITING);
    tokio::join!(
        async {
            stop.run_until_cancelled(think(&port, now, out)).await;
        },
        async {
            stop.run_until_cancelled(send(&port, waiting)).await;
        }
    );
}

async fn think(port: &Port, now: impl Fn() -> Now, out: mpsc::Sender<Due>) {
    let mut feed = port.feed.0.subscribe();
    let mut engine = Engine::new(&port.view(), now());
    loop {
        for due in engine.take() {
            if out.try_send(due).is_err() {
                tracing::warn!("too much is due at once; some of it is not done");
            }
        }
        tokio::select! {
            heard = feed.recv() => match heard {
                Ok(published) => engine.on_facts(&published.snapshot, &published.facts, now()),
                Err(RecvError::Lagged(_)) => engine.reload(&port.view(), now()),
                Err(RecvError::Closed) => return,
            },
            () = tokio::time::sleep(pause(&engine, now())) => engine.on_tick(now()),
        }
    }
}

/// How long nothing is due.
fn pause(engine: &Engine, now: Now) -> Duration {
    let until = engine.wake_at().map(|at| Duration::try_from(at.duration_since(now.wall)).unwrap_or_default());
    // A timer may wake a little too early: not again and again until it is time.
    until.map_or(LONGEST_SLEEP, |until| (until + Duration::from_millis(1)).min(LONGEST_SLEEP))
}

/// Sends commands in order.
async fn send(port: &Port, mut waiting: mpsc::Receiver<Due>) {
    while let Some(Due { command, origin, cause }) = waiting.recv().await {
        let by = origin.words();
        if let Outcome::Refused { why } = port.call_because(command, origin, cause).await {
            tracing::warn!(%by, why, "what was due was refused");
        }
    }
}
