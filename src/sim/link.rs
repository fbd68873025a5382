//! Runs a simulated device over TCP: dials the sensor server for ever, writes what the device says, reads its orders.
//!
//! Invariant: a device sees only its own clock, which stands still while the fleet is paused; it never sees a socket.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::units::moment::Moment;

const BACKOFF: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(5)];
const DIAL_TIMEOUT: Duration = Duration::from_secs(5);

/// What a device wants after a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Be polled again at that moment.
    Wake(Moment),
    /// Close the connection, and dial again at that moment.
    HangUp {
        /// When it is back.
        back: Moment,
    },
}

/// A simulated device as a state machine: bytes and time in, bytes and wishes out.
pub trait Machine: Send {
    /// A connection was opened.
    fn connected(&mut self, now: Moment);

    /// The server sent bytes.
    fn receive(&mut self, now: Moment, bytes: &[u8]);

    /// Appends at most one write that is due to `out`; to be called again until nothing is due.
    fn poll(&mut self, now: Moment, out: &mut Vec<u8>) -> Next;
}

/// How one connection ended.
enum Ended {
    Stopped,
    Lost,
    HungUp(Moment),
}

/// Keeps `machine` connected to `to` until `stop`, with pauses of 1 to 5 s between tries. While `paused` is true the
/// connection stays and the device's clock stands still.
pub async fn keep_open<M: Machine>(
    machine: &mut M,
    to: SocketAddr,
    stop: &CancellationToken,
    mut paused: watch::Receiver<bool>,
) {
    let mut clock = Clock::new();
    let mut failures = 0;
    while !stop.is_cancelled() {
        let ended = match tokio::time::timeout(DIAL_TIMEOUT, TcpStream::connect(to)).await {
            Ok(Ok(mut stream)) => {
                failures = 0;
                let ended = pump(machine, &mut stream, &mut clock, stop, &mut paused).await;
                let _ = stream.shutdown().await;
                ended
            }
            _ => Ended::Lost,
        };
        let pause = match ended {
            Ended::Stopped => return,
            Ended::HungUp(back) => back.since(clock.now()),
            Ended::Lost => BACKOFF.get(failures).copied().unwrap_or(Duration::from_secs(5)),
        };
        failures = (failures + 1).min(BACKOFF.len());
        if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
    }
}

/// Keeps all `machines` connected until `stop`, or for so many seconds; returns them.
pub async fn run_all<M: Machine + 'static>(
    machines: Vec<M>,
    to: SocketAddr,
    seconds: Option<f64>,
    stop: &CancellationToken,
) -> Vec<M> {
    let (_never, paused) = watch::channel(false);
    let stop = stop.child_token();
    let mut tasks = JoinSet::new();
    for mut machine in machines {
        let (stop, paused) = (stop.clone(), paused.clone());
        tasks.spawn(async move {
            keep_open(&mut machine, to, &stop, paused).await;
            machine
        });
    }
    if let Some(seconds) = seconds {
        let time = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO);
        let _ = stop.run_until_cancelled(tokio::time::sleep(time)).await;
        stop.cancel();
    }
    let mut back = Vec::new();
    while let Some(task) = tasks.join_next().await {
        back.extend(task);
    }
    back
}

async fn pump<M: Machine>(
    machine: &mut M,
    stream: &mut TcpStream,
    clock: &mut Clock,
    stop: &CancellationToken,
    paused: &mut watch::Receiver<bool>,
) -> Ended {
    let _ = stream.set_nodelay(true);
    let (mut out, mut input) = (Vec::with_capacity(4096), [0_u8; 512]);
    machine.connected(clock.now());
    loop {
        clock.hold(*paused.borrow_and_update());
        let mut wake = None;
        if !clock.held() {
            out.clear();
            match machine.poll(clock.now(), &mut out) {
                Next::HangUp { back } => return Ended::HungUp(back),
                Next::Wake(at) => wake = Some(at),
            }
            if !out.is_empty() {
                match stop.run_until_cancelled(stream.write_all(&out)).await {
                    None => return Ended::Stopped,
                    Some(Err(_)) => return Ended::Lost,
                    Some(Ok(())) => {}
                }
            }
        }
        let asleep = wake.map_or(Duration::from_secs(3600), |at| at.since(clock.now()));
        tokio::select! {
            () = stop.cancelled() => return Ended::Stopped,
            () = tokio::time::sleep(asleep) => {}
            changed = paused.changed(), if paused.has_changed().is_ok() => drop(changed),
            read = stream.read(&mut input) => match read {
                Ok(0) | Err(_) => return Ended::Lost,
                Ok(n) => machine.receive(clock.now(), input.get(..n).unwrap_or_default()),
            },
        }
    }
}

/// Real time since the start, less the time it was held.
struct Clock {
    origin: Instant,
    held_at: Option<Instant>,
}

impl Clock {
    fn new() -> Self {
        Self { origin: Instant::now(), held_at: None }
    }

    fn held(&self) -> bool {
        self.held_at.is_some()
    }

    fn hold(&mut self, hold: bool) {
        match (hold, self.held_at) {
            (true, None) => self.held_at = Some(Instant::now()),
            (false, Some(since)) => {
                self.origin += since.elapsed();
                self.held_at = None;
            }
            _ => {}
        }
    }

    fn now(&self) -> Moment {
        Moment::ZERO + self.held_at.unwrap_or_else(Instant::now).saturating_duration_since(self.origin)
    }
}
