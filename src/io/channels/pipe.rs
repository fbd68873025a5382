//! The sending half of a byte stream: what waits to be written, and the loops that read and write.
//!
//! Invariant: at most [`MAX_WAITING`] bytes wait; a frame is dropped while anything before it is on its way.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::io::channels::{Event, Mail, misplaced};
use crate::wire::Output;

/// Bytes that may wait for a peer that reads slowly.
const MAX_WAITING: usize = 256 * 1024;
/// Bytes read at once.
const PIECE: usize = 16 * 1024;

/// What waits to be written.
#[derive(Debug, Default)]
pub(super) struct Pipe {
    waiting: Mutex<Waiting>,
    news: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// Something was handed over and is not out yet.
    busy: bool,
    /// A frame is part of that.
    frame: bool,
}

impl Pipe {
    /// Hands bytes over. False if they are a frame that was dropped.
    pub(super) fn send(&self, output: &Output, payload: &[u8]) -> Result<bool, String> {
        let is_frame = match output {
            Output::Frame => true,
            Output::Bytes => false,
            other => return misplaced(other),
        };
        let mut waiting = self.waiting.lock();
        if is_frame && waiting.busy {
            // Who waits for room hears of it.
            waiting.frame = true;
            return Ok(false);
        }
        if waiting.bytes.len() + payload.len() > MAX_WAITING {
            return Err("it no longer reads what it is sent".to_owned());
        }
        waiting.bytes.extend_from_slice(payload);
        waiting.busy = true;
        waiting.frame |= is_frame;
        drop(waiting);
        self.news.notify_one();
        Ok(true)
    }

    /// Writes what comes until that fails. `baud` tells how fast the line takes it, where the system does not.
    async fn write(&self, out: &mut (impl AsyncWrite + Unpin), baud: Option<u32>, mail: &Mail) -> io::Error {
        let mut batch = Vec::new();
        let mut free_at = Instant::now();
        loop {
            if !self.take(&mut batch, mail) {
                self.news.notified().await;
                continue;
            }
            if let Err(error) = out.write_all(&batch).await {
                return error;
            }
            if let Some(baud) = baud {
                free_at = free_at.max(Instant::now()) + on_the_line(batch.len(), baud);
                tokio::time::sleep_until(free_at).await;
            }
        }
    }

    /// Takes what waits. False if nothing does; then all before is out.
    fn take(&self, batch: &mut Vec<u8>, mail: &Mail) -> bool {
        let mut waiting = self.waiting.lock();
        batch.clear();
        std::mem::swap(&mut waiting.bytes, batch);
        if !batch.is_empty() {
            return true;
        }
        waiting.busy = false;
        if std::mem::take(&mut waiting.frame) {
            mail.try_put(Event::Drained);
        }
        false
    }
}

/// How long so many bytes take on a serial line: ten bits each.
fn on_the_line(n_bytes: usize, baud: u32) -> Duration {
    Duration::from_secs_f64(n_bytes as f64 * 10.0 / f64::from(baud.max(1)))
}

/// Reads until the stream ends, and tells why it did; `None` if nobody listens any more.
async fn read(from: &mut (impl AsyncRead + Unpin), mail: &Mail) -> Option<String> {
    let mut buffer = BytesMut::with_capacity(PIECE);
    loop {
        buffer.reserve(PIECE);
        match from.read_buf(&mut buffer).await {
            Ok(0) => return Some("it closed the connection".to_owned()),
            Ok(_) => {
                let piece: Bytes = buffer.split().freeze();
                if !mail.put(Event::Bytes(piece)).await {
                    return None;
                }
            }
            Err(error) => return Some(error.to_string()),
        }
    }
}

/// Carries both ways until one ends, and tells why it did.
pub(super) async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut out: impl AsyncWrite + Unpin,
    pipe: &Pipe,
    baud: Option<u32>,
    mail: &Mail,
) -> Option<String> {
    tokio::select! {
        why = read(&mut from, mail) => why,
        error = pipe.write(&mut out, baud, mail) => Some(error.to_string()),
    }
}
