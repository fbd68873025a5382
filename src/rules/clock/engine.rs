//! The engine: facts and times in, commands out.
//!
//! Invariant: it reads no clock and waits for nothing; the same facts at the same times give the same commands.
//! Invariant: what it remembers follows from the objects: an object that is gone or off leaves nothing behind.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::bridge::course::Part;
use crate::model::bridge::job::Job;
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::bridge::plan::{Here, Rule, Schedule, Status, When};
use crate::model::bridge::{self, Bridge, amend, points};
use crate::model::inputs::{Input, InputId};
use crate::model::lights;
use crate::model::message::Command;
use crate::model::snapshot::Snapshot;
use crate::rules::clock::acts;
use crate::rules::clock::calendar::{Calendar, Hit, Since};
use crate::rules::clock::due::{Due, GRACE, Now, origin};
use crate::rules::clock::hands::Hands;
use crate::rules::clock::jobs;
use crate::rules::clock::smart::Smart;
use crate::rules::clock::verdict::{Rules, Verdict};

/// The clock is taken to be set back if it is so much behind.
const SET_BACK: SignedDuration = SignedDuration::from_secs(2);

/// Everything that happens by itself because of what apps keep.
#[derive(Debug)]
pub struct Engine {
    pub(super) view: Arc<Snapshot>,
    pub(super) now: Now,
    pub(super) calendar: Calendar,
    pub(super) rules: Rules,
    pub(super) hands: Hands,
    pub(super) smart: Smart,
    pub(super) inputs: BTreeMap<InputId, Arc<Input>>,
    pub(super) due: Vec<Due>,
}

impl Engine {
    /// Begins, or goes on where the program ended: what was due shortly before is done if it is known that it was not.
    #[must_use]
    pub fn new(view: &Arc<Snapshot>, now: Now) -> Self {
        let mut engine = Self {
            calendar: Calendar::new(here(&view.bridge)),
            inputs: view.lights.inputs.clone(),
            view: Arc::clone(view),
            now,
            rules: Rules::default(),
            hands: Hands::default(),
            smart: Smart::default(),
            due: Vec::new(),
        };
        for (id, object) in &view.bridge.objects {
            engine.calendar.put(id, points::of(object), since(object, None, true, now.wall), now.wall);
            match &**object {
                Object::Rule(rule) => engine.rules.put(id, rule),
                Object::SmartScene(scene) => {
                    let recall = engine.smart.resume(id, scene, view, engine.calendar.here(), now);
                    engine.lights(id, &scene.name, recall, None);
                }
                _ => {}
            }
        }
        engine.rules.settle(view, engine.calendar.here(), now);
        for (id, object) in &view.bridge.objects {
            if let Object::Rule(rule) = &**object {
                engine.rules.resume(id, rule.triggered, now);
            }
        }
        engine.hands.resume(view, engine.calendar.here(), now);
        engine.on_tick(now);
        engine
    }

    /// Does what is due.
    pub fn on_tick(&mut self, now: Now) {
        let jumped = now.jumped_since(self.now);
        self.now = now;
        if jumped < -SET_BACK {
            self.calendar.set_back(-jumped, now.wall);
        }
        let verdicts = {
            let here = self.calendar.here();
            self.rules.on_change(|sight| sight.daylight(here, now), here, now)
        };
        self.follow(verdicts, None);
        for hit in self.calendar.due(now.wall) {
            self.on_hit(&hit);
        }
        let verdicts = self.rules.on_tick(self.calendar.here(), now);
        self.follow(verdicts, None);
        for (id, name, command) in self.hands.on_tick(&self.view, now) {
            self.lights(&id, &name, Some(command), None);
        }
    }

    /// When to come again if nothing happens before, by the wall clock as it is set now.
    #[must_use]
    pub fn wake_at(&self) -> Option<Timestamp> {
        let moments = [self.rules.next(), self.hands.next()].into_iter().flatten();
        moments.map(|moment| self.now.wall_at(moment)).chain(self.calendar.next()).min()
    }

    /// The commands that became due, in order.
    pub fn take(&mut self) -> Vec<Due> {
        std::mem::take(&mut self.due)
    }

    /// The clock on the wall may be another one.
    pub(super) fn settle(&mut self) {
        let here = here(&self.view.bridge);
        if here != *self.calendar.here() {
            self.calendar.settle(here, self.now.wall);
        }
    }

    fn on_hit(&mut self, hit: &Hit) {
        let Some(object) = self.view.bridge.objects.get(&hit.id).cloned() else { return };
        let name = object.name();
        if hit.part == Part::Look {
            return self.on_look(&hit.id, &object, hit.too_late);
        }
        if hit.too_late || hit.missed > 0 {
            let missed = hit.missed + u32::from(hit.too_late);
            tracing::warn!(%name, due = %hit.due, missed, "too late for what was due while time stood still or jumped");
        }
        if !hit.too_late {
            for command in jobs::commands(&object, hit, &self.view, self.now.wall) {
                self.due.push(Due { command, origin: origin(&hit.id, name), cause: None });
            }
        }
        // What skipped one of many times has nothing to note; what has no more of them is over.
        let changes = amend::fired(&object, hit.instant).as_ref() != Some(&*object);
        if changes && (hit.last || (hit.id.kind == Kind::Schedule && !hit.too_late)) {
            self.fired(&hit.id, name, hit.instant, None);
        }
    }

    fn on_look(&mut self, id: &ObjectId, object: &Object, too_late: bool) {
        let (here, now) = (self.calendar.here(), self.now);
        match object {
            Object::Rule(_) => {
                let verdict = self.rules.on_clock(id, here, now);
                self.follow(verdict, None);
            }
            Object::SmartScene(scene) => {
                let recall = self.smart.on_slot(id, scene, too_late, here, now);
                self.lights(id, &scene.name, recall, None);
            }
            _ => {}
        }
    }

    pub(super) fn follow(&mut self, verdicts: impl IntoIterator<Item = Verdict>, cause: Option<u64>) {
        for verdict in verdicts {
            match verdict {
                Verdict::Triggers(id, name, acts) => {
                    let origin = origin(&id, &name);
                    let due = |act| Due { command: acts::command(act), origin: origin.clone(), cause };
                    self.due.extend(acts.iter().map(due));
                    self.fired(&id, &name, self.now.wall, cause);
                }
                Verdict::Loops(id) => {
                    self.calendar.remove(&id);
                    self.put_status(&id, Status::LoopsDetected, cause);
                }
            }
        }
    }

    pub(super) fn put_status(&mut self, id: &ObjectId, status: Status, cause: Option<u64>) {
        let Some(Object::Rule(rule)) = self.view.bridge.objects.get(id).map(Arc::as_ref) else { return };
        let object = Box::new(Object::Rule(Rule { status, ..rule.clone() }));
        let command = bridge::Command::Put { id: Some(Arc::clone(&id.id)), object };
        self.due.push(Due { command: Command::Bridge(command), origin: origin(id, &rule.name), cause });
    }

    fn fired(&mut self, id: &ObjectId, name: &Arc<str>, at: Timestamp, cause: Option<u64>) {
        let command = Command::Bridge(bridge::Command::Fired { id: id.clone(), at });
        self.due.push(Due { command, origin: origin(id, name), cause });
    }

    pub(super) fn lights(
        &mut self,
        id: &ObjectId,
        name: &Arc<str>,
        command: Option<lights::Command>,
        cause: Option<u64>,
    ) {
        let due = |command| Due { command: Command::Lights(command), origin: origin(id, name), cause };
        self.due.extend(command.map(due));
    }
}

fn here(bridge: &Bridge) -> Here {
    Here::new(&bridge.identity.zone, bridge.identity.place)
}

/// Since when an object's points count. Of a schedule it is known what it did before the program began; of a behaviour
/// only that it was started by hand.
pub(super) fn since(object: &Object, before: Option<&Object>, beginning: bool, now: Timestamp) -> Since {
    let shortly = now.checked_sub(GRACE).unwrap_or(now);
    let (at, fired) = match object {
        Object::Schedule(Schedule { when: When::Timer { .. }, started, created, fired, .. }) => {
            (started.unwrap_or(*created), *fired)
        }
        Object::Schedule(schedule) if beginning => match schedule.when {
            When::Once(_) => (schedule.created, schedule.fired),
            _ => (schedule.created.max(shortly), schedule.fired),
        },
        Object::Behavior(behavior) => {
            let timer = matches!(behavior.job, Some(Job::Timer { .. }));
            let known = matches!(before, Some(Object::Behavior(before)) if before.started == behavior.started);
            let hand = behavior.started.filter(|_| timer || !(beginning || known));
            let hand = hand.and_then(|hand| hand.checked_sub(SignedDuration::from_nanos(1)).ok());
            (hand.map_or(now, |hand| hand.min(now)), None)
        }
        _ => (now, None),
    };
    Since { at, fired, new: !beginning }
}
