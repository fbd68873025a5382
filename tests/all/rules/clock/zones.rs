//! Summer time, zones and clocks that jump.

use std::sync::Arc;

use hearthlight::model::bridge::kept::{Kind, ObjectId};
use hearthlight::model::bridge::object::Object;
use hearthlight::model::bridge::plan::{Days, Here, TimePoint, When};
use hearthlight::model::bridge::{self, Identity};
use hearthlight::model::message::Update;
use hearthlight::units::local::instant;
use jiff::SignedDuration;
use jiff::civil::{date, time};
use jiff::tz::TimeZone;

use super::{BERLIN, House, id, schedule, wall};

fn own() -> ObjectId {
    id(Kind::Schedule, "1")
}

fn house(from: &str, when: When) -> House {
    let mut house = House::at(from);
    house.keep(&own(), Object::Schedule(schedule(when, from)));
    house
}

fn move_to(house: &mut House, zone: &str) {
    let identity = Identity { zone: zone.into(), ..house.view.bridge.identity.clone() };
    house.tell(Update::Bridge(bridge::Update::Identity(Arc::new(identity))));
}

#[test]
fn a_time_that_is_skipped_is_when_it_is_skipped_and_one_that_comes_twice_is_the_first() {
    let berlin = TimeZone::get(BERLIN).unwrap();
    let at = |shown| instant(shown, &berlin).unwrap();
    assert_eq!(at(date(2026, 3, 29).at(1, 59, 59, 0)), wall("2026-03-29T00:59:59Z"));
    assert_eq!(at(date(2026, 3, 29).at(2, 0, 0, 0)), wall("2026-03-29T01:00:00Z"));
    assert_eq!(at(date(2026, 3, 29).at(2, 30, 0, 0)), wall("2026-03-29T01:00:00Z"));
    assert_eq!(at(date(2026, 3, 29).at(3, 0, 0, 0)), wall("2026-03-29T01:00:00Z"));
    assert_eq!(at(date(2026, 10, 25).at(2, 30, 0, 0)), wall("2026-10-25T00:30:00Z"));
    assert_eq!(at(date(2026, 10, 25).at(3, 0, 0, 0)), wall("2026-10-25T02:00:00Z"));
}

#[test]
fn summer_time_begins() {
    let mut house = house("2026-03-27T12:00:00+01:00", When::Weekly(Days::ALL, time(2, 30, 0, 0)));
    house.until("2026-03-31T00:00:00Z");
    assert_eq!(house.times(), ["2026-03-28 02:30:00", "2026-03-29 03:00:00", "2026-03-30 02:30:00"]);
}

#[test]
fn summer_time_ends() {
    let mut house = house("2026-10-23T12:00:00+02:00", When::Weekly(Days::ALL, time(2, 30, 0, 0)));
    house.until("2026-10-27T00:00:00Z");
    assert_eq!(house.times().len(), 3);
    assert_eq!(house.log[2].0, wall("2026-10-25T00:30:00Z"), "the first of the two: {:?}", house.log);
}

#[test]
fn a_skipped_time_fires_once_for_a_schedule_for_once_too() {
    let mut house = house("2026-03-28T12:00:00+01:00", When::Once(date(2026, 3, 29).at(2, 30, 0, 0)));
    house.until("2026-03-31T00:00:00Z");
    assert_eq!(house.times(), ["2026-03-29 03:00:00"]);
}

#[test]
fn another_zone_moves_what_is_to_come_and_brings_nothing_back() {
    let mut house = house("2026-11-20T12:00:00+01:00", When::Weekly(Days::ALL, time(7, 0, 0, 0)));
    house.until("2026-11-21T12:02:00Z");
    assert_eq!(house.log[0].0, wall("2026-11-21T06:00:00Z"));
    let fired = house.times().len();
    // There it is two minutes past seven: that it was seven there is nobody's concern.
    move_to(&mut house, "America/New_York");
    assert_eq!(house.times().len(), fired);
    house.until("2026-11-22T13:00:00Z");
    let times: Vec<_> = house.log.iter().filter(|(_, c, _)| super::stories::is_light(c)).map(|(at, ..)| *at).collect();
    assert_eq!(times, [wall("2026-11-21T06:00:00Z"), wall("2026-11-22T12:00:00Z")]);
}

#[test]
fn a_clock_set_back_fires_nothing_again() {
    let mut house = house("2026-11-20T12:00:00+01:00", When::Weekly(Days::ALL, time(13, 0, 0, 0)));
    house.until("2026-11-20T13:05:00+01:00");
    house.jump(SignedDuration::from_hours(-1));
    house.tick();
    house.until("2026-11-20T14:00:00+01:00");
    assert_eq!(house.times(), ["2026-11-20 13:00:00"]);
    house.until("2026-11-21T14:00:00+01:00");
    assert_eq!(house.times().len(), 2);
}

#[test]
fn a_clock_that_was_years_ahead_does_not_silence_what_is_to_come() {
    let mut house = House::at("2030-01-01T12:00:00Z");
    house.keep(&own(), Object::Schedule(schedule(When::Weekly(Days::ALL, time(13, 0, 0, 0)), "2030-01-01T12:00:00Z")));
    house.until("2030-01-03T00:00:00Z");
    let before = house.times().len();
    house.jump(wall("2026-11-20T00:00:00Z").duration_since(house.now.wall));
    house.tick();
    house.until("2026-11-22T00:00:00Z");
    assert_eq!(house.times()[before..], ["2026-11-20 13:00:00", "2026-11-21 13:00:00"]);
}

#[test]
fn a_clock_set_forward_fires_what_it_passed_once() {
    let mut house = house("2026-11-20T12:55:00+01:00", When::Weekly(Days::ALL, time(13, 0, 0, 0)));
    house.jump(SignedDuration::from_mins(10));
    house.tick();
    assert_eq!(house.times(), ["2026-11-20 13:05:00"]);
    house.jump(SignedDuration::from_mins(-10));
    house.tick();
    house.until("2026-11-20T14:00:00+01:00");
    assert_eq!(house.times().len(), 1, "not again when it is set right");
}

#[test]
fn a_clock_set_forward_too_far_and_right_again_fires_when_it_is_time() {
    let mut house = house("2026-11-20T12:30:00+01:00", When::Weekly(Days::ALL, time(13, 0, 0, 0)));
    house.jump(SignedDuration::from_hours(2));
    house.tick();
    assert!(house.times().is_empty());
    house.jump(SignedDuration::from_hours(-2));
    house.tick();
    house.until("2026-11-20T14:00:00+01:00");
    assert_eq!(house.times(), ["2026-11-20 13:00:00"]);
}

#[test]
fn a_timer_takes_its_time_while_the_clock_is_set_back() {
    let timer = When::Timer { seconds: 600, repeat: Some(Some(3)) };
    let mut house = house("2026-11-20T12:00:00+01:00", timer);
    house.until("2026-11-20T12:12:00+01:00");
    house.jump(SignedDuration::from_hours(-5));
    house.tick();
    house.until("2026-11-20T07:35:00+01:00");
    assert_eq!(house.times(), ["2026-11-20 12:10:00", "2026-11-20 07:20:00", "2026-11-20 07:30:00"]);
    assert_eq!(house.kept(&own()), None);
}

#[test]
fn the_sun_is_that_of_the_place() {
    let berlin = Here::new(BERLIN, Some((52.52, 13.405)));
    let set = TimePoint::Sunset(-30).on(date(2026, 6, 21), &berlin).unwrap();
    assert!(set.duration_since(wall("2026-06-21T19:04:00Z")).as_secs().abs() <= 120);
    assert_eq!(TimePoint::Sunset(0).on(date(2026, 6, 21), &Here::new(BERLIN, None)), None);
    let tromso = Here::new("Europe/Oslo", Some((69.65, 18.96)));
    assert_eq!(TimePoint::Sunset(0).on(date(2026, 6, 21), &tromso), None, "it does not set");
    assert_eq!(tromso.is_day(wall("2026-06-21T23:00:00Z")), Some(true));
    assert_eq!(tromso.is_day(wall("2026-12-21T11:00:00Z")), Some(false));
    assert_eq!(berlin.is_day(wall("2026-06-21T19:00:00Z")), Some(true));
    assert_eq!(berlin.is_day(wall("2026-06-21T20:00:00Z")), Some(false));
    let reykjavik = Here::new("Atlantic/Reykjavik", Some((64.15, -21.94)));
    assert_eq!(reykjavik.is_day(wall("2026-06-22T00:01:00Z")), Some(true), "it sets after midnight");
}

#[test]
fn a_zone_that_nobody_knows_is_utc() {
    assert_eq!(Here::new("Nowhere/At_All", None).zone, TimeZone::UTC);
}
