//! One connection, from its greeting to its end. It knows no socket: any stream of bytes will do.
//!
//! ```text
//!  bytes ─▶ TLS, or none ─▶ HTTP/1.1 or HTTP/2 ─▶ dispatch
//! ```
//!
//! Invariant: each step has its time, however many bytes come in it: a connection that dawdles is closed.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::bridge::dispatch::{self, Way};
use crate::bridge::door::patient::Patience;
use crate::bridge::door::tls;
use crate::bridge::face::Face;
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

/// How connections are greeted.
#[derive(Clone)]
pub enum Greeting {
    /// Not at all.
    Plain,
    /// By TLS.
    Tls(TlsAcceptor),
}

impl std::fmt::Debug for Greeting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if matches!(self, Self::Tls(_)) { "Tls" } else { "Plain" })
    }
}

/// Who came, from where to where.
#[derive(Debug)]
pub struct Guest {
    /// What answers.
    pub face: Face,
    /// Ends the connection once its open requests are answered.
    pub stop: CancellationToken,
    /// The far end.
    pub from: SocketAddr,
    /// Our end, as they reached it.
    pub at: SocketAddr,
}

impl Guest {
    /// Greets, and answers requests until the connection ends.
    pub async fn welcome<S>(self, stream: S, greeting: Greeting)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stream = Watched::new(stream, Patience::default());
        match greeting {
            Greeting::Plain => self.talk(builder().http1_only(), stream, false).await,
            Greeting::Tls(acceptor) => {
                let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await;
                // Whoever does not like the certificate goes away; that is their choice.
                let Ok(Ok(stream)) = shaken else { return };
                let builder = match stream.get_ref().1.alpn_protocol() {
                    Some(tls::H2) => builder().http2_only(),
                    _ => builder().http1_only(),
                };
                self.talk(builder, stream, true).await;
            }
        }
    }

    async fn talk<S>(self, builder: Builder<TokioExecutor>, stream: S, tls: bool)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let Self { face, stop, from, at } = self;
        let way = Way { from, at, tls };
        let asked = Notify::new();
        let service = service_fn(|request: hyper::Request<Incoming>| {
            asked.notify_one();
            let face = face.clone();
            async move { Ok::<_, Infallible>(dispatch::serve(&face, way, request).await) }
        });
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = silence(&asked) => return,
            () = stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, %from, "a connection to the Hue bridge broke off");
        }
    }
}

/// Ends when nothing was asked in time. Of HTTP/2 nobody else waits for the first word.
async fn silence(asked: &Notify) {
    if tokio::time::timeout(HEAD, asked.notified()).await.is_ok() {
        std::future::pending::<()>().await;
    }
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
