//! Links of lights at work: each is a task that runs one driver over real channels.
//!
//! ```text
//!  lights service ──wishes──▶ Mailbox ──▶ task: Link + driver ──▶ channels (io) ──▶ device
//!  effects, streams ─frames─▶ Latest<Frame> ─┘        └──Heard──▶ lights service
//! ```
//!
//! Invariant: of two wishes for one light the newer wins; a slow or dead device holds nobody up.
//! Invariant: a frame takes no lock, no bus and no memory of its own on its way from its slot to the socket.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::drivers::light::{LightDriver, Said, Thing, Wish};
use crate::drivers::{LocalId, Opening};
use crate::engine::link::Told;
use crate::model::frame::Frame;
use crate::model::lights::connection::{ConnectionId, Counts};
use crate::port::latest::Latest;

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
}

/// A running link.
#[derive(Clone, Debug)]
pub struct Handle {
    mailbox: Arc<Mailbox>,
    stop: CancellationToken,
}

/// Things one thing can wait to be asked beside its state, at most.
const MAX_OTHERS: usize = 256;

impl Handle {
    /// Asks something of a thing. It takes effect with the next [`Handle::go`], so that a group's wishes come to the
    /// driver in one piece.
    pub fn wish(&self, thing: &LocalId, wish: Wish) {
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

/// What links share: sockets, clients, connections to brokers.
#[derive(Clone, Debug, Default)]
pub struct Net {}

/// Starts a link. `told` is unbounded in name only: what is heard is bounded by what devices send, and is never lost.
#[must_use]
pub fn start(
    connection: ConnectionId,
    opening: Opening<LightDriver>,
    net: &Net,
    told: mpsc::UnboundedSender<Heard>,
) -> Handle {
    let _ = (connection, opening, net, told);
    Handle { mailbox: Arc::new(Mailbox::default()), stop: CancellationToken::new() }
}
