//! From a frame to pixels: mounted as the operator wants, coloured by a palette over a span of temperatures.
//!
//! ```text
//!  cells ─▶ mounted, broken ones guessed ─▶ [bicubic] ─▶ index in the span ─▶ palette ─▶ RGBA
//! ```
//!
//! Invariant: temperatures are interpolated first and coloured afterwards; colours are never mixed.
//! Invariant: no pixel shows a temperature outside those of the cells around it.
//! Invariant: what is guessed for a broken cell is for the eye only: it never leaves this file but as a colour.

use crate::heat::palette::Lut;
use crate::model::thermal::{PixelMeaning, ThermalFrame};
use crate::units::grid::{Mounting, Size};

/// The temperatures, C, of the first and the last colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Coldest shown.
    pub low: f32,
    /// Hottest shown.
    pub high: f32,
}

impl Default for Span {
    /// A room: 15..=35 C.
    fn default() -> Self {
        Self { low: 15.0, high: 35.0 }
    }
}

impl Span {
    /// The narrowest automatic span, K: below it a palette would show nothing but noise.
    pub const MIN_WIDTH: f32 = 1.0;

    /// From the coldest to the hottest cell, widened around its middle to at least 1 K; of a frame without any
    /// value, [`Self::default`]. Uses the frame's extremes if they were measured.
    #[must_use]
    pub fn auto(frame: &ThermalFrame) -> Self {
        if let Some(e) = frame.extremes {
            return Self { low: e.min, high: e.max }.widened();
        }
        let ends = frame.cells().flatten().fold(None, |ends: Option<(f32, f32)>, t| {
            Some(ends.map_or((t, t), |(low, high)| (low.min(t), high.max(t))))
        });
        ends.map_or_else(Self::default, |(low, high)| Self { low, high }.widened())
    }

    /// At least [`Self::MIN_WIDTH`] wide, around the same middle.
    #[must_use]
    pub fn widened(self) -> Self {
        let middle = f32::midpoint(self.low, self.high);
        let half = ((self.high - self.low) / 2.0).max(Self::MIN_WIDTH / 2.0);
        Self { low: middle - half, high: middle + half }
    }

    /// Where a temperature lies: 0 at or below `low`, 255 at or above `high`. In a span without width everything
    /// is in the middle, 128.
    #[must_use]
    pub fn index(self, celsius: f32) -> u8 {
        self.ramp().index(celsius)
    }

    fn ramp(self) -> Ramp {
        let width = self.high - self.low;
        if width > 0.0 {
            let factor = 255.0 / width;
            return Ramp { factor, base: 0.5 - self.low * factor };
        }
        Ramp { factor: 0.0, base: 128.5 }
    }
}

/// A span as one multiplication: `index = celsius * factor + base`, cut to a byte.
#[derive(Clone, Copy)]
struct Ramp {
    factor: f32,
    base: f32,
}

impl Ramp {
    #[inline]
    fn index(self, celsius: f32) -> u8 {
        (celsius * self.factor + self.base) as u8
    }
}

/// Paints frames; keeps its working memory between them.
#[derive(Clone, Debug, Default)]
pub struct Painter {
    /// Cells as shown, all with a value.
    shown: Vec<f32>,
    /// One row of cells mixed from four, one more before and two behind.
    row: Vec<f32>,
    /// Coldest and hottest of the 16 cells around each place between two columns.
    bounds: Vec<(f32, f32)>,
    /// Weights of four neighbours for each place between two of them.
    weights: Vec<[f32; 4]>,
    /// One line of the smooth picture as places in the palette.
    line: Vec<u8>,
    sorted: Vec<f32>,
}

impl Painter {
    /// The span that leaves out the coldest and the hottest hundredth of the cells, at least 1 K wide; of a frame
    /// without any value, [`Span::default`].
    pub fn percentile_span(&mut self, frame: &ThermalFrame) -> Span {
        self.sorted.clear();
        self.sorted.extend(frame.cells().flatten());
        let Some(last) = self.sorted.len().checked_sub(1) else { return Span::default() };
        let (low_at, high_at) = ((last as f32 * 0.01).round() as usize, (last as f32 * 0.99).round() as usize);
        let mut nth = |n: usize| *self.sorted.select_nth_unstable_by(n, f32::total_cmp).1;
        Span { low: nth(low_at), high: nth(high_at) }.widened()
    }

    /// Paints one pixel a cell, RGBA, row by row as shown, over whatever was in `out`. Returns the picture's size.
    pub fn paint(
        &mut self,
        frame: &ThermalFrame,
        mounting: Mounting,
        lut: &Lut,
        span: Span,
        out: &mut Vec<u8>,
    ) -> Size {
        let size = self.mount(frame, mounting, span);
        let ramp = span.ramp();
        out.resize(size.cells() * 4, 0);
        let (pixels, _) = out.as_chunks_mut::<4>();
        for (pixel, &celsius) in pixels.iter_mut().zip(&self.shown) {
            let [r, g, b] = lut[usize::from(ramp.index(celsius))];
            *pixel = [r, g, b, 255];
        }
        size
    }

    /// Paints `factor` x `factor` pixels a cell, RGBA: bicubic (Catmull-Rom) between the centres of the cells, cut to
    /// the coldest and hottest of the 16 cells around, then coloured. The factor is at least 1 and at most what keeps
    /// the picture within 1024 x 1024. Returns the picture's size.
    pub fn paint_smooth(
        &mut self,
        frame: &ThermalFrame,
        mounting: Mounting,
        lut: &Lut,
        span: Span,
        factor: usize,
        out: &mut Vec<u8>,
    ) -> Size {
        let grid = self.mount(frame, mounting, span);
        let factor = factor.clamp(1, (usize::from(Size::MAX) / grid.cols().max(grid.rows())).max(1));
        let Some(size) = Size::new((grid.cols() * factor) as u16, (grid.rows() * factor) as u16) else { return grid };
        self.weights.clear();
        self.weights.extend((0..factor).map(|step| catmull_rom(fraction(step, factor))));
        let colours = lut.map(|[r, g, b]| [r, g, b, 255]);
        let ramp = span.ramp();
        out.resize(size.cells() * 4, 0);
        let (pixels, _) = out.as_chunks_mut::<4>();
        let mut bounds_of = None;
        for (y, line) in pixels.chunks_exact_mut(size.cols()).enumerate() {
            let (cell, weights) = self.place(y, grid.rows());
            let rows = four_rows(&self.shown, grid, cell);
            if bounds_of != Some(cell) {
                find_bounds(&mut self.bounds, rows, grid.cols());
                bounds_of = Some(cell);
            }
            mix_rows(&mut self.row, rows, weights);
            self.line.resize(size.cols(), 0);
            index_line(&mut self.line, &self.row, &self.bounds, &self.weights, ramp);
            line.iter_mut().zip(&self.line).for_each(|(pixel, &index)| *pixel = colours[usize::from(index)]);
        }
        size
    }

    /// The cell of `n` whose centre is at or before a pixel, and the weights of the cells around it. Outside the first and
    /// the last centre the picture goes on as it is there.
    fn place(&self, pixel: usize, n: usize) -> (usize, [f32; 4]) {
        let factor = self.weights.len();
        match pixel.checked_sub(factor / 2) {
            Some(behind) if behind / factor + 1 < n => (behind / factor, self.weights[behind % factor]),
            Some(_) => (n - 1, ON_CENTRE),
            None => (0, ON_CENTRE),
        }
    }

    /// Puts the cells where they are shown, with a guess for each broken one.
    fn mount(&mut self, frame: &ThermalFrame, mounting: Mounting, span: Span) -> Size {
        let size = mounting.shown(frame.size);
        self.shown.clear();
        match frame.all_valid() {
            Some(cells) if mounting.quarter_turns.is_multiple_of(4) && !mounting.mirror => {
                self.shown.extend_from_slice(cells);
            }
            Some(cells) => self.shown.extend(mounted(frame.size, mounting).map(|cell| cells[cell])),
            None => {
                let fallback = mean(frame.cells().flatten()).unwrap_or(span.low);
                let value = |cell| frame.get(cell).or_else(|| guess(frame, cell)).unwrap_or(fallback);
                self.shown.extend(mounted(frame.size, mounting).map(value));
            }
        }
        size
    }
}

/// Sensor cells in the order they are shown.
fn mounted(size: Size, mounting: Mounting) -> impl Iterator<Item = usize> {
    let shown = mounting.shown(size);
    (0..shown.rows()).flat_map(move |y| (0..shown.cols()).map(move |x| mounting.cell_at(size, x, y)))
}

/// What the eye expects of a broken cell: the mean of the neighbours that have a value. An MLX90640 reads in a chess
/// pattern, where the diagonal neighbours are of the same moment and go first.
fn guess(frame: &ThermalFrame, cell: usize) -> Option<f32> {
    const DIAGONAL: [(isize, isize); 4] = [(-1, -1), (1, -1), (-1, 1), (1, 1)];
    const STRAIGHT: [(isize, isize); 4] = [(0, -1), (-1, 0), (1, 0), (0, 1)];
    let (cols, rows) = (frame.size.cols(), frame.size.rows());
    let (col, row) = (cell % cols, cell / cols);
    let neighbour = |&(dx, dy): &(isize, isize)| {
        let x = col.checked_add_signed(dx).filter(|&x| x < cols)?;
        let y = row.checked_add_signed(dy).filter(|&y| y < rows)?;
        frame.get(y * cols + x)
    };
    let diagonal = || mean(DIAGONAL.iter().filter_map(neighbour));
    let all = || mean(DIAGONAL.iter().chain(&STRAIGHT).filter_map(neighbour));
    if frame.meaning == PixelMeaning::Mlx90640Raw { diagonal().or_else(all) } else { all() }
}

fn mean(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (sum, n) = values.fold((0.0_f32, 0_u32), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / n as f32)
}

/// The weights of a place that is the centre of a cell.
const ON_CENTRE: [f32; 4] = [0.0, 1.0, 0.0, 0.0];

/// How far behind a centre the `step`th pixel at or behind it lies, 0..1: the source place of a pixel is
/// `(pixel + 0.5) / factor - 0.5`.
fn fraction(step: usize, factor: usize) -> f32 {
    (step as f32 + (factor / 2) as f32 + 0.5) / factor as f32 - 0.5
}

/// Weights of the samples at -1, 0, 1 and 2 for a place `t` between 0 and 1 (cubic convolution, a = -0.5).
fn catmull_rom(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [-0.5 * t + t2 - 0.5 * t3, 1.0 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2.0 * t2 - 1.5 * t3, -0.5 * t2 + 0.5 * t3]
}

/// The rows at -1, 0, 1 and 2 from a row; at the borders the outermost one again.
fn four_rows(shown: &[f32], grid: Size, row: usize) -> [&[f32]; 4] {
    around(row, grid.rows()).map(|row| &shown[row * grid.cols()..(row + 1) * grid.cols()])
}

fn around(cell: usize, n: usize) -> [usize; 4] {
    [cell.saturating_sub(1), cell, (cell + 1).min(n - 1), (cell + 2).min(n - 1)]
}

/// Mixes four rows into one, with the first cell once more before it and the last twice more behind.
fn mix_rows(row: &mut Vec<f32>, [a, b, c, d]: [&[f32]; 4], w: [f32; 4]) {
    row.clear();
    row.push(0.0);
    let columns = a.iter().zip(b).zip(c).zip(d);
    row.extend(columns.map(|(((a, b), c), d)| a * w[0] + b * w[1] + c * w[2] + d * w[3]));
    let (first, last) = (row[1], row[row.len() - 1]);
    row[0] = first;
    row.extend([last; 2]);
}

/// Coldest and hottest of the 16 cells around each place between two columns.
fn find_bounds(bounds: &mut Vec<(f32, f32)>, rows: [&[f32]; 4], cols: usize) {
    const NOTHING: (f32, f32) = (f32::INFINITY, f32::NEG_INFINITY);
    let cells = |col: usize| around(col, cols).into_iter().flat_map(move |col| rows.map(|row| row[col]));
    bounds.clear();
    bounds.extend((0..cols).map(|col| cells(col).fold(NOTHING, |(low, high), t| (low.min(t), high.max(t)))));
}

/// Finds the places in the palette of one line of pixels from one mixed row, from centre to centre; beyond the first and
/// the last it stays the same.
fn index_line(line: &mut [u8], row: &[f32], bounds: &[(f32, f32)], weights: &[[f32; 4]], ramp: Ramp) {
    let factor = weights.len();
    let (before, mut rest) = line.split_at_mut(factor / 2);
    let mut places = row.array_windows::<4>().zip(bounds);
    let on_centre = |(samples, &(low, high)): (&[f32; 4], &(f32, f32))| ramp.index(samples[1].max(low).min(high));
    places.clone().take(1).for_each(|place| before.fill(on_centre(place)));
    for (samples, &(low, high)) in places.clone().take(bounds.len() - 1) {
        let (pixels, behind) = rest.split_at_mut(factor);
        for (pixel, w) in pixels.iter_mut().zip(weights) {
            let celsius = samples[0] * w[0] + samples[1] * w[1] + samples[2] * w[2] + samples[3] * w[3];
            *pixel = ramp.index(celsius.max(low).min(high));
        }
        rest = behind;
    }
    places.next_back().into_iter().for_each(|place| rest.fill(on_centre(place)));
}
