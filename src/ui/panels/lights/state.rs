//! What the Lights page and the inspector of a light remember. Knows nothing of the scene.
//!
//! Invariant: what is picked, drawn or edited exists: [`Desk::settle`] drops what is gone.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::lights::group::GroupId;
use crate::model::lights::scene::SceneId;
use crate::model::lights::state::{Color, MAX_POINTS};
use crate::model::lights::{Command as Lighting, Light, LightId, Lights};
use crate::model::message::Command;
use crate::ui::panels::lights::draft::Draft;
use crate::ui::panels::lights::rows::{Plan, Wanted};
use crate::ui::undo::Undo;
use crate::ui::widgets::stops::Stops;
use crate::ui::widgets::wheel::Wheel;
use crate::units::color::Xy;

/// Colours that are offered again.
const RECENT: usize = 7;

/// How a light is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// It alone.
    One,
    /// It too, or no longer.
    Too,
    /// All from the first one picked up to it.
    UpTo,
}

/// A field that is being typed into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A colour by its hex.
    Hex,
    /// A colour by its x and y.
    Xy,
}

/// What waits for a yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Forgetting a light.
    Forget(LightId),
    /// Deleting a room or zone that has scenes.
    Delete(GroupId),
}

/// A hand on the slider of many lights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hand {
    /// Its movement.
    pub gesture: u64,
    /// How bright each light was at its beginning; those that were off are not in here.
    pub from: Vec<(LightId, f32)>,
}

/// The stops of one light's segments while they are looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// Whose.
    pub light: LightId,
    /// The stops.
    pub stops: Stops,
    /// What the light showed when they were read off, and what was sent since.
    known: [Color; 2],
}

impl Strip {
    /// The stops of a light that shows this; those that are there stay while it shows what they were read from or made.
    #[must_use]
    pub fn of(before: Option<Self>, light: &LightId, shown: &Color) -> Self {
        if let Some(before) = before.filter(|strip| strip.light == *light && strip.known.contains(shown)) {
            return before;
        }
        let points: &[Xy] = match shown {
            Color::Gradient(points) => points,
            one => &[one.xy()],
        };
        Self { light: light.clone(), stops: Stops::of(points), known: [shown.clone(), shown.clone()] }
    }

    /// The colours for so many segments, noted as sent.
    pub fn send(&mut self, shown: &Color, segments: usize) -> Color {
        let color = Color::Gradient(self.stops.points(segments.min(MAX_POINTS)).into());
        self.known = [shown.clone(), color.clone()];
        color
    }
}

/// Something that was asked to be made and has no id yet.
#[derive(Debug)]
struct Made {
    words: String,
    command: Lighting,
    known: Known,
}

/// What was there before.
#[derive(Debug)]
enum Known {
    Groups(BTreeSet<GroupId>),
    Scenes(BTreeSet<SceneId>),
}

/// The page's memory.
#[derive(Debug, Default)]
pub struct Desk {
    /// What the list is to show.
    pub wanted: Wanted,
    /// The list.
    pub plan: Plan,
    /// The lights that are picked.
    pub picked: BTreeSet<LightId>,
    /// The one that the inspector is about.
    pub here: Option<LightId>,
    /// Where a span of picks begins.
    anchor: Option<LightId>,
    /// Whether the list scrolls to it.
    pub follow: bool,
    /// The section that the list scrolls to.
    pub at: Option<Arc<str>>,
    /// Whether the list had the keyboard when it was drawn last.
    pub row_focused: bool,
    /// A hand on a slider of many.
    pub hand: Option<Hand>,
    /// Colours used lately, the newest first.
    pub recent: Vec<Color>,
    /// How long changes take; `None` for the usual time.
    pub transition_ms: Option<u32>,
    /// What is being typed.
    pub typed: Option<(Field, String)>,
    /// The name being given to a light.
    pub renaming: Option<(LightId, String)>,
    /// The stops of a light's segments.
    pub strip: Option<Strip>,
    /// The picture of the colour wheel.
    pub wheel: Wheel,
    /// A room, zone or scene being edited.
    pub draft: Option<Box<Draft>>,
    /// What waits for a yes.
    pub asked: Option<Asked>,
    made: Vec<Made>,
}

impl Desk {
    /// Drops what is gone, brings the list up to date, and notes what was made meanwhile.
    pub fn settle(&mut self, view: &Lights, seq: u64, undo: &mut Undo) {
        self.plan.refresh(view, seq, &self.wanted);
        self.picked.retain(|id| view.lights.contains_key(id));
        if self.here.as_ref().is_some_and(|id| !view.lights.contains_key(id)) {
            (self.here, self.anchor) = (None, None);
        }
        self.made.retain(|made| {
            let found = match &made.known {
                Known::Groups(known) => {
                    view.groups.keys().find(|id| !known.contains(id)).cloned().map(Lighting::RemoveGroup)
                }
                Known::Scenes(known) => {
                    view.scenes.keys().find(|id| !known.contains(id)).cloned().map(Lighting::RemoveScene)
                }
            };
            let waits = found.is_none();
            if let Some(back) = found {
                undo.did(&made.words, Command::Lights(made.command.clone()), Command::Lights(back));
            }
            waits
        });
    }

    /// Notes that something new was asked for: what takes it back is known when it has its id.
    pub fn makes(&mut self, view: &Lights, words: String, command: &Lighting) {
        let known = match command {
            Lighting::PutGroup { group: None, .. } => Known::Groups(view.groups.keys().cloned().collect()),
            Lighting::PutScene { scene: None, .. } => Known::Scenes(view.scenes.keys().cloned().collect()),
            _ => return,
        };
        self.made.push(Made { words, command: command.clone(), known });
    }

    /// Picks a light.
    pub fn pick(&mut self, id: &LightId, how: Pick) {
        match how {
            Pick::One => {
                self.picked = BTreeSet::from([id.clone()]);
                self.anchor = Some(id.clone());
            }
            Pick::Too => {
                if !self.picked.remove(id) {
                    self.picked.insert(id.clone());
                }
                self.anchor = Some(id.clone());
            }
            Pick::UpTo => self.picked = self.span(id),
        }
        if self.here.as_ref() != Some(id) {
            (self.typed, self.strip, self.asked) = (None, None, None);
        }
        self.here = Some(id.clone());
    }

    fn span(&self, to: &LightId) -> BTreeSet<LightId> {
        let place = |id: &LightId| self.plan.listed().position(|light| light.id == *id);
        let from = self.anchor.as_ref().and_then(place);
        let (Some(from), Some(to)) = (from, place(to)) else { return BTreeSet::from([to.clone()]) };
        let (low, high) = (from.min(to), from.max(to));
        self.plan.listed().skip(low).take(high + 1 - low).map(|light| light.id.clone()).collect()
    }

    /// Picks all that are listed.
    pub fn pick_all(&mut self) {
        self.picked = self.plan.listed().map(|light| light.id.clone()).collect();
        self.here = self.here.take().or_else(|| self.picked.first().cloned());
    }

    /// Picks a light, wherever it is in the list, and shows it there.
    pub fn show(&mut self, id: &LightId) {
        (self.wanted.filter, self.wanted.maker, self.follow) = (String::new(), None, true);
        self.pick(id, Pick::One);
    }

    /// Shows a room, or what is in none: by its key among the sections. What is picked stays.
    pub fn show_section(&mut self, key: &Arc<str>) {
        self.wanted = Wanted { flipped: std::mem::take(&mut self.wanted.flipped), ..Wanted::default() };
        self.wanted.flipped.remove(key);
        self.at = Some(Arc::clone(key));
    }

    /// Picks these lights and shows the first of them.
    pub fn show_all(&mut self, lights: BTreeSet<LightId>) {
        if let Some(first) = lights.first().cloned() {
            self.show(&first);
            self.picked = lights;
        }
    }

    /// Picks nothing. False if nothing was picked.
    pub fn let_go(&mut self) -> bool {
        let some = !self.picked.is_empty() || self.here.is_some();
        self.picked.clear();
        (self.here, self.anchor) = (None, None);
        some
    }

    /// Moves on by so many rows; with `span` all up to there are picked.
    pub fn step(&mut self, by: isize, span: bool) {
        let all: Vec<LightId> = self.plan.listed().map(|light| light.id.clone()).collect();
        let at = self.here.as_ref().and_then(|here| all.iter().position(|id| id == here));
        let last = all.len().saturating_sub(1);
        let next = at.map_or(if by < 0 { last } else { 0 }, |at| at.saturating_add_signed(by).min(last));
        if let Some(id) = all.get(next) {
            self.pick(id, if span { Pick::UpTo } else { Pick::One });
            self.follow = true;
        }
    }

    /// The picked lights, in the order of the list.
    #[must_use]
    pub fn lights(&self, view: &Lights) -> Vec<Arc<Light>> {
        self.picked.iter().filter_map(|id| view.lights.get(id)).cloned().collect()
    }

    /// Notes a colour that was used.
    pub fn used(&mut self, color: &Color) {
        if matches!(color, Color::Gradient(_)) {
            return;
        }
        self.recent.retain(|known| known != color);
        self.recent.insert(0, color.clone());
        self.recent.truncate(RECENT);
    }

    /// Closes what is open and asks something. False if nothing was.
    pub fn close(&mut self) -> bool {
        let open = self.draft.is_some() || self.asked.is_some() || self.renaming.is_some();
        (self.draft, self.asked, self.renaming) = (None, None, None);
        open
    }
}
