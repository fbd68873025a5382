//! A small home behind a port: two devices, one array, and an engine that renames, sets and answers.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use hearthlight::api::{Face, router};
use hearthlight::heat::region::Plan;
use hearthlight::model::alarms::alarm::{
    Alarm, AlarmId, Done, Noted, Reason as AlarmReason, Shelf, State as AlarmState,
};
use hearthlight::model::alarms::journal::{Entry, Page, Still, What};
use hearthlight::model::alarms::rule::{Confidence, Input, Latch, Level, Rule, RuleId, Scope, Source};
use hearthlight::model::alarms::{Command as AlarmCommand, Update as AlarmUpdate};
use hearthlight::model::bridge::{Command as BridgeCommand, Update as BridgeUpdate};
use hearthlight::model::exports::{Command as ExportCommand, Job, Standing, Update as ExportUpdate};
use hearthlight::model::history::{Point, Resolution, Series, Span};
use hearthlight::model::learned::{Learned, Rest};
use hearthlight::model::lights::Update as LightUpdate;
use hearthlight::model::message::{Command, Envelope, Origin, Outcome, Stamped, Update};
use hearthlight::model::sensors::{Command as SensorCommand, Device, DeviceId, Ended, Phase, Update as SensorUpdate};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::{Command as SystemCommand, ImportPreview, Layer, Setting, Update as SystemUpdate};
use hearthlight::model::thermal::region::{Cell, Delta, Figure, Region, RegionId, Regions, Shape};
use hearthlight::model::thermal::{Array, Bookmark, Calibration, Choice, Optics, PixelMeaning, ThermalFrame};
use hearthlight::port::slots::{DeviceSlot, Reason, Reject, Slots};
use hearthlight::port::{Asked, Feed, Port, Posted, Published, Query, Reply};
use hearthlight::units::grid::{Mounting, Patch, Size};
use hearthlight::units::moment::Moment;
use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::nouns::{self, plug};

/// The token of the home.
pub const TOKEN: &str = "0123456789abcdef";
/// Folds that the feed holds: few, so that lagging is quick.
const FEED: usize = 4;

/// The home, its API, and what came through.
pub struct Home {
    pub app: Router,
    pub port: Port,
    pub stop: CancellationToken,
    pub sent: Arc<Mutex<Vec<Envelope>>>,
}

/// An answer, read whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|why| panic!("{why}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Checks that it is a problem object of its status; gives the detail.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let problem = self.json();
        assert_eq!(problem["type"], "about:blank");
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["title"], self.status.canonical_reason().unwrap_or_default());
        problem["detail"].as_str().expect("a detail").to_owned()
    }
}

pub fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

impl Home {
    /// Must be made inside a runtime.
    pub fn new() -> Self {
        let (commands, inbox) = mpsc::channel(16);
        let (questions, asked) = crossbeam_channel::bounded(16);
        let port = port(commands, questions);
        let sent = Arc::default();
        tokio::spawn(engine(port.clone(), inbox, Arc::clone(&sent)));
        let slots = Arc::clone(&port.slots);
        std::thread::spawn(move || reader(&slots, &asked));
        let stop = CancellationToken::new();
        let clock = Arc::new(|| (Moment::from_millis(100_000), time("2026-03-01T12:01:40Z")));
        let at = (Ipv4Addr::new(192, 168, 1, 5), 9464).into();
        let app = router(Face::new(port.clone(), TOKEN.into(), clock, at, stop.clone()));
        Self { app, port, stop, sent }
    }

    pub async fn send(&self, request: Request<Body>) -> Response {
        self.app.clone().oneshot(request).await.expect("the router never fails")
    }

    pub async fn answer(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.send(request).await.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.expect("a body");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        Answer { status: parts.status, headers: parts.headers, text }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.answer(request("GET", path, "")).await
    }

    /// Publishes one fact, as the bus would.
    pub fn publish(&self, update: Update) {
        publish(&self.port, update, Origin::System, None);
    }
}

/// A request as a well-behaved client sends it.
pub fn request(method: &str, path: &str, body: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header("host", "localhost:9464");
    let request = request.header("authorization", format!("Bearer {TOKEN}"));
    request.body(Body::from(body.to_owned())).expect("a request")
}

fn port(commands: mpsc::Sender<Posted>, questions: crossbeam_channel::Sender<Asked>) -> Port {
    let feed = Feed(broadcast::channel(FEED).0);
    Port { questions, feed, slots: Arc::new(slots()), ..plug(commands, snapshot()) }
}

fn publish(port: &Port, update: Update, origin: Origin, cause: Option<u64>) -> u64 {
    let mut snapshot = Snapshot::clone(&port.view());
    let (at, wall) = (Moment::from_millis(90_000), time("2026-03-01T12:01:30Z"));
    let fact = Stamped { seq: snapshot.seq + 1, at, wall, origin, cause, update };
    snapshot.apply(&fact);
    let snapshot = Arc::new(snapshot);
    port.snapshot.store(Arc::clone(&snapshot));
    // Nobody may be listening.
    let _ = port.feed.0.send(Published { snapshot, facts: Arc::new([fact]) });
    port.view().seq
}

async fn engine(port: Port, mut inbox: mpsc::Receiver<Posted>, sent: Arc<Mutex<Vec<Envelope>>>) {
    while let Some(Posted { envelope, reply }) = inbox.recv().await {
        sent.lock().push(envelope.clone());
        let outcome = match update_for(&port.view(), envelope.command) {
            Ok(update) => Outcome::Done { seq: publish(&port, update, envelope.origin, envelope.cause), made: None },
            Err(why) => Outcome::Refused { why: why.to_owned() },
        };
        reply.map(|reply| reply.send(outcome));
    }
}

fn update_for(view: &Snapshot, command: Command) -> Result<Update, &'static str> {
    match command {
        Command::Sensors(SensorCommand::Rename { device, name }) => {
            let known = view.sensors.devices.get(&device).ok_or("There is no such device.")?;
            let renamed = Device { name: name.into(), ..Device::clone(known) };
            Ok(Update::Sensors(SensorUpdate::Changed(Arc::new(renamed))))
        }
        Command::System(SystemCommand::Set { key, value }) => {
            let mut all = Vec::clone(&view.system.settings);
            let line = all.iter_mut().find(|line| *line.key == *key).ok_or("There is no such setting.")?;
            (line.value, line.layer) = (value.into(), Layer::Window);
            let (reach, operator) = (view.system.reach, Arc::clone(&view.system.operator));
            Ok(Update::System(SystemUpdate::Settings { all: Arc::new(all), reach, operator }))
        }
        Command::Alarms(AlarmCommand::Acknowledge { alarm }) => {
            let known = view.alarms.active.get(&alarm).ok_or("There is no such alarm.")?;
            let noted = Some(Noted { by: "API".into(), at: time("2026-03-01T12:01:40Z") });
            let state = AlarmState::Acknowledged;
            let known = Alarm { state, acknowledged: noted, ..Alarm::clone(known) };
            Ok(Update::Alarms(AlarmUpdate::Changed(Arc::new(known))))
        }
        Command::System(SystemCommand::Import { name, text }) => {
            Ok(Update::System(SystemUpdate::Imported(Arc::new(preview(&name, text.len())))))
        }
        Command::Exports(ExportCommand::Start(_)) => {
            let job = job(9, Standing::Running(0.0));
            Ok(Update::Exports(ExportUpdate::Changed(Arc::new(job))))
        }
        Command::Bridge(BridgeCommand::Revoke(app)) => Ok(Update::Bridge(BridgeUpdate::AppGone(app))),
        Command::Bridge(_) => Ok(Update::Bridge(BridgeUpdate::Pressed(view.bridge.pressed.clone()))),
        Command::Lights(_) => Ok(Update::Lights(LightUpdate::Master(view.lights.master))),
        _ => Err("Not in this home."),
    }
}

fn reader(slots: &Slots, asked: &crossbeam_channel::Receiver<Asked>) {
    for Asked { query, answer, .. } in asked {
        answer(match query {
            Query::Metrics { open_metrics } => Reply::Text(format!("# open: {open_metrics}\n")),
            Query::Rejected => Reply::Rejected(slots.rejects()),
            Query::Frame { device, sequence } => Reply::Frame(slots.device(&device).and_then(|slot| match sequence {
                Some(sequence) => slot.frames.with_sequence(sequence),
                None => slot.frames.newest(),
            })),
            Query::Journal(filter) => {
                let mut entry = entry();
                entry.still = None;
                let wanted = filter.what.is_empty() || filter.what.contains(&entry.what);
                let entries = Some(entry).filter(|_| wanted && filter.limit > 1).into_iter().collect();
                Reply::Journal(Page { entries, more: filter.limit == 1 })
            }
            Query::Entry(seq) => Reply::Entry((seq == 9).then(|| Box::new(entry()))),
            Query::ImportPreview { name, .. } if name == "broken.json" => Reply::Import(Err("Line 3.".to_owned())),
            Query::ImportPreview { name, text } => Reply::Import(Ok(preview(&name, text.len()))),
            Query::History(span) if *span.channel == *"broken" => Reply::Failed("The disk is gone.".to_owned()),
            Query::History(span) => Reply::History(history(span)),
            Query::Heat(_) | Query::CellHistory(_) | Query::Recorded => {
                Reply::Failed("Nothing is recorded here.".to_owned())
            }
        });
    }
}

/// What the kitchen showed at the end of the span.
fn history(span: Span) -> Series {
    let to_ms = span.to.as_millisecond();
    let point = |(ago_ms, mean): (i64, f32)| Point { at_ms: to_ms - ago_ms, min: mean - 0.25, mean, max: mean + 20.1 };
    let heard = span.device == DeviceId::new("kitchen");
    let points = [(60_000, 21.75), (500, 22.0)].into_iter().filter(|_| heard).map(point).collect();
    Series { span, resolution: Resolution::Second, points }
}

pub fn kitchen() -> Device {
    Device {
        name: "Kitchen".into(),
        place: "Ground floor".into(),
        serial: Some("SIM0042".into()),
        since: time("2026-03-01T12:00:05Z"),
        ..nouns::device("kitchen")
    }
}

fn garage() -> Device {
    Device {
        name: "Garage \u{201c}old\u{201d}".into(),
        attempts: 2,
        heard: Some(time("2026-03-01T11:58:00Z")),
        address: IpAddr::V4(Ipv4Addr::new(192, 168, 1, 77)),
        accepted: false,
        simulated: false,
        connected: false,
        phase: Phase::Offline,
        ended: Some(Ended::Reset),
        since: time("2026-03-01T12:01:00.5Z"),
        period: Some(Duration::from_millis(2000)),
        ..nouns::device("garage")
    }
}

fn preview(name: &str, n: usize) -> ImportPreview {
    let changes = vec![format!("{n} characters change something.")];
    ImportPreview { kind: name.to_owned(), changes, warnings: vec!["Look.".to_owned()] }
}

fn reason() -> AlarmReason {
    AlarmReason {
        source: 0,
        name: "Very hot".into(),
        device: DeviceId::new("kitchen"),
        level: Level::Danger,
        on: true,
        value: 85.25,
        threshold: 60.0,
        unit: "C".into(),
        since: time("2026-03-01T12:01:20Z"),
        cell: Some((1, 2)),
        stale: false,
    }
}

fn alarm() -> Alarm {
    let rule = RuleId::new("fire");
    Alarm {
        id: AlarmId::of(&rule, "kitchen"),
        rule,
        name: "Fire".into(),
        location: "kitchen".into(),
        device: DeviceId::new("kitchen"),
        level: Level::Danger,
        state: AlarmState::Unacknowledged,
        test: false,
        latched: true,
        raised: time("2026-03-01T12:01:20Z"),
        changed: time("2026-03-01T12:01:21Z"),
        over: None,
        acknowledged: None,
        reasons: vec![reason()],
        confidence: 0.4,
        crossings: 2,
        done: vec![Done {
            what: "Lamp red".into(),
            at: time("2026-03-01T12:01:20Z"),
            refused: Some("There is no lamp.".into()),
            undo: None,
            undone: false,
        }],
    }
}

fn source(input: Input) -> Source {
    Source {
        name: "Very hot".into(),
        hysteresis: 3.0,
        hold_off: Duration::from_secs(10),
        weight: 0.4,
        level: Level::Danger,
        ..nouns::source(input, 60.0)
    }
}

fn rule() -> Rule {
    let area = Patch { top: 0, left: 0, bottom: 1, right: 1 };
    Rule {
        id: RuleId::new("fire"),
        name: "Fire".into(),
        enabled: true,
        scope: Scope::Devices([DeviceId::new("kitchen")].into()),
        sources: vec![
            source(Input::Hottest { area: Some(area) }),
            source(Input::AboveRest { key: "ADC1".into() }),
            source(Input::Rise { floor: 40.0 }),
        ],
        min_sources: 2,
        together: Level::Warning,
        confidence: Confidence::Independent,
        latch: Latch::Danger,
        actions: Vec::new(),
        note: "Ours.".to_owned(),
    }
}

fn entry() -> Entry {
    Entry {
        seq: 9,
        at: time("2026-03-01T12:01:21Z"),
        what: What::Raised,
        alarm: Some(alarm().id),
        rule: Some(RuleId::new("fire")),
        device: Some(DeviceId::new("kitchen")),
        location: Some("kitchen".into()),
        level: Some(Level::Danger),
        by: "Hearthlight".into(),
        test: false,
        text: "Very hot: 85.3 C, threshold 60 C".to_owned(),
        reasons: vec![reason()],
        still: Some(Arc::new(Still { columns: 2, rows: 1, centi: vec![2512, i16::MIN] })),
    }
}

fn job(id: u64, standing: Standing) -> Job {
    Job { id, name: "Snapshot of Kitchen".into(), since: time("2026-03-01T12:01:30Z"), standing }
}

/// A box, a spot on the broken cell, a mask, a delta.
fn regions() -> Regions {
    let region = |id: &str, name: &str, shape| Region {
        id: RegionId(id.into()),
        name: name.into(),
        mask: id.starts_with('M'),
        shape,
        emissivity: (id == "S1").then_some(0.5),
    };
    let delta = Delta {
        id: RegionId::new('D', 1),
        name: "Rise".into(),
        of: (RegionId::new('B', 1), Figure::Max),
        minus: (RegionId::new('B', 1), Figure::Min),
    };
    Regions {
        regions: vec![
            region("B1", "Plate", Shape::Box(Patch { top: 0, left: 0, bottom: 0, right: 1 })),
            region("S1", "", Shape::Spot(Cell { row: 1, col: 1 })),
            region("M1", "", Shape::Spot(Cell { row: 0, col: 2 })),
        ],
        deltas: vec![delta],
    }
}

fn snapshot() -> Snapshot {
    let mut snapshot = Snapshot { seq: 41, bridge: super::bridge::bridge(), ..Snapshot::default() };
    snapshot.system.listeners = super::bridge::listeners();
    let path = "/home/ann/Documents/Hearthlight/snapshot-kitchen-20260301-120130.png".into();
    let standings = [
        Standing::Done { path, bytes: 41_317 },
        Standing::Failed(
            "There is no room left in /exports. Free some, or set files.exports to another folder.".into(),
        ),
        Standing::Cancelled,
        Standing::Running(0.25),
    ];
    for (id, standing) in (1..).zip(standings) {
        snapshot.exports.jobs.insert(id, Arc::new(job(id, standing)));
    }
    for device in [kitchen(), garage()] {
        snapshot.sensors.devices.insert(device.id.clone(), Arc::new(device));
    }
    let array = Array {
        device: DeviceId::new("kitchen"),
        size: Size::new(3, 2).expect("a size"),
        meaning: PixelMeaning::CentiOffset27,
        calibration: Calibration::NotNeeded,
        choice: Choice {
            optics: Optics { emissivity: 0.95, reflected: None },
            mounting: Mounting { quarter_turns: 1, mirror: false },
            ..Choice::default()
        },
        regions: Arc::new(regions()),
    };
    for (id, at, words) in [(3, "2026-03-01T11:00:00Z", "Door open"), (5, "2026-03-01T10:00:00.5Z", "")] {
        let bookmark = Bookmark { id, at: time(at), words: words.into(), by: "Ada".into() };
        snapshot.thermal.bookmarks.insert(id, Arc::new(bookmark));
    }
    snapshot.thermal.arrays.insert(array.device.clone(), Arc::new(array));
    snapshot.alarms.active.insert(alarm().id, Arc::new(alarm()));
    let elsewhere = Alarm { id: AlarmId::of(&RuleId::new("fire"), "garage"), location: "garage".into(), ..alarm() };
    let (since, until) = (time("2026-03-01T12:01:30Z"), time("2026-03-01T12:16:30Z"));
    let shelf = Shelf { by: "Ada".into(), since, until, reason: Arc::default() };
    snapshot.alarms.shelved.insert(elsewhere.id.clone(), shelf);
    snapshot.alarms.active.insert(elsewhere.id.clone(), Arc::new(elsewhere));
    snapshot.alarms.rules.insert(rule().id, Arc::new(rule()));
    snapshot.lights = super::lights::house();
    snapshot.system.version = "1.2.3".into();
    snapshot.system.settings = Arc::new(vec![
        setting("api.listen", "127.0.0.1:9464", Layer::Default, "Where the local API listens."),
        setting("sensors.locations", "192.168.1.20=hall, fe80::1=attic", Layer::Window, "Places by address."),
        setting("sensors.listen", "0.0.0.0:9001", Layer::File { line: 12 }, "Where sensor devices dial in."),
    ]);
    snapshot
}

fn setting(key: &str, value: &str, layer: Layer, help: &str) -> Setting {
    Setting { key: key.into(), value: value.into(), layer, help: help.into() }
}

fn slots() -> Slots {
    let slots = Slots::default();
    super::bridge::ask(&slots.bridge.visits);
    let slot = Arc::new(DeviceSlot::new(DeviceId::new("kitchen"), "kitchen".into()));
    slots.insert(Arc::clone(&slot));
    slot.accepted[0].add(300);
    slot.accepted[1].add(2);
    slot.rejected[Reason::NotHex as usize].add(3);
    slot.parts_rejected.add(1);
    let rest = Rest { median: 12.5, mad: 0.25, learning: false, samples: vec![12.5] };
    slot.learned.store(Some(Arc::new(Learned { rests: [("ADC1".into(), rest)].into(), baseline: None })));
    slot.set_period(Duration::from_millis(250));
    slot.heard(Moment::from_millis(99_500));
    for (key, values) in [("ADC1", vec![1.5, 2.25, -0.5]), ("DIO", vec![1.0])] {
        let channel = slot.channel(key).expect("room for a channel");
        for (i, value) in values.iter().enumerate() {
            channel.readings.push(Moment::from_millis(99_000 + 250 * i as u64), *value);
        }
    }
    for sequence in [6, 7, 9] {
        slot.frames.put(Arc::new(frame(sequence)), &slots.frame_bytes);
    }
    slots.reject(Reject {
        wall: time("2026-03-01T12:01:20Z"),
        location: "kitchen".into(),
        reason: Reason::NotHex,
        detail: "character 7 of a frame is `g`, not a hex digit".to_owned(),
        start: "#frame:00g".to_owned(),
    });
    slots
}

/// Six cells, the fifth broken.
fn frame(sequence: u64) -> ThermalFrame {
    let mut frame = ThermalFrame::blank();
    frame.begin(Size::new(3, 2).expect("a size")).copy_from_slice(&[20.5, 21.0, 22.1, -3.25, 0.0, 104.7]);
    frame.set_broken(4);
    frame.measure();
    Plan::new(frame.size, &regions()).measure(&mut frame);
    frame.sequence = sequence;
    frame.at = Moment::from_millis(99_250);
    frame.wall = time("2026-03-01T12:01:39.25Z");
    frame.meaning = PixelMeaning::CentiOffset27;
    frame.calibrated = true;
    frame.ambient = Some(31.4);
    frame
}
