//! The evaluator and the book together: whatever happens to rules, connections and the program, what is hot has its
//! alarm and what is cold has none that says it is still hot.

use std::sync::Arc;

use hearthlight::heat::watch::{Program, Watch};
use hearthlight::model::alarms::alarm::State;
use hearthlight::model::alarms::journal::What;
use hearthlight::model::alarms::rule::{ChannelUnit, Input, Level, Rule, RuleId, Source};
use hearthlight::model::alarms::{Alarms, Command};
use hearthlight::model::sensors::DeviceId;
use proptest::prelude::*;

use super::alarms::{Desk, rule, source};

const KEYS: [&str; 3] = ["T1", "T2", "T3"];

fn of(key: &str, name: &str, threshold: f64, alone: bool, level: Level) -> Source {
    Source {
        input: Input::Channel { key: key.into(), unit: ChannelUnit::Raw },
        ..source(name, threshold, alone, level)
    }
}

/// Two sources look at one channel, as the fire rule's do.
fn sources() -> Vec<Source> {
    vec![
        of("T1", "Smoke", 50.0, true, Level::Warning),
        of("T2", "Hot", 40.0, false, Level::Warning),
        of("T2", "Critical heat", 60.0, true, Level::Danger),
        of("T3", "Flame", 50.0, false, Level::Notice),
    ]
}

/// A desk with one device, whose readings come once a second.
struct Home {
    desk: Desk,
    watch: Watch,
    program: Arc<Program>,
    values: [f64; 3],
}

impl Home {
    fn new() -> Self {
        let desk = Desk::new(vec![rule("fire", "Fire", sources())]);
        let program = Arc::new(desk.book.program());
        let watch = Watch::new(DeviceId::new("Bench"), &program, &[], None, desk.now.at);
        Self { desk, watch, program, values: [0.0; 3] }
    }

    fn dial_in(&mut self) {
        let on = self.desk.book.on(&DeviceId::new("Bench"), "Bench");
        self.watch = Watch::new(DeviceId::new("Bench"), &self.program, &on, None, self.desk.now.at);
    }

    /// One packet, as a connection takes it.
    fn packet(&mut self) -> Vec<What> {
        let changed = self.watch.follow(&self.program);
        let mut edges = Vec::new();
        for (n, (key, value)) in KEYS.into_iter().zip(self.values).enumerate() {
            self.watch.reading(n, key, value, self.desk.now.at, &mut edges);
        }
        let device = DeviceId::new("Bench");
        let mut told = Vec::new();
        if !edges.is_empty() {
            let fx = self.desk.book.on_edges(&device, &"Bench".into(), &edges, || None, self.desk.now);
            told = self.desk.take(fx).into_iter().map(|entry| entry.what).collect();
        }
        if changed {
            self.watch.stand(&self.desk.book.on(&device, "Bench"));
        }
        told
    }

    fn seconds(&mut self, n: u64) -> Vec<What> {
        let second = |_| {
            let passed = self.desk.pass(1);
            [passed, self.packet()].concat()
        };
        (0..n).flat_map(second).collect()
    }

    fn put(&mut self, rule: Rule) {
        self.desk.ask(Command::PutRule(Box::new(rule))).unwrap();
        self.program = Arc::new(self.desk.book.program());
    }

    fn rule(&self) -> Rule {
        Rule::clone(&self.desk.book.state().rules[&RuleId::new("fire")])
    }
}

#[test]
fn a_source_that_moved_up_goes_off_when_it_is_cold() {
    let mut home = Home::new();
    home.values = [0.0, 90.0, 0.0];
    assert_eq!(home.seconds(5), [What::Raised], "hot and critical at once");
    let mut without_smoke = home.rule();
    without_smoke.sources.remove(0);
    home.put(without_smoke);
    home.values = [0.0; 3];
    assert_eq!(home.seconds(20), [What::Over], "though its rule changed while it was on");
    assert_eq!(home.desk.book.on(&DeviceId::new("Bench"), "Bench"), []);
}

#[test]
fn a_source_in_the_place_of_one_that_is_on_is_not_taken_for_it() {
    let mut home = Home::new();
    home.values = [0.0, 50.0, 0.0];
    assert_eq!(home.seconds(5), [], "hot, and not alone");
    let mut without_hot = home.rule();
    without_hot.sources.remove(1);
    home.put(without_hot);
    assert_eq!(home.seconds(60), [], "critical heat is where hot was");
}

#[test]
fn a_rule_switched_off_and_on_between_two_packets_finds_what_is_hot() {
    let mut home = Home::new();
    home.values = [0.0, 90.0, 0.0];
    home.seconds(5);
    let rule = home.rule();
    home.put(Rule { enabled: false, ..rule.clone() });
    home.put(rule);
    assert_eq!(home.desk.stands("fire", "Bench"), None, "closed");
    assert_eq!(home.seconds(5), [What::Raised], "and raised anew, for it is hot");
}

#[derive(Clone, Debug)]
enum Op {
    Values([f64; 3]),
    Seconds(u64),
    DialIn,
    Restart,
    Acknowledge,
    Remove(usize),
    Swap(usize, usize),
    Toggle(usize),
    Threshold(usize, f64),
    Enable(bool),
    Reset,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => prop::array::uniform3(0.0..100.0).prop_map(Op::Values),
        6 => (1..15_u64).prop_map(Op::Seconds),
        1 => Just(Op::DialIn),
        1 => Just(Op::Restart),
        2 => Just(Op::Acknowledge),
        1 => (0..4_usize).prop_map(Op::Remove),
        1 => (0..4_usize, 0..4_usize).prop_map(|(a, b)| Op::Swap(a, b)),
        1 => (0..4_usize).prop_map(Op::Toggle),
        1 => (0..4_usize, 10.0..90.0).prop_map(|(n, threshold)| Op::Threshold(n, threshold)),
        1 => any::<bool>().prop_map(Op::Enable),
        1 => Just(Op::Reset),
    ]
}

impl Home {
    fn play(&mut self, op: &Op) {
        let mut edited = self.rule();
        let n = edited.sources.len();
        match *op {
            Op::Values(values) => return self.values = values,
            Op::Seconds(seconds) => return drop(self.seconds(seconds)),
            Op::DialIn => return self.dial_in(),
            Op::Restart => {
                self.desk.restart();
                self.program = Arc::new(self.desk.book.program());
                return self.dial_in();
            }
            Op::Acknowledge => return drop(self.desk.ask(Command::AcknowledgeAll { device: None })),
            Op::Remove(at) if n > 1 => drop(edited.sources.remove(at % n)),
            Op::Remove(_) => return,
            Op::Swap(a, b) => edited.sources.swap(a % n, b % n),
            Op::Toggle(at) => edited.sources[at % n].enabled ^= true,
            Op::Threshold(at, threshold) => edited.sources[at % n].threshold = threshold,
            Op::Enable(enabled) => edited.enabled = enabled,
            Op::Reset => edited = rule("fire", "Fire", sources()),
        }
        if self.desk.ask(Command::PutRule(Box::new(edited))).is_ok() {
            self.program = Arc::new(self.desk.book.program());
        }
    }

    /// Cold for a while, then hot for a while: the alarm must follow.
    fn verify(&mut self) {
        self.values = [0.0; 3];
        self.seconds(15);
        let state: &Alarms = self.desk.book.state();
        let over = state.active.values().all(|alarm| alarm.over.is_some());
        assert!(over, "cold: {:?}", state.active);
        assert_eq!(self.desk.book.on(&DeviceId::new("Bench"), "Bench"), []);
        self.values = [100.0; 3];
        self.seconds(15);
        let rule = self.rule();
        let on: Vec<&Source> = rule.sources.iter().filter(|source| source.enabled).collect();
        let alarms = rule.enabled && (on.len() >= 2 || on.iter().any(|source| source.alone));
        let alarm = self.desk.alarm("fire", "Bench");
        let active = alarm.as_ref().is_some_and(|alarm| alarm.over.is_none() && alarm.state == State::Unacknowledged);
        assert_eq!(active, alarms, "hot: {alarm:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn evaluator_and_book_never_fall_apart(ops in prop::collection::vec(op(), 1..60)) {
        let mut home = Home::new();
        ops.iter().for_each(|op| home.play(op));
        home.verify();
    }
}
