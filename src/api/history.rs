//! What a channel showed over time, as people's scripts read it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query as Parameters, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::api::Face;
use crate::api::problem::Problem;
use crate::api::program::mixed_up;
use crate::model::history::{Point, Series, Span};
use crate::model::sensors::DeviceId;
use crate::port::{Query, Reply};

/// What is asked for, as it stands behind the `?`.
#[derive(Deserialize)]
pub(super) struct Wanted {
    device: Option<String>,
    channel: Option<String>,
    from: Option<String>,
    to: Option<String>,
    points: Option<String>,
}

#[derive(Serialize)]
struct SeriesLine<'a> {
    device: &'a str,
    channel: &'a str,
    from: Timestamp,
    to: Timestamp,
    resolution: &'static str,
    points: Vec<PointLine>,
}

#[derive(Serialize)]
struct PointLine {
    at: Timestamp,
    min: f32,
    mean: f32,
    max: f32,
}

/// `GET /api/v1/history?device=&channel=[&from=][&to=][&points=]`.
pub(super) async fn series(
    State(face): State<Arc<Face>>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Problem> {
    let span = wanted.span(face.now().wall)?;
    match face.ask(Query::History(span)).await? {
        Reply::History(series) if series.points.is_empty() => {
            known(&face, &series.span)?;
            Ok(Json(SeriesLine::of(&series)).into_response())
        }
        Reply::History(series) => Ok(Json(SeriesLine::of(&series)).into_response()),
        Reply::Failed(why) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, why)),
        _ => Err(mixed_up()),
    }
}

impl Wanted {
    /// The span that is meant: the last hour and 600 points, if nothing else is said.
    fn span(self, now: Timestamp) -> Result<Span, Problem> {
        let Self { device, channel, from, to, points } = self;
        let device = DeviceId(named("device", device, "a device's id; GET /api/v1/sensors lists them")?.into());
        let channel = named("channel", channel, "a channel's key such as ADC1, or hottest")?.into();
        let to = to.map_or(Ok(now), |text| time("to", &text))?;
        let from = match from {
            Some(text) => time("from", &text)?,
            None => to.checked_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN),
        };
        if from > to {
            return Err(Problem::unreadable(format!("from ({from}) is later than to ({to}).")));
        }
        let points = points.map_or(Ok(600), |text| number_of_points(&text))?;
        Ok(Span { device, channel, from, to, points })
    }
}

fn named(name: &str, text: Option<String>, meaning: &str) -> Result<String, Problem> {
    text.filter(|text| !text.is_empty()).ok_or_else(|| Problem::unreadable(format!("{name} is missing: {meaning}.")))
}

fn time(name: &str, text: &str) -> Result<Timestamp, Problem> {
    let wrong = |_| format!("{name} is \"{text}\", which is no time such as 2026-03-01T12:00:00Z.");
    text.parse().map_err(|error: jiff::Error| Problem::unreadable(wrong(error)))
}

fn number_of_points(text: &str) -> Result<u16, Problem> {
    let points = text.parse().ok().filter(|points| (2..=10_000).contains(points));
    points.ok_or_else(|| Problem::unreadable(format!("points is \"{text}\"; it can be 2 to 10000.")))
}

/// An answer without points is one only if there is such a device. A device that was forgotten may still have some.
fn known(face: &Face, span: &Span) -> Result<(), Problem> {
    let there = face.port.view().sensors.devices.contains_key(&span.device);
    there.then_some(()).ok_or_else(|| {
        let device = &span.device;
        Problem::unknown(format!("There is no sensor device {device}. GET /api/v1/sensors lists those there are."))
    })
}

impl<'a> SeriesLine<'a> {
    fn of(series: &'a Series) -> Self {
        let Series { span: Span { device, channel, from, to, .. }, resolution, points } = series;
        let line = |point: &Point| {
            let at = Timestamp::from_millisecond(point.at_ms).ok()?;
            Some(PointLine { at, min: point.min, mean: point.mean, max: point.max })
        };
        let points = points.iter().filter_map(line).collect();
        Self { device: device.as_str(), channel, from: *from, to: *to, resolution: resolution.word(), points }
    }
}
