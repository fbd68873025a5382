//! Topics of an MQTT broker. Connections to one broker with one login share one client for as long as any of them lives.
//!
//! Invariant: what one of them subscribed to ends when the last that did is gone; each hears only its own topics.
//! Invariant: the broker tells the world when we are gone ([`STATUS`]).

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use rumqttc::{
    AsyncClient, ConnectReturnCode, ConnectionError, Event as Happening, EventLoop, LastWill, MqttOptions, Packet,
    Publish, QoS,
};
use tokio_util::task::AbortOnDropHandle;

use crate::io::channels::{Event, Mail, Outlet, misplaced, names};
use crate::wire::Output;

/// Where we say whether we are there.
const STATUS: &str = "hearthlight/status";
/// Requests that may wait for a broker.
const MAX_WAITING: usize = 512;
/// The list of all devices of a large house is one message.
const MAX_INCOMING: usize = 16 << 20;
const MAX_OUTGOING: usize = 1 << 20;
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A broker: host, port, user and password.
type Place = (String, u16, Option<(String, String)>);

/// Clients by their broker.
#[derive(Debug, Default)]
pub(super) struct Brokers(Mutex<HashMap<Place, Weak<Broker>>>);

struct Broker {
    client: OnceLock<AsyncClient>,
    members: Mutex<Members>,
    task: OnceLock<AbortOnDropHandle<()>>,
}

impl std::fmt::Debug for Broker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Broker")
    }
}

/// Who shares a client.
#[derive(Default)]
struct Members {
    up: bool,
    over: bool,
    all: BTreeMap<u64, (Mail, Vec<String>)>,
    next: u64,
}

struct Mqtt {
    broker: Arc<Broker>,
    number: u64,
}

/// Joins the client of a broker.
pub(super) fn open(brokers: &Brokers, place: Place, mail: Mail) -> Box<dyn Outlet> {
    let mut brokers = brokers.0.lock();
    brokers.retain(|_, broker| broker.strong_count() > 0);
    let alive = brokers.get(&place).and_then(Weak::upgrade).and_then(|broker| join(broker, &mail));
    let mqtt = alive.unwrap_or_else(|| {
        let members = Members { next: 1, all: BTreeMap::from([(0, (mail, Vec::new()))]), ..Members::default() };
        let broker = Arc::new(Broker { client: OnceLock::new(), members: Mutex::new(members), task: OnceLock::new() });
        let task = tokio::spawn(run(place.clone(), Arc::downgrade(&broker)));
        let _ = broker.task.set(AbortOnDropHandle::new(task));
        brokers.insert(place, Arc::downgrade(&broker));
        Mqtt { broker, number: 0 }
    });
    Box::new(mqtt)
}

/// Joins a client, unless its connection is over.
fn join(broker: Arc<Broker>, mail: &Mail) -> Option<Mqtt> {
    let mut members = broker.members.lock();
    if members.over {
        return None;
    }
    let number = members.next;
    members.next += 1;
    members.all.insert(number, (mail.clone(), Vec::new()));
    if members.up {
        mail.try_put(Event::Opened);
    }
    drop(members);
    Some(Mqtt { broker, number })
}

impl Outlet for Mqtt {
    fn send(&mut self, output: &Output, payload: &[u8]) -> Result<bool, String> {
        let Some(client) = self.broker.client.get() else { return Ok(false) };
        let sent = match output {
            Output::Publish { topic, retain } => {
                client.try_publish(topic.as_str(), QoS::AtMostOnce, *retain, Bytes::copy_from_slice(payload))
            }
            // Again even if another one did: the broker repeats what it retains.
            Output::Subscribe { name } => {
                self.note(name);
                client.try_subscribe(name.as_str(), QoS::AtMostOnce)
            }
            other => return misplaced(other),
        };
        sent.map(|()| true).map_err(|_| "the broker no longer takes what it is sent".to_owned())
    }
}

impl Mqtt {
    fn note(&self, name: &str) {
        let mut members = self.broker.members.lock();
        if let Some((_, names)) =
            members.all.get_mut(&self.number).filter(|(_, names)| !names.iter().any(|n| n == name))
        {
            names.push(name.to_owned());
        }
    }
}

impl Drop for Mqtt {
    fn drop(&mut self) {
        let mut members = self.broker.members.lock();
        let Some((_, names)) = members.all.remove(&self.number) else { return };
        let unused = names.into_iter().filter(|name| !members.all.values().any(|(_, others)| others.contains(name)));
        for name in unused {
            if let Some(client) = self.broker.client.get() {
                // If the queue is full the connection is about to end anyway.
                let _ = client.try_unsubscribe(name);
            }
        }
    }
}

async fn run(place: Place, broker: Weak<Broker>) {
    let why = match connect(place, &broker).await {
        Ok(events) => serve(events, &broker).await,
        Err(why) => why,
    };
    let Some(broker) = broker.upgrade() else { return };
    let members = {
        let mut members = broker.members.lock();
        (members.up, members.over) = (false, true);
        members.mails(None)
    };
    for mail in members {
        mail.put(Event::Lost(why.clone())).await;
    }
}

async fn connect((host, port, login): Place, broker: &Weak<Broker>) -> Result<EventLoop, String> {
    let found = names::resolve(&host, port).await.map_err(|error| error.to_string())?;
    let at = found.first().ok_or("the broker has no address")?;
    let id = format!("hearthlight-{:08x}", fastrand::u32(..));
    let mut options = MqttOptions::new(id, at.ip().to_string(), port);
    options.set_keep_alive(KEEP_ALIVE).set_max_packet_size(MAX_INCOMING, MAX_OUTGOING);
    options.set_last_will(LastWill::new(STATUS, "offline", QoS::AtLeastOnce, true));
    if let Some((user, password)) = login {
        options.set_credentials(user, password);
    }
    let (client, events) = AsyncClient::new(options, MAX_WAITING);
    let broker = broker.upgrade().ok_or("nobody needs it any more")?;
    let _ = broker.client.set(client);
    Ok(events)
}

/// Hears the broker until the connection ends, and tells why it did.
async fn serve(mut events: EventLoop, broker: &Weak<Broker>) -> String {
    loop {
        let happening = match events.poll().await {
            Ok(happening) => happening,
            Err(error) => return explain(&error),
        };
        let Some(broker) = broker.upgrade() else { return String::new() };
        match happening {
            Happening::Incoming(Packet::ConnAck(_)) => broker.greet().await,
            Happening::Incoming(Packet::Publish(publish)) => broker.hand(publish).await,
            _ => {}
        }
    }
}

impl Broker {
    async fn greet(&self) {
        if let Some(client) = self.client.get() {
            let _ = client.try_publish(STATUS, QoS::AtLeastOnce, true, "online");
        }
        let members = {
            let mut members = self.members.lock();
            members.up = true;
            members.mails(None)
        };
        for mail in members {
            mail.put(Event::Opened).await;
        }
    }

    async fn hand(&self, publish: Publish) {
        let members = self.members.lock().mails(Some(&publish.topic));
        for mail in members {
            mail.put(Event::Publication(publish.topic.clone(), publish.payload.clone())).await;
        }
    }
}

impl Members {
    /// The mail of all, or of those who want to hear of a topic.
    fn mails(&self, topic: Option<&str>) -> Vec<Mail> {
        let wanted = |names: &[String]| topic.is_none_or(|topic| names.iter().any(|name| matches(name, topic)));
        self.all.values().filter(|(_, names)| wanted(names)).map(|(mail, _)| mail.clone()).collect()
    }
}

/// Whether a topic is one of those that a name with `+` and `#` stands for.
fn matches(name: &str, topic: &str) -> bool {
    let (mut names, mut topics) = (name.split('/'), topic.split('/'));
    loop {
        match (names.next(), topics.next()) {
            (Some("#"), _) | (None, None) => return true,
            (Some(name), Some(topic)) if name == "+" || name == topic => {}
            _ => return false,
        }
    }
}

fn explain(error: &ConnectionError) -> String {
    match error {
        ConnectionError::ConnectionRefused(
            ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized,
        ) => "the broker wants another user or password".to_owned(),
        ConnectionError::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn names_stand_for_topics() {
        for (name, topic) in [("a/b", "a/b"), ("a/+", "a/b"), ("a/#", "a/b/c"), ("a/#", "a"), ("+/b/#", "x/b/c/d")] {
            assert!(matches(name, topic), "{name} {topic}");
        }
        for (name, topic) in [("a/b", "a/c"), ("a/+", "a"), ("a/+", "a/b/c"), ("a", "a/b"), ("b/#", "a/b")] {
            assert!(!matches(name, topic), "{name} {topic}");
        }
    }
}
