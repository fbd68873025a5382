//! What a body asks of a light: the members that lights, groups of them and actions of scenes share.
//!
//! Invariant: a brightness of 0 means the least, never off.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::bridge::v2::resources::effects;
use crate::bridge::v2::resources::light::{DIMMEST, MAX_POINTS, WHITES, points_capable, white};
use crate::bridge::v2::writes::read;
use crate::bridge::v2::writes::write::Refusal;
use crate::model::lights::Light;
use crate::model::lights::capabilities::Capabilities;
use crate::model::lights::state::{Change, Color};
use crate::units::color::{Mirek, Xy};

/// The longest that a change takes, ms; longer ones are cut to it.
pub const LONGEST_MS: f64 = 3_600_000.0;
/// A duration that apps can write, ms.
const ANY_MS: f64 = 65_534_000.0;
/// Whites at the beginning and the end of a sunrise, mirek.
const DAWN: [u16; 2] = [500, 250];

/// A change by steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delta {
    /// By so much.
    By(f64),
    /// Not further.
    Stop,
}

/// A light that goes slowly from night to day, or the reverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// To day.
    pub rising: bool,
    /// How long it takes, ms.
    pub duration_ms: u32,
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// `on`.
    pub on: Option<bool>,
    /// `dimming`, percent.
    pub brightness: Option<f64>,
    /// `dimming_delta`, percent.
    pub brightness_delta: Option<Delta>,
    /// `color_temperature`.
    pub mirek: Option<u16>,
    /// `color_temperature_delta`, mirek.
    pub mirek_delta: Option<Delta>,
    /// `color`.
    pub xy: Option<Xy>,
    /// `gradient`.
    pub gradient: Option<Vec<Xy>>,
    /// `effects` or `effects_v2`, by the name that apps know.
    pub effect: Option<String>,
    /// `timed_effects`; `Some(None)` ends one.
    pub timed: Option<Option<Timed>>,
    /// `dynamics.duration`, ms.
    pub duration_ms: Option<u32>,
    /// `alert` or `signaling` that blinks.
    pub blink: bool,
}

impl Asked {
    /// Reads it.
    ///
    /// # Errors
    /// If a member is of a wrong type or out of range.
    pub fn read(body: &Map<String, Value>) -> Result<Self, Refusal> {
        let inner = |key| read::object(body, key);
        let on = inner("on")?.map(|on| read::needed(read::flag(on, "on")?, "on")).transpose()?;
        let brightness = inner("dimming")?.map(|dimming| read::number(dimming, "brightness", 0.0..=100.0));
        let mirek = inner("color_temperature")?.map(|white| read::number(white, "mirek", whites())).transpose()?;
        let duration = inner("dynamics")?.map(|dynamics| read::number(dynamics, "duration", 0.0..=ANY_MS));
        Ok(Self {
            on,
            brightness: brightness.transpose()?.flatten(),
            brightness_delta: delta(inner("dimming_delta")?, "brightness_delta", 100.0)?,
            mirek: mirek.flatten().map(|mirek| mirek.round() as u16),
            mirek_delta: delta(inner("color_temperature_delta")?, "mirek_delta", 347.0)?,
            xy: inner("color")?.map(read::color).transpose()?,
            gradient: inner("gradient")?.map(gradient).transpose()?,
            effect: effect(body)?,
            timed: inner("timed_effects")?.map(timed).transpose()?,
            duration_ms: duration.transpose()?.flatten().map(|ms| ms.min(LONGEST_MS) as u32),
            blink: blink(inner("alert")?, inner("signaling")?)?,
        })
    }

    /// Refuses what a light cannot do.
    ///
    /// # Errors
    /// If it cannot do something of it.
    pub fn check(&self, can: &Capabilities) -> Result<(), Refusal> {
        let refused = [
            ("dimming", self.brightness.is_some() && !can.dimming),
            ("dimming_delta", self.brightness_delta.is_some() && !can.dimming),
            ("timed_effects", self.timed.is_some() && !can.dimming),
            ("color_temperature", self.mirek.is_some() && can.mirek.is_none() && can.color.is_none()),
            ("color_temperature_delta", self.mirek_delta.is_some() && can.mirek.is_none()),
            ("color", self.xy.is_some() && can.color.is_none()),
            ("gradient", self.gradient.is_some() && points_capable(can) == 0),
            ("alert or signaling", self.blink && !can.identify),
        ];
        if let Some((what, _)) = refused.iter().find(|(_, refused)| *refused) {
            return Err(Refusal::bad(format!("this light has no {what}")));
        }
        match &self.effect {
            Some(name) if effects::meant(can, name).is_none() => {
                Err(Refusal::bad(format!("this light has no effect {name}")))
            }
            _ => Ok(()),
        }
    }

    /// What that comes down to for one light.
    #[must_use]
    pub fn change(&self, light: &Light) -> Change {
        let can = &light.capabilities;
        let effect = self.effect.as_ref().and_then(|name| effects::meant(can, name));
        let starts = effect.as_ref().is_some_and(|effect| !effect.is_empty());
        Change {
            on: self.on.or_else(|| (starts && !light.wanted.on).then_some(true)),
            brightness: self.brightness_of(light),
            color: self.color_of(light),
            effect,
            transition_ms: self.transition(),
        }
    }

    /// What that comes down to for any light: what one cannot do, it leaves out by itself.
    #[must_use]
    pub fn for_all(&self) -> Change {
        let brightness = self.brightness.map(share);
        Change { on: self.on, brightness, color: self.color(), effect: None, transition_ms: self.transition() }
    }

    /// Whether it asks for steps, which differ from light to light.
    #[must_use]
    pub const fn steps(&self) -> bool {
        self.brightness_delta.is_some() || self.mirek_delta.is_some()
    }

    /// How the lights go slowly: what they begin with, and what they go to.
    #[must_use]
    pub fn slowly(&self) -> Option<[Change; 2]> {
        let Timed { rising, duration_ms } = self.timed??;
        let [night, day] = DAWN.map(|mirek| Some(Color::Mirek(Mirek::new(mirek))));
        let change = |brightness, color, transition_ms| Change {
            on: Some(true),
            brightness,
            color,
            transition_ms: Some(transition_ms),
            ..Change::default()
        };
        let least = Some(share(0.0));
        Some(match rising {
            true => [change(least, night, 0), change(Some(1.0), day, duration_ms)],
            false => [change(None, None, 0), change(least, night, duration_ms)],
        })
    }

    fn transition(&self) -> Option<u32> {
        let stops = [self.brightness_delta, self.mirek_delta].contains(&Some(Delta::Stop));
        if stops { Some(0) } else { self.duration_ms }
    }

    fn brightness_of(&self, light: &Light) -> Option<f32> {
        let percent = |share: f32| f64::from(share) * 100.0;
        let stepped = match self.brightness_delta.filter(|_| light.capabilities.dimming) {
            Some(Delta::By(by)) => Some(percent(light.wanted.brightness) + by),
            Some(Delta::Stop) => light.reported.brightness.filter(|_| light.wanted.on).map(percent),
            None => None,
        };
        self.brightness.or(stepped).map(share)
    }

    fn color(&self) -> Option<Color> {
        let gradient = self.gradient.as_ref().map(|points| Color::Gradient(Arc::from(points.as_slice())));
        let white = self.mirek.map(|mirek| Color::Mirek(Mirek::new(mirek)));
        gradient.or_else(|| self.xy.map(Color::Xy)).or(white)
    }

    fn color_of(&self, light: &Light) -> Option<Color> {
        let stepped = |delta| match delta {
            Delta::By(by) => {
                let mirek = f64::from(white(&light.wanted.color).get()) + by;
                let mirek = Mirek::new(mirek.clamp(*whites().start(), *whites().end()).round() as u16);
                Some(light.capabilities.mirek.as_ref().map_or(mirek, |own| mirek.within(own)))
            }
            Delta::Stop => light.reported.color.as_ref().map(white),
        };
        let stepped = self.mirek_delta.filter(|_| light.capabilities.mirek.is_some()).and_then(stepped);
        let can_blend = points_capable(&light.capabilities) > 0;
        match self.color().or_else(|| stepped.map(Color::Mirek)) {
            Some(blend @ Color::Gradient(_)) if !can_blend => Some(Color::Xy(blend.xy())),
            color => color,
        }
    }
}

fn whites() -> std::ops::RangeInclusive<f64> {
    f64::from(*WHITES.start())..=f64::from(*WHITES.end())
}

/// A percentage as a share that is not dark.
#[must_use]
pub fn share(percent: f64) -> f32 {
    (percent.clamp(DIMMEST, 100.0) / 100.0) as f32
}

fn delta(of: Option<&Map<String, Value>>, key: &str, most: f64) -> Result<Option<Delta>, Refusal> {
    let Some(of) = of else { return Ok(None) };
    let by = || read::needed(read::number(of, key, 0.0..=most)?, key);
    match read::needed(read::text(of, "action")?, "action")? {
        "up" => Ok(Some(Delta::By(by()?))),
        "down" => Ok(Some(Delta::By(-by()?))),
        "stop" => Ok(Some(Delta::Stop)),
        other => Err(Refusal::bad(format!("invalid value for action: up, down or stop expected, not {other}"))),
    }
}

fn gradient(of: &Map<String, Value>) -> Result<Vec<Xy>, Refusal> {
    if !matches!(read::text(of, "mode")?, None | Some("interpolated_palette")) {
        return Err(Refusal::bad("invalid value for mode: interpolated_palette expected"));
    }
    let points = read::needed(read::array(of, "points")?, "points")?;
    if !(2..=MAX_POINTS).contains(&points.len()) {
        return Err(Refusal::bad(format!("invalid value for points: 2 to {MAX_POINTS} expected")));
    }
    let color = |point: &Value| read::color(read::needed(point.get("color").and_then(Value::as_object), "color")?);
    points.iter().map(color).collect()
}

fn effect(body: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    let old = read::object(body, "effects")?.map(|of| read::text(of, "effect")).transpose()?.flatten();
    let action = read::object(body, "effects_v2")?.map(|of| read::object(of, "action")).transpose()?.flatten();
    let new = action.map(|of| read::text(of, "effect")).transpose()?.flatten();
    Ok(new.or(old).map(str::to_owned))
}

fn timed(of: &Map<String, Value>) -> Result<Option<Timed>, Refusal> {
    let duration = read::number(of, "duration", 0.0..=LONGEST_MS)?;
    let timed = |rising| {
        let duration_ms = read::needed(duration, "duration")? as u32;
        Ok(Some(Timed { rising, duration_ms }))
    };
    match read::needed(read::text(of, "effect")?, "effect")? {
        effects::NONE => Ok(None),
        "sunrise" => timed(true),
        "sunset" => timed(false),
        other => Err(Refusal::bad(format!("this light has no effect {other}"))),
    }
}

fn blink(alert: Option<&Map<String, Value>>, signal: Option<&Map<String, Value>>) -> Result<bool, Refusal> {
    let alert = alert.map(|of| read::text(of, "action")).transpose()?.flatten();
    let signaled = match signal {
        None => None,
        Some(of) => {
            let signal = read::needed(read::text(of, "signal")?, "signal")?;
            let lasts = read::number(of, "duration", 0.0..=ANY_MS)?;
            if signal != "no_signal" {
                read::needed(lasts, "duration")?;
            }
            Some(signal)
        }
    };
    match (alert, signaled) {
        (Some(other), _) if other != "breathe" => {
            Err(Refusal::bad(format!("invalid value for action: breathe expected, not {other}")))
        }
        (_, Some(other)) if !["no_signal", "on_off"].contains(&other) => {
            Err(Refusal::bad(format!("invalid value for signal: no_signal or on_off expected, not {other}")))
        }
        (alert, signaled) => Ok(alert.is_some() || signaled == Some("on_off")),
    }
}
