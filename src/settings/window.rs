//! Changes made in the window: checked against the other layers, written to the window's file, loaded again.
//!
//! Invariant: a key that the operator's file or a flag pins is never changed here.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::system::Layer;
use crate::settings::current::Settings;
use crate::settings::entry::Layers;
use crate::settings::kinds::Raw;
use crate::settings::layers::{Loaded, SettingsError, find, load};
use crate::settings::paths::Paths;
use crate::settings::window_file;

/// Why a setting was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such key.
    #[error("{what}. {right}")]
    Unknown {
        /// What is wrong.
        what: String,
        /// What would be right.
        right: String,
    },
    /// The value is wrong.
    #[error("{key}: the value {what}. It takes {right}.")]
    Wrong {
        /// Which key.
        key: &'static str,
        /// What is wrong.
        what: String,
        /// What would be right.
        right: String,
    },
    /// The operator's file says otherwise.
    #[error("{key} is set in {}, line {line}. Change it there, or take the line out.", .file.display())]
    PinnedByFile {
        /// Which key.
        key: &'static str,
        /// The operator's file.
        file: PathBuf,
        /// Line, from 1.
        line: usize,
    },
    /// A flag says otherwise.
    #[error("{key} is set by --set for as long as this Hearthlight runs. Start it without that flag to change it.")]
    PinnedByFlag {
        /// Which key.
        key: &'static str,
    },
    /// The operator's file is broken, so nobody knows what it pins.
    #[error("{0} Until then nothing can be changed here.")]
    Broken(SettingsError),
    /// The file cannot be written.
    #[error("{} cannot be written: {why}. Is the disk full?", .file.display())]
    Unwritten {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        why: io::Error,
    },
}

/// Changes one setting in the window's layer, and loads all of them again.
///
/// `write` replaces a file's content as a whole or not at all.
///
/// # Errors
/// If the key is unknown, the value wrong, the key pinned by the operator's file or a flag, or the disk fails.
pub fn change_window(
    paths: &Paths,
    sets: &[String],
    name: &str,
    value: &str,
    write: impl FnOnce(&Path, &[u8]) -> io::Result<()>,
) -> Result<Loaded, ChangeError> {
    let key = find(name).map_err(|(what, right)| ChangeError::Unknown { what, right })?;
    let before = load(paths, sets).map_err(ChangeError::Broken)?;
    match before.views.iter().find(|view| &*view.key == key.name).map(|view| &view.layer) {
        Some(Layer::File { line }) => {
            let file = paths.settings.clone();
            return Err(ChangeError::PinnedByFile { key: key.name, file, line: *line });
        }
        Some(Layer::Flag) => return Err(ChangeError::PinnedByFlag { key: key.name }),
        _ => {}
    }
    let (mut settings, mut layers) = (Settings::default(), Layers::new());
    let notice = window_file::lay(&paths.window, &mut settings, &mut layers);
    (key.set)(&mut settings, &Raw::Text(value.to_owned())).map_err(|what| ChangeError::Wrong {
        key: key.name,
        what,
        right: (key.right)(),
    })?;
    layers.insert(key.name, Layer::Window);
    write(&paths.window, window_file::text(&settings, &layers).as_bytes())
        .map_err(|why| ChangeError::Unwritten { file: paths.window.clone(), why })?;
    let mut after = load(paths, sets).map_err(ChangeError::Broken)?;
    after.notices.extend(before.notices.into_iter().chain(notice));
    Ok(after)
}
