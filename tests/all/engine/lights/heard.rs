//! What links tell: strangers' hands, outages, hubs whose lights do not answer, switches.

use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::Report;
use hearthlight::drivers::light::{Said, Thing};
use hearthlight::engine::link::Health;
use hearthlight::engine::links::Heard;
use hearthlight::model::inputs::{self, Aspect};
use hearthlight::model::lights::connection::{Counts, Reach};
use hearthlight::model::lights::layers::Kind;
use hearthlight::model::lights::state::{Change, State};
use hearthlight::model::lights::{Command, Reported, Update};

use super::{Home, blue, bulb, colored, id, local, on, red};

fn said(on: bool, brightness: f32) -> Reported {
    Reported { on: Some(on), brightness: Some(brightness), ..Reported::default() }
}

#[test]
fn what_somebody_else_did_is_adopted_once_ours_has_settled() {
    let mut home = Home::with(&["a"]);
    home.set("a", on(0.8));
    home.says("a", said(false, 0.0));
    assert!(home.wanted("a").on, "still of before");
    home.pass(3.0);
    home.says("a", said(true, 0.4));
    assert_eq!((home.wanted("a").brightness, &*home.light("a").stack.by), (0.4, ""));
    home.says("a", said(false, 0.0));
    assert_eq!((home.wanted("a").on, home.wanted("a").brightness), (false, 0.4), "how it will be when it is on again");
    let wished = home.wished["a"].clone();
    assert_eq!(wished.brightness, 0.8, "nothing is wished because of it");
}

#[test]
fn what_is_said_under_a_layer_changes_no_base() {
    let mut home = Home::with(&["a"]);
    home.set("a", Change { color: Some(blue()), ..on(0.8) });
    home.layer(Kind::Alarm, "fire", "a", colored(red()));
    home.pass(5.0);
    home.says("a", Reported { color: Some(blue()), ..said(true, 0.5) });
    let base = &home.light("a").stack.base;
    assert_eq!((base.color.clone(), base.brightness), (blue(), 0.5), "brightness is free, colour is the alarm's");
    assert_eq!(home.wanted("a").color, red());
}

#[test]
fn the_master_is_taken_out_of_what_a_light_says() {
    let mut home = Home::with(&["a"]);
    home.set("a", on(0.8));
    home.command(Command::SetMaster(0.5)).unwrap();
    home.pass(5.0);
    home.says("a", said(true, 0.2));
    assert_eq!((home.light("a").stack.base.brightness, home.wanted("a").brightness), (0.4, 0.2));
}

#[test]
fn after_an_outage_what_was_wanted_is_wished_and_else_the_light_is_believed() {
    let mut home = Home::with(&["a", "b"]);
    home.down();
    assert!(matches!(home.light("a").reach, Reach::Unreachable { .. }));
    home.set("a", on(0.8));
    home.wished.clear();
    home.pass(60.0);
    home.health(Health::Online);
    assert_eq!(home.wished.keys().collect::<Vec<_>>(), ["a"]);
    home.says("a", said(false, 0.0));
    home.says("b", said(true, 0.3));
    assert_eq!((home.wanted("a").brightness, home.wanted("b").brightness), (0.8, 0.3));
}

#[test]
fn a_light_under_an_alarm_is_lit_when_it_comes_back() {
    let mut home = Home::with(&["a"]);
    home.layer(Kind::Alarm, "fire", "a", Change { color: Some(red()), ..on(1.0) });
    home.down();
    home.wished.clear();
    home.health(Health::Online);
    assert_eq!(home.wished["a"], State { on: true, brightness: 1.0, color: red(), effect: None });
}

#[test]
fn a_hub_tells_of_a_light_that_does_not_answer_and_of_its_return() {
    let mut home = Home::with(&["a", "b"]);
    home.hear(Report::State(local("a"), Said::Reach(Err("no answer by radio".to_owned()))));
    assert!(matches!(&home.light("a").reach, Reach::Unreachable { why, .. } if &**why == "no answer by radio"));
    assert_eq!((home.light("b").reach.clone(), home.told.len()), (Reach::Online, 1));
    home.hear(Report::State(local("a"), Said::Reach(Ok(()))));
    assert_eq!(home.light("a").reach, Reach::Online);
    home.hear(Report::State(local("a"), Said::Reach(Ok(()))));
    assert!(home.told.is_empty());
}

#[test]
fn lights_that_a_connection_no_longer_has_are_told_of() {
    let mut home = Home::with(&["a"]);
    let stored = home.mirror.clone();
    let mut again = Home::empty();
    again.lights.restore(stored, Default::default());
    again.lights.begin(again.now);
    again.mirror = again.lights.state().clone();
    again.settle();
    again.health(Health::Online);
    again.pass(29.0);
    assert_eq!(again.light("a").reach, Reach::Starting);
    again.pass(2.0);
    assert!(matches!(&again.light("a").reach, Reach::Unreachable { why, .. } if why.contains("any more")));
    again.command(Command::ForgetLight(id("a"))).unwrap();
    home.hear(Report::Gone(local("a")));
    assert!(matches!(home.light("a").reach, Reach::Unreachable { .. }));
}

#[test]
fn a_connection_waits_for_a_person_and_says_for_what() {
    let mut home = Home::with(&["a"]);
    home.hear(Report::Waiting(Some("Press the button on the bridge.".to_owned())));
    let reach = |home: &Home| home.mirror.connections.values().next().unwrap().reach.clone();
    assert!(matches!(reach(&home), Reach::Waiting { .. }));
    home.hear(Report::Waiting(None));
    assert_eq!(reach(&home), Reach::Online);
    home.health(Health::Refused { why: "Wrong password.".to_owned() });
    assert!(matches!(reach(&home), Reach::Refused { .. }));
}

#[test]
fn figures_are_no_news_by_themselves() {
    let mut home = Home::with(&["a"]);
    let counts = Counts { sent: 7, ..Counts::default() };
    home.lights.on_heard(Heard::Counts(home.connection(), counts), home.now);
    home.settle();
    assert!(home.told.is_empty());
    home.hear(Report::Latency(Duration::from_millis(20)));
    let known = home.mirror.connections.values().next().unwrap();
    assert!((known.latency_ms.unwrap() - 20.0).abs() < 0.01 && known.counts == counts);
    home.hear(Report::Latency(Duration::from_millis(21)));
    assert!(home.told.is_empty());
}

#[test]
fn names_follow_the_device_until_a_person_gives_one() {
    let mut home = Home::with(&["a"]);
    let again = |name: &str| Thing::Light {
        name: name.into(),
        model: "Bulb 2".into(),
        room: None,
        capabilities: Arc::new(bulb()),
    };
    home.hear(Report::Found(local("a"), again("Reading lamp")));
    assert_eq!((&*home.light("a").name, &*home.light("a").model), ("Reading lamp", "Bulb 2"));
    home.command(Command::Rename { light: id("a"), name: "Mine".to_owned() }).unwrap();
    home.hear(Report::Found(local("a"), again("Bulb")));
    assert_eq!(&*home.light("a").name, "Mine");
}

#[test]
fn switches_say_what_was_pressed() {
    let mut home = Home::with(&["a"]);
    let aspects = Arc::new([Aspect::Buttons(Arc::new(["on_press".into()])), Aspect::Battery]);
    home.hear(Report::Found(local("dial"), Thing::Input { name: "Dial".into(), model: "RDM".into(), aspects }));
    home.hear(Report::State(local("dial"), Said::Input(inputs::Said::Button("on_press".into()))));
    let [Update::Input(input)] = &home.told[..] else { panic!("one fact: {:?}", home.told) };
    assert_eq!((&*input.id.0, input.said["button"].1.clone()), ("dial", inputs::Said::Button("on_press".into())));
    home.down();
    assert!(home.mirror.inputs.values().all(|input| matches!(input.reach, Reach::Unreachable { .. })));
}
