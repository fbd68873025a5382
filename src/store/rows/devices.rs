//! Rows of devices, calibrations and introduced locations.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::model::sensors::{DeviceId, Introduced};
use crate::model::thermal::Choice;
use crate::store::records::{CalibrationKey, CalibrationRecord, DeviceRecord, Kept};
use crate::store::rows::{checksum, execute, json};

pub(crate) fn write_device(device: &DeviceRecord, to: &Connection) -> rusqlite::Result<u64> {
    let DeviceRecord { id, owner, location, name, place, accepted, line_end, choice, last_seen } = device;
    let (choice, last_seen) = (json(choice)?, last_seen.to_string());
    let sql = "INSERT OR REPLACE INTO device (id, owner, location, name, accepted, line_end, choice, last_seen, place)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let row = params![id.as_str(), owner, location, name, accepted, line_end, choice, last_seen, place];
    to.prepare_cached(sql)?.execute(row)?;
    let texts = [id.as_str(), owner, location, name, place, &choice, &last_seen, line_end.as_deref().unwrap_or("")];
    Ok(texts.iter().map(|text| text.len() as u64).sum::<u64>() + 1)
}

pub(crate) fn write_calibration(calibration: &CalibrationRecord, to: &Connection) -> rusqlite::Result<u64> {
    let CalibrationRecord { key: CalibrationKey { owner, location }, words, received } = calibration;
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    let received = received.to_string();
    let row = params![owner, location, bytes, checksum(&bytes) as i64, received];
    to.prepare_cached("INSERT OR REPLACE INTO calibration VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(row)?;
    Ok((owner.len() + location.len() + bytes.len() + size_of::<i64>() + received.len()) as u64)
}

pub(crate) fn write_introduced(location: &str, as_what: Option<&Introduced>, to: &Connection) -> rusqlite::Result<u64> {
    let Some(Introduced { name, place }) = as_what else {
        return execute(to, "DELETE FROM introduced WHERE location = ?1", [location]);
    };
    execute(to, "INSERT OR REPLACE INTO introduced VALUES (?1, ?2, ?3)", [location, name, place])?;
    Ok((location.len() + name.len() + place.len()) as u64)
}

/// All devices by id. One with an unreadable choice or time is kept without it.
pub(crate) fn devices(from: &Connection) -> rusqlite::Result<Kept<DeviceRecord>> {
    let mut damaged = Vec::new();
    let sql = "SELECT id, owner, location, name, accepted, line_end, choice, last_seen, place FROM device ORDER BY id";
    let mut statement = from.prepare(sql)?;
    let records = statement.query_map([], |row| device(row, &mut damaged))?.collect::<Result<_, _>>()?;
    Ok(Kept { records, damaged })
}

fn device(row: &Row<'_>, damaged: &mut Vec<String>) -> rusqlite::Result<DeviceRecord> {
    let id: String = row.get(0)?;
    let mut lost = |what| damaged.push(format!("The stored {what} of device {id} is damaged and was left out."));
    let choice = serde_json::from_str(&row.get::<_, String>(6)?).unwrap_or_else(|_| {
        lost("choice of the operator");
        Choice::default()
    });
    let last_seen = row.get::<_, String>(7)?.parse().unwrap_or_else(|_| {
        lost("time");
        Timestamp::UNIX_EPOCH
    });
    Ok(DeviceRecord {
        id: DeviceId(id.into()),
        owner: row.get(1)?,
        location: row.get(2)?,
        name: row.get(3)?,
        place: row.get(8)?,
        accepted: row.get(4)?,
        line_end: row.get(5)?,
        choice,
        last_seen,
    })
}

/// All calibrations by key. One whose checksum is wrong is left out.
pub(crate) fn calibrations(from: &Connection) -> rusqlite::Result<Kept<CalibrationRecord>> {
    let mut kept = Kept { records: Vec::new(), damaged: Vec::new() };
    let sql = "SELECT owner, location, words, checksum, received FROM calibration ORDER BY owner, location";
    let mut statement = from.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let key = CalibrationKey { owner: row.get(0)?, location: row.get(1)? };
        match calibration(row, key)? {
            Ok(record) => kept.records.push(record),
            Err(CalibrationKey { owner, location }) => kept.damaged.push(format!(
                "The stored calibration of {owner} at {location} is damaged and was left out; the device is asked again."
            )),
        }
    }
    Ok(kept)
}

/// The calibration of a row, or its key if it is damaged.
fn calibration(row: &Row<'_>, key: CalibrationKey) -> rusqlite::Result<Result<CalibrationRecord, CalibrationKey>> {
    let bytes: Vec<u8> = row.get(2)?;
    let (words, rest) = bytes.as_chunks::<2>();
    let sound = rest.is_empty() && checksum(&bytes) as i64 == row.get::<_, i64>(3)?;
    let received = row.get::<_, String>(4)?.parse().ok();
    Ok(match received {
        Some(received) if sound => {
            Ok(CalibrationRecord { key, words: words.iter().map(|word| u16::from_be_bytes(*word)).collect(), received })
        }
        _ => Err(key),
    })
}

/// All introduced locations, by location.
pub(crate) fn introduced(from: &Connection) -> rusqlite::Result<Kept<(Arc<str>, Introduced)>> {
    let mut statement = from.prepare("SELECT location, name, place FROM introduced ORDER BY location")?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, Introduced { name: row.get(1)?, place: row.get(2)? }));
    let records = statement.query_map([], read)?.collect::<Result<_, _>>()?;
    Ok(Kept { records, damaged: Vec::new() })
}
