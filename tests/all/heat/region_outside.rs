//! Regions of a recorded frame against figures that other code computed from the same bytes; and emissivities against
//! the whole method.

use hearthlight::heat::emissivity::Correction;
use hearthlight::heat::region::{Meters, Plan, Reading};
use hearthlight::model::thermal::region::{Cell, Delta, Figure, Point, Region, RegionId, Regions, Shape};
use hearthlight::model::thermal::{Optics, ThermalFrame};
use hearthlight::units::grid::{Patch, Size};

use super::calibration;
use super::mlx90640::{CAPTURE_A, CAPTURE_B, frames, words};

const EXPECTED: &str = include_str!("../fixtures/thermal/regions.expected.csv");
/// The frame of the fixture.
const FRAME: usize = 12;
/// How near the figures must be, K.
const NEAR: f32 = 0.01;

/// A line of the fixture, by its columns.
fn rows() -> Vec<Vec<&'static str>> {
    EXPECTED.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(';').collect()).collect()
}

fn id(text: &str) -> RegionId {
    RegionId(text.into())
}

fn figure(word: &str) -> Figure {
    Figure::ALL.into_iter().find(|figure| figure.word() == word).expect("a figure")
}

fn shape(kind: &str, numbers: &str) -> Option<Shape> {
    let n: Vec<f32> = numbers.split(' ').filter_map(|number| number.parse().ok()).collect();
    let cell = |at: usize| Cell { row: n[at] as u16, col: n[at + 1] as u16 };
    let point = |pair: &[f32]| Point { x: pair[0], y: pair[1] };
    Some(match kind {
        "spot" => Shape::Spot(cell(0)),
        "box" => Shape::Box(Patch { top: n[0] as u16, left: n[1] as u16, bottom: n[2] as u16, right: n[3] as u16 }),
        "circle" => Shape::Circle { centre: point(&n), radius: n[2] },
        "polygon" => Shape::Polygon(n.chunks_exact(2).map(point).collect()),
        "line" => Shape::Line { from: cell(0), to: cell(2) },
        _ => return None,
    })
}

fn regions() -> Regions {
    let mut out = Regions::default();
    for row in rows() {
        if let Some(shape) = shape(row[1], row[2]) {
            let (mask, emissivity) = (row[0].starts_with('M'), row[3].parse().ok());
            out.regions.push(Region { id: id(row[0]), name: "".into(), shape, mask, emissivity });
        } else if row[1] == "delta" {
            let word: Vec<&str> = row[2].split(' ').collect();
            let (of, minus) = ((id(word[0]), figure(word[1])), (id(word[2]), figure(word[3])));
            out.deltas.push(Delta { id: id(row[0]), name: "".into(), of, minus });
        }
    }
    out
}

fn computed(bytes: &[u8], optics: Optics) -> ThermalFrame {
    let mut frame = ThermalFrame::blank();
    calibration().temperatures(&words(bytes), optics, &mut frame).expect("a good frame");
    frame
}

fn near(what: &str, got: f32, want: &str) {
    let want: f32 = want.parse().expect("a number");
    assert!((got - want).abs() <= NEAR, "{what}: {got}, not {want}");
}

fn same(what: &str, got: Option<Reading>, row: &[&str]) {
    let Some(got) = got else { return assert_eq!(row[0], "0", "{what} has no value") };
    let [n, min, mean, max, min_at, max_at] = row else { panic!("six columns") };
    near(what, got.min, min);
    near(what, got.mean, mean);
    near(what, got.max, max);
    assert_eq!([got.n, got.min_at, got.max_at].map(|n| n.to_string()), [*n, *min_at, *max_at], "{what}");
}

#[test]
fn figures_equal_those_computed_outside_from_the_same_bytes() {
    let plan = Plan::new(Size::MLX90640, &regions());
    let mut frame = computed(frames(CAPTURE_B)[FRAME], Optics::default());
    plan.measure(&mut frame);
    let e = frame.extremes.expect("extremes");
    let n = (768 - frame.n_masked()) as u32;
    let whole = Reading { min: e.min, mean: e.mean, max: e.max, min_at: e.min_at, max_at: e.max_at, n };
    let mut compared = 0;
    for row in rows() {
        match row[1] {
            "" => same("picture", Some(whole), &row[4..]),
            "delta" => near(row[0], frame.meters.figure(&id(row[0]), Figure::Max).expect("a delta"), row[4]),
            _ if row[0] == "profile" => {
                let got = plan.profile(&frame, &id(row[1]));
                let want: Vec<&str> = row[2].split(' ').collect();
                assert_eq!(got.len(), want.len());
                got.iter().zip(want).for_each(|(got, want)| near("profile", got.expect("no mask here"), want));
            }
            _ if row[0].starts_with('M') => {}
            _ => same(row[0], frame.meters.reading(&id(row[0])).copied(), &row[4..]),
        }
        compared += 1;
    }
    assert_eq!(
        compared, 29,
        "the picture, 10 spots, 10 boxes, a circle, a polygon, a line, 2 masks, 2 deltas, a profile"
    );
}

/// The largest difference of the Stefan-Boltzmann form from the whole method over all recorded frames, K.
fn off(emissivity: f32) -> f32 {
    let mut worst = 0.0_f32;
    let mut blank = ThermalFrame::blank();
    for bytes in frames(CAPTURE_A).into_iter().chain(frames(CAPTURE_B)) {
        let Some(words) = (bytes.len() == 834 * 4 && bytes.iter().all(u8::is_ascii_hexdigit)).then(|| words(bytes))
        else {
            continue;
        };
        for reflected in [None, Some(10.0), Some(20.0), Some(40.0)] {
            let at = |emissivity| Optics { emissivity, reflected };
            calibration().temperatures(&words, at(0.95), &mut blank).expect("a good frame");
            let correction = Correction::of(&blank, emissivity);
            let simple: Vec<_> =
                blank.cells().map(|t| correction.map_or(t, |correction| correction.apply(t?))).collect();
            calibration().temperatures(&words, at(emissivity), &mut blank).expect("a good frame");
            for (simple, whole) in simple.into_iter().zip(blank.cells()) {
                worst = worst.max((simple.expect("a value") - whole.expect("a value")).abs());
            }
        }
    }
    worst
}

#[test]
fn another_emissivity_is_near_what_the_whole_method_says() {
    assert!(off(0.95) == 0.0);
    for (emissivity, most) in [(1.0, 0.003), (0.8, 0.011), (0.5, 0.11), (0.3, 0.29)] {
        let off = off(emissivity);
        assert!(off <= most, "{emissivity}: {off} K off");
        assert!(off >= most * 0.5, "{emissivity}: only {off} K off: tell people so");
    }
}

#[test]
fn emissivities_are_corrected_as_by_hand() {
    let worked =
        [(60.0, 0.95, 22.0, 61.67), (60.0, 0.6, 22.0, 79.53), (100.0, 0.3, 25.0, 190.44), (30.0, 0.95, 20.0, 30.50)];
    for (seen, emissivity, reflected, want) in worked {
        let got = Correction::new(1.0, emissivity, reflected).and_then(|correction| correction.apply(seen)).unwrap();
        assert!((got - want).abs() < 0.006, "{got}, not {want}");
        let back = Correction::new(emissivity, 1.0, reflected).and_then(|correction| correction.apply(got)).unwrap();
        assert!((back - seen).abs() < 0.001);
    }
    assert_eq!(Correction::new(0.9, 0.9, 20.0), None, "it changes nothing");
    assert_eq!(Correction::new(0.9, f32::NAN, 20.0), None);
    assert_eq!(Correction::new(0.9, 0.0, 20.0), Correction::new(0.9, 0.05, 20.0), "no less than 0.05");
    let mirror = Correction::new(1.0, 0.1, 60.0).unwrap();
    assert_eq!(mirror.apply(20.0), None, "less is seen than is mirrored");
}

#[test]
fn a_frame_of_another_size_has_no_values() {
    let plan = Plan::new(Size::new(8, 8).unwrap(), &regions());
    let mut frame = computed(frames(CAPTURE_B)[FRAME], Optics::default());
    plan.measure(&mut frame);
    let unmasked = frame.extremes;
    frame.set_masked(&[]);
    frame.measure();
    assert_eq!(frame.extremes, unmasked);
    assert!(frame.meters.values().all(|value| value.is_none()));
    assert_eq!(plan.profile(&frame, &id("L1")), []);
    let mut out = Meters::default();
    Plan::default().read(&frame, &mut out);
    assert_eq!(out, Meters::default());
}
