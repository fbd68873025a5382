//! What waits to be written: of each key the newest change, entries of the journal in order, readings.
//!
//! Invariant: all of it is bounded; what finds no room is counted, never lost in silence.
//! Invariant: a change that belongs to entries is never written without them, nor they without it.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use crate::model::alarms::journal::Entry;
use crate::store::records::{Change, Key, LightsChange, Noted, Reading};

/// How many keys may wait at once.
pub const KEYS_MAX: usize = 65_536;
/// How many entries of the journal may wait at once.
pub const ENTRIES_MAX: usize = 65_536;
/// How many bytes their pictures may take; beyond that the oldest entries go without theirs.
pub const STILLS_MAX: usize = 64 << 20;
/// How many readings may wait at once.
pub const READINGS_MAX: usize = 1_000_000;

/// Readings are gathered at least for so long: with the time until they get here, they are on disk within a second.
const READINGS_GATHER: Duration = Duration::from_millis(400);

/// What is written in one transaction.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) changes: BTreeMap<Key, Change>,
    pub(crate) entries: VecDeque<Entry>,
}

impl Batch {
    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.entries.is_empty()
    }

    /// Takes one change in. Returns what found no room.
    fn put(&mut self, change: Change) -> u64 {
        let key = change.key();
        if self.changes.len() >= KEYS_MAX && !self.changes.contains_key(&key) {
            return 1;
        }
        if let Change::ForgetDevice(id) = &change {
            self.changes.remove(&Key::Learned(id.clone()));
            self.changes.remove(&Key::Regions(id.clone()));
        }
        if let Change::Lights(LightsChange::ForgetLight(id)) = &change {
            self.changes.remove(&Key::LightStack(id.clone()));
        }
        self.changes.insert(key, change);
        0
    }

    /// Takes one entry in. Returns what found no room.
    fn append(&mut self, entry: Entry) -> u64 {
        if self.entries.len() >= ENTRIES_MAX {
            return 1;
        }
        self.entries.push_back(entry);
        0
    }
}

/// What waits.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    batch: Batch,
    /// Bytes of pictures among the entries.
    still_bytes: usize,
    /// When the oldest of it came.
    since: Option<Instant>,
    /// Whether it is written at once.
    urgent: bool,
    readings: Vec<Reading>,
    readings_since: Option<Instant>,
    /// What found no room.
    pub(crate) lost: u64,
}

impl Waiting {
    /// Takes a change in. Returns whether it is the first that waits.
    pub(crate) fn put(&mut self, change: Change) -> bool {
        self.lost += self.batch.put(change);
        self.came(false)
    }

    /// Takes in what was noted. Returns whether it is the first that does not wait to be gathered.
    pub(crate) fn note(&mut self, noted: Noted) -> bool {
        if noted.entries.is_empty() && noted.changes.is_empty() {
            return false;
        }
        for entry in noted.entries {
            self.append(entry);
        }
        for change in noted.changes {
            self.lost += self.batch.put(Change::Alarm(change));
        }
        self.came(true)
    }

    /// Takes readings in. Returns whether they are the first that wait.
    pub(crate) fn record(&mut self, mut readings: Vec<Reading>) -> bool {
        let room = READINGS_MAX - self.readings.len().min(READINGS_MAX);
        self.lost += readings.len().saturating_sub(room) as u64;
        readings.truncate(room);
        self.readings.append(&mut readings);
        let first = self.readings_since.is_none() && !self.readings.is_empty();
        if first {
            self.readings_since = Some(Instant::now());
        }
        first
    }

    pub(crate) fn take_batch(&mut self) -> Batch {
        (self.since, self.urgent, self.still_bytes) = (None, false, 0);
        std::mem::take(&mut self.batch)
    }

    pub(crate) fn take_readings(&mut self) -> Vec<Reading> {
        self.readings_since = None;
        std::mem::take(&mut self.readings)
    }

    /// Takes a batch back that could not be written; what came meanwhile is newer and goes on top of it.
    pub(crate) fn give_back(&mut self, batch: Batch) {
        let newer = std::mem::replace(&mut self.batch, Batch { changes: batch.changes, ..Batch::default() });
        self.still_bytes = 0;
        for entry in batch.entries.into_iter().chain(newer.entries) {
            self.append(entry);
        }
        for change in newer.changes.into_values() {
            self.lost += self.batch.put(change);
        }
        if !self.batch.is_empty() {
            let urgent = !self.batch.entries.is_empty();
            self.came(urgent);
        }
    }

    /// When the batch is due, if one waits.
    pub(crate) fn batch_due(&self, gather: Duration) -> Option<Instant> {
        self.since.map(|since| if self.urgent { since } else { since + gather })
    }

    /// When readings are due, if any wait.
    pub(crate) fn readings_due(&self, gather: Duration) -> Option<Instant> {
        self.readings_since.map(|since| since + gather.max(READINGS_GATHER))
    }

    /// Returns whether anything is due earlier than before.
    fn came(&mut self, urgent: bool) -> bool {
        let earlier = self.since.is_none() || (urgent && !self.urgent);
        self.since.get_or_insert_with(Instant::now);
        self.urgent |= urgent;
        earlier
    }

    fn append(&mut self, entry: Entry) {
        self.still_bytes += still_bytes(&entry);
        self.lost += self.batch.append(entry);
        if self.still_bytes > STILLS_MAX {
            self.drop_stills();
        }
    }

    /// The oldest entries lose their pictures until half of the room is free again.
    fn drop_stills(&mut self) {
        self.still_bytes = self.batch.entries.iter().map(still_bytes).sum();
        for entry in &mut self.batch.entries {
            if self.still_bytes <= STILLS_MAX / 2 {
                return;
            }
            self.still_bytes -= still_bytes(entry);
            self.lost += u64::from(entry.still.take().is_some());
        }
    }
}

fn still_bytes(entry: &Entry) -> usize {
    entry.still.as_ref().map_or(0, |still| still.centi.len() * size_of::<i16>())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{ENTRIES_MAX, READINGS_MAX, STILLS_MAX, Waiting};
    use crate::model::alarms::journal::{Entry, Still, What};
    use crate::model::sensors::DeviceId;
    use crate::store::records::{Change, Key, Noted, Reading};

    fn noted(text: &str, still: Option<Arc<Still>>) -> Noted {
        let entry = Entry {
            seq: 0,
            at: Timestamp::UNIX_EPOCH,
            what: What::Program,
            alarm: None,
            rule: None,
            device: None,
            location: None,
            level: None,
            by: "Hearthlight".into(),
            test: false,
            text: text.to_owned(),
            reasons: Vec::new(),
            still,
        };
        Noted { entries: vec![entry], changes: Vec::new() }
    }

    #[test]
    fn pictures_go_first_the_oldest_before_the_newer() {
        let still = Arc::new(Still { columns: 1024, rows: 1024, centi: vec![0; 1024 * 1024] });
        let mut waiting = Waiting::default();
        let n = STILLS_MAX / (2 << 20) + 1;
        for n in 0..n {
            waiting.note(noted(&n.to_string(), Some(Arc::clone(&still))));
        }
        let entries = waiting.take_batch().entries;
        assert_eq!(entries.len(), n);
        let kept: Vec<_> = entries.iter().map(|entry| entry.still.is_some()).collect();
        assert!(kept.is_sorted() && kept.contains(&true) && !kept[0], "the oldest are without");
        assert_eq!(waiting.lost, kept.iter().filter(|kept| !**kept).count() as u64);
    }

    #[test]
    fn entries_and_readings_beyond_the_room_are_counted() {
        let mut waiting = Waiting::default();
        for n in 0..=ENTRIES_MAX {
            waiting.note(noted(&n.to_string(), None));
        }
        assert_eq!(waiting.lost, 1);
        let batch = waiting.take_batch();
        waiting.note(noted("newest", None));
        waiting.give_back(batch);
        let entries = waiting.take_batch().entries;
        assert_eq!((entries.len(), entries[0].text.as_str(), waiting.lost), (ENTRIES_MAX, "0", 2));
        let reading = Reading { device: DeviceId::new("a"), channel: "ADC1".into(), at_ms: 0, value: 0.0 };
        waiting.record(vec![reading.clone(); READINGS_MAX - 1]);
        waiting.record(vec![reading; 3]);
        assert_eq!((waiting.take_readings().len(), waiting.lost), (READINGS_MAX, 4));
    }

    #[test]
    fn what_was_learned_and_regions_go_with_their_device() {
        let mut waiting = Waiting::default();
        let id = DeviceId::new("a");
        waiting.put(Change::Learned(id.clone(), Arc::default()));
        waiting.put(Change::Regions(id.clone(), Arc::default()));
        let failed = waiting.take_batch();
        waiting.put(Change::ForgetDevice(id.clone()));
        waiting.give_back(failed);
        assert_eq!(waiting.take_batch().changes.into_keys().collect::<Vec<_>>(), [Key::Device(id)]);
    }

    #[test]
    fn entries_are_due_at_once_and_changes_are_gathered() {
        let mut waiting = Waiting::default();
        let gather = Duration::from_secs(3600);
        assert!(waiting.put(Change::ForgetDevice(DeviceId::new("a"))));
        let gathered = waiting.batch_due(gather).expect("due");
        assert!(waiting.note(noted("now", None)));
        assert_eq!(waiting.batch_due(gather), Some(gathered - gather));
        assert!(!waiting.note(Noted::default()) && !waiting.note(noted("with it", None)));
        waiting.take_batch();
        assert_eq!((waiting.batch_due(gather), waiting.readings_due(gather)), (None, None));
    }
}
