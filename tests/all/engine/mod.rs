//! The engine's pure parts: no runtime, no sockets, no sleeps.

mod alarms;
mod alarms_commands;
mod alarms_service;
mod alarms_story;
mod alarms_watch;
mod bus;
mod diary;
mod exports;
mod herald;
mod history;
mod hottest;
mod layouts;
mod lights;
mod link;
mod orders;
mod place;
mod recording;
mod regions;
mod registry;
mod session;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use arc_swap::ArcSwap;
use hearthlight::engine::bus::{Batch, BusSender};
use hearthlight::engine::services::alarms::Alarms;
use hearthlight::engine::services::sensors::House;
use hearthlight::engine::services::sensors::bound::Ground;
use hearthlight::engine::services::sensors::registry::{Limits, Registry};
use hearthlight::engine::services::sensors::session::Session;
use hearthlight::engine::services::thermal::Arrays;
use hearthlight::io::clock::Clock;
use hearthlight::model::message::{Origin, Stamped, Update};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::thermal::Optics;
use hearthlight::port::slots::Slots;
use hearthlight::settings::current::Settings;
use hearthlight::units::moment::Moment;
use parking_lot::Mutex;
use tokio::sync::mpsc::UnboundedReceiver;

/// The loopback address.
const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Limits that no test but those of the limits reaches.
const ROOMY: Limits = Limits { total: 1000, per_address: 1000 };

/// A sensor service without sockets, and what it says.
pub(crate) struct Bench {
    pub(crate) house: Arc<House>,
    said: UnboundedReceiver<Batch>,
    snapshot: Snapshot,
}

impl Bench {
    pub(crate) fn new(settings: Settings) -> Self {
        let slots = Arc::new(Slots::default());
        let (bus, said) = BusSender::new();
        let clock = Clock::default();
        let (alarms, damaged) = Alarms::open(&clock, &slots, &bus, None);
        assert!(damaged.is_empty(), "{damaged:?}");
        let house = House {
            ground: Ground { clock, slots: Arc::clone(&slots), wake: Default::default() },
            registry: Mutex::new(Registry::new(slots)),
            arrays: Mutex::new(Arrays::new(Optics::default())),
            settings: Arc::new(ArcSwap::from_pointee(settings)),
            bus,
            store: None,
            alarms: Arc::new(alarms),
        };
        Self { house: Arc::new(house), said, snapshot: Snapshot::default() }
    }

    /// A new connection from `address`.
    fn dial_from(&self, address: IpAddr) -> Session {
        let (connection, _) = self.house.registry.lock().open(address, ROOMY).unwrap();
        Session::new(self.house.ground.clone(), connection, address, &self.house.settings.load())
    }

    fn dial(&self) -> Session {
        self.dial_from(HERE)
    }

    /// Folds everything that was said since the last call.
    pub(crate) fn fold(&mut self) -> &Snapshot {
        while let Ok(batch) = self.said.try_recv() {
            for update in batch.updates {
                self.snapshot.apply(&stamped(self.snapshot.seq + 1, update));
            }
        }
        &self.snapshot
    }

    fn slots(&self) -> &Slots {
        &self.house.ground.slots
    }
}

/// A fact with this number.
fn stamped(seq: u64, update: Update) -> Stamped {
    let wall = jiff::Timestamp::UNIX_EPOCH;
    Stamped { seq, at: Moment(seq), wall, origin: Origin::System, cause: None, update }
}

/// Feeds bytes to a session as one read.
fn feed(session: &mut Session, mut bytes: &[u8], now: Moment, house: &House) {
    while !bytes.is_empty() {
        let space = session.space();
        let n = space.len().min(bytes.len());
        space[..n].copy_from_slice(&bytes[..n]);
        session.receive(n, now, house);
        bytes = &bytes[n..];
    }
}
