//! What is asked of the house again and again, kept turned round: the groups of a light, and what moves it.
//!
//! Invariant: it follows from the rooms, zones and scenes alone, so it is made anew when one of these changes.

use std::collections::BTreeMap;

use crate::model::lights::group::GroupId;
use crate::model::lights::scene::{Content, Palette, Scene};
use crate::model::lights::{LightId, Lights};

/// From the slowest pace of a scene of version 2 to the fastest, s: `3 / speed`, with 0.05 as the least speed.
const PACES: [f64; 2] = [60.0, 3.0];
/// From one colour to the next at speed 0 here, s; 1 s at speed 1.
const SLOWEST: f64 = 60.0;

/// What is kept turned round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    groups: BTreeMap<LightId, Vec<GroupId>>,
    /// Lights that a scene moves now, with its speed as apps see it.
    pub moving: BTreeMap<LightId, f64>,
}

impl Index {
    /// That of these lights.
    #[must_use]
    pub fn of(lights: &Lights) -> Self {
        let mut index = Self::default();
        for group in lights.groups.values() {
            for light in &group.lights {
                index.groups.entry(light.clone()).or_default().push(group.id.clone());
            }
        }
        for scene in lights.scenes.values().filter(|scene| scene.active) {
            let Some(palette) = scene.moves_through() else { continue };
            let speed = speed_shown(palette);
            index.moving.extend(members(lights, scene).map(|light| (light.clone(), speed)));
        }
        index
    }

    /// The rooms and zones that a light is in.
    #[must_use]
    pub fn groups(&self, light: &LightId) -> &[GroupId] {
        self.groups.get(light).map_or(&[], Vec::as_slice)
    }
}

/// The lights that a moving scene moves.
fn members<'a>(lights: &'a Lights, scene: &'a Scene) -> Box<dyn Iterator<Item = &'a LightId> + 'a> {
    match (&scene.content, &scene.group) {
        (Content::Still(states), _) => {
            Box::new(states.iter().filter(|(_, change)| change.on != Some(false)).map(|(light, _)| light))
        }
        (_, Some(group)) => Box::new(lights.groups.get(group).into_iter().flat_map(|group| &group.lights)),
        (_, None) => Box::new(lights.lights.keys()),
    }
}

/// The speed of a palette as apps see it, 0..=1.
#[must_use]
pub fn speed_shown(palette: &Palette) -> f64 {
    let pace = SLOWEST.powf(1.0 - f64::from(palette.speed.clamp(0.0, 1.0)));
    (PACES[1] / pace).clamp(PACES[1] / PACES[0], 1.0)
}

/// The speed of a palette that goes as fast as apps mean by theirs.
#[must_use]
pub fn speed_meant(shown: f64) -> f32 {
    let pace = PACES[1] / shown.clamp(PACES[1] / PACES[0], 1.0);
    (1.0 - pace.ln() / SLOWEST.ln()).clamp(0.0, 1.0) as f32
}
