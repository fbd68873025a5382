//! Instances of behaviour scripts.
//!
//! Invariant: an instance that nothing carries out says so in its status; what an app wrote reads back word for word.

use serde_json::{Value, json};

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::said::time;
use crate::bridge::v2::resources::{parts, refer};
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::bridge::job::{Doing, Job, Place, Press};
use crate::model::bridge::object::{Behavior, Kind, Object, ObjectId};
use crate::model::snapshot::Snapshot;

/// The resources of an instance; none if it is gone.
#[must_use]
pub fn of(view: &Snapshot, thing: &Thing, ids: &Ids) -> Vec<Resource> {
    let kept = view.bridge.objects.get(&ObjectId { kind: Kind::Behavior, id: thing.id.clone() });
    let Some(Object::Behavior(behavior)) = kept.map(|object| &**object) else { return Vec::new() };
    let named = behavior.job.as_ref().map(|job| references(view, job)).unwrap_or_default();
    let (status, error) = standing(behavior, named.iter().all(Option::is_some));
    let dependee = |target: Value| json!({"target": target, "level": "critical", "type": "ResourceDependee"});
    let members = json!({
        "script_id": behavior.script,
        "enabled": behavior.enabled,
        "configuration": serde_json::from_str::<Value>(&behavior.configuration).unwrap_or_else(|_| json!({})),
        "dependees": distinct(named.into_iter().flatten()).into_iter().map(dependee).collect::<Vec<_>>(),
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

fn distinct(all: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for one in all {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

/// What a job names; `None` for each that is gone.
fn references(view: &Snapshot, job: &Job) -> Vec<Option<Value>> {
    let places = |places: &[Place]| places.iter().map(|place| refer::place(view, place)).collect::<Vec<_>>();
    let doings = |doings: &[(Place, Doing)]| doings.iter().flat_map(|one| done(view, one)).collect::<Vec<_>>();
    match job {
        Job::WakeUp { places: at, .. } | Job::Sleep { places: at, .. } => places(at),
        Job::Schedule { doings: what, .. } | Job::Timer { doings: what, .. } | Job::Presence { doings: what, .. } => {
            doings(what)
        }
        Job::Motion { input, by_day, .. } => {
            let mut all = vec![refer::input(view, input)];
            all.extend(by_day.iter().flat_map(|(_, what)| doings(what)));
            all
        }
        Job::Switch { input, buttons } => {
            let mut all = vec![refer::input(view, input)];
            all.extend(buttons.iter().flat_map(|(_, presses)| presses).flat_map(|press| pressed(view, press)));
            all
        }
    }
}

fn done(view: &Snapshot, (place, doing): &(Place, Doing)) -> Vec<Option<Value>> {
    let mut all = vec![refer::place(view, place)];
    if let Doing::Recall(scene) = doing {
        all.push(refer::scene(view, scene));
    }
    all
}

fn pressed(view: &Snapshot, press: &Press) -> Vec<Option<Value>> {
    let (places, doings) = match press {
        Press::Short(places, doings) => (places, doings.as_slice()),
        Press::Hold(places, _) => (places, &[][..]),
        Press::Long(places, doing) => (places, std::slice::from_ref(doing)),
    };
    let scenes = doings.iter().filter_map(|doing| match doing {
        Doing::Recall(scene) => Some(refer::scene(view, scene)),
        Doing::On | Doing::Off => None,
    });
    places.iter().map(|place| refer::place(view, place)).chain(scenes).collect()
}
