//! What inspection remembers between frames.

use crate::model::thermal::region::{Region, RegionId};
use crate::ui::panels::thermal::inspect::scrub::state::Line;

/// What a press on the picture makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Nothing: it selects and moves.
    #[default]
    Hand,
    /// A spot.
    Spot,
    /// A box.
    Box,
    /// A circle.
    Circle,
    /// A polygon.
    Polygon,
    /// A line.
    Line,
    /// A mask, in the shape of a box.
    Mask,
}

/// The state of inspection.
#[derive(Debug, Default)]
pub struct Desk {
    /// The tool in hand.
    pub tool: Tool,
    /// The selected region or delta of the inspected array.
    pub selected: Option<RegionId>,
    /// The region being made, moved or resized: what it will be.
    pub draft: Option<Region>,
    /// The line of time.
    pub time: Line,
}
