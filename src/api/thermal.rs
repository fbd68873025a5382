//! Thermal arrays and their frames, as people's scripts read them. Temperatures are degrees Celsius.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query as Parameters, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use crate::api::problem::Problem;
use crate::api::program::mixed_up;
use crate::api::regions::{DeltaLine, RegionLine};
use crate::api::sensors::period;
use crate::api::{Face, Now, frame, to_millis};
use crate::model::sensors::{Device, DeviceId, Phase};
use crate::model::snapshot::Snapshot;
use crate::model::thermal::{Array, Calibration};
use crate::port::slots::{DeviceSlot, FrameRing, KEPT_FRAMES};
use crate::port::{Query, Reply};
use crate::units::grid::Mounting;

#[derive(Serialize)]
struct ArrayLine<'a> {
    id: &'a str,
    name: &'a str,
    location: &'a str,
    rows: usize,
    cols: usize,
    profile: String,
    automatic: bool,
    calibration: Calibration,
    calibrated: bool,
    emissivity: f32,
    reflected: Option<f32>,
    mounting: Mounting,
    fps: Option<f64>,
    period_s: Option<f64>,
    phase: Phase,
    age_s: Option<f64>,
    min: Option<f32>,
    mean: Option<f32>,
    max: Option<f32>,
    ambient: Option<f32>,
    sequence: Option<u64>,
    regions: Vec<RegionLine<'a>>,
    deltas: Vec<DeltaLine<'a>>,
}

/// Which frame is asked for.
#[derive(Deserialize)]
pub(super) struct Which {
    sequence: Option<u64>,
}

/// `GET /api/v1/thermal`.
pub(super) async fn list(State(face): State<Arc<Face>>) -> Response {
    let (view, slots, now) = (face.port.view(), face.port.slots.devices(), face.now());
    let lines = view.thermal.arrays.iter().map(|(id, array)| ArrayLine::of(&view, array, slots.get(id), now));
    Json(lines.collect::<Vec<_>>()).into_response()
}

/// `GET /api/v1/thermal/{id}`.
pub(super) async fn one(State(face): State<Arc<Face>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let view = face.port.view();
    let array = known(&view, id)?;
    let slot = face.port.slots.device(&array.device);
    Ok(Json(ArrayLine::of(&view, array, slot.as_ref(), face.now())).into_response())
}

/// `GET /api/v1/thermal/{id}/frame[?sequence=N]`: the newest frame, or a kept one.
pub(super) async fn one_frame(
    State(face): State<Arc<Face>>,
    Path(id): Path<String>,
    Parameters(which): Parameters<Which>,
) -> Result<Response, Problem> {
    let device = known(&face.port.view(), id)?.device.clone();
    let query = Query::Frame { device: device.clone(), sequence: which.sequence };
    let Reply::Frame(found) = face.ask(query).await? else { return Err(mixed_up()) };
    let frame = found.ok_or_else(|| not_kept(&face, &device, which.sequence))?;
    let body =
        frame::to_json(&frame).map_err(|why| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, why.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

fn known(view: &Snapshot, id: String) -> Result<&Arc<Array>, Problem> {
    let id = DeviceId(id.into());
    view.thermal.arrays.get(&id).ok_or_else(|| {
        Problem::unknown(format!("There is no thermal array {id}. GET /api/v1/thermal lists those there are."))
    })
}

fn not_kept(face: &Face, device: &DeviceId, sequence: Option<u64>) -> Problem {
    let kept = face.port.slots.device(device).map(|slot| kept(&slot.frames)).unwrap_or_default();
    let wanted = sequence.map_or_else(|| "No frame".to_owned(), |n| format!("Frame {n}"));
    let detail = match (kept.first(), kept.last()) {
        (Some(first), Some(last)) => {
            format!("{wanted} of {device} is not kept; {} frames from {first} to {last} are.", kept.len())
        }
        _ => format!("{device} has sent no frame since Hearthlight was started."),
    };
    Problem::unknown(detail).with_kept(kept)
}

/// Sequence numbers of kept frames, ascending. Damaged packets leave gaps, so more numbers than frames are tried, but
/// not without end: in heavy damage the oldest frames may be missing here.
fn kept(frames: &FrameRing) -> Vec<u64> {
    let Some(newest) = frames.newest() else { return Vec::new() };
    let first = newest.sequence.saturating_sub(4 * KEPT_FRAMES as u64);
    let there = (first..=newest.sequence).filter(|&n| frames.with_sequence(n).is_some());
    there.collect()
}

impl<'a> ArrayLine<'a> {
    fn of(view: &'a Snapshot, array: &'a Array, slot: Option<&Arc<DeviceSlot>>, now: Now) -> Self {
        let device: Option<&'a Device> = view.sensors.devices.get(&array.device).map(|device| &**device);
        let id = array.device.as_str();
        let frame = slot.and_then(|slot| slot.frames.newest());
        let extremes = frame.as_ref().and_then(|frame| frame.extremes);
        let period_s = device.and_then(|device| period(device, slot)).map(|period| period.as_secs_f64());
        Self {
            id,
            name: device.map_or(id, |device| &device.name),
            location: device.map_or(id, |device| &device.location),
            rows: array.size.rows(),
            cols: array.size.cols(),
            profile: array.meaning.name(),
            automatic: array.choice.meaning.is_none(),
            calibration: array.calibration,
            calibrated: frame.as_ref().is_some_and(|frame| frame.calibrated),
            emissivity: array.choice.optics.emissivity,
            reflected: array.choice.optics.reflected,
            mounting: array.choice.mounting,
            fps: period_s.filter(|&s| s > 0.0).map(|s| to_millis(1.0 / s)),
            period_s: period_s.map(to_millis),
            phase: device.map_or(Phase::Offline, |device| device.phase),
            age_s: frame.as_ref().map(|frame| now.age(frame.at)),
            min: extremes.map(|e| e.min),
            mean: extremes.map(|e| e.mean),
            max: extremes.map(|e| e.max),
            ambient: frame.as_ref().and_then(|frame| frame.ambient),
            sequence: frame.as_ref().map(|frame| frame.sequence),
            regions: array.regions.regions.iter().map(|region| RegionLine::of(region, frame.as_deref())).collect(),
            deltas: array.regions.deltas.iter().map(|delta| DeltaLine::of(delta, frame.as_deref())).collect(),
        }
    }
}
