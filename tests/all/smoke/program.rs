//! The program as a process: exit codes, signals, a second instance.

use std::io::Read as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Only so that a hang ends; nothing here is timed.
const PATIENCE: Duration = Duration::from_secs(300);

pub(super) fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hearthlight"));
    command.arg("--data").arg(folder).stderr(Stdio::piped()).stdout(Stdio::piped());
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    command
}

pub(super) const PORTS: [&str; 4] = ["--set", "sensors.listen=127.0.0.1:0", "--set", "api.listen=127.0.0.1:0"];

pub(super) fn headless(folder: &Path) -> Child {
    program(folder).arg("--headless").args(PORTS).spawn().expect("started")
}

/// Waits for the note that an instance writes once it is up.
pub(super) fn wait_up(folder: &Path, child: &mut Child) {
    let start = Instant::now();
    while hearthlight::io::lock::running(&folder.join("hearthlight.lock")).is_none() {
        assert!(child.try_wait().expect("asked").is_none(), "it ended early");
        assert!(start.elapsed() < PATIENCE, "it did not come up");
        std::thread::yield_now();
    }
}

pub(super) fn terminate(mut child: Child) -> Output {
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(sent.success());
    let mut stderr = Vec::new();
    child.stderr.take().expect("piped").read_to_end(&mut stderr).expect("read");
    Output { status: child.wait().expect("ended"), stdout: Vec::new(), stderr }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_signal_ends_it_cleanly() {
    let folder = tempfile::tempdir().expect("folder");
    let mut child = headless(folder.path());
    wait_up(folder.path(), &mut child);
    assert_eq!(terminate(child).status.code(), Some(0));
}

#[test]
fn a_second_instance_on_the_same_folder_steps_back() {
    let folder = tempfile::tempdir().expect("folder");
    let mut first = headless(folder.path());
    wait_up(folder.path(), &mut first);
    let second = program(folder.path()).arg("--headless").args(PORTS).output().expect("ran");
    assert_eq!(second.status.code(), Some(3));
    assert!(text(&second).contains("already running"), "{}", text(&second));
    assert_eq!(terminate(first).status.code(), Some(0));
}

#[test]
fn without_a_display_it_names_headless() {
    let folder = tempfile::tempdir().expect("folder");
    let output = program(folder.path()).output().expect("ran");
    if cfg!(target_os = "linux") {
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output).contains("--headless"));
    }
}

#[test]
fn a_bad_flag_or_setting_says_what_and_where() {
    let folder = tempfile::tempdir().expect("folder");
    let flag = program(folder.path()).arg("--headles").output().expect("ran");
    assert_eq!(flag.status.code(), Some(2));
    assert!(text(&flag).contains("--headless"));
    let set = program(folder.path()).args(["--headless", "--set", "sensors.listen=here"]).output().expect("ran");
    assert_eq!(set.status.code(), Some(2));
    assert!(text(&set).contains("sensors.listen"));
    std::fs::write(folder.path().join("settings.ron"), "(\n  sensors: (\n    poll_s: 0,\n  ),\n)\n").expect("written");
    let file = program(folder.path()).arg("--headless").output().expect("ran");
    assert_eq!(file.status.code(), Some(2));
    assert!(text(&file).contains("settings.ron, line 3"), "{}", text(&file));
}
