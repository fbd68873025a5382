//! Smooth pictures: bicubic (Catmull-Rom) between the centres of the cells, cut to the coldest and hottest of the 16
//! cells around.
//!
//! Invariant: values are interpolated first and coloured afterwards; colours are never mixed.

use crate::heat::palette::Lut;
use crate::heat::picture::colouring::Scale;
use crate::units::grid::Size;

/// Working memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Smooth {
    /// One row of cells mixed from four, one more before and two behind.
    row: Vec<f32>,
    /// Coldest and hottest of the 16 cells around each place between two columns.
    bounds: Vec<(f32, f32)>,
    /// Weights of four neighbours for each place between two of them.
    weights: Vec<[f32; 4]>,
    /// One line of the picture as places in the palette.
    line: Vec<u8>,
}

impl Smooth {
    /// Paints `factor` x `factor` pixels a cell, RGBA, into `out`, which has room for them.
    pub fn paint(&mut self, shown: &[f32], grid: Size, factor: usize, lut: &Lut, scale: impl Scale, out: &mut [u8]) {
        self.weights.clear();
        self.weights.extend((0..factor).map(|step| catmull_rom(fraction(step, factor))));
        let colours = lut.map(|[r, g, b]| [r, g, b, 255]);
        let (pixels, _) = out.as_chunks_mut::<4>();
        let (cols, mut bounds_of) = (grid.cols() * factor, None);
        for (y, line) in pixels.chunks_exact_mut(cols).enumerate() {
            let (cell, weights) = self.place(y, grid.rows());
            let rows = four_rows(shown, grid, cell);
            if bounds_of != Some(cell) {
                find_bounds(&mut self.bounds, rows, grid.cols());
                bounds_of = Some(cell);
            }
            mix_rows(&mut self.row, rows, weights);
            self.line.resize(cols, 0);
            index_line(&mut self.line, &self.row, &self.bounds, &self.weights, scale);
            line.iter_mut().zip(&self.line).for_each(|(pixel, &index)| *pixel = colours[usize::from(index)]);
        }
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
fn index_line(line: &mut [u8], row: &[f32], bounds: &[(f32, f32)], weights: &[[f32; 4]], scale: impl Scale) {
    let factor = weights.len();
    let (before, mut rest) = line.split_at_mut(factor / 2);
    let mut places = row.array_windows::<4>().zip(bounds);
    let on_centre = |(samples, &(low, high)): (&[f32; 4], &(f32, f32))| scale.index(samples[1].max(low).min(high));
    places.clone().take(1).for_each(|place| before.fill(on_centre(place)));
    for (samples, &(low, high)) in places.clone().take(bounds.len() - 1) {
        let (pixels, behind) = rest.split_at_mut(factor);
        for (pixel, w) in pixels.iter_mut().zip(weights) {
            let celsius = samples[0] * w[0] + samples[1] * w[1] + samples[2] * w[2] + samples[3] * w[3];
            *pixel = scale.index(celsius.max(low).min(high));
        }
        rest = behind;
    }
    places.next_back().into_iter().for_each(|place| rest.fill(on_centre(place)));
}
