//! An engine in this process, dialled by recorded devices, asked over its API.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::api;
use hearthlight::bridge::face::Face;
use hearthlight::bridge::{announce, door};
use hearthlight::engine::{Engine, Faces, HueDoors, Setup};
use hearthlight::io::clock::Clock;
use hearthlight::model::layouts;
use hearthlight::model::message::{Command, Origin, Outcome};
use hearthlight::model::recording::{Heat, Instant};
use hearthlight::model::sensors::{self, DeviceId};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::{self, PortState};
use hearthlight::model::thermal::region::{Cell, Region, RegionId, Shape};
use hearthlight::model::thermal::{self, Choice, Optics};
use hearthlight::port::{Query, Reply};
use hearthlight::settings::layers;
use hearthlight::settings::paths::Paths;
use hearthlight::store::{Patience, Store};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// Only so that a hang ends; nothing here is timed.
const PATIENCE: Duration = Duration::from_secs(300);

struct Running {
    engine: Engine,
    sensors: SocketAddr,
    api: SocketAddr,
    http: reqwest::Client,
}

async fn start(folder: &Path) -> Running {
    let paths = Paths::under(folder, None);
    paths.create().expect("folders");
    let free = ["sensors.listen", "api.listen", "bridge.http", "bridge.https"];
    let sets = free.map(|key| format!("{key}=127.0.0.1:0")).to_vec();
    let loaded = layers::load(&paths, &sets).expect("settings");
    let store = Some(Store::open(&paths.db, Patience::default(), |_| {}).expect("store"));
    let clock = Clock::default();
    let engine = Engine::start(
        Setup { clock: clock.clone(), paths, sets, loaded, store, window: false, demo: false },
        faces(clock),
    );
    let engine = engine.await.expect("engine");
    let view = until(&engine, |view| view.system.listeners.len() == 10).await;
    let at = |key: &str| match &view.system.listeners.iter().find(|l| &*l.key == key).expect("listed").state {
        PortState::Open { at } => at.parse().expect("address"),
        other => panic!("{key} is {other:?}"),
    };
    Running {
        sensors: at("sensors.listen"),
        api: at("api.listen"),
        engine,
        http: hearthlight::io::http::client().build().unwrap(),
    }
}

fn faces(clock: Clock) -> Faces {
    let (wall, now) = (clock.clone(), clock.clone());
    Faces {
        api: Box::new(move |port| {
            Arc::new(move |listener, stop| {
                let serving = api::serve(listener, port.clone(), TOKEN.into(), clock.clone(), stop);
                tokio::spawn(async move { serving.await.expect("the API ends well") })
            })
        }),
        hue: Box::new(move |port, shown| {
            let face = Face::new(port, Arc::new(move || wall.wall()), Arc::new(move || now.now()));
            let (secure, asked, named) = (face.clone(), face.clone(), face.clone());
            HueDoors {
                http: Arc::new(move |listener, stop| tokio::spawn(door::serve(listener, face.clone(), stop))),
                https: Arc::new(move |listener, stop| {
                    tokio::spawn(door::serve_tls(listener, secure.clone(), Arc::clone(&shown), stop))
                }),
                ssdp: Arc::new(move |at, stop| announce::ssdp::open(asked.clone(), at, stop)),
                mdns: Arc::new(move |at, stop| announce::mdns::open(named.clone(), at, stop)),
            }
        }),
    }
}

/// Waits until the published state is as wanted.
async fn until(engine: &Engine, wanted: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let mut published = engine.port.published.clone();
    let reached = async {
        loop {
            let view = engine.port.view();
            if wanted(&view) {
                return view;
            }
            published.changed().await.expect("engine runs");
        }
    };
    tokio::time::timeout(PATIENCE, reached).await.expect("state reached in time")
}

impl Running {
    async fn dial(&self) -> TcpStream {
        TcpStream::connect(self.sensors).await.expect("sensor server")
    }

    async fn get(&self, path: &str) -> serde_json::Value {
        let request = self.http.get(format!("http://{}{path}", self.api)).bearer_auth(TOKEN);
        request.send().await.expect("answer").json().await.expect("JSON")
    }

    async fn get_once_there(&self, path: &str) -> serde_json::Value {
        let asked = async {
            loop {
                let answer = self.get(path).await;
                if answer.get("celsius").is_some() {
                    return answer;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, asked).await.expect("frame in time")
    }

    async fn import(&self, name: &str, text: &str, apply: bool) -> serde_json::Value {
        let body = serde_json::json!({ "name": name, "text": text, "apply": apply });
        let request = self.http.post(format!("http://{}/api/v1/import", self.api)).bearer_auth(TOKEN).json(&body);
        request.send().await.expect("answer").json().await.expect("JSON")
    }

    async fn heat(&self, instant: Instant) -> Heat {
        match self.engine.port.query(Query::Heat(instant)).await {
            Some(Reply::Heat(heat)) => heat,
            other => panic!("{other:?}"),
        }
    }

    async fn call(&self, command: Command) -> Outcome {
        self.engine.port.call(command, Origin::Api).await
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/all/fixtures/thermal", name].iter().collect();
    std::fs::read(path).expect("fixture")
}

fn calibration_packet() -> Vec<u8> {
    let words = include_str!("../../../assets/sim/mlx90640-eeprom.hex");
    format!("#EEPROM1234:{}!\r\n", words.trim()).into_bytes()
}

/// Compares a served frame with a row of the right answers.
fn compare(frame: &serde_json::Value, row: &str) {
    let celsius = frame["celsius"].as_array().expect("array");
    assert_eq!((frame["rows"].as_u64(), frame["cols"].as_u64(), celsius.len()), (Some(24), Some(32), 768));
    for (cell, expected) in row.split(',').skip(6).enumerate() {
        let (value, expected) = (celsius[cell].as_f64().expect("number"), expected.parse::<f64>().expect("number"));
        assert!((value - expected).abs() <= 0.0101, "cell {cell}: {value}, expected {expected}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recorded_frames_are_served_as_true_temperatures() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    for capture in ["capture-a-quiet", "capture-b-commands"] {
        if capture == "capture-b-commands" {
            // All of the first capture is in: a newer connection would cut it short.
            running.get_once_there("/api/v1/thermal/1234/frame?sequence=40").await;
        }
        let mut device = running.dial().await;
        device.write_all(&calibration_packet()).await.expect("sent");
        device.write_all(&fixture(&format!("{capture}.rx.bin"))).await.expect("sent");
        let expected = String::from_utf8(fixture(&format!("{capture}.expected.csv"))).expect("text");
        let before = if capture == "capture-a-quiet" { 0 } else { 40 };
        for row in expected.lines().skip(2) {
            let index: u64 = row.split(',').next().expect("index").parse().expect("number");
            let path = format!("/api/v1/thermal/1234/frame?sequence={}", before + index + 1);
            compare(&running.get_once_there(&path).await, row);
        }
    }
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_calibration_survives_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    let mut device = running.dial().await;
    device.write_all(&calibration_packet()).await.expect("sent");
    until(&running.engine, |view| view.sensors.devices.contains_key(&DeviceId::new("1234"))).await;
    device.write_all(&fixture("capture-a-quiet.rx.bin")[..3350]).await.expect("sent");
    until(&running.engine, |view| view.thermal.arrays.contains_key(&DeviceId::new("1234"))).await;
    running.engine.stop().await;

    let running = start(folder.path()).await;
    assert!(running.engine.port.view().sensors.devices.contains_key(&DeviceId::new("1234")));
    let mut device = running.dial().await;
    device.write_all(&fixture("capture-a-quiet.rx.bin")[..3350]).await.expect("sent");
    let frame = running.get_once_there("/api/v1/thermal/1234/frame").await;
    assert_eq!(frame["calibrated"], true);
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_seen_can_be_seen_again_after_a_restart_until_its_device_is_forgotten() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    let mut device = running.dial().await;
    device.write_all(&calibration_packet()).await.expect("sent");
    device.write_all(&fixture("capture-a-quiet.rx.bin")).await.expect("sent");
    running.get_once_there("/api/v1/thermal/1234/frame?sequence=40").await;
    let id = DeviceId::new("1234");
    let live = running.engine.port.slots.device(&id).and_then(|slot| slot.frames.newest()).expect("a frame");
    // All of them came at once, and count as come one behind the other.
    let then = live.wall.checked_add(jiff::SignedDuration::from_secs(1)).expect("a time");
    let seen = running.heat(Instant::At(then)).await;
    assert_eq!(seen.frames[&id].sequence, 40);
    running.engine.stop().await;

    let running = start(folder.path()).await;
    let mut seen = running.heat(Instant::At(then)).await;
    let again = &seen.frames[&id];
    assert_eq!((again.sequence, again.calibrated, again.n_broken()), (40, true, 0));
    for (again, live) in again.cells().zip(live.cells()) {
        assert!((again.expect("a value") - live.expect("a value")).abs() < 0.0051);
    }
    for sequence in (1..40).rev() {
        seen = running.heat(Instant::Before(id.clone(), seen.at.expect("there"))).await;
        assert_eq!(seen.frames[&id].sequence, sequence);
    }
    let forget = running.call(Command::Sensors(sensors::Command::Forget { device: id })).await;
    assert!(matches!(forget, Outcome::Done { .. }), "{forget:?}");
    running.engine.stop().await;
    let left = std::fs::read_dir(folder.path().join("recordings/thermal")).expect("readable").count();
    assert_eq!(left, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_get_after_a_command_reads_its_own_write() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    let mut device = running.dial().await;
    device.write_all(&fixture("capture-a-quiet.rx.bin")[..3350]).await.expect("sent");
    let id = DeviceId::new("1234");
    until(&running.engine, |view| view.thermal.arrays.contains_key(&id)).await;
    for emissivity in [0.5_f32, 0.75, 1.0] {
        let choice = Choice { optics: Optics { emissivity, reflected: None }, ..Choice::default() };
        let outcome = running.call(Command::Thermal(thermal::Command::Choose { device: id.clone(), choice })).await;
        assert!(matches!(outcome, Outcome::Done { .. }));
        assert_eq!(running.get("/api/v1/thermal/1234").await["emissivity"].as_f64(), Some(f64::from(emissivity)));
    }
    let choice = Choice { optics: Optics { emissivity: 7.0, reflected: None }, ..Choice::default() };
    let refused = running.call(Command::Thermal(thermal::Command::Choose { device: id, choice })).await;
    assert!(matches!(refused, Outcome::Refused { why } if why.contains("between 0.05 and 1")));
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn regions_bookmarks_layouts_and_the_master_stop_survive_a_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    let id = DeviceId::new("1234");
    let picture = &fixture("capture-a-quiet.rx.bin")[..3350];
    let mut device = running.dial().await;
    device.write_all(picture).await.expect("sent");
    until(&running.engine, |view| view.thermal.arrays.contains_key(&id)).await;
    let shape = Shape::Spot(Cell { row: 3, col: 4 });
    let region = Region { id: RegionId::new('S', 1), name: "Flue".into(), shape, mask: false, emissivity: None };
    let put = thermal::Command::PutRegion { device: id.clone(), region };
    let bookmark = thermal::Command::Bookmark { at: jiff::Timestamp::UNIX_EPOCH, words: "Then".to_owned() };
    let layout = layouts::Command::Put { name: "Wall".to_owned(), body: "(tiles: [1])".to_owned() };
    for command in [
        Command::Thermal(put),
        Command::Thermal(bookmark),
        Command::Layouts(layout),
        Command::System(system::Command::Stop),
        Command::System(system::Command::Stop),
    ] {
        let outcome = running.call(command).await;
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }
    assert_eq!(running.get("/api/v1/bookmarks").await[0]["name"], "Then");
    running.engine.stop().await;

    let running = start(folder.path()).await;
    let view = running.engine.port.view();
    assert_eq!(view.system.stopped.as_ref().map(|stopped| &*stopped.by), Some("API"));
    assert_eq!(view.layouts.saved.get("Wall").map(|body| &**body), Some("(tiles: [1])"));
    assert_eq!(view.thermal.bookmarks.values().map(|bookmark| &*bookmark.words).collect::<Vec<_>>(), ["Then"]);
    let mut device = running.dial().await;
    device.write_all(picture).await.expect("sent");
    let view = until(&running.engine, |view| view.thermal.arrays.contains_key(&id)).await;
    assert_eq!(view.thermal.arrays[&id].regions.regions.len(), 1);
    let resumed = running.call(Command::System(system::Command::Resume)).await;
    assert!(matches!(resumed, Outcome::Done { .. }));
    assert_eq!(running.engine.port.view().system.stopped, None);
    // The journal tells of both once they are written.
    let told = async {
        loop {
            let page = running.get("/api/v1/journal?what=stopped,resumed").await;
            let entries = page["entries"].as_array().cloned().unwrap_or_default();
            if entries.len() == 2 {
                return entries;
            }
            tokio::task::yield_now().await;
        }
    };
    let told = tokio::time::timeout(PATIENCE, told).await.expect("journaled in time");
    assert_eq!(
        (&told[0]["what"], &told[1]["what"], &told[1]["by"]),
        (&"resumed".into(), &"stopped".into(), &"API".into())
    );
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_device_is_asked_to_stream() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    let mut device = running.dial().await;
    let mut order = [0; 16];
    let n = tokio::time::timeout(PATIENCE, device.read(&mut order)).await.expect("in time").expect("read");
    assert_eq!(&order[..n], b"PERIOD_ON");
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_connection_of_a_serial_number_ends_the_older_one() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    let hello = b"#serialno:SN1!\n#locid:bench!\n#Sensor:A=1!\n";
    let mut older = running.dial().await;
    older.write_all(hello).await.expect("sent");
    until(&running.engine, |view| view.sensors.devices.contains_key(&DeviceId::new("bench"))).await;
    let mut newer = running.dial().await;
    newer.write_all(hello).await.expect("sent");
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, older.read_to_end(&mut rest)).await.expect("in time");
    assert!(ended.is_ok() || ended.is_err(), "closed either way");
    assert_eq!(running.engine.port.view().sensors.devices.len(), 1);
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setting_moves_a_port_and_a_bad_one_is_refused_with_a_reason() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    let set =
        |key: &str, value: &str| Command::System(system::Command::Set { key: key.to_owned(), value: value.to_owned() });
    let pinned = running.call(set("sensors.listen", "off")).await;
    assert!(matches!(pinned, Outcome::Refused { why } if why.contains("--set")));
    let unknown = running.call(set("sensors.lisen", "off")).await;
    assert!(matches!(unknown, Outcome::Refused { why } if why.contains("sensors.listen")));
    assert!(matches!(running.call(set("window.palette", "viridis")).await, Outcome::Done { .. }));
    let view = running.engine.port.view();
    let palette = view.system.settings.iter().find(|s| &*s.key == "window.palette").expect("listed");
    assert_eq!((&*palette.value, &palette.layer), ("viridis", &system::Layer::Window));
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_connections_at_once_are_all_heard() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    let mut devices = Vec::new();
    for n in 0..200 {
        let mut device = running.dial().await;
        let lines = format!("#locid:room_{n}!\n#Sensor:ADC1={n}!\n");
        device.write_all(lines.as_bytes()).await.expect("sent");
        devices.push(device);
    }
    let streaming = |view: &Snapshot| {
        let live = view.sensors.devices.values().filter(|d| d.phase == sensors::Phase::Streaming);
        live.count() == 200
    };
    until(&running.engine, streaming).await;
    drop(devices);
    until(&running.engine, |view| view.sensors.devices.values().all(|d| !d.connected)).await;
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_starts_and_stops_a_hundred_times() {
    let folder = tempfile::tempdir().expect("folder");
    for _ in 0..100 {
        let running = start(folder.path()).await;
        let mut device = running.dial().await;
        device.write_all(b"#locid:bench!\n#Sensor:A=1!\n").await.expect("sent");
        let sensors = running.sensors;
        running.engine.stop().await;
        assert!(TcpStream::connect(sensors).await.is_err(), "the port is closed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_previewed_then_done_and_the_second_time_changes_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    let config = include_str!("../fixtures/import/stream_config.json");
    let preview = running.import("stream_config.json", config, false).await;
    assert_eq!(preview["kind"], "EmberEye's configuration (stream_config.json)");
    assert!(running.engine.port.view().sensors.introduced.is_empty(), "a preview changes nothing");
    let done = running.import("stream_config.json", config, true).await;
    assert_eq!((&done["kind"], &done["changes"]), (&preview["kind"], &preview["changes"]));
    let view = running.engine.port.view();
    assert_eq!(&*view.sensors.introduced["room_2"].name, "Boiler room");
    let listen = view.system.settings.iter().find(|line| &*line.key == "sensors.listen").expect("listed");
    assert_eq!(&*listen.value, "127.0.0.1:0", "a flag pins it");

    let mut device = running.dial().await;
    device.write_all(b"#locid:room_2!\n#Sensor:A=1!\n").await.expect("sent");
    let id = DeviceId::new("room_2");
    let view = until(&running.engine, |view| view.sensors.devices.contains_key(&id)).await;
    let device = &view.sensors.devices[&id];
    assert_eq!((&*device.name, &*device.place), ("Boiler room", "Basement"));
    until(&running.engine, |view| !view.sensors.introduced.contains_key("room_2")).await;

    let again = running.import("stream_config.json", config, true).await;
    assert_eq!(again["changes"], serde_json::json!([]));
    let map = running.import("map.csv", include_str!("../fixtures/import/ip_map.csv"), true).await;
    assert_eq!(map["changes"].as_array().map(Vec::len), Some(3));
    let registry = running.get("/api/v1/registry").await;
    assert_eq!(
        (&registry["locations"]["10.0.0.5"], &registry["devices"][0]["name"]),
        (&"yard".into(), &"Boiler room".into())
    );
    let back = running.import("registry.json", &registry.to_string(), true).await;
    assert_eq!(back["changes"], serde_json::json!([]), "it is so already: {back}");
    let broken = running.import("stream_config.json", include_str!("../fixtures/import/broken.json"), true).await;
    assert!(broken["detail"].as_str().is_some_and(|why| why.contains("line 4, column 52")), "{broken}");
    running.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_looks_for_a_web_server_at_the_sensor_port_is_sent_away() {
    let folder = tempfile::tempdir().expect("folder");
    let running = start(folder.path()).await;
    let mut browser = running.dial().await;
    browser.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.expect("sent");
    let mut rest = Vec::new();
    // Closed or reset: bytes of it may lie unread.
    drop(tokio::time::timeout(PATIENCE, browser.read_to_end(&mut rest)).await.expect("in time"));
    let rejected = running.get("/api/v1/rejected").await;
    assert_eq!((&rejected[0]["detail"], &rejected[0]["reason"]), (&"it speaks HTTP".into(), &"unknown_kind".into()));
    running.engine.stop().await;
}
