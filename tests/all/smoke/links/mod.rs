//! Links over real sockets on loopback: each transport once, with a peer that this test is.

mod discovery;
#[cfg(target_os = "linux")]
pub(super) mod namespace;
mod peers;
mod transports;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::light::{Said, Thing, Wish};
use hearthlight::drivers::{Driver, Error, LocalId, Need, Opening, Outputs, Report, Unsupported};
use hearthlight::engine::link::{Health, Told};
use hearthlight::engine::links::{Handle, Heard, Net, start};
use hearthlight::model::frame::Frame;
use hearthlight::model::lights::connection::ConnectionId;
use hearthlight::units::moment::Moment;
use hearthlight::wire::{Channel, Endpoint, Input, Output};
use parking_lot::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Only so that a hang ends; nothing here is timed.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a probe did and heard, and what it is to send next.
#[derive(Debug, Default)]
struct Notes {
    heard: Vec<String>,
    sends: VecDeque<(Channel, Output, Vec<u8>)>,
}

/// A driver that says what it hears, and sends what its test wants.
struct Probe(Arc<Mutex<Notes>>);

impl Driver for Probe {
    type Wish = Wish;
    type Report = Said;
    type Capabilities = Thing;
    type Frame = Frame;

    fn wish(&mut self, _: Moment, thing: &LocalId, wish: &Wish) -> Result<(), Unsupported> {
        if &*thing.0 != "lamp" {
            return Err(Unsupported);
        }
        self.0.lock().heard.push(format!("wish {wish:?}"));
        Ok(())
    }

    fn frame(&mut self, _: Moment, _: &LocalId, frame: &Frame) {
        self.0.lock().heard.push(format!("frame {}", frame.pixels().len()));
    }

    fn receive(&mut self, _: Moment, channel: Channel, input: Input<'_>) -> Result<(), Error> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let line = match input {
            Input::Bytes(bytes) | Input::Message(bytes) | Input::Datagram { bytes, .. } => text(bytes),
            Input::Response { request, status, body } => format!("{request} {status} {}", text(body)),
            Input::Publication { topic, payload } => format!("{topic} {}", text(payload)),
            Input::Certificate { sha256 } => format!("certificate {sha256}"),
            Input::Listening { at } => format!("listening {at}"),
            Input::Accepted { .. } => "accepted".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        self.0.lock().heard.push(format!("{channel:?} {line}").to_lowercase());
        Ok(())
    }

    fn poll(&mut self, _: Moment, out: &mut Outputs<Report<Thing, Said>>) {
        for (channel, output, payload) in self.0.lock().sends.drain(..) {
            out.send(channel, output, |bytes| bytes.extend_from_slice(&payload));
        }
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// A link with a probe.
struct World {
    notes: Arc<Mutex<Notes>>,
    handle: Handle,
    told: UnboundedReceiver<Heard>,
}

impl World {
    fn new(net: &Net, channels: Vec<(Channel, Endpoint, Need)>) -> Self {
        let notes = Arc::new(Mutex::new(Notes::default()));
        let opening = Opening { driver: Box::new(Probe(Arc::clone(&notes))) as Box<_>, channels };
        let (tell, told) = unbounded_channel();
        Self { handle: start(ConnectionId("probe".into()), opening, net, tell), notes, told }
    }

    fn send(&self, channel: Channel, output: Output, payload: &[u8]) {
        self.notes.lock().sends.push_back((channel, output, payload.to_vec()));
        self.handle.go();
    }

    /// What the driver heard that begins so, if it did; all before it is forgotten.
    fn take(&self, line: &str) -> Option<String> {
        let mut notes = self.notes.lock();
        let at = notes.heard.iter().position(|heard| heard.starts_with(line))?;
        notes.heard.drain(..=at).next_back()
    }

    /// Waits until the driver heard this, and forgets all before it.
    async fn hears(&self, line: &str) -> String {
        let heard = async {
            loop {
                if let Some(heard) = self.take(line) {
                    return heard;
                }
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let heard = tokio::time::timeout(PATIENCE, heard).await;
        heard.unwrap_or_else(|_| panic!("never heard \"{line}\", but {:?}", self.notes.lock().heard))
    }

    /// The next time that the link says how it fares.
    async fn health(&mut self) -> Health {
        let told = async {
            loop {
                if let Some(Heard::Told(_, Told::Health(health))) = self.told.recv().await {
                    return health;
                }
            }
        };
        tokio::time::timeout(PATIENCE, told).await.expect("the link says how it fares")
    }
}
