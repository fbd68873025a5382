//! Rules, alarms, shelves and devices out of service: kept with the entries that tell of them, or not at all.

use std::sync::Arc;
use std::time::Duration;

use hearthlight::model::alarms::alarm::{Alarm, AlarmId, Done, Noted as TookNote, OutOfService, Shelf, State};
use hearthlight::model::alarms::rule::{Compare, Confidence, Input, Latch, Level, Rule, RuleId, Scope, Source};
use hearthlight::model::deed::Deed;
use hearthlight::model::sensors::{self, DeviceId};
use hearthlight::store::records::{AlarmChange, AlarmRecord, Noted};
use rusqlite::Connection;

use super::{journal::entry, minute, open, place};

pub(super) fn rule(id: &str) -> Rule {
    let source = Source {
        name: "Hottest".into(),
        enabled: true,
        input: Input::Hottest { area: None },
        compare: Compare::AtLeast,
        threshold: 60.0,
        hysteresis: 2.0,
        hold_readings: 3,
        hold_on: Duration::from_secs(2),
        hold_off: Duration::from_millis(1500),
        weight: 0.8,
        alone: true,
        level: Level::Danger,
    };
    Rule {
        id: RuleId::new(id),
        name: "Heat".into(),
        enabled: true,
        scope: Scope::Devices([DeviceId::new("a")].into()),
        sources: vec![source],
        min_sources: 2,
        together: Level::Warning,
        confidence: Confidence::Sum,
        latch: Latch::Always,
        actions: Vec::new(),
        note: "Near the stove".to_owned(),
    }
}

pub(super) fn alarm(rule: &str, location: &str) -> Alarm {
    let done = Done {
        what: "asked for its calibration".into(),
        at: minute(2),
        refused: None,
        undo: Some(Deed::Sensors(sensors::Command::AskCalibration { device: DeviceId::new("a") })),
        undone: false,
    };
    Alarm {
        id: AlarmId::of(&RuleId::new(rule), location),
        rule: RuleId::new(rule),
        name: "Heat".into(),
        location: location.into(),
        device: DeviceId::new("a"),
        level: Level::Danger,
        state: State::Acknowledged,
        test: false,
        latched: true,
        raised: minute(0),
        changed: minute(1),
        over: None,
        acknowledged: Some(TookNote { by: "Ann".into(), at: minute(1) }),
        reasons: entry(0).reasons,
        confidence: 0.5,
        crossings: 4,
        done: vec![done],
    }
}

fn shelf() -> Shelf {
    Shelf { by: "Ann".into(), since: minute(0), until: minute(60), reason: "painting".into() }
}

fn out_of_service() -> OutOfService {
    OutOfService { by: "Ann".into(), since: minute(0), reason: "broken".into() }
}

/// One of each kind, in the order in which they are read.
pub(super) fn records() -> Vec<AlarmRecord> {
    vec![
        AlarmRecord::Rule(Arc::new(rule("gas"))),
        AlarmRecord::Rule(Arc::new(rule("heat"))),
        AlarmRecord::RulesSeeded,
        AlarmRecord::Active(Arc::new(alarm("heat", "hall"))),
        AlarmRecord::Active(Arc::new(alarm("heat", "loft"))),
        AlarmRecord::Shelf(AlarmId("heat--loft".into()), shelf()),
        AlarmRecord::OutOfService(DeviceId::new("b"), out_of_service()),
    ]
}

pub(super) fn keep(records: impl IntoIterator<Item = AlarmRecord>) -> Noted {
    Noted { entries: Vec::new(), changes: records.into_iter().map(AlarmChange::Keep).collect() }
}

#[test]
fn what_was_kept_is_there_after_reopening() {
    let (_folder, file) = place();
    let store = open(&file);
    store.note(keep(records().into_iter().rev()));
    store.close().expect("written");
    let found = open(&file).alarms().expect("read");
    assert_eq!((found.records, found.damaged), (records(), Vec::new()));
}

#[test]
fn of_two_changes_the_newer_holds_and_what_was_forgotten_is_gone() {
    let (_folder, file) = place();
    let store = open(&file);
    store.note(keep(records()));
    store.flush().expect("written");
    let id = || AlarmId("heat--loft".into());
    let newer = Alarm { state: State::Cleared, ..alarm("heat", "hall") };
    let changes = vec![
        AlarmChange::ForgetAlarm(newer.id.clone()),
        AlarmChange::Keep(AlarmRecord::Active(Arc::new(newer.clone()))),
        AlarmChange::ForgetRule(RuleId::new("gas")),
        AlarmChange::Keep(AlarmRecord::Active(Arc::new(alarm("heat", "loft")))),
        AlarmChange::ForgetAlarm(id()),
        AlarmChange::ForgetShelf(id()),
        AlarmChange::ForgetOutOfService(DeviceId::new("b")),
    ];
    store.note(Noted { entries: vec![entry(0)], changes });
    store.flush().expect("written");
    let expected =
        [AlarmRecord::Rule(Arc::new(rule("heat"))), AlarmRecord::RulesSeeded, AlarmRecord::Active(Arc::new(newer))];
    assert_eq!(store.alarms().expect("read").records, expected);
}

#[test]
fn an_alarm_is_readable_whatever_was_measured() {
    let (_folder, file) = place();
    let store = open(&file);
    let mut odd = Alarm { confidence: f32::NAN, ..alarm("heat", "hall") };
    odd.reasons[0].value = f64::NEG_INFINITY;
    store.note(keep([AlarmRecord::Active(Arc::new(odd.clone()))]));
    store.flush().expect("written");
    odd.confidence = 0.0;
    odd.reasons[0].value = f64::MIN;
    assert_eq!(store.alarms().expect("read").records, [AlarmRecord::Active(Arc::new(odd))]);
}

#[test]
fn a_damaged_row_is_told_and_the_others_are_read() {
    let (_folder, file) = place();
    let store = open(&file);
    store.note(keep(records()));
    store.close().expect("written");
    let raw = Connection::open(&file).expect("opens");
    raw.execute_batch(
        "UPDATE rule SET body = '{' WHERE id = 'gas';
         UPDATE alarm SET id = 'other' WHERE id = 'heat--hall';
         UPDATE shelf SET body = '[]';
         UPDATE out_of_service SET body = ''",
    )
    .expect("damaged");
    drop(raw);
    let found = open(&file).alarms().expect("read");
    let sound: Vec<_> = [1, 2, 4].iter().map(|n| records()[*n].clone()).collect();
    assert_eq!(found.records, sound);
    assert_eq!(found.damaged.len(), 4, "{:?}", found.damaged);
    assert!(found.damaged[0].contains("rule") && found.damaged[0].contains("gas"), "{:?}", found.damaged);
}
