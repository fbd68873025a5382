//! Entertainment areas: where the lights of a stream stand.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::lights::LightId;

/// An entertainment area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// What people call it.
    pub name: Arc<str>,
    /// `screen`, `monitor`, `music`, `3dspace` or `other`.
    pub kind: Arc<str>,
    /// Its lights, in the order of its channels.
    pub places: Vec<Place>,
}

/// Where a light stands: x from left to right, y from the back to the screen, z from floor to ceiling, each -1..=1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Which light.
    pub light: LightId,
    /// One position, or the two ends of a strip.
    pub positions: Vec<[f64; 3]>,
    /// How much of its brightness it gives, 0..=1.
    pub equalization: f64,
}
