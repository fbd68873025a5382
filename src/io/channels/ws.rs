//! A WebSocket that we open.
//!
//! Invariant: a peer that says nothing for [`SILENT`], not even to a ping, is lost.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Url;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_util::task::AbortOnDropHandle;

use crate::io::channels::{Event, Mail, Outlet, misplaced, names};
use crate::io::tcp;
use crate::wire::Output;

const MAX_WAITING: usize = 64;
const MAX_MESSAGE: usize = 4 << 20;
const PING_EVERY: Duration = Duration::from_secs(20);
const SILENT: Duration = Duration::from_secs(50);

struct Ws {
    messages: mpsc::Sender<Message>,
    _task: AbortOnDropHandle<()>,
}

impl Outlet for Ws {
    fn send(&mut self, output: &Output, payload: &[u8]) -> Result<bool, String> {
        if *output != Output::Message {
            return misplaced(output);
        }
        let bytes = Bytes::copy_from_slice(payload);
        let message = Utf8Bytes::try_from(bytes.clone()).map_or(Message::Binary(bytes), Message::Text);
        self.messages.try_send(message).map_err(|_| "it no longer reads what it is sent".to_owned())?;
        Ok(true)
    }
}

/// Begins to open; text goes as text, other bytes as binary messages.
pub(super) fn open(url: &str, mail: Mail) -> Box<dyn Outlet> {
    let (messages, outbox) = mpsc::channel(MAX_WAITING);
    let task = tokio::spawn(run(url.to_owned(), outbox, mail));
    Box::new(Ws { messages, _task: AbortOnDropHandle::new(task) })
}

async fn run(url: String, outbox: mpsc::Receiver<Message>, mail: Mail) {
    let why = match connect(&url).await {
        Ok(line) => {
            mail.put(Event::Opened).await;
            carry(line, outbox, &mail).await
        }
        Err(why) => Some(why),
    };
    if let Some(why) = why {
        mail.put(Event::Lost(why)).await;
    }
}

async fn connect(url: &str) -> Result<WebSocketStream<TcpStream>, String> {
    let place = Url::parse(url).ok().filter(|url| url.scheme() == "ws");
    let place = place.ok_or_else(|| format!("{url} is no address of the form ws://host/path"))?;
    let host = place.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let addresses = names::resolve(&host, place.port().unwrap_or(80)).await.map_err(|error| error.to_string())?;
    let stream = TcpStream::connect(addresses.as_slice()).await.map_err(|error| error.to_string())?;
    tcp::tune(&stream);
    let config = WebSocketConfig::default().max_message_size(Some(MAX_MESSAGE)).max_frame_size(Some(MAX_MESSAGE));
    let opened = tokio_tungstenite::client_async_with_config(url, stream, Some(config)).await;
    opened.map(|(line, _)| line).map_err(|error| error.to_string())
}

/// Carries both ways until it ends, and tells why it did.
async fn carry(
    mut line: WebSocketStream<TcpStream>,
    mut outbox: mpsc::Receiver<Message>,
    mail: &Mail,
) -> Option<String> {
    let mut ping = tokio::time::interval(PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard = Instant::now();
    loop {
        let out = tokio::select! {
            came = line.next() => {
                heard = Instant::now();
                let bytes = match came {
                    Some(Ok(Message::Text(text))) => Bytes::from(text),
                    Some(Ok(Message::Binary(bytes))) => bytes,
                    Some(Ok(Message::Close(_))) | None => return Some("it closed the connection".to_owned()),
                    Some(Ok(_)) => continue,
                    Some(Err(error)) => return Some(error.to_string()),
                };
                if !mail.put(Event::Message(bytes)).await {
                    return None;
                }
                continue;
            }
            message = outbox.recv() => message?,
            _ = ping.tick() => Message::Ping(Bytes::new()),
        };
        if heard.elapsed() > SILENT {
            return Some("it fell silent".to_owned());
        }
        if let Err(error) = line.send(out).await {
            return Some(error.to_string());
        }
    }
}
