//! What the window remembers while a device is added.
//!
//! Invariant: what was connected here and not finished is forgotten when a person cancels.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::lights::connection::{Connection, ConnectionId, Finding, Target};
use crate::model::lights::group::GroupId;
use crate::model::lights::{LightId, Lights};

/// The five steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// What it is.
    #[default]
    What,
    /// Where it is.
    Find,
    /// That it is the right one.
    Prove,
    /// What it is called, and where it stands.
    Place,
    /// That is all.
    Done,
}

impl Step {
    /// All of them with their words, in order.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::What, "What"),
        (Self::Find, "Find"),
        (Self::Prove, "Prove"),
        (Self::Place, "Name and place"),
        (Self::Done, "Done"),
    ];

    /// Its number, from 1.
    #[must_use]
    pub const fn number(self) -> usize {
        self as usize + 1
    }
}

/// A device as a person writes it down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByHand {
    /// Its family.
    pub family: Arc<str>,
    /// Its address.
    pub address: String,
    /// What else its family wants to know; secrets too.
    pub fields: BTreeMap<Arc<str>, String>,
}

/// Where a light goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Room {
    /// Where it is, or nowhere.
    #[default]
    Same,
    /// A room that is there.
    Known(GroupId),
    /// One that is made.
    New(String),
}

/// The whole of it.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// Whether a device is being added.
    pub open: bool,
    /// The page it lies over.
    page: usize,
    /// How far it is.
    pub step: Step,
    /// The only family that is looked for; `None` for any.
    pub family: Option<Arc<str>>,
    /// The finding that was picked, by its key.
    pub picked: Option<Arc<str>>,
    /// The device that is written down by hand, while that is open.
    pub by_hand: Option<ByHand>,
    /// Whether reasons for what is missing are shown.
    pub missing: bool,
    /// What was asked to connect.
    pub asked: Option<Target>,
    /// Connections that were there before.
    before: BTreeSet<ConnectionId>,
    /// Lights that were let blink.
    pub blinked: BTreeSet<LightId>,
    /// Names as typed.
    pub names: BTreeMap<LightId, String>,
    /// Where all of them go.
    pub room: Room,
}

impl Desk {
    /// Begins anew, over this page. On another page it waits.
    pub fn begin(&mut self, page: usize) {
        *self = Self { open: true, page, ..Self::default() };
    }

    /// Whether it is what this page shows.
    #[must_use]
    pub const fn is_on(&self, page: usize) -> bool {
        self.open && self.page == page
    }

    /// Notes what is about to be connected.
    pub fn ask(&mut self, target: Target, lights: &Lights) {
        self.before = lights.connections.keys().cloned().collect();
        (self.asked, self.step) = (Some(target), Step::Prove);
        self.blinked.clear();
    }

    /// The connection that came of it.
    #[must_use]
    pub fn connection<'a>(&self, lights: &'a Lights) -> Option<&'a Arc<Connection>> {
        let asked = self.asked.as_ref()?;
        let same =
            |known: &&Arc<Connection>| known.target.family == asked.family && known.target.address == asked.address;
        lights.connections.values().find(same)
    }

    /// The connection that is forgotten if a person cancels: the one that was not there before.
    #[must_use]
    pub fn unfinished(&self, lights: &Lights) -> Option<ConnectionId> {
        let made = self.connection(lights).filter(|made| !self.before.contains(&made.id));
        made.filter(|_| matches!(self.step, Step::Prove | Step::Place)).map(|made| made.id.clone())
    }

    /// The finding that was picked, if it is still there.
    #[must_use]
    pub fn finding<'a>(&self, lights: &'a Lights) -> Option<&'a Arc<Finding>> {
        self.picked.as_ref().and_then(|key| lights.findings.get(key))
    }
}
