//! Pixel lights that know nothing but frames: their states and fades are painted here.
//!
//! Invariant: of two frames the newer wins, and no more are given out than the line takes; what is shown is given out
//! again before the light's own time-out, and at least each second.
//! Invariant: nothing is given out before something was wished; no memory is taken for a frame.

use std::time::Duration;

use crate::drivers::Unsupported;
use crate::drivers::light::Wish;
use crate::model::frame::{Frame, MAX_PIXELS};
use crate::model::lights::state::{Color, State};
use crate::units::color::{Linear, Xy};
use crate::units::moment::Moment;

/// A stream without frames for this long has ended.
pub const STREAM_ENDS: Duration = Duration::from_millis(2500);
/// What is shown is repeated at least this often.
const REPEAT: Duration = Duration::from_secs(1);
/// To make itself known a light is white and dark in turns, each for this long.
const BLINK: Duration = Duration::from_millis(250);
/// How many such turns.
const BLINKS: u32 = 8;

/// What the pixels follow.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Show {
    /// Nothing was wished.
    Nothing,
    /// The state, reached `takes` after `since`.
    State { since: Moment, takes: Duration },
    /// Frames, the newest heard then.
    Stream { heard: Moment },
}

/// The pixels of a light that only takes frames.
#[derive(Clone, Debug)]
pub struct Painted {
    show: Show,
    has_state: bool,
    blinking: Option<Moment>,
    /// Nothing moves: what is shown was given out.
    settled: bool,
    before: Vec<Linear>,
    target: Vec<Linear>,
    streamed: Vec<Linear>,
    shown: Vec<Linear>,
    slot: Duration,
    repeat: Duration,
    next_slot: Moment,
    sent: Option<Moment>,
}

impl Painted {
    /// A light of `n_pixels` (1..=[`MAX_PIXELS`]; the nearest is taken) that takes `fps` frames a second and forgets a
    /// frame after `time_out`.
    #[must_use]
    pub fn new(n_pixels: usize, fps: f32, time_out: Duration) -> Self {
        let dark = vec![Linear::BLACK; n_pixels.clamp(1, MAX_PIXELS)];
        Self {
            show: Show::Nothing,
            has_state: false,
            blinking: None,
            settled: true,
            before: dark.clone(),
            target: dark.clone(),
            streamed: dark.clone(),
            shown: dark,
            slot: Duration::from_secs_f32(1.0 / fps.clamp(0.1, 1000.0)),
            repeat: (time_out / 2).min(REPEAT),
            next_slot: Moment::ZERO,
            sent: None,
        }
    }

    /// How many pixels it has.
    #[must_use]
    pub fn n_pixels(&self) -> usize {
        self.shown.len()
    }

    /// Whether frames are streamed to it now.
    #[must_use]
    pub fn is_streaming(&self) -> bool {
        matches!(self.show, Show::Stream { .. })
    }

    /// Takes a wish.
    ///
    /// # Errors
    /// [`Unsupported`] for what no frame can do.
    pub fn wish(&mut self, now: Moment, wish: &Wish) -> Result<(), Unsupported> {
        match wish {
            Wish::State { state, transition_ms } => self.state(now, state, *transition_ms),
            Wish::Leave => self.leave(now),
            Wish::Identify => (self.blinking, self.settled) = (Some(now), false),
            Wish::PowerOn(_) => return Err(Unsupported),
        }
        Ok(())
    }

    fn state(&mut self, now: Moment, state: &State, transition_ms: u32) {
        self.has_state = true;
        paint(&mut self.target, state);
        if !self.is_streaming() {
            self.before.copy_from_slice(&self.shown);
            self.show = Show::State { since: now, takes: Duration::from_millis(transition_ms.into()) };
            self.settled = false;
        }
    }

    /// Takes a frame. One with a single pixel is that colour all over; what a shorter one leaves out is dark.
    pub fn frame(&mut self, now: Moment, frame: &Frame) {
        match frame.pixels() {
            [one] => self.streamed.fill(*one),
            pixels => {
                self.streamed.fill(Linear::BLACK);
                self.streamed.iter_mut().zip(pixels).for_each(|(to, from)| *to = *from);
            }
        }
        (self.show, self.settled) = (Show::Stream { heard: now }, false);
    }

    /// Ends streaming: the state again, at once, if one was wished.
    pub fn leave(&mut self, now: Moment) {
        if self.is_streaming() {
            self.show = match self.has_state {
                true => Show::State { since: now, takes: Duration::ZERO },
                false => Show::Nothing,
            };
            self.settled = !self.has_state && self.blinking.is_none();
        }
    }

    /// The light was out of reach, and what it shows is not known: it gets everything again.
    pub fn restart(&mut self) {
        (self.sent, self.next_slot) = (None, Moment::ZERO);
        self.settled = self.is_idle();
    }

    /// The pixels to send now, if any are due; they count as sent. Call it when there is room for a frame.
    pub fn due(&mut self, now: Moment) -> Option<&[Linear]> {
        if let Show::Stream { heard } = self.show
            && now.since(heard) >= STREAM_ENDS
        {
            self.leave(now);
        }
        let repeats = self.sent.is_some_and(|sent| now >= sent + self.repeat);
        if self.is_idle() || now < self.next_slot || (self.settled && !repeats) {
            return None;
        }
        self.advance(now);
        let behind = now.since(self.next_slot);
        // A little late is no reason to fall behind: the slots stay where they are.
        self.next_slot = if behind < self.slot / 4 { self.next_slot + self.slot } else { now + self.slot };
        self.sent = Some(now);
        Some(&self.shown)
    }

    /// When to ask [`due`](Self::due) again; `None` if nothing will be due before something is wished.
    #[must_use]
    pub fn wake_at(&self) -> Option<Moment> {
        if self.is_idle() {
            return None;
        }
        let next = match self.sent {
            Some(sent) if self.settled => self.next_slot.max(sent + self.repeat),
            _ => self.next_slot,
        };
        match self.show {
            Show::Stream { heard } => Some(next.min(heard + STREAM_ENDS)),
            _ => Some(next),
        }
    }

    fn is_idle(&self) -> bool {
        self.show == Show::Nothing && self.blinking.is_none()
    }

    /// Paints what is to be seen at `now`.
    fn advance(&mut self, now: Moment) {
        self.settled = true;
        match self.show {
            Show::Nothing => self.shown.fill(Linear::BLACK),
            Show::State { since, takes } => {
                let share = if takes.is_zero() { 1.0 } else { now.since(since).div_duration_f32(takes).min(1.0) };
                self.settled = share >= 1.0;
                let ends = self.before.iter().zip(&self.target);
                self.shown.iter_mut().zip(ends).for_each(|(to, (from, target))| *to = between(*from, *target, share));
            }
            Show::Stream { .. } => self.shown.copy_from_slice(&self.streamed),
        }
        if let Some(since) = self.blinking {
            self.blink(now.since(since).as_millis() / BLINK.as_millis());
        }
    }

    fn blink(&mut self, turn: u128) {
        match turn {
            _ if turn >= BLINKS.into() => self.blinking = None,
            _ => {
                self.shown.fill(if turn.is_multiple_of(2) { Linear::new(1.0, 1.0, 1.0) } else { Linear::BLACK });
                self.settled = false;
            }
        }
    }
}

/// Paints a state: one colour all over, or a gradient along the pixels. Brightness scales linear light.
pub fn paint(pixels: &mut [Linear], state: &State) {
    let brightness = if state.on { state.brightness } else { 0.0 };
    match &state.color {
        Color::Gradient(points) if points.len() > 1 => {
            let last = pixels.len().saturating_sub(1).max(1) as f32;
            for (n, pixel) in pixels.iter_mut().enumerate() {
                *pixel = along(points, n as f32 / last).scaled(brightness);
            }
        }
        color => pixels.fill(color.xy().linear().scaled(brightness)),
    }
}

/// The colour at `share`, 0..=1, of the way along a gradient's points.
fn along(points: &[Xy], share: f32) -> Linear {
    let place = share.clamp(0.0, 1.0) * points.len().saturating_sub(1) as f32;
    let at = |n: usize| points.get(n.min(points.len().saturating_sub(1))).map_or(Linear::BLACK, |xy| xy.linear());
    between(at(place as usize), at(place as usize + 1), place.fract())
}

/// Light between two, as light mixes.
fn between(a: Linear, b: Linear, share: f32) -> Linear {
    let mix = |a: f32, b: f32| a + (b - a) * share;
    Linear { r: mix(a.r, b.r), g: mix(a.g, b.g), b: mix(a.b, b.b) }
}
