//! Whom to believe over TLS when a device signs its own certificate: the one certificate that was pinned.
//!
//! Invariant: a device whose certificate is not the pinned one is never spoken to; without a pin, its first certificate
//! is told before anything else it says, and holds for as long as the client lives.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme, SupportedCipherSuite};

use crate::io::channels::{Event, Mail};

/// Believes one certificate.
#[derive(Debug)]
struct Pin {
    pinned: OnceLock<String>,
    told: OnceLock<()>,
    mail: Mail,
    provider: CryptoProvider,
}

/// A configuration that believes one certificate alone, and tells its fingerprint by mail.
///
/// # Errors
/// If the library has no version of TLS, for people.
pub(super) fn pinned(pin: Option<&str>, mail: Mail) -> Result<ClientConfig, String> {
    let provider = ring::default_provider();
    let pinned = pin.map_or_else(OnceLock::new, |pin| OnceLock::from(pin.to_ascii_lowercase()));
    let verifier = Pin { pinned, told: OnceLock::new(), mail, provider: provider.clone() };
    let config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth())
}

/// The SHA-256 of a certificate, lower case hex.
fn fingerprint(certificate: &CertificateDer<'_>) -> Option<String> {
    let SupportedCipherSuite::Tls13(suite) = ring::cipher_suite::TLS13_AES_128_GCM_SHA256 else { return None };
    let hash = suite.common.hash_provider.hash(certificate);
    Some(hash.as_ref().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

impl ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let sha256 = fingerprint(end_entity).ok_or_else(|| Error::General("no SHA-256".to_owned()))?;
        if self.pinned.get_or_init(|| sha256.clone()) != &sha256 {
            return Err(Error::General("its certificate is not the one that was pinned".to_owned()));
        }
        if self.told.set(()).is_ok() {
            self.mail.try_put(Event::Certificate(sha256));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
