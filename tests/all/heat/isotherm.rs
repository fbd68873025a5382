//! Isotherms and histograms: how many cells are where.

use hearthlight::heat::histogram::Histogram;
use hearthlight::heat::isotherm::Isotherm;
use hearthlight::heat::picture::Span;
use hearthlight::heat::region::Plan;
use hearthlight::model::thermal::ThermalFrame;
use proptest::prelude::*;

use super::frame_of;
use super::region::{boxed, region, regions};

/// 4 x 2 cells: 20, 21, ... 27 C, the first broken, the last masked.
fn frame() -> ThermalFrame {
    let mut frame = frame_of(4, 2, &(0..8).map(|n| 20.0 + n as f32).collect::<Vec<_>>());
    frame.set_broken(0);
    Plan::new(frame.size, &regions(vec![region("M1", boxed(1, 3, 1, 3))])).measure(&mut frame);
    frame
}

#[test]
fn shares_are_of_the_cells_that_are_looked_at() {
    let frame = frame();
    assert_eq!(Isotherm::Above(25.0).share(&frame), Some(2.0 / 6.0));
    assert_eq!(Isotherm::Below(21.0).share(&frame), Some(1.0 / 6.0));
    assert_eq!(Isotherm::Between(22.0, 24.0).share(&frame), Some(3.0 / 6.0));
    assert_eq!(Isotherm::Between(24.0, 22.0).share(&frame), Some(0.0));
    let mut none = frame_of(1, 1, &[f32::NAN]);
    none.measure();
    assert_eq!(Isotherm::Above(0.0).share(&none), None);
}

#[test]
fn outlines_run_along_their_ends() {
    let levels = |isotherm: Isotherm| isotherm.levels().collect::<Vec<_>>();
    assert_eq!(levels(Isotherm::Above(30.0)), [30.0]);
    assert_eq!(levels(Isotherm::Between(20.0, 30.0)), [20.0, 30.0]);
    assert_eq!(levels(Isotherm::Between(20.0, 20.0)), [20.0]);
}

#[test]
fn a_histogram_counts_each_cell_once() {
    let mut histogram = Histogram::default();
    histogram.count(&frame(), Span { low: 22.0, high: 26.0 }, 4);
    assert_eq!(histogram.bins(), [1, 1, 1, 2], "26 is the end of the last step");
    assert_eq!((histogram.below(), histogram.above(), histogram.n(), histogram.highest()), (1, 0, 6, 2));
    histogram.count(&frame(), Span { low: 23.0, high: 23.0 }, 3);
    assert_eq!((histogram.bins(), histogram.below(), histogram.above()), (&[1, 0, 0][..], 2, 3));
    histogram.count(&frame(), Span::default(), 0);
    assert_eq!(histogram.bins(), [6]);
}

proptest! {
    #[test]
    fn a_histogram_is_that_of_a_walk(
        cells in proptest::collection::vec(0.0_f32..40.0, 24),
        low in 0.0_f32..30.0,
        width in 0.5_f32..20.0,
        n in 1_usize..80,
    ) {
        let frame = frame_of(6, 4, &cells);
        let (mut histogram, high) = (Histogram::default(), low + width);
        histogram.count(&frame, Span { low, high }, n);
        prop_assert_eq!(histogram.n(), 24);
        prop_assert_eq!(histogram.below() as usize, cells.iter().filter(|t| **t < low).count());
        prop_assert_eq!(histogram.above() as usize, cells.iter().filter(|t| **t > high).count());
        for (bin, count) in histogram.bins().iter().enumerate() {
            let (from, to) = (low + width * bin as f32 / n as f32, low + width * (bin + 1) as f32 / n as f32);
            // A cell within a hair of a border may lie on either side.
            let at_least = cells.iter().filter(|t| **t > from + 1e-4 && **t < to - 1e-4).count();
            let at_most = cells.iter().filter(|t| **t > from - 1e-4 && **t < to + 1e-4).count();
            prop_assert!((at_least..=at_most).contains(&(*count as usize)));
        }
    }
}
