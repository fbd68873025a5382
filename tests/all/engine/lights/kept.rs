//! Only what changed of what is kept is written.

use std::sync::Arc;

use hearthlight::engine::link::Health;
use hearthlight::engine::services::lights::kept::Keeper;
use hearthlight::model::lights::layers::Kind;
use hearthlight::model::lights::{Command, Reported};
use hearthlight::store::records::{Change, Key, LightsChange};

use super::{Home, colored, connect, on, red};

fn keys(keeper: &mut Keeper, home: &Home) -> Vec<Key> {
    home.told.iter().flat_map(|update| keeper.changes(update)).map(|change| Change::Lights(change).key()).collect()
}

#[test]
fn a_change_of_colour_writes_the_stack_and_a_report_nothing() {
    let mut home = Home::with(&["a"]);
    let mut keeper = Keeper::new(&home.mirror);
    home.set("a", on(0.5));
    assert_eq!(keys(&mut keeper, &home), [Key::LightStack(super::id("a"))]);
    home.says("a", Reported { on: Some(true), ..Reported::default() });
    assert!(!home.told.is_empty() && keys(&mut keeper, &home).is_empty());
    home.layer(Kind::Stream, "game", "a", colored(red()));
    assert!(keys(&mut keeper, &home).is_empty(), "a stream does not outlive the program");
    home.layer(Kind::Alarm, "fire", "a", colored(red()));
    assert_eq!(keys(&mut keeper, &home), [Key::LightStack(super::id("a"))]);
    home.command(Command::Rename { light: super::id("a"), name: "Mine".to_owned() }).unwrap();
    assert_eq!(keys(&mut keeper, &home), [Key::Light(super::id("a"))]);
    home.command(Command::SetMaster(0.5)).unwrap();
    assert_eq!(keys(&mut keeper, &home), [Key::Master]);
}

#[test]
fn a_connection_is_kept_once_it_was_reached() {
    let mut home = Home::empty();
    let mut keeper = Keeper::new(&home.mirror);
    home.command(connect("10.0.0.1")).unwrap();
    home.down();
    assert!(keys(&mut keeper, &home).is_empty());
    home.health(Health::Online);
    assert_eq!(keys(&mut keeper, &home), [Key::Connection(home.connection())]);
    home.down();
    assert!(keys(&mut keeper, &home).is_empty());
}

#[test]
fn whoever_missed_facts_writes_what_differs() {
    let mut home = Home::with(&["a", "b", "c"]);
    let mut keeper = Keeper::new(&home.mirror);
    home.set("a", on(0.5));
    let mut now = home.mirror.clone();
    now.lights.remove(&super::id("c"));
    let changes = keeper.catch_up(&now);
    let is = |wanted: &LightsChange| changes.contains(wanted);
    assert!(is(&LightsChange::ForgetLight(super::id("c"))) && !is(&LightsChange::Master(1.0)));
    assert!(keeper.catch_up(&now).is_empty(), "nothing twice");
    assert!(is(&LightsChange::Stack(super::id("a"), Arc::clone(&now.lights[&super::id("a")].stack))));
    assert_eq!(changes.len(), 2, "{changes:?}");
}
