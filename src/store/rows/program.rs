//! Rows of layouts, and of the master stop.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;

use crate::model::system::Stopped;
use crate::store::records::Kept;
use crate::store::rows::{execute, put_single, single};

/// The single thing that is there while the master stop holds.
const STOPPED: &str = "stopped";

pub(crate) fn write_layout(name: &str, body: Option<&str>, to: &Connection) -> rusqlite::Result<u64> {
    let Some(body) = body else { return execute(to, "DELETE FROM layout WHERE name = ?1", [name]) };
    execute(to, "INSERT OR REPLACE INTO layout VALUES (?1, ?2)", [name, body])?;
    Ok((name.len() + body.len()) as u64)
}

pub(crate) fn write_stopped(stopped: Option<&Stopped>, to: &Connection) -> rusqlite::Result<u64> {
    let Some(stopped) = stopped else { return execute(to, "DELETE FROM single WHERE name = ?1", [STOPPED]) };
    put_single(STOPPED, stopped, to)
}

/// Layouts by name, as texts.
pub(crate) fn layouts(from: &Connection) -> rusqlite::Result<BTreeMap<Arc<str>, Arc<str>>> {
    let mut statement = from.prepare("SELECT name, body FROM layout ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// The master stop, if it holds.
pub(crate) fn stopped(from: &Connection) -> rusqlite::Result<Kept<Stopped>> {
    let mut kept = Kept { records: Vec::new(), damaged: Vec::new() };
    match single(STOPPED, from)?.map(|body| serde_json::from_str(&body)) {
        Some(Ok(stopped)) => kept.records.push(stopped),
        Some(Err(_)) => {
            let text = "The stored master stop is damaged. It holds: rules run no actions until it is released.";
            kept.damaged.push(text.to_owned());
        }
        None => {}
    }
    Ok(kept)
}
