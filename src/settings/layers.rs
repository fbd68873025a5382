//! Loading: the layers laid over each other, and where each value came from.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::system::{Layer, Setting};
use crate::settings::current::Settings;
use crate::settings::entry::{Layers, lay_entry};
use crate::settings::file::{self, Fault};
use crate::settings::keys::{self, KEYS, Key};
use crate::settings::kinds::Raw;
use crate::settings::paths::Paths;
use crate::settings::window_file;

/// Settings, and what a person must know of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The values in force.
    pub settings: Settings,
    /// The same for the window, in the order of the keys.
    pub views: Vec<Setting>,
    /// What went wrong without stopping us, one sentence or two each: cause and cure.
    pub notices: Vec<String>,
}

/// Why settings cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A mistake in a file.
    #[error("{}, line {}, column {}: {what}. {right}", .file.display(), .at.line, .at.column)]
    File {
        /// Which file.
        file: PathBuf,
        /// Where.
        at: file::Place,
        /// What is wrong.
        what: String,
        /// What would be right.
        right: String,
    },
    /// A mistake behind `--set`.
    #[error("--set {text}: {what}. {right}")]
    Flag {
        /// What stands behind `--set`.
        text: String,
        /// What is wrong.
        what: String,
        /// What would be right.
        right: String,
    },
    /// A file is there, but cannot be read.
    #[error("{}: cannot be read: {why}. Check who owns it, or take it away.", .file.display())]
    Unreadable {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        why: String,
    },
}

/// Loads all layers: built in < `settings.window.ron` < `settings.ron` < `sets` (each `KEY=VALUE`, the last one wins).
///
/// Files that are not there count as empty. A broken `settings.window.ron`, which is ours, is set aside as
/// `settings.window.ron.bad` and noticed.
///
/// # Errors
/// If the operator's file or a flag is wrong: what, where, and what would be right.
pub fn load(paths: &Paths, sets: &[String]) -> Result<Loaded, SettingsError> {
    let mut settings = Settings::default();
    let mut layers = Layers::new();
    let notices: Vec<String> = window_file::lay(&paths.window, &mut settings, &mut layers).into_iter().collect();
    lay_file(&paths.settings, &mut settings, &mut layers)?;
    lay_flags(sets, &mut settings, &mut layers)?;
    let views = KEYS.iter().map(|key| view(key, &settings, &layers)).collect();
    Ok(Loaded { settings, views, notices })
}

fn view(key: &Key, settings: &Settings, layers: &Layers) -> Setting {
    Setting {
        key: key.name.into(),
        value: (key.get)(settings).into(),
        layer: layers.get(key.name).cloned().unwrap_or(Layer::Default),
        help: Arc::from(key.help),
    }
}

fn lay_file(path: &Path, settings: &mut Settings, layers: &mut Layers) -> Result<(), SettingsError> {
    let Some(source) = text_of(path)? else { return Ok(()) };
    let in_file = |Fault { at, what, right }| SettingsError::File { file: path.to_owned(), at, what, right };
    for entry in file::read(&source).map_err(in_file)? {
        let key = lay_entry(&entry, settings).map_err(in_file)?;
        layers.insert(key.name, Layer::File { line: entry.key_at.line });
    }
    Ok(())
}

/// The text of a file; `None` if it is not there.
fn text_of(path: &Path) -> Result<Option<String>, SettingsError> {
    match std::fs::read_to_string(path) {
        Ok(source) => Ok(Some(source)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SettingsError::Unreadable { file: path.to_owned(), why: error.to_string() }),
    }
}

fn lay_flags(sets: &[String], settings: &mut Settings, layers: &mut Layers) -> Result<(), SettingsError> {
    for text in sets {
        let wrong = |what: String, right: String| SettingsError::Flag { text: text.clone(), what, right };
        let Some((name, value)) = text.split_once('=') else {
            return Err(wrong("there is no =".to_owned(), "Write KEY=VALUE.".to_owned()));
        };
        let (key, raw) = (find(name.trim()), Raw::Text(value.to_owned()));
        let key = key.map_err(|(what, right)| wrong(what, right))?;
        (key.set)(settings, &raw)
            .map_err(|what| wrong(format!("the value {what}"), format!("It takes {}.", (key.right)())))?;
        layers.insert(key.name, Layer::Flag);
    }
    Ok(())
}

/// The key of this name; or what is wrong with the name, and what would be right.
pub(crate) fn find(name: &str) -> Result<&'static Key, (String, String)> {
    keys::find(name).ok_or_else(|| (format!("{name} is not a setting"), keys::suggest(name)))
}
