//! The bridge's doors: HTTP/1.1 on plain TCP, HTTP/1.1 and HTTP/2 on TLS.
//!
//! Invariant: everything is bounded: connections, the time for a handshake, for the head of a request, for an answer to
//! be taken. A connection that dawdles holds nobody else up.
//! Invariant: a door ends within a second of being told so.

mod patient;
pub mod room;
pub mod tls;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::bridge::dispatch::{self, Way};
use crate::bridge::door::patient::Patience;
use crate::bridge::door::room::{Place, Room};
use crate::bridge::face::Face;
use crate::io::certificate::Shown;
use crate::io::tcp;
use crate::io::watched::Watched;

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long the head of a request may take to come, and a connection may rest between two requests.
const HEAD: Duration = Duration::from_secs(30);
/// How often one is asked over HTTP/2 whether it is still there, and how long the answer may take.
const PING: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(20));
/// Requests at once on one connection of HTTP/2.
const MAX_STREAMS: u32 = 64;
/// Bytes of the head of a request.
const MAX_HEAD: usize = 32 << 10;
/// How long open requests may take to end once the door is closed.
const STOPPING: Duration = Duration::from_millis(600);
/// Pause after the system gave no connection: it is out of files, most likely.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

/// How connections are greeted.
#[derive(Clone)]
enum Greeting {
    Plain,
    Tls(TlsAcceptor),
}

/// Serves plain HTTP until `stop`.
pub async fn serve(listener: TcpListener, face: Face, stop: CancellationToken) {
    run(listener, face, Greeting::Plain, stop).await;
}

/// Serves HTTPS until `stop`.
pub async fn serve_tls(listener: TcpListener, face: Face, shown: Shown, stop: CancellationToken) {
    run(listener, face, Greeting::Tls(tls::acceptor(shown)), stop).await;
}

async fn run(listener: TcpListener, face: Face, greeting: Greeting, stop: CancellationToken) {
    let (room, builder, mut guests) = (Room::default(), builder(), JoinSet::new());
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
            Some(_) = guests.join_next() => continue,
        };
        match accepted {
            Ok((stream, from)) => {
                // Whoever finds no room is sent away at once.
                let Some(place) = room.place(from.ip()) else { continue };
                let guest = Guest { face: face.clone(), builder: builder.clone(), stop: stop.clone(), place };
                guests.spawn(guest.welcome(stream, from, greeting.clone()));
            }
            Err(error) => {
                tracing::debug!(%error, "a connection to the Hue bridge could not be taken");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
    drop(listener);
    let leaving = async { while guests.join_next().await.is_some() {} };
    // What is still open then, event streams most of all, is cut when the set is dropped.
    drop(tokio::time::timeout(STOPPING, leaving).await);
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(MAX_HEAD).half_close(false);
    let (every, patience) = PING;
    let mut http2 = builder.http2();
    http2.timer(TokioTimer::new()).keep_alive_interval(every).keep_alive_timeout(patience);
    http2.max_concurrent_streams(MAX_STREAMS).max_header_list_size(MAX_HEAD as u32);
    builder
}

/// One connection.
struct Guest {
    face: Face,
    builder: Builder<TokioExecutor>,
    stop: CancellationToken,
    place: Place,
}

impl Guest {
    async fn welcome(self, stream: TcpStream, from: SocketAddr, greeting: Greeting) {
        tcp::tune(&stream);
        let Ok(at) = stream.local_addr() else { return };
        let stream = Watched::new(stream, Patience::default());
        match greeting {
            Greeting::Plain => {
                let builder = self.builder.clone().http1_only();
                self.talk(builder, stream, Way { from, at, tls: false }).await;
            }
            Greeting::Tls(acceptor) => {
                let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await;
                // Whoever does not like the certificate goes away; that is their choice.
                let Ok(Ok(stream)) = shaken else { return };
                let builder = match stream.get_ref().1.alpn_protocol() {
                    Some(tls::H2) => self.builder.clone().http2_only(),
                    _ => self.builder.clone().http1_only(),
                };
                self.talk(builder, stream, Way { from, at, tls: true }).await;
            }
        }
    }

    async fn talk<S>(self, builder: Builder<TokioExecutor>, stream: S, way: Way)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { face, stop, place, .. } = self;
        let service = service_fn(|request: hyper::Request<Incoming>| {
            let face = face.clone();
            async move { Ok::<_, Infallible>(dispatch::serve(&face, way, request).await) }
        });
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, from = %way.from, "a connection to the Hue bridge broke off");
        }
        drop(place);
    }
}
