//! The Hue bridge over the API: golden files, the button, an app's key taken back.

use std::sync::Arc;

use axum::http::StatusCode;
use hearthlight::model::bridge::app::{App, AppId};
use hearthlight::model::bridge::ids::BridgeId;
use hearthlight::model::bridge::{Bridge, Command, Identity, Pressed};
use hearthlight::model::message;
use hearthlight::model::system::{Listener, PortState};
use hearthlight::port::visits::{Visit, Visits};
use serde_json::Value;

use super::home::{Home, request, time};

const APP: &str = "5c0a3d6e-0f2b-5d0e-9b8e-2f0c7a1b4d11";

/// The home's bridge: its button is pressed, one app holds a key.
pub(super) fn bridge() -> Bridge {
    let app = App {
        id: AppId(APP.into()),
        name: "hearth_remote#desk".into(),
        created: time("2026-02-01T10:00:00Z"),
        used: Some(time("2026-03-01T12:00:00Z")),
        streams: true,
    };
    let id = BridgeId::of_mac([0x00, 0x17, 0x88, 0xAA, 0xBB, 0xCC]);
    Bridge {
        identity: Identity { id, zone: "Europe/Berlin".into(), place: Some((52.5, 13.4)), ..Identity::default() },
        pressed: Some(Pressed { by: "Ada".into(), until: time("2026-03-01T12:02:00Z") }),
        apps: [(app.id.clone(), Arc::new(app))].into(),
        ..Bridge::default()
    }
}

/// Where it is open: HTTP at another port than wanted, HTTPS nowhere.
pub(super) fn listeners() -> Vec<Listener> {
    let line = |key: &str, wanted: &str, state| Listener {
        key: key.into(),
        purpose: "Hue bridge".into(),
        wanted: wanted.into(),
        state,
    };
    vec![
        line("bridge.http", "0.0.0.0:80", PortState::Open { at: "0.0.0.0:8080".to_owned() }),
        line("bridge.https", "0.0.0.0:443", PortState::Failed { why: "Port 443 is held.".to_owned() }),
    ]
}

/// An app that asked, and was refused once.
pub(super) fn ask(visits: &Visits) {
    let visit = |path: &str, status, refused: Option<&str>| Visit {
        at: time("2026-03-01T12:01:00Z"),
        tls: status != 200,
        method: "GET".into(),
        path: path.into(),
        status,
        refused: refused.map(Arc::from),
    };
    let (address, app) = ("192.168.1.30".parse().expect("an address"), "hearth_remote#desk".into());
    visits.note(address, None, Some("Remote/2.1"), visit("/clip/v2/resource", 403, Some("Forbidden")));
    visits.note(address, Some(&app), Some("Remote/2.1"), visit("/api/<key>/lights", 200, None));
}

#[tokio::test]
async fn bridge_and_visits_are_golden_and_hold_no_key() {
    let home = Home::new();
    for (path, file) in [
        ("/api/v1/bridge", include_str!("../fixtures/api/bridge.json")),
        ("/api/v1/bridge/visits", include_str!("../fixtures/api/visits.json")),
    ] {
        let wanted: Value = serde_json::from_str(file).expect("a golden file");
        assert_eq!(home.get(path).await.json(), wanted, "{path}");
    }
}

#[tokio::test]
async fn the_button_is_pressed_and_a_key_is_taken_back() {
    let home = Home::new();
    let answer = home.answer(request("POST", "/api/v1/bridge/link-button", "")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let unknown = home.answer(request("DELETE", "/api/v1/bridge/apps/nobody", "")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.problem().contains("nobody"));
    let gone = home.answer(request("DELETE", &format!("/api/v1/bridge/apps/{APP}"), "")).await;
    assert_eq!(gone.status, StatusCode::OK);
    let sent: Vec<_> = home.sent.lock().iter().map(|envelope| envelope.command.clone()).collect();
    let wanted = [Command::Press, Command::Revoke(AppId(APP.into()))].map(message::Command::Bridge);
    assert_eq!(sent, wanted);
}
