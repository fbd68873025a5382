//! A folder of diyHue: read, held against the lights that are here, and put into commands. The files are written by hand
//! in the form that diyHue writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use hearthlight::model::bridge::app::Secret;
use hearthlight::model::bridge::ids::{Ids, Kind, Thing};
use hearthlight::model::bridge::kept::Kind as ObjectKind;
use hearthlight::model::bridge::object::Object;
use hearthlight::model::bridge::{Bridge, Command as BridgeCommand, Import};
use hearthlight::model::lights::capabilities::{Capabilities, Rates};
use hearthlight::model::lights::connection::{Connection, ConnectionId, Reach, Target};
use hearthlight::model::lights::group::{Group, GroupId, GroupKind};
use hearthlight::model::lights::scene::{Content, SceneId};
use hearthlight::model::lights::state::Color;
use hearthlight::model::lights::{Command, Light, LightId, Lights};
use hearthlight::model::message;
use hearthlight::settings::import::diyhue::bind::{Bound, bind, connections};
use hearthlight::settings::import::diyhue::house::{House, Way, app_id};
use hearthlight::settings::import::diyhue::plan::{self, Placed};
use hearthlight::settings::import::diyhue::read::{FILES, read};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

const KEY: &str = "11e2000000000000000000000000e345";

fn files() -> BTreeMap<String, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/fixtures/diyhue");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).ok();
    FILES.iter().filter_map(|name| Some(((*name).to_owned(), read(name)?))).collect()
}

fn house() -> House {
    read(&files()).expect("a folder of diyHue")
}

fn capabilities() -> Capabilities {
    Capabilities {
        dimming: true,
        color: None,
        mirek: None,
        segments: 0,
        pixels: 0,
        transition: true,
        effects: [].into(),
        power_on: [].into(),
        identify: false,
        rates: Rates { changes_hz: 10.0, frames_hz: 0.0 },
    }
}

/// A connection with one light.
fn add(here: &mut Lights, family: &str, address: &str, identity: Option<&str>, light: (&str, &str)) {
    let (id, local) = light;
    let target = Target { family: family.into(), address: address.into(), options: BTreeMap::new() };
    let connection = ConnectionId(address.into());
    let known = Connection {
        id: connection.clone(),
        identity: identity.map(Into::into),
        name: id.into(),
        model: "".into(),
        target,
        reach: Reach::Online,
        latency_ms: None,
        counts: Default::default(),
        simulated: false,
    };
    here.connections.insert(connection.clone(), Arc::new(known));
    let id = LightId(id.into());
    let light = Light {
        id: id.clone(),
        name: id.0.clone(),
        model: "".into(),
        connection,
        local: local.into(),
        capabilities: Arc::new(capabilities()),
        stack: Default::default(),
        wanted: Default::default(),
        reported: Default::default(),
        reach: Reach::Online,
        streaming_fps: 0.0,
        power_on: None,
        favourite: false,
    };
    here.lights.insert(id, Arc::new(light));
}

/// What is connected here: the strip at another address than there, the lamp at the same.
fn here() -> Lights {
    let mut here = Lights::default();
    add(&mut here, "wled", "192.168.1.99", Some("aabbccddeeff"), ("my-strip", "light"));
    add(&mut here, "yeelight", "192.168.1.21", Some("0000000012345678"), ("my-lamp", "light"));
    add(&mut here, "lifx", "192.168.1.77", Some("d073d5000001"), ("other", "light"));
    here
}

fn bound() -> Bound {
    bind(&house(), &here())
}

fn of(bound: &Bound) -> Vec<(&str, &str)> {
    bound.here.iter().map(|(number, light)| (&**number, &*light.0)).collect()
}

#[test]
fn the_bridge_its_apps_and_its_place_are_read() {
    let house = house();
    let identity = &house.identity;
    assert_eq!(
        (identity.id.upper().as_str(), &*identity.name, &*identity.zone),
        ("001788FFFE0A0B0C", "Old Bridge", "Europe/Berlin")
    );
    assert_eq!(identity.place, Some((52.52, -13.405)));
    let [(app, key, client_key), (other, number, none)] = house.apps.as_slice() else { panic!("{:?}", house.apps) };
    assert_eq!(
        (&**key.reveal(), &*app.name, app.streams),
        (KEY, "app#phone", true),
        "what looks like a number is a text"
    );
    assert_eq!(client_key.as_ref().map(|key| &**key.reveal()), Some("0123456789ABCDEF0123456789ABCDEF"));
    assert_eq!(app.created.to_string(), "2026-01-02T03:04:05Z");
    assert_eq!((&**number.reveal(), other.name.chars().count(), none.as_ref()), ("12345678901234567890", 40, None));
    assert_eq!(app.id, app_id(KEY), "the same at each import");
    assert_eq!(
        house.left,
        [
            "Light 7 \"Broken\": it has no id_v2.",
            "Switches and sensors (1): they come with their hub once that is connected here.",
            "Rules (1): what they do has to be set up anew in the app that made them.",
        ]
    );
}

#[test]
fn lights_are_led_to_the_family_that_speaks_their_protocol() {
    let house = house();
    let ways: Vec<String> = house
        .lights
        .iter()
        .map(|light| match &light.way {
            Way::Ours { target, secrets, .. } => {
                format!("{} {} {:?}", target.family, target.address, secrets.keys().collect::<Vec<_>>())
            }
            Way::Foreign(why) => why.clone(),
        })
        .collect();
    assert_eq!(
        ways,
        [
            "wled 192.168.1.20 []",
            "yeelight 192.168.1.21 []",
            "zigbee2mqtt 192.168.1.5 [\"password\", \"user\"]",
            "reached by tasmota, which Hearthlight does not speak",
            "a further segment of a WLED, which is one light here",
        ]
    );
}

#[test]
fn lights_are_known_again_by_identity_address_or_name() {
    let (house, mut here) = (house(), here());
    assert_eq!(of(&bind(&house, &here)), [("1", "my-strip"), ("2", "my-lamp")]);
    let missing = bind(&house, &here).missing;
    assert_eq!(missing[0], "Light 4 \"Ceiling\": zigbee2mqtt at 192.168.1.5 is not connected.");
    let Command::Connect { target, secrets } = &connections(&house, &here, &bind(&house, &here))[0] else { panic!() };
    assert_eq!((&*target.family, secrets["user"].as_str(), missing.len()), ("zigbee2mqtt", "diy", 3));
    add(&mut here, "zigbee2mqtt", "192.168.1.5", None, ("lamp-4", "0x00158d0001020304"));
    add(&mut here, "ddp", "192.168.1.30", None, ("Plug", "pixels"));
    assert_eq!(of(&bind(&house, &here)), [("1", "my-strip"), ("2", "my-lamp"), ("4", "lamp-4"), ("5", "Plug")]);
    assert_eq!(connections(&house, &here, &bind(&house, &here)), []);
    // Another device got the address: that is not the lamp.
    let mut here = Lights::default();
    add(&mut here, "yeelight", "192.168.1.21", Some("00000000ffffffff"), ("stranger", "light"));
    assert_eq!(of(&bind(&house, &here)), []);
}

#[test]
fn things_keep_the_names_that_apps_know() {
    let house = house();
    let light = house.lights[0].ids();
    let url = |text: &str| Uuid::new_v5(&Uuid::NAMESPACE_URL, text.as_bytes());
    let id = "11111111-0000-4000-8000-000000000001";
    assert_eq!((light.service("light").to_string().as_str(), light.number().map(|n| &**n)), (id, Some("1")));
    assert_eq!(light.service("device"), url(&format!("{id}device")));
    let room = house.groups[0].ids();
    assert_eq!(room.service("grouped_light").to_string(), "22222222-0000-4000-8000-000000000001");
    assert_eq!(room.service("room"), url("22222222-0000-4000-8000-000000000001room"));
    let scene = house.scenes.iter().find(|scene| &*scene.name == "Red").unwrap();
    assert_eq!(scene.ids().number().map(|n| &**n), Some("aBcDeFgHiJkLmNoP"));
    assert_eq!(house.groups[0].extra.archetype.as_deref(), Some("living_room"));
    assert_eq!(house.lights[0].extra.archetype.as_deref(), Some("hue_lightstrip"));
}

fn placed() -> Placed {
    let groups = [("1", "living-room"), ("2", "reading")].map(|(number, id)| (number.into(), GroupId(id.into())));
    let scenes = [("1", "evening")].map(|(number, id)| (number.into(), SceneId(id.into())));
    Placed { groups: groups.into(), scenes: scenes.into() }
}

#[test]
fn rooms_and_scenes_are_made_of_what_is_here() {
    let (house, here, bound, bridge) = (house(), here(), bound(), Bridge::default());
    let Some(Command::PutGroup { group: None, name, kind: GroupKind::Room, lights }) =
        plan::group(&house.groups[0], &bound, &here, &bridge)
    else {
        panic!()
    };
    assert_eq!((name.as_str(), lights.len()), ("Living room", 2));
    let kitchen = house.groups.iter().find(|group| &*group.name == "Kitchen").unwrap();
    assert_eq!(plan::group(kitchen, &bound, &here, &bridge), None, "its only light is not here");
    let scene = |name: &str| {
        let old = house.scenes.iter().find(|scene| &*scene.name == name).unwrap();
        plan::scene(old, &bound, &placed(), &here, &bridge)
    };
    let Some(Command::PutScene { group, content: Some(Content::Still(states)), .. }) = scene("Evening") else {
        panic!()
    };
    assert_eq!((group, states.len()), (Some(GroupId("living-room".into())), 2));
    let strip = &states[&LightId("my-strip".into())];
    assert!(strip.on == Some(true) && strip.brightness == Some(0.5) && matches!(strip.color, Some(Color::Xy(_))));
    assert!(matches!(states[&LightId("my-lamp".into())].color, Some(Color::Mirek(mirek)) if mirek.get() == 400));
    let Some(Command::PutScene { group: None, content: Some(Content::Still(states)), .. }) = scene("Red") else {
        panic!()
    };
    let Some(Color::Xy(red)) = states[&LightId("my-lamp".into())].color else { panic!() };
    assert!((red.x() - 0.64).abs() < 0.01 && (red.y() - 0.33).abs() < 0.01, "{red:?}");
    assert_eq!(scene("Cooking"), None);
}

#[test]
fn what_was_imported_once_is_changed_not_made_again() {
    let (house, bound) = (house(), bound());
    let (mut here, mut bridge) = (here(), Bridge::default());
    let id = GroupId("wohnzimmer".into());
    let (name, kind) = ("Wohnzimmer".into(), GroupKind::Room);
    let group = Group { id: id.clone(), name, kind, lights: Default::default(), order: 0 };
    here.groups.insert(id.clone(), Arc::new(group));
    let ids: BTreeMap<Thing, Arc<Ids>> =
        [(Thing::new(Kind::Group, "wohnzimmer"), Arc::new(house.groups[0].ids()))].into();
    bridge.ids = Arc::new(ids);
    let Some(Command::PutGroup { group, .. }) = plan::group(&house.groups[0], &bound, &here, &bridge) else { panic!() };
    assert_eq!(group, Some(id), "known by its id, whatever it is called by now");
}

/// All that is handed over, folded into one.
fn all() -> Import {
    let (house, bound) = (house(), bound());
    let mut all = Import::default();
    for part in plan::identity(&house).into_iter().chain(plan::things(&house, &bound, &placed())) {
        all.identity = part.identity.or(all.identity);
        all.apps.extend(part.apps);
        all.ids.extend(part.ids);
        all.extras.extend(part.extras);
        all.objects.extend(part.objects);
    }
    all
}

#[test]
fn all_of_it_is_handed_over_in_parts() {
    let all = all();
    assert_eq!((all.apps.len(), all.ids.len(), all.extras.len()), (2, 2 + 2 + 1 + 2, 5));
    let area = "22222222-0000-4000-8000-000000000003";
    let [(Some(id), Object::Area(tv)), (Some(_), Object::Clip(flag))] = all.objects.as_slice() else { panic!() };
    assert_eq!((&**id, tv.places[0].positions.as_slice()), (area, [[-1.0, 0.8, 0.0], [1.0, 0.8, 0.0]].as_slice()));
    assert_eq!(
        (&*flag.kind, serde_json::from_str::<Value>(&flag.state).unwrap()["flag"].as_bool()),
        ("CLIPGenericFlag", Some(true))
    );
    let thing = Thing::new(Kind::Object(ObjectKind::Area), area);
    let ids = &all.ids.iter().find(|(known, _)| *known == thing).unwrap().1;
    let known = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{area}entertainment_configuration").as_bytes());
    assert_eq!(ids.service("entertainment_configuration"), known);
    let owners: Vec<_> = all.extras.iter().filter_map(|(_, extra)| extra.owner.clone()).collect();
    assert_eq!(owners, [app_id(KEY)]);
}

#[test]
fn keys_reach_the_running_instance_and_no_other_text() {
    let mut house = house();
    house.certificate = Some(Secret::new("PEM"));
    let parts = plan::identity(&house);
    assert!(!serde_json::to_string(&parts).unwrap().contains(KEY) && !format!("{parts:?}").contains(KEY));
    let first = plan::posted(&parts[0]).unwrap();
    assert_eq!(first.pointer("/bridge/import/certificate"), Some(&json!("PEM")));
    for part in &parts {
        let command: message::Command = serde_json::from_value(plan::posted(part).unwrap()).unwrap();
        assert_eq!(
            command,
            message::Command::Bridge(BridgeCommand::Import(Box::new(part.clone()))),
            "read back as it was"
        );
    }
}

#[test]
fn the_preview_names_what_is_taken_over() {
    let told = plan::preview(&house(), &bound(), &here()).join("\n");
    for part in [
        "The bridge \"Old Bridge\" with its number 001788FFFE0A0B0C and the time zone Europe/Berlin.",
        "Keys of apps (2): app#phone",
        "Light 1 \"Strip\" is \"my-strip\" here.",
        "Room 1 \"Living room\" with 2 of 2 lights.",
        "Room 4 \"Kitchen\" with 0 of 1 lights.",
        "Scenes (3)",
        "Entertainment areas (1)",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[test]
fn another_folder_is_refused_in_words() {
    let none = BTreeMap::from([("config.yaml".to_owned(), "name: x\n".to_owned())]);
    assert!(read(&none).unwrap_err().contains("no folder of diyHue"));
    let broken = BTreeMap::from([("config.yaml".to_owned(), "a: [1, 2\nb: }".to_owned())]);
    assert!(read(&broken).unwrap_err().starts_with("config.yaml is not as diyHue writes it"));
}

proptest! {
    #[test]
    fn no_file_breaks_the_reader(name in 0..FILES.len(), cut in 0_usize..900, put in "[ -~\n]{0,30}") {
        let mut files = files();
        let text = files.entry(FILES[name].to_owned()).or_default();
        let cut = text.floor_char_boundary(cut.min(text.len()));
        text.insert_str(cut, &put);
        drop(read(&files));
    }
}
