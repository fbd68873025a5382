//! What runs on a simulated WLED node: its state, its JSON, its pixels. Reference: kno.wled.ge, "JSON API".
//!
//! Invariant: it sees only the time, JSON and datagrams it is given.

use std::net::IpAddr;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::sim::lights::SimOpts;
use crate::sim::lights::ddp::Pixels;
use crate::units::moment::Moment;
use crate::wire::ddp;
use crate::wire::wled::REALTIME_PORT;
use crate::wire::wled::message::{LC_CCT, LC_RGB, LC_WHITE};
use crate::wire::wled::realtime::{self, Packet};

/// The maker's part of MACs: Espressif.
const MAKER: [u8; 3] = [0x24, 0x0A, 0xC4];
/// Pixels, if nobody says how many.
const USUAL_PIXELS: u16 = 60;
/// A stream that says no time-out ends after so long.
const TIME_OUT: Duration = Duration::from_millis(2500);
/// Kelvins of the ends of `cct`.
const CCT: [i64; 2] = [1900, 10_091];

/// The effects it has; the number of each is its place.
pub const EFFECTS: &[&str] = &[
    "Solid",
    "Blink",
    "Breathe",
    "Wipe",
    "Wipe Random",
    "Random Colors",
    "Sweep",
    "Dynamic",
    "Colorloop",
    "Rainbow",
    "Scan",
    "Scan Dual",
    "Fade",
    "Theater",
    "Theater Rainbow",
    "Running",
    "Saw",
    "Twinkle",
    "Dissolve",
    "Dissolve Rnd",
    "Sparkle",
    "Sparkle Dark",
    "Sparkle+",
    "Strobe",
    "Strobe Rainbow",
    "Strobe Mega",
    "Blink Rainbow",
    "Android",
    "Chase",
    "Chase Random",
    "Chase Rainbow",
    "Chase Flash",
    "RSVD",
    "Fire 2012",
    "Aurora",
    "Candle",
    "Meteor",
];
/// The palettes it has.
pub const PALETTES: &[&str] = &["Default", "* Random Cycle", "* Color 1", "* Colors 1&2", "Party", "Ocean", "Lava"];

/// A part of the strip.
#[derive(Clone, Debug, PartialEq)]
struct Segment {
    start: u16,
    stop: u16,
    on: bool,
    frozen: bool,
    opacity: u8,
    cct: u8,
    colors: [[u8; 4]; 3],
    effect: u16,
}

/// A stream that it shows.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Live {
    until: Moment,
    by: &'static str,
    from: IpAddr,
}

/// The firmware of one node.
#[derive(Clone, Debug)]
pub struct Firmware {
    name: String,
    mac: String,
    version: &'static str,
    arch: &'static str,
    lc: u8,
    at: IpAddr,
    n_pixels: u16,
    on: bool,
    brightness: u8,
    /// Tenths of a second.
    transition: u16,
    segments: Vec<Segment>,
    live: Option<Live>,
    override_live: u8,
    night_light: Map<String, Value>,
    /// The port of realtime datagrams.
    pub realtime_port: u16,
    /// Clients of its WebSocket.
    pub n_clients: usize,
    /// Its pixels while it is streamed to.
    pub pixels: Pixels,
    /// Changes that it relayed to the nodes it is synchronised with.
    pub n_relayed: u64,
    /// Changes since it was made.
    pub n_changes: u64,
}

impl Firmware {
    /// A node of these options. Its kind: `strip`, `rgbw`, `cct`, `white`, `plug`, `segments`, `old`.
    #[must_use]
    pub fn new(opts: &SimOpts) -> Self {
        let n_pixels = if opts.pixels == 0 { USUAL_PIXELS } else { opts.pixels };
        let kind = opts.kind.as_str();
        let (lc, n_segments) = match kind {
            "rgbw" => (LC_RGB | LC_WHITE, 1),
            "cct" => (LC_RGB | LC_WHITE | LC_CCT, 1),
            "white" => (LC_WHITE, 1),
            "plug" => (0, 1),
            "segments" => (LC_RGB, 3),
            _ => (LC_RGB, 1),
        };
        let (version, arch) = if kind == "old" { ("0.12.0", "esp8266") } else { ("0.15.0", "esp32") };
        let mac = opts.mac(MAKER);
        let tail = mac.get(6..).unwrap_or_default();
        Self {
            name: opts.name.clone().unwrap_or_else(|| format!("WLED-{tail}")),
            mac: mac.clone(),
            version,
            arch,
            lc,
            at: opts.at,
            n_pixels,
            on: true,
            brightness: 128,
            transition: 7,
            segments: (0..n_segments)
                .map(|n| Segment::new(n_pixels * n / n_segments, n_pixels * (n + 1) / n_segments))
                .collect(),
            live: None,
            override_live: 0,
            night_light: Map::from_iter([("on".to_owned(), json!(false)), ("dur".to_owned(), json!(60))]),
            realtime_port: REALTIME_PORT,
            n_clients: 0,
            pixels: Pixels::new(usize::from(n_pixels) * 3, false),
            n_relayed: 0,
            n_changes: 0,
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its MAC, 12 hex digits.
    #[must_use]
    pub fn mac(&self) -> &str {
        &self.mac
    }

    /// Whether it is on.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Whether somebody streams to it.
    #[must_use]
    pub fn is_live(&self, now: Moment) -> bool {
        self.live.is_some_and(|live| now < live.until)
    }

    /// Takes a state. True if the whole state is wanted as an answer.
    pub fn apply(&mut self, body: &Value) -> bool {
        let before = (self.on, self.brightness, self.segments.clone());
        if let Some(bri) = body.get("bri").and_then(Value::as_u64) {
            self.on = bri > 0;
            self.brightness = if bri > 0 { bri.min(255) as u8 } else { self.brightness };
        }
        match body.get("on") {
            Some(Value::Bool(on)) => self.on = *on,
            Some(Value::String(toggle)) if toggle == "t" => self.on = !self.on,
            _ => {}
        }
        if let Some(transition) = body.get("transition").and_then(Value::as_u64) {
            self.transition = transition.min(u64::from(u16::MAX)) as u16;
        }
        if let Some(Value::Object(night_light)) = body.get("nl") {
            self.night_light.extend(night_light.clone());
        }
        if let Some(lor) = body.get("lor").and_then(Value::as_u64) {
            self.override_live = lor.min(2) as u8;
        }
        if body.get("live") == Some(&json!(false)) {
            self.live = None;
        }
        match body.get("seg") {
            Some(Value::Array(list)) => list.iter().enumerate().for_each(|(place, one)| self.segment(place, one)),
            Some(one @ Value::Object(_)) if one.get("id").is_some() => self.segment(0, one),
            Some(all @ Value::Object(_)) => (0..self.segments.len()).for_each(|place| self.segment(place, all)),
            _ => {}
        }
        if before != (self.on, self.brightness, self.segments.clone()) {
            self.n_changes += 1;
            let is_quiet = body.pointer("/udpn/nn") == Some(&json!(true));
            self.n_relayed += u64::from(!is_quiet);
        }
        body.get("v") == Some(&json!(true))
    }

    fn segment(&mut self, place: usize, body: &Value) {
        let id = body.get("id").and_then(Value::as_u64).map_or(place, |id| id as usize);
        if let Some(segment) = self.segments.get_mut(id) {
            segment.apply(body);
        }
    }

    /// Takes a DDP datagram. True if a frame is shown now.
    pub fn ddp(&mut self, now: Moment, from: IpAddr, bytes: &[u8]) -> bool {
        let Ok(packet) = ddp::decode(bytes) else { return false };
        let is_pixels = packet.flags & (ddp::QUERY | ddp::REPLY) == 0
            && !matches!(packet.destination, ddp::CONFIG | ddp::STATUS | 246);
        if !is_pixels || !self.goes_live(now, Live { until: now + TIME_OUT, by: "DDP", from }) {
            return false;
        }
        self.pixels.take(&packet)
    }

    /// Takes a realtime datagram. True if a frame is shown now.
    pub fn realtime(&mut self, now: Moment, from: IpAddr, bytes: &[u8]) -> bool {
        match realtime::decode(bytes) {
            Ok(Packet::Leave) => {
                self.live = None;
                false
            }
            Ok(Packet::Pixels { time_out, start, n_each, data }) => {
                let until =
                    if time_out == u8::MAX { Moment(u64::MAX) } else { now + Duration::from_secs(time_out.into()) };
                let goes_live = self.goes_live(now, Live { until, by: "UDP", from });
                if goes_live {
                    let light: Vec<u8> =
                        data.chunks_exact(n_each).flat_map(|one| one.iter().take(3)).copied().collect();
                    self.pixels.put(usize::from(start) * 3, &light);
                }
                goes_live
            }
            Ok(Packet::Placed { .. }) | Err(_) => false,
        }
    }

    fn goes_live(&mut self, now: Moment, live: Live) -> bool {
        if self.override_live > 0 {
            return false;
        }
        self.n_changes += u64::from(!self.is_live(now));
        self.live = Some(live);
        true
    }

    /// How it is.
    #[must_use]
    pub fn state(&self) -> Value {
        let segments: Vec<_> =
            self.segments.iter().enumerate().map(|(id, segment)| segment.json(id, self.lc)).collect();
        json!({
            "on": self.on, "bri": self.brightness, "transition": self.transition, "ps": -1, "pl": -1, "bs": 0,
            "nl": {
                "on": self.night_light.get("on"), "dur": self.night_light.get("dur"), "mode": 1, "tbri": 0, "rem": -1,
            },
            "udpn": { "send": false, "recv": true, "sgrp": 1, "rgrp": 1 },
            "lor": self.override_live, "mainseg": 0, "seg": segments,
        })
    }

    /// What it is.
    #[must_use]
    pub fn info(&self, now: Moment) -> Value {
        let live = self.live.filter(|live| now < live.until);
        json!({
            "ver": self.version, "vid": 2_412_100, "cn": "Kōsen", "release": "ESP32",
            "leds": {
                "count": self.n_pixels, "pwr": 0, "fps": 42, "maxpwr": 850, "maxseg": 32, "bootps": 0,
                "seglc": self.segments.iter().map(|_| self.lc).collect::<Vec<_>>(), "lc": self.lc,
                "rgbw": self.lc & LC_WHITE != 0, "wv": 0, "cct": u8::from(self.lc & LC_CCT != 0),
            },
            "str": false, "name": self.name, "udpport": self.realtime_port, "simplifiedui": false,
            "live": live.is_some(), "liveseg": -1, "lm": live.map_or("", |live| live.by),
            "lip": live.map_or_else(String::new, |live| live.from.to_string()), "ws": self.n_clients,
            "fxcount": EFFECTS.len(), "palcount": PALETTES.len(), "cpalcount": 0, "maps": [{ "id": 0 }],
            "wifi": { "bssid": "02:00:00:00:00:01", "rssi": -58, "signal": 84, "channel": 6, "ap": false },
            "fs": { "u": 20, "t": 983, "pmt": 0 }, "ndc": 0, "arch": self.arch, "core": "v3.3.6", "clock": 240,
            "flash": 4, "lwip": 0, "freeheap": 168_000, "uptime": now.seconds() as u64, "time": "2026-1-1, 12:00:00",
            "opt": 79, "brand": "WLED", "product": "FOSS", "mac": self.mac, "ip": self.at.to_string(),
        })
    }

    /// What a client of its WebSocket gets.
    #[must_use]
    pub fn both(&self, now: Moment) -> Value {
        json!({ "state": self.state(), "info": self.info(now) })
    }
}

impl Segment {
    const fn new(start: u16, stop: u16) -> Self {
        Self {
            start,
            stop,
            on: true,
            frozen: false,
            opacity: 255,
            cct: 127,
            colors: [[255, 160, 0, 0], [0; 4], [0; 4]],
            effect: 0,
        }
    }

    fn apply(&mut self, body: &Value) {
        let flag = |key: &str| body.get(key).and_then(Value::as_bool);
        let number = |key: &str| body.get(key).and_then(Value::as_i64);
        self.on = flag("on").unwrap_or(self.on);
        self.frozen = flag("frz").unwrap_or(self.frozen);
        self.opacity = number("bri").map_or(self.opacity, |bri| bri.clamp(0, 255) as u8);
        self.effect = number("fx").map_or(self.effect, |fx| fx.clamp(0, EFFECTS.len() as i64 - 1) as u16);
        self.cct = number("cct").map_or(self.cct, |cct| match cct {
            ..=255 => cct.max(0) as u8,
            kelvin => ((kelvin.clamp(CCT[0], CCT[1]) - CCT[0]) * 255 / (CCT[1] - CCT[0])) as u8,
        });
        let colors = body.get("col").and_then(Value::as_array).into_iter().flatten();
        self.colors.iter_mut().zip(colors).for_each(|(to, from)| *to = color(from).unwrap_or(*to));
    }

    fn json(&self, id: usize, lc: u8) -> Value {
        let n = if lc & LC_WHITE != 0 { 4 } else { 3 };
        let colors: Vec<_> = self.colors.iter().map(|color| color.get(..n)).collect();
        json!({
            "id": id, "start": self.start, "stop": self.stop, "len": self.stop - self.start, "grp": 1, "spc": 0, "of": 0,
            "on": self.on, "frz": self.frozen, "bri": self.opacity, "cct": self.cct, "set": 0, "n": "", "col": colors,
            "fx": self.effect, "sx": 128, "ix": 128, "pal": 0, "c1": 128, "c2": 128, "c3": 16, "sel": id == 0,
            "rev": false, "mi": false, "o1": false, "o2": false, "o3": false, "si": 0, "m12": 0, "bm": 0, "lc": lc,
        })
    }
}

/// A colour as a list of numbers or as hex digits.
fn color(from: &Value) -> Option<[u8; 4]> {
    let mut color = [0; 4];
    match from {
        Value::Array(parts) if parts.len() >= 3 => {
            let parts = parts.iter().map(|part| part.as_u64().unwrap_or_default().min(255) as u8);
            color.iter_mut().zip(parts).for_each(|(to, part)| *to = part);
        }
        Value::String(hex) => {
            let number = u32::from_str_radix(hex, 16).ok()?;
            let [w, r, g, b] = number.to_be_bytes();
            color = [r, g, b, w];
        }
        _ => return None,
    }
    Some(color)
}
