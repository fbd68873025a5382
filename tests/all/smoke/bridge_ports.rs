//! Ports of the Hue bridge that another program holds: who, what to do, and that everything else goes on.

use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::Value;

use super::bridge_kept::Running;
use super::program::terminate;

/// Only so that a hang ends; nothing here is timed.
const PATIENCE: Duration = Duration::from_secs(300);

/// Somebody else's port.
fn held() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("bound").port();
    (listener, port)
}

fn settle(folder: &Path, http: u16, https: u16) {
    let text = format!("(\n  bridge: (\n    http: \"127.0.0.1:{http}\",\n    https: \"127.0.0.1:{https}\",\n  ),\n)\n");
    std::fs::write(folder.join("settings.ron"), text).expect("written");
}

/// The line of a port, and what is told of it.
async fn line(running: &Running, key: &str) -> (Value, Option<String>) {
    let state = running.api(Method::GET, "/api/v1/state").await;
    let lines = state["system"]["listeners"].as_array().expect("listed");
    let line = lines.iter().find(|line| line["key"] == key).cloned().unwrap_or_default();
    let told = state["system"]["notices"][format!("port {key}")]["text"].as_str().map(str::to_owned);
    (line["state"].clone(), told)
}

async fn until(running: &Running, key: &str, wanted: impl Fn(&Value, Option<&str>) -> bool) -> (Value, Option<String>) {
    let begun = Instant::now();
    loop {
        let (state, told) = line(running, key).await;
        if wanted(&state, told.as_deref()) {
            return (state, told);
        }
        assert!(begun.elapsed() < PATIENCE, "{key} is {state}, {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_that_is_taken_is_told_with_its_holder_and_its_cure_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let ((_http, http), (_https, https)) = (held(), held());
    // The port in its place is taken as well: by us, or by somebody who was here before.
    let _instead = TcpListener::bind("127.0.0.1:8080");
    settle(folder.path(), http, https);
    let mut running = Running::start_with(folder.path(), &[]).await;
    let mine = format!("(process {})", std::process::id());
    for (key, port) in [("bridge.http", http), ("bridge.https", https)] {
        let (state, told) = until(&running, key, |_, told| told.is_some()).await;
        let told = told.expect("told");
        assert!(told.contains(&format!("Port {port} is held by")), "{told}");
        assert!(!cfg!(target_os = "linux") || told.contains(&mine), "{told}");
        assert!(told.contains(&format!("set {key} to another port")), "{told}");
        // HTTPS may have found its other port, which then is told as well.
        let elsewhere = state["open"]["at"].as_str().map(|at| at.rsplit(':').next().unwrap_or_default().to_owned());
        match elsewhere {
            Some(other) => assert!(told.contains(&format!("answers at port {other} instead of {port}")), "{told}"),
            None => assert_eq!(state["failed"]["why"], told),
        }
    }
    let (state, _) = line(&running, "bridge.http").await;
    assert!(state["failed"].is_object(), "{state}");
    let bridge = running.api(Method::GET, "/api/v1/bridge").await;
    assert!(bridge["http"].is_null() && bridge["id"].is_string(), "{bridge}");

    // The cure: another port, and the words are taken back.
    settle(folder.path(), 0, 0);
    let (state, _) = until(&running, "bridge.http", |state, told| state["open"].is_object() && told.is_none()).await;
    running.http = state["open"]["at"].as_str().expect("an address").parse().expect("an address");
    let config = running.v1(Method::GET, "/config", &Value::Null).await;
    assert_eq!(config["modelid"], "BSB002");
    assert_eq!(terminate(running.child).status.code(), Some(0));
}
