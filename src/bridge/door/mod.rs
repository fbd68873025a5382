//! The bridge's doors: HTTP/1.1 on plain TCP, HTTP/1.1 and HTTP/2 on TLS.
//!
//! Invariant: everything is bounded: connections, the time for a handshake, for the head of a request, for an answer to
//! be taken. A connection that dawdles holds nobody else up.
//! Invariant: a door ends within a second of being told so.

pub mod guest;
mod patient;
pub mod room;
pub mod tls;

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::bridge::door::guest::{Greeting, Guest};
use crate::bridge::door::room::Room;
use crate::bridge::face::Face;
use crate::io::certificate::Shown;
use crate::io::tcp;

/// How long open requests may take to end once the door is closed.
const STOPPING: Duration = Duration::from_millis(600);
/// Pause after the system gave no connection: it is out of files, most likely.
const AFTER_FAILURE: Duration = Duration::from_millis(50);

/// Serves plain HTTP until `stop`.
pub async fn serve(listener: TcpListener, face: Face, stop: CancellationToken) {
    run(listener, face, Greeting::Plain, stop).await;
}

/// Serves HTTPS until `stop`.
pub async fn serve_tls(listener: TcpListener, face: Face, shown: Shown, stop: CancellationToken) {
    run(listener, face, Greeting::Tls(tls::acceptor(shown)), stop).await;
}

async fn run(listener: TcpListener, face: Face, greeting: Greeting, stop: CancellationToken) {
    let (room, mut guests) = (Room::default(), JoinSet::new());
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
                let Ok(at) = stream.local_addr() else { continue };
                tcp::tune(&stream);
                let guest = Guest { face: face.clone(), stop: stop.clone(), from, at };
                let welcomed = guest.welcome(stream, greeting.clone());
                guests.spawn(async move {
                    welcomed.await;
                    drop(place);
                });
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
