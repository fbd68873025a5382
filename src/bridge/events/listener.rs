//! One app that listens: a task that puts events into its queue, and the answer that reads them from there.
//!
//! Invariant: an app whose queue is full is sent away; nobody waits for it.
//! Invariant: an app whose key was taken back hears nothing from then on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, interval_at};
use tokio_stream::wrappers::ReceiverStream;

use crate::bridge::events::event::{Event, EventId};
use crate::bridge::events::hub::Heard;
use crate::bridge::face::Face;
use crate::port::ring::Key;

/// Apps that may listen at once.
pub const MAX_LISTENERS: usize = 256;
/// Events that wait for one app; then it is too slow.
pub const QUEUE: usize = 256;
/// Bytes that wait for one app before the next event; then it is too slow.
pub const WAITING: usize = 4 << 20;
/// A comment is sent when there was no event for so long.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long somebody who asks for the next events waits for them; less than a request may take.
const PATIENCE: Duration = Duration::from_secs(15);

const HI: &[u8] = b": hi\n\n";
const PING: &[u8] = b": ping\n\n";

/// A place among those who listen.
struct Seat {
    face: Face,
}

impl Seat {
    /// Takes a place; `None` if there is none left.
    fn take(face: &Face) -> Option<Self> {
        let more = |n: usize| (n < MAX_LISTENERS).then_some(n + 1);
        face.port.slots.bridge.listeners.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        Some(Self { face: face.clone() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.face.port.slots.bridge.listeners.fetch_sub(1, Ordering::Relaxed);
        self.face.events.touch();
    }
}

/// Opens a stream of events after this one: its bytes, until the app or its key is gone or Hearthlight stops. `None` if
/// as many as may are open.
#[must_use]
pub fn stream(face: &Face, key: &Arc<Key>, after: Option<EventId>) -> Option<impl Stream<Item = Bytes> + use<>> {
    let seat = Seat::take(face)?;
    let (missed, heard) = face.events.join(after);
    let mut first = BytesMut::from(HI);
    missed.iter().for_each(|event| first.extend_from_slice(&event.bytes()));
    let (client, bytes) = line();
    let (face, key) = (face.clone(), Arc::clone(key));
    tokio::spawn(async move {
        if put(&face, &client, first.freeze()) {
            tokio::select! {
                () = face.events.closed() => {}
                () = client.queue.closed() => {}
                () = feed(&face, &key, heard, &client) => {}
            }
        }
        drop(seat);
    });
    Some(bytes)
}

/// Sends what is heard until something ends it.
async fn feed(face: &Face, key: &Key, mut heard: broadcast::Receiver<Heard>, client: &Client) {
    let mut quiet = interval_at(Instant::now() + KEEP_ALIVE, KEEP_ALIVE);
    loop {
        let next = tokio::select! {
            next = heard.recv() => next,
            _ = quiet.tick() => {
                if !holds(face, key) || !put(face, client, Bytes::from_static(PING)) {
                    return;
                }
                continue;
            }
        };
        match next {
            Ok(Heard::Event(event)) => {
                if !holds(face, key) || !put(face, client, event.bytes()) {
                    return;
                }
                face.port.slots.bridge.events.note(face.events.now().since(event.at));
                quiet.reset();
            }
            Ok(Heard::Gone(app)) if app != key.app => {}
            Ok(Heard::Keys) if holds(face, key) => {}
            Ok(Heard::Gone(_) | Heard::Keys | Heard::Lost) | Err(RecvError::Closed) => return,
            Err(RecvError::Lagged(_)) => return face.port.slots.bridge.too_slow.add(1),
        }
    }
}

/// Puts bytes into an app's queue; false if it is gone or too slow, which is counted.
fn put(face: &Face, client: &Client, bytes: Bytes) -> bool {
    let too_slow = match client.put(bytes) {
        Ok(()) => return true,
        Err(too_slow) => too_slow,
    };
    face.port.slots.bridge.too_slow.add(u64::from(too_slow));
    false
}

/// The end of an app's queue that is written to.
struct Client {
    queue: mpsc::Sender<Bytes>,
    waiting: Arc<AtomicUsize>,
}

/// A queue of bytes for one app, bounded by what it may hold.
fn line() -> (Client, impl Stream<Item = Bytes> + use<>) {
    let (queue, bytes) = mpsc::channel(QUEUE);
    let waiting = Arc::new(AtomicUsize::new(0));
    let left = Arc::clone(&waiting);
    let taken = move |bytes: &Bytes| {
        left.fetch_sub(bytes.len(), Ordering::Relaxed);
    };
    (Client { queue, waiting }, ReceiverStream::new(bytes).inspect(taken))
}

impl Client {
    /// Puts bytes into the queue; false as error if the app is gone, true if it is too slow.
    fn put(&self, bytes: Bytes) -> Result<(), bool> {
        if self.waiting.load(Ordering::Relaxed) > WAITING {
            return Err(true);
        }
        let n = bytes.len();
        self.waiting.fetch_add(n, Ordering::Relaxed);
        self.queue.try_send(bytes).map_err(|error| matches!(error, mpsc::error::TrySendError::Full(_)))
    }
}

fn holds(face: &Face, key: &Key) -> bool {
    face.port.slots.bridge.ring.load().find(&key.key).is_some_and(|held| held.app == key.app)
}

/// Waits for events after this one, or for the next one, and gives them as one JSON array with the last one's number;
/// none if none came in time. `None` if as many as may be wait.
pub async fn poll(face: &Face, key: &Arc<Key>, after: Option<EventId>) -> Option<(Bytes, Option<EventId>)> {
    let _seat = Seat::take(face)?;
    let (mut events, mut heard) = face.events.join(after);
    if events.is_empty() {
        let first = tokio::time::timeout(PATIENCE, async {
            tokio::select! {
                () = face.events.closed() => None,
                event = next(face, key, &mut heard) => event,
            }
        });
        events.extend(first.await.ok().flatten());
    }
    Some((array(&events), events.last().map(|event| event.id).or(after)))
}

async fn next(face: &Face, key: &Key, heard: &mut broadcast::Receiver<Heard>) -> Option<Arc<Event>> {
    loop {
        match heard.recv().await {
            Ok(Heard::Event(event)) => {
                face.port.slots.bridge.events.note(face.events.now().since(event.at));
                return holds(face, key).then_some(event);
            }
            Ok(Heard::Gone(app)) if app != key.app => {}
            Ok(Heard::Keys) if holds(face, key) => {}
            _ => return None,
        }
    }
}

/// The containers of these events as one JSON array.
fn array(events: &[Arc<Event>]) -> Bytes {
    if let [event] = events {
        return event.json();
    }
    let mut all = BytesMut::from(&b"["[..]);
    for event in events {
        let json = event.json();
        if all.len() > 1 {
            all.extend_from_slice(b",");
        }
        all.extend_from_slice(json.get(1..json.len().saturating_sub(1)).unwrap_or_default());
    }
    all.extend_from_slice(b"]");
    all.freeze()
}
