//! What is kept of each thing, and how it lies in its row.
//!
//! Invariant: a calibration is only handed out if its words are the words that were saved; a checksum proves it.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::model::alarms::alarm::{Alarm, AlarmId, OutOfService, Shelf};
use crate::model::alarms::journal::Entry;
use crate::model::alarms::rule::{Rule, RuleId};
use crate::model::sensors::DeviceId;
use crate::model::thermal::Choice;

/// What is kept of a sensor device.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceRecord {
    /// Its slug.
    pub id: DeviceId,
    /// What it is known by: `serial:NUMBER` or `ip:ADDRESS`.
    pub owner: String,
    /// The place it reports for.
    pub location: String,
    /// What people call it.
    pub name: String,
    /// Whether the operator, or its address, let it in.
    pub accepted: bool,
    /// The end of commands that it answered to, if one is known.
    pub line_end: Option<String>,
    /// What the operator settled for its array.
    pub choice: Choice,
    /// When it was last heard.
    pub last_seen: Timestamp,
}

/// Whose calibration it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalibrationKey {
    /// What the device is known by: `serial:NUMBER` or `ip:ADDRESS`.
    pub owner: String,
    /// The place it reports for.
    pub location: String,
}

/// A calibration, as the device sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalibrationRecord {
    /// Whose.
    pub key: CalibrationKey,
    /// The words of its memory.
    pub words: Vec<u16>,
    /// When it came.
    pub received: Timestamp,
}

/// What is kept of alarms, one thing each.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmRecord {
    /// A rule.
    Rule(Arc<Rule>),
    /// The rules that come with the program were put in place: they are not put there again at each start.
    RulesSeeded,
    /// An alarm that is not normal.
    Active(Arc<Alarm>),
    /// A shelving.
    Shelf(AlarmId, Shelf),
    /// A device out of service.
    OutOfService(DeviceId, OutOfService),
}

/// One change of what is kept of alarms.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmChange {
    /// Keep it, in place of what was kept under its id.
    Keep(AlarmRecord),
    /// Forget a rule.
    ForgetRule(RuleId),
    /// Forget an alarm.
    ForgetAlarm(AlarmId),
    /// Forget a shelving.
    ForgetShelf(AlarmId),
    /// Forget that a device is out of service.
    ForgetOutOfService(DeviceId),
}

/// What happened, and what is so now: one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Noted {
    /// Entries for the journal, in order; their numbers are given by the store.
    pub entries: Vec<Entry>,
    /// What is so now, in order.
    pub changes: Vec<AlarmChange>,
}

/// One reading on its way into history.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Whose.
    pub device: DeviceId,
    /// Its channel's key on the wire, or [`crate::model::history::HOTTEST`].
    pub channel: Arc<str>,
    /// When, ms since 1970.
    pub at_ms: i64,
    /// The value.
    pub value: f64,
}

/// What history and journal may take, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How long every reading is kept, minutes.
    pub full_minutes: u32,
    /// How long seconds are kept, hours.
    pub second_hours: u32,
    /// How long minutes are kept, days.
    pub minute_days: u32,
    /// Bytes of history in all; beyond that the oldest goes first.
    pub history_bytes: u64,
    /// How long journal entries are kept, days.
    pub journal_days: u32,
    /// Bytes of journal in all; beyond that the oldest goes first.
    pub journal_bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            full_minutes: 60,
            second_hours: 24,
            minute_days: 30,
            history_bytes: 2 << 30,
            journal_days: 400,
            journal_bytes: 512 << 20,
        }
    }
}

/// One change of what is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Keep this device.
    Device(DeviceRecord),
    /// Forget this device.
    ForgetDevice(DeviceId),
    /// Keep this calibration.
    Calibration(CalibrationRecord),
    /// Forget this calibration.
    ForgetCalibration(CalibrationKey),
}

/// What a change is about: of two changes with one key, only the newer matters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A device.
    Device(DeviceId),
    /// A calibration.
    Calibration(CalibrationKey),
}

/// What was found: the sound records, and a sentence for each damaged one.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept<T> {
    /// Sound records in the order of their keys.
    pub records: Vec<T>,
    /// What is wrong with the others, and what follows from it.
    pub damaged: Vec<String>,
}

impl Change {
    /// What it is about.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::Device(device) => Key::Device(device.id.clone()),
            Self::ForgetDevice(id) => Key::Device(id.clone()),
            Self::Calibration(calibration) => Key::Calibration(calibration.key.clone()),
            Self::ForgetCalibration(key) => Key::Calibration(key.clone()),
        }
    }

    /// Writes it. Returns the size of what was written, bytes.
    pub(crate) fn write(&self, to: &Connection) -> rusqlite::Result<u64> {
        match self {
            Self::Device(device) => write_device(device, to),
            Self::Calibration(calibration) => write_calibration(calibration, to),
            Self::ForgetDevice(id) => {
                to.prepare_cached("DELETE FROM device WHERE id = ?1")?.execute([id.as_str()]).map(|_| 0)
            }
            Self::ForgetCalibration(CalibrationKey { owner, location }) => to
                .prepare_cached("DELETE FROM calibration WHERE owner = ?1 AND location = ?2")?
                .execute([owner, location])
                .map(|_| 0),
        }
    }
}

fn write_device(device: &DeviceRecord, to: &Connection) -> rusqlite::Result<u64> {
    let DeviceRecord { id, owner, location, name, accepted, line_end, choice, last_seen } = device;
    let choice =
        serde_json::to_string(choice).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
    let last_seen = last_seen.to_string();
    let row = params![id.as_str(), owner, location, name, accepted, line_end, choice, last_seen];
    to.prepare_cached("INSERT OR REPLACE INTO device VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(row)?;
    let texts = [id.as_str(), owner, location, name, &choice, &last_seen, line_end.as_deref().unwrap_or_default()];
    Ok(texts.iter().map(|text| text.len() as u64).sum::<u64>() + 1)
}

fn write_calibration(calibration: &CalibrationRecord, to: &Connection) -> rusqlite::Result<u64> {
    let CalibrationRecord { key: CalibrationKey { owner, location }, words, received } = calibration;
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    let received = received.to_string();
    let row = params![owner, location, bytes, checksum(&bytes), received];
    to.prepare_cached("INSERT OR REPLACE INTO calibration VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(row)?;
    Ok((owner.len() + location.len() + bytes.len() + size_of::<i64>() + received.len()) as u64)
}

/// All devices by id. One with an unreadable choice or time is kept without it.
pub(crate) fn devices(from: &Connection) -> rusqlite::Result<Kept<DeviceRecord>> {
    let mut damaged = Vec::new();
    let sql = "SELECT id, owner, location, name, accepted, line_end, choice, last_seen FROM device ORDER BY id";
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
    let sound = rest.is_empty() && checksum(&bytes) == row.get::<_, i64>(3)?;
    let received = row.get::<_, String>(4)?.parse().ok();
    Ok(match received {
        Some(received) if sound => {
            Ok(CalibrationRecord { key, words: words.iter().map(|word| u16::from_be_bytes(*word)).collect(), received })
        }
        _ => Err(key),
    })
}

/// FNV-1a, 64 bits (RFC 9923), as SQLite's signed number.
fn checksum(bytes: &[u8]) -> i64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step) as i64
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_fnv_1a() {
        // Test vectors of the FNV specification: "" and "foobar".
        assert_eq!(super::checksum(b"") as u64, 0xcbf2_9ce4_8422_2325);
        assert_eq!(super::checksum(b"foobar") as u64, 0x8594_4171_f739_67e8);
    }
}
