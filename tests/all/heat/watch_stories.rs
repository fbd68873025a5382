//! Random stories: whatever comes in, sources turn in order, every number is one, and it ends the same way each time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use hearthlight::heat::watch::{Edge, Program, Turn, Watch};
use hearthlight::model::alarms::rule::{ChannelUnit, Compare, Input, RuleId, Source};
use hearthlight::model::learned::Learned;
use hearthlight::model::sensors::DeviceId;
use hearthlight::units::grid::Patch;
use hearthlight::units::moment::Moment;
use proptest::prelude::*;

use super::watch::{HOTTEST, above_rest, channel, frame, program, rule, source};

#[derive(Clone, Debug)]
enum Event {
    Reading { channel: usize, value: f64 },
    Frame { cols: u16, celsius: Vec<f32>, calibrated: bool },
    Silent { seconds: f64, period: Option<f64> },
    Relearn,
    Follow { program: usize },
    Restart,
}

const KEYS: [&str; 4] = ["ADC1", "MPY30", "GAS", "ADC2"];

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        6 => 0.0_f64..4096.0,
        2 => 250.0_f64..300.0,
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 0.0]),
    ]
}

fn celsius() -> impl Strategy<Value = f32> {
    prop_oneof![6 => 19.0_f32..24.0, 2 => 20.0_f32..90.0, 1 => prop::sample::select(vec![f32::NAN, -60.0, 400.0, 3000.0])]
}

fn event() -> impl Strategy<Value = Event> {
    let cells = prop::collection::vec(celsius(), 12);
    prop_oneof![
        8 => (0..KEYS.len(), number()).prop_map(|(channel, value)| Event::Reading { channel, value }),
        8 => (prop::sample::select(vec![4_u16, 4, 4, 4, 3]), cells, prop::bool::weighted(0.9))
            .prop_map(|(cols, celsius, calibrated)| Event::Frame { cols, celsius, calibrated }),
        2 => (number(), prop::option::of(number())).prop_map(|(seconds, period)| Event::Silent { seconds, period }),
        1 => Just(Event::Relearn),
        1 => (0_usize..3).prop_map(|program| Event::Follow { program }),
        1 => Just(Event::Restart),
    ]
}

fn input() -> impl Strategy<Value = Input> {
    let area = Patch { top: 0, left: 1, bottom: 1, right: 9 };
    prop::sample::select(vec![
        HOTTEST,
        Input::Hottest { area: Some(area) },
        Input::HotCells { at_least: 22.0 },
        Input::Rise { floor: 21.0 },
        Input::Difference { area, against: None },
        Input::Unusual,
        channel("ADC1", ChannelUnit::Percent),
        channel("DIO", ChannelUnit::Raw),
        above_rest("ADC1"),
        above_rest("GAS"),
        Input::Silent,
    ])
}

prop_compose! {
    fn any_source()(
        input in input(),
        threshold in -5.0_f64..45.0,
        hysteresis in prop::sample::select(vec![0.0, 1.0, 5.0]),
        hold_readings in 1_u32..4,
        hold_on in 0_u64..3,
        hold_off in 0_u64..6,
        high in prop::bool::weighted(0.8),
        enabled in prop::bool::weighted(0.9),
    ) -> Source {
        Source {
            hysteresis,
            hold_readings,
            hold_on: Duration::from_secs(hold_on),
            hold_off: Duration::from_secs(hold_off),
            compare: if high { Compare::AtLeast } else { Compare::AtMost },
            enabled,
            ..source(input, threshold)
        }
    }
}

fn any_program() -> impl Strategy<Value = Arc<Program>> {
    let rules = prop::collection::vec(prop::collection::vec(any_source(), 1..5), 0..3);
    rules.prop_map(|rules| {
        program(rules.into_iter().zip(["a", "b", "c"]).map(|(sources, id)| rule(id, sources)).collect())
    })
}

type On = BTreeSet<(RuleId, u16)>;

/// Which sources a program watches.
fn watched(program: &Program) -> On {
    let enabled = program
        .rules
        .iter()
        .flat_map(|rule| rule.sources.iter().zip(0..).map(|(source, n)| (rule.id.clone(), n, source.enabled)));
    enabled.filter(|(_, _, enabled)| *enabled).map(|(rule, n, _)| (rule, n)).collect()
}

struct Told {
    edges: Vec<Edge>,
    learned: Vec<Arc<Learned>>,
}

fn play(programs: &[Arc<Program>], story: &[(u64, Event)]) -> Told {
    let begin = |program, on: &On, learned: Option<&Learned>, now| {
        Watch::new(DeviceId::new("hall"), program, &on.iter().cloned().collect::<Vec<_>>(), learned, now)
    };
    let (mut now, mut on, mut in_force) = (Moment::ZERO, On::new(), &programs[0]);
    let mut watch = begin(in_force, &on, None, now);
    let mut told = Told { edges: Vec::new(), learned: Vec::new() };
    for (ms, event) in story {
        now = now + Duration::from_millis(*ms);
        let mut out = Vec::new();
        match event {
            Event::Reading { channel, value } => watch.reading(*channel, KEYS[*channel], *value, now, &mut out),
            Event::Frame { cols, celsius, calibrated } => {
                let mut frame = frame(*cols, celsius, now.0 / 1_000_000);
                frame.calibrated = *calibrated;
                watch.frame(&frame, &mut out);
            }
            Event::Silent { seconds, period } => watch.silent(*seconds, *period, now, &mut out),
            Event::Relearn => watch.relearn(now),
            Event::Follow { program } => {
                in_force = &programs[*program];
                on.retain(|source| watched(in_force).contains(source));
                watch.follow(in_force);
            }
            Event::Restart => watch = begin(in_force, &on, told.learned.last().map(|learned| &**learned), now),
        }
        out.iter().for_each(|edge| in_order(edge, &mut on));
        told.edges.extend(out);
        told.learned.extend(watch.publish(now));
    }
    assert!(on.is_subset(&watched(in_force)));
    told
}

fn in_order(edge: &Edge, on: &mut On) {
    let source = (edge.rule.clone(), edge.source);
    assert!(edge.value.is_finite() && edge.threshold.is_finite(), "{edge:?}");
    match edge.turn {
        Turn::On => assert!(on.insert(source), "on twice: {edge:?}"),
        Turn::Off => assert!(on.remove(&source), "off twice: {edge:?}"),
        Turn::Again | Turn::Worse => assert!(on.contains(&source), "not on: {edge:?}"),
    }
}

fn is_sound(learned: &Learned) {
    for rest in learned.rests.values() {
        assert!(rest.samples.len() <= 180 && rest.mad >= 0.0 && rest.median.is_finite() && rest.mad.is_finite());
        assert!(rest.samples.iter().all(|sample| sample.is_finite()));
    }
    if let Some(baseline) = &learned.baseline {
        assert_eq!((baseline.mean.len(), baseline.variance.len()), (baseline.size.cells(), baseline.size.cells()));
        assert!(baseline.mean.iter().chain(&baseline.variance).all(|number| number.is_finite()));
    }
}

proptest! {
    #[test]
    fn any_story_turns_in_order_and_ends_the_same_each_time(
        programs in prop::collection::vec(any_program(), 3),
        story in prop::collection::vec((prop::sample::select(vec![0_u64, 62, 500, 4085, 20_000]), event()), 1..400),
    ) {
        let told = play(&programs, &story);
        told.learned.iter().for_each(|learned| is_sound(learned));
        let again = play(&programs, &story);
        prop_assert_eq!(told.edges, again.edges);
        prop_assert_eq!(told.learned, again.learned);
    }
}
