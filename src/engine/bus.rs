//! The bus: puts facts in order, folds them once, publishes the result to every face, and answers tickets.
//!
//! Invariant: one task owns the fold; a ticket is answered only after the snapshot that shows its facts is published.
//! Invariant: nothing here waits for a face. The window's channel is bounded; when it is full the window is told to
//! reload. A receiver of the broadcast that lags is told so by the broadcast itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::io::clock::Clock;
use crate::model::message::{Origin, Outcome, Stamped, Ticket, Update};
use crate::model::snapshot::Snapshot;
use crate::port::slots::Slots;
use crate::port::{Facts, Feed, Published, Wake};

/// Folds that the window's channel holds before it is told to reload.
pub const WINDOW_QUEUE: usize = 1024;
/// Folds that an async face may lag behind before it is told to reload.
pub const FEED_QUEUE: usize = 1024;
const FOLD_AT_ONCE: usize = 256;

/// What a service says in one go: facts, and how the command behind them ended.
#[derive(Debug)]
pub struct Batch {
    /// Facts in order; none if nothing changed.
    pub updates: Vec<Update>,
    /// Who made them so.
    pub origin: Origin,
    /// The fact that led to these.
    pub cause: Option<u64>,
    /// The command behind them, if one was.
    pub answer: Option<Answered>,
}

/// How a command ended, and whom to tell.
#[derive(Debug)]
pub struct Answered {
    /// Its ticket.
    pub ticket: Ticket,
    /// Why it was refused, if it was.
    pub refused: Option<String>,
    /// The id of what it made, if it made something.
    pub made: Option<Arc<str>>,
    /// Who waits; `None` for the window.
    pub reply: Option<oneshot::Sender<Outcome>>,
}

impl Batch {
    /// Facts that nobody asked for: a device dialled in, a timer fired.
    #[must_use]
    pub const fn of(updates: Vec<Update>) -> Self {
        Self { updates, origin: Origin::System, cause: None, answer: None }
    }
}

/// The services' end of the bus. Sending never waits; the depth is watched by the metrics.
#[derive(Clone, Debug)]
pub struct BusSender {
    sender: mpsc::UnboundedSender<Batch>,
    depth: Arc<AtomicUsize>,
}

impl BusSender {
    /// A sender and the receiver for [`Bus::run`].
    #[must_use]
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Batch>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { sender, depth: Arc::default() }, receiver)
    }

    /// Says something. After the bus has stopped this does nothing.
    pub fn say(&self, batch: Batch) {
        if batch.updates.is_empty() && batch.answer.is_none() {
            return;
        }
        self.depth.fetch_add(1, Ordering::Relaxed);
        if self.sender.send(batch).is_err() {
            self.depth.fetch_sub(1, Ordering::Relaxed);
        }
    }

    /// Batches said but not folded yet.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.depth.load(Ordering::Acquire)
    }
}

/// The fold and its listeners.
#[derive(Debug)]
pub struct Bus {
    snapshot: Snapshot,
    shared: Arc<ArcSwap<Snapshot>>,
    published: watch::Sender<u64>,
    feed: Feed,
    window: Option<crossbeam_channel::Sender<Published>>,
    lagged: Arc<AtomicBool>,
    wake: Wake,
    outcomes: Arc<Mutex<Vec<(Ticket, Outcome)>>>,
    slots: Arc<Slots>,
    clock: Clock,
}

/// The faces' ends of the bus, to be built into a [`Port`](crate::port::Port).
#[derive(Debug)]
pub struct Ends {
    /// The newest state.
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    /// The newest sequence number.
    pub published: watch::Receiver<u64>,
    /// Every fold, for async faces.
    pub feed: Feed,
    /// Every fold, for the window.
    pub facts: Facts,
    /// Outcomes of the window's commands.
    pub outcomes: Arc<Mutex<Vec<(Ticket, Outcome)>>>,
}

impl Bus {
    /// A bus with nothing on it. Without a `window` no facts are queued for one.
    #[must_use]
    pub fn new(clock: Clock, slots: Arc<Slots>, wake: Wake, window: bool) -> (Self, Ends) {
        let shared = Arc::new(ArcSwap::from_pointee(Snapshot::default()));
        let (published, published_rx) = watch::channel(0);
        let feed = Feed(broadcast::Sender::new(FEED_QUEUE));
        let (sender, receiver) = crossbeam_channel::bounded(WINDOW_QUEUE);
        let lagged = Arc::new(AtomicBool::new(false));
        let outcomes = Arc::new(Mutex::new(Vec::new()));
        let ends = Ends {
            snapshot: Arc::clone(&shared),
            published: published_rx,
            feed: feed.clone(),
            facts: Facts { receiver, lagged: Arc::clone(&lagged) },
            outcomes: Arc::clone(&outcomes),
        };
        let window = window.then_some(sender);
        let snapshot = Snapshot::default();
        (Self { snapshot, shared, published, feed, window, lagged, wake, outcomes, slots, clock }, ends)
    }

    /// Folds until every sender is gone.
    pub async fn run(mut self, sender: BusSender, mut receiver: mpsc::UnboundedReceiver<Batch>) {
        let depth = Arc::clone(&sender.depth);
        drop(sender);
        let mut batches = Vec::with_capacity(FOLD_AT_ONCE);
        while receiver.recv_many(&mut batches, FOLD_AT_ONCE).await > 0 {
            let n = batches.len();
            self.fold(&mut batches);
            // Only now: who finds nothing left may trust that all of it is published.
            depth.fetch_sub(n, Ordering::Release);
            // Others first: under load more is said meanwhile, and the next state is made once for all of it.
            tokio::task::yield_now().await;
        }
    }

    /// Folds batches, publishes once, then answers their tickets. Empties `batches`.
    pub fn fold(&mut self, batches: &mut Vec<Batch>) {
        let (at, wall) = (self.clock.now(), self.clock.wall());
        let mut facts = Vec::new();
        let mut answers = Vec::new();
        for Batch { updates, origin, cause, answer } in batches.drain(..) {
            for update in updates {
                let seq = self.snapshot.seq + 1;
                let fact = Stamped { seq, at, wall, origin: origin.clone(), cause, update };
                self.snapshot.apply(&fact);
                facts.push(fact);
            }
            answers.extend(answer.map(|answer| (answer, self.snapshot.seq)));
        }
        if !facts.is_empty() {
            self.publish(facts.into());
        }
        for (answer, seq) in answers {
            self.answer(answer, seq);
        }
    }

    fn publish(&mut self, facts: Arc<[Stamped]>) {
        let snapshot = Arc::new(self.snapshot.clone());
        self.shared.store(Arc::clone(&snapshot));
        self.published.send_replace(snapshot.seq);
        let published = Published { snapshot, facts };
        if let Some(window) = &self.window {
            if window.try_send(published.clone()).is_err() {
                self.slots.facts_lagged.add(published.facts.len() as u64);
                self.lagged.store(true, Ordering::Release);
            }
            self.wake.wake();
        }
        // Nobody listening is no error.
        drop(self.feed.0.send(published));
    }

    fn answer(&self, Answered { ticket, refused, made, reply }: Answered, seq: u64) {
        let outcome = match refused {
            Some(why) => Outcome::Refused { why },
            None => Outcome::Done { seq, made },
        };
        match reply {
            // Whoever asked may have gone away meanwhile.
            Some(reply) => drop(reply.send(outcome)),
            None if self.window.is_some() => {
                self.outcomes.lock().push((ticket, outcome));
                self.wake.wake();
            }
            None => {}
        }
    }
}
