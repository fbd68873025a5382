//! What the overview remembers from frame to frame.

use egui::Rect;

use crate::model::sensors::DeviceId;
use crate::ui::panels::overview::rooms::Rooms;
use crate::ui::trend::Trend;
use crate::units::moment::Moment;

/// What the overview remembers between frames.
#[derive(Debug, Default)]
pub struct Board {
    /// Tiles in the order shown.
    pub order: Vec<DeviceId>,
    /// Since when another order waits for the pointer to leave.
    pub waiting: Option<Moment>,
    /// Where the tiles were drawn last.
    pub tiles: Option<Rect>,
    /// The rows of lights.
    pub rooms: Rooms,
    /// The trend of the main tile.
    pub trend: Trend,
}
