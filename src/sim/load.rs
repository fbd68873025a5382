//! The load generator: many clients that send pre-encoded packets at a rate, or as fast as the server reads.
//!
//! Invariant: a packet counts as sent when all its bytes were handed to the system; greetings and calibrations go out
//! and are settled before the clock starts, so the figures are those of the load alone.
//! Invariant: all connections are closed orderly and only after the server was seen to be done with them.

use std::sync::Arc;

use serde::Serialize;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::io::process;
use crate::sim::meter::Meter;
use crate::sim::packets::Packets;
use crate::sim::plan::{LoadError, LoadOpts, Mode};
use crate::sim::probe;
use crate::sim::scrape::Scrape;
use crate::sim::senders::{self, Sent};

/// What came of it. Times are milliseconds unless named otherwise; `None` = not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LoadReport {
    /// What was sent.
    pub mode: Mode,
    /// Connections.
    pub clients: usize,
    /// Packets a second asked of each.
    pub rate_hz: Option<f64>,
    /// From the first packet to the last.
    pub seconds: f64,
    /// Packets sent.
    pub sent: u64,
    /// Bytes sent.
    pub sent_bytes: u64,
    /// Packets sent a second.
    pub sent_per_second: f64,
    /// Connections that broke before their end.
    pub broken_connections: u64,
    /// Packets the server accepted.
    pub accepted: Option<u64>,
    /// Packets the server rejected.
    pub rejected: Option<u64>,
    /// Sent, but neither accepted nor rejected.
    pub lost: Option<i64>,
    /// Seconds from the first packet sent to the last accepted, at a tenth of a second.
    pub accepted_seconds: Option<f64>,
    /// Last byte read to accepted, half of the packets.
    pub p50_ms: Option<f64>,
    /// 95 of 100.
    pub p95_ms: Option<f64>,
    /// 99 of 100.
    pub p99_ms: Option<f64>,
    /// Upper bound of the slowest bucket in use.
    pub max_ms: Option<f64>,
    /// Packets slower than the last bucket.
    pub beyond_buckets: Option<u64>,
    /// Processor time of the server.
    pub server_cpu_seconds: Option<f64>,
    /// The same for each accepted packet, microseconds.
    pub cpu_per_packet_us: Option<f64>,
    /// Resident memory of the server afterwards, bytes.
    pub server_memory_bytes: Option<u64>,
    /// Processor time of this process.
    pub own_cpu_seconds: Option<f64>,
    /// From a reading sent to the same reading seen over the API, half of the readings.
    pub probe_p50_ms: Option<f64>,
    /// 99 of 100.
    pub probe_p99_ms: Option<f64>,
    /// Readings never seen.
    pub probe_missed: Option<u64>,
}

/// Runs a load.
///
/// # Errors
/// If the server, its metrics or the token file cannot be reached at the start. What breaks later is in the report.
pub async fn load(opts: LoadOpts) -> Result<LoadReport, LoadError> {
    let packets = Arc::new(Packets::new(opts.mode));
    let meter = opts.api.map(Meter::new);
    let token = match &opts.token {
        Some(path) => {
            let text = tokio::fs::read_to_string(path).await;
            Some(text.map_err(|source| LoadError::Token { path: path.clone(), source })?.trim().to_owned())
        }
        None => None,
    };
    let clients = senders::connect_all(&opts, &packets).await?;
    let before = match &meter {
        Some(meter) => {
            let settled = meter.settled().await;
            Some(settled.map_err(|source| LoadError::Metrics { api: meter.api, source })?)
        }
        None => None,
    };
    let (stop_probe, own) = (CancellationToken::new(), process::own());
    let probe =
        opts.api.zip(token).map(|(api, token)| tokio::spawn(probe::run(opts.to, api, token, stop_probe.clone())));

    let start = Instant::now();
    let mut groups = senders::spawn_groups(&opts, &packets, clients, start);
    let (mut sent, mut idle) = (Sent::default(), Vec::new());
    while let Some(group) = groups.join_next().await {
        let Ok((counts, clients)) = group else { continue };
        sent.add(counts);
        idle.extend(clients);
    }
    let seconds = sent.last.map_or(0.0, |last| last.saturating_duration_since(start).as_secs_f64());
    let own_cpu = own.zip(process::own()).map(|(from, to)| to.cpu_s - from.cpu_s);
    stop_probe.cancel();
    let seen = match probe {
        Some(probe) => probe.await.ok(),
        None => None,
    };
    let probed = seen.as_ref().map_or(0, |seen| seen.sent);
    let after = match (&meter, &before) {
        (Some(meter), Some(before)) => meter.caught_up(before, sent.packets + probed, start).await,
        _ => None,
    };
    senders::hang_up(idle).await;
    let mut report = LoadReport {
        mode: opts.mode,
        clients: opts.clients,
        rate_hz: opts.rate_hz,
        seconds,
        sent: sent.packets,
        sent_bytes: sent.bytes,
        sent_per_second: sent.packets as f64 / seconds.max(1e-9),
        broken_connections: sent.broken,
        own_cpu_seconds: own_cpu,
        probe_p50_ms: seen.as_ref().and_then(|seen| seen.quantile_ms(0.5)),
        probe_p99_ms: seen.as_ref().and_then(|seen| seen.quantile_ms(0.99)),
        probe_missed: seen.as_ref().map(|seen| seen.missed),
        ..LoadReport::default()
    };
    if let Some((delta, accepted_seconds)) = after {
        report.add_server(&delta, probed, accepted_seconds);
    }
    Ok(report)
}

impl LoadReport {
    fn add_server(&mut self, delta: &Scrape, probed: u64, accepted_seconds: f64) {
        let ms = |seconds: Option<f64>| seconds.map(|seconds| seconds * 1000.0);
        let accepted = delta.accepted.saturating_sub(probed);
        self.accepted = Some(accepted);
        self.rejected = Some(delta.rejected);
        self.lost = Some(self.sent as i64 - accepted as i64 - delta.rejected as i64);
        self.accepted_seconds = Some(accepted_seconds);
        (self.p50_ms, self.p95_ms) = (ms(delta.quantile(0.5)), ms(delta.quantile(0.95)));
        (self.p99_ms, self.max_ms) = (ms(delta.quantile(0.99)), ms(delta.slowest()));
        self.beyond_buckets = Some(delta.beyond());
        self.server_cpu_seconds = delta.cpu_seconds;
        self.cpu_per_packet_us =
            delta.cpu_seconds.filter(|_| delta.accepted > 0).map(|cpu| cpu * 1e6 / delta.accepted as f64);
        self.server_memory_bytes = delta.memory_bytes.map(|bytes| bytes as u64);
    }
}
