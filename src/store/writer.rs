//! The one thread that writes, and the queue in front of it.
//!
//! Invariant: of each key only the newest change waits, and never more than [`KEYS_MAX`] keys; a change that finds no
//! room is counted, never lost in silence.
//! Invariant: a failing disk is reported once when it begins and once when it is over, not at each try.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use rusqlite::{Connection, TransactionBehavior};

use crate::store::records::{Change, Key};
use crate::store::{Patience, StoreError, schema};

/// How many keys may wait at once.
pub const KEYS_MAX: usize = 65_536;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

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
    pending: BTreeMap<Key, Change>,
    /// When the oldest of them came.
    since: Option<Instant>,
    flushes: u64,
    flushed: u64,
    health: Health,
    /// Changes that found no room.
    lost: u64,
    closing: bool,
    closed: bool,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(
        file: PathBuf,
        connection: Connection,
        patience: Patience,
        on_health: OnHealth,
    ) -> Result<Self, StoreError> {
        let queue = Queue {
            pending: BTreeMap::new(),
            since: None,
            flushes: 0,
            flushed: 0,
            health: Health::Good,
            lost: 0,
            closing: false,
            closed: false,
        };
        let shared = Arc::new(Shared { queue: Mutex::new(queue), changed: Condvar::new(), written: AtomicU64::new(0) });
        let disk = Disk { file, patience, connection: Some(connection) };
        let far_end = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&far_end, disk, &on_health))
            .map_err(|error| StoreError::Unsaved { why: error.to_string() })?;
        Ok(Self { shared, thread: Mutex::new(Some(thread)) })
    }

    pub(crate) fn put(&self, change: Change) {
        let mut queue = self.shared.queue.lock();
        let key = change.key();
        if queue.closed || (queue.pending.len() >= KEYS_MAX && !queue.pending.contains_key(&key)) {
            queue.lost += 1;
            return;
        }
        queue.pending.insert(key, change);
        if queue.since.is_none() {
            queue.since = Some(Instant::now());
            self.shared.changed.notify_all();
        }
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
        self.shared.queue.lock().lost
    }

    pub(crate) fn written_bytes(&self) -> u64 {
        self.shared.written.load(Ordering::Relaxed)
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

    /// When there is something to do, if ever.
    fn due(&self, gather: Duration, not_before: Option<Instant>) -> Option<Instant> {
        let gathered = self.since? + gather;
        Some(not_before.map_or(gathered, |pause| gathered.max(pause)))
    }

    /// Gives a batch back that could not be written; what came meanwhile is newer and stays.
    fn give_back(&mut self, batch: BTreeMap<Key, Change>) {
        let newer = std::mem::replace(&mut self.pending, batch);
        self.pending.extend(newer);
        if !self.pending.is_empty() {
            self.since.get_or_insert_with(Instant::now);
        }
    }
}

/// What one round of the thread has to do.
struct Round {
    batch: BTreeMap<Key, Change>,
    flushes: u64,
    last: bool,
}

fn run(shared: &Shared, mut disk: Disk, on_health: &OnHealth) {
    let mut pause = FIRST_PAUSE;
    let mut not_before = None;
    loop {
        let round = wait(shared, disk.patience.gather, not_before);
        let result = disk.write(&round.batch);
        let mut queue = shared.queue.lock();
        let health = match result {
            Ok(bytes) => {
                shared.written.fetch_add(bytes, Ordering::Relaxed);
                (pause, not_before) = (FIRST_PAUSE, None);
                Health::Good
            }
            Err(why) => {
                queue.give_back(round.batch);
                not_before = Some(Instant::now() + pause);
                pause = (pause * 2).min(LONGEST_PAUSE);
                Health::Failing { why }
            }
        };
        let turned = (health == Health::Good) != (queue.health == Health::Good);
        queue.health = health.clone();
        queue.flushed = round.flushes;
        queue.closed = round.last;
        drop(queue);
        if turned {
            on_health(&health);
        }
        shared.changed.notify_all();
        if round.last {
            return;
        }
    }
}

/// Waits until changes have been gathered long enough, somebody flushes, or the store closes.
fn wait(shared: &Shared, gather: Duration, not_before: Option<Instant>) -> Round {
    let mut queue = shared.queue.lock();
    while queue.flushes == queue.flushed && !queue.closing {
        match queue.due(gather, not_before) {
            None => shared.changed.wait(&mut queue),
            Some(due) if due <= Instant::now() => break,
            Some(due) => drop(shared.changed.wait_until(&mut queue, due)),
        }
    }
    queue.since = None;
    Round { batch: std::mem::take(&mut queue.pending), flushes: queue.flushes, last: queue.closing }
}

/// The file and how it is reached; opened anew after a failure.
struct Disk {
    file: PathBuf,
    patience: Patience,
    connection: Option<Connection>,
}

impl Disk {
    /// Writes a batch in one transaction: all of it or nothing. Returns the size of what was written.
    fn write(&mut self, batch: &BTreeMap<Key, Change>) -> Result<u64, String> {
        if batch.is_empty() {
            return Ok(0);
        }
        let mut connection = match self.connection.take() {
            Some(open) => open,
            None => schema::open(&self.file, self.patience.busy, schema::STEPS).map_err(|error| error.to_string())?,
        };
        let bytes = commit(&mut connection, batch).map_err(|error| error.to_string())?;
        self.connection = Some(connection);
        Ok(bytes)
    }
}

fn commit(connection: &mut Connection, batch: &BTreeMap<Key, Change>) -> rusqlite::Result<u64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut bytes = 0;
    for change in batch.values() {
        bytes += change.write(&transaction)?;
    }
    transaction.commit()?;
    Ok(bytes)
}
