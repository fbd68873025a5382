//! Ports of the Hue bridge that another program holds: who, what to do, and that everything else goes on.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use hearthlight::engine::services::system::{Control, Door, Opens, Start};
use hearthlight::io::clock::Clock;
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::PortState;
use hearthlight::settings::current::{Listen, Settings};
use hearthlight::settings::paths::Paths;
use reqwest::Method;
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use super::bridge_kept::Running;
use super::program::terminate;
use crate::engine::Bench;

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

/// Opens a door of the bridge that wants one port and may take another one; gives what is told of it.
async fn opened(wanted: u16, other: u16, demo: bool) -> (PortState, Vec<String>) {
    let mut settings = Settings::default();
    settings.bridge.http = Listen::At(SocketAddr::from(([127, 0, 0, 1], wanted)));
    let (mut bench, folder) = (Bench::new(settings), tempfile::tempdir().expect("a folder"));
    let door = Door {
        key: "bridge.http",
        purpose: "Hue bridge, HTTP",
        wanted: |settings| settings.bridge.http,
        fallback: Some(other),
        serve: Some(Opens::Tcp(Arc::new(|listener, stop| {
            tokio::spawn(async move {
                stop.cancelled().await;
                drop(listener);
            })
        }))),
    };
    let start = Start {
        clock: Clock::default(),
        bus: bench.house.bus.clone(),
        house: Arc::clone(&bench.house),
        paths: Paths::under(folder.path(), None),
        sets: Vec::new(),
        demo,
        paused: watch::channel(false).0,
        snapshot: Arc::new(ArcSwap::from_pointee(Snapshot::default())),
        commands: mpsc::channel(1).0,
        stopped: None,
    };
    Control::new(start, vec![door]).open(&[]).await;
    let system = &bench.fold().system;
    let told = system.notices.values().map(|notice| notice.text.to_string()).collect();
    (system.listeners[0].state.clone(), told)
}

#[tokio::test]
async fn a_door_whose_port_is_taken_is_opened_at_its_other_port_with_a_word() {
    let ((_one, taken), (_two, taken_too)) = (held(), held());
    let free = held().1;
    let (state, told) = opened(free, taken, false).await;
    assert_eq!((state, told), (PortState::Open { at: format!("127.0.0.1:{free}") }, vec![]));
    let free = held().1;
    let (state, told) = opened(taken, free, false).await;
    assert_eq!(state, PortState::Open { at: format!("127.0.0.1:{free}") });
    let said = format!("Hue bridge, HTTP: answers at port {free} instead of {taken}. Port {taken} is held by ");
    assert!(told.len() == 1 && told[0].starts_with(&said) && told[0].contains("set bridge.http"), "{told:?}");
    let (state, told) = opened(taken, taken_too, false).await;
    let PortState::Failed { why } = state else { panic!("{state:?}") };
    assert!(why.starts_with(&format!("Port {taken} is held by ")) && told == [why.clone()], "{why} {told:?}");
    let (state, told) = opened(taken, taken_too, true).await;
    assert!(matches!(state, PortState::Open { .. }) && told.len() == 1, "the demo home takes any port: {state:?}");
}
