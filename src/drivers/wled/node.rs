//! The driver of one WLED node.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::drivers::light::{Said, Thing, Wish};
use crate::drivers::wled::change::{Dialect, told};
use crate::drivers::wled::colors;
use crate::drivers::wled::stream::{Stream, Turn};
use crate::drivers::wled::talk::{Asked, Late, Talk};
use crate::drivers::{Driver, Error, LocalId, Outputs, Report, Unsupported};
use crate::model::frame::Frame;
use crate::model::lights::capabilities::Capabilities;
use crate::model::lights::state::State;
use crate::units::moment::Moment;
use crate::wire::wled::message::{self, Info, Message};
use crate::wire::wled::patch::Patch;
use crate::wire::{self, Channel, Input};

/// For so long what a node was told counts more than what it says: that may be from before.
const SETTLES: Duration = Duration::from_secs(2);
/// The status of a node whose buffer is taken.
const BUSY: u16 = 503;
/// The error of the same.
const BUSY_ERROR: u8 = 3;

type Reports = Vec<Report<Thing, Said>>;
type Found = (String, String, Arc<Capabilities>);

/// What is to be told to a node.
#[derive(Clone, Debug, PartialEq)]
enum Change {
    /// To be so, within ms.
    State(State, u32),
    /// To be on or off at a brightness: what streams put and take away.
    Level { on: bool, bri: u8 },
}

/// One node.
#[derive(Debug)]
pub(super) struct Node {
    /// Where its pixels are sent.
    pixels: Option<SocketAddr>,
    talk: Talk,
    stream: Stream,
    info: Option<Info>,
    state: Option<message::State>,
    dialect: Dialect,
    /// The version that the dialect's effects are of.
    effects_of: String,
    /// How it is after what it was told last, and when that was.
    told: Option<(Moment, message::State)>,
    /// What was wished last.
    wanted: Option<State>,
    /// To be told, in this order.
    level: Option<Change>,
    wish: Option<Change>,
    /// Told and not acknowledged.
    flying: Option<Change>,
    next_change: Moment,
    /// On or off and how bright it was before a stream.
    before: Option<(bool, u8)>,
    found: Option<Found>,
    reports: Reports,
}

/// The one light of a node.
fn light() -> LocalId {
    LocalId("light".into())
}

/// What a node is, for people.
pub(super) fn model(info: &Info) -> String {
    match info.arch.as_str() {
        "" => format!("WLED {}", info.ver),
        arch => format!("WLED {} ({arch})", info.ver),
    }
}

impl Node {
    /// A node that is not connected yet, whose pixels are sent to this address.
    pub(super) fn new(pixels: Option<SocketAddr>) -> Self {
        Self {
            pixels,
            talk: Talk::default(),
            stream: Stream::default(),
            info: None,
            state: None,
            dialect: Dialect::default(),
            effects_of: String::new(),
            told: None,
            wanted: None,
            level: None,
            wish: None,
            flying: None,
            next_change: Moment::ZERO,
            before: None,
            found: None,
            reports: Vec::new(),
        }
    }

    fn hear(&mut self, now: Moment, Message { state, info, error }: Message) {
        if error == Some(BUSY_ERROR) {
            self.talk.busy(now);
            self.tell_again();
        }
        if let Some(info) = info.filter(Info::is_wled) {
            self.dialect.lc = info.light_capabilities();
            self.talk.set_small(info.arch == "esp8266");
            self.info = Some(info);
        }
        if let Some(state) = state {
            self.state = Some(state);
            self.flying = None;
        }
        let (Some(info), Some(state)) = (&self.info, &self.state) else { return };
        self.stream.learn(info, state);
        self.introduce();
        self.report(now);
    }

    /// Says what it is, if that is news.
    fn introduce(&mut self) {
        let (Some(info), Some(state)) = (&self.info, &self.state) else { return };
        if self.effects_of != info.ver {
            return;
        }
        let streams = self.pixels.is_some();
        let capabilities = colors::capabilities(info, state.seg.len(), streams, self.dialect.effects());
        let (name, model) = (info.name.clone(), model(info));
        let found = (name.clone(), model.clone(), Arc::new(capabilities));
        if self.found.as_ref() == Some(&found) {
            return;
        }
        let thing = Thing::Light {
            name: name.as_str().into(),
            model: model.as_str().into(),
            room: None,
            capabilities: Arc::clone(&found.2),
        };
        self.reports.push(Report::Identity { identity: info.mac.to_lowercase(), name, model });
        self.reports.push(Report::Found(light(), thing));
        self.found = Some(found);
    }

    /// Says how it is; not while a stream is all over it, nor if it speaks of the time before it was told something.
    fn report(&mut self, now: Moment) {
        let Some(state) = self.state.as_ref().filter(|_| self.found.is_some()) else { return };
        let is_old = self.told.as_ref().is_some_and(|(at, told)| now.since(*at) < SETTLES && told != state);
        if !is_old && self.before.is_none() {
            let said = self.dialect.reported(state, self.wanted.as_ref());
            self.reports.push(Report::State(light(), Said::Light(said)));
        }
    }

    /// What was told got lost on its way.
    fn tell_again(&mut self) {
        match self.flying.take() {
            Some(change @ Change::State(..)) => drop(self.wish.get_or_insert(change)),
            Some(change @ Change::Level { .. }) => drop(self.level.get_or_insert(change)),
            None => {}
        }
        self.told = None;
    }

    /// How it is for all we know: what it was told last, until it had time to say so.
    fn base(&self, now: Moment) -> Option<&message::State> {
        let told = self.told.as_ref().filter(|(at, _)| now.since(*at) < SETTLES).map(|(_, state)| state);
        told.or(self.state.as_ref())
    }

    fn next_change(&mut self) -> Option<Change> {
        let waits = self.stream.is_live;
        self.level.take().or_else(|| if waits { None } else { self.wish.take() })
    }

    /// When the next change is to be told; `None` if none can be yet.
    fn change_at(&self) -> Option<Moment> {
        let is_known = self.found.is_some() && self.state.is_some();
        let waits = self.level.is_some() || (self.wish.is_some() && !self.stream.is_live);
        let free = self.talk.takes_change_at().filter(|_| is_known && waits);
        free.map(|free| free.max(self.next_change))
    }

    fn change(&mut self, now: Moment, out: &mut Outputs<Report<Thing, Said>>) {
        if self.change_at().is_none_or(|due| now < due) {
            return;
        }
        let Some(change) = self.next_change() else { return };
        if !self.stream.is_live {
            self.before = None;
        }
        let Some(base) = self.base(now) else { return };
        let patch = match &change {
            Change::State(state, transition_ms) => self.dialect.patch(base, state, *transition_ms),
            Change::Level { on, bri } => level(base, *on, *bri),
        };
        if patch.is_empty() {
            self.report(now);
            return;
        }
        let after = told(base, &patch);
        self.talk.change(now, &patch, out);
        self.next_change = now + Duration::from_secs_f32(1.0 / colors::CHANGES_HZ);
        (self.told, self.flying) = (Some((now, after)), Some(change));
    }

    /// A stream wants the node at its brightest, and puts it back at its end.
    fn stream(&mut self, now: Moment, out: &mut Outputs<Report<Thing, Said>>) {
        let Some(pixels) = self.pixels else { return };
        match self.stream.poll(now, pixels, out) {
            Turn::Begin => {
                let level = self.base(now).map(|state| (state.on, state.bri));
                self.before = self.before.or(level);
                self.level = Some(Change::Level { on: true, bri: u8::MAX });
            }
            Turn::End => {
                let before = self.before.filter(|_| self.wish.is_none());
                self.level = before.map(|(on, bri)| Change::Level { on, bri });
            }
            Turn::Stay => {}
        }
    }

    /// Whether it had time to say that it is as it was told, and did not.
    fn is_unsettled(&mut self, now: Moment) -> bool {
        let settled = self.told.take_if(|(at, _)| now.since(*at) >= SETTLES);
        settled.is_some_and(|(_, told)| self.state.as_ref() != Some(&told))
    }

    fn wake_at(&self) -> Moment {
        let settles = self.told.as_ref().map(|(at, _)| *at + SETTLES);
        let soonest =
            [self.change_at(), settles, self.stream.wake_at()].into_iter().flatten().min().unwrap_or(Moment(u64::MAX));
        soonest.min(self.talk.wake_at())
    }
}

fn level(base: &message::State, on: bool, bri: u8) -> Patch {
    Patch { on: (base.on != on).then_some(on), bri: (base.bri != bri).then_some(bri), tt: Some(0), seg: Vec::new() }
}

impl Driver for Node {
    type Wish = Wish;
    type Report = Said;
    type Capabilities = Thing;
    type Frame = Frame;

    fn wish(&mut self, now: Moment, thing: &LocalId, wish: &Wish) -> Result<(), Unsupported> {
        if *thing != light() {
            return Err(Unsupported);
        }
        match wish {
            Wish::State { state, transition_ms } => {
                self.wanted = Some(state.clone());
                self.wish = Some(Change::State(state.clone(), *transition_ms));
            }
            Wish::Leave => self.stream.leave(now),
            Wish::Identify if self.pixels.is_some() => self.stream.identify(now)?,
            Wish::Identify | Wish::PowerOn(_) => return Err(Unsupported),
        }
        Ok(())
    }

    fn frame(&mut self, now: Moment, thing: &LocalId, frame: &Frame) {
        if *thing == light() && self.pixels.is_some() {
            self.stream.frame(now, frame);
        }
    }

    fn receive(&mut self, now: Moment, channel: Channel, input: Input<'_>) -> Result<(), Error> {
        match (channel, input) {
            (Channel::Http, Input::Opened) => {
                self.talk.restart();
                self.stream.restart();
                // How it is now is not known; what a stream put there is taken away, unless it goes on.
                (self.told, self.state) = (None, None);
                self.level = self.before.map(|(on, bri)| Change::Level { on, bri });
            }
            (Channel::Http, Input::Closed) => self.tell_again(),
            (Channel::Ws, Input::Opened) => self.talk.set_ws(true),
            (Channel::Ws, Input::Closed) => {
                self.talk.set_ws(false);
                self.tell_again();
            }
            (Channel::Ws, Input::Message(bytes)) => {
                let took = self.talk.message(now);
                self.reports.extend(took.map(Report::Latency));
                self.hear(now, message::decode(bytes)?);
            }
            (Channel::Http, Input::Response { request, status, body }) => {
                return self.response(now, request, status, body);
            }
            _ => {}
        }
        Ok(())
    }

    fn poll(&mut self, now: Moment, out: &mut Outputs<Report<Thing, Said>>) {
        match self.talk.late(now) {
            Late::No => {}
            Late::Once => self.tell_again(),
            Late::Lost => {
                self.tell_again();
                out.lost = Some("it no longer answers".to_owned());
            }
        }
        self.stream(now, out);
        self.change(now, out);
        let unknown = self.info.as_ref().is_some_and(|info| info.ver != self.effects_of);
        if unknown && self.talk.is_free(now) {
            self.talk.ask_effects(now, out);
        } else if self.is_unsettled(now) && self.talk.is_free(now) || self.talk.is_due(now) {
            self.talk.ask_all(now, out);
        }
        out.reports.append(&mut self.reports);
        out.wake_at = Some(self.wake_at());
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        let of = |text: fn(&Info) -> String| self.info.as_ref().map_or_else(String::new, text);
        let mut told = vec![
            ("version", of(|info| format!("{} {}", info.ver, info.arch))),
            ("pixels", of(|info| info.leds.count.to_string())),
            ("segments", self.state.as_ref().map_or(0, |state| state.seg.len()).to_string()),
            ("WebSocket clients", of(|info| info.ws.to_string())),
            ("Wi-Fi", of(|info| format!("{} %", info.wifi.signal))),
            ("change waiting", if self.wish.is_some() { "yes" } else { "no" }.to_owned()),
        ];
        told.extend(self.talk.diagnostics());
        told.extend(self.stream.diagnostics());
        told
    }
}

impl Node {
    fn response(&mut self, now: Moment, request: u32, status: u16, body: &[u8]) -> Result<(), Error> {
        let Some((asked, took)) = self.talk.response(now, request) else { return Ok(()) };
        if status == BUSY {
            self.talk.busy(now);
            self.tell_again();
            return Ok(());
        }
        self.reports.push(Report::Latency(took));
        match (asked, status) {
            (Asked::Effects, 200) => {
                let names = message::decode_effects(body)?;
                self.dialect.names = names.iter().map(|name| name.as_str().into()).collect();
                self.know_effects(now);
            }
            // A node without the list has no effects worth naming.
            (Asked::Effects, _) => self.know_effects(now),
            (Asked::All | Asked::Change, 200) => {
                if asked == Asked::Change {
                    self.flying = None;
                }
                self.hear(now, message::decode(body)?);
            }
            (Asked::All | Asked::Change, 401 | 403) => {
                return Err(Error::Refused {
                    why: "It wants a PIN. Unlock its settings, or take the PIN away.".to_owned(),
                });
            }
            (Asked::All | Asked::Change, _) => {
                return Err(wire::Error::Malformed { what: "response" }.into());
            }
        }
        Ok(())
    }

    fn know_effects(&mut self, now: Moment) {
        self.effects_of = self.info.as_ref().map_or_else(String::new, |info| info.ver.clone());
        self.introduce();
        self.report(now);
    }
}
