//! A simulated gas, smoke and flame board: readings at a rate, with slow drift, breath and, now and then, smoke.
//!
//! Invariant: values are those of a 12-bit converter, 0..=4095; the rest levels are those of a real board in an
//! ordinary room.

use std::net::SocketAddr;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::sim::canvas::{chance, smooth};
use crate::sim::link::{self, Machine, Next};
use crate::sim::orders::{Orders, Spelling};
use crate::sim::summary::Summary;
use crate::units::moment::Moment;
use crate::wire::thermal::{self, LineEnd, Order};

/// What to run.
#[derive(Clone, Debug)]
pub struct GasOpts {
    /// The sensor server.
    pub to: SocketAddr,
    /// How many boards.
    pub count: usize,
    /// Time between two lines of a board.
    pub period: Duration,
    /// Every second board sees smoke every 13 minutes.
    pub faults: bool,
    /// Stop after so many seconds; `None` = at the stop signal only.
    pub seconds: Option<f64>,
    /// Places are named `<prefix>-1`, `<prefix>-2` ...
    pub prefix: String,
}

/// Runs the boards until `stop` or the end of their time; returns what they did, summed.
pub async fn run_many(opts: GasOpts, stop: CancellationToken) -> Summary {
    let nth = |index: usize| BoardOpts {
        place: format!("{}-{}", opts.prefix, index + 1),
        serial: format!("SIM{:06}", 500_000 + index),
        period: opts.period,
        smoke: if opts.faults && index % 2 == 1 { 520.0 } else { 0.0 },
        seed: index as u64 + 1,
    };
    let boards = (0..opts.count).map(|index| Board::new(nth(index))).collect();
    let mut sum = Summary::default();
    for board in link::run_all(boards, opts.to, opts.seconds, &stop).await {
        sum += board.summary();
    }
    sum
}

/// What kind of board it is.
#[derive(Clone, Debug)]
pub struct BoardOpts {
    /// The place it reports for.
    pub place: String,
    /// Its serial number.
    pub serial: String,
    /// Time between two lines.
    pub period: Duration,
    /// How far smoke raises ADC1 every 13 minutes, counts; 0 = never.
    pub smoke: f32,
    /// Makes boards differ.
    pub seed: u64,
}

/// A board as a state machine.
pub struct Board {
    opts: BoardOpts,
    orders: Orders,
    streaming: bool,
    requests: u32,
    greeting: Vec<u8>,
    next: Moment,
    summary: Summary,
}

impl Board {
    /// A board that waits for its first connection.
    #[must_use]
    pub fn new(opts: BoardOpts) -> Self {
        Self {
            opts,
            orders: Orders::new(Spelling::Any),
            streaming: false,
            requests: 0,
            greeting: Vec::new(),
            next: Moment::ZERO,
            summary: Summary::default(),
        }
    }

    /// The readings at `t` seconds: ADC1 (smoke), ADC2 (flame, analogue), ADC3 (unconnected), DIO (flame, digital).
    #[must_use]
    pub fn readings(&self, t: f64) -> [u16; 4] {
        let seed = self.opts.seed;
        let tick = (t * 20.0) as i64;
        let hiss =
            |channel: i64, width: f32| (chance(tick, channel, seed) + chance(tick, channel + 8, seed) - 1.0) * width;
        let wave = |seconds: f64| (std::f64::consts::TAU * (t / seconds)).sin() as f32;
        let breath = (t / 47.0).floor() as i64;
        let since = (t - breath as f64 * 47.0) as f32 - 20.0 * chance(breath, 1, seed);
        let puff = if since > 0.0 && chance(breath, 2, seed) < 0.5 {
            (since * 0.9).min(1.0) * (-since / 6.0).exp()
        } else {
            0.0
        };
        let at = ((t + 390.0 * f64::from(chance(1, 3, seed))) % 780.0) as f32;
        let smoke = smooth((at - 500.0) / 90.0) * smooth((700.0 - at) / 80.0);
        let adc1 = 275.0 + 7.0 * wave(1700.0) + hiss(1, 5.0) + 90.0 * puff + self.opts.smoke * smoke;
        let adc2 = 1310.0 + 6.0 * wave(900.0) + hiss(2, 12.0) - 60.0 * smoke * self.opts.smoke / 500.0;
        let adc3 = (hiss(3, 18.0) - 6.0).max(0.0);
        [adc1, adc2, adc3, 0.0].map(|value| value.round().clamp(0.0, 4095.0) as u16)
    }

    /// What it did so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summary
    }
}

impl Machine for Board {
    fn connected(&mut self, now: Moment) {
        (self.streaming, self.requests) = (false, 0);
        self.greeting.clear();
        self.summary.connections += 1;
        thermal::encode_serial(&self.opts.serial, LineEnd::CrLf, &mut self.greeting);
        thermal::encode_location(&self.opts.place, LineEnd::CrLf, &mut self.greeting);
        self.next = now + self.opts.period;
    }

    fn receive(&mut self, now: Moment, bytes: &[u8]) {
        let Self { orders, streaming, requests, summary, .. } = self;
        let ignored = orders.take(now, bytes, |order| {
            summary.orders_received += 1;
            match order {
                Order::Stream => *streaming = true,
                Order::Once => *requests += 1,
                Order::Calibration => summary.orders_ignored += 1,
            }
        });
        self.summary.orders_ignored += ignored;
    }

    fn poll(&mut self, now: Moment, out: &mut Vec<u8>) -> Next {
        if !self.greeting.is_empty() {
            out.append(&mut self.greeting);
            self.summary.bytes_sent += out.len() as u64;
            self.summary.other_packets_sent += 2;
            return Next::Wake(now);
        }
        if now >= self.next {
            if self.streaming || self.requests > 0 {
                self.requests = self.requests.saturating_sub(1);
                encode_line("", self.readings(now.seconds()), LineEnd::CrLf, out);
                self.summary.other_packets_sent += 1;
                self.summary.bytes_sent += out.len() as u64;
            }
            self.next = (self.next + self.opts.period).max(now);
        }
        Next::Wake(self.next)
    }
}

/// A sensor line as real boards write it, the odd `ADC3:=` included.
pub fn encode_line(id: &str, [adc1, adc2, adc3, dio]: [u16; 4], end: LineEnd, out: &mut Vec<u8>) {
    let readings = [("ADC1", adc1), ("ADC2", adc2), ("ADC3:", adc3), ("DIO", dio)].map(|(key, n)| (key, f64::from(n)));
    thermal::encode_readings(id, &readings, end, out);
}
