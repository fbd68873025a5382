//! The local API: what scripts, other programs and Prometheus see of Hearthlight, over HTTP on the loopback interface.
//!
//! A face like the window: it reads the published snapshot and the slots, sends commands, asks questions. [`routes`] is
//! the one table from which both the router and `/api/v1/openapi.json` are made.
//!
//! Invariant: every request passes [`guard`]: the `Host` header is ours, and the token is right where one is needed.
//! Invariant: every answer with an error status is an RFC 9457 problem object.
//! Invariant: everything is bounded: connections, event streams, the size of a body, the time for a request.
//!
//! To add one: a handler in the file of its subject, a line in [`routes::ROUTES`], its object in `schemas`, a golden
//! file for its test.

mod alarms;
mod bridge;
mod commands;
mod door;
mod events;
mod exchange;
mod exports;
mod frame;
pub mod guard;
mod history;
mod journal;
mod lights;
pub mod openapi;
pub mod problem;
mod program;
mod regions;
pub mod route;
pub mod routes;
mod schemas;
mod sensors;
mod thermal;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, Uri};
use axum::middleware;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::api::door::Door;
use crate::api::problem::Problem;
use crate::io::clock::Clock;
use crate::port::{Port, Query, Reply};
use crate::units::moment::Moment;

/// Bytes that the body of a request may have.
pub const MAX_BODY: usize = 64 << 10;
/// Connections open at once; the next one waits until one is closed.
pub const MAX_CONNECTIONS: usize = 256;
/// Event streams open at once; the next one is answered with 503.
pub const MAX_STREAMS: usize = 64;
/// How long the engine may take for an answer.
const ANSWER: Duration = Duration::from_secs(10);
/// How long open requests may take to end once the API is stopped.
const STOPPING: Duration = Duration::from_millis(800);

/// Tells the time: since the start of the program, and for people.
pub type TimeSource = Arc<dyn Fn() -> (Moment, Timestamp) + Send + Sync>;

/// What every handler works with.
#[derive(Clone)]
pub struct Face {
    /// The plug into the engine.
    pub port: Port,
    /// What `Authorization: Bearer` must carry. Empty: nothing passes.
    pub token: Arc<str>,
    /// Where it listens: a `Host` of this address is ours.
    pub at: SocketAddr,
    /// Ends event streams.
    pub stop: CancellationToken,
    clock: TimeSource,
    streams: Arc<Semaphore>,
}

/// One reading of the clock.
#[derive(Clone, Copy, Debug)]
struct Now {
    moment: Moment,
    wall: Timestamp,
}

impl Face {
    /// A face that listens at `at`.
    #[must_use]
    pub fn new(port: Port, token: Arc<str>, clock: TimeSource, at: SocketAddr, stop: CancellationToken) -> Self {
        Self { port, token, at, stop, clock, streams: Arc::new(Semaphore::new(MAX_STREAMS)) }
    }

    fn now(&self) -> Now {
        let (moment, wall) = (self.clock)();
        Now { moment, wall }
    }

    /// Asks the engine; a problem 503 if it is too busy to answer.
    async fn ask(&self, query: Query) -> Result<Reply, Problem> {
        let reply = tokio::time::timeout(ANSWER, self.port.query(query)).await.ok().flatten();
        reply.ok_or_else(|| Problem::busy("The engine is too busy to answer, or stopping. Try again."))
    }
}

impl Now {
    /// Seconds since `earlier`, to the millisecond.
    fn age(self, earlier: Moment) -> f64 {
        to_millis(self.moment.since(earlier).as_secs_f64())
    }

    /// What people call a moment that is past.
    fn wall_of(self, earlier: Moment) -> Timestamp {
        let ago = SignedDuration::try_from(self.moment.since(earlier)).unwrap_or(SignedDuration::MAX);
        self.wall.checked_sub(ago).unwrap_or(self.wall)
    }
}

/// A number of seconds or the like, rounded to three decimals.
fn to_millis(x: f64) -> f64 {
    (x * 1e3).round() / 1e3
}

/// All routes behind guard and limits.
pub fn router(face: Face) -> Router {
    let face = Arc::new(face);
    routes::ROUTES
        .iter()
        .fold(Router::new(), |router, route| router.route(route.path, (route.handler)()))
        .fallback(nothing_there)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(problem::everywhere))
        .layer(middleware::from_fn_with_state(Arc::clone(&face), guard::check))
        .with_state(face)
}

/// Serves the API until `stop`, and ends within a second of it, event streams included.
///
/// # Errors
/// If the listener's own address cannot be read.
pub async fn serve(
    listener: TcpListener,
    port: Port,
    token: Arc<str>,
    clock: Clock,
    stop: CancellationToken,
) -> io::Result<()> {
    let at = listener.local_addr()?;
    let time: TimeSource = Arc::new(move || (clock.now(), clock.wall()));
    let app = router(Face::new(port, token, time, at, stop.clone()));
    let cut = CancellationToken::new();
    let _cut_when_done = cut.clone().drop_guard();
    let serving = axum::serve(Door::new(listener, MAX_CONNECTIONS, cut), app)
        .with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        ended = serving.into_future() => ended,
        () = late(&stop) => Ok(()),
    }
}

async fn late(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(STOPPING).await;
}

async fn nothing_there(uri: Uri) -> Problem {
    let detail = format!("There is nothing at {}. /api/v1/openapi.json lists what there is.", uri.path());
    Problem::new(StatusCode::NOT_FOUND, detail)
}

async fn wrong_method(uri: Uri) -> Problem {
    let detail = format!("{} takes other methods, see the Allow header.", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}
