//! What a load is asked for: packets of which kind, how many, where to; and why it could not be run.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Serialize;

/// What is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Sensor lines.
    #[default]
    Lines,
    /// Raw frames of 834 words.
    Frames,
    /// One of each in turn.
    Mixed,
}

/// When a run ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// After so many packets of all clients together.
    Packets(u64),
    /// After so many seconds.
    Seconds(f64),
}

/// What to send, and where to look.
#[derive(Clone, Debug)]
pub struct LoadOpts {
    /// The sensor server.
    pub to: SocketAddr,
    /// Where its `/metrics` and API are; `None` for a server without (the floor).
    pub api: Option<SocketAddr>,
    /// The file with the API's token, for the probe; `None` = no probe.
    pub token: Option<PathBuf>,
    /// Places are named `<prefix>-1`, `<prefix>-2` ...
    pub prefix: String,
    /// What to send.
    pub mode: Mode,
    /// Connections.
    pub clients: usize,
    /// Packets a second of each; `None` = as fast as they are taken.
    pub rate_hz: Option<f64>,
    /// When to end.
    pub limit: Limit,
}

/// Why a load could not be run.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The sensor server is not there.
    #[error("cannot connect to {to} ({connected} clients were): {source}")]
    Unreachable {
        /// Where to.
        to: SocketAddr,
        /// Clients connected before.
        connected: usize,
        /// Why.
        source: io::Error,
    },
    /// The metrics cannot be read.
    #[error("cannot read http://{api}/metrics: {source}")]
    Metrics {
        /// Where.
        api: SocketAddr,
        /// Why.
        source: reqwest::Error,
    },
    /// The token file cannot be read.
    #[error("cannot read {path}: {source}")]
    Token {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
