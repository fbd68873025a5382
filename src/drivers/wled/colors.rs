//! Between how a light shall be and how a WLED node writes it.
//!
//! A node's colours go through its gamma table, so they are sRGB as on a screen; its brightness is apart.

use std::sync::Arc;

use crate::model::lights::capabilities::{Capabilities, Rates};
use crate::model::lights::state::{Color, State};
use crate::units::color::{Gamut, Linear, Mirek, Srgb8, Xy};
use crate::wire::wled::message::{Info, LC_CCT, LC_RGB, LC_WHITE};

/// Kelvins of the ends of a node's `cct`, 0 and 255.
const CCT: [f32; 2] = [1900.0, 10_091.0];
/// Whites that red, green and blue mix well, mirek.
const MIXED: std::ops::RangeInclusive<u16> = 153..=500;
/// Whites of a node that has white of several temperatures, mirek.
const TUNED: std::ops::RangeInclusive<u16> = 100..=526;
/// Changes a second, at most.
pub(super) const CHANGES_HZ: f32 = 5.0;
/// Time that one pixel takes on the wire, s.
const PIXEL_S: f32 = 30e-6;

/// What one segment shows: a colour, and the temperature of its white if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paint {
    /// Red, green, blue, white.
    pub(super) color: [u8; 4],
    /// 0..=255, the warmest first.
    pub(super) cct: Option<u8>,
}

/// What a node can do. `n_segments` below two are none; `streams` if its pixels can be reached.
pub(super) fn capabilities(info: &Info, n_segments: usize, streams: bool, effects: Arc<[Arc<str>]>) -> Capabilities {
    let lc = info.light_capabilities();
    let colored = lc & LC_RGB != 0;
    let count = info.leds.count;
    Capabilities {
        dimming: lc != 0,
        color: colored.then_some(Gamut::SRGB),
        mirek: match (lc & LC_CCT != 0, colored) {
            (true, _) => Some(TUNED),
            (false, true) => Some(MIXED),
            (false, false) => None,
        },
        segments: if colored && n_segments > 1 { n_segments.min(usize::from(u16::MAX)) as u16 } else { 0 },
        pixels: if streams { count } else { 0 },
        transition: true,
        effects,
        power_on: Arc::new([]),
        identify: streams,
        rates: Rates { changes_hz: CHANGES_HZ, frames_hz: if streams { frames_hz(count) } else { 0.0 } },
    }
}

/// Frames a second for so many pixels: what their wire takes, of the 30 to 60 that a node takes.
pub(super) fn frames_hz(n_pixels: u16) -> f32 {
    (1.0 / (PIXEL_S * f32::from(n_pixels.max(1)))).clamp(30.0, 60.0)
}

/// How segment `n` of `n_all` of a node with capabilities `lc` shows a colour.
pub(super) fn paint(color: &Color, n: usize, n_all: usize, lc: u8) -> Paint {
    match color {
        Color::Mirek(mirek) => white(*mirek, lc),
        Color::Xy(xy) => mixed(xy.linear(), lc),
        Color::Gradient(points) => mixed(along(points, n, n_all).linear(), lc),
    }
}

fn white(mirek: Mirek, lc: u8) -> Paint {
    let share = ((mirek.kelvin() - CCT[0]) / (CCT[1] - CCT[0])).clamp(0.0, 1.0);
    let cct = (lc & LC_CCT != 0).then_some((share * 255.0).round() as u8);
    match (cct, lc & LC_WHITE != 0, lc & LC_RGB != 0) {
        (Some(_), true, _) | (None, _, false) => Paint { color: [0, 0, 0, 255], cct },
        (Some(_), false, _) => Paint { color: [255, 255, 255, 0], cct },
        (None, _, true) => mixed(mirek.xy().linear(), lc),
    }
}

/// Where there is white, what the three have in common is given to it.
fn mixed(light: Linear, lc: u8) -> Paint {
    let common = if lc & LC_WHITE != 0 { light.r.min(light.g).min(light.b) } else { 0.0 };
    let Srgb8 { r, g, b } = Linear::new(light.r - common, light.g - common, light.b - common).srgb();
    let white = Linear::new(common, common, common).srgb().r;
    let color = if lc & LC_RGB == 0 { [0, 0, 0, 255] } else { [r, g, b, white] };
    Paint { color, cct: None }
}

/// The colour of part `n` of `n_all`: its own point if there are as many, else the one between the nearest two.
fn along(points: &[Xy], n: usize, n_all: usize) -> Xy {
    let last = points.len().saturating_sub(1);
    let place = n as f32 * last as f32 / n_all.saturating_sub(1).max(1) as f32;
    let at = |n: usize| points.get(n.min(last)).copied().unwrap_or(Xy::D65);
    let (a, b, share) = (at(place as usize), at(place as usize + 1), place.fract());
    Xy::new(a.x() + (b.x() - a.x()) * share, a.y() + (b.y() - a.y()) * share).unwrap_or(a)
}

/// What the segments of a node show, read back.
pub(super) fn read(paints: &[Paint], lc: u8) -> Option<Color> {
    let (first, rest) = paints.split_first()?;
    if rest.is_empty() || rest.iter().all(|paint| paint.color == first.color) {
        return Some(read_one(*first, lc));
    }
    Some(Color::Gradient(paints.iter().map(|paint| read_one(*paint, lc).xy()).collect()))
}

fn read_one(Paint { color: [r, g, b, w], cct }: Paint, lc: u8) -> Color {
    let is_white = if lc & LC_WHITE != 0 { [r, g, b] == [0; 3] && w > 0 } else { [r, g, b] == [255; 3] };
    match cct {
        Some(cct) if is_white && lc & LC_CCT != 0 => {
            Color::Mirek(Mirek::from_kelvin(CCT[0] + f32::from(cct) / 255.0 * (CCT[1] - CCT[0])))
        }
        _ => {
            let (light, white) = (Srgb8::new(r, g, b).linear(), Srgb8::new(w, w, w).linear().r);
            Color::Xy(Linear::new(light.r + white, light.g + white, light.b + white).xy())
        }
    }
}

/// A brightness as a node writes it: 1..=255.
pub(super) fn bri(state: &State) -> u8 {
    (state.brightness * 255.0).round().clamp(1.0, 255.0) as u8
}
