//! The driver of one device: what is known of it, and what is sent when.

use std::time::Duration;

use crate::drivers::lifx::about::About;
use crate::drivers::lifx::look::Look;
use crate::drivers::lifx::post::{PER_SECOND, Post};
use crate::drivers::lifx::stream::Stream;
use crate::drivers::light::{Said, Thing, Wish};
use crate::drivers::{Driver, Error, LocalId, Outputs, Report, Unsupported};
use crate::model::frame::Frame;
use crate::model::lights::Reported;
use crate::model::lights::state::State;
use crate::units::moment::Moment;
use crate::wire::lifx::message::Message;
use crate::wire::lifx::parts::Hsbk;
use crate::wire::lifx::{Mac, decode, encode, mac_text};
use crate::wire::{Channel, Input, Output};

/// The only thing of a device.
const LIGHT: &str = "light";
/// Polled this long after a change is done.
pub(super) const AFTER_CHANGE: Duration = Duration::from_millis(300);
/// A longer fade is asked about before it is over.
pub(super) const LONG_FADE: Duration = Duration::from_secs(10);

type Out = Outputs<Report<Thing, Said>>;

/// A device.
#[derive(Debug)]
pub(super) struct Lifx {
    pub(super) mac: Option<Mac>,
    is_open: bool,
    pub(super) about: About,
    pub(super) post: Post,
    pub(super) reports: Vec<Report<Thing, Said>>,
    pub(super) found: Option<Thing>,
    pub(super) is_settled: bool,
    /// What it said or acknowledged, and when; `None` when that is not known.
    pub(super) shown: Option<Look>,
    pub(super) shown_at: Option<Moment>,
    /// Colours of zones or cells as they come.
    pub(super) gathered: Vec<Option<Hsbk>>,
    pub(super) gathered_by: Option<u8>,
    /// The wish that was sent last, with what it became.
    pub(super) last: Option<(State, Look)>,
    pub(super) wanted: Option<(State, u32)>,
    pub(super) restore: Option<Look>,
    pub(super) stream: Option<Stream>,
    pub(super) wants_blink: bool,
    /// Until then what it says is on its way to something else.
    pub(super) busy_until: Moment,
    /// How long the last change takes, from when it arrives.
    pub(super) fade: Duration,
    pub(super) blink_ends: Option<(Moment, Look)>,
    pub(super) poll_at: Moment,
    pub(super) is_polling: bool,
    n_strangers: u64,
    pub(super) n_unhandled: u64,
    n_frames: u64,
    pub(super) lost: Option<String>,
}

impl Lifx {
    /// The device of this MAC, or the first that answers. `source` is 2 or more.
    pub(super) fn new(mac: Option<Mac>, source: u32) -> Self {
        Self {
            mac,
            is_open: false,
            about: About::default(),
            post: Post::new(source.max(2)),
            reports: Vec::new(),
            found: None,
            is_settled: false,
            shown: None,
            shown_at: None,
            gathered: Vec::new(),
            gathered_by: None,
            last: None,
            wanted: None,
            restore: None,
            stream: None,
            wants_blink: false,
            busy_until: Moment::ZERO,
            fade: Duration::ZERO,
            blink_ends: None,
            poll_at: Moment::ZERO,
            is_polling: false,
            n_strangers: 0,
            n_unhandled: 0,
            n_frames: 0,
            lost: None,
        }
    }

    pub(super) fn id() -> LocalId {
        LocalId(LIGHT.into())
    }

    fn start(&mut self) {
        self.is_open = true;
        self.about = About::default();
        (self.shown, self.shown_at, self.is_settled, self.is_polling) = (None, None, false, false);
        (self.lost, self.n_strangers) = (None, 0);
        if let Some(stream) = &mut self.stream {
            stream.restart();
        }
    }

    /// Says how it is: in the words of the wish that it became, if that is how it is.
    pub(super) fn report_state(&mut self) {
        let Some(look) = &self.shown else { return };
        let reported = match &self.last {
            Some((state, sent)) if sent.fill.is_like(&look.fill) => Reported {
                on: Some(look.on),
                brightness: Some(state.brightness),
                color: Some(state.color.clone()),
                effect: Some("".into()),
            },
            _ => look.reported(),
        };
        self.reports.push(Report::State(Self::id(), Said::Light(reported)));
    }

    /// Sends the newest frame, if there is one and its slot has come.
    fn stream(&mut self, now: Moment, out: &mut Out) {
        let (Some(stream), Some(body), true) = (&mut self.stream, &self.about.body, self.is_settled) else { return };
        let cost = body.n_packets() as f64;
        if !stream.is_due(now) || self.post.has_unsent() || self.post.bucket.ready_at(now, cost) > now {
            return;
        }
        if stream.is_unsent() && self.shown.as_ref().is_none_or(|look| !look.on) {
            self.post.change(self.mac, &Message::SetLightPower { level: u16::MAX, duration_ms: 0 });
        }
        if stream.mix(now, &self.about.mix(), body.n_pixels()) {
            let header = self.post.header(self.mac, false, false);
            let mut n_sent = 0.0;
            let duration_ms = (cost * 1000.0 / PER_SECOND) as u32;
            body.paint_each(&stream.colors, &stream.shown, duration_ms, &mut |message| {
                n_sent += 1.0;
                out.send(Channel::Udp, Output::Datagram { to: None }, |bytes| encode(&header, message, bytes));
            });
            self.post.bucket.take(now, n_sent);
            self.n_frames += 1;
            stream.sent(now);
        }
    }

    /// Ends streaming; it shows again what was wanted, or else what it showed.
    fn leave(&mut self) {
        if let Some(stream) = self.stream.take() {
            self.shown_at = None;
            self.restore = stream.end();
        }
    }

    fn wake_at(&mut self, now: Moment) -> Option<Moment> {
        let cost = self.about.body.as_ref().map_or(1.0, |body| body.n_packets() as f64);
        let slot = self.post.bucket.ready_at(now, cost);
        let frame_at = self.stream.as_ref().map(|stream| stream.due_at(now, slot));
        let frame_at = frame_at.filter(|_| self.is_settled && !self.post.has_unsent());
        let ends = self.stream.as_ref().map(Stream::ends_at);
        let poll_at = (self.is_settled && !self.is_polling).then_some(self.poll_at);
        let blink_ends = self.blink_ends.as_ref().map(|(at, _)| *at);
        [self.post.wake_at(now), frame_at, ends, poll_at, blink_ends].into_iter().flatten().min()
    }
}

impl Driver for Lifx {
    type Wish = Wish;
    type Report = Said;
    type Capabilities = Thing;
    type Frame = Frame;

    fn wish(&mut self, _: Moment, thing: &LocalId, wish: &Wish) -> Result<(), Unsupported> {
        if &*thing.0 != LIGHT {
            return Err(Unsupported);
        }
        match wish {
            Wish::State { state, transition_ms } => self.wanted = Some((state.clone(), *transition_ms)),
            Wish::Leave => self.leave(),
            Wish::Identify => self.wants_blink = self.stream.is_none(),
            Wish::PowerOn(_) => return Err(Unsupported),
        }
        Ok(())
    }

    fn frame(&mut self, now: Moment, thing: &LocalId, frame: &Frame) {
        if &*thing.0 != LIGHT {
            return;
        }
        let before = &self.shown;
        self.stream.get_or_insert_with(|| Stream::new(now, before.clone())).frame(now, frame);
    }

    fn receive(&mut self, now: Moment, _: Channel, input: Input<'_>) -> Result<(), Error> {
        match input {
            Input::Opened => self.start(),
            Input::Closed => {
                self.is_open = false;
                let was_changing = self.post.is_changing();
                self.post.clear();
                // What was not acknowledged is still wanted.
                if let (true, None, Some((state, _))) = (was_changing, &self.wanted, &self.last) {
                    self.wanted = Some((state.clone(), 0));
                }
            }
            Input::Datagram { bytes, .. } => {
                let packet = decode(bytes)?;
                if packet.header.source != self.post.source || packet.header.target == Mac::default() {
                    return Ok(());
                }
                if *self.mac.get_or_insert(packet.header.target) != packet.header.target {
                    self.n_strangers += 1;
                    return Ok(());
                }
                self.take(now, packet.header.sequence, &packet.message);
                self.polled(now);
            }
            _ => {}
        }
        Ok(())
    }

    fn poll(&mut self, now: Moment, out: &mut Out) {
        if self.is_open {
            if self.stream.as_ref().is_some_and(|stream| now >= stream.ends_at()) {
                self.leave();
            }
            self.inquire(now);
            self.fulfil(now);
            self.stream(now, out);
            while let Some(purpose) = self.post.pump(now, |bytes| {
                out.send(Channel::Udp, Output::Datagram { to: None }, |to| to.extend_from_slice(bytes));
            }) {
                self.given_up(purpose, "it does not answer");
                self.inquire(now);
            }
            self.polled(now);
            out.wake_at = self.wake_at(now);
        }
        out.reports.append(&mut self.reports);
        out.lost = self.lost.take();
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        let firmware = self.about.firmware.map_or_else(String::new, |(major, minor)| format!("{major}.{minor}"));
        vec![
            ("mac", self.mac.map(mac_text).unwrap_or_default()),
            ("product", self.about.version.map_or_else(String::new, |(vendor, id)| format!("{vendor}/{id}"))),
            ("firmware", firmware),
            ("body", self.about.body.as_ref().map_or_else(String::new, |body| format!("{body:?}"))),
            ("answers in", self.post.patience.mean().map_or_else(String::new, |mean| format!("{mean:.1?}"))),
            ("sent again", self.post.n_again.to_string()),
            ("not understood by it", self.n_unhandled.to_string()),
            ("packets of other devices", self.n_strangers.to_string()),
            ("frames", self.n_frames.to_string()),
        ]
    }
}
