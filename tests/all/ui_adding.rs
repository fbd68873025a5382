//! Adding a device in the window, by its accessible names: the five steps, by mouse and by keyboard, and what goes wrong.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use hearthlight::model::lights::capabilities::Capabilities;
use hearthlight::model::lights::connection::{
    Connection, ConnectionId, Counts, Family, Field, Finding, Reach, Search, Target,
};
use hearthlight::model::lights::group::GroupKind;
use hearthlight::model::lights::{self, Light, LightId, Reported};
use hearthlight::model::message::Command;
use hearthlight::ui::app::Window;

use crate::ui::{self, House, click, sent, tell};

const SIZE: Vec2 = vec2(1280.0, 800.0);

fn target(address: &str) -> Target {
    Target { family: "wled".into(), address: address.into(), options: BTreeMap::new() }
}

/// A window on the second step, with one finding.
fn finding() -> (House, Harness<'static, Window>) {
    let mut house = ui::lived_in();
    tell(&house, |snapshot| {
        let field = |key: &str, name: &str, secret| Field {
            key: key.into(),
            name: name.into(),
            hint: "".into(),
            default: "".into(),
            words: Arc::new([]),
            secret,
        };
        let family = |id: &str, name: &str, fields: Arc<[Field]>| Family {
            id: id.into(),
            name: name.into(),
            about: "Strips with this firmware.".into(),
            address_hint: "192.168.1.40".into(),
            fields,
        };
        let secret: Arc<[Field]> = Arc::new([field("base", "Base topic", false), field("password", "Password", true)]);
        snapshot.lights.families =
            Arc::new([family("wled", "WLED", Arc::new([])), family("zigbee2mqtt", "zigbee2mqtt", secret)]);
        snapshot.lights.search =
            Search { running: true, on: Arc::new(["eth0 192.168.1.0/24".into()]), ..Search::default() };
        let seen = Finding {
            key: "wled:aabb".into(),
            name: "strip-desk".into(),
            model: "WLED 0.15.0".into(),
            identity: Some("aabb".into()),
            target: target("192.168.1.40"),
            seen: ui::wall(),
        };
        snapshot.lights.findings.insert("wled:aabb".into(), Arc::new(seen));
    });
    let mut harness = ui::start(&house, SIZE);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::N);
    harness.run_steps(3);
    harness.get_by_label("Step 1 of 5, What");
    click(&mut harness, "Find it");
    drop(sent(&mut house));
    (house, harness)
}

fn connection(reach: Reach) -> Connection {
    Connection {
        id: ConnectionId("wled-1".into()),
        identity: Some("aabb".into()),
        name: "strip-desk".into(),
        model: "WLED 0.15.0".into(),
        target: target("192.168.1.40"),
        reach,
        latency_ms: Some(3.0),
        counts: Counts::default(),
        simulated: false,
    }
}

fn put(house: &House, reach: Reach) {
    tell(house, |snapshot| {
        let known = connection(reach);
        snapshot.lights.connections.insert(known.id.clone(), Arc::new(known));
    });
}

fn light() -> Light {
    Light {
        id: LightId("strip-desk".into()),
        name: "strip-desk".into(),
        model: "WLED".into(),
        connection: ConnectionId("wled-1".into()),
        local: "0".into(),
        capabilities: Arc::new(Capabilities { dimming: true, identify: true, ..Capabilities::switch(5.0) }),
        stack: Arc::default(),
        wanted: lights::state::State::default(),
        reported: Reported::default(),
        reach: Reach::Online,
        streaming_fps: 0.0,
        power_on: None,
        favourite: false,
    }
}

fn commands(house: &mut House) -> Vec<lights::Command> {
    let only = |command| match command {
        Command::Lights(command) => Some(command),
        _ => None,
    };
    sent(house).into_iter().filter_map(only).collect()
}

#[test]
fn a_light_is_found_proven_named_and_placed() {
    let (mut house, mut harness) = finding();
    harness.get_by_label_contains("strip-desk, WLED, 192.168.1.40").click();
    harness.run_steps(3);
    click(&mut harness, "Prove strip-desk");
    let connect = lights::Command::Connect { target: target("192.168.1.40"), secrets: BTreeMap::new() };
    assert_eq!(commands(&mut house), [connect]);
    harness.get_by_label("Step 3 of 5, Prove");
    harness.get_by_label_contains("Asking 192.168.1.40");
    put(&house, Reach::Online);
    tell(&house, |snapshot| drop(snapshot.lights.lights.insert(light().id, Arc::new(light()))));
    harness.run_steps(4);
    harness.get_by_label_contains("strip-desk answers");
    let blink = lights::Command::Identify(LightId("strip-desk".into()));
    assert_eq!(commands(&mut house), std::slice::from_ref(&blink), "it blinks once by itself");
    click(&mut harness, "Let strip-desk blink");
    assert_eq!(commands(&mut house), [blink]);
    click(&mut harness, "It is the right one");
    harness.get_by_label("Name of strip-desk").focus();
    harness.run_steps(2);
    harness.get_by_label("Name of strip-desk").type_text(" two");
    click(&mut harness, "Room");
    click(&mut harness, "A new room\u{2026}");
    harness.get_by_label("Name of the new room").focus();
    harness.run_steps(2);
    harness.get_by_label("Name of the new room").type_text("Study");
    harness.run_steps(3);
    click(&mut harness, "Keep it");
    let id = LightId("strip-desk".into());
    let said = commands(&mut house);
    assert!(
        matches!(&said[..], [
            lights::Command::Rename { light, name },
            lights::Command::PutGroup { group: None, name: room, kind: GroupKind::Room, lights },
        ] if *light == id && name.contains("two") && room == "Study" && lights.contains(&id)),
        "{said:?}"
    );
    harness.get_by_label("Step 5 of 5, Done");
    harness.get_by_label_contains("is part of the house now");
}

#[test]
fn what_does_not_answer_says_cause_and_cure_and_is_forgotten_on_cancel() {
    let (mut house, mut harness) = finding();
    harness.get_by_label_contains("strip-desk, WLED").click();
    harness.run_steps(3);
    click(&mut harness, "Prove strip-desk");
    put(&house, Reach::Unreachable { since: ui::wall(), why: "connection refused on port 80".into() });
    harness.run_steps(4);
    harness.get_by_label_contains("No answer from 192.168.1.40");
    harness.get_by_label_contains("connection refused on port 80");
    drop(commands(&mut house));
    click(&mut harness, "Try again");
    assert_eq!(commands(&mut house), [lights::Command::Retry(ConnectionId("wled-1".into()))]);
    put(&house, Reach::Waiting { what: "Press the round button on the bridge".into() });
    harness.run_steps(4);
    harness.get_by_label_contains("Press the round button on the bridge");
    click(&mut harness, "Cancel adding a device");
    let forgotten = lights::Command::Disconnect(ConnectionId("wled-1".into()));
    assert_eq!(commands(&mut house), [forgotten, lights::Command::Search(false)]);
    assert!(harness.query_by_label("Step 3 of 5, Prove").is_none());
}

#[test]
fn an_address_is_entered_by_hand_with_its_secret_apart() {
    let (mut house, mut harness) = finding();
    click(&mut harness, "Enter address\u{2026}");
    click(&mut harness, "Family of the device");
    click(&mut harness, "zigbee2mqtt");
    for (label, text) in [("Address", "10.0.0.2"), ("Base topic", "z2m"), ("Password", "hush")] {
        let role = if label == "Password" { Role::PasswordInput } else { Role::TextInput };
        harness.get_by_role_and_label(role, label).focus();
        harness.run_steps(2);
        harness.get_by_role_and_label(role, label).type_text(text);
        harness.run_steps(2);
    }
    click(&mut harness, "Prove 10.0.0.2");
    let options = BTreeMap::from([("base".into(), "z2m".into())]);
    let target = Target { family: "zigbee2mqtt".into(), address: "10.0.0.2".into(), options };
    let secrets = BTreeMap::from([("password".to_owned(), "hush".to_owned())]);
    assert_eq!(commands(&mut house), [lights::Command::Connect { target, secrets }]);
}

#[test]
fn another_page_keeps_the_wizard_and_escape_leaves_it() {
    let (mut house, mut harness) = finding();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    harness.run_steps(3);
    assert!(harness.query_by_label("Step 2 of 5, Find").is_none());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num1);
    harness.run_steps(3);
    harness.get_by_label("Step 2 of 5, Find");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Step 2 of 5, Find").is_none());
    assert_eq!(commands(&mut house), [lights::Command::Search(false)]);
}

#[test]
fn connections_are_told_of_with_their_troubles_and_can_be_forgotten() {
    let mut house = ui::lived_in();
    let why = "certificate changed: remove it and pair again".into();
    put(&house, Reach::Refused { why });
    let mut harness = ui::start(&house, vec2(1920.0, 1400.0));
    let system = hearthlight::ui::panels::place("System").unwrap();
    harness.key_press_modifiers(Modifiers::COMMAND, hearthlight::ui::shell::keys::PLACES[system]);
    harness.run_steps(3);
    harness.get_by_label_contains("certificate changed");
    click(&mut harness, "More for strip-desk");
    click(&mut harness, "Forget\u{2026}");
    drop(commands(&mut house));
    click(&mut harness, "Forget it");
    assert_eq!(commands(&mut house), [lights::Command::Disconnect(ConnectionId("wled-1".into()))]);
}
