//! The look of macOS and Windows, as their own small programs tell it.

use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::sync::watch;

use crate::io::appearance::{Appearance, words};

/// Between two questions: neither system tells a program without a library of its own when it changes.
const AGAIN: Duration = Duration::from_secs(60);

/// Tells what the system wants, now and whenever it is found changed.
pub(super) async fn run(told: watch::Sender<Appearance>) {
    loop {
        if let Ok(now) = tokio::task::spawn_blocking(read).await {
            told.send_if_modified(|known| std::mem::replace(known, now) != now);
        }
        tokio::time::sleep(AGAIN).await;
    }
}

#[cfg(target_os = "macos")]
fn read() -> Appearance {
    let ask = |key: &str| {
        let said = said(Command::new("defaults").args(["read", "com.apple.universalaccess", key]))?;
        words::switch(&said)
    };
    Appearance { dark: None, contrast: ask("increaseContrast"), still: ask("reduceMotion") }
}

#[cfg(not(target_os = "macos"))]
fn read() -> Appearance {
    let ask = |key: &str, name: &str| {
        let said = said(Command::new("reg.exe").args(["query", key, "/v", name]))?;
        words::registry(&said, name).map(str::to_owned)
    };
    let contrast = ask(r"HKCU\Control Panel\Accessibility\HighContrast", "Flags");
    let mask = ask(r"HKCU\Control Panel\Desktop", "UserPreferencesMask");
    Appearance {
        dark: None,
        contrast: contrast.as_deref().and_then(words::high_contrast),
        still: mask.as_deref().and_then(words::animations_off),
    }
}

/// What a program says; `None` if it could not.
fn said(command: &mut Command) -> Option<String> {
    let done = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).into_owned())
}
