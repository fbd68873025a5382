//! The size of a sensor array, and how it is mounted.

use serde::{Deserialize, Serialize};

/// Columns and rows of an array, row-major, 1..=1024 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    cols: u16,
    rows: u16,
}

impl Size {
    /// The largest number of columns or rows.
    pub const MAX: u16 = 1024;
    /// The 32 x 24 array of an MLX90640.
    pub const MLX90640: Self = Self { cols: 32, rows: 24 };

    /// A size of 1..=1024 columns and rows, or `None`.
    #[must_use]
    pub const fn new(cols: u16, rows: u16) -> Option<Self> {
        if cols >= 1 && rows >= 1 && cols <= Self::MAX && rows <= Self::MAX { Some(Self { cols, rows }) } else { None }
    }

    /// Columns.
    #[must_use]
    pub const fn cols(self) -> usize {
        self.cols as usize
    }

    /// Rows.
    #[must_use]
    pub const fn rows(self) -> usize {
        self.rows as usize
    }

    /// Number of cells.
    #[must_use]
    pub const fn cells(self) -> usize {
        self.cols as usize * self.rows as usize
    }
}

/// A rectangle of cells, in the sensor's own order, borders included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// First row.
    pub top: u16,
    /// First column.
    pub left: u16,
    /// Last row.
    pub bottom: u16,
    /// Last column.
    pub right: u16,
}

/// How an array is mounted: what is done to its picture before a person sees it. Numbers keep the sensor's own order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mounting {
    /// Clockwise quarter turns, 0..=3.
    pub quarter_turns: u8,
    /// Mirrored left to right, before turning.
    pub mirror: bool,
}

impl Mounting {
    /// The size of the picture as shown.
    #[must_use]
    pub fn shown(self, size: Size) -> Size {
        if self.quarter_turns % 2 == 1 { Size { cols: size.rows, rows: size.cols } } else { size }
    }

    /// The sensor cell (row-major index) that is shown at column `x`, row `y` of the shown picture.
    #[must_use]
    pub fn cell_at(self, size: Size, x: usize, y: usize) -> usize {
        let (cols, rows) = (size.cols(), size.rows());
        let (col, row) = match self.quarter_turns % 4 {
            0 => (x, y),
            1 => (y, rows - 1 - x),
            2 => (cols - 1 - x, rows - 1 - y),
            _ => (cols - 1 - y, x),
        };
        let col = if self.mirror { cols - 1 - col } else { col };
        row * cols + col
    }

    /// Where the sensor cell `index` is shown: `(column, row)` of the shown picture. The reverse of [`Self::cell_at`].
    #[must_use]
    pub fn place_of(self, size: Size, index: usize) -> (usize, usize) {
        let (cols, rows) = (size.cols(), size.rows());
        let (mut col, row) = (index % cols, index / cols);
        if self.mirror {
            col = cols - 1 - col;
        }
        match self.quarter_turns % 4 {
            0 => (col, row),
            1 => (rows - 1 - row, col),
            2 => (cols - 1 - col, rows - 1 - row),
            _ => (row, cols - 1 - col),
        }
    }

    /// Where a place of the sensor is shown; both in cells from the top left corner, the first cell is 0.0..1.0.
    #[must_use]
    pub fn shown_place(self, size: Size, (x, y): (f32, f32)) -> (f32, f32) {
        let (cols, rows) = (f32::from(size.cols), f32::from(size.rows));
        let x = if self.mirror { cols - x } else { x };
        match self.quarter_turns % 4 {
            0 => (x, y),
            1 => (rows - y, x),
            2 => (cols - x, rows - y),
            _ => (y, cols - x),
        }
    }

    /// The place of the sensor that is shown at a place. The reverse of [`Self::shown_place`].
    #[must_use]
    pub fn sensor_place(self, size: Size, (x, y): (f32, f32)) -> (f32, f32) {
        let (cols, rows) = (f32::from(size.cols), f32::from(size.rows));
        let (x, y) = match self.quarter_turns % 4 {
            0 => (x, y),
            1 => (y, rows - x),
            2 => (cols - x, rows - y),
            _ => (cols - y, x),
        };
        (if self.mirror { cols - x } else { x }, y)
    }

    /// The step on the sensor, columns and rows, that a step in the shown picture is.
    #[must_use]
    pub const fn sensor_step(self, (dx, dy): (i32, i32)) -> (i32, i32) {
        let (dx, dy) = match self.quarter_turns % 4 {
            0 => (dx, dy),
            1 => (dy, -dx),
            2 => (-dx, -dy),
            _ => (-dy, dx),
        };
        (if self.mirror { -dx } else { dx }, dy)
    }
}
