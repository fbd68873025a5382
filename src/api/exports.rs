//! Exports, as people's scripts read them: what is written, how far it is, where the file lies.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::Serialize;

use crate::api::Face;
use crate::api::commands;
use crate::api::problem::Problem;
use crate::api::program::mixed_up;
use crate::model::exports::{Command as Asked, Export, Job, Standing, Update as Fact};
use crate::model::message::{Command, Update};
use crate::port::Published;

#[derive(Serialize)]
struct JobLine<'a> {
    id: String,
    name: &'a str,
    since: Timestamp,
    standing: &'static str,
    /// 0..=1.
    done: f32,
    path: Option<&'a str>,
    bytes: Option<u64>,
    why: Option<&'a str>,
}

/// `GET /api/v1/exports`: the newest first.
pub(super) async fn list(State(face): State<Arc<Face>>) -> Response {
    let view = face.port.view();
    Json(view.exports.jobs.values().rev().map(|job| JobLine::of(job)).collect::<Vec<_>>()).into_response()
}

/// `GET /api/v1/exports/{id}`.
pub(super) async fn one(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let view = face.port.view();
    let job = id.parse().ok().and_then(|id: u64| view.exports.jobs.get(&id));
    let job = job.ok_or_else(|| {
        Problem::unknown(format!("There is no export {id}. GET /api/v1/exports lists those that are remembered."))
    })?;
    Ok(Json(JobLine::of(job)).into_response())
}

/// `POST /api/v1/exports`: begins one; answers with its job.
pub(super) async fn start(State(face): State<Arc<Face>>, body: Bytes) -> Result<Response, Problem> {
    let export: Export = commands::understand(commands::parse(&body)?)?;
    // Before the command, so that its fact is not missed.
    let mut facts = face.port.feed.0.subscribe();
    let commands::Made { seq, .. } = commands::call(&face, Command::Exports(Asked::Start(export)), None).await?;
    loop {
        // The answer comes after its facts were published: they are here, unless more came than the feed holds.
        let Ok(Published { facts, .. }) = facts.try_recv() else { return Err(mixed_up()) };
        let begun = facts.iter().find(|fact| fact.seq == seq).map(|fact| &fact.update);
        if let Some(Update::Exports(Fact::Changed(job))) = begun {
            return Ok(Json(JobLine::of(job)).into_response());
        }
    }
}

impl<'a> JobLine<'a> {
    fn of(job: &'a Job) -> Self {
        let id = job.id.to_string();
        let line =
            Self { id, name: &job.name, since: job.since, standing: "", done: 0.0, path: None, bytes: None, why: None };
        match &job.standing {
            Standing::Running(share) => Self { standing: "running", done: *share, ..line },
            Standing::Done { path, bytes } => {
                Self { standing: "done", done: 1.0, path: Some(path), bytes: Some(*bytes), ..line }
            }
            Standing::Failed(why) => Self { standing: "failed", why: Some(why), ..line },
            Standing::Cancelled => Self { standing: "cancelled", ..line },
        }
    }
}
