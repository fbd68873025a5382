//! The life of alarms, told by edges, a person and a clock that is turned by hand.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hearthlight::engine::services::alarms::book::Book;
use hearthlight::engine::services::alarms::effects::{Effects, Now};
use hearthlight::heat::watch::{Edge, Turn};
use hearthlight::model::alarms::alarm::{Alarm, AlarmId, State};
use hearthlight::model::alarms::journal::{Entry, Still, What};
use hearthlight::model::alarms::rule::{Input, Latch, Level, Rule, RuleId, Source};
use hearthlight::model::alarms::{Alarms, Command, Update};
use hearthlight::model::message::Origin;
use hearthlight::model::sensors::{DeviceId, Sensors};
use hearthlight::store::records::{AlarmChange, AlarmRecord};
use hearthlight::units::moment::Moment;
use jiff::{SignedDuration, Timestamp};

use crate::nouns;

/// A book with all that listens to it: a fold of its facts, what is kept of it, its journal.
pub struct Desk {
    /// The book.
    pub book: Book,
    /// The fold of all facts since the last restart.
    pub fold: Alarms,
    /// What is kept, by key.
    pub kept: BTreeMap<String, AlarmRecord>,
    /// The whole journal.
    pub journal: Vec<Entry>,
    /// Facts of the last step.
    pub said: Vec<Update>,
    /// Devices there are.
    pub sensors: Sensors,
    /// The time.
    pub now: Now,
}

impl Desk {
    /// A book with these rules, and devices `bench` and `stove` at the locations `Bench` and `Stove`.
    pub fn new(rules: Vec<Rule>) -> Self {
        let now = Now { at: Moment::from_millis(1000), wall: Timestamp::from_second(1_700_000_000).unwrap() };
        let (book, fx) = Book::restore(Vec::new(), rules, now);
        let devices = ["Bench", "Stove"].map(nouns::device).map(|device| (device.id.clone(), Arc::new(device)));
        let sensors = Sensors { devices: devices.into(), introduced: BTreeMap::new() };
        let fold = book.state().clone();
        let (kept, journal) = Default::default();
        let mut desk = Self { book, fold, kept, journal, said: Vec::new(), sensors, now };
        desk.take(fx);
        desk
    }

    /// Takes in what a step led to, and holds the fold, the book and what is kept against each other.
    pub fn take(&mut self, fx: Effects) -> Vec<Entry> {
        for update in &fx.updates {
            self.fold.apply(update);
        }
        for change in fx.noted.changes {
            keep(&mut self.kept, change);
        }
        self.said = fx.updates;
        self.journal.extend(fx.noted.entries.iter().cloned());
        assert_eq!(self.fold, *self.book.state(), "the fold of the facts is the book");
        let kept = rebuilt(&self.kept);
        let state = self.book.state();
        assert_eq!(kept.rules, state.rules);
        assert_eq!((&kept.shelved, &kept.out_of_service), (&state.shelved, &state.out_of_service));
        let active: BTreeMap<_, _> = state.active.clone().into_iter().filter(|(_, alarm)| !alarm.test).collect();
        assert_eq!(kept.active, active, "what is kept is the book");
        fx.noted.entries
    }

    /// A source of a rule at a device's location turns.
    pub fn edge(&mut self, device: &str, rule: &str, source: u16, turn: Turn, value: f64) -> Vec<What> {
        let threshold = self.book.state().rules[&RuleId::new(rule)].sources[usize::from(source)].threshold;
        let at = self.now.at;
        let edge = Edge { rule: RuleId::new(rule), source, turn, value, threshold, cell: Some((10, 19)), at };
        let still = || Some(Arc::new(Still { columns: 1, rows: 1, centi: vec![0] }));
        let (id, location) = (DeviceId::new(device), device.into());
        let fx = self.book.on_edges(&id, &location, &[edge], still, self.now);
        whats(&self.take(fx))
    }

    /// The person `Ann` asks for something.
    pub fn ask(&mut self, command: Command) -> Result<Vec<What>, String> {
        let fx = self.book.command(command, &Origin::Operator("Ann".into()), &self.sensors, self.now)?;
        Ok(whats(&self.take(fx)))
    }

    /// Time passes; nothing is stale.
    pub fn pass(&mut self, seconds: u64) -> Vec<What> {
        self.pass_with(seconds, &[])
    }

    /// Time passes; the data of these devices is stale at its end.
    pub fn pass_with(&mut self, seconds: u64, stale: &[&str]) -> Vec<What> {
        self.now.at = self.now.at + Duration::from_secs(seconds);
        self.now.wall += SignedDuration::from_secs(seconds as i64);
        let stale: Vec<DeviceId> = stale.iter().map(|device| DeviceId::new(device)).collect();
        let fx = self.book.tick(|device| stale.contains(device), self.now);
        whats(&self.take(fx))
    }

    /// The program ends and starts again, from what is kept.
    pub fn restart(&mut self) {
        let records = self.kept.values().cloned().collect();
        let (book, fx) = Book::restore(records, Vec::new(), self.now);
        (self.book, self.said) = (book, Vec::new());
        self.fold = self.book.state().clone();
        self.take(fx);
    }

    /// An alarm, if it is not normal.
    pub fn alarm(&self, rule: &str, location: &str) -> Option<Arc<Alarm>> {
        self.book.state().active.get(&id(rule, location)).cloned()
    }

    /// How an alarm stands.
    pub fn stands(&self, rule: &str, location: &str) -> Option<(State, Level)> {
        self.alarm(rule, location).map(|alarm| (alarm.state, alarm.level))
    }

    /// The newest entry's text.
    pub fn told(&self) -> &str {
        self.journal.last().map_or("", |entry| &entry.text)
    }

    /// How many `Raised` the last step said.
    pub fn n_raised(&self) -> usize {
        self.said.iter().filter(|update| matches!(update, Update::Raised(_))).count()
    }
}

/// Does as the store does.
fn keep(kept: &mut BTreeMap<String, AlarmRecord>, change: AlarmChange) {
    match change {
        AlarmChange::Keep(record) => drop(kept.insert(key(&record), record)),
        AlarmChange::ForgetRule(id) => drop(kept.remove(&format!("rule {id}"))),
        AlarmChange::ForgetAlarm(id) => drop(kept.remove(&format!("alarm {id}"))),
        AlarmChange::ForgetShelf(id) => drop(kept.remove(&format!("shelf {id}"))),
        AlarmChange::ForgetOutOfService(id) => drop(kept.remove(&format!("out {id}"))),
    }
}

fn key(record: &AlarmRecord) -> String {
    match record {
        AlarmRecord::Rule(rule) => format!("rule {}", rule.id),
        AlarmRecord::RulesSeeded => "seeded".to_owned(),
        AlarmRecord::Active(alarm) => format!("alarm {}", alarm.id),
        AlarmRecord::Shelf(id, _) => format!("shelf {id}"),
        AlarmRecord::OutOfService(id, _) => format!("out {id}"),
    }
}

fn rebuilt(kept: &BTreeMap<String, AlarmRecord>) -> Alarms {
    let mut alarms = Alarms::default();
    for record in kept.values().cloned() {
        match record {
            AlarmRecord::Rule(rule) => drop(alarms.rules.insert(rule.id.clone(), rule)),
            AlarmRecord::RulesSeeded => {}
            AlarmRecord::Active(alarm) => drop(alarms.active.insert(alarm.id.clone(), alarm)),
            AlarmRecord::Shelf(id, shelf) => drop(alarms.shelved.insert(id, shelf)),
            AlarmRecord::OutOfService(id, how) => drop(alarms.out_of_service.insert(id, how)),
        }
    }
    alarms
}

fn whats(entries: &[Entry]) -> Vec<What> {
    entries.iter().map(|entry| entry.what).collect()
}

/// The id of a rule's alarm at a location.
pub fn id(rule: &str, location: &str) -> AlarmId {
    AlarmId::of(&RuleId::new(rule), location)
}

/// A source.
pub fn source(name: &str, threshold: f64, alone: bool, level: Level) -> Source {
    Source {
        name: name.into(),
        hysteresis: 3.0,
        hold_readings: 2,
        hold_off: Duration::from_secs(10),
        weight: 0.5,
        alone,
        level,
        ..nouns::source(Input::Hottest { area: None }, threshold)
    }
}

/// A rule of these sources, of which two together are a Danger; a Danger stays.
pub fn rule(id: &str, name: &str, sources: Vec<Source>) -> Rule {
    Rule {
        id: RuleId::new(id),
        min_sources: 2,
        together: Level::Danger,
        latch: Latch::Danger,
        ..nouns::rule(name, sources)
    }
}

/// `fire`: Hot (not alone), Smoke (alone, a Warning), Critical heat (alone, a Danger).
pub fn fire() -> Rule {
    let sources = vec![
        source("Hot", 40.0, false, Level::Warning),
        source("Smoke", 25.0, true, Level::Warning),
        source("Critical heat", 60.0, true, Level::Danger),
    ];
    rule("fire", "Fire", sources)
}

const HOT: u16 = 0;
const SMOKE: u16 = 1;
const CRITICAL: u16 = 2;

#[test]
fn an_alarm_is_raised_acknowledged_and_normal_again() {
    let mut desk = Desk::new(vec![fire()]);
    assert_eq!(desk.edge("Bench", "fire", HOT, Turn::On, 45.0), [], "not alone");
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0), [What::Raised]);
    assert_eq!(desk.stands("fire", "Bench"), Some((State::Unacknowledged, Level::Danger)), "two together");
    let alarm = desk.alarm("fire", "Bench").unwrap();
    assert_eq!(alarm.reasons.iter().map(|reason| &*reason.name).collect::<Vec<_>>(), ["Hot", "Smoke"]);
    assert!((alarm.confidence - 0.75).abs() < 1e-6 && alarm.latched);
    assert!(desk.journal[0].still.is_some() && desk.journal[0].reasons == alarm.reasons);
    assert_eq!(desk.told(), "Danger: Fire at Bench: Hot 45 C (limit 40 C) at row 11, column 20, and 1 more");
    assert_eq!(desk.ask(Command::Acknowledge { alarm: id("fire", "Bench") }), Ok(vec![What::Acknowledged]));
    assert_eq!(&*desk.journal.last().unwrap().by, "Ann");
    assert_eq!(desk.edge("Bench", "fire", HOT, Turn::Off, 30.0), [], "smoke is still there");
    assert_eq!(desk.stands("fire", "Bench"), Some((State::Acknowledged, Level::Danger)));
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::Off, 3.0), [What::Cleared]);
    assert_eq!(desk.stands("fire", "Bench"), None);
}

#[test]
fn one_that_became_worse_is_new_again() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    assert_eq!(desk.stands("fire", "Bench"), Some((State::Unacknowledged, Level::Warning)));
    desk.ask(Command::Acknowledge { alarm: id("fire", "Bench") }).unwrap();
    assert_eq!(desk.edge("Bench", "fire", CRITICAL, Turn::On, 85.3), [What::Worse]);
    assert_eq!(desk.n_raised(), 1);
    let alarm = desk.alarm("fire", "Bench").unwrap();
    assert_eq!((alarm.state, alarm.level, &alarm.acknowledged), (State::Unacknowledged, Level::Danger, &None));
    assert_eq!(&*alarm.reasons[0].name, "Critical heat", "the worst first");
    assert!(desk.told().contains("Critical heat 85.3 C (limit 60 C) at row 11, column 20"), "{}", desk.told());
    assert_eq!(desk.edge("Bench", "fire", CRITICAL, Turn::Off, 20.0), []);
    assert_eq!(desk.stands("fire", "Bench").unwrap().1, Level::Danger, "the worst it was");
}

#[test]
fn a_latched_one_stays_though_its_condition_is_over() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", CRITICAL, Turn::On, 85.0);
    assert_eq!(desk.edge("Bench", "fire", CRITICAL, Turn::Off, 20.0), [What::Over]);
    let alarm = desk.alarm("fire", "Bench").unwrap();
    assert_eq!((alarm.state, alarm.over), (State::Unacknowledged, Some(desk.now.wall)));
    desk.pass(86_400);
    desk.restart();
    assert_eq!(desk.stands("fire", "Bench"), Some((State::Unacknowledged, Level::Danger)));
    assert_eq!(desk.edge("Bench", "fire", CRITICAL, Turn::On, 90.0), [What::Again]);
    assert_eq!((desk.n_raised(), desk.alarm("fire", "Bench").unwrap().over), (0, None), "it was sounding all the time");
    desk.edge("Bench", "fire", CRITICAL, Turn::Off, 20.0);
    assert_eq!(desk.ask(Command::Acknowledge { alarm: id("fire", "Bench") }), Ok(vec![What::Acknowledged]));
    assert_eq!(desk.stands("fire", "Bench"), None);
}

#[test]
fn one_that_cleared_waits_for_somebody_and_comes_back() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::Off, 3.0), [What::Cleared]);
    assert_eq!(desk.stands("fire", "Bench"), Some((State::Cleared, Level::Warning)));
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::On, 28.0), [What::Again]);
    assert_eq!(desk.n_raised(), 1, "whoever makes a noise begins anew");
    let alarm = desk.alarm("fire", "Bench").unwrap();
    assert_eq!((alarm.state, alarm.crossings, alarm.reasons[0].value), (State::Unacknowledged, 2, 30.0));
    desk.edge("Bench", "fire", SMOKE, Turn::Off, 3.0);
    desk.ask(Command::Acknowledge { alarm: id("fire", "Bench") }).unwrap();
    assert_eq!(desk.stands("fire", "Bench"), None);
}

#[test]
fn a_worse_value_is_shown_and_not_journaled() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::Worse, 50.0), []);
    assert_eq!(desk.said.len(), 1);
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::Again, 28.0), [What::Again]);
    let reason = desk.alarm("fire", "Bench").unwrap().reasons[0].clone();
    assert_eq!((reason.value, reason.on, &*reason.unit), (50.0, true, "C"));
    assert_eq!(desk.edge("Bench", "fire", HOT, Turn::Off, 28.0), [], "what is not on cannot go off");
    assert!(desk.said.is_empty());
}

#[test]
fn two_hundred_crossings_are_one_line_and_as_many_entries() {
    let mut notice = rule("chatter", "Chatter", vec![source("Noisy", 40.0, true, Level::Warning)]);
    notice.latch = Latch::Never;
    let mut desk = Desk::new(vec![fire(), notice]);
    desk.edge("Bench", "chatter", 0, Turn::On, 41.0);
    for n in 1..200 {
        desk.pass_with(0, &[]);
        desk.now.at = desk.now.at + Duration::from_millis(300);
        desk.edge("Bench", "chatter", 0, Turn::Again, 41.0);
        if n == 100 {
            desk.edge("Stove", "fire", CRITICAL, Turn::On, 85.0);
        }
    }
    assert_eq!(desk.journal.len(), 201);
    let list = desk.fold.by_urgency();
    assert_eq!(list.len(), 2, "one line for the chatter");
    assert_eq!((&*list[0].location, list[0].level), ("Stove", Level::Danger));
    assert_eq!((&*list[1].location, list[1].crossings), ("Bench", 200));
    assert_eq!(desk.fold.flood, None);
}

#[test]
fn stale_data_neither_raises_nor_clears() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", HOT, Turn::On, 45.0);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    assert_eq!(desk.pass_with(20, &["Bench"]), [], "not cleared");
    let alarm = desk.alarm("fire", "Bench").unwrap();
    assert!(alarm.reasons.iter().all(|reason| reason.stale && reason.on));
    assert_eq!(desk.pass_with(20, &["Bench"]), []);
    assert!(desk.said.is_empty(), "said once");
    desk.pass(1);
    assert!(desk.alarm("fire", "Bench").unwrap().reasons.iter().all(|reason| !reason.stale));
    desk.pass_with(20, &["Bench"]);
    assert_eq!(desk.edge("Bench", "fire", HOT, Turn::Off, 20.0), [], "smoke is on");
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::Off, 3.0), [What::Over]);
}

#[test]
fn a_stale_source_does_not_help_another_one() {
    let mut sources = fire().sources;
    sources[1].alone = false;
    let mut desk = Desk::new(vec![Rule { sources, ..fire() }]);
    // Two devices report for one location.
    let at = |desk: &mut Desk, device: &str, source: u16| {
        let edge = Edge {
            rule: RuleId::new("fire"),
            source,
            turn: Turn::On,
            value: 50.0,
            threshold: 40.0,
            cell: None,
            at: desk.now.at,
        };
        let fx = desk.book.on_edges(&DeviceId::new(device), &"Bench".into(), &[edge], || None, desk.now);
        whats(&desk.take(fx))
    };
    assert_eq!(at(&mut desk, "Bench", HOT), []);
    desk.pass_with(20, &["Bench"]);
    assert_eq!(at(&mut desk, "Stove", SMOKE), [], "the other one is stale");
    assert_eq!(desk.pass_with(1, &[]), [What::Raised], "and now it is not");
    assert_eq!(desk.alarm("fire", "Bench").unwrap().reasons.len(), 2);
}

#[test]
fn alarms_and_what_is_on_survive_a_restart() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    desk.ask(Command::Acknowledge { alarm: id("fire", "Bench") }).unwrap();
    let before = desk.book.state().active.clone();
    desk.restart();
    assert_eq!(desk.book.state().active, before);
    assert_eq!(desk.book.on(&DeviceId::new("Bench"), "Bench"), [(RuleId::new("fire"), SMOKE)], "for its next watch");
    assert_eq!(desk.book.on(&DeviceId::new("Stove"), "Stove"), []);
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::Off, 1.0), [What::Cleared], "by evidence");
    assert!(desk.book.state().active.is_empty());
}

#[test]
fn the_rules_of_the_program_are_put_in_place_once() {
    let mut desk = Desk::new(vec![fire()]);
    desk.ask(Command::RemoveRule { rule: RuleId::new("fire") }).unwrap();
    let records: Vec<AlarmRecord> = desk.kept.values().cloned().collect();
    let (book, fx) = Book::restore(records, vec![fire()], desk.now);
    assert!(book.state().rules.is_empty() && fx.is_empty());
}

#[test]
fn an_alarm_whose_rule_was_lost_is_closed() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    desk.kept.remove("rule fire");
    desk.restart();
    assert!(desk.book.state().active.is_empty());
    assert_eq!(desk.journal.last().map(|entry| entry.what), Some(What::Closed));
}

#[test]
fn eleven_new_alarms_in_ten_minutes_are_a_flood() {
    let rules = (0..11).map(|n| rule(&format!("r{n}"), "Many", vec![source("Smoke", 25.0, true, Level::Notice)]));
    let mut desk = Desk::new(rules.collect());
    for n in 0..10 {
        assert_eq!(desk.edge("Bench", &format!("r{n}"), 0, Turn::On, 30.0), [What::Raised]);
        desk.pass(30);
    }
    assert_eq!(desk.fold.flood, None, "ten are not");
    assert_eq!(desk.edge("Bench", "r10", 0, Turn::On, 30.0), [What::Raised, What::FloodBegan], "each is journaled");
    assert_eq!(desk.fold.flood.as_ref().map(|flood| flood.n_recent), Some(11));
    let since = desk.fold.flood.as_ref().map(|flood| flood.since);
    // The wall clock jumps; the flood does not care.
    desk.now.wall -= SignedDuration::from_hours(5);
    desk.pass(200);
    assert_eq!(desk.fold.flood.as_ref().map(|flood| (flood.n_recent, Some(flood.since))), Some((11, since)));
    desk.edge("Bench", "r0", 0, Turn::Off, 3.0);
    desk.ask(Command::Acknowledge { alarm: id("r0", "Bench") }).unwrap();
    desk.edge("Bench", "r0", 0, Turn::On, 30.0);
    assert_eq!(desk.fold.flood.as_ref().map(|flood| flood.n_recent), Some(12));
    assert_eq!(desk.pass(101), [], "the first is forgotten");
    assert_eq!(desk.fold.flood.as_ref().map(|flood| flood.n_recent), Some(11));
    assert_eq!(desk.pass(30), [What::FloodOver]);
    assert_eq!(desk.fold.flood, None);
}

#[test]
fn a_tick_at_which_nothing_happens_says_nothing() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    for _ in 0..100 {
        let fx = desk.book.tick(|_| false, desk.now);
        assert!(fx.is_empty());
    }
}

#[test]
fn readings_that_led_to_an_alarm_are_told_for_the_latency() {
    let mut desk = Desk::new(vec![fire()]);
    let edge = |source, turn, at| Edge {
        rule: RuleId::new("fire"),
        source,
        turn,
        value: 90.0,
        threshold: 40.0,
        cell: None,
        at: Moment(at),
    };
    let edges = [edge(HOT, Turn::On, 1), edge(SMOKE, Turn::On, 2), edge(CRITICAL, Turn::On, 3)];
    let asked = std::cell::Cell::new(0);
    let still = || {
        asked.set(asked.get() + 1);
        None
    };
    let fx = desk.book.on_edges(&DeviceId::new("Bench"), &"Bench".into(), &edges, still, desk.now);
    assert_eq!((fx.raised_by.as_slice(), asked.get()), ([Moment(2)].as_slice(), 1));
}
