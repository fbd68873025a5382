//! Lights over the API: golden files, and changes in plain words.

use std::sync::Arc;

use axum::http::StatusCode;
use hearthlight::model::lights::capabilities::{Capabilities, PowerOn, Rates};
use hearthlight::model::lights::connection::{Connection, ConnectionId, Counts, Finding, Reach, Target};
use hearthlight::model::lights::group::{Group, GroupId, GroupKind};
use hearthlight::model::lights::layers::{Hold, Kind, Layer, Stack};
use hearthlight::model::lights::scene::{Content, Palette, Scene, SceneId};
use hearthlight::model::lights::state::{Change, Color, State};
use hearthlight::model::lights::{Aim, Command, Light, LightId, Lights, Reported};
use hearthlight::model::message;
use hearthlight::units::color::{Gamut, Mirek, Srgb8, Xy};

use super::home::{Home, request, time};

fn id(text: &str) -> LightId {
    LightId(text.into())
}

fn xy(hex: &str) -> Xy {
    Srgb8::from_hex(hex).expect("a colour").linear().xy()
}

fn connection() -> Connection {
    Connection {
        id: ConnectionId("strip-at-window".into()),
        identity: Some("a1b2c3d4e5f6".into()),
        name: "Strip at window".into(),
        model: "WLED 0.15.0 (esp32)".into(),
        target: Target {
            family: "wled".into(),
            address: "192.168.1.40".into(),
            options: [("pixels".into(), "60".into())].into(),
        },
        reach: Reach::Online,
        latency_ms: Some(12.5),
        counts: Counts { sent: 40, received: 41, malformed: 1, outages: 2 },
        simulated: false,
    }
}

/// A strip in the window: an alarm above an automation that somebody touched.
fn window() -> Light {
    let red = Change { color: Some(Color::Xy(xy("#FF0000"))), brightness: Some(1.0), ..Change::default() };
    let layer = |key: &str, kind, change, hold| Layer {
        key: key.into(),
        kind,
        name: "Fire at kitchen".into(),
        by: "alarm fire--kitchen".into(),
        since: time("2026-03-01T12:01:20Z"),
        change,
        hold,
    };
    let dim = Change { brightness: Some(0.25), ..Change::default() };
    let hold = Hold { change: dim.clone(), by: "Ada".into(), until: Some(time("2026-03-01T14:00:00Z")) };
    let base = State { on: true, brightness: 0.5, color: Color::Mirek(Mirek::new(370)), effect: None };
    let points = [xy("#FF0000"), xy("#0000FF")];
    Light {
        id: id("window"),
        name: "Window".into(),
        model: "WLED strip, 60 pixels".into(),
        connection: connection().id,
        local: "0".into(),
        capabilities: Arc::new(Capabilities {
            dimming: true,
            color: Some(Gamut::SRGB),
            mirek: Some(153..=500),
            segments: 3,
            pixels: 60,
            transition: true,
            effects: Arc::new(["Aurora".into(), "Fire 2012".into()]),
            power_on: Arc::new([PowerOn::Off, PowerOn::Previous]),
            identify: true,
            rates: Rates { changes_hz: 20.0, frames_hz: 60.0 },
        }),
        stack: Arc::new(Stack {
            base,
            by: "Ada".into(),
            layers: vec![
                layer("evening", Kind::Automation, dim, Some(hold)),
                layer("fire--kitchen/all", Kind::Alarm, red, None),
            ],
        }),
        wanted: State { on: true, brightness: 1.0, color: Color::Xy(xy("#FF0000")), effect: None },
        reported: Reported {
            on: Some(true),
            brightness: Some(1.0),
            color: Some(Color::Gradient(points.into())),
            effect: Some("".into()),
        },
        reach: Reach::Online,
        streaming_fps: 0.0,
        power_on: Some(PowerOn::Previous),
        favourite: true,
    }
}

/// A plug that does not answer.
fn plug() -> Light {
    let why = "It did not answer within 3 s.".into();
    Light {
        id: id("plug"),
        name: "Plug".into(),
        model: "".into(),
        capabilities: Arc::new(Capabilities::switch(5.0)),
        stack: Arc::default(),
        wanted: State::default(),
        reported: Reported::default(),
        reach: Reach::Unreachable { since: time("2026-03-01T10:02:00Z"), why },
        power_on: None,
        favourite: false,
        ..window()
    }
}

/// What is in the home's snapshot.
pub fn house() -> Lights {
    let mut house = Lights::default();
    for light in [window(), plug()] {
        house.lights.insert(light.id.clone(), Arc::new(light));
    }
    house.connections.insert(connection().id, Arc::new(connection()));
    let waiting = Connection {
        id: ConnectionId("bridge".into()),
        identity: None,
        name: "Bridge".into(),
        target: Target { family: "hue".into(), address: "192.168.1.2".into(), ..Target::default() },
        reach: Reach::Waiting { what: "Press the button on the bridge.".into() },
        latency_ms: None,
        ..connection()
    };
    house.connections.insert(waiting.id.clone(), Arc::new(waiting));
    let group = |key: &str, name: &str, kind, order, lights: &[&str]| Group {
        id: GroupId(key.into()),
        name: name.into(),
        kind,
        lights: lights.iter().map(|key| id(key)).collect(),
        order,
    };
    for group in [
        group("kitchen", "Kitchen", GroupKind::Room, 1, &["plug", "window"]),
        group("attic", "Attic", GroupKind::Zone, 0, &[]),
    ] {
        house.groups.insert(group.id.clone(), Arc::new(group));
    }
    let scene = |key: &str, content, active: bool| Scene {
        id: SceneId(key.into()),
        name: key.to_uppercase().into(),
        group: active.then(|| GroupId("kitchen".into())),
        transition_ms: 400,
        content,
        palette: None,
        active,
        moving: false,
    };
    let palette = Palette { colors: vec![Color::Xy(Xy::D65)], brightness: 1.0, speed: 0.5 };
    for scene in [
        scene("dinner", Content::Still([(id("window"), Change::from(&State::default()))].into()), true),
        scene("aurora", Content::Moving(palette), false),
        scene("day", Content::OfDay(Vec::new()), false),
    ] {
        house.scenes.insert(scene.id.clone(), Arc::new(scene));
    }
    let finding = Finding {
        key: "lifx:d073d5000001".into(),
        name: "Desk".into(),
        model: "LIFX A19".into(),
        identity: Some("d073d5000001".into()),
        target: Target { family: "lifx".into(), address: "192.168.1.9".into(), ..Target::default() },
        seen: time("2026-03-01T12:01:00Z"),
    };
    house.findings.insert(Arc::clone(&finding.key), Arc::new(finding));
    house
}

/// The command that a request led to, if it was taken.
async fn sent(verb: &str, path: &str, body: &str) -> Result<Command, String> {
    let home = Home::new();
    let answer = home.answer(request(verb, path, body)).await;
    if answer.status != StatusCode::OK {
        assert!(home.sent.lock().is_empty(), "{path} {body}: nothing is sent that is refused");
        return Err(answer.problem());
    }
    assert!(answer.json()["done"]["seq"].is_u64(), "{}", answer.text);
    let envelope = home.sent.lock().last().cloned().expect("a command");
    match envelope.command {
        message::Command::Lights(command) => Ok(command),
        other => panic!("{other:?}"),
    }
}

fn set(aim: Aim, change: Change) -> Result<Command, String> {
    Ok(Command::Set { aims: vec![aim], change })
}

#[tokio::test]
async fn a_light_is_changed_in_plain_words() {
    let window = || Aim::Light(id("window"));
    let path = "/api/v1/lights/window";
    let of = async |body: &str| sent("PUT", path, body).await;
    let change = Change { on: Some(true), brightness: Some(0.4), transition_ms: Some(250), ..Change::default() };
    assert_eq!(of(r#"{"on":true,"brightness":0.4,"transition_ms":250}"#).await, set(window(), change));
    let color = |color| Change { color: Some(color), ..Change::default() };
    assert_eq!(of(r##"{"color":"#FF8800"}"##).await, set(window(), color(Color::Xy(xy("#FF8800")))));
    let orange = Xy::new(0.5, 0.4).expect("a colour");
    assert_eq!(of(r#"{"color":{"x":0.5,"y":0.4}}"#).await, set(window(), color(Color::Xy(orange))));
    assert_eq!(of(r#"{"mirek":370}"#).await, set(window(), color(Color::Mirek(Mirek::new(370)))));
    let points = [xy("#FF0000"), xy("#00FF00")].into();
    assert_eq!(of(r##"{"gradient":["#F00","#0F0"]}"##).await, set(window(), color(Color::Gradient(points))));
    let effect = Change { effect: Some("Aurora".into()), ..Change::default() };
    assert_eq!(of(r#"{"effect":"Aurora"}"#).await, set(window(), effect));
}

#[tokio::test]
async fn a_change_that_cannot_be_says_why() {
    for (body, words) in [
        ("{}", "changes nothing"),
        (r#"{"brightness":40}"#, "from 0 to 1"),
        (r#"{"color":"reddish"}"#, "#RRGGBB"),
        (r#"{"color":{"x":2,"y":0}}"#, "not understood"),
        (r#"{"mirek":20}"#, "50 to 1000"),
        (r##"{"mirek":200,"color":"#FF0000"}"##, "only one"),
        (r#"{"colour":"red"}"#, "colour"),
        ("on", "not JSON"),
    ] {
        let why = sent("PUT", "/api/v1/lights/window", body).await.expect_err(body);
        assert!(why.contains(words), "{body}: {why}");
    }
}

#[tokio::test]
async fn groups_scenes_and_the_search_are_commanded() {
    let on = Change { on: Some(true), ..Change::default() };
    let kitchen = Aim::Group(GroupId("kitchen".into()));
    assert_eq!(sent("PUT", "/api/v1/groups/kitchen", r#"{"on":true}"#).await, set(kitchen, on));
    let recall = Command::Recall { scene: SceneId("dinner".into()), transition_ms: None };
    assert_eq!(sent("POST", "/api/v1/scenes/dinner/recall", "").await, Ok(recall));
    assert_eq!(sent("POST", "/api/v1/search", "{}").await, Ok(Command::Search(true)));
    assert_eq!(sent("POST", "/api/v1/search", r#"{"on":false}"#).await, Ok(Command::Search(false)));
    let sweep = Command::Sweep(vec!["10.0.0.0/24".to_owned()]);
    assert_eq!(sent("POST", "/api/v1/search", r#"{"sweep":["10.0.0.0/24"]}"#).await, Ok(sweep));
}

#[tokio::test]
async fn what_is_not_there_says_where_to_look() {
    for (verb, path) in [
        ("GET", "/api/v1/lights/attic"),
        ("PUT", "/api/v1/lights/attic"),
        ("GET", "/api/v1/groups/cellar"),
        ("PUT", "/api/v1/groups/cellar"),
        ("POST", "/api/v1/scenes/none/recall"),
        ("GET", "/api/v1/connections/none"),
    ] {
        let answer = Home::new().answer(request(verb, path, r#"{"on":true}"#)).await;
        let (status, list) = (answer.status, path.split('/').nth(3).expect("a list"));
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.problem().ends_with(&format!("GET /api/v1/{list} lists those there are.")), "{path}");
    }
}
