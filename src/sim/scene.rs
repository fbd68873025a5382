//! What the simulated arrays look at: scenes in true degrees Celsius, a pure function of kind, time and seed.
//!
//! Invariant: equal inputs give equal pictures; every value is finite and within -40..=400 C.
//! Invariant: only [`Scene::Fire`] burns, and it burns itself out; all others stay below 60 C, but for the pan of
//! [`Scene::Stove`], which overheats for about a minute every eight, and the cell of [`Scene::Jump`].
//!
//! To add one: a variant, its name, its size if it is not that of an MLX90640, and a function that paints it.

use std::f32::consts::TAU;

use serde::Serialize;

use crate::sim::canvas::{Canvas, chance, cloud, smooth};
use crate::units::grid::Size;

/// Standard deviation of the temporal noise of an MLX90640 at rest, K.
pub const NOISE_K: f32 = 0.12;

/// A scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scene {
    /// A work bench: monitor, laptop, soldering iron, someone coming and going.
    Bench,
    /// A wall with a cold window above a radiator of 55 C.
    Radiator,
    /// A room in which a fire grows up to 380 C, is put out and cools, every seven minutes.
    Fire,
    /// Five servers in a rack, their load wandering.
    Rack,
    /// The chamber of a 3D printer with a moving tool head.
    Printer,
    /// A front door; people pass, and let the cold in.
    Door,
    /// A stove with a pan that is forgotten for a while every eight minutes (85 C).
    Stove,
    /// A three-phase transformer, one bushing warmer than the others.
    Transformer,
    /// A kiln with a leaking door seal, cooling down.
    Kiln,
    /// The inside of a fridge whose door is opened now and then.
    Fridge,
    /// A workshop hall with lamps, machines and a person walking.
    Workshop,
    /// An even wall of 28 C, one cell of which jumps to 85 C for 4 s every 16 s: to try alarms with.
    Jump,
}

impl Scene {
    /// The scenes of a home, in turn.
    pub const ALL: [Self; 11] = [
        Self::Bench,
        Self::Radiator,
        Self::Fire,
        Self::Rack,
        Self::Printer,
        Self::Door,
        Self::Stove,
        Self::Transformer,
        Self::Kiln,
        Self::Fridge,
        Self::Workshop,
    ];

    /// Paints the scene at `t` seconds without noise.
    pub fn truth(self, size: Size, t: f64, seed: u64, cells: &mut Vec<f32>) {
        self.draw(&mut Canvas::new(size, cells), t as f32, seed);
        cells.iter_mut().for_each(|cell| *cell = cell.clamp(-40.0, 400.0));
    }

    /// Paints the scene at `t` seconds as a sensor sees it, with noise of [`NOISE_K`].
    pub fn seen(self, size: Size, t: f64, seed: u64, cells: &mut Vec<f32>) {
        let mut canvas = Canvas::new(size, cells);
        self.draw(&mut canvas, t as f32, seed);
        canvas.noise(NOISE_K, seed.rotate_left(17) ^ t.to_bits());
        cells.iter_mut().for_each(|cell| *cell = cell.clamp(-40.0, 400.0));
    }

    fn draw(self, canvas: &mut Canvas, t: f32, seed: u64) {
        match self {
            Self::Bench => bench(canvas, t, seed),
            Self::Radiator => radiator(canvas, t, seed),
            Self::Fire => fire(canvas, t, seed),
            Self::Rack => rack(canvas, t, seed),
            Self::Printer => printer(canvas, t, seed),
            Self::Door => door(canvas, t, seed),
            Self::Stove => stove(canvas, t, seed),
            Self::Transformer => transformer(canvas, t, seed),
            Self::Kiln => kiln(canvas, t, seed),
            Self::Fridge => fridge(canvas, t, seed),
            Self::Workshop => workshop(canvas, t, seed),
            Self::Jump => jump(canvas, t, seed),
        }
    }
}

/// Devices jump at different times, and not within their first 12 s.
fn jump(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.flat(28.0);
    let at = (t + 4.0 * chance(0, 1, seed)).rem_euclid(16.0);
    if (12.0..15.9).contains(&at) {
        canvas.cell(0.6, 0.45, 85.0);
    }
}

/// A slow swing, -1..=1, of `period` seconds.
fn swing(t: f32, period: f32) -> f32 {
    (TAU * (t / period).fract()).sin()
}

/// 0 outside `from..to` seconds of a cycle of `every`, 1 inside, with ramps of `ramp` seconds.
fn during(t: f32, every: f32, from: f32, to: f32, ramp: f32) -> f32 {
    let at = t.rem_euclid(every);
    smooth((at - from) / ramp) * smooth((to - at) / ramp)
}

fn bench(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.backdrop(22.2, 21.2, seed);
    canvas.slab([0.14, 0.24, 0.36, 0.46], 28.4 + 0.3 * swing(t, 47.0));
    canvas.slab([0.17, 0.27, 0.33, 0.43], 29.6);
    let here = during(t + 20.0, 75.0, 5.0, 58.0, 6.0);
    canvas.person(0.47 + 0.05 * swing(t, 13.0), 0.9, 0.76, 0.2 * swing(t, 4.0), here);
    canvas.slab([0.56, 0.18, 0.84, 0.52], 29.5);
    canvas.blob(0.7, 0.36, 0.1, 0.12, 38.6 + 1.6 * swing(t, 83.0));
    canvas.slab([0.05, 0.62, 0.95, 0.92], 26.1);
    canvas.blob(0.85, 0.78, 0.09, 0.1, 27.8);
    let lift = 0.02 * swing(t, 7.0) * here;
    canvas.bar((0.3, 0.84 - lift), (0.56, 0.68 + lift), 0.04, 33.5 + 1.2 * swing(t, 19.0));
    canvas.bar((0.2, 0.74), (0.27, 0.66), 0.05, 30.2);
    canvas.disc(0.14, 0.72, 0.045, 0.06, 36.5 - 4.0 * (t / 600.0).fract());
}

fn radiator(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.backdrop(22.4, 20.0, seed);
    canvas.slab([0.22, 0.06, 0.78, 0.48], 14.2 + 0.5 * swing(t, 300.0));
    canvas.slab([0.485, 0.06, 0.515, 0.48], 18.5);
    for plume in 0..5 {
        let x = 0.26 + 0.12 * plume as f32 + 0.02 * swing(t + plume as f32 * 3.1, 9.0);
        canvas.blob(x, 0.5, 0.06, 0.13, 24.5 + 0.8 * swing(t + plume as f32, 5.0));
    }
    let heat = 53.5 + 1.5 * swing(t, 240.0);
    canvas.slab([0.14, 0.58, 0.86, 0.9], heat - 7.0);
    for fin in 0..9 {
        let x = 0.17 + 0.0825 * fin as f32;
        canvas.slab([x - 0.024, 0.59, x + 0.024, 0.89], heat - 0.5 * fin as f32);
    }
    canvas.bar((0.86, 0.86), (0.97, 0.98), 0.02, heat - 2.0);
}

fn fire(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.backdrop(23.0, 21.0, seed);
    canvas.slab([0.06, 0.66, 0.42, 0.94], 23.2);
    canvas.slab([0.62, 0.5, 0.94, 0.96], 22.0);
    let at = t.rem_euclid(420.0);
    let grown = smooth((at - 120.0) / 150.0) * smooth((320.0 - at) / 25.0);
    let ember = if at > 295.0 { smooth((at - 295.0) / 20.0) * (-(at - 310.0).max(0.0) / 35.0).exp() } else { 0.0 };
    canvas.blob(0.5, 0.04, 0.7, 0.05 + 0.25 * grown, 23.0 + 65.0 * grown);
    canvas.blob(0.46, 0.84, 0.09, 0.06, 22.0 + 60.0 * ember);
    if grown > 0.0 {
        let peak = 22.0 + 360.0 * grown;
        for tongue in 0..6_i64 {
            let lick = cloud(t * 3.0, tongue as f32 * 5.3, seed);
            let x = 0.46 + (tongue as f32 - 2.5) * 0.045 * grown + 0.04 * lick * grown;
            let tall = (0.08 + 0.2 * grown) * (0.75 + 0.7 * lick + 0.2 * chance(tongue, 1, seed));
            canvas.blob(
                x,
                0.86 - 0.6 * tall,
                0.03 + 0.05 * grown,
                tall.max(0.03),
                22.0 + (peak - 22.0) * (0.62 + 0.4 * lick),
            );
        }
        canvas.blob(0.46, 0.84, 0.04 + 0.09 * grown, 0.05 + 0.07 * grown, peak);
    }
}

fn rack(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.backdrop(22.6, 21.0, seed);
    canvas.slab([0.1, 0.02, 0.9, 0.98], 20.6);
    for unit in 0..5_i64 {
        let y = 0.14 + 0.175 * unit as f32;
        let load = 0.5 + cloud(t / 25.0, unit as f32 * 3.7, seed) + 0.1 * swing(t, 11.0 + unit as f32);
        canvas.slab([0.16, y - 0.05, 0.84, y + 0.05], 25.6 + 2.2 * load);
        let hot = 0.24 + 0.52 * chance(unit, 7, seed);
        canvas.blob(hot, y, 0.13, 0.035, 29.0 + 8.0 * load);
        canvas.blob((hot + 0.3).min(0.78), y, 0.06, 0.03, 28.0 + 3.0 * load);
    }
    canvas.bar((0.94, 0.1), (0.94, 0.9), 0.014, 24.8);
}

fn printer(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.backdrop(37.5, 35.0, seed);
    canvas.slab([0.08, 0.08, 0.92, 0.92], 40.2 + 0.4 * swing(t, 130.0));
    let layer = (t / 900.0).fract();
    canvas.slab([0.14, 0.66, 0.86, 0.84], 56.4 + 0.5 * swing(t, 33.0));
    canvas.slab([0.3, 0.64 - 0.22 * layer, 0.62, 0.66], 50.5);
    let x = 0.46 + 0.15 * swing(t, 2.7) + 0.03 * swing(t, 0.9);
    let y = 0.55 - 0.22 * layer;
    canvas.bar((0.1, y - 0.12), (0.9, y - 0.12), 0.018, 43.0);
    canvas.slab([x - 0.06, y - 0.2, x + 0.06, y - 0.02], 47.0);
    canvas.blob(x, y + 0.03, 0.035, 0.05, 58.2);
    canvas.slab([0.42, 0.93, 0.58, 1.0], 45.0);
}

fn door(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.backdrop(21.6, 19.4, seed);
    canvas.slab([0.3, 0.06, 0.7, 0.96], 17.6);
    let (visit, at) = ((t / 16.0).floor(), t.rem_euclid(16.0));
    let open = smooth((at - 3.0) / 2.0) * smooth((11.0 - at) / 2.5);
    canvas.slab([0.33, 0.1, 0.67, 0.95], 18.2 - 8.5 * open);
    canvas.blob(0.5, 1.0, 0.32, 0.2, 19.0 - 4.0 * open);
    canvas.slab([0.36, 0.14, 0.46, 0.3], 16.4 - 6.0 * open);
    canvas.slab([0.82, 0.3, 0.93, 0.44], 24.2);
    let leftwards = chance(visit as i64, 1, seed) < 0.5;
    let way = -0.2 + 1.4 * (at - 1.0) / 13.0;
    let x = if leftwards { 1.0 - way } else { way };
    let tall = 0.66 + 0.2 * chance(visit as i64, 2, seed);
    if (-0.2..1.2).contains(&x) {
        canvas.person(x, 0.97, tall, swing(t, 1.1), 1.0);
        if chance(visit as i64, 3, seed) < 0.35 {
            canvas.person(x - 0.17, 0.97, tall * 0.72, swing(t + 0.4, 0.9), 1.0);
        }
    }
}

fn stove(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.backdrop(21.0, 20.2, seed);
    canvas.slab([0.1, 0.24, 0.9, 0.9], 25.6);
    let forgotten = during(t, 480.0, 240.0, 350.0, 50.0);
    let pan = 30.8 + 0.4 * swing(t, 21.0) + 54.0 * forgotten;
    canvas.blob(0.32, 0.47, 0.2, 0.22, 27.0 + (pan - 27.0) * 0.45);
    canvas.bar((0.14, 0.74), (0.25, 0.58), 0.03, 28.6 + 6.0 * forgotten);
    canvas.disc(0.32, 0.47, 0.12, 0.145, 29.3 + (pan - 29.3) * 0.8);
    canvas.blob(0.32, 0.47, 0.08, 0.1, pan);
    canvas.blob(0.7, 0.44, 0.1, 0.11, 28.6 + 0.5 * swing(t, 59.0));
    canvas.blob(0.7, 0.72, 0.08, 0.09, 28.0);
    canvas.blob(0.36, 0.78, 0.07, 0.07, 26.6);
    canvas.blob(0.32 + 0.03 * swing(t, 3.0), 0.16, 0.08, 0.14, 22.5 + 7.0 * forgotten);
}

fn transformer(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.backdrop(17.5, 19.0, seed);
    let load = 1.0 + 0.25 * swing(t, 600.0) + 0.08 * swing(t, 71.0);
    canvas.slab([0.12, 0.36, 0.88, 0.94], 27.0 + 4.0 * load);
    for phase in 0..3_i64 {
        let x = 0.27 + 0.23 * phase as f32;
        canvas.slab([x - 0.085, 0.42, x + 0.085, 0.9], 33.0 + 5.0 * load);
        canvas.blob(x, 0.6, 0.07, 0.2, 38.0 + (4.5 + phase as f32) * load);
        canvas.slab([x - 0.025, 0.1, x + 0.025, 0.36], 24.0 + 3.0 * load);
        let loose = if phase == 2 { 16.0 } else { 4.0 };
        canvas.blob(x, 0.14, 0.05, 0.07, 26.0 + loose * load);
    }
    for fin in 0..4 {
        let y = 0.5 + 0.11 * fin as f32;
        canvas.bar((0.06, y), (0.12, y), 0.02, 29.0 + 2.0 * load);
        canvas.bar((0.88, y), (0.94, y), 0.02, 29.0 + 2.0 * load);
    }
}

fn kiln(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.backdrop(25.5, 23.5, seed);
    let heat = 1.0 - 0.18 * during(t, 1200.0, 100.0, 1100.0, 480.0);
    let above = |celsius: f32| 24.0 + (celsius - 24.0) * heat;
    canvas.blob(0.5, 0.5, 0.5, 0.5, above(31.0));
    canvas.slab([0.2, 0.16, 0.8, 0.9], above(38.5));
    canvas.disc(0.5, 0.53, 0.24, 0.3, above(46.5));
    canvas.disc(0.5, 0.53, 0.2, 0.25, above(42.5));
    canvas.blob(0.5, 0.53, 0.1, 0.13, above(45.5 + 0.6 * swing(t, 37.0)));
    canvas.bar((0.69, 0.42), (0.7, 0.64), 0.024, above(56.5 + 0.9 * swing(t, 17.0)));
    canvas.slab([0.44, 0.02, 0.56, 0.16], above(41.0));
    canvas.blob(0.5 + 0.02 * swing(t, 5.0), 0.03, 0.09, 0.08, above(47.0));
    canvas.slab([0.05, 0.42, 0.14, 0.72], 29.5);
}

fn fridge(canvas: &mut Canvas, t: f32, seed: u64) {
    let open = during(t, 95.0, 60.0, 85.0, 6.0);
    canvas.backdrop(6.2 + 5.5 * open, 3.6 + 2.5 * open, seed);
    canvas.slab([0.0, 0.3, 1.0, 0.36], 5.4 + 2.0 * open);
    canvas.slab([0.0, 0.64, 1.0, 0.7], 4.4 + 1.5 * open);
    canvas.blob(0.28, 0.5, 0.16, 0.14, 14.0 - 6.0 * (t / 1500.0).fract());
    canvas.disc(0.72, 0.18, 0.14, 0.1, 8.0 + 2.0 * open);
    canvas.disc(0.66, 0.85, 0.2, 0.1, 2.8);
    canvas.blob(0.9, 0.55, 0.14, 0.3, 5.5 + 17.0 * open);
}

fn workshop(canvas: &mut Canvas, t: f32, seed: u64) {
    canvas.backdrop(20.4, 17.6, seed);
    canvas.slab([0.0, 0.78, 1.0, 1.0], 17.2);
    for pane in 0..3 {
        let x = 0.05 + 0.1 * pane as f32;
        canvas.slab([x, 0.2, x + 0.085, 0.42], 11.8 + 0.6 * pane as f32);
    }
    for lamp in 0..3 {
        let x = 0.3 + 0.24 * lamp as f32;
        canvas.blob(x, 0.05, 0.12, 0.09, 24.5);
        canvas.bar((x - 0.07, 0.05), (x + 0.07, 0.05), 0.012, 37.5);
    }
    canvas.bar((0.0, 0.13), (1.0, 0.16), 0.012, 27.5);
    canvas.slab([0.04, 0.55, 0.12, 0.8], 44.0);
    for fin in 0..5 {
        let x = 0.05 + 0.015 * fin as f32;
        canvas.slab([x, 0.56, x + 0.008, 0.79], 51.0);
    }
    canvas.slab([0.62, 0.5, 0.93, 0.58], 22.4);
    canvas.slab([0.64, 0.58, 0.9, 0.84], 20.8);
    canvas.slab([0.64, 0.4, 0.74, 0.55], 30.5);
    canvas.blob(0.69, 0.47, 0.035, 0.05, 46.5 + 2.5 * swing(t, 61.0));
    canvas.bar((0.74, 0.48), (0.88, 0.48), 0.014, 28.0);
    canvas.disc(0.8, 0.48, 0.012, 0.02, 41.0 + 5.0 * swing(t, 4.3));
    let cycle = during(t, 90.0, 10.0, 60.0, 12.0);
    canvas.disc(0.5, 0.74, 0.06, 0.07, 25.0 + 8.0 * cycle);
    canvas.blob(0.5, 0.63, 0.025, 0.035, 30.0 + 19.0 * cycle);
    let way = swing(t, 48.0);
    canvas.person(0.36 + 0.2 * way, 0.93, 0.52, swing(t, 1.2), 1.0);
}
