//! `GET /api/v1/events`: every fact as a server-sent event (HTML standard, "Server-sent events").
//!
//! The first event is `snapshot` with the whole state, then each fact follows as `fact`; the event's id is the sequence
//! number. A client that cannot keep up gets a fresh `snapshot` where facts are missing. So does one that comes back:
//! sequence numbers begin anew with each run, which is why `Last-Event-ID` is no promise and is not looked at.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio_stream::wrappers::ReceiverStream;

use crate::api::Face;
use crate::api::problem::Problem;
use crate::api::program::Versioned;
use crate::model::message::Stamped;
use crate::model::snapshot::Snapshot;
use crate::port::Published;

/// A comment is sent when there was no event for so long.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Events on their way to one client; behind these the broadcast waits, and then it lags.
const QUEUE: usize = 64;

type Sent = Result<Event, Infallible>;

/// Opens a stream; 503 if as many as may be are open.
pub(super) async fn stream(State(face): State<Arc<Face>>) -> Result<Response, Problem> {
    let place = Arc::clone(&face.streams).try_acquire_owned();
    let place = place.map_err(|_| Problem::busy("Too many event streams are open. Close one."))?;
    let (client, events) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        tokio::select! {
            () = face.stop.cancelled() => {}
            () = client.closed() => {}
            _ = feed(&face, &client) => {}
        }
        drop(place);
    });
    let events = Sse::new(ReceiverStream::new(events)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    Ok(events.into_response())
}

/// Sends events until the client or the engine is gone; then `None`.
async fn feed(face: &Face, client: &mpsc::Sender<Sent>) -> Option<()> {
    // Subscribed first, so that no fact falls between the snapshot and the first one received.
    let mut feed = face.port.feed.0.subscribe();
    let mut seq = send_snapshot(&face.port.view(), client).await?;
    loop {
        match receive(&mut feed).await? {
            None => seq = send_snapshot(&face.port.view(), client).await?,
            Some(published) => {
                for fact in published.facts.iter().filter(|fact| fact.seq > seq) {
                    client.send(Ok(event_of(fact)?)).await.ok()?;
                }
                seq = seq.max(published.snapshot.seq);
            }
        }
    }
}

/// The next fold; `Some(None)` if some were missed.
async fn receive(feed: &mut broadcast::Receiver<Published>) -> Option<Option<Published>> {
    match feed.recv().await {
        Ok(published) => Some(Some(published)),
        Err(RecvError::Lagged(_)) => Some(None),
        Err(RecvError::Closed) => None,
    }
}

async fn send_snapshot(snapshot: &Snapshot, client: &mpsc::Sender<Sent>) -> Option<u64> {
    let event = Event::default().event("snapshot").id(snapshot.seq.to_string());
    client.send(Ok(event.json_data(Versioned::new(snapshot)).ok()?)).await.ok()?;
    Some(snapshot.seq)
}

fn event_of(fact: &Stamped) -> Option<Event> {
    Event::default().event("fact").id(fact.seq.to_string()).json_data(fact).ok()
}
