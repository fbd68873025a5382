//! Bodies that are not as they should be, at every door: each is answered, nothing is done, and the next request is served.

use bytes::Bytes;
use futures_util::stream;
use hearthlight::bridge::dispatch::{self, Way};
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::Request;
use hyper::body::Frame;
use serde_json::Value;

use super::house::KEY;
use super::v2::Bridge;

/// A body with its name.
type Bad = (&'static str, Vec<u8>);

/// Bodies that hold no JSON object, or one whose members have types that nothing takes.
fn bad() -> Vec<Bad> {
    let nested =
        |open: &str, close: &str, depth: usize| [open.repeat(depth), close.repeat(depth)].concat().into_bytes();
    let long = |text: &str| format!("{{\"name\":\"{text}\"}}").into_bytes();
    vec![
        ("nothing", Vec::new()),
        ("blanks", b" \r\n\t".to_vec()),
        ("cut short", br#"{"on":{"on":tr"#.to_vec()),
        ("two of them", br#"{"on":{"on":true}}{"on":{"on":true}}"#.to_vec()),
        ("null", b"null".to_vec()),
        ("a truth", b"true".to_vec()),
        ("a number", b"-1e3".to_vec()),
        ("a text", br#""on""#.to_vec()),
        ("a list", br#"[{"on":true}]"#.to_vec()),
        ("no number at all", br#"{"on":NaN,"bri":Infinity}"#.to_vec()),
        ("a number beyond all", br#"{"bri":1e999,"dimming":{"brightness":1e999}}"#.to_vec()),
        ("quotes of another kind", b"{'on':true}".to_vec()),
        ("lists in lists", nested("[", "]", 33)),
        ("lists in lists without an end", b"[".repeat(60_000)),
        ("objects in objects", nested(r#"{"on":"#, "}", 7_000)),
        ("lists in a member", [b"{\"on\":".to_vec(), nested("[", "]", 20_000), b"}".to_vec()].concat()),
        ("bytes that are no text", vec![0xFF, 0xFE, 0x00, 0x80]),
        ("a name that is no text", b"{\"\xC3\x28\":true}".to_vec()),
        ("a value that is no text", b"{\"name\":\"\xF0\x28\x8C\xBC\"}".to_vec()),
        ("half a sign", long(r"\ud800")),
        ("an escape that is none", long(r"\x41")),
        ("a sign that must be escaped", long("\u{0}")),
        ("a mark before it", b"\xEF\xBB\xBF{\"on\":true}".to_vec()),
    ]
}

/// Bodies whose members are known and hold values of every other type.
fn of_wrong_types() -> Vec<Bad> {
    let names = [
        "on",
        "bri",
        "hue",
        "sat",
        "xy",
        "ct",
        "effect",
        "alert",
        "transitiontime",
        "name",
        "lights",
        "type",
        "class",
        "scene",
        "group",
        "lightstates",
        "storelightstate",
        "appdata",
        "config",
        "state",
        "conditions",
        "actions",
        "command",
        "localtime",
        "status",
        "links",
        "classid",
        "stream",
        "locations",
        "dimming",
        "dimming_delta",
        "color",
        "color_temperature",
        "gradient",
        "effects",
        "effects_v2",
        "timed_effects",
        "signaling",
        "powerup",
        "dynamics",
        "metadata",
        "identify",
        "children",
        "services",
        "palette",
        "recall",
        "speed",
        "auto_dynamic",
        "configuration",
        "configuration_type",
        "light_services",
        "script_id",
        "enabled",
        "week_timeslots",
        "time_zone",
        "is_at_home",
        "action",
        "devicetype",
        "username",
        "generateclientkey",
        "trigger",
        "sensitivity",
        "button",
        "motion",
    ];
    let all = |value: &str| {
        let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    };
    vec![
        ("nulls", all("null")),
        ("numbers", all("-7.5")),
        ("large numbers", all("99999999999999999999")),
        ("texts", all(r#""\u0000""#)),
        ("empty lists", all("[]")),
        ("lists of lists", all("[[[]]]")),
        ("empty objects", all("{}")),
        ("objects of nulls", all(r#"{"on":null,"xy":null,"rid":null,"action":null,"name":null}"#)),
    ]
}

/// An app that holds a key, and the doors it comes by.
struct App(Bridge);

impl App {
    async fn new() -> Self {
        Self(Bridge::new().await)
    }

    async fn ask<B>(&self, method: &str, path: &str, body: B) -> (u16, Bytes, bool)
    where
        B: hyper::body::Body<Data = Bytes, Error = std::convert::Infallible> + Send,
    {
        let request = Request::builder().method(method).uri(path).header(dispatch::KEY_HEADER, KEY);
        let request = request.body(body).expect("a request");
        let way = Way { from: ([10, 0, 0, 9], 50_000).into(), at: ([10, 0, 0, 2], 443).into(), tls: true };
        let (head, body) = dispatch::serve(&self.0.house.face, way, request).await.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        (head.status.as_u16(), body, head.headers.get("connection").is_some_and(|value| value == "close"))
    }

    async fn send(&self, method: &str, path: &str, body: &[u8]) -> (u16, Value) {
        let (status, answer, _) = self.ask(method, path, Full::new(Bytes::copy_from_slice(body))).await;
        (status, serde_json::from_slice(&answer).unwrap_or_else(|why| panic!("{why}: {answer:?}")))
    }

    /// Whether it is still served.
    async fn is_well(&self) {
        let (status, lights) = self.send("GET", &format!("/api/{KEY}/lights"), b"").await;
        assert_eq!((status, lights.as_object().map(serde_json::Map::len)), (200, Some(7)));
        let (status, lights) = self.send("GET", "/clip/v2/resource/light", b"").await;
        assert_eq!((status, lights["data"].as_array().map(Vec::len)), (200, Some(7)));
    }

    /// Everything that version 1 writes.
    fn old(&self) -> Vec<(&'static str, String)> {
        let written = [
            ("PUT", "lights/4"),
            ("PUT", "lights/4/state"),
            ("PUT", "lights/4/config"),
            ("POST", "lights"),
            ("POST", "groups"),
            ("PUT", "groups/3"),
            ("PUT", "groups/4"),
            ("PUT", "groups/3/action"),
            ("POST", "scenes"),
            ("POST", "sensors"),
            ("PUT", "sensors/9"),
            ("PUT", "sensors/9/state"),
            ("PUT", "sensors/9/config"),
            ("POST", "rules"),
            ("POST", "schedules"),
            ("POST", "resourcelinks"),
            ("PUT", "config"),
        ];
        written.map(|(method, path)| (method, format!("/api/{KEY}/{path}"))).to_vec()
    }

    /// Everything that version 2 writes, and what it does not.
    async fn new_ones(&self) -> Vec<(&'static str, String)> {
        let all = self.0.get("").await;
        let name = |one: &Value, key: &str| one[key].as_str().expect("a text").to_owned();
        let mut written: Vec<_> = all
            .iter()
            .map(|one| ("PUT", format!("/clip/v2/resource/{}/{}", name(one, "type"), name(one, "id"))))
            .collect();
        let kinds = [
            "room",
            "zone",
            "scene",
            "smart_scene",
            "behavior_instance",
            "entertainment_configuration",
            "geofence_client",
            "light",
        ];
        written.extend(kinds.map(|kind| ("POST", format!("/clip/v2/resource/{kind}"))));
        written
    }
}

#[tokio::test]
async fn version_1_says_of_every_body_that_is_no_object_that_it_is_no_json() {
    let app = App::new().await;
    for (method, path) in app.old() {
        for (what, body) in bad() {
            let (status, answer) = app.send(method, &path, &body).await;
            assert_eq!(status, 200, "{method} {path}: {what}");
            // Searches need no body.
            let searches = matches!(what, "nothing" | "blanks")
                && method == "POST"
                && (path.ends_with("/lights") || path.ends_with("/sensors"));
            let beyond = what == "a number beyond all";
            assert!(searches || beyond || answer[0]["error"]["type"] == 2, "{method} {path}: {what}: {answer}");
        }
    }
    app.is_well().await;
    let asked = app.0.house.sent();
    assert!(asked.iter().all(|command| format!("{command:?}").contains("Search")), "{asked:?}");
}

#[tokio::test]
async fn version_2_refuses_every_body_that_is_no_object() {
    let app = App::new().await;
    for (method, path) in app.new_ones().await {
        for (what, body) in bad() {
            let (status, answer) = app.send(method, &path, &body).await;
            assert!(matches!(status, 400 | 405), "{method} {path}: {what}: {status}");
            assert!(!answer["errors"].as_array().expect("errors").is_empty(), "{method} {path}: {what}");
            assert_eq!(answer["data"], serde_json::json!([]), "{method} {path}: {what}");
        }
    }
    app.is_well().await;
    assert_eq!(app.0.house.sent(), []);
}

#[tokio::test]
async fn members_of_wrong_types_are_refused_one_by_one() {
    let app = App::new().await;
    for (method, path) in app.old().into_iter().chain(app.new_ones().await) {
        for (what, body) in of_wrong_types() {
            let (status, _) = app.send(method, &path, &body).await;
            let well = if path.starts_with("/api") { status == 200 } else { matches!(status, 200 | 207 | 400 | 405) };
            assert!(well, "{method} {path}: {what}: {status}");
        }
    }
    app.is_well().await;
}

#[tokio::test]
async fn pairing_takes_none_of_them() {
    let app = App::new().await;
    for (what, body) in bad().into_iter().chain(of_wrong_types()) {
        let (status, answer) = app.send("POST", "/api", &body).await;
        assert_eq!(status, 200, "{what}");
        assert!(matches!(answer[0]["error"]["type"].as_u64(), Some(2 | 5 | 6 | 7)), "{what}: {answer}");
    }
    app.is_well().await;
}

#[tokio::test]
async fn a_mebibyte_is_refused_whether_its_size_is_told_or_not() {
    let app = App::new().await;
    let light = app.0.one("light", super::v2::ThingKind::Light, "lamp").await;
    let light = format!("/clip/v2/resource/light/{}", light["id"].as_str().expect("a text"));
    let old = format!("/api/{KEY}/lights/4/state");
    for (method, path) in [("POST", "/api"), ("PUT", &*old), ("PUT", &*light), ("POST", "/nothing")] {
        for sign in [b' ', b'[', b'"', 0xFF] {
            let whole = Full::new(Bytes::from(vec![sign; 1 << 20]));
            let (status, _, closed) = app.ask(method, path, whole).await;
            assert_eq!((status, closed), (413, true), "{method} {path}");
            let parts = stream::iter((0..256).map(move |_| Ok(Frame::data(Bytes::from(vec![sign; 4096])))));
            let (status, _, closed) = app.ask(method, path, StreamBody::new(parts)).await;
            assert_eq!((status, closed), (413, true), "{method} {path}, in parts");
        }
    }
    app.is_well().await;
    assert_eq!(app.0.house.sent(), []);
}

#[tokio::test]
async fn paths_that_are_no_text_lead_nowhere() {
    let app = App::new().await;
    for path in ["/api/%FF", "/api/%FF%FE/lights", "/%C3%28", "/clip/v2/resource/%FF", "/clip/v2/resource/light/%00"] {
        let (status, _) = app.send("GET", path, b"").await;
        assert!(matches!(status, 200 | 404), "{path}: {status}");
    }
    let (_, answer) = app.send("PUT", &format!("/api/{KEY}/lights/%FF/state"), br#"{"on":true}"#).await;
    assert_eq!(answer[0]["error"]["type"], 3);
    app.is_well().await;
}
