//! Rows of regions, a JSON body for each device, and of bookmarks, a JSON body for each.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::sensors::DeviceId;
use crate::model::thermal::Bookmark;
use crate::model::thermal::region::Regions;
use crate::store::records::Kept;
use crate::store::rows::{execute, json};

/// The single thing that counts bookmarks: the highest number that was ever given out.
const LAST: &str = "bookmarks";

/// Writes the regions of a device; if there are none its row goes.
pub(crate) fn write_regions(device: &DeviceId, regions: &Regions, to: &Connection) -> rusqlite::Result<u64> {
    let device = device.as_str();
    if regions.is_empty() {
        return execute(to, "DELETE FROM region WHERE device = ?1", [device]);
    }
    let body = json(regions)?;
    to.prepare_cached("INSERT OR REPLACE INTO region VALUES (?1, ?2)")?.execute([device, &body])?;
    Ok((device.len() + body.len()) as u64)
}

pub(crate) fn write_bookmark(bookmark: &Bookmark, to: &Connection) -> rusqlite::Result<u64> {
    let body = json(bookmark)?;
    count(bookmark.id, to)?;
    let row = params![bookmark.id as i64, body];
    to.prepare_cached("INSERT OR REPLACE INTO bookmark VALUES (?1, ?2)")?.execute(row)?;
    Ok((size_of::<u64>() + body.len()) as u64)
}

pub(crate) fn forget_bookmark(id: u64, to: &Connection) -> rusqlite::Result<u64> {
    count(id, to)?;
    execute(to, "DELETE FROM bookmark WHERE id = ?1", [id as i64])
}

/// Sees that a number is not given out again, though its bookmark may be gone before it was ever written.
fn count(id: u64, to: &Connection) -> rusqlite::Result<u64> {
    let sql = "INSERT INTO single VALUES (?1, ?2) ON CONFLICT (name)
               DO UPDATE SET body = max(CAST(body AS INTEGER), CAST(excluded.body AS INTEGER))";
    execute(to, sql, [LAST, &id.to_string()])
}

/// Regions by device.
pub(crate) fn regions(from: &Connection) -> rusqlite::Result<Kept<(DeviceId, Regions)>> {
    let mut kept = Kept { records: Vec::new(), damaged: Vec::new() };
    let mut statement = from.prepare("SELECT device, body FROM region ORDER BY device")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (device, body): (String, String) = (row.get(0)?, row.get(1)?);
        match serde_json::from_str(&body) {
            Ok(regions) => kept.records.push((DeviceId(device.into()), regions)),
            Err(_) => kept.damaged.push(format!(
                "Damaged and left out: the stored regions and masks of {device}; nothing in its picture is masked."
            )),
        }
    }
    Ok(kept)
}

/// Bookmarks by number, and the highest number that was ever given out.
pub(crate) fn bookmarks(from: &Connection) -> rusqlite::Result<(Kept<Bookmark>, u64)> {
    let mut kept = Kept { records: Vec::new(), damaged: Vec::new() };
    let mut statement = from.prepare("SELECT id, body FROM bookmark ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, body): (i64, String) = (row.get(0)?, row.get(1)?);
        match serde_json::from_str(&body).ok().filter(|bookmark: &Bookmark| bookmark.id as i64 == id) {
            Some(bookmark) => kept.records.push(bookmark),
            None => kept.damaged.push(format!("Damaged and left out: the stored bookmark {id}.")),
        }
    }
    let last = from.query_row("SELECT CAST(body AS INTEGER) FROM single WHERE name = ?1", [LAST], |row| row.get(0));
    Ok((kept, last.optional()?.map_or(0, i64::unsigned_abs)))
}
