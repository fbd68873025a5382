//! LIFX colours and ours: hue and saturation of sRGB, brightness apart, kelvin for whites.

use std::ops::RangeInclusive;

use crate::model::lights::state::Color;
use crate::units::color::{HueSat, Linear, Mirek, Xy};
use crate::wire::lifx::parts::Hsbk;

/// The kelvin of what is no white: it counts for nothing there.
const NEUTRAL: u16 = 3500;
/// Less saturation than this is a white.
const WHITE: f32 = 0.02;

/// What colours a device has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mix {
    /// Whether it mixes colours.
    pub color: bool,
    /// Its whites, K.
    pub kelvin: RangeInclusive<u16>,
}

fn share(of: f32) -> u16 {
    (of.clamp(0.0, 1.0) * 65_535.0).round() as u16
}

impl Mix {
    fn white(&self, kelvin: f32, brightness: u16) -> Hsbk {
        let kelvin = (kelvin.round() as u16).clamp(*self.kelvin.start(), *self.kelvin.end());
        Hsbk { hue: 0, saturation: 0, brightness, kelvin }
    }

    fn hue_sat(&self, HueSat { hue, saturation }: HueSat, brightness: u16) -> Hsbk {
        Hsbk { hue: share(hue / 360.0), saturation: share(saturation), brightness, kelvin: NEUTRAL }
    }

    /// A chromaticity at a brightness 0..=1; on is never darker than the darkest.
    #[must_use]
    pub fn xy(&self, xy: Xy, brightness: f32) -> Hsbk {
        let parts = xy.hue_sat();
        let brightness = share(brightness).max(1);
        if self.color && parts.saturation >= WHITE {
            self.hue_sat(parts, brightness)
        } else {
            self.white(xy.mirek().kelvin(), brightness)
        }
    }

    /// What a state's colour is at a brightness 0..=1; of a gradient its middle.
    #[must_use]
    pub fn color(&self, color: &Color, brightness: f32) -> Hsbk {
        match color {
            Color::Mirek(mirek) => self.white(mirek.kelvin(), share(brightness).max(1)),
            Color::Xy(_) | Color::Gradient(_) => self.xy(color.xy(), brightness),
        }
    }

    /// A pixel of a frame: its brightest part is its brightness.
    #[must_use]
    pub fn pixel(&self, pixel: Linear) -> Hsbk {
        let peak = pixel.peak();
        let full = if peak > 0.0 { pixel.scaled(1.0 / peak) } else { Linear::BLACK };
        let parts = HueSat::of(full.srgb());
        if self.color && parts.saturation >= WHITE {
            self.hue_sat(parts, share(peak))
        } else {
            self.white(pixel.xy().mirek().kelvin(), share(peak))
        }
    }
}

/// What a device's colour is to us.
#[must_use]
pub fn said(color: Hsbk) -> Color {
    if color.saturation == 0 {
        return Color::Mirek(Mirek::from_kelvin(f32::from(color.kelvin)));
    }
    Color::Xy(said_xy(color))
}

/// The chromaticity of a device's colour.
#[must_use]
pub fn said_xy(color: Hsbk) -> Xy {
    if color.saturation == 0 {
        return Mirek::from_kelvin(f32::from(color.kelvin)).xy();
    }
    let hue = f32::from(color.hue) / 65_536.0 * 360.0;
    HueSat { hue, saturation: f32::from(color.saturation) / 65_535.0 }.srgb().linear().xy()
}

/// A device's brightness, 0..=1.
#[must_use]
pub fn said_brightness(color: Hsbk) -> f32 {
    f32::from(color.brightness) / 65_535.0
}

/// Whether two colours are the same but for the rounding inside devices.
#[must_use]
pub fn alike(a: Hsbk, b: Hsbk) -> bool {
    let near = |a: u16, b: u16, by: u16| a.abs_diff(b) <= by;
    let hues = a.hue.wrapping_sub(b.hue);
    let same_tint = match (a.saturation, b.saturation) {
        (0, 0) => near(a.kelvin, b.kelvin, 30),
        (one, other) => near(one, other, 700) && hues.min(hues.wrapping_neg()) <= 300,
    };
    same_tint && near(a.brightness, b.brightness, 400)
}

/// Points blended into as many as there are zones, each alone in the middle of its own stretch at the ends.
pub fn spread(points: &[Xy], n_zones: usize, mut put: impl FnMut(Xy)) {
    let last = points.len().saturating_sub(1);
    for zone in 0..n_zones {
        let at = if n_zones > 1 { zone as f32 * last as f32 / (n_zones - 1) as f32 } else { 0.0 };
        let (low, part) = (at as usize, at.fract());
        let (Some(a), b) = (points.get(low), points.get((low + 1).min(last))) else { return };
        let b = b.unwrap_or(a);
        put(Xy::new(a.x() + (b.x() - a.x()) * part, a.y() + (b.y() - a.y()) * part).unwrap_or(*a));
    }
}
