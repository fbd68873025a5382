//! The alarm service around its book: what it says, counts and shares, and how it listens for silence.

use std::sync::Arc;
use std::time::Duration;

use hearthlight::engine::bus::BusSender;
use hearthlight::engine::services::alarms::Alarms;
use hearthlight::engine::services::alarms::book::Book;
use hearthlight::engine::services::alarms::effects::Now;
use hearthlight::engine::services::alarms::roll::{Heard, Roll};
use hearthlight::heat::watch::{Edge, Turn};
use hearthlight::io::clock::Clock;
use hearthlight::model::alarms;
use hearthlight::model::alarms::journal::{Filter, Still, What};
use hearthlight::model::alarms::rule::{Level, RuleId};
use hearthlight::model::message::{Command, Envelope, Origin, Outcome, Ticket, Update};
use hearthlight::model::sensors::{self, DeviceId};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::thermal::ThermalFrame;
use hearthlight::port::Posted;
use hearthlight::port::slots::{DeviceSlot, Slots};
use hearthlight::settings::current::Settings;
use hearthlight::store::{Patience, Store};
use hearthlight::units::grid::Size;
use hearthlight::units::moment::Moment;
use jiff::Timestamp;
use tokio::sync::oneshot;

use super::Bench;
use super::alarms::fire;
use crate::nouns::device;

fn edge(source: u16, turn: Turn, at: Moment) -> Edge {
    Edge { rule: RuleId::new("fire"), source, turn, value: 90.0, threshold: 60.0, cell: None, at }
}

fn posted(command: Command) -> (Posted, oneshot::Receiver<Outcome>) {
    let (reply, outcome) = oneshot::channel();
    let envelope = Envelope { command, origin: Origin::Api, ticket: Ticket(1), cause: None };
    (Posted { envelope, reply: Some(reply) }, outcome)
}

#[test]
fn it_opens_with_the_rules_of_the_program_and_tells_all_at_once() {
    let bench = Bench::new(Settings::default());
    let alarms = &bench.house.alarms;
    assert!(!alarms.program().load().rules.is_empty());
    let [Update::Alarms(alarms::Update::Reset(all))] = &alarms.opening()[..] else {
        panic!("one fact with everything")
    };
    assert!(all.rules.contains_key(&RuleId::new("fire")) && all.active.is_empty());
}

#[test]
fn an_edge_becomes_a_fact_with_its_counters_at_once() {
    let mut bench = Bench::new(Settings::default());
    let alarms = Arc::clone(&bench.house.alarms);
    let sources = alarms.program().load().rules[0].sources.clone();
    let critical = sources.iter().position(|source| &*source.name == "Critical heat").unwrap() as u16;
    let slot = DeviceSlot::new(DeviceId::new("Bench"), "Bench".into());
    let at = bench.house.ground.clock.now();
    alarms.tell(&slot, &[edge(critical, Turn::On, at)]);
    let alarm = bench.fold().alarms.by_urgency()[0].clone();
    assert_eq!((alarm.level, &*alarm.location), (Level::Danger, "Bench"));
    let count = |bench: &Bench| bench.slots().alarm_latency.counts().iter().sum::<u64>();
    assert_eq!(count(&bench), 1);
    alarms.tell(&slot, &[edge(critical, Turn::Worse, at), edge(critical, Turn::Off, at)]);
    assert_eq!(count(&bench), 1, "only what raised one is measured");
    assert_eq!(bench.slots().fusion.counts().iter().sum::<u64>(), 2);
    let counts = bench.slots().raised.counts();
    assert_eq!(counts.into_values().collect::<Vec<_>>(), [1]);
}

#[test]
fn a_command_changes_the_rules_in_force_and_is_answered() {
    let mut bench = Bench::new(Settings::default());
    let alarms = Arc::clone(&bench.house.alarms);
    let before = alarms.program().load().revision;
    let (put, _outcome) = posted(Command::Alarms(alarms::Command::PutRule(Box::new(fire()))));
    alarms.command(put, &Snapshot::default());
    assert_eq!(alarms.program().load().revision, before + 1);
    assert_eq!(bench.fold().alarms.rules[&RuleId::new("fire")].sources.len(), 3);
    let (wrong, _outcome) = posted(Command::Alarms(alarms::Command::RemoveRule { rule: RuleId::new("nothing") }));
    alarms.command(wrong, &Snapshot::default());
    let batch = bench.said.try_recv().unwrap();
    assert!(batch.updates.is_empty() && batch.answer.unwrap().refused.is_some());
    let (strange, _outcome) = posted(Command::Sensors(sensors::Command::Forget { device: DeviceId::new("x") }));
    alarms.command(strange, &Snapshot::default());
    assert!(bench.said.try_recv().unwrap().answer.unwrap().refused.is_some());
}

#[test]
fn nothing_is_said_while_nothing_happens() {
    let mut bench = Bench::new(Settings::default());
    let alarms = Arc::clone(&bench.house.alarms);
    let mut roll = Roll::default();
    let mut snapshot = Snapshot { seq: 1, ..Snapshot::default() };
    alarms.tick(&mut roll, &Snapshot::default());
    for name in ["Bench", "Stove"] {
        snapshot.sensors.devices.insert(DeviceId::new(name), Arc::new(device(name)));
    }
    (0..10).for_each(|_| alarms.tick(&mut roll, &snapshot));
    assert!(bench.said.try_recv().is_err());
}

#[test]
fn relearning_reaches_the_device() {
    let bench = Bench::new(Settings::default());
    let slot = Arc::new(DeviceSlot::new(DeviceId::new("Bench"), "Bench".into()));
    bench.slots().insert(Arc::clone(&slot));
    let mut snapshot = Snapshot::default();
    snapshot.sensors.devices.insert(slot.id.clone(), Arc::new(device("Bench")));
    let (relearn, _outcome) = posted(Command::Alarms(alarms::Command::Relearn { device: slot.id.clone() }));
    bench.house.alarms.command(relearn, &snapshot);
    assert_eq!(slot.relearn.load(std::sync::atomic::Ordering::Relaxed), 1);
}

#[test]
fn alarms_rules_and_their_journal_come_back_from_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hearthlight.db");
    let open = || Store::open(&file, Patience::default(), |_| {}).unwrap();
    let (clock, slots) = (Clock::default(), Arc::new(Slots::default()));
    let (bus, _said) = BusSender::new();
    let store = open();
    let (alarms, damaged) = Alarms::open(&clock, &slots, &bus, Some(store.clone()));
    assert!(damaged.is_empty(), "{damaged:?}");
    let (put, _outcome) = posted(Command::Alarms(alarms::Command::PutRule(Box::new(fire()))));
    alarms.command(put, &Snapshot::default());
    let slot = DeviceSlot::new(DeviceId::new("Bench"), "Bench".into());
    alarms.tell(&slot, &[edge(2, Turn::On, clock.now())]);
    let before = alarms.opening();
    store.close().unwrap();
    let store = open();
    let filter = Filter { limit: 10, ..Filter::default() };
    let page = store.journal(&filter).unwrap();
    let told: Vec<What> = page.entries.iter().map(|entry| entry.what).collect();
    assert_eq!(told, [What::Raised, What::RuleChanged, What::Program], "the newest first");
    let (again, damaged) = Alarms::open(&clock, &slots, &bus, Some(store));
    assert!(damaged.is_empty(), "{damaged:?}");
    let [Update::Alarms(alarms::Update::Reset(before))] = &before[..] else { panic!("one fact") };
    let opening = again.opening();
    let [Update::Alarms(alarms::Update::Reset(after))] = &opening[..] else { panic!("one fact") };
    assert_eq!((&after.rules, &after.active), (&before.rules, &before.active));
    assert_eq!(again.on(&slot), [(RuleId::new("fire"), 2)]);
}

#[test]
fn a_still_is_the_picture_in_hundredths() {
    let mut frame = ThermalFrame::blank();
    let celsius = [20.004, -3.217, 900.0, f32::MIN];
    frame.begin(Size::new(2, 2).unwrap()).copy_from_slice(&celsius);
    frame.set_broken(1);
    let still = Still::of(&frame);
    assert_eq!((still.columns, still.rows), (2, 2));
    assert_eq!(still.centi, [2000, i16::MIN, i16::MAX, -i16::MAX]);
}

/// A roll with its book.
struct Listening {
    roll: Roll,
    book: Book,
    snapshot: Snapshot,
}

impl Listening {
    fn new(names: &[&str]) -> Self {
        let now = Now { at: Moment::ZERO, wall: Timestamp::UNIX_EPOCH };
        let (book, _) = Book::restore(Vec::new(), vec![fire()], now);
        let mut snapshot = Snapshot { seq: 1, ..Snapshot::default() };
        for name in names {
            snapshot.sensors.devices.insert(DeviceId::new(name), Arc::new(device(name)));
        }
        Self { roll: Roll::default(), book, snapshot }
    }

    /// At that second, with these devices heard last then; returns who is stale, and who is gone.
    fn at(&mut self, second: u64, heard: &[(&str, u64)]) -> (Vec<String>, Vec<String>) {
        let now = Moment::ZERO + Duration::from_secs(second);
        let program = Arc::new(self.book.program());
        let gone = self.roll.follow(&self.snapshot, &self.book, &program, now);
        let heard_last = |device: &DeviceId| {
            let at = heard.iter().find(|(name, _)| DeviceId::new(name) == *device).map(|(_, second)| *second);
            let last = at.map(|second| Moment::ZERO + Duration::from_secs(second));
            Heard { last, period: last.map(|_| Duration::from_secs(5)) }
        };
        self.roll.listen(self.snapshot.system.demo_paused, heard_last, now, |_, _, _| {});
        let devices = self.snapshot.sensors.devices.keys();
        let stale = devices.filter(|device| self.roll.is_stale(device)).map(DeviceId::to_string).collect();
        (stale, gone.into_iter().map(|gone| gone.device.to_string()).collect())
    }
}

#[test]
fn a_device_is_stale_after_three_periods_and_at_least_ten_seconds() {
    let mut listening = Listening::new(&["Bench", "Stove"]);
    let none = Vec::<String>::new();
    assert_eq!(listening.at(0, &[]), (none.clone(), none.clone()));
    assert_eq!(listening.at(10, &[("Bench", 2)]).0, none);
    assert_eq!(listening.at(11, &[("Bench", 2)]).0, ["stove"], "never heard since the start, no period known");
    assert_eq!(listening.at(17, &[("Bench", 2)]).0, ["stove"]);
    assert_eq!(listening.at(18, &[("Bench", 2)]).0, ["bench", "stove"], "three periods of five seconds");
    assert_eq!(listening.at(19, &[("Bench", 19), ("Stove", 19)]).0, none);
    listening.snapshot.system.demo_paused = true;
    assert_eq!(listening.at(100, &[("Bench", 19)]).0, none, "while the demo holds still nobody is quiet");
    listening.snapshot.system.demo_paused = false;
    assert_eq!(listening.at(105, &[("Bench", 19)]).0, none, "and then it is counted from its end");
}

#[test]
fn a_device_that_left_is_gone_at_once_and_an_unknown_one_after_a_moment() {
    let mut listening = Listening::new(&["Bench"]);
    let none = Vec::<String>::new();
    let now = Now { at: Moment::ZERO, wall: Timestamp::UNIX_EPOCH };
    listening.at(0, &[]);
    // A device whose first facts are still on their way.
    let _ = listening.book.on_edges(&DeviceId::new("Late"), &"Late".into(), &[edge(2, Turn::On, now.at)], || None, now);
    listening.snapshot.seq = 2;
    assert_eq!(listening.at(1, &[]).1, none);
    listening.snapshot.sensors.devices.clear();
    listening.snapshot.seq = 3;
    assert_eq!(listening.at(1, &[]).1, ["bench"]);
    assert_eq!(listening.at(2, &[]).1, ["late"]);
    let _ = listening.book.on_forgotten(&DeviceId::new("Late"), None, now);
    assert_eq!(listening.at(3, &[]).1, none);
    assert!(listening.book.state().active.is_empty());
}

#[test]
fn a_silence_that_was_told_before_a_restart_ends_by_data_only() {
    let no_data = hearthlight::heat::watch::standard::rules().into_iter().find(|rule| rule.id.as_str() == "no-data");
    let (no_data, now) = (no_data.unwrap(), Now { at: Moment::ZERO, wall: Timestamp::UNIX_EPOCH });
    let mut listening = Listening::new(&["Bench"]);
    listening.book = Book::restore(Vec::new(), vec![no_data], now).0;
    let silence =
        Edge { rule: RuleId::new("no-data"), value: 3600.0, threshold: 30.0, ..edge(0, Turn::On, Moment::ZERO) };
    let _ = listening.book.on_edges(&DeviceId::new("Bench"), &"Bench".into(), &[silence], || None, now);
    let program = Arc::new(listening.book.program());
    let turns = |listening: &mut Listening, second: u64, last: Option<u64>| {
        let now = Moment::ZERO + Duration::from_secs(second);
        listening.roll.follow(&listening.snapshot, &listening.book, &program, now);
        let last = last.map(|second| Moment::ZERO + Duration::from_secs(second));
        let mut turns = Vec::new();
        let turned = |_: &DeviceId, _: &Arc<str>, edges: &[Edge]| turns.extend(edges.iter().map(|edge| edge.turn));
        listening.roll.listen(false, |_| Heard { last, period: None }, now, turned);
        turns
    };
    let off = |turns: &[Turn]| turns.contains(&Turn::Off);
    assert!((0..100).all(|second| !off(&turns(&mut listening, second, None))), "nothing came");
    assert!(off(&turns(&mut listening, 100, Some(100))), "and now something did");
    assert_eq!(turns(&mut listening, 131, Some(100)), [Turn::On]);
}
