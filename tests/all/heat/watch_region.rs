//! Rules that look at regions, and masks that keep them from looking.

use std::time::Duration;

use hearthlight::heat::margin::{Present, margins};
use hearthlight::heat::region::Plan;
use hearthlight::heat::watch::check::check;
use hearthlight::heat::watch::measure::{Facts, Measured, measure, unit, words};
use hearthlight::heat::watch::{Edge, Turn, Watch};
use hearthlight::model::alarms::rule::{Input, RuleId, Source};
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::ThermalFrame;
use hearthlight::model::thermal::region::{Figure, Regions};
use hearthlight::units::grid::{Patch, Size};

use super::region::{boxed, delta, id, region, regions, spot};
use super::watch::{HOTTEST, at, room, rule, source, watch};

fn of(label: &str, figure: Figure) -> Input {
    Input::Region { region: id(label), figure }
}

/// A box in the first row, a spot in its corner and how far the one is above the other.
fn stove() -> Regions {
    let mut all = regions(vec![region("B1", boxed(0, 0, 0, 3)), region("S1", spot(3, 3))]);
    all.deltas = vec![delta("D1", ("B1", Figure::Max), ("S1", Figure::Max))];
    all
}

/// 4 x 4 cells at 20 C but for some, measured by these regions.
fn measured(cells: &[(usize, f32)], ms: u64, all: &Regions) -> ThermalFrame {
    let mut frame = room(cells, ms);
    Plan::new(frame.size, all).measure(&mut frame);
    frame
}

fn turns(edges: &[Edge]) -> Vec<(Turn, u64)> {
    edges.iter().map(|edge| (edge.turn, edge.at.0 / 1_000_000_000)).collect()
}

fn play(watch: &mut Watch, hottest: &[f32], all: &Regions) -> Vec<Edge> {
    let mut out = Vec::new();
    for (celsius, s) in hottest.iter().zip(0..) {
        watch.frame(&measured(&[(2, *celsius)], s * 1000, all), &mut out);
    }
    out
}

#[test]
fn a_region_rule_turns_with_hysteresis_and_hold() {
    let limit = Source {
        hysteresis: 3.0,
        hold_readings: 2,
        hold_off: Duration::from_secs(2),
        ..source(of("B1", Figure::Max), 60.0)
    };
    let mut hot = watch(vec![rule("stove", vec![limit])]);
    let story = play(&mut hot, &[61.0, 59.0, 61.0, 62.0, 58.0, 57.0, 56.9, 56.0, 55.0, 70.0], &stove());
    assert_eq!(turns(&story), [(Turn::On, 2), (Turn::Off, 8)], "57 is still within the hysteresis");
    let on = &story[0];
    assert_eq!((on.rule.clone(), on.value, on.threshold, on.cell), (RuleId::new("stove"), 61.0, 60.0, Some((0, 2))));
}

#[test]
fn each_figure_is_watched_and_a_delta_in_kelvin() {
    let frame = measured(&[(2, 60.0), (15, 30.0)], 0, &stove());
    let read = |input| measure(&input, &Facts { frame: Some(&frame), ..Facts::default() });
    let plain = |value, cell| Some(Measured { value, threshold_at_least: 0.0, cell });
    assert_eq!(read(of("B1", Figure::Max)), plain(60.0, Some((0, 2))));
    assert_eq!(read(of("B1", Figure::Mean)), plain(30.0, None), "no cell shows a mean");
    assert_eq!(read(of("B1", Figure::Min)), plain(20.0, Some((0, 0))));
    assert_eq!(read(of("D1", Figure::Min)), plain(30.0, None));
    assert_eq!(read(of("B2", Figure::Max)), None);
    assert_eq!((unit(&of("B1", Figure::Max)), unit(&of("D1", Figure::Max))), ("C", "K"));
    assert_eq!(words(&of("B1", Figure::Mean)), "B1 mean");
    assert_eq!((words(&of("S1", Figure::Max)), words(&of("D1", Figure::Max))), ("S1".to_owned(), "D1".to_owned()));
    let mut both =
        watch(vec![rule("above", vec![source(of("D1", Figure::Max), 30.0), source(of("S1", Figure::Max), 40.0)])]);
    let mut out = Vec::new();
    both.frame(&frame, &mut out);
    assert_eq!(out.iter().map(|edge| (edge.source, edge.value)).collect::<Vec<_>>(), [(0, 30.0)]);
}

#[test]
fn a_device_that_lost_the_region_has_no_value_and_turns_nothing() {
    let mut hot = watch(vec![rule("stove", vec![source(of("B1", Figure::Max), 60.0)])]);
    assert_eq!(turns(&play(&mut hot, &[61.0], &stove())), [(Turn::On, 0)]);
    let mut out = Vec::new();
    for s in 1..60 {
        hot.frame(&measured(&[(2, 25.0)], s * 1000, &Regions::default()), &mut out);
    }
    assert_eq!(out, [], "what is on goes off by evidence only");
    hot.frame(&measured(&[(2, 25.0)], 60_000, &stove()), &mut out);
    assert_eq!(turns(&out), [(Turn::Off, 60)], "as soon as it is there again");
    let mut never = watch(vec![rule("stove", vec![source(of("B9", Figure::Max), 0.0)])]);
    assert_eq!(play(&mut never, &[90.0; 5], &stove()), []);
}

#[test]
fn a_masked_hot_spot_raises_nothing_while_the_same_unmasked_does() {
    let area = Patch { top: 0, left: 0, bottom: 1, right: 1 };
    let inputs = || {
        vec![
            source(HOTTEST, 40.0),
            source(Input::Hottest { area: Some(area) }, 40.0),
            source(Input::HotCells { at_least: 40.0 }, 4.0),
            source(Input::Difference { area, against: None }, 20.0),
            source(Input::Rise { floor: 21.0 }, 8.0),
            source(of("B1", Figure::Max), 40.0),
        ]
    };
    let burner = |s: u64| [0, 1, 4, 5].map(|cell| (cell, 20.0 + 2.0 * s as f32));
    let with = |masks: bool| {
        let mut all = regions(vec![region("B1", boxed(0, 0, 1, 3))]);
        all.regions.extend(masks.then(|| region("M1", boxed(0, 0, 1, 1))));
        let (mut watch, mut out) = (watch(vec![rule("any", inputs())]), Vec::new());
        (0..40).for_each(|s| watch.frame(&measured(&burner(s), s * 1000, &all), &mut out));
        let on: Vec<u16> = out.iter().filter(|edge| edge.turn == Turn::On).map(|edge| edge.source).collect();
        (on.len(), watch.hot_cells(), watch.rise())
    };
    let (n, hot_cells, rise) = with(false);
    assert_eq!((n, hot_cells), (6, Some(4.0)), "every one of them sees it");
    assert!(rise.is_some_and(|rise| rise > 100.0));
    assert_eq!(with(true), (0, Some(0.0), Some(0.0)));
}

#[test]
fn what_is_masked_is_not_learned_and_not_unusual() {
    let all = regions(vec![region("M1", boxed(0, 0, 0, 3))]);
    let unusual = Source { threshold: 4.0, ..source(Input::Unusual, 4.0) };
    let mut calm = watch(vec![rule("unusual", vec![unusual])]);
    let mut out = Vec::new();
    (0..100).for_each(|i| calm.frame(&measured(&[], i * 4000, &all), &mut out));
    let learned = calm.publish(at(401_000)).expect("it was learned");
    let baseline = learned.baseline.as_ref().expect("a usual picture");
    assert!(baseline.variance[..4].iter().all(|variance| *variance < 0.0), "masked cells taught nothing");
    assert!(baseline.variance[4..].iter().all(|variance| *variance >= 0.0));
    let hot: Vec<(usize, f32)> = (0..4).map(|cell| (cell, 90.0)).collect();
    calm.frame(&measured(&hot, 402_000, &all), &mut out);
    assert_eq!((calm.unusual(), out.len()), (Some(0.0), 0));
    let low: Vec<(usize, f32)> = (4..8).map(|cell| (cell, 90.0)).collect();
    calm.frame(&measured(&low, 406_000, &all), &mut out);
    assert_eq!((calm.unusual(), out.len()), (Some(4.0), 1), "beside the mask it is");
}

#[test]
fn a_picture_all_masked_is_no_reading_but_silence_is_still_told() {
    let mask = regions(vec![region("M1", boxed(0, 0, 3, 3))]);
    let rules = vec![rule(
        "any",
        vec![source(HOTTEST, 40.0), source(of("B1", Figure::Max), 40.0), source(Input::Silent, 30.0)],
    )];
    let (mut watch, mut out) = (watch(rules), Vec::new());
    (0..10).for_each(|s| watch.frame(&measured(&[(2, 90.0)], s * 1000, &mask), &mut out));
    assert_eq!((out.len(), watch.rise(), watch.unusual(), watch.hot_cells()), (0, None, None, None));
    watch.silent(31.0, Some(1.0), at(41_000), &mut out);
    assert_eq!(turns(&out), [(Turn::On, 41)]);
    out.clear();
    watch.frame(&measured(&[(2, 90.0)], 42_000, &Regions::default()), &mut out);
    assert_eq!(out.iter().map(|edge| edge.source).collect::<Vec<_>>(), [0], "without the mask it is seen at once");
    watch.frame(&measured(&[(2, 20.0)], 43_000, &mask), &mut out);
    assert_eq!(out.len(), 1, "and a mask over all of it is no evidence that it is over");
}

#[test]
fn margins_know_regions_and_masks() {
    let device = DeviceId::new("hall");
    let rules = [rule("stove", vec![source(of("B1", Figure::Max), 60.0), source(of("D1", Figure::Max), 50.0)])];
    let least = |frame: &ThermalFrame| {
        let present = Present {
            device: &device,
            frame: Some(frame),
            channels: &[],
            learned: None,
            rise: None,
            unusual: None,
            hot_cells: None,
        };
        margins(rules.iter(), &present)
    };
    let both = least(&measured(&[(2, 55.0)], 0, &stove()));
    let heat = both.heat.expect("a margin in degrees");
    assert_eq!((heat.value, heat.unit, heat.left()), (55.0, "C", 5.0));
    assert_eq!(least(&room(&[(2, 55.0)], 0)).least, None, "no region, no margin");
    let kelvin = [rule("delta", vec![source(of("D1", Figure::Max), 50.0)])];
    let frame = measured(&[(2, 55.0)], 0, &stove());
    let present = Present {
        device: &device,
        frame: Some(&frame),
        channels: &[],
        learned: None,
        rise: None,
        unusual: None,
        hot_cells: None,
    };
    let least = margins(kelvin.iter(), &present).least.expect("a margin in kelvin");
    assert_eq!((least.value, least.unit, least.left()), (35.0, "K", 15.0));
    let area = Patch { top: 0, left: 0, bottom: 0, right: 3 };
    let masked = measured(&[(2, 55.0), (1, 30.0)], 0, &regions(vec![region("M1", spot(0, 2))]));
    let rules = [rule("area", vec![source(Input::Hottest { area: Some(area) }, 60.0)])];
    let present = Present { frame: Some(&masked), ..present };
    assert_eq!(
        margins(rules.iter(), &present).least.map(|margin| margin.value),
        Some(30.0),
        "a masked cell is left out"
    );
}

#[test]
fn a_rule_names_a_region_by_its_label() {
    let with = |label: &str| check(&rule("r", vec![source(of(label, Figure::Max), 60.0)]));
    for good in ["S1", "B32", "C2", "P9", "L1", "D10"] {
        assert_eq!(with(good), Ok(()), "{good}");
    }
    for bad in ["", "S", "S0", "S33", "S01", "S+1", "M1", "X1", "s1", "1", "S 1", "hottest"] {
        assert!(with(bad).is_err_and(|why| why.contains("S1, B2, D1")), "{bad}");
    }
}

#[test]
fn an_array_of_one_cell_has_regions_too() {
    let all = regions(vec![region("B1", boxed(0, 0, 9, 9))]);
    assert_eq!(Plan::new(Size::new(1, 1).unwrap(), &all).cells(&id("B1")).collect::<Vec<_>>(), [0]);
}
