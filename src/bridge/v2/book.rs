//! The task that keeps the resources: it hears every fact, and puts a new book onto the shelf when one changed something.
//!
//! Invariant: work grows with what changed, not with how often: what came while it was busy is taken in as one.
//! Invariant: the book is on the shelf before its changes are told, and before its sequence number is.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::bridge::face::Face;
use crate::bridge::v2::change::{Change, Changes};
use crate::bridge::v2::keeper::Keeper;

/// How often is looked at what changes with the clock alone.
const LOOKS: Duration = Duration::from_secs(60);
/// Folds that are taken in at once while they come faster than one by one.
const AT_ONCE: usize = 256;

/// Keeps the book until `stop`, or until the engine is gone.
pub async fn run(face: Face, stop: CancellationToken) {
    // Subscribed first, so that no fact falls between the snapshot and the first one received.
    let mut feed = face.port.feed.0.subscribe();
    let mut keeper = Keeper::default();
    let changes = keeper.reload(face.view(), face.events.now(), (face.wall)());
    publish(&face, &keeper, changes);
    let mut waiting = Vec::new();
    let mut looks = tokio::time::interval(LOOKS);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let changes = tokio::select! {
            () = stop.cancelled() => return,
            _ = looks.tick(), if keeper.follows_clock() => keeper.tick(face.events.now(), (face.wall)()),
            heard = feed.recv() => match heard {
                Ok(first) => {
                    waiting.push(first);
                    waiting.extend(std::iter::from_fn(|| feed.try_recv().ok()).take(AT_ONCE - 1));
                    let changes = keeper.fold(&waiting);
                    waiting.clear();
                    changes
                }
                Err(RecvError::Lagged(_)) => keeper.reload(face.view(), face.events.now(), (face.wall)()),
                Err(RecvError::Closed) => return,
            },
        };
        publish(&face, &keeper, changes);
    }
}

fn publish(face: &Face, keeper: &Keeper, changes: Vec<Change>) {
    let seq = keeper.seq();
    if !changes.is_empty() {
        face.book.resources.store(Arc::new(keeper.book()));
    }
    face.book.seq.send_replace(seq);
    if !changes.is_empty() {
        // Nobody listening is no error.
        drop(face.book.changes.send(Changes { seq, changes: changes.into() }));
    }
}
