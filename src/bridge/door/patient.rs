//! When a connection is given up: its other end takes nothing off it any more.
//!
//! Invariant: only waiting to send counts; one that has nothing to say may be silent as long as it likes.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Sleep;

use crate::io::watched::Watch;

/// How long a connection may take nothing.
const STALLED: Duration = Duration::from_secs(30);

/// The patience with one connection.
#[derive(Debug, Default)]
pub(super) struct Patience {
    /// Ends when it has waited for too long; `None` while nothing waits to be sent.
    since: Option<Pin<Box<Sleep>>>,
}

impl Patience {
    /// Notes whether something was sent; gives up in the end.
    fn sent<T>(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if result.is_ready() {
            self.since = None;
            return result;
        }
        let since = self.since.get_or_insert_with(|| Box::pin(tokio::time::sleep(STALLED)));
        since.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Watch for Patience {
    fn read(&mut self, _: &mut Context<'_>, result: Poll<io::Result<()>>) -> Poll<io::Result<()>> {
        result
    }

    fn wrote(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        self.sent(cx, result)
    }

    fn flushed(&mut self, cx: &mut Context<'_>, result: Poll<io::Result<()>>) -> Poll<io::Result<()>> {
        self.sent(cx, result)
    }
}
