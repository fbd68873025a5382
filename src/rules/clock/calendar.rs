//! What is due when: the points of all objects, whatever the clock does.
//!
//! ```text
//!          done        next
//!  ──────────┼───────────┼──────────────▶ nominal instants of one point
//!            └ nothing up to here is looked at again, but for a clock that is set back: then `fired` is
//! ```
//!
//! Invariant: a point's instant fires once at most, however the clock jumps; of several that were missed only the newest
//! does, and only within the grace.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::bridge::course::{Course, Part, Point};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::plan::Here;
use crate::rules::clock::due::GRACE;

/// Instants of a point that are remembered as fired.
const REMEMBERED: usize = 64;

/// Since when an object is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// Nothing before this fires.
    pub at: Timestamp,
    /// What it did last, as far as that is known.
    pub fired: Option<Timestamp>,
    /// Whether it is new: then its later parts wait for its first one.
    pub new: bool,
}

/// A part of an object that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Whose.
    pub id: ObjectId,
    /// Which part.
    pub part: Part,
    /// Its instant, random parts apart.
    pub instant: Timestamp,
    /// When it was due.
    pub due: Timestamp,
    /// Whether it is too late for it.
    pub too_late: bool,
    /// Instants before it that were missed.
    pub missed: u32,
    /// Whether the object did everything with it.
    pub last: bool,
}

/// The points of all objects.
#[derive(Debug)]
pub struct Calendar {
    here: Here,
    entries: BTreeMap<Arc<ObjectId>, Vec<Slot>>,
    soonest: Option<Timestamp>,
}

#[derive(Debug)]
struct Slot {
    point: Point,
    /// Up to this nominal instant everything is over.
    done: Timestamp,
    /// Nothing that is due up to then fires.
    since: Timestamp,
    /// How far instants are moved because the clock was set back under a timer.
    shift: SignedDuration,
    fired: VecDeque<Timestamp>,
    /// The next instant, and when it is due.
    next: Option<(Timestamp, Timestamp)>,
}

impl Calendar {
    /// An empty one.
    #[must_use]
    pub const fn new(here: Here) -> Self {
        Self { here, entries: BTreeMap::new(), soonest: None }
    }

    /// The clock on the wall that it goes by.
    #[must_use]
    pub const fn here(&self) -> &Here {
        &self.here
    }

    /// Puts an object's points in place of those it had; a point that stays as it was goes on.
    pub fn put(&mut self, id: &ObjectId, points: Vec<Point>, since: Since, now: Timestamp) {
        let mut before = self.entries.remove(id).unwrap_or_default();
        let mut slots = Vec::with_capacity(points.len());
        for point in points {
            let kept = before.iter().position(|slot| slot.point == point).map(|n| before.swap_remove(n));
            slots.push(kept.unwrap_or_else(|| Slot::new(id, point, since, now, &self.here)));
        }
        if !slots.is_empty() {
            self.entries.insert(Arc::new(id.clone()), slots);
        }
        self.look();
    }

    /// Forgets an object.
    pub fn remove(&mut self, id: &ObjectId) {
        if self.entries.remove(id).is_some() {
            self.look();
        }
    }

    /// The zone or the place is another one: what would have been due before now there is over.
    pub fn settle(&mut self, here: Here, now: Timestamp) {
        self.here = here;
        for (id, slot) in slots(&mut self.entries) {
            if matches!(slot.point.course, Course::Days { .. }) {
                (slot.done, slot.since) = (slot.done.max(now), slot.since.max(now));
            }
            slot.look(id, now, &self.here);
        }
        self.look();
    }

    /// The clock was set back by so much: what did not fire yet is to come again, timers run on for as long as they had.
    pub fn set_back(&mut self, by: SignedDuration, now: Timestamp) {
        for (id, slot) in slots(&mut self.entries) {
            if matches!(slot.point.course, Course::Every { .. } | Course::At(_)) {
                slot.shift = slot.shift.saturating_sub(by);
                slot.since = slot.since.checked_sub(by).unwrap_or(slot.since);
            } else {
                (slot.done, slot.since) = (slot.done.min(now), slot.since.min(now));
            }
            slot.look(id, now, &self.here);
        }
        self.look();
    }

    /// What is due by now, the earliest first.
    pub fn due(&mut self, now: Timestamp) -> Vec<Hit> {
        if self.soonest.is_none_or(|soonest| soonest > now) {
            return Vec::new();
        }
        let here = &self.here;
        let hit = |(id, slot): (&ObjectId, &mut Slot)| Some((slot.ends(), slot.hit(id, now, here)?));
        let mut hits: Vec<(bool, Hit)> = slots(&mut self.entries).filter_map(hit).collect();
        // What ends as another begins ends first.
        hits.sort_by_key(|(ends, hit)| (hit.due, !ends, hit.part));
        self.look();
        hits.into_iter().map(|(_, hit)| hit).collect()
    }

    /// When something is due next.
    #[must_use]
    pub const fn next(&self) -> Option<Timestamp> {
        self.soonest
    }

    fn look(&mut self) {
        self.soonest = self.entries.values().flatten().filter_map(|slot| slot.next).map(|(_, due)| due).min();
    }
}

fn slots(entries: &mut BTreeMap<Arc<ObjectId>, Vec<Slot>>) -> impl Iterator<Item = (&ObjectId, &mut Slot)> {
    entries.iter_mut().flat_map(|(id, slots)| slots.iter_mut().map(move |slot| (&**id, slot)))
}

impl Slot {
    fn new(id: &ObjectId, point: Point, since: Since, now: Timestamp, here: &Here) -> Self {
        let later = SignedDuration::from_secs(if since.new { point.after_first_s } else { 0 });
        let begun = since.at.checked_add(later).unwrap_or(since.at);
        // What is due earlier than its instant, by chance, is looked at too.
        let chance = SignedDuration::from_secs(point.random_s.1.into());
        let from = begun.checked_sub(chance).unwrap_or(begun);
        let done = since.fired.map_or(from, |fired| fired.max(from));
        let (shift, fired) = (SignedDuration::ZERO, VecDeque::new());
        let mut slot = Self { point, done, since: since.at, shift, fired, next: None };
        slot.look(id, now, here);
        slot
    }

    /// Finds the next instant.
    fn look(&mut self, id: &ObjectId, now: Timestamp, here: &Here) {
        if let Some(horizon) = self.point.course.horizon() {
            let chance = SignedDuration::from_secs(self.point.random_s.1.into());
            let newest = now.checked_sub(horizon + chance + self.shift).unwrap_or(Timestamp::MIN);
            let end = self.point.course.end().and_then(|end| end.checked_sub(SignedDuration::from_secs(1)).ok());
            self.done = self.done.max(end.map_or(newest, |end| end.min(newest)));
        }
        self.next = None;
        while let Some(instant) = self.point.course.next(self.done, here) {
            let due = instant.checked_add(self.point.random(id, instant)).and_then(|due| due.checked_add(self.shift));
            let due = due.unwrap_or(instant);
            if due > self.since && !self.fired.contains(&instant) {
                self.next = Some((instant, due));
                return;
            }
            self.done = instant;
        }
    }

    /// Whether it is the end of a time of day.
    const fn ends(&self) -> bool {
        matches!(self.point.course, Course::Days { then: Some(_), .. })
    }

    /// The newest instant that is due.
    fn hit(&mut self, id: &ObjectId, now: Timestamp, here: &Here) -> Option<Hit> {
        let (mut found, mut missed) = (None, 0);
        if self.next.is_some_and(|(_, due)| due <= now) {
            // Far behind: whatever is older than the newest few is skipped at once.
            self.look(id, now, here);
        }
        while let Some((instant, due)) = self.next.filter(|(_, due)| *due <= now) {
            missed += u32::from(found.is_some());
            found = Some((instant, due));
            self.done = instant;
            self.look(id, now, here);
        }
        let (instant, due) = found?;
        let too_late = now.duration_since(due) > GRACE;
        if !too_late {
            self.fired.push_back(instant);
            let old = self.fired.len().saturating_sub(REMEMBERED);
            self.fired.drain(..old);
        }
        let counted = matches!(self.point.course, Course::Once(_) | Course::Every { .. });
        let last = self.point.last || (counted && self.next.is_none());
        Some(Hit { id: id.clone(), part: self.point.part, instant, due, too_late, missed, last })
    }
}
