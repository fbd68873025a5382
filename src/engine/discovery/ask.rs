//! Questions to everybody: each three times on each network, from a socket of that network.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::time::interval;

use crate::drivers::{Search, Sighting};
use crate::engine::discovery::sightings::Sightings;
use crate::io::networks::{self, Network};

/// Datagrams get lost; three seldom do.
const TIMES: u32 = 3;
const EVERY: Duration = Duration::from_secs(1);
/// Answers are heard for so long after the last question.
const LINGER: Duration = Duration::from_secs(2);
/// How long a round of questions takes.
pub(super) const ROUND: Duration = Duration::from_secs(4);
const MAX_ANSWER: usize = 65_536;

/// Asks one question on one network, and hears the answers.
pub(super) async fn ask(sightings: Arc<Sightings>, search: Search, network: Network) {
    let Search::Ask { group, port, payload } = search else { return };
    let asked = match networks::asker(&network) {
        Ok(socket) => {
            let to = networks::audience(&network, group, port);
            tokio::select! {
                asked = repeat(&socket, to, payload) => asked,
                () = hear(&socket, &sightings, search) => Ok(()),
            }
        }
        Err(error) => Err(error),
    };
    if let Err(error) = asked {
        sightings.trouble(format!("Nobody can be asked on {network} (port {port}): {error}."));
    }
}

async fn repeat(socket: &UdpSocket, to: SocketAddr, payload: &[u8]) -> io::Result<()> {
    let mut ticks = interval(EVERY);
    for _ in 0..TIMES {
        ticks.tick().await;
        socket.send_to(payload, to).await?;
    }
    tokio::time::sleep(LINGER).await;
    Ok(())
}

/// Hands on what comes in, for ever.
pub(super) async fn hear(socket: &UdpSocket, sightings: &Sightings, search: Search) {
    let mut buffer = vec![0; MAX_ANSWER];
    loop {
        // Some systems tell here that a question met a closed port; others may still answer.
        let Ok((n, from)) = socket.recv_from(&mut buffer).await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let payload = buffer.get(..n).unwrap_or_default();
        sightings.hand(&Sighting { search, name: "", from: Some(from), properties: &[], payload });
    }
}
