//! The sensor server: accepts connections and runs one [`Session`] over each. Plumbing only.
//!
//! Invariant: one task per connection; nothing a connection does can delay another one but by using the processor,
//! and it yields after each [`READS_AT_ONCE`] reads.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::engine::services::sensors::House;
use crate::engine::services::sensors::registry::Closer;
use crate::engine::services::sensors::session::Session;
use crate::io::tcp;
use crate::model::sensors::Ended;
use crate::units::moment::Moment;

/// Reads from one connection before others get their turn.
pub const READS_AT_ONCE: usize = 16;

/// Accepts until `stop`; then every connection is ended.
pub async fn serve(listener: TcpListener, house: Arc<House>, stop: CancellationToken) {
    let mut failing = false;
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, from)) => {
                failing = false;
                admit(stream, from, &house);
            }
            Err(error) => {
                // Said once per outage. Out of file handles, most likely: wait until some are free instead of spinning.
                if !std::mem::replace(&mut failing, true) {
                    tracing::warn!(%error, "sensor connections cannot be accepted; trying on");
                }
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
        }
    }
    house.registry.lock().close_all();
}

fn admit(stream: TcpStream, from: SocketAddr, house: &Arc<House>) {
    let address = from.ip().to_canonical();
    let limits = house.limits();
    let opened = house.registry.lock().open(address, limits);
    match opened {
        Ok((connection, closer)) => {
            tcp::tune(&stream);
            let session = Session::new(house.ground.clone(), connection, address, &house.settings.load());
            tokio::spawn(run(stream, session, connection, closer, Arc::clone(house)));
        }
        // Counted; at this level, or whoever dials in a loop fills the log.
        Err(why) => tracing::debug!(%from, why = why.words(), "sensor connection refused"),
    }
}

async fn run(mut stream: TcpStream, mut session: Session, connection: u64, closer: Closer, house: Arc<House>) {
    let why = tokio::select! {
        why = closer.closed() => why,
        why = pump(&mut stream, &mut session, &house) => why,
    };
    tracing::debug!(connection, why = why.words(), "sensor connection ended");
    house.ended(connection, why);
}

/// Moves bytes until the connection ends; returns why it did.
async fn pump(stream: &mut TcpStream, session: &mut Session, house: &House) -> Ended {
    let mut deadline = house.ground.clock.now();
    let timer = sleep_until(instant(house, deadline));
    tokio::pin!(timer);
    loop {
        let readable = tokio::select! {
            biased;
            readable = stream.readable() => Some(readable),
            () = &mut timer => None,
        };
        if let Some(readable) = readable {
            if readable.is_err() {
                return Ended::Reset;
            }
            match read_some(stream, session, house) {
                Ok(true) => tokio::task::yield_now().await,
                Ok(false) => {}
                Err(why) => return why,
            }
        }
        let now = house.ground.clock.now();
        if readable_only(now, deadline, session) {
            continue;
        }
        match session.poll(now, house) {
            Ok(Some((order, end))) => {
                if send(stream, order.bytes(end)).await.is_err() {
                    return Ended::Reset;
                }
            }
            Ok(None) => {}
            Err(why) => return why,
        }
        deadline = session.wake_at(now);
        timer.as_mut().reset(instant(house, deadline));
    }
}

/// Whether the timer may stay as it is: it is still ahead, and nothing is due before it.
fn readable_only(now: Moment, deadline: Moment, session: &Session) -> bool {
    now < deadline && session.wake_at(now) >= deadline
}

/// Reads what is there, a bounded number of times. `Ok(true)`: there may be more.
fn read_some(stream: &TcpStream, session: &mut Session, house: &House) -> Result<bool, Ended> {
    for _ in 0..READS_AT_ONCE {
        match stream.try_read(session.space()) {
            Ok(0) => return Err(Ended::ClosedByDevice),
            Ok(n) => session.receive(n, house.ground.clock.now(), house),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(Ended::Reset),
        }
    }
    Ok(true)
}

/// Commands are a few bytes; a device that does not take them within a second is as good as gone.
async fn send(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    use tokio::io::AsyncWriteExt as _;
    tokio::time::timeout(std::time::Duration::from_secs(1), stream.write_all(bytes))
        .await
        .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

fn instant(house: &House, at: Moment) -> Instant {
    Instant::now() + at.since(house.ground.clock.now())
}
