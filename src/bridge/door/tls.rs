//! TLS as Hue apps know it: one certificate whoever asks for whatever name, TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use crate::io::certificate::Shown;
use crate::io::tls;

/// The name of HTTP/2 in the handshake (RFC 9113, section 3.2).
pub const H2: &[u8] = b"h2";

/// Shows the bridge's certificate, whatever name is asked for; older apps ask for none.
struct Always(Shown);

impl std::fmt::Debug for Always {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Always").finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Always {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load().certified())
    }
}

/// What greets those who come by HTTPS.
#[must_use]
pub fn acceptor(shown: Shown) -> TlsAcceptor {
    tls::provide();
    let mut config = ServerConfig::builder().with_no_client_auth().with_cert_resolver(Arc::new(Always(shown)));
    config.alpn_protocols = vec![H2.to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}
