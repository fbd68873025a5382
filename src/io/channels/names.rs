//! Names to addresses. Names under `.local` are asked of the devices themselves; all others, of the system.
//!
//! Invariant: IPv4 comes first: what speaks both speaks it more reliably.

use std::io;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::io::mdns;

/// The addresses of a host, which may be an address itself.
///
/// # Errors
/// If nobody knows it.
pub(super) async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let own = if is_local(host) { mdns::resolve(host).await } else { Vec::new() };
    let mut found: Vec<SocketAddr> = own.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
    if found.is_empty() {
        found.extend(tokio::net::lookup_host((host, port)).await?);
    }
    found.sort_by_key(SocketAddr::is_ipv6);
    if found.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, format!("no address for \"{host}\"")));
    }
    Ok(found)
}

fn is_local(host: &str) -> bool {
    host.trim_end_matches('.').to_ascii_lowercase().ends_with(".local")
}

/// The same for clients of HTTP.
#[derive(Debug)]
pub(super) struct Names;

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = resolve(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
