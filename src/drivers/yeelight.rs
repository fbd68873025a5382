//! Yeelight bulbs, strips and ceiling lamps: one device, told over TCP; it says by itself what changes.
//!
//! ```text
//!  Tcp     ─ get_prop, set_… ─▶ device     60 commands a minute at most
//!          ◀─ results, props ─
//!  Listen  ◀───── dials ─────── device     after set_music: streamed to without limit, answers nothing
//!  Udp     ─── M-SEARCH ──────▶ device     which one it is, and what it knows
//! ```
//!
//! A device may drop its ordinary connection once it dialled us; the stream goes on, and the connection is opened again.
//!
//! Invariant: no more commands go out than a device bears; of two wishes that wait the newer is sent.

pub mod lamp;
pub mod models;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::drivers::light::{LightDriver, Said, Thing, Wish};
use crate::drivers::pace::{Bucket, Patience};
use crate::drivers::yeelight::lamp::{FLOW, Mix, Order, Shown, Target, encode_get_props, encode_music, props};
use crate::drivers::yeelight::models::{BACK_WHITES, whites};
use crate::drivers::{
    Claim, Dial, Driver, Error, Family, LocalId, Need, Opening, Outputs, Report, Search, Sighting, Unsupported, Wrong,
};
use crate::model::frame::Frame;
use crate::model::lights::capabilities::{Capabilities, PowerOn, Rates};
use crate::model::lights::state::State;
use crate::units::color::{Gamut, Linear, Mirek};
use crate::units::moment::Moment;
use crate::wire::yeelight::{Advert, Answer, Lines, PORT, SEARCH, SEARCH_PORT, decode_advert, decode_answer, identity};
use crate::wire::{Channel, Endpoint, Input, Output};

/// The family.
pub static FAMILY: Family<LightDriver> = Family {
    id: "yeelight",
    name: "Yeelight",
    about: "Bulbs, strips and ceiling lamps of Yeelight. Switch on \"LAN control\" for each of them in its app.",
    searches: &[
        Search::Ask { group: Some(GROUP), port: SEARCH_PORT, payload: SEARCH },
        Search::Hear { group: Some(GROUP), port: SEARCH_PORT },
    ],
    claim,
    address_hint: "192.168.1.40",
    fields: &[],
    open,
};

const GROUP: std::net::Ipv4Addr = std::net::Ipv4Addr::new(239, 255, 255, 250);
/// Commands at once, and a second: together never more than 60 in a minute.
const BURST: f64 = 20.0;
/// See [`BURST`].
const PER_SECOND: f64 = 0.65;
/// Frames a second in music mode.
const FRAMES_HZ: f32 = 20.0;
/// Between frames.
const FRAME: Duration = Duration::from_millis(50);
/// A frame fades in this long, ms.
const FRAME_FADE: u32 = 60;
/// A still picture is sent again after this.
const REPEAT: Duration = Duration::from_secs(1);
/// A stream without frames for so long is over.
const STREAM_ENDS: Duration = Duration::from_millis(2500);
/// A device opens its connection within this, or it is not there.
const DIALS_WITHIN: Duration = Duration::from_millis(1800);
/// A device that was told to dial us does so within this.
const MUSIC_WITHIN: Duration = Duration::from_secs(3);
/// Told again after this if it did not.
const MUSIC_AGAIN: Duration = Duration::from_secs(20);
/// Asked for its properties after so long in silence.
const SILENCE: Duration = Duration::from_secs(30);
/// Searches for the device itself, each a second after the one before.
const SEARCHES: u8 = 3;
/// How long it makes itself known.
const BLINK: Duration = Duration::from_millis(3200);
/// The local names of the lamps of a device.
const LAMPS: [&str; 2] = ["light", "background"];

fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let advert = decode_advert(seen.payload).ok()?;
    let identity = identity(advert.id)?;
    let Advert { location, id, model, support, name, .. } = advert;
    // Whoever announces a device has to be that device.
    if seen.from.is_some_and(|from| from.ip() != location.ip()) {
        return None;
    }
    let options = [("id", id), ("model", model), ("support", support)];
    Some(Claim {
        name: called(name, model, &identity),
        model: format!("Yeelight {model}").trim_end().to_owned(),
        identity: Some(identity),
        address: location.to_string(),
        options: options.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
    })
}

fn called(name: &str, model: &str, identity: &str) -> String {
    let tail = identity.get(identity.len().saturating_sub(6)..).unwrap_or(identity);
    if name.is_empty() { format!("Yeelight {model} {tail}").replace("  ", " ") } else { name.to_owned() }
}

fn open(dial: &Dial<'_>) -> Result<Opening<LightDriver>, Wrong> {
    let at = dial.socket(PORT)?;
    let about = About {
        identity: dial.option("id").and_then(identity),
        model: dial.option("model").unwrap_or_default().to_owned(),
        support: dial.option("support").unwrap_or_default().to_owned(),
        name: String::new(),
        firmware: String::new(),
    };
    let channels = vec![
        (Channel::Listen, Endpoint::Listen { peer: at }, Need::Must),
        (Channel::Tcp, Endpoint::Socket(at), Need::May),
        (Channel::Udp, Endpoint::Socket(SocketAddr::new(at.ip(), SEARCH_PORT)), Need::May),
    ];
    Ok(Opening { driver: Box::new(Yeelight::new(at, about)), channels })
}

/// What a device says it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct About {
    identity: Option<String>,
    model: String,
    /// The methods that it knows, with blanks between; empty if it did not say.
    support: String,
    name: String,
    firmware: String,
}

impl About {
    /// Whether it knows a method; if it never said what it knows, `guess`.
    fn knows(&self, method: &str, guess: bool) -> bool {
        if self.support.is_empty() { guess } else { self.support.split(' ').any(|known| known == method) }
    }
}

/// What a command was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errand {
    Props,
    Music,
    /// One of the orders for a wish of that lamp; `true` for the last of them.
    Wish(usize, bool),
    /// Anything else of a lamp.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Music {
    Off { again_at: Moment },
    Asked { at: Moment },
    On,
}

#[derive(Debug)]
struct Stream {
    before: Option<Target>,
    heard: Moment,
    sent: Option<Moment>,
    is_new: bool,
    pixel: Linear,
    shown: Option<Target>,
}

#[derive(Debug, Default)]
struct Lamp {
    shown: Shown,
    wanted: Option<(State, u32)>,
    restore: Option<Target>,
    /// What was sent last, with what it became.
    last: Option<(State, Target)>,
    stream: Option<Stream>,
    wants_blink: bool,
    dark_at: Option<Moment>,
    wants_default: bool,
    found: Option<Thing>,
    said: Option<Said>,
}

/// A device.
#[derive(Debug)]
struct Yeelight {
    peer: SocketAddr,
    about: About,
    lamps: [Lamp; 2],
    lines: Lines,
    reports: Vec<Report<Thing, Said>>,
    opened: Option<Moment>,
    is_tcp_open: bool,
    is_udp_open: bool,
    listens_at: Option<SocketAddr>,
    music: Music,
    /// It answered for its properties since it was opened.
    is_known: bool,
    is_identified: bool,
    n_searches: u8,
    search_at: Moment,
    bucket: Bucket,
    patience: Patience,
    /// Commands without answer yet.
    pending: VecDeque<(u32, Moment, Errand)>,
    next_id: u32,
    /// Nothing is sent before.
    quiet_until: Moment,
    n_quota: u32,
    heard: Moment,
    wants_props: bool,
    n_refused: u64,
    n_frames: u64,
    refusal: String,
    lost: Option<String>,
}

impl Yeelight {
    fn new(peer: SocketAddr, about: About) -> Self {
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
            bucket: Bucket::new(BURST, PER_SECOND),
            patience: Patience::new(Duration::from_secs(1)..=Duration::from_secs(3)),
            pending: VecDeque::new(),
            next_id: 1,
            quiet_until: Moment::ZERO,
            n_quota: 0,
            heard: Moment::ZERO,
            wants_props: false,
            n_refused: 0,
            n_frames: 0,
            refusal: String::new(),
            lost: None,
        }
    }

    fn id_of(lamp: usize) -> LocalId {
        LocalId(LAMPS.get(lamp).copied().unwrap_or_default().into())
    }

    fn lamp(&mut self, thing: &LocalId) -> Option<&mut Lamp> {
        let at = LAMPS.iter().position(|name| *name == &*thing.0)?;
        self.lamps.get_mut(at).filter(|lamp| at == 0 || lamp.shown.is_there() || lamp.found.is_some())
    }

    fn mix(&self, lamp: usize) -> Mix {
        let (rgb, ct) = self.lamps.get(lamp).map_or((false, false), |lamp| lamp.shown.mixes());
        let (color, white, range) = match lamp {
            0 => ("set_rgb", "set_ct_abx", whites(&self.about.model)),
            _ => ("bg_set_rgb", "bg_set_ct_abx", Some(BACK_WHITES)),
        };
        Mix { color: self.about.knows(color, rgb), kelvin: range.filter(|_| self.about.knows(white, ct)) }
    }

    fn thing(&self, lamp: usize) -> Thing {
        let mix = self.mix(lamp);
        let mirek = |kelvin: u16| Mirek::from_kelvin(f32::from(kelvin)).get();
        let identity = self.about.identity.as_deref().unwrap_or_default();
        let name = called(&self.about.name, &self.about.model, identity);
        let has_music = self.about.knows("set_music", true);
        let (flow, default) = if lamp == 0 { ("start_cf", "set_default") } else { ("bg_start_cf", "bg_set_default") };
        let power_on: &[PowerOn] = if self.about.knows(default, false) { &[PowerOn::On] } else { &[] };
        let capabilities = Capabilities {
            dimming: true,
            color: mix.color.then_some(Gamut::SRGB),
            mirek: mix.kelvin.map(|(warmest, coldest)| mirek(coldest)..=mirek(warmest)),
            segments: 0,
            pixels: u16::from(has_music),
            transition: true,
            effects: Arc::new([]),
            power_on: power_on.into(),
            identify: self.about.knows(flow, true),
            rates: Rates { changes_hz: 1.0, frames_hz: if has_music { FRAMES_HZ } else { 0.0 } },
        };
        Thing::Light {
            name: if lamp == 0 { name.trim().into() } else { format!("{} background", name.trim()).into() },
            model: format!("Yeelight {}", self.about.model).trim_end().into(),
            room: None,
            capabilities: Arc::new(capabilities),
        }
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
            let thing = self.thing(lamp);
            let Some(known) = self.lamps.get_mut(lamp).filter(|known| known.shown.is_there()) else { continue };
            if known.found.as_ref() != Some(&thing) {
                self.reports.push(Report::Found(Self::id_of(lamp), thing.clone()));
                known.found = Some(thing);
                known.said = None;
            }
            let is_busy = known.stream.is_some()
                || known.shown.is_stale()
                || self.pending.iter().any(|(_, _, errand)| is_wish(*errand, lamp));
            let said = Said::Light(known.shown.reported(known.last.as_ref()));
            if !is_busy && known.said.as_ref() != Some(&said) {
                known.said = Some(said.clone());
                self.reports.push(Report::State(Self::id_of(lamp), said));
            }
        }
    }

    fn introduced(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let advert = decode_advert(bytes)?;
        let identity = identity(advert.id);
        if self.about.identity.is_some() && self.about.identity != identity {
            self.lost = Some("another device has its address".to_owned());
            return Ok(());
        }
        self.n_searches = SEARCHES;
        self.is_identified &= self.about.firmware == advert.firmware;
        let name = if self.about.name.is_empty() { advert.name } else { &self.about.name };
        self.about = About {
            identity,
            model: advert.model.to_owned(),
            support: advert.support.to_owned(),
            name: name.to_owned(),
            firmware: advert.firmware.to_owned(),
        };
        Ok(())
    }

    fn heard_lines(&mut self, now: Moment, bytes: &[u8]) -> Result<(), Error> {
        self.heard = now;
        self.lines.push(bytes);
        let mut outcome = Ok(());
        loop {
            let answer = match self.lines.next_line() {
                Ok(None) => return outcome,
                Ok(Some(line)) => decode_answer(line),
                Err(wrong) => Err(wrong),
            };
            match answer {
                Ok(answer) => self.take(now, answer),
                Err(wrong) => outcome = Err(wrong.into()),
            }
        }
    }

    fn take(&mut self, now: Moment, answer: Answer) {
        match answer {
            Answer::Props(changed) => changed.iter().for_each(|(name, value)| self.take_prop(name, value)),
            Answer::Done(id, values) => {
                let Some(errand) = self.answered(now, id) else { return };
                self.n_quota = 0;
                match errand {
                    Errand::Props => {
                        props().zip(&values).for_each(|(name, value)| self.take_prop(name, value));
                        self.lamps.iter_mut().for_each(|lamp| lamp.shown.all_told());
                        self.is_known = true;
                    }
                    Errand::Wish(lamp, true) => self.confirmed(lamp),
                    Errand::Wish(_, false) | Errand::Music | Errand::Other => {}
                }
            }
            Answer::Failed(id, why) => {
                let errand = id.and_then(|id| self.answered(now, id));
                self.refused(now, errand, why);
            }
        }
    }

    fn take_prop(&mut self, name: &str, value: &str) {
        if name == "name" && !value.is_empty() {
            value.clone_into(&mut self.about.name);
        }
        for (lamp, known) in self.lamps.iter_mut().enumerate() {
            known.shown.take(lamp == 1, name, value);
        }
    }

    fn answered(&mut self, now: Moment, id: u32) -> Option<Errand> {
        let at = self.pending.iter().position(|(known, _, _)| *known == id)?;
        let (_, sent, errand) = self.pending.remove(at)?;
        self.patience.took(now.since(sent));
        if errand == Errand::Props {
            self.reports.extend(self.patience.mean().map(Report::Latency));
        }
        Some(errand)
    }

    fn confirmed(&mut self, lamp: usize) {
        let Some(known) = self.lamps.get_mut(lamp) else { return };
        if let Some((state, target)) = &known.last {
            let keeps_flow = known.shown.flows() && state.effect.as_deref() == Some(FLOW);
            if !keeps_flow {
                known.shown.become_target(target);
            }
            // An acknowledged wish is news even if it was known before.
            known.said = None;
        }
    }

    fn refused(&mut self, now: Moment, errand: Option<Errand>, why: String) {
        self.n_refused += 1;
        let was_too_much = why.contains("quota");
        self.refusal = why;
        if was_too_much {
            self.n_quota = (self.n_quota + 1).min(4);
            self.quiet_until = now + Duration::from_secs(5 << self.n_quota).min(Duration::from_secs(60));
            self.bucket.drain(now);
        }
        match errand {
            Some(Errand::Wish(lamp, _)) => {
                self.pending.retain(|(_, _, errand)| !is_wish(*errand, lamp));
                let again = self.lamps.get_mut(lamp).filter(|known| was_too_much && known.wanted.is_none());
                if let Some(known) = again {
                    known.wanted = known.last.as_ref().map(|(state, _)| (state.clone(), 0));
                }
                self.wants_props = true;
            }
            Some(Errand::Music) => self.music = Music::Off { again_at: now + MUSIC_AGAIN },
            Some(Errand::Props) => self.wants_props = true,
            Some(Errand::Other) | None => {}
        }
    }

    /// Sends a command on the ordinary connection.
    fn call(&mut self, now: Moment, errand: Errand, out: &mut Out, encode: impl FnOnce(u32, &mut Vec<u8>)) {
        let id = self.next_id;
        self.next_id = (self.next_id % 1_000_000) + 1;
        self.bucket.take(now, 1.0);
        self.pending.push_back((id, now, errand));
        out.send(Channel::Tcp, Output::Bytes, |bytes| encode(id, bytes));
    }

    /// When the next command may go out.
    fn slot(&mut self, now: Moment) -> Moment {
        self.bucket.ready_at(now, 1.0).max(self.quiet_until)
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
        let is_asked = self.pending.iter().any(|(_, _, errand)| *errand == Errand::Props);
        let is_due = self.lacks_props() || now >= self.heard + SILENCE;
        if self.is_tcp_open && is_due && !is_asked && self.slot(now) <= now {
            self.wants_props = false;
            self.call(now, Errand::Props, out, encode_get_props);
        }
    }

    fn fulfil(&mut self, now: Moment, lamp: usize, out: &mut Out) {
        let scene = if lamp == 0 { "set_scene" } else { "bg_set_scene" };
        let (mix, has_scene) = (self.mix(lamp), self.about.knows(scene, true));
        let slot = self.slot(now);
        let Some(known) = self.lamps.get_mut(lamp).filter(|known| known.stream.is_none()) else { return };
        let is_busy = self.pending.iter().any(|(_, _, errand)| is_wish(*errand, lamp));
        if !self.is_tcp_open || !self.is_known || is_busy || slot > now {
            return;
        }
        let orders = if let Some((state, ms)) = known.wanted.take() {
            let target = mix.target(&state);
            let keeps_flow = state.effect.as_deref() == Some(FLOW);
            known.last = Some((state, target));
            (known.restore, known.dark_at, known.said) = (None, None, None);
            known.shown.orders(&target, keeps_flow, ms, has_scene)
        } else {
            return self.extras(now, lamp, out);
        };
        let n_orders = orders.len();
        for (n, order) in orders.into_iter().enumerate() {
            self.call(now, Errand::Wish(lamp, n + 1 == n_orders), out, |id, bytes| order.encode(id, lamp == 1, bytes));
        }
        // Pauses grow as the bucket empties, so that it lasts for a slider that is dragged.
        let gap = match self.bucket.level(now) {
            12.0.. => 100,
            6.0.. => 300,
            _ => 1000,
        };
        if n_orders > 0 {
            self.quiet_until = self.quiet_until.max(now + Duration::from_millis(gap));
        }
    }

    /// What is no wish for a state: to go back to one, to make itself known, to keep what it shows for later.
    fn extras(&mut self, now: Moment, lamp: usize, out: &mut Out) {
        let Some(known) = self.lamps.get_mut(lamp) else { return };
        let is_on = known.shown.on() == Some(true);
        let order = if let Some(target) = known.restore.take() {
            if target.on { Order::Scene(target.tint, target.bright) } else { Order::Power(false, 0) }
        } else if known.dark_at.is_some_and(|at| now >= at) {
            known.dark_at = None;
            Order::Power(false, 0)
        } else if std::mem::take(&mut known.wants_blink) {
            known.dark_at = (!is_on).then_some(now + BLINK);
            Order::Blink(!is_on)
        } else if known.wants_default && is_on {
            known.wants_default = false;
            Order::Default
        } else {
            return;
        };
        self.call(now, Errand::Other, out, |id, bytes| order.encode(id, lamp == 1, bytes));
    }

    fn is_streaming(&self) -> bool {
        self.lamps.iter().any(|lamp| lamp.stream.is_some())
    }

    /// Begins and ends music mode.
    fn tend_music(&mut self, now: Moment, out: &mut Out) {
        if let Music::Asked { at } = self.music
            && now >= at + MUSIC_WITHIN
        {
            self.music = Music::Off { again_at: now + MUSIC_AGAIN };
        }
        match (self.is_streaming(), self.music, self.listens_at) {
            (true, Music::Off { again_at }, Some(here))
                if now >= again_at && self.is_tcp_open && self.is_known && now >= self.quiet_until =>
            {
                self.music = Music::Asked { at: now };
                self.call(now, Errand::Music, out, |id, bytes| encode_music(id, Some(here), bytes));
            }
            (false, Music::On | Music::Asked { .. }, _) => {
                self.music = Music::Off { again_at: Moment::ZERO };
                self.wants_props = true;
                if self.is_tcp_open {
                    self.call(now, Errand::Other, out, |id, bytes| encode_music(id, None, bytes));
                } else {
                    out.send(Channel::Listen, Output::Bytes, |bytes| encode_music(0, None, bytes));
                }
            }
            _ => {}
        }
    }

    /// Sends the newest frame of a lamp if its slot has come: to where the device dialled in, else as rarely as it bears.
    fn stream(&mut self, now: Moment, lamp: usize, out: &mut Out) {
        let (mix, slot, music) = (self.mix(lamp), self.slot(now), self.music);
        let (is_tcp_open, id) = (self.is_tcp_open && self.is_known, self.next_id);
        let Some(known) = self.lamps.get_mut(lamp) else { return };
        let Some(stream) = &mut known.stream else { return };
        if now >= stream.heard + STREAM_ENDS {
            return known.leave();
        }
        let is_due = stream.is_new || stream.sent.is_none_or(|sent| now >= sent + REPEAT);
        let may = match music {
            Music::On => stream.sent.is_none_or(|sent| now >= sent + FRAME),
            Music::Off { .. } => is_tcp_open && slot <= now,
            Music::Asked { .. } => false,
        };
        if !is_due || !may {
            return;
        }
        let target = mix.pixel(stream.pixel);
        let is_stale = stream.sent.is_none_or(|sent| now >= sent + REPEAT);
        stream.is_new = false;
        if stream.shown == Some(target) && !(is_stale && music == Music::On) {
            return;
        }
        let before = stream.shown.replace(target).filter(|_| !is_stale);
        stream.sent = Some(now);
        self.n_frames += 1;
        let orders = frame_orders(before, &target);
        if music == Music::On {
            out.send(Channel::Listen, Output::Frame, |bytes| {
                orders.into_iter().flatten().for_each(|order| order.encode(id, lamp == 1, bytes));
            });
        } else {
            let scene = if target.on { Order::Scene(target.tint, target.bright) } else { Order::Power(false, 0) };
            self.call(now, Errand::Other, out, |id, bytes| scene.encode(id, lamp == 1, bytes));
        }
    }

    fn wake_at(&mut self, now: Moment) -> Option<Moment> {
        let slot = self.slot(now);
        let is_ready = self.is_tcp_open && self.is_known;
        let mut at = Vec::with_capacity(8);
        at.extend(self.pending.front().map(|(_, sent, _)| *sent + self.patience.wait()));
        at.extend((self.is_udp_open && self.n_searches < SEARCHES).then_some(self.search_at));
        at.extend(self.opened.filter(|_| !self.is_tcp_open).map(|opened| opened + DIALS_WITHIN));
        at.extend(self.opened.map(|opened| opened + MUSIC_WITHIN).filter(|at| *at > now));
        let is_asked = self.pending.iter().any(|(_, _, errand)| *errand == Errand::Props);
        if self.is_tcp_open && !is_asked {
            at.push(if self.lacks_props() { slot } else { (self.heard + SILENCE).max(slot) });
        }
        match self.music {
            Music::Asked { at: asked } => at.push(asked + MUSIC_WITHIN),
            Music::Off { again_at } if self.is_streaming() && is_ready && self.listens_at.is_some() => {
                at.push(again_at.max(self.quiet_until));
            }
            Music::Off { .. } | Music::On => {}
        }
        for (lamp, known) in self.lamps.iter().enumerate() {
            let is_busy = self.pending.iter().any(|(_, _, errand)| is_wish(*errand, lamp));
            if let Some(stream) = &known.stream {
                let ends = stream.heard + STREAM_ENDS;
                let next = stream.sent.map_or(now, |sent| sent + if stream.is_new { FRAME } else { REPEAT });
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

type Out = Outputs<Report<Thing, Said>>;

fn is_wish(errand: Errand, lamp: usize) -> bool {
    matches!(errand, Errand::Wish(of, _) if of == lamp)
}

/// The orders from one frame to the next. What is off goes on as a scene, the only order that it takes.
fn frame_orders(before: Option<Target>, target: &Target) -> [Option<Order>; 2] {
    match before {
        _ if !target.on => [Some(Order::Power(false, 0)), None],
        Some(before) if before.on => {
            let tint = target.tint.filter(|_| before.tint != target.tint);
            let bright = (before.bright != target.bright).then_some(Order::Bright(target.bright, FRAME_FADE));
            [tint.map(|tint| Order::Tint(tint, FRAME_FADE)), bright]
        }
        _ => [Some(Order::Scene(target.tint, target.bright)), None],
    }
}

impl Lamp {
    /// Ends streaming; it shows again what was wanted, or else what it showed.
    fn leave(&mut self) {
        if let Some(stream) = self.stream.take().filter(|stream| stream.sent.is_some()) {
            self.restore = stream.before;
            self.said = None;
            self.shown.forget();
        }
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
        let fresh = || Stream { before, heard: now, sent: None, is_new: true, pixel: *pixel, shown: None };
        let stream = lamp.stream.get_or_insert_with(fresh);
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
                for (_, _, errand) in std::mem::take(&mut self.pending) {
                    if let Errand::Wish(lamp, _) = errand
                        && let Some(known) = self.lamps.get_mut(lamp)
                        && known.wanted.is_none()
                    {
                        known.wanted = known.last.as_ref().map(|(state, _)| (state.clone(), 0));
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
        let silent = self.pending.front().is_some_and(|(_, sent, _)| now >= *sent + self.patience.wait());
        if silent && self.music == Music::On {
            self.pending.clear();
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
            ("answers in", self.patience.mean().map_or_else(String::new, |mean| format!("{mean:.1?}"))),
            ("without answer", self.pending.len().to_string()),
            ("refused", format!("{} {}", self.n_refused, self.refusal).trim_end().to_owned()),
            ("music mode", format!("{:?}", self.music)),
            ("frames", self.n_frames.to_string()),
        ]
    }
}
