//! Lights with all that belongs to them: kept, forgotten, damaged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hearthlight::model::inputs::{Aspect, Input, InputId};
use hearthlight::model::lights::capabilities::Capabilities;
use hearthlight::model::lights::connection::{Connection, ConnectionId, Counts, Reach, Target};
use hearthlight::model::lights::group::{Group, GroupId, GroupKind};
use hearthlight::model::lights::layers::{Kind, Layer, Stack};
use hearthlight::model::lights::scene::{Content, Palette, Scene, SceneId};
use hearthlight::model::lights::state::{Change, Color, State};
use hearthlight::model::lights::{Light, LightId, Lights, Reported};
use hearthlight::store::Store;
use hearthlight::store::records::LightsChange;
use hearthlight::units::color::{Mirek, Xy};
use rusqlite::Connection as Database;

use super::{minute, open, place};

fn layer(kind: Kind) -> Layer {
    let change = Change { on: Some(true), ..Change::default() };
    let (key, name, by): (Arc<str>, Arc<str>, Arc<str>) = ("k".into(), "Fire".into(), "alarm fire".into());
    Layer { key, kind, name, by, since: minute(2), change, hold: None }
}

fn light(name: &str) -> Light {
    let color = Color::Xy(Xy::new(0.64, 0.33).unwrap());
    let base = State { on: true, brightness: 0.25, color, effect: Some("Rain".into()) };
    let stack = Stack { base, by: "Ana".into(), layers: vec![layer(Kind::Alarm)] };
    Light {
        id: LightId(name.into()),
        name: "Lamp \"one\"".into(),
        model: "WLED".into(),
        connection: ConnectionId("wled-1".into()),
        local: "0".into(),
        capabilities: Arc::new(Capabilities { effects: Arc::new(["Rain".into()]), ..Capabilities::switch(2.0) }),
        wanted: stack.shown(),
        stack: Arc::new(stack),
        reported: Reported::default(),
        reach: Reach::Starting,
        streaming_fps: 0.0,
        power_on: None,
        favourite: true,
    }
}

fn all() -> Lights {
    let connection = Connection {
        id: ConnectionId("wled-1".into()),
        identity: Some("aa01".into()),
        name: "Shelf".into(),
        model: "WLED 0.15".into(),
        target: Target { family: "wled".into(), address: "10.0.0.4".into(), options: BTreeMap::new() },
        reach: Reach::Starting,
        latency_ms: None,
        counts: Counts::default(),
        simulated: false,
    };
    let lights = BTreeSet::from([LightId("a".into())]);
    let group = Group { id: GroupId("hall".into()), name: "Hall".into(), kind: GroupKind::Room, lights, order: 3 };
    let content =
        Content::Still(BTreeMap::from([(LightId("a".into()), Change { on: Some(true), ..Change::default() })]));
    let group_id = Some(group.id.clone());
    let scene = Scene {
        id: SceneId("late".into()),
        name: "Late".into(),
        group: group_id,
        transition_ms: 900,
        content,
        palette: Some(Palette { colors: vec![Color::Mirek(Mirek::new(366))], brightness: 0.5, speed: 0.5 }),
        active: true,
        moving: true,
    };
    let input = Input {
        id: InputId("dial".into()),
        name: "Dial".into(),
        model: "RDM".into(),
        connection: connection.id.clone(),
        local: "7".into(),
        aspects: Arc::new([Aspect::Buttons(Arc::new(["on".into()])), Aspect::Battery]),
        said: BTreeMap::new(),
        reach: Reach::Starting,
    };
    Lights {
        lights: ["a", "b"].map(|name| (LightId(name.into()), Arc::new(light(name)))).into(),
        groups: [(group.id.clone(), Arc::new(group))].into(),
        scenes: [(scene.id.clone(), Arc::new(scene))].into(),
        connections: [(connection.id.clone(), Arc::new(connection))].into(),
        inputs: [(input.id.clone(), Arc::new(input))].into(),
        master: 0.75,
        ..Lights::default()
    }
}

/// One of everything.
pub(super) fn fill(store: &Store) {
    let Lights { lights, groups, scenes, connections, inputs, master, .. } = all();
    for light in lights.values() {
        store.save_lights(LightsChange::Light(Arc::clone(light)));
        store.save_lights(LightsChange::Stack(light.id.clone(), Arc::clone(&light.stack)));
    }
    groups.values().for_each(|group| store.save_lights(LightsChange::Group(Arc::clone(group))));
    scenes.values().for_each(|scene| store.save_lights(LightsChange::Scene(Arc::clone(scene))));
    connections.values().for_each(|known| store.save_lights(LightsChange::Connection(Arc::clone(known))));
    inputs.values().for_each(|input| store.save_lights(LightsChange::Input(Arc::clone(input))));
    store.save_lights(LightsChange::Master(master));
}

#[test]
fn what_was_kept_is_there_after_reopening() {
    let (_folder, file) = place();
    let store = open(&file);
    assert_eq!(store.lights().expect("read").lights, Lights::default());
    fill(&store);
    store.close().expect("written");
    let found = open(&file).lights().expect("read");
    assert_eq!((found.lights, found.damaged), (all(), Vec::<String>::new()));
}

#[test]
fn what_was_forgotten_stays_forgotten_and_streams_are_not_kept() {
    let (_folder, file) = place();
    let store = open(&file);
    fill(&store);
    store.flush().expect("written");
    let mut stack = Stack::clone(&light("b").stack);
    stack.put(layer(Kind::Stream));
    stack.put(layer(Kind::Effect));
    store.save_lights(LightsChange::Stack(LightId("b".into()), Arc::new(stack)));
    store.save_lights(LightsChange::Stack(LightId("a".into()), Arc::default()));
    store.save_lights(LightsChange::ForgetLight(LightId("a".into())));
    store.save_lights(LightsChange::ForgetGroup(GroupId("hall".into())));
    store.save_lights(LightsChange::ForgetScene(SceneId("late".into())));
    store.save_lights(LightsChange::ForgetInput(InputId("dial".into())));
    store.close().expect("written");
    let found = open(&file).lights().expect("read").lights;
    assert_eq!(found.lights.values().map(|light| Light::clone(light)).collect::<Vec<_>>(), [light("b")]);
    assert!(found.groups.is_empty() && found.scenes.is_empty() && found.inputs.is_empty());
    let raw = Database::open(&file).expect("opens");
    let n: i64 = raw.query_row("SELECT count(*) FROM light_stack", [], |row| row.get(0)).expect("counted");
    assert_eq!(n, 1);
}

#[test]
fn what_is_damaged_is_left_out_and_told_of() {
    let (_folder, file) = place();
    let store = open(&file);
    fill(&store);
    store.close().expect("written");
    let raw = Database::open(&file).expect("opens");
    raw.execute("UPDATE light SET body = 'x' WHERE id = 'a'", []).expect("done");
    raw.execute("UPDATE light_stack SET body = '{}' WHERE id = 'b'", []).expect("done");
    raw.execute("UPDATE scene SET body = ''", []).expect("done");
    raw.execute("UPDATE single SET body = '7' WHERE name = 'lights_master'", []).expect("done");
    let found = open(&file).lights().expect("read");
    assert_eq!(found.damaged.len(), 3, "{:?}", found.damaged);
    assert_eq!((found.lights.lights.len(), found.lights.groups.len(), found.lights.master), (1, 1, 1.0));
    assert_eq!(*found.lights.lights[&LightId("b".into())].stack, Stack::default());
    raw.execute("DELETE FROM connection", []).expect("done");
    let found = open(&file).lights().expect("read");
    assert!(found.lights.lights.is_empty() && found.lights.inputs.is_empty() && found.damaged.len() == 5);
}

#[test]
fn a_change_writes_its_own_row_alone() {
    let (_folder, file) = place();
    let store = open(&file);
    let effects: Arc<[Arc<str>]> = (0..180).map(|n| Arc::from(format!("Effect {n}"))).collect();
    for n in 0..200 {
        let mut light = light(&format!("light-{n}"));
        light.capabilities = Arc::new(Capabilities { effects: Arc::clone(&effects), ..Capabilities::switch(2.0) });
        let stack = Arc::clone(&light.stack);
        store.save_lights(LightsChange::Stack(light.id.clone(), stack));
        store.save_lights(LightsChange::Light(Arc::new(light)));
    }
    store.flush().expect("written");
    let before = store.written_bytes();
    store.save_lights(LightsChange::Stack(LightId("light-7".into()), Arc::new(Stack::default())));
    store.flush().expect("written");
    let written = store.written_bytes() - before;
    assert!(written < 200, "{written} bytes for one light of 200");
}
