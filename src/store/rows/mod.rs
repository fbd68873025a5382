//! How each thing lies in its row.
//!
//! Invariant: a row that cannot be read is left out and told of; it never keeps the others from being read.
//! Invariant: a calibration and what was learned are only handed out as they were saved; a checksum proves it.

pub(crate) mod alarms;
pub(crate) mod bridge;
pub(crate) mod devices;
pub(crate) mod learned;
pub(crate) mod lights;
pub(crate) mod program;
pub(crate) mod thermal;

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, Params};
use serde::Serialize;
use serde::de::DeserializeOwned;

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
        Change::Bridge(change) => bridge::write(change, to),
        Change::Stopped(stopped) => program::write_stopped(stopped.as_ref(), to),
    }
}

/// Runs a statement that writes nothing new.
fn execute(to: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<u64> {
    to.prepare_cached(sql)?.execute(params).map(|_| 0)
}

/// Writes a row of an id and a body. `table` is one of ours, never a text from outside.
fn put(table: &str, id: &str, body: &impl Serialize, to: &Connection) -> rusqlite::Result<u64> {
    let body = json(body)?;
    execute(to, &format!("INSERT OR REPLACE INTO {table} VALUES (?1, ?2)"), [id, &body])?;
    Ok((id.len() + body.len()) as u64)
}

/// Removes such a row.
fn remove(table: &str, id: &str, to: &Connection) -> rusqlite::Result<u64> {
    execute(to, &format!("DELETE FROM {table} WHERE id = ?1"), [id])
}

/// All such rows. What is damaged is left out and told of: it is a `what`.
fn rows<T: DeserializeOwned>(
    table: &str,
    what: &str,
    from: &Connection,
    damaged: &mut Vec<String>,
) -> rusqlite::Result<BTreeMap<Arc<str>, T>> {
    let mut sound = BTreeMap::new();
    let mut statement = from.prepare(&format!("SELECT id, body FROM {table} ORDER BY id"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, body): (String, String) = (row.get(0)?, row.get(1)?);
        match serde_json::from_str(&body) {
            Ok(body) => drop(sound.insert(id.into(), body)),
            Err(_) => damaged.push(format!("Damaged and left out: the stored {what} \"{id}\".")),
        }
    }
    Ok(sound)
}

/// Writes a thing of which there is one.
fn put_single(name: &str, body: &impl Serialize, to: &Connection) -> rusqlite::Result<u64> {
    put("single", name, body, to)
}

/// The text of a thing of which there is one.
fn single(name: &str, from: &Connection) -> rusqlite::Result<Option<String>> {
    from.query_row("SELECT body FROM single WHERE name = ?1", [name], |row| row.get(0)).optional()
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
