//! Rules of apps: conditions of every kind, waiting, circles, things that are gone.

use std::sync::Arc;

use hearthlight::model::bridge;
use hearthlight::model::bridge::kept::{Kind, ObjectId};
use hearthlight::model::bridge::object::{Clip, Object};
use hearthlight::model::bridge::plan::{Act, Any, Condition, Days, LightField, Operator, Rule, Status, Subject};
use hearthlight::model::inputs::{InputId, Said};
use hearthlight::model::lights::group::GroupId;
use hearthlight::model::lights::{self, LightId};
use hearthlight::model::message::{Command, Origin, Update};
use jiff::SignedDuration;
use jiff::civil::time;

use super::{House, WORKDAYS, hall, hall_on, id, input, wall};

const FRIDAY: &str = "2026-11-20T12:00:00+01:00";

fn own() -> ObjectId {
    id(Kind::Rule, "1")
}

fn rule(conditions: Vec<(Subject, Operator)>, acts: Vec<Act>) -> Object {
    Object::Rule(Rule {
        name: "Motion on".into(),
        owner: None,
        status: Status::Enabled,
        recycle: false,
        created: wall(FRIDAY),
        triggered: None,
        times: 0,
        written_conditions: "[]".into(),
        written_actions: "[]".into(),
        conditions: conditions.into_iter().map(|(subject, operator)| Condition { subject, operator }).collect(),
        acts,
    })
}

pub(super) fn flag(on: bool) -> Object {
    Object::Clip(Clip {
        name: "Flag".into(),
        kind: "CLIPGenericFlag".into(),
        model: "".into(),
        maker: "".into(),
        version: "".into(),
        unique: "".into(),
        recycle: false,
        state: format!(r#"{{"flag":{on}}}"#).into(),
        config: r#"{"on":true}"#.into(),
        updated: None,
    })
}

pub(super) fn flag_of(house: &House, id: &ObjectId) -> String {
    let Some(Object::Clip(clip)) = house.kept(id) else { panic!("a flag") };
    clip.state.to_string()
}

fn motion() -> Subject {
    Subject::Input(InputId("eye".into()), "motion".into())
}

fn on() -> Vec<Act> {
    vec![Act::Lights(hall_on())]
}

/// A house with a motion sensor that sees nobody.
fn house(conditions: Vec<(Subject, Operator)>, acts: Vec<Act>) -> House {
    let mut house = House::at(FRIDAY);
    house.says("eye", Said::Motion(false));
    house.keep(&own(), rule(conditions, acts));
    house
}

fn wait(house: &mut House, s: i64) {
    house.until_wall(house.now.wall + SignedDuration::from_secs(s));
}

#[test]
fn it_triggers_when_what_it_names_changes_to_what_it_asks_for() {
    let mut house = house(vec![(motion(), Operator::Equal(1)), (motion(), Operator::Changed)], on());
    house.says("eye", Said::Motion(false));
    assert!(house.times().is_empty());
    house.says("eye", Said::Motion(true));
    house.says("eye", Said::Motion(true));
    assert_eq!(house.times().len(), 1, "saying it again is no change");
    assert_eq!(house.log[0].2, Origin::Rule("Motion on".into()));
    let Some(Object::Rule(kept)) = house.kept(&own()) else { panic!("a rule") };
    assert_eq!((kept.times, kept.triggered), (1, Some(wall(FRIDAY))));
}

#[test]
fn all_conditions_must_hold() {
    let light = Subject::Light(LightId("desk".into()), LightField::On);
    let mut house = house(vec![(motion(), Operator::Equal(1)), (light, Operator::Equal(0))], on());
    house.turn("desk", true);
    house.says("eye", Said::Motion(true));
    assert!(house.times().is_empty());
    house.turn("desk", false);
    assert_eq!(house.times().len(), 1, "the last that was missing");
}

#[test]
fn each_press_of_a_button_counts_also_when_several_come_at_once() {
    let button = Subject::Input(InputId("eye".into()), "button".into());
    let updated = Subject::Input(InputId("eye".into()), "updated".into());
    let mut house = house(vec![(button, Operator::Equal(1002)), (updated, Operator::Changed)], on());
    house.says("eye", Said::Button("on_press_release".into()));
    house.pass(SignedDuration::from_secs(1));
    house.says("eye", Said::Button("on_press_release".into()));
    assert_eq!(house.times().len(), 2);
    let said = |name: &str, house: &House| {
        let mut input = input("eye");
        input.said.insert("button".into(), (house.now.wall, Said::Button(name.into())));
        Update::Lights(lights::Update::Input(Arc::new(input)))
    };
    house.pass(SignedDuration::from_secs(1));
    let both = vec![said("on_press_release", &house), said("off_press", &house)];
    house.tell_all(both);
    assert_eq!(house.times().len(), 3);
}

#[test]
fn values_compare() {
    let level = Subject::Input(InputId("eye".into()), "light_level".into());
    let dark = Subject::Input(InputId("eye".into()), "dark".into());
    let mut house = house(vec![(level.clone(), Operator::Less(20_001)), (level, Operator::Greater(0))], on());
    house.keep(&id(Kind::Rule, "2"), rule(vec![(dark, Operator::Equal(1))], vec![Act::Lights(hall(false))]));
    house.says("eye", Said::LightLevel(100.0));
    assert!(house.times().is_empty(), "that is 20001");
    house.says("eye", Said::LightLevel(99.0));
    assert_eq!(house.done().len(), 1);
    house.says("eye", Said::LightLevel(10.0));
    assert_eq!(house.done().len(), 3, "and it is dark");
}

#[test]
fn what_must_have_changed_a_while_ago_waits_and_a_new_change_cancels_it() {
    let mut house = house(
        vec![(motion(), Operator::Equal(0)), (motion(), Operator::ChangedAgo(300))],
        vec![Act::Lights(hall(false))],
    );
    house.says("eye", Said::Motion(true));
    wait(&mut house, 60);
    house.says("eye", Said::Motion(false));
    wait(&mut house, 200);
    house.says("eye", Said::Motion(true));
    wait(&mut house, 1000);
    assert!(house.times().is_empty(), "cancelled");
    house.says("eye", Said::Motion(false));
    wait(&mut house, 299);
    assert!(house.times().is_empty());
    wait(&mut house, 2);
    assert_eq!(house.times().len(), 1);
    wait(&mut house, 5000);
    assert_eq!(house.times().len(), 1, "once");
}

#[test]
fn what_waits_goes_on_after_a_restart() {
    let mut house = house(
        vec![(motion(), Operator::Equal(0)), (motion(), Operator::ChangedAgo(300))],
        vec![Act::Lights(hall(false))],
    );
    house.says("eye", Said::Motion(true));
    wait(&mut house, 60);
    house.says("eye", Said::Motion(false));
    let mut house = house.restart(SignedDuration::from_secs(100));
    wait(&mut house, 199);
    assert!(house.times().is_empty());
    wait(&mut house, 2);
    assert_eq!(house.times().len(), 1);
    let house = house.restart(SignedDuration::from_secs(60));
    assert_eq!(house.times().len(), 1);
}

#[test]
fn stable_and_not_stable() {
    let stable = vec![(motion(), Operator::Equal(1)), (motion(), Operator::Stable(60))];
    let mut house = house(stable, on());
    let button = Subject::Input(InputId("eye".into()), "button".into());
    let fresh = vec![(button, Operator::Changed), (motion(), Operator::NotStable(90))];
    house.keep(&id(Kind::Rule, "2"), rule(fresh, vec![Act::Lights(hall(false))]));
    wait(&mut house, 600);
    house.says("eye", Said::Button("on_press".into()));
    assert!(house.times().is_empty(), "long ago");
    house.says("eye", Said::Motion(true));
    wait(&mut house, 59);
    assert!(house.times().is_empty());
    wait(&mut house, 2);
    assert_eq!(house.times().len(), 1);
    house.says("eye", Said::Button("on_press".into()));
    assert_eq!(house.times().len(), 2, "61 s are less than 90");
}

#[test]
fn the_clock_is_a_condition_and_its_coming_a_reason_to_look() {
    let night = Operator::Within(Days::ALL, time(22, 0, 0, 0), time(6, 30, 0, 0));
    let mut house = house(vec![(motion(), Operator::Equal(1)), (Subject::Clock, night)], on());
    house.says("eye", Said::Motion(true));
    assert!(house.times().is_empty());
    house.until("2026-11-21T04:00:00+01:00");
    assert_eq!(house.times(), ["2026-11-20 22:00:00"]);
    house.says("eye", Said::Motion(false));
    house.says("eye", Said::Motion(true));
    assert_eq!(house.times().len(), 2, "over midnight");
    house.until("2026-11-21T06:30:00+01:00");
    house.says("eye", Said::Motion(false));
    house.says("eye", Said::Motion(true));
    assert_eq!(house.times().len(), 2);
}

#[test]
fn a_time_over_midnight_belongs_to_the_day_it_began() {
    let night = Operator::Within(WORKDAYS, time(22, 0, 0, 0), time(6, 0, 0, 0));
    let mut house = house(vec![(motion(), Operator::Changed), (Subject::Clock, night)], on());
    let mut look = |at: &str| {
        house.until(at);
        let before = house.times().len();
        house.says("eye", Said::Motion(true));
        house.says("eye", Said::Motion(false));
        house.times().len() > before
    };
    assert!(look("2026-11-21T01:00:00+01:00"), "Friday's night");
    assert!(!look("2026-11-21T23:00:00+01:00"), "Saturday");
    assert!(!look("2026-11-23T01:00:00+01:00"), "Sunday's night");
    assert!(look("2026-11-23T23:00:00+01:00"));
}

#[test]
fn outside_a_time() {
    let day = Operator::Outside(Days::ALL, time(8, 0, 0, 0), time(20, 0, 0, 0));
    let mut house = house(vec![(motion(), Operator::Equal(1)), (Subject::Clock, day)], on());
    house.says("eye", Said::Motion(true));
    house.until("2026-11-20T23:00:00+01:00");
    assert_eq!(house.times(), ["2026-11-20 20:00:00"]);
}

#[test]
fn day_and_night_begin_with_the_sun() {
    let mut house = house(vec![(Subject::Daylight, Operator::Equal(0)), (Subject::Daylight, Operator::Changed)], on());
    house.until("2026-11-22T12:00:00+01:00");
    let times = house.times();
    assert_eq!(times.len(), 2, "{times:?}");
    assert!(times.iter().all(|at| ("16:04:00"..="16:08:00").contains(&&at[11..])), "{times:?}");
}

#[test]
fn lights_and_groups_are_looked_at() {
    let group = Some(GroupId("hall".into()));
    let all = Subject::Group(group, Any::All);
    let mut house = house(vec![(all, Operator::Equal(1))], on());
    house.keep(&id(Kind::Rule, "2"), rule(vec![(Subject::Group(None, Any::Any), Operator::Equal(0))], on()));
    house.turn("desk", true);
    assert!(house.times().is_empty());
    house.turn("shelf", true);
    assert_eq!(house.times().len(), 1);
    house.turn("shelf", false);
    assert_eq!(house.times().len(), 1);
    house.turn("desk", false);
    assert_eq!(house.times().len(), 2);
}

#[test]
fn acts_are_done_in_order_and_write_flags_that_other_rules_see() {
    let clip = id(Kind::Clip, "1");
    let mut house = House::at(FRIDAY);
    house.keep(&clip, flag(false));
    house.says("eye", Said::Motion(false));
    let acts = vec![Act::Write(clip.clone(), r#"{"flag":true}"#.into()), Act::Enable(own(), false)];
    house.keep(&own(), rule(vec![(motion(), Operator::Equal(1))], acts));
    let flagged = Subject::Clip(clip.clone(), "flag".into());
    house.keep(&id(Kind::Rule, "2"), rule(vec![(flagged, Operator::Equal(1))], on()));
    house.says("eye", Said::Motion(true));
    assert_eq!(flag_of(&house, &clip), r#"{"flag":true}"#);
    assert_eq!(house.times().len(), 1);
    let Some(Object::Rule(kept)) = house.kept(&own()) else { panic!("a rule") };
    assert_eq!(kept.status, Status::Disabled);
    house.says("eye", Said::Motion(false));
    house.says("eye", Said::Motion(true));
    assert_eq!(house.times().len(), 1, "it is off");
}

#[test]
fn a_rule_that_triggers_itself_is_stopped() {
    let clip = id(Kind::Clip, "1");
    let mut house = House::at(FRIDAY);
    house.keep(&clip, flag(false));
    let flagged = |n| (Subject::Clip(clip.clone(), "flag".into()), Operator::Equal(n));
    let write = |to: &str| vec![Act::Write(clip.clone(), format!(r#"{{"flag":{to}}}"#).into())];
    house.keep(&own(), rule(vec![flagged(0)], write("true")));
    house.keep(&id(Kind::Rule, "2"), rule(vec![flagged(1)], write("false")));
    house.keep(&clip, flag(true));
    let looped = |house: &House| {
        house
            .view
            .bridge
            .objects
            .values()
            .any(|object| matches!(&**object, Object::Rule(rule) if rule.status == Status::LoopsDetected))
    };
    assert!(looped(&house));
    let writes = |house: &House| {
        house.log.iter().filter(|(_, c, _)| matches!(c, Command::Bridge(bridge::Command::Write { .. }))).count()
    };
    assert!(writes(&house) <= 22, "{}", writes(&house));
}

#[test]
fn a_quick_finger_is_no_circle() {
    let mut house = house(vec![(motion(), Operator::Changed)], on());
    for _ in 0..40 {
        house.says("eye", Said::Motion(true));
        house.pass(SignedDuration::from_millis(300));
        house.says("eye", Said::Motion(false));
        house.pass(SignedDuration::from_millis(900));
    }
    assert_eq!(house.times().len(), 80);
}

#[test]
fn a_rule_whose_thing_is_gone_says_so_until_it_is_there_again() {
    let light = Subject::Light(LightId("desk".into()), LightField::On);
    let mut house = house(vec![(light, Operator::Equal(1))], on());
    let status = |house: &House| {
        let Some(Object::Rule(rule)) = house.kept(&own()) else { panic!("a rule") };
        rule.status
    };
    house.tell(Update::Lights(lights::Update::LightGone(LightId("shelf".into()))));
    assert_eq!(status(&house), Status::Enabled);
    house.tell(Update::Lights(lights::Update::LightGone(LightId("desk".into()))));
    assert_eq!(status(&house), Status::ResourceDeleted);
    house.turn("desk", false);
    assert_eq!(status(&house), Status::Enabled);
    house.turn("desk", true);
    assert_eq!(house.times().len(), 1);
    house.tell(Update::Lights(lights::Update::GroupGone(GroupId("hall".into()))));
    assert_eq!(status(&house), Status::ResourceDeleted, "what it does with it counts too");
}

#[test]
fn missed_facts_are_made_up_for() {
    let mut house = house(vec![(motion(), Operator::Equal(1))], on());
    let mut view = hearthlight::model::snapshot::Snapshot::clone(&house.view);
    let mut seen = input("eye");
    seen.said.insert("motion".into(), (house.now.wall, Said::Motion(true)));
    view.lights.inputs.insert(seen.id.clone(), Arc::new(seen));
    view.seq += 100;
    house.view = Arc::new(view);
    house.engine.reload(&house.view, house.now);
    house.tick();
    assert_eq!(house.times().len(), 1);
}
