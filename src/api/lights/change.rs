//! A change of lights in plain words, as scripts write it.

use serde::Deserialize;

use crate::model::lights::state::{Change, Color};
use crate::units::color::{Mirek, Srgb8, Xy};

/// What to change; what is not said stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plain {
    on: Option<bool>,
    /// 0..=1.
    brightness: Option<f32>,
    color: Option<Shade>,
    /// 50..=1000.
    mirek: Option<u16>,
    gradient: Option<Vec<Shade>>,
    effect: Option<String>,
    transition_ms: Option<u32>,
}

/// One colour: `#FF8800`, or `{"x": 0.5, "y": 0.4}`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Shade {
    Hex(String),
    Xy(Xy),
}

impl Shade {
    fn read(&self) -> Result<Xy, String> {
        match self {
            Self::Xy(xy) => Ok(*xy),
            Self::Hex(text) => Srgb8::from_hex(text).map(|color| color.linear().xy()).ok_or_else(|| {
                format!("\"{text}\" is no colour. Write #RRGGBB such as #FF8800, or {{\"x\": 0.5, \"y\": 0.4}}.")
            }),
        }
    }
}

impl Plain {
    /// The change that it says, or what is wrong with it.
    pub(super) fn read(self) -> Result<Change, String> {
        let Self { on, brightness, color, mirek, gradient, effect, transition_ms } = self;
        if brightness.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            return Err("brightness is a number from 0 to 1.".to_owned());
        }
        let color = match (color, mirek, gradient) {
            (None, None, None) => None,
            (Some(color), None, None) => Some(Color::Xy(color.read()?)),
            (None, Some(mirek), None) => {
                Some(Color::Mirek(Mirek::try_from(mirek).map_err(|wrong| format!("{wrong}."))?))
            }
            (None, None, Some(points)) => {
                let points: Vec<Xy> = points.iter().map(Shade::read).collect::<Result<_, _>>()?;
                Some(Color::Gradient(points.into()))
            }
            _ => return Err("A light shows one of color, mirek and gradient: say only one.".to_owned()),
        };
        let change = Change { on, brightness, color, effect: effect.map(Into::into), transition_ms };
        match change.is_empty() {
            true => Err("The body changes nothing: say on, brightness, color, mirek, gradient or effect.".to_owned()),
            false => Ok(change),
        }
    }
}
