//! A layout: what is saved of how the window is arranged. Knows nothing of the window itself.
//!
//! Invariant: whatever a file says, lengths that are handed out are within what the window can do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::sensors::DeviceId;
use crate::ui::desk::place::Place;
use crate::ui::panels::board::panes::Panes;
use crate::ui::theme::size;
use crate::ui::views::View;

/// Colours of pictures, by their words in settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Colours {
    /// The palette.
    pub palette: String,
    /// Whether pictures are smooth.
    pub smooth: bool,
    /// The range.
    pub range: String,
}

/// What History shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Story {
    /// Its part: `alarms`, `journal` or `trends`.
    pub part: String,
    /// The channels of trends.
    pub channels: Vec<(DeviceId, String)>,
}

/// A device's picture in a window of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Apart {
    /// Which device.
    pub device: DeviceId,
    /// Where its window is.
    #[serde(default)]
    pub place: Option<Place>,
}

/// How the window is arranged. What is `None` stays as it is when the layout is put on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// The page, by its name in the rail.
    pub page: String,
    /// Whether it fills the screen without borders.
    pub wall: bool,
    /// Whether it is the small window with one picture.
    pub small: bool,
    /// Whether the inspector is wanted; `None` = where there is room.
    pub inspector: Option<bool>,
    /// The width of the inspector, points; 0 = the usual one.
    pub inspector_width: f32,
    /// Whether Overview shows the board.
    pub board: bool,
    /// The panes of the board.
    pub panes: Option<Panes>,
    /// Whether the selected device fills Thermal.
    pub inspecting: bool,
    /// The selected device.
    pub device: Option<DeviceId>,
    /// Colours.
    pub colours: Option<Colours>,
    /// What History shows.
    pub history: Option<Story>,
    /// How pictures are looked at.
    pub views: Option<BTreeMap<DeviceId, View>>,
    /// Windows beside it.
    pub apart: Option<Vec<Apart>>,
    /// Where the window is.
    pub window: Option<Place>,
}

impl Layout {
    /// Reads a saved layout.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(body: &str) -> Result<Self, String> {
        ron::from_str(body).map_err(|why| why.to_string())
    }

    /// The text that is saved.
    ///
    /// # Errors
    /// If it cannot be written as RON.
    pub fn write(&self) -> Result<String, String> {
        ron::to_string(self).map_err(|why| why.to_string())
    }

    /// The width that the inspector is to have, points.
    #[must_use]
    pub fn width(&self) -> f32 {
        width(self.inspector_width)
    }
}

/// A width as the inspector can have it: the usual one for 0 and for what is no number.
#[must_use]
pub fn width(wanted: f32) -> f32 {
    let [least, most] = size::INSPECTOR_RANGE;
    if wanted.is_finite() && wanted > 0.0 { wanted.clamp(least, most) } else { size::INSPECTOR }
}
