//! The alarm service: decides on every edge where it is told, on the connection's own task, and keeps alarms' life.
//!
//! ```text
//!  session ──edges──▶ tell ─┐
//!  faces ──commands──▶ run ─┼─▶ Book ──▶ Effects ──▶ bus, store, counters
//!  clock ────ticks───▶ run ─┘
//! ```
//! [`book`] decides and knows no clock, no lock and no channel; [`life`] is one alarm's steps, [`spot`] what is on where,
//! [`edges`], [`commands`], [`devices`], [`ruling`] and [`tick`] are the book's other doors, [`restore`] is how it begins,
//! [`roll`] listens for silence, [`words`], [`journal`] and [`differences`] are its sentences.
//!
//! Invariant: the book's lock is taken when a source turns, on a command and on a tick; never per packet, never across
//! an `.await`. Facts are said under it, and entries noted, so that their order is that of the book.

pub mod book;
pub mod commands;
pub mod devices;
pub mod differences;
pub mod edges;
pub mod effects;
pub mod flood;
pub mod journal;
pub mod life;
pub mod restore;
pub mod roll;
pub mod ruling;
pub mod spot;
pub mod tick;
pub mod words;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use crate::engine::bus::{Answered, Batch, BusSender};
use crate::engine::services::alarms::book::Book;
use crate::engine::services::alarms::effects::{Effects, Now};
use crate::engine::services::alarms::roll::{Heard, Roll};
use crate::heat::watch::{Edge, Program, Watch, standard};
use crate::io::clock::Clock;
use crate::model::alarms::journal::{Still, What};
use crate::model::alarms::rule::RuleId;
use crate::model::alarms::{self};
use crate::model::message::{Command, Update};
use crate::model::sensors::DeviceId;
use crate::model::snapshot::Snapshot;
use crate::port::Posted;
use crate::port::slots::{DeviceSlot, Slots};
use crate::store::records::Kept;
use crate::store::{Store, StoreError};

const TICK: Duration = Duration::from_millis(250);
/// Between two times that faces are told of new journal entries.
const TELL_EVERY: Duration = Duration::from_millis(100);
/// Before a journal that could not be written is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// What the alarm service shares with connections.
#[derive(Debug)]
pub struct Alarms {
    program: Arc<ArcSwap<Program>>,
    book: Mutex<Book>,
    noted: Notify,
    clock: Clock,
    slots: Arc<Slots>,
    bus: BusSender,
    store: Option<Store>,
}

impl Alarms {
    /// The service as it was stored, or with the rules that come with the program. Returns also what went wrong, for
    /// people.
    #[must_use]
    pub fn open(clock: &Clock, slots: &Arc<Slots>, bus: &BusSender, store: Option<Store>) -> (Self, Vec<String>) {
        let now = Now { at: clock.now(), wall: clock.wall() };
        let stored = store.as_ref().map(Store::alarms);
        let could_not_read = matches!(stored, Some(Err(_)));
        let (records, damaged) = match stored {
            Some(Ok(Kept { records, damaged })) => (records, damaged),
            Some(Err(error)) => (Vec::new(), vec![format!("Stored alarms and rules could not be read. {error}")]),
            None => (Vec::new(), Vec::new()),
        };
        let (book, mut fx) = Book::restore(records, standard::rules(), now);
        if could_not_read {
            // What is there may be read another time: nothing is put in its place.
            fx.noted.changes.clear();
        }
        let program = Arc::new(ArcSwap::from_pointee(book.program()));
        let (clock, slots, bus) = (clock.clone(), Arc::clone(slots), bus.clone());
        let alarms = Self { program, book: Mutex::new(book), noted: Notify::new(), clock, slots, bus, store };
        alarms.publish(fx, Batch::of(Vec::new()));
        alarms.note_program("Hearthlight started");
        (alarms, damaged)
    }

    /// The facts that tell everything at once, after a restart.
    #[must_use]
    pub fn opening(&self) -> Vec<Update> {
        vec![Update::Alarms(alarms::Update::Reset(Arc::new(self.book.lock().state().clone())))]
    }

    /// The rules in force, as watches follow them.
    #[must_use]
    pub fn program(&self) -> Arc<ArcSwap<Program>> {
        Arc::clone(&self.program)
    }

    /// A watch for a device whose connection begins: what was on goes off by evidence only.
    #[must_use]
    pub fn watch(&self, device: &DeviceId, location: &Arc<str>) -> Watch {
        let learned = self.slots.device(device).and_then(|slot| slot.learned.load_full());
        let book = self.book.lock();
        let on = book.on(device, location);
        Watch::new(device.clone(), &self.program.load(), &on, learned.as_deref(), self.clock.now())
    }

    /// Sources that are on at a device, by the rules in force.
    #[must_use]
    pub fn on(&self, device: &DeviceSlot) -> Vec<(RuleId, u16)> {
        self.book.lock().on(&device.id, &device.location)
    }

    /// Sources of a device turned: decides at once. Called by the connection's task.
    pub fn tell(&self, device: &DeviceSlot, edges: &[Edge]) {
        let still = || device.frames.newest().map(|frame| Arc::new(Still::of(&frame)));
        let mut book = self.book.lock();
        let now = self.now();
        let mut fx = book.on_edges(&device.id, &device.location, edges, still, now);
        self.slots.fusion.note(self.clock.now().since(now.at));
        let raised_by = std::mem::take(&mut fx.raised_by);
        self.publish(fx, Batch::of(Vec::new()));
        drop(book);
        let said = self.clock.now();
        raised_by.into_iter().for_each(|at| self.slots.alarm_latency.note(said.since(at)));
    }

    /// Decides on a command and says what came of it.
    pub fn command(&self, posted: Posted, snapshot: &Snapshot) {
        let Posted { envelope, reply } = posted;
        let (origin, cause) = (envelope.origin, envelope.cause);
        let mut book = self.book.lock();
        let decided = match envelope.command {
            Command::Alarms(command) => book.command(command, &origin, &snapshot.sensors, self.now()),
            _ => Err("This is not for the alarm service.".to_owned()),
        };
        let (fx, refused) = match decided {
            Ok(fx) => (fx, None),
            Err(why) => (Effects::default(), Some(why)),
        };
        if fx.rules_changed {
            self.program.store(Arc::new(book.program()));
        }
        let answer = Some(Answered { ticket: envelope.ticket, refused, made: None, reply });
        self.publish(fx, Batch { updates: Vec::new(), origin, cause, answer });
    }

    /// Time passed.
    pub fn tick(&self, roll: &mut Roll, snapshot: &Snapshot) {
        // Until the first facts are folded no device is known, and none must be taken for forgotten.
        if snapshot.seq == 0 {
            return;
        }
        let mut book = self.book.lock();
        let now = self.now();
        for gone in roll.follow(snapshot, &book, &self.program.load(), now.at) {
            self.publish(book.on_forgotten(&gone.device, gone.deserted.as_deref(), now), Batch::of(Vec::new()));
        }
        let slots = self.slots.devices();
        let heard = |device: &DeviceId| {
            let slot = slots.get(device);
            Heard { last: slot.and_then(|slot| slot.last_heard()), period: slot.and_then(|slot| slot.period()) }
        };
        roll.listen(snapshot.system.demo_paused, heard, now.at, |device, location, edges| {
            self.publish(book.on_edges(device, location, edges, || None, now), Batch::of(Vec::new()));
        });
        self.publish(book.tick(|device| roll.is_stale(device), now), Batch::of(Vec::new()));
    }

    fn now(&self) -> Now {
        Now { at: self.clock.now(), wall: self.clock.wall() }
    }

    /// Says, counts and notes what a decision led to. The book's lock is held.
    fn publish(&self, fx: Effects, batch: Batch) {
        let Effects { updates, noted, relearn, .. } = fx;
        for device in relearn.iter().filter_map(|device| self.slots.device(device)) {
            device.relearn.fetch_add(1, Ordering::Relaxed);
        }
        for update in &updates {
            if let alarms::Update::Raised(alarm) = update
                && !alarm.test
            {
                self.slots.raised.add(&alarm.rule, &alarm.location, alarm.level);
            }
        }
        self.bus.say(Batch { updates: updates.into_iter().map(Update::Alarms).collect(), ..batch });
        if let Some(store) = &self.store
            && !(noted.entries.is_empty() && noted.changes.is_empty())
        {
            let has_entries = !noted.entries.is_empty();
            store.note(noted);
            if has_entries {
                self.noted.notify_one();
            }
        }
    }

    fn note_program(&self, text: &str) {
        let mut book = self.book.lock();
        let (mut fx, by) = (Effects::default(), journal::ourselves());
        book.write(journal::plain(What::Program, &by, text.to_owned(), self.now()), &mut fx);
        self.publish(fx, Batch::of(Vec::new()));
    }

    /// Tells faces of new journal entries once they can be read.
    async fn tell_of_entries(&self, store: &Store) {
        loop {
            self.noted.notified().await;
            let n = self.book.lock().noted();
            let flushing = store.clone();
            match tokio::task::spawn_blocking(move || flushing.flush()).await {
                Ok(Ok(())) => {
                    let mut book = self.book.lock();
                    let fx = book.journaled(n);
                    self.publish(fx, Batch::of(Vec::new()));
                }
                Ok(Err(StoreError::Closed)) | Err(_) => return,
                Ok(Err(_)) => {
                    self.noted.notify_one();
                    tokio::time::sleep(TRY_AGAIN).await;
                }
            }
            tokio::time::sleep(TELL_EVERY).await;
        }
    }
}

/// Runs the service's mailbox and its clock until `stop`.
pub async fn run(
    alarms: Arc<Alarms>,
    snapshot: Arc<ArcSwap<Snapshot>>,
    mailbox: mpsc::Receiver<Posted>,
    stop: CancellationToken,
) {
    let telling = async {
        if let Some(store) = &alarms.store {
            alarms.tell_of_entries(store).await;
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = serve(&alarms, &snapshot, mailbox) => {}
        () = telling => {}
    }
    alarms.note_program("Hearthlight stopped");
}

async fn serve(alarms: &Alarms, snapshot: &ArcSwap<Snapshot>, mut mailbox: mpsc::Receiver<Posted>) {
    let mut roll = Roll::default();
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => alarms.tick(&mut roll, &snapshot.load()),
            posted = mailbox.recv() => match posted {
                Some(posted) => alarms.command(posted, &snapshot.load()),
                None => return,
            },
        }
    }
}
