//! Channels by number: what a row says instead of a device's id and a channel's key.
//!
//! Invariant: a number stands for one channel as long as anything of it is kept; it is stored in the same transaction
//! as the first row that uses it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::history::Resolution;
use crate::model::sensors::DeviceId;
use crate::store::history::blocks;

/// All channels known.
#[derive(Debug, Default)]
pub(super) struct Channels {
    by_device: HashMap<DeviceId, Vec<(Arc<str>, u32)>>,
    all: BTreeSet<u32>,
    new: Vec<(u32, DeviceId, Arc<str>)>,
}

impl Channels {
    /// Those that are stored.
    pub(super) fn load(connection: &Connection) -> rusqlite::Result<Self> {
        let mut channels = Self::default();
        let mut statement = connection.prepare("SELECT id, device, key FROM channel ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (device, key): (String, String) = (row.get(1)?, row.get(2)?);
            // A number that none of ours could be is left alone.
            if let Ok(id) = u32::try_from(row.get::<_, i64>(0)?) {
                channels.insert(id, DeviceId(device.into()), key.into());
            }
        }
        Ok(channels)
    }

    fn insert(&mut self, id: u32, device: DeviceId, key: Arc<str>) {
        self.all.insert(id);
        self.by_device.entry(device).or_default().push((key, id));
    }

    /// The number of a channel, given to it if it has none.
    pub(super) fn id(&mut self, device: &DeviceId, key: &Arc<str>) -> u32 {
        let known = self.by_device.get(device).and_then(|keys| keys.iter().find(|(known, _)| known == key));
        if let Some((_, id)) = known {
            return *id;
        }
        let id = self.all.last().map_or(1, |last| last.wrapping_add(1));
        self.insert(id, device.clone(), Arc::clone(key));
        self.new.push((id, device.clone(), Arc::clone(key)));
        id
    }

    /// Whose number it is.
    pub(super) fn names(&self) -> HashMap<u32, (DeviceId, Arc<str>)> {
        let of_device = |(device, keys): (&DeviceId, &Vec<(Arc<str>, u32)>)| {
            let named = |(key, id): &(Arc<str>, u32)| (*id, (device.clone(), Arc::clone(key)));
            keys.iter().map(named).collect::<Vec<_>>()
        };
        self.by_device.iter().flat_map(of_device).collect()
    }

    /// All numbers in order.
    pub(super) const fn all(&self) -> &BTreeSet<u32> {
        &self.all
    }

    /// Stores those that are not stored yet. Returns bytes written.
    pub(super) fn write_new(&self, to: &Connection) -> rusqlite::Result<u64> {
        let mut bytes = 0;
        for (id, device, key) in &self.new {
            to.prepare_cached("INSERT INTO channel VALUES (?1, ?2, ?3)")?.execute(params![id, device.as_str(), key])?;
            bytes += (device.as_str().len() + key.len() + size_of::<u32>()) as u64;
        }
        Ok(bytes)
    }

    /// What was to be stored is.
    pub(super) fn written(&mut self) {
        self.new.clear();
    }

    /// Forgets channels of which nothing is kept, neither in blocks nor among those `in_use`.
    pub(super) fn forget_empty(&mut self, connection: &Connection, in_use: &BTreeSet<u32>) -> rusqlite::Result<()> {
        for id in self.all.difference(in_use).copied().collect::<Vec<_>>() {
            if oldest_of(connection, id)?.is_none() {
                connection.prepare_cached("DELETE FROM channel WHERE id = ?1")?.execute([id])?;
                self.all.remove(&id);
                self.by_device.values_mut().for_each(|keys| keys.retain(|(_, known)| *known != id));
            }
        }
        self.by_device.retain(|_, keys| !keys.is_empty());
        Ok(())
    }
}

fn oldest_of(connection: &Connection, id: u32) -> rusqlite::Result<Option<i64>> {
    for resolution in Resolution::ALL {
        if let Some(start) = blocks::oldest_start(connection, resolution, id)? {
            return Ok(Some(start));
        }
    }
    Ok(None)
}

/// The number of a channel, as stored.
pub(super) fn find(connection: &Connection, device: &DeviceId, key: &str) -> rusqlite::Result<Option<u32>> {
    let sql = "SELECT id FROM channel WHERE device = ?1 AND key = ?2";
    connection.prepare_cached(sql)?.query_row([device.as_str(), key], |row| row.get(0)).optional()
}
