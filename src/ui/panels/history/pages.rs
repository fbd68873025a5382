//! Pages of the journal, gathered: the newest again when something was written, older ones when they are wanted.
//!
//! Invariant: entries stand newest first, each once.

use jiff::Timestamp;

use crate::model::alarms::journal::{Entry, Filter, Page};
use crate::port::{Port, Query, Reply};
use crate::ui::asking::Asking;
use crate::ui::now::Now;
use crate::units::moment::Moment;

/// What is filtered for, apart from the time that goes on.
type Key = Filter;

/// The pages that came so far.
#[derive(Debug, Default)]
pub struct Pages {
    head: Asking,
    tail: Asking,
    tail_behind: Option<u64>,
    asked_for: Option<(u64, Key)>,
    held_for: Option<Key>,
    /// Entries, newest first.
    pub entries: Vec<Entry>,
    /// Whether there are older ones.
    pub more: bool,
    /// Why the last question was not answered.
    pub failed: Option<String>,
    /// Counts up when something came.
    pub revision: u64,
}

impl Pages {
    /// Takes what came, and asks again when the filter changed or the journal grew. `filter` is made for a time: what
    /// counts is the filter without it. `journaled`: how many entries the journal has.
    pub fn refresh(&mut self, port: &Port, now: &Now, journaled: u64, filter: &dyn Fn(Timestamp) -> Filter) {
        let key = filter(Timestamp::UNIX_EPOCH);
        let asked = self.asked_for.as_ref().is_some_and(|(n, known)| *n == journaled && *known == key);
        if !asked || self.head.is_due(now.moment) {
            self.asked_for = Some((journaled, key));
            self.head.ask(port, Query::Journal(filter(now.wall)), now.moment);
        }
        if let Some(reply) = self.head.take() {
            self.take_head(&reply);
        }
        if let Some(reply) = self.tail.take()
            && let Reply::Journal(page) = &*reply
            && self.entries.last().map(|entry| entry.seq) == self.tail_behind
        {
            self.append(page);
        }
    }

    /// Asks for older entries, unless they are on their way.
    pub fn ask_older(&mut self, port: &Port, mut filter: Filter, now: Moment) {
        let behind = self.entries.last().map(|entry| entry.seq);
        let going = self.tail.is_waiting() && self.tail_behind == behind && !self.tail.is_due(now);
        if behind.is_none() || !self.more || going || self.head.is_waiting() {
            return;
        }
        (filter.before, self.tail_behind) = (behind, behind);
        self.tail.ask(port, Query::Journal(filter), now);
    }

    /// Whether an answer came at all.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        self.held_for.is_some()
    }

    /// Has the window drawn again if a question seems lost.
    pub fn wake_up(&self, ctx: &egui::Context) {
        self.head.wake_up(ctx);
        self.tail.wake_up(ctx);
    }

    fn take_head(&mut self, reply: &Reply) {
        self.revision += 1;
        match reply {
            Reply::Journal(page) => {
                let key = self.asked_for.as_ref().map(|(_, key)| key.clone());
                let continues = self.held_for == key && self.touches(page);
                self.held_for = key;
                self.failed = None;
                if continues {
                    self.prepend(page);
                } else {
                    (self.entries, self.more) = (page.entries.clone(), page.more);
                }
            }
            Reply::Failed(why) => self.failed = Some(why.clone()),
            _ => self.failed = Some("The engine gave another answer than was asked for.".to_owned()),
        }
    }

    /// Whether a newer page reaches what is held.
    fn touches(&self, page: &Page) -> bool {
        let (Some(first), Some(oldest)) = (self.entries.first(), page.entries.last()) else { return false };
        oldest.seq <= first.seq
    }

    fn prepend(&mut self, page: &Page) {
        let newest = self.entries.first().map_or(0, |entry| entry.seq);
        let new = page.entries.iter().filter(|entry| entry.seq > newest).cloned();
        self.entries.splice(0..0, new.collect::<Vec<_>>());
    }

    fn append(&mut self, page: &Page) {
        self.revision += 1;
        let oldest = self.entries.last().map_or(u64::MAX, |entry| entry.seq);
        self.entries.extend(page.entries.iter().filter(|entry| entry.seq < oldest).cloned());
        self.more = page.more;
    }
}
