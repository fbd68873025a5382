//! What rules, schedules and behaviours do, as commands.

use crate::model::bridge;
use crate::model::bridge::job::{Doing, Place};
use crate::model::bridge::plan::Act;
use crate::model::lights::scene::SceneId;
use crate::model::lights::state::Change;
use crate::model::lights::{self, Aim};
use crate::model::message::Command;
use crate::model::snapshot::Snapshot;

/// The longest change that a light makes, ms.
const MAX_TRANSITION_MS: u32 = 3_600_000;

/// The command of an act.
#[must_use]
pub fn command(act: &Act) -> Command {
    match act {
        Act::Lights(command) => Command::Lights(command.clone()),
        Act::Write(id, state) => Command::Bridge(bridge::Command::Write { id: id.clone(), state: state.clone() }),
        Act::Enable(id, on) => Command::Bridge(bridge::Command::Enable { id: id.clone(), on: *on }),
        Act::Remove(id) => Command::Bridge(bridge::Command::Remove(id.clone())),
    }
}

/// What ends an act at the end of an interval; `None` if nothing does.
#[must_use]
pub fn reverse(act: &Act, view: &Snapshot) -> Option<Act> {
    match act {
        Act::Lights(lights::Command::Set { aims, change }) => {
            let on = !change.on.unwrap_or(true);
            Some(Act::Lights(switch(aims.clone(), on, change.transition_ms)))
        }
        Act::Lights(lights::Command::Recall { scene, transition_ms }) => {
            let group = view.lights.scenes.get(scene)?.group.clone();
            Some(Act::Lights(switch(vec![aim(&group)], false, *transition_ms)))
        }
        Act::Enable(id, on) => Some(Act::Enable(id.clone(), !on)),
        Act::Write(id, state) => {
            let mut state: serde_json::Map<String, serde_json::Value> = serde_json::from_str(state).ok()?;
            state.retain(|_, value| value.is_boolean());
            state.values_mut().for_each(|value| *value = (*value != serde_json::Value::Bool(true)).into());
            (!state.is_empty()).then(|| Act::Write(id.clone(), serde_json::Value::Object(state).to_string().into()))
        }
        Act::Lights(_) | Act::Remove(_) => None,
    }
}

/// The commands of doings.
pub fn doings(doings: &[(Place, Doing)], transition_ms: Option<u32>) -> impl Iterator<Item = lights::Command> {
    doings.iter().map(move |(place, doing)| match doing {
        Doing::On => switch(vec![aim(place)], true, transition_ms),
        Doing::Off => switch(vec![aim(place)], false, transition_ms),
        Doing::Recall(scene) => recall(scene.clone(), transition_ms),
    })
}

/// What turns the places of doings off; nothing if there are none.
pub fn off(doings: &[(Place, Doing)], transition_ms: Option<u32>) -> Option<lights::Command> {
    let mut aims: Vec<Aim> = doings.iter().map(|(place, _)| aim(place)).collect();
    aims.sort();
    aims.dedup();
    (!aims.is_empty()).then(|| switch(aims, false, transition_ms))
}

/// Turns lights on or off.
#[must_use]
pub fn switch(aims: Vec<Aim>, on: bool, transition_ms: Option<u32>) -> lights::Command {
    let transition_ms = transition_ms.map(|ms| ms.min(MAX_TRANSITION_MS));
    lights::Command::Set { aims, change: Change { on: Some(on), transition_ms, ..Change::default() } }
}

/// Recalls a scene.
#[must_use]
pub fn recall(scene: SceneId, transition_ms: Option<u32>) -> lights::Command {
    lights::Command::Recall { scene, transition_ms: transition_ms.map(|ms| ms.min(MAX_TRANSITION_MS)) }
}

/// The lights of a place.
#[must_use]
pub fn aim(place: &Place) -> Aim {
    place.clone().map_or(Aim::All, Aim::Group)
}

/// Whether an act is about something that is not there.
#[must_use]
pub fn lacks(act: &Act, view: &Snapshot) -> bool {
    match act {
        Act::Lights(lights::Command::Set { aims, .. } | lights::Command::Step { aims, .. }) => {
            aims.iter().any(|aim| match aim {
                Aim::Light(id) => !view.lights.lights.contains_key(id),
                Aim::Group(id) => !view.lights.groups.contains_key(id),
                Aim::All => false,
            })
        }
        Act::Lights(lights::Command::Recall { scene, .. }) => !view.lights.scenes.contains_key(scene),
        Act::Write(id, _) | Act::Enable(id, _) => !view.bridge.objects.contains_key(id),
        Act::Lights(_) | Act::Remove(_) => false,
    }
}
