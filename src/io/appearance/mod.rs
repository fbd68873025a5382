//! How the desktop wants programs to look: dark or light, more contrast, less motion.
//!
//! | system | from | followed |
//! |---|---|---|
//! | Linux | the Settings portal, `org.freedesktop.appearance` | by its signal |
//! | macOS | `defaults read com.apple.universalaccess` | read again once a minute |
//! | Windows | `reg query` of the accessibility settings | read again once a minute |
//!
//! Whether it is dark on macOS and Windows the window's own library tells.
//!
//! Invariant: a desktop that says nothing wants nothing; that is no fault, and is not logged as one.

#[cfg(target_os = "linux")]
mod freedesktop;
#[cfg(target_os = "linux")]
use freedesktop as system;

#[cfg(not(target_os = "linux"))]
mod ask;
#[cfg(not(target_os = "linux"))]
use ask as system;

pub mod words;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What the desktop wants; `None` = it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appearance {
    /// Dark instead of light.
    pub dark: Option<bool>,
    /// More contrast.
    pub contrast: Option<bool>,
    /// Less motion.
    pub still: Option<bool>,
}

/// Asks the desktop, and goes on following what it says until `stop`. Needs a tokio runtime.
#[must_use]
pub fn follow(stop: CancellationToken) -> watch::Receiver<Appearance> {
    let (told, seen) = watch::channel(Appearance::default());
    tokio::spawn(async move { stop.run_until_cancelled(system::run(told)).await });
    seen
}
