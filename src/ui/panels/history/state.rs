//! What History remembers from frame to frame: which part is shown, what came of its questions, the rows made of it.

use std::fmt;

use egui::TextureHandle;

use crate::model::alarms::journal::Entry;
use crate::model::alarms::rule::Level;
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::port::{Port, Query, Reply};
use crate::ui::asking::Asking;
use crate::ui::panels::history::pages::Pages;
use crate::ui::panels::history::picks::Trends;
use crate::ui::panels::history::wanted::Wanted;
use crate::units::grid::Mounting;
use crate::units::moment::Moment;
use crate::units::temperature::Scale;

/// The parts of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// Alarms, those that go on first.
    #[default]
    Alarms,
    /// The journal.
    Journal,
    /// Trends.
    Trends,
}

/// What the page remembers between frames.
#[derive(Debug, Default)]
pub struct Story {
    /// Which part is shown.
    pub part: Part,
    /// What is filtered for, in the lists.
    pub wanted: Wanted,
    /// The list of alarms.
    pub alarms: Past,
    /// The journal.
    pub journal: Journal,
    /// The opened entry.
    pub opened: Opened,
    /// The trends.
    pub trends: Trends,
}

/// What is known of alarms that were, and the rows made of it.
#[derive(Debug, Default)]
pub struct Past {
    pub(super) pages: Pages,
    pub(super) rows: Vec<Row>,
    /// For each row, the device and the entry to open.
    pub(super) targets: Vec<Target>,
    pub(super) made_for: Option<MadeFor>,
    pub(super) cursor: Cursor,
}

/// What a row opens.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) device: Option<DeviceId>,
    pub(super) seq: Option<u64>,
}

/// What rows were made for: another of these makes them anew.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MadeFor {
    pub(super) revision: u64,
    pub(super) snapshot: u64,
    pub(super) second: i64,
    pub(super) wanted: Wanted,
    pub(super) scale: Scale,
}

impl Past {
    /// Keeps a row, if it is one that is wanted.
    pub(super) fn keep(&mut self, wanted: &Wanted, row: Row, target: Target) {
        let words = wanted.text.trim().to_lowercase();
        let level = wanted.level.is_none_or(|least| row.level >= Some(least));
        let device = wanted.device.is_none() || wanted.device == target.device;
        if level && device && (words.is_empty() || row.sentence.to_lowercase().contains(&words)) {
            self.rows.push(row);
            self.targets.push(target);
        }
    }
}

/// The forms in which entries are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Csv,
    Json,
}

/// The entries that came so far, and the rows made of them.
#[derive(Debug, Default)]
pub struct Journal {
    pub(super) pages: Pages,
    pub(super) rows: Vec<Row>,
    pub(super) made_for: Option<(u64, i64)>,
    pub(super) cursor: Cursor,
    pub(super) export: Asking,
    pub(super) form: Option<Form>,
}

/// The opened entry, if one is.
#[derive(Default)]
pub struct Opened {
    pub(super) seq: Option<u64>,
    pub(super) asking: Asking,
    pub(super) entry: Option<Box<Entry>>,
    pub(super) failed: Option<String>,
    pub(super) picture: Option<Shown>,
}

/// The still as a texture, and what it was painted for.
pub(super) struct Shown {
    pub(super) texture: TextureHandle,
    pub(super) frame: ThermalFrame,
    pub(super) painted: (Mounting, *const [[u8; 3]; 256]),
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("seq", &self.seq).field("failed", &self.failed).finish_non_exhaustive()
    }
}

impl Opened {
    /// Opens an entry by its number: asks for it.
    pub fn open(&mut self, port: &Port, seq: u64, now: Moment) {
        if self.seq != Some(seq) {
            *self = Self { seq: Some(seq), ..Self::default() };
            self.asking.ask(port, Query::Entry(seq), now);
        }
    }

    /// Whether one is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.seq.is_some()
    }

    /// Takes what came, and asks again if the question seems lost.
    pub(super) fn refresh(&mut self, port: &Port, now: Moment) {
        let Some(seq) = self.seq else { return };
        if self.asking.is_due(now) {
            self.asking.ask(port, Query::Entry(seq), now);
        }
        match self.asking.take().as_deref() {
            Some(Reply::Entry(Some(entry))) => (self.entry, self.failed) = (Some(entry.clone()), None),
            Some(Reply::Entry(None)) => self.failed = Some("It is older than the journal reaches.".to_owned()),
            Some(Reply::Failed(why)) => self.failed = Some(why.clone()),
            Some(_) | None => {}
        }
    }
}

/// A row, ready to be painted.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its shape.
    pub level: Option<Level>,
    /// Whether it is over: then it stands back.
    pub over: bool,
    /// Texts of the cells, in the order of the columns.
    pub cells: Vec<String>,
    /// What a screen reader says.
    pub sentence: String,
}

/// The row one is at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    /// Its place.
    pub at: Option<usize>,
    /// Whether the list scrolls to it.
    pub follow: bool,
}
