//! One app that listens: a task that puts events into its queue, and the answer that reads them from there.
//!
//! Invariant: an app whose queue is full is sent away; nobody waits for it.
//! Invariant: an app whose key was taken back hears nothing from then on.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, interval_at};

use crate::bridge::events::event::{Event, EventId};
use crate::bridge::events::hub::Heard;
use crate::bridge::face::Face;
use crate::port::ring::Key;

/// Apps that may listen at once.
pub const MAX_LISTENERS: usize = 256;
/// Events that wait for one app; then it is too slow.
pub const QUEUE: usize = 256;
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
pub fn stream(face: &Face, key: &Arc<Key>, after: Option<EventId>) -> Option<mpsc::Receiver<Bytes>> {
    let seat = Seat::take(face)?;
    let (missed, heard) = face.events.join(after);
    let mut first = BytesMut::from(HI);
    missed.iter().for_each(|event| first.extend_from_slice(&event.bytes()));
    let (client, bytes) = mpsc::channel(QUEUE);
    let (face, key) = (face.clone(), Arc::clone(key));
    tokio::spawn(async move {
        if client.try_send(first.freeze()).is_ok() {
            tokio::select! {
                () = face.events.closed() => {}
                () = client.closed() => {}
                () = feed(&face, &key, heard, &client) => {}
            }
        }
        drop(seat);
    });
    Some(bytes)
}

/// Sends what is heard until something ends it.
async fn feed(face: &Face, key: &Key, mut heard: broadcast::Receiver<Heard>, client: &mpsc::Sender<Bytes>) {
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
fn put(face: &Face, client: &mpsc::Sender<Bytes>, bytes: Bytes) -> bool {
    let put = client.try_send(bytes);
    if matches!(put, Err(mpsc::error::TrySendError::Full(_))) {
        face.port.slots.bridge.too_slow.add(1);
    }
    put.is_ok()
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
