//! When which change is told: the first of a resource at once, what follows soon after as one.
//!
//! ```text
//!  changes  1    2 3    4              5
//!  told     1           4 (2+3+4)      5
//!           |── pace ───|── pace ──|
//! ```
//!
//! Invariant: what stands alone (new, gone, a button) is never held back, and never becomes one with another.
//! Invariant: the last value of every member is told, [`Mixer::pace`] after the one before at the latest.
//! Invariant: time is an argument and does not run backwards.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::bridge::v2::change::{Change, What};
use crate::units::moment::Moment;

/// How long changes of one resource are gathered, unless a person says otherwise.
pub const USUAL_PACE: Duration = Duration::from_millis(250);
/// How long they are gathered at most.
pub const SLOWEST_PACE: Duration = Duration::from_secs(1);

/// Members that say which resource it is: an update with nothing else says nothing.
const NAMES: [&str; 5] = ["id", "id_v1", "type", "owner", "service_id"];

/// Decides what is told when.
#[derive(Debug)]
pub struct Mixer {
    pace: Duration,
    recent: HashMap<Uuid, Recent>,
    /// When each of `recent` was told, the longest ago first; those told again since are in it twice.
    order: VecDeque<(Moment, Uuid)>,
    n_held: usize,
    out: Vec<Change>,
}

/// A resource that was told of less than a pace ago.
#[derive(Debug)]
struct Recent {
    at: Moment,
    told: Map<String, Value>,
    held: Option<Change>,
}

/// What is told at once: the changes of one moment, a resource at most once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// When the newest fact in it became true.
    pub at: Moment,
    /// Changes by what happened, in order.
    pub containers: Vec<(What, Vec<Change>)>,
}

impl Default for Mixer {
    fn default() -> Self {
        Self { pace: USUAL_PACE, recent: HashMap::new(), order: VecDeque::new(), n_held: 0, out: Vec::new() }
    }
}

impl Mixer {
    /// How long changes of one resource are gathered.
    #[must_use]
    pub const fn pace(&self) -> Duration {
        self.pace
    }

    /// Settles how long changes of one resource are gathered, at most [`SLOWEST_PACE`]; zero tells each at once.
    pub fn set_pace(&mut self, pace: Duration) {
        self.pace = pace.min(SLOWEST_PACE);
    }

    /// Forgets everything: nobody listens.
    pub fn clear(&mut self) {
        *self = Self { pace: self.pace, ..Self::default() };
    }

    /// Takes changes in, in order.
    pub fn add(&mut self, now: Moment, changes: &[Change]) {
        for change in changes {
            if change.stands_alone() {
                if change.what != What::Update {
                    self.forget(&change.id);
                }
                self.out.push(change.clone());
            } else {
                self.update(now, change);
            }
        }
    }

    /// When [`Self::take`] has something to tell that waits now; `None` if nothing waits.
    #[must_use]
    pub fn wake_at(&self) -> Option<Moment> {
        if self.n_held == 0 {
            return None;
        }
        let waits = |(at, id): &&(Moment, Uuid)| self.recent.get(id).is_some_and(|r| r.at == *at && r.held.is_some());
        self.order.iter().find(waits).map(|(at, _)| *at + self.pace)
    }

    /// What is to be told now.
    pub fn take(&mut self, now: Moment) -> Vec<Message> {
        while let Some((at, id)) = self.order.pop_front_if(|(at, _)| *at + self.pace <= now) {
            if self.recent.get(&id).is_some_and(|recent| recent.at == at)
                && let Some(held) = self.forget(&id)
            {
                self.tell(now, held);
            }
        }
        messages(std::mem::take(&mut self.out))
    }

    fn update(&mut self, now: Moment, change: &Change) {
        match self.recent.get_mut(&change.id) {
            Some(recent) if now < recent.at + self.pace => {
                self.n_held -= usize::from(recent.held.is_some());
                recent.held = after(recent.held.take(), change, &recent.told);
                self.n_held += usize::from(recent.held.is_some());
            }
            _ => {
                let held = self.forget(&change.id);
                if let Some(told) = after(held, change, &Map::new()) {
                    self.tell(now, told);
                }
            }
        }
    }

    fn tell(&mut self, now: Moment, change: Change) {
        if !self.pace.is_zero() {
            self.order.push_back((now, change.id));
            self.recent.insert(change.id, Recent { at: now, told: change.body.clone(), held: None });
        }
        self.out.push(change);
    }

    fn forget(&mut self, id: &Uuid) -> Option<Change> {
        let held = self.recent.remove(id)?.held?;
        self.n_held -= 1;
        Some(held)
    }
}

/// An update with a later one after it, without what the listeners know already; `None` if nothing is left.
fn after(before: Option<Change>, later: &Change, told: &Map<String, Value>) -> Option<Change> {
    let mut both = later.clone();
    if let Some(before) = before {
        for (member, value) in before.body {
            both.body.entry(member).or_insert(value);
        }
    }
    let is_name = |member: &str| NAMES.contains(&member);
    both.body.retain(|member, value| is_name(member) || told.get(member) != Some(value));
    both.body.keys().any(|member| !is_name(member)).then_some(both)
}

/// Changes as messages: in order, each resource at most once in a message.
fn messages(changes: Vec<Change>) -> Vec<Message> {
    let mut messages = Vec::new();
    let (mut of_one, mut named) = (Vec::new(), HashSet::new());
    for change in changes {
        if !named.insert(change.id) {
            messages.extend(message(std::mem::take(&mut of_one)));
            named.clear();
            named.insert(change.id);
        }
        of_one.push(change);
    }
    messages.extend(message(of_one));
    messages
}

/// One message of these; `None` of none.
fn message(changes: Vec<Change>) -> Option<Message> {
    let at = changes.iter().map(|change| change.at).max()?;
    let mut containers: Vec<(What, Vec<Change>)> =
        [What::Add, What::Update, What::Delete].into_iter().map(|what| (what, Vec::new())).collect();
    for change in changes {
        if let Some((_, of_kind)) = containers.iter_mut().find(|(what, _)| *what == change.what) {
            of_kind.push(change);
        }
    }
    containers.retain(|(_, changes)| !changes.is_empty());
    Some(Message { at, containers })
}
