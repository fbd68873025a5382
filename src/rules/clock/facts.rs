//! What follows from facts: rules that look at them, hands that act on them, objects that come and go.

use std::sync::Arc;

use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::bridge::plan::Status;
use crate::model::bridge::{self, Bridge, points};
use crate::model::inputs::Input;
use crate::model::lights;
use crate::model::message::{Stamped, Update};
use crate::model::snapshot::Snapshot;
use crate::rules::clock::due::Now;
use crate::rules::clock::engine::{Engine, since};
use crate::rules::clock::hands::Hands;
use crate::rules::clock::sight::Sight;
use crate::rules::clock::verdict;

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

impl Engine {
    /// Takes in facts, and the state after them. Facts that are known already are ignored.
    pub fn on_facts(&mut self, after: &Arc<Snapshot>, facts: &[Stamped], now: Now) {
        if after.seq <= self.view.seq {
            return;
        }
        if self.view.seq == 0 {
            return self.begin(after, now);
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
        if self.view.seq == 0 {
            return self.begin(after, now);
        }
        self.on_tick(now);
        let before = std::mem::replace(&mut self.view, Arc::clone(after));
        self.settle();
        self.finish(&before, &News { everything: true, ..News::default() });
    }

    /// What was true before the program began comes as its first facts: it begins with them.
    fn begin(&mut self, view: &Arc<Snapshot>, now: Now) {
        let due = self.take();
        *self = Self::new(view, now);
        self.due.splice(0..0, due);
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
        self.calendar.put(id, points::of(object), since(object, before, false, now.wall), now.wall);
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
        let heard = before.as_ref().is_none_or(|before| before.said != input.said);
        let here = self.calendar.here();
        let verdicts = self.rules.on_change(|sight| sight.input(input, heard, now), here, now);
        let done = self.hands.on_input(input, before.as_deref(), &self.view, here, now);
        self.follow(verdicts, cause);
        for (id, name, command) in done {
            self.lights(&id, &name, Some(command), cause);
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
}

fn somebody_home(bridge: &Bridge) -> bool {
    bridge.objects.values().any(|object| matches!(&**object, Object::Client(client) if client.at_home == Some(true)))
}
