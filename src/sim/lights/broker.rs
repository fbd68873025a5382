//! A small MQTT 3.1.1 broker for simulated devices: retained messages, last wills, QoS 0 and 1, wildcards.
//!
//! Invariant: a client that does not read is dropped; it never holds up another one.
//! Limits: no persistent sessions, no QoS 2 (granted as 1), no passwords, no TLS.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use parking_lot::Mutex;
use rumqttc::QoS;
use rumqttc::mqttbytes::v4::{
    ConnAck, Connect, ConnectReturnCode, LastWill, Packet, PubAck, PubComp, PubRec, Publish, SubAck, Subscribe,
    SubscribeReasonCode, UnsubAck,
};
use rumqttc::mqttbytes::{Error, valid_filter, valid_topic};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// The largest packet that is taken, bytes.
const MAX_PACKET: usize = 1 << 20;
/// Packets that may wait for one client.
const MAX_WAITING: usize = 2048;
/// Retained messages, at most.
const MAX_RETAINED: usize = 10_000;
/// A client must introduce itself within this.
const GREETS_WITHIN: Duration = Duration::from_secs(10);

struct Client {
    filters: Vec<(String, QoS)>,
    out: mpsc::Sender<Packet>,
    next_id: u16,
    stop: CancellationToken,
}

#[derive(Default)]
struct Hub {
    clients: BTreeMap<u64, Client>,
    names: BTreeMap<String, u64>,
    retained: BTreeMap<String, Publish>,
    n_clients: u64,
}

/// Whether a topic is one that a filter names. Topics that begin with `$` are for no wildcard.
#[must_use]
pub fn matches(topic: &str, filter: &str) -> bool {
    if topic.starts_with('$') && filter.starts_with(['#', '+']) {
        return false;
    }
    let mut levels = topic.split('/');
    for wanted in filter.split('/') {
        match (wanted, levels.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (wanted, Some(level)) if wanted == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

impl Client {
    /// Hands a message on, no better than this client asked for.
    fn hand(&mut self, message: &Publish, granted: QoS, retain: bool) {
        let mut message = Publish { dup: false, retain, ..message.clone() };
        message.qos = if granted == QoS::AtMostOnce { granted } else { message.qos };
        message.pkid = 0;
        if message.qos != QoS::AtMostOnce {
            message.qos = QoS::AtLeastOnce;
            self.next_id = self.next_id.checked_add(1).unwrap_or(1);
            message.pkid = self.next_id;
        }
        if self.out.try_send(Packet::Publish(message)).is_err() {
            self.stop.cancel();
        }
    }
}

impl Hub {
    fn publish(&mut self, message: &Publish) {
        if message.retain {
            if message.payload.is_empty() {
                self.retained.remove(&message.topic);
            } else if self.retained.len() < MAX_RETAINED || self.retained.contains_key(&message.topic) {
                self.retained.insert(message.topic.clone(), message.clone());
            }
        }
        for client in self.clients.values_mut() {
            let granted = client.filters.iter().filter(|(filter, _)| matches(&message.topic, filter));
            if let Some(granted) = granted.map(|(_, qos)| *qos).max_by_key(|qos| *qos as u8) {
                client.hand(message, granted, false);
            }
        }
    }

    /// A client of a known name takes the place of the one before.
    fn join(&mut self, name: &str, out: mpsc::Sender<Packet>, stop: CancellationToken) -> u64 {
        self.n_clients += 1;
        let number = self.n_clients;
        self.clients.insert(number, Client { filters: Vec::new(), out, next_id: 0, stop });
        let before = if name.is_empty() { None } else { self.names.insert(name.to_owned(), number) };
        before.and_then(|before| self.clients.remove(&before)).into_iter().for_each(|client| client.stop.cancel());
        number
    }

    /// A client is gone; its last will is published.
    fn leave(&mut self, number: u64, will: Option<LastWill>) {
        self.clients.remove(&number);
        self.names.retain(|_, known| *known != number);
        if let Some(LastWill { topic, message, qos, retain }) = will {
            self.publish(&Publish { retain, ..Publish::from_bytes(topic, qos, message) });
        }
    }

    fn subscribe(&mut self, number: u64, subscribe: &Subscribe) {
        let Self { clients, retained, .. } = self;
        let Some(client) = clients.get_mut(&number) else { return };
        let mut codes = Vec::new();
        let mut new = Vec::new();
        for filter in &subscribe.filters {
            if !valid_filter(&filter.path) {
                codes.push(SubscribeReasonCode::Failure);
                continue;
            }
            let granted = if filter.qos == QoS::AtMostOnce { filter.qos } else { QoS::AtLeastOnce };
            codes.push(SubscribeReasonCode::Success(granted));
            client.filters.retain(|(known, _)| *known != filter.path);
            client.filters.push((filter.path.clone(), granted));
            new.push((filter.path.clone(), granted));
        }
        // The acknowledgement comes before what is retained.
        let _ = client.out.try_send(Packet::SubAck(SubAck::new(subscribe.pkid, codes)));
        for (filter, granted) in new {
            let kept = retained.values().filter(|message| matches(&message.topic, &filter));
            kept.for_each(|message| client.hand(message, granted, true));
        }
    }
}

/// Serves clients of a port until `stop`.
///
/// # Errors
/// Never while it runs; what cannot be accepted is left.
pub async fn serve(listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
    let hub = Arc::new(Mutex::new(Hub::default()));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return Ok(()),
        };
        if let Ok((stream, _)) = accepted {
            let (hub, stop) = (Arc::clone(&hub), stop.child_token());
            tokio::spawn(async move { drop(attend(stream, hub, stop).await) });
        }
    }
}

/// Reads packets one after the other.
struct Reader {
    half: OwnedReadHalf,
    bytes: BytesMut,
}

impl Reader {
    async fn next(&mut self) -> io::Result<Packet> {
        loop {
            match Packet::read(&mut self.bytes, MAX_PACKET) {
                Ok(packet) => return Ok(packet),
                Err(Error::InsufficientBytes(_)) => {}
                Err(error) => return Err(io::Error::other(error.to_string())),
            }
            if self.half.read_buf(&mut self.bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

async fn write(mut half: OwnedWriteHalf, mut packets: mpsc::Receiver<Packet>) -> io::Result<()> {
    let mut bytes = BytesMut::new();
    while let Some(packet) = packets.recv().await {
        bytes.clear();
        packet.write(&mut bytes, MAX_PACKET).map_err(|error| io::Error::other(error.to_string()))?;
        while let Ok(packet) = packets.try_recv() {
            packet.write(&mut bytes, MAX_PACKET).map_err(|error| io::Error::other(error.to_string()))?;
        }
        half.write_all(&bytes).await?;
    }
    half.shutdown().await
}

async fn attend(stream: TcpStream, hub: Arc<Mutex<Hub>>, stop: CancellationToken) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (half, write_half) = stream.into_split();
    let mut reader = Reader { half, bytes: BytesMut::new() };
    let hello = tokio::time::timeout(GREETS_WITHIN, reader.next()).await;
    let Ok(Ok(Packet::Connect(connect))) = hello else { return Ok(()) };
    let (out, packets) = mpsc::channel(MAX_WAITING);
    let _ = out.try_send(Packet::ConnAck(ConnAck::new(ConnectReturnCode::Success, false)));
    let number = hub.lock().join(&connect.client_id, out.clone(), stop.clone());
    let writer = tokio::spawn(write(write_half, packets));
    let said_goodbye = tokio::select! {
        said_goodbye = converse(&mut reader, &connect, number, &hub, &out) => said_goodbye,
        () = stop.cancelled() => false,
    };
    drop(out);
    hub.lock().leave(number, connect.last_will.filter(|_| !said_goodbye));
    // What still waits for the client is written, if it reads.
    drop(tokio::time::timeout(Duration::from_secs(1), writer).await);
    Ok(())
}

/// Serves one client; true if it said goodbye.
async fn converse(
    reader: &mut Reader,
    connect: &Connect,
    number: u64,
    hub: &Mutex<Hub>,
    out: &mpsc::Sender<Packet>,
) -> bool {
    // One and a half times its own promise, as the standard says.
    let silence = match connect.keep_alive {
        0 => Duration::from_secs(86_400),
        secs => Duration::from_millis(u64::from(secs) * 1500),
    };
    loop {
        let Ok(Ok(packet)) = tokio::time::timeout(silence, reader.next()).await else { return false };
        let answer = match packet {
            Packet::Publish(message) => {
                if !valid_topic(&message.topic) || message.topic.is_empty() {
                    return false;
                }
                hub.lock().publish(&message);
                match message.qos {
                    QoS::AtMostOnce => None,
                    QoS::AtLeastOnce => Some(Packet::PubAck(PubAck::new(message.pkid))),
                    QoS::ExactlyOnce => Some(Packet::PubRec(PubRec::new(message.pkid))),
                }
            }
            Packet::PubRel(release) => Some(Packet::PubComp(PubComp::new(release.pkid))),
            Packet::Subscribe(subscribe) => {
                hub.lock().subscribe(number, &subscribe);
                None
            }
            Packet::Unsubscribe(unsubscribe) => {
                let mut hub = hub.lock();
                let client = hub.clients.get_mut(&number);
                client
                    .into_iter()
                    .for_each(|client| client.filters.retain(|(filter, _)| !unsubscribe.topics.contains(filter)));
                Some(Packet::UnsubAck(UnsubAck::new(unsubscribe.pkid)))
            }
            Packet::PingReq => Some(Packet::PingResp),
            Packet::Disconnect => return true,
            Packet::PubAck(_) => None,
            _ => return false,
        };
        if let Some(answer) = answer
            && out.send(answer).await.is_err()
        {
            return false;
        }
    }
}
