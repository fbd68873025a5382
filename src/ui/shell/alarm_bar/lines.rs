//! What the bar has to tell, a line each, the most pressing first.
//!
//! Invariant: while there is a flood a device has one line, however many alarms it has; it is as pressing as the most
//! pressing of them.

use std::sync::Arc;

use crate::model::alarms::Alarms;
use crate::model::alarms::alarm::{Alarm, AlarmId, OutOfService, Shelf, State};
use crate::model::alarms::rule::Level;
use crate::model::sensors::DeviceId;
use crate::ui::theme::size;

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// An alarm.
    Alarm(Arc<Alarm>),
    /// All alarms of a device, in a flood.
    Group {
        /// The one that is told: among the most pressing the first that was raised.
        first: Arc<Alarm>,
        /// All of them, the most pressing first; two at least.
        all: Vec<Arc<Alarm>>,
    },
    /// An alarm, active or not, that nobody wants to hear of for a while.
    Shelved(AlarmId, Shelf),
    /// A device whose alarms are out of service.
    OutOfService(DeviceId, OutOfService),
}

/// How loud a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Active, and nobody took note.
    New(Level),
    /// Active, and somebody took note.
    Noted(Level),
    /// Over, and nobody took note.
    Cleared(Level),
    /// Held back.
    Held,
}

impl Line {
    /// The alarm it tells of, if it is one.
    #[must_use]
    pub const fn alarm(&self) -> Option<&Arc<Alarm>> {
        match self {
            Self::Alarm(alarm) | Self::Group { first: alarm, .. } => Some(alarm),
            Self::Shelved(..) | Self::OutOfService(..) => None,
        }
    }

    /// How loud it is.
    #[must_use]
    pub fn tone(&self) -> Tone {
        match self.alarm() {
            None => Tone::Held,
            Some(alarm) => match alarm.state {
                State::Unacknowledged => Tone::New(alarm.level),
                State::Acknowledged => Tone::Noted(alarm.level),
                State::Cleared => Tone::Cleared(alarm.level),
            },
        }
    }
}

impl Tone {
    /// How high the bar of this line is.
    #[must_use]
    pub const fn height(self) -> f32 {
        match self {
            Self::New(Level::Danger) => size::BAR_DANGER,
            Self::New(Level::Warning) => size::BAR_WARNING,
            Self::New(Level::Notice) | Self::Cleared(_) => size::BAR_NOTICE,
            Self::Noted(_) | Self::Held => size::BAR,
        }
    }
}

/// All lines: alarms, then what is shelved, then what is out of service.
#[must_use]
pub fn of(alarms: &Alarms) -> Vec<Line> {
    let urgent = alarms.by_urgency();
    let mut lines =
        if alarms.flood.is_some() { grouped(&urgent) } else { urgent.into_iter().map(Line::Alarm).collect() };
    let mut shelved: Vec<_> = alarms.shelved.iter().collect();
    shelved.sort_by_key(|(_, shelf)| shelf.until);
    lines.extend(shelved.into_iter().map(|(id, shelf)| Line::Shelved(id.clone(), shelf.clone())));
    lines.extend(alarms.out_of_service.iter().map(|(id, how)| Line::OutOfService(id.clone(), how.clone())));
    lines
}

/// One line a device, in the order of its most pressing alarm.
fn grouped(urgent: &[Arc<Alarm>]) -> Vec<Line> {
    let mut groups: Vec<Vec<Arc<Alarm>>> = Vec::new();
    for alarm in urgent {
        let known = groups.iter_mut().find(|group| group.first().is_some_and(|first| first.device == alarm.device));
        match known {
            Some(group) => group.push(Arc::clone(alarm)),
            None => groups.push(vec![Arc::clone(alarm)]),
        }
    }
    groups.into_iter().filter_map(line).collect()
}

fn line(all: Vec<Arc<Alarm>>) -> Option<Line> {
    let top = Arc::clone(all.first()?);
    if all.len() == 1 {
        return Some(Line::Alarm(top));
    }
    let equal = all.iter().filter(|alarm| alarm.state == top.state && alarm.level == top.level);
    let first = equal.min_by_key(|alarm| alarm.raised).map_or(top, Arc::clone);
    Some(Line::Group { first, all })
}

/// The level the window's border shows: the worst that nobody took note of, and whether it is only a test.
#[must_use]
pub fn border(alarms: &Alarms) -> Option<(Level, bool)> {
    let new: Vec<_> = alarms.by_urgency().into_iter().filter(|alarm| alarm.is_new()).collect();
    let level = new.iter().map(|alarm| alarm.level).max()?;
    Some((level, new.iter().filter(|alarm| alarm.level == level).all(|alarm| alarm.test)))
}
