//! What people and rules ask of alarms: shelves, mutes, service, tests, rules, actions.

use std::sync::Arc;

use hearthlight::engine::services::alarms::commands::test_id;
use hearthlight::heat::watch::Turn;
use hearthlight::model::alarms::alarm::{Done, State};
use hearthlight::model::alarms::journal::What;
use hearthlight::model::alarms::rule::{Latch, Level, Rule, RuleId, Scope};
use hearthlight::model::alarms::{Command, Update};
use hearthlight::model::deed::Deed;
use hearthlight::model::message::Origin;
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::system;
use jiff::{SignedDuration, Timestamp};

use super::alarms::{Desk, fire, id, rule, source};

const HOT: u16 = 0;
const SMOKE: u16 = 1;
const CRITICAL: u16 = 2;

fn bench() -> DeviceId {
    DeviceId::new("bench")
}

fn shelve(minutes: u32, reason: &str) -> Command {
    Command::Shelve { alarm: id("fire", "Bench"), minutes, reason: reason.to_owned() }
}

#[test]
fn what_is_not_there_cannot_be_acknowledged_and_what_is_acknowledged_is_so() {
    let mut desk = Desk::new(vec![fire()]);
    let acknowledge = Command::Acknowledge { alarm: id("fire", "Bench") };
    assert!(desk.ask(acknowledge.clone()).unwrap_err().contains("normal"));
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    desk.ask(acknowledge.clone()).unwrap();
    assert_eq!(desk.ask(acknowledge), Ok(vec![]), "it is so already");
}

#[test]
fn all_are_acknowledged_one_by_one_but_those_that_are_shelved() {
    let chatter = rule("chatter", "Chatter", vec![source("Noisy", 40.0, true, Level::Notice)]);
    let mut desk = Desk::new(vec![fire(), chatter]);
    for device in ["Bench", "Stove"] {
        desk.edge(device, "fire", SMOKE, Turn::On, 30.0);
        desk.edge(device, "chatter", 0, Turn::On, 30.0);
    }
    desk.ask(shelve(5, "")).unwrap();
    assert_eq!(desk.ask(Command::AcknowledgeAll { device: Some(bench()) }), Ok(vec![What::Acknowledged]));
    assert_eq!(desk.ask(Command::AcknowledgeAll { device: None }), Ok(vec![What::Acknowledged; 2]));
    assert_eq!(desk.stands("fire", "Bench").unwrap().0, State::Unacknowledged);
    assert_eq!(desk.ask(Command::AcknowledgeAll { device: None }), Ok(vec![]));
}

#[test]
fn a_shelved_alarm_lives_on_and_comes_back_by_itself() {
    let mut desk = Desk::new(vec![fire()]);
    assert!(desk.ask(shelve(5, "")).is_err(), "it is normal");
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    assert!(desk.ask(shelve(0, "")).is_err() && desk.ask(shelve(10_081, "")).is_err());
    assert!(desk.ask(shelve(5, &"x".repeat(201))).is_err() && desk.ask(shelve(5, "a\nb")).is_err());
    assert_eq!(desk.ask(shelve(15, " welding ")), Ok(vec![What::Shelved]));
    assert_eq!(desk.told(), "Fire at Bench shelved for 15 min: welding");
    assert!(desk.fold.by_urgency().is_empty());
    assert_eq!(desk.edge("Bench", "fire", CRITICAL, Turn::On, 80.0), [What::Worse], "it is still watched");
    desk.pass(600);
    // Neither a restart nor a clock that is set changes how long it lasts.
    desk.restart();
    desk.now.wall -= SignedDuration::from_hours(3);
    assert_eq!(desk.pass(299), []);
    assert_eq!(desk.pass(1), [What::Unshelved]);
    assert_eq!(desk.fold.by_urgency().len(), 1);
    desk.ask(shelve(60, "")).unwrap();
    assert_eq!(desk.ask(Command::Unshelve { alarm: id("fire", "Bench") }), Ok(vec![What::Unshelved]));
    assert!(desk.ask(Command::Unshelve { alarm: id("fire", "Bench") }).is_err());
}

#[test]
fn a_mute_ends_by_its_time_and_by_a_new_danger() {
    let mut desk = Desk::new(vec![fire()]);
    assert!(desk.ask(Command::Mute { minutes: Some(0) }).is_err());
    assert!(desk.ask(Command::Mute { minutes: Some(1_441) }).is_err());
    assert_eq!(desk.ask(Command::Mute { minutes: None }), Ok(vec![]), "nothing is muted");
    desk.ask(Command::Mute { minutes: Some(10) }).unwrap();
    desk.now.wall += SignedDuration::from_hours(2);
    assert_eq!(desk.pass(599), [], "by time passed, not by the clock on the wall");
    assert_eq!(desk.pass(1), [What::Unmuted]);
    desk.ask(Command::Mute { minutes: Some(10) }).unwrap();
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0), [What::Raised], "a Warning does not end it");
    assert_eq!(desk.edge("Bench", "fire", CRITICAL, Turn::On, 90.0), [What::Worse, What::Unmuted]);
    assert_eq!(desk.fold.muted_until, None);
    desk.ask(shelve(60, "")).unwrap();
    desk.ask(Command::Mute { minutes: Some(10) }).unwrap();
    desk.edge("Bench", "fire", CRITICAL, Turn::Off, 20.0);
    desk.edge("Bench", "fire", SMOKE, Turn::Off, 2.0);
    desk.ask(Command::Acknowledge { alarm: id("fire", "Bench") }).unwrap();
    assert_eq!(desk.edge("Bench", "fire", CRITICAL, Turn::On, 90.0), [What::Raised], "it is shelved");
    assert_eq!(desk.ask(Command::Mute { minutes: None }), Ok(vec![What::Unmuted]));
}

#[test]
fn out_of_service_nothing_is_raised_and_back_in_service_what_is_on_is() {
    let mut desk = Desk::new(vec![fire()]);
    let out = |reason: &str| Command::TakeOutOfService { device: bench(), reason: reason.to_owned() };
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    assert!(desk.ask(out("  ")).is_err(), "a reason is asked for");
    let nobody = Command::TakeOutOfService { device: DeviceId::new("nobody"), reason: "Why".to_owned() };
    assert!(desk.ask(nobody).is_err());
    assert_eq!(desk.ask(out("Painting")), Ok(vec![What::OutOfService, What::Closed]));
    assert_eq!(desk.stands("fire", "Bench"), None);
    assert_eq!(desk.edge("Bench", "fire", CRITICAL, Turn::On, 90.0), []);
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::Off, 3.0), []);
    assert_eq!(desk.edge("Stove", "fire", SMOKE, Turn::On, 30.0), [What::Raised], "only that device");
    let back = Command::PutBackInService { device: bench() };
    assert_eq!(desk.ask(back.clone()), Ok(vec![What::InService, What::Raised]));
    assert_eq!(desk.stands("fire", "Bench"), Some((State::Unacknowledged, Level::Danger)));
    assert_eq!(desk.alarm("fire", "Bench").unwrap().reasons.len(), 1, "what went off meanwhile is no reason");
    assert!(desk.ask(back).is_err());
}

#[test]
fn a_test_is_marked_never_stays_and_goes_by_itself() {
    let mut desk = Desk::new(vec![fire()]);
    let test = |rule: &str| Command::Test { rule: RuleId::new(rule), device: bench(), level: Level::Danger };
    assert!(desk.ask(test("nothing")).is_err());
    desk.ask(Command::Mute { minutes: Some(10) }).unwrap();
    assert_eq!(desk.ask(test("fire")), Ok(vec![What::Tested]), "it does not end a mute");
    let tested = test_id(&RuleId::new("fire"), "Bench");
    let alarm = Arc::clone(&desk.fold.active[&tested]);
    assert!(alarm.test && !alarm.latched && desk.fold.last.is_none() && desk.n_raised() == 1);
    assert!(desk.journal.last().unwrap().test);
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0), [What::Raised], "beside the real one");
    assert_eq!(desk.fold.active.len(), 2);
    let shelve = Command::Shelve { alarm: tested.clone(), minutes: 5, reason: String::new() };
    assert!(desk.ask(shelve).is_err());
    desk.now.wall -= SignedDuration::from_hours(1);
    assert_eq!(desk.pass(59), []);
    assert_eq!(desk.pass(1), [What::Cleared]);
    desk.ask(test("fire")).unwrap();
    assert_eq!(desk.ask(Command::Acknowledge { alarm: tested }), Ok(vec![What::Acknowledged]));
    assert_eq!(desk.fold.active.len(), 1);
    for _ in 0..20 {
        desk.ask(test("fire")).unwrap();
    }
    assert_eq!(desk.fold.flood, None);
    desk.restart();
    assert_eq!(desk.fold.active.len(), 1, "a test ends with the program");
}

#[test]
fn a_changed_threshold_is_told_with_both_values() {
    let mut desk = Desk::new(vec![fire()]);
    let before = desk.book.program().revision;
    let mut changed = fire();
    changed.sources[0].threshold = 45.0;
    assert_eq!(desk.ask(Command::PutRule(Box::new(changed.clone()))), Ok(vec![What::RuleChanged]));
    assert_eq!(desk.told(), "Fire: Hot threshold 40 -> 45 C");
    assert_eq!(desk.book.program().revision, before + 1);
    assert_eq!(desk.ask(Command::PutRule(Box::new(changed.clone()))), Ok(vec![]), "nothing is different");
    assert_eq!(desk.book.program().revision, before + 1);
    changed.sources[0].name = "Warm".into();
    changed.min_sources = 1;
    changed.latch = Latch::Always;
    desk.ask(Command::PutRule(Box::new(changed.clone()))).unwrap();
    assert_eq!(desk.told(), "Fire: sources together 2 -> 1; stays until acknowledged: always; Hot renamed to Warm");
    changed.sources.remove(1);
    changed.sources.push(source("Draught", 1.0, false, Level::Notice));
    desk.ask(Command::PutRule(Box::new(changed))).unwrap();
    assert_eq!(desk.told(), "Fire: Draught added; Smoke removed");
}

#[test]
fn a_rule_that_is_wrong_is_refused() {
    let mut desk = Desk::new(vec![fire()]);
    let put = |rule: Rule| Command::PutRule(Box::new(rule));
    assert!(desk.ask(put(Rule { id: RuleId("Not a slug".into()), ..fire() })).is_err());
    assert!(desk.ask(put(Rule { sources: Vec::new(), ..fire() })).is_err());
    for n in 1..200 {
        desk.ask(put(Rule { id: RuleId::new(&format!("r{n}")), ..fire() })).unwrap();
    }
    let one_more = Rule { id: RuleId::new("one-more"), ..fire() };
    assert!(desk.ask(put(one_more)).unwrap_err().contains("200"));
    desk.ask(put(Rule { name: "Blaze".into(), ..fire() })).unwrap();
}

#[test]
fn alarms_of_a_rule_that_is_gone_or_switched_off_are_closed() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    let off = Rule { enabled: false, ..fire() };
    assert_eq!(desk.ask(Command::PutRule(Box::new(off))), Ok(vec![What::RuleChanged, What::Closed]));
    assert!(desk.book.program().rules.is_empty());
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0), []);
    desk.ask(Command::PutRule(Box::new(fire()))).unwrap();
    assert_eq!(desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0), [What::Raised]);
    let remove = Command::RemoveRule { rule: RuleId::new("fire") };
    assert_eq!(desk.ask(remove.clone()), Ok(vec![What::RuleRemoved, What::Closed]));
    assert!(desk.ask(remove).is_err());
    desk.ask(Command::RestoreRules).unwrap();
    assert!(desk.fold.rules.contains_key(&RuleId::new("fire")));
    assert_eq!(desk.ask(Command::RestoreRules), Ok(vec![]));
}

#[test]
fn a_source_that_moved_stands_as_it_did_and_one_that_is_gone_is_off() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", HOT, Turn::On, 45.0);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    let mut without_hot = fire();
    without_hot.sources.remove(0);
    desk.ask(Command::PutRule(Box::new(without_hot.clone()))).unwrap();
    let alarm = desk.alarm("fire", "Bench").unwrap();
    let on: Vec<_> = alarm.reasons.iter().map(|reason| (&*reason.name, reason.source, reason.on)).collect();
    assert_eq!(on, [("Smoke", 0, true), ("Hot", 0, false)]);
    let mut without_smoke = without_hot;
    without_smoke.sources.remove(0);
    let said = desk.ask(Command::PutRule(Box::new(without_smoke.clone()))).unwrap();
    assert_eq!(said, [What::RuleChanged, What::Over], "a latched one stays");
    // The critical heat is where the hot one was; it must not be taken for it.
    assert_eq!(desk.book.on(&bench(), "Bench"), []);
    let mut scoped = without_smoke;
    scoped.scope = Scope::Devices([DeviceId::new("stove")].into());
    desk.ask(Command::PutRule(Box::new(scoped))).unwrap();
    assert_eq!(desk.edge("Bench", "fire", 0, Turn::On, 90.0), [], "it does not hold there");
}

#[test]
fn the_alarms_of_a_forgotten_device_are_closed_and_its_shelves_dropped() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    desk.edge("Stove", "fire", SMOKE, Turn::On, 30.0);
    desk.ask(shelve(60, "")).unwrap();
    desk.ask(Command::Shelve { alarm: id("fire", "Stove"), minutes: 60, reason: String::new() }).unwrap();
    let fx = desk.book.on_forgotten(&bench(), Some("Bench"), desk.now);
    let entries = desk.take(fx);
    assert_eq!(entries.iter().map(|entry| entry.what).collect::<Vec<_>>(), [What::Closed, What::Unshelved]);
    assert_eq!(desk.fold.shelved.keys().collect::<Vec<_>>(), [&id("fire", "Stove")]);
    assert_eq!(desk.book.devices(), [DeviceId::new("stove")].into());
}

#[test]
fn what_actions_did_stays_with_the_alarm_and_can_be_asked_back() {
    let mut desk = Desk::new(vec![fire()]);
    desk.edge("Bench", "fire", SMOKE, Turn::On, 30.0);
    let set = |value: &str| {
        let (key, value) = ("k".to_owned(), value.to_owned());
        Deed::System(system::Command::Set { key, value })
    };
    let done = |what: &str, refused: Option<&str>, undone: bool| Command::Acted {
        alarm: id("fire", "Bench"),
        done: Box::new(Done {
            what: what.into(),
            at: Timestamp::UNIX_EPOCH,
            refused: refused.map(Into::into),
            undo: (refused.is_none() && !undone).then(|| set("1")),
            undone,
        }),
    };
    let undo = Command::UndoActions { alarm: id("fire", "Bench") };
    assert!(desk.ask(undo.clone()).unwrap_err().contains("nothing"));
    assert_eq!(desk.ask(done("b", Some("busy"), false)), Ok(vec![What::ActionRefused]));
    assert!(desk.ask(undo.clone()).is_err());
    assert_eq!(desk.ask(done("a", None, false)), Ok(vec![What::Acted]));
    assert_eq!(desk.alarm("fire", "Bench").unwrap().done[1].at, desk.now.wall, "the time is the service's");
    desk.ask(undo.clone()).unwrap();
    assert!(matches!(&desk.said[..], [Update::UndoAsked { alarm }] if alarm.done.len() == 2));
    assert_eq!(desk.ask(done("a", None, true)), Ok(vec![What::Undone]));
    assert_eq!(desk.alarm("fire", "Bench").unwrap().done.len(), 2, "in place of what it takes back");
    assert!(desk.ask(undo).is_err());
    for n in 0..40 {
        desk.ask(done(&n.to_string(), None, false)).unwrap();
    }
    assert_eq!(desk.alarm("fire", "Bench").unwrap().done.len(), 32);
    desk.edge("Bench", "fire", SMOKE, Turn::Off, 0.0);
    desk.ask(Command::Acknowledge { alarm: id("fire", "Bench") }).unwrap();
    assert_eq!(desk.ask(done("late", None, false)), Ok(vec![What::Acted]), "it is journaled all the same");
}

#[test]
fn what_is_learned_anew_is_journaled_and_told_to_its_device() {
    let mut desk = Desk::new(vec![fire()]);
    let origin = Origin::Api;
    let relearn = Command::Relearn { device: bench() };
    let fx = desk.book.command(relearn, &origin, &desk.sensors, desk.now).unwrap();
    assert_eq!(fx.relearn, [bench()]);
    assert_eq!(
        desk.take(fx).iter().map(|entry| (entry.what, &*entry.by)).collect::<Vec<_>>(),
        [(What::Relearned, "API")]
    );
    assert!(desk.ask(Command::Relearn { device: DeviceId::new("nobody") }).is_err());
}
