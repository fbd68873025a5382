//! Colours of light: what people and screens call them, what a light can show, and the one way from one to the other.
//!
//! ```text
//! Srgb8 <──gamma──> Linear ──matrix──> Xy (+ brightness apart) <──Planck──> Mirek
//! ```
//!
//! The matrices are those of sRGB with white point D65 (IEC 61966-2-1). Brightness is kept beside a colour, never in it.
//!
//! Invariant: an [`Xy`], a [`Linear`] and a [`Gamut`] hold finite numbers only; nothing here panics or gives NaN.

#![allow(clippy::excessive_precision, reason = "constants stand as their sources print them")]

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// A colour as screens show it: sRGB, gamma encoded, 0..=255.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Srgb8 {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

/// A colour as light adds up: red, green and blue of sRGB's primaries without gamma, 0..=1 each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// Red.
    pub r: f32,
    /// Green.
    pub g: f32,
    /// Blue.
    pub b: f32,
}

/// A colour without its brightness: CIE 1931 chromaticity, 0..=1 each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Pair", into = "Pair")]
pub struct Xy {
    x: f32,
    y: f32,
}

/// How an [`Xy`] is written.
#[derive(Serialize, Deserialize)]
struct Pair {
    x: f32,
    y: f32,
}

/// A white by its mirek: one million divided by its temperature in kelvin. 50..=1000 (20,000 to 1,000 K).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Mirek(u16);

/// The colours that a light can mix: a triangle of chromaticities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gamut {
    /// Its red corner.
    pub red: Xy,
    /// Its green corner.
    pub green: Xy,
    /// Its blue corner.
    pub blue: Xy,
}

/// Hue and saturation of a colour at full value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HueSat {
    /// Degrees, 0..360.
    pub hue: f32,
    /// 0..=1.
    pub saturation: f32,
}

const TO_XYZ: [[f32; 3]; 3] =
    [[0.412_391, 0.357_584, 0.180_481], [0.212_639, 0.715_169, 0.072_192], [0.019_331, 0.119_195, 0.950_532]];
const FROM_XYZ: [[f32; 3]; 3] =
    [[3.240_970, -1.537_383, -0.498_611], [-0.969_244, 1.875_968, 0.041_555], [0.055_630, -0.203_977, 1.056_972]];

fn product(matrix: &[[f32; 3]; 3], [a, b, c]: [f32; 3]) -> [f32; 3] {
    matrix.map(|[p, q, r]| p * a + q * b + r * c)
}

/// One channel of sRGB without gamma; `encoded` and the answer are 0..=1.
#[must_use]
pub fn decode_gamma(encoded: f32) -> f32 {
    if encoded <= 0.040_45 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) }
}

/// One channel of sRGB with gamma; `linear` and the answer are 0..=1.
#[must_use]
pub fn encode_gamma(linear: f32) -> f32 {
    if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
}

fn byte(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0).round() as u8
}

impl Srgb8 {
    /// A colour from its parts.
    #[must_use]
    pub const fn new(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b }
    }

    /// Reads `#FF8A3D`, with or without `#`, also in the short form `#F84`.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.trim().trim_start_matches('#');
        let digit = |at: usize| digits.get(at..=at).and_then(|one| u8::from_str_radix(one, 16).ok());
        match digits.len() {
            3 => Some(Self::new(digit(0)? * 17, digit(1)? * 17, digit(2)? * 17)),
            6 => Some(Self::new(digit(0)? * 16 + digit(1)?, digit(2)? * 16 + digit(3)?, digit(4)? * 16 + digit(5)?)),
            _ => None,
        }
    }

    /// `#FF8A3D`.
    #[must_use]
    pub fn hex(self) -> String {
        let Self { r, g, b } = self;
        format!("#{r:02X}{g:02X}{b:02X}")
    }

    /// The same without gamma.
    #[must_use]
    pub fn linear(self) -> Linear {
        let [r, g, b] = [self.r, self.g, self.b].map(|channel| decode_gamma(f32::from(channel) / 255.0));
        Linear { r, g, b }
    }
}

impl std::str::FromStr for Srgb8 {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_hex(text).ok_or("a colour is written as #FF8A3D")
    }
}

impl Linear {
    /// No light.
    pub const BLACK: Self = Self { r: 0.0, g: 0.0, b: 0.0 };

    /// A colour of these parts; what is no number counts as 0, what is out of range as its nearest end.
    #[must_use]
    pub fn new(r: f32, g: f32, b: f32) -> Self {
        let [r, g, b] = [r, g, b].map(|part| if part.is_nan() { 0.0 } else { part.clamp(0.0, 1.0) });
        Self { r, g, b }
    }

    /// The same with gamma, for screens.
    #[must_use]
    pub fn srgb(self) -> Srgb8 {
        let [r, g, b] = [self.r, self.g, self.b].map(|part| byte(encode_gamma(part)));
        Srgb8 { r, g, b }
    }

    /// 8 bits a channel without gamma: what LED chips dim by.
    #[must_use]
    pub fn bytes(self) -> [u8; 3] {
        [byte(self.r), byte(self.g), byte(self.b)]
    }

    /// Its chromaticity; that of D65 for black.
    #[must_use]
    pub fn xy(self) -> Xy {
        let [x, y, z] = product(&TO_XYZ, [self.r, self.g, self.b]);
        let sum = x + y + z;
        if sum <= f32::EPSILON { Xy::D65 } else { Xy::new(x / sum, y / sum).unwrap_or(Xy::D65) }
    }

    /// Luminance, 0..=1: Y of XYZ.
    #[must_use]
    pub fn luminance(self) -> f32 {
        product(&TO_XYZ, [self.r, self.g, self.b])[1]
    }

    /// The brightest of its parts, 0..=1.
    #[must_use]
    pub fn peak(self) -> f32 {
        self.r.max(self.g).max(self.b)
    }

    /// Each part times `share`, 0..=1.
    #[must_use]
    pub fn scaled(self, share: f32) -> Self {
        Self::new(self.r * share, self.g * share, self.b * share)
    }
}

impl Xy {
    /// The white of screens.
    pub const D65: Self = Self { x: 0.3127, y: 0.3290 };

    /// A chromaticity; `None` if a part is no number or outside 0..=1.
    #[must_use]
    pub fn new(x: f32, y: f32) -> Option<Self> {
        let right = |part: f32| (0.0..=1.0).contains(&part);
        (right(x) && right(y)).then_some(Self { x, y })
    }

    const fn at(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// CIE x.
    #[must_use]
    pub const fn x(self) -> f32 {
        self.x
    }

    /// CIE y.
    #[must_use]
    pub const fn y(self) -> f32 {
        self.y
    }

    /// The light of this chromaticity with its brightest part at 1; what sRGB cannot show is cut to its edge.
    #[must_use]
    pub fn linear(self) -> Linear {
        let y = self.y.max(1e-5);
        let parts = product(&FROM_XYZ, [self.x / y, 1.0, (1.0 - self.x - self.y) / y]).map(|part| part.max(0.0));
        let peak = parts[0].max(parts[1]).max(parts[2]).max(f32::MIN_POSITIVE);
        Linear::new(parts[0] / peak, parts[1] / peak, parts[2] / peak)
    }

    /// How far two chromaticities lie apart.
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }

    /// Its correlated temperature as mirek (McCamy 1992), the nearest that a [`Mirek`] can be.
    #[must_use]
    pub fn mirek(self) -> Mirek {
        let below = 0.1858 - self.y;
        let n = (self.x - 0.3320) / if below.abs() < 1e-6 { 1e-6 } else { below };
        let kelvin = 449.0 * n.powi(3) + 3525.0 * n.powi(2) + 6823.3 * n + 5520.33;
        Mirek::from_kelvin(kelvin)
    }

    /// Hue and saturation of it at full value (HSV of sRGB).
    #[must_use]
    pub fn hue_sat(self) -> HueSat {
        HueSat::of(self.linear().srgb())
    }
}

impl TryFrom<Pair> for Xy {
    type Error = &'static str;

    fn try_from(Pair { x, y }: Pair) -> Result<Self, Self::Error> {
        Self::new(x, y).ok_or("x and y of a colour are 0 to 1")
    }
}

impl From<Xy> for Pair {
    fn from(Xy { x, y }: Xy) -> Self {
        Self { x, y }
    }
}

impl Mirek {
    /// What a mirek can be.
    pub const RANGE: RangeInclusive<u16> = 50..=1000;

    /// A white; the nearest in range.
    #[must_use]
    pub fn new(mirek: u16) -> Self {
        Self(mirek.clamp(*Self::RANGE.start(), *Self::RANGE.end()))
    }

    /// The white of this temperature in kelvin; the nearest in range, the warmest for what is no temperature.
    #[must_use]
    pub fn from_kelvin(kelvin: f32) -> Self {
        if kelvin.is_finite() && kelvin > 0.0 { Self::new((1e6 / kelvin).round() as u16) } else { Self::new(u16::MAX) }
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// Its temperature, K.
    #[must_use]
    pub fn kelvin(self) -> f32 {
        1e6 / f32::from(self.0)
    }

    /// The nearest within a light's own range.
    #[must_use]
    pub fn within(self, range: &RangeInclusive<u16>) -> Self {
        Self::new(self.0.min(*range.end()).max(*range.start()))
    }

    /// Its chromaticity: the Planckian locus by a cubic fit (Kang et al. 2002), 1667 to 25,000 K; beyond, that of the end.
    #[must_use]
    pub fn xy(self) -> Xy {
        let k = self.kelvin().clamp(1667.0, 25_000.0);
        let t = 1e3 / k;
        let x = match k <= 4000.0 {
            true => -0.266_123_9 * t.powi(3) - 0.234_358_9 * t.powi(2) + 0.877_695_6 * t + 0.179_910,
            false => -3.025_846_9 * t.powi(3) + 2.107_037_9 * t.powi(2) + 0.222_634_7 * t + 0.240_390,
        };
        let [a, b, c, d] = match k {
            ..=2222.0 => [-1.106_381_4, -1.348_110_2, 2.185_558_3, -0.202_196_83],
            ..=4000.0 => [-0.954_947_6, -1.374_185_9, 2.091_370_2, -0.167_488_67],
            _ => [3.081_758, -5.873_386_7, 3.751_13, -0.370_014_83],
        };
        Xy::at(x, a * x.powi(3) + b * x.powi(2) + c * x + d)
    }
}

impl TryFrom<u16> for Mirek {
    type Error = &'static str;

    fn try_from(mirek: u16) -> Result<Self, Self::Error> {
        if Self::RANGE.contains(&mirek) { Ok(Self(mirek)) } else { Err("mirek is 50 to 1000") }
    }
}

impl From<Mirek> for u16 {
    fn from(mirek: Mirek) -> Self {
        mirek.0
    }
}

impl Gamut {
    /// Older coloured lamps of Philips: Iris, Bloom, Aura, the first strips.
    pub const A: Self = Self { red: Xy::at(0.704, 0.296), green: Xy::at(0.2151, 0.7106), blue: Xy::at(0.138, 0.08) };
    /// The first bulbs of Philips.
    pub const B: Self = Self { red: Xy::at(0.675, 0.322), green: Xy::at(0.409, 0.518), blue: Xy::at(0.167, 0.04) };
    /// Newer coloured lights of Philips.
    pub const C: Self = Self { red: Xy::at(0.6915, 0.3083), green: Xy::at(0.17, 0.7), blue: Xy::at(0.1532, 0.0475) };
    /// What LEDs of screens' primaries show.
    pub const SRGB: Self = Self { red: Xy::at(0.64, 0.33), green: Xy::at(0.3, 0.6), blue: Xy::at(0.15, 0.06) };
    /// All colours: for lights that do not say what they can.
    pub const ALL: Self = Self { red: Xy::at(1.0, 0.0), green: Xy::at(0.0, 1.0), blue: Xy::at(0.0, 0.0) };

    /// Whether a light of this gamut can show the colour.
    #[must_use]
    pub fn contains(&self, point: Xy) -> bool {
        let side = |a: Xy, b: Xy| (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
        let sides = [side(self.red, self.green), side(self.green, self.blue), side(self.blue, self.red)];
        sides.iter().all(|side| *side >= -1e-6) || sides.iter().all(|side| *side <= 1e-6)
    }

    /// The colour itself if it can be shown, else the nearest that can.
    #[must_use]
    pub fn clamp(&self, point: Xy) -> Xy {
        if self.contains(point) {
            return point;
        }
        let edges = [(self.red, self.green), (self.green, self.blue), (self.blue, self.red)];
        let nearest = edges.map(|(a, b)| nearest_between(a, b, point));
        nearest.into_iter().min_by(|a, b| a.distance(point).total_cmp(&b.distance(point))).unwrap_or(point)
    }
}

fn nearest_between(a: Xy, b: Xy, point: Xy) -> Xy {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = (dx * dx + dy * dy).max(f32::MIN_POSITIVE);
    let share = (((point.x - a.x) * dx + (point.y - a.y) * dy) / length).clamp(0.0, 1.0);
    Xy::at(a.x + share * dx, a.y + share * dy)
}

impl HueSat {
    /// Hue and saturation of a screen's colour (HSV); hue 0 for greys.
    #[must_use]
    pub fn of(color: Srgb8) -> Self {
        let [r, g, b] = [color.r, color.g, color.b].map(f32::from);
        let (most, least) = (r.max(g).max(b), r.min(g).min(b));
        let span = most - least;
        if span <= 0.0 {
            return Self { hue: 0.0, saturation: 0.0 };
        }
        let sixth = match most {
            _ if most == r => ((g - b) / span).rem_euclid(6.0),
            _ if most == g => (b - r) / span + 2.0,
            _ => (r - g) / span + 4.0,
        };
        Self { hue: sixth * 60.0, saturation: span / most }
    }

    /// The screen's colour at full value.
    #[must_use]
    pub fn srgb(self) -> Srgb8 {
        let Self { hue, saturation } = self;
        let part = |n: f32| {
            let k = (n + hue / 60.0).rem_euclid(6.0);
            byte(1.0 - saturation.clamp(0.0, 1.0) * k.min(4.0 - k).clamp(0.0, 1.0))
        };
        Srgb8::new(part(5.0), part(3.0), part(1.0))
    }
}

/// Brightness of the Hue API's first version, 1..=254, of a share 0..=1; halves go to the even number.
#[must_use]
pub fn bri_of_share(share: f32) -> u8 {
    (share * 254.0).round_ties_even().clamp(1.0, 254.0) as u8
}

/// The share 0..=1 of a brightness of the Hue API's first version.
#[must_use]
pub fn share_of_bri(bri: u8) -> f32 {
    f32::from(bri.min(254)) / 254.0
}
