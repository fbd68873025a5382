//! The Hue bridge's service: ids that never change, a button that closes by itself, keys, objects, another bridge's things.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::engine::services::bridge::book::{Bridge, Now, Out, Versions};
use hearthlight::engine::services::bridge::keys::{self, Keys};
use hearthlight::engine::services::bridge::{Files, open_keys};
use hearthlight::io::certificate::Certificate;
use hearthlight::model::bridge::app::{App, AppId, Secret};
use hearthlight::model::bridge::area::{Area, Place};
use hearthlight::model::bridge::extra::Extra;
use hearthlight::model::bridge::ids::{BridgeId, Ids, Kind, Thing};
use hearthlight::model::bridge::kept::{Kind as ObjectKind, ObjectId};
use hearthlight::model::bridge::object::{Client, Clip, Object};
use hearthlight::model::bridge::{self, Command, Identity, Import, MAX_APPS, MAX_OBJECTS};
use hearthlight::model::inputs::{Aspect, Input, InputId};
use hearthlight::model::lights::capabilities::Capabilities;
use hearthlight::model::lights::connection::{ConnectionId, Reach};
use hearthlight::model::lights::group::{Group, GroupId, GroupKind};
use hearthlight::model::lights::layers::Stack;
use hearthlight::model::lights::scene::{Content, Scene, SceneId};
use hearthlight::model::lights::{Light, LightId, Reported, Update as LightUpdate};
use hearthlight::model::message::{Origin, Stamped, Update};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::port::Published;
use hearthlight::store::records::{BridgeChange, KeptBridge};
use hearthlight::units::moment::Moment;
use jiff::Timestamp;
use proptest::prelude::*;

const ID: BridgeId = BridgeId([0x00, 0x17, 0x88, 0xFF, 0xFE, 0xAA, 0xBB, 0xCC]);
const KEY: &str = "hT4mJ2u0PqkWfX1sYbR8vLz6cNd5aGe3oiKUB7M9";
const CLIENT_KEY: &str = "00112233445566778899AABBCCDDEEFF";

fn start() -> Timestamp {
    "2026-05-04T18:00:30Z".parse().expect("a time")
}

fn versions() -> Versions {
    Versions { api: "1.67.0".into(), software: "1967054020".into() }
}

/// The service, what the world sees of it, and what lies on the disk.
struct Story {
    bridge: Bridge,
    view: Snapshot,
    kept: KeptBridge,
    at: Duration,
}

impl Story {
    fn new() -> Self {
        Self::reopened(Keys { id: ID, keys: BTreeMap::new() }, KeptBridge::default(), Snapshot::default())
    }

    fn reopened(keys: Keys, kept: KeptBridge, mut view: Snapshot) -> Self {
        let mut bridge = Bridge::new(keys, kept.clone(), &versions());
        let Update::Bridge(opening) = Update::Bridge(bridge.opening(&view)) else { unreachable!() };
        view.bridge.apply(&opening);
        let mut story = Self { bridge, view, kept, at: Duration::ZERO };
        story.settle();
        story
    }

    /// Ends and starts again, with what was kept.
    fn restarted(self) -> Self {
        Self::reopened(self.bridge.keys().clone(), self.kept, self.view)
    }

    fn now(&self) -> Now {
        let at = Moment(u64::try_from(self.at.as_nanos()).expect("no age"));
        Now { at, wall: start() + self.at }
    }

    fn ask(&mut self, command: Command) -> Result<Option<Arc<str>>, String> {
        let decided = self.bridge.on_command(command, &Origin::Operator("Ana".into()), self.now());
        self.settle();
        decided.map(|()| self.bridge.made())
    }

    fn settle(&mut self) -> Out {
        let out = self.bridge.take();
        for update in &out.updates {
            self.view.bridge.apply(update);
        }
        assert_eq!(self.view.bridge, *self.bridge.state(), "what was told is what it knows");
        for change in &out.changes {
            self.keep(change.clone());
        }
        out
    }

    fn keep(&mut self, change: BridgeChange) {
        let kept = &mut self.kept;
        match change {
            BridgeChange::Identity(identity) => kept.identity = Some(Identity::clone(&identity)),
            BridgeChange::Counters(counters) => kept.counters = counters,
            BridgeChange::Ids(thing, ids) => drop(kept.ids.insert(thing, ids)),
            BridgeChange::ForgetIds(thing) => drop(kept.ids.remove(&thing)),
            BridgeChange::Extra(thing, extra) => drop(kept.extras.insert(thing, extra)),
            BridgeChange::ForgetExtra(thing) => drop(kept.extras.remove(&thing)),
            BridgeChange::Object(id, object) => drop(kept.objects.insert(id, object)),
            BridgeChange::ForgetObject(id) => drop(kept.objects.remove(&id)),
        }
    }

    fn hears(&mut self, update: LightUpdate) -> Out {
        self.hears_all(vec![update])
    }

    fn hears_all(&mut self, updates: Vec<LightUpdate>) -> Out {
        let facts: Vec<Stamped> = updates
            .into_iter()
            .map(|update| {
                let (seq, update) = (self.view.seq + 1, Update::Lights(update));
                let fact = Stamped { seq, at: Moment(0), wall: start(), origin: Origin::System, cause: None, update };
                self.view.apply(&fact);
                fact
            })
            .collect();
        self.bridge.on_facts(&Published { snapshot: Arc::new(self.view.clone()), facts: facts.into() });
        self.settle()
    }

    fn ids(&self, thing: &Thing) -> Ids {
        Ids::clone(self.view.bridge.ids(thing).unwrap_or_else(|| panic!("{thing} has no ids")))
    }

    fn number(&self, thing: &Thing, part: &str) -> String {
        self.ids(thing).v1[part].to_string()
    }

    fn pair(&mut self, name: &str, key: &str) -> Result<Option<Arc<str>>, String> {
        let client_key = Some(Secret::new(CLIENT_KEY));
        self.ask(Command::Pair { name: name.to_owned(), key: Secret::new(key), client_key })
    }
}

fn light(id: &str) -> LightUpdate {
    let stack = Stack::default();
    LightUpdate::Light(Arc::new(Light {
        id: LightId(id.into()),
        name: id.into(),
        model: "Lamp".into(),
        connection: ConnectionId("hub".into()),
        local: id.into(),
        capabilities: Arc::new(Capabilities::switch(2.0)),
        wanted: stack.shown(),
        stack: Arc::new(stack),
        reported: Reported::default(),
        reach: Reach::Online,
        streaming_fps: 0.0,
        power_on: None,
        favourite: false,
    }))
}

fn light_gone(id: &str) -> LightUpdate {
    LightUpdate::LightGone(LightId(id.into()))
}

fn group(id: &str) -> LightUpdate {
    let (id, name, kind) = (GroupId(id.into()), id.into(), GroupKind::Room);
    LightUpdate::Group(Arc::new(Group { id, name, kind, lights: BTreeSet::new(), order: 0 }))
}

fn scene(id: &str) -> LightUpdate {
    let content = Content::Still(BTreeMap::new());
    let (id, name) = (SceneId(id.into()), id.into());
    let (palette, active, moving) = (None, false, false);
    LightUpdate::Scene(Arc::new(Scene { id, name, group: None, transition_ms: 0, content, palette, active, moving }))
}

fn input(aspects: &[Aspect]) -> LightUpdate {
    LightUpdate::Input(Arc::new(Input {
        id: InputId("eye".into()),
        name: "Eye".into(),
        model: "Eye".into(),
        connection: ConnectionId("hub".into()),
        local: "9".into(),
        aspects: aspects.into(),
        said: BTreeMap::new(),
        reach: Reach::Online,
    }))
}

fn thing(kind: Kind, id: &str) -> Thing {
    Thing::new(kind, id)
}

fn clip(name: &str) -> Object {
    Object::Clip(Clip {
        name: name.into(),
        kind: "CLIPGenericFlag".into(),
        model: "m".into(),
        maker: "x".into(),
        version: "1".into(),
        unique: "u".into(),
        recycle: false,
        state: r#"{"flag":false}"#.into(),
        config: "{}".into(),
        updated: None,
    })
}

fn put(id: Option<&str>, object: Object) -> Command {
    Command::Put { id: id.map(Arc::from), object: Box::new(object) }
}

#[test]
fn everything_has_ids_in_one_fact_before_it_is_shown() {
    let mut story = Story::new();
    let both = [Kind::Bridge, Kind::Home].map(|kind| thing(kind, ""));
    assert_eq!(story.ids(&both[0]).root, both[0].root(ID));
    assert_eq!(story.number(&both[1], ""), "0");
    let out = story.hears_all(vec![light("desk"), light("hall"), group("hall"), scene("late"), light("desk")]);
    assert!(out.named, "they are on the disk before they are told");
    let [bridge::Update::Ids(named)] = &out.updates[..] else { panic!("one fact: {:?}", out.updates) };
    assert_eq!(named.len(), 4);
    assert_eq!(story.number(&thing(Kind::Light, "desk"), ""), "1");
    assert_eq!(story.number(&thing(Kind::Light, "hall"), ""), "2");
    assert_eq!(story.number(&thing(Kind::Group, "hall"), ""), "1");
    let code = story.number(&thing(Kind::Scene, "late"), "");
    assert!(code.len() == 16 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{code}");
    assert!(story.hears(light("desk")).updates.is_empty(), "nothing is said twice");
}

#[test]
fn each_sensor_that_an_input_is_has_a_number_and_what_it_learns_gets_the_next() {
    let mut story = Story::new();
    story.hears(input(&[Aspect::Motion, Aspect::Battery, Aspect::LightLevel]));
    let eye = thing(Kind::Input, "eye");
    assert_eq!([story.number(&eye, "motion"), story.number(&eye, "light_level")], ["2", "3"]);
    let before = story.ids(&eye);
    story.hears(input(&[Aspect::Motion, Aspect::Battery, Aspect::LightLevel, Aspect::Temperature]));
    let after = story.ids(&eye);
    assert_eq!((after.root, &*after.v1["temperature"]), (before.root, "4"));
    assert!(before.v1.iter().all(|(part, number)| after.v1[part] == *number));
}

#[test]
fn what_goes_and_comes_back_is_called_as_before_with_what_was_noted_beside_it() {
    let mut story = Story::new();
    story.hears_all(vec![light("desk"), light("hall"), scene("late")]);
    let desk = thing(Kind::Light, "desk");
    let extra = Extra { archetype: Some("sultan_bulb".into()), ..Extra::default() };
    story.ask(Command::PutExtra { thing: desk.clone(), extra: extra.clone() }).expect("noted");
    let before = story.ids(&desk);
    story.hears(light_gone("desk"));
    assert!(story.view.bridge.ids(&desk).is_none() && story.view.bridge.extra(&desk).is_none());
    assert!(story.ask(Command::PutExtra { thing: desk.clone(), extra: extra.clone() }).is_err());
    story.hears(light("new"));
    story.hears(light("desk"));
    assert_eq!(story.ids(&desk), before);
    assert_eq!(story.view.bridge.extra(&desk).map(|extra| &**extra), Some(&extra));
    assert_eq!(story.number(&thing(Kind::Light, "new"), ""), "3");

    story.hears(light_gone("desk"));
    let mut story = story.restarted();
    assert!(story.view.bridge.ids(&desk).is_none());
    story.hears(light("desk"));
    assert_eq!(story.ids(&desk), before);
    story.hears_all(vec![light_gone("desk"), light("desk")]);
    assert_eq!(story.ids(&desk), before, "gone and back in one fold");
}

#[test]
fn numbers_outlive_a_lost_counter() {
    let mut story = Story::new();
    story.hears_all(vec![light("a"), light("b")]);
    story.kept.counters = Default::default();
    let mut story = story.restarted();
    story.hears(light("c"));
    assert_eq!(story.number(&thing(Kind::Light, "c"), ""), "3");
}

#[test]
fn the_button_closes_by_itself_and_a_key_is_given_only_before_that() {
    let mut story = Story::new();
    assert!(story.pair("app#desk", KEY).is_err());
    story.ask(Command::Press).expect("pressed");
    let pressed = story.view.bridge.pressed.clone().expect("open");
    assert_eq!((&*pressed.by, pressed.until), ("Ana", start() + Duration::from_secs(30)));
    story.at = Duration::from_millis(29_999);
    let id = story.pair("app#desk", KEY).expect("paired").expect("an id");
    let app = story.view.bridge.apps[&AppId(id)].clone();
    assert_eq!((&*app.name, app.created, app.used, app.streams), ("app#desk", story.now().wall, None, true));
    let ring = story.bridge.keys().ring();
    assert_eq!(ring.find(KEY).expect("found").app, app.id);
    assert!(!format!("{:?}{:?}", story.bridge, story.view).contains(KEY), "a key is never printed");
    story.at = Duration::from_secs(30);
    assert!(story.pair("app#late", &KEY.replace('h', "x")).is_err(), "too late, though nobody looked at the clock");
    story.bridge.on_tick(story.now().at);
    story.settle();
    assert_eq!((story.view.bridge.pressed.clone(), story.bridge.closes()), (None, None));
    story.ask(Command::Press).expect("pressed");
    story.ask(Command::Unpress).expect("closed");
    assert!(story.pair("app#late", &KEY.replace('h', "x")).is_err());
}

#[test]
fn apps_are_checked_bounded_and_taken_back() {
    let mut story = Story::new();
    story.ask(Command::Press).expect("pressed");
    let long = "x".repeat(41);
    for (name, key) in [("", KEY), (&*long, KEY), ("a\nb", KEY), ("a", "short"), ("a", &*"!".repeat(40))] {
        assert!(story.pair(name, key).is_err(), "{name} {key}");
    }
    for n in 0..MAX_APPS {
        story.pair("app", &format!("{n:040}")).expect("paired");
    }
    assert!(story.pair("app", KEY).is_err());
    assert!(story.pair("app", &format!("{:040}", 1)).is_err(), "the key is taken");
    let first = story.view.bridge.apps.keys().next().expect("one").clone();
    story.ask(Command::Revoke(first.clone())).expect("taken back");
    assert!(story.ask(Command::Revoke(first.clone())).is_err());
    assert!(!story.bridge.keys().keys.contains_key(&first));
    let id = story.pair("app", KEY).expect("room again").expect("an id");
    story.bridge.take_back(&AppId(id.clone()));
    assert!(story.bridge.keys().find(KEY).is_none() && !story.bridge.state().apps.contains_key(&AppId(id)));
}

#[test]
fn use_is_noted_to_the_minute_once() {
    let mut story = Story::new();
    story.ask(Command::Press).expect("pressed");
    let id = AppId(story.pair("app", KEY).expect("paired").expect("an id"));
    let ring = story.bridge.keys().ring();
    ring.find(KEY).expect("found").touch(start());
    story.bridge.note_use();
    let out = story.settle();
    assert!(out.keys);
    assert_eq!(story.view.bridge.apps[&id].used, Some("2026-05-04T18:00:00Z".parse().expect("a time")));
    ring.find(KEY).expect("found").touch(start() + Duration::from_secs(20));
    story.bridge.note_use();
    let out = story.settle();
    assert!(!out.keys && out.updates.is_empty());
}

#[test]
fn objects_have_ids_that_are_never_used_again() {
    let mut story = Story::new();
    let made = story.ask(put(None, clip("one"))).expect("kept").expect("an id");
    assert_eq!(&*made, "1");
    let (first, named) = (thing(Kind::Object(ObjectKind::Clip), "1"), ObjectId { kind: ObjectKind::Clip, id: made });
    assert_eq!(story.number(&first, ""), "2");
    assert_eq!(story.ask(put(Some("1"), clip("renamed"))).expect("kept").as_deref(), Some("1"));
    assert_eq!(&**story.view.bridge.objects[&named].name(), "renamed");
    assert!(story.ask(put(Some("7"), clip("no"))).is_err());
    story.ask(Command::Write { id: named.clone(), state: r#"{"flag":true}"#.into() }).expect("written");
    let Object::Clip(written) = &*story.view.bridge.objects[&named] else { panic!("a sensor") };
    assert_eq!((&*written.state, written.updated), (r#"{"flag":true}"#, Some(start())));
    assert!(story.ask(Command::Write { id: named.clone(), state: "[]".into() }).is_err());
    story.ask(Command::Remove(named.clone())).expect("removed");
    assert!(story.view.bridge.ids(&first).is_none() && !story.kept.ids.contains_key(&first));
    assert!(story.ask(Command::Remove(named)).is_err());
    let mut story = story.restarted();
    assert_eq!(story.ask(put(None, clip("two"))).expect("kept").as_deref(), Some("2"));
    assert_eq!(story.number(&thing(Kind::Object(ObjectKind::Clip), "2"), ""), "3");
    let phone = Object::Client(Client { name: "Phone".into(), at_home: None });
    story.ask(put(None, phone)).expect("kept");
    assert_eq!(story.ids(&thing(Kind::Object(ObjectKind::Client), "1")).number(), None, "only version 2 knows it");
    for _ in 1..MAX_OBJECTS {
        story.ask(put(None, clip("many"))).expect("kept");
    }
    assert!(story.ask(put(None, clip("one too many"))).is_err());
    assert!(story.ask(put(Some("2"), clip(&"x".repeat(70_000)))).is_err());
}

#[test]
fn a_light_that_is_gone_is_in_no_area() {
    let mut story = Story::new();
    story.hears_all(vec![light("desk"), light("hall")]);
    let place = |id: &str| Place { light: LightId(id.into()), positions: vec![[0.0; 3]], equalization: 1.0 };
    let (name, kind) = ("TV".into(), "screen".into());
    let area = Object::Area(Area { name, kind, places: vec![place("desk"), place("hall")] });
    story.ask(put(None, area)).expect("kept");
    assert_eq!(story.number(&thing(Kind::Object(ObjectKind::Area), "1"), ""), "1", "numbered among groups");
    story.hears(light_gone("desk"));
    let Object::Area(area) = &**story.view.bridge.objects.values().next().expect("one") else { panic!("an area") };
    assert_eq!(area.places, [place("hall")]);
}

#[test]
fn name_zone_place_and_versions_are_checked_and_kept() {
    let mut story = Story::new();
    story.ask(Command::Rename(" Home ".into())).expect("named");
    story.ask(Command::SetZone("Europe/Berlin".into())).expect("a zone");
    story.ask(Command::SetPlace(52.5, 13.4)).expect("a place");
    for wrong in [
        Command::Rename("  ".into()),
        Command::Rename("x".repeat(33)),
        Command::SetZone("Mars/Base".into()),
        Command::SetPlace(91.0, 0.0),
        Command::SetPlace(0.0, f64::NAN),
    ] {
        assert!(story.ask(wrong.clone()).is_err(), "{wrong:?}");
    }
    story.bridge.announce(&Versions { api: "1.70.0".into(), software: "1970000000".into() });
    story.settle();
    let told = story.view.bridge.identity.clone();
    assert_eq!((&*told.name, &*told.zone, told.place), ("Home", "Europe/Berlin", Some((52.5, 13.4))));
    assert_eq!((&*told.api_version, &*told.sw_version, told.id), ("1.70.0", "1970000000", ID));
    let again = story.restarted().view.bridge.identity;
    assert_eq!((again.name, again.zone, again.place), (told.name, told.zone, told.place));
    assert_eq!(&*again.api_version, "1.67.0", "a setting");
}

#[test]
fn another_bridges_things_keep_their_names_and_ours_make_room() {
    let mut story = Story::new();
    story.hears_all(vec![light("desk"), light("hall")]);
    let other = BridgeId::of_mac([0, 0x17, 0x88, 1, 2, 3]);
    let certificate = Certificate::make(other.0).expect("made");
    let (desk, hall) = (thing(Kind::Light, "desk"), thing(Kind::Light, "hall"));
    let root = uuid::Uuid::from_u128(7);
    let own: BTreeMap<Arc<str>, _> = [("light".into(), uuid::Uuid::from_u128(8))].into();
    let ids = Ids { root, own, v1: [("".into(), "2".into())].into() };
    let app = App { id: AppId("".into()), name: "old".into(), created: start(), used: None, streams: false };
    let import = Import {
        identity: Some(Identity { id: other, name: "Old bridge".into(), ..Identity::default() }),
        apps: vec![(app, Secret::new("0123456789abcdef0123456789abcdef"), None)],
        ids: vec![(desk.clone(), ids.clone())],
        extras: vec![(thing(Kind::Light, "later"), Extra { recycle: true, ..Extra::default() })],
        objects: vec![(Some("9".into()), clip("old"))],
        certificate: None,
    };
    story.ask(Command::Import(Box::new(import))).expect("taken over");
    assert_eq!((story.view.bridge.identity.id, &*story.view.bridge.identity.name), (other, "Old bridge"));
    assert_eq!(story.ids(&desk), ids);
    assert_eq!((story.number(&hall, ""), story.ids(&hall).root), ("3".to_owned(), hall.root(ID)));
    assert_eq!(story.bridge.keys().find("0123456789abcdef0123456789abcdef").map(|key| &*key.name), Some("old"));
    assert_eq!(story.ask(put(None, clip("new"))).expect("kept").as_deref(), Some("10"));
    story.hears(light("later"));
    assert!(story.view.bridge.extra(&thing(Kind::Light, "later")).is_some_and(|extra| extra.recycle));
    let wrong = Import {
        identity: Some(Identity { id: ID, ..Identity::default() }),
        certificate: Some(Secret::new("no certificate")),
        ..Import::default()
    };
    assert!(story.ask(Command::Import(Box::new(wrong))).is_err());
    assert_eq!(story.view.bridge.identity.id, other);
    drop(certificate);
}

#[test]
fn keys_lie_in_a_private_file_and_a_damaged_one_is_set_aside() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = Files::within(folder.path());
    let (fresh, told) = open_keys(&files).expect("opened");
    assert!(told.is_empty() && fresh.keys.is_empty());
    assert_eq!(fresh.id.mac()[..3], [0x00, 0x17, 0x88]);
    let mut story = Story::reopened(fresh, KeptBridge::default(), Snapshot::default());
    story.ask(Command::Press).expect("pressed");
    story.pair("app", KEY).expect("paired");
    story.bridge.keys().save(&files.keys).expect("saved");
    let (again, _) = open_keys(&files).expect("opened");
    assert_eq!((again.id, again.apps()), (story.bridge.keys().id, story.bridge.keys().apps()));
    let (key, client_key) = (again.find(KEY).expect("found"), keys::client_key(CLIENT_KEY));
    assert!(client_key.is_some() && key.client_key == client_key);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&files.keys).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    std::fs::write(&files.keys, "{").expect("damaged");
    let (new, told) = open_keys(&files).expect("opened");
    assert!(new.id != again.id && told.len() == 1, "{told:?}");
    assert_eq!(std::fs::read(files.keys.with_extension("json.damaged")).expect("kept"), b"{");
}

#[test]
fn drafts_that_a_killed_program_left_harm_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = Files::within(folder.path());
    let (keys, _) = open_keys(&files).expect("opened");
    let (certificate, _) = Certificate::open(&files.certificate, keys.id.0).expect("made");
    for file in [&files.keys, &files.certificate] {
        let whole = std::fs::read(file).expect("there");
        // Of this process and of another one, each written half.
        for process in [std::process::id(), 1] {
            let draft = format!("{}.{process}.draft", file.display());
            std::fs::write(draft, &whole[..whole.len() / 2]).expect("written");
        }
    }
    let (again, told) = open_keys(&files).expect("opened");
    assert_eq!((again.id, told), (keys.id, Vec::new()));
    let (shown, told) = Certificate::open(&files.certificate, keys.id.0).expect("read");
    assert_eq!((shown.der(), told), (certificate.der(), None));
    keys.save(&files.keys).expect("over its own draft");
    certificate.save(&files.certificate).expect("over its own draft");
}

#[test]
fn what_cannot_be_written_is_told_plainly_and_the_bridge_is_there_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    // A folder that is not there, and one that is a file.
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    for secrets in [folder.path().join("gone"), file] {
        let files = Files::within(&secrets);
        let (keys, told) = open_keys(&files).expect("a number");
        let [said] = &told[..] else { panic!("{told:?}") };
        assert!(said.contains("could not be") && said.contains(&*secrets.to_string_lossy()), "{said}");
        assert_eq!(keys.id.mac()[..3], [0x00, 0x17, 0x88]);
        let (certificate, told) = Certificate::open(&files.certificate, keys.id.0).expect("made");
        let said = told.expect("a word");
        assert!(said.contains("could not be kept") && said.contains(&*secrets.to_string_lossy()), "{said}");
        assert!(certificate.is_of(keys.id.0));
        assert!(keys.save(&files.keys).is_err() && certificate.save(&files.certificate).is_err());
    }
}

#[derive(Clone, Debug)]
enum Step {
    Light(u8),
    LightGone(u8),
    Group(u8),
    GroupGone(u8),
    Clip,
    Remove(u8),
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (0..6_u8).prop_map(Step::Light),
        (0..6_u8).prop_map(Step::LightGone),
        (0..4_u8).prop_map(Step::Group),
        (0..4_u8).prop_map(Step::GroupGone),
        Just(Step::Clip),
        (0..6_u8).prop_map(Step::Remove),
        Just(Step::Restart),
    ];
    prop::collection::vec(step, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_story_calls_two_things_alike_or_one_thing_differently(steps in steps()) {
        let mut story = Story::new();
        let mut names: BTreeMap<Thing, Ids> = BTreeMap::new();
        let mut owners: BTreeMap<(String, Arc<str>), Thing> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Light(n) => drop(story.hears(light(&format!("l{n}")))),
                Step::LightGone(n) => drop(story.hears(light_gone(&format!("l{n}")))),
                Step::Group(n) => drop(story.hears(group(&format!("g{n}")))),
                Step::GroupGone(n) => drop(story.hears(LightUpdate::GroupGone(GroupId(format!("g{n}").into())))),
                Step::Clip => drop(story.ask(put(None, clip("c")))),
                Step::Remove(n) => {
                    let id = ObjectId { kind: ObjectKind::Clip, id: n.to_string().into() };
                    drop(story.ask(Command::Remove(id)));
                }
                Step::Restart => story = story.restarted(),
            }
            for (thing, ids) in story.view.bridge.ids.iter() {
                prop_assert_eq!(names.entry(thing.clone()).or_insert_with(|| Ids::clone(ids)), &**ids);
                for number in ids.v1.values() {
                    let family = format!("{:?}", thing.kind);
                    let owner = owners.entry((family, Arc::clone(number))).or_insert_with(|| thing.clone());
                    prop_assert_eq!(&*owner, thing);
                }
            }
        }
    }
}
