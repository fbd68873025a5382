//! When to send which command to a device: the quiet window, the line-end fallback, tries and time-outs. Pure.
//!
//! The link behind many TCP serial bridges is half duplex: a command that arrives while the device is sending a frame
//! destroys both. So a command waits until the connection has been silent for a while *and* the last complete packet
//! was a line of readings (or nothing at all came for a whole cycle); and not when the next frame is near.
//!
//! Invariant: at most one command is outstanding per connection; none is sent while a packet is unfinished.

use std::time::Duration;

use crate::settings::current;
use crate::units::moment::Moment;
use crate::wire::thermal::{LineEnd, Order};

/// Silence that a command waits for, at most; fast devices need less (see [`Orders::quiet_for`]).
pub const QUIET: Duration = Duration::from_millis(150);
/// How long the first packet is waited for before the device is asked to stream.
pub const GREETING: Duration = Duration::from_secs(1);
/// An unanswered command is given up after this, or two cycles if that is longer.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// Tries for one calibration before a longer pause.
pub const TRIES: u32 = 3;
/// The pause after [`TRIES`] unanswered tries.
pub const PAUSE: Duration = Duration::from_secs(600);

const SPELLINGS: [LineEnd; 3] = [LineEnd::None, LineEnd::Lf, LineEnd::CrLf];

/// What came of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Answered.
    Answered,
    /// Not answered in time.
    TimedOut,
}

/// The commands of one connection.
#[derive(Debug)]
pub struct Orders {
    mode: current::Order,
    poll: Duration,
    fixed_end: Option<LineEnd>,
    spelling: usize,
    opened: Moment,
    last_byte: Option<Moment>,
    last_frame: Option<Moment>,
    after_readings: bool,
    n_readings: u32,
    period: Option<Duration>,
    stream_wanted: bool,
    calibration_wanted: bool,
    calibration_tries: u32,
    not_before: Moment,
    next_poll: Moment,
    outstanding: Option<(Order, Moment)>,
}

impl Orders {
    /// Nothing sent yet on a connection opened at `now`. `known_end`: the spelling that was answered before.
    #[must_use]
    pub fn new(now: Moment, mode: current::Order, poll: Duration, end: current::LineEnd) -> Self {
        let fixed_end = match end {
            current::LineEnd::Auto => None,
            current::LineEnd::None => Some(LineEnd::None),
            current::LineEnd::Lf => Some(LineEnd::Lf),
            current::LineEnd::Crlf => Some(LineEnd::CrLf),
        };
        Self {
            mode,
            poll,
            fixed_end,
            spelling: 0,
            opened: now,
            last_byte: None,
            last_frame: None,
            after_readings: false,
            n_readings: 0,
            period: None,
            stream_wanted: true,
            calibration_wanted: false,
            calibration_tries: 0,
            not_before: now,
            next_poll: now,
            outstanding: None,
        }
    }

    /// Starts with the spelling that this device was seen to answer.
    pub fn remember(&mut self, end: LineEnd) {
        self.spelling = SPELLINGS.iter().position(|&s| s == end).unwrap_or(0);
    }

    /// The line end in use.
    #[must_use]
    pub fn line_end(&self) -> LineEnd {
        self.fixed_end.unwrap_or(SPELLINGS[self.spelling % SPELLINGS.len()])
    }

    /// Asks for the calibration in the next quiet moment, unless that is so already.
    pub fn want_calibration(&mut self, now: Moment) {
        if !self.calibration_wanted {
            self.calibration_wanted = true;
            self.calibration_tries = 0;
            self.not_before = now;
        }
    }

    /// Frames still come without temperatures: goes on asking, at the pace of the tries.
    pub fn want_calibration_still(&mut self) {
        self.calibration_wanted = true;
    }

    /// Bytes came in.
    pub fn on_bytes(&mut self, now: Moment) {
        self.last_byte = Some(now);
    }

    /// A frame came in. Returns the command that it answered.
    pub fn on_frame(&mut self, period: Option<Duration>) -> Option<Order> {
        self.after_readings = false;
        self.last_frame = self.last_byte;
        self.on_reading(period)
    }

    /// A line of readings came in. Returns the command that it answered.
    pub fn on_readings(&mut self, period: Option<Duration>) -> Option<Order> {
        self.after_readings = true;
        self.on_reading(period)
    }

    fn on_reading(&mut self, period: Option<Duration>) -> Option<Order> {
        self.period = period.or(self.period);
        self.n_readings = self.n_readings.saturating_add(1);
        // A device that streams unasked needs no command.
        if self.n_readings >= 2 && self.mode == current::Order::Stream {
            self.stream_wanted = false;
        }
        let (order, _) = self.outstanding.take_if(|(order, _)| *order != Order::Calibration)?;
        self.stream_wanted = false;
        Some(order)
    }

    /// A valid calibration came in. Returns the command that it answered.
    pub fn on_calibration(&mut self) -> Option<Order> {
        self.calibration_wanted = false;
        self.calibration_tries = 0;
        self.after_readings = false;
        let (order, _) = self.outstanding.take_if(|(order, _)| *order == Order::Calibration)?;
        Some(order)
    }

    /// The silence that counts as quiet: 150 ms, or two fifths of the period of a device that is never silent so long.
    #[must_use]
    pub fn quiet_for(&self) -> Duration {
        self.period.map_or(QUIET, |period| QUIET.min(period * 2 / 5))
    }

    /// Whether a command may be sent now: quiet, and not in the middle of anything.
    #[must_use]
    pub fn quiet(&self, now: Moment, mid_packet: bool) -> bool {
        if mid_packet {
            return false;
        }
        let Some(last) = self.last_byte else { return now.since(self.opened) >= GREETING };
        let silence = now.since(last);
        let between = self.after_readings || self.n_readings == 0;
        silence >= self.quiet_for() && (between || silence >= self.cycle()) && !self.frame_is_near(now)
    }

    /// Whether the next frame is about to begin: a device is busy a moment before its first byte is seen here.
    fn frame_is_near(&self, now: Moment) -> bool {
        self.near().is_some_and(|(from, to)| from <= now && now < to)
    }

    /// From when to when the next frame may begin.
    fn near(&self) -> Option<(Moment, Moment)> {
        let (last, period) = (self.last_frame?, self.period?);
        Some((last + period * 3 / 4, last + period * 5 / 4))
    }

    fn cycle(&self) -> Duration {
        self.period.unwrap_or(Duration::from_secs(5))
    }

    /// Gives up an outstanding command whose time is over: returns it, and tries the next spelling.
    pub fn expire(&mut self, now: Moment) -> Option<Order> {
        let (order, sent) = self.outstanding?;
        if now.since(sent) < ANSWER_LIMIT.max(self.cycle() * 2) {
            return None;
        }
        self.outstanding = None;
        self.spelling += 1;
        match order {
            Order::Calibration => {
                self.calibration_tries += 1;
                if self.calibration_tries >= TRIES {
                    self.calibration_tries = 0;
                    self.not_before = now + PAUSE;
                }
            }
            // After each spelling was tried once, once a minute is enough.
            Order::Stream | Order::Once => {
                if self.spelling.is_multiple_of(SPELLINGS.len()) {
                    self.not_before = now + Duration::from_secs(60);
                }
            }
        }
        Some(order)
    }

    fn due(&self, now: Moment) -> Option<Order> {
        if self.outstanding.is_some() || now < self.not_before {
            return None;
        }
        match self.mode {
            current::Order::Stream if self.stream_wanted => return Some(Order::Stream),
            current::Order::OnDemand if now >= self.next_poll => return Some(Order::Once),
            _ => {}
        }
        (self.calibration_wanted && self.n_readings > 0).then_some(Order::Calibration)
    }

    /// The command to send now, if one is due and the moment is quiet. It counts as sent.
    pub fn take(&mut self, now: Moment, mid_packet: bool) -> Option<(Order, LineEnd)> {
        let order = self.due(now)?;
        if !self.quiet(now, mid_packet) {
            return None;
        }
        if order == Order::Once {
            self.next_poll = now + self.poll;
        }
        self.outstanding = Some((order, now));
        Some((order, self.line_end()))
    }

    /// When to look again if nothing else happens.
    #[must_use]
    pub fn wake_at(&self, now: Moment) -> Option<Moment> {
        if let Some((_, sent)) = self.outstanding {
            return Some(sent + ANSWER_LIMIT.max(self.cycle() * 2));
        }
        let wanted = self.stream_wanted || self.calibration_wanted || self.mode == current::Order::OnDemand;
        if !wanted {
            return None;
        }
        let start = if self.mode == current::Order::OnDemand && !self.stream_wanted && !self.calibration_wanted {
            self.next_poll
        } else {
            self.not_before
        };
        let quiet = match self.last_byte {
            None => self.opened + GREETING,
            Some(last) if self.after_readings || self.n_readings == 0 => last + self.quiet_for(),
            Some(last) => last + self.cycle(),
        };
        // What is overdue is looked at soon, but not in a tight loop.
        let soon = start.max(quiet).max(now + Duration::from_millis(5));
        Some(match self.near() {
            Some((from, to)) if from <= soon && soon < to => to,
            _ => soon,
        })
    }
}
