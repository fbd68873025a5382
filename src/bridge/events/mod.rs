//! The event stream of version 2: `GET /eventstream/clip/v2` (HTML standard, "Server-sent events").
//!
//! ```text
//!  book ──Changes──▶ run: Mixer ──Message──▶ Hub ──Event──▶ a task and a queue for each app ──▶ its socket
//!                                              └─▶ Past, for those who come back
//! ```
//!
//! Invariant: while nobody wants events, nothing is mixed, kept or written.
//! Invariant: an event is written once, however many apps hear it.

pub mod event;
pub mod hub;
pub mod listener;
pub mod mixer;
pub mod past;

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use hyper::{HeaderMap, Method, Response, StatusCode};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::bridge::events::event::EventId;
use crate::bridge::events::hub::Heard;
use crate::bridge::events::mixer::{Mixer, USUAL_PACE};
use crate::bridge::face::Face;
use crate::bridge::request::{Body, Request};
use crate::bridge::v2::change::Changes;
use crate::model::bridge::Update as BridgeUpdate;
use crate::model::message::Update;
use crate::model::snapshot::Snapshot;
use crate::port::Published;

/// The setting that says how long changes of one resource are gathered, ms.
pub const PACE_KEY: &str = "bridge.event_ms";

/// Tells apps what changes, until `stop`.
pub async fn run(face: Face, stop: CancellationToken) {
    let (mut changes, mut facts) = (face.book.changes.subscribe(), face.port.feed.0.subscribe());
    let mut mixer = Mixer::default();
    mixer.set_pace(pace(&face.view()));
    loop {
        let waits = mixer.wake_at().map(|at| at.since(face.events.now()));
        tokio::select! {
            () = stop.cancelled() => break,
            () = after(waits) => {}
            heard = changes.recv() => match heard {
                Ok(heard) => mix(&face, &mut mixer, &heard),
                Err(RecvError::Lagged(_)) => face.events.tell(Heard::Lost),
                Err(RecvError::Closed) => break,
            },
            folded = facts.recv() => match folded {
                Ok(folded) => notice(&face, &mut mixer, &folded),
                Err(RecvError::Lagged(_)) => {
                    mixer.set_pace(pace(&face.view()));
                    face.events.tell(Heard::Keys);
                }
                Err(RecvError::Closed) => break,
            },
        }
        give(&face, &mut mixer);
    }
    face.events.close();
}

fn mix(face: &Face, mixer: &mut Mixer, heard: &Changes) {
    if face.events.is_wanted() {
        mixer.add(face.events.now(), &heard.changes);
    } else {
        mixer.clear();
        face.events.forget();
    }
}

fn give(face: &Face, mixer: &mut Mixer) {
    let messages = mixer.take(face.events.now());
    if messages.is_empty() {
        return;
    }
    let (wall, namespace) = ((face.wall)(), face.view().bridge.identity.id.namespace());
    for message in messages {
        face.events.give(wall, &message, namespace);
    }
}

/// Heeds facts about keys and settings.
fn notice(face: &Face, mixer: &mut Mixer, folded: &Published) {
    for fact in folded.facts.iter() {
        match &fact.update {
            Update::Bridge(BridgeUpdate::AppGone(app)) => face.events.tell(Heard::Gone(app.clone())),
            Update::Bridge(BridgeUpdate::Reset(_)) => face.events.tell(Heard::Keys),
            Update::System(_) => mixer.set_pace(pace(&folded.snapshot)),
            _ => {}
        }
    }
}

fn pace(view: &Snapshot) -> Duration {
    let setting = view.system.settings.iter().find(|setting| &*setting.key == PACE_KEY);
    let ms = setting.and_then(|setting| setting.value.parse().ok());
    ms.map_or(USUAL_PACE, Duration::from_millis)
}

/// Waits so long; for ever without a time.
async fn after(waits: Option<Duration>) {
    match waits {
        Some(waits) => tokio::time::sleep(waits).await,
        None => std::future::pending().await,
    }
}

/// Answers a request for events: a stream to those who accept one, else the next events as a JSON array as soon as there
/// are some.
pub async fn serve(face: &Face, request: &Request) -> Response<Body> {
    if request.method != Method::GET {
        return refused(StatusCode::METHOD_NOT_ALLOWED, "Events can only be read.");
    }
    let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
    let answer = if accepts_stream(&request.headers) {
        let after = header("last-event-id").and_then(EventId::read);
        listener::stream(face, &request.key, after).map(|events| {
            let frames = events.map(|bytes| Ok::<_, Infallible>(Frame::data(bytes)));
            response("text/event-stream; charset=utf-8", None, Body::new(StreamBody::new(frames)))
        })
    } else {
        let after = header(IF_NONE_MATCH.as_str()).and_then(EventId::read);
        let polled = listener::poll(face, &request.key, after).await;
        polled.map(|(json, last)| response("application/json", last, Full::new(json).boxed()))
    };
    answer.unwrap_or_else(|| refused(StatusCode::SERVICE_UNAVAILABLE, "Too many apps listen to events."))
}

fn accepts_stream(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.into_iter().any(|value| value.to_ascii_lowercase().contains("text/event-stream"))
}

fn response(kind: &'static str, last: Option<EventId>, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, hyper::header::HeaderValue::from_static("no-cache"));
    if let Some(tag) = last.and_then(|id| format!("\"{id}\"").parse().ok()) {
        headers.insert(ETAG, tag);
    }
    response
}

fn refused(status: StatusCode, why: &str) -> Response<Body> {
    let body = serde_json::json!({"errors": [{"description": why}], "data": []}).to_string();
    let mut refused = response("application/json", None, Full::new(Bytes::from(body)).boxed());
    *refused.status_mut() = status;
    refused
}
