//! What Hue apps note beside lights, rooms and scenes, and nobody else needs.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::bridge::app::AppId;

/// What is noted; what is `None` was never said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extra {
    /// What it looks like, in the words of version 2: `sultan_bulb`, `living_room`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archetype: Option<Arc<str>>,
    /// What a light is for: `functional`, `decorative`, `mixed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub function: Option<Arc<str>>,
    /// A version and up to 16 characters of the app's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appdata: Option<(u8, Arc<str>)>,
    /// A picture in the words of version 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<Arc<str>>,
    /// A picture of the maker's, version 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Uuid>,
    /// Whether it may go when room is needed.
    pub recycle: bool,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<AppId>,
    /// Whether recalling a scene lets it move.
    pub auto_dynamic: bool,
    /// A scene's colours to move through, as written in version 2 (JSON).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub palette: Option<Arc<str>>,
    /// How fast, 0..=1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<f64>,
    /// What a light does when its power comes back, as written in version 2 (JSON).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub powerup: Option<Arc<str>>,
    /// Whether a zone was made as a mere group of lights, as version 1 knows them beside rooms and zones.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub legacy: bool,
    /// When an app wrote it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Timestamp>,
}
