//! From a frame to pixels: mounted as the operator wants, coloured by what the colours are to mean.
//!
//! ```text
//!  cells ─▶ mounted, broken ones guessed ─▶ [less the usual] ─▶ [bicubic] ─▶ index by the colouring ─▶ RGBA
//! ```
//!
//! Invariant: temperatures are interpolated first and coloured afterwards; colours are never mixed.
//! Invariant: no pixel shows a temperature outside those of the cells around it.
//! Invariant: what is guessed for a broken cell is for the eye only: it never leaves this file but as a colour. A masked
//! cell is painted as any other.

mod colouring;
mod smooth;

pub use self::colouring::{Colouring, Span};
use self::colouring::{Parted, Plain, Scale};
use self::smooth::Smooth;
use crate::heat::palette::Lut;
use crate::model::thermal::{PixelMeaning, ThermalFrame};
use crate::units::grid::{Mounting, Size};

/// Paints frames; keeps its working memory between them.
#[derive(Clone, Debug, Default)]
pub struct Painter {
    /// Cells as shown, all with a value.
    shown: Vec<f32>,
    /// Cells as shown that have no colour; empty if all have one.
    unknown: Vec<bool>,
    smooth: Smooth,
    sorted: Vec<f32>,
}

impl Painter {
    /// The span that leaves out the coldest and the hottest hundredth of the cells, masked ones too, at least 1 K wide; of
    /// a frame without any value, [`Span::default`].
    pub fn percentile_span(&mut self, frame: &ThermalFrame) -> Span {
        self.sorted.clear();
        self.sorted.extend(frame.seen_cells().flatten());
        let Some(last) = self.sorted.len().checked_sub(1) else { return Span::default() };
        let (low_at, high_at) = ((last as f32 * 0.01).round() as usize, (last as f32 * 0.99).round() as usize);
        let mut nth = |n: usize| *self.sorted.select_nth_unstable_by(n, f32::total_cmp).1;
        Span { low: nth(low_at), high: nth(high_at) }.widened()
    }

    /// Paints a frame as shown, RGBA, row by row, over whatever was in `out`: `factor` x `factor` pixels a cell, smooth
    /// between the centres of the cells (Catmull-Rom, cut to the coldest and hottest of the 16 cells around); with a
    /// factor of 0, one pixel a cell as it is. The factor is at most what keeps the picture within 1024 x 1024. Cells
    /// without a colour are transparent. Returns the picture's size.
    pub fn draw(
        &mut self,
        frame: &ThermalFrame,
        mounting: Mounting,
        colouring: &Colouring<'_>,
        factor: usize,
        out: &mut Vec<u8>,
    ) -> Size {
        let grid = self.mount(frame, mounting, colouring);
        let most = (usize::from(Size::MAX) / grid.cols().max(grid.rows())).max(1);
        let size = enlarged(grid, factor.clamp(1, most)).unwrap_or(grid);
        out.resize(size.cells() * 4, 0);
        let (factor, lut) = (if factor == 0 { 0 } else { size.cols() / grid.cols() }, colouring.lut());
        match *colouring {
            Colouring::Heat { span, .. } => self.fill(grid, factor, lut, Plain::of(span), out),
            Colouring::AboveLimit { limit, span } => self.fill(grid, factor, lut, Parted::at(limit, span), out),
            Colouring::Difference { kelvin, .. } => self.fill(grid, factor, lut, Plain::around_zero(kelvin), out),
        }
        self.clear_unknown(grid, size, out);
        size
    }

    /// Paints one pixel a cell by a palette: see [`Self::draw`].
    pub fn paint(
        &mut self,
        frame: &ThermalFrame,
        mounting: Mounting,
        lut: &Lut,
        span: Span,
        out: &mut Vec<u8>,
    ) -> Size {
        self.draw(frame, mounting, &Colouring::Heat { lut, span }, 0, out)
    }

    /// Paints `factor` x `factor` pixels a cell by a palette, at least 1: see [`Self::draw`].
    pub fn paint_smooth(
        &mut self,
        frame: &ThermalFrame,
        mounting: Mounting,
        lut: &Lut,
        span: Span,
        factor: usize,
        out: &mut Vec<u8>,
    ) -> Size {
        self.draw(frame, mounting, &Colouring::Heat { lut, span }, factor.max(1), out)
    }

    fn fill(&mut self, grid: Size, factor: usize, lut: &Lut, scale: impl Scale, out: &mut [u8]) {
        if factor > 0 {
            return self.smooth.paint(&self.shown, grid, factor, lut, scale, out);
        }
        let (pixels, _) = out.as_chunks_mut::<4>();
        for (pixel, &value) in pixels.iter_mut().zip(&self.shown) {
            let [r, g, b] = lut[usize::from(scale.index(value))];
            *pixel = [r, g, b, 255];
        }
    }

    fn clear_unknown(&self, grid: Size, size: Size, out: &mut [u8]) {
        let factor = size.cols() / grid.cols();
        let (pixels, _) = out.as_chunks_mut::<4>();
        for (row, unknown) in self.unknown.chunks_exact(grid.cols()).enumerate() {
            for line in pixels.chunks_exact_mut(size.cols()).skip(row * factor).take(factor) {
                let cells = line.chunks_exact_mut(factor).zip(unknown);
                cells.filter(|(_, unknown)| **unknown).for_each(|(pixels, _)| pixels.fill([0; 4]));
            }
        }
    }

    /// Puts the cells where they are shown, with a guess for each broken one, as the values that are coloured.
    fn mount(&mut self, frame: &ThermalFrame, mounting: Mounting, colouring: &Colouring<'_>) -> Size {
        let size = mounting.shown(frame.size);
        self.shown.clear();
        match frame.all_valid() {
            Some(cells) if mounting.quarter_turns.is_multiple_of(4) && !mounting.mirror => {
                self.shown.extend_from_slice(cells);
            }
            Some(cells) => self.shown.extend(mounted(frame.size, mounting).map(|cell| cells[cell])),
            None => {
                let fallback = mean(frame.cells().flatten()).unwrap_or(colouring.coldest());
                let value = |cell| frame.get(cell).or_else(|| guess(frame, cell)).unwrap_or(fallback);
                self.shown.extend(mounted(frame.size, mounting).map(value));
            }
        }
        self.compare(frame, mounting, colouring);
        size
    }

    /// Takes the usual picture away, if the colours are about the difference.
    fn compare(&mut self, frame: &ThermalFrame, mounting: Mounting, colouring: &Colouring<'_>) {
        self.unknown.clear();
        let Some(usual) = colouring.usual(frame) else { return };
        let nothing = frame.n_broken() == frame.size.cells();
        for (value, cell) in self.shown.iter_mut().zip(mounted(frame.size, mounting)) {
            let difference = usual.of(cell).map(|usual| *value - usual).filter(|_| !nothing);
            self.unknown.push(difference.is_none());
            *value = difference.unwrap_or(0.0);
        }
    }
}

fn enlarged(grid: Size, factor: usize) -> Option<Size> {
    Size::new((grid.cols() * factor) as u16, (grid.rows() * factor) as u16)
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
