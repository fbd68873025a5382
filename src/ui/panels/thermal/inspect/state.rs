//! What inspection remembers between frames: the tool in hand, what is selected, what is being made or moved.
//!
//! Invariant: a draft changes nothing but what is drawn; it is sent once, when it is let go.

use std::sync::Arc;

use egui::Id;

use crate::model::alarms::rule::Rule;
use crate::model::sensors::DeviceId;
use crate::model::thermal::Array;
use crate::model::thermal::region::{Cell, Figure, Point, Region, RegionId, Regions};
use crate::ui::panels::thermal::inspect::reading::Reading;
use crate::ui::panels::thermal::inspect::scrub::state::Line;
use crate::ui::trend::Trend;

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

impl Tool {
    /// All, in the order shown.
    pub const ALL: [Self; 7] = [Self::Hand, Self::Spot, Self::Box, Self::Circle, Self::Polygon, Self::Line, Self::Mask];

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hand => "Hand",
            Self::Spot => "Spot",
            Self::Box => "Box",
            Self::Circle => "Circle",
            Self::Polygon => "Polygon",
            Self::Line => "Line",
            Self::Mask => "Mask",
        }
    }

    /// The letter of the labels of what it makes; none for the hand.
    #[must_use]
    pub const fn letter(self) -> Option<char> {
        match self {
            Self::Hand => None,
            Self::Spot => Some('S'),
            Self::Box => Some('B'),
            Self::Circle => Some('C'),
            Self::Polygon => Some('P'),
            Self::Line => Some('L'),
            Self::Mask => Some('M'),
        }
    }

    /// The digit on its button.
    #[must_use]
    pub const fn digit(self) -> &'static str {
        match self {
            Self::Hand | Self::Circle | Self::Polygon => "",
            Self::Spot => "1",
            Self::Box => "2",
            Self::Line => "3",
            Self::Mask => "4",
        }
    }
}

/// How a region is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Hold {
    /// By the pointer, as a whole, taken at this place.
    Whole(Point),
    /// By the pointer, at one of its handles.
    Handle(usize),
    /// By keys.
    Keys,
}

/// A region that is being moved or resized.
#[derive(Clone, Debug, PartialEq)]
pub struct Grip {
    /// As it was.
    pub was: Region,
    /// How it is held.
    pub hold: Hold,
    /// What was done to it last: `move` or `resize`.
    pub verb: &'static str,
}

/// A region that was sent and is not in force yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// Of which array.
    pub device: DeviceId,
    /// The whole region.
    pub region: Region,
    /// As it was before, and what was sent before this and not answered either.
    before: Vec<Option<Region>>,
}

/// Two figures, as a delta is put together.
pub type Pair = [(RegionId, Figure); 2];

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
    /// Corners of the region being made.
    pub corners: Vec<Point>,
    /// Where its next corner would be.
    pub next: Option<Point>,
    /// Whether the picture is to have the keyboard.
    pub focus: bool,
    /// Whether the picture was last worked on by the keyboard, not by the pointer.
    pub by_keys: bool,
    /// The region that is held.
    pub grip: Option<Grip>,
    /// What was sent and is not in force yet.
    pub sent: Option<Sent>,
    /// Where the keyboard is in the picture.
    pub cursor: Option<Cell>,
    /// The region whose name is being edited, and the name so far.
    pub naming: Option<(RegionId, String)>,
    /// The delta being put together.
    pub pair: Option<Pair>,
    /// The region whose emissivity is being dragged, and how far.
    pub emissivity: Option<(RegionId, f32)>,
    /// The alarm limits being dragged.
    pub rule: Option<Box<Rule>>,
    /// What the regions read.
    pub reading: Reading,
    /// The last minutes of the selected region.
    pub trend: Trend,
}

impl Desk {
    /// Takes a tool into the hand; what was begun with another is dropped.
    pub fn take(&mut self, tool: Tool) {
        self.drop_begun();
        (self.tool, self.focus) = (tool, true);
        self.by_keys |= tool != Tool::Hand;
        if tool != Tool::Hand {
            self.select(None);
        }
    }

    /// Selects a region or delta, or nothing.
    pub fn select(&mut self, id: Option<RegionId>) {
        if self.selected != id {
            (self.selected, self.naming, self.emissivity, self.rule) = (id, None, None, None);
        }
    }

    /// Drops what is being made, moved or resized.
    pub fn drop_begun(&mut self) {
        (self.draft, self.grip) = (None, None);
        self.corners.clear();
    }

    /// Lets go of the innermost thing; false if nothing was held.
    pub fn let_go(&mut self) -> bool {
        if self.draft.is_some() || !self.corners.is_empty() {
            self.drop_begun();
        } else if self.tool != Tool::Hand {
            self.tool = Tool::Hand;
        } else if self.pair.is_some() {
            self.pair = None;
        } else if self.selected.is_some() {
            self.select(None);
        } else {
            return false;
        }
        true
    }

    /// Begins anew with another array: the tool stays in hand.
    pub fn forget(&mut self) {
        self.drop_begun();
        self.select(None);
        (self.sent, self.cursor, self.pair) = (None, None, None);
    }

    /// Notes what was sent: it counts as so until the answer comes.
    pub fn note_sent(&mut self, device: &DeviceId, region: Region, was: Option<Region>) {
        let mut before = match self.sent.take() {
            Some(earlier) if earlier.device == *device && earlier.region.id == region.id => {
                let mut before = earlier.before;
                before.push(Some(earlier.region));
                before
            }
            _ => Vec::new(),
        };
        before.push(was);
        self.sent = Some(Sent { device: device.clone(), region, before });
    }

    /// Forgets what came into force, and what is no longer there.
    pub fn settle(&mut self, array: &Array) {
        if let Some(sent) = self.sent.take_if(|sent| {
            let now = array.regions.get(&sent.region.id);
            sent.device != array.device || now == Some(&sent.region) || !sent.before.iter().any(|b| b.as_ref() == now)
        }) {
            drop(sent);
        }
        let sent = |id: &RegionId| self.sent.as_ref().is_some_and(|sent| sent.region.id == *id);
        let known = |id: &RegionId| array.regions.get(id).is_some() || array.regions.delta(id).is_some() || sent(id);
        if self.selected.as_ref().is_some_and(|id| !known(id)) {
            self.drop_begun();
            self.select(None);
        }
    }

    /// The cell that arrows move, while they move a cell: with the hand and something selected they move that.
    #[must_use]
    pub fn pointed(&self) -> Option<Cell> {
        let moves_region = self.tool == Tool::Hand && self.selected.is_some();
        self.cursor.filter(|_| self.by_keys && !moves_region)
    }

    /// The array's regions, with what was sent in place.
    #[must_use]
    pub fn regions(&self, array: &Array) -> Arc<Regions> {
        match &self.sent {
            Some(sent) if sent.device == array.device => put(&array.regions, &sent.region),
            _ => Arc::clone(&array.regions),
        }
    }

    /// The regions as they are drawn: with the draft in place.
    #[must_use]
    pub fn drawn(&self, array: &Array) -> Arc<Regions> {
        let regions = self.regions(array);
        self.draft.as_ref().map_or_else(|| Arc::clone(&regions), |draft| put(&regions, draft))
    }
}

/// The regions with one put in place of that of its label, or behind the others.
fn put(regions: &Arc<Regions>, region: &Region) -> Arc<Regions> {
    let mut all = Regions::clone(regions);
    match all.regions.iter_mut().find(|known| known.id == region.id) {
        Some(known) => *known = region.clone(),
        None => all.regions.push(region.clone()),
    }
    Arc::new(all)
}

/// The id under which the inspected picture of a device has the keyboard.
#[must_use]
pub fn picture_id(device: &DeviceId) -> Id {
    Id::unique(("inspected", device))
}

/// The id under which the row of a region or delta has the keyboard.
#[must_use]
pub fn row_id(device: &DeviceId, region: &RegionId) -> Id {
    Id::unique(("meter", device, region))
}
