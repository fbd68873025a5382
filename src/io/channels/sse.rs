//! Server-sent events over HTTP.
//!
//! Invariant: a stream that ends is continued once from its last event, if it names its events; else it is lost, for what
//! was missed is not known.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT, HeaderMap};
use reqwest::{Client, Response};
use tokio_util::task::AbortOnDropHandle;

use crate::io::channels::http::{Clients, plain};
use crate::io::channels::{Event, Mail, Outlet, misplaced};
use crate::wire::sse::Parser;
use crate::wire::{Output, Trust};

/// The pause before a stream is continued, if the server wishes none.
const PAUSE: Duration = Duration::from_secs(1);
/// The head of the answer must come within this.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

struct Sse {
    _task: AbortOnDropHandle<()>,
}

impl Outlet for Sse {
    fn send(&mut self, output: &Output, _: &[u8]) -> Result<bool, String> {
        misplaced(output)
    }
}

/// Begins to listen.
pub(super) fn open(
    clients: &Clients,
    url: &str,
    headers: &[(String, String)],
    trust: &Trust,
    mail: Mail,
) -> Result<Box<dyn Outlet>, String> {
    let (client, headers) = clients.get(headers, trust, &mail)?;
    let stream = Stream { client, headers, url: url.to_owned(), parser: Parser::default() };
    Ok(Box::new(Sse { _task: AbortOnDropHandle::new(tokio::spawn(run(stream, mail))) }))
}

struct Stream {
    client: Client,
    headers: HeaderMap,
    url: String,
    parser: Parser,
}

async fn run(mut stream: Stream, mail: Mail) {
    let mut first = true;
    loop {
        let heard = match stream.connect().await {
            Ok(response) => {
                if first {
                    mail.put(Event::Opened).await;
                }
                stream.hear(response, &mail).await
            }
            Err(why) => Err(why),
        };
        first = false;
        if let Err(why) = heard {
            mail.put(Event::Lost(why)).await;
            return;
        }
        tokio::time::sleep(stream.parser.retry().unwrap_or(PAUSE)).await;
    }
}

impl Stream {
    async fn connect(&mut self) -> Result<Response, String> {
        self.parser.restart();
        let mut request = self.client.get(&self.url).headers(self.headers.clone()).header(ACCEPT, "text/event-stream");
        if !self.parser.last_id().is_empty() {
            request = request.header("last-event-id", self.parser.last_id());
        }
        let sent = tokio::time::timeout(HEAD_WITHIN, request.send()).await;
        let response = sent.map_err(|_| "it did not answer in time".to_owned())?.map_err(|error| plain(&error))?;
        match response.status().as_u16() {
            200 => Ok(response),
            status => Err(format!("it answers {status} to the question for its events")),
        }
    }

    /// Hears until the stream ends. An error if it cannot be continued.
    async fn hear(&mut self, response: Response, mail: &Mail) -> Result<(), String> {
        let mut pieces = response.bytes_stream();
        let mut events = Vec::new();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| plain(&error))?;
            let parsed = self.parser.push(&piece, |data| events.push(Bytes::copy_from_slice(data)));
            parsed.map_err(|error| error.to_string())?;
            for event in events.drain(..) {
                mail.put(Event::Message(event)).await;
            }
        }
        if self.parser.last_id().is_empty() { Err("it closed the connection".to_owned()) } else { Ok(()) }
    }
}
