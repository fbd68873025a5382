//! The lights of the overview in their order: favourites, rooms, what is in no room. Knows nothing of the scene.
//!
//! Invariant: the order is made once for each state of the house, and a row is counted only when it comes in sight.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::lights::group::{Group, GroupKind};
use crate::model::lights::{Aim, Light, LightId, Lights};
use crate::ui::light_words;
use crate::ui::panels::lights::rows::{self, Section};

/// Favourites that have a row of their own, at most: rooms must not be pushed out of sight.
const FAVOURITES: usize = 3;

/// What a row is about.
#[derive(Clone, Debug)]
enum Place {
    Favourite(Arc<Light>),
    Room(Arc<Group>),
    Loose,
}

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its lights.
    pub section: Section,
    /// The favourite that it is alone about.
    pub favourite: Option<LightId>,
    /// How many of its lights are out of reach.
    pub lost: usize,
}

/// How many lights there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub all: usize,
    /// Those that are on.
    pub on: usize,
    /// Those that are out of reach.
    pub lost: usize,
}

impl Tally {
    /// Counts all lights.
    #[must_use]
    pub fn of(view: &Lights) -> Self {
        let lights = view.lights.values();
        let count = |is: fn(&Light) -> bool| lights.clone().filter(|light| is(light)).count();
        Self { all: view.lights.len(), on: count(|light| light.wanted.on), lost: count(light_words::is_lost) }
    }
}

/// All rows.
#[derive(Debug, Default)]
pub struct Rooms {
    made_of: Option<u64>,
    places: Vec<Place>,
    loose: Vec<Arc<Light>>,
    counted: BTreeMap<usize, Arc<Row>>,
    /// How many lights there are.
    pub tally: Tally,
}

impl Rooms {
    /// Makes the order anew if the house (at this number of its facts) is another.
    pub fn refresh(&mut self, view: &Lights, seq: u64) {
        if self.made_of == Some(seq) {
            return;
        }
        let mut favourites: Vec<&Arc<Light>> = view.lights.values().filter(|light| light.favourite).collect();
        favourites.sort_by_cached_key(|light| light.name.to_lowercase());
        let mut rooms: Vec<&Arc<Group>> = view.groups.values().filter(|group| is_lit(view, group)).collect();
        rooms.sort_by_cached_key(|room| (room.order, room.name.to_lowercase()));
        let housed: BTreeSet<&LightId> = rooms.iter().flat_map(|room| &room.lights).collect();
        let loose = view.lights.values().filter(|light| !housed.contains(&light.id)).cloned().collect();
        let favourites = favourites.into_iter().take(FAVOURITES).cloned().map(Place::Favourite);
        let mut places: Vec<Place> = favourites.chain(rooms.into_iter().cloned().map(Place::Room)).collect();
        *self = Self { made_of: Some(seq), loose, tally: Tally::of(view), ..Self::default() };
        if !self.loose.is_empty() {
            places.push(Place::Loose);
        }
        self.places = places;
    }

    /// How many rows there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// How many rows were counted since the house changed.
    #[must_use]
    pub fn counted(&self) -> usize {
        self.counted.len()
    }

    /// A row, by its place.
    pub fn row(&mut self, view: &Lights, at: usize) -> Option<Arc<Row>> {
        if let Some(row) = self.counted.get(&at) {
            return Some(Arc::clone(row));
        }
        let (section, favourite) = match self.places.get(at)? {
            Place::Favourite(light) => (alone(light), Some(light.id.clone())),
            Place::Room(room) => (rows::of_group(view, room), None),
            Place::Loose => (rows::section("".into(), "No room".into(), None, self.loose.clone()), None),
        };
        let lost = section.lights.iter().filter(|light| light_words::is_lost(light)).count();
        let row = Arc::new(Row { section, favourite, lost });
        self.counted.insert(at, Arc::clone(&row));
        Some(row)
    }
}

/// Whether a group is a room that has a light.
fn is_lit(view: &Lights, group: &Group) -> bool {
    group.kind == GroupKind::Room && group.lights.iter().any(|id| view.lights.contains_key(id))
}

fn alone(light: &Arc<Light>) -> Section {
    let aim = Some(Aim::Light(light.id.clone()));
    rows::section(format!("light {}", light.id.0).into(), Arc::clone(&light.name), aim, vec![Arc::clone(light)])
}
