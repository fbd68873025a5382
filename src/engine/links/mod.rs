//! Links of lights at work: each is a task that runs one driver over real channels.
//!
//! ```text
//!  lights service ──wishes──▶ Mailbox ──▶ task: Link + driver ──▶ channels (io) ──▶ device
//!  effects, streams ─frames─▶ Latest<Frame> ─┘        └──Heard──▶ lights service
//! ```
//!
//! Invariant: of two wishes for one light the newer wins; a slow or dead device holds nobody up.
//! Invariant: a frame takes no lock, no bus and no memory of its own on its way from its slot to the socket.

mod channels;
mod net;
mod task;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::drivers::light::{LightDriver, Said, Thing, Wish};
use crate::drivers::{LocalId, Opening};
use crate::engine::link::Told;
use crate::engine::links::task::Task;
use crate::io::clock::Clock;
use crate::model::frame::Frame;
use crate::model::lights::connection::{ConnectionId, Counts};
use crate::port::latest::Latest;

pub use crate::engine::links::net::Net;

/// Where the newest frame of a light lies.
pub type FrameSlot = Arc<Latest<Frame>>;

/// What links tell the lights service.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// What a link or its driver said.
    Told(ConnectionId, Told<Thing, Said>),
    /// What was counted, at most once a second, and only if something else changed.
    Counts(ConnectionId, Counts),
    /// A wish that the thing cannot do.
    Unsupported(ConnectionId, LocalId),
}

/// What lies ready for a link.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    /// States, newest wins per thing.
    pub(crate) states: Mutex<BTreeMap<LocalId, Wish>>,
    /// What must not be overwritten by a state: to make itself known and the like, in order.
    pub(crate) others: Mutex<Vec<(LocalId, Wish)>>,
    /// Which things are streamed to, and where their frames lie.
    pub(crate) streams: ArcSwap<Vec<(LocalId, FrameSlot)>>,
    /// Something of the above changed, or a frame was put.
    pub(crate) news: Notify,
    /// A person asked to try now.
    pub(crate) retry: Notify,
    /// When the oldest of the wishes in here was handed over, in nanoseconds of a moment; 0 if there are none.
    pub(crate) asked_at: AtomicU64,
}

/// A running link.
#[derive(Clone, Debug)]
pub struct Handle {
    mailbox: Arc<Mailbox>,
    stop: CancellationToken,
    clock: Clock,
}

/// Things one thing can wait to be asked beside its state, at most.
const MAX_OTHERS: usize = 256;

impl Handle {
    /// Asks something of a thing. It takes effect with the next [`Handle::go`], so that a group's wishes come to the
    /// driver in one piece.
    pub fn wish(&self, thing: &LocalId, wish: Wish) {
        let now = self.clock.now().0.max(1);
        // If there was one before, that one is the older.
        let _ = self.mailbox.asked_at.compare_exchange(0, now, Ordering::AcqRel, Ordering::Relaxed);
        match wish {
            Wish::State { .. } => drop(self.mailbox.states.lock().insert(thing.clone(), wish)),
            other => {
                let mut others = self.mailbox.others.lock();
                if others.len() < MAX_OTHERS {
                    others.push((thing.clone(), other));
                }
            }
        }
    }

    /// Lets the link see what was asked.
    pub fn go(&self) {
        self.mailbox.news.notify_one();
    }

    /// Settles which things are streamed to. What is no longer there is left ([`Wish::Leave`]).
    pub fn stream(&self, streams: Vec<(LocalId, FrameSlot)>) {
        self.mailbox.streams.store(Arc::new(streams));
        self.mailbox.news.notify_one();
    }

    /// Tries now what waits for its next try.
    pub fn retry(&self) {
        self.mailbox.retry.notify_one();
    }

    /// Ends it; its channels are closed.
    pub fn stop(&self) {
        self.stop.cancel();
    }
}

/// Starts a link. `told` is unbounded in name only: what is heard is bounded by what devices send, and is never lost.
/// Called within the runtime.
#[must_use]
pub fn start(
    connection: ConnectionId,
    opening: Opening<LightDriver>,
    net: &Net,
    told: mpsc::UnboundedSender<Heard>,
) -> Handle {
    let mailbox = Arc::new(Mailbox::default());
    let stop = CancellationToken::new();
    let task = Task::new(connection, opening, net, Arc::clone(&mailbox), told);
    tokio::spawn(task.run(stop.clone()));
    Handle { mailbox, stop, clock: net.clock.clone() }
}
