//! Families of version 1, each of which numbers its things, and how far the numbers are used up.
//!
//! Invariant: a number that was given out is never given out again.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::bridge::ids::Kind;
use crate::model::bridge::kept;

/// What is numbered on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Lights.
    Lights,
    /// Rooms, zones and entertainment areas.
    Groups,
    /// Sensors; the first is the daylight sensor, which is always there.
    Sensors,
    /// Rules.
    Rules,
    /// Schedules.
    Schedules,
    /// Resourcelinks.
    Links,
}

/// How far numbers are used up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counters {
    /// The last number of each family.
    pub numbers: BTreeMap<Family, u32>,
    /// The last id of each kind of object.
    pub objects: BTreeMap<kept::Kind, u32>,
}

impl Family {
    /// The family in which things of this kind have their numbers; `None` if they have none, or ids of another form.
    #[must_use]
    pub const fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::Light => Some(Self::Lights),
            Kind::Group | Kind::Object(kept::Kind::Area) => Some(Self::Groups),
            Kind::Input | Kind::Sensor | Kind::Object(kept::Kind::Clip) => Some(Self::Sensors),
            Kind::Object(kept::Kind::Rule) => Some(Self::Rules),
            Kind::Object(kept::Kind::Schedule) => Some(Self::Schedules),
            Kind::Object(kept::Kind::Link) => Some(Self::Links),
            Kind::Bridge
            | Kind::Home
            | Kind::Scene
            | Kind::Object(kept::Kind::Behavior | kept::Kind::Client | kept::Kind::SmartScene) => None,
        }
    }

    /// The last number that is taken from the beginning.
    const fn reserved(self) -> u32 {
        match self {
            Self::Sensors => 1,
            _ => 0,
        }
    }
}

impl Counters {
    /// The next number of a family.
    pub fn next(&mut self, family: Family) -> Arc<str> {
        let last = self.numbers.entry(family).or_insert(family.reserved());
        *last = last.saturating_add(1);
        last.to_string().into()
    }

    /// The next id of a kind of object.
    pub fn next_object(&mut self, kind: kept::Kind) -> Arc<str> {
        let last = self.objects.entry(kind).or_insert(0);
        *last = last.saturating_add(1);
        last.to_string().into()
    }

    /// Notes that a number came from elsewhere; what is no number takes none.
    pub fn taken(&mut self, family: Family, number: &str) {
        if let Ok(number) = number.parse::<u32>() {
            let last = self.numbers.entry(family).or_insert(family.reserved());
            *last = number.max(*last);
        }
    }

    /// Notes that an object's id came from elsewhere.
    pub fn taken_object(&mut self, kind: kept::Kind, id: &str) {
        if let Ok(id) = id.parse::<u32>() {
            let last = self.objects.entry(kind).or_insert(0);
            *last = id.max(*last);
        }
    }
}
