//! The one provider of TLS in this program: rustls with ring.

use std::sync::Once;

/// Settles the provider, once; whoever opens TLS or makes a client calls this first.
pub fn provide() {
    static ONCE: Once = Once::new();
    // If another one is there already, that one is as good.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}
