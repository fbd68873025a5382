//! Who streams: the highest layer that is uncovered, and it alone.

use std::sync::Arc;

use hearthlight::model::frame::Frame;
use hearthlight::model::lights::Command;
use hearthlight::model::lights::layers::Kind;
use hearthlight::model::lights::state::Change;

use super::{Home, aim, colored, id, on, red};

fn grant(home: &mut Home, kind: Kind, key: &str) -> hearthlight::engine::services::lights::lease::Grant {
    let mut granted = home.lights.grant(kind, &key.into(), &[id("a")], home.now);
    home.settle();
    granted.remove(0).1
}

#[test]
fn a_higher_stream_covers_a_lower_one_for_as_long_as_it_lasts() {
    let mut home = Home::with(&["a"]);
    let effect = grant(&mut home, Kind::Effect, "fire");
    assert!(!effect.is_current(), "its layer is not there yet");
    home.layer(Kind::Effect, "fire", "a", on(1.0));
    assert!(effect.is_current());
    assert_eq!(home.deeds, ["stream 10-0-0-1 1"]);
    let stream = grant(&mut home, Kind::Stream, "game");
    home.layer(Kind::Stream, "game", "a", on(1.0));
    assert!(stream.is_current() && !effect.is_current());
    home.command(Command::RemoveLayer { kind: Kind::Stream, key: "game".into() }).unwrap();
    assert!(effect.is_current() && !stream.is_current());
    home.command(Command::RemoveLayer { kind: Kind::Effect, key: "fire".into() }).unwrap();
    assert_eq!(home.deeds, ["stream 10-0-0-1 0"]);
}

#[test]
fn alarms_and_what_people_hold_cover_streams() {
    let mut home = Home::with(&["a"]);
    let stream = grant(&mut home, Kind::Stream, "game");
    home.layer(Kind::Stream, "game", "a", Change { color: Some(red()), ..on(1.0) });
    home.layer(Kind::Alarm, "fire", "a", colored(red()));
    assert!(!stream.is_current());
    home.command(Command::RemoveLayer { kind: Kind::Alarm, key: "fire".into() }).unwrap();
    assert!(stream.is_current());
    home.set("a", on(0.2));
    assert!(!stream.is_current(), "somebody touched the light");
    home.command(Command::Release { aims: aim("a") }).unwrap();
    assert!(stream.is_current());
}

#[test]
fn frames_are_counted_and_end_with_their_lease() {
    let mut home = Home::with(&["a"]);
    let stream = grant(&mut home, Kind::Stream, "game");
    home.layer(Kind::Stream, "game", "a", on(1.0));
    home.pass(2.0);
    for _ in 0..60 {
        stream.put(Arc::new(Frame::dark(1)));
    }
    home.pass(1.0);
    assert_eq!(home.light("a").streaming_fps, 60.0);
    home.lights.end(Kind::Stream, "game");
    home.settle();
    assert!(!stream.is_current() && home.deeds == ["stream 10-0-0-1 0"]);
    home.pass(1.0);
    assert_eq!(home.light("a").streaming_fps, 0.0);
}
