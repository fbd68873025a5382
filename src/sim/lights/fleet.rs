//! Many simulated lights of one family, and what came of them in numbers.
//!
//! Invariant: a fleet ends when it is told to, also if some of its lights could not be started.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::sim::lights::lamp::{LampFaults, Tally};
use crate::sim::lights::{SimFamily, SimOpts};

/// What a fleet is started with.
#[derive(Clone, Debug)]
pub struct FleetOpts {
    /// How many lights.
    pub count: u32,
    /// The address of the first one; on Linux the others follow on loopback, elsewhere all are there.
    pub listen: IpAddr,
    /// The port; 0 for the family's own. Where all have one address, the next ones follow.
    pub port: u16,
    /// What they are, by words of their family.
    pub kind: String,
    /// Pixels of each; 0 for the usual number.
    pub pixels: u16,
    /// Their troubles.
    pub faults: LampFaults,
    /// Stop after so long; without it, when told to.
    pub lasts: Option<Duration>,
}

/// What came of a fleet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Its family.
    pub family: &'static str,
    /// Packets, requests and messages that came.
    pub packets: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Packets, responses and messages that went out.
    pub answers: u64,
    /// Streamed frames that were shown.
    pub frames: u64,
    /// What was streamed, in time; absent without frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<Stream>,
    /// Each of them.
    pub lights: Vec<Outcome>,
}

/// What came of one light.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Its address.
    pub at: IpAddr,
    /// Packets that came.
    pub packets: u64,
    /// Frames that were shown.
    pub frames: usize,
    /// How it was at the end, in its family's own words.
    pub last: Value,
    /// Why it ended early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// Frames in time, as the lights saw them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stream {
    /// Frames a second, the mean over lights, each from its first frame to its last.
    pub fps: f64,
    /// From one frame of a light to its next.
    pub gap_ms: Spread,
    /// From the first light to the last one that shows the same round; absent with one light.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<Spread>,
    /// Rounds in which each light showed one frame.
    pub whole_rounds: u64,
    /// Rounds in which some showed none.
    pub broken_rounds: u64,
}

/// How a time is spread.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Half are at most this.
    pub p50: f64,
    /// 99 of 100.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Spread {
    /// Of these times; `None` of none.
    #[must_use]
    pub fn of(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        let at = |share: f64| {
            let place = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len().max(1)) - 1;
            times.get(place).map(|time| time.as_secs_f64() * 1e3)
        };
        Some(Self { p50: at(0.5)?, p99: at(0.99)?, max: at(1.0)? })
    }
}

/// The address of light `n` of a fleet that begins at `first`.
#[must_use]
pub fn address(first: IpAddr, n: u32) -> IpAddr {
    match first {
        IpAddr::V4(first) if first.is_loopback() && cfg!(target_os = "linux") => {
            Ipv4Addr::from_bits(first.to_bits().saturating_add(n)).into()
        }
        _ => first,
    }
}

/// Runs a fleet until `stop`, or for as long as its options say.
pub async fn run(family: &'static SimFamily, opts: FleetOpts, stop: &CancellationToken) -> Report {
    let stop = stop.child_token();
    let fleet: Vec<SimOpts> = (0..opts.count).map(|n| one(&opts, n, &stop)).collect();
    let mut tasks = JoinSet::new();
    for (n, light) in fleet.iter().cloned().enumerate() {
        tasks.spawn(async move { (n, (family.run)(light).await) });
    }
    let mut failed = vec![None; fleet.len()];
    let sleep = async {
        match opts.lasts {
            Some(lasts) => tokio::time::sleep(lasts).await,
            None => stop.cancelled().await,
        }
    };
    tokio::pin!(sleep);
    loop {
        tokio::select! {
            () = &mut sleep, if !stop.is_cancelled() => stop.cancel(),
            ended = tasks.join_next() => match ended {
                Some(Ok((n, Err(error)))) => drop(failed.get_mut(n).map(|slot| *slot = Some(error.to_string()))),
                Some(_) => {}
                None => break,
            },
        }
    }
    report(family.id, &fleet, failed)
}

fn one(opts: &FleetOpts, n: u32, stop: &CancellationToken) -> SimOpts {
    let at = address(opts.listen, n);
    let step = if at == opts.listen { u16::try_from(n).unwrap_or(u16::MAX) } else { 0 };
    SimOpts {
        port: if opts.port == 0 { 0 } else { opts.port.saturating_add(step) },
        kind: opts.kind.clone(),
        pixels: opts.pixels,
        faults: opts.faults,
        ..SimOpts::new(at, n, stop.clone())
    }
}

fn report(family: &'static str, fleet: &[SimOpts], failed: Vec<Option<String>>) -> Report {
    let tallies: Vec<&Arc<Tally>> = fleet.iter().map(|light| &light.tally).collect();
    let outcome = |(light, failed): (&SimOpts, Option<String>)| Outcome {
        at: light.at,
        packets: light.tally.n_packets(),
        frames: light.tally.n_frames(),
        last: light.tally.last(),
        failed,
    };
    let arrivals: Vec<_> = tallies.iter().map(|tally| tally.arrivals()).collect();
    Report {
        family,
        packets: tallies.iter().map(|tally| tally.n_packets()).sum(),
        bytes: tallies.iter().map(|tally| tally.n_bytes()).sum(),
        answers: tallies.iter().map(|tally| tally.n_answers()).sum(),
        frames: arrivals.iter().map(|frames| frames.len() as u64).sum(),
        stream: stream(&arrivals),
        lights: fleet.iter().zip(failed).map(outcome).collect(),
    }
}

/// Measures frames by when each light showed them, in order; `None` if no light showed two.
#[must_use]
pub fn stream(arrivals: &[Vec<Instant>]) -> Option<Stream> {
    let gaps: Vec<Duration> =
        arrivals.iter().flat_map(|frames| frames.iter().zip(frames.iter().skip(1)).map(|(a, b)| *b - *a)).collect();
    let rates: Vec<f64> = arrivals.iter().filter_map(|frames| fps(frames)).collect();
    let gap_ms = Spread::of(gaps)?;
    let (skews, broken_rounds) = rounds(arrivals, Duration::from_secs_f64(gap_ms.p50 / 2e3));
    Some(Stream {
        fps: rates.iter().sum::<f64>() / rates.len().max(1) as f64,
        gap_ms,
        whole_rounds: skews.len() as u64,
        skew_ms: Spread::of(skews).filter(|_| arrivals.len() > 1),
        broken_rounds,
    })
}

fn fps(frames: &[Instant]) -> Option<f64> {
    let time = *frames.last()? - *frames.first()?;
    (!time.is_zero()).then(|| (frames.len() - 1) as f64 / time.as_secs_f64())
}

/// How far apart the lights of each whole round are, and how many rounds are not whole. A round ends when a light
/// shows its next frame, or `longest` after it began.
fn rounds(arrivals: &[Vec<Instant>], longest: Duration) -> (Vec<Duration>, u64) {
    let mut all: Vec<(Instant, usize)> =
        arrivals.iter().enumerate().flat_map(|(light, frames)| frames.iter().map(move |at| (*at, light))).collect();
    all.sort_unstable();
    let (mut skews, mut n_broken) = (Vec::new(), 0);
    let (mut seen, mut n_seen) = (vec![false; arrivals.len()], 0);
    let mut ends: Option<(Instant, Instant)> = None;
    let mut close = |n_seen: usize, ends: Option<(Instant, Instant)>| match ends {
        Some((first, last)) if n_seen == arrivals.len() => skews.push(last - first),
        Some(_) => n_broken += 1,
        None => {}
    };
    for (at, light) in all {
        let is_next = ends.is_some_and(|(first, _)| at - first > longest) || seen.get(light) == Some(&true);
        if is_next {
            close(n_seen, ends.take());
            seen.fill(false);
            n_seen = 0;
        }
        if let Some(slot) = seen.get_mut(light) {
            *slot = true;
        }
        n_seen += 1;
        ends = Some((ends.map_or(at, |(first, _)| first), at));
    }
    close(n_seen, ends);
    (skews, n_broken)
}
