//! A simulated Philips Hue bridge: HTTPS with its own certificate, both versions of the API, the event stream.

mod home;
pub mod hub;

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{self, Body};
use axum::http::{Request, Response, StatusCode, header};
use futures_util::{StreamExt as _, stream};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::Mutex;
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_ED25519};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::broadcast;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::io::clock::Clock;
use crate::io::tls;
use crate::sim::lights::hue::hub::{Hub, bridge_id};
use crate::sim::lights::{Running, SimFamily, SimOpts, ether, lamp};

/// Hue bridges.
pub static FAMILY: SimFamily = SimFamily {
    id: "hue",
    about: "a Hue bridge with six lights, a motion sensor and a switch on TCP port 443; kind v1 is a round one on port 80. \
            Its button is pressed 3 s after somebody asked for a key",
    run: |opts| Box::pin(run(opts)) as Running,
};

/// The demo's hand moves this often, and events go out at least so often.
const TICK: Duration = Duration::from_millis(100);
/// Bytes of the body of a request, at most.
const MAX_BODY: usize = 2 << 20;
/// Events that wait for one client.
const MAX_WAITING: usize = 256;

struct Bridge {
    hub: Mutex<Hub>,
    clock: Clock,
    events: broadcast::Sender<String>,
    opts: SimOpts,
}

async fn run(opts: SimOpts) -> io::Result<()> {
    let is_round = opts.kind == "v1";
    let listener = lamp::tcp(opts.at, opts.port, if is_round { 80 } else { 443 }).await?;
    let (id, model) = (bridge_id(opts.index), if is_round { "BSB001" } else { "BSB002" });
    let name = format!("Hue Bridge - {:06X}", opts.index & 0xFF_FFFF);
    // Without multicast DNS it is found by its address alone.
    let announced =
        ether::announce("_hue._tcp", &name, listener.local_addr()?, &[("bridgeid", &id), ("modelid", model)]);
    let _announced = announced.ok();
    let acceptor = if is_round { None } else { Some(acceptor(opts.index)?) };
    let stop = opts.stop.clone();
    let (events, _) = broadcast::channel(MAX_WAITING);
    let bridge =
        Arc::new(Bridge { hub: Mutex::new(Hub::new(opts.index, is_round)), clock: Clock::default(), events, opts });
    let mut ticks = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            _ = ticks.tick() => bridge.tell(),
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                tokio::spawn(attend(stream, acceptor.clone(), Arc::clone(&bridge), stop.child_token()));
            },
        }
    }
}

/// The beginning of an Ed25519 key as PKCS #8; its 32 bytes follow (RFC 8410, section 7).
const ED25519: [u8; 16] = [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// TLS as a bridge has it: a certificate signed by itself that names its id. The bridge of a number always has the same,
/// as a real one has: its key follows from the number, and so does its signature.
fn acceptor(index: u32) -> io::Result<TlsAcceptor> {
    tls::provide();
    let secret = index.to_be_bytes().into_iter().cycle().take(32);
    let der = PrivatePkcs8KeyDer::from(ED25519.into_iter().chain(secret).collect::<Vec<u8>>());
    let key = KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_ED25519).map_err(io::Error::other)?;
    let mut params = CertificateParams::new(vec![bridge_id(index)]).map_err(io::Error::other)?;
    params.distinguished_name.push(DnType::CommonName, bridge_id(index));
    params.distinguished_name.push(DnType::OrganizationName, "Philips Hue");
    let certificate = params.self_signed(&key).map_err(io::Error::other)?;
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(der));
    Ok(TlsAcceptor::from(Arc::new(config.map_err(io::Error::other)?)))
}

async fn attend(stream: TcpStream, acceptor: Option<TlsAcceptor>, bridge: Arc<Bridge>, stop: CancellationToken) {
    // Who breaks off is not answered.
    drop(stream.set_nodelay(true));
    match acceptor {
        Some(acceptor) => {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, bridge, stop).await;
            }
        }
        None => serve(stream, bridge, stop).await,
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    bridge: Arc<Bridge>,
    stop: CancellationToken,
) {
    let service = service_fn(|request: Request<Incoming>| {
        let bridge = Arc::clone(&bridge);
        async move { Ok::<_, Infallible>(answer(&bridge, request).await) }
    });
    let served = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        _ = served => {}
        () = stop.cancelled() => {}
    }
}

impl Bridge {
    /// Tells all who listen what happened.
    fn tell(&self) {
        let (told, states) = {
            let mut hub = self.hub.lock();
            (hub.poll(self.clock.now()), hub.states())
        };
        self.opts.tally.state(states);
        for event in told {
            // Without a listener there is nobody to tell.
            let _ = self.events.send(Value::from(vec![event]).to_string());
        }
    }

    async fn pause(&self) {
        if self.opts.faults.mute {
            std::future::pending::<()>().await;
        }
        if let Some(late) = self.opts.faults.late {
            tokio::time::sleep(late).await;
        }
    }
}

async fn answer(bridge: &Bridge, request: Request<Incoming>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let Ok(body) = body::to_bytes(Body::new(body), MAX_BODY).await else {
        return response(413, "application/json", Body::empty());
    };
    bridge.opts.tally.packet(body.len());
    bridge.pause().await;
    let key = head.headers.get("hue-application-key").and_then(|key| key.to_str().ok());
    bridge.opts.tally.answer();
    let (method, path) = (head.method.as_str(), head.uri.path());
    if path == "/eventstream/clip/v2" {
        return events(bridge, bridge.hub.lock().knows(key));
    }
    let (status, body) = bridge.hub.lock().handle(bridge.clock.now(), method, path, key, &body);
    bridge.tell();
    response(status, "application/json", Body::from(body.to_string()))
}

fn response(status: u16, kind: &str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().extend(kind.parse().ok().map(|kind| (header::CONTENT_TYPE, kind)));
    response
}

fn events(bridge: &Bridge, is_known: bool) -> Response<Body> {
    if !is_known {
        return response(403, "application/json", Body::empty());
    }
    let hello = stream::iter([Ok::<_, Infallible>(": hi\n\n".to_owned())]);
    let news = stream::unfold((bridge.events.subscribe(), 0_u64), |(mut events, n)| async move {
        // Who reads too slowly is cut off, and reads everything again.
        let event = events.recv().await.ok()?;
        Some((Ok(format!("id: 1767225600:{n}\ndata: {event}\n\n")), (events, n + 1)))
    });
    response(200, "text/event-stream; charset=utf-8", Body::from_stream(hello.chain(news)))
}
