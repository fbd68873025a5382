//! Examination of the database, for the self-test: it is only read.

use std::path::Path;
use std::time::Duration;

use crate::store::{StoreError, readers, schema};

/// How long another program may hold the file before the examination gives up.
const BUSY: Duration = Duration::from_secs(3);

/// What an examination found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// Which version of the shape it has.
    pub version: u32,
    /// Bytes on disk, its log left out.
    pub bytes: u64,
    /// What SQLite finds wrong with it; `None` if it is sound.
    pub damage: Option<String>,
}

/// Examines a database; `None` if there is none. Takes a second or so for each gigabyte.
///
/// # Errors
/// It cannot be read, or a newer Hearthlight wrote it.
pub fn examine(file: &Path) -> Result<Option<Examined>, StoreError> {
    let Ok(found) = std::fs::metadata(file) else { return Ok(None) };
    let wrong = |cause| StoreError::File { file: file.to_owned(), cause };
    let from = readers::open(file, BUSY).map_err(wrong)?;
    let (version, known) = (schema::version(&from).map_err(wrong)?, schema::STEPS.len() as u32);
    if version > known {
        return Err(StoreError::Newer { file: file.to_owned(), found: version, known });
    }
    let said: String = from.pragma_query_value(None, "quick_check", |row| row.get(0)).map_err(wrong)?;
    Ok(Some(Examined { version, bytes: found.len(), damage: (said != "ok").then_some(said) }))
}
