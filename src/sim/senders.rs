//! The clients of a load: connections that send pre-encoded packets when they are due.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::sim::gas;
use crate::sim::orders::{Orders, Spelling};
use crate::sim::packets::Packets;
use crate::sim::plan::{Limit, LoadError, LoadOpts};
use crate::units::moment::Moment;
use crate::wire::thermal::{self, LineEnd, Order};

/// Tasks that share the clients when there is a rate.
const TASKS: usize = 4;
/// Bytes handed over at once when there is none.
const BLOCK: usize = 32 << 10;
/// How often a client looks for orders.
const LISTEN_EVERY: Duration = Duration::from_millis(100);
/// A server that takes nothing for so long is given up.
const STALLED: Duration = Duration::from_secs(10);

/// One connection and what it still has to do.
pub struct Client {
    stream: TcpStream,
    orders: Orders,
    /// Its first packet is due so long after the start.
    phase: Duration,
    quota: u64,
    n_sent: u64,
}

/// What clients have sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sent {
    /// Packets.
    pub packets: u64,
    /// Bytes.
    pub bytes: u64,
    /// Connections that broke.
    pub broken: u64,
    /// When the last packet was handed over.
    pub last: Option<Instant>,
}

impl Sent {
    /// Adds what others have sent.
    pub fn add(&mut self, other: Self) {
        self.packets += other.packets;
        self.bytes += other.bytes;
        self.broken += other.broken;
        self.last = self.last.max(other.last);
    }
}

/// Opens all connections; each names its place and, if there will be frames, sends its calibration.
///
/// # Errors
/// If one of them cannot be opened.
pub async fn connect_all(opts: &LoadOpts, packets: &Packets) -> Result<Vec<Client>, LoadError> {
    let mut clients = Vec::with_capacity(opts.clients);
    for index in 0..opts.clients {
        let refused = |source| LoadError::Unreachable { to: opts.to, connected: index, source };
        let mut stream = TcpStream::connect(opts.to).await.map_err(refused)?;
        stream.set_nodelay(true).map_err(refused)?;
        let mut greeting = Vec::new();
        thermal::encode_location(&format!("{}-{}", opts.prefix, index + 1), LineEnd::CrLf, &mut greeting);
        greeting.extend_from_slice(&packets.calibration);
        // A reading at once, so that no server waits for one to make up its mind who this is while the clock runs.
        gas::encode_line("", [275, 1310, 0, 0], LineEnd::CrLf, &mut greeting);
        stream.write_all(&greeting).await.map_err(refused)?;
        let interval = opts.rate_hz.map_or(0.0, |rate| 1.0 / rate.max(1e-3));
        let quota = match opts.limit {
            Limit::Packets(all) => all / opts.clients as u64 + u64::from((index as u64) < all % opts.clients as u64),
            Limit::Seconds(_) => u64::MAX,
        };
        clients.push(Client {
            stream,
            orders: Orders::new(Spelling::Any),
            phase: Duration::from_secs_f64(interval * index as f64 / opts.clients as f64),
            quota,
            n_sent: 0,
        });
    }
    Ok(clients)
}

/// With a rate a few tasks share the clients; without, each client has its own, so that none waits for another.
pub fn spawn_groups(
    opts: &LoadOpts,
    packets: &Arc<Packets>,
    clients: Vec<Client>,
    start: Instant,
) -> JoinSet<(Sent, Vec<Client>)> {
    let n_groups = if opts.rate_hz.is_some() { TASKS.min(clients.len()) } else { clients.len() };
    let mut groups: Vec<Vec<Client>> = (0..n_groups).map(|_| Vec::new()).collect();
    for (index, client) in clients.into_iter().enumerate() {
        if let Some(group) = groups.get_mut(index % n_groups.max(1)) {
            group.push(client);
        }
    }
    let end = match opts.limit {
        Limit::Packets(_) => None,
        Limit::Seconds(seconds) => Some(start + Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO)),
    };
    let (rate, mut tasks) = (opts.rate_hz, JoinSet::new());
    for group in groups {
        let packets = Arc::clone(packets);
        tasks.spawn(async move { Group { packets, rate, start, end, sent: Sent::default() }.drive(group).await });
    }
    tasks
}

/// Closes connections orderly.
pub async fn hang_up(clients: Vec<Client>) {
    for mut client in clients {
        let _ = client.stream.shutdown().await;
    }
}

/// What clients of one task have in common.
struct Group {
    packets: Arc<Packets>,
    rate: Option<f64>,
    start: Instant,
    end: Option<Instant>,
    sent: Sent,
}

impl Group {
    /// Sends until all quotas are used up or the time is over. Returns the clients that are still connected.
    async fn drive(mut self, mut clients: Vec<Client>) -> (Sent, Vec<Client>) {
        let mut listened = Instant::now();
        loop {
            let now = Instant::now();
            if self.end.is_some_and(|end| now >= end) || clients.iter().all(|client| client.n_sent >= client.quota) {
                return (self.sent, clients);
            }
            let mut index = 0;
            while let Some(client) = clients.get_mut(index) {
                if self.serve(client, now).await.is_ok() {
                    index += 1;
                } else {
                    self.sent.broken += 1;
                    clients.swap_remove(index);
                }
            }
            if listened.elapsed() >= LISTEN_EVERY {
                listened = Instant::now();
                for client in &mut clients {
                    // A connection that broke shows at its next write.
                    let _ = self.listen(client).await;
                }
            }
            if self.rate.is_some() {
                let next = clients.iter().filter_map(|client| self.next_due(client)).min();
                let tick = Instant::now() + Duration::from_millis(1);
                tokio::time::sleep_until(next.map_or(tick, |due| due.max(tick))).await;
            }
        }
    }

    /// Sends what is due for one client.
    async fn serve(&mut self, client: &mut Client, now: Instant) -> io::Result<()> {
        let due = match self.rate {
            Some(rate) => {
                let since = now.saturating_duration_since(self.start + client.phase).as_secs_f64();
                let begun = now >= self.start + client.phase;
                (since * rate) as u64 + u64::from(begun)
            }
            None => u64::MAX,
        };
        let n_due = due.min(client.quota).saturating_sub(client.n_sent);
        if n_due == 0 {
            return Ok(());
        }
        let (bytes, n_packets) = self.packets.run(client.n_sent, n_due, BLOCK);
        tokio::time::timeout(STALLED, client.stream.write_all(bytes)).await??;
        client.n_sent += n_packets;
        self.sent.packets += n_packets;
        self.sent.bytes += bytes.len() as u64;
        self.sent.last = Some(Instant::now());
        Ok(())
    }

    fn next_due(&self, client: &Client) -> Option<Instant> {
        let rate = self.rate.filter(|_| client.n_sent < client.quota)?;
        Some(self.start + client.phase + Duration::try_from_secs_f64(client.n_sent as f64 / rate).ok()?)
    }

    /// Reads orders away; answers one for the calibration, which then counts as sent.
    async fn listen(&mut self, client: &mut Client) -> io::Result<()> {
        let mut input = [0_u8; 256];
        let n = match client.stream.try_read(&mut input) {
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        let now = Moment::ZERO + self.start.elapsed();
        let mut asked = 0;
        client.orders.take(now, input.get(..n).unwrap_or_default(), |order| {
            asked += u64::from(order == Order::Calibration);
        });
        for _ in 0..asked.min(4) {
            client.stream.write_all(&self.packets.calibration).await?;
            self.sent.packets += u64::from(!self.packets.calibration.is_empty());
            self.sent.bytes += self.packets.calibration.len() as u64;
        }
        Ok(())
    }
}
