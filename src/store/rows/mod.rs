//! How each thing lies in its row.
//!
//! Invariant: a row that cannot be read is left out and told of; it never keeps the others from being read.
//! Invariant: a calibration and what was learned are only handed out as they were saved; a checksum proves it.

pub(crate) mod alarms;
pub(crate) mod devices;
pub(crate) mod learned;
pub(crate) mod lights;
pub(crate) mod program;
pub(crate) mod thermal;

use rusqlite::{Connection, Params};
use serde::Serialize;

use crate::store::records::Change;

/// Writes a change. Returns the size of what was written, bytes.
pub(crate) fn write(change: &Change, to: &Connection) -> rusqlite::Result<u64> {
    match change {
        Change::Device(device) => devices::write_device(device, to),
        Change::ForgetDevice(id) => {
            execute(to, "DELETE FROM learned WHERE device = ?1", [id.as_str()])?;
            execute(to, "DELETE FROM region WHERE device = ?1", [id.as_str()])?;
            execute(to, "DELETE FROM device WHERE id = ?1", [id.as_str()])
        }
        Change::Calibration(calibration) => devices::write_calibration(calibration, to),
        Change::ForgetCalibration(key) => {
            execute(to, "DELETE FROM calibration WHERE owner = ?1 AND location = ?2", [&key.owner, &key.location])
        }
        Change::Alarm(change) => alarms::write(change, to),
        Change::Learned(device, learned) => learned::write(device, learned, to),
        Change::Introduced(location, as_what) => devices::write_introduced(location, as_what.as_ref(), to),
        Change::Regions(device, regions) => thermal::write_regions(device, regions, to),
        Change::Bookmark(bookmark) => thermal::write_bookmark(bookmark, to),
        Change::ForgetBookmark(id) => thermal::forget_bookmark(*id, to),
        Change::Layout(name, body) => program::write_layout(name, body.as_deref(), to),
        Change::Lights(change) => lights::write(change, to),
        Change::Stopped(stopped) => program::write_stopped(stopped.as_ref(), to),
    }
}

/// Runs a statement that writes nothing new.
fn execute(to: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<u64> {
    to.prepare_cached(sql)?.execute(params).map(|_| 0)
}

pub(crate) fn json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// FNV-1a, 64 bits (RFC 9923).
fn checksum(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_fnv_1a() {
        // Test vectors of the FNV specification: "" and "foobar".
        assert_eq!(super::checksum(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(super::checksum(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
