//! The bridge is found by programs that nobody here wrote: in a network of its own, by SSDP and by multicast DNS, at a new
//! address once it has one, and no longer once it is gone (`seeker.py`).

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use super::links::namespace;
use super::program::{program, terminate, wait_up};

const SEEKER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/smoke/seeker.py");
/// Only so that a hang ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the seeker said so far.
struct Said {
    file: std::path::PathBuf,
    from: usize,
}

impl Said {
    fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        text.lines().skip(self.from).map(str::to_owned).collect()
    }

    /// Waits until it said this since the last [`forget`](Self::forget); returns after how long.
    fn says(&self, wanted: &str) -> Duration {
        let begun = Instant::now();
        while !self.lines().iter().any(|line| line == wanted) {
            assert!(begun.elapsed() < PATIENCE, "never \"{wanted}\", but {:?}", self.lines());
            std::thread::sleep(Duration::from_millis(20));
        }
        begun.elapsed()
    }

    fn forget(&mut self) {
        self.from += self.lines().len();
    }
}

fn start(folder: &Path) -> Child {
    let sets = ["sensors.listen=off", "api.listen=127.0.0.1:0", "network.reach=lan", "bridge.http=0.0.0.0:8080"];
    let more = ["bridge.https=0.0.0.0:8443", "bridge.entertainment=off"];
    let sets = sets.iter().chain(&more).flat_map(|set| ["--set", set]);
    let mut child = program(folder).arg("--headless").args(sets).spawn().unwrap();
    wait_up(folder, &mut child);
    child
}

fn ip(arguments: &str) {
    assert!(Command::new("ip").args(arguments.split(' ')).status().unwrap().success(), "{arguments}");
}

/// The number that the running bridge keeps.
fn bridge_id(folder: &Path) -> String {
    let keys = hearthlight::engine::services::bridge::keys::Keys::load(&folder.join("secrets").join("bridge.json"));
    keys.unwrap().unwrap().id.lower()
}

#[test]
#[ignore = "needs network namespaces and the Python package zeroconf"]
fn apps_find_the_bridge_follow_it_and_miss_it() {
    if !namespace::apart("smoke::bridge_found::apps_find_the_bridge_follow_it_and_miss_it", SEEKER, "") {
        return;
    }
    let file = Path::new(&std::env::var_os("FOLDER").unwrap()).join("ready");
    let mut said = Said { file, from: 0 };
    let folder = tempfile::tempdir().unwrap();
    let child = start(folder.path());
    let id = bridge_id(folder.path());
    said.says("alive http://10.77.0.1:8080/description.xml");
    said.says("answer http://10.77.0.1:8080/description.xml");
    said.says("page Philips hue bridge 2015");
    said.says(&format!("named 10.77.0.1 8443 {id}"));
    said.forget();
    ip("addr add 10.77.0.9/24 broadcast 10.77.0.255 dev v0");
    ip("addr del 10.77.0.1/24 dev v0");
    // The first address took the second one with it, on systems that hold them for one.
    let _ = Command::new("ip").args("addr add 10.77.0.9/24 broadcast 10.77.0.255 dev v0".split(' ')).output();
    let moved = said.says("alive http://10.77.0.9:8080/description.xml");
    assert!(moved < Duration::from_secs(10), "noticed after {moved:?}");
    said.says("byebye");
    said.says("answer http://10.77.0.9:8080/description.xml");
    said.says(&format!("named 10.77.0.9 8443 {id}"));
    said.forget();
    assert_eq!(terminate(child).status.code(), Some(0));
    said.says("byebye");
    said.says("unnamed");
}
