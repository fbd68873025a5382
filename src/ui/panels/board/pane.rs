//! What a pane of the board shows. Knows nothing of the scene.

use serde::{Deserialize, Serialize};

use crate::model::sensors::DeviceId;
#[cfg(doc)]
use crate::ui::panels::history::picks::SPANS;

/// What is shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Pane {
    /// The picture of an array.
    Picture(DeviceId),
    /// The trend of a channel.
    Trend {
        /// Whose.
        device: DeviceId,
        /// Its key, as in the history.
        channel: String,
        /// The last so many minutes: one of [`SPANS`].
        minutes: u32,
    },
    /// The alarms that are not normal.
    Alarms,
    /// What happened last.
    Journal,
}

impl Pane {
    /// The id under which it has the keyboard.
    #[must_use]
    pub fn id(&self) -> egui::Id {
        egui::Id::unique(("pane", self))
    }
}
