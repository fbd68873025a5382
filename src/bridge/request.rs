//! A request, read whole and authorised, and its answer: what the door hands over and takes back.
//!
//! Invariant: the body is read whole, and bounded, before anybody sees the request.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::{HeaderMap, Method};
use serde_json::Value;

use crate::port::ring::Key;

/// Bytes that the body of a request may have.
pub const MAX_BODY: usize = 64 << 10;
/// How deep its JSON may be nested.
pub const MAX_DEPTH: usize = 32;

/// The body of an answer, whole or as it comes.
pub type Body = BoxBody<Bytes, Infallible>;

/// A body that is there at once.
#[must_use]
pub fn whole(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).boxed()
}

/// A request.
#[derive(Debug)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// What of the path is behind the key (version 1) or behind `/clip/v2/resource` (version 2), unescaped, without empty
    /// parts: a slash at the end changes nothing.
    pub path: Vec<String>,
    /// What stands behind the `?`.
    pub query: String,
    /// The head.
    pub headers: HeaderMap,
    /// What came with it.
    pub body: Bytes,
    /// Whose key it carries.
    pub key: Arc<Key>,
    /// From where.
    pub from: SocketAddr,
    /// Whether it came by HTTPS.
    pub tls: bool,
}

/// An answer that is there at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// JSON.
    pub body: Bytes,
    /// Why it was refused, in words, for the doctor; `None` if it was not.
    pub refused: Option<Arc<str>>,
}

impl Answer {
    /// An answer of this JSON with status 200.
    #[must_use]
    pub fn ok(body: &Value) -> Self {
        Self { status: 200, body: body.to_string().into(), refused: None }
    }
}

impl Request {
    /// The path's parts, to match on.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

/// Reads a body as JSON that is not nested deeper than [`MAX_DEPTH`]; `None` if it is no such JSON.
#[must_use]
pub fn json(body: &[u8]) -> Option<Value> {
    let (mut depth, mut text, mut escaped) = (0_usize, false, false);
    for byte in body {
        match (text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => text = !text,
            (false, b'[' | b'{') => depth += 1,
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return None;
        }
    }
    serde_json::from_slice(body).ok()
}
