//! Instances of behaviour scripts.
//!
//! Invariant: an instance that nothing carries out says so in its status; what an app wrote reads back word for word.

use serde_json::{Value, json};

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::said::time;
use crate::bridge::v2::resources::{parts, refer};
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::bridge::job::{Doing, Job, Place, Press};
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::{Behavior, Object};
use crate::model::lights::scene::SceneId;
use crate::model::snapshot::Snapshot;

/// The resources of an instance; none if it is gone.
#[must_use]
pub fn of(view: &Snapshot, thing: &Thing, ids: &Ids) -> Vec<Resource> {
    let kept = view.bridge.objects.get(&ObjectId { kind: Kind::Behavior, id: thing.id.clone() });
    let Some(Object::Behavior(behavior)) = kept.map(|object| &**object) else { return Vec::new() };
    let named = behavior.job.as_ref().map(|job| references(view, job)).unwrap_or_default();
    let (status, error) = standing(behavior, !named.contains(&Named::Gone));
    let dependee = |target: Value| json!({"target": target, "level": "critical", "type": "ResourceDependee"});
    let members = json!({
        "script_id": behavior.script,
        "enabled": behavior.enabled,
        "configuration": serde_json::from_str::<Value>(&behavior.configuration).unwrap_or_else(|_| json!({})),
        "dependees": distinct(named).into_iter().map(dependee).collect::<Vec<_>>(),
        "status": status,
        "last_error": error,
        "metadata": {"name": parts::short(&behavior.name)},
        "state": behavior.started.map(|at| json!({"start_time": time(at)})),
    });
    vec![parts::resource("behavior_instance", ids.service("behavior_instance"), None, members)]
}

/// How an instance fares, and what is wrong with it.
const fn standing(behavior: &Behavior, all_there: bool) -> (&'static str, &'static str) {
    match (behavior.enabled, &behavior.job) {
        (_, None) => ("errored", "This configuration is kept, but not carried out."),
        (_, Some(_)) if !all_there => ("errored", "A room, scene or device that it names is gone."),
        (false, Some(_)) => ("disabled", ""),
        (true, Some(_)) => ("running", ""),
    }
}

/// Something that a job names.
#[derive(PartialEq)]
enum Named {
    /// A resource.
    Shown(Value),
    /// It is there, but apps do not see it: a scene of the whole home.
    Hidden,
    /// It is gone.
    Gone,
}

impl Named {
    fn of(reference: Option<Value>) -> Self {
        reference.map_or(Self::Gone, Self::Shown)
    }

    fn scene(view: &Snapshot, id: &SceneId) -> Self {
        match refer::scene(view, id) {
            Some(reference) => Self::Shown(reference),
            None if view.lights.scenes.contains_key(id) => Self::Hidden,
            None => Self::Gone,
        }
    }
}

/// References to what is shown, each once.
fn distinct(all: Vec<Named>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for named in all {
        match named {
            Named::Shown(reference) if !kept.contains(&reference) => kept.push(reference),
            Named::Shown(_) | Named::Hidden | Named::Gone => {}
        }
    }
    kept
}

/// What a job names.
fn references(view: &Snapshot, job: &Job) -> Vec<Named> {
    let places = |places: &[Place]| places.iter().map(|at| place(view, at)).collect::<Vec<_>>();
    let doings = |doings: &[(Place, Doing)]| doings.iter().flat_map(|one| done(view, one)).collect::<Vec<_>>();
    match job {
        Job::WakeUp { places: at, .. } | Job::Sleep { places: at, .. } => places(at),
        Job::Schedule { doings: what, .. } | Job::Timer { doings: what, .. } | Job::Presence { doings: what, .. } => {
            doings(what)
        }
        Job::Motion { input, by_day, .. } => {
            let mut all = vec![Named::of(refer::input(view, input))];
            all.extend(by_day.iter().flat_map(|(_, what)| doings(what)));
            all
        }
        Job::Switch { input, buttons } => {
            let mut all = vec![Named::of(refer::input(view, input))];
            all.extend(buttons.iter().flat_map(|(_, presses)| presses).flat_map(|press| pressed(view, press)));
            all
        }
    }
}

fn place(view: &Snapshot, place: &Place) -> Named {
    Named::of(refer::place(view, place))
}

fn done(view: &Snapshot, (at, doing): &(Place, Doing)) -> Vec<Named> {
    let mut all = vec![place(view, at)];
    if let Doing::Recall(scene) = doing {
        all.push(Named::scene(view, scene));
    }
    all
}

fn pressed(view: &Snapshot, press: &Press) -> Vec<Named> {
    let (places, doings) = match press {
        Press::Short(places, doings) => (places, doings.as_slice()),
        Press::Hold(places, _) => (places, &[][..]),
        Press::Long(places, doing) => (places, std::slice::from_ref(doing)),
    };
    let scenes = doings.iter().filter_map(|doing| match doing {
        Doing::Recall(scene) => Some(Named::scene(view, scene)),
        Doing::On | Doing::Off => None,
    });
    places.iter().map(|at| place(view, at)).chain(scenes).collect()
}
