//! The registry as a file, out and in.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, post};
use serde::Deserialize;

use crate::api::problem::Problem;
use crate::api::program::mixed_up;
use crate::api::{Face, commands};
use crate::model::export::Export;
use crate::model::message::Command;
use crate::model::system;
use crate::port::{Query, Reply};

/// Bytes that the body of an import may have: a file of 4 MiB as JSON text, every other character escaped.
const MAX_IMPORT: usize = 9 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: String,
    text: String,
    #[serde(default)]
    apply: bool,
}

/// `GET /api/v1/registry`: devices, and how they are told apart, in the form that an import takes.
pub(super) async fn registry(State(face): State<Arc<Face>>) -> Response {
    Json(Export::of(&face.port.view())).into_response()
}

/// The route of [`import`], which takes more than others.
pub(super) fn taking_files() -> MethodRouter<Arc<Face>> {
    post(import).layer(DefaultBodyLimit::max(MAX_IMPORT))
}

/// `POST /api/v1/import`: what a file would change, or, with `apply`, what it changed.
async fn import(State(face): State<Arc<Face>>, body: Bytes) -> Result<Response, Problem> {
    let Wanted { name, text, apply } = commands::understand(commands::parse(&body)?)?;
    if apply {
        commands::call(&face, Command::System(system::Command::Import { name, text }), None).await?;
        let imported = face.port.view().system.imported.clone();
        return imported.map(|preview| Json(&*preview).into_response()).ok_or_else(mixed_up);
    }
    match face.ask(Query::ImportPreview { name, text: text.into() }).await? {
        Reply::Import(Ok(preview)) => Ok(Json(preview).into_response()),
        Reply::Import(Err(why)) | Reply::Failed(why) => Err(Problem::refused(why)),
        _ => Err(mixed_up()),
    }
}
