//! The order of the list of lights: sections with their lights, made once for each new state of the house.
//!
//! Invariant: nothing is cloned but references, and nothing at all while neither the house nor the filter changes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::model::lights::group::{Group, GroupId, GroupKind};
use crate::model::lights::scene::Scene;
use crate::model::lights::{Aim, Light, LightId, Lights};
use crate::ui::theme::{size, space};

/// By what lights are put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// By rooms, and zones behind them.
    #[default]
    Rooms,
    /// By the family that they speak.
    Makers,
}

/// What the list is to show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Words that must be in a light's name, model, room or maker.
    pub filter: String,
    /// A family, by its id.
    pub maker: Option<Arc<str>>,
    /// By what they are put together.
    pub by: By,
    /// Sections that are not as they usually are: rooms closed, zones open.
    pub flipped: BTreeSet<Arc<str>>,
}

impl Wanted {
    /// Whether lights are left out.
    #[must_use]
    pub fn narrows(&self) -> bool {
        !self.filter.trim().is_empty() || self.maker.is_some()
    }
}

/// Lights under one heading.
#[derive(Clone, Debug)]
pub struct Section {
    /// What it is told apart by.
    pub key: Arc<str>,
    /// Its heading.
    pub name: Arc<str>,
    /// What a command to all of it aims at, where that is one thing.
    pub aim: Option<Aim>,
    /// The room or zone that it is.
    pub group: Option<Arc<Group>>,
    /// Its lights, favourites first, then by name.
    pub lights: Vec<Arc<Light>>,
    /// How many of them are on.
    pub on: usize,
    /// The brightnesses of those, 0..=1.
    pub spread: Vec<f32>,
    /// Its scenes, by name.
    pub scenes: Vec<Arc<Scene>>,
    /// Whether its lights are listed.
    pub open: bool,
}

impl Section {
    /// The mean brightness of the lights that are on; 0 if none is.
    #[must_use]
    pub fn mean(&self) -> f32 {
        if self.spread.is_empty() { 0.0 } else { self.spread.iter().sum::<f32>() / self.spread.len() as f32 }
    }

    /// What commands to it aim at.
    #[must_use]
    pub fn aims(&self) -> Vec<Aim> {
        match &self.aim {
            Some(aim) => vec![aim.clone()],
            None => self.lights.iter().map(|light| Aim::Light(light.id.clone())).collect(),
        }
    }
}

/// A row of the list, by places in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The heading of a section.
    Head(usize),
    /// Its scenes.
    Scenes(usize),
    /// One of its lights.
    Light(usize, usize),
}

/// Everything that the list can scroll to.
#[derive(Debug, Default)]
pub struct Plan {
    made_of: Option<(u64, Wanted)>,
    /// The sections.
    pub sections: Vec<Section>,
    rows: Vec<(f32, Row)>,
    height: f32,
}

impl Plan {
    /// Makes it anew if the house (at this number of its facts) or what is wanted is another.
    pub fn refresh(&mut self, view: &Lights, seq: u64, wanted: &Wanted) {
        if self.made_of.as_ref().is_some_and(|(of, asked)| *of == seq && asked == wanted) {
            return;
        }
        self.made_of = Some((seq, wanted.clone()));
        self.sections = match wanted.by {
            By::Rooms => rooms(view, wanted),
            By::Makers => makers(view, wanted),
        };
        self.lay_out();
    }

    fn lay_out(&mut self) {
        self.rows.clear();
        let mut y = 0.0;
        for (s, section) in self.sections.iter().enumerate() {
            let mut put = |row, high: f32| {
                self.rows.push((y, row));
                y += high;
            };
            put(Row::Head(s), size::ROW);
            if !section.scenes.is_empty() {
                put(Row::Scenes(s), size::SCENES_ROW);
            }
            if section.open {
                (0..section.lights.len()).for_each(|l| put(Row::Light(s, l), size::LIGHT_ROW));
            }
            y += space::M;
        }
        self.height = y;
    }

    /// The height of all rows, points.
    #[must_use]
    pub const fn height(&self) -> f32 {
        self.height
    }

    /// The rows that are in sight between two heights, with their tops.
    pub fn seen(&self, from: f32, to: f32) -> impl Iterator<Item = (f32, Row)> {
        let first = self.rows.partition_point(|(top, _)| top + size::LIGHT_ROW < from);
        self.rows.get(first..).unwrap_or_default().iter().copied().take_while(move |(top, _)| *top <= to)
    }

    /// The height of a row, points.
    #[must_use]
    pub const fn row_height(row: Row) -> f32 {
        match row {
            Row::Head(_) => size::ROW,
            Row::Scenes(_) => size::SCENES_ROW,
            Row::Light(..) => size::LIGHT_ROW,
        }
    }

    /// From where to where a section goes.
    #[must_use]
    pub fn span(&self, section: usize) -> Range<f32> {
        let of = |row: &Row| match row {
            Row::Head(s) | Row::Scenes(s) | Row::Light(s, _) => *s == section,
        };
        let first = self.rows.partition_point(|(_, row)| before(row, section));
        let own = || self.rows.get(first..).unwrap_or_default().iter().take_while(|(_, row)| of(row));
        let top = own().next().map_or(0.0, |(top, _)| *top);
        let rest = self.sections.get(section).map_or(0, |section| if section.open { section.lights.len() } else { 0 });
        let scenes = self.sections.get(section).is_some_and(|section| !section.scenes.is_empty());
        let scenes = if scenes { size::SCENES_ROW } else { 0.0 };
        top..top + size::ROW + scenes + rest as f32 * size::LIGHT_ROW
    }

    /// The light of a row.
    #[must_use]
    pub fn light(&self, section: usize, light: usize) -> Option<&Arc<Light>> {
        self.sections.get(section)?.lights.get(light)
    }

    /// The lights that are listed, in their order; one that is in two sections is there twice.
    pub fn listed(&self) -> impl DoubleEndedIterator<Item = &Arc<Light>> {
        self.sections.iter().filter(|section| section.open).flat_map(|section| &section.lights)
    }

    /// The top of a light's first row.
    #[must_use]
    pub fn top_of(&self, id: &LightId) -> Option<f32> {
        let is = |row: &Row| matches!(*row, Row::Light(s, l) if self.light(s, l).is_some_and(|light| light.id == *id));
        self.rows.iter().find(|(_, row)| is(row)).map(|(top, _)| *top)
    }
}

const fn before(row: &Row, section: usize) -> bool {
    match row {
        Row::Head(s) | Row::Scenes(s) | Row::Light(s, _) => *s < section,
    }
}

/// The family of a light, by its connection.
#[must_use]
pub fn maker(view: &Lights, light: &Light) -> Arc<str> {
    view.connections.get(&light.connection).map_or_else(|| "".into(), |known| Arc::clone(&known.target.family))
}

/// The name of a family; its id where it is not known.
#[must_use]
pub fn family(view: &Lights, id: &Arc<str>) -> Arc<str> {
    let known = view.families.iter().find(|family| family.id == *id);
    known.map_or_else(|| Arc::clone(id), |family| Arc::clone(&family.name))
}

/// Which lights pass the filter, each with its room.
struct Filter<'a> {
    view: &'a Lights,
    words: Vec<String>,
    maker: Option<&'a Arc<str>>,
    rooms: BTreeMap<&'a LightId, &'a Arc<Group>>,
}

impl<'a> Filter<'a> {
    fn new(view: &'a Lights, wanted: &'a Wanted) -> Self {
        let rooms = view.groups.values().filter(|group| group.kind == GroupKind::Room);
        Self {
            view,
            words: wanted.filter.to_lowercase().split_whitespace().map(str::to_owned).collect(),
            maker: wanted.maker.as_ref(),
            rooms: rooms.flat_map(|group| group.lights.iter().map(move |light| (light, group))).collect(),
        }
    }

    fn passes(&self, light: &Light) -> bool {
        if self.maker.is_none() && self.words.is_empty() {
            return true;
        }
        let maker = maker(self.view, light);
        if self.maker.is_some_and(|wanted| **wanted != *maker) {
            return false;
        }
        let room = self.rooms.get(&light.id).map_or("", |room| &room.name);
        let text = format!("{} {} {room} {maker}", light.name, light.model).to_lowercase();
        self.words.iter().all(|word| text.contains(word))
    }
}

/// Lights under a heading, without scenes.
#[must_use]
pub fn section(key: Arc<str>, name: Arc<str>, aim: Option<Aim>, mut lights: Vec<Arc<Light>>) -> Section {
    lights.sort_by_cached_key(|light| (!light.favourite, light.name.to_lowercase(), light.id.clone()));
    let shown = lights.iter().map(|light| light.stack.shown());
    let spread: Vec<f32> = shown.filter(|state| state.on).map(|state| state.brightness).collect();
    Section { key, name, aim, group: None, on: spread.len(), spread, lights, scenes: Vec::new(), open: true }
}

/// All lights of a room or zone, without its scenes.
#[must_use]
pub fn of_group(view: &Lights, group: &Arc<Group>) -> Section {
    let lights = group.lights.iter().filter_map(|id| view.lights.get(id)).cloned().collect();
    let aim = Some(Aim::Group(group.id.clone()));
    Section { group: Some(Arc::clone(group)), ..section(Arc::clone(&group.id.0), Arc::clone(&group.name), aim, lights) }
}

fn scenes_of(view: &Lights, group: Option<&GroupId>) -> Vec<Arc<Scene>> {
    let mut scenes: Vec<Arc<Scene>> =
        view.scenes.values().filter(|scene| scene.group.as_ref() == group).cloned().collect();
    scenes.sort_by_cached_key(|scene| scene.name.to_lowercase());
    scenes
}

/// The whole house if it has scenes, rooms, what is in none, zones.
fn rooms(view: &Lights, wanted: &Wanted) -> Vec<Section> {
    let filter = Filter::new(view, wanted);
    let narrows = wanted.narrows();
    let mut sections = Vec::new();
    let whole = scenes_of(view, None);
    if !whole.is_empty() && !narrows {
        let all = view.lights.values().cloned().collect();
        let house = section("house".into(), "Whole house".into(), Some(Aim::All), all);
        sections.push(Section { scenes: whole, open: wanted.flipped.contains("house"), ..house });
    }
    let mut groups: Vec<&Arc<Group>> = view.groups.values().collect();
    groups.sort_by_cached_key(|group| (group.kind, group.order, group.name.to_lowercase()));
    let (rooms, zones): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.kind == GroupKind::Room);
    let of = |group: &Arc<Group>| {
        let members = group.lights.iter().filter_map(|id| view.lights.get(id));
        let lights: Vec<Arc<Light>> = members.filter(|light| filter.passes(light)).cloned().collect();
        // What is left out must not be dimmed by what is shown.
        let aim = (lights.len() == group.lights.len()).then(|| Aim::Group(group.id.clone()));
        let usual = group.kind == GroupKind::Room;
        let flipped = wanted.flipped.contains(&group.id.0);
        Section {
            group: Some(Arc::clone(group)),
            scenes: if narrows { Vec::new() } else { scenes_of(view, Some(&group.id)) },
            open: narrows || usual != flipped,
            ..section(Arc::clone(&group.id.0), Arc::clone(&group.name), aim, lights)
        }
    };
    let kept = |section: &Section| !narrows || !section.lights.is_empty();
    sections.extend(rooms.into_iter().map(of).filter(kept));
    let homeless = view.lights.values().filter(|light| !filter.rooms.contains_key(&light.id));
    let homeless: Vec<Arc<Light>> = homeless.filter(|light| filter.passes(light)).cloned().collect();
    if !homeless.is_empty() {
        let open = narrows || !wanted.flipped.contains("");
        sections.push(Section { open, ..section("".into(), "In no room".into(), None, homeless) });
    }
    sections.extend(zones.into_iter().map(of).filter(kept));
    sections
}

fn makers(view: &Lights, wanted: &Wanted) -> Vec<Section> {
    let filter = Filter::new(view, wanted);
    let mut families: BTreeMap<Arc<str>, Vec<Arc<Light>>> = BTreeMap::new();
    for light in view.lights.values().filter(|light| filter.passes(light)) {
        families.entry(maker(view, light)).or_default().push(Arc::clone(light));
    }
    let family = |(id, lights): (Arc<str>, Vec<Arc<Light>>)| {
        let name = if id.is_empty() { "Unknown".into() } else { self::family(view, &id) };
        let open = wanted.narrows() || !wanted.flipped.contains(&id);
        Section { open, ..section(id, name, None, lights) }
    };
    families.into_iter().map(family).collect()
}
