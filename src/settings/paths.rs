//! Where things are kept: the platform's folders, or one folder of the operator's choice.
//!
//! Invariant: secrets lie in a folder that only their owner may enter, where the system knows such folders.

use std::io;
use std::path::{Path, PathBuf};

/// The folder within the platform's folder that the demo home uses, apart from the operator's data.
const DEMO: &str = "demo";

/// Files and folders of one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The data folder.
    pub data: PathBuf,
    /// `settings.ron`, the operator's.
    pub settings: PathBuf,
    /// `settings.window.ron`, the window's.
    pub window: PathBuf,
    /// `hearthlight.db`.
    pub db: PathBuf,
    /// Folder of the token and the keys.
    pub secrets: PathBuf,
    /// Folder of logs.
    pub logs: PathBuf,
    /// Folder of recordings.
    pub recordings: PathBuf,
    /// Folder of files for people, unless `files.exports` names another. Made when the first one is written.
    pub exports: PathBuf,
    /// The lock that keeps a second instance away.
    pub lock: PathBuf,
}

impl Paths {
    /// Everything under `data`; `settings.ron` too, unless given.
    #[must_use]
    pub fn under(data: &Path, settings: Option<&Path>) -> Self {
        Self::in_folders(data, data, settings, None)
    }

    /// The platform's folders; `None` if the system names no home folder. The demo home has folders of its own.
    #[must_use]
    pub fn platform(demo: bool, settings: Option<&Path>) -> Option<Self> {
        let folders = directories::ProjectDirs::from("", "", "hearthlight")?;
        let own = |folder: &Path| if demo { folder.join(DEMO) } else { folder.to_owned() };
        let documents = directories::UserDirs::new().filter(|_| !demo);
        let exports = documents.and_then(|folders| Some(folders.document_dir()?.join("Hearthlight")));
        Some(Self::in_folders(&own(folders.data_local_dir()), &own(folders.config_dir()), settings, exports))
    }

    fn in_folders(data: &Path, config: &Path, settings: Option<&Path>, exports: Option<PathBuf>) -> Self {
        Self {
            data: data.to_owned(),
            settings: settings.map_or_else(|| config.join("settings.ron"), Path::to_owned),
            window: config.join("settings.window.ron"),
            db: data.join("hearthlight.db"),
            secrets: data.join("secrets"),
            logs: data.join("logs"),
            recordings: data.join("recordings"),
            exports: exports.unwrap_or_else(|| data.join("exports")),
            lock: data.join("hearthlight.lock"),
        }
    }

    /// Makes the folders that are not there. Nothing is made for `settings.ron`: it is the operator's.
    ///
    /// # Errors
    /// If a folder cannot be made; the message names it.
    pub fn create(&self) -> io::Result<()> {
        let config = self.window.parent().unwrap_or(&self.data);
        for folder in [&self.data, config, &self.logs, &self.recordings] {
            make(folder, false)?;
        }
        make(&self.secrets, true)
    }
}

fn make(folder: &Path, private: bool) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    if private {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder).and_then(|()| if private { close_to_others(folder) } else { Ok(()) }).map_err(|error| {
        let folder = folder.display();
        io::Error::new(
            error.kind(),
            format!("The folder {folder} cannot be made: {error}. Choose another with --data."),
        )
    })
}

/// Closes a folder that was there before with wider rights.
#[cfg(unix)]
fn close_to_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

/// Elsewhere the platform's data folder is the user's own already.
#[cfg(not(unix))]
fn close_to_others(_folder: &Path) -> io::Result<()> {
    Ok(())
}
