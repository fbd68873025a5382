//! Behaviours by the clock: waking up, going to sleep, schedules, timers.

use hearthlight::model::bridge::job::{Daily, Doing, End, Job, Place};
use hearthlight::model::bridge::kept::{Kind, ObjectId};
use hearthlight::model::bridge::object::{Behavior, Object};
use hearthlight::model::bridge::plan::{Days, TimePoint};
use hearthlight::model::lights::Command;
use hearthlight::model::lights::group::GroupId;
use hearthlight::model::lights::scene::SceneId;
use hearthlight::model::message::Origin;
use jiff::SignedDuration;
use jiff::civil::time;

use super::{House, WORKDAYS, behavior, hall, id, recall};

const FRIDAY: &str = "2026-11-20T12:00:00+01:00";

fn own() -> ObjectId {
    id(Kind::Behavior, "1")
}

fn hall_place() -> Place {
    Some(GroupId("hall".into()))
}

fn at(hour: i8, minute: i8, days: Days) -> Daily {
    Daily { at: time(hour, minute, 0, 0).into(), days }
}

fn house(behavior: Behavior) -> House {
    let mut house = House::at(FRIDAY);
    house.keep(&own(), Object::Behavior(behavior));
    house
}

fn wake_up(days: Days) -> Job {
    Job::WakeUp {
        places: vec![hall_place()],
        when: at(7, 0, days),
        fade_s: 1800,
        brightness: 0.8,
        off_after_s: Some(3600),
    }
}

fn enabled(house: &House) -> bool {
    matches!(house.kept(&own()), Some(Object::Behavior(behavior)) if behavior.enabled)
}

/// When, whether on, how bright, over how many ms.
type Row = (String, Option<bool>, Option<f32>, Option<u32>);

fn sets(house: &House) -> Vec<Row> {
    let sets = house.done().into_iter().filter_map(|(at, command)| match command {
        Command::Set { change, .. } => Some((at, change.on, change.brightness, change.transition_ms)),
        _ => None,
    });
    sets.collect()
}

#[test]
fn waking_up_begins_dark_and_is_bright_in_time_and_off_later() {
    let mut house = house(behavior(wake_up(WORKDAYS)));
    house.until("2026-11-23T12:00:00+01:00");
    let expected = [
        ("2026-11-23 06:30:00".to_owned(), Some(true), Some(0.01), Some(0)),
        ("2026-11-23 06:30:01".to_owned(), Some(true), Some(0.8), Some(1_799_000)),
        ("2026-11-23 08:00:00".to_owned(), Some(false), None, Some(5000)),
    ];
    assert_eq!(sets(&house), expected);
    assert_eq!(house.log[0].2, Origin::Schedule("Morning".into()));
    house.until("2026-11-24T12:00:00+01:00");
    assert_eq!(sets(&house).len(), 6);
    assert!(enabled(&house));
}

#[test]
fn waking_up_once_is_over_afterwards() {
    let mut house = house(behavior(wake_up(Days(0))));
    house.until("2026-11-21T07:59:00+01:00");
    assert!(enabled(&house), "it still has to turn it off");
    house.until("2026-11-30T12:00:00+01:00");
    assert_eq!(sets(&house).len(), 3);
    assert!(!enabled(&house));
}

#[test]
fn what_wakes_late_is_still_bright_in_time() {
    let mut house = house(behavior(wake_up(WORKDAYS)));
    house.until("2026-11-23T06:00:00+01:00");
    house.pass(SignedDuration::from_mins(35));
    house.tick();
    let expected = [
        ("2026-11-23 06:35:00".to_owned(), Some(true), Some(0.01), Some(0)),
        ("2026-11-23 06:35:00".to_owned(), Some(true), Some(0.8), Some(1_500_000)),
    ];
    assert_eq!(sets(&house), expected);
}

#[test]
fn one_that_is_made_after_it_would_have_begun_does_not_turn_anything_off() {
    let mut house = House::at("2026-11-23T06:40:00+01:00");
    house.keep(&own(), Object::Behavior(behavior(wake_up(WORKDAYS))));
    house.until("2026-11-24T06:00:00+01:00");
    assert!(sets(&house).is_empty());
}

#[test]
fn a_restart_while_it_gets_bright_changes_nothing() {
    let mut house = house(behavior(wake_up(WORKDAYS)));
    house.until("2026-11-23T06:35:00+01:00");
    let mut house = house.restart(SignedDuration::from_secs(20));
    house.until("2026-11-23T12:00:00+01:00");
    assert_eq!(sets(&house).len(), 3);
    assert_eq!(house.times()[2], "2026-11-23 08:00:00");
}

#[test]
fn going_to_sleep_dims_what_is_on_and_turns_it_off() {
    let places = vec![hall_place()];
    let job = Job::Sleep { places, when: Some(at(22, 0, Days::ALL)), fade_s: 900, end: End::Off };
    let mut house = house(behavior(job));
    house.until("2026-11-21T12:00:00+01:00");
    let expected = [
        ("2026-11-20 22:00:00".to_owned(), None, Some(0.01), Some(900_000)),
        ("2026-11-20 22:15:00".to_owned(), Some(false), None, None),
    ];
    assert_eq!(sets(&house), expected);
}

#[test]
fn sleep_is_started_by_hand_and_may_leave_a_nightlight() {
    let job = |end| Job::Sleep { places: vec![None], when: None, fade_s: 900, end };
    let mut house = house(behavior(job(End::Nightlight)));
    house.until("2026-11-20T13:00:00+01:00");
    assert!(sets(&house).is_empty());
    let started = Some(house.now.wall);
    house.keep(&own(), Object::Behavior(Behavior { started, ..behavior(job(End::Nightlight)) }));
    house.until("2026-11-20T14:00:00+01:00");
    assert_eq!(sets(&house), [("2026-11-20 13:00:00".to_owned(), None, Some(0.01), Some(900_000))]);
    let started = Some(house.now.wall);
    house.keep(&own(), Object::Behavior(Behavior { started, ..behavior(job(End::Off)) }));
    house.until("2026-11-20T15:00:00+01:00");
    assert_eq!(house.times()[1..], ["2026-11-20 14:00:00", "2026-11-20 14:15:00"]);
    let Some(Object::Behavior(kept)) = house.kept(&own()) else { panic!("it stays") };
    assert!(kept.enabled && kept.started.is_none());
}

fn evening(days: Days, until: Option<TimePoint>, random_s: u32) -> Job {
    Job::Schedule {
        doings: vec![(hall_place(), Doing::Recall(SceneId("evening".into())))],
        from: Daily { at: TimePoint::Sunset(-30), days },
        until,
        transition_s: 300,
        random_s,
    }
}

#[test]
fn a_schedule_follows_the_sun_and_ends() {
    let mut house = house(behavior(evening(Days::ALL, Some(time(1, 0, 0, 0).into()), 0)));
    house.until("2026-11-21T12:00:00+01:00");
    let done = house.done();
    // The sun sets at 16:07.
    assert!(("2026-11-20 15:35:00"..="2026-11-20 15:39:00").contains(&done[0].0.as_str()), "{done:?}");
    assert_eq!(done[0].1, recall("evening", Some(300_000)));
    assert_eq!(done[1].0, "2026-11-21 01:00:00");
    assert_eq!(sets(&house)[0].1, Some(false));
    house.until("2026-11-22T12:00:00+01:00");
    assert!(house.done()[2].0 < format!("2026-11-21 {}", &done[0].0[11..]), "the days get shorter");
}

#[test]
fn its_random_part_goes_both_ways() {
    let mut house = house(behavior(evening(Days::ALL, None, 600)));
    let mut plain = House::at(FRIDAY);
    plain.keep(&own(), Object::Behavior(behavior(evening(Days::ALL, None, 0))));
    house.until("2026-12-20T12:00:00+01:00");
    plain.until("2026-12-20T12:00:00+01:00");
    let off: Vec<i64> = house.log.iter().zip(&plain.log).map(|(a, b)| a.0.duration_since(b.0).as_secs()).collect();
    assert_eq!(off.len(), 30);
    assert!(off.iter().all(|off| off.abs() <= 600), "{off:?}");
    assert!(off.iter().any(|off| *off < -60) && off.iter().any(|off| *off > 60), "{off:?}");
}

#[test]
fn a_timer_runs_from_when_it_was_started_and_is_off_then() {
    let job = Job::Timer { doings: vec![(hall_place(), Doing::Off)], seconds: 600 };
    let mut house = house(behavior(job.clone()));
    house.until("2026-11-20T13:00:00+01:00");
    assert!(house.times().is_empty(), "nobody started it");
    let started = Some(house.now.wall);
    house.keep(&own(), Object::Behavior(Behavior { started, ..behavior(job) }));
    house.until("2026-11-20T13:05:00+01:00");
    let mut house = house.restart(SignedDuration::from_mins(6));
    house.until("2026-11-20T15:00:00+01:00");
    assert_eq!(house.done(), [("2026-11-20 13:11:00".to_owned(), hall(false))], "late, as it was away");
    assert!(!enabled(&house));
}

#[test]
fn what_is_disabled_stops() {
    let mut house = house(behavior(wake_up(WORKDAYS)));
    house.until("2026-11-23T06:35:00+01:00");
    house.keep(&own(), Object::Behavior(Behavior { enabled: false, ..behavior(wake_up(WORKDAYS)) }));
    house.until("2026-11-24T12:00:00+01:00");
    assert_eq!(sets(&house).len(), 2);
}
