//! A bridge's client as a state machine: who it is, its key, what it has, and what is asked of it.

use std::collections::VecDeque;
use std::time::Duration;

use crate::drivers::hub::Queue;
use crate::drivers::hue::home::Home;
use crate::drivers::hue::mode::Mode;
use crate::drivers::hue::requests::Requests;
use crate::drivers::light::{Said, Thing, Wish};
use crate::drivers::{Driver, Error, LocalId, Outputs, Report, Unsupported};
use crate::model::frame::Frame;
use crate::model::lights::Reported;
use crate::units::moment::Moment;
use crate::wire::hue_clip::{v1, v2};
use crate::wire::{self, Channel, Input};

/// A bridge from which nothing came for this long is asked who it is.
pub(super) const QUIET: Duration = Duration::from_secs(15);
/// After this many requests in a row without an answer a bridge counts as silent.
const MAX_SILENT: u32 = 2;

pub(super) type Out = Outputs<Report<Thing, Said>>;

/// How far it is with a bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Not connected.
    Closed,
    /// Finds out who it talks to.
    Greeting,
    /// Waits for its key.
    Pairing { next: Moment },
    /// Has a key that takes effect when the connection is opened anew.
    Paired,
    /// Knows what there is.
    Live,
}

/// A bridge, seen by its client.
pub(super) struct Bridge {
    pub(super) mode: Mode,
    pub(super) key: Option<String>,
    pinned: bool,
    pub(super) phase: Phase,
    pub(super) home: Home,
    pub(super) groups_v1: Vec<v1::Group>,
    pub(super) queue: Queue,
    pub(super) others: VecDeque<(LocalId, Wish)>,
    pub(super) requests: Requests,
    pub(super) light_slot: Moment,
    pub(super) group_slot: Moment,
    /// Left alone until then, since it is busy.
    pub(super) pause_until: Moment,
    pub(super) n_busy: u32,
    pub(super) n_silent: u32,
    pub(super) heard: Moment,
    pub(super) wished: Moment,
    /// When everything is to be read; `None` if events tell what changes.
    pub(super) read_at: Option<Moment>,
    pub(super) n_polls: u32,
    pub(super) hears_events: bool,
    pub(super) waits: bool,
    pub(super) lost: Option<String>,
    pub(super) identity: String,
    pub(super) model: String,
    pub(super) reports: Vec<Report<Thing, Said>>,
    pub(super) n_refused: u64,
    pub(super) n_group_sends: u64,
    pub(super) n_light_sends: u64,
}

impl Bridge {
    pub(super) fn new(mode: Mode, key: Option<String>, pinned: bool) -> Self {
        Self {
            mode,
            key,
            pinned,
            phase: Phase::Closed,
            home: Home::default(),
            groups_v1: Vec::new(),
            queue: Queue::default(),
            others: VecDeque::new(),
            requests: Requests::default(),
            light_slot: Moment::ZERO,
            group_slot: Moment::ZERO,
            pause_until: Moment::ZERO,
            n_busy: 0,
            n_silent: 0,
            heard: Moment::ZERO,
            wished: Moment::ZERO,
            read_at: None,
            n_polls: 0,
            hears_events: false,
            waits: false,
            lost: None,
            identity: String::new(),
            model: String::new(),
            reports: Vec::new(),
            n_refused: 0,
            n_group_sends: 0,
            n_light_sends: 0,
        }
    }

    fn on_opened(&mut self, channel: Channel, now: Moment) {
        match channel {
            Channel::Sse => {
                self.hears_events = true;
                // What changed while nobody listened is not known.
                self.read_at = (self.phase == Phase::Live).then_some(now);
            }
            _ => {
                self.phase = Phase::Greeting;
                (self.n_silent, self.heard, self.pause_until) = (0, now, now);
            }
        }
    }

    fn on_closed(&mut self, channel: Channel, now: Moment) {
        if channel == Channel::Sse {
            if std::mem::take(&mut self.hears_events) {
                self.read_at = self.next_poll(now);
            }
            return;
        }
        self.phase = Phase::Closed;
        (self.hears_events, self.lost) = (false, None);
        for about in self.requests.take_all() {
            self.forget(&about);
        }
        self.home.lamps.values_mut().for_each(|lamp| lamp.known = Reported::default());
    }

    fn give_up_waiting(&mut self, now: Moment) {
        for about in self.requests.take_overdue(now) {
            self.n_silent += 1;
            self.forget(&about);
        }
        if self.n_silent >= MAX_SILENT {
            self.lost = Some("the bridge does not answer".to_owned());
        }
    }

    /// When something is due if nothing comes.
    fn next_wake(&self, now: Moment) -> Option<Moment> {
        let answers = self.requests.overdue_at();
        if self.requests.is_full() {
            return answers;
        }
        let due = match self.phase {
            Phase::Closed | Phase::Paired | Phase::Greeting => None,
            Phase::Pairing { next } => Some(next).filter(|_| self.requests.is_empty()),
            Phase::Live => {
                let covered = self.covered();
                let held = covered.as_ref().map(|(n, _)| self.held(now, *n)).unwrap_or_default();
                let is_free = |id: &LocalId| self.home.is_ready(id) && !held.contains(id);
                let light = (!self.others.is_empty() || self.queue.lights().any(is_free)).then_some(self.light_slot);
                let group = covered.map(|_| self.group_slot);
                let is_idle = self.requests.is_empty();
                let quiet = is_idle.then_some(self.heard + QUIET);
                [light, group, quiet, self.read_at.filter(|_| is_idle)].into_iter().flatten().min()
            }
        };
        let due = due.map(|due| due.max(self.pause_until));
        let greets = (self.phase == Phase::Greeting && self.requests.is_empty()).then_some(self.pause_until);
        [answers, due, greets].into_iter().flatten().min()
    }
}

impl Driver for Bridge {
    type Wish = Wish;
    type Report = Said;
    type Capabilities = Thing;
    type Frame = Frame;

    fn wish(&mut self, now: Moment, thing: &LocalId, wish: &Wish) -> Result<(), Unsupported> {
        let lamp = self.home.lamps.get_mut(thing);
        match wish {
            Wish::State { state, transition_ms } => {
                self.wished = now;
                if let Some(lamp) = lamp {
                    (lamp.wanted, lamp.n_tries) = (Some((state.clone(), *transition_ms)), 0);
                }
                self.queue.put(thing, state.clone(), *transition_ms);
            }
            Wish::Leave => {}
            Wish::PowerOn(power_on) if lamp.is_some_and(|lamp| !lamp.can.power_on.contains(power_on)) => {
                return Err(Unsupported);
            }
            Wish::Identify | Wish::PowerOn(_) => self.others.push_back((thing.clone(), wish.clone())),
        }
        Ok(())
    }

    fn frame(&mut self, _: Moment, _: &LocalId, _: &Frame) {}

    fn receive(&mut self, now: Moment, channel: Channel, input: Input<'_>) -> Result<(), Error> {
        match input {
            Input::Opened => self.on_opened(channel, now),
            Input::Closed => self.on_closed(channel, now),
            Input::Certificate { sha256 } => {
                if !std::mem::replace(&mut self.pinned, true) {
                    self.reports.push(Report::Secret { key: "certificate", value: sha256.to_owned(), reopen: false });
                }
            }
            Input::Response { request, status, body } => self.on_response(now, request, status, body)?,
            Input::Message(message) => {
                self.heard = now;
                v2::decode_events(message)?.iter().for_each(|event| self.on_event(now, event));
            }
            _ => return Err(wire::Error::Unsupported.into()),
        }
        Ok(())
    }

    fn poll(&mut self, now: Moment, out: &mut Out) {
        self.give_up_waiting(now);
        while self.ask_next(now, out) {}
        out.reports.append(&mut self.reports);
        out.lost = self.lost.take();
        out.wake_at = self.next_wake(now);
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        vec![
            ("bridge", self.model.clone()),
            ("API", if self.mode == Mode::V1 { "v1" } else { "v2" }.to_owned()),
            ("events", if self.hears_events { "heard" } else { "not heard" }.to_owned()),
            ("lights", self.home.lamps.len().to_string()),
            ("switches and sensors", self.home.sensors.len().to_string()),
            ("groups", self.home.groups.len().to_string()),
            ("waiting", self.queue.len().to_string()),
            ("under way", self.requests.len().to_string()),
            ("group commands", self.n_group_sends.to_string()),
            ("light commands", self.n_light_sends.to_string()),
            ("refused", self.n_refused.to_string()),
        ]
    }
}
