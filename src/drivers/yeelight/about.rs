//! What a Yeelight device says it is, and what that makes of its lamps.

use std::sync::Arc;

use crate::drivers::light::Thing;
use crate::drivers::yeelight::lamp::Mix;
use crate::drivers::yeelight::models::{BACK_WHITES, whites};
use crate::model::lights::capabilities::{Capabilities, PowerOn, Rates};
use crate::units::color::{Gamut, Mirek};

/// Frames a second in music mode.
const FRAMES_HZ: f32 = 20.0;

/// What a device says it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct About {
    pub(super) identity: Option<String>,
    pub(super) model: String,
    /// The methods that it knows, with blanks between; empty if it did not say.
    pub(super) support: String,
    pub(super) name: String,
    pub(super) firmware: String,
}

impl About {
    /// Whether it knows a method; if it never said what it knows, `guess`.
    pub(super) fn knows(&self, method: &str, guess: bool) -> bool {
        if self.support.is_empty() { guess } else { self.support.split(' ').any(|known| known == method) }
    }

    /// What colours a lamp has; `told` is whether it told colours, and whites.
    pub(super) fn mix(&self, lamp: usize, told: (bool, bool)) -> Mix {
        let (rgb, ct) = told;
        let (color, white, range) = match lamp {
            0 => ("set_rgb", "set_ct_abx", whites(&self.model)),
            _ => ("bg_set_rgb", "bg_set_ct_abx", Some(BACK_WHITES)),
        };
        Mix { color: self.knows(color, rgb), kelvin: range.filter(|_| self.knows(white, ct)) }
    }

    /// What a lamp of these colours is to the house.
    pub(super) fn thing(&self, lamp: usize, mix: Mix) -> Thing {
        let mirek = |kelvin: u16| Mirek::from_kelvin(f32::from(kelvin)).get();
        let identity = self.identity.as_deref().unwrap_or_default();
        let name = called(&self.name, &self.model, identity);
        let has_music = self.knows("set_music", true);
        let (flow, default) = if lamp == 0 { ("start_cf", "set_default") } else { ("bg_start_cf", "bg_set_default") };
        let power_on: &[PowerOn] = if self.knows(default, false) { &[PowerOn::On] } else { &[] };
        let capabilities = Capabilities {
            dimming: true,
            color: mix.color.then_some(Gamut::SRGB),
            mirek: mix.kelvin.map(|(warmest, coldest)| mirek(coldest)..=mirek(warmest)),
            segments: 0,
            pixels: u16::from(has_music),
            transition: true,
            effects: Arc::new([]),
            power_on: power_on.into(),
            identify: self.knows(flow, true),
            rates: Rates { changes_hz: 1.0, frames_hz: if has_music { FRAMES_HZ } else { 0.0 } },
        };
        Thing::Light {
            name: if lamp == 0 { name.trim().into() } else { format!("{} background", name.trim()).into() },
            model: format!("Yeelight {}", self.model).trim_end().into(),
            room: None,
            capabilities: Arc::new(capabilities),
        }
    }
}

/// What people call it: by its model and the end of its identity if they gave it no name.
pub(super) fn called(name: &str, model: &str, identity: &str) -> String {
    let tail = identity.get(identity.len().saturating_sub(6)..).unwrap_or(identity);
    if name.is_empty() { format!("Yeelight {model} {tail}").replace("  ", " ") } else { name.to_owned() }
}
