//! Dawdlers at the bridge's doors, by a clock that is turned by hand: each is closed in its time, and nobody else waits.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use hearthlight::bridge::door::guest::{Greeting, Guest};
use hearthlight::bridge::door::tls;
use hearthlight::io::certificate::{Certificate, Shown};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, DuplexStream};
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;

use super::house::{House, KEY};
use crate::smoke_bridge::trusting;

/// No door lets anybody dawdle for so long.
const AGES: Duration = Duration::from_secs(3600);
/// Bytes that lie between the two ends of a connection.
const PIPE: usize = 1024;
const CONFIG: &[u8] = b"GET /api/config HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

/// A connection to the house's door that has no socket; its far end.
fn connect(house: &House, greeting: Greeting) -> DuplexStream {
    let (near, far) = tokio::io::duplex(PIPE);
    let (from, at) = (([10, 0, 0, 9], 50_000).into(), ([10, 0, 0, 2], 80).into());
    let guest = Guest { face: house.face.clone(), stop: CancellationToken::new(), from, at };
    tokio::spawn(guest.welcome(near, greeting));
    far
}

fn secure() -> Greeting {
    let shown: Shown = Arc::new(ArcSwap::from_pointee(Certificate::make([1; 8]).expect("made")));
    Greeting::Tls(tls::acceptor(shown))
}

async fn connect_by_tls(house: &House, alpn: &[u8]) -> tokio_rustls::client::TlsStream<DuplexStream> {
    let name = rustls::pki_types::ServerName::try_from("001788fffe010203").expect("a name");
    TlsConnector::from(Arc::new(trusting(alpn))).connect(name, connect(house, secure())).await.expect("greeted")
}

/// Asks for the short config on a connection of its own, which is answered whatever others do.
async fn is_served(house: &House) {
    let mut other = connect(house, Greeting::Plain);
    other.write_all(CONFIG).await.expect("sent");
    let mut answer = String::new();
    other.read_to_string(&mut answer).await.expect("read");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("bridgeid"), "{answer}");
}

/// Sends a byte a second until nobody takes it any more, while others are served. Returns for how many seconds, and
/// what was answered.
async fn dribble<S: AsyncRead + AsyncWrite + Unpin>(house: &House, mut stream: S, bytes: &[u8]) -> (u64, String) {
    let (begun, mut answer) = (Instant::now(), Vec::new());
    for byte in bytes {
        if stream.write_all(&[*byte]).await.is_err() || stream.flush().await.is_err() {
            break;
        }
        is_served(house).await;
        let second = timeout(Duration::from_secs(1), stream.read_to_end(&mut answer)).await;
        if second.is_ok() {
            break;
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(bytes.len() as u64), "it took all that was sent");
    (begun.elapsed().as_secs(), String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test(start_paused = true)]
async fn a_head_that_comes_byte_by_byte_is_cut_off() {
    let house = House::new();
    let head = format!("GET /api/config HTTP/1.1\r\nx: {}", "y".repeat(500));
    let (seconds, answer) = dribble(&house, connect(&house, Greeting::Plain), head.as_bytes()).await;
    assert!((29..=31).contains(&seconds), "{seconds} s");
    assert!(!answer.contains("200"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_comes_byte_by_byte_is_answered_408_and_cut_off() {
    let house = House::new();
    for request in ["POST /api".to_owned(), format!("PUT /api/{KEY}/lights/4/state")] {
        let mut stream = connect(&house, Greeting::Plain);
        let head = format!("{request} HTTP/1.1\r\nhost: a\r\ncontent-length: 500\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("sent");
        let (seconds, answer) = dribble(&house, stream, &[b' '; 500]).await;
        assert!((19..=21).contains(&seconds), "{request}: {seconds} s");
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("connection: close"), "{answer}");
    }
    assert_eq!(house.sent(), []);
}

#[tokio::test(start_paused = true)]
async fn a_chunk_that_never_ends_is_cut_off() {
    let house = House::new();
    let mut stream = connect(&house, Greeting::Plain);
    let head = "POST /api HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nffff\r\n";
    stream.write_all(head.as_bytes()).await.expect("sent");
    let (seconds, answer) = dribble(&house, stream, &[b'x'; 500]).await;
    assert!((19..=21).contains(&seconds) && answer.starts_with("HTTP/1.1 408"), "{seconds} s: {answer}");
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_comes_byte_by_byte_is_cut_off() {
    let house = House::new();
    // A record of TLS that says to be a ClientHello of 508 bytes (RFC 8446, sections 4 and 5.1).
    let hello = [&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3][..], &[7; 500]].concat();
    let (seconds, _) = dribble(&house, connect(&house, secure()), &hello).await;
    assert!((9..=11).contains(&seconds), "{seconds} s");
}

/// How long a connection is kept whose far end says nothing.
async fn silence<S: AsyncRead + Unpin>(house: &House, mut stream: S) -> u64 {
    let begun = Instant::now();
    // Others come and go meanwhile.
    while begun.elapsed() < AGES {
        let mut said = Vec::new();
        if timeout(Duration::from_secs(1), stream.read_to_end(&mut said)).await.is_ok() {
            return begun.elapsed().as_secs();
        }
        is_served(house).await;
    }
    panic!("it is still there after an hour")
}

#[tokio::test(start_paused = true)]
async fn whoever_says_nothing_is_sent_away() {
    let house = House::new();
    assert!((9..=11).contains(&silence(&house, connect(&house, secure())).await));
    assert!((29..=31).contains(&silence(&house, connect(&house, Greeting::Plain)).await));
    for alpn in [&b"http/1.1"[..], b"h2"] {
        let greeted = connect_by_tls(&house, alpn).await;
        assert!((29..=31).contains(&silence(&house, greeted).await), "{}", String::from_utf8_lossy(alpn));
    }
}

/// A frame of HTTP/2 (RFC 9113, section 4.1) of which this much is sent.
fn frame(kind: u8, flags: u8, stream: u8, length: u8, payload: &[u8]) -> Vec<u8> {
    [&[0, 0, length, kind, flags, 0, 0, 0, stream], payload].concat()
}

#[tokio::test(start_paused = true)]
async fn http_2_that_comes_byte_by_byte_is_cut_off() {
    let house = House::new();
    let hello = [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &frame(4, 0, 0, 0, &[])].concat();
    // HPACK (RFC 7541, appendix A): GET, http, and a path and an authority in plain letters.
    let head = [&[0x82, 0x87, 0x04, 11][..], b"/api/config", &[0x01, 1], b"a"].concat();
    let settings = [&hello[..24], &frame(4, 0, 0, 246, &[0; 246])].concat();
    let (seconds, _) = dribble(&house, connect_by_tls(&house, b"h2").await, &settings).await;
    assert!(seconds <= 31, "a greeting without an end: {seconds} s");
    let mut stream = connect_by_tls(&house, b"h2").await;
    stream.write_all(&hello).await.expect("sent");
    let (seconds, _) = dribble(&house, stream, &frame(1, 5, 1, 250, &[0; 250])).await;
    assert!(seconds <= 51, "a head without an end: {seconds} s");
    let mut stream = connect_by_tls(&house, b"h2").await;
    let posts = [&[0x83][..], &head[1..]].concat();
    let asked = [hello, frame(1, 4, 1, posts.len() as u8, &posts)].concat();
    stream.write_all(&asked).await.expect("sent");
    let (seconds, _) = dribble(&house, stream, &frame(0, 0, 1, 250, &[b' '; 250])).await;
    assert!(seconds <= 71, "a body without an end: {seconds} s");
}

#[tokio::test(start_paused = true)]
async fn whoever_takes_no_answer_is_given_up() {
    let house = House::new();
    let mut stream = connect(&house, Greeting::Plain);
    let asked = format!("GET /api/{KEY} HTTP/1.1\r\nhost: a\r\n\r\n");
    stream.write_all(asked.as_bytes()).await.expect("sent");
    // What it has in its hands when it looks at last is less than the answer.
    for _ in 0..35 {
        sleep(Duration::from_secs(1)).await;
        is_served(&house).await;
    }
    let mut taken = Vec::new();
    let ended = timeout(AGES, stream.read_to_end(&mut taken)).await.expect("it was closed");
    assert!(ended.is_ok() && taken.len() <= PIPE, "{} bytes", taken.len());
    assert!(house.v1("GET", "", "").await.to_string().len() > 2 * PIPE);
}
