//! Simulated LIFX devices: bulbs, strips, tiles and a ceiling lamp, with the limits of real ones.
//!
//! Invariant: [`Device`] sees only datagrams and the time it is given; what waits is [`FAMILY`]'s `run`.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};

use crate::sim::lights::ether;
use crate::sim::lights::lamp::{self, Troubles};
use crate::sim::lights::{Running, SimFamily, SimOpts};
use crate::units::moment::Moment;
use crate::wire::lifx::message::Message;
use crate::wire::lifx::parts::{Apply, CELLS, Colors, Hsbk, Label, Tile, Tiles, ZONES};
use crate::wire::lifx::{Header, Mac, PORT, decode, encode, mac_of};

/// LIFX devices.
pub static FAMILY: SimFamily = SimFamily {
    id: "lifx",
    about: "LIFX devices on UDP port 56700; kind bulb, white, strip, old-strip, tiles or ceiling.",
    run: |opts| Box::pin(run(opts)) as Running,
};

/// The maker's part of MACs.
const MAKER: [u8; 3] = [0xD0, 0x73, 0xD5];
/// Packets that a device takes at once, and a second after that; more are lost.
const BURST: f64 = 30.0;
/// See [`BURST`]: a little more than the 20 that its maker promises.
const PER_SECOND: f64 = 25.0;
/// The buffers of a matrix.
const BUFFERS: usize = 2;

/// A kind of device: product, tiles with their size or a row of zones, and what it understands.
#[derive(Clone, Copy, Debug)]
struct Kind {
    product: u32,
    tiles: u8,
    size: (u8, u8),
    zones: u16,
    extended: bool,
    color: bool,
}

const BULB: Kind = Kind { product: 97, tiles: 0, size: (0, 0), zones: 0, extended: false, color: true };

fn kind(word: &str, pixels: u16) -> Kind {
    let n = |usual: u16| if pixels == 0 { usual } else { pixels };
    match word {
        "white" => Kind { product: 60, color: false, ..BULB },
        "strip" => Kind { product: 38, zones: n(120), extended: true, ..BULB },
        "old-strip" => Kind { product: 31, zones: n(16).min(255), ..BULB },
        "tiles" => Kind { product: 55, tiles: (n(320) / 64).clamp(1, 16) as u8, size: (8, 8), ..BULB },
        "ceiling" => Kind { product: 176, tiles: 1, size: (16, 8), ..BULB },
        _ => BULB,
    }
}

/// A device.
#[derive(Clone, Debug)]
pub struct Device {
    kind: Kind,
    mac: Mac,
    port: u16,
    label: Label,
    room: Label,
    power: u16,
    /// From which colours to which, since when, and how long.
    from: Vec<Hsbk>,
    to: Vec<Hsbk>,
    since: Moment,
    over: Duration,
    /// Zones that wait to be applied.
    held: Vec<Hsbk>,
    /// What is painted out of sight.
    hidden: Vec<Hsbk>,
    allowance: f64,
    heard: Moment,
    n_too_many: u64,
    n_painted: u64,
}

impl Device {
    /// The device of these options that listens on `port`.
    #[must_use]
    pub fn new(opts: &SimOpts, port: u16) -> Self {
        let kind = kind(&opts.kind, opts.pixels);
        let cells = usize::from(kind.tiles) * usize::from(kind.size.0) * usize::from(kind.size.1);
        let n_pixels = cells.max(usize::from(kind.zones)).max(1);
        let white = Hsbk { hue: 0, saturation: 0, brightness: u16::MAX, kelvin: 2700 };
        let name = opts.name.clone().unwrap_or_else(|| format!("LIFX {}", opts.index + 1));
        Self {
            kind,
            mac: mac_of(&opts.mac(MAKER)).unwrap_or_default(),
            port,
            label: Label::new(&name),
            room: Label::new(opts.room.as_deref().unwrap_or_default()),
            power: u16::MAX,
            from: vec![white; n_pixels],
            to: vec![white; n_pixels],
            since: Moment::ZERO,
            over: Duration::ZERO,
            held: vec![white; n_pixels],
            hidden: vec![white; n_pixels * BUFFERS],
            allowance: BURST,
            heard: Moment::ZERO,
            n_too_many: 0,
            n_painted: 0,
        }
    }

    /// What it shows at a moment.
    #[must_use]
    pub fn colors(&self, now: Moment) -> Vec<Hsbk> {
        let share =
            if self.over.is_zero() { 1.0 } else { now.since(self.since).as_secs_f32() / self.over.as_secs_f32() };
        self.from.iter().zip(&self.to).map(|(from, to)| between(*from, *to, share.min(1.0))).collect()
    }

    /// Whether it is on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.power > 0
    }

    /// Packets that were more than it bears, and are lost.
    #[must_use]
    pub fn n_too_many(&self) -> u64 {
        self.n_too_many
    }

    /// Changes of its colours.
    #[must_use]
    pub fn n_painted(&self) -> u64 {
        self.n_painted
    }

    /// How it is, for people.
    #[must_use]
    pub fn summary(&self, now: Moment) -> Value {
        let colors = self.colors(now);
        let tell = |color: Option<&Hsbk>| {
            color.map(|color| json!([color.hue, color.saturation, color.brightness, color.kelvin]))
        };
        json!({
            "on": self.is_on(),
            "first": tell(colors.first()),
            "last": tell(colors.last()),
            "too_many": self.n_too_many,
        })
    }

    fn paint(&mut self, now: Moment, duration_ms: u32, change: impl FnOnce(&mut Vec<Hsbk>)) {
        self.from = self.colors(now);
        change(&mut self.to);
        (self.since, self.over) = (now, Duration::from_millis(duration_ms.into()));
        self.held.clone_from(&self.to);
        self.n_painted += 1;
    }

    /// Whether it takes another packet now.
    fn bears(&mut self, now: Moment) -> bool {
        let gained = now.since(self.heard).as_secs_f64() * PER_SECOND;
        (self.allowance, self.heard) = ((self.allowance + gained).min(BURST), now);
        let bears = self.allowance >= 1.0;
        if bears {
            self.allowance -= 1.0;
        } else {
            self.n_too_many += 1;
        }
        bears
    }

    /// Takes a datagram, and hands out each of its answers.
    pub fn receive(&mut self, now: Moment, bytes: &[u8], mut answer: impl FnMut(&[u8])) {
        let Ok(packet) = decode(bytes) else { return };
        let is_meant = packet.header.target == Mac::default() || packet.header.target == self.mac;
        if !is_meant || !self.bears(now) {
            return;
        }
        let asked = packet.header;
        let header = Header { tagged: false, target: self.mac, wants_answer: false, wants_ack: false, ..asked };
        let mut buffer = Vec::with_capacity(64);
        let mut say = |message: &Message<'_>| {
            buffer.clear();
            encode(&header, message, &mut buffer);
            answer(&buffer);
        };
        if asked.wants_ack {
            say(&Message::Acknowledgement);
        }
        self.act(now, &packet.message, asked.wants_answer, &mut say);
    }

    fn act(&mut self, now: Moment, message: &Message<'_>, wants_answer: bool, say: &mut dyn FnMut(&Message<'_>)) {
        match *message {
            Message::GetService => say(&Message::StateService { service: 1, port: self.port.into() }),
            Message::GetHostFirmware => say(&Message::StateHostFirmware { build: 1, minor: 90, major: 3 }),
            Message::GetVersion => say(&Message::StateVersion { vendor: 1, product: self.kind.product }),
            Message::GetLabel => say(&Message::StateLabel(self.label)),
            Message::GetGroup => say(&Message::StateGroup { id: [1; 16], label: self.room, updated: 1 }),
            Message::GetLocation => {
                say(&Message::StateLocation { id: [2; 16], label: Label::new("Home"), updated: 1 });
            }
            Message::EchoRequest(bytes) => say(&Message::EchoResponse(bytes)),
            Message::GetPower => say(&Message::StatePower { level: self.power }),
            Message::GetLightPower => say(&Message::StateLightPower { level: self.power }),
            Message::SetPower { level } | Message::SetLightPower { level, .. } => {
                self.power = if level > 0 { u16::MAX } else { 0 };
                if wants_answer {
                    say(&Message::StateLightPower { level: self.power });
                }
            }
            Message::LightGet => self.say_state(now, say),
            Message::SetColor { color, duration_ms } => {
                let color = self.possible(color);
                self.paint(now, duration_ms, |to| to.fill(color));
                if wants_answer {
                    self.say_state(now, say);
                }
            }
            Message::SetWaveform(waveform) if !waveform.transient => {
                let color = self.possible(waveform.color);
                self.paint(now, 0, |to| to.fill(color));
            }
            Message::SetWaveform(_) | Message::SetWaveformOptional { .. } => {}
            _ if self.kind.zones > 0 => self.act_strip(now, message, say),
            _ if self.kind.tiles > 0 => self.act_matrix(now, message, say),
            _ => say(&Message::StateUnhandled { kind: message.kind() }),
        }
    }

    /// A colour as far as it can show it.
    fn possible(&self, color: Hsbk) -> Hsbk {
        if self.kind.color { color } else { Hsbk { hue: 0, saturation: 0, ..color } }
    }

    fn say_state(&self, now: Moment, say: &mut dyn FnMut(&Message<'_>)) {
        let color = self.colors(now).first().copied().unwrap_or_default();
        say(&Message::LightState { color, power: self.power, label: self.label });
    }

    fn act_strip(&mut self, now: Moment, message: &Message<'_>, say: &mut dyn FnMut(&Message<'_>)) {
        match *message {
            Message::SetColorZones { start, end, color, duration_ms, apply } => {
                let zones = usize::from(start)..=usize::from(end);
                self.hold(now, duration_ms, apply, |held| {
                    held.iter_mut().enumerate().filter(|(n, _)| zones.contains(n)).for_each(|(_, zone)| *zone = color);
                });
            }
            Message::SetExtendedColorZones { duration_ms, apply, index, colors } if self.kind.extended => {
                self.hold(now, duration_ms, apply, |held| {
                    held.iter_mut().skip(index.into()).zip(colors.iter()).for_each(|(zone, color)| *zone = color);
                });
            }
            Message::GetExtendedColorZones if self.kind.extended => {
                let colors = self.colors(now);
                for (n, part) in colors.chunks(ZONES).enumerate() {
                    let (zones, index, colors) = (self.kind.zones, (n * ZONES) as u16, Colors::List(part));
                    say(&Message::StateExtendedColorZones { zones, index, colors });
                }
            }
            Message::GetColorZones { start, end } => {
                let (colors, count) = (self.colors(now), self.kind.zones.min(255) as u8);
                let first = usize::from(start) / 8;
                for (n, part) in colors.chunks(8).enumerate().skip(first).take_while(|(n, _)| n * 8 <= end.into()) {
                    say(&Message::StateMultiZone { count, index: (n * 8) as u8, colors: Colors::List(part) });
                }
            }
            _ => say(&Message::StateUnhandled { kind: message.kind() }),
        }
    }

    fn hold(&mut self, now: Moment, duration_ms: u32, apply: Apply, change: impl FnOnce(&mut Vec<Hsbk>)) {
        if apply != Apply::WaitingOnly {
            change(&mut self.held);
        }
        if apply != Apply::Hold {
            let held = self.held.clone();
            self.paint(now, duration_ms, |to| *to = held);
        }
    }

    fn act_matrix(&mut self, now: Moment, message: &Message<'_>, say: &mut dyn FnMut(&Message<'_>)) {
        let Kind { tiles, size: (width, height), product, .. } = self.kind;
        let (row, per_tile) = (usize::from(width), usize::from(width) * usize::from(height));
        match *message {
            Message::GetDeviceChain => {
                let tile = Tile { width, height, vendor: 1, product, firmware: (3, 90), ..Tile::default() };
                let chain: Vec<Tile> = (0..tiles).map(|n| Tile { position: [n.into(), 0.0], ..tile }).collect();
                say(&Message::StateDeviceChain { start: 0, tiles: Tiles::List(&chain) });
            }
            Message::Get64(area) => {
                let colors = self.colors(now);
                for tile in area.tile..tiles.min(area.tile.saturating_add(area.length)) {
                    let start = usize::from(tile) * per_tile + usize::from(area.y) * row;
                    let end = (start + CELLS).min((usize::from(tile) + 1) * per_tile);
                    let colors = Colors::List(colors.get(start..end).unwrap_or_default());
                    say(&Message::State64 { tile, x: 0, y: area.y, width, colors });
                }
            }
            Message::Set64 { area, duration_ms, colors } => {
                let start = usize::from(area.tile) * per_tile + usize::from(area.y) * row;
                let end = ((usize::from(area.tile) + 1) * per_tile).min(start + CELLS);
                let put = |cells: &mut [Hsbk]| {
                    let cells = cells.get_mut(start..end).unwrap_or_default();
                    cells.iter_mut().zip(colors.iter()).for_each(|(cell, color)| *cell = color);
                };
                if area.buffer == 0 {
                    self.paint(now, duration_ms, |to| put(to));
                } else {
                    put(&mut self.hidden);
                }
            }
            Message::CopyFrameBuffer { tile, from: 1, to: 0, duration_ms, .. } => {
                let start = usize::from(tile) * per_tile;
                let cells: Vec<Hsbk> = self.hidden.iter().skip(start).take(per_tile).copied().collect();
                self.paint(now, duration_ms, |to| {
                    to.iter_mut().skip(start).zip(cells).for_each(|(cell, color)| *cell = color);
                });
            }
            _ => say(&Message::StateUnhandled { kind: message.kind() }),
        }
    }
}

/// A colour on its way, by the shorter way round the circle.
fn between(from: Hsbk, to: Hsbk, share: f32) -> Hsbk {
    let mix = |from: u16, to: u16| (f32::from(from) + (f32::from(to) - f32::from(from)) * share).round() as u16;
    let turn = f32::from(to.hue.wrapping_sub(from.hue) as i16) * share;
    Hsbk {
        hue: from.hue.wrapping_add(turn as i16 as u16),
        saturation: mix(from.saturation, to.saturation),
        brightness: mix(from.brightness, to.brightness),
        kelvin: mix(from.kelvin, to.kelvin),
    }
}

async fn run(opts: SimOpts) -> std::io::Result<()> {
    let socket = lamp::udp(opts.at, opts.port, PORT).await?;
    let mut device = Device::new(&opts, socket.local_addr()?.port());
    let mut troubles = Troubles::new(opts.faults);
    let mut questions = ether::questions(PORT)?;
    let started = tokio::time::Instant::now();
    let mut buffer = vec![0; 2048];
    let mut answers: Vec<Vec<u8>> = Vec::new();
    loop {
        let question;
        let (from, bytes): (SocketAddr, &[u8]) = tokio::select! {
            () = opts.stop.cancelled() => return Ok(()),
            asked = questions.next() => {
                question = asked.1;
                (asked.0, &question)
            }
            heard = socket.recv_from(&mut buffer) => match heard {
                Ok((n, from)) => (from, buffer.get(..n).unwrap_or_default()),
                // About a peer that went away, and nobody's trouble.
                Err(_) => continue,
            },
        };
        opts.tally.packet(bytes.len());
        if troubles.is_mute() || troubles.loses() {
            continue;
        }
        let now = Moment::ZERO + started.elapsed();
        let n_painted = device.n_painted();
        device.receive(now, bytes, |answer| answers.push(answer.to_vec()));
        if device.n_painted() != n_painted {
            opts.tally.frame();
        }
        opts.tally.state(device.summary(now));
        if !answers.is_empty() {
            troubles.pause().await;
        }
        for answer in answers.drain(..) {
            opts.tally.answer();
            let _ = socket.send_to(&answer, from).await;
        }
    }
}
