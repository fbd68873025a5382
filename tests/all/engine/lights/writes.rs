//! What people, layers and the master do to lights.

use std::sync::Arc;

use hearthlight::engine::services::lights::book::Prefs;
use hearthlight::model::lights::capabilities::PowerOn;
use hearthlight::model::lights::group::GroupId;
use hearthlight::model::lights::layers::{Kind, Source};
use hearthlight::model::lights::state::{Change, Color, State};
use hearthlight::model::lights::{Aim, Command, MAX_NAME, Update};
use hearthlight::units::color::Xy;

use super::{Home, aim, blue, colored, id, on, red};

#[test]
fn a_change_is_told_once_for_each_light_and_wished() {
    let mut home = Home::with(&["a", "b", "c"]);
    let aims = vec![Aim::All, Aim::Light(id("a"))];
    home.command(Command::Set { aims, change: on(0.5) }).unwrap();
    assert_eq!(home.told.len(), 3, "one fact for each light");
    assert!(home.wished.values().all(|state| state.on && state.brightness == 0.5) && home.wished.len() == 3);
    assert_eq!(&*home.light("b").stack.by, "Ana");
}

#[test]
fn nothing_that_is_wrong_is_taken() {
    let mut home = Home::with(&["a"]);
    let set = |aims, change| Command::Set { aims, change };
    home.refused(set(aim("a"), Change::default()), "says nothing");
    home.refused(set(aim("a"), Change { brightness: Some(f32::NAN), ..Change::default() }), "from 0 to 1");
    home.refused(set(aim("a"), Change { brightness: Some(1.5), ..Change::default() }), "from 0 to 1");
    home.refused(set(aim("a"), Change { transition_ms: Some(u32::MAX), ..on(1.0) }), "an hour");
    home.refused(set(aim("z"), on(1.0)), "no light \"z\"");
    home.refused(set(vec![Aim::Group(GroupId("attic".into()))], on(1.0)), "no room or zone");
    home.refused(set(aim("a"), colored(Color::Gradient(Arc::new([])))), "1 to 256");
    home.refused(Command::Step { aims: aim("a"), by: 2.0 }, "-1 to 1");
    home.refused(Command::SetMaster(-0.1), "from 0 to 1");
    home.refused(Command::Rename { light: id("a"), name: " ".to_owned() }, "empty");
    home.refused(Command::Rename { light: id("a"), name: "x".repeat(MAX_NAME + 1) }, "64");
    home.refused(Command::SetPowerOn { light: id("a"), power_on: PowerOn::Off }, "cannot be told");
    home.refused(Command::ForgetLight(id("a")), "still there");
    home.refused(Command::Sweep(vec!["10.0.0.0/8".to_owned()]), "no network");
}

#[test]
fn brightness_nought_is_off_and_what_was_dark_comes_on() {
    let mut home = Home::with(&["a"]);
    home.set("a", on(0.7));
    home.set("a", Change { brightness: Some(0.0), ..Change::default() });
    assert_eq!((home.wanted("a").on, home.wanted("a").brightness), (false, 0.7), "the brightness is kept");
    home.command(Command::Restore { bases: vec![(id("a"), State { brightness: 0.0, ..State::default() })] }).unwrap();
    home.set("a", Change { on: Some(true), ..Change::default() });
    assert!(home.wanted("a").on && home.wanted("a").brightness > 0.0);
}

#[test]
fn steps_leave_what_is_off_and_end_in_off() {
    let mut home = Home::with(&["a", "b"]);
    home.set("a", on(0.3));
    home.command(Command::Step { aims: vec![Aim::All], by: -0.2 }).unwrap();
    assert!((home.wanted("a").brightness - 0.1).abs() < 1e-6 && !home.wanted("b").on);
    home.command(Command::Step { aims: vec![Aim::All], by: -0.2 }).unwrap();
    assert!(!home.wanted("a").on);
    home.command(Command::Step { aims: vec![Aim::All], by: 0.5 }).unwrap();
    assert!(!home.wanted("a").on, "those that are off stay so");
}

#[test]
fn the_master_dims_all_but_alarms() {
    let mut home = Home::with(&["a", "b"]);
    home.command(Command::Set { aims: vec![Aim::All], change: on(0.8) }).unwrap();
    home.layer(Kind::Alarm, "fire", "b", on(1.0));
    home.command(Command::SetMaster(0.5)).unwrap();
    assert_eq!((home.wanted("a").brightness, home.wanted("b").brightness), (0.4, 1.0));
    assert_eq!(home.light("a").stack.base.brightness, 0.8, "the base is what it was");
    home.command(Command::RemoveLayer { kind: Kind::Alarm, key: "fire".into() }).unwrap();
    assert_eq!(home.wanted("b").brightness, 0.4);
    home.command(Command::SetMaster(0.5)).unwrap();
    assert!(home.told.is_empty() && home.mirror.master == 0.5);
}

#[test]
fn an_alarm_goes_and_all_is_as_it_would_be_without_it() {
    let mut home = Home::with(&["a"]);
    home.set("a", Change { color: Some(blue()), ..on(0.4) });
    home.layer(Kind::Alarm, "fire", "a", Change { color: Some(red()), ..on(1.0) });
    assert_eq!(home.wished["a"].color, red());
    home.set("a", Change { brightness: Some(0.6), ..Change::default() });
    assert_eq!(home.wanted("a").brightness, 1.0, "nobody dims an alarm");
    home.command(Command::RemoveLayer { kind: Kind::Alarm, key: "fire".into() }).unwrap();
    assert_eq!(home.wished["a"], State { on: true, brightness: 0.6, color: blue(), effect: None });
}

#[test]
fn a_touch_above_an_effect_is_held_until_released() {
    let mut home = Home::with(&["a"]);
    home.set("a", Change { color: Some(blue()), ..on(0.4) });
    home.layer(Kind::Automation, "evening", "a", colored(red()));
    let green = Color::Xy(Xy::new(0.3, 0.6).unwrap());
    home.set("a", Change { color: Some(green.clone()), brightness: Some(0.9), ..Change::default() });
    let stack = &home.light("a").stack;
    assert_eq!((home.wanted("a").color, stack.base.brightness, stack.base.color.clone()), (green, 0.9, blue()));
    let lines = stack.explain();
    let sources: Vec<_> = lines.iter().map(|line| line.source).collect();
    assert_eq!(sources, [Source::Hold(Kind::Automation), Source::Layer(Kind::Automation), Source::Base]);
    assert_eq!((lines[0].drives.len(), lines[1].drives.len(), lines[2].drives.len()), (1, 0, 2));
    home.command(Command::Release { aims: vec![Aim::All] }).unwrap();
    assert_eq!(home.wished["a"].color, red());
}

#[test]
fn a_hold_ends_after_its_time() {
    let mut home = Home::with(&["a"]);
    home.lights.set_prefs(Prefs { transition_ms: 400, hold_minutes: 5 });
    home.layer(Kind::Effect, "fire", "a", colored(red()));
    home.set("a", colored(blue()));
    let due = home.lights.wake_at();
    assert!(due.since(home.now.at).as_secs() <= 300);
    home.pass(299.0);
    assert_eq!(home.wanted("a").color, blue());
    home.pass(2.0);
    assert_eq!(home.wished["a"].color, red());
}

#[test]
fn a_layer_follows_its_aims_and_outlasts_what_is_gone() {
    let mut home = Home::with(&["a", "b"]);
    home.layer(Kind::Alarm, "fire", "a", colored(red()));
    let put = |aims| Command::PutLayer {
        kind: Kind::Alarm,
        key: "fire".into(),
        name: "Fire".into(),
        aims,
        change: colored(red()),
    };
    home.command(put(vec![Aim::Light(id("b")), Aim::Light(id("gone"))])).unwrap();
    assert!(home.light("a").stack.layers.is_empty() && home.light("b").stack.layers.len() == 1);
    home.refused(put(aim("gone")), "no light");
    home.command(put(Vec::new())).unwrap();
    assert!(home.light("b").stack.layers.is_empty());
    home.command(Command::RemoveLayer { kind: Kind::Alarm, key: "fire".into() }).unwrap();
    assert!(home.told.is_empty());
}

#[test]
fn taking_back_puts_bases_as_they_were() {
    let mut home = Home::with(&["a", "b"]);
    let bases: Vec<_> = ["a", "b"].map(|name| (id(name), home.light(name).stack.base.clone())).to_vec();
    let before = (home.wanted("a"), home.wanted("b"));
    home.command(Command::Set { aims: vec![Aim::All], change: Change { color: Some(red()), ..on(0.2) } }).unwrap();
    home.command(Command::Restore { bases }).unwrap();
    assert_eq!((home.wished["a"].clone(), home.wished["b"].clone()), before);
    assert!(home.told.iter().all(|update| matches!(update, Update::Light(_))) && home.told.len() == 2);
}
