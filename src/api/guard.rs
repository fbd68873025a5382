//! Who may ask: the `Host` header and the token.
//!
//! A web page can make a browser send requests to this machine under a name of its own (DNS rebinding); such a request
//! carries that name in `Host`, so only names and addresses of ours pass. No CORS header is ever sent.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::problem::Problem;
use crate::api::{Face, routes};

/// Lets a request through, or answers it with a problem: 403 for a foreign `Host`, 401 for a missing or wrong token.
pub async fn check(State(face): State<Arc<Face>>, request: Request, next: Next) -> Response {
    let mut response = match admit(&face, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    if response.status() == StatusCode::UNAUTHORIZED {
        let scheme = HeaderValue::from_static("Bearer realm=\"hearthlight\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn admit(face: &Face, request: &Request) -> Result<(), Problem> {
    let target = request.uri().authority().map(Authority::as_str);
    if !is_host_ours(request.headers(), target, face.at.ip()) {
        let detail = "The Host header names neither localhost nor the address that Hearthlight listens on.";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail));
    }
    let open = routes::is_open(request.method(), request.uri().path());
    if !open && !bearer(request.headers()).is_some_and(|given| is_same(given, &face.token)) {
        let detail = "Send `Authorization: Bearer TOKEN` with the token from secrets/api.token in the data folder.";
        return Err(Problem::new(StatusCode::UNAUTHORIZED, detail));
    }
    Ok(())
}

/// Exactly one `Host` header, ours; and if the request line names a host as well, that one too.
fn is_host_ours(headers: &HeaderMap, target: Option<&str>, own: IpAddr) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    host.to_str().is_ok_and(|host| is_ours(host, own)) && target.is_none_or(|target| is_ours(target, own))
}

/// Whether `host`, with or without a port, is this machine for a server that listens at `own`. Behind the unspecified
/// address every literal address is ours: rebinding needs a name.
#[must_use]
pub fn is_ours(host: &str, own: IpAddr) -> bool {
    let Some(name) = without_port(host) else { return false };
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let literal = match name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(v6) => v6.parse::<Ipv6Addr>().map(IpAddr::V6),
        None => name.parse::<Ipv4Addr>().map(IpAddr::V4),
    };
    literal.is_ok_and(|ip| ip == Ipv4Addr::LOCALHOST || ip == Ipv6Addr::LOCALHOST || ip == own || own.is_unspecified())
}

/// The name or literal address of `NAME`, `NAME:PORT`, `[V6]` or `[V6]:PORT`.
fn without_port(host: &str) -> Option<&str> {
    let behind_v6 = host.find(']').map_or(0, |at| at + 1);
    let (v6, rest) = host.split_at_checked(behind_v6)?;
    let (name, port) = rest.split_once(':').map_or((rest, None), |(name, port)| (name, Some(port)));
    if port.is_some_and(|port| port.parse::<u16>().is_err()) || (!v6.is_empty() && !name.is_empty()) {
        return None;
    }
    Some(if v6.is_empty() { name } else { v6 })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Compares in a time that depends on the length of `given` only. An empty token is never the same as anything.
#[must_use]
pub fn is_same(given: &str, token: &str) -> bool {
    let (given, token) = (given.as_bytes(), token.as_bytes());
    let padded = token.iter().copied().chain(std::iter::repeat(0));
    let differences = given.iter().zip(padded).fold(given.len() ^ token.len(), |sum, (a, b)| sum | usize::from(a ^ b));
    std::hint::black_box(differences) == 0 && !token.is_empty()
}
