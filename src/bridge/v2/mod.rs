//! Version 2 of the API: `/clip/v2/resource/…`.
//!
//! ```text
//!  facts ─▶ touched ─▶ keeper ─▶ book on the shelf ─▶ GET: bytes as they are kept
//!                        │                            PUT, POST, DELETE ─▶ writes ─▶ commands
//!                        └─▶ changes ─▶ the event stream
//! ```
//!
//! Invariant: a list is answered from kept bytes; nothing is derived because somebody reads.

pub mod book;
pub mod change;
pub mod keeper;
pub mod resources;
pub mod shelf;
pub mod touched;
pub mod writes;

use std::sync::Arc;

use bytes::Bytes;
use hyper::Method;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::bridge::face::Face;
use crate::bridge::request::{self, Answer, Request};
use crate::bridge::v2::shelf::{Book, Kept};
use crate::bridge::v2::writes::write::{self, Done, Refusal, Write};

/// Types of resources that there are; most lists of them are never filled.
const KINDS: [&str; 55] = [
    "auth_v1",
    "behavior_instance",
    "behavior_script",
    "bell_button",
    "bridge",
    "bridge_home",
    "button",
    "camera_motion",
    "clip",
    "contact",
    "convenience_area_motion",
    "depender",
    "device",
    "device_power",
    "device_software_update",
    "device_update",
    "entertainment",
    "entertainment_configuration",
    "geofence",
    "geofence_client",
    "geolocation",
    "grouped_light",
    "grouped_light_level",
    "grouped_motion",
    "homekit",
    "ip_connectivity",
    "light",
    "light_level",
    "matter",
    "matter_fabric",
    "motion",
    "motion_area_candidate",
    "motion_area_configuration",
    "private_group",
    "public_image",
    "recipe",
    "relative_rotary",
    "remote_access",
    "room",
    "scene",
    "security_area_motion",
    "service_group",
    "smart_scene",
    "speaker",
    "switch_input_configuration",
    "system_update",
    "tamper",
    "taurus_7455",
    "temperature",
    "wifi_connectivity",
    "zgp_connectivity",
    "zigbee_bridge_connectivity",
    "zigbee_connectivity",
    "zigbee_device_discovery",
    "zone",
];

/// Answers a request of version 2.
pub async fn answer(face: &Face, request: &Request) -> Answer {
    let Some(book) = face.book.at(face.view().seq).await else {
        return Refusal { status: 503, why: "The bridge is busy. Try again.".to_owned() }.answer();
    };
    let parts = request.parts();
    match request.method {
        Method::GET => read(&book, &parts).unwrap_or_else(|refusal| refusal.answer()),
        Method::PUT | Method::POST | Method::DELETE => written(face, request, book, &parts).await,
        _ => Refusal::not_allowed().answer(),
    }
}

fn read(book: &Book, parts: &[&str]) -> Result<Answer, Refusal> {
    let body = match parts {
        [] => book.list().clone(),
        [kind] => {
            book.kinds.get(known(kind)?).map_or_else(|| shelf::envelope(std::iter::empty()), |of| of.list().clone())
        }
        [kind, id] => shelf::envelope(std::iter::once(find(book, kind, id)?)),
        _ => return Err(Refusal::not_found()),
    };
    Ok(Answer { status: 200, body, refused: None })
}

fn known(kind: &str) -> Result<&str, Refusal> {
    KINDS.contains(&kind).then_some(kind).ok_or_else(Refusal::not_found)
}

fn find<'a>(book: &'a Book, kind: &str, id: &str) -> Result<&'a Arc<Kept>, Refusal> {
    let id = Uuid::try_parse(id).map_err(|_| Refusal::not_found())?;
    book.find(kind, id).ok_or_else(Refusal::not_found)
}

async fn written(face: &Face, request: &Request, book: Arc<Book>, parts: &[&str]) -> Answer {
    let (done, kind, id) = match parts {
        [kind] if request.method == Method::POST => (made(face, request, book, kind).await, *kind, None),
        [kind] | [kind, _] if known(kind).is_err() => return Refusal::not_found().answer(),
        [kind, id] if request.method != Method::POST => match find(&book, kind, id).cloned() {
            Ok(kept) => (changed(face, request, book, &kept).await, *kind, Some(kept.resource.id)),
            Err(refusal) => return refusal.answer(),
        },
        [] | [_] | [_, _] => return Refusal::not_allowed().answer(),
        _ => return Refusal::not_found().answer(),
    };
    // Also what was done before something was refused must show.
    drop(face.book.at(face.view().seq).await);
    write::answer(&done, kind, id)
}

async fn made(face: &Face, request: &Request, book: Arc<Book>, kind: &str) -> Done {
    known(kind)?;
    let body = object(&request.body)?;
    let write = Write { face, key: &request.key, view: face.view(), book, body: &body };
    writes::post(&write, kind).await
}

async fn changed(face: &Face, request: &Request, book: Arc<Book>, kept: &Kept) -> Done {
    let nothing = Map::new();
    if request.method == Method::DELETE {
        let write = Write { face, key: &request.key, view: face.view(), book, body: &nothing };
        return writes::delete(&write, kept).await;
    }
    let body = object(&request.body)?;
    let write = Write { face, key: &request.key, view: face.view(), book, body: &body };
    writes::put(&write, kept).await
}

/// A body that is a JSON object.
fn object(body: &Bytes) -> Result<Map<String, Value>, Refusal> {
    match request::json(body) {
        Some(Value::Object(body)) => Ok(body),
        Some(_) => Err(Refusal::bad("body is not an object")),
        None => Err(Refusal::bad("body contains invalid json")),
    }
}
