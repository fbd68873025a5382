//! How a device is, all of it, and what that is to the house.

use crate::drivers::lifx::body::Fill;
use crate::drivers::lifx::color::{said, said_brightness, said_xy};
use crate::model::lights::Reported;
use crate::model::lights::state::{Color, MAX_POINTS};

/// How a device is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) on: bool,
    pub(super) fill: Fill,
}

impl Look {
    /// What it is to the house.
    pub(super) fn reported(&self) -> Reported {
        let (brightness, color) = match &self.fill {
            Fill::One(color) => (said_brightness(*color), said(*color)),
            Fill::Each(colors) => {
                let brightest = colors.iter().map(|color| said_brightness(*color)).fold(0.0, f32::max);
                let points = colors.iter().take(MAX_POINTS).map(|color| said_xy(*color)).collect();
                (brightest, Color::Gradient(points))
            }
        };
        Reported { on: Some(self.on), brightness: Some(brightness), color: Some(color), effect: Some("".into()) }
    }
}
