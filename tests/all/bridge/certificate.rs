//! The bridge's certificate, field by field, as clients check it.

use hearthlight::io::certificate::Certificate;

const ID: [u8; 8] = [0x00, 0x17, 0x88, 0xFF, 0xFE, 0xAA, 0xBB, 0xCC];

fn holds(der: &[u8], part: &[u8]) -> bool {
    der.windows(part.len()).any(|window| window == part)
}

/// A DER element of one byte of length: X.690, section 8.1.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, content.len() as u8], content].concat()
}

#[test]
fn every_field_is_as_apps_expect_it() {
    let made = Certificate::make(ID).expect("made");
    let der = made.der();
    // Serial number: an INTEGER of the eight bytes, whose leading zero DER leaves out.
    assert!(holds(der, &element(0x02, &ID[1..])), "serial");
    for (what, name) in [("C", &b"NL"[..]), ("O", b"Philips Hue"), ("CN", b"001788fffeaabbcc")] {
        let times = der.windows(name.len()).filter(|window| *window == name).count();
        assert_eq!(times, 2, "{what} of subject and issuer");
    }
    assert!(holds(der, &element(0x13, b"NL")), "a country is a PrintableString");
    // Validity: UTCTime until 2049 (RFC 5280, section 4.1.2.5).
    let validity = [element(0x17, b"170101000000Z"), element(0x17, b"380119031407Z")].concat();
    assert!(holds(der, &validity), "validity");
    // id-ecPublicKey with prime256v1, and ecdsa-with-SHA256.
    let (key, curve) = ([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01], [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]);
    assert!(holds(der, &[element(0x06, &key), element(0x06, &curve)].concat()), "key");
    assert!(holds(der, &element(0x06, &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02])), "signature");
    let critical = element(0x01, &[0xFF]);
    // basicConstraints (2.5.29.19), keyUsage (2.5.29.15) with digitalSignature alone, both critical.
    assert!(holds(der, &[element(0x06, &[0x55, 0x1D, 0x13]), critical.clone()].concat()), "basic constraints");
    assert!(!holds(der, &element(0x01, &[0xFF]).repeat(2)), "no authority");
    let usage = [element(0x06, &[0x55, 0x1D, 0x0F]), critical, element(0x04, &element(0x03, &[0x07, 0x80]))].concat();
    assert!(holds(der, &usage), "key usage");
    // serverAuth; subject and authority key identifiers.
    assert!(holds(der, &element(0x06, &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01])), "server");
    assert!(holds(der, &element(0x06, &[0x55, 0x1D, 0x0E])) && holds(der, &element(0x06, &[0x55, 0x1D, 0x23])));
    assert!(made.is_of(ID) && !made.is_of([9; 8]));
}

#[test]
fn it_is_made_once_and_kept_and_a_strangers_is_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bridge.pem");
    let (first, told) = Certificate::open(&file, ID).expect("made");
    assert_eq!(told, None);
    let (again, told) = Certificate::open(&file, ID).expect("read");
    assert_eq!((again.der(), told), (first.der(), None));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    }
    let other = [0x00, 0x17, 0x88, 0xFF, 0xFE, 1, 2, 3];
    let (new, told) = Certificate::open(&file, other).expect("made anew");
    assert!(told.is_some() && new.is_of(other));
    std::fs::write(&file, "damaged").expect("written");
    let (new, told) = Certificate::open(&file, other).expect("made anew");
    assert!(told.is_some() && new.is_of(other));
    let pem = std::fs::read_to_string(&file).expect("there");
    assert_eq!(Certificate::read(&pem).expect("read").der(), new.der());
    let (key, certificate) = pem.split_at(pem.find("-----BEGIN CERTIFICATE").expect("a certificate"));
    assert!(
        Certificate::read(key).is_err() && Certificate::read(certificate).is_err() && Certificate::read("").is_err()
    );
}

#[test]
#[ignore = "needs openssl"]
fn openssl_reads_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bridge.pem");
    Certificate::open(&file, ID).expect("made");
    let told = std::process::Command::new("openssl")
        .args(["x509", "-noout", "-subject", "-issuer", "-serial", "-dates", "-ext"])
        .arg("basicConstraints,keyUsage,extendedKeyUsage,subjectKeyIdentifier,authorityKeyIdentifier")
        .arg("-in")
        .arg(&file)
        .output()
        .expect("openssl runs");
    let text = String::from_utf8(told.stdout).expect("text").replace(" = ", "=");
    for part in [
        "subject=C=NL, O=Philips Hue, CN=001788fffeaabbcc",
        "issuer=C=NL, O=Philips Hue, CN=001788fffeaabbcc",
        "serial=1788FFFEAABBCC",
        "notBefore=Jan  1 00:00:00 2017 GMT",
        "notAfter=Jan 19 03:14:07 2038 GMT",
        "CA:FALSE",
        "Digital Signature",
        "TLS Web Server Authentication",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert_eq!(text.matches("critical").count(), 2, "{text}");
}
