//! The Hue bridge of the real program: what is left of it after a restart, after a kill in the middle of writing, and where
//! its secrets cannot be written.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::Arc;
use std::time::Duration;

use hearthlight::engine::services::bridge::keys::Keys;
use hearthlight::io::{lock, tls};
use hearthlight::model::bridge::kept::Kind;
use hearthlight::model::lights::connection::{Connection, Target};
use hearthlight::settings::paths::Paths;
use hearthlight::store::records::LightsChange;
use hearthlight::store::{Patience, Store};
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::program::{program, terminate, wait_up};
use crate::bridge::house;

/// Only so that a hang ends; nothing here is timed.
const PATIENCE: Duration = Duration::from_secs(300);
const LIGHTS: usize = 8;

/// The program with the doors of its bridge open on loopback, and an app that asks it.
pub(super) struct Running {
    pub(super) child: Child,
    pub(super) data: PathBuf,
    pub(super) http: SocketAddr,
    https: SocketAddr,
    api: SocketAddr,
    token: String,
    client: reqwest::Client,
}

impl Running {
    pub(super) async fn start(data: &Path) -> Self {
        let free = ["bridge.http=127.0.0.1:0", "bridge.https=127.0.0.1:0"];
        let running = Self::start_with(data, &free).await;
        let bridge = running.until(|bridge| bridge["http"].is_string() && bridge["https"].is_string()).await;
        let at = |name: &str| bridge[name].as_str().expect("open").parse().expect("an address");
        Self { http: at("http"), https: at("https"), ..running }
    }

    /// Starts it with these settings; where its bridge is is not known.
    pub(super) async fn start_with(data: &Path, sets: &[&str]) -> Self {
        let more = ["sensors.listen=127.0.0.1:0", "api.listen=127.0.0.1:0", "bridge.ssdp=off", "bridge.mdns=off"];
        let sets = more.iter().chain(sets).flat_map(|set| ["--set", set]);
        let mut child = program(data).arg("--headless").args(sets).spawn().expect("started");
        let api = loop {
            wait_up(data, &mut child);
            // One that was killed leaves its note.
            let note = lock::running(&data.join("hearthlight.lock")).filter(|running| running.pid == child.id());
            if let Some(api) = note.and_then(|running| running.api) {
                break api;
            }
        };
        let token = std::fs::read_to_string(data.join("secrets").join("api.token")).expect("a token");
        tls::provide();
        let client = reqwest::Client::builder().no_proxy().danger_accept_invalid_certs(true).tls_info(true);
        let client = client.timeout(PATIENCE).build().expect("a client");
        let (data, token, nowhere) = (data.to_owned(), token.trim().to_owned(), SocketAddr::from(([0; 4], 0)));
        Self { child, data, http: nowhere, https: nowhere, api, token, client }
    }

    /// Asks the program's own API.
    pub(super) async fn api(&self, method: Method, path: &str) -> Value {
        let request = self.client.request(method, format!("http://{}{path}", self.api)).bearer_auth(&self.token);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    /// Waits until the bridge is told of as wanted.
    async fn until(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let told = async {
            loop {
                let bridge = self.api(Method::GET, "/api/v1/bridge").await;
                if wanted(&bridge) {
                    return bridge;
                }
            }
        };
        tokio::time::timeout(PATIENCE, told).await.expect("it came to that")
    }

    /// Asks version 1.
    pub(super) async fn v1(&self, method: Method, path: &str, body: &Value) -> Value {
        v1(&self.client, self.http, method, path, body).await.expect("an answer")
    }

    /// Asks over HTTPS.
    async fn v2(&self, method: Method, path: &str, key: &str, body: &Value) -> reqwest::Response {
        let url: Url = format!("https://{}{path}", self.https).parse().expect("a URL");
        let request = self.client.request(method, url).header("hue-application-key", key).body(body.to_string());
        request.send().await.expect("an answer")
    }

    /// Presses the button and asks for a key.
    async fn pair(&self) -> Value {
        self.api(Method::POST, "/api/v1/bridge/link-button").await;
        self.v1(Method::POST, "", &json!({"devicetype": "smoke#test", "generateclientkey": true})).await
    }

    async fn paired(&self) -> String {
        let answer = self.pair().await;
        answer[0]["success"]["username"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// What must be as it was after a restart.
    async fn kept(&self, key: &str) -> BTreeMap<String, Value> {
        let mut kept = BTreeMap::new();
        for family in ["lights", "groups", "scenes", "rules", "schedules", "resourcelinks"] {
            let shown = self.v1(Method::GET, &format!("/{key}/{family}"), &Value::Null).await;
            kept.insert(family.to_owned(), shown);
        }
        let config = self.v1(Method::GET, &format!("/{key}/config"), &Value::Null).await;
        for name in ["name", "bridgeid", "mac", "timezone"] {
            kept.insert(name.to_owned(), config[name].clone());
        }
        let apps: Vec<_> = config["whitelist"].as_object().expect("apps").keys().cloned().collect();
        kept.insert("apps".to_owned(), json!(apps));
        for kind in ["light", "device", "room", "scene", "bridge", "bridge_home", "grouped_light", "geofence_client"] {
            let answer = self.v2(Method::GET, &format!("/clip/v2/resource/{kind}"), key, &Value::Null).await;
            kept.insert(format!("v2 {kind}"), answer.json().await.expect("JSON"));
        }
        let who = self.v2(Method::GET, "/auth/v1", key, &Value::Null).await;
        kept.insert("app".to_owned(), json!(who.headers()["hue-application-id"].to_str().expect("text")));
        let shown = who.extensions().get::<reqwest::tls::TlsInfo>().and_then(|info| info.peer_certificate());
        kept.insert("certificate".to_owned(), json!(shown.expect("a certificate")));
        let file = self.data.join("secrets").join("bridge.json");
        let keys = Keys::load(&file).expect("read").expect("there");
        kept.insert("key for streaming".to_owned(), json!(keys.find(key).expect("there").client_key.expect("one")));
        kept
    }
}

/// Asks version 1; `None` if nobody answers.
async fn v1(client: &reqwest::Client, at: SocketAddr, method: Method, path: &str, body: &Value) -> Option<Value> {
    let request = client.request(method, format!("http://{at}/api{path}")).body(body.to_string());
    request.send().await.ok()?.json().await.ok()
}

/// A home of a few lights, whose hub answers nobody.
fn seed(data: &Path) {
    let paths = Paths::under(data, None);
    paths.create().expect("folders");
    let store = Store::open(&paths.db, Patience::default(), |_| {}).expect("opens");
    let target = Target { family: "wled".into(), address: "127.0.0.1:9".into(), ..Target::default() };
    let hub = Connection { target, simulated: false, ..house::hub() };
    store.save_lights(LightsChange::Connection(Arc::new(hub)));
    for light in house::large(LIGHTS, 1).lights.lights.values() {
        store.save_lights(LightsChange::Light(Arc::clone(light)));
        store.save_lights(LightsChange::Stack(light.id.clone(), Arc::clone(&light.stack)));
    }
    store.close().expect("written");
}

fn made(answer: &Value) -> String {
    answer[0]["success"]["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_keeps_ids_keys_the_certificate_and_the_state() {
    let folder = tempfile::tempdir().expect("a folder");
    seed(folder.path());
    let running = Running::start(folder.path()).await;
    let key = running.paired().await;
    let put = |path: String, body: Value| {
        let running = &running;
        async move {
            let answer = running.v1(Method::PUT, &path, &body).await;
            assert!(answer[0]["success"].is_object(), "{path}: {answer}");
        }
    };
    put(format!("/{key}/lights/1/state"), json!({"on": true, "bri": 77, "xy": [0.3, 0.31]})).await;
    put(format!("/{key}/lights/2/state"), json!({"on": false})).await;
    put(format!("/{key}/lights/3"), json!({"name": "Reading"})).await;
    put(format!("/{key}/config"), json!({"name": "Second home"})).await;
    let post = |path: &str, body: Value| {
        let path = format!("/{key}/{path}");
        let running = &running;
        async move { made(&running.v1(Method::POST, &path, &body).await) }
    };
    let room = post("groups", json!({"name": "Den", "type": "Room", "lights": ["1", "2", "3"]})).await;
    let scene = post("scenes", json!({"name": "Late", "type": "GroupScene", "group": room})).await;
    post("resourcelinks", json!({"name": "Mine", "classid": 1, "links": [format!("/scenes/{scene}")]})).await;
    let phone = json!({"type": "geofence_client", "name": "phone"});
    assert_eq!(running.v2(Method::POST, "/clip/v2/resource/geofence_client", &key, &phone).await.status(), 201);
    put(format!("/{key}/groups/{room}/action"), json!({"scene": scene})).await;
    let before = running.kept(&key).await;
    assert_eq!(before["lights"].as_object().map(serde_json::Map::len), Some(LIGHTS));
    assert_eq!(before["v2 scene"]["data"][0]["status"]["active"], "static");
    assert_eq!(terminate(running.child).status.code(), Some(0));

    let running = Running::start(folder.path()).await;
    let after = running.kept(&key).await;
    for (what, value) in &before {
        assert_eq!(&after[what], value, "{what}");
    }
    // What is made from now on takes nobody's number.
    let group = json!({"name": "New", "type": "Zone", "lights": ["1"]});
    let next = made(&running.v1(Method::POST, &format!("/{key}/groups"), &group).await);
    assert!(!before["groups"].as_object().expect("groups").contains_key(&next));
    assert_eq!(terminate(running.child).status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_it_writes_it_comes_back_with_every_key_and_every_name() {
    let folder = tempfile::tempdir().expect("a folder");
    seed(folder.path());
    let mut keys: Vec<String> = Vec::new();
    let mut names: BTreeMap<String, Value> = BTreeMap::new();
    for round in 1..=4_usize {
        let mut running = Running::start(folder.path()).await;
        for key in &keys {
            let config = running.v1(Method::GET, &format!("/{key}/config"), &Value::Null).await;
            assert!(config["whitelist"].is_object(), "round {round}: {config}");
        }
        let key = running.paired().await;
        let lights = running.v1(Method::GET, &format!("/{key}/lights"), &Value::Null).await;
        let shown = lights.as_object().expect("lights").iter();
        let shown: BTreeMap<_, _> = shown.map(|(number, light)| (number.clone(), light["uniqueid"].clone())).collect();
        assert_eq!(shown.len(), LIGHTS);
        assert!(names.is_empty() || names == shown, "round {round}: each is called as before");
        names = shown;
        keys.push(key.clone());
        // Nobody waits for the end: some of these are under way when it comes.
        let mut writers = JoinSet::new();
        for n in 0..4_usize {
            let (client, at, key) = (running.client.clone(), running.http, key.clone());
            writers.spawn(async move {
                for turn in 0.. {
                    let (method, path, body) = match n {
                        0 | 1 => {
                            (Method::POST, "resourcelinks", json!({"name": "x", "classid": 1, "links": ["/lights/1"]}))
                        }
                        2 => (Method::PUT, "lights/1", json!({"name": format!("Name {turn}")})),
                        _ => (Method::PUT, "lights/2/state", json!({"on": true, "bri": 1 + turn % 254})),
                    };
                    let answer = v1(&client, at, method, &format!("/{key}/{path}"), &body).await;
                    if answer.is_none() || turn > 500 {
                        return;
                    }
                }
            });
        }
        let links = || async {
            let links = running.v1(Method::GET, &format!("/{key}/resourcelinks"), &Value::Null).await;
            links.as_object().map_or(0, serde_json::Map::len)
        };
        let wanted = links().await + 7 * round;
        while links().await < wanted {}
        running.child.kill().expect("killed");
        running.child.wait().expect("gone");
        while writers.join_next().await.is_some() {}

        let paths = Paths::under(folder.path(), None);
        let store = Store::open(&paths.db, Patience::default(), |_| {}).expect("readable");
        let (kept, lights) = (store.bridge().expect("read"), store.lights().expect("read"));
        assert_eq!((kept.damaged.first(), lights.damaged.first()), (None, None), "round {round}");
        assert_eq!(lights.lights.lights.len(), LIGHTS);
        // What was written in one go is there in one go, and nothing is left out in the middle.
        let links: BTreeSet<u32> =
            kept.objects.keys().filter(|id| id.kind == Kind::Link).map(|id| id.id.parse().expect("a number")).collect();
        assert!(links.iter().zip(1..).all(|(link, n)| *link == n), "round {round}: {links:?}");
        assert!(kept.ids.len() >= LIGHTS + links.len());
        store.close().expect("closed");
        let known = Keys::load(&paths.secrets.join("bridge.json")).expect("read").expect("there");
        assert!(keys.iter().all(|key| known.find(key).is_some()), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_that_cannot_be_written_are_told_of_and_the_bridge_answers_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let secrets = folder.path().join("secrets");
    let (keys, certificate) = (secrets.join("bridge.json"), secrets.join("bridge.pem"));
    // Folders in the place of files: nobody can write there, whatever he may do.
    for file in [&keys, &certificate] {
        std::fs::create_dir_all(file).expect("made");
    }
    let running = Running::start(folder.path()).await;
    let state = running.api(Method::GET, "/api/v1/state").await;
    let told = state["system"]["notices"].to_string();
    for file in [&keys, &certificate] {
        assert!(told.contains(&*file.to_string_lossy()), "{told}");
    }
    let probe = running.v2(Method::GET, "/clip/v2/resource", "", &Value::Null).await;
    assert_eq!(probe.status(), 403, "it answers with a certificate of its own");
    let answer = running.pair().await;
    assert_eq!(answer[0]["error"]["type"], 901, "a key that cannot be kept is not given: {answer}");
    let bridge = running.api(Method::GET, "/api/v1/bridge").await;
    assert_eq!(bridge["apps"], json!([]));
    // Once it can be written, the same program goes on as if nothing had been.
    std::fs::remove_dir(&keys).expect("removed");
    let key = running.paired().await;
    let config = running.v1(Method::GET, &format!("/{key}/config"), &Value::Null).await;
    assert!(config["whitelist"][&key].is_object(), "{config}");
    assert_eq!(terminate(running.child).status.code(), Some(0));
}
