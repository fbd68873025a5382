//! The certificate of a Hue bridge: made in this process, as clients check it, and kept as PEM with its key.
//!
//! Invariant: subject and serial number say the bridge's number; a certificate is made once and shown for ever.
//! Invariant: the key is never printed.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, SerialNumber, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use crate::io::files;

/// The file within the folder of secrets.
pub const FILE: &str = "bridge.pem";

/// The certificate that is shown now; another one takes its place after an import.
pub type Shown = Arc<ArcSwap<Certificate>>;

/// A certificate with its key.
#[derive(Clone)]
pub struct Certificate {
    pem: Arc<str>,
    certified: Arc<CertifiedKey>,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate").finish_non_exhaustive()
    }
}

impl Certificate {
    /// Makes one for the bridge of this number: EC P-256, valid from 2017-01-01 to 2038-01-19 03:14:07, for a server.
    ///
    /// # Errors
    /// If the system gives no random bits.
    pub fn make(id: [u8; 8]) -> Result<Self, String> {
        let pem = pem(id).map_err(|error| format!("The bridge's certificate could not be made: {error}."))?;
        Self::read(&pem)
    }

    /// Reads one with its key from PEM.
    ///
    /// # Errors
    /// If one of the two is not there, is damaged, or cannot be used; for a person.
    pub fn read(pem: &str) -> Result<Self, String> {
        let bytes = pem.as_bytes();
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or("There is no certificate in the file.")?;
        let key =
            PrivateKeyDer::from_pem_slice(bytes).map_err(|_| "There is no key of the certificate in the file.")?;
        let certified = CertifiedKey::from_der(chain, key, &ring::default_provider());
        let certified = certified.map_err(|error| format!("The certificate cannot be used: {error}."))?;
        Ok(Self { pem: pem.into(), certified: Arc::new(certified) })
    }

    /// The one that is kept, or a new one, which then is kept. The text is for people: what was wrong with the one kept.
    ///
    /// # Errors
    /// If none can be made.
    pub fn open(file: &Path, id: [u8; 8]) -> Result<(Self, Option<String>), String> {
        let kept = std::fs::read_to_string(file);
        let there = !matches!(&kept, Err(error) if error.kind() == io::ErrorKind::NotFound);
        let read = kept.map_err(|error| error.to_string()).and_then(|pem| Self::read(&pem));
        let why = match read {
            Ok(kept) if kept.is_of(id) => return Ok((kept, None)),
            Ok(_) => "It belongs to another bridge.".to_owned(),
            Err(why) => why,
        };
        let new = Self::make(id)?;
        let unkept = new.save(file).err().map(|error| {
            let what = "The bridge's certificate could not be kept; apps may have to be paired again after each start";
            format!("{what}. {}: {error}. Is the disk full, or may this user not write there?", file.display())
        });
        let anew = || format!("The bridge's certificate was made anew; apps may have to be paired again. {why}");
        Ok((new, unkept.or_else(|| there.then(anew))))
    }

    /// Keeps it.
    ///
    /// # Errors
    /// If the disk fails; the file is as it was.
    pub fn save(&self, file: &Path) -> io::Result<()> {
        files::replace_private(file, self.pem.as_bytes())
    }

    /// Whether it names the bridge of this number.
    #[must_use]
    pub fn is_of(&self, id: [u8; 8]) -> bool {
        let name = name(id);
        let held =
            |der: &CertificateDer<'_>| der.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name.as_bytes()));
        self.certified.cert.first().is_some_and(held)
    }

    /// As TLS needs it.
    #[must_use]
    pub fn certified(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.certified)
    }

    /// The certificate itself, DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        self.certified.cert.first().map_or(&[], |der| der.as_ref())
    }
}

/// The number as the subject has it: 16 hex digits, lower case.
fn name(id: [u8; 8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pem(id: [u8; 8]) -> Result<String, rcgen::Error> {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CountryName, DnValue::PrintableString("NL".try_into()?));
    subject.push(DnType::OrganizationName, "Philips Hue");
    subject.push(DnType::CommonName, name(id));
    let mut params = CertificateParams::default();
    params.distinguished_name = subject;
    params.serial_number = Some(SerialNumber::from_slice(&id));
    params.not_before = date_time_ymd(2017, 1, 1);
    params.not_after = date_time_ymd(2038, 1, 19) + Duration::from_secs(3 * 3600 + 14 * 60 + 7);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let certificate = params.self_signed(&key)?;
    Ok(format!("{}{}", key.serialize_pem(), certificate.pem()))
}
