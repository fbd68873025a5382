//! Scenes recalled for a group: only those of their lights that are in it.

use std::collections::BTreeSet;

use crate::model::lights::scene::{Content, Scene};
use crate::model::lights::state::Change;
use crate::model::lights::{Aim, Command, LightId};

/// Recalls all of a scene.
#[must_use]
pub fn everywhere(scene: &Scene, transition_ms: Option<u32>) -> Option<Vec<Command>> {
    Some(vec![Command::Recall { scene: scene.id.clone(), transition_ms }])
}

/// Recalls what a scene has for these lights. `None` if that cannot be told apart from the rest: it moves, or follows the
/// day.
#[must_use]
pub fn within(scene: &Scene, lights: &BTreeSet<LightId>, transition_ms: Option<u32>) -> Option<Vec<Command>> {
    let Content::Still(states) = &scene.content else { return None };
    if states.keys().all(|light| lights.contains(light)) {
        return everywhere(scene, transition_ms);
    }
    let mut spread: Vec<(Change, Vec<Aim>)> = Vec::new();
    for (light, change) in states.iter().filter(|(light, _)| lights.contains(light)) {
        let transition_ms = transition_ms.or(change.transition_ms).or(Some(scene.transition_ms));
        let change = Change { transition_ms, ..change.clone() };
        match spread.iter_mut().find(|(known, _)| *known == change) {
            Some((_, aims)) => aims.push(Aim::Light(light.clone())),
            None => spread.push((change, vec![Aim::Light(light.clone())])),
        }
    }
    Some(spread.into_iter().map(|(change, aims)| Command::Set { aims, change }).collect())
}
