//! Layouts: arrangements of the window that a person saved by name. What is in one is the window's own affair.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Layouts that can be saved.
pub const MAX_LAYOUTS: usize = 64;
/// Bytes of one layout.
pub const MAX_BYTES: usize = 64 << 10;
/// The name under which the window keeps how it was left; never offered to people.
pub const LEFT: &str = "";

/// All layouts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layouts {
    /// RON texts by name.
    pub saved: BTreeMap<Arc<str>, Arc<str>>,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Save a layout, in place of the one of its name.
    Put {
        /// At most 40 characters; [`LEFT`] for how the window was left.
        name: String,
        /// What is in it, at most [`MAX_BYTES`].
        body: String,
    },
    /// Remove a layout.
    Remove {
        /// Which.
        name: String,
    },
}

/// What became true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// A layout was saved.
    Saved {
        /// Its name.
        name: Arc<str>,
        /// What is in it.
        body: Arc<str>,
    },
    /// A layout was removed.
    Gone(Arc<str>),
    /// All of them at once.
    Reset(Arc<Layouts>),
}

impl Layouts {
    /// Folds one update in.
    pub fn apply(&mut self, update: &Update) {
        match update {
            Update::Saved { name, body } => drop(self.saved.insert(Arc::clone(name), Arc::clone(body))),
            Update::Gone(name) => drop(self.saved.remove(name)),
            Update::Reset(all) => *self = Self::clone(all),
        }
    }
}
