//! All of the database and the settings in one file, and back again.
//!
//! A backup is a SQLite file of its own: the whole database, with two tables more. `backup_about` says when it was made
//! and by which version; `backup_file` holds settings files. Secrets are never in it.
//!
//! ```text
//!  hearthlight.db ──one moment of it──▶ FILE.draft ──checked──▶ FILE
//!  FILE ──checked──▶ hearthlight.db.draft ──▶ hearthlight.db     the one before: hearthlight.db.before-restore
//! ```
//!
//! Invariant: a name is only given to a file that is whole and on the disk; what had the name before a restore is kept.
//! Invariant: making a backup keeps nobody from writing.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::store::schema::{self, beside};
use crate::store::{history, readers};

/// How long another program may hold a file.
const BUSY: Duration = Duration::from_secs(10);

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to save.
    #[error("{}: there is no database yet. Start Hearthlight once, or name its folder with --data.", .0.display())]
    Nothing(PathBuf),
    /// The file is there already.
    #[error("{} is there already. Name another file, or write over it with --force.", .0.display())]
    Exists(PathBuf),
    /// The file is one of those that are saved.
    #[error("{} is one of the files that are saved. Name another file.", .0.display())]
    Itself(PathBuf),
    /// The file is no backup.
    #[error("{} is no backup of Hearthlight.", .0.display())]
    NoBackup(PathBuf),
    /// A newer Hearthlight made the backup.
    #[error("{} is of version {found}, this Hearthlight knows {known}. Install the newer one.", .file.display())]
    Newer {
        /// Which file.
        file: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version known here.
        known: u32,
    },
    /// The file is damaged.
    #[error("{} is damaged: {what}", .file.display())]
    Damaged {
        /// Which file.
        file: PathBuf,
        /// What was found.
        what: String,
    },
    /// The database fails.
    #[error("{}: {cause}", .file.display())]
    Database {
        /// Which file.
        file: PathBuf,
        /// What SQLite says.
        cause: rusqlite::Error,
    },
    /// The disk fails.
    #[error("{}: {cause}", .file.display())]
    Disk {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
}

/// When a backup was made, and by which version of Hearthlight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// When.
    pub at: Timestamp,
    /// By which version.
    pub by: String,
}

/// What a database holds, at a glance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Devices.
    pub devices: u64,
    /// Calibrations.
    pub calibrations: u64,
    /// Lights.
    pub lights: u64,
    /// Rules.
    pub rules: u64,
    /// Alarms that are not normal.
    pub alarms: u64,
    /// Entries of the journal.
    pub journal: u64,
    /// The oldest reading, if there is one.
    pub readings_since: Option<Timestamp>,
    /// Size of the file, its log written into it, bytes.
    pub bytes: u64,
}

/// A backup that was found whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    file: PathBuf,
    /// When it was made, and by which version.
    pub made: Made,
    /// What its database holds.
    pub contents: Contents,
    /// Its other files, by name.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Saves a database and the `files` that are there, each under its name, into one file. The database may be in use.
///
/// # Errors
/// If there is nothing to save, the file is there and not to be written over (`force`), or the disk fails.
pub fn write(db: &Path, files: &[(&str, &Path)], to: &Path, force: bool, made: &Made) -> Result<Contents, BackupError> {
    if !db.exists() {
        return Err(BackupError::Nothing(db.to_owned()));
    }
    if to.exists() && !force {
        return Err(BackupError::Exists(to.to_owned()));
    }
    let sources = files.iter().map(|(_, file)| *file).chain([db]);
    if sources.into_iter().any(|source| same(source, to)) {
        return Err(BackupError::Itself(to.to_owned()));
    }
    let draft = Draft::beside(to)?;
    copy_database(db, &draft.0)?;
    add(&draft.0, files, made)?;
    let found = Backup::open(&draft.0)?;
    draft.keep(to)?;
    Ok(found.contents)
}

impl Backup {
    /// Opens a backup and checks all of it.
    ///
    /// # Errors
    /// If it is none, is damaged, or a newer Hearthlight made it.
    pub fn open(file: &Path) -> Result<Self, BackupError> {
        let wrong = |cause| match cause {
            rusqlite::Error::SqliteFailure(failure, _) if failure.code == rusqlite::ErrorCode::NotADatabase => {
                BackupError::NoBackup(file.to_owned())
            }
            cause => BackupError::Database { file: file.to_owned(), cause },
        };
        let from = readers::open(file, BUSY).map_err(wrong)?;
        // Whatever a stranger's file defines is not run.
        from.pragma_update(None, "trusted_schema", false).map_err(wrong)?;
        let (found, known) = (schema::version(&from).map_err(wrong)?, schema::STEPS.len() as u32);
        if found == 0 || !is_there(&from, "backup_about").map_err(wrong)? {
            return Err(BackupError::NoBackup(file.to_owned()));
        }
        if found > known {
            return Err(BackupError::Newer { file: file.to_owned(), found, known });
        }
        let what: String = from.pragma_query_value(None, "integrity_check", |row| row.get(0)).map_err(wrong)?;
        if what != "ok" {
            return Err(BackupError::Damaged { file: file.to_owned(), what });
        }
        let made = made(&from).map_err(wrong)?;
        let made = made.ok_or_else(|| BackupError::NoBackup(file.to_owned()))?;
        let contents = count(&from).map_err(wrong)?;
        let files = files_in(&from).map_err(wrong)?;
        Ok(Self { file: file.to_owned(), made, contents, files })
    }

    /// Puts its database in place of another, or where none is. Nobody may use that one. Returns where the one before
    /// lies now.
    ///
    /// # Errors
    /// If the disk fails; then the one before is still in place, or lies beside it under the name it was to be kept
    /// under.
    pub fn restore(&self, db: &Path) -> Result<Option<PathBuf>, BackupError> {
        let draft = Draft::beside(db)?;
        std::fs::copy(&self.file, &draft.0).map_err(|cause| disk(db, cause))?;
        strip(&draft.0).map_err(|cause| BackupError::Database { file: draft.0.clone(), cause })?;
        let kept = set_aside(db).map_err(|cause| disk(db, cause))?;
        draft.keep(db)?;
        Ok(kept)
    }
}

/// What a database holds; `None` if there is none.
///
/// # Errors
/// If it cannot be read.
pub fn contents(db: &Path) -> Result<Option<Contents>, BackupError> {
    if !db.exists() {
        return Ok(None);
    }
    let found = readers::open(db, BUSY).and_then(|from| count(&from));
    found.map(Some).map_err(|cause| BackupError::Database { file: db.to_owned(), cause })
}

/// The first name that is free for what is replaced by a restore: `FILE.before-restore`, `FILE.before-restore-2`, …
#[must_use]
pub fn before_restore(file: &Path) -> PathBuf {
    let first = beside(file, ".before-restore");
    let others = (2_u32..).map(|n| beside(file, &format!(".before-restore-{n}")));
    std::iter::once(first.clone()).chain(others).find(|name| !name.exists()).unwrap_or(first)
}

/// A file without its name yet; it goes away unless it is kept.
struct Draft(PathBuf);

impl Draft {
    fn beside(file: &Path) -> Result<Self, BackupError> {
        let draft = beside(file, ".draft");
        match std::fs::remove_file(&draft) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(disk(&draft, cause)),
            _ => Ok(Self(draft)),
        }
    }

    /// Gives it its name, on the disk.
    fn keep(self, name: &Path) -> Result<(), BackupError> {
        let synced = std::fs::File::options().write(true).open(&self.0).and_then(|file| file.sync_all());
        let named = synced.and_then(|()| std::fs::rename(&self.0, name)).and_then(|()| keep_name(name));
        named.map_err(|cause| disk(name, cause))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Not there any more once it has its name.
        drop(std::fs::remove_file(&self.0));
    }
}

fn disk(file: &Path, cause: io::Error) -> BackupError {
    BackupError::Disk { file: file.to_owned(), cause }
}

fn same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// One moment of a database that may be in use.
fn copy_database(db: &Path, to: &Path) -> Result<(), BackupError> {
    let unnamed = || io::Error::new(io::ErrorKind::InvalidInput, "the folder's name is not Unicode");
    let target = to.to_str().ok_or_else(|| disk(to, unnamed()))?;
    let copied = readers::open(db, BUSY).and_then(|from| from.execute("VACUUM INTO ?1", [target]));
    copied.map(drop).map_err(|cause| BackupError::Database { file: db.to_owned(), cause })
}

/// Makes a copied database a backup.
fn add(draft: &Path, files: &[(&str, &Path)], made: &Made) -> Result<(), BackupError> {
    let wrong = |cause| BackupError::Database { file: draft.to_owned(), cause };
    let mut connection = Connection::open(draft).map_err(wrong)?;
    let transaction = connection.transaction().map_err(wrong)?;
    let tables = "CREATE TABLE backup_about (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
                  CREATE TABLE backup_file (name TEXT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL) STRICT;";
    transaction.execute_batch(tables).map_err(wrong)?;
    for (name, value) in [("made", made.at.to_string()), ("version", made.by.clone())] {
        transaction.execute("INSERT INTO backup_about VALUES (?1, ?2)", [name, &value]).map_err(wrong)?;
    }
    for (name, file) in files {
        let bytes = match std::fs::read(file) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
            read => read.map_err(|cause| disk(file, cause))?,
        };
        transaction.execute("INSERT INTO backup_file VALUES (?1, ?2)", params![name, bytes]).map_err(wrong)?;
    }
    transaction.commit().map_err(wrong)
}

/// Makes a backup a plain database again.
fn strip(draft: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open(draft)?;
    connection.execute_batch("BEGIN; DROP TABLE backup_file; DROP TABLE backup_about; COMMIT")
}

/// Gives a database a second name to be kept under, and leaves no log behind that would be taken for its successor's.
fn set_aside(db: &Path) -> io::Result<Option<PathBuf>> {
    if !db.exists() {
        return Ok(None);
    }
    // Writes the log into the file, if the file is sound; a damaged one keeps its log beside it.
    drop(Connection::open(db).and_then(|old| old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))));
    let kept = before_restore(db);
    for log in ["-wal", "-journal"] {
        match std::fs::rename(beside(db, log), beside(&kept, log)) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
            _ => {}
        }
    }
    match std::fs::remove_file(beside(db, "-shm")) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    // Both names at once: there is a database at every moment. Where a file cannot have two names it is copied.
    if std::fs::hard_link(db, &kept).is_err() {
        std::fs::copy(db, &kept)?;
    }
    Ok(Some(kept))
}

fn made(from: &Connection) -> rusqlite::Result<Option<Made>> {
    let mut statement = from.prepare("SELECT value FROM backup_about WHERE name = ?1")?;
    let mut value = |name| statement.query_row([name], |row| row.get::<_, String>(0)).optional();
    let (at, by) = (value("made")?.and_then(|at| at.parse().ok()), value("version")?);
    Ok(at.zip(by).map(|(at, by)| Made { at, by }))
}

fn files_in(from: &Connection) -> rusqlite::Result<Vec<(String, Vec<u8>)>> {
    let mut statement = from.prepare("SELECT name, bytes FROM backup_file ORDER BY name")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Counts what a database of any version holds.
fn count(from: &Connection) -> rusqlite::Result<Contents> {
    let rows = |table: &str| match is_there(from, table)? {
        true => from.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).map(i64::unsigned_abs),
        false => Ok(0),
    };
    let number = |pragma| from.pragma_query_value(None, pragma, |row| row.get(0)).map(i64::unsigned_abs);
    let oldest_ms = if is_there(from, "block")? { history::extent(from)?.oldest_ms } else { None };
    Ok(Contents {
        devices: rows("device")?,
        calibrations: rows("calibration")?,
        lights: rows("light")?,
        rules: rows("rule")?,
        alarms: rows("alarm")?,
        journal: rows("journal")?,
        readings_since: oldest_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        bytes: number("page_count")? * number("page_size")?,
    })
}

fn is_there(from: &Connection, table: &str) -> rusqlite::Result<bool> {
    from.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?.exists([table])
}

/// Makes a new name outlive a power cut.
#[cfg(unix)]
fn keep_name(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()
}

/// Elsewhere folders cannot be synced.
#[cfg(not(unix))]
fn keep_name(_file: &Path) -> io::Result<()> {
    Ok(())
}
