//! Notifications on macOS and Windows, through what the system brings: `osascript`, or `PowerShell`. Neither takes
//! buttons this way; the window and its alarm bar have them.

use std::process::{Command, Stdio};

use tokio::sync::mpsc;

use crate::io::notify::{Card, Pressed, Request};

/// Shows what is asked for.
pub(super) async fn run(mut inbox: mpsc::Receiver<Request>, pressed: mpsc::Sender<Pressed>) {
    let mut told = false;
    while let Some(request) = inbox.recv().await {
        let Request::Show(card) = request else { continue };
        let shown = tokio::task::spawn_blocking(move || command(&card).status()).await;
        let failed = !matches!(shown, Ok(Ok(status)) if status.success());
        if failed && !std::mem::replace(&mut told, true) {
            tracing::info!("the system takes no notifications");
        }
    }
    drop(pressed);
}

/// What people wrote reaches the program as an argument or a variable, never as a part of its script.
#[cfg(target_os = "macos")]
fn command(card: &Card) -> Command {
    let script = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run";
    let mut command = Command::new("osascript");
    command.args(["-e", script, &card.title, &card.body]);
    quiet(command)
}

/// What people wrote reaches the program as an argument or a variable, never as a part of its script.
#[cfg(not(target_os = "macos"))]
fn command(card: &Card) -> Command {
    const SCRIPT: &str = "\
        Add-Type -AssemblyName System.Windows.Forms; \
        $n = New-Object System.Windows.Forms.NotifyIcon; \
        $n.Icon = [System.Drawing.SystemIcons]::Warning; $n.Visible = $true; \
        $n.ShowBalloonTip(10000, $env:HEARTHLIGHT_TITLE, $env:HEARTHLIGHT_BODY, 'Warning'); \
        Start-Sleep -Seconds 10; $n.Dispose()";
    let mut command = Command::new("powershell.exe");
    command.args(["-NoProfile", "-NonInteractive", "-Command", SCRIPT]);
    command.env("HEARTHLIGHT_TITLE", &card.title).env("HEARTHLIGHT_BODY", &card.body);
    quiet(command)
}

fn quiet(mut command: Command) -> Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}
