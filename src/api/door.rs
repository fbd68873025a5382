//! Connections of the API: how many, and how patient it is with each.
//!
//! Invariant: a connection is closed when a request was not answered [`ANSWER`] after its first byte, so one that comes
//! byte by byte holds no place for long; and when nothing could be sent for [`REST`].

use std::future::Future as _;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::io::watched::{Watch, Watched};

/// From the first byte of a request to the first byte of its answer, at most.
const ANSWER: Duration = Duration::from_secs(20);
/// From the last byte sent to the next request, at most; event streams send something more often than this.
const REST: Duration = Duration::from_secs(60);

/// Takes connections while there is room for them.
#[derive(Debug)]
pub(super) struct Door {
    listener: TcpListener,
    room: Arc<Semaphore>,
    cut: CancellationToken,
}

impl Door {
    /// A door with room for `n` connections; `cut` breaks all of them.
    pub(super) fn new(listener: TcpListener, n: usize, cut: CancellationToken) -> Self {
        Self { listener, room: Arc::new(Semaphore::new(n)), cut }
    }
}

impl Listener for Door {
    type Io = Watched<TcpStream, Guest>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        // The semaphore is never closed; without a permit the connection would only go uncounted.
        let place = Arc::clone(&self.room).acquire_owned().await.ok();
        let (stream, from) = Listener::accept(&mut self.listener).await;
        // Small answers must not wait for an acknowledgement; a socket that cannot do that still works.
        let _ = stream.set_nodelay(true);
        (Watched::new(stream, Guest::new(place, self.cut.clone())), from)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// When a connection is given up. Pure.
#[derive(Clone, Copy, Debug)]
struct Patience {
    due: Instant,
    resting: bool,
}

impl Patience {
    fn new(now: Instant) -> Self {
        Self { due: now + ANSWER, resting: false }
    }

    /// Bytes came. Only the first ones after an answer give a new time.
    fn heard(&mut self, now: Instant) {
        if self.resting {
            *self = Self::new(now);
        }
    }

    /// Bytes went out.
    fn answered(&mut self, now: Instant) {
        *self = Self { due: now + REST, resting: true };
    }
}

/// Who watches one connection: its place, the patience with it and the signal that cuts it.
#[derive(Debug)]
pub(super) struct Guest {
    patience: Patience,
    timer: Pin<Box<Sleep>>,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Guest {
    fn new(place: Option<OwnedSemaphorePermit>, cut: CancellationToken) -> Self {
        let patience = Patience::new(Instant::now());
        let timer = Box::pin(tokio::time::sleep_until(patience.due));
        Self { patience, timer, cut: Box::pin(cut.cancelled_owned()), _place: place }
    }

    /// What to do while the stream has nothing to say: wait, or give up.
    fn wait<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if self.timer.deadline() != self.patience.due {
            self.timer.as_mut().reset(self.patience.due);
        }
        if self.cut.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        self.timer.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Watch for Guest {
    fn reads(&mut self) -> io::Result<()> {
        if self.patience.due <= Instant::now() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }

    fn read(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<()>>) -> Poll<io::Result<()>> {
        match result {
            Poll::Ready(Ok(())) => self.patience.heard(Instant::now()),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => return self.wait(cx),
        }
        result
    }

    fn wrote(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match result {
            Poll::Ready(Ok(n)) if n > 0 => self.patience.answered(Instant::now()),
            Poll::Ready(_) => {}
            Poll::Pending => return self.wait(cx),
        }
        result
    }

    fn flushed(&mut self, _: &mut Context<'_>, result: Poll<io::Result<()>>) -> Poll<io::Result<()>> {
        result
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{ANSWER, Patience, REST};

    #[test]
    fn a_request_that_trickles_in_gets_no_more_time() {
        let start = Instant::now();
        let mut patience = Patience::new(start);
        for second in 1..10 {
            patience.heard(start + Duration::from_secs(second));
        }
        assert_eq!(patience.due, start + ANSWER);
    }

    #[test]
    fn each_answer_gives_a_rest_and_each_request_after_it_a_new_time() {
        let start = Instant::now();
        let mut patience = Patience::new(start);
        let answered = start + Duration::from_secs(1);
        patience.answered(answered);
        assert_eq!(patience.due, answered + REST);
        let asked = answered + Duration::from_secs(5);
        patience.heard(asked);
        patience.heard(asked + Duration::from_secs(1));
        assert_eq!(patience.due, asked + ANSWER);
    }
}
