//! Plays a recorded capture at a sensor server, with the timing of the recording or in pieces of any size.
//!
//! A capture `NAME.rx.bin` holds what a device sent, in order. `NAME.chunks.jsonl` beside it tells when: one object a
//! line, `t_ms` since the start, `dir` `rx` (device to server) or `tx`, and the bytes in `text`, or in `hex` where they
//! are not plain text. Only the lengths and times of `rx` chunks are used; the bytes come from the capture.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::wire::thermal::{self, LineEnd, Packet};

/// How long the connection stays open after the last byte.
const LINGER: Duration = Duration::from_millis(400);
/// Bytes a write if neither timing nor piece size are given.
const DEFAULT_PIECE: usize = 4096;

/// What to play, and how.
#[derive(Clone, Debug)]
pub struct ReplayOpts {
    /// The capture.
    pub file: PathBuf,
    /// The sensor server.
    pub to: SocketAddr,
    /// A calibration to send first: 832 words of 4 hex digits.
    pub calibration: Option<PathBuf>,
    /// Times as fast as recorded; 0 = as fast as possible.
    pub speed: f64,
    /// Ignore the recording's borders and times: writes of so many bytes, as fast as possible.
    pub pieces: Option<usize>,
}

/// What was played.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Bytes sent, calibration included.
    pub bytes: u64,
    /// Ends of packets (`!`) among them.
    pub packets: u64,
    /// From the first byte to the last.
    pub seconds: f64,
}

/// Why a capture could not be played.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path}, line {line}: {what}")]
    Malformed {
        /// Which.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// The server is not there.
    #[error("cannot connect to {to}: {source}")]
    Unreachable {
        /// Where to.
        to: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The server closed the connection too early.
    #[error("the connection to {to} was lost: {source}")]
    Lost {
        /// Where to.
        to: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

/// A piece of the capture and when it is due, counted from the start.
struct Chunk {
    at: Duration,
    len: usize,
}

#[derive(Deserialize)]
struct ChunkLine {
    t_ms: f64,
    dir: String,
    text: Option<String>,
    hex: Option<String>,
}

/// Plays a capture. What the server sends is read and ignored.
///
/// # Errors
/// If a file cannot be read or understood, or the server is not there or goes away.
pub async fn replay(opts: ReplayOpts) -> Result<Summary, ReplayError> {
    let mut capture = read(&opts.file).await?;
    let chunks = schedule(&opts, capture.len()).await?;
    let calibration = match &opts.calibration {
        Some(path) => calibration_packet(path, &read(path).await?, &capture)?,
        None => Vec::new(),
    };
    let stream =
        TcpStream::connect(opts.to).await.map_err(|source| ReplayError::Unreachable { to: opts.to, source })?;
    let lost = |source| ReplayError::Lost { to: opts.to, source };
    stream.set_nodelay(true).map_err(lost)?;
    let (mut orders, mut sink) = stream.into_split();
    let ignore = tokio::spawn(async move { tokio::io::copy(&mut orders, &mut tokio::io::sink()).await });
    let start = Instant::now();
    sink.write_all(&calibration).await.map_err(lost)?;
    let mut rest = capture.as_slice();
    for chunk in chunks {
        tokio::time::sleep_until(start + chunk.at).await;
        let (piece, after) = rest.split_at(chunk.len.min(rest.len()));
        sink.write_all(piece).await.map_err(lost)?;
        rest = after;
    }
    let seconds = start.elapsed().as_secs_f64();
    tokio::time::sleep(LINGER).await;
    let _ = sink.shutdown().await;
    let _ = tokio::time::timeout(LINGER, ignore).await;
    capture.extend_from_slice(&calibration);
    let packets = memchr::memchr_iter(b'!', &capture).count() as u64;
    Ok(Summary { bytes: capture.len() as u64, packets, seconds })
}

async fn read(path: &Path) -> Result<Vec<u8>, ReplayError> {
    tokio::fs::read(path).await.map_err(|source| ReplayError::Read { path: path.to_owned(), source })
}

async fn schedule(opts: &ReplayOpts, len: usize) -> Result<Vec<Chunk>, ReplayError> {
    let beside = chunks_beside(&opts.file);
    match (opts.pieces, tokio::fs::read_to_string(&beside).await) {
        (Some(piece), _) => Ok(even(len, piece.max(1))),
        (None, Ok(text)) => recorded(&beside, &text, opts.speed, len),
        (None, Err(error)) if error.kind() == io::ErrorKind::NotFound => Ok(even(len, DEFAULT_PIECE)),
        (None, Err(source)) => Err(ReplayError::Read { path: beside, source }),
    }
}

/// `NAME.chunks.jsonl` for `NAME.rx.bin` or `NAME.bin`.
fn chunks_beside(file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.strip_suffix(".bin").unwrap_or(&name);
    let stem = stem.strip_suffix(".rx").unwrap_or(stem);
    file.with_file_name(format!("{stem}.chunks.jsonl"))
}

fn even(len: usize, piece: usize) -> Vec<Chunk> {
    (0..len.div_ceil(piece)).map(|_| Chunk { at: Duration::ZERO, len: piece }).collect()
}

fn recorded(path: &Path, text: &str, speed: f64, len: usize) -> Result<Vec<Chunk>, ReplayError> {
    let bad = |line: usize, what: String| ReplayError::Malformed { path: path.to_owned(), line, what };
    let mut chunks = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let chunk: ChunkLine = serde_json::from_str(line).map_err(|error| bad(index + 1, error.to_string()))?;
        if chunk.dir != "rx" {
            continue;
        }
        let len = match (&chunk.text, &chunk.hex) {
            (Some(text), _) => text.len(),
            (None, Some(hex)) => hex.len() / 2,
            (None, None) => return Err(bad(index + 1, "neither text nor hex".to_owned())),
        };
        let seconds = if speed > 0.0 { chunk.t_ms / 1000.0 / speed } else { 0.0 };
        chunks.push(Chunk { at: Duration::try_from_secs_f64(seconds).unwrap_or_default(), len });
    }
    let sum: usize = chunks.iter().map(|chunk| chunk.len).sum();
    if sum == len { Ok(chunks) } else { Err(bad(1, format!("the chunks have {sum} bytes, the capture has {len}"))) }
}

/// The calibration as a packet with the id that the capture's packets carry.
fn calibration_packet(path: &Path, hex: &[u8], capture: &[u8]) -> Result<Vec<u8>, ReplayError> {
    let digits: Vec<u8> = hex.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let mut words = Vec::new();
    thermal::words(&digits, |n| n == thermal::CALIBRATION_WORDS, &mut words).map_err(|reason| {
        let what = format!("not {} words of 4 hex digits ({})", thermal::CALIBRATION_WORDS, reason.name());
        ReplayError::Malformed { path: path.to_owned(), line: 1, what }
    })?;
    let mut packet = Vec::with_capacity(3400);
    thermal::encode_calibration(&id_in(capture), &words, LineEnd::CrLf, &mut packet);
    Ok(packet)
}

/// The id of the first packet that has one; empty if none has.
fn id_in(capture: &[u8]) -> String {
    let ids =
        capture.split(|byte| *byte == b'!').filter_map(|packet| match thermal::decode(packet.trim_ascii_start()) {
            Ok(Packet::Frame { id, .. } | Packet::Readings { id, .. } | Packet::Calibration { id, .. }) => id,
            _ => None,
        });
    ids.map(str::to_owned).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::{ReplayError, calibration_packet, chunks_beside, even, id_in, recorded};

    #[test]
    fn the_chunks_lie_beside_the_capture() {
        for (capture, chunks) in
            [("a/b.rx.bin", "a/b.chunks.jsonl"), ("b.bin", "b.chunks.jsonl"), ("b", "b.chunks.jsonl")]
        {
            assert_eq!(chunks_beside(Path::new(capture)), Path::new(chunks));
        }
    }

    #[test]
    fn chunks_give_lengths_and_times() {
        let text = concat!(
            r##"{"t_ms": 0, "dir": "rx", "text": "#frame"}"##,
            "\n\n",
            r#"{"t_ms": 5, "dir": "tx", "text": "EEPROM1"}"#,
            "\n",
            r#"{"t_ms": 110, "dir": "rx", "hex": "00ff"}"#,
            "\n"
        );
        let chunks = recorded(Path::new("x"), text, 2.0, 8).expect("well formed");
        let seen: Vec<_> = chunks.iter().map(|chunk| (chunk.at, chunk.len)).collect();
        assert_eq!(seen, [(Duration::ZERO, 6), (Duration::from_millis(55), 2)]);
        assert!(recorded(Path::new("x"), text, 0.0, 8).expect("well formed").iter().all(|chunk| chunk.at.is_zero()));
    }

    #[test]
    fn what_is_wrong_in_the_chunks_is_said_with_its_line() {
        let broken = "{\"t_ms\": 0, \"dir\": \"rx\", \"text\": \"abc\"}\n{nonsense\n";
        assert!(matches!(recorded(Path::new("x"), broken, 1.0, 3), Err(ReplayError::Malformed { line: 2, .. })));
        let short = "{\"t_ms\": 0, \"dir\": \"rx\", \"text\": \"abc\"}\n";
        assert!(recorded(Path::new("x"), short, 1.0, 4).is_err(), "one byte less than the capture");
    }

    #[test]
    fn pieces_cover_the_capture() {
        assert_eq!(even(10, 4).len(), 3);
        assert_eq!(even(0, 4).len(), 0);
    }

    #[test]
    fn the_calibration_goes_out_under_the_captures_id() {
        let capture = b"noise\r\n#frame1234:FFB0!\r\n#Sensor1234:ADC1=1!";
        assert_eq!(id_in(capture), "1234");
        assert_eq!(id_in(b"#Sensor:ADC1=1!"), "");
        let hex = "0A0B".repeat(832);
        let packet = calibration_packet(Path::new("x"), hex.as_bytes(), capture).expect("832 words");
        assert!(packet.starts_with(b"#EEPROM1234:0A0B") && packet.ends_with(b"0A0B!\r\n"));
        assert!(calibration_packet(Path::new("x"), &hex.as_bytes()[4..], capture).is_err());
    }
}
