//! The past: which instant all pictures show, if not the present one.
//!
//! ```text
//!            hold, seek, step                   plays up to now, back to live
//!    live ────────────────────▶ stands ◀─▶ plays ────────────────────────────▶ live
//! ```
//!
//! Invariant: at most one question is on its way; of what is wanted meanwhile only the newest is kept, and until it is
//! answered the last answer is shown.
//! Invariant: all pictures show the same instant, [`Past::shown`].

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::Context;
use jiff::{SignedDuration, Timestamp};

use crate::model::recording::{Heat, Instant};
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::port::{Port, Query, Reply};
use crate::ui::asking::Asking;
use crate::ui::bookmarks::Marks;
use crate::ui::now::Now;
use crate::ui::pictures::Pictures;
use crate::ui::theme::time;
use crate::units::moment::Moment;

/// How fast it can play.
pub const SPEEDS: [f32; 4] = [1.0, 2.0, 5.0, 10.0];
/// Steps that wait at most: a key that is held down stops soon after it is let go.
const MOST_STEPS: i32 = 4;

/// What is wanted and was not asked yet.
#[derive(Clone, Debug, PartialEq)]
enum Wanted {
    At(Timestamp),
    /// So many frames further; negative = back.
    Step(DeviceId, i32),
}

/// What becomes of the answer that is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Show,
    /// It is shown when playing comes to its instant.
    Ahead,
    Nothing,
}

#[derive(Clone, Debug)]
struct Flying {
    number: u64,
    instant: Instant,
    purpose: Purpose,
}

/// What the pictures are to be changed to.
#[derive(Clone, Debug)]
enum Change {
    AsIs,
    To(BTreeMap<DeviceId, Arc<ThermalFrame>>),
    Live,
}

/// Why the pictures are not those that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The question was not answered: why.
    Failed(String),
    /// There is no earlier frame.
    First,
    /// There is no later frame.
    Last,
}

/// Where in time the window looks.
#[derive(Debug, Default)]
pub struct Past {
    /// The instant that is looked at: where the play head is; `None` = now. Changed by the functions below only.
    pub at: Option<Timestamp>,
    /// How fast it plays on; 0 = it stands.
    pub speed: f32,
    /// The question for pictures.
    pub asking: Asking,
    /// Bookmarks that are being made.
    pub marks: Marks,
    chosen: Chosen,
    shown: Option<Timestamp>,
    /// The frame from which the next step goes.
    base: Option<Timestamp>,
    wanted: Option<Wanted>,
    flying: Option<Flying>,
    asked: u64,
    ahead: Option<(Timestamp, Heat)>,
    anchor: Option<(Moment, Timestamp)>,
    trouble: Option<Trouble>,
    change: Option<Change>,
}

/// The speed at which it plays when it plays.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Chosen(f32);

impl Default for Chosen {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Past {
    /// Whether the window shows the past.
    #[must_use]
    pub const fn is_past(&self) -> bool {
        self.at.is_some()
    }

    /// Whether time goes on in the past.
    #[must_use]
    pub fn is_playing(&self) -> bool {
        self.is_past() && self.speed > 0.0
    }

    /// The instant that the pictures show: that of the last answer; `None` = now.
    #[must_use]
    pub const fn shown(&self) -> Option<Timestamp> {
        self.shown
    }

    /// What went wrong with the last question.
    #[must_use]
    pub const fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// The speed that is chosen for playing.
    #[must_use]
    pub const fn chosen(&self) -> f32 {
        self.chosen.0
    }

    /// Stands still at what is on screen now.
    pub fn hold(&mut self, now: Timestamp) {
        if !self.is_past() {
            let now = whole(now);
            (self.at, self.shown, self.base, self.change) = (Some(now), Some(now), None, Some(Change::AsIs));
        }
    }

    /// Goes to an instant; now or later is the present. What plays goes on playing from there.
    pub fn seek(&mut self, at: Timestamp, now: &Now) {
        if at >= now.wall {
            self.back_to_live();
            return;
        }
        self.hold(now.wall);
        let at = whole(at);
        (self.at, self.base, self.trouble) = (Some(at), None, None);
        (self.wanted, self.ahead) = (Some(Wanted::At(at)), None);
        if self.is_playing() {
            self.anchor = Some((now.moment, at));
        }
        self.forget_ahead();
    }

    /// Goes so many seconds further; negative = back.
    pub fn skip(&mut self, seconds: i64, now: &Now) {
        if seconds > 0 && !self.is_past() {
            return;
        }
        let from = self.at.unwrap_or(now.wall);
        self.seek(from.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(from), now);
    }

    /// Goes one frame of a device forward or back and stands there. `frame`: when the one that is shown was made.
    pub fn step(&mut self, device: &DeviceId, frame: Option<Timestamp>, forward: bool, now: &Now) {
        if forward && !self.is_past() {
            return;
        }
        self.hold(now.wall);
        (self.speed, self.anchor, self.ahead, self.trouble) = (0.0, None, None, None);
        self.forget_ahead();
        let by = if forward { 1 } else { -1 };
        let waiting = match &self.wanted {
            Some(Wanted::Step(of, waiting)) if of == device => *waiting,
            _ => 0,
        };
        if waiting == 0 && self.flying.is_none() {
            self.base = frame.map(whole);
        }
        self.wanted = Some(Wanted::Step(device.clone(), (waiting + by).clamp(-MOST_STEPS, MOST_STEPS)));
    }

    /// Lets time go on from where it stands; in the present it goes on by itself.
    pub fn play(&mut self, now: Moment) {
        if let Some(at) = self.at {
            (self.speed, self.anchor, self.trouble, self.wanted) = (self.chosen.0, Some((now, at)), None, None);
        }
    }

    /// Stands still where it is.
    pub fn pause(&mut self) {
        if self.is_playing() {
            (self.speed, self.anchor, self.ahead) = (0.0, None, None);
            self.wanted = self.at.map(Wanted::At);
            self.forget_ahead();
        }
    }

    /// Live or playing: stands still. Standing: plays.
    pub fn toggle(&mut self, now: &Now) {
        match (self.is_past(), self.is_playing()) {
            (false, _) => self.hold(now.wall),
            (true, true) => self.pause(),
            (true, false) => self.play(now.moment),
        }
    }

    /// Chooses how fast it plays.
    pub fn choose(&mut self, speed: f32, now: Moment) {
        self.chosen = Chosen(speed);
        if self.is_playing() {
            self.play(now);
        }
    }

    /// Shows the present again.
    pub fn back_to_live(&mut self) {
        if self.is_past() {
            let (chosen, asked, marks) = (self.chosen, self.asked, std::mem::take(&mut self.marks));
            *self = Self { chosen, asked, marks, change: Some(Change::Live), ..Self::default() };
        }
    }

    /// Moves the play head on and hands out what is to be asked now, numbered: at most one question at a time.
    pub fn question(&mut self, now: Moment, wall: Timestamp) -> Option<(u64, Instant)> {
        self.advance(now, wall);
        let at = self.at?;
        if self.flying.is_some() {
            return None;
        }
        let (instant, purpose) = match self.wanted.take() {
            Some(Wanted::At(at)) => (Instant::At(at), Purpose::Show),
            Some(Wanted::Step(device, by)) => {
                let base = self.base.unwrap_or(at);
                let left = by - by.signum();
                self.wanted = (left != 0).then(|| Wanted::Step(device.clone(), left));
                let instant = if by > 0 { Instant::After(device, base) } else { Instant::Before(device, base) };
                (instant, Purpose::Show)
            }
            None if self.is_playing() && self.ahead.is_none() => {
                let lead = SignedDuration::try_from(time::PLAY.mul_f32(self.speed)).unwrap_or_default();
                (Instant::At(whole(at.saturating_add(lead).unwrap_or(at).min(wall))), Purpose::Ahead)
            }
            None => return None,
        };
        self.asked += 1;
        self.flying = Some(Flying { number: self.asked, instant: instant.clone(), purpose });
        Some((self.asked, instant))
    }

    /// Takes the answer to the question of this number; one to any other question is not wanted any more.
    pub fn answer(&mut self, number: u64, reply: &Reply) {
        let Some(flying) = self.flying.take_if(|flying| flying.number == number) else { return };
        match (reply, flying.purpose, flying.instant) {
            (_, Purpose::Nothing, _) => {}
            (Reply::Heat(heat), Purpose::Ahead, Instant::At(at)) => self.ahead = Some((at, heat.clone())),
            (Reply::Heat(heat), _, Instant::At(at)) => self.show(at, heat),
            (Reply::Heat(heat), _, Instant::After(..)) => self.stepped(heat, Trouble::Last),
            (Reply::Heat(heat), _, Instant::Before(..)) => self.stepped(heat, Trouble::First),
            (Reply::Failed(why), ..) => self.fail(why.clone()),
            _ => self.fail("The engine gave another answer than was asked for.".to_owned()),
        }
    }

    /// Takes what came, asks what is wanted, and has the pictures show it. Once for each window frame, before the
    /// pictures take in what is new.
    pub fn refresh(&mut self, ctx: &Context, port: &Port, now: &Now, pictures: &mut Pictures) {
        if let Some(reply) = self.asking.take() {
            self.answer(self.asked, &reply);
        }
        if self.asking.is_due(now.moment) {
            self.lost();
        }
        if let Some((_, instant)) = self.question(now.moment, now.wall) {
            // A place of its own for each answer: none can be taken for another.
            self.asking = Asking::default();
            self.asking.ask(port, Query::Heat(instant), now.moment);
        }
        self.asking.wake_up(ctx);
        match self.change.take() {
            Some(Change::AsIs) => pictures.hold_as_is(),
            Some(Change::To(frames)) => pictures.hold(&frames),
            Some(Change::Live) => pictures.release(),
            None => {}
        }
        if self.is_playing() {
            ctx.request_repaint_after(time::PLAY);
        }
    }

    fn advance(&mut self, now: Moment, wall: Timestamp) {
        let Some((since, from)) = self.anchor.filter(|_| self.is_playing()) else { return };
        let passed = SignedDuration::try_from(now.since(since).mul_f32(self.speed)).unwrap_or_default();
        let at = from.saturating_add(passed).unwrap_or(from);
        if at >= wall {
            self.back_to_live();
            return;
        }
        (self.at, self.base) = (Some(at), None);
        if let Some((instant, heat)) = self.ahead.take_if(|(instant, _)| *instant <= at) {
            self.show(instant, &heat);
        }
    }

    fn show(&mut self, at: Timestamp, heat: &Heat) {
        self.trouble = None;
        (self.shown, self.change) = (Some(at), Some(Change::To(heat.frames.clone())));
    }

    fn stepped(&mut self, heat: &Heat, end: Trouble) {
        let going_on = !matches!(self.wanted, Some(Wanted::At(_)));
        match heat.at {
            Some(at) => {
                self.show(at, heat);
                if going_on {
                    (self.at, self.base) = (Some(at), Some(at));
                }
            }
            None if going_on => (self.trouble, self.wanted) = (Some(end), None),
            None => {}
        }
    }

    fn fail(&mut self, why: String) {
        (self.speed, self.anchor, self.ahead) = (0.0, None, None);
        self.trouble = Some(Trouble::Failed(why));
    }

    /// What is on its way was asked so long ago that it may be lost: it is wanted again, unless something else is.
    fn lost(&mut self) {
        let Some(flying) = self.flying.take() else { return };
        let again = match flying.instant {
            _ if flying.purpose != Purpose::Show => None,
            Instant::At(at) => Some(Wanted::At(at)),
            Instant::After(device, _) => Some(Wanted::Step(device, 1)),
            Instant::Before(device, _) => Some(Wanted::Step(device, -1)),
        };
        self.wanted = self.wanted.take().or(again);
    }

    fn forget_ahead(&mut self) {
        if let Some(flying) = self.flying.as_mut().filter(|flying| flying.purpose == Purpose::Ahead) {
            flying.purpose = Purpose::Nothing;
        }
    }
}

/// An instant in whole milliseconds, as pictures are recorded.
#[must_use]
pub fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
