//! A faithful thermal device as a state machine: a hand-turned clock in, the bytes of the real protocol out.
//!
//! ```text
//!  0        110 ms   170 ms      490 ms        1110 1220 1280 ms               4085 ms (4885 with a calibration)
//!  │ frame: 1300 B   701   rest  │ readings    │ calibration, if ordered       │ border: the next cycle
//!  └── orders are lost here ──┘                └─ and here ─┘                     (if the link is half duplex)
//! ```
//!
//! Times are those of a recorded device and shrink with the period. An order takes effect at the next border.
//!
//! Invariant: equal options, times and orders give equal bytes.
//! Invariant: an order in the middle of a packet damages that packet and no other, and is never answered.

use std::time::Duration;

use crate::sim::array::{ArrayKind, Chip, Encoder};
use crate::sim::faults::Faults;
use crate::sim::gas;
use crate::sim::line::{Line, Part, Sent, damage};
use crate::sim::link::{Machine, Next};
use crate::sim::orders::Orders;
use crate::sim::scene::Scene;
use crate::sim::summary::Summary;
use crate::units::moment::Moment;
use crate::wire::thermal::{self, LineEnd, Order};

/// The period of a real device.
pub const REAL_PERIOD: Duration = Duration::from_millis(4085);
/// The shortest period.
pub const MIN_PERIOD: Duration = Duration::from_micros(62_500);
/// How long a reboot takes.
pub const REBOOT_TIME: Duration = Duration::from_secs(3);

const FRAME_AT_MS: [u64; 3] = [0, 110, 170];
const READINGS_AT_MS: u64 = 490;
const CALIBRATION_AT_MS: [u64; 3] = [1110, 1220, 1280];
const CALIBRATION_TAKES_MS: u64 = 800;
const GARBAGE_AT_MS: u64 = 2000;
/// Orders of one kind that wait for their cycle.
const MAX_WAITING: u32 = 8;

/// How a device names its place in its packets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IdForm {
    /// Not at all.
    #[default]
    None,
    /// Embedded: `#frame1234:`.
    Embedded(String),
    /// As first field: `#frame:room:`.
    Field(String),
    /// A running frame number in frames, nothing in other packets: `#frame1:`.
    FrameNumber,
}

/// What a device is.
#[derive(Clone, Debug)]
pub struct DeviceOpts {
    /// Sent as `#serialno:` after connecting.
    pub serial: Option<String>,
    /// Sent as `#locid:` after connecting.
    pub place: Option<String>,
    /// How packets name the place.
    pub id: IdForm,
    /// What ends a packet.
    pub line_end: LineEnd,
    /// The array it has.
    pub array: ArrayKind,
    /// What it looks at.
    pub scene: Scene,
    /// Time between frames, at least [`MIN_PERIOD`].
    pub period: Duration,
    /// What is wrong with it.
    pub faults: Faults,
    /// Makes devices differ.
    pub seed: u64,
}

/// A thermal device.
pub struct Device {
    opts: DeviceOpts,
    encoder: Encoder,
    orders: Orders,
    random: fastrand::Rng,
    line: Line,
    border: Moment,
    reboot_at: Option<Moment>,
    streaming: bool,
    frames_due: u32,
    calibrations_due: u32,
    nonsense_left: u32,
    frame_number: u64,
    scene: Vec<f32>,
    words: Vec<u16>,
    summary: Summary,
}

impl Device {
    /// A device that waits for its first connection.
    #[must_use]
    pub fn new(opts: DeviceOpts) -> Self {
        let (encoder, orders) = (Encoder::new(opts.array), Orders::new(opts.faults.spelling));
        let random = fastrand::Rng::with_seed(opts.seed);
        Self {
            opts: DeviceOpts { period: opts.period.max(MIN_PERIOD), ..opts },
            encoder,
            orders,
            random,
            line: Line::default(),
            border: Moment::ZERO,
            reboot_at: None,
            streaming: false,
            frames_due: 0,
            calibrations_due: 0,
            nonsense_left: 0,
            frame_number: 0,
            scene: Vec::new(),
            words: Vec::new(),
            summary: Summary::default(),
        }
    }

    /// What it did so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Where the next cycle begins.
    #[must_use]
    pub fn next_border(&self) -> Moment {
        self.border
    }

    /// The scene as it truly is at `at`, without noise and drift, C, row-major.
    #[must_use]
    pub fn truth(&self, at: Moment) -> Vec<f32> {
        let mut cells = Vec::new();
        self.opts.scene.truth(self.opts.array.size(), at.seconds(), self.opts.seed, &mut cells);
        cells
    }

    /// `ms` of a real device's cycle, scaled to this one's.
    fn scaled(&self, ms: u64) -> Duration {
        let scale = (self.opts.period.as_secs_f64() / REAL_PERIOD.as_secs_f64()).min(1.0);
        Duration::from_millis(ms).mul_f64(scale)
    }

    fn begin_cycle(&mut self, start: Moment) {
        let mut length = self.opts.period;
        if !self.opts.faults.silence.is_some_and(|spell| spell.holds(start.since(Moment::ZERO))) {
            if self.streaming || self.frames_due > 0 {
                self.frames_due = self.frames_due.saturating_sub(1);
                self.send_frame(start);
                self.send_readings(start + self.scaled(READINGS_AT_MS));
            }
            if self.calibrations_due > 0 {
                self.calibrations_due -= 1;
                self.send_calibration(start);
                length += self.scaled(CALIBRATION_TAKES_MS);
            } else if self.opts.faults.garbage.is_some_and(|one_in| self.random.u32(0..one_in.max(1)) == 0) {
                self.send_garbage(start + self.scaled(GARBAGE_AT_MS));
            }
        }
        self.border = start + length;
    }

    fn send_frame(&mut self, start: Moment) {
        self.frame_number += 1;
        self.picture(start);
        let mut packet = Vec::with_capacity(self.words.len() * 4 + 64);
        let id = match &self.opts.id {
            IdForm::FrameNumber => self.frame_number.to_string(),
            other => other.text(),
        };
        thermal::encode_frame(&id, &self.words, self.opts.line_end, &mut packet);
        if self.opts.faults.damage.is_some_and(|one_in| self.random.u32(0..one_in.max(1)) == 0) {
            let place = self.random.usize(packet.len() / 4..packet.len());
            damage(&mut packet, place, &mut self.random);
            self.summary.frames_damaged_by_fault += 1;
        }
        self.line.send_in_three(FRAME_AT_MS.map(|ms| start + self.scaled(ms)), &packet, Part::Frame);
    }

    /// Fills `words` with the picture at `start`.
    fn picture(&mut self, start: Moment) {
        let t = start.seconds();
        let wave = |seconds: f64| (std::f64::consts::TAU * (t / seconds)).sin() as f32;
        let mut chip = Chip { ambient: 32.0 + 0.6 * wave(1700.0), supply: 3.278 + 0.001 * wave(37.0) };
        self.opts.scene.seen(self.opts.array.size(), t, self.opts.seed, &mut self.scene);
        if self.opts.faults.drift {
            chip.ambient += 6.0 * wave(600.0);
            self.scene.iter_mut().for_each(|cell| *cell += 3.0 * wave(900.0));
        }
        let before = if self.opts.faults.subpages { self.words.clone() } else { Vec::new() };
        self.encoder.encode(&self.scene, chip, &mut self.words);
        if self.opts.faults.subpages {
            keep_other_subpage(&mut self.words, &before, self.frame_number % 2, self.opts.array.size().cols());
        }
        if self.nonsense_left > 0 {
            self.nonsense_left -= 1;
            let n_pixels = self.opts.array.size().cells();
            self.words.iter_mut().take(n_pixels).for_each(|word| *word = self.random.u16(..));
        }
    }

    fn send_readings(&mut self, at: Moment) {
        let noise =
            |random: &mut fastrand::Rng, spread: i32| random.i32(-spread..=spread) + random.i32(-spread..=spread);
        let adc1 = 275 + noise(&mut self.random, 4);
        let adc2 = 1310 + noise(&mut self.random, 6);
        let adc3 = noise(&mut self.random, 8).max(0);
        let values = [adc1, adc2, adc3, 0].map(|value| u16::try_from(value).unwrap_or(0));
        let mut packet = Vec::with_capacity(64);
        gas::encode_line(&self.opts.id.text(), values, self.opts.line_end, &mut packet);
        self.line.send(at, packet);
    }

    fn send_calibration(&mut self, start: Moment) {
        let Some(eeprom) = self.encoder.eeprom() else { return };
        let mut packet = Vec::with_capacity(3400);
        thermal::encode_calibration(&self.opts.id.text(), eeprom, self.opts.line_end, &mut packet);
        let at = CALIBRATION_AT_MS.map(|ms| start + self.scaled(ms));
        self.line.send_in_three(at, &packet, Part::Calibration);
    }

    fn send_garbage(&mut self, at: Moment) {
        let n_bytes = self.random.usize(20..200);
        let bytes = std::iter::repeat_with(|| self.random.u8(..)).take(n_bytes).collect();
        self.line.send(at, bytes);
    }

    /// Loses what was received at `now`; true if it was lost.
    fn collide(&mut self, now: Moment, bytes: &[u8]) -> bool {
        if !self.opts.faults.half_duplex || !self.line.collide(now, &mut self.random) {
            return false;
        }
        self.orders.forget();
        let summary = &mut self.summary;
        let ignored = self.orders.take(now, bytes, |order| {
            summary.orders_received += 1;
            summary.orders_lost += 1;
            summary.calibrations_ordered += u64::from(order == Order::Calibration);
        });
        self.summary.orders_ignored += ignored;
        self.orders.forget();
        true
    }

    fn note_sent(&mut self, sent: Sent) {
        let (summary, hit) = (&mut self.summary, u64::from(sent.hit));
        match sent.part {
            Part::Frame => {
                summary.frames_sent += 1;
                summary.frames_damaged_by_orders += hit;
            }
            Part::Calibration => {
                summary.calibrations_answered += 1 - hit;
                summary.calibrations_damaged += hit;
            }
            Part::Short => summary.other_packets_sent += 1,
        }
    }

    fn reboot(&mut self, now: Moment) -> Next {
        self.summary.reboots += 1;
        self.nonsense_left = 2;
        self.line.clear();
        self.reboot_at = None;
        Next::HangUp { back: now + REBOOT_TIME }
    }
}

impl Machine for Device {
    fn connected(&mut self, now: Moment) {
        (self.streaming, self.frames_due, self.calibrations_due) = (false, 0, 0);
        self.line.clear();
        self.orders.forget();
        self.summary.connections += 1;
        let mut greeting = Vec::new();
        if let Some(serial) = &self.opts.serial {
            thermal::encode_serial(serial, self.opts.line_end, &mut greeting);
        }
        if let Some(place) = &self.opts.place {
            thermal::encode_location(place, self.opts.line_end, &mut greeting);
        }
        if !greeting.is_empty() {
            self.line.send(now, greeting);
        }
        self.border = now + self.opts.period.mul_f64(0.2 + 0.8 * self.random.f64());
        if let (None, Some(every)) = (self.reboot_at, self.opts.faults.reboot) {
            self.reboot_at = Some(now + every.mul_f64(0.75 + 0.5 * self.random.f64()));
        }
    }

    fn receive(&mut self, now: Moment, bytes: &[u8]) {
        if self.collide(now, bytes) {
            return;
        }
        let Self { orders, streaming, frames_due, calibrations_due, summary, encoder, .. } = self;
        let ignored = orders.take(now, bytes, |order| {
            summary.orders_received += 1;
            match order {
                Order::Stream => *streaming = true,
                Order::Once => *frames_due = (*frames_due + 1).min(MAX_WAITING),
                Order::Calibration if encoder.eeprom().is_none() => summary.orders_ignored += 1,
                Order::Calibration => {
                    summary.calibrations_ordered += 1;
                    *calibrations_due = (*calibrations_due + 1).min(MAX_WAITING);
                }
            }
        });
        self.summary.orders_ignored += ignored;
    }

    fn poll(&mut self, now: Moment, out: &mut Vec<u8>) -> Next {
        if self.reboot_at.is_some_and(|at| now >= at) {
            return self.reboot(now);
        }
        if self.line.next_at().is_none() && now >= self.border {
            let overslept = now.since(self.border) > self.opts.period;
            self.begin_cycle(if overslept { now } else { self.border });
        }
        let before = out.len();
        if let Some(sent) = self.line.take(now, out) {
            self.note_sent(sent);
        }
        self.summary.bytes_sent += (out.len() - before) as u64;
        let next = self.line.next_at().unwrap_or(self.border);
        Next::Wake(self.reboot_at.map_or(next, |at| next.min(at)))
    }
}

impl IdForm {
    /// The id as the encoders want it.
    fn text(&self) -> String {
        match self {
            Self::None | Self::FrameNumber => String::new(),
            Self::Embedded(id) => id.clone(),
            Self::Field(id) => format!(":{id}"),
        }
    }
}

/// Takes every cell that is not of `subpage` from the frame before (chess pattern; MLX90640 datasheet, 10.6.2).
fn keep_other_subpage(words: &mut [u16], before: &[u16], subpage: u64, cols: usize) {
    for (index, (word, old)) in words.iter_mut().zip(before).enumerate().take(768) {
        if (index / cols + index % cols) as u64 % 2 != subpage {
            *word = *old;
        }
    }
    // The control register as that array was calibrated: chess pattern, 18 bits, 2 Hz (datasheet, 10.5).
    if let Some([control, number]) = words.get_mut(832..834) {
        (*control, *number) = (0x1901, subpage as u16);
    }
}
