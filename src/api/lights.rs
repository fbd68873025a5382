//! Lights, rooms, scenes and connections, as people's scripts read and change them.

mod change;
mod lines;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::api::lights::change::Plain;
use crate::api::lights::lines::{ConnectionLine, FindingLine, GroupLine, LightLine, SceneLine};
use crate::api::problem::Problem;
use crate::api::{Face, commands};
use crate::model::lights::connection::ConnectionId;
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::SceneId;
use crate::model::lights::{self, Aim, LightId};
use crate::model::message::Command;

/// What to look for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hunt {
    /// Whether to look; true if it is not said.
    #[serde(default = "yes")]
    on: bool,
    /// Networks of which each address is asked, in CIDR; of this machine if empty.
    #[serde(default)]
    sweep: Option<Vec<String>>,
}

fn yes() -> bool {
    true
}

/// `GET /api/v1/lights`.
pub(super) async fn list(State(face): State<Arc<Face>>) -> Response {
    let view = face.port.view();
    let lights = &view.lights;
    Json(lights.lights.values().map(|light| LightLine::of(lights, light)).collect::<Vec<_>>()).into_response()
}

/// `GET /api/v1/lights/{id}`.
pub(super) async fn one(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let (view, id) = (face.port.view(), LightId(id.into()));
    let light = view.lights.lights.get(&id).ok_or_else(|| missing("light", &id.0, "lights"))?;
    Ok(Json(LightLine::of(&view.lights, light)).into_response())
}

/// `PUT /api/v1/lights/{id}`: changes what the body says.
pub(super) async fn put(
    State(face): State<Arc<Face>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let change: Plain = commands::understand(commands::parse(&body)?)?;
    let id = LightId(id.into());
    if !face.port.view().lights.lights.contains_key(&id) {
        return Err(missing("light", &id.0, "lights"));
    }
    set(&face, Aim::Light(id), change).await
}

/// `GET /api/v1/groups`.
pub(super) async fn groups(State(face): State<Arc<Face>>) -> Response {
    let view = face.port.view();
    let mut groups: Vec<_> = view.lights.groups.values().collect();
    groups.sort_by_key(|group| group.order);
    Json(groups.iter().map(|group| GroupLine::of(&view.lights, group)).collect::<Vec<_>>()).into_response()
}

/// `GET /api/v1/groups/{id}`.
pub(super) async fn group(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let (view, id) = (face.port.view(), GroupId(id.into()));
    let group = view.lights.groups.get(&id).ok_or_else(|| missing("room or zone", &id.0, "groups"))?;
    Ok(Json(GroupLine::of(&view.lights, group)).into_response())
}

/// `PUT /api/v1/groups/{id}`: changes all lights of a room or zone.
pub(super) async fn put_group(
    State(face): State<Arc<Face>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let change: Plain = commands::understand(commands::parse(&body)?)?;
    let id = GroupId(id.into());
    if !face.port.view().lights.groups.contains_key(&id) {
        return Err(missing("room or zone", &id.0, "groups"));
    }
    set(&face, Aim::Group(id), change).await
}

/// `GET /api/v1/scenes`.
pub(super) async fn scenes(State(face): State<Arc<Face>>) -> Response {
    let view = face.port.view();
    Json(view.lights.scenes.values().map(|scene| SceneLine::of(scene)).collect::<Vec<_>>()).into_response()
}

/// `POST /api/v1/scenes/{id}/recall`.
pub(super) async fn recall(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let scene = SceneId(id.into());
    if !face.port.view().lights.scenes.contains_key(&scene) {
        return Err(missing("scene", &scene.0, "scenes"));
    }
    commands::run(&face, Command::Lights(lights::Command::Recall { scene, transition_ms: None })).await
}

/// `GET /api/v1/connections`.
pub(super) async fn connections(State(face): State<Arc<Face>>) -> Response {
    let view = face.port.view();
    let lines = view.lights.connections.values().map(|known| ConnectionLine::of(&view.lights, known));
    Json(lines.collect::<Vec<_>>()).into_response()
}

/// `GET /api/v1/connections/{id}`.
pub(super) async fn connection(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let (view, id) = (face.port.view(), ConnectionId(id.into()));
    let known = view.lights.connections.get(&id).ok_or_else(|| missing("connection", &id.0, "connections"))?;
    Ok(Json(ConnectionLine::of(&view.lights, known)).into_response())
}

/// `GET /api/v1/findings`.
pub(super) async fn findings(State(face): State<Arc<Face>>) -> Response {
    let view = face.port.view();
    Json(view.lights.findings.values().map(|finding| FindingLine::of(finding)).collect::<Vec<_>>()).into_response()
}

/// `POST /api/v1/search`.
pub(super) async fn search(State(face): State<Arc<Face>>, body: Bytes) -> Result<Response, Problem> {
    let Hunt { on, sweep } = commands::understand(commands::parse(&body)?)?;
    let command = match sweep {
        Some(networks) => lights::Command::Sweep(networks),
        None => lights::Command::Search(on),
    };
    commands::run(&face, Command::Lights(command)).await
}

async fn set(face: &Face, aim: Aim, change: Plain) -> Result<Response, Problem> {
    let change = change.read().map_err(Problem::refused)?;
    commands::run(face, Command::Lights(lights::Command::Set { aims: vec![aim], change })).await
}

fn missing(what: &str, id: &str, list: &str) -> Problem {
    Problem::unknown(format!("There is no {what} {id}. GET /api/v1/{list} lists those there are."))
}
