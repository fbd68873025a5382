//! Regions of arrays with what they measure, and bookmarks. Temperatures are degrees Celsius, differences kelvin.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::Serialize;

use crate::api::Face;
use crate::model::thermal::Bookmark;
use crate::model::thermal::region::{Delta, Figure, Region, RegionId, Shape};
use crate::port::slots::DeviceSlot;

/// A region, with what it showed in the newest frame.
#[derive(Serialize)]
pub(super) struct RegionLine<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    mask: bool,
    shape: &'a Shape,
    emissivity: Option<f32>,
    max: Option<f64>,
    mean: Option<f64>,
    min: Option<f64>,
}

/// A delta, with what it showed in the newest frame.
#[derive(Serialize)]
pub(super) struct DeltaLine<'a> {
    id: &'a str,
    name: &'a str,
    of: Side<'a>,
    minus: Side<'a>,
    kelvin: Option<f64>,
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
    pub(super) fn of(region: &'a Region, slot: Option<&DeviceSlot>) -> Self {
        let Region { id, name, shape, mask, emissivity } = region;
        let figure = |figure: Figure| match (mask, shape) {
            (true, _) => None,
            (false, Shape::Spot(_)) => newest(slot, id.as_str()),
            (false, _) => newest(slot, &format!("{id}.{}", figure.word())),
        };
        Self {
            id: id.as_str(),
            name,
            kind: shape.kind(),
            mask: *mask,
            shape,
            emissivity: *emissivity,
            max: figure(Figure::Max),
            mean: figure(Figure::Mean),
            min: figure(Figure::Min),
        }
    }
}

impl<'a> DeltaLine<'a> {
    pub(super) fn of(delta: &'a Delta, slot: Option<&DeviceSlot>) -> Self {
        let Delta { id, name, of, minus } = delta;
        let side = |(region, figure): &'a (RegionId, Figure)| Side { region: region.as_str(), figure: *figure };
        Self { id: id.as_str(), name, of: side(of), minus: side(minus), kelvin: newest(slot, id.as_str()) }
    }
}

impl<'a> BookmarkLine<'a> {
    fn of(bookmark: &'a Bookmark) -> Self {
        let Bookmark { id, at, words, by } = bookmark;
        Self { id: id.to_string(), name: words, at: *at, by }
    }
}
