//! Runs one driver over the channels it asked for: connect, pump, back off, say how it fares. The half without
//! sockets and clocks; what waits is a [`Transport`].
//!
//! Invariant: health is told once per outage and once at its end, never once per try.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::drivers::{Driver, Error, LocalId, Opening, Outputs, Report, Unsupported};
use crate::units::moment::Moment;
use crate::wire::{Channel, Endpoint, Input, Output};

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
    /// Begins to open a channel; [`Input::Opened`] or a loss follows.
    fn open(&mut self, channel: Channel, endpoint: &Endpoint);
    /// Sends; a failure follows as a loss.
    fn send(&mut self, channel: Channel, output: &Output, payload: &[u8]);
    /// What a channel brought, or why it was lost. `None` if nothing is there now.
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

/// One driver and its channels.
pub struct Link<D: Driver + ?Sized> {
    driver: Box<D>,
    channels: Vec<(Channel, Endpoint, bool)>,
    phase: Phase,
    health: Health,
    backoff: Backoff,
    /// The driver found its peer silent: being open is not enough any more, it must say something.
    needs_proof: bool,
    out: Out<D>,
    /// Inputs that were no packets.
    pub n_malformed: u64,
}

impl<D: Driver + ?Sized> Link<D> {
    /// A link that opens its channels in the first [`turn`](Self::turn). `seed` makes its pauses its own.
    #[must_use]
    pub fn new(opening: Opening<D>, seed: u64) -> Self {
        Self {
            driver: opening.driver,
            channels: opening.channels.into_iter().map(|(channel, endpoint, _)| (channel, endpoint, false)).collect(),
            phase: Phase::Waiting { until: Moment::ZERO },
            health: Health::Starting,
            backoff: Backoff::new(PAUSES, seed),
            needs_proof: false,
            out: Outputs::default(),
            n_malformed: 0,
        }
    }

    /// How the connection fares.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.health
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
            self.channels.iter().for_each(|(channel, endpoint, _)| transport.open(*channel, endpoint));
        }
        let mut proven = false;
        while let Some((channel, input)) = transport.receive() {
            let input = input.map_err(|why| Health::Unreachable { since: now, why })?;
            proven |= self.take(now, channel, input)?;
        }
        match self.phase {
            Phase::Open { since } => {
                let steady_at = if self.needs_proof { Moment(u64::MAX) } else { since + STEADY_AFTER };
                if proven || now >= steady_at {
                    self.needs_proof = false;
                    self.backoff.reset();
                    self.turn_to(Health::Online, tell);
                }
                let wake_at = self.poll(now, transport, tell)?;
                Ok(if self.health == Health::Online { wake_at } else { wake_at.min(steady_at) })
            }
            Phase::Opening { until } if now >= until => {
                Err(Health::Unreachable { since: now, why: format!("no connection within {OPEN_WITHIN:?}") })
            }
            Phase::Opening { until } | Phase::Waiting { until } => Ok(until),
        }
    }

    /// Hands an input to the driver. True if it proves that the peer is there.
    fn take(&mut self, now: Moment, channel: Channel, input: Input<'_>) -> Result<bool, Health> {
        if input == Input::Opened {
            self.channels.iter_mut().filter(|known| known.0 == channel).for_each(|known| known.2 = true);
            if matches!(self.phase, Phase::Opening { .. }) && self.channels.iter().all(|known| known.2) {
                self.phase = Phase::Open { since: now };
            }
        }
        match self.driver.receive(now, channel, input) {
            Ok(()) => Ok(input != Input::Opened),
            Err(Error::Wire(_)) => {
                self.n_malformed += 1;
                Ok(false)
            }
            Err(Error::Refused { why }) => Err(Health::Refused { why }),
        }
    }

    fn poll(
        &mut self,
        now: Moment,
        transport: &mut impl Transport,
        tell: &mut impl FnMut(Say<D>),
    ) -> Result<Moment, Health> {
        self.out.clear();
        self.driver.poll(now, &mut self.out);
        self.out.sends().for_each(|(channel, output, payload)| transport.send(channel, output, payload));
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
        for (channel, _, open) in &mut self.channels {
            *open = false;
            // What it thinks of a closed channel changes nothing: it is closed.
            let _ = self.driver.receive(now, *channel, Input::Closed);
        }
        let until = now + self.backoff.pause();
        self.phase = Phase::Waiting { until };
        let refused = matches!(outage, Health::Refused { .. });
        if matches!(self.health, Health::Starting | Health::Online)
            || (refused && matches!(self.health, Health::Unreachable { .. }))
        {
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
