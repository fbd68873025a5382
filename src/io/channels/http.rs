//! Requests over HTTP, one after the other in their order.
//!
//! Invariant: at most [`MAX_WAITING`] requests wait for one peer, bodies are at most [`MAX_BODY`], and none takes longer
//! than [`LONGEST`].

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Method, Response};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use crate::io::channels::names::Names;
use crate::io::channels::{Event, Mail, Outlet, misplaced, trust};
use crate::io::http;
use crate::wire::{Output, Trust};

const MAX_WAITING: usize = 32;
const MAX_BODY: usize = 4 << 20;
const LONGEST: Duration = Duration::from_secs(10);
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// What a request is answered for which there is no room: the peer was not asked.
const TOO_MANY: u16 = 429;

/// The client that all peers share which need no certificate of their own.
#[derive(Debug, Default)]
pub(super) struct Clients(OnceLock<Client>);

impl Clients {
    /// A client that believes as it is told, and the headers that go with each of its requests.
    pub(super) fn get(
        &self,
        headers: &[(String, String)],
        trust: &Trust,
        mail: &Mail,
    ) -> Result<(Client, HeaderMap), String> {
        let client = match (trust, self.0.get()) {
            (Trust::Pinned(pin), _) => {
                build(common().tls_backend_preconfigured(trust::pinned(pin.as_deref(), mail.clone())?))?
            }
            (Trust::System, Some(client)) => client.clone(),
            (Trust::System, None) => {
                let client = build(common())?;
                self.0.get_or_init(|| client).clone()
            }
        };
        Ok((client, header_map(headers)?))
    }
}

fn common() -> ClientBuilder {
    http::client()
        .dns_resolver(Arc::new(Names))
        .redirect(Policy::none())
        .http1_only()
        .tcp_nodelay(true)
        .connect_timeout(CONNECT_WITHIN)
        .tcp_keepalive(Duration::from_secs(15))
        .pool_idle_timeout(Duration::from_secs(20))
}

fn build(builder: ClientBuilder) -> Result<Client, String> {
    builder.build().map_err(|error| format!("no client: {}", plain(&error)))
}

fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, String> {
    let read = |(name, value): &(String, String)| {
        let name = HeaderName::try_from(name.as_str()).ok()?;
        let mut value = HeaderValue::try_from(value.as_str()).ok()?;
        value.set_sensitive(true);
        Some((name, value))
    };
    headers.iter().map(|header| read(header).ok_or_else(|| format!("{} cannot be a header", header.0))).collect()
}

/// What went wrong, in its innermost words: the outer ones repeat the address.
pub(super) fn plain(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it did not answer in time".to_owned();
    }
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

struct Ask {
    request: u32,
    method: &'static str,
    path: String,
    body: Bytes,
}

struct Http {
    asks: mpsc::Sender<Ask>,
    mail: Mail,
    _task: AbortOnDropHandle<()>,
}

impl Outlet for Http {
    fn send(&mut self, output: &Output, payload: &[u8]) -> Result<bool, String> {
        let Output::Request { request, method, path } = output else { return misplaced(output) };
        let body = Bytes::copy_from_slice(payload);
        let sent = self.asks.try_send(Ask { request: *request, method, path: path.clone(), body });
        Ok(sent.is_ok() || {
            self.mail.try_put(Event::Response(*request, TOO_MANY, Bytes::new()));
            false
        })
    }
}

/// Makes ready to ask. Nothing is sent before the first request.
pub(super) fn open(
    clients: &Clients,
    url: &str,
    headers: &[(String, String)],
    trust: &Trust,
    mail: Mail,
) -> Result<Box<dyn Outlet>, String> {
    let (client, headers) = clients.get(headers, trust, &mail)?;
    let (asks, inbox) = mpsc::channel(MAX_WAITING);
    let peer = Peer { client, headers, url: url.to_owned() };
    mail.try_put(Event::Opened);
    let task = tokio::spawn(run(peer, inbox, mail.clone()));
    Ok(Box::new(Http { asks, mail, _task: AbortOnDropHandle::new(task) }))
}

struct Peer {
    client: Client,
    headers: HeaderMap,
    url: String,
}

async fn run(peer: Peer, mut inbox: mpsc::Receiver<Ask>, mail: Mail) {
    while let Some(ask) = inbox.recv().await {
        let request = ask.request;
        let event = match peer.ask(ask).await {
            Ok((status, body)) => Event::Response(request, status, body),
            Err(why) => Event::Lost(why),
        };
        let lost = matches!(event, Event::Lost(_));
        if !mail.put(event).await || lost {
            return;
        }
    }
}

impl Peer {
    async fn ask(&self, ask: Ask) -> Result<(u16, Bytes), String> {
        let method = Method::from_bytes(ask.method.as_bytes()).map_err(|_| format!("no method {}", ask.method))?;
        let mut request = self.client.request(method, format!("{}{}", self.url, ask.path)).timeout(LONGEST);
        if !ask.body.is_empty() && !self.headers.contains_key(CONTENT_TYPE) {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let sent = request.headers(self.headers.clone()).body(ask.body).send().await;
        let response = sent.map_err(|error| plain(&error))?;
        let status = response.status().as_u16();
        Ok((status, body(response).await?))
    }
}

async fn body(response: Response) -> Result<Bytes, String> {
    let mut pieces = response.bytes_stream();
    let mut whole = BytesMut::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| plain(&error))?;
        if whole.len() + piece.len() > MAX_BODY {
            return Err("it answered more than any device has to say".to_owned());
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}
