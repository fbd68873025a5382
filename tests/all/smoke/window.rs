//! The window of the program on a real display: it opens, draws live pictures, rests, and ends cleanly.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use hearthlight::io::lock;

use super::eventually;

struct Shown {
    child: Child,
    api: SocketAddr,
}

impl Drop for Shown {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Opens the demo home's window and waits until the API answers.
fn open(folder: &Path) -> Shown {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hearthlight"));
    command.args(["--demo", "--set", "sensors.listen=127.0.0.1:0", "--set", "api.listen=127.0.0.1:0", "--data"]);
    let child = command.arg(folder).stderr(Stdio::null()).spawn().expect("started");
    let note = folder.join("demo").join("hearthlight.lock");
    let api = eventually("the API answers", || lock::running(&note)?.api);
    Shown { child, api }
}

impl Shown {
    /// One sample of `/metrics`.
    fn metric(&self, name: &str) -> Option<f64> {
        let mut stream = TcpStream::connect(self.api).ok()?;
        write!(stream, "GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.api).ok()?;
        let mut text = String::new();
        stream.read_to_string(&mut text).ok()?;
        let line = text.lines().find(|line| line.split(['{', ' ']).next() == Some(name))?;
        line.rsplit(' ').next()?.parse().ok()
    }

    fn frames(&self) -> f64 {
        self.metric("hearthlight_ui_frame_seconds_count").unwrap_or(0.0)
    }
}

#[test]
#[ignore = "needs a display and xdotool"]
fn the_window_opens_draws_and_ends_on_a_signal() {
    let folder = tempfile::tempdir().expect("folder");
    let mut shown = open(folder.path());
    let title = ["search", "--sync", "--onlyvisible", "--name", "^Hearthlight"];
    let found = Command::new("xdotool").args(title).output().expect("xdotool");
    assert!(found.status.success(), "a window of that title is there");
    eventually("live pictures are drawn", || (shown.frames() > 30.0).then_some(()));
    let sent = Command::new("kill").args(["-TERM", &shown.child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let status = eventually("it ends", || shown.child.try_wait().expect("asked"));
    assert_eq!(status.code(), Some(0));
}
