//! From a request as it comes off a connection to its answer: who asks, what for, and who answers.
//!
//! ```text
//!  path, key ──▶ where it leads ──▶ body, read whole ──▶ about | pair | v1 | v2 | events ──▶ noted, measured, answered
//! ```
//!
//! Invariant: a body is read to its end or the connection ends; it is never larger than [`MAX_BODY`].
//! Invariant: what is noted of a request never holds a key.

use std::fmt::Display;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Body as Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Response, StatusCode};
use serde_json::json;

use crate::bridge::face::Face;
use crate::bridge::request::{Answer, Body, MAX_BODY, Request, whole};
use crate::bridge::{about, events, pair, percent, routes, v1, v2};
use crate::model::system::PortState;
use crate::port::ring::Key;
use crate::port::visits::Visit;

/// The header that carries a key in version 2.
pub const KEY_HEADER: &str = "hue-application-key";
/// The header that tells an app its id.
pub const ID_HEADER: &str = "hue-application-id";
/// Bytes that a path with what stands behind its `?` may have.
const MAX_PATH: usize = 4096;
/// Characters of a path that are noted.
const NOTED: usize = 200;
/// How long a request may take, from its head to its answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where a connection comes from, and where it came in.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// Who asks.
    pub from: SocketAddr,
    /// Our address, as they reached it.
    pub at: SocketAddr,
    /// Whether it is HTTPS.
    pub tls: bool,
}

/// Where a request leads.
enum Goal {
    Options,
    Description,
    Icon,
    ShortConfig,
    Pair,
    V1(Arc<Key>, Vec<String>),
    UnknownUser(Vec<String>),
    V2(Arc<Key>, Vec<String>),
    Events(Arc<Key>),
    WhoAmI(Arc<Key>),
    Forbidden,
    Nothing,
    TooLong,
}

/// What is sent back.
enum Sent {
    Answer(Answer),
    Page(&'static str, Bytes),
    Known(Arc<Key>),
    Whole(Response<Body>),
}

/// Answers a request.
pub async fn serve<B>(face: &Face, way: Way, request: hyper::Request<B>) -> Response<Body>
where
    B: Incoming<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + Display,
{
    let (head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    let query = head.uri.query().unwrap_or_default().to_owned();
    let bare = head.method == Method::HEAD;
    // What has no body of its own is read like any other.
    let method = if bare { Method::GET } else { head.method };
    let goal = if head.uri.to_string().len() > MAX_PATH {
        Goal::TooLong
    } else {
        goal(face, &way, &method, &path, &head.headers)
    };
    let (app, route) = (goal.app().cloned(), goal.route());
    let mut seen = Seen { way, method: method.clone(), path: noted(face, &path), app, agent: agent(&head.headers) };
    let body = match tokio::time::timeout(PATIENCE, read(body)).await {
        Ok(Ok(body)) => body,
        Ok(Err(status)) => return seen.refuse(face, status),
        Err(_) => return seen.refuse(face, StatusCode::REQUEST_TIMEOUT),
    };
    let start = Instant::now();
    if let Some(key) = &seen.app {
        key.touch((face.wall)());
    }
    let asked = Asked { method, query, headers: head.headers, body, way };
    let answered = tokio::time::timeout(PATIENCE, answer(face, goal, asked)).await;
    let Ok(sent) = answered else { return seen.refuse(face, StatusCode::SERVICE_UNAVAILABLE) };
    let (mut response, refused) = respond(sent);
    if bare {
        let length = hyper::body::Body::size_hint(response.body()).exact();
        *response.body_mut() = whole(Bytes::new());
        if let Some(length) = length {
            response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
    }
    face.port.slots.bridge.requests.of((route, response.status().as_u16())).note(start.elapsed());
    seen.note(face, response.status(), refused);
    response
}

/// Where a request leads.
fn goal(face: &Face, way: &Way, method: &Method, path: &str, headers: &HeaderMap) -> Goal {
    let parts = percent::parts(path);
    let words: Vec<&str> = parts.iter().map(String::as_str).collect();
    let ring = face.port.slots.bridge.ring.load();
    let reads = *method == Method::GET;
    let behind = |n: usize| parts.get(n..).unwrap_or_default().to_vec();
    let key = || headers.get(KEY_HEADER).and_then(|key| key.to_str().ok()).and_then(|key| ring.find(key)).cloned();
    match words.as_slice() {
        _ if *method == Method::OPTIONS => Goal::Options,
        ["description.xml"] if reads => Goal::Description,
        [about::ICON_PATH] if reads => Goal::Icon,
        ["api"] => Goal::Pair,
        ["api", "config"] | ["api", "nouser", "config"] if reads => Goal::ShortConfig,
        ["api", user, rest @ ..] => match ring.find(user) {
            Some(key) => Goal::V1(Arc::clone(key), behind(2)),
            None if reads && *rest == ["config"] => Goal::ShortConfig,
            None => Goal::UnknownUser(behind(2)),
        },
        ["clip", "v2", ..] | ["eventstream", ..] | ["auth", "v1"] if !way.tls => Goal::Nothing,
        ["clip", "v2", rest @ ..] => match (key(), rest) {
            (None, _) => Goal::Forbidden,
            (Some(key), ["resource", ..]) => Goal::V2(key, behind(3)),
            (Some(_), _) => Goal::Nothing,
        },
        ["eventstream", "clip", "v2"] => key().map_or(Goal::Forbidden, Goal::Events),
        ["auth", "v1"] => key().map_or(Goal::Forbidden, Goal::WhoAmI),
        _ => Goal::Nothing,
    }
}

/// Reads a body whole. The connection of one that is too large, or does not come, ends.
async fn read<B>(body: B) -> Result<Bytes, StatusCode>
where
    B: Incoming<Data = Bytes> + Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(whole) => Ok(whole.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::BAD_REQUEST),
    }
}

/// What was asked, besides where it leads.
struct Asked {
    method: Method,
    query: String,
    headers: HeaderMap,
    body: Bytes,
    way: Way,
}

impl Asked {
    fn request(self, key: Arc<Key>, path: Vec<String>) -> Request {
        let Self { method, query, headers, body, way } = self;
        Request { method, path, query, headers, body, key, from: way.from, tls: way.tls }
    }
}

async fn answer(face: &Face, goal: Goal, asked: Asked) -> Sent {
    match goal {
        Goal::Options => Sent::Page("text/plain", Bytes::new()),
        Goal::Description => {
            let text = about::description(&face.view().bridge.identity, &base(face, &asked.way));
            Sent::Page("text/xml; charset=utf-8", text.into())
        }
        Goal::Icon => Sent::Page("image/png", Bytes::from_static(about::ICON)),
        Goal::ShortConfig => Sent::Answer(Answer::ok(&about::short_config(&face.view().bridge.identity))),
        Goal::Pair => Sent::Answer(pair::answer(face, &asked.method, &asked.body).await),
        Goal::UnknownUser(path) => Sent::Answer(unknown_user(&path)),
        Goal::V1(key, path) => Sent::Answer(v1::answer(face, &asked.request(key, path)).await),
        Goal::V2(key, path) => Sent::Answer(v2::answer(face, &asked.request(key, path)).await),
        Goal::Events(key) => Sent::Whole(events::serve(face, &asked.request(key, Vec::new())).await),
        Goal::WhoAmI(key) => Sent::Known(key),
        Goal::Forbidden => Sent::Answer(v2_error(StatusCode::FORBIDDEN, "Forbidden")),
        Goal::Nothing => Sent::Answer(v2_error(StatusCode::NOT_FOUND, "Not Found")),
        Goal::TooLong => Sent::Answer(v2_error(StatusCode::URI_TOO_LONG, "URI Too Long")),
    }
}

/// Where plain HTTP is answered, as whoever asks can reach it.
fn base(face: &Face, way: &Way) -> String {
    let view = face.view();
    let line = view.system.listeners.iter().find(|line| &*line.key == "bridge.http");
    let open = line.and_then(|line| match &line.state {
        PortState::Open { at } => at.parse::<SocketAddr>().ok(),
        _ => None,
    });
    format!("http://{}/", SocketAddr::new(way.at.ip().to_canonical(), open.unwrap_or(way.at).port()))
}

fn unknown_user(path: &[String]) -> Answer {
    let address: String = format!("/{}", path.join("/")).chars().take(NOTED).collect();
    let body = json!([{ "error": { "type": 1, "address": address, "description": "unauthorized user" } }]);
    Answer { refused: Some("unauthorized user".into()), ..Answer::ok(&body) }
}

fn v2_error(status: StatusCode, description: &str) -> Answer {
    let body = json!({ "errors": [{ "description": description }], "data": [] });
    Answer { status: status.as_u16(), refused: Some(description.into()), ..Answer::ok(&body) }
}

/// The response, and why it is a refusal if it is one.
fn respond(sent: Sent) -> (Response<Body>, Option<Arc<str>>) {
    let (mut response, kind, refused) = match sent {
        Sent::Answer(Answer { status, body, refused }) => {
            let mut response = Response::new(whole(body));
            *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (response, Some("application/json"), refused)
        }
        Sent::Page(kind, body) => (Response::new(whole(body)), Some(kind), None),
        Sent::Known(key) => {
            let mut response = Response::new(whole("{}"));
            if let Ok(id) = HeaderValue::from_str(&key.app.0) {
                response.headers_mut().insert(HeaderName::from_static(ID_HEADER), id);
            }
            (response, Some("application/json"), None)
        }
        Sent::Whole(response) => {
            let failed = response.status().is_client_error() || response.status().is_server_error();
            let refused = failed.then(|| response.status().canonical_reason().unwrap_or("refused").into());
            (response, None, refused)
        }
    };
    let headers = response.headers_mut();
    if let Some(kind) = kind {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    manners(headers);
    (response, refused)
}

/// What every answer says: any page may ask, and nobody keeps an answer.
fn manners(headers: &mut HeaderMap) {
    const ALWAYS: [(HeaderName, &str); 5] = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST, GET, OPTIONS, PUT, DELETE, HEAD"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type, hue-application-key"),
        (header::CACHE_CONTROL, "no-store, no-cache, must-revalidate"),
        (header::EXPIRES, "Mon, 1 Aug 2011 09:00:00 GMT"),
    ];
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

fn agent(headers: &HeaderMap) -> Option<String> {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).map(str::to_owned)
}

/// A path without keys: not the one that it begins with, be it known or not, nor others further on.
fn noted(face: &Face, path: &str) -> Arc<str> {
    let ring = face.port.slots.bridge.ring.load();
    let parts = percent::parts(path);
    let mut noted = String::new();
    for (at, part) in parts.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| parts.get(at)).map_or("", String::as_str);
        let user = at == 1 && before == "api" && !matches!(part.as_str(), "config" | "nouser");
        let secret = user || before == "whitelist" || ring.find(part).is_some();
        noted.push('/');
        noted.push_str(if secret { "<key>" } else { part });
    }
    noted.chars().filter(|c| !c.is_control()).take(NOTED).collect::<String>().into()
}

/// Who asks what: for the doctor's log.
struct Seen {
    way: Way,
    method: Method,
    path: Arc<str>,
    app: Option<Arc<Key>>,
    agent: Option<String>,
}

impl Seen {
    fn note(&mut self, face: &Face, status: StatusCode, refused: Option<Arc<str>>) {
        let slots = &face.port.slots.bridge;
        slots.refused.add(u64::from(refused.is_some()));
        let visit = Visit {
            at: (face.wall)(),
            tls: self.way.tls,
            method: self.method.as_str().chars().take(16).collect::<String>().into(),
            path: Arc::clone(&self.path),
            status: status.as_u16(),
            refused,
        };
        let app = self.app.as_ref().map(|key| &key.name);
        slots.visits.note(self.way.from.ip().to_canonical(), app, self.agent.as_deref(), visit);
    }

    /// Answers with an error before the request was understood; the connection ends, since more of it may come.
    fn refuse(&mut self, face: &Face, status: StatusCode) -> Response<Body> {
        let reason = status.canonical_reason().unwrap_or("refused");
        self.note(face, status, Some(reason.into()));
        let (mut response, _) = respond(Sent::Answer(v2_error(status, reason)));
        if status != StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

impl Goal {
    /// Whose key it carries.
    fn app(&self) -> Option<&Arc<Key>> {
        match self {
            Self::V1(key, _) | Self::V2(key, _) | Self::Events(key) | Self::WhoAmI(key) => Some(key),
            _ => None,
        }
    }

    /// The name under which it is measured.
    fn route(&self) -> &'static str {
        match self {
            Self::V1(_, path) => routes::v1(path),
            Self::V2(_, path) => routes::v2(path),
            Self::Events(_) => "events",
            Self::WhoAmI(_) => "auth",
            Self::Pair => "pair",
            Self::ShortConfig => "config",
            Self::Description | Self::Icon => "description",
            Self::UnknownUser(_) | Self::Forbidden => "refused",
            Self::Options | Self::Nothing | Self::TooLong => "other",
        }
    }
}
