//! Smart scenes: which slot holds, and when its scene is recalled.

use std::sync::Arc;

use hearthlight::model::bridge::kept::{Kind, ObjectId};
use hearthlight::model::bridge::object::Object;
use hearthlight::model::bridge::plan::{Days, Here, SmartScene, TimePoint, Week, current};
use hearthlight::model::lights::group::GroupId;
use hearthlight::model::lights::scene::SceneId;
use hearthlight::model::message::Origin;
use hearthlight::model::snapshot::Snapshot;
use hearthlight::rules::clock::engine::Engine;
use jiff::SignedDuration;
use jiff::civil::time;

use super::{BERLIN, House, WORKDAYS, id, recall, wall};

fn own() -> ObjectId {
    id(Kind::SmartScene, "1")
}

fn slot(at: TimePoint, scene: &str) -> (TimePoint, SceneId) {
    (at, SceneId(scene.into()))
}

fn natural(active: bool) -> SmartScene {
    let from = |hour| time(hour, 0, 0, 0).into();
    SmartScene {
        name: "Natural".into(),
        group: GroupId("hall".into()),
        weeks: vec![
            Week {
                days: WORKDAYS,
                slots: vec![slot(from(7), "morning"), slot(TimePoint::Sunset(0), "evening"), slot(from(22), "night")],
            },
            Week { days: Days(3), slots: vec![slot(from(10), "day")] },
        ],
        transition_ms: 60_000,
        active,
    }
}

#[test]
fn the_slot_that_began_last_holds() {
    let here = Here::new(BERLIN, Some((52.52, 13.405)));
    let at = |time: &str| current(&natural(true), wall(time), &here);
    assert_eq!(at("2026-11-20T06:59:59+01:00"), Some((0, 2)), "since Thursday evening");
    assert_eq!(at("2026-11-20T07:00:00+01:00"), Some((0, 0)));
    assert_eq!(at("2026-11-20T16:10:00+01:00"), Some((0, 1)));
    assert_eq!(at("2026-11-20T23:00:00+01:00"), Some((0, 2)));
    assert_eq!(at("2026-11-21T09:00:00+01:00"), Some((0, 2)), "Friday's night");
    assert_eq!(at("2026-11-21T10:00:00+01:00"), Some((1, 0)));
    assert_eq!(at("2026-11-23T06:00:00+01:00"), Some((1, 0)), "Sunday's day goes on");
    let nowhere = Here::new(BERLIN, None);
    assert_eq!(current(&natural(true), wall("2026-11-20T18:00:00+01:00"), &nowhere), Some((0, 0)), "no sun, no sunset");
    let empty = SmartScene { weeks: Vec::new(), ..natural(true) };
    assert_eq!(current(&empty, wall("2026-11-20T18:00:00+01:00"), &here), None);
}

#[test]
fn its_scenes_are_recalled_when_it_is_activated_and_when_slots_begin() {
    let mut house = House::at("2026-11-20T12:00:00+01:00");
    house.keep(&own(), Object::SmartScene(natural(false)));
    assert!(house.done().is_empty());
    house.keep(&own(), Object::SmartScene(natural(true)));
    assert_eq!(house.log[0].2, Origin::Schedule("Natural".into()));
    house.until("2026-11-21T12:00:00+01:00");
    let scenes: Vec<_> = house.done().into_iter().map(|(_, command)| command).collect();
    assert_eq!(scenes, ["morning", "evening", "night", "day"].map(|scene| recall(scene, Some(60_000))));
    assert_eq!(house.times()[2..], ["2026-11-20 22:00:00", "2026-11-21 10:00:00"]);
    house.until("2026-11-22T12:00:00+01:00");
    assert_eq!(house.times()[4..], ["2026-11-22 10:00:00"], "the same scene, but a new slot");
    house.keep(&own(), Object::SmartScene(natural(false)));
    house.until("2026-11-25T12:00:00+01:00");
    assert_eq!(house.times().len(), 5);
}

#[test]
fn a_change_shows_only_if_another_scene_holds() {
    let mut house = House::at("2026-11-20T12:00:00+01:00");
    house.keep(&own(), Object::SmartScene(natural(true)));
    house.keep(&own(), Object::SmartScene(SmartScene { name: "Light of day".into(), ..natural(true) }));
    assert_eq!(house.times().len(), 1);
    let weeks = vec![Week { days: Days::ALL, slots: vec![slot(time(8, 0, 0, 0).into(), "day")] }];
    house.keep(&own(), Object::SmartScene(SmartScene { weeks, ..natural(true) }));
    assert_eq!(house.done()[1].1, recall("day", Some(60_000)));
}

#[test]
fn who_slept_for_hours_wakes_in_the_slot_that_holds() {
    let mut house = House::at("2026-11-20T12:00:00+01:00");
    house.keep(&own(), Object::SmartScene(natural(true)));
    house.pass(SignedDuration::from_hours(11));
    house.tick();
    assert_eq!(house.done()[1..], [("2026-11-20 23:00:00".to_owned(), recall("night", Some(60_000)))]);
    house.until("2026-11-21T09:00:00+01:00");
    assert_eq!(house.times().len(), 2);
}

#[test]
fn what_was_active_before_the_program_began_is_not_activated_by_its_first_facts() {
    let house = House::with("2026-11-20T12:00:00+01:00", vec![(own(), Object::SmartScene(natural(true)))]);
    let mut engine = Engine::new(&Arc::default(), house.now);
    engine.on_facts(&house.view, &[], house.now);
    assert_eq!(engine.take(), []);
    assert!(engine.wake_at().is_some());
}

#[test]
fn a_restart_recalls_only_what_began_meanwhile() {
    let mut house = House::at("2026-11-20T12:00:00+01:00");
    house.keep(&own(), Object::SmartScene(natural(true)));
    let house = house.restart(SignedDuration::from_hours(1));
    assert_eq!(house.times().len(), 1);
    let mut view = Snapshot::clone(&house.view);
    let morning = view.lights.scenes.get_mut(&SceneId("morning".into())).unwrap();
    Arc::make_mut(morning).active = true;
    let mut later = house.now;
    later.wall += SignedDuration::from_hours(10);
    let house = House::of(view, later);
    assert_eq!(house.done(), [("2026-11-20 23:00:00".to_owned(), recall("night", Some(60_000)))]);
}
