//! What a request wants of lights: the one reader of light states, for lights, groups, scenes, rules and schedules.
//!
//! ```text
//!  members ──read──▶ Wish, an answer for each ──change──▶ lights::Change, for each light by what it can do and shows
//! ```
//!
//! Invariant: of several colours one counts: xy before ct before hue and saturation.
//! Invariant: what a light cannot do never reaches it.

use std::sync::Arc;

use crate::bridge::v1::ask::{Entry, Written};
use crate::bridge::v1::body::{Field, Members};
use crate::bridge::v1::error::Error;
use crate::model::lights::capabilities::Capabilities;
use crate::model::lights::state::{Change, Color, State};
use crate::model::lights::{Light, LightId};
use crate::units::color::{Gamut, HueSat, Mirek, Xy, bri_of_share, share_of_bri};

/// Steps of a hue round the circle.
const HUES: f32 = 65_536.0;
/// The most of a brightness or saturation.
const MOST: f32 = 254.0;
/// A change takes an hour at most, ms.
const MAX_TRANSITION_MS: u32 = 3_600_000;
/// One step of `transitiontime`, ms.
const TRANSITION_STEP_MS: u32 = 100;
/// What lights call the effect that goes round all hues.
const COLORLOOP: &str = "colorloop";

/// Which attributes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Can {
    dimming: bool,
    color: bool,
    mirek: bool,
    loops: bool,
    scene: bool,
}

/// What is wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wish {
    /// Whether they are on.
    pub on: Option<bool>,
    /// A scene, by its id of version 1.
    pub scene: Option<String>,
    /// They shall make themselves known.
    pub identify: bool,
    /// How long it takes, ms.
    pub transition_ms: Option<u32>,
    bri: Option<u8>,
    bri_inc: Option<i16>,
    xy: Option<Xy>,
    xy_inc: Option<(f32, f32)>,
    ct: Option<u16>,
    ct_inc: Option<i32>,
    hue: Option<u16>,
    hue_inc: Option<i32>,
    sat: Option<u8>,
    sat_inc: Option<i16>,
    colorloop: Option<bool>,
}

impl Can {
    /// Whatever there is, and scenes: a group's.
    pub const GROUP: Self = Self { dimming: true, color: true, mirek: true, loops: true, scene: true };

    /// What a light has.
    #[must_use]
    pub fn of(can: &Capabilities) -> Self {
        let color = can.color.is_some();
        let loops = color && loop_of(can).is_some();
        Self { dimming: can.dimming, color, mirek: can.mirek.is_some(), loops, scene: false }
    }

    fn knows(self, name: &str) -> bool {
        match name {
            "on" | "alert" | "transitiontime" => true,
            "bri" | "bri_inc" => self.dimming,
            "ct" | "ct_inc" => self.mirek,
            "hue" | "sat" | "xy" | "hue_inc" | "sat_inc" | "xy_inc" | "effect" => self.color,
            "scene" => self.scene,
            _ => false,
        }
    }
}

/// Reads what is wanted, with an answer for each member. `off`: they are off now, and take nothing before they are on.
#[must_use]
pub fn read(members: &Members, at: &str, can: Can, off: bool) -> (Wish, Vec<Entry>) {
    let on = members.get("on").and_then(serde_json::Value::as_bool);
    let dark = on.map_or(off, |on| !on);
    let (mut wish, mut written) = (Wish::default(), Written::default());
    written.each(members, at, |field| match field.name {
        "colormode" | "mode" | "reachable" => Err(field.read_only()),
        name if !can.knows(name) => Err(field.unknown()),
        "on" | "transitiontime" | "scene" => wish.take(field, can),
        _ if dark => Err(field.off()),
        _ => wish.take(field, can),
    });
    (wish, written.entries)
}

impl Wish {
    fn take(&mut self, field: &Field<'_>, can: Can) -> Result<(), Error> {
        match field.name {
            "on" => self.on = Some(field.flag()?),
            "bri" => self.bri = Some(field.whole::<u8>(0..=255)?.clamp(1, 254)),
            "bri_inc" => self.bri_inc = Some(field.whole(-254..=254)?),
            "hue" => self.hue = Some(field.whole(0..=65_535)?),
            "hue_inc" => self.hue_inc = Some(field.whole(-65_534..=65_534)?),
            "sat" => self.sat = Some(field.whole(0..=254)?),
            "sat_inc" => self.sat_inc = Some(field.whole(-254..=254)?),
            "ct" => self.ct = Some(field.whole(153..=500)?),
            "ct_inc" => self.ct_inc = Some(field.whole(-65_534..=65_534)?),
            "xy" => {
                let (x, y) = pair(field)?;
                self.xy = Some(Xy::new(x, y).ok_or_else(|| field.invalid())?);
            }
            "xy_inc" => {
                let right = |(x, y): &(f32, f32)| x.abs() <= 0.5 && y.abs() <= 0.5;
                self.xy_inc = Some(Some(pair(field)?).filter(right).ok_or_else(|| field.invalid())?);
            }
            "effect" => {
                let on = field.word(&["none", COLORLOOP])? == COLORLOOP;
                self.colorloop = Some(Some(on).filter(|on| !on || can.loops).ok_or_else(|| field.invalid())?);
            }
            "alert" => self.identify = field.word(&["none", "select", "lselect"])? != "none",
            "transitiontime" => {
                let ms = field.whole::<u32>(0..=65_535)? * TRANSITION_STEP_MS;
                self.transition_ms = Some(ms.min(MAX_TRANSITION_MS));
            }
            "scene" => self.scene = Some(field.text(1..=36)?.to_owned()),
            _ => return Err(field.unknown()),
        }
        Ok(())
    }

    /// Whether it depends on what lights show now, but for a brightness that only moves.
    #[must_use]
    pub fn is_relative(&self) -> bool {
        let incs = self.hue_inc.is_some() || self.sat_inc.is_some() || self.ct_inc.is_some() || self.xy_inc.is_some();
        let halves = self.xy.is_none() && self.ct.is_none() && self.hue.is_some() != self.sat.is_some();
        incs || halves
    }

    /// By which share the brightness moves, if that is all that is wanted of it.
    #[must_use]
    pub fn step(&self) -> Option<f32> {
        let step = self.bri_inc.filter(|inc| self.bri.is_none() && *inc != 0);
        step.map(|inc| f32::from(inc) / MOST)
    }

    /// What it means for a light that can do this and shows that, before the master dims it.
    #[must_use]
    pub fn change(&self, can: &Capabilities, shown: &State) -> Change {
        Change {
            on: self.on,
            brightness: Some(can.dimming).filter(|can| *can).and_then(|_| self.brightness(shown)),
            color: self.color(can, shown),
            effect: self.effect(can),
            transition_ms: self.transition_ms,
        }
    }

    /// What it means for whatever light hears it; each shows what it can of that.
    #[must_use]
    pub fn for_any(&self) -> Change {
        let bulb = Capabilities {
            dimming: true,
            color: Some(Gamut::ALL),
            mirek: Some(153..=500),
            effects: Arc::new([COLORLOOP.into()]),
            ..Capabilities::switch(0.0)
        };
        self.absolute().change(&bulb, &State::default())
    }

    /// The same without a brightness that moves from where it is.
    #[must_use]
    pub fn absolute(&self) -> Self {
        Self { bri_inc: None, ..self.clone() }
    }

    fn brightness(&self, shown: &State) -> Option<f32> {
        let moved = |inc: i16| (i16::from(bri_of_share(shown.brightness)) + inc).clamp(1, 254);
        let bri = self.bri.or_else(|| u8::try_from(moved(self.bri_inc.filter(|inc| *inc != 0)?)).ok());
        bri.map(share_of_bri)
    }

    fn color(&self, can: &Capabilities, shown: &State) -> Option<Color> {
        let (colored, white) = (can.color.is_some(), can.mirek.is_some());
        match (self.xy.filter(|_| colored), self.ct.filter(|_| white)) {
            (Some(xy), _) => return Some(Color::Xy(xy)),
            (None, Some(ct)) => return Some(Color::Mirek(Mirek::new(ct))),
            (None, None) if colored && (self.hue.is_some() || self.sat.is_some()) => {
                return Some(self.hued(self.hue, self.sat, shown));
            }
            (None, None) => {}
        }
        let moved = |part: f32, by: f32| (part + by).clamp(0.0, 1.0);
        let xy = can.color.map_or_else(|| shown.color.xy(), |gamut| gamut.clamp(shown.color.xy()));
        let by_xy = self.xy_inc.filter(|by| colored && *by != (0.0, 0.0));
        let by_xy = by_xy.and_then(|(x, y)| Xy::new(moved(xy.x(), x), moved(xy.y(), y)));
        let by_ct = self.ct_inc.filter(|by| *by != 0).zip(can.mirek.as_ref());
        let by_hs = colored && (self.hue_inc.is_some_and(|by| by != 0) || self.sat_inc.is_some_and(|by| by != 0));
        match (by_xy, by_ct) {
            (Some(xy), _) => Some(Color::Xy(xy)),
            (None, Some((by, range))) => {
                let ct = i32::from(mirek(&shown.color).within(range).get()) + by;
                Some(Color::Mirek(Mirek::new(ct.clamp(153, 500) as u16)))
            }
            (None, None) => by_hs.then(|| self.hued(None, None, shown)),
        }
    }

    /// Hue and saturation as said, or moved from what is shown.
    fn hued(&self, hue: Option<u16>, sat: Option<u8>, shown: &State) -> Color {
        let (shown_hue, shown_sat) = hue_sat(&shown.color);
        let hue = hue.unwrap_or_else(|| {
            let moved = i32::from(shown_hue) + self.hue_inc.unwrap_or(0);
            u16::try_from(moved.rem_euclid(1 << 16)).unwrap_or(0)
        });
        let sat = sat.unwrap_or_else(|| {
            let moved = i16::from(shown_sat) + self.sat_inc.unwrap_or(0);
            u8::try_from(moved.clamp(0, 254)).unwrap_or(0)
        });
        let hue_sat = HueSat { hue: f32::from(hue) * 360.0 / HUES, saturation: f32::from(sat) / MOST };
        Color::Xy(hue_sat.srgb().linear().xy())
    }

    fn effect(&self, can: &Capabilities) -> Option<Arc<str>> {
        match self.colorloop? {
            true => loop_of(can).cloned(),
            false => (!can.effects.is_empty()).then(|| "".into()),
        }
    }
}

/// One change for all lights that are to do the same. Those that are off stay so unless they are turned on; those that
/// can do nothing of it are left out.
#[must_use]
pub fn spread<'a>(wish: &Wish, lights: impl IntoIterator<Item = &'a Light>) -> Vec<(Change, Vec<LightId>)> {
    let mut spread: Vec<(Change, Vec<LightId>)> = Vec::new();
    let hearing = lights.into_iter().filter(|light| light.wanted.on || wish.on.is_some());
    for light in hearing {
        let change = wish.change(&light.capabilities, &light.stack.shown());
        match spread.iter_mut().find(|(known, _)| *known == change) {
            Some((_, lights)) => lights.push(light.id.clone()),
            None if change.is_empty() => {}
            None => spread.push((change, vec![light.id.clone()])),
        }
    }
    spread
}

/// Hue 0..=65535 and saturation 0..=254 of a colour.
#[must_use]
pub fn hue_sat(color: &Color) -> (u16, u8) {
    let HueSat { hue, saturation } = color.xy().hue_sat();
    let hue = (hue * HUES / 360.0).round() as u32 % (1 << 16);
    (u16::try_from(hue).unwrap_or(0), (saturation * MOST).round() as u8)
}

/// The white nearest to a colour.
#[must_use]
pub fn mirek(color: &Color) -> Mirek {
    match color {
        Color::Mirek(mirek) => *mirek,
        color => color.xy().mirek(),
    }
}

/// The effect of a light's own that goes round all hues.
#[must_use]
pub fn loop_of(can: &Capabilities) -> Option<&Arc<str>> {
    can.effects.iter().find(|name| name.eq_ignore_ascii_case(COLORLOOP))
}

fn pair(field: &Field<'_>) -> Result<(f32, f32), Error> {
    match field.list()? {
        [x, y] => x.as_f64().zip(y.as_f64()).map(|(x, y)| (x as f32, y as f32)).ok_or_else(|| field.invalid()),
        _ => Err(field.invalid()),
    }
}
