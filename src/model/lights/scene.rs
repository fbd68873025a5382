//! Scenes: what lights show together, at once, moving, or by the time of day.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::lights::LightId;
use crate::model::lights::group::GroupId;
use crate::model::lights::state::{Change, Color};

/// What a scene is told apart by: a slug, for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SceneId(pub Arc<str>);

/// Colours that a moving scene goes through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Palette {
    /// The colours, 1 to 9 of them.
    pub colors: Vec<Color>,
    /// The brightness they are shown at, 0..=1.
    pub brightness: f32,
    /// How fast it moves, 0..=1: 0 takes 60 s from one colour to the next, 1 takes 1 s.
    pub speed: f32,
}

/// A part of the day in a scene that follows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// When it begins, minutes after midnight of local time, 0..=1439.
    pub from_minute: u16,
    /// The scene that holds from then on.
    pub scene: SceneId,
}

/// What kind of scene it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Each light has its own state.
    Still(BTreeMap<LightId, Change>),
    /// Colours move over the lights of its group.
    Moving(Palette),
    /// Other scenes by the time of day; the slots lie in the order of the day.
    OfDay(Vec<Slot>),
}

/// A scene.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// What it is told apart by.
    pub id: SceneId,
    /// What people call it.
    pub name: Arc<str>,
    /// The room or zone it belongs to; `None` for the whole house.
    pub group: Option<GroupId>,
    /// How long it takes to be there, ms.
    pub transition_ms: u32,
    /// What is in it.
    pub content: Content,
    /// Colours that its lights go through when it is shown moving, if it is a still one that has such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub palette: Option<Palette>,
    /// Whether it was recalled last in its group and nothing touched its lights since; a moving one moves.
    pub active: bool,
    /// Whether a still one is active and goes through its palette.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moving: bool,
}

impl Scene {
    /// The colours that it goes through while it is active; `None` if it stands still or follows the day.
    #[must_use]
    pub const fn moves_through(&self) -> Option<&Palette> {
        match &self.content {
            Content::Moving(palette) => Some(palette),
            Content::Still(_) if self.moving => self.palette.as_ref(),
            Content::Still(_) | Content::OfDay(_) => None,
        }
    }
}
