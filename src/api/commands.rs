//! Commands and settings: what changes something. The answer comes after the published snapshot shows it, so the next
//! `GET` reads what was written.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::api::problem::Problem;
use crate::api::{ANSWER, Face};
use crate::model::message::{Command, Envelope, Origin, Outcome, Ticket};
use crate::model::system;
use crate::port::Posted;

/// A command with the fact that led to it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    command: Command,
    #[serde(default)]
    cause: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    value: Value,
}

/// `POST /api/v1/commands`: a command, bare or as `{command, cause}`.
pub(super) async fn post(State(face): State<Arc<Face>>, body: Bytes) -> Result<Response, Problem> {
    let value: Value = parse(&body)?;
    let told = if value.get("command").is_some() {
        understand(value)?
    } else {
        Told { command: understand(value)?, cause: None }
    };
    done(call(&face, told.command, told.cause).await)
}

/// `PUT /api/v1/settings/{key}`: `{value}`, as text, number or truth value.
pub(super) async fn put_setting(
    State(face): State<Arc<Face>>,
    Path(key): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let wanted: Wanted = understand(parse(&body)?)?;
    let value = match wanted.value {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            return Err(Problem::refused("`value` must be text, a number, true or false, as behind --set KEY="));
        }
    };
    run(&face, Command::System(system::Command::Set { key, value })).await
}

/// Reads a body as JSON.
pub(super) fn parse(body: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(body).map_err(|why| Problem::unreadable(format!("The body is not JSON: {why}.")))
}

/// Reads JSON as what is expected.
pub(super) fn understand<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|why| Problem::refused(format!("The body is not understood: {why}.")))
}

/// Has a command done, and answers with its outcome.
pub(super) async fn run(face: &Face, command: Command) -> Result<Response, Problem> {
    done(call(face, command, None).await)
}

fn done(done: Result<Made, Problem>) -> Result<Response, Problem> {
    let Made { seq, made } = done?;
    Ok(Json(Outcome::Done { seq, made }).into_response())
}

/// What a command did.
pub(super) struct Made {
    /// From this sequence number on the state shows it.
    pub(super) seq: u64,
    /// The id of what it made, if it made something.
    pub(super) made: Option<Arc<str>>,
}

/// Has a command done because of `cause`.
pub(super) async fn call(face: &Face, command: Command, cause: Option<u64>) -> Result<Made, Problem> {
    let outcome = tokio::time::timeout(ANSWER, send(face, command, cause)).await;
    match outcome.map_err(|_| Problem::busy("The engine is too busy to take commands. It may still do this one."))?? {
        Outcome::Refused { why } => Err(Problem::refused(why)),
        Outcome::Done { seq, made } => Ok(Made { seq, made }),
    }
}

/// Like [`crate::port::Port::call`], but with a cause.
async fn send(face: &Face, command: Command, cause: Option<u64>) -> Result<Outcome, Problem> {
    let ticket = Ticket(face.port.tickets.fetch_add(1, Ordering::Relaxed) + 1);
    let envelope = Envelope { command, origin: Origin::Api, ticket, cause };
    let (reply, outcome) = oneshot::channel();
    let gone = || Problem::busy("Hearthlight is stopping.");
    face.port.commands.send(Posted { envelope, reply: Some(reply) }).await.map_err(|_| gone())?;
    outcome.await.map_err(|_| gone())
}
