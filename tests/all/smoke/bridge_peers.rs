//! The Hue bridge of the demo home, used by clients that nobody here wrote: `HEARTHLIGHT_PYTHON`, a Python with `aiohue`
//! and `phue`.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command};

use hearthlight::io::lock;

use super::program::{PORTS, program, terminate, wait_up};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/smoke/bridge_peers.py");

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn start(folder: &Path, [http, https]: [u16; 2]) -> Child {
    let sets = [format!("bridge.http=127.0.0.1:{http}"), format!("bridge.https=127.0.0.1:{https}")];
    let sets = sets.iter().flat_map(|set| ["--set", set]);
    let mut child = program(folder).args(["--demo", "--headless"]).args(PORTS).args(sets).spawn().unwrap();
    wait_up(&folder.join("demo"), &mut child);
    child
}

fn judge(mode: &str, folder: &Path, ports: [u16; 2]) {
    let demo = folder.join("demo");
    let api = lock::running(&demo.join("hearthlight.lock")).and_then(|running| running.api).unwrap();
    let python = std::env::var("HEARTHLIGHT_PYTHON").expect("HEARTHLIGHT_PYTHON names the interpreter");
    let mut command = Command::new(python);
    command.args([SCRIPT, mode]).arg(api.to_string()).arg(demo.join("secrets").join("api.token"));
    let output = command.args(ports.map(|port| port.to_string())).arg(folder.join("judge.json")).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{mode}: {}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
#[ignore = "needs python peers: HEARTHLIGHT_PYTHON with aiohue and phue"]
fn aiohue_and_phue_pair_load_change_hear_and_are_sent_away() {
    let folder = tempfile::tempdir().unwrap();
    let ports = [free_port(), free_port()];
    for mode in ["first", "again"] {
        let child = start(folder.path(), ports);
        judge(mode, folder.path(), ports);
        assert_eq!(terminate(child).status.code(), Some(0));
    }
}
