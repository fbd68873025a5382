//! The program as a whole: health, metrics, state, settings, rejected packets.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::Serialize;

use crate::api::problem::Problem;
use crate::api::{Face, to_millis};
use crate::model::alarms::alarm;
use crate::model::sensors::Phase;
use crate::model::snapshot::Snapshot;
use crate::model::system::{Layer, Setting};
use crate::port::slots::{REASON_NAMES, Reject};
use crate::port::{Query, Reply};
use crate::units::slug::slug;

/// Version of the internal types that `state`, `events` and `commands` carry.
const SCHEMA: u32 = 1;

/// Internal state with the version of its types.
#[derive(Serialize)]
pub(super) struct Versioned<'a> {
    schema: u32,
    #[serde(flatten)]
    snapshot: &'a Snapshot,
}

impl<'a> Versioned<'a> {
    /// The state as it is served.
    pub(super) const fn new(snapshot: &'a Snapshot) -> Self {
        Self { schema: SCHEMA, snapshot }
    }
}

#[derive(Serialize)]
struct Health<'a> {
    status: &'static str,
    version: &'a str,
    uptime_s: f64,
    devices: usize,
    live: usize,
    alarms: usize,
}

#[derive(Serialize)]
struct SettingLine<'a> {
    id: String,
    name: &'a str,
    key: &'a str,
    value: &'a str,
    source: &'static str,
    line: Option<usize>,
    help: &'a str,
}

#[derive(Serialize)]
struct RejectLine {
    at: Timestamp,
    location: Arc<str>,
    reason: &'static str,
    detail: String,
    start: String,
}

/// `GET /health`: that it lives, and how much of the house does.
pub(super) async fn health(State(face): State<Arc<Face>>) -> Response {
    let view = face.port.view();
    let devices = &view.sensors.devices;
    let live = devices.values().filter(|device| device.connected && device.phase == Phase::Streaming).count();
    let uptime_s = to_millis(face.now().moment.seconds());
    let alarms =
        view.alarms.active.values().filter(|alarm| !alarm.test && alarm.state != alarm::State::Cleared).count();
    let (version, devices) = (&*view.system.version, devices.len());
    Json(Health { status: "ok", version, uptime_s, devices, live, alarms }).into_response()
}

/// `GET /metrics`, in the format that is asked for.
pub(super) async fn metrics(State(face): State<Arc<Face>>, headers: HeaderMap) -> Result<Response, Problem> {
    let open_metrics = wants_open_metrics(&headers);
    let Reply::Text(text) = face.ask(Query::Metrics { open_metrics }).await? else { return Err(mixed_up()) };
    let kind = if open_metrics {
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    } else {
        "text/plain; version=0.0.4; charset=utf-8"
    };
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

/// `GET /api/v1/state`: the whole snapshot.
pub(super) async fn state(State(face): State<Arc<Face>>) -> Response {
    Json(Versioned::new(&face.port.view())).into_response()
}

/// `GET /api/v1/settings`.
pub(super) async fn settings(State(face): State<Arc<Face>>) -> Response {
    let all = Arc::clone(&face.port.view().system.settings);
    Json(all.iter().map(SettingLine::of).collect::<Vec<_>>()).into_response()
}

/// `GET /api/v1/rejected`: the newest rejected packets, newest first.
pub(super) async fn rejected(State(face): State<Arc<Face>>) -> Result<Response, Problem> {
    let Reply::Rejected(all) = face.ask(Query::Rejected).await? else { return Err(mixed_up()) };
    Ok(Json(all.into_iter().map(RejectLine::of).collect::<Vec<_>>()).into_response())
}

impl<'a> SettingLine<'a> {
    fn of(setting: &'a Setting) -> Self {
        let Setting { key, value, layer, help } = setting;
        let (source, line) = match layer {
            Layer::Default => ("default", None),
            Layer::Window => ("window", None),
            Layer::File { line } => ("file", Some(*line)),
            Layer::Flag => ("flag", None),
        };
        Self { id: slug(key), name: key, key, value, source, line, help }
    }
}

impl RejectLine {
    fn of(reject: Reject) -> Self {
        let reason = REASON_NAMES.get(reject.reason as usize).copied().unwrap_or_default();
        Self { at: reject.wall, location: reject.location, reason, detail: reject.detail, start: reject.start }
    }
}

/// The engine answered another question than was asked: a fault of ours.
pub(super) fn mixed_up() -> Problem {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The engine answered another question.")
}

/// Whether `Accept` prefers OpenMetrics 1.0 to plain text (RFC 9110, 12.5.1). Without a word about it: no.
fn wants_open_metrics(headers: &HeaderMap) -> bool {
    let (mut open, mut plain) = (0.0_f32, 0.0_f32);
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    for range in values.flat_map(|value| value.split(',')) {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let (mut quality, mut version) = (1.0, None);
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => quality = value.trim().parse().unwrap_or(0.0),
                "version" => version = Some(value.trim().trim_matches('"')),
                _ => {}
            }
        }
        match &*kind {
            "application/openmetrics-text" if version.is_none_or(|v| v == "1.0.0") => open = open.max(quality),
            "text/plain" | "text/*" | "*/*" => plain = plain.max(quality),
            _ => {}
        }
    }
    open > 0.0 && open >= plain
}
