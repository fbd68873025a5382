//! From grid to pixels.

use hearthlight::heat::palette::Palette;
use hearthlight::heat::picture::{Painter, Span};
use hearthlight::model::thermal::{PixelMeaning, ThermalFrame};
use hearthlight::units::grid::{Mounting, Size};
use proptest::prelude::*;

use super::frame_of;

const ALL_MOUNTINGS: [Mounting; 8] = {
    let mut all = [Mounting { quarter_turns: 0, mirror: false }; 8];
    let mut i = 0;
    while i < 8 {
        all[i] = Mounting { quarter_turns: i as u8 / 2, mirror: i % 2 == 1 };
        i += 1;
    }
    all
};

/// Grey levels as shown, one a pixel: White hot over 0..=255 C, where the level is the temperature.
fn levels(frame: &ThermalFrame, mounting: Mounting) -> (Size, Vec<u8>) {
    let mut out = vec![9; 3];
    let span = Span { low: 0.0, high: 255.0 };
    let size = Painter::default().paint(frame, mounting, Palette::WhiteHot.lut(), span, &mut out);
    (size, grey(&out))
}

fn smooth(frame: &ThermalFrame, factor: usize) -> (Size, Vec<u8>) {
    let mut out = vec![];
    let (span, lut) = (Span { low: 0.0, high: 255.0 }, Palette::WhiteHot.lut());
    let size = Painter::default().paint_smooth(frame, Mounting::default(), lut, span, factor, &mut out);
    (size, grey(&out))
}

fn grey(rgba: &[u8]) -> Vec<u8> {
    let (pixels, rest) = rgba.as_chunks::<4>();
    assert!(rest.is_empty());
    assert!(pixels.iter().all(|p| p[0] == p[1] && p[1] == p[2] && p[3] == 255));
    pixels.iter().map(|p| p[0]).collect()
}

#[test]
fn mounting_is_applied() {
    // 1 2 3
    // 4 5 6
    let frame = frame_of(3, 2, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let shown = |quarter_turns, mirror| levels(&frame, Mounting { quarter_turns, mirror }).1;
    assert_eq!(shown(0, false), [1, 2, 3, 4, 5, 6]);
    assert_eq!(shown(1, false), [4, 1, 5, 2, 6, 3]);
    assert_eq!(shown(2, false), [6, 5, 4, 3, 2, 1]);
    assert_eq!(shown(3, false), [3, 6, 2, 5, 1, 4]);
    assert_eq!(shown(0, true), [3, 2, 1, 6, 5, 4]);
    assert_eq!(shown(1, true), [6, 3, 5, 2, 4, 1]);
}

#[test]
fn a_marker_is_found_where_the_mounting_says() {
    for size in
        [Size::new(1, 1), Size::new(8, 8), Some(Size::MLX90640), Size::new(160, 120)].map(|s| s.expect("a size"))
    {
        for marked in [0, size.cols() - 1, size.cells() / 2, size.cells() - 1] {
            let mut cells = vec![20.0; size.cells()];
            cells[marked] = 200.0;
            let frame = frame_of(size.cols() as u16, size.rows() as u16, &cells);
            for mounting in ALL_MOUNTINGS {
                let (shown, levels) = levels(&frame, mounting);
                assert_eq!((shown, levels.len()), (mounting.shown(size), size.cells()));
                let (x, y) = mounting.place_of(size, marked);
                assert_eq!(levels[y * shown.cols() + x], 200);
                assert_eq!(levels.iter().filter(|&&level| level == 200).count(), 1);
            }
        }
    }
}

#[test]
fn a_span_has_two_ends_and_a_middle() {
    let span = Span { low: 20.0, high: 40.0 };
    let table = [(-300.0, 0), (20.0, 0), (30.0, 128), (40.0, 255), (1000.0, 255), (f32::NAN, 0), (f32::INFINITY, 255)];
    for (celsius, want) in table {
        assert_eq!(span.index(celsius), want, "{celsius}");
    }
    assert_eq!(Span { low: 25.0, high: 25.0 }.index(25.0), 128);
}

#[test]
fn an_automatic_span_follows_the_frame_but_is_never_too_narrow() {
    let mut frame = frame_of(2, 1, &[20.0, 30.0]);
    assert_eq!(Span::auto(&frame), Span { low: 20.0, high: 30.0 });
    frame.measure();
    assert_eq!(Span::auto(&frame), Span { low: 20.0, high: 30.0 });
    assert_eq!(Span::auto(&frame_of(2, 1, &[20.0, 20.5])), Span { low: 19.75, high: 20.75 });
    assert_eq!(Span::auto(&frame_of(1, 1, &[25.0])), Span { low: 24.5, high: 25.5 });
    assert_eq!(Span::auto(&frame_of(1, 1, &[f32::NAN])), Span::default());
    assert_eq!(Span::auto(&frame_of(3, 1, &[f32::NAN, 20.0, 30.0])), Span { low: 20.0, high: 30.0 });
}

#[test]
fn a_percentile_span_leaves_the_extremes_out() {
    let mut cells: Vec<f32> = (0..=100).map(|n| n as f32).collect();
    cells[100] = 400.0;
    cells[0] = -40.0;
    cells.reverse();
    let mut painter = Painter::default();
    assert_eq!(painter.percentile_span(&frame_of(101, 1, &cells)), Span { low: 1.0, high: 99.0 });
    assert_eq!(painter.percentile_span(&frame_of(1, 1, &[25.0])), Span { low: 24.5, high: 25.5 });
    assert_eq!(painter.percentile_span(&frame_of(1, 1, &[f32::NAN])), Span::default());
}

#[test]
fn a_picture_of_one_temperature_is_of_one_colour() {
    for (cols, rows) in [(1, 1), (8, 8), (32, 24)] {
        let frame = frame_of(cols, rows, &vec![21.5; usize::from(cols) * usize::from(rows)]);
        let (lut, span) = (Palette::Inferno.lut(), Span::auto(&frame));
        let (mut out, mut painter) = (vec![], Painter::default());
        for factor in [1, 2, 5, 10] {
            painter.paint_smooth(&frame, Mounting::default(), lut, span, factor, &mut out);
            let [r, g, b] = lut[128];
            assert!(out.as_chunks::<4>().0.iter().all(|&pixel| pixel == [r, g, b, 255]));
        }
    }
}

#[test]
fn smooth_by_one_is_the_grid_itself() {
    let cells: Vec<f32> = (0..64).map(|n| (n * 37 % 251) as f32).collect();
    let frame = frame_of(8, 8, &cells);
    assert_eq!(smooth(&frame, 1), levels(&frame, Mounting::default()));
}

#[test]
fn the_centre_of_a_cell_is_its_own_temperature() {
    let cells: Vec<f32> = (0..64).map(|n| (n * 37 % 251) as f32).collect();
    let (size, levels) = smooth(&frame_of(8, 8, &cells), 5);
    assert_eq!((size.cols(), size.rows()), (40, 40));
    for (cell, celsius) in cells.iter().enumerate() {
        let (x, y) = (cell % 8 * 5 + 2, cell / 8 * 5 + 2);
        assert_eq!(levels[y * 40 + x], *celsius as u8, "cell {cell}");
    }
}

/// The definition, pixel by pixel, in double precision.
fn by_definition(cells: &[f32], cols: usize, rows: usize, factor: usize, x: usize, y: usize) -> f64 {
    let source = |pixel: usize, cells: usize| {
        let place = ((pixel as f64 + 0.5) / factor as f64 - 0.5).clamp(0.0, (cells - 1) as f64);
        (place.floor() as isize, place.fract())
    };
    let weights = |t: f64| {
        let (t2, t3) = (t * t, t * t * t);
        [-0.5 * t + t2 - 0.5 * t3, 1.0 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2.0 * t2 - 1.5 * t3, -0.5 * t2 + 0.5 * t3]
    };
    let ((col, tx), (row, ty)) = (source(x, cols), source(y, rows));
    let at = |i: isize, n: usize| i.clamp(0, n as isize - 1) as usize;
    let (mut sum, mut low, mut high) = (0.0, f64::INFINITY, f64::NEG_INFINITY);
    for (j, wy) in weights(ty).into_iter().enumerate() {
        for (i, wx) in weights(tx).into_iter().enumerate() {
            let sample = cells[at(row + j as isize - 1, rows) * cols + at(col + i as isize - 1, cols)];
            sum += f64::from(sample) * wx * wy;
            low = f64::min(low, sample.into());
            high = f64::max(high, sample.into());
        }
    }
    sum.clamp(low, high)
}

proptest! {
    #[test]
    fn smooth_is_bicubic_by_definition(
        (cols, rows, cells) in (1_u16..9, 1_u16..9).prop_flat_map(|(cols, rows)| {
            let n = usize::from(cols) * usize::from(rows);
            (Just(cols), Just(rows), prop::collection::vec(0.0_f32..255.0, n))
        }),
        factor in 1_usize..8,
    ) {
        let (size, levels) = smooth(&frame_of(cols, rows, &cells), factor);
        let (cols, rows) = (usize::from(cols), usize::from(rows));
        prop_assert_eq!((size.cols(), size.rows()), (cols * factor, rows * factor));
        for (i, &level) in levels.iter().enumerate() {
            let want = by_definition(&cells, cols, rows, factor, i % size.cols(), i / size.cols());
            prop_assert!((f64::from(level) - want).abs() <= 0.51, "pixel {}: {}, not {}", i, level, want);
        }
    }
}

#[test]
fn a_picture_stays_within_its_limits() {
    let frame = frame_of(160, 120, &[20.0; 19_200]);
    assert_eq!(smooth(&frame, 100).0, Size::new(960, 720).expect("a size"));
    assert_eq!(smooth(&frame, 0).0, Size::new(160, 120).expect("a size"));
    assert_eq!(smooth(&frame_of(1024, 1, &[20.0; 1024]), 2).0, Size::new(1024, 1).expect("a size"));
}

#[test]
fn nothing_overshoots() {
    let mut cells = vec![20.0; 64];
    cells[27] = 200.0;
    let (_, levels) = smooth(&frame_of(8, 8, &cells), 9);
    assert!(levels.iter().all(|level| (20..=200).contains(level)));
}

#[test]
fn a_broken_cell_is_drawn_as_its_neighbours() {
    let mut cells: Vec<f32> = vec![10.0; 25];
    (cells[12], cells[6], cells[7]) = (f32::NAN, 50.0, 90.0);
    let mut frame = frame_of(5, 5, &cells);
    assert_eq!(levels(&frame, Mounting::default()).1[12], 25, "(50 + 90 + 6 x 10) / 8");
    frame.meaning = PixelMeaning::Mlx90640Raw;
    assert_eq!(levels(&frame, Mounting::default()).1[12], 20, "(50 + 3 x 10) / 4: diagonal ones of the same subpage");
    assert_eq!(frame.get(12), None, "the data keeps the hole");
    for cell in [6, 8, 16, 18] {
        frame.set_broken(cell);
    }
    assert_eq!(levels(&frame, Mounting::default()).1[12], 30, "(90 + 3 x 10) / 4: no diagonal one is left");
}

#[test]
fn a_broken_corner_and_a_hole_have_a_colour() {
    assert_eq!(levels(&frame_of(2, 2, &[f32::NAN, 10.0, 20.0, 30.0]), Mounting::default()).1, [20, 10, 20, 30]);
    let mut cells = vec![40.0; 25];
    for cell in [6, 7, 8, 11, 12, 13, 16, 17, 18] {
        cells[cell] = f32::NAN;
    }
    assert!(levels(&frame_of(5, 5, &cells), Mounting::default()).1.iter().all(|&level| level == 40));
    assert_eq!(
        levels(&frame_of(1, 1, &[f32::NAN]), Mounting::default()).1,
        [0],
        "nothing is known: the coldest colour"
    );
}

#[test]
fn a_painter_is_as_good_as_new_for_every_frame() {
    let small = frame_of(2, 1, &[10.0, 20.0]);
    let big = frame_of(8, 8, &(0..64).map(|n| n as f32).collect::<Vec<_>>());
    let (mut painter, span) = (Painter::default(), Span { low: 0.0, high: 255.0 });
    for frame in [&small, &big, &small] {
        let (mut out, mut fresh) = (vec![], vec![]);
        painter.paint_smooth(frame, Mounting::default(), Palette::Turbo.lut(), span, 3, &mut out);
        Painter::default().paint_smooth(frame, Mounting::default(), Palette::Turbo.lut(), span, 3, &mut fresh);
        assert_eq!(out, fresh);
    }
}
