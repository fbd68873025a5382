//! The engine: facts and times in, commands out.
//!
//! Invariant: it reads no clock and waits for nothing; the same facts at the same times give the same commands.
//! Invariant: what it remembers follows from the objects: an object that is gone or off leaves nothing behind.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::model::bridge::course::{self, Part};
use crate::model::bridge::job::Job;
use crate::model::bridge::object::{Kind, Object, ObjectId};
use crate::model::bridge::plan::{Here, Rule, Schedule, Status, When};
use crate::model::bridge::{self, Bridge, amend};
use crate::model::inputs::{Input, InputId};
use crate::model::lights;
use crate::model::message::{Command, Stamped, Update};
use crate::model::snapshot::Snapshot;
use crate::rules::clock::acts;
use crate::rules::clock::calendar::{Calendar, Hit, Since};
use crate::rules::clock::due::{Due, GRACE, Now, origin};
use crate::rules::clock::hands::Hands;
use crate::rules::clock::jobs;
use crate::rules::clock::sight::Sight;
use crate::rules::clock::smart::Smart;
use crate::rules::clock::verdict::{self, Rules, Verdict};

/// The clock is taken to be set back if it is so much behind.
const SET_BACK: SignedDuration = SignedDuration::from_secs(2);

/// Everything that happens by itself because of what apps keep.
#[derive(Debug)]
pub struct Engine {
    view: Arc<Snapshot>,
    now: Now,
    calendar: Calendar,
    rules: Rules,
    hands: Hands,
    smart: Smart,
    inputs: BTreeMap<InputId, Arc<Input>>,
    due: Vec<Due>,
}

impl Engine {
    /// Begins, or goes on where the program ended: what was due shortly before is done if it is known that it was not.
    #[must_use]
    pub fn new(view: Arc<Snapshot>, now: Now) -> Self {
        let mut engine = Self {
            calendar: Calendar::new(here(&view.bridge)),
            inputs: view.lights.inputs.clone(),
            view: Arc::clone(&view),
            now,
            rules: Rules::default(),
            hands: Hands::default(),
            smart: Smart::default(),
            due: Vec::new(),
        };
        for (id, object) in &view.bridge.objects {
            engine.calendar.put(id, course::points(object), since(object, None, true, now.wall), now.wall);
            match &**object {
                Object::Rule(rule) => engine.rules.put(id, rule),
                Object::SmartScene(scene) => {
                    let recall = engine.smart.resume(id, scene, &view, engine.calendar.here(), now);
                    engine.lights(id, &scene.name, recall, None);
                }
                _ => {}
            }
        }
        engine.rules.settle(&view, engine.calendar.here(), now);
        for (id, object) in &view.bridge.objects {
            if let Object::Rule(rule) = &**object {
                engine.rules.resume(id, rule.triggered, now);
            }
        }
        engine.hands.resume(&view, engine.calendar.here(), now);
        engine.on_tick(now);
        engine
    }

    /// Takes in facts, and the state after them. Facts that are known already are ignored.
    pub fn on_facts(&mut self, after: &Arc<Snapshot>, facts: &[Stamped], now: Now) {
        if after.seq <= self.view.seq {
            return;
        }
        self.on_tick(now);
        let before = std::mem::replace(&mut self.view, Arc::clone(after));
        let mut news = News::default();
        for fact in facts.iter().filter(|fact| fact.seq > before.seq) {
            news.cause = Some(fact.seq);
            match &fact.update {
                Update::Lights(update) => self.on_lights(update, &before, &mut news),
                Update::Bridge(update) => self.on_bridge(update, &before, &mut news),
                _ => {}
            }
        }
        self.finish(&before, &news);
    }

    /// Facts were missed: takes in the state as it is.
    pub fn reload(&mut self, after: &Arc<Snapshot>, now: Now) {
        self.on_tick(now);
        let before = std::mem::replace(&mut self.view, Arc::clone(after));
        self.settle();
        self.finish(&before, &News { everything: true, ..News::default() });
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

    fn on_lights(&mut self, update: &lights::Update, before: &Snapshot, news: &mut News) {
        use lights::Update as U;
        let known = &before.lights;
        match update {
            U::Input(input) => {
                news.arrived |= !known.inputs.contains_key(&input.id);
                self.on_input(input, news.cause);
            }
            U::Light(light) => {
                (news.lights, news.arrived) = (true, news.arrived || !known.lights.contains_key(&light.id));
            }
            U::Group(group) => {
                (news.lights, news.arrived) = (true, news.arrived || !known.groups.contains_key(&group.id));
            }
            U::Scene(scene) => news.arrived |= !known.scenes.contains_key(&scene.id),
            U::LightGone(_) | U::GroupGone(_) => (news.lights, news.gone) = (true, true),
            U::SceneGone(_) => news.gone = true,
            U::InputGone(id) => {
                self.inputs.remove(id);
                news.gone = true;
            }
            U::Reset(_) => news.everything = true,
            _ => {}
        }
    }

    fn on_bridge(&mut self, update: &bridge::Update, before: &Snapshot, news: &mut News) {
        match update {
            bridge::Update::Identity(_) => self.settle(),
            bridge::Update::Object(id, object) => {
                news.arrived |= !before.bridge.objects.contains_key(id);
                news.rules |= id.kind == Kind::Rule;
                self.put(id, object, before.bridge.objects.get(id).map(Arc::as_ref), news.cause);
            }
            bridge::Update::ObjectGone(id) => {
                self.remove(id);
                (news.rules, news.gone) = (true, true);
            }
            bridge::Update::Reset(_) => {
                self.settle();
                news.everything = true;
            }
            _ => {}
        }
    }

    /// What follows from all facts together.
    fn finish(&mut self, before: &Snapshot, news: &News) {
        let (view, now) = (Arc::clone(&self.view), self.now);
        if news.everything {
            self.inputs.clone_from(&view.lights.inputs);
            for id in before.bridge.objects.keys().filter(|id| !view.bridge.objects.contains_key(id)) {
                self.remove(id);
            }
            for (id, object) in &view.bridge.objects {
                let known = before.bridge.objects.get(id);
                if !known.is_some_and(|known| Arc::ptr_eq(known, object)) {
                    self.put(id, object, known.map(Arc::as_ref), news.cause);
                }
            }
        }
        if news.everything || news.rules {
            self.rules.settle(&view, self.calendar.here(), now);
        }
        if news.everything || news.lights {
            let here = self.calendar.here();
            let look = |sight: &mut Sight| {
                if news.everything { sight.all(&view, here, now) } else { sight.lights(&view, now) }
            };
            let verdicts = self.rules.on_change(look, here, now);
            self.follow(verdicts, news.cause);
        }
        if news.gone || news.arrived {
            self.mark(news);
        }
        let home = somebody_home(&view.bridge);
        if home != somebody_home(&before.bridge) {
            for (id, name, command) in Hands::on_presence(home, &view) {
                self.lights(&id, &name, Some(command), news.cause);
            }
        }
    }

    /// Something that is kept is new or changed.
    fn put(&mut self, id: &ObjectId, object: &Object, before: Option<&Object>, cause: Option<u64>) {
        let now = self.now;
        self.calendar.put(id, course::points(object), since(object, before, false, now.wall), now.wall);
        match object {
            Object::Rule(rule) => self.rules.put(id, rule),
            Object::Behavior(behavior) => {
                let same = |before: &Object| matches!(before, Object::Behavior(before) if before.job == behavior.job);
                if !behavior.enabled || !before.is_some_and(same) {
                    self.hands.remove(id);
                }
            }
            Object::SmartScene(scene) => {
                let recall = self.smart.put(id, scene, self.calendar.here(), now);
                self.lights(id, &scene.name, recall, cause);
            }
            Object::Clip(clip) => {
                let verdicts = self.rules.on_change(|sight| sight.clip(&id.id, clip, now), self.calendar.here(), now);
                self.follow(verdicts, cause);
            }
            Object::Schedule(_) | Object::Link(_) | Object::Client(_) | Object::Area(_) => {}
        }
    }

    fn remove(&mut self, id: &ObjectId) {
        self.calendar.remove(id);
        self.rules.remove(id);
        self.hands.remove(id);
        self.smart.remove(id);
    }

    fn on_input(&mut self, input: &Arc<Input>, cause: Option<u64>) {
        let now = self.now;
        let before = self.inputs.insert(input.id.clone(), Arc::clone(input));
        let here = self.calendar.here();
        let verdicts = self.rules.on_change(|sight| sight.input(input, now), here, now);
        let done = self.hands.on_input(input, before.as_deref(), &self.view, here, now);
        self.follow(verdicts, cause);
        for (id, name, command) in done {
            self.lights(&id, &name, Some(command), cause);
        }
    }

    /// The clock on the wall may be another one.
    fn settle(&mut self) {
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

    fn follow(&mut self, verdicts: impl IntoIterator<Item = Verdict>, cause: Option<u64>) {
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

    /// Rules that name something that is gone, and those whose things are all there again.
    fn mark(&mut self, news: &News) {
        let view = Arc::clone(&self.view);
        for (id, object) in &view.bridge.objects {
            let Object::Rule(rule) = &**object else { continue };
            match rule.status {
                Status::Enabled if news.gone && verdict::lacks(rule, &view) => {
                    self.put_status(id, Status::ResourceDeleted, news.cause);
                }
                Status::ResourceDeleted if news.arrived && !verdict::lacks(rule, &view) => {
                    self.put_status(id, Status::Enabled, news.cause);
                }
                _ => {}
            }
        }
    }

    fn put_status(&mut self, id: &ObjectId, status: Status, cause: Option<u64>) {
        let Some(Object::Rule(rule)) = self.view.bridge.objects.get(id).map(Arc::as_ref) else { return };
        let object = Box::new(Object::Rule(Rule { status, ..rule.clone() }));
        let command = bridge::Command::Put { id: Some(Arc::clone(&id.id)), object };
        self.due.push(Due { command: Command::Bridge(command), origin: origin(id, &rule.name), cause });
    }

    fn fired(&mut self, id: &ObjectId, name: &Arc<str>, at: Timestamp, cause: Option<u64>) {
        let command = Command::Bridge(bridge::Command::Fired { id: id.clone(), at });
        self.due.push(Due { command, origin: origin(id, name), cause });
    }

    fn lights(&mut self, id: &ObjectId, name: &Arc<str>, command: Option<lights::Command>, cause: Option<u64>) {
        let due = |command| Due { command: Command::Lights(command), origin: origin(id, name), cause };
        self.due.extend(command.map(due));
    }
}

/// What facts were about.
#[derive(Debug, Default)]
struct News {
    cause: Option<u64>,
    /// Lights or groups changed.
    lights: bool,
    /// Rules changed.
    rules: bool,
    /// Something that rules may name is new, or gone.
    arrived: bool,
    gone: bool,
    everything: bool,
}

fn here(bridge: &Bridge) -> Here {
    Here::new(&bridge.identity.zone, bridge.identity.place)
}

fn somebody_home(bridge: &Bridge) -> bool {
    bridge.objects.values().any(|object| matches!(&**object, Object::Client(client) if client.at_home == Some(true)))
}

/// Since when an object's points count. Of a schedule it is known what it did before the program began; of a behaviour
/// only that it was started by hand.
fn since(object: &Object, before: Option<&Object>, beginning: bool, now: Timestamp) -> Since {
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
