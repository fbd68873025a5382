//! Connections and what discovery sees.

use std::collections::BTreeMap;

use hearthlight::drivers::{Claim, Report};
use hearthlight::engine::discovery::Seen;
use hearthlight::engine::link::Health;
use hearthlight::engine::services::lights::book::{Lights, Out};
use hearthlight::engine::services::lights::secrets::Secrets;
use hearthlight::model::bridge::ids::BridgeId;
use hearthlight::model::lights::Command;
use hearthlight::model::lights::connection::{ConnectionId, Reach};
use jiff::tz::TimeZone;

use super::{FAMILIES, FAMILY, Home, bulb, connect, target};

fn claim(identity: &str, address: &str) -> Seen {
    let identity = Some(identity.to_owned()).filter(|identity| !identity.is_empty());
    let (name, model, address) = ("Desk".to_owned(), "Lamp 2".to_owned(), address.to_owned());
    Seen::Device(&FAMILY, Claim { identity, name, model, address, options: Vec::new() })
}

fn see(home: &mut Home, seen: Seen) {
    home.lights.on_seen(seen, home.now);
    home.settle();
}

fn identity(home: &mut Home, identity: &str) {
    let (name, model) = ("Desk".to_owned(), "Lamp 2".to_owned());
    home.hear(Report::Identity { identity: identity.to_owned(), name, model });
}

#[test]
fn what_is_seen_is_found_once_and_becomes_a_connection() {
    let mut home = Home::empty();
    see(&mut home, claim("aa01", "10.0.0.9"));
    assert_eq!((home.mirror.findings.len(), home.told.len()), (1, 1));
    see(&mut home, claim("aa01", "10.0.0.9"));
    assert!(home.told.is_empty(), "seen again is no news");
    home.command(connect("10.0.0.9")).unwrap();
    let known = &home.mirror.connections[&ConnectionId("desk".into())];
    assert_eq!(
        (known.identity.as_deref(), &known.reach, home.mirror.findings.len()),
        (Some("aa01"), &Reach::Starting, 0)
    );
    assert_eq!(home.deeds, ["start desk"]);
    see(&mut home, claim("aa01", "10.0.0.9"));
    assert!(home.mirror.findings.is_empty(), "it is a connection already");
}

/// What this program announces is not what it finds: neither by a search, nor where a person led a connection to it.
#[test]
fn the_bridge_that_this_program_plays_is_no_device() {
    let mut home = Home::empty();
    let itself = BridgeId::of_mac([0x00, 0x17, 0x88, 0xAA, 0xBB, 0xCC]);
    see(&mut home, claim("001788fffeaabbcc", "10.0.0.9"));
    assert_eq!(home.mirror.findings.len(), 1);
    home.lights.set_itself(itself);
    home.settle();
    assert!(home.mirror.findings.is_empty(), "what was found before is gone");
    see(&mut home, claim("001788FFFEAABBCC", "10.0.0.9"));
    see(&mut home, claim("001788fffeaabbcd", "10.0.0.10"));
    assert_eq!(home.mirror.findings.len(), 1, "another bridge is");
    home.command(connect("10.0.0.1")).unwrap();
    identity(&mut home, "001788fffeaabbcc");
    let known = home.mirror.connections.values().next().unwrap();
    assert!(matches!(&known.reach, Reach::Refused { why } if why.contains("itself")), "{:?}", known.reach);
    assert_eq!(home.deeds, ["stop 10-0-0-1"]);
}

#[test]
fn a_finding_that_is_seen_no_longer_goes() {
    let mut home = Home::empty();
    see(&mut home, claim("aa01", "10.0.0.9"));
    home.pass(601.0);
    assert!(home.mirror.findings.is_empty());
}

#[test]
fn a_device_is_followed_to_its_new_address_unless_it_answers() {
    let mut home = Home::with(&["a"]);
    identity(&mut home, "aa01");
    see(&mut home, claim("aa01", "10.0.0.77"));
    assert!(home.deeds.is_empty() && home.mirror.findings.is_empty(), "it answers where it is");
    home.down();
    see(&mut home, claim("aa01", "10.0.0.77"));
    let known = home.mirror.connections.values().next().unwrap();
    assert_eq!((&*known.target.address, known.reach.clone()), ("10.0.0.77", Reach::Starting));
    assert_eq!(home.deeds, ["start 10-0-0-1"]);
    home.down();
    see(&mut home, claim("aa01", "10.0.0.77"));
    assert_eq!(home.deeds, ["retry 10-0-0-1"], "it is there: no need to wait");
    see(&mut home, claim("aa01", "10.0.0.77"));
    assert!(home.deeds.is_empty(), "but not with each announcement");
}

#[test]
fn a_device_out_of_reach_is_asked_for() {
    let mut home = Home::with(&["a"]);
    identity(&mut home, "aa01");
    home.down();
    home.pass(3.0);
    assert_eq!(home.deeds, ["ask"], "soon after it was lost: it may be back at another address at once");
    home.pass(1.0);
    assert!(home.deeds.is_empty());
    home.pass(4.0);
    assert_eq!(home.deeds, ["ask"]);
    home.pass(30.0);
    assert_eq!(home.deeds, ["ask"]);
    home.pass(6.0);
    assert!(home.deeds.is_empty(), "more seldom, the longer it is away");
    home.pass(2.0);
    assert_eq!(home.deeds, ["ask"]);
    home.pass(600.0);
    assert_eq!(home.deeds, ["ask"]);
    home.pass(29.0);
    assert!(home.deeds.is_empty());
    home.pass(1.0);
    assert_eq!(home.deeds, ["ask"], "twice a minute, for ever");
}

#[test]
fn one_device_has_one_connection() {
    let mut home = Home::with(&["a"]);
    identity(&mut home, "aa01");
    home.down();
    home.refused(connect("nowhere"), "no address");
    home.command(connect("10.0.0.50")).unwrap();
    let newer = ConnectionId("10-0-0-50".into());
    let heard = |report| {
        hearthlight::engine::links::Heard::Told(newer.clone(), hearthlight::engine::link::Told::Report(report))
    };
    let who = Report::Identity { identity: "aa01".to_owned(), name: String::new(), model: String::new() };
    home.lights.on_heard(heard(who), home.now);
    home.settle();
    let [known] = &home.mirror.connections.values().collect::<Vec<_>>()[..] else { panic!("one connection") };
    assert_eq!((&*known.id.0, &*known.target.address), ("10-0-0-1", "10.0.0.50"));
    assert_eq!(home.deeds, ["stop 10-0-0-50", "start 10-0-0-1"]);
    assert_eq!(home.mirror.lights.len(), 1, "its lights are what they were");
}

#[test]
fn another_device_at_a_known_address_is_not_taken_for_it() {
    let mut home = Home::with(&["a"]);
    identity(&mut home, "aa01");
    identity(&mut home, "bb02");
    let known = home.mirror.connections.values().next().unwrap();
    assert!(matches!(&known.reach, Reach::Refused { why } if why.contains("Another device")), "{:?}", known.reach);
    assert_eq!((known.identity.as_deref(), home.deeds.clone()), (Some("aa01"), vec!["stop 10-0-0-1".to_owned()]));
    assert!(matches!(home.light("a").reach, Reach::Refused { .. }));
    home.command(Command::Retry(home.connection())).unwrap();
    assert_eq!(home.deeds, ["start 10-0-0-1"], "there is no link to be woken");
}

#[test]
fn a_connection_takes_its_lights_and_secrets_with_it() {
    let mut home = Home::with(&["a", "b"]);
    home.room("Kitchen", &["a"]);
    home.hear(Report::Secret { key: "user", value: "hush".to_owned(), reopen: false });
    assert_eq!((home.deeds.clone(), home.lights.secrets().of(&home.connection()).len()), (vec!["keep".to_owned()], 1));
    let id = home.connection();
    home.command(Command::Disconnect(id.clone())).unwrap();
    assert!(home.mirror.lights.is_empty() && home.mirror.connections.is_empty());
    assert!(home.mirror.groups.values().all(|group| group.lights.is_empty()));
    assert_eq!(
        (home.deeds.clone(), home.lights.secrets().of(&id).len()),
        (vec!["stop 10-0-0-1".to_owned(), "keep".to_owned()], 0)
    );
}

#[test]
fn secrets_come_back_from_their_file_and_show_nowhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lights.json");
    let (mut secrets, id) = (Secrets::load(&file).expect("none yet"), ConnectionId("hue".into()));
    assert!(secrets.add(&id, BTreeMap::from([("user".to_owned(), "hush".to_owned())])));
    secrets.save(&file).expect("written");
    assert_eq!(Secrets::load(&file).expect("read"), secrets);
    assert!(!format!("{secrets:?}").contains("hush"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    }
    std::fs::write(&file, "damaged").expect("written");
    assert!(Secrets::load(&file).expect_err("told").contains("lights.json"));
}

#[test]
fn wrong_targets_are_refused_with_their_cure() {
    let mut home = Home::with(&["a"]);
    home.refused(connect("10.0.0.1"), "already");
    let mut other = target("x");
    other.family = "fridge".into();
    home.refused(Command::Connect { target: other.clone(), secrets: BTreeMap::new() }, "There are lamp");
    home.refused(
        Command::Redirect { connection: home.connection(), target: other, secrets: BTreeMap::new() },
        "another family",
    );
    home.refused(Command::Retry(ConnectionId("z".into())), "no connection");
}

#[test]
fn the_demo_home_connects_what_it_finds() {
    let mut home = Home::empty();
    home.lights = Lights::new(FAMILIES, TimeZone::UTC, true);
    see(&mut home, claim("aa01", "127.0.1.1"));
    assert_eq!((home.mirror.connections.len(), home.mirror.findings.len(), home.deeds.len()), (1, 0, 1));
    assert!(home.mirror.connections.values().all(|known| known.simulated));
}

#[test]
fn lights_are_there_after_a_restart_in_their_rooms() {
    let mut home = Home::with(&["a"]);
    home.room("Kitchen", &["a"]);
    home.set("a", super::on(0.3));
    let stored = home.mirror.clone();
    let mut again = Home::empty();
    again.lights.restore(stored, Secrets::default());
    again.lights.begin(again.now);
    again.mirror = again.lights.state().clone();
    again.settle();
    assert_eq!(
        (again.deeds.clone(), again.light("a").reach.clone()),
        (vec!["start 10-0-0-1".to_owned()], Reach::Starting)
    );
    again.health(Health::Online);
    again.found("a", bulb(), None);
    assert_eq!((again.mirror.lights.len(), again.light("a").reach.clone()), (1, Reach::Online));
    assert!(again.wished.is_empty(), "nothing was wanted meanwhile: what the light says holds");
    let Out { updates, .. } = again.lights.take();
    assert!(updates.is_empty());
}
