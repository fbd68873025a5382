//! Runs one driver over the channels it asked for: connect, pump, back off, say how it fares. The half without
//! sockets and clocks; what waits is a [`Transport`].
//!
//! Invariant: health is told once per outage and once at its end, never once per try.
//! Invariant: a channel that the link can do without comes and goes without an outage; its driver hears of both.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::drivers::{Driver, Error, LocalId, Need, Opening, Outputs, Report, Unsupported};
use crate::model::lights::connection::Counts;
use crate::units::moment::Moment;
use crate::wire::{Channel, Endpoint, Input, Output};

/// What a turn takes in at most, so that a peer that never stops talking is answered too.
const MAX_INPUTS: usize = 1024;
/// Pauses between tries.
const PAUSES: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(60);
/// All channels must be open within this.
const OPEN_WITHIN: Duration = Duration::from_secs(10);
/// A connection that brought nothing yet counts as up after this.
const STEADY_AFTER: Duration = Duration::from_secs(2);

/// Pauses that double, with a little chance in them so that many links do not try in step.
#[derive(Debug)]
pub struct Backoff {
    range: RangeInclusive<Duration>,
    step: Duration,
    chance: fastrand::Rng,
}

impl Backoff {
    /// Pauses within `range`. The same seed gives the same pauses.
    #[must_use]
    pub fn new(range: RangeInclusive<Duration>, seed: u64) -> Self {
        Self { step: *range.start(), range, chance: fastrand::Rng::with_seed(seed) }
    }

    /// The next pause: up to a quarter shorter than twice the one before, never outside the range.
    pub fn pause(&mut self) -> Duration {
        let pause = self.step.mul_f64(1.0 - 0.25 * self.chance.f64()).max(*self.range.start());
        self.step = self.step.saturating_mul(2).min(*self.range.end());
        pause
    }

    /// Begins again with the shortest pause.
    pub fn reset(&mut self) {
        self.step = *self.range.start();
    }
}

/// How a connection fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Not tried to the end yet.
    Starting,
    /// It works.
    Online,
    /// It does not, and is tried again and again.
    Unreachable {
        /// Since when.
        since: Moment,
        /// How the first try failed.
        why: String,
    },
    /// The peer is there but will not talk to us until a person does something. Tried again all the same.
    Refused {
        /// Cause and cure, for a person.
        why: String,
    },
}

/// What a link needs of the world. Nothing here waits.
pub trait Transport {
    /// The time.
    fn now(&self) -> Moment;
    /// Begins to open a channel, in place of the one that was open before; [`Input::Opened`] or a loss follows.
    fn open(&mut self, channel: Channel, endpoint: &Endpoint);
    /// Sends; a failure follows as a loss.
    fn send(&mut self, channel: Channel, output: &Output, payload: &[u8]);
    /// What a channel brought, or why it was lost; a lost one is closed. `None` if nothing is there now.
    fn receive(&mut self) -> Option<(Channel, Result<Input<'_>, String>)>;
    /// Closes all channels and forgets what they brought.
    fn close(&mut self);
}

/// What a link says.
#[derive(Clone, Debug, PartialEq)]
pub enum Told<C, R> {
    /// How the connection fares, if that changed.
    Health(Health),
    /// What the driver reported.
    Report(Report<C, R>),
}

type Say<D> = Told<<D as Driver>::Capabilities, <D as Driver>::Report>;
type Out<D> = Outputs<Report<<D as Driver>::Capabilities, <D as Driver>::Report>>;

#[derive(Clone, Copy)]
enum Phase {
    Waiting { until: Moment },
    Opening { until: Moment },
    Open { since: Moment },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Closed,
    Opening { until: Moment },
    Open,
}

/// One channel of a link.
struct Line {
    channel: Channel,
    endpoint: Endpoint,
    need: Need,
    stage: Stage,
    /// When a closed channel that the link can do without is opened again, and the pauses between.
    again_at: Moment,
    backoff: Backoff,
}

impl Line {
    fn new((channel, endpoint, need): (Channel, Endpoint, Need), seed: u64) -> Self {
        let backoff = Backoff::new(PAUSES, seed);
        Self { channel, endpoint, need, stage: Stage::Closed, again_at: Moment::ZERO, backoff }
    }

    fn open(&mut self, now: Moment, transport: &mut impl Transport) {
        self.stage = Stage::Opening { until: now + OPEN_WITHIN };
        transport.open(self.channel, &self.endpoint);
    }

    fn rest(&mut self, now: Moment) {
        self.stage = Stage::Closed;
        self.again_at = now + self.backoff.pause();
    }

    /// When something is to be done about it; only of those that the link can do without.
    fn due_at(&self) -> Option<Moment> {
        match self.stage {
            _ if self.need == Need::Must => None,
            Stage::Closed => Some(self.again_at),
            Stage::Opening { until } => Some(until),
            Stage::Open => None,
        }
    }
}

/// One driver and its channels.
pub struct Link<D: Driver + ?Sized> {
    driver: Box<D>,
    lines: Vec<Line>,
    phase: Phase,
    health: Health,
    backoff: Backoff,
    /// Being open is not enough, the peer must say something: the driver found it silent, or its only channels are such
    /// that are open without it.
    needs_proof: bool,
    out: Out<D>,
    /// Packets, requests and messages sent.
    pub n_sent: u64,
    /// Inputs that a peer sent.
    pub n_received: u64,
    /// Inputs that were no packets.
    pub n_malformed: u64,
    /// Times that it was online, or never tried, and then was not.
    pub n_outages: u64,
}

impl<D: Driver + ?Sized> Link<D> {
    /// A link that opens its channels in the first [`turn`](Self::turn). `seed` makes its pauses its own.
    #[must_use]
    pub fn new(opening: Opening<D>, seed: u64) -> Self {
        let Opening { driver, channels } = opening;
        let lines: Vec<Line> = channels.into_iter().zip(seed..).map(|(line, seed)| Line::new(line, seed)).collect();
        Self {
            driver,
            needs_proof: asks(&lines),
            lines,
            phase: Phase::Waiting { until: Moment::ZERO },
            health: Health::Starting,
            backoff: Backoff::new(PAUSES, seed),
            out: Outputs::default(),
            n_sent: 0,
            n_received: 0,
            n_malformed: 0,
            n_outages: 0,
        }
    }

    /// How the connection fares.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// What was counted.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let Self { n_sent, n_received, n_malformed, n_outages, .. } = *self;
        Counts { sent: n_sent, received: n_received, malformed: n_malformed, outages: n_outages }
    }

    /// What helps to find a fault: what the driver says of itself.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<(&'static str, String)> {
        self.driver.diagnostics()
    }

    /// Passes a wish on. Take a [`turn`](Self::turn) after it.
    ///
    /// # Errors
    /// [`Unsupported`] if the thing cannot do it.
    pub fn wish(&mut self, now: Moment, thing: &LocalId, wish: &D::Wish) -> Result<(), Unsupported> {
        self.driver.wish(now, thing, wish)
    }

    /// Passes a frame on. Take a [`turn`](Self::turn) after it.
    pub fn frame(&mut self, now: Moment, thing: &LocalId, frame: &D::Frame) {
        self.driver.frame(now, thing, frame);
    }

    /// Tries in the next turn what waits for its next try.
    pub fn hurry(&mut self) {
        if let Phase::Waiting { until } = &mut self.phase {
            *until = Moment::ZERO;
            self.backoff.reset();
        }
        for line in self.lines.iter_mut().filter(|line| line.stage == Stage::Closed) {
            line.again_at = Moment::ZERO;
            line.backoff.reset();
        }
    }

    /// Does what is due, and says when to come again unless the transport has something before that.
    pub fn turn(&mut self, transport: &mut impl Transport, tell: &mut impl FnMut(Say<D>)) -> Moment {
        let now = transport.now();
        match self.try_turn(now, transport, tell) {
            Ok(wake_at) => wake_at,
            Err(outage) => self.fail(now, outage, transport, tell),
        }
    }

    fn try_turn(
        &mut self,
        now: Moment,
        transport: &mut impl Transport,
        tell: &mut impl FnMut(Say<D>),
    ) -> Result<Moment, Health> {
        if let Phase::Waiting { until } = self.phase {
            if now < until {
                return Ok(until);
            }
            self.phase = Phase::Opening { until: now + OPEN_WITHIN };
            self.lines.iter_mut().for_each(|line| line.open(now, transport));
        }
        let (proven, more) = self.take_all(now, transport)?;
        let lines_at = self.tend(now, transport);
        if matches!(self.phase, Phase::Opening { .. }) && self.is_open() {
            self.phase = Phase::Open { since: now };
        }
        let wake_at = match self.phase {
            Phase::Open { since } => {
                let steady_at = if self.needs_proof { Moment(u64::MAX) } else { since + STEADY_AFTER };
                if proven || now >= steady_at {
                    self.needs_proof = asks(&self.lines);
                    self.backoff.reset();
                    self.turn_to(Health::Online, tell);
                }
                let wake_at = self.poll(now, transport, tell)?;
                if self.health == Health::Online { wake_at } else { wake_at.min(steady_at) }
            }
            Phase::Opening { until } if now >= until => {
                return Err(Health::Unreachable { since: now, why: format!("no connection within {OPEN_WITHIN:?}") });
            }
            Phase::Opening { until } | Phase::Waiting { until } => until,
        };
        Ok(if more { now } else { wake_at.min(lines_at) })
    }

    /// Whether all channels are open that the link cannot do without.
    fn is_open(&self) -> bool {
        self.lines.iter().all(|line| line.need == Need::May || line.stage == Stage::Open)
    }

    /// Takes what the transport brought. Says whether that proves that the peer is there, and whether there may be more.
    fn take_all(&mut self, now: Moment, transport: &mut impl Transport) -> Result<(bool, bool), Health> {
        let mut proven = false;
        for _ in 0..MAX_INPUTS {
            let Some((channel, input)) = transport.receive() else { return Ok((proven, false)) };
            match input {
                Ok(input) => proven |= self.take(now, channel, input)?,
                Err(why) => self.lose(now, channel, why)?,
            }
        }
        Ok((proven, true))
    }

    /// Hands an input to the driver. True if it proves that the peer is there.
    fn take(&mut self, now: Moment, channel: Channel, input: Input<'_>) -> Result<bool, Health> {
        if input == Input::Opened {
            for line in self.lines.iter_mut().filter(|line| line.channel == channel) {
                line.stage = Stage::Open;
                line.backoff.reset();
            }
        }
        let heard = !matches!(
            input,
            Input::Opened | Input::Closed | Input::Certificate { .. } | Input::Listening { .. } | Input::Drained
        );
        // What a serial port takes, it takes from nobody else: strips there never say a word.
        let proof = heard || (input == Input::Drained && channel == Channel::Serial);
        self.n_received += u64::from(heard);
        match self.driver.receive(now, channel, input) {
            Ok(()) => Ok(proof),
            Err(Error::Wire(_)) => {
                self.n_malformed += 1;
                Ok(false)
            }
            Err(Error::Refused { why }) => Err(Health::Refused { why }),
        }
    }

    /// A channel is gone: an outage, unless the link can do without it.
    fn lose(&mut self, now: Moment, channel: Channel, why: String) -> Result<(), Health> {
        match self.lines.iter_mut().find(|line| line.channel == channel && line.need == Need::May) {
            Some(line) => line.rest(now),
            None => return Err(Health::Unreachable { since: now, why }),
        }
        // What it thinks of a closed channel changes nothing: it is closed.
        let _ = self.driver.receive(now, channel, Input::Closed);
        Ok(())
    }

    /// Opens again what the link can do without, and says when to come again for that.
    fn tend(&mut self, now: Moment, transport: &mut impl Transport) -> Moment {
        let mut wake_at = Moment(u64::MAX);
        for line in &mut self.lines {
            if line.due_at().is_some_and(|due_at| now >= due_at) {
                match line.stage {
                    Stage::Opening { .. } => line.rest(now),
                    _ => line.open(now, transport),
                }
            }
            wake_at = wake_at.min(line.due_at().unwrap_or(wake_at));
        }
        wake_at
    }

    fn poll(
        &mut self,
        now: Moment,
        transport: &mut impl Transport,
        tell: &mut impl FnMut(Say<D>),
    ) -> Result<Moment, Health> {
        self.out.clear();
        self.driver.poll(now, &mut self.out);
        for (channel, output, payload) in self.out.sends() {
            if self.lines.iter().any(|line| line.channel == channel && line.stage == Stage::Open) {
                transport.send(channel, output, payload);
                self.n_sent += 1;
            }
        }
        self.out.reports.drain(..).for_each(|report| tell(Told::Report(report)));
        match self.out.lost.take() {
            Some(why) => {
                self.needs_proof = true;
                Err(Health::Unreachable { since: now, why })
            }
            None => Ok(self.out.wake_at.unwrap_or(Moment(u64::MAX))),
        }
    }

    fn fail(
        &mut self,
        now: Moment,
        outage: Health,
        transport: &mut impl Transport,
        tell: &mut impl FnMut(Say<D>),
    ) -> Moment {
        transport.close();
        for line in &mut self.lines {
            line.stage = Stage::Closed;
            // What it thinks of a closed channel changes nothing: it is closed.
            let _ = self.driver.receive(now, line.channel, Input::Closed);
        }
        let until = now + self.backoff.pause();
        self.phase = Phase::Waiting { until };
        let refused = matches!(outage, Health::Refused { .. });
        let fresh = matches!(self.health, Health::Starting | Health::Online);
        self.n_outages += u64::from(fresh);
        if fresh || (refused && matches!(self.health, Health::Unreachable { .. })) {
            self.turn_to(outage, tell);
        }
        until
    }

    fn turn_to(&mut self, health: Health, tell: &mut impl FnMut(Say<D>)) {
        if self.health != health {
            self.health = health.clone();
            tell(Told::Health(health));
        }
    }
}

/// Whether being open says nothing of the peer although it is one that answers: requests open no connection before the
/// first of them.
fn asks(lines: &[Line]) -> bool {
    lines.iter().any(|line| line.need == Need::Must && line.channel == Channel::Http)
}
