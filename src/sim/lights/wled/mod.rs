//! Simulated WLED nodes: JSON over HTTP and WebSocket, DDP, realtime datagrams, announcements.
//!
//! Like real ones they have one buffer for JSON (503 while it is taken), tell their clients what changed at most once
//! a second, and forget a stream 2.5 s after its last frame.

pub mod firmware;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State as Of;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{any, get};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::net::UdpSocket;
use tokio::sync::{Semaphore, broadcast};

use crate::io::clock::Clock;
use crate::sim::lights::ether::{self, Announcement};
use crate::sim::lights::lamp::{self, Troubles};
use crate::sim::lights::wled::firmware::{EFFECTS, Firmware, PALETTES};
use crate::sim::lights::{Running, SimFamily, SimOpts};
use crate::units::moment::Moment;
use crate::wire::ddp;
use crate::wire::wled::{NODES_PORT, REALTIME_PORT, node};

/// WLED nodes.
pub static FAMILY: SimFamily = SimFamily {
    id: "wled",
    about: "WLED nodes on TCP port 80; kind strip, rgbw, cct, white, plug, segments (three of them) or old (0.12).",
    run: |opts| Box::pin(run(opts)) as Running,
};

const HTTP_PORT: u16 = 80;
/// Clients of the WebSocket, at most.
const MAX_CLIENTS: usize = 8;
/// Clients are told what changed at most once in this time.
const PUSHES: Duration = Duration::from_secs(1);
/// Nodes announce themselves this often.
const ANNOUNCES: Duration = Duration::from_secs(30);
/// An ESP32 takes so long for a request.
const WORKS: Duration = Duration::from_millis(4);

/// What a node's tasks share.
struct Node {
    firmware: Mutex<Firmware>,
    clock: Clock,
    /// The one buffer for JSON.
    buffer: Semaphore,
    pushes: broadcast::Sender<()>,
    opts: SimOpts,
}

impl Node {
    fn now(&self) -> Moment {
        self.clock.now()
    }

    fn tell(&self) {
        let (firmware, now) = (self.firmware.lock(), self.now());
        let mut state = firmware.state();
        state["live"] = json!(firmware.is_live(now));
        state["pixels"] = firmware.pixels.summary(3);
        state["relayed"] = json!(firmware.n_relayed);
        self.opts.tally.state(state);
    }

    /// Waits as long as its troubles say; for ever if it is mute.
    async fn dawdle(&self) {
        let troubles = Troubles::new(self.opts.faults);
        if troubles.is_mute() {
            self.opts.stop.cancelled().await;
        }
        tokio::time::sleep(WORKS).await;
        troubles.pause().await;
    }
}

async fn run(opts: SimOpts) -> std::io::Result<()> {
    let listener = lamp::tcp(opts.at, opts.port, HTTP_PORT).await?;
    let realtime = lamp::udp(opts.at, 0, REALTIME_PORT).await?;
    let pixels = lamp::udp(opts.at, 0, ddp::PORT).await?;
    let mut firmware = Firmware::new(&opts);
    firmware.realtime_port = realtime.local_addr()?.port();
    let (pushes, _) = broadcast::channel(4);
    let (stop, at) = (opts.stop.clone(), listener.local_addr()?);
    let (clock, buffer) = (Clock::default(), Semaphore::new(1));
    let node = Arc::new(Node { firmware: Mutex::new(firmware), clock, buffer, pushes, opts });
    node.tell();
    let _service = service(&node, at, pixels.local_addr()?.port());
    let serve = axum::serve(listener, router(&node)).with_graceful_shutdown(stop.clone().cancelled_owned());
    let ended = tokio::select! {
        ended = serve => ended,
        () = hear(&node, &pixels, Firmware::ddp) => Ok(()),
        () = hear(&node, &realtime, Firmware::realtime) => Ok(()),
        () = push(&node) => Ok(()),
        () = announce(&node, at) => Ok(()),
        () = stop.cancelled() => Ok(()),
    };
    node.tell();
    ended
}

fn router(node: &Arc<Node>) -> Router {
    Router::new()
        .route("/json", any(everything))
        .route("/json/state", any(state))
        .route("/json/si", any(both))
        .route("/json/info", get(info))
        .route("/json/eff", get(|| async { Json(EFFECTS) }))
        .route("/json/pal", get(|| async { Json(PALETTES) }))
        .route("/presets.json", get(|| async { Json(json!({ "0": {} })) }))
        .route("/ws", get(dial))
        .with_state(Arc::clone(node))
}

/// Answers with what `say` gives, after the body was applied; busy if another request has the buffer.
async fn answer(node: &Node, body: &Bytes, say: fn(&Firmware, Moment) -> Value) -> Response {
    node.opts.tally.packet(body.len());
    let Ok(_buffer) = node.buffer.try_acquire() else {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "error": 3 }))).into_response();
    };
    node.dawdle().await;
    let said = if body.is_empty() {
        say(&node.firmware.lock(), node.now())
    } else {
        let Ok(change) = serde_json::from_slice::<Value>(body) else {
            return (StatusCode::BAD_REQUEST, Json(json!({ "error": 9 }))).into_response();
        };
        let mut firmware = node.firmware.lock();
        if firmware.apply(&change) { say(&firmware, node.now()) } else { json!({ "success": true }) }
    };
    node.tell();
    node.opts.tally.answer();
    Json(said).into_response()
}

async fn state(Of(node): Of<Arc<Node>>, body: Bytes) -> Response {
    answer(&node, &body, |firmware, _| firmware.state()).await
}

async fn info(Of(node): Of<Arc<Node>>) -> Response {
    answer(&node, &Bytes::new(), Firmware::info).await
}

async fn both(Of(node): Of<Arc<Node>>, body: Bytes) -> Response {
    answer(&node, &body, Firmware::both).await
}

async fn everything(Of(node): Of<Arc<Node>>, body: Bytes) -> Response {
    let say = |firmware: &Firmware, now| {
        let mut said = firmware.both(now);
        said["effects"] = json!(EFFECTS);
        said["palettes"] = json!(PALETTES);
        said
    };
    answer(&node, &body, say).await
}

async fn dial(Of(node): Of<Arc<Node>>, upgrade: WebSocketUpgrade) -> Response {
    if node.firmware.lock().n_clients >= MAX_CLIENTS {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    upgrade.on_upgrade(|socket| async move {
        node.firmware.lock().n_clients += 1;
        let stop = node.opts.stop.clone();
        stop.run_until_cancelled(talk(&node, socket)).await;
        node.firmware.lock().n_clients -= 1;
    })
}

/// Talks to one client until it hangs up.
async fn talk(node: &Node, mut socket: WebSocket) {
    let mut pushes = node.pushes.subscribe();
    let mut say = true;
    loop {
        if std::mem::take(&mut say) {
            node.dawdle().await;
            let said = { node.firmware.lock().both(node.now()) };
            node.opts.tally.answer();
            if socket.send(Message::text(said.to_string())).await.is_err() {
                return;
            }
        }
        tokio::select! {
            pushed = pushes.recv() => say = !matches!(pushed, Err(broadcast::error::RecvError::Closed)),
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => match take(node, &text) {
                    Some(word) if socket.send(Message::text(word)).await.is_err() => return,
                    Some(_) => {}
                    None => say = true,
                },
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}

/// Takes a message; what to answer, `None` for everything.
fn take(node: &Node, text: &str) -> Option<&'static str> {
    node.opts.tally.packet(text.len());
    if text.starts_with('p') && text.len() < 10 {
        return Some("pong");
    }
    let Ok(change) = serde_json::from_str::<Value>(text) else { return Some(r#"{"error":9}"#) };
    let mut firmware = node.firmware.lock();
    let before = firmware.n_changes;
    let verbose = firmware.apply(&change);
    let changed = firmware.n_changes != before;
    drop(firmware);
    node.tell();
    // What changed is pushed soon anyway.
    if verbose && !changed { None } else { Some(r#"{"success":true}"#) }
}

/// Tells clients what changed, at most once a second.
async fn push(node: &Node) {
    let mut told = node.firmware.lock().n_changes;
    loop {
        tokio::time::sleep(PUSHES).await;
        let changes = node.firmware.lock().n_changes;
        if std::mem::replace(&mut told, changes) != changes {
            // Nobody may be listening.
            let _ = node.pushes.send(());
        }
    }
}

async fn hear(node: &Node, socket: &UdpSocket, take: fn(&mut Firmware, Moment, IpAddr, &[u8]) -> bool) {
    let (mut troubles, mut buffer) = (Troubles::new(node.opts.faults), vec![0_u8; 2048]);
    loop {
        // What a sender's machine says of a port that closed is no reason to end.
        let Ok((n_bytes, from)) = socket.recv_from(&mut buffer).await else { continue };
        node.opts.tally.packet(n_bytes);
        let bytes = buffer.get(..n_bytes).unwrap_or_default();
        if !troubles.is_mute() && !troubles.loses() && take(&mut node.firmware.lock(), node.now(), from.ip(), bytes) {
            node.opts.tally.frame();
        }
    }
}

/// The service of a node, by which it is found.
fn service(node: &Node, at: SocketAddr, ddp_port: u16) -> Option<Announcement> {
    let (name, mac) = {
        let firmware = node.firmware.lock();
        (firmware.name().to_owned(), firmware.mac().to_owned())
    };
    let port = ddp_port.to_string();
    let properties = [("mac", mac.as_str()), ("ddp", port.as_str())];
    let n = if ddp_port == ddp::PORT { 1 } else { 2 };
    // Without it nobody finds the node by itself; it works all the same.
    let of = || ether::announce("_wled._tcp", &name, at, properties.get(..n).unwrap_or_default()).ok();
    at.ip().is_loopback().then(of).flatten()
}

/// Announces the node on loopback now and then, if it is where such nodes are: on the port that goes without saying.
async fn announce(node: &Node, at: SocketAddr) {
    let (IpAddr::V4(address), HTTP_PORT, true) = (at.ip(), at.port(), at.ip().is_loopback()) else {
        return std::future::pending().await;
    };
    loop {
        let mut bytes = Vec::with_capacity(44);
        {
            let firmware = node.firmware.lock();
            let said = node::Node { address, name: firmware.name(), kind: 32, on: firmware.is_on(), build: 2_412_100 };
            node::encode(&said, &mut bytes);
        }
        // As above.
        let _ = ether::shout(at.ip(), NODES_PORT, &bytes).await;
        tokio::time::sleep(ANNOUNCES).await;
    }
}
