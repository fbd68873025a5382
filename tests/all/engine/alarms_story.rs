//! Random stories of readings, people, clocks that are set and programs that are killed; after each step the alarms
//! must still be ones that a person can trust.

use std::collections::BTreeMap;
use std::sync::Arc;

use hearthlight::engine::services::alarms::commands::test_id;
use hearthlight::heat::fusion::{Standing, judge};
use hearthlight::heat::watch::Turn;
use hearthlight::model::alarms::alarm::{AlarmId, State};
use hearthlight::model::alarms::journal::What;
use hearthlight::model::alarms::rule::{Latch, Level, Rule, RuleId};
use hearthlight::model::alarms::{Command, Update};
use hearthlight::model::sensors::DeviceId;
use jiff::SignedDuration;
use proptest::prelude::*;

use super::alarms::{Desk, fire, id, rule, source};

const PLACES: [&str; 2] = ["Bench", "Stove"];
const RULES: [&str; 3] = ["fire", "cold", "smell"];

#[derive(Clone, Debug)]
enum Op {
    /// A source turns: on if it is off, else as `on` says.
    Turn {
        place: usize,
        rule: usize,
        source: u16,
        on: Turn,
        value: f64,
    },
    Acknowledge(usize, usize),
    AcknowledgeAll(Option<usize>),
    Shelve(usize, usize, u32),
    Unshelve(usize, usize),
    Mute(Option<u32>),
    TakeOut(usize),
    PutBack(usize),
    Test(usize, usize, usize),
    /// Time passes; the data of some places is stale at its end.
    Pass(u64, [bool; 2]),
    /// Somebody sets the clock on the wall.
    SetClock(i64),
    /// Killed and started again.
    Restart,
    /// A rule is edited: one of its sources switched on or off, how many must be on together, the rule itself.
    Edit {
        rule: usize,
        source: usize,
        min_sources: u8,
        enabled: bool,
    },
    Forget(usize),
}

impl Op {
    /// Whether an alarm may end by it, though nobody took note and no source went off.
    fn closes(&self) -> bool {
        matches!(self, Self::TakeOut(_) | Self::Edit { .. } | Self::Forget(_))
    }

    fn acknowledges(&self) -> bool {
        matches!(self, Self::Acknowledge(..) | Self::AcknowledgeAll(_))
    }
}

fn op() -> impl Strategy<Value = Op> {
    let turns = prop_oneof![3 => Just(Turn::Off), 2 => Just(Turn::Again), 1 => Just(Turn::Worse)];
    let turn = (0..2_usize, 0..3_usize, 0..3_u16, turns, 0.0..100.0)
        .prop_map(|(place, rule, source, on, value)| Op::Turn { place, rule, source, on, value });
    let edit = (0..3_usize, 0..3_usize, 1..3_u8, prop::bool::weighted(0.8))
        .prop_map(|(rule, source, min_sources, enabled)| Op::Edit { rule, source, min_sources, enabled });
    prop_oneof![
        20 => turn,
        4 => (0..2_usize, 0..3_usize).prop_map(|(place, rule)| Op::Acknowledge(place, rule)),
        1 => prop::option::of(0..2_usize).prop_map(Op::AcknowledgeAll),
        2 => (0..2_usize, 0..3_usize, 0..40_u32).prop_map(|(place, rule, minutes)| Op::Shelve(place, rule, minutes)),
        1 => (0..2_usize, 0..3_usize).prop_map(|(place, rule)| Op::Unshelve(place, rule)),
        1 => prop::option::of(0..30_u32).prop_map(Op::Mute),
        1 => (0..2_usize).prop_map(Op::TakeOut),
        2 => (0..2_usize).prop_map(Op::PutBack),
        1 => (0..2_usize, 0..3_usize, 0..3_usize).prop_map(|(place, rule, level)| Op::Test(place, rule, level)),
        6 => (0..900_u64, any::<[bool; 2]>()).prop_map(|(seconds, stale)| Op::Pass(seconds, stale)),
        1 => (-100_000..100_000_i64).prop_map(Op::SetClock),
        1 => Just(Op::Restart),
        1 => edit,
        1 => (0..2_usize).prop_map(Op::Forget),
    ]
}

fn rules() -> Vec<Rule> {
    let warnings = |names: [&str; 3]| names.map(|name| source(name, 10.0, false, Level::Warning)).to_vec();
    let cold = Rule { latch: Latch::Never, ..rule("cold", "Cold", warnings(["Floor", "Wall", "Door"])) };
    let mut smell = rule("smell", "Smell", warnings(["Gas", "Paint", "Coffee"]));
    smell.sources[0].alone = true;
    smell.sources[2].level = Level::Notice;
    smell.together = Level::Notice;
    smell.latch = Latch::Always;
    vec![fire(), cold, smell]
}

/// A second opinion: what is on and what is stale, kept beside the book.
struct Story {
    desk: Desk,
    /// Sources that are on, by rule, place and source, and whether their data is stale.
    on: BTreeMap<(usize, usize, u16), bool>,
    /// When shelvings end, in seconds since the program first started.
    shelves_end: BTreeMap<AlarmId, u64>,
    tests_end: BTreeMap<AlarmId, u64>,
}

impl Story {
    fn new() -> Self {
        let (on, shelves_end, tests_end) = Default::default();
        Self { desk: Desk::new(rules()), on, shelves_end, tests_end }
    }

    fn rule(&self, rule: usize) -> Arc<Rule> {
        Arc::clone(&self.desk.book.state().rules[&RuleId::new(RULES[rule])])
    }

    fn seconds(&self) -> u64 {
        self.desk.now.at.0 / 1_000_000_000
    }

    fn ask(&mut self, command: Command) -> bool {
        self.desk.said.clear();
        self.desk.ask(command).is_ok()
    }

    fn play(&mut self, op: &Op) {
        self.desk.said.clear();
        match *op {
            Op::Turn { place, rule, source, on, value } => self.turn(place, rule, source, on, value),
            Op::Acknowledge(place, rule) => {
                let _ = self.ask(Command::Acknowledge { alarm: id(RULES[rule], PLACES[place]) });
            }
            Op::AcknowledgeAll(place) => {
                let device = place.map(|place| DeviceId::new(PLACES[place]));
                assert!(self.ask(Command::AcknowledgeAll { device }));
            }
            Op::Shelve(place, rule, minutes) => {
                let alarm = id(RULES[rule], PLACES[place]);
                if self.ask(Command::Shelve { alarm: alarm.clone(), minutes, reason: "Story".to_owned() }) {
                    self.shelves_end.insert(alarm, self.seconds() + u64::from(minutes) * 60);
                }
            }
            Op::Unshelve(place, rule) => {
                let alarm = id(RULES[rule], PLACES[place]);
                assert_eq!(
                    self.ask(Command::Unshelve { alarm: alarm.clone() }),
                    self.shelves_end.remove(&alarm).is_some()
                );
            }
            Op::Mute(minutes) => drop(self.ask(Command::Mute { minutes })),
            Op::TakeOut(place) => {
                let device = DeviceId::new(PLACES[place]);
                assert!(self.ask(Command::TakeOutOfService { device, reason: "Story".to_owned() }));
            }
            Op::PutBack(place) => drop(self.ask(Command::PutBackInService { device: DeviceId::new(PLACES[place]) })),
            Op::Test(place, rule, level) => {
                let (rule, device) = (RuleId::new(RULES[rule]), DeviceId::new(PLACES[place]));
                self.tests_end.insert(test_id(&rule, PLACES[place]), self.seconds() + 60);
                assert!(self.ask(Command::Test { rule, device, level: Level::ALL[level] }));
            }
            Op::Pass(seconds, stale) => {
                let names: Vec<&str> = (0..2).filter(|&place| stale[place]).map(|place| PLACES[place]).collect();
                self.on.iter_mut().for_each(|((_, place, _), is_stale)| *is_stale = stale[*place]);
                self.desk.pass_with(seconds, &names);
                let now = self.seconds();
                self.shelves_end.retain(|_, end| *end > now);
                self.tests_end.retain(|_, end| *end > now);
            }
            Op::SetClock(seconds) => self.desk.now.wall += SignedDuration::from_secs(seconds),
            Op::Restart => self.restart(),
            Op::Edit { rule, source, min_sources, enabled } => {
                let mut edited = Rule::clone(&self.rule(rule));
                edited.sources[source].enabled = !edited.sources[source].enabled;
                (edited.min_sources, edited.enabled) = (min_sources, enabled);
                if self.ask(Command::PutRule(Box::new(edited.clone()))) {
                    let stays = |source: u16| edited.enabled && edited.sources[usize::from(source)].enabled;
                    self.on.retain(|(of, _, source), _| *of != rule || stays(*source));
                }
            }
            Op::Forget(place) => {
                let fx = self.desk.book.on_forgotten(&DeviceId::new(PLACES[place]), Some(PLACES[place]), self.desk.now);
                self.desk.take(fx);
                self.on.retain(|(_, of, _), _| *of != place);
                self.shelves_end.retain(|id, _| !RULES.map(|rule| super::alarms::id(rule, PLACES[place])).contains(id));
                self.tests_end
                    .retain(|id, _| !RULES.map(|rule| test_id(&RuleId::new(rule), PLACES[place])).contains(id));
            }
        }
    }

    /// A watch tells only what can happen: a source that is off comes on.
    fn turn(&mut self, place: usize, rule: usize, source: u16, on: Turn, value: f64) {
        let of = self.rule(rule);
        if !of.enabled || !of.sources[usize::from(source)].enabled {
            return;
        }
        let turn = if self.on.contains_key(&(rule, place, source)) { on } else { Turn::On };
        // Data came: nothing of that device is stale.
        self.on.iter_mut().filter(|((_, at, _), _)| *at == place).for_each(|(_, stale)| *stale = false);
        if turn == Turn::Off {
            self.on.remove(&(rule, place, source));
        } else {
            self.on.insert((rule, place, source), false);
        }
        self.desk.edge(PLACES[place], RULES[rule], source, turn, value);
    }

    /// The clock on the wall may have been set while the program was off; shelvings are shorter or longer by that.
    fn restart(&mut self) {
        self.desk.restart();
        let (now, wall) = (self.seconds(), self.desk.now.wall);
        let left =
            |until: jiff::Timestamp| u64::try_from(until.duration_since(wall).as_secs()).unwrap_or(0).min(604_800);
        let shelved = &self.desk.book.state().shelved;
        self.shelves_end = shelved.iter().map(|(id, shelf)| (id.clone(), now + left(shelf.until))).collect();
        self.tests_end.clear();
        // What was on without an alarm comes on anew by evidence.
        let known = |place: usize| self.desk.book.on(&DeviceId::new(PLACES[place]), PLACES[place]);
        let known = [known(0), known(1)];
        for alarm in self.desk.book.state().active.values() {
            for reason in alarm.reasons.iter().filter(|reason| reason.on) {
                assert!(known.concat().contains(&(alarm.rule.clone(), reason.source)), "a reason is on: {reason:?}");
            }
        }
        self.on.retain(|(rule, place, source), _| known[*place].contains(&(RuleId::new(RULES[*rule]), *source)));
    }

    fn standings(&self, rule: usize, place: usize) -> Vec<Standing> {
        let one = |source| self.on.get(&(rule, place, source));
        (0..3).map(|source| Standing { on: one(source).is_some(), stale: one(source) == Some(&true) }).collect()
    }

    fn verify(&self, before: &BTreeMap<AlarmId, (State, Level)>, n_journal: usize, op: &Op) {
        self.verify_evidence();
        self.verify_steps(before.clone(), op);
        self.verify_journal(n_journal);
        let state = self.desk.book.state();
        assert_eq!(state.shelved.keys().collect::<Vec<_>>(), self.shelves_end.keys().collect::<Vec<_>>());
        let tests: Vec<_> = state.active.values().filter(|alarm| alarm.test).map(|alarm| &alarm.id).collect();
        assert!(tests.iter().all(|id| self.tests_end.contains_key(id)), "a test does not outlive its minute");
        assert!(state.by_urgency().iter().all(|alarm| !state.shelved.contains_key(&alarm.id)));
    }

    /// No alarm is lost and none is doubled: what is on has its alarm, and what is over is told as over.
    fn verify_evidence(&self) {
        let state = self.desk.book.state();
        for (rule, place) in (0..3).flat_map(|rule| (0..2).map(move |place| (rule, place))) {
            let (of, alarm) = (self.rule(rule), self.desk.alarm(RULES[rule], PLACES[place]));
            let here = state.active.values().filter(|a| !a.test && a.rule == of.id && &*a.location == PLACES[place]);
            assert!(here.count() <= 1, "none is doubled");
            let out = state.out_of_service.contains_key(&DeviceId::new(PLACES[place]));
            if out || !of.enabled {
                assert_eq!(alarm, None);
                continue;
            }
            let mut standings = self.standings(rule, place);
            if let Some(verdict) = judge(&of, &standings) {
                let alarm = alarm.as_ref().expect("no alarm is lost");
                assert!(alarm.over.is_none() && alarm.state != State::Cleared && alarm.level >= verdict.level);
            }
            standings.iter_mut().for_each(|standing| standing.stale = false);
            if let Some(alarm) = alarm {
                assert!(alarm.over.is_some() || judge(&of, &standings).is_some(), "over when its evidence is over");
                assert!(alarm.state != State::Acknowledged || alarm.over.is_none());
                let on = alarm.reasons.iter().filter(|reason| reason.on).count();
                assert_eq!(on, standings.iter().filter(|standing| standing.on).count(), "{alarm:?}");
            }
        }
    }

    /// Every change of an alarm is an arrow of the diagram.
    fn verify_steps(&self, mut before: BTreeMap<AlarmId, (State, Level)>, op: &Op) {
        let off = matches!(op, Op::Turn { on: Turn::Off, .. });
        for update in &self.desk.said {
            match update {
                Update::Raised(alarm) if !alarm.test => {
                    assert_eq!(alarm.state, State::Unacknowledged);
                    match before.insert(alarm.id.clone(), (alarm.state, alarm.level)) {
                        None | Some((State::Cleared, _)) => {}
                        Some((_, level)) => {
                            assert!(alarm.level > level, "an active one is raised by a worse level only");
                        }
                    }
                }
                Update::Changed(alarm) if !alarm.test => {
                    let (state, level) = before[&alarm.id];
                    assert_eq!(alarm.level, level);
                    match (state, alarm.state) {
                        (from, to) if from == to => {}
                        (State::Unacknowledged, State::Acknowledged) => assert!(op.acknowledges()),
                        (State::Unacknowledged, State::Cleared) => {
                            assert!(off || op.closes(), "cleared without its hold-off");
                            assert!(!alarm.latched, "a latched one stays");
                        }
                        other => panic!("no arrow for {other:?}"),
                    }
                    before.insert(alarm.id.clone(), (alarm.state, alarm.level));
                }
                Update::Gone(id) => match before.remove(id) {
                    Some((State::Acknowledged, _)) => assert!(off || op.closes()),
                    Some(_) => assert!(op.acknowledges() || op.closes()),
                    None => {}
                },
                _ => {}
            }
        }
    }

    /// What is said is journaled, and crossings are counted as they are journaled.
    fn verify_journal(&self, n_before: usize) {
        let news = &self.desk.journal[n_before..];
        for update in &self.desk.said {
            if let Update::Raised(alarm) = update {
                let told = [What::Raised, What::Worse, What::Again, What::Tested];
                assert!(
                    news.iter().any(|e| e.alarm.as_ref() == Some(&alarm.id) && told.contains(&e.what)),
                    "{alarm:?}"
                );
            }
        }
        for alarm in self.desk.book.state().active.values().filter(|alarm| !alarm.test) {
            let entries: Vec<What> =
                self.desk.journal.iter().filter(|e| e.alarm.as_ref() == Some(&alarm.id)).map(|e| e.what).collect();
            let raised = entries.iter().rposition(|what| *what == What::Raised).expect("it was raised");
            let again = entries[raised..].iter().filter(|what| **what == What::Again).count();
            assert_eq!(alarm.crossings as usize, 1 + again);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_story_leaves_alarms_that_can_be_trusted(ops in prop::collection::vec(op(), 1..80)) {
        let mut story = Story::new();
        for op in &ops {
            let active = &story.desk.book.state().active;
            let before = active.values().filter(|alarm| !alarm.test);
            let before = before.map(|alarm| (alarm.id.clone(), (alarm.state, alarm.level))).collect();
            let n_journal = story.desk.journal.len();
            story.play(op);
            story.verify(&before, n_journal, op);
        }
    }
}
