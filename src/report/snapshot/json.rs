//! A snapshot as JSON: the fields of a frame of the API, then what else is known.

use jiff::Timestamp;
use serde::Serialize;

use crate::model::thermal::ThermalFrame;
use crate::model::thermal::meters::Reading;
use crate::model::thermal::region::{Delta, Region, Shape};
use crate::report::snapshot::{Shot, kind};

#[derive(Serialize)]
struct Body<'a> {
    rows: usize,
    cols: usize,
    /// Row-major, in the sensor's own order; `null` for a cell without a value.
    celsius: Vec<Option<f32>>,
    broken: Vec<usize>,
    calibrated: bool,
    profile: String,
    at: Timestamp,
    sequence: u64,
    device: &'a str,
    name: &'a str,
    location: &'a str,
    place: &'a str,
    simulated: bool,
    emissivity: f32,
    reflected: Option<f32>,
    ambient: Option<f32>,
    min: Option<f32>,
    mean: Option<f32>,
    max: Option<f32>,
    min_at: Option<Place>,
    max_at: Option<Place>,
    masked: Vec<usize>,
    regions: Vec<Meter<'a>>,
    deltas: Vec<Difference<'a>>,
}

/// A cell, from 0.
#[derive(Serialize)]
struct Place {
    row: usize,
    col: usize,
}

#[derive(Serialize)]
struct Meter<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    shape: &'a Shape,
    emissivity: Option<f32>,
    cells: u32,
    max: Option<f32>,
    mean: Option<f32>,
    min: Option<f32>,
    max_at: Option<Place>,
    min_at: Option<Place>,
}

#[derive(Serialize)]
struct Difference<'a> {
    id: &'a str,
    name: &'a str,
    of: (&'a str, &'static str),
    minus: (&'a str, &'static str),
    kelvin: Option<f32>,
}

pub(super) fn json(shot: &Shot) -> String {
    let (facts, frame) = (&shot.facts, shot.frame());
    let e = frame.extremes;
    let body = Body {
        rows: frame.size.rows(),
        cols: frame.size.cols(),
        celsius: frame.cells().collect(),
        broken: frame.broken().collect(),
        calibrated: frame.calibrated,
        profile: frame.meaning.name(),
        at: frame.wall,
        sequence: frame.sequence,
        device: facts.device.as_str(),
        name: &facts.name,
        location: &facts.location,
        place: &facts.place,
        simulated: facts.simulated,
        emissivity: frame.emissivity,
        reflected: frame.reflected,
        ambient: frame.ambient,
        min: e.map(|e| e.min),
        mean: e.map(|e| e.mean),
        max: e.map(|e| e.max),
        min_at: e.map(|e| place(frame, e.min_at)),
        max_at: e.map(|e| place(frame, e.max_at)),
        masked: (0..frame.size.cells()).filter(|&cell| frame.is_masked(cell)).collect(),
        regions: shot.measured.regions.iter().map(|(region, reading)| meter(frame, region, *reading)).collect(),
        deltas: shot.measured.deltas.iter().map(|(delta, kelvin)| difference(delta, *kelvin)).collect(),
    };
    // Nothing in here can fail to be written.
    serde_json::to_string(&body).unwrap_or_default() + "\n"
}

fn place(frame: &ThermalFrame, index: u32) -> Place {
    let (index, cols) = (index as usize, frame.size.cols());
    Place { row: index / cols, col: index % cols }
}

fn meter<'a>(frame: &ThermalFrame, region: &'a Region, reading: Option<Reading>) -> Meter<'a> {
    Meter {
        id: region.id.as_str(),
        name: &region.name,
        kind: kind(region),
        shape: &region.shape,
        emissivity: region.emissivity,
        cells: reading.map_or(0, |r| r.n),
        max: reading.map(|r| r.max),
        mean: reading.map(|r| r.mean),
        min: reading.map(|r| r.min),
        max_at: reading.map(|r| place(frame, r.max_at)),
        min_at: reading.map(|r| place(frame, r.min_at)),
    }
}

fn difference(delta: &Delta, kelvin: Option<f32>) -> Difference<'_> {
    let ((of, figure), (minus, other)) = (&delta.of, &delta.minus);
    Difference {
        id: delta.id.as_str(),
        name: &delta.name,
        of: (of.as_str(), figure.word()),
        minus: (minus.as_str(), other.word()),
        kelvin,
    }
}
