//! The report of an incident: one alarm from the moment it was raised until it was over, out of the journal.
//!
//! Invariant: every number is the journal's, in the journal's own form; another scale only stands beside it.
//! Invariant: nothing is told that the journal or the history does not say; what is not there is said not to be.

mod html;
mod peak;

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::model::alarms::alarm::AlarmId;
use crate::model::alarms::journal::{Entry, Still, What};
use crate::model::alarms::rule::Level;
use crate::report::drawing::DrawError;
use crate::report::spec::ChartSpec;
use crate::units::grid::Mounting;
use crate::units::temperature::Scale;

/// How long before the first crossing, and after the alarm was raised, temperatures are shown.
const AROUND: SignedDuration = SignedDuration::from_secs(30);
/// The longest time between a first crossing and the alarm that is shown as a whole.
const LONGEST: SignedDuration = SignedDuration::from_secs(600);

/// A note that somebody made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When; `None` for one that holds always.
    pub at: Option<Timestamp>,
    /// Who; empty if that is not known.
    pub by: Arc<str>,
    /// What it says.
    pub text: String,
}

/// The picture of the hottest moment that the journal has.
#[derive(Clone, Debug, PartialEq)]
pub struct Peak {
    /// The entry it belongs to.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The picture.
    pub still: Arc<Still>,
}

/// What a report is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// Which alarm.
    pub alarm: AlarmId,
    /// Its rule's name.
    pub name: String,
    /// What people call the device.
    pub device: String,
    /// The room or group the device is in; empty for none.
    pub place: String,
    /// Its entries, from the one that raised it, in order.
    pub entries: Vec<Entry>,
    /// The hottest picture among them.
    pub peak: Option<Peak>,
    /// How the array is turned.
    pub mounting: Mounting,
    /// What was measured around it.
    pub chart: ChartSpec,
    /// What people noted.
    pub notes: Vec<Note>,
    /// When the report is made.
    pub made: Timestamp,
    /// Where people read the time.
    pub zone: TimeZone,
    /// The scale that stands beside Celsius.
    pub scale: Scale,
}

/// The entries of an alarm from the one that raised it, at or before entry `seq`, until it was raised anew. `all`: in
/// order of their numbers.
#[must_use]
pub fn episode(all: &[Entry], alarm: &AlarmId, seq: u64) -> Vec<Entry> {
    let raises = |entry: &&Entry| matches!(entry.what, What::Raised | What::Tested);
    let of_it = || all.iter().filter(|entry| entry.alarm.as_ref() == Some(alarm));
    let begin = of_it().filter(raises).map(|entry| entry.seq).filter(|at| *at <= seq).max().unwrap_or(0);
    let end = of_it().filter(raises).map(|entry| entry.seq).find(|at| *at > begin.max(seq)).unwrap_or(u64::MAX);
    of_it().filter(|entry| (begin..end).contains(&entry.seq)).cloned().collect()
}

/// The picture with the hottest cell; of several, the first.
#[must_use]
pub fn peak(entries: &[Entry]) -> Option<Peak> {
    let with_still = entries.iter().filter_map(|entry| Some((entry, entry.still.clone()?)));
    let hottest = |still: &Still| still.centi.iter().copied().max().unwrap_or(i16::MIN);
    let best = with_still.rev().max_by_key(|(_, still)| hottest(still))?;
    Some(Peak { seq: best.0.seq, at: best.0.at, still: best.1 })
}

/// The time around an alarm that is shown: from 30 s before the first crossing to 30 s after it was raised, at least 60 s.
#[must_use]
pub fn span(entries: &[Entry]) -> (Timestamp, Timestamp) {
    let first = entries.first();
    let raised = first.map_or(Timestamp::UNIX_EPOCH, |entry| entry.at);
    let reasons = first.map_or(&[][..], |entry| &entry.reasons);
    let earliest = raised.checked_sub(LONGEST).unwrap_or(raised);
    let crossed = reasons.iter().map(|reason| reason.since).min().unwrap_or(raised).clamp(earliest, raised);
    (crossed.checked_sub(AROUND).unwrap_or(crossed), raised.checked_add(AROUND).unwrap_or(raised))
}

impl Incident {
    /// How bad it was at its worst.
    #[must_use]
    pub fn level(&self) -> Level {
        self.entries.iter().filter_map(|entry| entry.level).max().unwrap_or(Level::Notice)
    }

    /// Whether it was a test.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.entries.iter().any(|entry| entry.test)
    }

    /// Where it was, as the journal says.
    #[must_use]
    pub fn location(&self) -> &str {
        self.entries.iter().find_map(|entry| entry.location.as_deref()).unwrap_or(&self.device)
    }

    /// `Fire at Bench`.
    #[must_use]
    pub fn title(&self) -> String {
        let test = if self.is_test() { "Test of " } else { "" };
        format!("{test}{} at {}", self.name, self.location())
    }

    /// The page.
    ///
    /// # Errors
    /// If picture or chart cannot be drawn.
    pub fn html(&self) -> Result<String, DrawError> {
        html::html(self)
    }

    /// The first entry of a kind.
    fn first(&self, what: &[What]) -> Option<&Entry> {
        self.entries.iter().find(|entry| what.contains(&entry.what))
    }

    fn raised(&self) -> Option<&Entry> {
        self.first(&[What::Raised, What::Tested])
    }
}
