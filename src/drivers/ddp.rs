//! DDP receivers: pixels that only take frames. Their states and fades are painted here and repeated.
//!
//! Invariant: most receivers never answer, so nothing is expected of them; one that does says what it is.

use std::sync::Arc;
use std::time::Duration;

use crate::drivers::light::order::Order;
use crate::drivers::light::painted::Painted;
use crate::drivers::light::{LightDriver, Said, Thing, Wish};
use crate::drivers::{
    Claim, Dial, Driver, Error, Family, Field, LocalId, Need, Opening, Outputs, Report, Search, Sighting, Unsupported,
    Wrong,
};
use crate::model::frame::{Frame, MAX_PIXELS};
use crate::model::lights::capabilities::{Capabilities, Rates};
use crate::model::lights::state::{MAX_POINTS, State};
use crate::units::color::{Gamut, Linear};
use crate::units::moment::Moment;
use crate::wire::{self, Channel, Endpoint, Input, Output, ddp};

/// DDP receivers.
pub static FAMILY: Family<LightDriver> = Family {
    id: "ddp",
    name: "DDP",
    about: "Pixel controllers that take the Distributed Display Protocol, such as Falcon, xLights and ESPixelStick \
            ones. They take pixels and say nothing: give the number of their pixels.",
    searches: &[ASK],
    claim,
    address_hint: "192.168.1.40",
    fields: &[
        Field {
            key: "pixels",
            name: "Pixels",
            hint: "How many LEDs it has; as it says itself, if it does",
            default: "60",
            words: &[],
            secret: false,
        },
        Order::FIELD,
        Field {
            key: "white",
            name: "White",
            hint: "Whether its LEDs have a white of their own",
            default: "none",
            words: WHITES,
            secret: false,
        },
        Field {
            key: "fps",
            name: "Frames a second",
            hint: "Fewer for long strips: 1000 pixels on one wire take 30 ms",
            default: "60",
            words: &[],
            secret: false,
        },
    ],
    open,
};

const ASK: Search = Search::Ask { group: None, port: ddp::PORT, payload: ddp::WHO };
const WHITES: &[&str] = &["none", "rgbw"];
const PIXELS: u32 = 60;
const FPS: u32 = 60;
/// Receivers fall back to what they showed before after so long.
const TIME_OUT: Duration = Duration::from_millis(2500);
/// Frames may come a little closer than the rate says, so that none is lost to chance.
const SLACK: f32 = 1.25;

fn pixels() -> LocalId {
    LocalId("pixels".into())
}

fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let packet = ddp::decode(seen.payload).ok()?;
    let is_status = packet.flags & ddp::REPLY != 0 && packet.destination == ddp::STATUS;
    let status = ddp::status(packet.data).ok().filter(|_| is_status && seen.search == ASK)?;
    let from = seen.from?;
    let address = if from.port() == ddp::PORT { from.ip().to_string() } else { from.to_string() };
    Some(Claim {
        identity: identity(&status),
        name: name(&status),
        model: model(&status),
        address,
        options: Vec::new(),
    })
}

fn identity(status: &ddp::Status) -> Option<String> {
    let digits: String = status.mac.chars().filter(char::is_ascii_hexdigit).collect();
    (digits.len() == 12).then(|| digits.to_ascii_lowercase())
}

fn name(status: &ddp::Status) -> String {
    if status.model.is_empty() { "DDP receiver".to_owned() } else { status.model.clone() }
}

fn model(status: &ddp::Status) -> String {
    let words = [status.man.as_str(), &status.model, &status.ver];
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "DDP receiver".to_owned() } else { words.join(" ") }
}

fn open(dial: &Dial<'_>) -> Result<Opening<LightDriver>, Wrong> {
    let to = dial.socket(ddp::PORT)?;
    let word = dial.option("order").unwrap_or("RGB");
    let order = Order::of(word).ok_or_else(|| Wrong(format!("\"{word}\" is no order of colours, such as GRB.")))?;
    let white = dial.option("white").unwrap_or("none");
    let has_white = match white.to_ascii_lowercase().as_str() {
        "none" => false,
        "rgbw" => true,
        _ => return Err(Wrong(format!("\"{white}\" is no white. Write none or rgbw."))),
    };
    let is_told = dial.option("pixels").is_some();
    let n_pixels = dial.number("pixels", 1..=MAX_PIXELS as u32, PIXELS)? as usize;
    let fps = dial.number("fps", 1..=120, FPS)? as f32;
    let driver = Box::new(Receiver {
        painted: Painted::new(n_pixels, fps * SLACK, TIME_OUT),
        fps,
        is_told,
        order,
        has_white,
        status: None,
        wanted: None,
        questions: Vec::new(),
        asked: None,
        sequence: 0,
        n_frames: 0,
        is_introduced: false,
        reports: Vec::new(),
    });
    Ok(Opening { driver, channels: vec![(Channel::Udp, Endpoint::Socket(to), Need::Must)] })
}

/// One receiver.
struct Receiver {
    painted: Painted,
    fps: f32,
    /// A person said how many pixels there are.
    is_told: bool,
    order: Order,
    has_white: bool,
    status: Option<ddp::Status>,
    wanted: Option<State>,
    /// What is still to be asked.
    questions: Vec<u8>,
    asked: Option<Moment>,
    sequence: u8,
    n_frames: u64,
    is_introduced: bool,
    reports: Vec<Report<Thing, Said>>,
}

impl Receiver {
    fn introduce(&mut self) {
        let model = self.status.as_ref().map_or_else(|| "DDP receiver".to_owned(), model);
        let name = self.status.as_ref().map_or_else(|| "DDP receiver".to_owned(), name);
        if let Some(identity) = self.status.as_ref().and_then(identity) {
            self.reports.push(Report::Identity { identity, name: name.clone(), model: model.clone() });
        }
        let capabilities = Arc::new(self.capabilities());
        let thing = Thing::Light { name: name.into(), model: model.into(), room: None, capabilities };
        self.reports.push(Report::Found(pixels(), thing));
        self.is_introduced = true;
    }

    fn capabilities(&self) -> Capabilities {
        let n_pixels = self.painted.n_pixels();
        Capabilities {
            dimming: true,
            color: Some(Gamut::SRGB),
            mirek: Some(153..=500),
            segments: if n_pixels > 1 { n_pixels.min(MAX_POINTS) as u16 } else { 0 },
            pixels: n_pixels as u16,
            transition: true,
            effects: Arc::new([]),
            power_on: Arc::new([]),
            identify: true,
            rates: Rates { changes_hz: self.fps, frames_hz: self.fps },
        }
    }

    fn resize(&mut self, now: Moment, n_pixels: usize) {
        self.painted = Painted::new(n_pixels, self.fps * SLACK, TIME_OUT);
        if let Some(state) = self.wanted.clone() {
            // A painter takes every state.
            let _ = self.painted.wish(now, &Wish::State { state, transition_ms: 0 });
        }
    }

    /// Takes what a receiver says of itself.
    fn hear(&mut self, now: Moment, bytes: &[u8]) -> Result<(), wire::Error> {
        let packet = ddp::decode(bytes)?;
        if packet.flags & ddp::REPLY == 0 {
            return Err(wire::Error::Unsupported);
        }
        self.reports.extend(self.asked.take().map(|asked| Report::Latency(now.since(asked))));
        match packet.destination {
            ddp::STATUS => {
                let status = Some(ddp::status(packet.data)?);
                if self.status != status {
                    self.status = status;
                    self.introduce();
                }
            }
            ddp::CONFIG => {
                let n_pixels = ddp::config_pixels(packet.data)?;
                if !self.is_told && (1..=MAX_PIXELS).contains(&n_pixels) && n_pixels != self.painted.n_pixels() {
                    self.resize(now, n_pixels);
                    self.introduce();
                }
            }
            _ => return Err(wire::Error::Unsupported),
        }
        Ok(())
    }
}

impl Driver for Receiver {
    type Wish = Wish;
    type Report = Said;
    type Capabilities = Thing;
    type Frame = Frame;

    fn wish(&mut self, now: Moment, thing: &LocalId, wish: &Wish) -> Result<(), Unsupported> {
        if *thing != pixels() {
            return Err(Unsupported);
        }
        if let Wish::State { state, .. } = wish {
            self.wanted = Some(state.clone());
        }
        self.painted.wish(now, wish)
    }

    fn frame(&mut self, now: Moment, thing: &LocalId, frame: &Frame) {
        if *thing == pixels() {
            self.painted.frame(now, frame);
        }
    }

    fn receive(&mut self, now: Moment, _: Channel, input: Input<'_>) -> Result<(), Error> {
        match input {
            Input::Opened => {
                self.painted.restart();
                self.questions = vec![ddp::CONFIG, ddp::STATUS];
            }
            Input::Datagram { bytes, .. } => self.hear(now, bytes)?,
            _ => {}
        }
        Ok(())
    }

    fn poll(&mut self, now: Moment, out: &mut Outputs<Report<Thing, Said>>) {
        if !self.is_introduced {
            self.introduce();
        }
        for destination in self.questions.drain(..).rev() {
            let packet = ddp::Packet { flags: ddp::QUERY, sequence: 0, kind: 0, destination, offset: 0, data: &[] };
            out.send(Channel::Udp, Output::Datagram { to: None }, |bytes| ddp::encode(&packet, bytes));
            self.asked = Some(now);
        }
        if let Some(pixels) = self.painted.due(now) {
            self.sequence = ddp::next_sequence(self.sequence);
            self.n_frames += 1;
            send(pixels, self.order, self.has_white, self.sequence, out);
        }
        out.reports.append(&mut self.reports);
        out.wake_at = self.painted.wake_at();
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        let says = self.status.as_ref().map_or_else(|| "nothing".to_owned(), model);
        vec![
            ("says of itself", says),
            ("pixels", self.painted.n_pixels().to_string()),
            ("frames", self.n_frames.to_string()),
            ("stream", if self.painted.is_streaming() { "running" } else { "none" }.to_owned()),
        ]
    }
}

/// Sends a frame in as many packets as it takes.
fn send<R>(pixels: &[Linear], order: Order, has_white: bool, sequence: u8, out: &mut Outputs<R>) {
    let kind = if has_white { ddp::RGBW } else { ddp::RGB };
    for (range, packet) in ddp::split(pixels.len(), kind, sequence) {
        let pixels = pixels.get(range).unwrap_or_default();
        out.send(Channel::Udp, Output::Datagram { to: None }, |bytes| {
            ddp::encode_header(&packet, (pixels.len() * ddp::pixel_bytes(kind)) as u16, bytes);
            for pixel in pixels {
                let (light, white) = if has_white { apart(*pixel) } else { (*pixel, None) };
                bytes.extend_from_slice(&order.of_bytes(light.bytes()));
                bytes.extend(white);
            }
        });
    }
}

/// What the three have in common is given to the white.
fn apart(pixel: Linear) -> (Linear, Option<u8>) {
    let white = pixel.r.min(pixel.g).min(pixel.b);
    let rest = Linear::new(pixel.r - white, pixel.g - white, pixel.b - white);
    (rest, Some(Linear::new(white, white, white).bytes()[0]))
}
