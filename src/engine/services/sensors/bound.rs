//! One location that a connection reports for: its device's slot, and what turns packets into readings there.
//!
//! Invariant: no allocation and no lock per packet; a frame's grid is written once, into the frame that goes into the
//! slot. Regions are compiled when they change, not per packet.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::services::sensors::guard::Guard;
use crate::engine::services::sensors::period::Period;
use crate::engine::services::thermal::{Cell, Recipe};
use crate::heat::mlx90640;
use crate::heat::plausible::{Gate, Implausible};
use crate::heat::profile;
use crate::heat::region::{Plan, keys};
use crate::io::clock::Clock;
use crate::model::thermal::region::Regions;
use crate::model::thermal::{PixelMeaning, ThermalFrame};
use crate::port::Wake;
use crate::port::slots::{ChannelSlot, DeviceSlot, Kind, Reason, Slots};
use crate::units::grid::Size;
use crate::units::moment::Moment;
use crate::wire::thermal as wire;

/// What every session stands on.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Time.
    pub clock: Clock,
    /// Where readings go.
    pub slots: Arc<Slots>,
    /// Wakes the window when there is something new to see.
    pub wake: Wake,
}

/// What became of a packet: accepted, or the reason and the evidence against it.
pub type Verdict = Result<(), (Reason, String)>;

/// What an accepted frame told.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// The learned period, if it was learned anew.
    pub learned: Option<Duration>,
    /// Size and meaning, if they differ from those of the frame before.
    pub recognised: Option<(Size, PixelMeaning)>,
    /// Whether it has temperatures.
    pub calibrated: bool,
}

/// A location bound to its device.
#[derive(Debug)]
pub struct Bound {
    /// The location.
    pub id: Arc<str>,
    /// Where its readings go.
    pub slot: Arc<DeviceSlot>,
    /// What holds its readings against the rules.
    pub guard: Guard,
    cell: Arc<Cell>,
    channels: Vec<Arc<ChannelSlot>>,
    gate: Gate,
    frames: Period,
    lines: Period,
    in_use: Option<(Size, PixelMeaning)>,
    plan: Plan,
    planned: Option<Arc<Regions>>,
}

impl Bound {
    /// A location whose packets go to `slot`, its frames by the recipe in `cell`.
    #[must_use]
    pub fn new(id: Arc<str>, slot: Arc<DeviceSlot>, cell: Arc<Cell>, guard: Guard) -> Self {
        let channels = slot.channels().to_vec();
        let (frames, lines) = (Period::default(), Period::default());
        let (gate, plan) = (Gate::default(), Plan::default());
        Self { id, slot, guard, cell, channels, gate, frames, lines, in_use: None, plan, planned: None }
    }

    /// Whether its frames are raw counts of an MLX90640.
    #[must_use]
    pub fn is_raw(&self) -> bool {
        matches!(self.in_use, Some((_, PixelMeaning::Mlx90640Raw)))
    }

    /// Takes a line of readings: bad parts are dropped and counted. Returns the period if it was learned anew.
    pub fn readings(&mut self, parts: wire::Parts<'_>, now: Moment) -> Option<Duration> {
        let waiting = self.slot.is_waiting();
        self.guard.begin(&self.slot, now);
        for part in parts.filter(|_| !waiting) {
            let taken = part.ok().and_then(|(key, value)| Some((self.channel(key)?, key, value)));
            match taken {
                Some((at, key, value)) => {
                    if let Some(channel) = self.channels.get(at) {
                        channel.readings.push(now, value);
                    }
                    self.guard.reading(at, key, value, now);
                }
                None => self.slot.parts_rejected.add(1),
            }
        }
        self.slot.accepted[Kind::Sensor as usize].add(1);
        self.slot.heard(now);
        let learned = self.lines.note(now);
        // Where there are frames, their period is the device's.
        if let (None, Some(period)) = (self.in_use, learned) {
            self.slot.set_period(period);
        }
        learned
    }

    /// The place of a channel among the device's, made if it is new.
    fn channel(&mut self, key: &str) -> Option<usize> {
        let known = self.channels.iter().position(|channel| *channel.key == *key);
        if known.is_none() {
            self.channels.push(self.slot.channel(key)?);
        }
        known.or(self.channels.len().checked_sub(1))
    }

    /// Takes a frame: digits into `words`, words into temperatures, those into the slot.
    ///
    /// # Errors
    /// The frame is rejected: why, and what is wrong with it. Nothing of it reaches the slot but its number.
    pub fn frame(
        &mut self,
        payload: &[u8],
        words: &mut Vec<u16>,
        ground: &Ground,
        now: Moment,
    ) -> Result<Taken, (Reason, String)> {
        let sequence = self.slot.next_frame();
        let recipe = self.cell.load();
        let expected = recipe.choice.size.or(self.in_use.map(|(size, _)| size));
        wire::words(payload, |n| length_allowed(n, expected), words)
            .map_err(|reason| (reason.into(), format!("{} characters of payload", payload.len())))?;
        if self.slot.is_waiting() {
            self.slot.accepted[Kind::Frame as usize].add(1);
            self.slot.heard(now);
            return Ok(Taken { learned: None, recognised: None, calibrated: true });
        }
        let recognised = profile::recognise(words, &recipe.choice);
        let (size, meaning) =
            recognised.ok_or_else(|| (Reason::Length, "no array of this size is known".to_owned()))?;
        self.follow(size, &recipe.regions);
        let mut shared = self.slot.frames.recycle(&ground.slots.frame_bytes);
        // Always so: a recycled frame is nobody else's.
        if let Some(frame) = Arc::get_mut(&mut shared) {
            (frame.sequence, frame.at, frame.wall) = (sequence, now, ground.clock.wall_of(now));
            let previous = self.slot.frames.newest();
            fill(frame, words, size, meaning, &recipe)
                .and_then(|()| self.gate.check(frame, previous.as_deref()))
                .map_err(|error| (Reason::Implausible, error.to_string()))?;
            self.plan.measure(frame);
            if let Some(extremes) = frame.extremes {
                self.slot.hottest.push(now, f64::from(extremes.max));
            }
            self.slot.push_meters(now, &frame.meters);
            self.guard.begin(&self.slot, now);
            self.guard.frame(frame, &self.slot);
        }
        let calibrated = shared.calibrated;
        self.slot.frames.put(shared, &ground.slots.frame_bytes);
        self.slot.accepted[Kind::Frame as usize].add(1);
        self.slot.heard(now);
        let learned = self.frames.note(now);
        if let Some(period) = learned {
            self.slot.set_period(period);
        }
        let before = self.in_use.replace((size, meaning));
        let recognised = self.in_use.filter(|_| before != self.in_use);
        Ok(Taken { learned, recognised, calibrated })
    }

    /// Compiles the regions anew if they or the array's size changed.
    fn follow(&mut self, size: Size, regions: &Arc<Regions>) {
        if self.plan.size() == size && self.planned.as_ref().is_some_and(|planned| Arc::ptr_eq(planned, regions)) {
            return;
        }
        self.plan = Plan::new(size, regions);
        self.slot.set_regions(keys(regions).into_iter().map(|(key, ..)| key));
        self.planned = Some(Arc::clone(regions));
    }
}

/// Whether a frame may have so many words: as many as its array has cells (an MLX90640 adds its tail), or, while the
/// array is not known yet, as many as any known array sends.
fn length_allowed(n_words: usize, size: Option<Size>) -> bool {
    match size {
        Some(size) => n_words == size.cells() || (size == Size::MLX90640 && n_words == mlx90640::FRAME_WORDS),
        None => profile::known(n_words).is_some(),
    }
}

fn fill(
    frame: &mut ThermalFrame,
    words: &[u16],
    size: Size,
    meaning: PixelMeaning,
    recipe: &Recipe,
) -> Result<(), Implausible> {
    match &recipe.calibration {
        Some(calibration) if meaning == PixelMeaning::Mlx90640Raw => {
            calibration.temperatures(words, recipe.choice.optics, frame)
        }
        // Raw counts without a calibration come out without values.
        _ => {
            profile::scale(meaning, words, size, frame);
            frame.reflected = recipe.choice.optics.reflected;
            Ok(())
        }
    }
}

impl From<wire::Reason> for Reason {
    fn from(reason: wire::Reason) -> Self {
        match reason {
            wire::Reason::Length => Self::Length,
            wire::Reason::NotHex => Self::NotHex,
            wire::Reason::NoColon => Self::NoColon,
            wire::Reason::UnknownKind => Self::UnknownKind,
            wire::Reason::TooLong => Self::TooLong,
            wire::Reason::NotUtf8 => Self::NotUtf8,
        }
    }
}
