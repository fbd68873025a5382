//! Regions as cells, masks, and what is read of them.

use std::collections::BTreeSet;

use hearthlight::heat::picture::{Painter, Span};
use hearthlight::heat::region::{Plan, Reading, keys};
use hearthlight::model::thermal::ThermalFrame;
use hearthlight::model::thermal::region::{Cell, Delta, Figure, Point, Region, RegionId, Regions, Shape};
use hearthlight::units::grid::{Patch, Size};
use proptest::prelude::*;

use super::frame_of;

pub fn region(label: &str, shape: Shape) -> Region {
    Region { id: RegionId(label.into()), name: "".into(), shape, mask: label.starts_with('M'), emissivity: None }
}

pub fn regions(regions: Vec<Region>) -> Regions {
    Regions { regions, deltas: Vec::new() }
}

pub fn id(label: &str) -> RegionId {
    RegionId(label.into())
}

pub const fn boxed(top: u16, left: u16, bottom: u16, right: u16) -> Shape {
    Shape::Box(Patch { top, left, bottom, right })
}

pub const fn spot(row: u16, col: u16) -> Shape {
    Shape::Spot(Cell { row, col })
}

pub fn delta(label: &str, of: (&str, Figure), minus: (&str, Figure)) -> Delta {
    Delta { id: id(label), name: "".into(), of: (id(of.0), of.1), minus: (id(minus.0), minus.1) }
}

const fn line(from: (u16, u16), to: (u16, u16)) -> Shape {
    Shape::Line { from: Cell { row: from.0, col: from.1 }, to: Cell { row: to.0, col: to.1 } }
}

const fn at(x: f32, y: f32) -> Point {
    Point { x, y }
}

fn size(cols: u16, rows: u16) -> Size {
    Size::new(cols, rows).unwrap()
}

fn cells(shape: Shape, size: Size) -> Vec<usize> {
    let label = format!("{}1", shape.letter());
    Plan::new(size, &regions(vec![region(&label, shape)])).cells(&id(&label)).collect()
}

/// 4 x 3 cells: 0, 1, 2, ... 11 C.
fn steps() -> ThermalFrame {
    frame_of(4, 3, &(0..12).map(|n| n as f32).collect::<Vec<_>>())
}

#[test]
fn shapes_are_their_cells_inside_the_picture() {
    let s = size(4, 3);
    assert_eq!(cells(spot(1, 2), s), [6]);
    assert_eq!(cells(spot(3, 0), s), [] as [usize; 0]);
    assert_eq!(cells(boxed(1, 2, 9, 9), s), [6, 7, 10, 11]);
    assert_eq!(cells(boxed(2, 0, 1, 3), s), [] as [usize; 0], "upside down");
    assert_eq!(cells(Shape::Circle { centre: at(1.5, 1.5), radius: 1.0 }, s), [1, 4, 5, 6, 9], "its border is inside");
    assert_eq!(cells(Shape::Circle { centre: at(f32::NAN, 1.5), radius: 9.0 }, s), [] as [usize; 0]);
    let triangle = Shape::Polygon(vec![at(0.0, 0.0), at(4.0, 0.0), at(0.0, 3.0)]);
    assert_eq!(cells(triangle, s), [0, 1, 2, 4, 5, 8], "(2.5, 0.5) is inside: its border is at x = 3.33");
    let bow = Shape::Polygon(vec![at(0.0, 0.0), at(4.0, 3.0), at(4.0, 0.0), at(0.0, 3.0)]);
    assert_eq!(cells(bow, s), [0, 3, 4, 5, 6, 7, 8, 11], "even-odd: above and below the crossing is outside");
    assert_eq!(cells(line((2, 0), (0, 3)), s), [8, 5, 6, 3], "in its own order");
    assert_eq!(cells(line((1, 2), (1, 2)), s), [6]);
    assert_eq!(cells(line((1, 2), (1, 60_000)), s), [6, 7]);
}

#[test]
fn a_region_reads_its_cells_and_leaves_broken_and_masked_ones_out() {
    let all = regions(vec![
        region("B1", boxed(0, 0, 2, 3)),
        region("M1", boxed(0, 3, 2, 3)),
        region("S1", spot(0, 3)),
        region("S2", spot(1, 1)),
        region("L1", line((0, 0), (0, 3))),
    ]);
    let plan = Plan::new(size(4, 3), &all);
    let mut frame = steps();
    frame.set_broken(0);
    plan.measure(&mut frame);
    let b1 = Reading { min: 1.0, mean: 42.0 / 8.0 + 0.125, max: 10.0, min_at: 1, max_at: 10, n: 8 };
    let sum = f32::from([1_u8, 2, 4, 5, 6, 8, 9, 10].iter().sum::<u8>());
    assert_eq!(frame.meters.reading(&id("B1")), Some(&Reading { mean: sum / 8.0, ..b1 }));
    assert_eq!(frame.meters.reading(&id("S1")), None, "a spot under a mask");
    assert_eq!(frame.meters.figure(&id("S2"), Figure::Mean), Some(5.0));
    assert_eq!(frame.meters.reading(&id("M1")), None, "a mask is not measured");
    assert_eq!(frame.extremes.map(|e| (e.min, e.max, e.min_at, e.max_at)), Some((1.0, 10.0, 1, 10)));
    assert_eq!(plan.profile(&frame, &id("L1")), [None, Some(1.0), Some(2.0), None]);
    assert_eq!(plan.profile(&frame, &id("B1")), []);
    assert_eq!((frame.get(3), frame.seen(3)), (Some(3.0), None), "a mask destroys no number");
    assert_eq!(
        (frame.n_masked(), frame.is_masked(3), frame.is_masked(2), frame.is_masked(99)),
        (3, true, false, false)
    );
}

#[test]
fn a_delta_is_a_difference_or_nothing() {
    let mut all = regions(vec![region("B1", boxed(0, 0, 0, 3)), region("S1", spot(2, 3)), region("S2", spot(9, 9))]);
    all.deltas = vec![
        delta("D1", ("S1", Figure::Max), ("B1", Figure::Mean)),
        delta("D2", ("S1", Figure::Max), ("S2", Figure::Max)),
        delta("D3", ("B7", Figure::Max), ("S1", Figure::Max)),
    ];
    let mut frame = steps();
    Plan::new(frame.size, &all).measure(&mut frame);
    let kelvin = |label| frame.meters.figure(&id(label), Figure::Min);
    assert_eq!((kelvin("D1"), kelvin("D2"), kelvin("D3")), (Some(9.5), None, None), "whatever figure is asked for");
}

#[test]
fn keys_and_values_are_in_the_same_order() {
    let mut all = regions(vec![region("S1", spot(0, 1)), region("M1", spot(0, 0)), region("B1", boxed(0, 0, 0, 3))]);
    all.deltas = vec![delta("D1", ("B1", Figure::Max), ("S1", Figure::Max))];
    let mut frame = steps();
    Plan::new(frame.size, &all).measure(&mut frame);
    let told: Vec<_> = keys(&all).iter().map(|(key, ..)| key.to_string()).zip(frame.meters.values()).collect();
    let want = [("S1", 1.0), ("B1.max", 3.0), ("B1.mean", 2.0), ("B1.min", 1.0), ("D1", 2.0)];
    assert_eq!(told, want.map(|(key, value)| (key.to_owned(), Some(value))));
    assert!(
        keys(&all).iter().zip(frame.meters.values()).all(|((_, id, figure), v)| frame.meters.figure(id, *figure) == v)
    );
}

#[test]
fn a_picture_all_masked_has_no_extremes_but_its_numbers() {
    let all = regions(vec![region("M1", boxed(0, 0, 2, 3)), region("B1", boxed(0, 0, 2, 3))]);
    let mut frame = steps();
    Plan::new(frame.size, &all).measure(&mut frame);
    assert_eq!((frame.extremes, frame.meters.reading(&id("B1"))), (None, None));
    assert_eq!((frame.get(5), frame.n_broken(), frame.n_masked()), (Some(5.0), 0, 12));
    assert_eq!(Span::auto(&frame), Span::default());
    frame.begin(size(4, 3));
    assert_eq!((frame.n_masked(), frame.meters.regions.len()), (0, 0), "a new picture begins unmasked");
}

#[test]
fn a_masked_stove_does_not_stretch_the_range() {
    let mut frame = frame_of(4, 3, &[20.0, 20.5, 21.0, 22.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 180.0]);
    Plan::new(frame.size, &regions(vec![region("M1", spot(2, 3))])).measure(&mut frame);
    assert_eq!(Span::auto(&frame), Span { low: 20.0, high: 22.0 });
    assert_eq!(Painter::default().percentile_span(&frame), Span { low: 20.0, high: 22.0 });
    frame.extremes = None;
    assert_eq!(Span::auto(&frame), Span { low: 20.0, high: 22.0 }, "measured or not");
}

fn any_size() -> impl Strategy<Value = (u16, u16)> {
    (1_u16..24, 1_u16..20)
}

fn any_shape() -> impl Strategy<Value = Shape> {
    let point = || (-3.0_f32..27.0, -3.0_f32..23.0).prop_map(|(x, y)| at(x, y));
    let cell = || (0_u16..24, 0_u16..20);
    prop_oneof![
        cell().prop_map(|(col, row)| spot(row, col)),
        (cell(), cell()).prop_map(|((l, t), (r, b))| boxed(t.min(b), l.min(r), t.max(b), l.max(r))),
        (point(), 0.1_f32..12.0).prop_map(|(centre, radius)| Shape::Circle { centre, radius }),
        proptest::collection::vec(point(), 3..9).prop_map(Shape::Polygon),
        (cell(), cell()).prop_map(|((a, b), (c, d))| line((b, a), (d, c))),
    ]
}

/// Twice the winding around a centre, by the angles at which it sees the corners; `None` if it lies on the border.
fn winding(corners: &[Point], x: f64, y: f64) -> Option<i64> {
    let mut sum = 0.0;
    for (a, b) in corners.iter().zip(corners.iter().cycle().skip(1)) {
        let (ax, ay, bx, by) = (f64::from(a.x) - x, f64::from(a.y) - y, f64::from(b.x) - x, f64::from(b.y) - y);
        let (cross, dot) = (ax * by - ay * bx, ax * bx + ay * by);
        if cross.abs() < 1e-6 && dot <= 0.0 {
            return None;
        }
        sum += cross.atan2(dot);
    }
    Some((sum / std::f64::consts::TAU).round() as i64)
}

proptest! {
    #[test]
    fn figures_are_those_of_a_walk_over_all_cells(
        (cols, rows) in any_size(),
        shapes in proptest::collection::vec(any_shape(), 1..6),
        masks in proptest::collection::vec(any_shape(), 0..3),
        broken in proptest::collection::btree_set(0_usize..400, 0..40),
        seed in 0_u32..1000,
    ) {
        let celsius = |cell: usize| (cell as u32).wrapping_mul(2_654_435_761).wrapping_add(seed) as f32 / 4e7 - 20.0;
        let mut frame = frame_of(cols, rows, &(0..usize::from(cols) * usize::from(rows)).map(celsius).collect::<Vec<_>>());
        broken.iter().for_each(|&cell| frame.set_broken(cell));
        let label = |n: usize, shape: &Shape| format!("{}{}", shape.letter(), n + 1);
        let mut all = regions(shapes.iter().enumerate().map(|(n, s)| region(&label(n, s), s.clone())).collect());
        all.regions.extend(masks.iter().enumerate().map(|(n, s)| region(&format!("M{}", n + 1), s.clone())));
        let plan = Plan::new(frame.size, &all);
        plan.measure(&mut frame);
        let masked: BTreeSet<usize> = masks.iter().flat_map(|shape| cells(shape.clone(), frame.size)).collect();
        prop_assert_eq!(masked.len(), frame.n_masked());
        let shown = |cell: &usize| !masked.contains(cell) && !frame.is_broken(*cell);
        for (n, shape) in shapes.iter().enumerate() {
            let id = id(&label(n, shape));
            let own = cells(shape.clone(), frame.size);
            prop_assert_eq!(own.iter().collect::<BTreeSet<_>>().len(), own.len(), "a cell counts once");
            let values: Vec<f32> = own.into_iter().filter(shown).map(celsius).collect();
            let reading = frame.meters.reading(&id);
            prop_assert_eq!(reading.map_or(0, |r| r.n as usize), values.len());
            let Some(r) = reading else { continue };
            let mean = values.iter().map(|t| f64::from(*t)).sum::<f64>() / values.len() as f64;
            prop_assert!((f64::from(r.mean) - mean).abs() < 1e-4);
            prop_assert_eq!(r.max, values.iter().copied().fold(f32::MIN, f32::max));
            prop_assert_eq!(r.min, values.iter().copied().fold(f32::MAX, f32::min));
            prop_assert_eq!((frame.get(r.max_at as usize), frame.get(r.min_at as usize)), (Some(r.max), Some(r.min)));
        }
        let seen: Vec<f32> = (0..frame.size.cells()).filter(shown).map(celsius).collect();
        prop_assert_eq!(frame.extremes.map(|e| e.max), seen.iter().copied().reduce(f32::max));
        prop_assert_eq!(frame.extremes.map(|e| e.min), seen.iter().copied().reduce(f32::min));
        let mut again = frame.meters.clone();
        plan.read(&frame, &mut again);
        prop_assert_eq!(&again, &frame.meters, "read over what was read");
    }

    #[test]
    fn a_box_is_the_cells_between_its_borders((cols, rows) in any_size(), t in 0_u16..24, l in 0_u16..24, h in 0_u16..9, w in 0_u16..9) {
        let inside = |cell: &usize| {
            let (row, col) = (*cell / usize::from(cols), *cell % usize::from(cols));
            (usize::from(t)..=usize::from(t + h)).contains(&row) && (usize::from(l)..=usize::from(l + w)).contains(&col)
        };
        let naive: Vec<usize> = (0..usize::from(cols) * usize::from(rows)).filter(inside).collect();
        prop_assert_eq!(cells(boxed(t, l, t + h, l + w), size(cols, rows)), naive);
    }

    #[test]
    fn a_polygon_has_the_centres_it_winds_around_an_odd_number_of_times(
        corners in proptest::collection::vec((-3.0_f32..27.0, -3.0_f32..23.0), 3..=32),
    ) {
        let corners: Vec<Point> = corners.into_iter().map(|(x, y)| at(x, y)).collect();
        let own: BTreeSet<usize> = cells(Shape::Polygon(corners.clone()), size(24, 20)).into_iter().collect();
        for cell in 0..24 * 20 {
            let (x, y) = ((cell % 24) as f64 + 0.5, (cell / 24) as f64 + 0.5);
            if let Some(turns) = winding(&corners, x, y) {
                prop_assert_eq!(own.contains(&cell), turns % 2 != 0, "cell {} of {:?}", cell, corners);
            }
        }
    }

    #[test]
    fn a_line_goes_step_by_step_from_end_to_end(a in (0_u16..20, 0_u16..24), b in (0_u16..20, 0_u16..24)) {
        let own = cells(line(a, b), size(24, 20));
        let index = |(row, col): (u16, u16)| usize::from(row) * 24 + usize::from(col);
        prop_assert_eq!((own.first(), own.last()), (Some(&index(a)), Some(&index(b))));
        prop_assert_eq!(own.len(), usize::from(a.0.abs_diff(b.0).max(a.1.abs_diff(b.1))) + 1);
        for pair in own.windows(2) {
            prop_assert!((pair[0] / 24).abs_diff(pair[1] / 24) <= 1 && (pair[0] % 24).abs_diff(pair[1] % 24) <= 1);
        }
        let far = |cell: &usize| {
            let (y, x) = ((cell / 24) as f64, (cell % 24) as f64);
            let (dy, dx) = (f64::from(b.0) - f64::from(a.0), f64::from(b.1) - f64::from(a.1));
            let cross = dx * (y - f64::from(a.0)) - dy * (x - f64::from(a.1));
            cross.abs() / dx.abs().max(dy.abs()).max(1.0)
        };
        prop_assert!(own.iter().all(|cell| far(cell) <= 0.5 + 1e-9), "never more than half a cell off the straight way");
    }
}
