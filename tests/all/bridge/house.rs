//! A house behind a port: lights of every kind, rooms, scenes, switches, sensors, and an engine that does what it is asked.
//!
//! Lights follow the real service; the bridge's own things follow a small stand-in that names what is new.

use std::collections::BTreeMap;
use std::sync::Arc;

use hearthlight::bridge::events::hub::MomentClock;
use hearthlight::bridge::face::Face;
use hearthlight::bridge::request::{Answer, Request};
use hearthlight::engine::services::lights::book::{Lights, Now};
use hearthlight::engine::services::lights::secrets::Secrets;
use hearthlight::model::bridge::amend;
use hearthlight::model::bridge::app::{App, AppId};
use hearthlight::model::bridge::area::{Area, Place};
use hearthlight::model::bridge::ids::{BridgeId, Ids, Kind, Thing};
use hearthlight::model::bridge::kept::{Kind as ObjectKind, ObjectId};
use hearthlight::model::bridge::object::{Clip, Object};
use hearthlight::model::bridge::{self, Command as BridgeCommand, Identity, Pressed};
use hearthlight::model::inputs::{Aspect, Input, InputId, Said};
use hearthlight::model::lights::capabilities::{Capabilities, PowerOn, Rates};
use hearthlight::model::lights::connection::{Connection, ConnectionId, Counts, Reach, Target};
use hearthlight::model::lights::group::{Group, GroupId, GroupKind};
use hearthlight::model::lights::layers::Stack;
use hearthlight::model::lights::scene::{Content, Palette, Scene, SceneId};
use hearthlight::model::lights::state::{Change, Color, State};
use hearthlight::model::lights::{Light, LightId, Reported, Update as LightUpdate};
use hearthlight::model::message::{Command, Envelope, Outcome, Stamped, Update};
use hearthlight::model::sensors::{Device, DeviceId};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::thermal::{Array, Calibration, Choice, PixelMeaning};
use hearthlight::port::ring::{Key, Ring};
use hearthlight::port::{Feed, Port, Posted, Published};
use hearthlight::units::color::{Gamut, Mirek, Xy};
use hearthlight::units::grid::Size;
use hearthlight::units::moment::Moment;
use hyper::Method;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::{broadcast, mpsc, watch};

use crate::nouns::{self, plug};

/// The key of the one app.
pub const KEY: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
/// Folds that the feed holds.
const FEED: usize = 1024;

/// The house.
pub struct House {
    pub face: Face,
    pub key: Arc<Key>,
    /// What was asked of the engine.
    pub sent: Arc<Mutex<Vec<Command>>>,
}

/// The time at which it always is.
pub fn now() -> Timestamp {
    "2026-05-04T18:00:00Z".parse().expect("a time")
}

impl House {
    /// The small house. Must be made inside a runtime.
    pub fn new() -> Self {
        Self::of(snapshot())
    }

    /// A house of these things. Must be made inside a runtime.
    pub fn of(snapshot: Snapshot) -> Self {
        Self::by_clock(snapshot, Arc::new(|| Moment::from_millis(90_000)))
    }

    /// A house whose events go by the runtime's clock, which a test may turn by hand.
    pub fn ticking(snapshot: Snapshot) -> Self {
        let begun = tokio::time::Instant::now();
        Self::by_clock(snapshot, Arc::new(move || Moment::from_millis(90_000) + begun.elapsed()))
    }

    fn by_clock(snapshot: Snapshot, moment: MomentClock) -> Self {
        let key = Arc::new(key());
        let (commands, inbox) = mpsc::channel(64);
        let (published, news) = watch::channel(snapshot.seq);
        let port = port(commands, snapshot, news);
        port.slots.bridge.ring.store(Arc::new(Ring::new([Arc::clone(&key)])));
        let sent = Arc::default();
        let engine = Engine::new(port.clone(), published, Arc::clone(&sent));
        tokio::spawn(engine.run(inbox));
        Self { face: Face::new(port, Arc::new(now), moment), key, sent }
    }

    pub fn view(&self) -> Arc<Snapshot> {
        self.face.view()
    }

    /// A request with the key; `path` is what is behind it, or behind `/clip/v2/resource/`.
    pub fn request(&self, method: &str, path: &str, body: impl Into<Vec<u8>>) -> Request {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        Request {
            method: Method::from_bytes(method.as_bytes()).expect("a method"),
            path: path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect(),
            query: query.to_owned(),
            headers: hyper::HeaderMap::new(),
            body: body.into().into(),
            key: Arc::clone(&self.key),
            from: ([127, 0, 0, 1], 50_000).into(),
            tls: true,
        }
    }

    /// Asks version 1; the answer is JSON with status 200, whatever was asked.
    pub async fn v1(&self, method: &str, path: &str, body: impl Into<Vec<u8>>) -> Value {
        let answer = hearthlight::bridge::v1::answer(&self.face, &self.request(method, path, body)).await;
        assert_eq!(answer.status, 200);
        json(&answer)
    }

    /// Takes what was asked of the engine since the last call.
    pub fn sent(&self) -> Vec<Command> {
        std::mem::take(&mut self.sent.lock())
    }
}

/// The body of an answer.
pub fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).expect("JSON")
}

fn key() -> Key {
    Key::new(&app(), KEY.into(), None)
}

fn app() -> App {
    App {
        id: AppId("11111111-2222-4333-8444-555555555555".into()),
        name: "tests#here".into(),
        created: "2026-01-01T10:00:00Z".parse().expect("a time"),
        used: None,
        streams: false,
    }
}

fn port(commands: mpsc::Sender<Posted>, snapshot: Snapshot, published: watch::Receiver<u64>) -> Port {
    Port { published, feed: Feed(broadcast::channel(FEED).0), ..plug(commands, snapshot) }
}

/// Does what it is asked, one after the other.
struct Engine {
    port: Port,
    published: watch::Sender<u64>,
    lights: Lights,
    names: Names,
    objects: u32,
    sent: Arc<Mutex<Vec<Command>>>,
}

impl Engine {
    fn new(port: Port, published: watch::Sender<u64>, sent: Arc<Mutex<Vec<Command>>>) -> Self {
        let view = port.view();
        let mut lights = Lights::new(&[], TimeZone::UTC, false);
        lights.restore(view.lights.clone(), Secrets::default());
        let names = Names::of(&view.bridge);
        Self { port, published, lights, names, objects: 0, sent }
    }

    async fn run(mut self, mut inbox: mpsc::Receiver<Posted>) {
        while let Some(Posted { envelope, reply }) = inbox.recv().await {
            self.sent.lock().push(envelope.command.clone());
            let outcome = match self.decide(&envelope) {
                Ok((updates, made)) => {
                    self.publish(&envelope, updates);
                    Outcome::Done { seq: self.port.view().seq, made }
                }
                Err(why) => Outcome::Refused { why },
            };
            reply.map(|reply| reply.send(outcome));
        }
    }

    fn decide(&mut self, envelope: &Envelope) -> Result<(Vec<Update>, Option<Arc<str>>), String> {
        match envelope.command.clone() {
            Command::Lights(command) => {
                let now = Now { at: Moment::from_millis(90_000), wall: now() };
                self.lights.made();
                self.lights.on_command(command, &envelope.origin, now)?;
                let updates = self.lights.take().updates;
                Ok((updates.into_iter().map(Update::Lights).collect(), self.lights.made()))
            }
            Command::Bridge(command) => {
                let (update, made) = self.bridge(command)?;
                Ok((vec![Update::Bridge(update)], made))
            }
            other => Err(format!("not in this house: {other:?}")),
        }
    }

    fn bridge(&mut self, command: BridgeCommand) -> Result<(bridge::Update, Option<Arc<str>>), String> {
        let view = self.port.view();
        let identity = Identity::clone(&view.bridge.identity);
        let said = |identity| bridge::Update::Identity(Arc::new(identity));
        let update = match command {
            BridgeCommand::Press => {
                let until = now() + std::time::Duration::from_secs(bridge::PAIRING_S.into());
                bridge::Update::Pressed(Some(Pressed { by: "tests".into(), until }))
            }
            BridgeCommand::Unpress => bridge::Update::Pressed(None),
            BridgeCommand::Revoke(app) => bridge::Update::AppGone(app),
            BridgeCommand::Rename(name) => said(Identity { name: name.into(), ..identity }),
            BridgeCommand::SetZone(zone) => said(Identity { zone: zone.into(), ..identity }),
            BridgeCommand::SetPlace(latitude, longitude) => {
                said(Identity { place: Some((latitude, longitude)), ..identity })
            }
            BridgeCommand::PutExtra { thing, extra } => {
                view.bridge.ids(&thing).ok_or_else(|| format!("{thing} has no ids"))?;
                bridge::Update::Extra(thing, Arc::new(extra))
            }
            BridgeCommand::Put { id, object } => {
                self.objects += 1;
                let id = id.unwrap_or_else(|| format!("object-{}", self.objects).into());
                let key = ObjectId { kind: object.kind(), id: Arc::clone(&id) };
                return Ok((bridge::Update::Object(key, Arc::new(*object)), Some(id)));
            }
            BridgeCommand::Write { id, state } => {
                let kept = view.bridge.objects.get(&id).ok_or("There is no such thing.")?;
                bridge::Update::Object(id, Arc::new(amend::written(kept, &state, now())?))
            }
            BridgeCommand::Enable { id, on } => {
                let kept = view.bridge.objects.get(&id).ok_or("There is no such thing.")?;
                bridge::Update::Object(id, Arc::new(amend::enabled(kept, on, now())))
            }
            BridgeCommand::Remove(id) => {
                view.bridge.objects.get(&id).ok_or("There is no such thing.")?;
                bridge::Update::ObjectGone(id)
            }
            other => return Err(format!("not in this house: {other:?}")),
        };
        Ok((update, None))
    }

    /// Publishes facts, and the names of what is new.
    fn publish(&mut self, envelope: &Envelope, updates: Vec<Update>) {
        let mut snapshot = Snapshot::clone(&self.port.view());
        let mut facts = Vec::new();
        let mut tell = |snapshot: &mut Snapshot, update: Update| {
            let (at, wall, origin) = (Moment::from_millis(90_000), now(), envelope.origin.clone());
            let fact = Stamped { seq: snapshot.seq + 1, at, wall, origin, cause: envelope.cause, update };
            snapshot.apply(&fact);
            facts.push(fact);
        };
        updates.into_iter().for_each(|update| tell(&mut snapshot, update));
        for gone in self.names.gone(&snapshot) {
            tell(&mut snapshot, Update::Bridge(bridge::Update::ThingGone(gone)));
        }
        let new = self.names.new_ones(&snapshot);
        if !new.is_empty() {
            tell(&mut snapshot, Update::Bridge(bridge::Update::Ids(new)));
        }
        let (snapshot, facts) = (Arc::new(snapshot), facts.into());
        self.port.snapshot.store(Arc::clone(&snapshot));
        self.published.send_replace(snapshot.seq);
        // Nobody may be listening.
        let _ = self.port.feed.0.send(Published { snapshot, facts });
    }
}

/// Names things as the bridge does: numbers that never come back.
struct Names {
    given: BTreeMap<&'static str, u32>,
}

impl Names {
    fn of(bridge: &bridge::Bridge) -> Self {
        let mut given: BTreeMap<&'static str, u32> = [("sensors", 1)].into();
        for (thing, ids) in bridge.ids.iter() {
            let highest = ids.v1.values().filter_map(|number| number.parse().ok()).max().unwrap_or(0);
            let family = given.entry(family(thing.kind)).or_default();
            *family = highest.max(*family);
        }
        Self { given }
    }

    fn new_ones(&mut self, view: &Snapshot) -> Vec<(Thing, Arc<Ids>)> {
        let unnamed: Vec<_> = things(view).into_iter().filter(|(thing, _)| view.bridge.ids(thing).is_none()).collect();
        let id = view.bridge.identity.id;
        unnamed.into_iter().map(|(thing, parts)| (thing.clone(), Arc::new(self.name(id, &thing, &parts)))).collect()
    }

    fn gone(&self, view: &Snapshot) -> Vec<Thing> {
        let there: BTreeMap<_, _> = things(view).into_iter().collect();
        view.bridge.ids.keys().filter(|thing| !there.contains_key(thing)).cloned().collect()
    }

    fn name(&mut self, bridge: BridgeId, thing: &Thing, parts: &[&'static str]) -> Ids {
        let root = thing.root(bridge);
        let v1 = parts.iter().map(|part| {
            let number = match thing.kind {
                Kind::Home => "0".to_owned(),
                Kind::Scene => root.simple().to_string()[..16].to_owned(),
                kind => {
                    let given = self.given.entry(family(kind)).or_default();
                    *given += 1;
                    given.to_string()
                }
            };
            (Arc::from(*part), number.into())
        });
        Ids { root, own: BTreeMap::new(), v1: v1.collect() }
    }
}

/// The family of version 1 in which a kind of thing is numbered.
fn family(kind: Kind) -> &'static str {
    match kind {
        Kind::Light => "lights",
        Kind::Group | Kind::Object(ObjectKind::Area) => "groups",
        Kind::Input | Kind::Sensor | Kind::Object(ObjectKind::Clip) => "sensors",
        Kind::Object(ObjectKind::Rule) => "rules",
        Kind::Object(ObjectKind::Schedule) => "schedules",
        Kind::Object(ObjectKind::Link) => "resourcelinks",
        _ => "",
    }
}

/// Every thing with the parts that version 1 numbers.
fn things(view: &Snapshot) -> Vec<(Thing, Vec<&'static str>)> {
    let mut all = vec![(Thing::new(Kind::Bridge, ""), vec![]), (Thing::new(Kind::Home, ""), vec![""])];
    all.extend(view.lights.lights.keys().map(|id| (Thing::new(Kind::Light, Arc::clone(&id.0)), vec![""])));
    all.extend(view.lights.groups.keys().map(|id| (Thing::new(Kind::Group, Arc::clone(&id.0)), vec![""])));
    all.extend(view.lights.scenes.keys().map(|id| (Thing::new(Kind::Scene, Arc::clone(&id.0)), vec![""])));
    for (id, input) in &view.lights.inputs {
        let part = |aspect: &Aspect| match aspect {
            Aspect::Buttons(_) => Some("button"),
            Aspect::Motion => Some("motion"),
            Aspect::Contact => Some("contact"),
            Aspect::Temperature => Some("temperature"),
            Aspect::LightLevel => Some("light_level"),
            Aspect::Battery => None,
        };
        all.push((Thing::new(Kind::Input, Arc::clone(&id.0)), input.aspects.iter().filter_map(part).collect()));
    }
    for device in view.sensors.devices.values().filter(|device| device.accepted) {
        all.push((Thing::new(Kind::Sensor, Arc::clone(&device.id.0)), vec!["temperature", "motion"]));
    }
    for id in view.bridge.objects.keys() {
        let numbered = !matches!(id.kind, ObjectKind::Behavior | ObjectKind::Client | ObjectKind::SmartScene);
        let parts = numbered.then_some("").into_iter().collect();
        all.push((Thing::new(Kind::Object(id.kind), Arc::clone(&id.id)), parts));
    }
    all
}

/// Names everything in a snapshot that has no name yet.
pub fn name_all(snapshot: &mut Snapshot) {
    let new = Names::of(&snapshot.bridge).new_ones(snapshot);
    snapshot.bridge.apply(&bridge::Update::Ids(new));
}

pub fn light_id(id: &str) -> LightId {
    LightId(id.into())
}

pub fn group_id(id: &str) -> GroupId {
    GroupId(id.into())
}

pub fn xy(x: f32, y: f32) -> Color {
    Color::Xy(Xy::new(x, y).expect("a colour"))
}

/// What a bulb can do that can do everything.
pub fn full() -> Capabilities {
    Capabilities {
        dimming: true,
        color: Some(Gamut::C),
        mirek: Some(153..=500),
        segments: 0,
        pixels: 1,
        transition: true,
        effects: Arc::new(["colorloop".into(), "candle".into()]),
        power_on: Arc::new([PowerOn::Off, PowerOn::On, PowerOn::Previous]),
        identify: true,
        rates: Rates { changes_hz: 20.0, frames_hz: 60.0 },
    }
}

pub fn light(id: &str, name: &str, capabilities: Capabilities, color: Color) -> Light {
    let base = State { on: true, brightness: 0.5, color, effect: None };
    Light {
        id: light_id(id),
        name: name.into(),
        model: "Bulb".into(),
        connection: ConnectionId("hub".into()),
        local: id.into(),
        capabilities: Arc::new(capabilities),
        wanted: base.clone(),
        stack: Arc::new(Stack { base, ..Stack::default() }),
        reported: Reported::default(),
        reach: Reach::Online,
        streaming_fps: 0.0,
        power_on: None,
        favourite: false,
    }
}

/// A light of each kind; the last one is on but cannot be reached. By id: their numbers of version 1 are bloom 1, dimmer 2,
/// far 3, lamp 4, plug 5, strip 6, white 7.
fn all_lights() -> Vec<Light> {
    let dimmable = Capabilities { dimming: true, transition: true, ..Capabilities::switch(10.0) };
    let white = Capabilities { mirek: Some(153..=454), identify: true, ..dimmable.clone() };
    let colored = Capabilities { mirek: None, color: Some(Gamut::A), effects: Arc::new([]), ..full() };
    let strip = Capabilities { segments: 7, pixels: 60, color: Some(Gamut::SRGB), ..full() };
    let warm = Color::Mirek(Mirek::new(366));
    let why = "It did not answer within 3 s.".into();
    let far = Reach::Unreachable { since: "2026-05-04T17:00:00Z".parse().expect("a time"), why };
    vec![
        light("plug", "Plug", Capabilities::switch(5.0), warm.clone()),
        light("dimmer", "Dimmer", dimmable, warm.clone()),
        light("white", "White", white, Color::Mirek(Mirek::new(250))),
        light("bloom", "Bloom", colored, xy(0.3, 0.3)),
        light("lamp", "Lamp", full(), warm.clone()),
        light("strip", "Strip", strip, xy(0.5, 0.4)),
        Light { reach: far, ..light("far", "Far", full(), warm) },
    ]
}

pub fn group(id: &str, name: &str, kind: GroupKind, lights: &[&str], order: u32) -> Group {
    let lights = lights.iter().map(|id| light_id(id)).collect();
    Group { id: group_id(id), name: name.into(), kind, lights, order }
}

fn all_scenes() -> Vec<Scene> {
    let on = |brightness, color| Change {
        on: Some(true),
        brightness: Some(brightness),
        color: Some(color),
        ..Change::default()
    };
    let off = Change { on: Some(false), ..Change::default() };
    let still = |states: Vec<(&str, Change)>| {
        Content::Still(states.into_iter().map(|(id, change)| (light_id(id), change)).collect())
    };
    let scene = |id: &str, name: &str, group: Option<&str>, content| Scene {
        id: SceneId(id.into()),
        name: name.into(),
        group: group.map(group_id),
        transition_ms: 400,
        content,
        palette: None,
        active: false,
        moving: false,
    };
    let warm = Color::Mirek(Mirek::new(400));
    let evening = vec![("lamp", on(0.25, warm.clone())), ("white", on(0.5, warm.clone())), ("plug", off.clone())];
    let away = vec![("lamp", off), ("strip", on(0.1, xy(0.2, 0.1)))];
    let palette = Palette { colors: vec![xy(0.2, 0.3), warm, xy(0.6, 0.3)], brightness: 0.75, speed: 0.5 };
    vec![
        scene("evening", "Evening", Some("office"), still(evening)),
        scene("away", "Away", None, still(away)),
        scene("aurora", "Aurora", Some("living"), Content::Moving(palette)),
    ]
}

fn input(id: &str, name: &str, aspects: Vec<Aspect>, said: Vec<Said>) -> Input {
    let at: Timestamp = "2026-05-04T17:30:00Z".parse().expect("a time");
    Input {
        id: InputId(id.into()),
        name: name.into(),
        model: "Sensor".into(),
        connection: ConnectionId("hub".into()),
        local: id.into(),
        aspects: aspects.into(),
        said: said.into_iter().map(|said| (Arc::from(said.key()), (at, said))).collect(),
        reach: Reach::Online,
    }
}

fn all_inputs() -> Vec<Input> {
    let words = ["on_press", "on_press_release", "on_hold", "on_hold_release", "off_press", "off_press_release"];
    let buttons = Aspect::Buttons(words.map(Arc::from).into());
    vec![
        input("door", "Door", vec![Aspect::Contact, Aspect::Battery], vec![Said::Contact(true), Said::Battery(80.0)]),
        input(
            "hall",
            "Hall",
            vec![Aspect::Motion, Aspect::Temperature, Aspect::LightLevel, Aspect::Battery],
            vec![Said::Motion(true), Said::Temperature(21.37), Said::LightLevel(100.0), Said::Battery(64.4)],
        ),
        input("switch", "Switch", vec![buttons, Aspect::Battery], vec![Said::Button("off_press_release".into())]),
    ]
}

fn kitchen() -> Device {
    Device {
        name: "Kitchen".into(),
        since: "2026-05-04T12:00:05Z".parse().expect("a time"),
        ..nouns::device("kitchen")
    }
}

fn all_objects() -> Vec<(ObjectId, Object)> {
    let place = |light: &str, x| Place { light: light_id(light), positions: vec![[x, 0.8, 0.0]], equalization: 1.0 };
    let area =
        Area { name: "TV".into(), kind: "screen".into(), places: vec![place("lamp", -0.5), place("strip", 0.5)] };
    let flag = Clip {
        name: "Flag".into(),
        kind: "CLIPGenericFlag".into(),
        model: "FLAG01".into(),
        maker: "Somebody".into(),
        version: "1.0".into(),
        unique: "flag-1".into(),
        recycle: false,
        state: r#"{"flag":true}"#.into(),
        config: r#"{"on":true,"reachable":true}"#.into(),
        updated: None,
    };
    let id = |kind, id: &str| ObjectId { kind, id: id.into() };
    vec![(id(ObjectKind::Area, "tv"), Object::Area(area)), (id(ObjectKind::Clip, "flag"), Object::Clip(flag))]
}

fn bridge_itself() -> bridge::Bridge {
    let mac = [0x00, 0x17, 0x88, 0xaa, 0xbb, 0xcc];
    let identity = Identity { id: BridgeId::of_mac(mac), zone: "Europe/Berlin".into(), ..Identity::default() };
    let app = Arc::new(app());
    bridge::Bridge { identity, apps: [(app.id.clone(), app)].into(), ..bridge::Bridge::default() }
}

/// What all lights hang on.
pub fn hub() -> Connection {
    Connection {
        id: ConnectionId("hub".into()),
        identity: None,
        name: "Hub".into(),
        model: "Hub".into(),
        target: Target::default(),
        reach: Reach::Online,
        latency_ms: None,
        counts: Counts::default(),
        simulated: true,
    }
}

/// The small house. Groups of version 1: desk 1 (a zone), living 2, office 3, the area TV 4. Sensors: daylight 1, door 2,
/// hall 3 (motion), 4 (temperature), 5 (light level), switch 6, kitchen 7 (temperature), 8 (motion), flag 9.
pub fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot { seq: 41, bridge: bridge_itself(), ..Snapshot::default() };
    let lights = &mut snapshot.lights;
    lights.connections.insert(hub().id, Arc::new(hub()));
    lights.lights = all_lights().into_iter().map(|light| (light.id.clone(), Arc::new(light))).collect();
    lights.groups = [
        group("office", "Office", GroupKind::Room, &["lamp", "white", "plug"], 0),
        group("living", "Living room", GroupKind::Room, &["strip", "bloom"], 1),
        group("desk", "Desk", GroupKind::Zone, &["lamp", "dimmer"], 2),
    ]
    .map(|group| (group.id.clone(), Arc::new(group)))
    .into();
    lights.scenes = all_scenes().into_iter().map(|scene| (scene.id.clone(), Arc::new(scene))).collect();
    lights.inputs = all_inputs().into_iter().map(|input| (input.id.clone(), Arc::new(input))).collect();
    snapshot.sensors.devices.insert(kitchen().id, Arc::new(kitchen()));
    snapshot.bridge.objects = all_objects().into_iter().map(|(id, object)| (id, Arc::new(object))).collect();
    name_all(&mut snapshot);
    snapshot
}

/// A house of many lights in many rooms, each light in one.
pub fn large(n_lights: usize, n_rooms: usize) -> Snapshot {
    let mut snapshot = Snapshot { seq: 1, bridge: bridge_itself(), ..Snapshot::default() };
    for n in 0..n_lights {
        let light = light(&format!("l{n}"), &format!("Light {n}"), full(), Color::Mirek(Mirek::new(366)));
        snapshot.lights.apply(&LightUpdate::Light(Arc::new(light)));
    }
    for n in 0..n_rooms {
        let mine: Vec<_> =
            (0..n_lights).filter(|light| light % n_rooms == n).map(|light| format!("l{light}")).collect();
        let mine: Vec<_> = mine.iter().map(String::as_str).collect();
        let room = group(&format!("r{n}"), &format!("Room {n}"), GroupKind::Room, &mine, n as u32);
        snapshot.lights.apply(&LightUpdate::Group(Arc::new(room)));
    }
    name_all(&mut snapshot);
    snapshot
}

/// A thermal array of a device.
pub fn array(device: &str) -> Array {
    Array {
        device: DeviceId::new(device),
        size: Size::MLX90640,
        meaning: PixelMeaning::Mlx90640Raw,
        calibration: Calibration::Received,
        choice: Choice::default(),
        regions: Arc::default(),
    }
}
