//! The Lights page, the inspector of a light and scenes, by their accessible names and by the keyboard alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::{Event, Key, Modifiers, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use hearthlight::model::lights::capabilities::{Capabilities, PowerOn, Rates};
use hearthlight::model::lights::connection::{Connection, ConnectionId, Counts, Finding, Reach, Target};
use hearthlight::model::lights::group::{Group, GroupId, GroupKind};
use hearthlight::model::lights::layers::{Hold, Kind, Layer, Stack};
use hearthlight::model::lights::scene::{Content, Palette, Scene, SceneId, Slot};
use hearthlight::model::lights::state::{Change, Color, State};
use hearthlight::model::lights::{self, Aim, Command, Light, LightId, Lights, Reported};
use hearthlight::model::message::{self, Origin, Stamped};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system;
use hearthlight::port::Published;
use hearthlight::port::slots::Slots;
use hearthlight::ui::app::Window;
use hearthlight::ui::panels::lights::acts::dimmed;
use hearthlight::ui::panels::lights::cells::Cells;
use hearthlight::ui::panels::lights::rows::{By, Plan, Row, Wanted};
use hearthlight::ui::theme::{size, space};
use hearthlight::ui::trails::Trails;
use hearthlight::ui::widgets::stops::Stops;
use hearthlight::units::color::{Gamut, Mirek, Srgb8, Xy};
use hearthlight::units::moment::Moment;
use proptest::prelude::*;

use crate::ui::{House, click, house, sent, start, wall};

pub(crate) fn light(id: &str, name: &str, brightness: f32) -> Light {
    let base = State { on: brightness > 0.0, brightness, color: Color::Mirek(Mirek::new(366)), effect: None };
    Light {
        id: LightId(id.into()),
        name: name.into(),
        model: "Hue LCT024".into(),
        connection: ConnectionId("bridge".into()),
        local: id.into(),
        capabilities: Arc::new(Capabilities {
            dimming: true,
            color: Some(Gamut::C),
            mirek: Some(153..=500),
            segments: 0,
            pixels: 1,
            transition: true,
            effects: Arc::new(["candle".into()]),
            power_on: Arc::new([PowerOn::Off, PowerOn::Previous]),
            identify: true,
            rates: Rates { changes_hz: 10.0, frames_hz: 25.0 },
        }),
        stack: Arc::new(Stack { base: base.clone(), by: "".into(), layers: Vec::new() }),
        reported: Reported { on: Some(base.on), brightness: Some(brightness), ..Reported::default() },
        wanted: base,
        reach: Reach::Online,
        streaming_fps: 0.0,
        power_on: Some(PowerOn::Off),
        favourite: false,
    }
}

fn id(name: &str) -> LightId {
    LightId(name.into())
}

fn of(name: &str) -> Vec<Aim> {
    vec![Aim::Light(id(name))]
}

fn group(name: &str, kind: GroupKind, lights: &[&str]) -> Arc<Group> {
    let lights = lights.iter().map(|name| id(name)).collect();
    Arc::new(Group { id: GroupId(name.to_lowercase().into()), name: name.into(), kind, lights, order: 0 })
}

fn scene(name: &str, content: Content) -> Arc<Scene> {
    Arc::new(Scene {
        id: SceneId(name.to_lowercase().into()),
        name: name.into(),
        group: Some(GroupId("workshop".into())),
        transition_ms: 400,
        content,
        palette: None,
        active: false,
        moving: false,
    })
}

/// Workshop with a desk lamp (80 %), a strip of eight segments (40 %), a shelf (off); Kitchen with an island (50 %) that is
/// gone since ten minutes.
pub(crate) fn lit() -> Lights {
    let mut lights = Lights::default();
    let mut strip = light("strip", "Desk strip", 0.4);
    let gradient: Arc<[Xy]> = (0..8).map(|i| Xy::new(0.2 + 0.05 * i as f32, 0.3).unwrap()).collect();
    let color = Color::Gradient(gradient);
    strip.capabilities = Arc::new(Capabilities { segments: 8, ..Capabilities::clone(&strip.capabilities) });
    strip.stack = Arc::new(Stack { base: State { color: color.clone(), ..strip.wanted.clone() }, ..Stack::default() });
    strip.wanted.color = color;
    let mut island = light("island", "Island", 0.5);
    island.reach = Reach::Unreachable { since: wall(), why: "timeout".into() };
    for light in [light("desk", "Desk lamp", 0.8), strip, light("shelf", "Shelf", 0.0), island] {
        lights.lights.insert(light.id.clone(), Arc::new(light));
    }
    for group in [
        group("Workshop", GroupKind::Room, &["desk", "strip", "shelf"]),
        group("Kitchen", GroupKind::Room, &["island"]),
        group("Upstairs", GroupKind::Zone, &["desk", "island"]),
    ] {
        lights.groups.insert(group.id.clone(), group);
    }
    let still = Content::Still(BTreeMap::from([(id("desk"), Change { on: Some(true), ..Change::default() })]));
    for scene in [scene("Evening", still), scene("Waves", Content::Moving(palette()))] {
        lights.scenes.insert(scene.id.clone(), scene);
    }
    let connection = Connection {
        id: ConnectionId("bridge".into()),
        identity: Some("001788abcdef".into()),
        name: "Hue bridge".into(),
        model: "BSB002".into(),
        target: Target { family: "hue".into(), address: "192.168.1.2".into(), options: BTreeMap::new() },
        reach: Reach::Online,
        latency_ms: Some(12.0),
        counts: Counts::default(),
        simulated: false,
    };
    lights.connections.insert(connection.id.clone(), Arc::new(connection));
    lights
}

fn palette() -> Palette {
    let color = |hex| Color::Xy(Srgb8::from_hex(hex).unwrap().linear().xy());
    Palette { colors: vec![color("#FF8A3D"), color("#3D6AFF")], brightness: 0.8, speed: 0.4 }
}

fn house_of(lights: Lights) -> House {
    let mut snapshot = Snapshot { seq: 1, lights, ..Snapshot::default() };
    snapshot.system.reach = system::Reach::Lan;
    snapshot.system.operator = "Ana".into();
    house(snapshot, Slots::default())
}

fn open(house: &House) -> Harness<'static, Window> {
    let mut harness = start(house, vec2(1700.0, 1000.0));
    click(&mut harness, "Lights");
    harness
}

fn asked(house: &mut House) -> Vec<Command> {
    let lights = |command| match command {
        message::Command::Lights(command) => Some(command),
        _ => None,
    };
    sent(house).into_iter().filter_map(lights).collect()
}

fn row(name: &str) -> String {
    match name {
        "desk" => "Desk lamp, on, 80\u{a0}%, 2730\u{a0}K, reachable, by the light itself".to_owned(),
        "strip" => "Desk strip, on, 40\u{a0}%, 8 colours, reachable, by the light itself".to_owned(),
        "shelf" => "Shelf, off, reachable, by the light itself".to_owned(),
        _ => "Island, on, 50\u{a0}%, 2730\u{a0}K, unreachable, by the light itself".to_owned(),
    }
}

/// A light is picked by a click on its row, a room by one on its heading: beside the controls in them.
fn pick(harness: &mut Harness<'_, Window>, name: &str) {
    pick_row(harness, &row(name));
}

fn pick_row(harness: &mut Harness<'_, Window>, label: &str) {
    let rect = harness.get_by_label(label).rect();
    let at = pos2(rect.left() + 120.0, rect.center().y);
    harness.hover_at(at);
    harness.run_steps(1);
    harness.drag_at(at);
    harness.run_steps(1);
    harness.drop_at(at);
    harness.run_steps(3);
}

fn type_into(harness: &mut Harness<'_, Window>, label: &str, text: &str) {
    harness.get_by_label(label).focus();
    harness.run_steps(2);
    harness.get_by_label(label).type_text(text);
    harness.run_steps(3);
}

fn picked(harness: &Harness<'_, Window>) -> BTreeSet<LightId> {
    harness.state().stage().lights.picked.clone()
}

#[test]
fn rooms_say_how_many_are_on_and_switch_them_all() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    harness.get_by_label("Workshop, 3 lights, 2 on");
    click(&mut harness, "Switch Workshop, 2 of 3 on");
    let change = Change { on: Some(false), ..Change::default() };
    let aims = vec![Aim::Group(GroupId("workshop".into()))];
    assert_eq!(asked(&mut house), [Command::Set { aims, change }]);
}

#[test]
fn a_light_says_what_it_shows_and_what_is_wrong() {
    let house = house_of(lit());
    let mut harness = open(&house);
    harness.get_by_label(&row("desk"));
    harness.get_by_label(&row("shelf"));
    pick(&mut harness, "island");
    harness.get_by_label("Unreachable since 14:13");
    harness.get_by_label("Timeout");
}

#[test]
fn a_switch_and_a_slider_ask_for_one_light() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    click(&mut harness, "Switch Shelf");
    let change = Change { on: Some(true), ..Change::default() };
    assert_eq!(asked(&mut house), [Command::Set { aims: of("shelf"), change }]);
    harness.get_by_label("Brightness of Desk lamp").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(4);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    harness.run_steps(2);
    let asked = asked(&mut house);
    let shares: Vec<f32> = asked
        .iter()
        .map(|command| match command {
            Command::Set { aims, change } if *aims == of("desk") => change.brightness.unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    // The engine did not follow the first: it holds what it held.
    assert_eq!(shares.len(), 2);
    assert!((shares[0] - 0.79).abs() < 1e-4 && (shares[1] - 0.70).abs() < 1e-4, "{shares:?}");
}

#[test]
fn one_drag_is_one_step_that_puts_the_base_back() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    let rect = harness.get_by_label("Brightness of Desk lamp").rect();
    let at = |share: f32| pos2(egui::lerp(rect.x_range(), share), rect.center().y);
    harness.drag_at(at(0.8));
    harness.run_steps(1);
    for share in [0.7, 0.6, 0.5, 0.4, 0.3] {
        harness.hover_at(at(share));
        harness.run_steps(1);
    }
    harness.drop_at(at(0.3));
    harness.run_steps(2);
    let all = asked(&mut house);
    assert!(all.len() >= 4, "newest wins, but it moves meanwhile: {all:?}");
    let last = match all.last() {
        Some(Command::Set { change, .. }) => change.brightness.unwrap(),
        other => panic!("{other:?}"),
    };
    assert!((0.25..0.35).contains(&last), "{last}");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(2);
    let before = lit().lights[&id("desk")].stack.base.clone();
    assert_eq!(asked(&mut house), [Command::Restore { bases: vec![(id("desk"), before)] }]);
    assert!(harness.state().stage().undo.last().is_none(), "one drag, one step");
}

#[test]
fn lights_are_picked_by_keys_and_changed_together() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    for _ in 0..2 {
        harness.key_press(Key::ArrowDown);
        harness.run_steps(2);
    }
    // Kitchen comes before Workshop; its island is the first.
    assert_eq!(picked(&harness), BTreeSet::from([id("desk")]));
    harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowDown);
    harness.run_steps(3);
    assert_eq!(picked(&harness), BTreeSet::from([id("desk"), id("strip")]));
    harness.get_by_label("2 selected");
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    let both = vec![Aim::Light(id("desk")), Aim::Light(id("strip"))];
    assert_eq!(asked(&mut house), [Command::Step { aims: both.clone(), by: 0.01 }]);
    harness.key_press(Key::Space);
    harness.run_steps(2);
    let change = Change { on: Some(false), ..Change::default() };
    assert_eq!(asked(&mut house), [Command::Set { aims: both, change }]);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    assert_eq!(picked(&harness).len(), 4);
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert!(picked(&harness).is_empty());
}

#[test]
fn the_bar_of_many_switches_colours_and_makes_scenes_and_rooms() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(3);
    click(&mut harness, "Selected lights off");
    click(&mut harness, "Blue, selected lights");
    let all = asked(&mut house);
    let [Command::Set { aims, change: off }, Command::Set { change: blue, .. }] = &all[..] else { panic!("{all:?}") };
    assert_eq!((aims.len(), off.on), (4, Some(false)));
    assert!(matches!(blue.color, Some(Color::Xy(_))));
    click(&mut harness, "Scene from these\u{2026}");
    harness.get_by_label("What 4 lights show now");
    type_into(&mut harness, "Name of the scene", "Work");
    click(&mut harness, "Save");
    let all = asked(&mut house);
    let [Command::PutScene { scene: None, name, content: Some(Content::Still(states)), .. }] = &all[..] else {
        panic!("{all:?}")
    };
    assert_eq!((name.as_str(), states.len()), ("Work", 4));
}

#[test]
fn i_identifies_f2_renames_and_b_marks_the_light_that_is_here() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    pick(&mut harness, "desk");
    harness.key_press(Key::I);
    harness.run_steps(2);
    harness.key_press(Key::B);
    harness.run_steps(2);
    let favourite = Command::SetFavourite { light: id("desk"), favourite: true };
    assert_eq!(asked(&mut house), [Command::Identify(id("desk")), favourite]);
    harness.key_press(Key::F2);
    harness.run_steps(3);
    harness.get_by_label("Name of the light").type_text(" 2");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(asked(&mut house), [Command::Rename { light: id("desk"), name: "Desk lamp 2".to_owned() }]);
}

#[test]
fn the_inspector_takes_hex_white_power_on_and_effects() {
    let mut house = house_of(lit());
    let mut harness = start(&house, vec2(1700.0, 1600.0));
    click(&mut harness, "Lights");
    pick(&mut harness, "desk");
    let field = harness.get_by_label("Colour as hex");
    field.focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.get_by_label("Colour as hex").type_text("#FF8A3D");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    let wanted = Gamut::C.clamp(Srgb8::new(0xFF, 0x8A, 0x3D).linear().xy());
    let all = asked(&mut house);
    let [Command::Set { change, .. }] = &all[..] else { panic!("{all:?}") };
    let Some(Color::Xy(xy)) = &change.color else { panic!("{change:?}") };
    assert!(xy.distance(wanted) < 1e-3);
    harness.get_by_label("White, warm to cold").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    let all = asked(&mut house);
    let [Command::Set { change, .. }] = &all[..] else { panic!("{all:?}") };
    let Some(Color::Mirek(mirek)) = change.color else { panic!("{change:?}") };
    assert!(mirek < Mirek::new(366), "right is colder: {mirek:?}");
    click(&mut harness, "Effect of its own: None");
    click(&mut harness, "candle");
    click(&mut harness, "When power comes back: Off");
    click(&mut harness, "As it was");
    let effect = Change { effect: Some("candle".into()), ..Change::default() };
    let power_on = Command::SetPowerOn { light: id("desk"), power_on: PowerOn::Previous };
    assert_eq!(asked(&mut house), [Command::Set { aims: of("desk"), change: effect }, power_on]);
}

#[test]
fn the_wheel_stays_in_the_gamut_and_moves_by_keys() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    pick(&mut harness, "desk");
    harness.get_by_label("Colour").focus();
    harness.run_steps(2);
    for _ in 0..12 {
        harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowUp);
        harness.run_steps(1);
    }
    let all = asked(&mut house);
    assert!(!all.is_empty());
    for command in &all {
        let Command::Set { change: Change { color: Some(Color::Xy(xy)), .. }, .. } = command else {
            panic!("{command:?}")
        };
        assert!(Gamut::C.contains(Gamut::C.clamp(*xy)) && Gamut::C.clamp(*xy).distance(*xy) < 1e-4);
    }
}

#[test]
fn stops_of_segments_are_mirrored_and_painted() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    pick(&mut harness, "strip");
    harness.get_by_label("Stop 1 of 2");
    click(&mut harness, "Mirror");
    let all = asked(&mut house);
    let [Command::Set { aims, change }] = &all[..] else { panic!("{all:?}") };
    assert_eq!(*aims, of("strip"));
    let Some(Color::Gradient(points)) = &change.color else { panic!("{change:?}") };
    assert_eq!(points.len(), 8);
    assert!((0..4).all(|i| points[i].distance(points[7 - i]) < 1e-3), "{points:?}");
}

#[test]
fn layers_are_listed_and_a_hold_is_released() {
    let mut lights = lit();
    let mut desk = Light::clone(&lights.lights[&id("desk")]);
    let mut stack = Stack::clone(&desk.stack);
    let change = Change { brightness: Some(0.2), ..Change::default() };
    let hold = Hold { change: Change { brightness: Some(0.6), ..Change::default() }, by: "Ana".into(), until: None };
    let layer = |kind, name: &str, hold| Layer {
        key: name.into(),
        kind,
        name: name.into(),
        by: "".into(),
        since: wall(),
        change: change.clone(),
        hold,
    };
    stack.layers = vec![layer(Kind::Schedule, "Night", None), layer(Kind::Effect, "Fire", Some(hold))];
    assert!((stack.shown().brightness - 0.6).abs() < 1e-6);
    desk.stack = Arc::new(stack);
    lights.lights.insert(desk.id.clone(), Arc::new(desk));
    let mut house = house_of(lights);
    let mut harness = open(&house);
    pick_row(&mut harness, "Desk lamp, on, 60\u{a0}%, 2730\u{a0}K, reachable, by you, above effect Fire");
    harness.get_by_label("You: 60\u{a0}%, in force");
    harness.get_by_label("Schedule: Night, since 14:13");
    click(&mut harness, "Release Desk lamp");
    assert_eq!(asked(&mut house), [Command::Release { aims: of("desk") }]);
}

#[test]
fn each_layer_says_what_of_it_is_in_force() {
    let mut lights = lit();
    let mut desk = Light::clone(&lights.lights[&id("desk")]);
    let layer = Layer {
        key: "hot".into(),
        kind: Kind::Alarm,
        name: "Too hot".into(),
        by: "".into(),
        since: wall(),
        change: Change { brightness: Some(1.0), ..Change::default() },
        hold: None,
    };
    desk.stack = Arc::new(Stack { layers: vec![layer], ..Stack::clone(&desk.stack) });
    lights.lights.insert(desk.id.clone(), Arc::new(desk));
    let house = house_of(lights);
    let mut harness = open(&house);
    pick_row(&mut harness, "Desk lamp, on, 100\u{a0}%, 2730\u{a0}K, reachable, by alarm Too hot");
    let tops = [
        "Alarm: Too hot, since 14:13, in force",
        "You: none",
        "Effect: none",
        "Schedule: none",
        "Base: on, 80\u{a0}%, 2730\u{a0}K, by the light itself, in force for power, colour",
    ]
    .map(|label| harness.get_by_label(label).rect().top());
    assert!(tops.is_sorted(), "{tops:?}");
}

#[test]
fn a_light_that_mixes_only_whites_is_offered_only_whites() {
    let mut lights = lit();
    let white = |light: &Light| {
        let capabilities = Capabilities { color: None, ..Capabilities::clone(&light.capabilities) };
        Light { capabilities: Arc::new(capabilities), ..light.clone() }
    };
    let shelf = white(&lights.lights[&id("shelf")]);
    lights.lights.insert(shelf.id.clone(), Arc::new(shelf));
    let house = house_of(lights);
    let mut harness = open(&house);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(3);
    click(&mut harness, "Blue, selected lights");
    click(&mut harness, "White of the selected lights");
    click(&mut harness, "4000\u{a0}K");
    pick(&mut harness, "desk");
    harness.get_by_label("Recent colour 4000\u{a0}K");
    assert_eq!(harness.query_all_by_label_contains("Recent colour #").count(), 1);
    pick(&mut harness, "shelf");
    harness.get_by_label("Recent colour 4000\u{a0}K");
    assert_eq!(harness.query_all_by_label_contains("Recent colour #").count(), 0);
}

#[test]
fn nothing_in_the_inspector_or_in_a_narrow_row_touches_its_neighbour() {
    let house = house_of(lit());
    let mut harness = start(&house, vec2(1700.0, 1600.0));
    click(&mut harness, "Lights");
    pick(&mut harness, "desk");
    let rect = |label: &str| harness.get_by_label(label).rect();
    assert!(rect("Identify").bottom() + 4.0 <= rect("Room: Workshop").top());
    for width in [480.0, 520.0, 759.0, 760.0, 1200.0] {
        let row = egui::Rect::from_min_size(pos2(0.0, 0.0), vec2(width, 40.0));
        let cells = Cells::of(row);
        let button = row.right() - space::S - size::CONTROL;
        assert!(cells.percent.right() <= button, "{width}: {cells:?}");
        assert!(cells.by.unwrap_or(cells.percent).right() <= row.right(), "{width}: {cells:?}");
    }
}

#[test]
fn the_inspector_shows_how_bright_a_light_was() {
    let house = house_of(lit());
    let mut harness = open(&house);
    pick(&mut harness, "desk");
    harness.get_by_label("Brightness of Desk lamp in the last ten minutes: 80\u{a0}%");
    let before = house.port.view();
    let mut snapshot = Snapshot::clone(&before);
    snapshot.seq += 1;
    let dimmed = Arc::new(light("desk", "Desk lamp", 0.3));
    snapshot.lights.lights.insert(dimmed.id.clone(), Arc::clone(&dimmed));
    let fact = fact(snapshot.seq, Moment::from_millis(60_000), dimmed);
    house.facts.send(Published { snapshot: Arc::new(snapshot), facts: Arc::from([fact]) }).unwrap();
    harness.run_steps(3);
    harness.get_by_label("Brightness of Desk lamp in the last ten minutes: 30\u{a0}% to 80\u{a0}%");
}

fn fact(seq: u64, at: Moment, light: Arc<Light>) -> Stamped {
    let update = message::Update::Lights(lights::Update::Light(light));
    Stamped { seq, at, wall: wall(), origin: Origin::System, cause: None, update }
}

#[test]
fn a_trail_goes_up_and_down_in_steps_and_forgets_what_is_old() {
    let at = Moment::from_millis;
    let lamp = |brightness| light("desk", "Desk lamp", brightness);
    let mut before = Lights::default();
    before.lights.insert(id("desk"), Arc::new(lamp(0.5)));
    let mut trails = Trails::default();
    trails.begin(at(1_000));
    assert_eq!(trails.steps(&lamp(0.5), at(3_000)), [(at(1_000), 0.5), (at(3_000), 0.5)]);
    for (ms, brightness) in [(10_000, 1.0), (10_100, 0.75), (20_000, 0.0)] {
        trails.note(&before, &fact(1, at(ms), Arc::new(lamp(brightness))));
    }
    let steps = trails.steps(&lamp(0.0), at(30_000));
    let shown: Vec<(u64, f64)> = steps.iter().map(|(at, value)| (at.0 / 1_000_000, *value)).collect();
    let wanted = [(1_000, 0.5), (10_000, 0.5), (10_000, 0.75), (20_000, 0.75), (20_000, 0.0), (30_000, 0.0)];
    assert_eq!(shown, wanted, "what is close together is one change");
    let late = trails.steps(&lamp(0.0), at(700_000));
    assert_eq!(late, [(at(100_000), 0.0), (at(700_000), 0.0)]);
    for i in 0..5_000 {
        trails.note(&before, &fact(1, at(700_000 + 3_000 * i), Arc::new(lamp(0.1 + 0.1 * (i % 2) as f32))));
    }
    assert!(trails.steps(&lamp(0.1), at(15_700_000)).len() < 610, "it is bounded");
}

#[test]
fn scenes_are_recalled_stopped_edited_and_their_deletion_undone() {
    let mut lights = lit();
    let waves = SceneId("waves".into());
    lights.scenes.insert(waves.clone(), Arc::new(Scene { active: true, ..Scene::clone(&lights.scenes[&waves]) }));
    let mut house = house_of(lights);
    let mut harness = open(&house);
    click(&mut harness, "Show the scene Evening");
    click(&mut harness, "Stop the scene Waves");
    let recall = Command::Recall { scene: SceneId("evening".into()), transition_ms: None };
    assert_eq!(asked(&mut house), [recall, Command::StopScene(waves.clone())]);
    click(&mut harness, "More about the scene Waves");
    click(&mut harness, "Edit this scene\u{2026}");
    click(&mut harness, "Add a colour");
    click(&mut harness, "Save");
    let all = asked(&mut house);
    let [Command::PutScene { scene: Some(of), content: Some(Content::Moving(palette)), .. }] = &all[..] else {
        panic!("{all:?}")
    };
    assert_eq!((of, palette.colors.len()), (&waves, 3));
    click(&mut harness, "More about the scene Evening");
    click(&mut harness, "Delete this scene");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.run_steps(2);
    let all = asked(&mut house);
    let [Command::RemoveScene(gone), Command::PutScene { scene: None, name, .. }] = &all[..] else { panic!("{all:?}") };
    assert_eq!((&*gone.0, name.as_str()), ("evening", "Evening"));
}

#[test]
fn a_scene_of_the_day_has_a_table_of_parts() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    pick(&mut harness, "desk");
    click(&mut harness, "New scene\u{2026}");
    harness.get_by_label("Give it a name");
    type_into(&mut harness, "Name of the scene", "Day");
    click(&mut harness, "Holds: Of day");
    harness.get_by_label("Add a part of the day");
    click(&mut harness, "Add a part of the day");
    click(&mut harness, "Add a part of the day");
    click(&mut harness, "Save");
    let all = asked(&mut house);
    let [Command::PutScene { content: Some(Content::OfDay(slots)), .. }] = &all[..] else { panic!("{all:?}") };
    let slot = |from_minute| Slot { from_minute, scene: SceneId("evening".into()) };
    assert_eq!(*slots, [slot(420), slot(540)]);
}

#[test]
fn a_form_has_the_keyboard_at_its_name_and_enter_saves_it() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    pick(&mut harness, "desk");
    click(&mut harness, "New scene\u{2026}");
    harness.event(Event::Text("Day".to_owned()));
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let all = asked(&mut house);
    let [Command::PutScene { name, .. }] = &all[..] else { panic!("{all:?}") };
    assert_eq!(name, "Day");
    assert!(harness.query_by_label("Name of the scene").is_none());
}

#[test]
fn a_room_is_made_of_picked_lights_and_deleted_only_after_a_yes() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    pick_row(&mut harness, "Workshop, 3 lights, 2 on");
    click(&mut harness, "Room of the selected lights");
    click(&mut harness, "New room\u{2026}");
    type_into(&mut harness, "Name of the room or zone", "Attic");
    click(&mut harness, "Shelf is in it");
    click(&mut harness, "Save");
    let lights = BTreeSet::from([id("desk"), id("strip")]);
    let put = Command::PutGroup { group: None, name: "Attic".to_owned(), kind: GroupKind::Room, lights };
    assert_eq!(asked(&mut house), [put]);
    click(&mut harness, "More about Workshop");
    click(&mut harness, "Delete this room\u{2026}");
    assert!(asked(&mut house).is_empty());
    click(&mut harness, "Delete it");
    assert_eq!(asked(&mut house), [Command::RemoveGroup(GroupId("workshop".into()))]);
}

#[test]
fn what_discovery_finds_is_offered_in_a_line() {
    let mut lights = lit();
    let target = Target { family: "wled".into(), address: "192.168.1.40".into(), options: BTreeMap::new() };
    let finding = Finding {
        key: "wled a".into(),
        name: "strip-desk".into(),
        model: "WLED".into(),
        identity: None,
        target,
        seen: wall(),
    };
    lights.findings.insert("wled a".into(), Arc::new(finding));
    let house = house_of(lights);
    let mut harness = open(&house);
    harness.get_by_label("1 new device found");
    harness.get_by_label("strip-desk");
    click(&mut harness, "Look at new devices\u{2026}");
    assert!(harness.state().stage().adding.open);
}

#[test]
fn without_lights_there_are_first_steps_and_one_button() {
    let house = house_of(Lights::default());
    let mut harness = open(&house);
    harness.get_by_label("No lights yet");
    assert!(harness.query_by_label("Master brightness").is_none());
    click(&mut harness, "Add a device\u{2026}");
    assert!(harness.state().stage().adding.open);
}

#[test]
fn the_filter_narrows_and_a_narrowed_room_is_not_dimmed_as_a_whole() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_steps(2);
    type_into(&mut harness, "Filter lights", "shelf");
    assert!(harness.query_by_label(&row("desk")).is_none());
    click(&mut harness, "Switch Workshop, 0 of 1 on");
    let change = Change { on: Some(true), ..Change::default() };
    assert_eq!(asked(&mut house), [Command::Set { aims: of("shelf"), change }]);
    type_into(&mut harness, "Filter lights", "zzz");
    click(&mut harness, "Clear the filter");
    harness.get_by_label(&row("desk"));
}

#[test]
fn the_palette_finds_lights_rooms_and_scenes() {
    let mut house = house_of(lit());
    let mut harness = start(&house, vec2(1700.0, 1000.0));
    for (typed, arrive) in [("desk lamp", 1), ("kitchen", 1)] {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
        harness.run_steps(3);
        harness.input_mut().events.push(egui::Event::Text(typed.to_owned()));
        harness.run_steps(3);
        harness.key_press(Key::Enter);
        harness.run_steps(3);
        assert_eq!(harness.state().stage().page, hearthlight::ui::panels::order::LIGHTS, "{typed}");
        assert_eq!(picked(&harness).len(), arrive, "{typed}");
    }
    harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    harness.run_steps(3);
    harness.input_mut().events.push(egui::Event::Text("evening".to_owned()));
    harness.run_steps(3);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let recall = Command::Recall { scene: SceneId("evening".into()), transition_ms: None };
    assert_eq!(asked(&mut house), [recall]);
}

#[test]
fn the_master_brightness_is_in_the_top_bar_at_every_width() {
    let mut house = house_of(lit());
    let mut harness = open(&house);
    harness.get_by_label("Master brightness").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(2);
    let all = asked(&mut house);
    assert!(matches!(all[..], [Command::SetMaster(share)] if (share - 0.99).abs() < 1e-4), "{all:?}");
    let narrow = start(&house, vec2(900.0, 600.0));
    narrow.get_by_label("Master brightness, 100\u{a0}%");
}

#[test]
fn dimming_many_keeps_their_proportions() {
    let from = [(id("a"), 0.8), (id("b"), 0.4)];
    let to = |mean| dimmed(&from, mean, false);
    let half = to(0.3);
    let of = |name: &str| {
        let of = |(aims, change): &(Option<Vec<Aim>>, Change)| {
            aims.as_ref().is_some_and(|aims| aims.contains(&Aim::Light(id(name)))).then_some(change.brightness)
        };
        half.iter().find_map(of).flatten().unwrap()
    };
    assert!((of("a") - 0.4).abs() < 0.01 && (of("b") - 0.2).abs() < 0.01, "{half:?}");
    assert_eq!(to(0.0)[0].1.on, Some(false));
    assert_eq!(dimmed(&[], 0.5, false)[0].1.on, Some(true));
}

#[test]
fn the_plan_has_rows_in_sight_only_and_is_kept_while_nothing_changes() {
    let mut lights = lit();
    for i in 0..500 {
        let light = light(&format!("more-{i:03}"), &format!("Lamp {i:03}"), 0.5);
        lights.lights.insert(light.id.clone(), Arc::new(light));
    }
    let mut plan = Plan::default();
    let wanted = Wanted { by: By::Makers, ..Wanted::default() };
    plan.refresh(&lights, 1, &wanted);
    assert_eq!(plan.listed().count(), 504);
    assert!(plan.seen(4_000.0, 4_800.0).count() < 25);
    assert!(plan.seen(4_000.0, 4_800.0).all(|(_, row)| matches!(row, Row::Light(0, _))));
    lights.lights.clear();
    plan.refresh(&lights, 1, &wanted);
    assert_eq!(plan.listed().count(), 504, "the same state of the house is not read twice");
    plan.refresh(&lights, 2, &wanted);
    assert_eq!(plan.listed().count(), 0);
}

proptest! {
    /// Stops read off segments give these segments again; turning around twice changes nothing.
    #[test]
    fn stops_give_back_what_they_were_read_from(seed in prop::collection::vec((0.1f32..0.7, 0.05f32..0.7), 2..7)) {
        let n = seed.len();
        let ends: Vec<Xy> = seed.iter().map(|(x, y)| Xy::new(*x, *y).unwrap()).collect();
        let stops = Stops::of(&ends);
        let points = stops.points(8 * (n - 1) + 1);
        let again = Stops::of(&points).points(points.len());
        for (a, b) in points.iter().zip(&again) {
            prop_assert!(a.distance(*b) < 0.02, "{a:?} {b:?}");
        }
        let mut turned = stops.clone();
        turned.reverse();
        turned.reverse();
        for (a, b) in stops.all().iter().zip(turned.all()) {
            prop_assert!((a.at - b.at).abs() < 1e-5 && a.xy == b.xy);
        }
        turned.mirror();
        prop_assert!(turned.all().windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}
