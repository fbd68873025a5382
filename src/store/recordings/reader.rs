//! Finding what was recorded: the picture before or behind an instant, whether it is in a file or not in one yet.
//!
//! Where the clock was set back, segments overlap; then pictures of both count, in order of time.
//!
//! Invariant: a block that is damaged or gone counts as never recorded.

use std::path::PathBuf;
use std::sync::Arc;

use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::store::recordings::block::Block;
use crate::store::recordings::builder::SPAN_US;
use crate::store::recordings::catalogue::Segment;
use crate::store::recordings::segment::{SEGMENT_US, Table};
use crate::store::recordings::shared::Shared;

/// No picture of a segment is so much later than its first one, us.
const REACH_US: i64 = SEGMENT_US + 2 * SPAN_US;

/// A picture in its block.
#[derive(Debug)]
pub(super) struct Found {
    /// The block.
    pub(super) block: Block,
    /// Which of its pictures.
    pub(super) n: usize,
    /// When, us since 1970.
    pub(super) us: i64,
}

impl Found {
    /// The newest picture of a block at `us` or before.
    fn newest(block: Block, us: i64) -> Option<Self> {
        let n = block.heads().partition_point(|head| head.us <= us).checked_sub(1)?;
        let us = block.heads().get(n)?.us;
        Some(Self { block, n, us })
    }

    /// The oldest picture of a block behind `us`.
    fn oldest(block: Block, us: i64) -> Option<Self> {
        let n = block.heads().partition_point(|head| head.us <= us);
        let us = block.heads().get(n)?.us;
        Some(Self { block, n, us })
    }

    /// The picture, if it can be read.
    pub(super) fn frame(&mut self) -> Option<ThermalFrame> {
        self.block.frame(self.n).ok()
    }
}

/// A file and where its blocks are.
struct Source {
    file: PathBuf,
    table: Arc<Table>,
}

impl Source {
    /// The newest picture at `us` or before, if it is behind `floor_us`.
    fn newest(&self, us: i64, floor_us: i64) -> Option<Found> {
        for n in (0..self.table.begun_at(us)).rev() {
            if self.table.span_us(n).is_none_or(|(_, last_us)| last_us <= floor_us) {
                return None;
            }
            let found = self.table.read(&self.file, n).ok().and_then(|block| Found::newest(block, us));
            if found.is_some() {
                return found.filter(|found| found.us > floor_us);
            }
        }
        None
    }

    /// The oldest picture behind `us`, if it is before `ceiling_us`.
    fn oldest(&self, us: i64, ceiling_us: i64) -> Option<Found> {
        for n in self.table.over_at(us).. {
            if self.table.span_us(n).is_none_or(|(first_us, _)| first_us >= ceiling_us) {
                return None;
            }
            let found = self.table.read(&self.file, n).ok().and_then(|block| Found::oldest(block, us));
            if found.is_some() {
                return found.filter(|found| found.us < ceiling_us);
            }
        }
        None
    }
}

impl Shared {
    /// The newest picture of a device at `us` or before that is behind `floor_us`.
    pub(super) fn newest(&self, device: &DeviceId, us: i64, floor_us: i64) -> Option<Found> {
        let memory = self.catalogue().recordings.get(device)?.memory(floor_us.saturating_add(1), us);
        let blocks = memory.into_iter().filter_map(|block| Block::open(Vec::clone(&block)).ok());
        let mut best = blocks.filter_map(|block| Found::newest(block, us)).max_by_key(|found| found.us);
        let mut before = us.saturating_add(1);
        loop {
            let next = |segments: &std::collections::BTreeMap<i64, Segment>| {
                segments.range(..before).next_back().map(|(start_us, segment)| (*start_us, segment.clone()))
            };
            let found = self.catalogue().recordings.get(device).and_then(|recording| next(&recording.segments));
            let Some((start_us, segment)) = found else { return best };
            let floor_us = best.as_ref().map_or(floor_us, |best| best.us);
            if start_us.saturating_add(REACH_US) <= floor_us {
                return best;
            }
            let source = self.source(device, start_us, segment, floor_us);
            best = source.and_then(|source| source.newest(us, floor_us)).or(best);
            before = start_us;
        }
    }

    /// The oldest picture of a device behind `us` that is before `ceiling_us`.
    pub(super) fn oldest(&self, device: &DeviceId, us: i64, ceiling_us: i64) -> Option<Found> {
        let memory = self.catalogue().recordings.get(device)?.memory(us.saturating_add(1), ceiling_us);
        let blocks = memory.into_iter().filter_map(|block| Block::open(Vec::clone(&block)).ok());
        let found = blocks.filter_map(|block| Found::oldest(block, us)).filter(|found| found.us < ceiling_us);
        let mut best = found.min_by_key(|found| found.us);
        let mut from = us.saturating_sub(REACH_US);
        loop {
            let next = |segments: &std::collections::BTreeMap<i64, Segment>| {
                segments.range(from..).next().map(|(start_us, segment)| (*start_us, segment.clone()))
            };
            let found = self.catalogue().recordings.get(device).and_then(|recording| next(&recording.segments));
            let ceiling_us = best.as_ref().map_or(ceiling_us, |best| best.us);
            let Some((start_us, segment)) = found.filter(|(start_us, _)| *start_us < ceiling_us) else { return best };
            let source = self.source(device, start_us, segment, us);
            best = source.and_then(|source| source.oldest(us, ceiling_us)).or(best);
            from = start_us.saturating_add(1);
        }
    }

    /// A segment with its table; `None` if it has nothing behind `floor_us`, or cannot be read.
    fn source(&self, device: &DeviceId, start_us: i64, segment: Segment, floor_us: i64) -> Option<Source> {
        if segment.last_us.is_some_and(|last_us| last_us <= floor_us) {
            return None;
        }
        let file = self.catalogue().file(device, start_us);
        if let Some(table) = segment.table {
            return Some(Source { file, table });
        }
        let table = self.tables.get(device, start_us, &file).ok()?;
        if segment.last_us.is_none() {
            let mut catalogue = self.catalogue();
            let known = catalogue.recordings.get_mut(device).and_then(|known| known.segments.get_mut(&start_us));
            if let Some(known) = known {
                // One without any picture is never looked at again.
                known.last_us = Some(table.last_us().unwrap_or(i64::MIN));
            }
        }
        Some(Source { file, table })
    }

    /// The newest picture of all, us since 1970.
    pub(super) fn newest_of_all(&self) -> Option<i64> {
        let last = |catalogue: &crate::store::recordings::catalogue::Catalogue| {
            let recordings = catalogue.recordings.iter();
            let last = recordings.filter_map(|(device, recording)| {
                let (start_us, segment) = recording.segments.last_key_value()?;
                Some((device.clone(), *start_us, segment.clone()))
            });
            (catalogue.recordings.values().filter_map(|recording| recording.newest_us).max(), last.collect::<Vec<_>>())
        };
        let (mut newest, last) = last(&self.catalogue());
        for (device, start_us, segment) in last {
            if segment.last_us.is_none() {
                let source = self.source(&device, start_us, segment, i64::MIN);
                newest = newest.max(source.and_then(|source| source.table.last_us()));
            } else {
                newest = newest.max(segment.last_us);
            }
        }
        newest
    }
}
