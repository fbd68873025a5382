//! A picture as sources look at it: areas, the hottest block, connected groups.
//!
//! Invariant: areas are clipped to the picture; nothing outside it has a value. Cells are row-major.
//! Invariant: a masked cell has no value here, so it raises nothing and teaches nothing.

use crate::model::thermal::{Extremes, ThermalFrame};
use crate::units::grid::Patch;
use crate::units::grid::Size;

/// The temperatures of one frame, C.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    /// Columns and rows.
    pub size: Size,
    /// All cells; `NaN` where one has no value or is masked.
    pub cells: &'a [f32],
    /// Coldest, mean and hottest.
    pub extremes: Extremes,
}

/// The hottest block of cells.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Block {
    /// Mean of its cells, C.
    pub mean: f32,
    /// Its first cell.
    pub cell: usize,
}

impl<'a> Scene<'a> {
    /// What a frame shows; `None` if it has no temperatures, or all are masked. `spare` is used if it has broken or masked
    /// cells.
    pub fn of(frame: &'a ThermalFrame, spare: &'a mut Vec<f32>) -> Option<Self> {
        let extremes = frame.extremes.filter(|_| frame.calibrated)?;
        let cells = match frame.all_seen() {
            Some(cells) => cells,
            None => {
                spare.clear();
                spare.extend(frame.seen_cells().map(|celsius| celsius.unwrap_or(f32::NAN)));
                spare
            }
        };
        (cells.len() == frame.size.cells()).then_some(Self { size: frame.size, cells, extremes })
    }

    /// Row and column of a cell.
    pub fn place(&self, cell: usize) -> (u16, u16) {
        ((cell / self.size.cols()) as u16, (cell % self.size.cols()) as u16)
    }

    /// The hottest cell of an area or of the whole picture, C and where.
    pub fn hottest(&self, area: Option<Patch>) -> Option<(f32, usize)> {
        if area.is_none() {
            return Some((self.extremes.max, self.extremes.max_at as usize));
        }
        let mut found: Option<(f32, usize)> = None;
        for (start, cells) in self.rows(area) {
            for (&celsius, cell) in cells.iter().zip(start..) {
                if !celsius.is_nan() && found.is_none_or(|(hottest, _)| celsius > hottest) {
                    found = Some((celsius, cell));
                }
            }
        }
        found
    }

    /// By how much the hottest cell of `area` exceeds the mean of `against`, or of the rest of the picture. K and where.
    pub fn difference(&self, area: Patch, against: Option<Patch>) -> Option<(f64, usize)> {
        let (hottest, cell) = self.hottest(Some(area))?;
        let (sum, n) = match against {
            Some(patch) => self.sum(Some(patch)),
            None => {
                let ((all, n_all), (inside, n_inside)) = (self.sum(None), self.sum(Some(area)));
                (all - inside, n_all - n_inside)
            }
        };
        (n > 0).then(|| (f64::from(hottest) - sum / f64::from(n), cell))
    }

    /// The hottest block of 2 x 2 cells that all have a value; in a single row or column, of 2 cells or one.
    pub fn hottest_block(&self) -> Option<Block> {
        let cols = self.size.cols();
        let mut hottest = Block { mean: f32::NEG_INFINITY, cell: 0 };
        for top in 0..self.size.rows().saturating_sub(1).max(1) {
            let (Some(above), Some(below)) = (self.row(top), self.row(top + 1).or_else(|| self.row(top))) else {
                break;
            };
            let last = cols.saturating_sub(2);
            let mut row = f32::NEG_INFINITY;
            for mean in block_means(above, below) {
                // A block with a broken cell is no number, and not above anything.
                row = if mean > row { mean } else { row };
            }
            if row > hottest.mean {
                let col = block_means(above, below).position(|mean| mean == row).unwrap_or(last);
                hottest = Block { mean: row, cell: top * cols + col };
            }
        }
        hottest.mean.is_finite().then_some(hottest)
    }

    fn row(&self, row: usize) -> Option<&'a [f32]> {
        let cols = self.size.cols();
        self.cells.get(row * cols..(row + 1) * cols)
    }

    /// Sum and number of the cells with a value in an area or in the whole picture.
    fn sum(&self, area: Option<Patch>) -> (f64, u32) {
        let values = self.rows(area).flat_map(|(_, cells)| cells).filter(|celsius| !celsius.is_nan());
        values.fold((0.0, 0), |(sum, n), &celsius| (sum + f64::from(celsius), n + 1))
    }

    /// The rows of an area, each with the index of its first cell.
    fn rows(&self, area: Option<Patch>) -> impl Iterator<Item = (usize, &'a [f32])> + use<'a> {
        let (cells, cols, n_rows) = (self.cells, self.size.cols(), self.size.rows());
        let (top, left, end_row, end_col) = match area {
            None => (0, 0, n_rows, cols),
            Some(Patch { top, left, bottom, right }) => {
                let end = |last: u16, n: usize| (usize::from(last) + 1).min(n);
                (usize::from(top), usize::from(left), end(bottom, n_rows), end(right, cols))
            }
        };
        (top..end_row).filter_map(move |row| {
            let start = row * cols + left;
            cells.get(start..row * cols + end_col).map(|cells| (start, cells))
        })
    }
}

/// The mean of each block that two rows make, from the left; `NaN` where a cell has no value.
fn block_means<'a>(above: &'a [f32], below: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
    let step = usize::from(above.len() > 1);
    let right = above.iter().zip(below).skip(step);
    above.iter().zip(below).zip(right).map(|((a, b), (c, d))| (a + b + (c + d)) / 4.0)
}

/// A group of cells that touch each other, corners not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// How many.
    pub n: usize,
    /// The hottest of them.
    pub hottest: usize,
}

/// Finds groups; keeps its memory between frames.
#[derive(Clone, Debug, Default)]
pub(super) struct Flood {
    marks: Vec<bool>,
    stack: Vec<usize>,
}

impl Flood {
    /// The largest group of cells that `belong`; of equals, that of the first cell.
    pub fn largest(&mut self, scene: &Scene<'_>, belong: impl Iterator<Item = bool>) -> Option<Group> {
        self.marks.clear();
        self.marks.extend(belong);
        let mut largest: Option<Group> = None;
        for cell in 0..self.marks.len() {
            if let Some(group) = self.fill(scene, cell)
                && largest.is_none_or(|known| group.n > known.n)
            {
                largest = Some(group);
            }
        }
        largest
    }

    /// The group of a cell, if it has a mark; takes the marks of the group away.
    fn fill(&mut self, scene: &Scene<'_>, start: usize) -> Option<Group> {
        self.take(start);
        let cols = scene.size.cols();
        let mut found: Option<Group> = None;
        while let Some(cell) = self.stack.pop() {
            let group = found.get_or_insert(Group { n: 0, hottest: cell });
            group.n += 1;
            if scene.cells.get(cell) > scene.cells.get(group.hottest) {
                group.hottest = cell;
            }
            if cell % cols > 0 {
                self.take(cell - 1);
            }
            if cell % cols + 1 < cols {
                self.take(cell + 1);
            }
            if cell >= cols {
                self.take(cell - cols);
            }
            self.take(cell + cols);
        }
        found
    }

    fn take(&mut self, cell: usize) {
        if self.marks.get_mut(cell).is_some_and(std::mem::take) {
            self.stack.push(cell);
        }
    }
}
