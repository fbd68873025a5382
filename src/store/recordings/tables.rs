//! Tables of segments that were read last, so that scrubbing does not read them again and again.
//!
//! Invariant: at most [`KEPT`] tables, a few MB.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::model::sensors::DeviceId;
use crate::store::recordings::segment::Table;

/// Tables that are kept: two hours of 20 arrays.
pub const KEPT: usize = 256;

type Key = (DeviceId, i64);

/// Tables by device and start.
#[derive(Debug, Default)]
pub(super) struct Tables(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// Counts the questions.
    now: u64,
    /// Each with when it was asked for last.
    tables: BTreeMap<Key, (u64, Arc<Table>)>,
}

impl Tables {
    /// That of a segment, read if it is not there.
    pub(super) fn get(&self, device: &DeviceId, start_us: i64, file: &Path) -> io::Result<Arc<Table>> {
        let key = (device.clone(), start_us);
        if let Some(known) = self.use_again(&key) {
            return Ok(known);
        }
        let table = Arc::new(Table::load(file, start_us)?);
        let mut kept = self.0.lock();
        let Kept { now, tables } = &mut *kept;
        if tables.len() >= KEPT {
            let oldest = tables.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            oldest.map(|key| tables.remove(&key));
        }
        *now += 1;
        tables.insert(key, (*now, Arc::clone(&table)));
        Ok(table)
    }

    fn use_again(&self, key: &Key) -> Option<Arc<Table>> {
        let mut kept = self.0.lock();
        let Kept { now, tables } = &mut *kept;
        let (used, table) = tables.get_mut(key)?;
        *now += 1;
        *used = *now;
        Some(Arc::clone(table))
    }

    /// Lets the table of a segment go, or those of all segments of a device.
    pub(super) fn forget(&self, device: &DeviceId, start_us: Option<i64>) {
        self.0
            .lock()
            .tables
            .retain(|(of, start), _| of != device || start_us.is_some_and(|start_us| start_us != *start));
    }
}
