//! One connection of a sensor device, as a state machine: bytes and time go in; readings go to slots, orders come out.
//!
//! ```text
//! accepted -> identify -> start -> streaming -> (late, offline: seen by the registry) -> closed
//! ```
//!
//! The walk of a frame: [`Session::space`] lends the framer's buffer to the socket; [`Session::receive`] cuts packets
//! out of it; [`Bound::frame`] decodes the digits into the session's words, lets `heat` turn them into temperatures
//! inside a recycled frame, and puts that into the device's slot. The grid is written once.
//!
//! Invariant: no allocation and no lock per packet once a device is bound; a bad packet costs itself only.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::services::sensors::bound::{Bound, Ground, Taken, Verdict};
use crate::engine::services::sensors::directory::{Claim, Directory, Handle};
use crate::engine::services::sensors::guard::Guard;
use crate::engine::services::sensors::opening::Opening;
use crate::engine::services::sensors::orders::{Done, Orders};
use crate::engine::services::sensors::place::Place;
use crate::heat::mlx90640;
use crate::model::sensors::Ended;
use crate::port::slots::{DeviceSlot, Kind, Reason, Reject};
use crate::settings::current::Settings;
use crate::units::moment::Moment;
use crate::wire::thermal::{self as wire, Framed, Framer, LineEnd, Order, Packet, START_LEN};

/// Locations that one connection may report for.
pub const MAX_LOCATIONS: usize = 32;
/// Bytes without a valid packet for this long close the connection.
pub const BAD_LIMIT: Duration = Duration::from_secs(60);
/// So many bytes without a `#` close the connection.
pub const NOISE_LIMIT: usize = 1 << 20;

/// One connection.
pub struct Session {
    connection: u64,
    address: IpAddr,
    opened: Moment,
    ground: Ground,
    opening: Opening,
    framer: Framer,
    words: Vec<u16>,
    place: Place,
    serial: Option<Arc<str>>,
    orders: Orders,
    bound: Vec<Bound>,
    main: Option<usize>,
    early: [u64; 5],
    early_bytes: u64,
    last_good: Moment,
    bytes_since_good: u64,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("connection", &self.connection).finish_non_exhaustive()
    }
}

impl Session {
    /// A connection that was just accepted.
    #[must_use]
    pub fn new(ground: Ground, connection: u64, address: IpAddr, settings: &Settings) -> Self {
        let now = ground.clock.now();
        let sensors = &settings.sensors;
        let poll = Duration::from_secs(sensors.poll_s.into());
        Self {
            connection,
            address,
            opened: now,
            ground,
            opening: Opening::default(),
            framer: Framer::default(),
            words: Vec::new(),
            place: Place::new(address),
            serial: None,
            orders: Orders::new(now, sensors.order, poll, sensors.line_end),
            bound: Vec::new(),
            main: None,
            early: [0; 5],
            early_bytes: 0,
            last_good: now,
            bytes_since_good: 0,
        }
    }

    /// Room to read into; never empty.
    pub fn space(&mut self) -> &mut [u8] {
        self.framer.space()
    }

    /// `n` bytes were read into [`Self::space`] and ended at `now`: handles every packet that they complete.
    pub fn receive(&mut self, n: usize, now: Moment, directory: &dyn Directory) {
        if self.opening.foreign().is_some() {
            return;
        }
        self.framer.filled(n);
        self.opening.take(self.framer.newest(n));
        if let Some(protocol) = self.opening.foreign() {
            self.turn_away(protocol, n, now, directory);
            return;
        }
        self.orders.on_bytes(now);
        self.bytes_since_good += n as u64;
        match self.main.and_then(|main| self.bound.get(main)) {
            Some(bound) => bound.slot.bytes.add(n as u64),
            None => self.early_bytes += n as u64,
        }
        // The framer is taken out while its packets are borrowed from it.
        let mut framer = std::mem::take(&mut self.framer);
        let mut any = false;
        while let Some(framed) = framer.next() {
            match framed {
                Framed::Packet(packet) => {
                    let verdict = self.on_packet(packet, now, directory);
                    any = true;
                    if let Err((reason, detail)) = verdict {
                        self.reject(reason, &detail, packet, packet, now, directory);
                        framer.rejected();
                    }
                }
                Framed::Bad { reason, start, head } => {
                    self.reject(reason.into(), "", head, start, now, directory);
                }
            }
        }
        self.framer = framer;
        if any {
            self.ground.wake.wake();
        }
    }

    /// Counts that somebody came to the wrong door; the next [`Self::poll`] closes it.
    fn turn_away(&mut self, protocol: &str, n: usize, now: Moment, directory: &dyn Directory) {
        let start: Vec<u8> = self.framer.newest(n).iter().take(START_LEN).copied().collect();
        self.reject(Reason::UnknownKind, &format!("it speaks {protocol}"), &[], &start, now, directory);
    }

    fn on_packet(&mut self, packet: &[u8], now: Moment, directory: &dyn Directory) -> Verdict {
        let kind = match wire::decode(packet).map_err(|reason| (reason.into(), String::new()))? {
            Packet::Serial(serial) => {
                self.serial = Some(serial.into());
                self.note_early(Kind::Serial);
                Kind::Serial
            }
            Packet::Location(location) => {
                self.place.announce(location);
                self.note_early(Kind::Location);
                Kind::Location
            }
            Packet::Readings { id, parts } => {
                let location = self.place_of(id, Kind::Sensor, directory);
                let at = self.bind(&location, directory)?;
                self.on_readings(at, parts, now, directory);
                Kind::Sensor
            }
            Packet::Frame { id, payload } => {
                let location = self.place_of(id, Kind::Frame, directory);
                let at = self.bind(&location, directory)?;
                self.on_frame(at, payload, now, directory)?;
                Kind::Frame
            }
            Packet::Calibration { id, payload } => {
                let location = self.place_of(id, Kind::Eeprom, directory);
                let at = self.bind(&location, directory)?;
                self.on_calibration(at, payload, now, directory)?;
                Kind::Eeprom
            }
        };
        self.last_good = now;
        self.bytes_since_good = 0;
        self.ground.slots.ingest[kind as usize].note(self.ground.clock.now().since(now));
        Ok(())
    }

    /// The location of a packet. In the usual case, the id of the last packet again, nothing is allocated.
    fn place_of(&mut self, id: Option<&str>, kind: Kind, directory: &dyn Directory) -> Arc<str> {
        if let (Some(id), Some(bound)) = (id, self.main.and_then(|main| self.bound.get(main)))
            && *bound.id == *id
        {
            return Arc::clone(&bound.id);
        }
        if kind == Kind::Frame { self.place.of_frame(id, directory) } else { self.place.of_readings(id, directory) }
    }

    fn note_early(&mut self, kind: Kind) {
        match self.main.and_then(|main| self.bound.get(main)) {
            Some(bound) => bound.slot.accepted[kind as usize].add(1),
            None => self.early[kind as usize] += 1,
        }
    }

    /// The place in `bound` of a location, claimed if it is new here.
    fn bind(&mut self, location: &Arc<str>, directory: &dyn Directory) -> Result<usize, (Reason, String)> {
        if let Some(at) = self.bound.iter().position(|bound| bound.id == *location) {
            self.main = Some(at);
            return Ok(at);
        }
        let full =
            || (Reason::Implausible, "more locations than one connection, or devices than the server, may have".into());
        if self.bound.len() >= MAX_LOCATIONS {
            return Err(full());
        }
        let claim = Claim {
            connection: self.connection,
            address: self.address,
            opened: self.opened,
            serial: self.serial.clone(),
            location: Arc::clone(location),
        };
        let Handle { slot, cell, line_end, watch, program } = directory.claim(&claim).ok_or_else(full)?;
        if let Some(end) = line_end {
            self.orders.remember(end);
        }
        self.hand_over(&slot);
        self.bound.push(Bound::new(Arc::clone(location), slot, cell, Guard::new(watch, program)));
        self.main = Some(self.bound.len() - 1);
        Ok(self.bound.len() - 1)
    }

    /// Counts what came before the device was known.
    fn hand_over(&mut self, slot: &DeviceSlot) {
        for (counter, early) in slot.accepted.iter().zip(&mut self.early) {
            counter.add(std::mem::take(early));
        }
        slot.bytes.add(std::mem::take(&mut self.early_bytes));
    }

    fn on_readings(&mut self, at: usize, parts: wire::Parts<'_>, now: Moment, directory: &dyn Directory) {
        let Some(bound) = self.bound.get_mut(at) else { return };
        let learned = bound.readings(parts, now);
        bound.guard.tell(&bound.slot, directory);
        if let Some(order) = self.orders.on_readings(learned) {
            self.note_answer(at, order, directory);
        }
    }

    fn note_answer(&self, at: usize, order: Order, directory: &dyn Directory) {
        if let Some(bound) = self.bound.get(at) {
            bound.slot.commands[order as usize][Done::Answered as usize].add(1);
            directory.answered(&bound.slot.id, self.orders.line_end());
        }
    }

    fn on_frame(&mut self, at: usize, payload: &[u8], now: Moment, directory: &dyn Directory) -> Verdict {
        let Some(bound) = self.bound.get_mut(at) else { return Ok(()) };
        let Taken { learned, recognised, calibrated } = bound.frame(payload, &mut self.words, &self.ground, now)?;
        bound.guard.tell(&bound.slot, directory);
        if let Some((size, meaning)) = recognised {
            directory.recognised(&bound.slot.id, size, meaning);
        }
        // Once per connection: compared with the stored one, it tells whether the device was swapped.
        match (bound.is_raw(), recognised) {
            (true, Some(_)) => self.orders.want_calibration(now),
            (true, None) if !calibrated => self.orders.want_calibration_still(),
            _ => {}
        }
        if let Some(order) = self.orders.on_frame(learned) {
            self.note_answer(at, order, directory);
        }
        Ok(())
    }

    fn on_calibration(&mut self, at: usize, payload: &[u8], now: Moment, directory: &dyn Directory) -> Verdict {
        wire::words(payload, |n| n == mlx90640::EEPROM_WORDS, &mut self.words)
            .map_err(|reason| (reason.into(), format!("{} characters of payload", payload.len())))?;
        let Some(bound) = self.bound.get_mut(at) else { return Ok(()) };
        if !bound.slot.is_waiting() {
            directory.calibration(&bound.slot.id, &self.words).map_err(|why| (Reason::Implausible, why))?;
        }
        bound.slot.accepted[Kind::Eeprom as usize].add(1);
        bound.slot.heard(now);
        if let Some(order) = self.orders.on_calibration() {
            self.note_answer(at, order, directory);
        }
        Ok(())
    }

    fn reject(
        &mut self,
        reason: Reason,
        detail: &str,
        head: &[u8],
        start: &[u8],
        now: Moment,
        directory: &dyn Directory,
    ) {
        let at = self.place_of_damaged(head, directory);
        let bound = at.and_then(|at| self.bound.get_mut(at));
        let location = match bound {
            Some(bound) => {
                bound.slot.rejected[reason as usize].add(1);
                // A frame cut short by the framer has its number too, so that the gap shows.
                if detail.is_empty() && head.starts_with(b"#frame") {
                    bound.slot.next_frame();
                }
                Arc::clone(&bound.slot.location)
            }
            None => {
                self.ground.slots.rejected_unknown[reason as usize].add(1);
                self.address.to_string().into()
            }
        };
        let start = printable(start);
        self.ground.slots.reject(Reject {
            wall: self.ground.clock.wall_of(now),
            location,
            reason,
            detail: detail.to_owned(),
            start,
        });
        tracing::debug!(?reason, connection = self.connection, "packet rejected");
    }

    /// The device that a damaged packet belongs to: by the id in its head if that names a bound location, else the
    /// connection's own.
    fn place_of_damaged(&self, head: &[u8], directory: &dyn Directory) -> Option<usize> {
        let id = match wire::decode(head) {
            Ok(Packet::Readings { id, .. } | Packet::Frame { id, .. } | Packet::Calibration { id, .. }) => id,
            _ => None,
        };
        let named = id.and_then(|id| {
            let alias = directory.alias(id);
            let id = alias.as_deref().unwrap_or(id);
            self.bound.iter().position(|bound| *bound.id == *id)
        });
        named.or(self.main)
    }

    /// What is due at `now`: an order to send, or the end.
    ///
    /// # Errors
    /// The connection must be closed: why.
    pub fn poll(&mut self, now: Moment, directory: &dyn Directory) -> Result<Option<(Order, LineEnd)>, Ended> {
        if self.opening.foreign().is_some() {
            return Err(Ended::WrongProtocol);
        }
        let noisy = self.framer.bytes_without_hash() >= NOISE_LIMIT;
        if noisy || (self.bytes_since_good > 0 && now.since(self.last_good) >= BAD_LIMIT) {
            return Err(Ended::OnlyBadPackets);
        }
        self.greet(now, directory);
        if let Some(bound) = self.main.and_then(|main| self.bound.get(main)) {
            if directory.take_calibration_wish(&bound.slot.id) {
                self.orders.want_calibration(now);
            }
            if let Some(order) = self.orders.expire(now) {
                bound.slot.commands[order as usize][Done::TimedOut as usize].add(1);
            }
        } else {
            self.orders.expire(now);
        }
        Ok(self.orders.take(now, self.framer.mid_packet()))
    }

    /// A device that said who it is, but sent no reading for a second, is shown all the same.
    fn greet(&mut self, now: Moment, directory: &dyn Directory) {
        let known = self.serial.is_some() || self.place.is_announced();
        if self.bound.is_empty() && known && now.since(self.opened) >= Duration::from_secs(1) {
            let own = self.place.own(directory);
            drop(self.bind(&own, directory));
        }
    }

    /// When to [`Self::poll`] again if no byte comes before.
    #[must_use]
    pub fn wake_at(&self, now: Moment) -> Moment {
        if self.opening.foreign().is_some() {
            return now;
        }
        let check = now + Duration::from_secs(1);
        self.orders.wake_at(now).map_or(check, |at| at.min(check))
    }
}

fn printable(bytes: &[u8]) -> String {
    bytes.iter().take(START_LEN).map(|&b| if (0x20..0x7f).contains(&b) { char::from(b) } else { '.' }).collect()
}
