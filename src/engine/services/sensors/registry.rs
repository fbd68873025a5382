//! Which devices there are, which connection reports for which, and how each fares. Pure: time is passed in.
//!
//! A device is known by who owns it (its serial number, else its address) and by the location it reports for.
//! Connections are known by number, never by address: several devices may stand behind one address.
//!
//! Invariant: at most one connection reports for a device. A newer connection of the same device replaces an older
//! one at once, unless the older one proved alive since the newer was opened: then they are two devices.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::engine::services::sensors::directory::Claim;
use crate::engine::services::sensors::entry::{Entry, Key, label, period_changed, phase};
use crate::model::message::Update;
use crate::model::sensors::{self, Command, Device, DeviceId, Ended, Introduced, Phase, Sensors};
use crate::port::slots::{DeviceSlot, Slots};
use crate::units::moment::Moment;
use crate::units::slug::slug;

/// Devices that are remembered; further ones are not taken.
pub const MAX_DEVICES: usize = 20_000;
/// Introductions that are kept; further ones are refused.
pub const MAX_INTRODUCED: usize = 20_000;
/// Small changes of periods are told each so many ticks, so that erratic devices do not fill the bus.
const PERIOD_TICKS: u64 = 20;
const BAD_NAME: &str = "A name has 1 to 64 characters.";
const BAD_PLACE: &str = "A place has at most 64 characters.";
const BAD_LOCATION: &str = "A location has 1 to 64 characters.";

/// The registry's end of a connection: asks it to end.
#[derive(Clone, Debug, Default)]
pub struct Closer {
    token: CancellationToken,
    why: Arc<Mutex<Option<Ended>>>,
}

impl Closer {
    /// Asks the connection to end. The first reason stays.
    pub fn close(&self, why: Ended) {
        self.why.lock().get_or_insert(why);
        self.token.cancel();
    }

    /// Completes when the connection is asked to end.
    pub async fn closed(&self) -> Ended {
        self.token.cancelled().await;
        self.why.lock().unwrap_or(Ended::Stopped)
    }
}

struct Open {
    address: IpAddr,
    closer: Closer,
}

/// The service's state.
pub struct Registry {
    slots: Arc<Slots>,
    devices: BTreeMap<DeviceId, Entry>,
    keys: BTreeMap<Key, DeviceId>,
    locations: HashMap<Arc<str>, usize>,
    introduced: BTreeMap<Arc<str>, Introduced>,
    open: HashMap<u64, Open>,
    per_address: HashMap<IpAddr, usize>,
    next_connection: u64,
    paused: bool,
    resumed: Moment,
    ticks: u64,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Registry").field("devices", &self.devices.len()).finish_non_exhaustive()
    }
}

/// Limits on connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Open at once.
    pub total: usize,
    /// Open at once from one address that is not loopback.
    pub per_address: usize,
}

impl Registry {
    /// No devices.
    #[must_use]
    pub fn new(slots: Arc<Slots>) -> Self {
        Self {
            slots,
            devices: BTreeMap::new(),
            keys: BTreeMap::new(),
            locations: HashMap::new(),
            introduced: BTreeMap::new(),
            open: HashMap::new(),
            per_address: HashMap::new(),
            next_connection: 0,
            paused: false,
            resumed: Moment::ZERO,
            ticks: 0,
        }
    }

    /// Takes a stored device in, at start. It is offline until it dials in.
    pub fn restore(&mut self, owner: &str, device: Device) {
        let key = Key::stored(owner, &device.location);
        let device = Device { connected: false, phase: Phase::Offline, ..device };
        self.insert(key, device);
    }

    /// Takes a stored introduction in, after the devices. One whose device is there by now is left out.
    pub fn restore_introduced(&mut self, location: Arc<str>, as_what: Introduced) {
        if !self.locations.contains_key(&location) {
            self.introduced.insert(location, as_what);
        }
    }

    fn insert(&mut self, key: Key, device: Device) {
        let location = if key.twin == 0 { Arc::clone(&device.location) } else { Arc::clone(&device.id.0) };
        let slot = Arc::new(DeviceSlot::new(device.id.clone(), location));
        slot.set_waiting(!device.accepted);
        self.slots.insert(Arc::clone(&slot));
        self.keys.insert(key.clone(), device.id.clone());
        *self.locations.entry(Arc::clone(&key.location)).or_insert(0) += 1;
        let id = device.id.clone();
        let (connection, opened, calibration_wish) = (None, Moment::ZERO, Arc::default());
        self.devices.insert(id, Entry { key, device, slot, connection, opened, calibration_wish });
    }

    /// Everything that is public, to start from.
    #[must_use]
    pub fn state(&self) -> Sensors {
        let devices = self.devices.iter().map(|(id, e)| (id.clone(), Arc::new(e.device.clone()))).collect();
        Sensors { devices, introduced: self.introduced.clone() }
    }

    /// A connection was opened. Returns its number, or why it cannot be taken.
    ///
    /// # Errors
    /// A limit is reached.
    pub fn open(&mut self, address: IpAddr, limits: Limits) -> Result<(u64, Closer), Ended> {
        let from_here = self.per_address.get(&address).copied().unwrap_or(0);
        let refused = if self.open.len() >= limits.total {
            Some(Ended::ServerFull)
        } else {
            (!address.is_loopback() && from_here >= limits.per_address).then_some(Ended::TooManyFromAddress)
        };
        if let Some(refused) = refused {
            self.slots.connections.refused.add(1);
            return Err(refused);
        }
        self.slots.connections.opened.add(1);
        self.next_connection += 1;
        *self.per_address.entry(address).or_insert(0) += 1;
        let closer = Closer::default();
        self.open.insert(self.next_connection, Open { address, closer: closer.clone() });
        Ok((self.next_connection, closer))
    }

    /// Open connections.
    #[must_use]
    pub fn n_open(&self) -> usize {
        self.open.len()
    }

    /// A connection ended.
    pub fn close(&mut self, connection: u64, why: Ended, now: Moment, wall: Timestamp) -> Vec<Update> {
        let address = self.open.remove(&connection).map(|open| open.address);
        if let Some(address) = &address {
            count_down(&mut self.per_address, address);
            let counter =
                if why == Ended::Replaced { &self.slots.connections.replaced } else { &self.slots.connections.closed };
            counter.add(1);
        }
        let mut updates = Vec::new();
        let mut strangers = Vec::new();
        for entry in self.devices.values_mut().filter(|entry| entry.connection == Some(connection)) {
            entry.connection = None;
            if !entry.device.accepted {
                strangers.push(entry.device.id.clone());
                continue;
            }
            entry.hear(now, wall);
            entry.device.connected = false;
            entry.device.ended = Some(why);
            entry.enter(Phase::Offline, wall);
            updates.push(entry.changed());
        }
        // A stranger that nobody took in and that is gone is forgotten: strangers cannot fill the list.
        updates.extend(strangers.iter().filter_map(|id| self.forget(id)).flatten());
        if updates.is_empty() {
            updates.extend(address.and_then(|address| self.failed(address, why)));
        }
        updates
    }

    /// A connection ended that never reported for a location. If one device that is missed has this address, it was its
    /// attempt; on loopback, where many share the address, nobody can tell.
    fn failed(&mut self, address: IpAddr, why: Ended) -> Option<Update> {
        let device_s_doing =
            matches!(why, Ended::WrongProtocol | Ended::OnlyBadPackets | Ended::ClosedByDevice | Ended::Reset);
        if address.is_loopback() || !device_s_doing {
            return None;
        }
        let mut missed = self.devices.values_mut().filter(|entry| entry.device.address == address);
        let entry = missed.next().filter(|entry| !entry.device.connected && entry.device.accepted)?;
        if missed.next().is_some() {
            return None;
        }
        entry.device.attempts = entry.device.attempts.saturating_add(1);
        entry.device.ended = Some(why);
        Some(entry.changed())
    }

    /// A connection reports for a location: binds it to its device. `trusted`: a newcomer from this address is live
    /// at once.
    pub fn claim(&mut self, claim: &Claim, trusted: bool, wall: Timestamp) -> Option<(Arc<DeviceSlot>, Vec<Update>)> {
        let owner = match &claim.serial {
            Some(serial) => format!("serial:{serial}"),
            None => format!("ip:{}", claim.address),
        };
        let mut key = Key { owner, location: Arc::clone(&claim.location), twin: 0 };
        let id = loop {
            match self.keys.get(&key) {
                None if self.devices.len() >= MAX_DEVICES => return None,
                None => {
                    let device = self.newcomer(claim, key.twin, trusted, wall);
                    let id = device.id.clone();
                    self.insert(key, device);
                    break id;
                }
                Some(id) if !self.is_taken_by_living(id, claim) => break id.clone(),
                Some(_) => key.twin = key.twin.checked_add(1)?,
            }
        };
        self.take_over(&id, claim, trusted, wall)
    }

    /// Whether an older connection reports for this device and did so after the newer one was opened.
    fn is_taken_by_living(&self, id: &DeviceId, claim: &Claim) -> bool {
        let Some(entry) = self.devices.get(id) else { return false };
        let other = entry.connection.is_some_and(|connection| connection != claim.connection);
        other && entry.slot.last_heard().is_some_and(|heard| heard > claim.opened)
    }

    fn newcomer(&self, claim: &Claim, twin: u8, trusted: bool, wall: Timestamp) -> Device {
        let id = self.free_id(&claim.location);
        let name =
            if twin == 0 { Arc::clone(&claim.location) } else { format!("{} ({})", claim.location, twin + 1).into() };
        Device {
            id,
            name,
            location: Arc::clone(&claim.location),
            serial: claim.serial.clone(),
            place: Arc::default(),
            attempts: 0,
            heard: None,
            address: claim.address,
            accepted: trusted,
            simulated: claim.serial.as_deref().is_some_and(is_simulated),
            connected: true,
            phase: Phase::Identify,
            ended: None,
            since: wall,
            period: None,
            line_end: None,
        }
    }

    fn free_id(&self, location: &str) -> DeviceId {
        let base = slug(location);
        let taken = |id: &str| self.devices.contains_key(&DeviceId(id.into()));
        if !taken(&base) {
            return DeviceId(base.into());
        }
        let numbered = (2_u32..).map(|n| format!("{base}-{n}")).find(|id| !taken(id));
        DeviceId(numbered.unwrap_or(base).into())
    }

    fn take_over(
        &mut self,
        id: &DeviceId,
        claim: &Claim,
        trusted: bool,
        wall: Timestamp,
    ) -> Option<(Arc<DeviceSlot>, Vec<Update>)> {
        let entry = self.devices.get_mut(id)?;
        let before = entry.connection.replace(claim.connection);
        let old = before.filter(|&old| old != claim.connection);
        if before != Some(claim.connection) {
            entry.opened = claim.opened;
            entry.device.attempts = entry.device.attempts.saturating_add(1);
        }
        if let Some(open) = old.and_then(|old| self.open.get(&old)) {
            open.closer.close(Ended::Replaced);
        }
        let device = &mut entry.device;
        device.address = claim.address;
        device.connected = true;
        device.ended = None;
        device.accepted |= trusted;
        entry.slot.set_waiting(!device.accepted);
        if claim.serial.is_some() {
            device.serial.clone_from(&claim.serial);
        }
        entry.enter(Phase::Identify, wall);
        let slot = Arc::clone(&entry.slot);
        Some((slot, self.present(id)))
    }

    /// What is to be said of a device: its state, with the introduction of its location taken, now that it is let in.
    fn present(&mut self, id: &DeviceId) -> Vec<Update> {
        let Some(entry) = self.devices.get_mut(id) else { return Vec::new() };
        let first = entry.device.accepted && entry.key.twin == 0;
        let known = first.then(|| self.introduced.remove_entry(&entry.key.location)).flatten();
        let Some((location, Introduced { name, place })) = known else { return vec![entry.changed()] };
        entry.be_called(&name, &place);
        let gone = Update::Sensors(sensors::Update::Introduced { location, as_what: None });
        vec![entry.changed(), gone]
    }

    /// Looks at every connected device: who is streaming, late, offline.
    pub fn tick(&mut self, now: Moment, wall: Timestamp) -> Vec<Update> {
        if self.paused {
            return Vec::new();
        }
        self.ticks += 1;
        let (resumed, settle) = (self.resumed, self.ticks.is_multiple_of(PERIOD_TICKS));
        let mut updates = Vec::new();
        for entry in self.devices.values_mut().filter(|entry| entry.connection.is_some()) {
            let heard = entry.slot.last_heard();
            let period = entry.slot.period();
            let silence = heard.map_or(Duration::ZERO, |heard| now.since(heard.max(resumed)));
            let phase = phase(entry.device.phase, heard.is_some(), silence, period);
            let learned = period_changed(entry.device.period, period, settle);
            let arrived = entry.device.attempts > 0 && heard.is_some_and(|heard| heard >= entry.opened);
            if phase != entry.device.phase || learned || arrived {
                entry.device.period = period;
                entry.hear(now, wall);
                entry.enter(phase, wall);
                updates.push(entry.changed());
            }
        }
        updates
    }

    /// The demo's devices hold still: nobody is late meanwhile.
    pub fn pause(&mut self, paused: bool, now: Moment) {
        self.paused = paused;
        self.resumed = now;
    }

    /// Whether a device of this location is known, or was introduced.
    #[must_use]
    pub fn is_location(&self, location: &str) -> bool {
        self.locations.contains_key(location) || self.introduced.contains_key(location)
    }

    /// The location of the one device known at an address.
    #[must_use]
    pub fn location_of(&self, address: IpAddr) -> Option<Arc<str>> {
        let mut here = self.devices.values().filter(|entry| entry.device.address == address);
        let first = here.next()?;
        here.next().is_none().then(|| Arc::clone(&first.device.location))
    }

    /// The device answered a command of this spelling.
    pub fn answered(&mut self, id: &DeviceId, line_end: &'static str) -> Vec<Update> {
        match self.devices.get_mut(id) {
            Some(entry) if entry.device.line_end.as_deref() != Some(line_end) => {
                entry.device.line_end = Some(line_end.into());
                vec![entry.changed()]
            }
            _ => Vec::new(),
        }
    }

    /// The spelling that a device was seen to answer.
    #[must_use]
    pub fn line_end(&self, id: &DeviceId) -> Option<Arc<str>> {
        self.devices.get(id)?.device.line_end.clone()
    }

    /// Whether the operator asked for a calibration since the last call.
    #[must_use]
    pub fn take_calibration_wish(&self, id: &DeviceId) -> bool {
        self.devices.get(id).is_some_and(|entry| entry.calibration_wish.swap(false, Ordering::Relaxed))
    }

    /// Who a device is, for the store: its owner (`serial:...` or `ip:...`, twins numbered behind a `#`), its location.
    #[must_use]
    pub fn key(&self, id: &DeviceId) -> Option<(String, String)> {
        self.devices.get(id).map(|entry| (entry.key.stored_owner(), entry.key.location.to_string()))
    }

    /// The device of a stored owner and location.
    #[must_use]
    pub fn with_key(&self, owner: &str, location: &str) -> Option<DeviceId> {
        self.keys.get(&Key::stored(owner, location)).cloned()
    }

    /// Decides on a command.
    ///
    /// # Errors
    /// Why it was refused, for a person.
    pub fn on_command(&mut self, command: Command) -> Result<Vec<Update>, String> {
        let unknown = |device: &DeviceId| format!("There is no device \"{device}\".");
        match command {
            Command::Accept { device } => {
                let entry = self.devices.get_mut(&device).ok_or_else(|| unknown(&device))?;
                entry.device.accepted = true;
                entry.slot.set_waiting(false);
                Ok(self.present(&device))
            }
            Command::Rename { device, name } => {
                let entry = self.devices.get_mut(&device).ok_or_else(|| unknown(&device))?;
                entry.device.name = label(&name).filter(|name| !name.is_empty()).ok_or(BAD_NAME)?.into();
                Ok(vec![entry.changed()])
            }
            Command::SetPlace { device, place } => {
                let entry = self.devices.get_mut(&device).ok_or_else(|| unknown(&device))?;
                entry.device.place = label(&place).ok_or(BAD_PLACE)?.into();
                Ok(vec![entry.changed()])
            }
            Command::Reconnect { device } => {
                let entry = self.devices.get(&device).ok_or_else(|| unknown(&device))?;
                let open = entry.connection.and_then(|connection| self.open.get(&connection));
                let open = open.ok_or_else(|| {
                    format!("\"{}\" is not connected. Devices dial in; it cannot be dialled.", entry.device.name)
                })?;
                open.closer.close(Ended::Reconnect);
                Ok(Vec::new())
            }
            Command::Introduce { location, as_what } => self.introduce(&location, &as_what),
            Command::AskCalibration { device } => {
                let entry = self.devices.get(&device).ok_or_else(|| unknown(&device))?;
                if entry.connection.is_none() {
                    return Err(format!("\"{}\" is not connected: it must dial in first.", entry.device.name));
                }
                entry.calibration_wish.store(true, Ordering::Relaxed);
                Ok(Vec::new())
            }
            Command::Forget { device } => self.forget(&device).ok_or_else(|| unknown(&device)),
        }
    }

    /// Keeps what a location is to be called for the device that will report for it; one that is there already is
    /// called so at once. What is empty stays as it is; an introduction that says nothing takes an earlier one back.
    fn introduce(&mut self, location: &str, as_what: &Introduced) -> Result<Vec<Update>, String> {
        let location: Arc<str> = label(location).filter(|location| !location.is_empty()).ok_or(BAD_LOCATION)?.into();
        let name: Arc<str> = label(&as_what.name).ok_or(BAD_NAME)?.into();
        let place: Arc<str> = label(&as_what.place).ok_or(BAD_PLACE)?.into();
        let here = self.devices.values_mut().filter(|entry| entry.key.location == location && entry.device.accepted);
        if let Some(entry) = here.min_by_key(|entry| entry.key.twin) {
            let changed = entry.be_called(&name, &place);
            return Ok(changed.then(|| entry.changed()).into_iter().collect());
        }
        let wanted = Some(Introduced { name, place }).filter(|wanted| *wanted != Introduced::default());
        if self.introduced.get(&location) == wanted.as_ref() {
            return Ok(Vec::new());
        }
        match &wanted {
            Some(_) if self.introduced.len() >= MAX_INTRODUCED => {
                return Err(format!("{MAX_INTRODUCED} locations are introduced already."));
            }
            Some(known) => drop(self.introduced.insert(Arc::clone(&location), known.clone())),
            None => drop(self.introduced.remove(&location)),
        }
        Ok(vec![Update::Sensors(sensors::Update::Introduced { location, as_what: wanted })])
    }

    fn forget(&mut self, device: &DeviceId) -> Option<Vec<Update>> {
        let entry = self.devices.remove(device)?;
        self.keys.remove(&entry.key);
        count_down(&mut self.locations, &entry.key.location);
        self.slots.remove(device);
        if let Some(open) = entry.connection.and_then(|connection| self.open.get(&connection)) {
            open.closer.close(Ended::Removed);
        }
        Some(vec![Update::Sensors(sensors::Update::Forgotten(device.clone()))])
    }

    /// Asks every connection to end.
    pub fn close_all(&self) {
        for open in self.open.values() {
            open.closer.close(Ended::Stopped);
        }
    }
}

/// Takes one off a count; at nothing its key goes.
fn count_down<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(left) = counts.get_mut(key) {
        *left = left.saturating_sub(1);
        if *left == 0 {
            counts.remove(key);
        }
    }
}

/// Whether a serial number is one that simulators give themselves: `SIM` and six digits.
#[must_use]
pub fn is_simulated(serial: &str) -> bool {
    serial.strip_prefix("SIM").is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()))
}
