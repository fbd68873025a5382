//! What the page of schedules remembers. Knows nothing of the scene.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::bridge::plan::Here;
use crate::model::snapshot::Snapshot;
use crate::ui::panels::automations::plans::draft::Draft;
use crate::ui::panels::automations::plans::entries::{self, Entry, Key};

/// The whole of it.
#[derive(Debug, Default)]
pub struct Desk {
    /// Whether schedules are shown instead of the rules of alarms.
    pub shown: bool,
    /// What is listed, and of which state it was made.
    list: Option<(u64, Arc<[Entry]>)>,
    /// When each entry acts next, in their order, and when that was looked up.
    next: Option<(u64, Timestamp, Vec<Option<Timestamp>>)>,
    /// What would be removed.
    pub removing: Option<Key>,
    /// A schedule that is edited.
    pub draft: Option<Box<Draft>>,
}

impl Desk {
    /// Brings the list up to date, and drops what is gone.
    pub fn settle(&mut self, view: &Snapshot, now: Timestamp) {
        if self.list.as_ref().is_none_or(|(seq, _)| *seq != view.seq) {
            self.list = Some((view.seq, entries::all(view).into()));
        }
        let all = self.entries();
        // Sunrises take some computing: they are looked up when something changed, and when one is over.
        let over =
            |at: Timestamp, next: &[Option<Timestamp>]| now < at || next.iter().flatten().any(|next| *next <= now);
        if self.next.as_ref().is_none_or(|(seq, at, next)| *seq != view.seq || over(*at, next)) {
            let here = Here::new(&view.bridge.identity.zone, view.bridge.identity.place);
            let next = all.iter().map(|entry| entries::next(view, &entry.key, now, &here)).collect();
            self.next = Some((view.seq, now, next));
        }
        if self.removing.as_ref().is_some_and(|key| !all.iter().any(|entry| entry.key == *key)) {
            self.removing = None;
        }
    }

    /// When an entry acts next.
    #[must_use]
    pub fn next(&self, key: &Key) -> Option<Timestamp> {
        let at = self.list.as_ref()?.1.iter().position(|entry| entry.key == *key)?;
        self.next.as_ref()?.2.get(at).copied().flatten()
    }

    /// What is listed.
    #[must_use]
    pub fn entries(&self) -> Arc<[Entry]> {
        self.list.as_ref().map_or_else(|| Arc::from([]), |(_, list)| Arc::clone(list))
    }
}
