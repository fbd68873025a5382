//! Requests to the Hue bridge as they come off a connection, without one: who may ask for what, pairing, limits, manners.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use hearthlight::bridge::about;
use hearthlight::bridge::dispatch::{self, Way};
use hearthlight::bridge::door::room::{MAX_CONNECTIONS, MAX_PER_ADDRESS, Room};
use hearthlight::bridge::face::Face;
use hearthlight::bridge::percent;
use hearthlight::engine::services::bridge::book::{Bridge, Now, Versions};
use hearthlight::engine::services::bridge::keys::Keys;
use hearthlight::model::bridge::Command as BridgeCommand;
use hearthlight::model::bridge::ids::BridgeId;
use hearthlight::model::message::{Command, Origin, Outcome, Stamped, Update};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::port::visits::Visit;
use hearthlight::port::{Feed, Port, Posted, Published};
use hearthlight::units::moment::Moment;
use http_body_util::{BodyExt as _, Full};
use hyper::{HeaderMap, Request};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc, watch};

use crate::nouns::plug;

fn now() -> Timestamp {
    "2026-05-04T18:00:00Z".parse().expect("a time")
}

/// A bridge whose service is the real one, and its clock.
struct Home {
    face: Face,
    ms: Arc<AtomicU64>,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|why| panic!("{why}: {:?}", self.body))
    }

    /// The number of an error of version 1.
    fn error(&self) -> u64 {
        assert_eq!(self.status, 200);
        self.json()[0]["error"]["type"].as_u64().unwrap_or_default()
    }
}

impl Home {
    /// Must be made inside a runtime.
    fn new() -> Self {
        let (commands, inbox) = mpsc::channel(16);
        let (published, news) = watch::channel(0);
        let feed = Feed(broadcast::channel(64).0);
        let port = Port { published: news, feed, ..plug(commands, Snapshot::default()) };
        let ms = Arc::new(AtomicU64::new(0));
        tokio::spawn(engine(port.clone(), published, inbox, Arc::clone(&ms)));
        Self { face: Face::new(port, Arc::new(now), Arc::new(|| Moment(0))), ms }
    }

    /// Turns the clock to so long after the start.
    fn turn(&self, ms: u64) {
        self.ms.store(ms, Ordering::Relaxed);
    }

    async fn press(&self) {
        let pressed = self.face.port.call(Command::Bridge(BridgeCommand::Press), Origin::Api).await;
        assert!(matches!(pressed, Outcome::Done { .. }));
    }

    async fn ask(&self, tls: bool, method: &str, path: &str, key: &str, body: impl Into<Bytes>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("user-agent", "tests/1");
        if !key.is_empty() {
            request = request.header("Hue-Application-Key", key);
        }
        let request = request.body(Full::new(body.into())).expect("a request");
        let (from, at): (SocketAddr, SocketAddr) = (([10, 0, 0, 9], 50_000).into(), ([10, 0, 0, 2], 8080).into());
        let (head, body) = dispatch::serve(&self.face, Way { from, at, tls }, request).await.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(false, "GET", path, "", "").await
    }

    async fn pair(&self, body: &str) -> Answer {
        self.ask(false, "POST", "/api", "", body.to_owned()).await
    }

    async fn paired(&self) -> String {
        self.press().await;
        let answer = self.pair(r#"{"devicetype":"app#desk"}"#).await.json();
        answer[0]["success"]["username"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    fn last_visit(&self) -> Visit {
        let clients = self.face.port.slots.bridge.visits.clients();
        clients[0].visits.back().expect("one").clone()
    }
}

async fn engine(port: Port, published: watch::Sender<u64>, mut inbox: mpsc::Receiver<Posted>, ms: Arc<AtomicU64>) {
    let id = BridgeId::of_mac([0x00, 0x17, 0x88, 0xAA, 0xBB, 0xCC]);
    let versions = Versions { api: "1.67.0".into(), software: "1967054020".into() };
    let mut bridge = Bridge::new(Keys { id, keys: [].into() }, Default::default(), &versions);
    let opening = bridge.opening(&Snapshot::default());
    publish(&port, &published, vec![opening]);
    while let Some(Posted { envelope, reply }) = inbox.recv().await {
        let Command::Bridge(command) = envelope.command else { continue };
        let ms = ms.load(Ordering::Relaxed);
        let time = Now { at: Moment::from_millis(ms), wall: now() + Duration::from_millis(ms) };
        let decided = bridge.on_command(command, &envelope.origin, time);
        port.slots.bridge.ring.store(Arc::new(bridge.keys().ring()));
        publish(&port, &published, bridge.take().updates);
        let outcome = match decided {
            Ok(()) => Outcome::Done { seq: port.view().seq, made: bridge.made() },
            Err(why) => Outcome::Refused { why },
        };
        reply.map(|reply| reply.send(outcome));
    }
}

fn publish(port: &Port, published: &watch::Sender<u64>, updates: Vec<hearthlight::model::bridge::Update>) {
    let mut snapshot = Snapshot::clone(&port.view());
    let mut facts = Vec::new();
    for update in updates {
        let (seq, at, origin) = (snapshot.seq + 1, Moment(0), Origin::System);
        let fact = Stamped { seq, at, wall: now(), origin, cause: None, update: Update::Bridge(update) };
        snapshot.apply(&fact);
        facts.push(fact);
    }
    let snapshot = Arc::new(snapshot);
    port.snapshot.store(Arc::clone(&snapshot));
    published.send_replace(snapshot.seq);
    drop(port.feed.0.send(Published { snapshot, facts: facts.into() }));
}

#[tokio::test]
async fn the_short_config_is_for_everybody_on_both_doors_and_all_paths() {
    let home = Home::new();
    home.press().await;
    for path in
        ["/api/config", "/api/nouser/config", "/api/0123456789/config", "/api/config/", "//api//nouser//config/"]
    {
        for tls in [false, true] {
            let answer = home.ask(tls, "GET", path, "", "").await;
            let whole = about::short_config(&home.face.view().bridge.identity);
            assert_eq!((answer.status, answer.json()), (200, whole), "{path}");
            assert_eq!(answer.json()["bridgeid"], "001788FFFEAABBCC");
            assert_eq!(answer.headers["content-type"], "application/json");
        }
    }
    let description = home.get("/description.xml").await;
    assert!(String::from_utf8_lossy(&description.body).contains("<URLBase>http://10.0.0.2:8080/</URLBase>"));
    assert_eq!(description.headers["content-type"], "text/xml; charset=utf-8");
}

#[tokio::test]
async fn pairing_says_what_is_wrong_and_gives_a_key_only_after_the_button() {
    let home = Home::new();
    let right = r#"{"devicetype":"app#desk","generateclientkey":true}"#;
    for (body, error) in [
        ("", 2),
        ("[]", 2),
        ("{", 2),
        ("{}", 5),
        (r#"{"generateclientkey":true}"#, 5),
        (r#"{"devicetype":"a","username":"mine"}"#, 6),
        (r#"{"devicetype":""}"#, 7),
        (r#"{"devicetype":7}"#, 7),
        (r#"{"devicetype":"01234567890123456789012345678901234567890"}"#, 7),
        (r#"{"devicetype":"a","generateclientkey":"yes"}"#, 7),
        (right, 101),
    ] {
        assert_eq!(home.pair(body).await.error(), error, "{body}");
    }
    let not_pressed = home.pair(right).await.json();
    let error = json!({ "type": 101, "address": "", "description": "link button not pressed" });
    assert_eq!(not_pressed, json!([{ "error": error }]));
    let get = home.get("/api").await.json();
    assert_eq!(get[0]["error"]["description"], "method, GET, not available for resource, /");

    home.press().await;
    let first = home.ask(true, "POST", "/api/", "", right).await.json();
    let success = &first[0]["success"];
    let (key, client_key) = (success["username"].as_str().expect("a key"), success["clientkey"].as_str().expect("one"));
    assert!(key.len() == 40 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{key}");
    assert!(client_key.len() == 32 && client_key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')));
    for without in [r#"{"devicetype":"a"}"#, r#"{"devicetype":"a","generateclientkey":false}"#] {
        let second = home.pair(without).await.json();
        assert!(second[0]["success"]["clientkey"].is_null() && second[0]["success"]["username"] != *key);
    }
    drop(home.face.port.call(Command::Bridge(BridgeCommand::Unpress), Origin::Api).await);
    assert_eq!(home.pair(right).await.error(), 101);
}

#[tokio::test]
async fn the_window_closes_after_thirty_seconds() {
    let home = Home::new();
    let right = r#"{"devicetype":"app#desk"}"#;
    home.turn(5_000);
    home.press().await;
    home.turn(34_999);
    let answer = home.pair(right).await.json();
    let key = answer[0]["success"]["username"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
    let config = || async { home.get(&format!("/api/{key}/config")).await.json() };
    assert_eq!(config().await["linkbutton"], true);
    home.turn(35_000);
    assert_eq!(home.pair(right).await.error(), 101, "though nobody closed it");
    assert_eq!(config().await["linkbutton"], false);
    assert_eq!(home.pair(right).await.error(), 101);
    // An app that has a key presses for another one, as long as an hour later.
    home.turn(3_600_000);
    let pressed = home.ask(false, "PUT", &format!("/api/{key}/config"), "", r#"{"linkbutton":true}"#).await;
    assert_eq!(pressed.json(), json!([{ "success": { "/config/linkbutton": true } }]));
    home.turn(3_629_999);
    assert!(home.pair(right).await.json()[0]["success"].is_object());
    home.turn(3_630_000);
    assert_eq!(home.pair(right).await.error(), 101);
}

#[tokio::test]
async fn nothing_works_without_a_key() {
    let home = Home::new();
    let key = home.paired().await;
    let stranger = home.get("/api/someone/lights/1/").await.json();
    let error = json!({ "type": 1, "address": "/lights/1", "description": "unauthorized user" });
    assert_eq!(stranger, json!([{ "error": error }]));
    assert_eq!(home.ask(false, "PUT", "/api/someone/config", "", "{}").await.error(), 1);
    for path in ["/clip/v2/resource", "/clip/v2/resource/light/", "/clip/v2", "/eventstream/clip/v2", "/auth/v1"] {
        for wrong in ["", "someone"] {
            let answer = home.ask(true, "GET", path, wrong, "").await;
            assert_eq!(answer.status, 403, "{path}");
            assert_eq!(answer.json(), json!({ "errors": [{ "description": "Forbidden" }], "data": [] }));
        }
        assert_eq!(home.ask(false, "GET", path, &key, "").await.status, 404, "version 2 is for HTTPS");
    }
    assert_eq!(home.ask(true, "GET", "/clip/v2/nothing", &key, "").await.status, 404);
    let known = home.ask(true, "GET", "/auth/v1", &key, "").await;
    let app = home.face.view().bridge.apps.keys().next().expect("one").clone();
    assert_eq!((known.status, known.headers["hue-application-id"].to_str().expect("text")), (200, &*app.0));
    drop(home.face.port.call(Command::Bridge(BridgeCommand::Revoke(app)), Origin::Api).await);
    assert_eq!(home.ask(true, "GET", "/auth/v1", &key, "").await.status, 403);
    assert_eq!(home.get(&format!("/api/{key}/lights")).await.error(), 1);
}

#[tokio::test]
async fn every_answer_lets_pages_ask_and_forbids_keeping() {
    let home = Home::new();
    for (method, path) in [("OPTIONS", "/clip/v2/resource"), ("OPTIONS", "/api"), ("GET", "/api/config"), ("GET", "/x")]
    {
        let answer = home.ask(true, method, path, "", "").await;
        assert_eq!(answer.status, if path == "/x" { 404 } else { 200 });
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        assert!(answer.headers["access-control-allow-headers"].to_str().expect("text").contains("hue-application-key"));
        assert!(answer.headers["cache-control"].to_str().expect("text").contains("no-store"));
    }
    let whole = home.get("/api/config").await;
    let head = home.ask(false, "HEAD", "/api/config", "", "").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.headers["content-length"], whole.body.len().to_string());
}

#[tokio::test]
async fn bodies_and_paths_are_bounded() {
    let home = Home::new();
    home.press().await;
    let answer = home.pair(&format!("{{\"devicetype\":\"a\",\"x\":\"{}\"}}", "y".repeat(65_000))).await;
    assert!(answer.json()[0]["success"].is_object());
    let large = home.pair(&" ".repeat((64 << 10) + 1)).await;
    assert_eq!((large.status, large.headers["connection"].to_str().expect("text")), (413, "close"));
    assert_eq!(home.pair(&format!("{}1{}", "[".repeat(5000), "]".repeat(5000))).await.error(), 2);
    assert_eq!(home.get(&format!("/api/{}", "x".repeat(5000))).await.status, 414);
    assert_eq!(
        home.ask(true, "GET", "/api/a%2Fb%zz%C3%A4/lights/%31", "", "").await.json()[0]["error"]["address"],
        "/lights/1"
    );
}

#[tokio::test]
async fn what_was_asked_is_noted_without_keys_and_measured() {
    let home = Home::new();
    let key = home.paired().await;
    for path in [format!("/api/{key}/lights"), format!("/api/someone/config/whitelist/{key}"), format!("/x/{key}")] {
        home.get(&path).await;
        let visit = home.last_visit();
        assert!(!visit.path.contains(&key) && !visit.path.contains("someone"), "{}", visit.path);
        assert!(visit.path.contains("<key>"));
    }
    home.get("/api/someone/lights").await;
    let visit = home.last_visit();
    assert_eq!((visit.status, visit.refused.as_deref(), visit.tls), (200, Some("unauthorized user"), false));
    home.ask(true, "GET", "/auth/v1", &key, "").await;
    assert_eq!((home.last_visit().refused, home.last_visit().tls), (None, true));
    let slots = &home.face.port.slots.bridge;
    let client = slots.visits.clients().remove(0);
    assert_eq!((client.app.as_deref(), client.agent.as_deref()), (Some("app#desk"), Some("tests/1")));
    assert!(client.counts.1 >= 2 && slots.refused.get() == client.counts.1);
    let measured = slots.requests.all();
    for (route, status) in [("pair", 200), ("v1 lights", 200), ("refused", 200), ("auth", 200), ("other", 404)] {
        assert!(measured.contains_key(&(route, status)), "{route} {status} in {:?}", measured.keys());
    }
    let used = slots.ring.load().find(&key).expect("there").used();
    assert_eq!(used, Some(now()), "a key knows when it was used");
}

#[test]
fn places_are_counted_in_all_and_by_address_and_given_back() {
    let room = Room::default();
    let from = |n: u16| std::net::IpAddr::from([10, 0, (n >> 8) as u8, n as u8]);
    let mut places: Vec<_> = (0..MAX_PER_ADDRESS).map(|_| room.place(from(1)).expect("room")).collect();
    assert!(room.place(from(1)).is_none());
    places.pop();
    assert!(room.place(from(1)).is_some());
    places.clear();
    let here = std::net::IpAddr::from([127, 0, 0, 1]);
    let all: Vec<_> = (0..MAX_CONNECTIONS).map(|_| room.place(here).expect("room")).collect();
    assert!(room.place(from(2)).is_none());
    drop(all);
    assert!(room.place(from(2)).is_some());
}

proptest! {
    #[test]
    fn any_path_has_parts(path in ".{0,200}") {
        prop_assert!(percent::parts(&path).iter().all(|part| !part.is_empty()));
    }

    #[test]
    fn any_request_is_answered(path in "/[a-zA-Z0-9/%._~:@!$&'()*+,;=?-]{0,80}", body in prop::collection::vec(any::<u8>(), 0..200), tls: bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let status = runtime.block_on(async {
            let home = Home::new();
            home.ask(tls, "POST", &path, "", body).await.status
        });
        prop_assert!(status < 500, "{path}: {status}");
    }
}
