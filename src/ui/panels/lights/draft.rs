//! A room, zone or scene while it is edited: what is typed and ticked so far, and the command that it makes.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::lights::group::{Group, GroupId, GroupKind};
use crate::model::lights::scene::{Content, Palette, Scene, SceneId, Slot};
use crate::model::lights::state::{Change, Color};
use crate::model::lights::{Command, LightId, Lights};
use crate::units::color::{Mirek, Srgb8};

/// Colours of a palette, at most.
pub const MOST_COLORS: usize = 9;
/// Parts of the day, at most.
pub const MOST_SLOTS: usize = 12;
/// How long a new scene takes to be there, ms.
const USUAL_MS: u32 = 400;

/// What is edited.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// A room or zone.
    Group(GroupDraft),
    /// A scene.
    Scene(SceneDraft),
}

/// A room or zone.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupDraft {
    /// Which; `None` for a new one.
    pub id: Option<GroupId>,
    /// Its name as typed.
    pub name: String,
    /// What it is.
    pub kind: GroupKind,
    /// What is in it.
    pub lights: BTreeSet<LightId>,
    /// Which lights are offered.
    pub filter: String,
}

/// What a scene is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// What its lights show now.
    Now,
    /// What it holds already.
    Kept,
    /// Moving colours.
    Moving,
    /// Other scenes by the time of day.
    OfDay,
}

/// A scene.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneDraft {
    /// Which; `None` for a new one.
    pub id: Option<SceneId>,
    /// Its name as typed.
    pub name: String,
    /// Its room or zone.
    pub group: Option<GroupId>,
    /// Only these lights, where it is made of picked ones.
    pub only: Option<BTreeSet<LightId>>,
    /// How long it takes to be there, ms.
    pub transition_ms: u32,
    /// What it is to hold.
    pub held: Held,
    /// What it holds already, if that is no colours and no slots.
    kept: Option<Content>,
    /// Its moving colours.
    pub palette: Palette,
    /// The colour of the palette that is chosen.
    pub chosen: usize,
    /// Its slots.
    pub slots: Vec<Slot>,
}

impl GroupDraft {
    /// A new one with these lights.
    #[must_use]
    pub fn new(kind: GroupKind, lights: BTreeSet<LightId>) -> Self {
        Self { id: None, name: String::new(), kind, lights, filter: String::new() }
    }

    /// One that is there.
    #[must_use]
    pub fn of(group: &Group) -> Self {
        let Group { id, name, kind, lights, .. } = group;
        Self {
            id: Some(id.clone()),
            name: name.to_string(),
            kind: *kind,
            lights: lights.clone(),
            filter: String::new(),
        }
    }

    /// The command that makes it so; `None` without a name.
    #[must_use]
    pub fn command(&self) -> Option<Command> {
        let name = self.name.trim();
        (!name.is_empty()).then(|| Command::PutGroup {
            group: self.id.clone(),
            name: name.to_owned(),
            kind: self.kind,
            lights: self.lights.clone(),
        })
    }
}

fn palette() -> Palette {
    let warm = [Srgb8::new(255, 120, 40), Srgb8::new(255, 180, 90), Srgb8::new(200, 60, 120)];
    Palette { colors: warm.map(|color| Color::Xy(color.linear().xy())).to_vec(), brightness: 0.8, speed: 0.4 }
}

impl SceneDraft {
    /// A new one for a room, zone or the house; of these lights only if some are given.
    #[must_use]
    pub fn new(group: Option<GroupId>, only: Option<BTreeSet<LightId>>) -> Self {
        Self {
            id: None,
            name: String::new(),
            group,
            only,
            transition_ms: USUAL_MS,
            held: Held::Now,
            kept: None,
            palette: palette(),
            chosen: 0,
            slots: Vec::new(),
        }
    }

    /// One that is there.
    #[must_use]
    pub fn of(scene: &Scene) -> Self {
        let mut draft = Self {
            id: Some(scene.id.clone()),
            name: scene.name.to_string(),
            transition_ms: scene.transition_ms,
            held: Held::Kept,
            ..Self::new(scene.group.clone(), None)
        };
        match &scene.content {
            Content::Still(_) => draft.kept = Some(scene.content.clone()),
            Content::Moving(palette) => (draft.palette, draft.held) = (palette.clone(), Held::Moving),
            Content::OfDay(slots) => (draft.slots, draft.held) = (slots.clone(), Held::OfDay),
        }
        draft
    }

    /// What it can hold.
    #[must_use]
    pub fn choices(&self) -> Vec<(Held, &'static str)> {
        let kept = self.kept.as_ref().map(|_| (Held::Kept, "As it was"));
        let others = [(Held::Now, "As now"), (Held::Moving, "Moving"), (Held::OfDay, "Of day")];
        kept.into_iter().chain(others).collect()
    }

    /// Adds a colour to the palette. False if it is full.
    pub fn add_color(&mut self) -> bool {
        let room = self.palette.colors.len() < MOST_COLORS;
        if room {
            let color = self.palette.colors.get(self.chosen).cloned().unwrap_or(Color::Mirek(Mirek::new(366)));
            self.palette.colors.push(color);
            self.chosen = self.palette.colors.len() - 1;
        }
        room
    }

    /// Takes the chosen colour out of the palette; the last one stays.
    pub fn remove_color(&mut self) {
        if self.palette.colors.len() > 1 && self.chosen < self.palette.colors.len() {
            self.palette.colors.remove(self.chosen);
            self.chosen = self.chosen.min(self.palette.colors.len() - 1);
        }
    }

    /// The scenes that a slot can show: still and moving ones of the same place.
    pub fn for_slots<'a>(&'a self, view: &'a Lights) -> impl Iterator<Item = &'a Scene> {
        let own = move |scene: &&Scene| {
            scene.group == self.group
                && Some(&scene.id) != self.id.as_ref()
                && !matches!(scene.content, Content::OfDay(_))
        };
        view.scenes.values().map(AsRef::as_ref).filter(own)
    }

    /// The command that makes it so, or what is missing.
    ///
    /// # Errors
    /// It has no name, no colours or no slots.
    pub fn command(&self, view: &Lights) -> Result<Command, &'static str> {
        let name = self.name.trim();
        if name.is_empty() {
            return Err("Give it a name");
        }
        let content = match self.held {
            Held::Now => self.only.as_ref().map(|only| Content::Still(still(view, only))),
            Held::Kept => Some(self.kept.clone().ok_or("It holds nothing yet")?),
            Held::Moving if self.palette.colors.is_empty() => return Err("It has no colour yet"),
            Held::Moving => Some(Content::Moving(self.palette.clone())),
            Held::OfDay if self.slots.is_empty() => return Err("It has no part of the day yet"),
            Held::OfDay => {
                let mut slots = self.slots.clone();
                slots.sort_by_key(|slot| slot.from_minute);
                Some(Content::OfDay(slots))
            }
        };
        Ok(Command::PutScene {
            scene: self.id.clone(),
            name: name.to_owned(),
            group: self.group.clone(),
            transition_ms: self.transition_ms,
            content,
        })
    }
}

/// What these lights show now.
fn still(view: &Lights, only: &BTreeSet<LightId>) -> BTreeMap<LightId, Change> {
    let shown = |id: &LightId| view.lights.get(id).map(|light| Change::from(&light.stack.shown()));
    only.iter().filter_map(|id| Some((id.clone(), shown(id)?))).collect()
}
