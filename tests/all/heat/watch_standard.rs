//! The rules that come with the program: silent where they should be, loud where they must be.

use hearthlight::heat::fusion::{Standing, judge};
use hearthlight::heat::watch::check::check;
use hearthlight::heat::watch::{Edge, Turn, Watch, standard};
use hearthlight::model::alarms::rule::{Level, Rule};
use hearthlight::model::thermal::ThermalFrame;

use super::watch::{at, frame, watch};

/// A 32 x 24 room at 22 C with a warm patch of so many rows and columns.
fn scene(ms: u64, celsius: f32, rows: usize, cols: usize) -> ThermalFrame {
    let cell = |n: usize| {
        let (row, col) = (n / 32, n % 32);
        let noise = ((n * 7 + ms as usize / 250) % 5) as f32 * 0.1;
        if row < rows && col < cols { celsius + noise } else { 22.0 + noise }
    };
    frame(32, &(0..768).map(cell).collect::<Vec<_>>(), ms)
}

/// What turned, by the names of the sources.
fn names(edges: &[Edge]) -> Vec<(Turn, String)> {
    let rules = standard::rules();
    let name = |edge: &Edge| {
        let rule = rules.iter().find(|rule| rule.id == edge.rule).expect("a standard rule");
        rule.sources[usize::from(edge.source)].name.to_string()
    };
    edges.iter().map(|edge| (edge.turn, name(edge))).collect()
}

/// A real device's line at rest.
fn line(watch: &mut Watch, ms: u64, adc1: f64, out: &mut Vec<Edge>) {
    let values = [("ADC1", adc1), ("ADC2", 1310.0), ("ADC3", 2.0), ("DIO", 0.0)];
    for (n, (key, value)) in values.into_iter().enumerate() {
        watch.reading(n, key, value, at(ms), out);
    }
}

/// A watch by the standard rules that knows its room, and the millisecond at which it does.
fn at_home() -> (Watch, u64) {
    let mut watch = watch(standard::rules());
    let mut out = Vec::new();
    let period = 4085;
    for i in 0..100 {
        watch.frame(&scene(i * period, 22.0, 0, 0), &mut out);
        line(&mut watch, i * period + 490, 266.0 + (i * 13 % 32) as f64, &mut out);
        watch.silent(0.4, Some(4.085), at(i * period + 900), &mut out);
    }
    assert!(out.is_empty(), "a real board at rest, learning and later: {:?}", names(&out));
    (watch, 100 * period)
}

#[test]
fn they_can_all_be_taken_and_their_notes_say_what_is_left_out() {
    let rules = standard::rules();
    rules.iter().for_each(|rule| assert_eq!(check(rule), Ok(()), "{}", rule.name));
    assert_eq!(rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["fire", "unusual-heat", "no-data"]);
    let fire: &Rule = &rules[0];
    let disabled: Vec<_> = fire.sources.iter().filter(|source| !source.enabled).map(|source| &*source.name).collect();
    assert_eq!(disabled, ["Flame"]);
    assert!(fire.note.contains("32 %") && fire.note.contains("ppm"));
}

#[test]
fn a_real_board_at_rest_raises_nothing() {
    at_home();
}

#[test]
fn a_person_who_walks_in_raises_nothing() {
    let (mut watch, from) = at_home();
    let mut out = Vec::new();
    for i in 0..200 {
        let ms = from + i * 250;
        watch.frame(&scene(ms, 34.0, 18, (i as usize).min(9)), &mut out);
    }
    let told = names(&out);
    assert!(told.iter().all(|(_, name)| name == "Unusual"), "{told:?}");
    for (rule, place) in [(0, 9), (1, 2)].map(|(rule, n)| (standard::rules()[rule].clone(), n)) {
        let on = |n| out.iter().any(|edge| edge.rule == rule.id && usize::from(edge.source) == n);
        let standings: Vec<_> = (0..place).map(|n| Standing { on: on(n), stale: false }).collect();
        assert_eq!(judge(&rule, &standings), None, "{}", rule.name);
    }
}

#[test]
fn a_person_who_walks_in_while_it_learns_raises_nothing() {
    let mut watch = watch(standard::rules());
    let mut out = Vec::new();
    (0..600).for_each(|i| watch.frame(&scene(i * 250, 34.0, 18, (i as usize / 9).min(9)), &mut out));
    assert_eq!(names(&out), []);
}

#[test]
fn a_cell_that_jumps_to_eighty_five_is_danger_at_once() {
    let (mut watch, from) = at_home();
    let mut out = Vec::new();
    watch.frame(&scene(from, 85.0, 1, 1), &mut out);
    assert_eq!(names(&out), [(Turn::On, "Critical heat".to_owned())]);
    let source = &standard::rules()[0].sources[1];
    assert!(source.alone && source.level == Level::Danger && out[0].cell == Some((0, 0)));
}

#[test]
fn a_fire_that_grows_is_told_before_it_is_critical() {
    let (mut watch, from) = at_home();
    let mut out = Vec::new();
    for i in 0..20 {
        watch.frame(&scene(from + i * 4085, 24.0 + i as f32, 3, 3), &mut out);
    }
    let told = names(&out);
    assert!(told.contains(&(Turn::On, "Rising".to_owned())), "14.7 K/min: {told:?}");
    assert!(!told.iter().any(|(_, name)| name == "Rising fast" || name == "Critical heat"), "{told:?}");
}

#[test]
fn smoke_is_told_by_percentage_and_above_rest() {
    let (mut watch, from) = at_home();
    let mut out = Vec::new();
    (0..3).for_each(|i| line(&mut watch, from + i * 4085, 275.0 + 450.0, &mut out));
    assert_eq!(names(&out), [(Turn::On, "Smoke above rest".to_owned())], "17.7 %, 11 points above rest");
    out.clear();
    (3..6).for_each(|i| line(&mut watch, from + i * 4085, 1100.0, &mut out));
    assert!(names(&out).contains(&(Turn::On, "Smoke".to_owned())), "26.9 %: {:?}", names(&out));
}

#[test]
fn silence_is_a_warning_by_itself() {
    let (mut watch, from) = at_home();
    let mut out = Vec::new();
    for (s, silent) in [(20, 20.0), (30, 30.0), (31, 0.1)] {
        watch.silent(silent, Some(4.085), at(from + s * 1000), &mut out);
    }
    assert_eq!(names(&out), [(Turn::On, "Silent".to_owned()), (Turn::Off, "Silent".to_owned())]);
}
