//! The events of the last minutes, for apps that come back.
//!
//! Invariant: bounded by time, by events and by their bytes; the oldest go first.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::bridge::events::event::{Event, EventId};
use crate::units::moment::Moment;

/// How long events are kept.
pub const KEPT_FOR: Duration = Duration::from_secs(300);
/// Events that are kept.
pub const KEPT: usize = 1000;
/// Bytes in all that are kept.
pub const KEPT_BYTES: usize = 4 << 20;

/// The last events.
#[derive(Debug, Default)]
pub struct Past {
    events: VecDeque<(Moment, Arc<Event>)>,
    n_bytes: usize,
}

impl Past {
    /// Keeps an event, in place of what is too old or too much.
    pub fn push(&mut self, now: Moment, event: Arc<Event>) {
        self.n_bytes += event.bytes().len();
        self.events.push_back((now, event));
        let too_much = |past: &Self| past.events.len() > KEPT || past.n_bytes > KEPT_BYTES;
        while too_much(self) || self.events.front().is_some_and(|(at, _)| now.since(*at) > KEPT_FOR) {
            let Some((_, oldest)) = self.events.pop_front() else { break };
            self.n_bytes -= oldest.bytes().len();
        }
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What came after the event of this number, the oldest first; `None` if that one is not known.
    #[must_use]
    pub fn since(&self, id: EventId) -> Option<Vec<Arc<Event>>> {
        let known = self.events.binary_search_by_key(&id, |(_, event)| event.id).ok()?;
        Some(self.events.range(known + 1..).map(|(_, event)| Arc::clone(event)).collect())
    }

    /// How many are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether none is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }
}
