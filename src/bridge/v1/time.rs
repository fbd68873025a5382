//! Times as version 1 writes them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::model::snapshot::Snapshot;

const FORM: &str = "%Y-%m-%dT%H:%M:%S";

/// In UTC, to the second, without a zone.
#[must_use]
pub fn utc(at: Timestamp) -> String {
    at.strftime(FORM).to_string()
}

/// The same, or `none`.
#[must_use]
pub fn utc_or_none(at: Option<Timestamp>) -> Value {
    at.map_or_else(|| json!("none"), |at| json!(utc(at)))
}

/// By the clock on the wall.
#[must_use]
pub fn local(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime(FORM).to_string()
}

/// The zone of the bridge's clock.
#[must_use]
pub fn zone(view: &Snapshot) -> TimeZone {
    TimeZone::get(&view.bridge.identity.zone).unwrap_or(TimeZone::UTC)
}
