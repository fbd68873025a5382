//! The alarm service: decides on every edge where it is told, on the connection's own task, and keeps alarms' life.
//!
//! Invariant: the book's lock is taken when a source turns, on a command and on a tick; never per packet, never across
//! an `.await`. Facts are said under it, so that their order is that of the book.

use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::engine::bus::BusSender;
use crate::heat::watch::{Edge, Program, Watch};
use crate::io::clock::Clock;
use crate::model::sensors::DeviceId;
use crate::model::snapshot::Snapshot;
use crate::port::Posted;
use crate::port::slots::{DeviceSlot, Slots};
use crate::store::Store;

/// What the alarm service shares with connections.
#[derive(Debug)]
pub struct Alarms {
    program: Arc<ArcSwap<Program>>,
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
        let (clock, slots, bus) = (clock.clone(), Arc::clone(slots), bus.clone());
        (Self { program: Arc::default(), clock, slots, bus, store }, Vec::new())
    }

    /// The rules in force, as watches follow them.
    #[must_use]
    pub fn program(&self) -> Arc<ArcSwap<Program>> {
        Arc::clone(&self.program)
    }

    /// A watch for a device whose connection begins.
    #[must_use]
    pub fn watch(&self, device: &DeviceId, _location: &Arc<str>) -> Watch {
        let learned = self.slots.device(device).and_then(|slot| slot.learned.load_full());
        Watch::new(device.clone(), &self.program.load(), &[], learned.as_deref(), self.clock.now())
    }

    /// Sources of a device turned: decides at once. Called by the connection's task.
    pub fn tell(&self, _device: &DeviceSlot, _edges: &[Edge]) {
        let _ = (&self.bus, &self.store);
    }
}

/// Runs the service's mailbox and its clock until `stop`.
pub async fn run(
    alarms: Arc<Alarms>,
    snapshot: Arc<ArcSwap<Snapshot>>,
    mut mailbox: mpsc::Receiver<Posted>,
    stop: CancellationToken,
) {
    let _ = (alarms, snapshot);
    while let Some(Some(_posted)) = stop.run_until_cancelled(mailbox.recv()).await {}
}
