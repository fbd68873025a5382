//! Rules of apps: when their conditions hold, and what happens if one triggers itself.
//!
//! ```text
//!  a subject changes ──┬──▶ dx, and all that is asked of values and times ──▶ triggers
//!                      └──▶ ddx, stable: looked at again later, unless it changes before
//! ```
//!
//! Invariant: a rule is looked at when something that it names changed, or a time of it came; never for nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Time;

use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::plan::{Act, Condition, Days, Here, Operator, Rule, Status, Subject};
use crate::model::snapshot::Snapshot;
use crate::rules::clock::acts;
use crate::rules::clock::due::{GRACE, Now, seconds};
use crate::rules::clock::sight::Sight;
use crate::units::moment::Moment;

/// A rule that triggers more often than this within [`LOOP_S`] runs in a circle.
const LOOP_TIMES: usize = 10;
/// Seconds.
const LOOP_S: u32 = 5;

/// What comes of looking at a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It triggers: what it does.
    Triggers(ObjectId, Arc<str>, Arc<[Act]>),
    /// It triggered itself again and again, and is out.
    Loops(ObjectId),
}

/// Why a rule is looked at.
#[derive(Clone, Copy, Debug)]
enum Because<'a> {
    /// Something changed.
    Changed(&'a Subject),
    /// The time of the condition of this number came.
    Ripe(usize),
    /// The clock came into a time.
    Clock,
}

/// The rules that work.
#[derive(Debug, Default)]
pub struct Rules {
    known: BTreeMap<ObjectId, Known>,
    sight: Sight,
    /// Those that ran in a circle, until somebody turns them on again.
    out: BTreeSet<ObjectId>,
    /// When conditions that wait are looked at.
    ripe: BTreeMap<(ObjectId, usize), Moment>,
}

#[derive(Debug)]
struct Known {
    name: Arc<str>,
    conditions: Vec<Condition>,
    acts: Arc<[Act]>,
    triggered: VecDeque<Moment>,
}

impl Rules {
    /// Takes a rule in, or forgets it if it does not work. What it waits for stays as long as its conditions do.
    pub fn put(&mut self, id: &ObjectId, rule: &Rule) {
        let before = self.known.remove(id);
        let same = before.as_ref().is_some_and(|known| known.conditions == rule.conditions);
        if !same || rule.status != Status::Enabled {
            self.ripe.retain(|(waits, _), _| waits != id);
        }
        if rule.status != Status::Enabled {
            self.out.remove(id);
        } else if !self.out.contains(id) {
            let triggered = before.map(|known| known.triggered).unwrap_or_default();
            let (name, conditions) = (Arc::clone(&rule.name), rule.conditions.clone());
            let acts = rule.acts.clone().into();
            self.known.insert(id.clone(), Known { name, conditions, acts, triggered });
        }
    }

    /// Forgets a rule.
    pub fn remove(&mut self, id: &ObjectId) {
        self.known.remove(id);
        self.out.remove(id);
        self.ripe.retain(|(waits, _), _| waits != id);
    }

    /// Looks at what the rules name, and at nothing else. To be called after rules were put or removed.
    pub fn settle(&mut self, view: &Snapshot, here: &Here, now: Now) {
        let conditions = self.known.values().flat_map(|known| &known.conditions);
        let named: BTreeSet<Subject> = conditions.map(|condition| condition.subject.clone()).collect();
        self.sight.settle(named.into_iter(), view, here, now);
        for (id, known) in &self.known {
            for (n, condition) in known.conditions.iter().enumerate() {
                let Operator::Stable(s) = condition.operator else { continue };
                let since = self.sight.of(&condition.subject).map_or(now.moment, |seen| seen.changed);
                let ripe = since + seconds(s);
                if ripe > now.moment {
                    self.ripe.entry((id.clone(), n)).or_insert(ripe);
                }
            }
        }
    }

    /// Goes on with what a rule waited for when the program ended: it changed before, and was not done yet.
    pub fn resume(&mut self, id: &ObjectId, triggered: Option<Timestamp>, now: Now) {
        for (n, condition) in self.known.get(id).into_iter().flat_map(|known| known.conditions.iter().enumerate()) {
            let Operator::ChangedAgo(s) = condition.operator else { continue };
            let said = self.sight.of(&condition.subject).and_then(|seen| seen.said);
            let Some(due) = said.and_then(|said| said.checked_add(seconds(s)).ok()) else { continue };
            if now.wall.duration_since(due) <= GRACE && triggered.is_none_or(|at| at < due) {
                self.ripe.insert((id.clone(), n), now.moment_of(due));
            }
        }
    }

    /// Lets `look` say what changed, and looks at the rules that name it.
    pub fn on_change(&mut self, look: impl FnOnce(&mut Sight) -> Vec<Subject>, here: &Here, now: Now) -> Vec<Verdict> {
        if self.known.is_empty() {
            return Vec::new();
        }
        let mut verdicts = Vec::new();
        for subject in look(&mut self.sight) {
            let mut named = Vec::new();
            for (id, known) in &self.known {
                let own = known.conditions.iter().enumerate().filter(|(_, condition)| condition.subject == subject);
                for (n, condition) in own {
                    if named.last() != Some(id) {
                        named.push(id.clone());
                    }
                    if let Operator::ChangedAgo(s) | Operator::Stable(s) = condition.operator {
                        self.ripe.insert((id.clone(), n), now.moment + seconds(s));
                    }
                }
            }
            verdicts.extend(named.iter().filter_map(|id| self.judge(id, Because::Changed(&subject), here, now)));
        }
        verdicts
    }

    /// The clock came into a time that this rule names.
    pub fn on_clock(&mut self, id: &ObjectId, here: &Here, now: Now) -> Option<Verdict> {
        self.judge(id, Because::Clock, here, now)
    }

    /// Looks at what waited long enough.
    pub fn on_tick(&mut self, here: &Here, now: Now) -> Vec<Verdict> {
        let due: Vec<_> = self.ripe.iter().filter(|(_, at)| **at <= now.moment).map(|(key, _)| key.clone()).collect();
        due.iter()
            .filter_map(|key| {
                self.ripe.remove(key);
                self.judge(&key.0, Because::Ripe(key.1), here, now)
            })
            .collect()
    }

    /// When something will have waited long enough.
    #[must_use]
    pub fn next(&self) -> Option<Moment> {
        self.ripe.values().min().copied()
    }

    fn judge(&mut self, id: &ObjectId, because: Because<'_>, here: &Here, now: Now) -> Option<Verdict> {
        let known = self.known.get_mut(id)?;
        let mut conditions = known.conditions.iter().enumerate();
        if !conditions.all(|(n, condition)| holds(n, condition, because, &self.sight, here, now)) {
            return None;
        }
        known.triggered.push_back(now.moment);
        while known.triggered.front().is_some_and(|at| now.moment.since(*at) > seconds(LOOP_S)) {
            known.triggered.pop_front();
        }
        if known.triggered.len() > LOOP_TIMES {
            self.remove(id);
            self.out.insert(id.clone());
            return Some(Verdict::Loops(id.clone()));
        }
        Some(Verdict::Triggers(id.clone(), Arc::clone(&known.name), Arc::clone(&known.acts)))
    }
}

fn holds(n: usize, condition: &Condition, because: Because<'_>, sight: &Sight, here: &Here, now: Now) -> bool {
    let seen = sight.of(&condition.subject);
    let value = seen.and_then(|seen| seen.value);
    let quiet = seen.map(|seen| now.moment.since(seen.changed));
    match condition.operator {
        Operator::Equal(other) => value == Some(other),
        Operator::Greater(other) => value.is_some_and(|value| value > other),
        Operator::Less(other) => value.is_some_and(|value| value < other),
        Operator::Changed => matches!(because, Because::Changed(subject) if *subject == condition.subject),
        Operator::ChangedAgo(_) => matches!(because, Because::Ripe(ripe) if ripe == n),
        Operator::Stable(s) => quiet.is_some_and(|quiet| quiet >= seconds(s)),
        Operator::NotStable(s) => quiet.is_some_and(|quiet| quiet < seconds(s)),
        Operator::Within(days, begin, end) => is_within(days, begin, end, here, now.wall),
        Operator::Outside(days, begin, end) => !is_within(days, begin, end, here, now.wall),
    }
}

/// Whether the clock is between two times; over midnight it counts as the day on which it began.
fn is_within(days: Days, begin: Time, end: Time, here: &Here, at: Timestamp) -> bool {
    let shown = here.shows(at);
    let (time, today) = (shown.time(), days.has(shown.date().weekday()));
    if begin < end {
        return today && (begin..end).contains(&time);
    }
    let yesterday = shown.date().yesterday().is_ok_and(|date| days.has(date.weekday()));
    (today && time >= begin) || (yesterday && time < end)
}

/// Whether a rule names something that is not there.
#[must_use]
pub fn lacks(rule: &Rule, view: &Snapshot) -> bool {
    let gone = |condition: &Condition| match &condition.subject {
        Subject::Input(id, _) => !view.lights.inputs.contains_key(id),
        Subject::Clip(id, _) => !view.bridge.objects.contains_key(id),
        Subject::Light(id, _) => !view.lights.lights.contains_key(id),
        Subject::Group(Some(id), _) => !view.lights.groups.contains_key(id),
        Subject::Group(None, _) | Subject::Daylight | Subject::Clock => false,
    };
    rule.conditions.iter().any(gone) || rule.acts.iter().any(|act| acts::lacks(act, view))
}
