//! A face's plug into the engine: commands out, facts in, slots of the newest readings and pictures, a repaint hook.
//!
//! A face (window, API, later bridge and rules) holds a [`Port`] and nothing else of the engine. It reads the
//! published [`Snapshot`] without a lock, samples [`slots`] at its own rate, sends [`Envelope`]s and asks [`Query`]s.
//!
//! Invariant: no call of a face waits for the engine, and no slowness of a face delays the engine: the channel of
//! facts is bounded, and when it is full the face is told to reload the snapshot instead ([`Facts::drain`]).

pub mod doctor;
pub mod latest;
pub mod meter;
pub mod ring;
pub mod slots;
pub mod visits;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot, watch};

use crate::model::alarms::journal;
use crate::model::message::{Command, Envelope, Origin, Outcome, Stamped, Ticket};
use crate::model::snapshot::Snapshot;
use crate::model::system::ImportPreview;
use crate::model::thermal::ThermalFrame;
use crate::model::{history, recording};
use crate::port::latest::Latest;
use crate::port::slots::{Reject, Slots};

/// What is published after each fold: the new state and the facts that led to it.
#[derive(Clone, Debug)]
pub struct Published {
    /// The state after the facts.
    pub snapshot: Arc<Snapshot>,
    /// The facts, in order.
    pub facts: Arc<[Stamped]>,
}

/// An envelope on its way, with the way back for its outcome.
#[derive(Debug)]
pub struct Posted {
    /// What was sent.
    pub envelope: Envelope,
    /// Where its outcome goes, if anybody waits.
    pub reply: Option<oneshot::Sender<Outcome>>,
}

/// A question that only the engine can answer, off the caller's thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// The exposition text of `/metrics`.
    Metrics {
        /// OpenMetrics 1.0 instead of the Prometheus text format.
        open_metrics: bool,
    },
    /// The newest rejected packets, newest first, 200 at most.
    Rejected,
    /// One kept frame of an array; `None` asks for the newest.
    Frame {
        /// The array's device.
        device: crate::model::sensors::DeviceId,
        /// [`ThermalFrame::sequence`].
        sequence: Option<u64>,
    },
    /// A page of the journal, the newest entries first.
    Journal(journal::Filter),
    /// One entry of the journal, with its picture.
    Entry(u64),
    /// What a channel showed over time.
    History(history::Span),
    /// What all arrays showed at an instant.
    Heat(recording::Instant),
    /// What one cell showed over time, as recorded.
    CellHistory(recording::CellSpan),
    /// What is recorded.
    Recorded,
    /// What an import would change.
    ImportPreview {
        /// The file's name.
        name: String,
        /// What is in it.
        text: Arc<str>,
    },
}

/// The answer to a [`Query`].
#[derive(Clone, Debug)]
pub enum Reply {
    /// Text.
    Text(String),
    /// Rejected packets, newest first.
    Rejected(Vec<Reject>),
    /// A frame, if it is kept.
    Frame(Option<Arc<ThermalFrame>>),
    /// A page of the journal.
    Journal(journal::Page),
    /// An entry, if there is one of this number.
    Entry(Option<Box<journal::Entry>>),
    /// What a channel showed.
    History(history::Series),
    /// What all arrays showed.
    Heat(recording::Heat),
    /// What one cell showed, in order of time.
    CellHistory(recording::CellSpan, Vec<history::Point>),
    /// What is recorded.
    Recorded(recording::Recorded),
    /// What an import would change; or what is wrong with the file, where, and the cure.
    Import(Result<ImportPreview, String>),
    /// It could not be answered: why, for a person.
    Failed(String),
}

/// A query on its way to a reader thread.
pub struct Asked {
    /// The question.
    pub query: Query,
    /// Called with the answer on a reader thread.
    pub answer: Box<dyn FnOnce(Reply) + Send>,
    /// True if nobody wants the answer any more.
    pub stale: Box<dyn Fn() -> bool + Send>,
}

/// Where a window's answer arrives: the answer to its newest question only.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    asked: Arc<AtomicU64>,
    slot: Arc<Latest<Reply>>,
}

impl Answer {
    /// The answer, if a new one arrived since the last call.
    #[must_use]
    pub fn take(&self) -> Option<Arc<Reply>> {
        self.slot.take()
    }
}

/// Wakes a face at most once until it begins to drain.
#[derive(Clone, Default)]
pub struct Wake {
    inner: Arc<WakeInner>,
}

#[derive(Default)]
struct WakeInner {
    connected: AtomicBool,
    pending: AtomicBool,
    hook: Mutex<Option<Arc<dyn Fn() + Send + Sync>>>,
}

impl std::fmt::Debug for Wake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wake").field("pending", &self.inner.pending).finish_non_exhaustive()
    }
}

impl Wake {
    /// Sets what wakes the face; until then waking does nothing. The hook is called once at once, for what came before.
    pub fn connect(&self, hook: impl Fn() + Send + Sync + 'static) {
        let hook: Arc<dyn Fn() + Send + Sync> = Arc::new(hook);
        *self.inner.hook.lock() = Some(Arc::clone(&hook));
        self.inner.connected.store(true, Ordering::Release);
        hook();
    }

    /// Wakes the face, unless it was woken already and has not begun to drain since. One atomic swap in the usual case,
    /// one read where there is no face.
    pub fn wake(&self) {
        if !self.inner.connected.load(Ordering::Acquire) || self.inner.pending.swap(true, Ordering::AcqRel) {
            return;
        }
        let hook = self.inner.hook.lock().clone();
        if let Some(hook) = hook {
            hook();
        }
    }

    /// Call before taking anything, or wake-ups are lost.
    pub fn begin_drain(&self) {
        self.inner.pending.store(false, Ordering::Release);
    }
}

/// The window's channel of facts.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Published folds, bounded.
    pub receiver: crossbeam_channel::Receiver<Published>,
    /// Set by the bus when the channel was full.
    pub lagged: Arc<AtomicBool>,
}

/// A face's plug. Cheap to clone.
#[derive(Clone)]
pub struct Port {
    /// Commands to the engine.
    pub commands: mpsc::Sender<Posted>,
    /// Questions to the reader threads.
    pub questions: crossbeam_channel::Sender<Asked>,
    /// The newest state.
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    /// Tells async faces of each fold; the value is the newest sequence number.
    pub published: watch::Receiver<u64>,
    /// Facts for async faces that need each of them.
    pub feed: Feed,
    /// Facts for the window.
    pub facts: Facts,
    /// Newest readings and pictures.
    pub slots: Arc<Slots>,
    /// Wakes the window.
    pub wake: Wake,
    /// Outcomes of the window's commands.
    pub outcomes: Arc<Mutex<Vec<(Ticket, Outcome)>>>,
    /// Numbers the tickets.
    pub tickets: Arc<AtomicU64>,
    /// Asks the whole program to stop.
    pub quit: watch::Sender<bool>,
}

/// A broadcast of folds for async faces. A receiver that lags is told so and reloads the snapshot.
#[derive(Clone, Debug)]
pub struct Feed(pub tokio::sync::broadcast::Sender<Published>);

impl std::fmt::Debug for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Port").finish_non_exhaustive()
    }
}

impl Port {
    /// The newest state, without a lock.
    #[must_use]
    pub fn view(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    fn envelope(&self, command: Command, origin: Origin, cause: Option<u64>) -> Envelope {
        let ticket = Ticket(self.tickets.fetch_add(1, Ordering::Relaxed) + 1);
        Envelope { command, origin, ticket, cause }
    }

    /// Sends a command from the window. Its outcome arrives in [`Self::outcomes`]; a full mailbox refuses at once.
    pub fn send(&self, command: Command, origin: Origin) -> Ticket {
        let envelope = self.envelope(command, origin, None);
        let ticket = envelope.ticket;
        if self.commands.try_send(Posted { envelope, reply: None }).is_err() {
            let why = "The engine is too busy to take commands. Try again.".to_owned();
            self.outcomes.lock().push((ticket, Outcome::Refused { why }));
            self.wake.wake();
        }
        ticket
    }

    /// Sends a command and waits for its outcome: for request/response faces. After `Done { seq }` the published
    /// snapshot has reached `seq`.
    pub async fn call(&self, command: Command, origin: Origin) -> Outcome {
        self.call_because(command, origin, None).await
    }

    /// Does as [`Self::call`]; `cause` is the sequence number of the fact that led to the command.
    pub async fn call_because(&self, command: Command, origin: Origin, cause: Option<u64>) -> Outcome {
        let (reply, outcome) = oneshot::channel();
        let posted = Posted { envelope: self.envelope(command, origin, cause), reply: Some(reply) };
        let gone = || Outcome::Refused { why: "Hearthlight is stopping.".to_owned() };
        if self.commands.send(posted).await.is_err() {
            return gone();
        }
        outcome.await.unwrap_or_else(|_| gone())
    }

    /// Asks from the window; the answer arrives in `answer`, unless a newer question was asked meanwhile.
    pub fn ask(&self, query: Query, answer: &Answer) {
        let number = answer.asked.fetch_add(1, Ordering::AcqRel) + 1;
        let (asked, slot, wake) = (Arc::clone(&answer.asked), Arc::clone(&answer.slot), self.wake.clone());
        let newer = Arc::clone(&answer.asked);
        let question = Asked {
            query,
            answer: Box::new(move |reply| {
                if asked.load(Ordering::Acquire) == number {
                    slot.put(Arc::new(reply));
                    wake.wake();
                }
            }),
            stale: Box::new(move || newer.load(Ordering::Acquire) != number),
        };
        // A full queue of questions means the newest answer is late, not lost: the window asks again when it draws.
        drop(self.questions.try_send(question));
    }

    /// Asks and waits: for async faces. `None` if the engine is stopping or flooded with questions.
    pub async fn query(&self, query: Query) -> Option<Reply> {
        let (sender, receiver) = oneshot::channel();
        let question =
            Asked { query, answer: Box::new(move |reply| drop(sender.send(reply))), stale: Box::new(|| false) };
        self.questions.try_send(question).ok()?;
        receiver.await.ok()
    }
}

impl Facts {
    /// Folds what has arrived into `view`, for at most `budget`. Returns true if something is left for the next time.
    ///
    /// When facts were missed, `newest` is loaded instead: a lagging face heals itself.
    pub fn drain(
        &self,
        view: &mut Arc<Snapshot>,
        newest: &ArcSwap<Snapshot>,
        budget: Duration,
        mut on_fact: impl FnMut(&Stamped),
    ) -> bool {
        let start = Instant::now();
        if self.lagged.swap(false, Ordering::AcqRel) {
            *view = newest.load_full();
        }
        while let Ok(published) = self.receiver.try_recv() {
            for fact in published.facts.iter().filter(|fact| fact.seq > view.seq) {
                on_fact(fact);
            }
            if published.snapshot.seq > view.seq {
                *view = published.snapshot;
            }
            if start.elapsed() >= budget {
                return !self.receiver.is_empty();
            }
        }
        false
    }
}
