//! Contours along one temperature.

use hearthlight::heat::contour::{MOST, Segment, trace};
use hearthlight::heat::region::Plan;
use hearthlight::model::thermal::ThermalFrame;
use hearthlight::units::grid::Mounting;
use proptest::prelude::*;

use super::frame_of;
use super::region::{region, regions, spot};

fn lines(frame: &ThermalFrame, celsius: f32) -> Vec<Segment> {
    let mut out = Vec::new();
    trace(frame, Mounting::default(), celsius, &mut out);
    out
}

#[test]
fn a_step_is_cut_where_the_temperature_lies() {
    let frame = frame_of(2, 2, &[20.0, 30.0, 20.0, 30.0]);
    assert_eq!(lines(&frame, 25.0), [[(1.0, 0.5), (1.0, 1.5)]]);
    assert_eq!(lines(&frame, 22.0), [[(0.7, 0.5), (0.7, 1.5)]]);
    assert!(lines(&frame, 31.0).is_empty());
    assert!(lines(&frame, 20.0).is_empty(), "all are at it or above");
}

#[test]
fn it_is_where_the_picture_is_shown() {
    let frame = frame_of(2, 2, &[20.0, 30.0, 20.0, 30.0]);
    let mut out = Vec::new();
    trace(&frame, Mounting { quarter_turns: 1, mirror: false }, 22.0, &mut out);
    assert_eq!(out, [[(1.5, 0.7), (0.5, 0.7)]], "the warm side is below now");
}

#[test]
fn a_saddle_is_joined_as_its_middle_says() {
    let warm = frame_of(2, 2, &[30.0, 20.0, 20.0, 30.0]);
    assert_eq!(lines(&warm, 24.0).len(), 2);
    let middle = |frame: &ThermalFrame, celsius| {
        // The middle is joined to a corner if no segment passes between them.
        lines(frame, celsius).iter().map(|[a, b]| (a.0 - 1.0).abs().min((b.0 - 1.0).abs())).fold(f32::MAX, f32::min)
    };
    assert!(middle(&warm, 24.0) > 0.05 && middle(&warm, 26.0) > 0.05);
    let ends = |celsius| lines(&warm, celsius)[0].map(|(x, y)| (x < 1.0, y < 1.0));
    assert_ne!(ends(24.0), ends(26.0), "below the mean the warm corners are joined, above it the cold ones");
}

#[test]
fn broken_and_masked_cells_have_no_line() {
    let cells = [20.0, 30.0, 20.0, 20.0, 30.0, 20.0];
    let mut frame = frame_of(3, 2, &cells);
    assert_eq!(lines(&frame, 25.0).len(), 2);
    Plan::new(frame.size, &regions(vec![region("M1", spot(0, 2))])).measure(&mut frame);
    assert_eq!(lines(&frame, 25.0).len(), 1);
    frame.set_broken(0);
    assert!(lines(&frame, 25.0).is_empty());
}

#[test]
fn noise_has_an_end() {
    let noise: Vec<f32> =
        (0..400 * 400).map(|cell: i32| if (cell / 400 + cell % 400) % 2 == 0 { 0.0 } else { 1.0 }).collect();
    let mut out = vec![[(0.0, 0.0); 2]];
    trace(&frame_of(400, 400, &noise), Mounting::default(), 0.5, &mut out);
    assert_eq!(out.len(), MOST + 1);
}

proptest! {
    #[test]
    fn every_end_has_the_temperature_and_inner_ends_meet(cells in proptest::collection::vec(0.0_f32..40.0, 48), celsius in 5.0_f32..35.0) {
        let frame = frame_of(8, 6, &cells);
        let segments = lines(&frame, celsius);
        let ends: Vec<(f32, f32)> = segments.iter().flatten().copied().collect();
        for &(x, y) in &ends {
            prop_assert!((0.5..=7.5).contains(&x) && (0.5..=5.5).contains(&y));
            let (left, top) = ((x - 0.5).floor() as usize, (y - 0.5).floor() as usize);
            let (right, below) = ((x - 0.5).ceil() as usize, (y - 0.5).ceil() as usize);
            let (a, b) = (cells[top * 8 + left], cells[below * 8 + right]);
            let share = (x - 0.5 - left as f32) + (y - 0.5 - top as f32);
            prop_assert!((a + (b - a) * share - celsius).abs() < 0.01, "{} between {} and {}", share, a, b);
            let border = x == 0.5 || y == 0.5 || x == 7.5 || y == 5.5;
            let n = ends.iter().filter(|end| **end == (x, y)).count();
            prop_assert!(n % 2 == usize::from(border) || n > 2 || border, "a line goes on inside the picture");
        }
    }
}
