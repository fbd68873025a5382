//! Clients for HTTP.

use reqwest::ClientBuilder;

use crate::io::tls;

/// The beginning of every client: goes straight to its peer, through no proxy.
pub fn client() -> ClientBuilder {
    tls::provide();
    ClientBuilder::new().no_proxy()
}
