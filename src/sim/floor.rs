//! The floor: a bare reader that splits lines and counts them, to see what the machine itself can do.
//!
//! Invariant: it decodes nothing and keeps nothing; whatever a real server takes more than this is its own work.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use memchr::memchr_iter;
use serde::Serialize;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::io::process;

/// What the floor has read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct FloorReport {
    /// Lines, by their LF.
    pub lines: u64,
    /// Bytes.
    pub bytes: u64,
    /// The longest line, bytes without its LF.
    pub longest: u64,
    /// Processor time of the whole process meanwhile; `None` if the system does not tell.
    pub cpu_seconds: Option<f64>,
}

/// Reads from any number of connections until `stop`, or until all that sent something are closed.
///
/// # Errors
/// If the address cannot be listened on.
pub async fn run(listen: SocketAddr, stop: CancellationToken) -> io::Result<FloorReport> {
    let listener = TcpListener::bind(listen).await?;
    let before = process::own();
    let mut readers = JoinSet::new();
    let mut report = FloorReport::default();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(readers.spawn(count(stream, stop.clone()))),
                // Out of file handles, most likely: closing connections give some back.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            },
            Some(read) = readers.join_next() => {
                report.add(read.unwrap_or_default());
                if readers.is_empty() && report.bytes > 0 {
                    break;
                }
            }
        }
    }
    while let Some(read) = readers.join_next().await {
        report.add(read.unwrap_or_default());
    }
    report.cpu_seconds = before.zip(process::own()).map(|(from, to)| to.cpu_s - from.cpu_s);
    Ok(report)
}

async fn count(mut stream: TcpStream, stop: CancellationToken) -> FloorReport {
    let mut buffer = vec![0; 64 << 10];
    let mut read = FloorReport::default();
    let mut begun = 0;
    while let Some(Ok(n @ 1..)) = stop.run_until_cancelled(stream.read(&mut buffer)).await {
        let mut from = 0;
        for end in memchr_iter(b'\n', buffer.get(..n).unwrap_or_default()) {
            read.lines += 1;
            read.longest = read.longest.max((begun + end - from) as u64);
            (from, begun) = (end + 1, 0);
        }
        begun += n - from;
        read.bytes += n as u64;
    }
    read
}

impl FloorReport {
    fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.bytes += other.bytes;
        self.longest = self.longest.max(other.longest);
    }
}
