//! `backup` and `restore`: everything but secrets in one file, and back.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use hearthlight::cli::{Backup as Save, Common, Restore};
use hearthlight::io::files;
use hearthlight::io::lock::{Lock, LockError};
use hearthlight::settings::paths::Paths;
use hearthlight::store::backup::{self, Backup, Contents, Made};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The files that go with the database, each with its name in the backup.
fn settings(paths: &Paths) -> [(&'static str, &Path); 2] {
    [("settings.ron", &paths.settings), ("settings.window.ron", &paths.window)]
}

/// Saves database and settings.
pub fn save(common: &Common, save: &Save) -> anyhow::Result<ExitCode> {
    let paths = crate::paths(common, false)?;
    let made = Made { at: Timestamp::now(), by: env!("CARGO_PKG_VERSION").to_owned() };
    let contents = backup::write(&paths.db, &settings(&paths), &save.file, save.force, &made)?;
    println!("Saved to {}: {}", save.file.display(), told(&contents));
    println!("Not in it: {} (API token and keys). Copy that folder too, to a safe place.", paths.secrets.display());
    Ok(ExitCode::SUCCESS)
}

/// Shows what a backup holds and would replace; puts it in place if that is wanted.
pub fn restore(common: &Common, restore: &Restore) -> anyhow::Result<ExitCode> {
    let paths = crate::paths(common, false)?;
    let saved = Backup::open(&restore.file)?;
    if restore.yes { put_back(&paths, &saved) } else { preview(&paths, &saved, &restore.file) }
}

fn preview(paths: &Paths, saved: &Backup, file: &Path) -> anyhow::Result<ExitCode> {
    println!("{}: made {} by Hearthlight {}, sound.", file.display(), day(saved.made.at), saved.made.by);
    println!("It holds {}", told(&saved.contents));
    match backup::contents(&paths.db) {
        Ok(Some(now)) => println!("It replaces {}: {}", paths.db.display(), told(&now)),
        Ok(None) => println!("It becomes {}; there is none now.", paths.db.display()),
        Err(error) => println!("It replaces {}, which cannot be read ({error}).", paths.db.display()),
    }
    for (name, place) in settings(paths) {
        let (saved, there) = (saved.files.iter().any(|(saved, _)| saved == name), place.exists());
        match (saved, there) {
            (true, true) => println!("It replaces {}", place.display()),
            (true, false) => println!("It becomes {}; there is none now.", place.display()),
            (false, true) => println!("It holds no {name}: {} stays as it is.", place.display()),
            (false, false) => {}
        }
    }
    println!(
        "Nothing was changed. Stop Hearthlight, then run it again with --yes; what is replaced is kept beside it."
    );
    Ok(ExitCode::SUCCESS)
}

fn put_back(paths: &Paths, saved: &Backup) -> anyhow::Result<ExitCode> {
    paths.create()?;
    let _lock = match Lock::acquire(&paths.lock) {
        Ok(lock) => lock,
        Err(LockError::Held(_)) => bail!("Hearthlight runs on {}. Stop it first.", paths.data.display()),
        Err(error) => return Err(error.into()),
    };
    tell(&paths.db, saved.restore(&paths.db)?);
    for (name, place) in settings(paths) {
        let Some((_, bytes)) = saved.files.iter().find(|(saved, _)| saved == name) else { continue };
        tell(place, replace(place, bytes).with_context(|| format!("{} cannot be put in place", place.display()))?);
    }
    println!("Everything is as it was {}.", day(saved.made.at));
    Ok(ExitCode::SUCCESS)
}

/// Replaces a file and returns where the one before lies now.
fn replace(place: &Path, bytes: &[u8]) -> std::io::Result<Option<PathBuf>> {
    let kept = match std::fs::read(place) {
        Ok(before) => {
            let kept = backup::before_restore(place);
            files::replace(&kept, &before)?;
            Some(kept)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    files::replace(place, bytes).map(|()| kept)
}

fn tell(place: &Path, kept: Option<PathBuf>) {
    match kept {
        Some(kept) => println!("Restored {}; the one before is {}", place.display(), kept.display()),
        None => println!("Restored {}", place.display()),
    }
}

fn told(contents: &Contents) -> String {
    let Contents { devices, calibrations, lights, rules, alarms, journal, readings_since, bytes } = contents;
    let readings = readings_since.map_or("no readings".to_owned(), |since| format!("readings since {}", day(since)));
    let size = *bytes as f64 / 1e6;
    format!(
        "devices {devices}, calibrations {calibrations}, lights {lights}, rules {rules}, active alarms {alarms}, journal entries \
         {journal}, {readings}; {size:.1} MB."
    )
}

fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}
