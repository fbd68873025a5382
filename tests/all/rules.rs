//! Rules in action: which actions are due, what takes them back, what they are called.

use std::collections::BTreeMap;
use std::sync::Arc;

use hearthlight::model::alarms::alarm::{Alarm, AlarmId, Done, Shelf, State};
use hearthlight::model::alarms::rule::{Action, Confidence, Latch, Level, Rule, RuleId, Scope};
use hearthlight::model::message::Command;
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::{alarms, sensors, system, thermal};
use hearthlight::rules::{decide, inverse, words};
use jiff::Timestamp;

fn set(key: &str, value: &str) -> Command {
    Command::System(system::Command::Set { key: key.to_owned(), value: value.to_owned() })
}

fn alarm(level: Level) -> Alarm {
    let rule = RuleId::new("fire");
    Alarm {
        id: AlarmId::of(&rule, "Bench"),
        rule,
        name: "Fire".into(),
        location: "Bench".into(),
        device: DeviceId::new("bench"),
        level,
        state: State::Unacknowledged,
        test: false,
        latched: false,
        raised: Timestamp::UNIX_EPOCH,
        changed: Timestamp::UNIX_EPOCH,
        over: None,
        acknowledged: None,
        reasons: Vec::new(),
        confidence: 1.0,
        crossings: 1,
        done: Vec::new(),
    }
}

fn done(command: &Command, undo: Option<Command>) -> Done {
    Done { what: words::of(command), at: Timestamp::UNIX_EPOCH, refused: None, undo, undone: false }
}

/// A house whose fire rule sets `a` from Warning on and `b` at Danger.
fn house(alarm: &Alarm) -> Snapshot {
    let action = |at_least, command| Action { at_least, command };
    let hide = Command::Alarms(alarms::Command::AcknowledgeAll { device: None });
    let rule = Rule {
        id: RuleId::new("fire"),
        name: "Fire".into(),
        enabled: true,
        scope: Scope::Everywhere,
        sources: Vec::new(),
        min_sources: 1,
        together: Level::Warning,
        confidence: Confidence::Independent,
        latch: Latch::Never,
        actions: vec![
            action(Level::Warning, set("a", "1")),
            action(Level::Danger, set("b", "1")),
            action(Level::Notice, hide),
            action(Level::Warning, set("a", "1")),
        ],
        note: String::new(),
    };
    let mut view = Snapshot::default();
    view.alarms.rules = BTreeMap::from([(rule.id.clone(), Arc::new(rule))]);
    view.alarms.active = BTreeMap::from([(alarm.id.clone(), Arc::new(alarm.clone()))]);
    view
}

#[test]
fn actions_are_due_from_their_level_on_each_once_and_none_may_touch_alarms() {
    let due = |level| decide::due(&alarm(level), &house(&alarm(level)));
    assert_eq!(due(Level::Notice), []);
    assert_eq!(due(Level::Warning), [set("a", "1")]);
    assert_eq!(due(Level::Danger), [set("a", "1"), set("b", "1")]);
}

#[test]
fn one_that_became_worse_runs_only_what_was_not_done_yet() {
    let mut worse = alarm(Level::Danger);
    worse.done.push(done(&set("a", "1"), Some(set("a", "0"))));
    assert_eq!(decide::due(&worse, &house(&worse)), [set("b", "1")]);
    worse.done[0].undone = true;
    assert_eq!(decide::due(&worse, &house(&worse)), [set("b", "1")], "what a person took back stays so");
    worse.done[0] = Done { refused: Some("busy".into()), undo: None, undone: false, ..worse.done[0].clone() };
    assert_eq!(decide::due(&worse, &house(&worse)).len(), 2, "what was refused is tried again");
    let stale = alarm(Level::Danger);
    worse.done[0].refused = None;
    assert_eq!(decide::due(&stale, &house(&worse)), [set("b", "1")], "the house knows more than an old fact");
    let mut over = house(&worse);
    over.alarms.active.clear();
    assert_eq!(decide::due(&stale, &over).len(), 2, "it is normal again; the fact counts");
}

#[test]
fn nothing_is_done_for_a_test_or_while_it_is_shelved() {
    let mut test = alarm(Level::Danger);
    test.test = true;
    assert_eq!(decide::due(&test, &house(&test)), []);
    let real = alarm(Level::Danger);
    let mut view = house(&real);
    let (since, until) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
    view.alarms.shelved.insert(real.id.clone(), Shelf { by: "Ann".into(), since, until, reason: "".into() });
    assert_eq!(decide::due(&real, &view), []);
    assert_eq!(decide::due(&real, &Snapshot::default()), [], "its rule is gone");
}

#[test]
fn what_was_done_last_is_taken_back_first() {
    let mut alarm = alarm(Level::Danger);
    let (first, second) = (set("a", "1"), set("a", "2"));
    alarm.done =
        vec![done(&first, Some(set("a", "0"))), done(&set("b", "1"), None), done(&second, Some(first.clone()))];
    let undo: Vec<_> = decide::to_undo(&alarm).into_iter().filter_map(|done| done.undo).collect();
    assert_eq!(undo, [first, set("a", "0")]);
    alarm.done[2].undone = true;
    assert_eq!(decide::to_undo(&alarm).len(), 1);
}

#[test]
fn the_inverse_brings_back_what_was() {
    let mut before = Snapshot::default();
    let setting =
        system::Setting { key: "a".into(), value: "old".into(), layer: system::Layer::Default, help: "".into() };
    before.system.settings = Arc::new(vec![setting]);
    let device = DeviceId::new("bench");
    let mut known = known_device(&device);
    known.name = "Bench".into();
    known.place = "Kitchen".into();
    before.sensors.devices.insert(device.clone(), Arc::new(known));
    let array = thermal::Array {
        device: device.clone(),
        size: hearthlight::units::grid::Size::MLX90640,
        meaning: thermal::PixelMeaning::Mlx90640Raw,
        calibration: thermal::Calibration::Received,
        choice: thermal::Choice::default(),
    };
    before.thermal.arrays.insert(device.clone(), Arc::new(array));
    let inverse = |command: &Command| inverse::of(command, &before);
    assert_eq!(inverse(&set("a", "new")), Some(set("a", "old")));
    assert_eq!(inverse(&set("a", "old")), None, "it changes nothing");
    assert_eq!(inverse(&set("unknown", "x")), None);
    let rename =
        |name: &str| Command::Sensors(sensors::Command::Rename { device: device.clone(), name: name.to_owned() });
    assert_eq!(inverse(&rename("Hot")), Some(rename("Bench")));
    let place =
        |place: &str| Command::Sensors(sensors::Command::SetPlace { device: device.clone(), place: place.to_owned() });
    assert_eq!(inverse(&place("")), Some(place("Kitchen")));
    let choose = |emissivity| {
        let optics = thermal::Optics { emissivity, reflected: None };
        let choice = thermal::Choice { optics, ..thermal::Choice::default() };
        Command::Thermal(thermal::Command::Choose { device: device.clone(), choice })
    };
    assert_eq!(inverse(&choose(0.5)), Some(choose(0.95)));
    assert_eq!(inverse(&Command::System(system::Command::ShowWindow)), None);
    assert_eq!(inverse(&Command::Sensors(sensors::Command::Forget { device: device.clone() })), None);
}

#[test]
fn what_was_done_is_called_so_that_people_know_it() {
    assert_eq!(&*words::of(&set("thermal.emissivity", "0.9")), "set thermal.emissivity to 0.9");
    let device = DeviceId::new("bench");
    let place = |place: &str| {
        words::of(&Command::Sensors(sensors::Command::SetPlace { device: device.clone(), place: place.to_owned() }))
    };
    assert_eq!((&*place("Kitchen"), &*place("")), ("put bench into Kitchen", "took bench out of its place"));
}

fn known_device(id: &DeviceId) -> sensors::Device {
    sensors::Device {
        id: id.clone(),
        name: "".into(),
        location: "Bench".into(),
        place: "".into(),
        serial: None,
        address: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        accepted: true,
        simulated: true,
        connected: true,
        phase: sensors::Phase::Streaming,
        attempts: 0,
        heard: None,
        ended: None,
        since: Timestamp::UNIX_EPOCH,
        period: None,
        line_end: None,
    }
}
