//! Behaviours that people set off: motion, switches, coming home.

use hearthlight::model::bridge::job::{Doing, Job, Place, Press};
use hearthlight::model::bridge::kept::{Kind, ObjectId};
use hearthlight::model::bridge::object::{Behavior, Client, Object};
use hearthlight::model::inputs::{InputId, Said};
use hearthlight::model::lights::group::GroupId;
use hearthlight::model::lights::scene::SceneId;
use hearthlight::model::lights::{Aim, Command};
use jiff::SignedDuration;
use jiff::civil::time;

use super::{House, behavior, hall, hall_on, id, recall};

const NOON: &str = "2026-11-20T12:00:00+01:00";

fn own() -> ObjectId {
    id(Kind::Behavior, "1")
}

fn place() -> Place {
    Some(GroupId("hall".into()))
}

fn scene(name: &str) -> Doing {
    Doing::Recall(SceneId(name.into()))
}

fn house(job: Job) -> House {
    let mut house = House::at(NOON);
    house.keep(&own(), Object::Behavior(behavior(job)));
    house
}

fn motion() -> Job {
    let doings = |name: &str| vec![(place(), scene(name))];
    let from = |hour| time(hour, 0, 0, 0).into();
    Job::Motion {
        input: InputId("eye".into()),
        by_day: vec![(from(7), doings("day")), (from(22), doings("night"))],
        off_after_s: 120,
        brighter_than: Some(50.0),
    }
}

fn wait(house: &mut House, s: i64) {
    house.until_wall(house.now.wall + SignedDuration::from_secs(s));
}

fn commands(house: &House) -> Vec<Command> {
    house.done().into_iter().map(|(_, command)| command).collect()
}

#[test]
fn motion_turns_on_by_the_time_of_day_and_off_after_a_while() {
    let mut house = house(motion());
    house.says("eye", Said::Motion(true));
    assert_eq!(commands(&house), [recall("day", None)]);
    wait(&mut house, 500);
    house.says("eye", Said::Motion(false));
    wait(&mut house, 119);
    assert_eq!(house.times().len(), 1);
    wait(&mut house, 2);
    assert_eq!(commands(&house)[1..], [hall(false)]);
    house.until("2026-11-21T03:00:00+01:00");
    house.says("eye", Said::Motion(true));
    assert_eq!(commands(&house)[2..], [recall("night", None)], "since yesterday evening");
}

#[test]
fn motion_again_keeps_it_on_and_touches_nothing() {
    let mut house = house(motion());
    house.says("eye", Said::Motion(true));
    for _ in 0..5 {
        house.says("eye", Said::Motion(false));
        wait(&mut house, 100);
        house.says("eye", Said::Motion(true));
        wait(&mut house, 100);
    }
    assert_eq!(house.times().len(), 1);
    house.says("eye", Said::Motion(false));
    wait(&mut house, 500);
    assert_eq!(commands(&house)[1..], [hall(false)]);
}

#[test]
fn nothing_happens_where_it_is_bright() {
    let mut house = house(motion());
    house.says("eye", Said::LightLevel(51.0));
    house.says("eye", Said::Motion(true));
    house.says("eye", Said::Motion(false));
    wait(&mut house, 500);
    assert!(house.times().is_empty());
    house.says("eye", Said::LightLevel(49.0));
    house.says("eye", Said::Motion(true));
    house.says("eye", Said::LightLevel(300.0));
    house.says("eye", Said::Motion(false));
    wait(&mut house, 500);
    assert_eq!(house.times().len(), 2, "its own light does not keep it from going off");
}

#[test]
fn somebody_who_was_there_before_a_restart_still_counts() {
    let mut house = house(motion());
    house.says("eye", Said::Motion(true));
    house.says("eye", Said::Motion(false));
    let mut house = house.restart(SignedDuration::from_secs(60));
    wait(&mut house, 59);
    assert_eq!(house.times().len(), 1);
    wait(&mut house, 2);
    assert_eq!(commands(&house)[1..], [hall(false)]);
}

#[test]
fn a_behaviour_that_is_off_forgets() {
    let mut house = house(motion());
    house.says("eye", Said::Motion(true));
    house.says("eye", Said::Motion(false));
    house.keep(&own(), Object::Behavior(Behavior { enabled: false, ..behavior(motion()) }));
    wait(&mut house, 500);
    assert_eq!(house.times().len(), 1);
    assert_eq!(house.engine.wake_at(), None);
}

fn switch(presses: Vec<Press>) -> House {
    house(Job::Switch { input: InputId("dimmer".into()), buttons: vec![(1, presses)] })
}

fn press(house: &mut House, name: &str) {
    house.pass(SignedDuration::from_millis(400));
    house.says("dimmer", Said::Button(name.into()));
}

#[test]
fn a_button_shows_scenes_in_turn() {
    let mut house = switch(vec![Press::Short(vec![place()], vec![scene("day"), scene("evening"), Doing::Off])]);
    for _ in 0..4 {
        press(&mut house, "on_press");
        press(&mut house, "on_press_release");
    }
    let expected = [recall("day", None), recall("evening", None), hall(false), recall("day", None)];
    assert_eq!(commands(&house), expected);
    press(&mut house, "off_press_release");
    assert_eq!(house.times().len(), 4, "another button");
}

#[test]
fn a_button_without_scenes_turns_on_and_off() {
    let mut house = switch(vec![Press::Short(vec![place()], Vec::new())]);
    press(&mut house, "on_press_release");
    house.turn("shelf", true);
    press(&mut house, "on_press_release");
    assert_eq!(commands(&house), [hall_on(), hall(false)]);
}

#[test]
fn holding_dims_until_it_is_let_go() {
    let mut house = switch(vec![Press::Hold(vec![place()], 0.1)]);
    press(&mut house, "on_press");
    press(&mut house, "on_hold");
    wait(&mut house, 3);
    press(&mut house, "on_hold_release");
    wait(&mut house, 30);
    let step = Command::Step { aims: vec![Aim::Group(GroupId("hall".into()))], by: 0.1 };
    assert_eq!(commands(&house), [step.clone(), step.clone(), step.clone(), step]);
    press(&mut house, "on_hold");
    wait(&mut house, 600);
    assert!(house.times().len() <= 16, "nobody holds it for ever: {:?}", house.times());
}

#[test]
fn holding_may_do_something_once() {
    let mut house = switch(vec![Press::Long(vec![place(), None], scene("night"))]);
    for name in ["on_press", "on_hold", "on_hold", "on_hold", "on_hold_release"] {
        press(&mut house, name);
    }
    assert_eq!(commands(&house), [recall("night", None)]);
    press(&mut house, "on_hold");
    assert_eq!(house.times().len(), 2);
}

#[test]
fn the_first_comes_home_and_the_last_leaves() {
    let client = |at_home| Object::Client(Client { name: "phone".into(), at_home });
    let mut house = house(Job::Presence { coming: true, doings: vec![(place(), Doing::On)] });
    let leaving = Job::Presence { coming: false, doings: vec![(None, Doing::Off)] };
    house.keep(&id(Kind::Behavior, "2"), Object::Behavior(behavior(leaving)));
    let (a, b) = (id(Kind::Client, "a"), id(Kind::Client, "b"));
    house.keep(&a, client(None));
    house.keep(&b, client(Some(false)));
    assert!(house.times().is_empty());
    house.keep(&a, client(Some(true)));
    house.keep(&b, client(Some(true)));
    assert_eq!(commands(&house), [hall_on()]);
    house.keep(&a, client(Some(false)));
    assert_eq!(house.times().len(), 1);
    house.keep(&b, client(Some(false)));
    let Command::Set { aims, change } = &commands(&house)[1] else { panic!("off") };
    assert_eq!((aims.as_slice(), change.on), ([Aim::All].as_slice(), Some(false)));
}
