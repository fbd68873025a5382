//! The Hue bridge's doors over real sockets: TLS of both versions, HTTP/1.1 and HTTP/2, dawdlers, the end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use hearthlight::bridge::door;
use hearthlight::bridge::face::Face;
use hearthlight::io::certificate::{Certificate, Shown};
use hearthlight::io::tls;
use hearthlight::model::snapshot::Snapshot;
use hearthlight::port::slots::Slots;
use hearthlight::port::{Facts, Feed, Port, Wake};
use hearthlight::units::moment::Moment;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;

struct Doors {
    http: SocketAddr,
    https: SocketAddr,
    shown: Shown,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    /// Keeps the mailbox open.
    _inbox: mpsc::Receiver<hearthlight::port::Posted>,
}

async fn doors() -> Doors {
    let (commands, inbox) = mpsc::channel(1);
    let port = Port {
        commands,
        questions: crossbeam_channel::bounded(1).0,
        snapshot: Arc::new(ArcSwap::from_pointee(Snapshot::default())),
        published: watch::channel(0).1,
        feed: Feed(broadcast::channel(4).0),
        facts: Facts { receiver: crossbeam_channel::bounded(1).1, lagged: Arc::default() },
        slots: Arc::new(Slots::default()),
        wake: Wake::default(),
        outcomes: Arc::default(),
        tickets: Arc::default(),
        quit: watch::channel(false).0,
    };
    let face = Face::new(port, Arc::new(jiff::Timestamp::now), Arc::new(|| Moment(0)));
    let shown: Shown = Arc::new(ArcSwap::from_pointee(Certificate::make([1; 8]).expect("made")));
    let stop = CancellationToken::new();
    let (plain, secure) = (listener().await, listener().await);
    let (http, https) = (plain.local_addr().expect("bound"), secure.local_addr().expect("bound"));
    let tasks = vec![
        tokio::spawn(door::serve(plain, face.clone(), stop.clone())),
        tokio::spawn(door::serve_tls(secure, face, Arc::clone(&shown), stop.clone())),
    ];
    Doors { http, https, shown, stop, tasks, _inbox: inbox }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a port")
}

/// A client that trusts everybody, as Hue clients do.
fn client() -> reqwest::ClientBuilder {
    tls::provide();
    reqwest::Client::builder().no_proxy().danger_accept_invalid_certs(true)
}

#[tokio::test]
async fn both_versions_of_http_and_of_tls_are_spoken_and_the_certificate_can_change() {
    let doors = doors().await;
    let config = |at: SocketAddr, scheme: &str| format!("{scheme}://{at}/api/config");
    let http1 = client().http1_only().build().expect("a client");
    for url in [config(doors.http, "http"), config(doors.https, "https")] {
        for _ in 0..2 {
            let answer = http1.get(&url).send().await.expect("an answer");
            assert_eq!((answer.status().as_u16(), answer.version()), (200, reqwest::Version::HTTP_11));
        }
    }
    let probe = http1.get(format!("https://{}/clip/v2/resource", doors.https)).send().await.expect("an answer");
    assert_eq!(probe.status().as_u16(), 403);
    for version in [reqwest::tls::Version::TLS_1_2, reqwest::tls::Version::TLS_1_3] {
        let only = client().tls_version_min(version).tls_version_max(version).tls_info(true).build().expect("a client");
        let answer = only.get(config(doors.https, "https")).send().await.expect("an answer");
        let shown = answer.extensions().get::<reqwest::tls::TlsInfo>().and_then(|info| info.peer_certificate());
        assert_eq!(shown, Some(doors.shown.load().der()));
    }
    doors.shown.store(Arc::new(Certificate::make([2; 8]).expect("made")));
    let anew = client().tls_info(true).build().expect("a client");
    let answer = anew.get(config(doors.https, "https")).send().await.expect("an answer");
    let shown = answer.extensions().get::<reqwest::tls::TlsInfo>().and_then(|info| info.peer_certificate());
    assert_eq!(shown, Some(doors.shown.load().der()));
}

/// A frame of HTTP/2 (RFC 9113, section 4.1).
fn frame(kind: u8, flags: u8, stream: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("short");
    [&[0, 0, length, kind, flags, 0, 0, 0, stream], payload].concat()
}

#[tokio::test]
async fn whoever_says_h2_is_answered_in_http_2() {
    let doors = doors().await;
    let stream = TcpStream::connect(doors.https).await.expect("connected");
    let name = ServerName::try_from("001788fffe010203").expect("a name");
    let mut stream = TlsConnector::from(Arc::new(trusting(b"h2"))).connect(name, stream).await.expect("greeted");
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    // HPACK (RFC 7541, appendix A): GET, https, and a path and an authority in plain letters.
    let head = [&[0x82, 0x87, 0x04, 11][..], b"/api/config", &[0x01, 1], b"a"].concat();
    let asked = [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &frame(4, 0, 0, &[]), &frame(1, 5, 1, &head)].concat();
    stream.write_all(&asked).await.expect("sent");
    let mut answer = Vec::new();
    while !String::from_utf8_lossy(&answer).contains("\"bridgeid\"") {
        assert!(stream.read_buf(&mut answer).await.expect("read") > 0, "it ended: {answer:?}");
    }
    // Its settings come first; the answer's head is of status 200, the eighth of the static table.
    assert_eq!(answer[3], 4);
    let heads = answer.windows(10).filter(|part| part[3] == 1 && part[4] & 4 != 0 && part[8] == 1 && part[9] == 0x88);
    assert_eq!(heads.count(), 1);
}

/// A client that trusts everybody and speaks this protocol.
pub(crate) fn trusting(alpn: &[u8]) -> ClientConfig {
    tls::provide();
    let mut config =
        ClientConfig::builder().dangerous().with_custom_certificate_verifier(Arc::new(Trusting)).with_no_client_auth();
    config.alpn_protocols = vec![alpn.to_vec()];
    config
}

/// Believes every certificate.
#[derive(Debug)]
struct Trusting;

impl ServerCertVerifier for Trusting {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

#[tokio::test]
async fn requests_right_behind_each_other_are_told_apart_and_dawdlers_hold_nobody_up() {
    let doors = doors().await;
    let mut dawdler = TcpStream::connect(doors.http).await.expect("connected");
    dawdler.write_all(b"GET /api/con").await.expect("sent");
    let mut silent = TcpStream::connect(doors.https).await.expect("connected");
    let mut stream = TcpStream::connect(doors.http).await.expect("connected");
    let body = r#"{"action":"start"}"#;
    let two = format!(
        "PUT /api/x/groups/1 HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n{body}GET /api/config HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(two.as_bytes()).await.expect("sent");
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.expect("read");
    assert_eq!(answers.matches("HTTP/1.1 200").count(), 2, "{answers}");
    assert!(answers.contains("unauthorized user") && answers.contains("bridgeid"));

    let start = Instant::now();
    doors.stop.cancel();
    for task in doors.tasks {
        task.await.expect("it ends well");
    }
    assert!(start.elapsed() < Duration::from_secs(30), "a door ends though connections hang");
    let mut left = Vec::new();
    // Cut or closed, but over.
    let _ = dawdler.read_to_end(&mut left).await;
    let _ = silent.read_to_end(&mut left).await;
}
