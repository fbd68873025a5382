//! Rooms, and scenes that stand still, move, and follow the day.

use std::collections::{BTreeMap, BTreeSet};

use hearthlight::engine::services::lights::motion::part_at;
use hearthlight::model::lights::group::{GroupId, GroupKind};
use hearthlight::model::lights::layers::Kind;
use hearthlight::model::lights::scene::{Content, Palette, SceneId, Slot};
use hearthlight::model::lights::state::Change;
use hearthlight::model::lights::{Aim, Command};
use jiff::Timestamp;

use super::{Home, aim, blue, bulb, colored, id, on, red};

fn put(name: &str, group: Option<GroupId>, content: Option<Content>) -> Command {
    Command::PutScene { scene: None, name: name.to_owned(), group, transition_ms: 0, content }
}

fn recall(home: &mut Home, scene: &str) {
    home.command(Command::Recall { scene: scene_id(scene), transition_ms: None }).unwrap();
}

fn scene_id(scene: &str) -> SceneId {
    SceneId(scene.into())
}

fn active(home: &Home) -> Vec<String> {
    home.mirror.scenes.values().filter(|scene| scene.active).map(|scene| scene.id.0.to_string()).collect()
}

fn moving(speed: f32) -> Content {
    Content::Moving(Palette { colors: vec![red(), blue()], brightness: 0.5, speed })
}

fn still(name: &str, change: Change) -> Content {
    Content::Still(BTreeMap::from([(id(name), change)]))
}

#[test]
fn a_light_is_in_one_room_and_in_any_zones() {
    let mut home = Home::with(&["a", "b"]);
    let kitchen = home.room("Kitchen", &["a", "b"]);
    let hall = home.room("Hall", &["b"]);
    assert_eq!(home.mirror.groups[&kitchen].lights, BTreeSet::from([id("a")]));
    let zone = |lights| Command::PutGroup { group: None, name: "Down".to_owned(), kind: GroupKind::Zone, lights };
    home.command(zone(BTreeSet::from([id("a"), id("b")]))).unwrap();
    assert_eq!((home.mirror.groups[&hall].lights.len(), home.mirror.groups.len()), (1, 3));
    home.refused(zone(BTreeSet::from([id("z")])), "no light");
    home.command(Command::Set { aims: vec![Aim::Group(hall.clone())], change: on(1.0) }).unwrap();
    assert!(home.wanted("b").on && !home.wanted("a").on);
    home.command(put("Late", Some(hall.clone()), None)).unwrap();
    home.command(Command::RemoveGroup(hall)).unwrap();
    assert!(home.mirror.scenes.is_empty(), "its scenes go with it");
}

#[test]
fn a_new_light_goes_into_the_room_it_says() {
    let mut home = Home::with(&["a"]);
    home.room("Kitchen", &["a"]);
    home.found("b", bulb(), Some("kitchen"));
    home.found("c", bulb(), Some("Attic"));
    let rooms: Vec<_> = home.mirror.groups.values().map(|group| (&*group.name, group.lights.len())).collect();
    assert_eq!(rooms, [("Attic", 1), ("Kitchen", 2)]);
}

#[test]
fn what_is_shown_is_captured_without_alarms_and_comes_back() {
    let mut home = Home::with(&["a", "b"]);
    home.set("a", Change { color: Some(blue()), ..on(0.4) });
    home.layer(Kind::Alarm, "fire", "a", Change { color: Some(red()), ..on(1.0) });
    home.command(put("Evening", None, None)).unwrap();
    home.command(Command::RemoveLayer { kind: Kind::Alarm, key: "fire".into() }).unwrap();
    let before = (home.wanted("a"), home.wanted("b"));
    home.command(Command::Set { aims: vec![Aim::All], change: on(1.0) }).unwrap();
    recall(&mut home, "evening");
    assert_eq!((home.wished["a"].clone(), home.wished["b"].clone()), before);
    assert_eq!((&*home.light("a").stack.by, active(&home)), ("scene Evening (Ana)", vec!["evening".to_owned()]));
    home.set("b", on(0.1));
    assert!(active(&home).is_empty(), "somebody touched a light of it");
}

#[test]
fn one_scene_of_a_room_is_active_and_stopping_holds_it() {
    let mut home = Home::with(&["a", "b"]);
    home.command(put("One", None, Some(still("a", on(0.1))))).unwrap();
    home.command(put("Two", None, Some(still("b", on(0.2))))).unwrap();
    recall(&mut home, "one");
    recall(&mut home, "two");
    assert_eq!(active(&home), ["two"]);
    home.command(Command::StopScene(scene_id("two"))).unwrap();
    assert!(active(&home).is_empty() && home.wanted("b").brightness == 0.2);
}

#[test]
fn colours_move_from_light_to_light_at_their_pace() {
    let mut home = Home::with(&["a", "b"]);
    home.command(put("Waves", None, Some(moving(1.0)))).unwrap();
    recall(&mut home, "waves");
    assert_eq!((home.wanted("a").color, home.wanted("b").color, home.wanted("a").on), (red(), blue(), true));
    home.pass(0.5);
    assert_eq!(home.wanted("a").color, red());
    home.pass(0.6);
    assert_eq!((home.wished["a"].color.clone(), home.wished["b"].color.clone()), (blue(), red()));
    home.set("a", colored(red()));
    home.pass(30.0);
    assert_eq!((home.wanted("a").color, active(&home).len()), (red(), 0), "touched, so it rests");
    home.command(put("Slow", None, Some(moving(0.0)))).unwrap();
    recall(&mut home, "slow");
    home.pass(59.0);
    assert_eq!(home.wanted("a").color, red());
    home.pass(2.0);
    assert_eq!(home.wanted("a").color, blue());
}

#[test]
fn a_moving_scene_does_not_hold_over_what_comes_after_it() {
    let mut home = Home::with(&["a"]);
    home.command(put("Waves", None, Some(moving(1.0)))).unwrap();
    recall(&mut home, "waves");
    home.layer(Kind::Automation, "rule", "a", colored(blue()));
    home.pass(1.1);
    home.pass(1.1);
    assert!(home.light("a").stack.layers.iter().all(|layer| layer.hold.is_none()));
    assert_eq!(home.wanted("a").color, blue());
}

#[test]
fn a_still_scene_goes_through_its_palette_and_stands_still_again() {
    let mut home = Home::with(&["a", "b", "c"]);
    let room = home.room("Kitchen", &["a", "b", "c"]);
    let off = Change { on: Some(false), ..Change::default() };
    let states = Content::Still([(id("a"), on(0.5)), (id("b"), off), (id("c"), on(0.25))].into());
    home.command(put("Dusk", Some(room), Some(states))).unwrap();
    let show = |moving, brightness| Command::Show { scene: scene_id("dusk"), transition_ms: None, brightness, moving };
    home.refused(show(true, None), "no palette");
    let Content::Moving(palette) = moving(1.0) else { panic!() };
    let give = |palette| Command::SetPalette { scene: scene_id("dusk"), palette };
    home.command(give(Some(palette))).unwrap();
    home.command(show(true, None)).unwrap();
    let scene = home.mirror.scenes[&scene_id("dusk")].clone();
    assert!(scene.active && scene.moving);
    assert_eq!((home.wanted("a").color, home.wanted("c").color, home.wanted("b").on), (red(), blue(), false));
    assert!((home.wanted("c").brightness - 0.25).abs() < 1e-6, "each keeps its own brightness");
    home.command(show(false, Some(0.8))).unwrap();
    let scene = &home.mirror.scenes[&scene_id("dusk")];
    assert!(scene.active && !scene.moving && scene.palette.is_some());
    assert!((home.wanted("c").brightness - 0.8).abs() < 1e-6 && !home.wanted("b").on);
    home.command(show(true, None)).unwrap();
    home.command(give(None)).unwrap();
    assert!(active(&home).is_empty(), "without its palette it is at rest");
}

#[test]
fn a_day_shows_its_parts_by_the_local_clock_however_it_is_set() {
    let mut home = Home::with(&["a"]);
    home.command(put("Day", None, Some(still("a", on(1.0))))).unwrap();
    home.command(put("Night", None, Some(still("a", on(0.1))))).unwrap();
    let slot = |from_minute, scene: &str| Slot { from_minute, scene: scene_id(scene) };
    let of_day = Content::OfDay(vec![slot(7 * 60, "day"), slot(22 * 60, "night")]);
    home.command(put("Round", None, Some(of_day))).unwrap();
    recall(&mut home, "round");
    assert_eq!(home.wanted("a").brightness, 1.0, "20:00 in Berlin");
    home.pass(2.0 * 3600.0 + 1.0);
    assert_eq!(home.wanted("a").brightness, 0.1, "a look at 22:00");
    home.pass(20.0 * 3600.0);
    assert_eq!(home.wanted("a").brightness, 1.0, "a late look, at 18:00");
    home.now.wall = "2026-05-04T21:30:00Z".parse().unwrap();
    home.pass(1.0);
    assert_eq!(home.wanted("a").brightness, 0.1, "the clock was set");
    home.refused(Command::RemoveScene(scene_id("day")), "Round");
    home.refused(
        put("Bad", None, Some(Content::OfDay(vec![slot(10, "day"), slot(10, "night")]))),
        "one after the other",
    );
    home.refused(put("Bad", None, Some(Content::OfDay(vec![slot(10, "round")]))), "does not follow");
}

#[test]
fn summer_time_moves_nothing() {
    let zone = super::berlin();
    let slots =
        [(60, "a"), (150, "b"), (200, "c")].map(|(from_minute, scene)| Slot { from_minute, scene: scene_id(scene) });
    let at = |text: &str| part_at(&slots, text.parse::<Timestamp>().unwrap(), &zone).unwrap().scene.0.to_string();
    // On 29 March 2026 the clock goes from 2:00 to 3:00, so 2:30 never comes; its part holds from 3:00 on all the same.
    assert_eq!((at("2026-03-29T00:59:00Z"), at("2026-03-29T01:00:00Z")), ("a".to_owned(), "b".to_owned()));
    assert_eq!(at("2026-03-29T01:20:00Z"), "c");
    // Before the first part of the day the last one of the day before holds.
    assert_eq!(at("2026-03-28T23:30:00Z"), "c");
}

#[test]
fn scenes_that_are_wrong_are_refused() {
    let mut home = Home::with(&["a"]);
    let palette =
        |colors: usize, brightness, speed| Content::Moving(Palette { colors: vec![red(); colors], brightness, speed });
    home.refused(put("X", None, Some(palette(0, 0.5, 0.5))), "1 to 9");
    home.refused(put("X", None, Some(palette(10, 0.5, 0.5))), "1 to 9");
    home.refused(put("X", None, Some(palette(2, 0.0, 0.5))), "brighter");
    home.refused(put("X", None, Some(palette(2, 0.5, f32::NAN))), "Speed");
    home.refused(put("X", None, Some(still("z", on(1.0)))), "no light");
    home.refused(put("X", Some(GroupId("z".into())), None), "no room");
    home.refused(put("", None, None), "empty");
    home.refused(Command::Recall { scene: scene_id("z"), transition_ms: None }, "no scene");
    home.refused(Command::Set { aims: aim("z"), change: on(1.0) }, "no light");
}

#[test]
fn a_light_that_is_forgotten_leaves_rooms_and_scenes() {
    let mut home = Home::with(&["a", "b"]);
    home.room("Kitchen", &["a", "b"]);
    home.command(put("Evening", None, None)).unwrap();
    home.hear(hearthlight::drivers::Report::Gone(super::local("a")));
    home.command(Command::ForgetLight(id("a"))).unwrap();
    let Content::Still(states) = &home.mirror.scenes[&scene_id("evening")].content else { panic!("still") };
    assert!(states.len() == 1 && home.mirror.groups.values().all(|group| group.lights.len() == 1));
}
