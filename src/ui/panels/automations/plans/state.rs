//! What the page of schedules remembers. Knows nothing of the scene.

use std::sync::Arc;

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
    /// What would be removed.
    pub removing: Option<Key>,
    /// A schedule that is edited.
    pub draft: Option<Box<Draft>>,
}

impl Desk {
    /// Brings the list up to date, and drops what is gone.
    pub fn settle(&mut self, view: &Snapshot) {
        if self.list.as_ref().is_none_or(|(seq, _)| *seq != view.seq) {
            self.list = Some((view.seq, entries::all(view).into()));
        }
        let all = self.entries();
        if self.removing.as_ref().is_some_and(|key| !all.iter().any(|entry| entry.key == *key)) {
            self.removing = None;
        }
    }

    /// What is listed.
    #[must_use]
    pub fn entries(&self) -> Arc<[Entry]> {
        self.list.as_ref().map_or_else(|| Arc::from([]), |(_, list)| Arc::clone(list))
    }
}
