//! Episodes: from the entries of the journal back to alarms that came and went.
//!
//! Invariant: an episode belongs to one alarm; a new one begins each time the alarm is raised.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::model::alarms::alarm::{AlarmId, Noted};
use crate::model::alarms::journal::{Entry, What};
use crate::model::alarms::rule::Level;
use crate::model::sensors::DeviceId;

/// Kinds of entries that episodes are made of: what to ask the journal for.
pub const KINDS: [What; 7] =
    [What::Raised, What::Tested, What::Worse, What::Over, What::Cleared, What::Acknowledged, What::Closed];

/// An alarm that was raised once, as far as the entries tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// Which alarm.
    pub alarm: AlarmId,
    /// At which device.
    pub device: Option<DeviceId>,
    /// How bad it was at its worst.
    pub level: Level,
    /// Whether it was a test.
    pub test: bool,
    /// The entry that raised it, 0 if that is not among the entries.
    pub seq: u64,
    /// When it was raised; `None` if that was before the entries begin.
    pub from: Option<Timestamp>,
    /// When it was over.
    pub to: Option<Timestamp>,
    /// Who took note.
    pub acknowledged: Option<Noted>,
    /// What it said when it was raised.
    pub text: Arc<str>,
}

/// The episodes of entries, newest first both.
#[must_use]
pub fn episodes(entries: &[Entry]) -> Vec<Episode> {
    let mut all: Vec<Episode> = Vec::new();
    let mut newest: BTreeMap<&AlarmId, usize> = BTreeMap::new();
    for entry in entries.iter().rev() {
        let Some(alarm) = &entry.alarm else { continue };
        let raises = matches!(entry.what, What::Raised | What::Tested);
        let known = newest.get(alarm).copied().filter(|_| !raises);
        let at = known.unwrap_or_else(|| {
            all.push(begun(alarm, entry, raises));
            newest.insert(alarm, all.len() - 1);
            all.len() - 1
        });
        if let Some(episode) = all.get_mut(at) {
            fold(episode, entry);
        }
    }
    all.reverse();
    all
}

fn begun(alarm: &AlarmId, entry: &Entry, raises: bool) -> Episode {
    Episode {
        alarm: alarm.clone(),
        device: entry.device.clone(),
        level: entry.level.unwrap_or(Level::Notice),
        test: entry.test,
        seq: if raises { entry.seq } else { 0 },
        from: raises.then_some(entry.at),
        to: None,
        acknowledged: None,
        text: entry.text.as_str().into(),
    }
}

fn fold(episode: &mut Episode, entry: &Entry) {
    episode.level = episode.level.max(entry.level.unwrap_or(Level::Notice));
    match entry.what {
        What::Acknowledged => {
            episode.acknowledged = Some(Noted { by: Arc::clone(&entry.by), at: entry.at });
        }
        What::Over | What::Cleared | What::Closed => episode.to = episode.to.or(Some(entry.at)),
        _ => {}
    }
}
