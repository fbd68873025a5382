//! Rows of rules, alarms, shelves and devices out of service: an id and a JSON body each.

use std::sync::Arc;

use rusqlite::Connection;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::model::alarms::alarm::{Alarm, AlarmId, OutOfService, Reason, Shelf};
use crate::model::alarms::rule::Rule;
use crate::model::sensors::DeviceId;
use crate::store::records::{AlarmChange, AlarmRecord, Kept};
use crate::store::rows::{execute, json};

/// The mark that the rules of the program were put in place.
const RULES_SEEDED: &str = "rules_seeded";

pub(crate) fn write(change: &AlarmChange, to: &Connection) -> rusqlite::Result<u64> {
    match change {
        AlarmChange::Keep(record) => keep(record, to),
        AlarmChange::ForgetRule(id) => execute(to, "DELETE FROM rule WHERE id = ?1", [id.as_str()]),
        AlarmChange::ForgetAlarm(id) => execute(to, "DELETE FROM alarm WHERE id = ?1", [id.as_str()]),
        AlarmChange::ForgetShelf(id) => execute(to, "DELETE FROM shelf WHERE alarm = ?1", [id.as_str()]),
        AlarmChange::ForgetOutOfService(id) => {
            execute(to, "DELETE FROM out_of_service WHERE device = ?1", [id.as_str()])
        }
    }
}

fn keep(record: &AlarmRecord, to: &Connection) -> rusqlite::Result<u64> {
    match record {
        AlarmRecord::Rule(rule) => put(to, "INSERT OR REPLACE INTO rule VALUES (?1, ?2)", rule.id.as_str(), rule),
        AlarmRecord::RulesSeeded => execute(to, "INSERT OR REPLACE INTO mark VALUES (?1)", [RULES_SEEDED]),
        AlarmRecord::Active(alarm) => {
            put(to, "INSERT OR REPLACE INTO alarm VALUES (?1, ?2)", alarm.id.as_str(), &finite(alarm))
        }
        AlarmRecord::Shelf(id, shelf) => put(to, "INSERT OR REPLACE INTO shelf VALUES (?1, ?2)", id.as_str(), shelf),
        AlarmRecord::OutOfService(id, how) => {
            put(to, "INSERT OR REPLACE INTO out_of_service VALUES (?1, ?2)", id.as_str(), how)
        }
    }
}

fn put(to: &Connection, sql: &str, id: &str, body: &impl Serialize) -> rusqlite::Result<u64> {
    let body = json(body)?;
    to.prepare_cached(sql)?.execute([id, &body])?;
    Ok((id.len() + body.len()) as u64)
}

/// JSON knows no infinity: an alarm must be readable again whatever was measured.
fn finite(alarm: &Alarm) -> Alarm {
    let confidence = if alarm.confidence.is_finite() { alarm.confidence } else { 0.0 };
    Alarm { reasons: alarm.reasons.iter().map(finite_reason).collect(), confidence, ..alarm.clone() }
}

/// A reason whose numbers JSON can hold: no number becomes 0, infinity the largest number there is.
pub(crate) fn finite_reason(reason: &Reason) -> Reason {
    let finite = |value: f64| if value.is_nan() { 0.0 } else { value.clamp(f64::MIN, f64::MAX) };
    Reason { value: finite(reason.value), threshold: finite(reason.threshold), ..reason.clone() }
}

/// All that is kept of alarms: rules, the mark, alarms, shelves, devices out of service, each by id.
pub(crate) fn alarms(from: &Connection) -> rusqlite::Result<Kept<AlarmRecord>> {
    let mut kept = Kept { records: Vec::new(), damaged: Vec::new() };
    let rule = |id: &str, rule: Arc<Rule>| (rule.id.as_str() == id).then_some(AlarmRecord::Rule(rule));
    let told = "rule; until it is written anew nothing is watched by it";
    read(from, "SELECT id, body FROM rule ORDER BY id", told, rule, &mut kept)?;
    if from.prepare("SELECT 1 FROM mark WHERE name = ?1")?.exists([RULES_SEEDED])? {
        kept.records.push(AlarmRecord::RulesSeeded);
    }
    let alarm = |id: &str, alarm: Arc<Alarm>| (alarm.id.as_str() == id).then_some(AlarmRecord::Active(alarm));
    let told = "alarm; if its condition still holds it is raised anew";
    read(from, "SELECT id, body FROM alarm ORDER BY id", told, alarm, &mut kept)?;
    let shelf = |id: &str, shelf: Shelf| Some(AlarmRecord::Shelf(AlarmId(id.into()), shelf));
    read(from, "SELECT alarm, body FROM shelf ORDER BY alarm", "shelving; it is over", shelf, &mut kept)?;
    let out = |id: &str, how: OutOfService| Some(AlarmRecord::OutOfService(DeviceId(id.into()), how));
    let told = "note that a device is out of service; it is back in service";
    read(from, "SELECT device, body FROM out_of_service ORDER BY device", told, out, &mut kept)?;
    Ok(kept)
}

/// Reads the rows of one table; `told` is what a damaged one is, and what follows from it.
fn read<T: DeserializeOwned>(
    from: &Connection,
    sql: &str,
    told: &str,
    record: impl Fn(&str, T) -> Option<AlarmRecord>,
    kept: &mut Kept<AlarmRecord>,
) -> rusqlite::Result<()> {
    let mut statement = from.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, body): (String, String) = (row.get(0)?, row.get(1)?);
        match serde_json::from_str(&body).ok().and_then(|body| record(&id, body)) {
            Some(record) => kept.records.push(record),
            None => kept.damaged.push(format!("Damaged and left out: the stored {told} ({id}).")),
        }
    }
    Ok(())
}
