//! Regions of arrays with what they measure, and bookmarks. Temperatures are degrees Celsius, differences kelvin.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::Serialize;

use crate::api::Face;
use crate::model::thermal::region::{Delta, Figure, Region, RegionId, Shape};
use crate::model::thermal::{Bookmark, ThermalFrame};

/// A region, with what it showed in the newest frame.
#[derive(Serialize)]
pub(super) struct RegionLine<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    mask: bool,
    shape: &'a Shape,
    emissivity: Option<f32>,
    cells: u32,
    max: Option<f32>,
    mean: Option<f32>,
    min: Option<f32>,
}

/// A delta, with what it showed in the newest frame.
#[derive(Serialize)]
pub(super) struct DeltaLine<'a> {
    id: &'a str,
    name: &'a str,
    of: Side<'a>,
    minus: Side<'a>,
    kelvin: Option<f32>,
}

#[derive(Serialize)]
struct Side<'a> {
    region: &'a str,
    figure: Figure,
}

#[derive(Serialize)]
struct BookmarkLine<'a> {
    id: String,
    name: &'a str,
    at: Timestamp,
    by: &'a str,
}

/// `GET /api/v1/bookmarks`: the newest moment first.
pub(super) async fn bookmarks(State(face): State<Arc<Face>>) -> Response {
    let view = face.port.view();
    let mut all: Vec<&Bookmark> = view.thermal.bookmarks.values().map(|bookmark| &**bookmark).collect();
    all.sort_by_key(|bookmark| std::cmp::Reverse((bookmark.at, bookmark.id)));
    Json(all.into_iter().map(BookmarkLine::of).collect::<Vec<_>>()).into_response()
}

impl<'a> RegionLine<'a> {
    pub(super) fn of(region: &'a Region, frame: Option<&ThermalFrame>) -> Self {
        let Region { id, name, shape, mask, emissivity } = region;
        let reading = frame.and_then(|frame| frame.meters.reading(id));
        Self {
            id: id.as_str(),
            name,
            kind: shape.kind(),
            mask: *mask,
            shape,
            emissivity: *emissivity,
            cells: reading.map_or(0, |reading| reading.n),
            max: reading.map(|reading| reading.max),
            mean: reading.map(|reading| reading.mean),
            min: reading.map(|reading| reading.min),
        }
    }
}

impl<'a> DeltaLine<'a> {
    pub(super) fn of(delta: &'a Delta, frame: Option<&ThermalFrame>) -> Self {
        let Delta { id, name, of, minus } = delta;
        let side = |(region, figure): &'a (RegionId, Figure)| Side { region: region.as_str(), figure: *figure };
        let kelvin = frame.and_then(|frame| frame.meters.figure(id, Figure::Max));
        Self { id: id.as_str(), name, of: side(of), minus: side(minus), kelvin }
    }
}

impl<'a> BookmarkLine<'a> {
    fn of(bookmark: &'a Bookmark) -> Self {
        let Bookmark { id, at, words, by } = bookmark;
        Self { id: id.to_string(), name: words, at: *at, by }
    }
}
