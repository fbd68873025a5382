//! Schedules: every form, late, for the last time, over a restart.

use hearthlight::model::bridge::kept::{Kind, ObjectId};
use hearthlight::model::bridge::object::Object;
use hearthlight::model::bridge::plan::{Act, Days, Here, Schedule, When};
use hearthlight::model::bridge::points;
use hearthlight::model::message::{Command, Origin};
use jiff::SignedDuration;
use jiff::civil::{date, time};

use super::{BERLIN, House, WORKDAYS, hall, hall_on, id, recall, schedule, wall};

/// A Friday at noon.
const FRIDAY: &str = "2026-11-20T12:00:00+01:00";

fn own() -> ObjectId {
    id(Kind::Schedule, "1")
}

fn house(schedule: Schedule) -> House {
    let mut house = House::at(FRIDAY);
    house.keep(&own(), Object::Schedule(schedule));
    house
}

fn timer(seconds: u32, repeat: Option<Option<u32>>) -> Schedule {
    Schedule { started: Some(wall(FRIDAY)), ..schedule(When::Timer { seconds, repeat }, FRIDAY) }
}

#[test]
fn once_fires_once_and_goes() {
    let mut house = house(schedule(When::Once(date(2026, 12, 24).at(18, 0, 0, 0)), FRIDAY));
    house.until("2026-12-26T00:00:00Z");
    assert_eq!(house.times(), ["2026-12-24 18:00:00"]);
    assert_eq!(house.log[0].2, Origin::Schedule("Wake".into()));
    assert_eq!(house.kept(&own()), None);
}

#[test]
fn what_is_not_deleted_by_itself_is_off() {
    let when = When::Once(date(2026, 12, 24).at(18, 0, 0, 0));
    let mut house = house(Schedule { autodelete: false, ..schedule(when, FRIDAY) });
    house.until("2026-12-26T00:00:00Z");
    let Some(Object::Schedule(kept)) = house.kept(&own()) else { panic!("it stays") };
    assert!(!kept.enabled);
    assert_eq!(kept.fired, Some(wall("2026-12-24T17:00:00Z")));
}

#[test]
fn a_random_part_is_the_same_whenever_it_is_asked_for_and_within_its_bounds() {
    let when = When::Weekly(Days::ALL, time(6, 30, 0, 0));
    let random = Schedule { random_s: 600, ..schedule(when, FRIDAY) };
    let mut house = house(random.clone());
    let next = points::next(&own(), &Object::Schedule(random), wall(FRIDAY), &Here::new(BERLIN, None)).unwrap();
    house.until("2026-11-30T12:00:00+01:00");
    assert_eq!(house.log[0].0, next);
    let times = house.times();
    assert_eq!(times.len(), 10);
    assert!(times.iter().all(|at| ("06:30:00"..="06:40:00").contains(&&at[11..])), "{times:?}");
    assert!(times.iter().any(|at| at[11..] != times[0][11..]), "not at the same time each day: {times:?}");
}

#[test]
fn once_with_a_random_part_fires_once() {
    let when = When::Once(date(2026, 12, 24).at(18, 0, 0, 0));
    let mut house = house(Schedule { random_s: 1800, ..schedule(when, FRIDAY) });
    house.until("2026-12-24T18:30:00+01:00");
    assert_eq!(house.times().len(), 1);
    assert!(house.times()[0].as_str() >= "2026-12-24 18:00:00");
}

#[test]
fn weekly_fires_on_its_days() {
    let mut house = house(schedule(When::Weekly(WORKDAYS, time(6, 30, 0, 0)), FRIDAY));
    house.until("2026-11-28T12:00:00+01:00");
    let days = ["23", "24", "25", "26", "27"];
    assert_eq!(house.times(), days.map(|day| format!("2026-11-{day} 06:30:00")));
    // Sunday is the last bit.
    house.keep(&own(), Object::Schedule(schedule(When::Weekly(Days(1), time(6, 30, 0, 0)), FRIDAY)));
    house.until("2026-12-07T00:00:00Z");
    assert_eq!(house.times()[5..], ["2026-11-29 06:30:00", "2026-12-06 06:30:00"]);
}

#[test]
fn an_interval_turns_on_and_off_over_midnight_too() {
    let mut house = house(schedule(When::Interval(Days(4), time(18, 0, 0, 0), time(1, 0, 0, 0)), FRIDAY));
    house.until("2026-11-27T12:00:00+01:00");
    let expected = [("2026-11-20 18:00:00".to_owned(), hall_on()), ("2026-11-21 01:00:00".to_owned(), hall(false))];
    assert_eq!(house.done(), expected, "Friday's only, and its end on Saturday");
}

#[test]
fn an_interval_that_ends_as_the_next_begins_is_on() {
    let mut house = house(schedule(When::Interval(Days::ALL, time(18, 0, 0, 0), time(18, 0, 0, 0)), FRIDAY));
    house.until("2026-11-21T20:00:00+01:00");
    let commands: Vec<_> = house.done().into_iter().map(|(_, command)| command).collect();
    // Thursday's end comes too: it is not known to have never begun.
    assert_eq!(commands, [hall(false), hall_on(), hall(false), hall_on()]);
}

#[test]
fn the_end_of_an_interval_turns_a_recalled_scene_off_and_a_flag_back() {
    let flag = id(Kind::Clip, "1");
    let acts = vec![Act::Lights(recall("evening", None)), Act::Write(flag.clone(), r#"{"flag":true}"#.into())];
    let when = When::Interval(Days::ALL, time(18, 0, 0, 0), time(22, 0, 0, 0));
    let mut house = house(Schedule { acts, ..schedule(when, FRIDAY) });
    house.keep(&flag, super::rules::flag(false));
    house.until("2026-11-20T19:00:00+01:00");
    assert_eq!(super::rules::flag_of(&house, &flag), r#"{"flag":true}"#);
    house.until("2026-11-20T23:00:00+01:00");
    assert_eq!(house.done().last().unwrap().1, hall(false));
    assert_eq!(super::rules::flag_of(&house, &flag), r#"{"flag":false}"#);
}

#[test]
fn a_timer_fires_after_its_time() {
    let mut house = house(timer(600, None));
    house.until("2026-11-21T12:00:00+01:00");
    assert_eq!(house.times(), ["2026-11-20 12:10:00"]);
    assert_eq!(house.kept(&own()), None);
}

#[test]
fn a_timer_has_its_random_part_too() {
    let mut house = house(Schedule { random_s: 60, ..timer(600, None) });
    house.until("2026-11-20T12:11:00+01:00");
    assert_eq!(house.times().len(), 1);
    assert!(house.times()[0].as_str() >= "2026-11-20 12:10:00");
}

#[test]
fn a_recurring_timer_fires_so_often_or_for_ever() {
    let mut house = house(timer(3600, Some(Some(5))));
    house.until("2026-11-22T12:00:00+01:00");
    assert_eq!(house.times(), [13, 14, 15, 16, 17].map(|hour| format!("2026-11-20 {hour}:00:00")));
    assert_eq!(house.kept(&own()), None);
    house.keep(&own(), Object::Schedule(Schedule { started: Some(house.now.wall), ..timer(3600, Some(None)) }));
    house.until("2026-11-24T12:00:00+01:00");
    assert_eq!(house.times().len(), 5 + 48);
}

#[test]
fn a_timer_that_is_turned_on_again_begins_anew() {
    let mut house = house(Schedule { autodelete: false, ..timer(600, None) });
    house.until("2026-11-20T13:00:00+01:00");
    let on = hearthlight::model::bridge::amend::enabled(house.kept(&own()).unwrap(), true, house.now.wall);
    house.keep(&own(), on);
    house.until("2026-11-20T14:00:00+01:00");
    assert_eq!(house.times(), ["2026-11-20 12:10:00", "2026-11-20 13:10:00"]);
}

#[test]
fn what_is_off_does_not_fire_and_what_is_turned_on_does_not_catch_up() {
    let off = Schedule { enabled: false, ..schedule(When::Weekly(Days::ALL, time(13, 0, 0, 0)), FRIDAY) };
    let mut house = house(off.clone());
    house.until("2026-11-20T13:05:00+01:00");
    house.keep(&own(), Object::Schedule(Schedule { enabled: true, ..off }));
    house.until("2026-11-20T20:00:00+01:00");
    assert!(house.times().is_empty());
}

#[test]
fn a_change_of_its_name_changes_nothing_about_when() {
    let before = schedule(When::Weekly(Days::ALL, time(13, 0, 0, 0)), FRIDAY);
    let mut house = house(before.clone());
    house.pass(SignedDuration::from_mins(61));
    // Nobody ticked since; the change comes first.
    house.keep(&own(), Object::Schedule(Schedule { name: "Lunch".into(), ..before }));
    house.until("2026-11-20T20:00:00+01:00");
    assert_eq!(house.times(), ["2026-11-20 13:01:00"]);
}

#[test]
fn a_process_that_was_stopped_over_the_time_fires_late_and_once() {
    let mut house = house(schedule(When::Weekly(Days::ALL, time(13, 0, 0, 0)), FRIDAY));
    house.until("2026-11-20T12:59:59.5+01:00");
    house.pass(SignedDuration::from_millis(1500));
    house.tick();
    house.tick();
    house.until("2026-11-20T14:00:00+01:00");
    assert_eq!(house.times(), ["2026-11-20 13:00:01"]);
}

#[test]
fn what_is_too_late_is_left_out_and_what_is_for_once_is_over() {
    let weekly = schedule(When::Weekly(Days::ALL, time(13, 0, 0, 0)), FRIDAY);
    let mut house = house(schedule(When::Once(date(2026, 11, 20).at(13, 0, 0, 0)), FRIDAY));
    let other = id(Kind::Schedule, "2");
    house.keep(&other, Object::Schedule(weekly));
    house.pass(SignedDuration::from_mins(71));
    house.tick();
    assert!(house.times().is_empty());
    assert_eq!(house.kept(&own()), None);
    house.until("2026-11-21T14:00:00+01:00");
    assert_eq!(house.times(), ["2026-11-21 13:00:00"]);
}

#[test]
fn of_many_that_were_missed_the_newest_fires() {
    let mut house = house(timer(60, Some(None)));
    house.pass(SignedDuration::from_secs(3 * 86_400 + 30));
    house.tick();
    assert_eq!(house.times(), ["2026-11-23 12:00:30"]);
    house.until("2026-11-23T12:02:30+01:00");
    assert_eq!(house.times().len(), 3);
}

#[test]
fn the_last_time_of_a_counted_timer_that_was_missed_ends_it() {
    let mut house = house(timer(60, Some(Some(5))));
    house.pass(SignedDuration::from_hours(3));
    house.tick();
    assert!(house.times().is_empty());
    assert_eq!(house.kept(&own()), None);
}

#[test]
fn a_restart_over_the_time_fires_it_once() {
    let mut house = house(schedule(When::Weekly(Days::ALL, time(13, 0, 0, 0)), FRIDAY));
    house.until("2026-11-20T12:58:00+01:00");
    let house = house.restart(SignedDuration::from_mins(5));
    assert_eq!(house.times(), ["2026-11-20 13:03:00"]);
    let house = house.restart(SignedDuration::from_mins(5));
    assert_eq!(house.times().len(), 1, "it is known that it fired");
}

#[test]
fn counted_timers_count_on_over_a_restart() {
    let mut house = house(timer(60, Some(Some(3))));
    house.until("2026-11-20T12:02:30+01:00");
    let mut house = house.restart(SignedDuration::from_secs(1));
    house.until("2026-11-20T13:00:00+01:00");
    assert_eq!(house.times(), ["2026-11-20 12:01:00", "2026-11-20 12:02:00", "2026-11-20 12:03:00"]);
}

#[test]
fn what_is_removed_does_not_fire() {
    let mut house = house(timer(600, None));
    house.tell(hearthlight::model::message::Update::Bridge(hearthlight::model::bridge::Update::ObjectGone(own())));
    house.until("2026-11-20T14:00:00+01:00");
    assert!(house.log.iter().all(|(_, command, _)| !matches!(command, Command::Lights(_))));
}
