//! A thermal frame as JSON, written straight from its cells.

use serde::{Serialize, Serializer};

use crate::model::thermal::ThermalFrame;

/// The body of `/api/v1/thermal/{id}/frame`, in this order.
#[derive(Serialize)]
struct Body<'a> {
    rows: usize,
    cols: usize,
    celsius: Celsius<'a>,
    broken: Broken<'a>,
    calibrated: bool,
    profile: String,
    at: jiff::Timestamp,
    sequence: u64,
}

struct Celsius<'a>(&'a ThermalFrame);

impl Serialize for Celsius<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.all_valid() {
            Some(all) => serializer.collect_seq(all),
            None => serializer.collect_seq(self.0.cells()),
        }
    }
}

struct Broken<'a>(&'a ThermalFrame);

impl Serialize for Broken<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.broken())
    }
}

/// The frame in one buffer: shortest form of each number, `null` for a cell without a value.
///
/// # Errors
/// None that a frame can cause; `serde_json` reports its own.
pub(super) fn to_json(frame: &ThermalFrame) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(frame.size.cells() * 10 + 256);
    let body = Body {
        rows: frame.size.rows(),
        cols: frame.size.cols(),
        celsius: Celsius(frame),
        broken: Broken(frame),
        calibrated: frame.calibrated,
        profile: frame.meaning.name(),
        at: frame.wall,
        sequence: frame.sequence,
    };
    serde_json::to_writer(&mut out, &body)?;
    Ok(out)
}
