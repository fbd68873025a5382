//! The driver of one device: what it knows of it, and what is due.

use std::net::SocketAddr;
use std::time::Duration;

use crate::drivers::light::{Said, Thing, Wish};
use crate::drivers::yeelight::about::{About, called};
use crate::drivers::yeelight::calls::{Calls, Errand};
use crate::drivers::yeelight::lamp::{Mix, encode_get_props};
use crate::drivers::yeelight::lamps::{LAMPS, Lamp, id_of};
use crate::drivers::yeelight::stream::{Music, Stream};
use crate::drivers::{Driver, Error, LocalId, Outputs, Report, Unsupported};
use crate::model::frame::Frame;
use crate::model::lights::capabilities::PowerOn;
use crate::units::moment::Moment;
use crate::wire::yeelight::{Lines, SEARCH};
use crate::wire::{Channel, Input, Output};

/// A device opens its connection within this, or it is not there.
const DIALS_WITHIN: Duration = Duration::from_millis(1800);
/// A device that was told to dial us does so within this.
pub(super) const MUSIC_WITHIN: Duration = Duration::from_secs(3);
/// Told again after this if it did not.
pub(super) const MUSIC_AGAIN: Duration = Duration::from_secs(20);
/// Asked for its properties after so long in silence.
const SILENCE: Duration = Duration::from_secs(30);
/// Searches for the device itself, each a second after the one before.
pub(super) const SEARCHES: u8 = 3;

pub(super) type Out = Outputs<Report<Thing, Said>>;

/// A device.
#[derive(Debug)]
pub(super) struct Yeelight {
    peer: SocketAddr,
    pub(super) about: About,
    pub(super) lamps: [Lamp; 2],
    pub(super) lines: Lines,
    pub(super) reports: Vec<Report<Thing, Said>>,
    opened: Option<Moment>,
    pub(super) is_tcp_open: bool,
    is_udp_open: bool,
    pub(super) listens_at: Option<SocketAddr>,
    pub(super) music: Music,
    /// It answered for its properties since it was opened.
    pub(super) is_known: bool,
    pub(super) is_identified: bool,
    pub(super) n_searches: u8,
    search_at: Moment,
    pub(super) calls: Calls,
    pub(super) heard: Moment,
    pub(super) wants_props: bool,
    pub(super) n_refused: u64,
    pub(super) n_frames: u64,
    pub(super) refusal: String,
    pub(super) lost: Option<String>,
}

impl Yeelight {
    /// The device at this address, of which this was said.
    pub(super) fn new(peer: SocketAddr, about: About) -> Self {
        Self {
            peer,
            about,
            lamps: Default::default(),
            lines: Lines::default(),
            reports: Vec::new(),
            opened: None,
            is_tcp_open: false,
            is_udp_open: false,
            listens_at: None,
            music: Music::Off { again_at: Moment::ZERO },
            is_known: false,
            is_identified: false,
            n_searches: 0,
            search_at: Moment::ZERO,
            calls: Calls::default(),
            heard: Moment::ZERO,
            wants_props: false,
            n_refused: 0,
            n_frames: 0,
            refusal: String::new(),
            lost: None,
        }
    }

    fn lamp(&mut self, thing: &LocalId) -> Option<&mut Lamp> {
        let at = LAMPS.iter().position(|name| *name == &*thing.0)?;
        self.lamps.get_mut(at).filter(|lamp| at == 0 || lamp.shown.is_there() || lamp.found.is_some())
    }

    /// What colours a lamp has.
    pub(super) fn mix(&self, lamp: usize) -> Mix {
        self.about.mix(lamp, self.lamps.get(lamp).map_or((false, false), |lamp| lamp.shown.mixes()))
    }

    /// It knows enough of itself: says what is new.
    fn settle(&mut self, now: Moment) {
        let has_waited = self.opened.is_some_and(|opened| now >= opened + MUSIC_WITHIN);
        if !self.is_known || (self.about.support.is_empty() && !has_waited) {
            return;
        }
        if let (false, Some(identity)) = (self.is_identified, &self.about.identity) {
            self.is_identified = true;
            let name = called(&self.about.name, &self.about.model, identity);
            let model = format!("Yeelight {} (firmware {})", self.about.model, self.about.firmware);
            self.reports.push(Report::Identity { identity: identity.clone(), name, model });
        }
        for lamp in 0..LAMPS.len() {
            let thing = self.about.thing(lamp, self.mix(lamp));
            let Some(known) = self.lamps.get_mut(lamp).filter(|known| known.shown.is_there()) else { continue };
            if known.found.as_ref() != Some(&thing) {
                self.reports.push(Report::Found(id_of(lamp), thing.clone()));
                known.found = Some(thing);
                known.said = None;
            }
            let is_busy = known.stream.is_some() || known.shown.is_stale() || self.calls.has_wish(lamp);
            let said = Said::Light(known.shown.reported(known.last.as_ref()));
            if !is_busy && known.said.as_ref() != Some(&said) {
                known.said = Some(said.clone());
                self.reports.push(Report::State(id_of(lamp), said));
            }
        }
    }

    fn search(&mut self, now: Moment, out: &mut Out) {
        if self.is_udp_open && self.n_searches < SEARCHES && now >= self.search_at {
            self.n_searches += 1;
            self.search_at = now + Duration::from_secs(1);
            out.send(Channel::Udp, Output::Datagram { to: None }, |bytes| bytes.extend_from_slice(SEARCH));
        }
    }

    fn lacks_props(&self) -> bool {
        let lacks = |lamp: &Lamp| lamp.shown.is_stale() && lamp.stream.is_none() && lamp.restore.is_none();
        !self.is_known || self.wants_props || self.lamps.iter().any(lacks)
    }

    fn inquire(&mut self, now: Moment, out: &mut Out) {
        let is_asked = self.calls.has_props();
        let is_due = self.lacks_props() || now >= self.heard + SILENCE;
        if self.is_tcp_open && is_due && !is_asked && self.calls.slot(now) <= now {
            self.wants_props = false;
            self.calls.send(now, Errand::Props, out, encode_get_props);
        }
    }

    fn wake_at(&mut self, now: Moment) -> Option<Moment> {
        let slot = self.calls.slot(now);
        let is_ready = self.is_tcp_open && self.is_known;
        let mut at = Vec::with_capacity(8);
        at.extend(self.calls.overdue_at());
        at.extend((self.is_udp_open && self.n_searches < SEARCHES).then_some(self.search_at));
        at.extend(self.opened.filter(|_| !self.is_tcp_open).map(|opened| opened + DIALS_WITHIN));
        at.extend(self.opened.map(|opened| opened + MUSIC_WITHIN).filter(|at| *at > now));
        let is_asked = self.calls.has_props();
        if self.is_tcp_open && !is_asked {
            at.push(if self.lacks_props() { slot } else { (self.heard + SILENCE).max(slot) });
        }
        match self.music {
            Music::Asked { at: asked } => at.push(asked + MUSIC_WITHIN),
            Music::Off { again_at } if self.is_streaming() && is_ready && self.listens_at.is_some() => {
                at.push(again_at.max(self.calls.quiet_until));
            }
            Music::Off { .. } | Music::On => {}
        }
        for (lamp, known) in self.lamps.iter().enumerate() {
            let is_busy = self.calls.has_wish(lamp);
            if let Some(stream) = &known.stream {
                let (ends, next) = (stream.ends_at(), stream.next_at(now));
                at.push(match self.music {
                    Music::On => next.min(ends),
                    Music::Off { .. } if is_ready && stream.is_new => next.max(slot).min(ends),
                    Music::Off { .. } | Music::Asked { .. } => ends,
                });
            } else if is_ready && !is_busy {
                let waits = known.wanted.is_some() || known.restore.is_some() || known.wants_blink;
                at.extend(waits.then_some(slot).or(known.dark_at.map(|at| at.max(slot))));
            }
        }
        at.into_iter().min()
    }
}

impl Driver for Yeelight {
    type Wish = Wish;
    type Report = Said;
    type Capabilities = Thing;
    type Frame = Frame;

    fn wish(&mut self, _: Moment, thing: &LocalId, wish: &Wish) -> Result<(), Unsupported> {
        let knows_default = self.about.knows("set_default", false);
        let lamp = self.lamp(thing).ok_or(Unsupported)?;
        match wish {
            Wish::State { state, transition_ms } => lamp.wanted = Some((state.clone(), *transition_ms)),
            Wish::Leave => lamp.leave(),
            Wish::Identify => lamp.wants_blink = lamp.stream.is_none(),
            Wish::PowerOn(PowerOn::On) if knows_default => lamp.wants_default = true,
            Wish::PowerOn(_) => return Err(Unsupported),
        }
        Ok(())
    }

    fn frame(&mut self, now: Moment, thing: &LocalId, frame: &Frame) {
        let (Some(lamp), Some(pixel)) = (self.lamp(thing), frame.pixels().first()) else { return };
        let before = lamp.shown.target();
        let stream = lamp.stream.get_or_insert_with(|| Stream::new(now, before, *pixel));
        (stream.heard, stream.is_new, stream.pixel) = (now, true, *pixel);
    }

    fn receive(&mut self, now: Moment, channel: Channel, input: Input<'_>) -> Result<(), Error> {
        match (channel, input) {
            (Channel::Listen, Input::Opened) => (self.opened, self.heard, self.lost) = (Some(now), now, None),
            (Channel::Tcp, Input::Opened) => {
                (self.is_tcp_open, self.is_known, self.heard) = (true, false, now);
                self.lamps.iter_mut().for_each(|lamp| lamp.said = None);
            }
            (Channel::Udp, Input::Opened) => (self.is_udp_open, self.n_searches, self.search_at) = (true, 0, now),
            (Channel::Udp, Input::Closed) => self.is_udp_open = false,
            (Channel::Tcp, Input::Closed) => {
                self.is_tcp_open = false;
                self.lines.clear();
                for errand in self.calls.drop_all() {
                    if let Errand::Wish(lamp, _) = errand {
                        self.lamps.get_mut(lamp).into_iter().for_each(Lamp::want_again);
                    }
                }
                if self.opened.is_some() && self.music != Music::On {
                    self.lost = Some("it closed the connection".to_owned());
                }
            }
            (Channel::Listen, Input::Closed) => {
                (self.opened, self.listens_at) = (None, None);
                self.music = Music::Off { again_at: Moment::ZERO };
            }
            (Channel::Listen, Input::Listening { at }) => self.listens_at = Some(at),
            (Channel::Listen, Input::Accepted { from })
                if from.ip().to_canonical() == self.peer.ip().to_canonical() && self.is_streaming() =>
            {
                self.music = Music::On;
            }
            (Channel::Listen, Input::Hung) if self.music == Music::On => {
                self.music = Music::Off { again_at: now + Duration::from_secs(2) };
                if !self.is_tcp_open {
                    self.lost = Some("it closed the connection".to_owned());
                }
            }
            (Channel::Tcp, Input::Bytes(bytes)) => return self.heard_lines(now, bytes),
            (Channel::Udp, Input::Datagram { bytes, .. }) => return self.introduced(bytes),
            _ => {}
        }
        Ok(())
    }

    fn poll(&mut self, now: Moment, out: &mut Out) {
        let Some(opened) = self.opened else { return };
        let silent = self.calls.overdue_at().is_some_and(|at| now >= at);
        if silent && self.music == Music::On {
            drop(self.calls.drop_all());
        } else if silent {
            self.lost = Some("it does not answer".to_owned());
        } else if !self.is_tcp_open && self.music != Music::On && now >= opened + DIALS_WITHIN {
            self.lost = Some("it does not take a connection; is \"LAN control\" on in its app?".to_owned());
        }
        self.search(now, out);
        self.tend_music(now, out);
        for lamp in 0..LAMPS.len() {
            self.stream(now, lamp, out);
            self.fulfil(now, lamp, out);
        }
        self.inquire(now, out);
        self.settle(now);
        out.reports.append(&mut self.reports);
        out.lost = self.lost.take();
        out.wake_at = self.wake_at(now);
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        vec![
            ("id", self.about.identity.clone().unwrap_or_default()),
            ("model", self.about.model.clone()),
            ("firmware", self.about.firmware.clone()),
            ("knows", self.about.support.clone()),
            ("answers in", self.calls.patience.mean().map_or_else(String::new, |mean| format!("{mean:.1?}"))),
            ("without answer", self.calls.n_pending().to_string()),
            ("refused", format!("{} {}", self.n_refused, self.refusal).trim_end().to_owned()),
            ("music mode", format!("{:?}", self.music)),
            ("frames", self.n_frames.to_string()),
        ]
    }
}
