//! Where a picture is on screen: from cells of the sensor to points of the window and back.
//!
//! Invariant: what goes in and out in cells is in the sensor's own order, however the picture is turned or mirrored.

use egui::{Pos2, Rect, Vec2, vec2};

use crate::model::thermal::region::{Cell, Point};
use crate::ui::widgets::heat_view;
use crate::units::grid::{Mounting, Patch, Size};

/// A picture on screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Where it is.
    pub rect: Rect,
    /// Columns and rows of the sensor.
    pub size: Size,
    /// How it is mounted.
    pub mounting: Mounting,
}

impl Place {
    /// The largest picture in a well.
    #[must_use]
    pub fn of(well: Rect, size: Size, mounting: Mounting) -> Self {
        Self { rect: heat_view::fit(well, mounting.shown(size)), size, mounting }
    }

    /// The width of a cell, in points of the window.
    #[must_use]
    pub fn cell(self) -> f32 {
        self.rect.width() / self.mounting.shown(self.size).cols() as f32
    }

    /// Where a place of the sensor is on screen.
    #[must_use]
    pub fn on_screen(self, at: Point) -> Pos2 {
        let (x, y) = self.mounting.shown_place(self.size, (at.x, at.y));
        self.rect.min + vec2(x, y) * self.cell()
    }

    /// The place of the sensor that is on screen at `at`; outside of the picture, the nearest in it.
    #[must_use]
    pub fn in_cells(self, at: Pos2) -> Point {
        let at: Vec2 = (at.clamp(self.rect.min, self.rect.max) - self.rect.min) / self.cell().max(f32::EPSILON);
        let (x, y) = self.mounting.sensor_place(self.size, (at.x, at.y));
        Point { x, y }
    }

    /// Where a rectangle of cells is on screen.
    #[must_use]
    pub fn patch(self, patch: Patch) -> Rect {
        let near = Point { x: f32::from(patch.left), y: f32::from(patch.top) };
        let far = Point { x: f32::from(patch.right) + 1.0, y: f32::from(patch.bottom) + 1.0 };
        Rect::from_two_pos(self.on_screen(near), self.on_screen(far))
    }

    /// Where a cell is on screen.
    #[must_use]
    pub fn of_cell(self, cell: Cell) -> Rect {
        self.patch(Patch { top: cell.row, left: cell.col, bottom: cell.row, right: cell.col })
    }

    /// Where a cell is on screen, by its row-major index.
    #[must_use]
    pub fn of_index(self, index: usize) -> Pos2 {
        let (x, y) = self.mounting.place_of(self.size, index);
        self.rect.min + vec2(x as f32 + 0.5, y as f32 + 0.5) * self.cell()
    }
}
