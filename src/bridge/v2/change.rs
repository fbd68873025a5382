//! A resource, and what changed of it: what the book of resources finds out and the event stream tells.
//!
//! Invariant: an update names only members that changed, each whole.

use std::sync::Arc;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::units::moment::Moment;

/// A resource as apps see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// `light`, `grouped_light` and so on.
    pub kind: &'static str,
    /// Its UUID.
    pub id: Uuid,
    /// Its address in version 1: `/lights/1`.
    pub id_v1: Option<Arc<str>>,
    /// All its members, with `id`, `id_v1`, `type` and `owner`.
    pub body: Map<String, Value>,
}

/// What happened to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It is new.
    Add,
    /// Some of its members changed.
    Update,
    /// It is gone.
    Delete,
}

/// A change.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What happened.
    pub what: What,
    /// The type of the resource.
    pub kind: &'static str,
    /// Its UUID.
    pub id: Uuid,
    /// Its address in version 1.
    pub id_v1: Option<Arc<str>>,
    /// Add: all members. Update: the members that changed, with `id`, `id_v1`, `type`, `owner` and, of lights,
    /// `service_id`. Delete: `id`, `id_v1`, `type`.
    pub body: Map<String, Value>,
    /// When the fact that led to it became true.
    pub at: Moment,
}

impl Change {
    /// Whether each one must be told, as what buttons say: two must never become one.
    #[must_use]
    pub fn stands_alone(&self) -> bool {
        self.what != What::Update || matches!(self.kind, "button" | "relative_rotary")
    }
}

/// Changes of one moment, in order.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The sequence number of the last fact in it.
    pub seq: u64,
    /// What changed.
    pub changes: Arc<[Change]>,
}
