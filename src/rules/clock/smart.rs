//! Smart scenes: the scene of the slot that holds is recalled when the slot begins, and when the smart scene is activated.

use std::collections::BTreeMap;

use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::plan::{self, Here, SmartScene};
use crate::model::lights;
use crate::model::lights::scene::SceneId;
use crate::model::snapshot::Snapshot;
use crate::rules::clock::acts;
use crate::rules::clock::due::Now;

/// What active smart scenes showed last.
#[derive(Debug, Default)]
pub struct Smart {
    shown: BTreeMap<ObjectId, Option<SceneId>>,
}

impl Smart {
    /// A smart scene is new or changed: if it is active and shows something else than before, that is recalled.
    pub fn put(&mut self, id: &ObjectId, scene: &SmartScene, here: &Here, now: Now) -> Option<lights::Command> {
        if !scene.active {
            self.shown.remove(id);
            return None;
        }
        let holds = holding(scene, here, now);
        let before = self.shown.insert(id.clone(), holds.clone());
        holds.filter(|holds| before.flatten().as_ref() != Some(holds)).map(|holds| recall(scene, holds))
    }

    /// Goes on where the program ended: if another of its scenes is still shown, a slot began meanwhile.
    pub fn resume(
        &mut self,
        id: &ObjectId,
        scene: &SmartScene,
        view: &Snapshot,
        here: &Here,
        now: Now,
    ) -> Option<lights::Command> {
        let holds = self.put(id, scene, here, now).is_some().then(|| holding(scene, here, now)).flatten()?;
        let lit = |id: &SceneId| view.lights.scenes.get(id).is_some_and(|scene| scene.active);
        let mut others = scene.weeks.iter().flat_map(|week| &week.slots).filter(|(_, other)| *other != holds);
        others.any(|(_, other)| lit(other)).then(|| recall(scene, holds))
    }

    /// A slot began. What began too long ago is recalled only if nothing else was since.
    pub fn on_slot(
        &mut self,
        id: &ObjectId,
        scene: &SmartScene,
        too_late: bool,
        here: &Here,
        now: Now,
    ) -> Option<lights::Command> {
        let holds = holding(scene, here, now);
        let before = self.shown.insert(id.clone(), holds.clone()).flatten();
        let anew = !too_late || before != holds;
        holds.filter(|_| anew).map(|holds| recall(scene, holds))
    }

    /// Forgets a smart scene.
    pub fn remove(&mut self, id: &ObjectId) {
        self.shown.remove(id);
    }
}

/// The scene that holds now.
fn holding(scene: &SmartScene, here: &Here, now: Now) -> Option<SceneId> {
    let (week, slot) = plan::current(scene, now.wall, here)?;
    scene.weeks.get(week)?.slots.get(slot).map(|(_, scene)| scene.clone())
}

fn recall(scene: &SmartScene, holds: SceneId) -> lights::Command {
    acts::recall(holds, Some(scene.transition_ms))
}
