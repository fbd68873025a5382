//! Strips of pixels at a serial port: Adalight, TPM2 and AWA boards, and WLED as one of them.
//!
//! Invariant: a frame goes out only when the one before is out of the machine; the newest wins meanwhile.
//! Invariant: nothing is sent to a board that is still starting: opening the port resets most of them.

use std::path::PathBuf;
use std::time::Duration;

use crate::drivers::light::order::Order;
use crate::drivers::light::painted::Painted;
use crate::drivers::light::{LightDriver, Said, Thing, Wish};
use crate::drivers::{
    Claim, Dial, Driver, Error, Family, Field, LocalId, Need, Opening, Outputs, Report, Search, Sighting, Unsupported,
    Wrong,
};
use crate::model::frame::{self, Frame};
use crate::model::lights::capabilities::{Capabilities, Rates};
use crate::model::lights::state::MAX_POINTS;
use crate::units::color::Gamut;
use crate::units::moment::Moment;
use crate::wire::adalight::Count;
use crate::wire::{Channel, Endpoint, Input, Output, adalight, awa, tpm2};

/// Strips at a serial port.
pub static FAMILY: Family<LightDriver> = Family {
    id: "serial",
    name: "Serial strip",
    about: "LED strips on an Arduino, ESP or Pico at a USB port, driven by a sketch that speaks Adalight, TPM2 or AWA. \
            The sketch says nothing of the strip: give the number of its pixels and the speed of the line.",
    searches: &[Search::Serial],
    claim,
    address_hint: "/dev/ttyUSB0, or COM3 on Windows",
    fields: &[
        Field {
            key: "protocol",
            name: "Protocol",
            hint: "What the sketch on the board speaks",
            default: "adalight",
            words: &["adalight", "tpm2", "awa"],
            secret: false,
        },
        Field {
            key: "pixels",
            name: "Pixels",
            hint: "How many LEDs the strip has",
            default: "60",
            words: &[],
            secret: false,
        },
        Field {
            key: "baud",
            name: "Speed",
            hint: "Bits a second, as in the sketch; 115200 if empty, 2000000 with AWA",
            default: "",
            words: &[],
            secret: false,
        },
        Order::FIELD,
        Field {
            key: "count",
            name: "Count in the header",
            hint: "Plain if an Adalight board loses its place after each frame",
            default: "minus one",
            words: &["minus one", "plain"],
            secret: false,
        },
    ],
    open,
};

/// Chips of boards that carry such sketches, by the vendor of their USB port.
const VENDORS: &[(u16, &str)] = &[
    (0x2341, "Arduino"),
    (0x1A86, "CH340"),
    (0x10C4, "CP210x"),
    (0x0403, "FTDI"),
    (0x303A, "Espressif"),
    (0x2E8A, "Raspberry Pi Pico"),
];
/// Shorter serial numbers are those that a chip has before anybody gave it one.
const MIN_SERIAL: usize = 5;
/// A board that was reset by opening its port is ready after this, if it does not say so before.
const BOOT: Duration = Duration::from_secs(2);
/// Frames a second, at most.
const MAX_FPS: f32 = 60.0;
/// Bits on the line for a byte: 8N1.
const BITS: f32 = 10.0;
/// Receivers fall back to what they showed before after this.
const TIME_OUT: Duration = Duration::from_millis(2500);
/// Beyond twice the time that a frame takes on the line, it is late after this.
const GRACE: Duration = Duration::from_millis(200);
/// So many times late in a row is lost.
const PATIENCE: u32 = 5;
/// What a board said last is kept up to so many bytes.
const HEARD: usize = 64;

/// Which of the three it speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    Adalight(Count),
    Tpm2,
    Awa,
}

impl Protocol {
    fn of(dial: &Dial<'_>) -> Result<Self, Wrong> {
        let word = dial.option("protocol").unwrap_or("adalight").trim().to_ascii_lowercase();
        match (word.as_str(), dial.option("count").unwrap_or("minus one")) {
            ("adalight", "minus one") => Ok(Self::Adalight(Count::MinusOne)),
            ("adalight", "plain") => Ok(Self::Adalight(Count::Plain)),
            ("adalight", count) => Err(Wrong(format!("\"{count}\" is no count. Write minus one or plain."))),
            ("tpm2", _) => Ok(Self::Tpm2),
            ("awa", _) => Ok(Self::Awa),
            _ => Err(Wrong(format!("\"{word}\" is no protocol of serial strips. Write adalight, tpm2 or awa."))),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Adalight(_) => "Adalight",
            Self::Tpm2 => "TPM2",
            Self::Awa => "AWA",
        }
    }

    fn usual_baud(self) -> u32 {
        if self == Self::Awa { 2_000_000 } else { 115_200 }
    }

    fn encode(self, pixels: impl ExactSizeIterator<Item = [u8; 3]>, out: &mut Vec<u8>) {
        match self {
            Self::Adalight(count) => adalight::encode(count, pixels, out),
            Self::Tpm2 => tpm2::encode(pixels, out),
            Self::Awa => awa::encode(pixels, out),
        }
    }

    /// Bytes of a frame.
    fn frame_len(self, n_pixels: usize) -> usize {
        match self {
            Self::Adalight(_) => 6 + 3 * n_pixels,
            Self::Tpm2 => 5 + 3 * n_pixels,
            Self::Awa => 9 + 3 * n_pixels,
        }
    }
}

fn claim(seen: &Sighting<'_>) -> Option<Claim> {
    let property = |key: &str| seen.properties.iter().find(|(name, _)| name == key).map(|(_, value)| value.trim());
    let vendor = property("vid").and_then(|text| u16::from_str_radix(text.trim_start_matches("0x"), 16).ok())?;
    let (_, chip) = VENDORS.iter().find(|(known, _)| seen.search == Search::Serial && *known == vendor)?;
    let product = property("product").filter(|text| !text.is_empty());
    let serial: String = property("serial").unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    Some(Claim {
        identity: (serial.len() >= MIN_SERIAL).then(|| serial.to_ascii_lowercase()),
        name: product.unwrap_or(chip).to_owned(),
        model: (*chip).to_owned(),
        address: seen.name.to_owned(),
        options: Vec::new(),
    })
}

fn open(dial: &Dial<'_>) -> Result<Opening<LightDriver>, Wrong> {
    let path = dial.address.trim();
    if path.is_empty() || path.chars().any(char::is_control) {
        return Err(Wrong("There is no serial port of that name. Write one such as /dev/ttyUSB0 or COM3.".to_owned()));
    }
    let protocol = Protocol::of(dial)?;
    let n_pixels = dial.number("pixels", 1..=frame::MAX_PIXELS as u32, 60)?;
    let baud = dial.number("baud", 9600..=4_000_000, protocol.usual_baud())?;
    let word = dial.option("order").unwrap_or("RGB");
    let order = Order::of(word);
    let order =
        order.ok_or_else(|| Wrong(format!("\"{word}\" is no order of colours. Write RGB, GRB or the like.")))?;
    let endpoint = Endpoint::Serial { path: PathBuf::from(path), baud };
    let driver = Box::new(Strip::new(path, protocol, n_pixels as usize, baud, order));
    Ok(Opening { driver, channels: vec![(Channel::Serial, endpoint, Need::Must)] })
}

/// How the port is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Port {
    Closed,
    /// The board starts, and is ready then at the latest.
    Booting {
        ready: Moment,
    },
    /// There is room for a frame.
    Free,
    /// A frame went out then, and is not out of the machine yet.
    Busy {
        since: Moment,
    },
}

struct Strip {
    name: String,
    protocol: Protocol,
    order: Order,
    baud: u32,
    fps: f32,
    /// A frame that takes longer than this is late.
    late: Duration,
    n_late: u32,
    port: Port,
    painted: Painted,
    is_told: bool,
    heard: Vec<u8>,
    n_frames: u64,
    n_acks: u64,
}

impl Strip {
    fn new(path: &str, protocol: Protocol, n_pixels: usize, baud: u32, order: Order) -> Self {
        let takes = protocol.frame_len(n_pixels) as f32 * BITS / baud as f32;
        let fps = (1.0 / takes).min(MAX_FPS);
        let short = path.rsplit(['/', '\\']).next().unwrap_or(path);
        Self {
            name: format!("Strip at {short}"),
            protocol,
            order,
            baud,
            fps,
            late: Duration::from_secs_f32(2.0 * takes) + GRACE,
            n_late: 0,
            port: Port::Closed,
            painted: Painted::new(n_pixels, fps, TIME_OUT),
            is_told: false,
            heard: Vec::new(),
            n_frames: 0,
            n_acks: 0,
        }
    }

    fn thing(&self) -> Thing {
        let n = u16::try_from(self.painted.n_pixels()).unwrap_or(u16::MAX);
        let capabilities = Capabilities {
            dimming: true,
            color: Some(Gamut::SRGB),
            mirek: Some(153..=500),
            segments: if n > 1 { n.min(MAX_POINTS as u16) } else { 0 },
            pixels: n,
            transition: true,
            identify: true,
            rates: Rates { changes_hz: self.fps, frames_hz: self.fps },
            ..Capabilities::switch(self.fps)
        };
        Thing::Light {
            name: self.name.as_str().into(),
            model: format!("{} strip, {n} pixels", self.protocol.name()).into(),
            room: None,
            capabilities: capabilities.into(),
        }
    }

    /// The board said something: that it is ready, or that it took a frame.
    fn hear(&mut self, now: Moment, bytes: &[u8]) {
        self.heard.extend(bytes);
        self.heard.drain(..self.heard.len().saturating_sub(HEARD));
        if self.protocol == Protocol::Tpm2 {
            self.n_acks += bytes.iter().filter(|byte| **byte == tpm2::ACK).count() as u64;
        }
        let greets = |words: &[u8]| self.heard.windows(words.len()).any(|heard| heard == words);
        if matches!(self.port, Port::Booting { .. }) && (greets(adalight::GREETING) || greets(awa::GREETING)) {
            self.port = Port::Booting { ready: now };
        }
    }

    /// Whether the port takes nothing any more.
    fn is_stuck(&mut self, now: Moment) -> bool {
        if let Port::Busy { since } = self.port
            && now >= since + self.late
        {
            self.n_late += 1;
            self.port = Port::Busy { since: now };
        }
        self.n_late >= PATIENCE
    }

    fn wake_at(&self) -> Option<Moment> {
        match self.port {
            Port::Closed => None,
            Port::Booting { ready } => Some(ready),
            Port::Free => self.painted.wake_at(),
            Port::Busy { since } => Some(since + self.late),
        }
    }
}

impl Driver for Strip {
    type Wish = Wish;
    type Report = Said;
    type Capabilities = Thing;
    type Frame = Frame;

    fn wish(&mut self, now: Moment, _thing: &LocalId, wish: &Wish) -> Result<(), Unsupported> {
        self.painted.wish(now, wish)
    }

    fn frame(&mut self, now: Moment, _thing: &LocalId, frame: &Frame) {
        self.painted.frame(now, frame);
    }

    fn receive(&mut self, now: Moment, _channel: Channel, input: Input<'_>) -> Result<(), Error> {
        match input {
            Input::Opened => self.port = Port::Booting { ready: now + BOOT },
            Input::Closed => {
                (self.port, self.n_late) = (Port::Closed, 0);
                self.heard.clear();
                self.painted.restart();
            }
            Input::Drained => {
                self.n_late = 0;
                if let Port::Busy { .. } = self.port {
                    self.port = Port::Free;
                }
            }
            Input::Bytes(bytes) => self.hear(now, bytes),
            _ => {}
        }
        Ok(())
    }

    fn poll(&mut self, now: Moment, out: &mut Outputs<Report<Thing, Said>>) {
        if let Port::Booting { ready } = self.port
            && now >= ready
        {
            self.port = Port::Free;
            if self.protocol == Protocol::Awa {
                // As a frame, so that its end is told: the first picture waits for that.
                out.send(Channel::Serial, Output::Frame, |payload| payload.extend(awa::HELLO));
                self.port = Port::Busy { since: now };
            }
            if !self.is_told {
                self.is_told = true;
                out.reports.push(Report::Found(LocalId("strip".into()), self.thing()));
            }
        }
        if self.is_stuck(now) {
            out.lost = Some("The port takes nothing any more.".to_owned());
        } else if self.port == Port::Free
            && let Some(pixels) = self.painted.due(now)
        {
            let bytes = pixels.iter().map(|pixel| self.order.of_bytes(pixel.bytes()));
            out.send(Channel::Serial, Output::Frame, |payload| self.protocol.encode(bytes, payload));
            self.n_frames += 1;
            self.port = Port::Busy { since: now };
        }
        out.wake_at = self.wake_at();
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        let heard: String = String::from_utf8_lossy(&self.heard).chars().filter(|c| !c.is_control()).collect();
        vec![
            ("protocol", self.protocol.name().to_owned()),
            ("baud", self.baud.to_string()),
            ("pixels", self.painted.n_pixels().to_string()),
            ("frames a second at most", format!("{:.1}", self.fps)),
            ("frames sent", self.n_frames.to_string()),
            ("frames acknowledged", self.n_acks.to_string()),
            ("late in a row", self.n_late.to_string()),
            ("heard last", heard),
        ]
    }
}
