//! Scenes by day and time.
//!
//! Invariant: a part of a day whose scene is gone is left out, and a week without any part.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::{day, parts, refer};
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::bridge::plan::{self, Here, SmartScene, TimePoint, Week};
use crate::model::lights::scene::SceneId;
use crate::model::snapshot::Snapshot;

/// The resources of a smart scene at a time; none if it is gone, or its room is.
#[must_use]
pub fn of(view: &Snapshot, thing: &Thing, ids: &Ids, now: Timestamp) -> Vec<Resource> {
    let kept = view.bridge.objects.get(&ObjectId { kind: Kind::SmartScene, id: thing.id.clone() });
    let Some(Object::SmartScene(scene)) = kept.map(|object| &**object) else { return Vec::new() };
    let Some(group) = refer::group(view, &scene.group) else { return Vec::new() };
    let scene = SmartScene { weeks: shown(view, scene), ..SmartScene::clone(scene) };
    let here = Here::new(&view.bridge.identity.zone, view.bridge.identity.place);
    let active = scene.active.then(|| holds(&scene, now, &here)).flatten();
    let members = json!({
        "metadata": {"name": parts::short(&scene.name)},
        "group": group,
        "week_timeslots": scene.weeks.iter().map(|week| of_week(view, week)).collect::<Vec<_>>(),
        "transition_duration": scene.transition_ms,
        "active_timeslot": active.map(|(slot, day)| json!({"timeslot_id": slot, "weekday": day})),
        "state": if scene.active { "active" } else { "inactive" },
    });
    vec![parts::resource("smart_scene", ids.service("smart_scene"), None, members)]
}

fn shown(view: &Snapshot, scene: &SmartScene) -> Vec<Week> {
    let there = |slot: &&(TimePoint, SceneId)| refer::scene(view, &slot.1).is_some();
    let week = |week: &Week| Week { days: week.days, slots: week.slots.iter().filter(there).cloned().collect() };
    scene.weeks.iter().map(week).filter(|week| !week.slots.is_empty()).collect()
}

fn of_week(view: &Snapshot, week: &Week) -> Value {
    let slot = |(start, scene): &(TimePoint, SceneId)| json!({"start_time": day::point(*start, "kind"), "target": refer::scene(view, scene)});
    json!({"timeslots": week.slots.iter().map(slot).collect::<Vec<_>>(), "recurrence": day::words(week.days)})
}

/// The part of a day that holds: its place in its week, and the day on which it began.
fn holds(scene: &SmartScene, now: Timestamp, here: &Here) -> Option<(usize, &'static str)> {
    let (week, slot) = plan::current(scene, now, here)?;
    let week = scene.weeks.get(week)?;
    let (start, _) = week.slots.get(slot)?;
    let today = here.shows(now).date();
    let began = today
        .series(jiff::Span::new().days(-1))
        .take(8)
        .find(|date| week.days.has(date.weekday()) && start.on(*date, here).is_some_and(|began| began <= now));
    began.map(|date| (slot, day::word(date.weekday())))
}
