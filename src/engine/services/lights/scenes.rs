//! Scenes: made, captured, recalled, and no longer active once somebody touches their lights.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::services::lights::book::Lights;
use crate::engine::services::lights::checks;
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::{Content, Palette, Scene, SceneId, Slot};
use crate::model::lights::state::Change;
use crate::model::lights::{LightId, MAX_SCENES};

/// Colours of a palette, at most.
const MAX_COLORS: usize = 9;
/// Parts of a day, at most.
const MAX_SLOTS: usize = 24;
/// Minutes of a day.
const DAY: u16 = 24 * 60;

impl Lights {
    pub(super) fn put_scene(
        &mut self,
        scene: Option<SceneId>,
        name: &str,
        group: Option<GroupId>,
        transition_ms: u32,
        content: Option<Content>,
    ) -> Result<(), String> {
        let name = checks::name(name)?;
        checks::transition(Some(transition_ms))?;
        group.as_ref().map_or(Ok(()), |id| self.group(id).map(drop))?;
        let before = scene.as_ref().map(|id| self.scene(id).cloned()).transpose()?;
        if before.is_none() && self.state.scenes.len() >= MAX_SCENES {
            return Err(format!("There are {MAX_SCENES} scenes already. Remove one first."));
        }
        let content = match content {
            Some(content) => self.check_content(content, scene.as_ref())?,
            None => self.captured(group.as_ref()),
        };
        let id = scene.unwrap_or_else(|| self.new_scene_id(&name));
        self.made = Some(Arc::clone(&id.0));
        let goes_on = |before: &Arc<Scene>| match (&before.content, &content) {
            (Content::Moving(_), Content::Moving(_)) | (Content::OfDay(_), Content::OfDay(_)) => true,
            (before, content) => before == content,
        };
        let active = before.as_ref().is_some_and(|before| before.active && before.group == group && goes_on(before));
        let moving = active && before.as_ref().is_some_and(|before| before.moving);
        let still = matches!(content, Content::Still(_));
        let palette = before.and_then(|before| before.palette.clone()).filter(|_| still);
        let scene = Scene { id: id.clone(), name, group, transition_ms, content, palette, active, moving };
        self.state.scenes.insert(id.clone(), Arc::new(scene));
        self.changed.scenes.insert(id.clone());
        if !active {
            self.rest(&id);
        }
        Ok(())
    }

    /// A scene that others follow by the time of day stays.
    pub(super) fn remove_scene(&mut self, id: &SceneId) -> Result<(), String> {
        self.scene(id)?;
        let follows = |scene: &&Arc<Scene>| matches!(&scene.content, Content::OfDay(slots) if slots.iter().any(|slot| slot.scene == *id));
        if let Some(by) = self.state.scenes.values().find(follows) {
            return Err(format!("\"{}\" shows it at its time of day. Change or remove that one first.", by.name));
        }
        self.drop_scene(id);
        Ok(())
    }

    /// Removes a scene, its part of the day in others, and those that have no part left.
    pub(super) fn drop_scene(&mut self, id: &SceneId) {
        self.rest(id);
        self.state.scenes.remove(id);
        self.changed.scenes.insert(id.clone());
        let mut empty = Vec::new();
        for (other, known) in &mut self.state.scenes {
            let has = matches!(&known.content, Content::OfDay(slots) if slots.iter().any(|slot| slot.scene == *id));
            if has && let Content::OfDay(slots) = &mut Arc::make_mut(known).content {
                slots.retain(|slot| slot.scene != *id);
                self.changed.scenes.insert(other.clone());
                empty.extend(slots.is_empty().then(|| other.clone()));
            }
        }
        empty.iter().for_each(|other| self.drop_scene(other));
    }

    /// Gives a still scene its palette, or takes it away; one that goes through it goes on, or stands still.
    pub(super) fn set_palette(&mut self, id: &SceneId, palette: Option<Palette>) -> Result<(), String> {
        let scene = self.scene(id)?;
        if !matches!(scene.content, Content::Still(_)) {
            return Err(format!("\"{}\" has no lights of its own states, so it takes no palette.", scene.name));
        }
        palette.as_ref().map_or(Ok(()), check_palette)?;
        if scene.palette == palette {
            return Ok(());
        }
        if scene.moving && palette.is_none() {
            self.rest(id);
        }
        if let Some(known) = self.state.scenes.get_mut(id) {
            Arc::make_mut(known).palette = palette;
            self.changed.scenes.insert(id.clone());
        }
        Ok(())
    }

    pub(super) fn show(
        &mut self,
        id: &SceneId,
        transition_ms: Option<u32>,
        brightness: Option<f32>,
        moving: bool,
        by: &str,
    ) -> Result<(), String> {
        checks::transition(transition_ms)?;
        brightness.map_or(Ok(0.0), |brightness| checks::share(brightness, "Brightness"))?;
        let scene = self.scene(id)?;
        let still = matches!(scene.content, Content::Still(_));
        if moving && still && scene.palette.is_none() {
            return Err(format!("\"{}\" has no palette to go through. Give it one first.", scene.name));
        }
        let (lights, group) = (self.lights_of(scene), scene.group.clone());
        self.touched(&lights);
        for other in self.active.clone() {
            if self.state.scenes.get(&other).is_none_or(|other| other.group == group) {
                self.rest(&other);
            }
        }
        self.changed.scenes.insert(id.clone());
        self.active.insert(id.clone());
        let Some(known) = self.state.scenes.get_mut(id) else { return Ok(()) };
        let known_scene = Arc::make_mut(known);
        (known_scene.active, known_scene.moving) = (true, moving && still);
        let scene = Arc::clone(known);
        let words: Arc<str> = format!("scene {} ({by})", scene.name).into();
        self.begin_motion(&scene, transition_ms.unwrap_or(scene.transition_ms), brightness, &words);
        Ok(())
    }

    pub(super) fn stop_scene(&mut self, id: &SceneId) -> Result<(), String> {
        self.scene(id)?;
        self.rest(id);
        Ok(())
    }

    /// Somebody touched these lights: scenes that had them are over.
    pub(super) fn touched(&mut self, lights: &BTreeSet<LightId>) {
        if self.active.is_empty() || lights.is_empty() {
            return;
        }
        for id in self.active.clone() {
            let over = self.state.scenes.get(&id).is_none_or(|scene| !self.lights_of(scene).is_disjoint(lights));
            if over {
                self.rest(&id);
            }
        }
    }

    /// The lights that a scene shows something on.
    pub(super) fn lights_of(&self, scene: &Scene) -> BTreeSet<LightId> {
        match (&scene.content, &scene.group) {
            (Content::Still(states), _) => states.keys().cloned().collect(),
            (Content::OfDay(slots), _) => {
                let scenes = slots.iter().filter_map(|slot| self.state.scenes.get(&slot.scene));
                // Parts of a day are no such scenes themselves.
                let plain = scenes.filter(|scene| !matches!(scene.content, Content::OfDay(_)));
                plain.flat_map(|scene| self.lights_of(scene)).collect()
            }
            (Content::Moving(_), Some(group)) => {
                self.state.groups.get(group).map(|group| group.lights.clone()).unwrap_or_default()
            }
            (Content::Moving(_), None) => self.state.lights.keys().cloned().collect(),
        }
    }

    pub(super) fn rest(&mut self, id: &SceneId) {
        self.motions.remove(id);
        self.active.remove(id);
        if let Some(known) = self.state.scenes.get_mut(id).filter(|scene| scene.active) {
            let scene = Arc::make_mut(known);
            (scene.active, scene.moving) = (false, false);
            self.changed.scenes.insert(id.clone());
        }
    }

    fn scene(&self, id: &SceneId) -> Result<&Arc<Scene>, String> {
        self.state.scenes.get(id).ok_or_else(|| format!("There is no scene \"{}\" any more.", id.0))
    }

    fn new_scene_id(&self, name: &str) -> SceneId {
        SceneId(checks::free_slug(name, |id| self.state.scenes.contains_key(&SceneId(Arc::clone(id)))))
    }

    /// What lights show now, but for alarms.
    fn captured(&self, group: Option<&GroupId>) -> Content {
        let in_it = |id: &LightId| match group {
            Some(group) => self.state.groups.get(group).is_some_and(|group| group.lights.contains(id)),
            None => true,
        };
        let lights = self.state.lights.iter().filter(|(id, _)| in_it(id));
        Content::Still(
            lights.map(|(id, light)| (id.clone(), Change::from(&light.stack.shown_without_alarms()))).collect(),
        )
    }

    fn check_content(&self, content: Content, own: Option<&SceneId>) -> Result<Content, String> {
        match content {
            Content::Still(states) => {
                if let Some(ghost) = states.keys().find(|id| !self.state.lights.contains_key(id)) {
                    return Err(checks::no_light(ghost));
                }
                let states = states.into_iter().map(|(id, change)| Ok((id, checks::change(change)?)));
                Ok(Content::Still(states.collect::<Result<_, String>>()?))
            }
            Content::Moving(palette) => check_palette(&palette).map(|()| Content::Moving(palette)),
            Content::OfDay(slots) => self.check_slots(&slots, own).map(|()| Content::OfDay(slots)),
        }
    }

    fn check_slots(&self, slots: &[Slot], own: Option<&SceneId>) -> Result<(), String> {
        if slots.is_empty() || slots.len() > MAX_SLOTS {
            return Err(format!("A day has 1 to {MAX_SLOTS} parts, not {}.", slots.len()));
        }
        let rising = slots.is_sorted_by(|a, b| a.from_minute < b.from_minute);
        if !rising || slots.iter().any(|slot| slot.from_minute >= DAY) {
            return Err("The parts of a day begin one after the other, from 0:00 to 23:59.".to_owned());
        }
        for slot in slots {
            if matches!(self.scene(&slot.scene)?.content, Content::OfDay(_)) || own == Some(&slot.scene) {
                return Err("A part of the day shows a scene that does not follow the day itself.".to_owned());
            }
        }
        Ok(())
    }
}

fn check_palette(palette: &Palette) -> Result<(), String> {
    let Palette { colors, brightness, speed } = palette;
    if colors.is_empty() || colors.len() > MAX_COLORS {
        return Err(format!("A moving scene has 1 to {MAX_COLORS} colours, not {}.", colors.len()));
    }
    colors.iter().try_for_each(checks::color)?;
    if checks::share(*brightness, "Brightness")? <= 0.0 {
        return Err("A moving scene is brighter than 0.".to_owned());
    }
    checks::share(*speed, "Speed").map(drop)
}
