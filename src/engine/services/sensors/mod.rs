//! The sensor service: devices and their connections, readings and thermal frames.
//!
//! [`registry`] knows the devices, [`session`] is one connection as a state machine, [`bound`] one location
//! that it reports for, [`server`] runs sessions over
//! sockets, [`orders`], [`place`] and [`period`] are the session's pure parts. [`House`] is what they share.
//!
//! Invariant: the registry's lock is taken when a device comes, goes or is asked for something, never per packet and
//! never across an `.await`. Facts are said under it, so that their order is that of the registry.

pub mod bound;
pub mod directory;
mod entry;
pub mod guard;
pub mod opening;
pub mod orders;
pub mod period;
pub mod place;
pub mod registry;
pub mod server;
pub mod session;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::engine::bus::{Answered, Batch, BusSender};
use crate::engine::services::alarms::Alarms;
use crate::engine::services::sensors::bound::Ground;
use crate::engine::services::sensors::directory::{Claim, Directory, Handle};
use crate::engine::services::sensors::place::Places;
use crate::engine::services::sensors::registry::{Limits, Registry};
use crate::engine::services::thermal::{Arrays, Taken};
use crate::heat::watch::Edge;
use crate::model::alarms::rule::RuleId;
use crate::model::message::{Command, Update};
use crate::model::sensors::{self, DeviceId, Ended};
use crate::model::thermal::{self, PixelMeaning};
use crate::port::Posted;
use crate::port::slots::DeviceSlot;
use crate::settings::current::Settings;
use crate::store::Store;
use crate::store::records::{CalibrationKey, CalibrationRecord};
use crate::units::grid::Size;
use crate::wire::thermal::LineEnd;

const TICK: Duration = Duration::from_millis(250);

/// What the sensor service's tasks share.
#[derive(Debug)]
pub struct House {
    /// Time, slots, the window's wake-up.
    pub ground: Ground,
    /// Devices and connections.
    pub registry: Mutex<Registry>,
    /// Arrays and their calibrations.
    pub arrays: Mutex<Arrays>,
    /// The settings in force.
    pub settings: Arc<ArcSwap<Settings>>,
    /// Facts go here.
    pub bus: BusSender,
    /// Calibrations are kept here; `None` if nothing is kept.
    pub store: Option<Store>,
    /// Every reading is held against its rules.
    pub alarms: Arc<Alarms>,
}

impl House {
    /// The limits in force.
    #[must_use]
    pub fn limits(&self) -> Limits {
        let sensors = &self.settings.load().sensors;
        Limits { total: sensors.max_connections as usize, per_address: sensors.max_per_address as usize }
    }

    /// A connection ended.
    pub fn ended(&self, connection: u64, why: Ended) {
        let mut registry = self.registry.lock();
        let (now, wall) = (self.ground.clock.now(), self.ground.clock.wall());
        let mut updates = registry.close(connection, why, now, wall);
        // Strangers that nobody took in go as a whole.
        let mut arrays = self.arrays.lock();
        let gone: Vec<Update> = updates.iter().flat_map(|update| forgotten(update, &mut arrays)).collect();
        updates.extend(gone);
        self.bus.say(Batch::of(updates));
    }

    fn tick(&self) {
        let mut registry = self.registry.lock();
        let (now, wall) = (self.ground.clock.now(), self.ground.clock.wall());
        let mut updates = registry.tick(now, wall);
        let slots = self.ground.slots.devices();
        let figures = slots.iter().filter_map(|(id, slot)| Some((id.clone(), slot.hottest.last()?.1 as f32)));
        updates.extend(self.arrays.lock().hottest(now, wall, figures));
        if !updates.is_empty() {
            self.ground.wake.wake();
        }
        self.bus.say(Batch::of(updates));
    }

    /// Whether a device never seen before may be live at once.
    fn trusts(&self, address: IpAddr) -> bool {
        address.is_loopback() || self.settings.load().sensors.allow.iter().any(|net| net.contains(&address))
    }

    /// Decides on a command and says what came of it.
    pub fn command(&self, posted: Posted) {
        let Posted { envelope, reply } = posted;
        let mut registry = self.registry.lock();
        let mut arrays = self.arrays.lock();
        let decided = match envelope.command {
            Command::Sensors(command) => {
                let forgotten = match &command {
                    sensors::Command::Forget { device } => Some((device.clone(), registry.key(device))),
                    _ => None,
                };
                registry.on_command(command).map(|mut updates| {
                    if let Some((device, key)) = forgotten {
                        updates.extend(arrays.on_forgotten(&device));
                        self.forget_calibration(key);
                    }
                    updates
                })
            }
            Command::Thermal(command) => self.thermal(command, &envelope.origin.words(), &mut arrays),
            _ => Err("This is not for the sensor service.".to_owned()),
        };
        let (updates, refused) = match decided {
            Ok(updates) => (updates, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        let answer = Some(Answered { ticket: envelope.ticket, refused, made: None, reply });
        self.bus.say(Batch { updates, origin: envelope.origin, cause: envelope.cause, answer });
    }
}

impl House {
    /// Decides on a command about arrays. Regions are kept when somebody changed them, never because of a picture: what
    /// could not be read at the start stays as it is.
    fn thermal(&self, command: thermal::Command, by: &Arc<str>, arrays: &mut Arrays) -> Result<Vec<Update>, String> {
        let draws = !matches!(command, thermal::Command::Choose { .. });
        let updates = arrays.on_command(command, by, self.ground.clock.wall())?;
        if let (true, Some(store)) = (draws, &self.store) {
            for update in &updates {
                if let Update::Thermal(thermal::Update::Changed(array)) = update {
                    store.save_regions(array.device.clone(), Arc::clone(&array.regions));
                }
            }
        }
        Ok(updates)
    }

    fn forget_calibration(&self, key: Option<(String, String)>) {
        if let (Some(store), Some((owner, location))) = (&self.store, key) {
            store.forget_calibration(CalibrationKey { owner, location });
        }
    }
}

/// Runs the service's mailbox and its clock until `stop`.
pub async fn run(house: Arc<House>, mut mailbox: mpsc::Receiver<Posted>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => house.tick(),
            posted = mailbox.recv() => match posted {
                Some(posted) => house.command(posted),
                None => return,
            },
        }
    }
}

impl Places for House {
    fn alias(&self, id: &str) -> Option<Arc<str>> {
        self.settings.load().sensors.aliases.get(id).map(|location| location.as_str().into())
    }

    fn is_location(&self, id: &str) -> bool {
        self.registry.lock().is_location(id)
    }

    fn of_address(&self, address: IpAddr) -> Option<Arc<str>> {
        let mapped = self.settings.load().sensors.locations.get(&address).map(|location| location.as_str().into());
        mapped.or_else(|| self.registry.lock().location_of(address))
    }
}

impl Directory for House {
    fn claim(&self, claim: &Claim) -> Option<Handle> {
        let trusted = self.trusts(claim.address);
        let mut registry = self.registry.lock();
        let (slot, updates) = registry.claim(claim, trusted, self.ground.clock.wall())?;
        let line_end = registry.line_end(&slot.id).and_then(|name| line_end_of(&name));
        let cell = self.arrays.lock().cell(&slot.id);
        self.bus.say(Batch::of(updates));
        let watch = self.alarms.watch(&slot.id, &slot.location);
        let program = self.alarms.program();
        Some(Handle { slot, cell, line_end, watch, program })
    }

    fn recognised(&self, device: &DeviceId, size: Size, meaning: PixelMeaning) {
        let mut arrays = self.arrays.lock();
        let updates = arrays.on_recognised(device, size, meaning);
        self.bus.say(Batch::of(updates));
    }

    fn calibration(&self, device: &DeviceId, words: &[u16]) -> Result<(), String> {
        let key = self.registry.lock().key(device);
        let mut arrays = self.arrays.lock();
        let (taken, updates) = arrays.on_calibration(device, words);
        self.bus.say(Batch::of(updates));
        match taken {
            Taken::Invalid(why) => Err(why),
            Taken::Valid { changed } => {
                if let (true, Some(store), Some((owner, location))) = (changed, &self.store, key) {
                    let (key, received) = (CalibrationKey { owner, location }, self.ground.clock.wall());
                    store.save_calibration(CalibrationRecord { key, words: words.to_vec(), received });
                }
                Ok(())
            }
        }
    }

    fn answered(&self, device: &DeviceId, end: LineEnd) {
        let mut registry = self.registry.lock();
        let updates = registry.answered(device, line_end_name(end));
        self.bus.say(Batch::of(updates));
    }

    fn turned(&self, device: &DeviceSlot, edges: &[Edge]) {
        self.alarms.tell(device, edges);
    }

    fn on(&self, device: &DeviceSlot) -> Vec<(RuleId, u16)> {
        self.alarms.on(device)
    }

    fn take_calibration_wish(&self, device: &DeviceId) -> bool {
        self.registry.lock().take_calibration_wish(device)
    }
}

fn forgotten(update: &Update, arrays: &mut Arrays) -> Vec<Update> {
    match update {
        Update::Sensors(sensors::Update::Forgotten(device)) => arrays.on_forgotten(device),
        _ => Vec::new(),
    }
}

const fn line_end_name(end: LineEnd) -> &'static str {
    match end {
        LineEnd::None => "none",
        LineEnd::Lf => "lf",
        LineEnd::CrLf => "crlf",
    }
}

fn line_end_of(name: &str) -> Option<LineEnd> {
    [LineEnd::None, LineEnd::Lf, LineEnd::CrLf].into_iter().find(|&end| line_end_name(end) == name)
}

/// The facts that tell everything at once, after a restart.
#[must_use]
pub fn opening(house: &House) -> Vec<Update> {
    vec![
        Update::Sensors(sensors::Update::Reset(Arc::new(house.registry.lock().state()))),
        Update::Thermal(thermal::Update::Reset(Arc::new(house.arrays.lock().state()))),
    ]
}
