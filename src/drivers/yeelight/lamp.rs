//! One of the lights of a Yeelight device: what its properties say, and the orders that make it as it shall be.
//!
//! Invariant: an order for a light that is off switches it, or is a scene: all others would be refused.

use std::io::Write as _;
use std::sync::Arc;

use crate::model::lights::Reported;
use crate::model::lights::state::{Color, State};
use crate::units::color::{HueSat, Linear, Mirek, Srgb8, Xy};
use crate::wire::yeelight::{Param, encode_call};

/// The effect that runs while colours flow by themselves.
pub const FLOW: &str = "flow";
/// The shortest fade, ms.
const SHORTEST: u32 = 30;
/// The properties of a lamp without its prefix; those of the main light, then those of a background.
const PROPS: [&str; 8] = ["power", "bright", "ct", "rgb", "hue", "sat", "color_mode", "flowing"];
/// See [`PROPS`].
const BACK_PROPS: [&str; 8] =
    ["bg_power", "bg_bright", "bg_ct", "bg_rgb", "bg_hue", "bg_sat", "bg_lmode", "bg_flowing"];
/// Properties that only ceiling lamps have: of the main light alone, and its moonlight.
const MAIN_PROPS: [&str; 3] = ["main_power", "active_mode", "nl_br"];

/// What is asked with `get_prop`, in this order.
pub fn props() -> impl Iterator<Item = &'static str> {
    PROPS.into_iter().chain(BACK_PROPS).chain(MAIN_PROPS).chain(["name"])
}

/// What it shows, without its brightness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// Red, green and blue: 0xRRGGBB.
    Rgb(u32),
    /// A white, K.
    Ct(u16),
}

/// How it shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whether it is on.
    pub on: bool,
    /// 1..=100.
    pub bright: u8,
    /// What it shows; `None` if it has one white only.
    pub tint: Option<Tint>,
}

/// What can be told to a lamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the protocol; times are ms")]
pub enum Order {
    Power(bool, u32),
    Bright(u8, u32),
    Tint(Tint, u32),
    Scene(Option<Tint>, u8),
    /// It pulses a few times and goes back to what it showed; as a scene if it is off.
    Blink(bool),
    /// What it shows now is what it shows when its power comes back.
    Default,
}

impl Order {
    /// Appends it as a line.
    pub fn encode(self, id: u32, is_back: bool, out: &mut Vec<u8>) {
        use Param::{Int, Word};
        let named = |main, back| if is_back { back } else { main };
        let fade = |ms: u32| if ms < SHORTEST { "sudden" } else { "smooth" };
        let time = |ms: u32| Int(i64::from(ms.max(SHORTEST)));
        // 500 ms each: dark, bright.
        let flow = "500,2,4000,1,500,2,4000,100";
        match self {
            Self::Power(on, ms) => {
                let word = if on { "on" } else { "off" };
                encode_call(id, named("set_power", "bg_set_power"), &[Word(word), Word(fade(ms)), time(ms)], out);
            }
            Self::Bright(bright, ms) => {
                let params = [Int(bright.into()), Word(fade(ms)), time(ms)];
                encode_call(id, named("set_bright", "bg_set_bright"), &params, out);
            }
            Self::Tint(Tint::Rgb(rgb), ms) => {
                encode_call(id, named("set_rgb", "bg_set_rgb"), &[Int(rgb.into()), Word(fade(ms)), time(ms)], out);
            }
            Self::Tint(Tint::Ct(kelvin), ms) => {
                let params = [Int(kelvin.into()), Word(fade(ms)), time(ms)];
                encode_call(id, named("set_ct_abx", "bg_set_ct_abx"), &params, out);
            }
            Self::Scene(tint, bright) => {
                let (word, value) = match tint {
                    Some(Tint::Rgb(rgb)) => ("color", i64::from(rgb)),
                    Some(Tint::Ct(kelvin)) => ("ct", i64::from(kelvin)),
                    None => ("ct", 2700),
                };
                let params = [Word(word), Int(value), Int(bright.into())];
                encode_call(id, named("set_scene", "bg_set_scene"), &params, out);
            }
            Self::Blink(false) => {
                encode_call(id, named("start_cf", "bg_start_cf"), &[Int(6), Int(0), Word(flow)], out);
            }
            Self::Blink(true) => {
                let params = [Word("cf"), Int(6), Int(0), Word(flow)];
                encode_call(id, named("set_scene", "bg_set_scene"), &params, out);
            }
            Self::Default => encode_call(id, named("set_default", "bg_set_default"), &[], out),
        }
    }
}

/// Appends the question for all properties.
pub fn encode_get_props(id: u32, out: &mut Vec<u8>) {
    let names: Vec<Param<'_>> = props().map(Param::Word).collect();
    encode_call(id, "get_prop", &names, out);
}

/// Appends the order to dial us, or to end that.
pub fn encode_music(id: u32, to: Option<std::net::SocketAddr>, out: &mut Vec<u8>) {
    let Some(to) = to else { return encode_call(id, "set_music", &[Param::Int(0)], out) };
    let mut ip = Vec::with_capacity(40);
    // Writing to a Vec cannot fail.
    let _ = write!(ip, "{}", to.ip());
    let ip = std::str::from_utf8(&ip).unwrap_or_default();
    encode_call(id, "set_music", &[Param::Int(1), Param::Word(ip), Param::Int(to.port().into())], out);
}

/// What a lamp's properties say; `None` for what it did not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    power: Option<bool>,
    main_power: Option<bool>,
    bright: Option<u8>,
    ct: Option<u16>,
    rgb: Option<u32>,
    hue: Option<u16>,
    sat: Option<u8>,
    mode: Option<u8>,
    is_flowing: bool,
    is_night: bool,
    night: Option<u8>,
    is_stale: bool,
}

impl Shown {
    /// Takes a property of the main light, or of the background. True if it is one of them.
    pub fn take(&mut self, is_back: bool, name: &str, value: &str) -> bool {
        let names = if is_back { BACK_PROPS } else { PROPS };
        let on = || if value.is_empty() { None } else { Some(value == "on") };
        match names.iter().position(|known| *known == name) {
            Some(0) => self.power = on(),
            Some(1) => self.bright = value.parse().ok(),
            Some(2) => self.ct = value.parse().ok(),
            Some(3) => self.rgb = value.parse().ok(),
            Some(4) => self.hue = value.parse().ok(),
            Some(5) => self.sat = value.parse().ok(),
            Some(6) => self.mode = value.parse().ok(),
            Some(7) => self.is_flowing = value == "1",
            _ if is_back => return false,
            _ => match MAIN_PROPS.iter().position(|known| *known == name) {
                Some(0) => self.main_power = on(),
                Some(1) => self.is_night = value == "1",
                Some(2) => self.night = value.parse().ok(),
                _ => return false,
            },
        }
        true
    }

    /// Whether there is such a lamp at all.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.power.is_some()
    }

    /// It was told things that it did not confirm: what it said before counts no more.
    pub fn forget(&mut self) {
        self.is_stale = true;
    }

    /// It said all there is.
    pub fn all_told(&mut self) {
        self.is_stale = false;
    }

    /// Whether what it said counts no more.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Whether it told colours, and whites.
    #[must_use]
    pub fn mixes(&self) -> (bool, bool) {
        (self.rgb.is_some(), self.ct.is_some())
    }

    /// Whether it is on, if it said so.
    #[must_use]
    pub fn on(&self) -> Option<bool> {
        self.main_power.or(self.power)
    }

    /// Colours flow by themselves.
    #[must_use]
    pub fn flows(&self) -> bool {
        self.is_flowing
    }

    fn tint(&self) -> Option<Tint> {
        match self.mode {
            Some(1) => self.rgb.map(Tint::Rgb),
            Some(3) => {
                let (hue, sat) = (self.hue?, self.sat?);
                let parts = HueSat { hue: f32::from(hue % 360), saturation: f32::from(sat.min(100)) / 100.0 };
                Some(Tint::Rgb(rgb_of(parts.srgb())))
            }
            _ => self.ct.map(Tint::Ct),
        }
    }

    fn bright(&self) -> Option<u8> {
        let night = self.night.filter(|_| self.is_night);
        // Moonlight is much darker than the darkest daylight: it counts as that.
        night.map(|_| 1).or(self.bright)
    }

    /// All of it as a target, as far as it said so.
    #[must_use]
    pub fn target(&self) -> Option<Target> {
        Some(Target { on: self.on()?, bright: self.bright()?.clamp(1, 100), tint: self.tint() })
    }

    /// It confirmed that it is so now.
    pub fn become_target(&mut self, target: &Target) {
        self.is_stale = false;
        self.power = Some(target.on);
        self.main_power = self.main_power.map(|_| target.on);
        if target.on {
            self.bright = Some(target.bright);
            (self.is_flowing, self.is_night) = (false, false);
            match target.tint {
                Some(Tint::Rgb(rgb)) => (self.mode, self.rgb) = (Some(1), Some(rgb)),
                Some(Tint::Ct(kelvin)) => (self.mode, self.ct) = (Some(2), Some(kelvin)),
                None => {}
            }
        }
    }

    /// What that is to the house. `wished` is what was sent last, and what it became.
    #[must_use]
    pub fn reported(&self, wished: Option<&(State, Target)>) -> Reported {
        let effect = if self.is_flowing { FLOW } else { "" };
        let mut reported = Reported {
            on: self.on(),
            brightness: self.bright().map(|bright| f32::from(bright.min(100)) / 100.0),
            color: self.tint().map(|tint| match tint {
                Tint::Rgb(rgb) => Color::Xy(srgb_of(rgb).linear().xy()),
                Tint::Ct(kelvin) => Color::Mirek(Mirek::from_kelvin(f32::from(kelvin))),
            }),
            effect: Some(Arc::from(effect)),
        };
        // What was wished comes back rounded to whole steps: it is the wish.
        if let Some((state, target)) = wished {
            if self.bright() == Some(target.bright) {
                reported.brightness = Some(state.brightness);
            }
            if target.tint.is_some() && self.tint() == target.tint {
                reported.color = Some(state.color.clone());
            }
        }
        reported
    }

    /// The orders that lead to a target; none if it is there. `has_scene`: it knows scenes.
    #[must_use]
    pub fn orders(&self, target: &Target, keeps_flow: bool, ms: u32, has_scene: bool) -> Vec<Order> {
        let known = self.target().filter(|_| !self.is_stale);
        let on = self.on().filter(|_| !self.is_stale);
        let is_on = on == Some(true);
        let same_bright = known.is_some_and(|known| known.bright == target.bright);
        let same_tint = target.tint.is_none() || known.is_some_and(|known| known.tint == target.tint);
        let flow_stays = self.is_flowing && keeps_flow;
        let ends_flow = self.is_flowing && !keeps_flow;
        let tint = target.tint.filter(|_| (!same_tint || ends_flow) && !flow_stays);
        let bright = (!same_bright && !flow_stays).then_some(target.bright);
        match (target.on, is_on) {
            (false, _) if on == Some(false) => Vec::new(),
            (false, _) => vec![Order::Power(false, ms)],
            (true, true) if has_scene && (ends_flow || (ms < SHORTEST && tint.is_some() && bright.is_some())) => {
                vec![Order::Scene(target.tint, target.bright)]
            }
            (true, false) if has_scene && (tint.is_some() || bright.is_some()) => {
                vec![Order::Scene(target.tint, target.bright)]
            }
            (true, _) => {
                let power = (!is_on).then_some(Order::Power(true, ms));
                let tint = tint.map(|tint| Order::Tint(tint, ms));
                power.into_iter().chain(tint).chain(bright.map(|bright| Order::Bright(bright, ms))).collect()
            }
        }
    }
}

fn rgb_of(Srgb8 { r, g, b }: Srgb8) -> u32 {
    u32::from_be_bytes([0, r, g, b])
}

fn srgb_of(rgb: u32) -> Srgb8 {
    let [_, r, g, b] = rgb.to_be_bytes();
    Srgb8 { r, g, b }
}

/// What colours a lamp has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    /// Whether it mixes colours.
    pub color: bool,
    /// Its whites, K: warmest and coldest.
    pub kelvin: Option<(u16, u16)>,
}

impl Mix {
    fn xy(self, xy: Xy) -> Option<Tint> {
        if self.color { Some(Tint::Rgb(rgb_of(xy.linear().srgb()))) } else { self.white(xy.mirek()) }
    }

    fn white(self, mirek: Mirek) -> Option<Tint> {
        let Some((warmest, coldest)) = self.kelvin else {
            return self.color.then(|| Tint::Rgb(rgb_of(mirek.xy().linear().srgb())));
        };
        Some(Tint::Ct((mirek.kelvin().round() as u16).clamp(warmest, coldest)))
    }

    /// What a state becomes.
    #[must_use]
    pub fn target(self, state: &State) -> Target {
        let tint = match &state.color {
            Color::Mirek(mirek) => self.white(*mirek),
            color => self.xy(color.xy()),
        };
        Target { on: state.on, bright: bright_of(state.brightness), tint }
    }

    /// What a pixel of a frame becomes: its brightest part is its brightness; what is almost dark is off.
    #[must_use]
    pub fn pixel(self, pixel: Linear) -> Target {
        let peak = pixel.peak();
        Target { on: peak >= 0.005, bright: bright_of(peak), tint: self.xy(pixel.xy()) }
    }
}

fn bright_of(share: f32) -> u8 {
    (share * 100.0).round().clamp(1.0, 100.0) as u8
}
