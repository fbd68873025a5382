//! Who drives a light: its base, the layers above it, and what follows from them.
//!
//! ```text
//!  alarm                 on top of everything
//!  hold                  an operator's touch while the layer below it was active; ends with that layer
//!  stream                frames from other programs
//!  automation, effect, schedule      masks, attribute by attribute
//!  base                  the last write of a person, a Hue app, the API or a scene
//! ```
//!
//! Invariant: what is shown is always computed from the base and the layers; nothing is ever saved to be put back.
//! Invariant: layers lie in the order of [`Kind`], holds right above the layer that they answer to.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::lights::state::{Change, State};

/// The kinds of layers, the lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A schedule.
    Schedule,
    /// An effect that is painted.
    Effect,
    /// An automation.
    Automation,
    /// Frames from another program.
    Stream,
    /// An alarm.
    Alarm,
}

/// One layer over one light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// What it is told apart by among the layers of its kind: an alarm's id, a scene's, an effect's.
    pub key: Arc<str>,
    /// Its kind.
    pub kind: Kind,
    /// What people call it.
    pub name: Arc<str>,
    /// Who put it there, in words.
    pub by: Arc<str>,
    /// Since when.
    pub since: Timestamp,
    /// What it masks.
    pub change: Change,
    /// What a person did since, above it.
    pub hold: Option<Hold>,
}

/// What a person changed while a layer was active.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hold {
    /// The attributes that were touched.
    pub change: Change,
    /// Who, in words.
    pub by: Arc<str>,
    /// When it ends by itself, if it does.
    pub until: Option<Timestamp>,
}

/// The base of one light and what lies above it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// The last write that persists.
    pub base: State,
    /// Who made it, in words; empty for the light itself.
    pub by: Arc<str>,
    /// What lies above, the lowest first.
    pub layers: Vec<Layer>,
}

impl Default for Stack {
    fn default() -> Self {
        Self { base: State::default(), by: "".into(), layers: Vec::new() }
    }
}
