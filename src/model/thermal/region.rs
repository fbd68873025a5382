//! Regions of a thermal picture: spots, boxes, circles, polygons and lines that are measured, masks that are not looked
//! at, and deltas between two regions.
//!
//! Places are in the sensor's own order, whatever the mounting: a [`Point`] counts columns from the left and rows from
//! the top, and the centre of the first cell is (0.5, 0.5). A cell belongs to a circle or polygon if its centre does.
//!
//! Invariant: a label is unique within its array; its letter tells the kind.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::units::grid::Patch;

/// Regions of each kind that an array may have, and deltas.
pub const MAX_OF_A_KIND: usize = 32;
/// Corners of a polygon, 3 to this.
pub const MAX_CORNERS: usize = 32;
/// Characters of a name.
pub const MAX_NAME: usize = 64;

/// The label of a region or delta: the letter of its kind and a number from 1: `S1`, `B2`, `D1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RegionId(pub Arc<str>);

impl RegionId {
    /// The label of a letter and a number.
    #[must_use]
    pub fn new(letter: char, number: usize) -> Self {
        Self(format!("{letter}{number}").into())
    }

    /// The label as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the label of a spot.
    #[must_use]
    pub fn is_spot(&self) -> bool {
        self.0.starts_with('S')
    }

    /// Whether it is the label of a delta: then its number is a difference, K.
    #[must_use]
    pub fn is_delta(&self) -> bool {
        self.0.starts_with('D')
    }
}

impl fmt::Display for RegionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A cell by its row and column, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// Row from the top.
    pub row: u16,
    /// Column from the left.
    pub col: u16,
}

/// A place between cells, in cells.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Columns from the left edge.
    pub x: f32,
    /// Rows from the top edge.
    pub y: f32,
}

/// Where a region is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One cell. Letter S.
    Spot(Cell),
    /// A rectangle. Letter B.
    Box(Patch),
    /// All cells whose centre is at most `radius` cells from `centre`. Letter C.
    Circle {
        /// Its middle.
        centre: Point,
        /// Above 0, in cells.
        radius: f32,
    },
    /// All cells whose centre lies inside (even-odd). Letter P.
    Polygon(Vec<Point>),
    /// The cells from one to another, each once: Bresenham's line. Letter L.
    Line {
        /// First.
        from: Cell,
        /// Last.
        to: Cell,
    },
}

impl Shape {
    /// The letter of its kind.
    #[must_use]
    pub const fn letter(&self) -> char {
        match self {
            Self::Spot(_) => 'S',
            Self::Box(_) => 'B',
            Self::Circle { .. } => 'C',
            Self::Polygon(_) => 'P',
            Self::Line { .. } => 'L',
        }
    }
}

/// A region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Its label. A mask has the letter M whatever its shape.
    pub id: RegionId,
    /// What people call it; may be empty.
    pub name: Arc<str>,
    /// Where it is.
    pub shape: Shape,
    /// Whether it is a mask: its cells are left out of the picture's extremes, of meters and of alarms.
    pub mask: bool,
    /// Emissivity of what is there, 0.05..=1.0; `None` = that of the array.
    pub emissivity: Option<f32>,
}

/// A figure of a region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Its hottest cell.
    #[default]
    Max,
    /// The mean of its cells.
    Mean,
    /// Its coldest cell.
    Min,
}

impl Figure {
    /// All, as columns are ordered.
    pub const ALL: [Self; 3] = [Self::Max, Self::Mean, Self::Min];

    /// Its word, also in keys of channels.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Max => "max",
            Self::Mean => "mean",
            Self::Min => "min",
        }
    }
}

/// The difference of two figures: the first minus the second, K.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delta {
    /// Its label; letter D.
    pub id: RegionId,
    /// What people call it; may be empty.
    pub name: Arc<str>,
    /// Of which region, which figure.
    pub of: (RegionId, Figure),
    /// What is subtracted.
    pub minus: (RegionId, Figure),
}

/// All regions of one array.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Regions {
    /// Regions and masks in the order they were made.
    pub regions: Vec<Region>,
    /// Deltas in the order they were made.
    pub deltas: Vec<Delta>,
}

impl Regions {
    /// A region by its label.
    #[must_use]
    pub fn get(&self, id: &RegionId) -> Option<&Region> {
        self.regions.iter().find(|region| region.id == *id)
    }

    /// A delta by its label.
    #[must_use]
    pub fn delta(&self, id: &RegionId) -> Option<&Delta> {
        self.deltas.iter().find(|delta| delta.id == *id)
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.regions.is_empty() && self.deltas.is_empty()
    }

    /// The label with this letter and the lowest number that is free; `None` if there are [`MAX_OF_A_KIND`].
    #[must_use]
    pub fn free(&self, letter: char) -> Option<RegionId> {
        let taken = |id: &RegionId| self.get(id).is_some() || self.delta(id).is_some();
        (1..=MAX_OF_A_KIND).map(|number| RegionId::new(letter, number)).find(|id| !taken(id))
    }
}
