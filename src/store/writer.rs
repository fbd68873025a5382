//! The one thread that writes, and the end of it that everybody else holds.
//!
//! ```text
//!  note ──at once────┐
//!  save ──gathered───┴─▶ one transaction, synced ─┐
//!  record ──gathered────▶ history, not synced ────┴─▶ hearthlight.db    each minute: what is past the budget goes
//! ```
//!
//! Invariant: what was noted is written in the order in which it was noted, all that waits in one transaction.
//! Invariant: a failing disk is reported once when it begins and once when it is over, not at each try.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use crate::store::disk::Disk;
use crate::store::queue::{Batch, Waiting};
use crate::store::records::{Budget, Change, Noted, Reading};
use crate::store::{Patience, StoreError};

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How often a little of what is past the budget is removed.
const TIDY: Duration = Duration::from_secs(60);
/// How often the log tells of it.
const TOLD: Duration = Duration::from_secs(86_400);

/// Whether writing works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// It does.
    Good,
    /// It does not, and is tried again.
    Failing {
        /// What SQLite says.
        why: String,
    },
}

type OnHealth = Box<dyn Fn(&Health) + Send>;

/// The writer's near end.
#[derive(Debug)]
pub struct Writer {
    shared: Arc<Shared>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
    written: AtomicU64,
}

#[derive(Debug)]
struct Queue {
    waiting: Waiting,
    /// Readings that found no room farther on.
    readings_lost: u64,
    budget: Budget,
    flushes: u64,
    flushed: u64,
    health: Health,
    closing: bool,
    closed: bool,
}

impl Writer {
    /// Opens the file and starts the thread.
    pub(crate) fn start(file: PathBuf, patience: Patience, on_health: OnHealth) -> Result<Self, StoreError> {
        let disk = Disk::open(file, patience)?;
        let queue = Queue {
            waiting: Waiting::default(),
            readings_lost: 0,
            budget: Budget::default(),
            flushes: 0,
            flushed: 0,
            health: Health::Good,
            closing: false,
            closed: false,
        };
        let shared = Arc::new(Shared { queue: Mutex::new(queue), changed: Condvar::new(), written: AtomicU64::new(0) });
        let far_end = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || FarEnd::new(&far_end, disk, patience.gather).run(&on_health))
            .map_err(|error| StoreError::Unsaved { why: error.to_string() })?;
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    pub(crate) fn put(&self, change: Change) {
        self.take_in(1, |waiting| waiting.put(change));
    }

    pub(crate) fn note(&self, noted: Noted) {
        self.take_in(noted.entries.len() + noted.changes.len(), |waiting| waiting.note(noted));
    }

    pub(crate) fn record(&self, readings: Vec<Reading>) {
        self.take_in(readings.len(), |waiting| waiting.record(readings));
    }

    pub(crate) fn set_budget(&self, budget: Budget) {
        self.shared.queue.lock().budget = budget;
    }

    pub(crate) fn flush(&self) -> Result<(), StoreError> {
        let mut queue = self.shared.queue.lock();
        queue.flushes += 1;
        let mine = queue.flushes;
        self.shared.changed.notify_all();
        while queue.flushed < mine && !queue.closed {
            self.shared.changed.wait(&mut queue);
        }
        if queue.flushed < mine { Err(StoreError::Closed) } else { queue.outcome() }
    }

    pub(crate) fn close(&self) -> Result<(), StoreError> {
        self.shared.queue.lock().closing = true;
        self.shared.changed.notify_all();
        let thread = self.thread.lock().take();
        // The thread does not panic; if it did, its queue says what was not written.
        drop(thread.map(JoinHandle::join));
        self.shared.queue.lock().outcome()
    }

    pub(crate) fn health(&self) -> Health {
        self.shared.queue.lock().health.clone()
    }

    pub(crate) fn lost(&self) -> u64 {
        let queue = self.shared.queue.lock();
        queue.waiting.lost + queue.readings_lost
    }

    pub(crate) fn written_bytes(&self) -> u64 {
        self.shared.written.load(Ordering::Relaxed)
    }

    /// Lets `n` things into the queue, unless the store is closed; `put` tells whether something is due earlier now.
    fn take_in(&self, n: usize, put: impl FnOnce(&mut Waiting) -> bool) {
        let mut queue = self.shared.queue.lock();
        if queue.closed {
            queue.waiting.lost += n as u64;
        } else if put(&mut queue.waiting) {
            self.shared.changed.notify_all();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // What could not be written was reported as bad health already.
        drop(self.close());
    }
}

impl Queue {
    fn outcome(&self) -> Result<(), StoreError> {
        match &self.health {
            Health::Good => Ok(()),
            Health::Failing { why } => Err(StoreError::Unsaved { why: why.clone() }),
        }
    }
}

/// How one kind of writing fares, and when it is tried again.
struct Course {
    failing: Option<String>,
    pause: Duration,
    not_before: Option<Instant>,
}

impl Course {
    const GOOD: Self = Self { failing: None, pause: FIRST_PAUSE, not_before: None };

    fn took(&mut self, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => *self = Self::GOOD,
            Err(why) => {
                self.failing = Some(why);
                self.not_before = Some(Instant::now() + self.pause);
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            }
        }
    }

    /// Not before the pause after a failure is over.
    fn due(&self, at: Option<Instant>) -> Option<Instant> {
        at.map(|at| self.not_before.map_or(at, |pause| at.max(pause)))
    }
}

/// What one round of the thread has to do.
struct Round {
    batch: Batch,
    readings: bool,
    tidy: bool,
    budget: Budget,
    flushes: u64,
    last: bool,
}

/// The thread's own state.
struct FarEnd<'a> {
    shared: &'a Shared,
    disk: Disk,
    gather: Duration,
    synced: Course,
    history: Course,
    tidy_at: Instant,
    /// Entries that went since the log was told.
    trimmed: u32,
    told: Instant,
}

impl<'a> FarEnd<'a> {
    fn new(shared: &'a Shared, disk: Disk, gather: Duration) -> Self {
        let now = Instant::now();
        let (synced, history) = (Course::GOOD, Course::GOOD);
        Self { shared, disk, gather, synced, history, tidy_at: now + TIDY, trimmed: 0, told: now }
    }

    fn run(mut self, on_health: &OnHealth) {
        loop {
            let Round { batch, readings, tidy, budget, flushes, last } = self.wait();
            self.write(batch);
            if readings || tidy || last {
                let outcome = self.record(&budget);
                self.history.took(outcome);
            }
            if tidy {
                self.tidy(&budget);
            }
            let why = self.synced.failing.as_ref().or(self.history.failing.as_ref());
            let health = why.map_or(Health::Good, |why| Health::Failing { why: why.clone() });
            let mut queue = self.shared.queue.lock();
            let turned = (health == Health::Good) != (queue.health == Health::Good);
            queue.health = health.clone();
            queue.flushed = flushes;
            queue.readings_lost = self.disk.readings_lost();
            queue.closed = last;
            drop(queue);
            if turned {
                on_health(&health);
            }
            self.shared.changed.notify_all();
            if last {
                return;
            }
        }
    }

    /// Waits until something is due, somebody flushes, or the store closes.
    fn wait(&self) -> Round {
        let mut queue = self.shared.queue.lock();
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= Instant::now());
        loop {
            let asked = queue.flushes != queue.flushed || queue.closing;
            let batch = self.synced.due(queue.waiting.batch_due(self.gather));
            let readings = self.history.due(queue.waiting.readings_due(self.gather)).or(self.history.not_before);
            let tidy = is_due(Some(self.tidy_at));
            if asked || is_due(batch) || is_due(readings) || tidy {
                let batch = if asked || is_due(batch) { queue.waiting.take_batch() } else { Batch::default() };
                let readings = is_due(readings) || (asked && readings.is_some());
                let (flushes, last) = (queue.flushes, queue.closing);
                return Round { batch, readings, tidy, budget: queue.budget, flushes, last };
            }
            let next = [batch, readings].into_iter().flatten().fold(self.tidy_at, Instant::min);
            self.shared.changed.wait_until(&mut queue, next);
        }
    }

    fn write(&mut self, batch: Batch) {
        if batch.is_empty() {
            return;
        }
        let outcome = self.disk.commit(&batch);
        match &outcome {
            Ok(bytes) => {
                self.shared.written.fetch_add(*bytes, Ordering::Relaxed);
            }
            Err(_) => self.shared.queue.lock().waiting.give_back(batch),
        }
        self.synced.took(outcome.map(|_| ()));
    }

    /// Writes the readings that wait. While history fails they wait in the queue, where their number is bounded.
    fn record(&mut self, budget: &Budget) -> Result<(), String> {
        let mut bytes = 0;
        if self.disk.owes_readings() {
            bytes += self.disk.record(Vec::new(), budget)?;
        }
        let readings = self.shared.queue.lock().waiting.take_readings();
        bytes += self.disk.record(readings, budget)?;
        self.shared.written.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }

    fn tidy(&mut self, budget: &Budget) {
        self.tidy_at = Instant::now() + TIDY;
        let outcome = self.disk.tidy(budget).map(|n| self.trimmed += n);
        // A disk that fails is told of by what has to be written; this can wait for the next minute.
        if let Err(error) = outcome {
            tracing::debug!(%error, "old entries of the journal stay until the next minute");
        }
        if self.trimmed > 0 && self.told.elapsed() >= TOLD {
            tracing::info!(entries = self.trimmed, "old entries of the journal were removed");
            (self.trimmed, self.told) = (0, Instant::now());
        }
    }
}
