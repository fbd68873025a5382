//! A segment that is being written.
//!
//! Invariant: it is only ever appended to, and cut back to what was whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::store::recordings::segment::Table;

/// A segment that is being written.
#[derive(Debug)]
pub(super) struct Active {
    pub(super) start_us: i64,
    pub(super) path: PathBuf,
    pub(super) file: Option<File>,
    pub(super) len: u64,
    pub(super) table: Arc<Table>,
}

impl Active {
    /// Appends to the file, opened if it is not.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            closed => closed.insert(OpenOptions::new().append(true).open(&self.path)?),
        };
        file.write_all(bytes)?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Cuts the file back to `len`, as far as that can be done. Returns what it takes now.
    pub(super) fn cut(&mut self, len: u64) -> u64 {
        // If it fails, what is too much stays.
        drop(self.file.take().map(|file| file.set_len(len)));
        self.len = fs::metadata(&self.path).map_or(len, |about| about.len());
        self.len
    }
}

/// Deletes a file; one that is gone already is no failure.
pub(super) fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
