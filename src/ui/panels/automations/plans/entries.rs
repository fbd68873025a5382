//! What is listed among the schedules, each in the same words. Pure: the snapshot in, entries out.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::bridge;
use crate::model::bridge::ids::{Kind as ThingKind, Thing};
use crate::model::bridge::job::Job;
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::{Behavior, Object};
use crate::model::bridge::plan::{Here, Status};
use crate::model::bridge::points;
use crate::model::lights;
use crate::model::lights::scene::{Content, Scene, SceneId};
use crate::model::message::Command;
use crate::model::snapshot::Snapshot;
use crate::ui::plan_words::{self, Names};

/// What an entry is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Something that apps keep.
    Object(ObjectId),
    /// A scene of lights by the time of day.
    Scene(SceneId),
}

/// Under which heading it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Schedules, timers and behaviours.
    Schedules,
    /// Scenes by the time of day.
    Scenes,
    /// Rules.
    Rules,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is of.
    pub key: Key,
    /// Where it stands.
    pub part: Part,
    /// What people call it.
    pub name: Arc<str>,
    /// What it is: `schedule`, `wake up`.
    pub kind: &'static str,
    /// Whose, if that is known.
    pub owner: Option<String>,
    /// When it acts.
    pub when: String,
    /// What it does then.
    pub does: String,
    /// Whether it works.
    pub on: bool,
    /// Why it does not, although it should.
    pub trouble: Option<String>,
    /// When it acted last.
    pub fired: Option<Timestamp>,
    /// Whether the window's editor can change it.
    pub editable: bool,
}

impl Part {
    /// All of them with their headings, in order.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::Schedules, "Schedules and behaviours"),
        (Self::Scenes, "Scenes by the time of day"),
        (Self::Rules, "Rules of apps"),
    ];
}

/// Everything that acts by itself, by part and name.
#[must_use]
pub fn all(view: &Snapshot) -> Vec<Entry> {
    let kept = view.bridge.objects.iter().filter_map(|(id, object)| of_object(view, id, object));
    let scenes = view.lights.scenes.values().filter_map(|scene| of_scene(view, scene));
    let mut all: Vec<Entry> = kept.chain(scenes).collect();
    all.sort_by_cached_key(|entry| (entry.part, entry.name.to_lowercase()));
    all
}

fn of_object(view: &Snapshot, id: &ObjectId, object: &Object) -> Option<Entry> {
    let names = Names(view);
    let entry = |kind: &'static str, when: String, does: String| Entry {
        key: Key::Object(id.clone()),
        part: Part::Schedules,
        name: Arc::clone(object.name()),
        kind,
        owner: None,
        when,
        does,
        on: false,
        trouble: None,
        fired: None,
        editable: false,
    };
    Some(match object {
        Object::Rule(rule) => Entry {
            part: Part::Rules,
            owner: names.owner(rule.owner.as_ref()),
            on: rule.status == Status::Enabled,
            trouble: plan_words::trouble(rule.status).map(str::to_owned),
            fired: rule.triggered,
            ..entry("rule", names.conditions(&rule.conditions), names.acts(&rule.acts))
        },
        Object::Schedule(schedule) => Entry {
            owner: names.owner(schedule.owner.as_ref()),
            on: schedule.enabled,
            fired: schedule.fired,
            ..entry(
                "schedule",
                plan_words::when(&schedule.when, schedule.random_s, schedule.written.1),
                names.acts(&schedule.acts),
            )
        },
        Object::Behavior(behavior) => {
            let unknown = || ("Unknown".to_owned(), "Nothing here can do this".to_owned());
            let (when, does) = behavior.job.as_ref().map_or_else(unknown, |job| names.job(job));
            let thing = Thing::new(ThingKind::Object(Kind::Behavior), Arc::clone(&id.id));
            Entry {
                owner: names.owner(view.bridge.extra(&thing).and_then(|extra| extra.owner.as_ref())),
                on: behavior.enabled,
                trouble: behavior.job.is_none().then(|| "An app wrote it in a way that is not known here".to_owned()),
                fired: behavior.started,
                editable: matches!(behavior.job, Some(Job::Schedule { .. })),
                ..entry(kind(behavior), when, does)
            }
        }
        Object::SmartScene(scene) => Entry {
            part: Part::Scenes,
            on: scene.active,
            ..entry("smart scene", names.weeks(scene), format!("In {}", names.group(&scene.group)))
        },
        Object::Clip(_) | Object::Link(_) | Object::Client(_) | Object::Area(_) => return None,
    })
}

const fn kind(behavior: &Behavior) -> &'static str {
    match &behavior.job {
        Some(Job::WakeUp { .. }) => "wake up",
        Some(Job::Sleep { .. }) => "go to sleep",
        Some(Job::Schedule { .. }) => "schedule",
        Some(Job::Timer { .. }) => "timer",
        Some(Job::Motion { .. }) => "motion",
        Some(Job::Switch { .. }) => "switch",
        Some(Job::Presence { .. }) => "coming and leaving",
        None => "behaviour",
    }
}

fn of_scene(view: &Snapshot, scene: &Scene) -> Option<Entry> {
    let Content::OfDay(slots) = &scene.content else { return None };
    let names = Names(view);
    Some(Entry {
        key: Key::Scene(scene.id.clone()),
        part: Part::Scenes,
        name: Arc::clone(&scene.name),
        kind: "scene of lights",
        owner: None,
        when: format!("Every day {}", names.slots(slots)),
        does: format!("In {}", names.place(&scene.group)),
        on: scene.active,
        trouble: None,
        fired: None,
        editable: false,
    })
}

/// What turns an entry on or off.
#[must_use]
pub fn turn(key: &Key, on: bool) -> Command {
    match key {
        Key::Object(id) => Command::Bridge(bridge::Command::Enable { id: id.clone(), on }),
        Key::Scene(scene) if on => {
            Command::Lights(lights::Command::Recall { scene: scene.clone(), transition_ms: None })
        }
        Key::Scene(scene) => Command::Lights(lights::Command::StopScene(scene.clone())),
    }
}

/// When it acts next, if it does so by the clock and works.
#[must_use]
pub fn next(view: &Snapshot, key: &Key, now: Timestamp, here: &Here) -> Option<Timestamp> {
    match key {
        Key::Object(id) => points::next(id, view.bridge.objects.get(id)?, now, here),
        Key::Scene(_) => None,
    }
}

/// What removes an entry.
#[must_use]
pub fn remove(key: &Key) -> Command {
    match key {
        Key::Object(id) => Command::Bridge(bridge::Command::Remove(id.clone())),
        Key::Scene(id) => Command::Lights(lights::Command::RemoveScene(id.clone())),
    }
}
