//! Scenes that go on by themselves: colours that move from light to light, and scenes that follow the day.
//!
//! Invariant: a scene that follows the day shows the part that the local clock says, whenever it is looked at: a late
//! look, a changed clock and summer time change nothing about that.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::engine::services::lights::book::Lights;
use crate::engine::services::lights::course::Motion;
use crate::model::lights::LightId;
use crate::model::lights::scene::{Content, Palette, Scene, SceneId, Slot};
use crate::model::lights::state::Change;
use crate::units::moment::Moment;

/// From one colour to the next at speed 0, s; 1 s at speed 1.
const SLOWEST: f32 = 60.0;

/// From one colour to the next.
fn pace(palette: &Palette) -> Duration {
    Duration::from_secs_f32(SLOWEST.powf(1.0 - palette.speed.clamp(0.0, 1.0)))
}

/// The part of the day that holds at a time: the one that began last, today or yesterday.
#[must_use]
pub fn part_at<'a>(slots: &'a [Slot], wall: Timestamp, zone: &TimeZone) -> Option<&'a Slot> {
    let local = wall.to_zoned(zone.clone());
    let minute = 60 * local.hour().unsigned_abs() as u16 + local.minute().unsigned_abs() as u16;
    slots.iter().rev().find(|slot| slot.from_minute <= minute).or_else(|| slots.last())
}

impl Lights {
    /// Shows a scene for the first time, and sees to it that it goes on.
    /// Lights that it turns on are as bright as is said, if it is.
    pub(super) fn begin_motion(
        &mut self,
        scene: &Arc<Scene>,
        transition_ms: u32,
        brightness: Option<f32>,
        by: &Arc<str>,
    ) {
        let (part, shown) = self.part(scene);
        for (id, mut change) in self.changes(&shown, 0, true) {
            if change.on != Some(false) {
                change.brightness = brightness.or(change.brightness);
            }
            self.touch(&id, &Change { transition_ms: Some(transition_ms), ..change }, by);
        }
        let next_at = self.next_at(&shown);
        if part.is_some() || next_at.is_some() {
            self.motions.insert(scene.id.clone(), Motion { by: Arc::clone(by), part, step: 0, next_at });
        }
    }

    /// Goes on with scenes that were active when the program ended.
    pub(super) fn resume_motions(&mut self) {
        let active = self.state.scenes.values().filter(|scene| scene.active).cloned().collect::<Vec<_>>();
        for scene in active {
            self.active.insert(scene.id.clone());
            let (part, shown) = self.part(&scene);
            let by: Arc<str> = format!("scene {}", scene.name).into();
            let next_at = self.next_at(&shown);
            if part.is_some() || next_at.is_some() {
                // The part of the day is shown anew if it is another one by now.
                self.motions.insert(scene.id.clone(), Motion { by, part: None, step: 0, next_at });
            }
        }
    }

    /// Goes on with what is due.
    pub(super) fn move_scenes(&mut self) {
        let moving: Vec<_> = self.motions.keys().cloned().collect();
        for id in moving {
            let Some(scene) = self.state.scenes.get(&id).cloned() else { continue };
            let Some(mut motion) = self.motions.remove(&id) else { continue };
            let (part, shown) = self.part(&scene);
            if part != motion.part {
                (motion.part, motion.step) = (part, 0);
                self.follow(&shown, &motion, scene.transition_ms, true);
                motion.next_at = self.next_at(&shown);
            } else if motion.next_at.is_some_and(|at| at <= self.now.at) {
                motion.step += 1;
                let Some(palette) = shown.moves_through() else { continue };
                let whole = u32::try_from(pace(palette).as_millis()).unwrap_or(u32::MAX);
                self.follow(&shown, &motion, whole, false);
                motion.next_at = self.next_at(&shown);
            }
            self.motions.insert(id, motion);
        }
    }

    /// When a scene goes on: when its next colour is due, or at the next full minute.
    pub(super) fn next_motion(&self) -> Option<Moment> {
        let colors = self.motions.values().filter_map(|motion| motion.next_at).min();
        let follows = self.motions.iter().any(|(id, motion)| {
            motion.part.is_some()
                || self.state.scenes.get(id).is_some_and(|scene| matches!(scene.content, Content::OfDay(_)))
        });
        let left = 60 - self.ticked.wall.as_second().rem_euclid(60).unsigned_abs();
        let minute = follows.then(|| self.ticked.at + Duration::from_secs(left));
        colors.into_iter().chain(minute).min()
    }

    fn follow(&mut self, shown: &Scene, motion: &Motion, transition_ms: u32, whole: bool) {
        for (id, change) in self.changes(shown, motion.step, whole) {
            if self.restack(&id, |stack| stack.follow(&change, &motion.by)) {
                self.wish(&id, transition_ms);
            }
        }
    }

    /// What a scene shows now: itself, or the scene of the part of the day.
    fn part(&self, scene: &Arc<Scene>) -> (Option<SceneId>, Arc<Scene>) {
        let Content::OfDay(slots) = &scene.content else { return (None, Arc::clone(scene)) };
        let slot = part_at(slots, self.now.wall, &self.zone);
        let shown = slot.and_then(|slot| self.state.scenes.get(&slot.scene));
        (slot.map(|slot| slot.scene.clone()), Arc::clone(shown.unwrap_or(scene)))
    }

    fn next_at(&self, shown: &Scene) -> Option<Moment> {
        shown.moves_through().filter(|palette| palette.colors.len() > 1).map(|palette| self.now.at + pace(palette))
    }

    /// What a scene changes at a step, light by light; as a `whole`, or only its colours.
    fn changes(&self, shown: &Scene, step: u64, whole: bool) -> Vec<(LightId, Change)> {
        let color = |palette: &Palette, n: usize| {
            palette.colors.get((n + step as usize) % palette.colors.len().max(1)).cloned()
        };
        match (&shown.content, shown.moves_through()) {
            (Content::Still(states), Some(palette)) => {
                let dark = states.iter().filter(|(_, of)| whole && of.on == Some(false));
                let dark = dark.map(|(id, of)| (id.clone(), of.clone()));
                let change = |n, of: &Change| match whole {
                    true => Change { color: color(palette, n), effect: None, ..of.clone() },
                    false => Change { color: color(palette, n), ..Change::default() },
                };
                let lit = states.iter().filter(|(_, of)| of.on != Some(false)).enumerate();
                lit.map(|(n, (id, of))| (id.clone(), change(n, of))).chain(dark).collect()
            }
            (Content::Still(states), None) => states.iter().map(|(id, change)| (id.clone(), change.clone())).collect(),
            (Content::Moving(palette), _) => {
                let (on, brightness) = (whole.then_some(true), whole.then_some(palette.brightness));
                let change = |n| Change { on, brightness, color: color(palette, n), ..Change::default() };
                self.lights_of(shown).into_iter().enumerate().map(|(n, id)| (id, change(n))).collect()
            }
            (Content::OfDay(_), _) => Vec::new(),
        }
    }
}
