//! What only we and a device know: passwords and keys of connections, in a file of their own.
//!
//! Invariant: secrets are in no snapshot, no log and no backup; their file is readable by its owner alone.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::io::files;
use crate::model::lights::connection::ConnectionId;

/// The file within the folder of secrets.
pub const FILE: &str = "lights.json";

/// Secrets by connection and by key.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secrets(BTreeMap<Arc<str>, BTreeMap<String, String>>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Secrets").field("connections", &self.0.len()).finish_non_exhaustive()
    }
}

impl Secrets {
    /// Reads the file; none if it is not there.
    ///
    /// # Errors
    /// Cause and cure, for a person.
    pub fn load(file: &Path) -> Result<Self, String> {
        let read = match std::fs::read(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            read => read.map_err(|error| error.to_string()),
        };
        let secrets = read.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()));
        let what = "Keys and passwords of lights could not be read; connections that need one ask for it again";
        secrets.map_err(|why| format!("{what}. {}: {why}", file.display()))
    }

    /// Writes the file.
    ///
    /// # Errors
    /// If the disk fails; the file is as it was.
    pub fn save(&self, file: &Path) -> io::Result<()> {
        files::replace_private(file, &serde_json::to_vec(self)?)
    }

    /// Those of a connection.
    #[must_use]
    pub fn of(&self, connection: &ConnectionId) -> BTreeMap<String, String> {
        self.0.get(&connection.0).cloned().unwrap_or_default()
    }

    /// Adds some to a connection, in place of those of the same keys. Says whether anything changed.
    pub fn add(&mut self, connection: &ConnectionId, secrets: BTreeMap<String, String>) -> bool {
        if secrets.is_empty() {
            return false;
        }
        let before = self.of(connection);
        let kept = self.0.entry(Arc::clone(&connection.0)).or_default();
        kept.extend(secrets);
        *kept != before
    }

    /// Forgets those of a connection. Says whether there were any.
    pub fn forget(&mut self, connection: &ConnectionId) -> bool {
        self.0.remove(&connection.0).is_some()
    }
}
