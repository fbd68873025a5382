//! Regions as cells: compiled once for a size, then read of every frame.
//!
//! ```text
//!  Regions, Size ─▶ Plan ──measure──▶ ThermalFrame { masked cells, extremes, meters }
//! ```
//!
//! Invariant: masked cells are in no region; broken cells are read by none.
//! Invariant: a frame of another size than the plan's has no value in any region, and no masked cell.
//! Invariant: nothing is allocated per frame once the meters have grown.

mod shape;

use std::ops::Range;

use crate::heat::emissivity::Correction;
use crate::model::thermal::ThermalFrame;
pub use crate::model::thermal::meters::{Meters, Reading, key, keys};
use crate::model::thermal::region::{Delta, Figure, Region, RegionId, Regions, Shape};
use crate::units::grid::Size;

/// All regions of one array as cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    size: Size,
    parts: Vec<Part>,
    deltas: Vec<Difference>,
    /// 64 cells a word; empty if there is no mask.
    masked: Vec<u64>,
}

/// One region that is measured.
#[derive(Clone, Debug, PartialEq)]
struct Part {
    id: RegionId,
    emissivity: Option<f32>,
    /// Its cells in runs that follow each other in the picture.
    runs: Vec<Range<u32>>,
    /// All cells of a line in its order, masked ones too; empty for other shapes.
    line: Vec<u32>,
}

/// A delta: places of its two regions among the parts, and their figures.
#[derive(Clone, Debug, PartialEq)]
struct Difference {
    id: RegionId,
    of: (Option<usize>, Figure),
    minus: (Option<usize>, Figure),
}

impl Default for Plan {
    /// No regions.
    fn default() -> Self {
        Self::new(Size::MLX90640, &Regions::default())
    }
}

impl Plan {
    /// The cells of each region in a picture of this size: a spot its cell, a box what of it is in the picture, a circle
    /// or polygon the cells whose centre is inside, a line the cells it passes. Masked cells are left out.
    #[must_use]
    pub fn new(size: Size, regions: &Regions) -> Self {
        let masked = masked(size, regions);
        let mut spare = Vec::new();
        let measured = regions.regions.iter().filter(|region| !region.mask);
        let parts: Vec<Part> = measured.map(|region| Part::new(region, size, &masked, &mut spare)).collect();
        let deltas = regions.deltas.iter().map(|delta| Difference::new(delta, &parts)).collect();
        Self { size, parts, deltas, masked }
    }

    /// For which size it was compiled.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Whether nothing is measured and nothing masked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.deltas.is_empty() && self.masked.is_empty()
    }

    /// Masked cells, 64 a word, the first in the lowest bit; empty if there is no mask.
    #[must_use]
    pub fn masked(&self) -> &[u64] {
        &self.masked
    }

    /// The cells of a region, row-major indices, masked ones left out; none if there is no such region.
    pub fn cells(&self, id: &RegionId) -> impl Iterator<Item = usize> + '_ {
        let runs = self.part(id).into_iter().flat_map(|part| &part.runs);
        runs.flat_map(|run| run.start as usize..run.end as usize)
    }

    /// All that can be measured of a frame, noted in it: masks its cells, finds its extremes, reads its meters.
    pub fn measure(&self, frame: &mut ThermalFrame) {
        frame.set_masked(if frame.size == self.size { &self.masked } else { &[] });
        frame.measure();
        let mut meters = std::mem::take(&mut frame.meters);
        self.read(frame, &mut meters);
        frame.meters = meters;
    }

    /// Reads every region and delta of a frame, over whatever was in `out`.
    pub fn read(&self, frame: &ThermalFrame, out: &mut Meters) {
        out.clear();
        let fits = frame.size == self.size;
        out.regions.extend(self.parts.iter().map(|part| (part.id.clone(), part.read(frame).filter(|_| fits))));
        for delta in &self.deltas {
            let figure = |(at, figure): (Option<usize>, Figure)| {
                let (_, reading) = at.and_then(|at| out.regions.get(at))?;
                reading.map(|reading| reading.figure(figure))
            };
            let kelvin = figure(delta.of).zip(figure(delta.minus)).map(|(of, minus)| of - minus);
            out.deltas.push((delta.id.clone(), kelvin));
        }
    }

    /// The temperatures along a line, C, from its first cell in the picture to its last; `None` for cells that are broken
    /// or masked. Empty if there is no such line.
    #[must_use]
    pub fn profile(&self, frame: &ThermalFrame, id: &RegionId) -> Vec<Option<f32>> {
        let Some(part) = self.part(id).filter(|_| frame.size == self.size) else { return Vec::new() };
        let correction = part.correction(frame);
        let value = |&cell: &u32| {
            let celsius = frame.get(cell as usize).filter(|_| !is_in(&self.masked, cell as usize))?;
            correction.map_or(Some(celsius), |correction| correction.apply(celsius))
        };
        part.line.iter().map(value).collect()
    }

    fn part(&self, id: &RegionId) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == *id)
    }
}

fn masked(size: Size, regions: &Regions) -> Vec<u64> {
    let mut cells = Vec::new();
    regions.regions.iter().filter(|region| region.mask).for_each(|mask| shape::cells(&mask.shape, size, &mut cells));
    let mut words = vec![0; if cells.is_empty() { 0 } else { size.cells().div_ceil(64) }];
    for cell in cells {
        if let Some(word) = words.get_mut(cell as usize / 64) {
            *word |= 1 << (cell % 64);
        }
    }
    words
}

fn is_in(words: &[u64], cell: usize) -> bool {
    words.get(cell / 64).is_some_and(|word| word >> (cell % 64) & 1 == 1)
}

impl Part {
    fn new(region: &Region, size: Size, masked: &[u64], cells: &mut Vec<u32>) -> Self {
        cells.clear();
        shape::cells(&region.shape, size, cells);
        let line = if matches!(region.shape, Shape::Line { .. }) { cells.clone() } else { Vec::new() };
        let mut runs: Vec<Range<u32>> = Vec::new();
        for &cell in cells.iter().filter(|&&cell| !is_in(masked, cell as usize)) {
            match runs.last_mut() {
                Some(run) if run.end == cell => run.end += 1,
                _ => runs.push(cell..cell + 1),
            }
        }
        Self { id: region.id.clone(), emissivity: region.emissivity, runs, line }
    }

    fn correction(&self, frame: &ThermalFrame) -> Option<Correction> {
        Correction::of(frame, self.emissivity?)
    }

    fn read(&self, frame: &ThermalFrame) -> Option<Reading> {
        match (self.correction(frame), frame.all_valid()) {
            (None, Some(cells)) => self.tally(|cell| cells.get(cell).copied()),
            (None, None) => self.tally(|cell| frame.get(cell)),
            (Some(correction), _) => self.tally(|cell| frame.get(cell).and_then(|celsius| correction.apply(celsius))),
        }
    }

    #[inline]
    fn tally(&self, value: impl Fn(usize) -> Option<f32>) -> Option<Reading> {
        let mut sum = 0.0;
        let mut found: Option<Reading> = None;
        for cell in self.runs.iter().cloned().flatten() {
            let Some(celsius) = value(cell as usize) else { continue };
            let first = Reading { min: celsius, mean: 0.0, max: celsius, min_at: cell, max_at: cell, n: 0 };
            let reading = found.get_or_insert(first);
            sum += f64::from(celsius);
            reading.n += 1;
            if celsius < reading.min {
                (reading.min, reading.min_at) = (celsius, cell);
            }
            if celsius > reading.max {
                (reading.max, reading.max_at) = (celsius, cell);
            }
        }
        found.map(|reading| Reading { mean: (sum / f64::from(reading.n)) as f32, ..reading })
    }
}

impl Difference {
    fn new(delta: &Delta, parts: &[Part]) -> Self {
        let place = |(id, figure): &(RegionId, Figure)| (parts.iter().position(|part| part.id == *id), *figure);
        Self { id: delta.id.clone(), of: place(&delta.of), minus: place(&delta.minus) }
    }
}
