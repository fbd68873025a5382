//! A canvas of temperatures: soft shapes laid over one another, as a thermal array blurs them.
//!
//! Invariant: places and sizes are fractions of the picture, `x` from the left and `y` from the top, so that one
//! scene fits any array. Shapes blend towards their temperature and never add up beyond it.

use crate::units::grid::Size;

/// A rectangle in fractions of the picture: left, top, right, bottom.
pub type Area = [f32; 4];

/// A picture being painted, degrees Celsius, row-major.
pub struct Canvas<'a> {
    size: Size,
    cells: &'a mut [f32],
}

impl<'a> Canvas<'a> {
    /// A canvas over `cells`, resized to `size`; every cell is 0 C.
    pub fn new(size: Size, cells: &'a mut Vec<f32>) -> Self {
        cells.clear();
        cells.resize(size.cells(), 0.0);
        Self { size, cells }
    }

    /// A wall or room: one temperature at the top, another at the bottom, with faint cloudy unevenness.
    pub fn backdrop(&mut self, top: f32, bottom: f32, seed: u64) {
        let (cols, rows) = (self.size.cols(), self.size.rows());
        for (row, line) in self.cells.chunks_mut(cols).enumerate() {
            let y = (row as f32 + 0.5) / rows as f32;
            for (col, cell) in line.iter_mut().enumerate() {
                let x = (col as f32 + 0.5) / cols as f32;
                let cloud = cloud(x * 4.0, y * 3.0, seed) + 0.5 * cloud(x * 9.0, y * 7.0, seed ^ 0x5bd1);
                *cell = top + (bottom - top) * y + 0.45 * cloud;
            }
        }
    }

    /// One temperature everywhere.
    pub fn flat(&mut self, celsius: f32) {
        self.cells.fill(celsius);
    }

    /// A single cell, sharp.
    pub fn cell(&mut self, x: f32, y: f32, celsius: f32) {
        let (cols, rows) = (self.size.cols(), self.size.rows());
        let at = |share: f32, n: usize| ((share * n as f32) as usize).min(n.saturating_sub(1));
        if let Some(cell) = self.cells.get_mut(at(y, rows) * cols + at(x, cols)) {
            *cell = celsius;
        }
    }

    /// A soft spot: `celsius` in the middle, fading out over the radii `rx` and `ry`.
    pub fn blob(&mut self, x: f32, y: f32, rx: f32, ry: f32, celsius: f32) {
        self.shade([x - 2.2 * rx, y - 2.2 * ry, x + 2.2 * rx, y + 2.2 * ry], celsius, |px, py| {
            let (dx, dy) = ((px - x) / rx, (py - y) / ry);
            (-(dx * dx + dy * dy)).exp()
        });
    }

    /// A solid ellipse with a soft rim: heads, pots, lamps.
    pub fn disc(&mut self, x: f32, y: f32, rx: f32, ry: f32, celsius: f32) {
        let rim = self.blur() / rx.min(ry).max(1e-3);
        let (wide, tall) = (rx * (1.0 + rim), ry * (1.0 + rim));
        self.shade([x - wide, y - tall, x + wide, y + tall], celsius, |px, py| {
            let (dx, dy) = ((px - x) / rx, (py - y) / ry);
            smooth((1.0 + rim - dx.hypot(dy)) / (2.0 * rim))
        });
    }

    /// A plate with soft edges.
    pub fn slab(&mut self, area: Area, celsius: f32) {
        let [left, top, right, bottom] = area;
        let soft = self.blur();
        self.shade([left - soft, top - soft, right + soft, bottom + soft], celsius, |x, y| {
            let inside = (x - left).min(right - x).min(y - top).min(bottom - y);
            smooth((inside + soft) / (2.0 * soft))
        });
    }

    /// A bar from one point to another: tools, pipes, limbs.
    pub fn bar(&mut self, from: (f32, f32), to: (f32, f32), width: f32, celsius: f32) {
        let reach = width + self.blur();
        let area =
            [from.0.min(to.0) - reach, from.1.min(to.1) - reach, from.0.max(to.0) + reach, from.1.max(to.1) + reach];
        let (vx, vy) = (to.0 - from.0, to.1 - from.1);
        let length = (vx * vx + vy * vy).max(1e-6);
        self.shade(area, celsius, |x, y| {
            let along = (((x - from.0) * vx + (y - from.1) * vy) / length).clamp(0.0, 1.0);
            let aside = (x - from.0 - along * vx).hypot(y - from.1 - along * vy);
            smooth((reach - aside) / reach)
        });
    }

    /// Someone standing: feet at `(x, feet)`, `height` tall, `stride` (-1..=1) apart with the legs; `warm` 0..=1 fades
    /// the person in.
    pub fn person(&mut self, x: f32, feet: f32, height: f32, stride: f32, warm: f32) {
        let at = |up: f32| feet - up * height;
        let wide = height * self.size.rows() as f32 / self.size.cols() as f32;
        let mix = |celsius: f32| 21.0 + (celsius - 21.0) * warm;
        for side in [-1.0_f32, 1.0] {
            let foot = x + side * stride * 0.13 * wide;
            self.bar((x + side * 0.05 * wide, at(0.5)), (foot + side * 0.03 * wide, at(0.03)), 0.055 * wide, mix(27.3));
            let hand = x + side * (0.17 - 0.06 * stride * side) * wide;
            self.bar((x + side * 0.12 * wide, at(0.78)), (hand, at(0.45)), 0.035 * wide, mix(28.8));
        }
        self.disc(x, at(0.65), 0.15 * wide, 0.19 * height, mix(29.8));
        self.blob(x, at(0.7), 0.1 * wide, 0.12 * height, mix(30.9));
        self.disc(x, at(0.91), 0.075 * wide, 0.085 * height, mix(33.6));
    }

    /// Adds sensor noise of standard deviation `kelvin`, at most 3.5 times that; equal seeds give equal noise.
    pub fn noise(&mut self, kelvin: f32, seed: u64) {
        let mut random = fastrand::Rng::with_seed(seed);
        for cell in self.cells.iter_mut() {
            let word = random.u64(..);
            let sum: u64 = (0..4).map(|part| word >> (16 * part) & 0xffff).sum();
            *cell += kelvin * 3.0_f32.sqrt() * (sum as f32 / 65_535.0 - 2.0);
        }
    }

    /// How far an edge is blurred, as a fraction of the picture: about one cell, never less than 1 %.
    fn blur(&self) -> f32 {
        (0.8 / self.size.rows() as f32).max(0.01)
    }

    fn shade(&mut self, area: Area, celsius: f32, cover: impl Fn(f32, f32) -> f32) {
        let (cols, rows) = (self.size.cols(), self.size.rows());
        let span = |low: f32, high: f32, n: usize| {
            let (low, high) = (low * n as f32, high * n as f32);
            (low.max(0.0) as usize).min(n)..(high.ceil().max(0.0) as usize).min(n)
        };
        for row in span(area[1], area[3], rows) {
            let y = (row as f32 + 0.5) / rows as f32;
            for col in span(area[0], area[2], cols) {
                let x = (col as f32 + 0.5) / cols as f32;
                if let Some(cell) = self.cells.get_mut(row * cols + col) {
                    *cell += (celsius - *cell) * cover(x, y);
                }
            }
        }
    }
}

/// Rises softly from 0 to 1 (3t^2 - 2t^3), flat outside.
pub fn smooth(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A number in 0..1 that depends on its inputs only.
pub fn chance(a: i64, b: i64, seed: u64) -> f32 {
    let mut mixed = (a as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (b as u64).rotate_left(31) ^ seed;
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ mixed >> 31) >> 40) as f32 / 16_777_216.0
}

/// Value noise, -0.5..=0.5, smooth between whole numbers.
pub fn cloud(x: f32, y: f32, seed: u64) -> f32 {
    let (col, row) = (x.floor(), y.floor());
    let (fx, fy) = (smooth(x - col), smooth(y - row));
    let corner = |dx: i64, dy: i64| chance(col as i64 + dx, row as i64 + dy, seed);
    let top = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * fx;
    let bottom = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * fx;
    top + (bottom - top) * fy - 0.5
}
