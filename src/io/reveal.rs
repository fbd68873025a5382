//! Shows a file in the system's file manager.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// What can show a file.
pub trait Reveal: Send + Sync {
    /// Shows a file in its folder; nobody waits for the window.
    ///
    /// # Errors
    /// If the system's opener cannot be started.
    fn show(&self, file: &Path) -> io::Result<()>;
}

/// The file manager of the desktop: `xdg-open` on the folder, `open -R`, `explorer /select,`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Desktop;

impl Reveal for Desktop {
    fn show(&self, file: &Path) -> io::Result<()> {
        let mut opener = opener(file);
        opener.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = opener.spawn()?;
        // Somebody has to take note of its end.
        std::thread::Builder::new().name("reveal".to_owned()).spawn(move || drop(child.wait())).map(drop)
    }
}

#[cfg(target_os = "macos")]
fn opener(file: &Path) -> Command {
    let mut command = Command::new("open");
    command.arg("-R").arg(file);
    command
}

#[cfg(windows)]
fn opener(file: &Path) -> Command {
    use std::os::windows::process::CommandExt as _;
    let mut command = Command::new("explorer");
    command.raw_arg(format!("/select,\"{}\"", file.display()));
    command
}

#[cfg(not(any(target_os = "macos", windows)))]
fn opener(file: &Path) -> Command {
    let mut command = Command::new("xdg-open");
    command.arg(file.parent().unwrap_or(file));
    command
}
