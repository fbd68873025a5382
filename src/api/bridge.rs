//! The Hue bridge, as people's scripts see it: who it is, the button, apps that hold a key, what was asked.
//!
//! Invariant: no key is in any answer.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::Serialize;

use crate::api::problem::Problem;
use crate::api::{Face, commands};
use crate::model::bridge::app::{App, AppId};
use crate::model::bridge::{self, Bridge};
use crate::model::message::Command;
use crate::model::snapshot::Snapshot;
use crate::model::system::PortState;
use crate::port::visits::{Client, Visit};

/// The bridge.
#[derive(Serialize)]
struct BridgeLine<'a> {
    id: String,
    mac: String,
    name: &'a str,
    api_version: &'a str,
    sw_version: &'a str,
    zone: &'a str,
    place: Option<Place>,
    http: Option<&'a str>,
    https: Option<&'a str>,
    open_until: Option<Timestamp>,
    pressed_by: Option<&'a str>,
    apps: Vec<AppLine<'a>>,
}

/// Where it stands.
#[derive(Serialize)]
struct Place {
    latitude: f64,
    longitude: f64,
}

/// An app that holds a key.
#[derive(Serialize)]
struct AppLine<'a> {
    id: &'a str,
    name: &'a str,
    created: Timestamp,
    used: Option<Timestamp>,
    streams: bool,
}

/// Somebody who asked.
#[derive(Serialize)]
struct VisitorLine<'a> {
    address: IpAddr,
    app: Option<&'a str>,
    agent: Option<&'a str>,
    requests: u64,
    refused: u64,
    visits: Vec<VisitLine<'a>>,
}

/// One request.
#[derive(Serialize)]
struct VisitLine<'a> {
    at: Timestamp,
    tls: bool,
    method: &'a str,
    path: &'a str,
    status: u16,
    refused: Option<&'a str>,
}

/// `GET /api/v1/bridge`.
pub(super) async fn one(State(face): State<Arc<Face>>) -> Response {
    Json(BridgeLine::of(&face.port.view())).into_response()
}

/// `POST /api/v1/bridge/link-button`: presses it.
pub(super) async fn press(State(face): State<Arc<Face>>) -> Result<Response, Problem> {
    commands::run(&face, Command::Bridge(bridge::Command::Press)).await
}

/// `DELETE /api/v1/bridge/apps/{id}`: takes the key of an app back.
pub(super) async fn revoke(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let id = AppId(id.into());
    if !face.port.view().bridge.apps.contains_key(&id) {
        return Err(Problem::unknown(format!("There is no app {}. GET /api/v1/bridge lists those there are.", id.0)));
    }
    commands::run(&face, Command::Bridge(bridge::Command::Revoke(id))).await
}

/// `GET /api/v1/bridge/visits`.
pub(super) async fn visits(State(face): State<Arc<Face>>) -> Response {
    let clients = face.port.slots.bridge.visits.clients();
    Json(clients.iter().map(VisitorLine::of).collect::<Vec<_>>()).into_response()
}

impl<'a> BridgeLine<'a> {
    fn of(view: &'a Snapshot) -> Self {
        let Bridge { identity, pressed, apps, .. } = &view.bridge;
        Self {
            id: identity.id.lower(),
            mac: identity.id.mac_text(":"),
            name: &identity.name,
            api_version: &identity.api_version,
            sw_version: &identity.sw_version,
            zone: &identity.zone,
            place: identity.place.map(|(latitude, longitude)| Place { latitude, longitude }),
            http: open_at(view, "bridge.http"),
            https: open_at(view, "bridge.https"),
            open_until: pressed.as_ref().map(|pressed| pressed.until),
            pressed_by: pressed.as_ref().map(|pressed| &*pressed.by),
            apps: apps.values().map(|app| AppLine::of(app)).collect(),
        }
    }
}

/// Where a port is open, if it is.
fn open_at<'a>(view: &'a Snapshot, key: &str) -> Option<&'a str> {
    let line = view.system.listeners.iter().find(|line| &*line.key == key)?;
    match &line.state {
        PortState::Open { at } => Some(at),
        PortState::Off | PortState::Failed { .. } | PortState::NotBuilt => None,
    }
}

impl<'a> AppLine<'a> {
    fn of(app: &'a App) -> Self {
        let App { id, name, created, used, streams } = app;
        Self { id: &id.0, name, created: *created, used: *used, streams: *streams }
    }
}

impl<'a> VisitorLine<'a> {
    fn of(client: &'a Client) -> Self {
        let (requests, refused) = client.counts;
        Self {
            address: client.address,
            app: client.app.as_deref(),
            agent: client.agent.as_deref(),
            requests,
            refused,
            visits: client.visits.iter().map(VisitLine::of).collect(),
        }
    }
}

impl<'a> VisitLine<'a> {
    fn of(visit: &'a Visit) -> Self {
        let Visit { at, tls, method, path, status, refused } = visit;
        Self { at: *at, tls: *tls, method, path, status: *status, refused: refused.as_deref() }
    }
}
