//! One instance per data folder: a lock, and a note beside it that tells a second one where the first is.
//!
//! Invariant: the system frees the lock when the process ends, however it ends; no stale lock can stay behind.

use std::fs::{File, TryLockError};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::io::files;

/// How often, and how far apart, the lock is tried before it counts as held.
const PROBES: u32 = 10;
const PROBE: Duration = Duration::from_millis(10);

/// Where the running instance is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Its process.
    pub pid: u32,
    /// Where its local API answers, if it does.
    pub api: Option<SocketAddr>,
}

/// Why the lock was not had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another instance runs on the same data folder.
    #[error("Hearthlight is already running on this data folder{}", .0.map_or(String::new(), |r| format!(" (process {})", r.pid)))]
    Held(Option<Running>),
    /// The lock's file cannot be made.
    #[error("{}: cannot be locked: {why}", .file.display())]
    Io {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        why: io::Error,
    },
}

/// The lock on a data folder, held until dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    note: PathBuf,
}

impl Lock {
    /// Takes the lock.
    ///
    /// # Errors
    /// [`LockError::Held`] with the other instance's note if there is one; `Io` if the folder is not writable.
    pub fn acquire(path: &Path) -> Result<Self, LockError> {
        let failed = |why| LockError::Io { file: path.to_owned(), why };
        let file = File::options().write(true).create(true).truncate(false).open(path).map_err(failed)?;
        let note = note_of(path);
        for _ in 0..PROBES {
            match file.try_lock() {
                Ok(()) => return Ok(Self { file, note }),
                // Somebody who only looks (see [`running`]) holds it for an instant: look again.
                Err(TryLockError::WouldBlock) => std::thread::sleep(PROBE),
                Err(TryLockError::Error(why)) => return Err(failed(why)),
            }
        }
        Err(LockError::Held(read(&note)))
    }

    /// Tells a second instance where this one is. Call when the API listens, and again if it moves.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn announce(&self, running: Running) -> io::Result<()> {
        let text = serde_json::to_string(&running).map_err(io::Error::other)?;
        files::replace(&self.note, text.as_bytes())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Both happen by themselves later: the next instance overwrites the note, the system frees the lock.
        drop(std::fs::remove_file(&self.note));
        drop(self.file.unlock());
    }
}

/// Where the instance is that holds the lock at `path`; `None` if none runs, or it said nothing.
#[must_use]
pub fn running(path: &Path) -> Option<Running> {
    let found = read(&note_of(path))?;
    // The note may be that of a process that was killed: only the lock proves that one runs.
    let file = File::options().read(true).write(true).open(path).ok()?;
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)).then_some(found)
}

/// Beside the lock, because some systems let nobody read a locked file.
fn note_of(path: &Path) -> PathBuf {
    path.with_extension("json")
}

fn read(note: &Path) -> Option<Running> {
    serde_json::from_str(&std::fs::read_to_string(note).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Lock, LockError, Running, running};

    #[test]
    fn a_second_one_learns_where_the_first_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hearthlight.lock");
        assert_eq!(running(&path), None);
        let first = Lock::acquire(&path).expect("free");
        assert!(matches!(Lock::acquire(&path), Err(LockError::Held(None))));
        let note = Running { pid: 7, api: "127.0.0.1:9464".parse().ok() };
        first.announce(note).expect("written");
        assert!(matches!(Lock::acquire(&path), Err(LockError::Held(Some(found))) if found == note));
        assert_eq!(running(&path), Some(note));
        drop(first);
        assert_eq!(running(&path), None);
        drop(Lock::acquire(&path).expect("free again"));
    }

    #[test]
    fn who_only_looks_never_keeps_an_instance_from_starting() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("hearthlight.lock");
        let done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                // The note of a process that was killed: looking must then go as far as the lock.
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    std::fs::write(path.with_extension("json"), r#"{"pid":7,"api":null}"#).expect("written");
                    let _ = running(&path);
                }
            });
            let started = (0..200).all(|_| Lock::acquire(&path).is_ok());
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(started);
        });
    }
}
