//! LIFX bulbs, strips and tiles: one device, polled and told over UDP.
//!
//! ```text
//! open ─▶ version, firmware, light, group ─▶ zones or tiles ─▶ found ─▶ polled every 5 to 10 s and after changes
//! ```
//!
//! Changes are acknowledged, and sent again if not; frames are not. A change of power goes beside the colour: a light
//! that is off gets its colour first, unseen, and fades in.
//!
//! Invariant: only packets from the device's own MAC count; a device that answers no third try is lost.

pub mod body;
pub mod color;
pub mod post;
pub mod products;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::drivers::lifx::body::{Body, Fill};
use crate::drivers::lifx::color::{Mix, said, said_brightness, said_xy, spread};
use crate::drivers::lifx::post::{Ask, PER_SECOND, Post, Purpose};
use crate::drivers::lifx::products::{Product, Shape, find};
use crate::drivers::light::{LightDriver, Said, Thing, Wish};
use crate::drivers::{
    Claim, Dial, Driver, Error, Family, LocalId, Need, Opening, Outputs, Report, Search, Sighting, Unsupported, Wrong,
};
use crate::model::frame::Frame;
use crate::model::lights::Reported;
use crate::model::lights::capabilities::{Capabilities, Rates};
use crate::model::lights::state::{Color, MAX_POINTS, State};
use crate::units::color::{Gamut, Linear, Mirek};
use crate::units::moment::Moment;
use crate::wire::lifx::message::{Message, Waveform};
use crate::wire::lifx::{DISCOVER, Hsbk, Mac, PORT, decode, encode, mac_of, mac_text};
use crate::wire::{Channel, Endpoint, Input, Output};

/// The family.
pub static FAMILY: Family<LightDriver> = Family {
    id: "lifx",
    name: "LIFX",
    about: "Bulbs, strips and tiles of LIFX, told over your own network. Nothing has to be set up in its app.",
    searches: &[Search::Ask { group: None, port: PORT, payload: DISCOVER }],
    claim,
    address_hint: "192.168.1.40",
    fields: &[],
    open,
};

/// The only thing of a device.
const LIGHT: &str = "light";
/// The vendor of the table of products.
const VENDOR: u32 = 1;
/// What a device said or acknowledged is believed for so long; after that a wish is sent even if it seems fulfilled.
const FRESH: Duration = Duration::from_secs(2);
/// Polled this long after a change is done.
const AFTER_CHANGE: Duration = Duration::from_millis(300);
/// A longer fade is asked about before it is over.
const LONG_FADE: Duration = Duration::from_secs(10);
/// A stream without frames for so long is over.
const STREAM_ENDS: Duration = Duration::from_millis(2500);
/// A still picture is sent again after this.
const REPEAT: Duration = Duration::from_secs(1);
/// How long it makes itself known.
const BLINK: Duration = Duration::from_millis(3000);

fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let from = seen.from?;
    let packet = decode(seen.payload).ok()?;
    let Message::StateService { service: 1, port } = packet.message else { return None };
    let identity = mac_text(packet.header.target);
    let port = u16::try_from(port).ok().filter(|port| *port != 0).unwrap_or(from.port());
    let tail = identity.get(6..).unwrap_or_default().to_owned();
    (packet.header.target != Mac::default()).then(|| Claim {
        name: format!("LIFX {tail}"),
        model: "LIFX".to_owned(),
        address: SocketAddr::new(from.ip(), port).to_string(),
        options: vec![("mac".to_owned(), identity.clone())],
        identity: Some(identity),
    })
}

fn open(dial: &Dial<'_>) -> Result<Opening<LightDriver>, Wrong> {
    let at = dial.socket(PORT)?;
    let driver = Lifx::new(dial.option("mac").and_then(mac_of), fastrand::u32(2..));
    Ok(Opening { driver: Box::new(driver), channels: vec![(Channel::Udp, Endpoint::Socket(at), Need::Must)] })
}

/// How a device is, all of it.
#[derive(Clone, Debug, PartialEq)]
struct Look {
    on: bool,
    fill: Fill,
}

/// What a device told of itself since it was opened.
#[derive(Debug, Default)]
struct About {
    version: Option<(u32, u32)>,
    firmware: Option<(u16, u16)>,
    label: Option<Arc<str>>,
    room: Option<Option<Arc<str>>>,
    /// How many of [`trials`](About::trials) are behind us.
    n_tried: usize,
    body: Option<Body>,
}

#[derive(Debug)]
struct Stream {
    before: Option<Look>,
    heard: Moment,
    sent: Option<Moment>,
    is_new: bool,
    pixels: Vec<Linear>,
    /// Scratch, and what was sent last.
    colors: Vec<Hsbk>,
    shown: Vec<Hsbk>,
}

/// A device.
#[derive(Debug)]
pub struct Lifx {
    mac: Option<Mac>,
    is_open: bool,
    about: About,
    post: Post,
    reports: Vec<Report<Thing, Said>>,
    found: Option<Thing>,
    is_settled: bool,
    /// What it said or acknowledged, and when; `None` when that is not known.
    shown: Option<Look>,
    shown_at: Option<Moment>,
    /// Colours of zones or cells as they come.
    gathered: Vec<Option<Hsbk>>,
    gathered_by: Option<u8>,
    /// The wish that was sent last, with what it became.
    last: Option<(State, Look)>,
    wanted: Option<(State, u32)>,
    restore: Option<Look>,
    stream: Option<Stream>,
    wants_blink: bool,
    /// Until then what it says is on its way to something else.
    busy_until: Moment,
    /// How long the last change takes, from when it arrives.
    fade: Duration,
    blink_ends: Option<(Moment, Look)>,
    poll_at: Moment,
    is_polling: bool,
    n_strangers: u64,
    n_unhandled: u64,
    n_frames: u64,
    lost: Option<String>,
}

impl About {
    fn product(&self) -> Option<&'static Product> {
        self.version.filter(|(vendor, _)| *vendor == VENDOR).and_then(|(_, product)| find(product))
    }

    /// What is asked, one after the other until one is answered, to know what it is made of.
    fn trials(&self) -> &'static [Ask] {
        match self.product().map(|product| product.shape) {
            Some(Shape::Bulb) => &[],
            Some(Shape::Matrix) => &[Ask::Chain],
            Some(Shape::Strip { extended_from: Some(from) }) if self.firmware >= Some(from) => {
                &[Ask::ExtendedZones, Ask::Zones]
            }
            Some(Shape::Strip { .. }) => &[Ask::Zones],
            None => &[Ask::ExtendedZones, Ask::Zones, Ask::Chain],
        }
    }

    fn mix(&self) -> Mix {
        let product = self.product();
        Mix {
            color: product.is_none_or(|product| product.color),
            kelvin: product.map_or(2500..=9000, |product| product.warmest..=product.coldest),
        }
    }

    fn model(&self) -> String {
        match (self.product(), self.version) {
            (Some(product), _) => product.name.to_owned(),
            (None, Some((VENDOR, product))) => format!("LIFX product {product}"),
            (None, version) => format!("LIFX product {:?}", version.unwrap_or_default()),
        }
    }

    fn thing(&self, body: &Body) -> Thing {
        let mix = self.mix();
        let whites = mix.kelvin.start() < mix.kelvin.end();
        let mirek = |kelvin: u16| Mirek::from_kelvin(f32::from(kelvin)).get();
        let frames_hz = (PER_SECOND / body.n_packets().max(1) as f64) as f32;
        let segments = if let Body::Strip { n_zones, .. } = body { (*n_zones).min(MAX_POINTS) } else { 0 };
        let capabilities = Capabilities {
            dimming: true,
            color: mix.color.then_some(Gamut::SRGB),
            mirek: whites.then(|| mirek(*mix.kelvin.end())..=mirek(*mix.kelvin.start())),
            segments: segments as u16,
            pixels: body.n_pixels() as u16,
            transition: true,
            effects: Arc::new([]),
            power_on: Arc::new([]),
            identify: true,
            rates: Rates { changes_hz: PER_SECOND as f32 / 2.0, frames_hz },
        };
        Thing::Light {
            name: self.label.clone().unwrap_or_default(),
            model: self.model().into(),
            room: self.room.clone().flatten(),
            capabilities: Arc::new(capabilities),
        }
    }
}

impl Lifx {
    /// The device of this MAC, or the first that answers. `source` is 2 or more.
    #[must_use]
    pub fn new(mac: Option<Mac>, source: u32) -> Self {
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

    fn id() -> LocalId {
        LocalId(LIGHT.into())
    }

    fn start(&mut self) {
        self.is_open = true;
        self.about = About::default();
        (self.shown, self.shown_at, self.is_settled, self.is_polling) = (None, None, false, false);
        (self.lost, self.n_strangers) = (None, 0);
        if let Some(stream) = &mut self.stream {
            (stream.is_new, stream.sent) = (true, None);
        }
    }

    /// Asks what it does not know yet, and what it polls.
    fn inquire(&mut self, now: Moment) {
        let about = &self.about;
        let wants = [
            (about.version.is_none(), Ask::Version),
            (about.firmware.is_none(), Ask::Firmware),
            (about.label.is_none(), Ask::Light),
            (about.room.is_none(), Ask::Group),
        ];
        for (_, ask) in wants.into_iter().filter(|(is_missing, _)| *is_missing) {
            self.post.ask(self.mac, ask);
        }
        if self.about.version.is_some() && self.about.firmware.is_some() && self.about.body.is_none() {
            match self.about.trials().get(self.about.n_tried) {
                Some(ask) => self.post.ask(self.mac, *ask),
                None => self.embody(Body::Bulb),
            }
        }
        self.settle(now);
        if self.is_settled && now >= self.poll_at && !self.is_polling {
            self.is_polling = true;
            self.post.ask(self.mac, Ask::Light);
            if self.stream.is_none() {
                self.ask_pixels();
            }
        }
    }

    fn ask_pixels(&mut self) {
        let Self { about, post, mac, .. } = self;
        match &about.body {
            Some(Body::Strip { extended: true, .. }) => post.ask(*mac, Ask::ExtendedZones),
            Some(Body::Strip { extended: false, .. }) => post.ask(*mac, Ask::Zones),
            Some(body @ Body::Matrix(_)) => body.reads().for_each(|area| post.ask(*mac, Ask::Cells(area))),
            Some(Body::Bulb) | None => {}
        }
    }

    fn embody(&mut self, body: Body) {
        if self.about.body.is_none() {
            self.gathered.resize(body.n_pixels(), None);
            self.about.body = Some(body);
            self.ask_pixels_of_a_matrix();
        }
    }

    /// A strip's first answer tells its colours; a chain's does not.
    fn ask_pixels_of_a_matrix(&mut self) {
        if matches!(self.about.body, Some(Body::Matrix(_))) {
            self.ask_pixels();
        }
    }

    /// All is known: says so once, and how it is.
    fn settle(&mut self, now: Moment) {
        let About { version: Some(_), firmware: Some(_), label: Some(label), room: Some(_), body: Some(body), .. } =
            &self.about
        else {
            return;
        };
        if self.is_settled || self.post.is_asking() {
            return;
        }
        self.is_settled = true;
        if let Some(mac) = self.mac {
            let (name, model) = (label.to_string(), self.about.model());
            self.reports.push(Report::Identity { identity: mac_text(mac), name, model });
        }
        let thing = self.about.thing(body);
        if self.found.as_ref() != Some(&thing) {
            self.reports.push(Report::Found(Self::id(), thing.clone()));
            self.found = Some(thing);
        }
        self.report_state();
        self.poll_at = now + self.pause();
    }

    /// Between polls: 5 to 10 s, each device its own.
    fn pause(&self) -> Duration {
        let last = self.mac.map_or(0, |[.., last]| last);
        Duration::from_millis(5000 + u64::from(last) * 19)
    }

    fn report_state(&mut self) {
        let Some(look) = &self.shown else { return };
        let reported = match &self.last {
            Some((state, sent)) if sent.fill.is_like(&look.fill) => Reported {
                on: Some(look.on),
                brightness: Some(state.brightness),
                color: Some(state.color.clone()),
                effect: Some("".into()),
            },
            _ => reported(look),
        };
        self.reports.push(Report::State(Self::id(), Said::Light(reported)));
    }

    fn polled(&mut self, now: Moment) {
        if !self.is_polling || self.post.is_asking() {
            return;
        }
        self.is_polling = false;
        self.poll_at = now + self.pause();
        let is_quiet = self.stream.is_none() && !self.post.is_changing() && now >= self.busy_until;
        if is_quiet {
            self.report_state();
        }
        self.reports.extend(self.post.patience.mean().map(Report::Latency));
        if let (Some(body), true) = (&self.about.body, self.is_settled) {
            let thing = self.about.thing(body);
            if self.found.as_ref() != Some(&thing) {
                self.reports.push(Report::Found(Self::id(), thing.clone()));
                self.found = Some(thing);
            }
        }
    }

    fn take(&mut self, now: Moment, sequence: u8, message: &Message<'_>) {
        let purpose = self.post.purpose(sequence);
        match *message {
            Message::Acknowledgement => self.acknowledged(now, sequence, purpose),
            Message::StateVersion { vendor, product } => {
                self.about.version = Some((vendor, product));
                self.answered(now, sequence, purpose, Ask::Version);
            }
            Message::StateHostFirmware { minor, major, .. } => {
                self.about.firmware = Some((major, minor));
                self.answered(now, sequence, purpose, Ask::Firmware);
            }
            Message::StateGroup { label, .. } => {
                self.about.room = Some(Some(label.text()).filter(|text| !text.is_empty()).map(Into::into));
                self.answered(now, sequence, purpose, Ask::Group);
            }
            Message::LightState { color, power, label } => {
                self.about.label = Some(label.text().into());
                // In the middle of a fade it says something that is over at once.
                if self.post.is_changing() || self.stream.is_some() || now < self.busy_until {
                    self.answered(now, sequence, purpose, Ask::Light);
                    return;
                }
                let each = self.shown.take().map(|look| look.fill).filter(|fill| matches!(fill, Fill::Each(_)));
                let fill = each.filter(|_| self.about.body != Some(Body::Bulb)).unwrap_or(Fill::One(color));
                self.shown = Some(Look { on: power > 0, fill });
                self.shown_at = Some(now);
                self.answered(now, sequence, purpose, Ask::Light);
            }
            Message::StateUnhandled { .. } => self.unhandled(now, sequence, purpose),
            Message::StateZone { count, index, color } => {
                self.gather_zones(now, sequence, usize::from(count), false, usize::from(index), [color].into_iter());
            }
            Message::StateMultiZone { count, index, colors } => {
                self.gather_zones(now, sequence, usize::from(count), false, usize::from(index), colors.iter());
            }
            Message::StateExtendedColorZones { zones, index, colors } => {
                self.gather_zones(now, sequence, usize::from(zones), true, usize::from(index), colors.iter());
            }
            Message::StateDeviceChain { tiles, .. } => {
                let body = Body::matrix(tiles.iter().map(|tile| (tile.width, tile.height)));
                self.answered(now, sequence, purpose, Ask::Chain);
                self.embody(body.unwrap_or(Body::Bulb));
            }
            Message::State64 { tile, y, colors, .. } => self.gather_cells(now, sequence, tile, y, colors.iter()),
            _ => {}
        }
    }

    fn answered(&mut self, now: Moment, sequence: u8, purpose: Option<Purpose>, ask: Ask) {
        if purpose == Some(Purpose::Ask(ask)) {
            self.post.done(now, sequence);
        }
    }

    fn acknowledged(&mut self, now: Moment, sequence: u8, purpose: Option<Purpose>) {
        if purpose != Some(Purpose::Change) {
            return;
        }
        self.post.done(now, sequence);
        if !self.post.is_changing() && self.stream.is_none() {
            // What was paced, or sent again, begins later than it was wished.
            self.busy_until = self.busy_until.max(now + self.fade);
            self.poll_at = now + self.fade.min(LONG_FADE) + AFTER_CHANGE;
            self.shown_at = Some(now);
            if self.wanted.is_none() {
                self.report_state();
            }
        }
    }

    fn unhandled(&mut self, now: Moment, sequence: u8, purpose: Option<Purpose>) {
        self.n_unhandled += 1;
        let Some(purpose) = purpose else { return };
        self.post.done(now, sequence);
        if purpose != Purpose::Change {
            self.given_up(purpose, "it does not know what it is asked");
        }
    }

    fn gather_zones(
        &mut self,
        now: Moment,
        sequence: u8,
        count: usize,
        extended: bool,
        index: usize,
        colors: impl Iterator<Item = Hsbk>,
    ) {
        let Some(Purpose::Ask(Ask::Zones | Ask::ExtendedZones)) = self.post.purpose(sequence) else { return };
        if count == 0 || count > crate::model::frame::MAX_PIXELS {
            return;
        }
        self.embody(Body::Strip { n_zones: count, extended });
        if !matches!(&self.about.body, Some(Body::Strip { n_zones, .. }) if *n_zones == count) {
            return;
        }
        if self.gathered_by.replace(sequence) != Some(sequence) {
            self.gathered.fill(None);
        }
        self.gathered.iter_mut().skip(index).zip(colors).for_each(|(to, color)| *to = Some(color));
        if self.gathered.iter().all(Option::is_some) {
            self.post.done(now, sequence);
            self.gathered_all(now);
        }
    }

    fn gather_cells(&mut self, now: Moment, sequence: u8, tile: u8, y: u8, colors: impl Iterator<Item = Hsbk>) {
        let Some(Purpose::Ask(Ask::Cells(area))) = self.post.purpose(sequence) else { return };
        if (area.tile, area.y) != (tile, y) {
            return;
        }
        let place = self.about.body.as_ref().and_then(|body| body.place(tile, y));
        if let Some(cells) = place.and_then(|place| self.gathered.get_mut(place)) {
            cells.iter_mut().zip(colors).for_each(|(to, color)| *to = Some(color));
        }
        self.post.done(now, sequence);
        self.gathered_all(now);
    }

    fn gathered_all(&mut self, now: Moment) {
        let colors: Option<Vec<Hsbk>> = self.gathered.iter().copied().collect();
        let is_busy = self.post.is_changing() || now < self.busy_until;
        let (Some(colors), false, None) = (colors, is_busy, &self.stream) else { return };
        let fill = match colors.first() {
            Some(first) if colors.iter().all(|color| color == first) => Fill::One(*first),
            _ => Fill::Each(colors),
        };
        let on = self.shown.as_ref().is_none_or(|look| look.on);
        (self.shown, self.shown_at) = (Some(Look { on, fill }), Some(now));
    }

    /// What was not answered, or not understood.
    fn given_up(&mut self, purpose: Purpose, why: &str) {
        match purpose {
            Purpose::Ask(ask) if self.about.body.is_none() && self.about.trials().contains(&ask) => {
                self.about.n_tried += 1;
            }
            Purpose::Ask(Ask::Group) => self.about.room = Some(None),
            Purpose::Ask(Ask::Firmware) => self.about.firmware = Some((0, 0)),
            Purpose::Ask(Ask::Cells(_)) => {}
            Purpose::Ask(_) | Purpose::Change => self.lost = Some(why.to_owned()),
        }
    }

    /// What a state becomes on this device.
    fn look(&self, state: &State) -> Look {
        let mix = self.about.mix();
        let n_zones = if let Some(Body::Strip { n_zones, .. }) = self.about.body { n_zones } else { 0 };
        let fill = match &state.color {
            Color::Gradient(points) if n_zones > 0 && points.len() > 1 => {
                let mut zones = Vec::with_capacity(n_zones);
                spread(points, n_zones, |xy| zones.push(mix.xy(xy, state.brightness)));
                Fill::Each(zones)
            }
            color => Fill::One(mix.color(color, state.brightness)),
        };
        Look { on: state.on, fill }
    }

    /// Sends what is different from what the device is known to show; says so if nothing is.
    fn show(&mut self, now: Moment, mut look: Look, duration_ms: u32) {
        self.post.drop_changes();
        let Self { about, post, mac, shown, shown_at, .. } = self;
        let is_fresh = shown_at.is_some_and(|at| now.since(at) <= FRESH);
        let known = shown.as_ref().filter(|_| is_fresh);
        let is_dark = shown.as_ref().is_some_and(|known| !known.on);
        let has_power = known.is_some_and(|known| known.on == look.on);
        let has_fill = known.is_some_and(|known| known.fill.is_same(&look.fill));
        if (look.on || is_dark) && !has_fill {
            if let (Fill::One(to), Some(Fill::One(from))) = (&mut look.fill, shown.as_ref().map(|shown| &shown.fill)) {
                // A white keeps the hue it comes from, or the fade would run through other colours.
                if to.saturation == 0 {
                    to.hue = from.hue;
                }
            }
            let duration_ms = if is_dark { 0 } else { duration_ms };
            let body = about.body.as_ref().unwrap_or(&Body::Bulb);
            body.paint(&look.fill, duration_ms, &mut |message| post.change(*mac, message));
        } else if !look.on && !has_fill {
            // It fades out as it is; its next colour comes when it is on again.
            look.fill = shown.as_ref().map_or(look.fill, |shown| shown.fill.clone());
        }
        if !has_power {
            let level = if look.on { u16::MAX } else { 0 };
            post.change(*mac, &Message::SetLightPower { level, duration_ms });
        }
        if !self.post.is_changing() {
            return self.report_state();
        }
        let over = Duration::from_millis(u64::from(duration_ms));
        (self.busy_until, self.fade) = (now + over, over);
        self.poll_at = self.poll_at.min(now + over.min(LONG_FADE) + AFTER_CHANGE);
        (self.shown, self.shown_at) = (Some(look), None);
    }

    fn fulfil(&mut self, now: Moment) {
        if !self.is_settled || self.stream.is_some() || self.post.has_unsent() {
            return;
        }
        if self.blink_ends.as_ref().is_some_and(|(at, _)| now >= *at) {
            let before = self.blink_ends.take().map(|(_, look)| look);
            self.restore = self.restore.take().or(before);
        }
        if let Some((state, transition_ms)) = self.wanted.take() {
            let look = self.look(&state);
            (self.restore, self.blink_ends) = (None, None);
            self.last = Some((state, look.clone()));
            self.show(now, look, transition_ms);
        } else if let Some(look) = self.restore.take() {
            self.shown_at = None;
            self.show(now, look, 0);
        }
        if std::mem::take(&mut self.wants_blink) {
            self.blink(now);
        }
    }

    /// Swings its brightness; what is off goes on for it, and off again.
    fn blink(&mut self, now: Moment) {
        let Some(look) = self.shown.clone() else { return };
        let mut color = match &look.fill {
            Fill::One(color) => *color,
            Fill::Each(colors) => colors.first().copied().unwrap_or_default(),
        };
        color.brightness = if color.brightness > u16::MAX / 2 { u16::MAX / 20 } else { u16::MAX };
        let waveform = Waveform { transient: true, color, period_ms: 700, cycles: 4.0, skew: 0, shape: 4 };
        if !look.on {
            self.post.change(self.mac, &Message::SetLightPower { level: u16::MAX, duration_ms: 0 });
            self.blink_ends = Some((now + BLINK, look));
        }
        self.post.change(self.mac, &Message::SetWaveform(waveform));
        self.busy_until = self.busy_until.max(now + BLINK);
    }

    /// Sends the newest frame, if there is one and its slot has come.
    fn stream(&mut self, now: Moment, out: &mut Outputs<Report<Thing, Said>>) {
        let (Some(stream), Some(body), true) = (&mut self.stream, &self.about.body, self.is_settled) else { return };
        let is_due = stream.is_new || stream.sent.is_none_or(|sent| now >= sent + REPEAT);
        let cost = body.n_packets() as f64;
        if !is_due || self.post.has_unsent() || self.post.bucket.ready_at(now, cost) > now {
            return;
        }
        if stream.sent.is_none() && self.shown.as_ref().is_none_or(|look| !look.on) {
            self.post.change(self.mac, &Message::SetLightPower { level: u16::MAX, duration_ms: 0 });
        }
        if stream.sent.is_none_or(|sent| now >= sent + REPEAT) {
            stream.shown.clear();
        }
        let mix = self.about.mix();
        stream.colors.clear();
        stream.colors.extend(stream.pixels.iter().map(|pixel| mix.pixel(*pixel)));
        let last = stream.colors.last().copied().unwrap_or_default();
        stream.colors.resize(body.n_pixels(), last);
        if stream.colors != stream.shown {
            let header = self.post.header(self.mac, false, false);
            let mut n_sent = 0.0;
            let duration_ms = (cost * 1000.0 / PER_SECOND) as u32;
            body.paint_each(&stream.colors, &stream.shown, duration_ms, &mut |message| {
                n_sent += 1.0;
                out.send(Channel::Udp, Output::Datagram { to: None }, |bytes| encode(&header, message, bytes));
            });
            self.post.bucket.take(now, n_sent);
            self.n_frames += 1;
            std::mem::swap(&mut stream.colors, &mut stream.shown);
            stream.sent = Some(now);
        }
        stream.is_new = false;
    }

    /// Ends streaming; it shows again what was wanted, or else what it showed.
    fn leave(&mut self) {
        if let Some(stream) = self.stream.take() {
            self.shown_at = None;
            self.restore = stream.before.filter(|_| stream.sent.is_some());
        }
    }

    fn wake_at(&mut self, now: Moment) -> Option<Moment> {
        let cost = self.about.body.as_ref().map_or(1.0, |body| body.n_packets() as f64);
        let frame_at = self.stream.as_ref().map(|stream| {
            let repeat = stream.sent.map_or(now, |sent| sent + REPEAT).min(stream.heard + STREAM_ENDS);
            (stream.is_new, repeat)
        });
        let slot = self.post.bucket.ready_at(now, cost);
        let frame_at = frame_at.map(|(is_new, repeat)| if is_new { slot.min(repeat) } else { repeat.max(slot) });
        let frame_at = frame_at.filter(|_| self.is_settled && !self.post.has_unsent());
        let ends = self.stream.as_ref().map(|stream| stream.heard + STREAM_ENDS);
        let poll_at = (self.is_settled && !self.is_polling).then_some(self.poll_at);
        let blink_ends = self.blink_ends.as_ref().map(|(at, _)| *at);
        [self.post.wake_at(now), frame_at, ends, poll_at, blink_ends].into_iter().flatten().min()
    }
}

/// What a look is to the house.
fn reported(look: &Look) -> Reported {
    let (brightness, color) = match &look.fill {
        Fill::One(color) => (said_brightness(*color), said(*color)),
        Fill::Each(colors) => {
            let brightest = colors.iter().map(|color| said_brightness(*color)).fold(0.0, f32::max);
            let points = colors.iter().take(MAX_POINTS).map(|color| said_xy(*color)).collect();
            (brightest, Color::Gradient(points))
        }
    };
    Reported { on: Some(look.on), brightness: Some(brightness), color: Some(color), effect: Some("".into()) }
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
        let stream = self.stream.get_or_insert_with(|| Stream {
            before: before.clone(),
            heard: now,
            sent: None,
            is_new: true,
            pixels: Vec::new(),
            colors: Vec::new(),
            shown: Vec::new(),
        });
        (stream.heard, stream.is_new) = (now, true);
        stream.pixels.clear();
        stream.pixels.extend_from_slice(frame.pixels());
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

    fn poll(&mut self, now: Moment, out: &mut Outputs<Report<Thing, Said>>) {
        if self.is_open {
            if self.stream.as_ref().is_some_and(|stream| now >= stream.heard + STREAM_ENDS) {
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
