//! Rooms and zones.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::lights::LightId;

/// What a group is told apart by: a slug, for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GroupId(pub Arc<str>);

/// What a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// A room: a light is in one at most.
    Room,
    /// A zone: any lights of any rooms.
    Zone,
}

/// A room or zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// What it is told apart by.
    pub id: GroupId,
    /// What people call it.
    pub name: Arc<str>,
    /// Which of the two.
    pub kind: GroupKind,
    /// What is in it.
    pub lights: BTreeSet<LightId>,
    /// Its place among the others, the smallest first.
    pub order: u32,
}
