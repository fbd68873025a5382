//! A heat picture on paper: its colours, the scale beside it, the crosses at its coldest and hottest cell.

use crate::heat::palette::Palette;
use crate::heat::picture::{Colouring, Painter, Span};
use crate::model::thermal::ThermalFrame;
use crate::model::thermal::region::Point;
use crate::report::chart::{self, Axis};
use crate::report::drawing::{At, Drawing, Pixels, Side};
use crate::report::ink;
use crate::report::letters::{Face, width_of};
use crate::units::grid::{Mounting, Size};
use crate::units::temperature::Scale;

/// Width of the scale's strip of colours.
pub const STRIP: i32 = 36;
/// From the picture to the strip.
pub const STRIP_APART: i32 = 28;
/// Width of strip and figures.
pub const SCALE_WIDE: i32 = STRIP_APART + STRIP + 150;
/// Size of figures on the picture and beside it.
pub const SMALL: i32 = 22;

/// The palette of a word in settings; the first of all for a word that is none.
#[must_use]
pub fn palette(word: &str) -> Palette {
    let named = |palette: &Palette| palette.name().to_lowercase().replace(' ', "_") == word;
    Palette::ALL.into_iter().find(named).unwrap_or_default()
}

/// The span of a picture's own temperatures, at least 4 K wide: less would show the noise of the sensor as a picture.
#[must_use]
pub fn own_span(frame: &ThermalFrame) -> Span {
    const LEAST: f32 = 4.0;
    let span = Span::auto(frame);
    let (middle, half) = (f32::midpoint(span.low, span.high), ((span.high - span.low) / 2.0).max(LEAST / 2.0));
    Span { low: middle - half, high: middle + half }
}

/// A picture at a place of a drawing.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// The numbers.
    pub frame: &'a ThermalFrame,
    /// How it is turned.
    pub mounting: Mounting,
    /// What its colours mean.
    pub colouring: Colouring<'a>,
    /// Interpolated instead of cells.
    pub smooth: bool,
    /// Where its upper left corner is.
    pub at: At,
    /// The length of a cell.
    pub cell: i32,
}

/// The length of a cell so that a picture of this size as shown is at most 1024 wide and 960 tall.
#[must_use]
pub fn cell_length(shown: Size) -> i32 {
    (1024 / shown.cols()).min(960 / shown.rows()).max(1) as i32
}

impl Picture<'_> {
    /// Columns and rows as shown.
    #[must_use]
    pub fn shown(&self) -> Size {
        self.mounting.shown(self.frame.size)
    }

    /// Its width and height.
    #[must_use]
    pub fn extent(&self) -> (i32, i32) {
        let shown = self.shown();
        (shown.cols() as i32 * self.cell, shown.rows() as i32 * self.cell)
    }

    /// Where a place of the sensor is in the drawing.
    #[must_use]
    pub fn place(&self, point: Point) -> At {
        let (cols, rows) = (self.frame.size.cols() as f32, self.frame.size.rows() as f32);
        let x = if self.mounting.mirror { cols - point.x } else { point.x };
        let (x, y) = match self.mounting.quarter_turns % 4 {
            0 => (x, point.y),
            1 => (rows - point.y, x),
            2 => (cols - x, rows - point.y),
            _ => (point.y, cols - x),
        };
        let length = self.cell as f32;
        (self.at.0 + (x * length).round() as i32, self.at.1 + (y * length).round() as i32)
    }

    /// The middle of a cell by its row-major index.
    #[must_use]
    pub fn middle(&self, index: usize) -> At {
        let cols = self.frame.size.cols().max(1);
        self.place(Point { x: (index % cols) as f32 + 0.5, y: (index / cols) as f32 + 0.5 })
    }

    /// The upper left corner of a cell as shown, by its row-major index.
    #[must_use]
    pub fn corner(&self, index: usize) -> At {
        let (column, row) = self.mounting.place_of(self.frame.size, index);
        (self.at.0 + column as i32 * self.cell, self.at.1 + row as i32 * self.cell)
    }

    /// Paints the cells, and hatches those without a value.
    pub fn paint(&self, out: &mut Drawing) {
        let (mut painter, mut rgba) = (Painter::default(), Vec::new());
        let length = self.cell.max(1) as usize;
        let size = if self.smooth {
            painter.draw(self.frame, self.mounting, &self.colouring, length, &mut rgba)
        } else {
            let size = painter.draw(self.frame, self.mounting, &self.colouring, 0, &mut rgba);
            let (large, grown) = magnified(&rgba, size, length);
            rgba = large;
            grown
        };
        let pixels = (size.cols() as u32, size.rows() as u32);
        out.pixels.push(Pixels { at: self.at, size: pixels, rgba });
        let broken: Vec<usize> = self.frame.broken().collect();
        // Of a frame without any value there is nothing to tell apart.
        if broken.len() < self.frame.size.cells() {
            self.hatch(out, broken.into_iter(), true);
        }
        let (right, bottom) = (self.at.0 + self.extent().0, self.at.1 + self.extent().1);
        let corners = vec![self.at, (right, self.at.1), (right, bottom), (self.at.0, bottom), self.at];
        out.path(corners, ink::EDGE, 2);
    }

    /// Draws slanted lines over cells; they join from cell to cell.
    pub fn hatch(&self, out: &mut Drawing, cells: impl Iterator<Item = usize>, crossed: bool) {
        let half = self.cell / 2;
        let mut lines = Vec::new();
        for index in cells {
            let (x, y) = self.corner(index);
            let (right, bottom) = (x + self.cell, y + self.cell);
            lines.extend([[(x, bottom), (right, y)], [(x, y + half), (x + half, y)]]);
            lines.push([(x + half, bottom), (right, y + half)]);
            lines.extend(crossed.then_some([(x, y), (right, bottom)]));
        }
        for (colour, width) in [(ink::HALO, 5), (ink::HATCH, 2)] {
            lines.iter().for_each(|line| out.path(line.to_vec(), colour, width));
        }
    }

    /// A cross at a cell with its temperature beside it.
    pub fn cross(&self, out: &mut Drawing, index: usize, words: &str) {
        const ARM: i32 = 18;
        let (x, y) = self.middle(index);
        for (colour, width) in [(ink::HALO, 8), (ink::MARK, 4)] {
            out.path(vec![(x - ARM, y), (x + ARM, y)], colour, width);
            out.path(vec![(x, y - ARM), (x, y + ARM)], colour, width);
        }
        self.tag(out, (x + ARM + 4, y - ARM - 4), words);
    }

    /// A label whose lower left corner is there, moved so that it lies within the picture.
    pub fn tag(&self, out: &mut Drawing, (x, y): At, words: &str) {
        const TALL: i32 = 34;
        let wide = width_of(words, Face::Plain, SMALL) + 16;
        let (width, height) = self.extent();
        let left = x.min(self.at.0 + width - wide - 2).max(self.at.0 + 2);
        let top = (y - TALL).min(self.at.1 + height - TALL - 2).max(self.at.1 + 2);
        out.rect((left, top), (left + wide, top + TALL), ink::HALO, 0.78);
        out.text((left + 8, top + 25), Side::Right, words, Face::Plain, SMALL, ink::MARK);
    }

    /// The values of the ends of its colours: temperatures, C, or differences, K.
    const fn ends(&self) -> (f32, f32) {
        match self.colouring {
            Colouring::Heat { span, .. } | Colouring::AboveLimit { span, .. } => (span.low, span.high),
            Colouring::Difference { kelvin, .. } => (-kelvin, kelvin),
        }
    }

    /// The strip of colours to the right of the picture, hot on top, with figures.
    pub fn scale(&self, out: &mut Drawing, scale: Scale) {
        let (width, height) = self.extent();
        let (left, top) = (self.at.0 + width + STRIP_APART, self.at.1);
        let (cold, hot) = self.ends();
        let colour = |y: i32| {
            let share = y as f32 / (height - 1).max(1) as f32;
            let index = self.colouring.index(hot + (cold - hot) * share);
            self.colouring.lut().get(usize::from(index)).copied().unwrap_or_default()
        };
        let row = |y: i32| {
            let [r, g, b] = colour(y);
            [r, g, b, 255].repeat(STRIP as usize)
        };
        let rgba = (0..height).flat_map(row).collect();
        out.pixels.push(Pixels { at: (left, top), size: (STRIP as u32, height as u32), rgba });
        let differs = matches!(self.colouring, Colouring::Difference { .. });
        let shown = |value: f32| f64::from(if differs { scale.of_difference(value) } else { scale.of(value) });
        let (low, high) = (shown(cold), shown(hot));
        let axis = Axis::new(low, high, 0.0);
        let ticks = chart::value_ticks(axis, 8);
        for value in &ticks.at {
            let y = top + height - (axis.share(*value) * f64::from(height)).round() as i32;
            out.path(vec![(left + STRIP, y), (left + STRIP + 10, y)], ink::EDGE, 2);
            let figure = format!("{value:.*}", ticks.decimals).replace('-', "\u{2212}");
            let y = (y + 8).clamp(top + 18, top + height);
            out.text((left + STRIP + 16, y), Side::Right, figure, Face::Mono, SMALL, ink::TEXT);
        }
        let unit = match scale {
            Scale::Fahrenheit if differs => "F from usual",
            _ if differs => "K from usual",
            _ => scale.unit(),
        };
        out.text((left, top - 14), Side::Right, unit, Face::Plain, SMALL, ink::FAINT);
    }
}

/// Each pixel as a square of `factor`.
fn magnified(rgba: &[u8], size: Size, factor: usize) -> (Vec<u8>, Size) {
    let (pixels, _) = rgba.as_chunks::<4>();
    let mut out = Vec::with_capacity(rgba.len() * factor * factor);
    for line in pixels.chunks_exact(size.cols()) {
        let wide: Vec<u8> = line.iter().flat_map(|pixel| pixel.repeat(factor)).collect();
        (0..factor).for_each(|_| out.extend_from_slice(&wide));
    }
    let grown = Size::new((size.cols() * factor) as u16, (size.rows() * factor) as u16);
    (out, grown.unwrap_or(size))
}
