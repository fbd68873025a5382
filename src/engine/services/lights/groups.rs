//! Rooms and zones: a light is in one room at most.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::services::lights::book::Lights;
use crate::engine::services::lights::checks;
use crate::model::lights::group::{Group, GroupId, GroupKind};
use crate::model::lights::scene::Content;
use crate::model::lights::{LightId, MAX_GROUPS};

impl Lights {
    pub(super) fn put_group(
        &mut self,
        group: Option<GroupId>,
        name: &str,
        kind: GroupKind,
        lights: BTreeSet<LightId>,
    ) -> Result<(), String> {
        let name = checks::name(name)?;
        if let Some(ghost) = lights.iter().find(|id| !self.state.lights.contains_key(id)) {
            return Err(checks::no_light(ghost));
        }
        let order = match &group {
            Some(id) => self.group(id)?.order,
            None => self.new_order()?,
        };
        let id = group.unwrap_or_else(|| self.new_group_id(&name));
        self.made = Some(Arc::clone(&id.0));
        if kind == GroupKind::Room {
            lights.iter().for_each(|light| self.leave_room(light, &id));
        }
        self.changed.groups.insert(id.clone());
        self.state.groups.insert(id.clone(), Arc::new(Group { id, name, kind, lights, order }));
        Ok(())
    }

    /// Its scenes go with it.
    pub(super) fn remove_group(&mut self, id: &GroupId) -> Result<(), String> {
        self.group(id)?;
        let of_it = self.state.scenes.values().filter(|scene| scene.group.as_ref() == Some(id));
        for scene in of_it.map(|scene| scene.id.clone()).collect::<Vec<_>>() {
            self.drop_scene(&scene);
        }
        self.state.groups.remove(id);
        self.changed.groups.insert(id.clone());
        Ok(())
    }

    /// Puts a new light into the room that it says it is in.
    pub(super) fn take_hint(&mut self, light: &LightId, room: &str) {
        let Ok(name) = checks::name(&checks::tidy(room, "")) else { return };
        let same =
            |group: &&Arc<Group>| group.kind == GroupKind::Room && group.name.to_lowercase() == name.to_lowercase();
        let known = self.state.groups.values().find(same).map(|group| (group.id.clone(), Arc::clone(&group.name)));
        let (id, name, mut lights) = match known {
            Some((id, name)) => {
                let lights = self.state.groups.get(&id).map(|group| group.lights.clone()).unwrap_or_default();
                (Some(id), name, lights)
            }
            None => (None, name, BTreeSet::new()),
        };
        lights.insert(light.clone());
        if let Err(why) = self.put_group(id, &name, GroupKind::Room, lights) {
            tracing::warn!(why, "a light is in no room");
        }
    }

    /// Forgets a light with its place in rooms, zones and scenes.
    pub(super) fn remove_light(&mut self, id: &LightId) {
        let Some(light) = self.state.lights.remove(id) else { return };
        self.changed.lights.insert(id.clone());
        if let Some(line) = self.lines.get_mut(&light.connection) {
            line.things.remove(&light.local);
            line.there.remove(&light.local);
            line.silent.remove(&light.local);
        }
        self.end_leases(id);
        self.own.remove(id);
        for (group, known) in self.state.groups.iter_mut().filter(|(_, group)| group.lights.contains(id)) {
            Arc::make_mut(known).lights.remove(id);
            self.changed.groups.insert(group.clone());
        }
        for (scene, known) in &mut self.state.scenes {
            let has = matches!(&known.content, Content::Still(states) if states.contains_key(id));
            if has && let Content::Still(states) = &mut Arc::make_mut(known).content {
                states.remove(id);
                self.changed.scenes.insert(scene.clone());
            }
        }
    }

    pub(super) fn group(&self, id: &GroupId) -> Result<&Arc<Group>, String> {
        self.state.groups.get(id).ok_or_else(|| format!("There is no room or zone \"{}\" any more.", id.0))
    }

    fn leave_room(&mut self, light: &LightId, but: &GroupId) {
        let in_it = |group: &Group| group.kind == GroupKind::Room && group.id != *but && group.lights.contains(light);
        for (id, known) in self.state.groups.iter_mut().filter(|(_, group)| in_it(group)) {
            Arc::make_mut(known).lights.remove(light);
            self.changed.groups.insert(id.clone());
        }
    }

    fn new_order(&self) -> Result<u32, String> {
        if self.state.groups.len() >= MAX_GROUPS {
            return Err(format!("There are {MAX_GROUPS} rooms and zones already. Remove one first."));
        }
        Ok(self.state.groups.values().map(|group| group.order).max().map_or(0, |order| order.saturating_add(1)))
    }

    fn new_group_id(&self, name: &str) -> GroupId {
        GroupId(checks::free_slug(name, |id| self.state.groups.contains_key(&GroupId(Arc::clone(id)))))
    }
}
