//! The API and the metrics, read by parsers that nobody here wrote.

use std::process::Command;

use hearthlight::io::lock;

use super::program::{headless, terminate, wait_up};

#[test]
#[ignore = "needs HEARTHLIGHT_PYTHON: a Python with prometheus_client and openapi-spec-validator"]
fn metrics_and_description_are_understood_by_others() {
    let python = std::env::var("HEARTHLIGHT_PYTHON").expect("HEARTHLIGHT_PYTHON names the interpreter");
    let folder = tempfile::tempdir().expect("folder");
    let mut child = headless(folder.path());
    wait_up(folder.path(), &mut child);
    let api =
        lock::running(&folder.path().join("hearthlight.lock")).and_then(|running| running.api).expect("announced");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/smoke/peers.py");
    let token = folder.path().join("secrets").join("api.token");
    let output = Command::new(python).arg(script).arg(api.to_string()).arg(token).output().expect("ran");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(terminate(child).status.code(), Some(0));
}
