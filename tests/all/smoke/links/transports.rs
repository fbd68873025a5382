//! Datagrams, streams, requests, sockets of the web, certificates and events.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::routing::{any, get, put};
use hearthlight::drivers::light::Wish;
use hearthlight::drivers::{LocalId, Need};
use hearthlight::engine::link::Health;
use hearthlight::engine::links::{Heard, Net};
use hearthlight::io::clock::Clock;
use hearthlight::io::tls;
use hearthlight::model::frame::Frame;
use hearthlight::model::lights::state::State;
use hearthlight::port::latest::Latest;
use hearthlight::port::slots::Slots;
use hearthlight::wire::{Channel, Endpoint, Output, Trust};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio_rustls::TlsAcceptor;

use super::World;

fn http(url: String, trust: Trust) -> Endpoint {
    let headers = vec![("x-key".to_owned(), "secret".to_owned())];
    Endpoint::Http { url, headers, trust }
}

fn request(request: u32, method: &'static str, path: &str) -> Output {
    Output::Request { request, method, path: path.to_owned() }
}

#[tokio::test]
async fn datagrams_share_a_socket_and_are_told_apart() {
    let net = Net::default();
    let peer = |ip: &'static str, port| async move { UdpSocket::bind((ip, port)).await.unwrap() };
    let a = peer("127.0.0.1", 0).await;
    let port = a.local_addr().unwrap().port();
    // Elsewhere there is one loopback address.
    let b = peer(
        if cfg!(target_os = "linux") { "127.0.9.2" } else { "127.0.0.1" },
        if cfg!(target_os = "linux") { port } else { 0 },
    )
    .await;
    let world = |socket: &UdpSocket| {
        World::new(&net, vec![(Channel::Udp, Endpoint::Socket(socket.local_addr().unwrap()), Need::Must)])
    };
    let (to_a, to_b) = (world(&a), world(&b));
    let mut from = Vec::new();
    for (world, socket, word) in [(&to_a, &a, "one"), (&to_b, &b, "two")] {
        world.send(Channel::Udp, Output::Datagram { to: None }, word.as_bytes());
        let mut buffer = [0; 64];
        let (n, sender) = socket.recv_from(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..n], word.as_bytes());
        socket.send_to(&buffer[..n], sender).await.unwrap();
        world.hears(&format!("udp {word}")).await;
        from.push(sender.port());
    }
    if cfg!(target_os = "linux") {
        assert_eq!(from[0], from[1], "one socket for one port");
    }
    // An answer from another port of the same device is heard, too.
    let other = peer("127.0.0.1", 0).await;
    other.send_to(b"three", ("127.0.0.1", from[0])).await.unwrap();
    to_a.hears("udp three").await;
    assert!(!to_b.notes.lock().heard.iter().any(|line| line.contains("one") || line.contains("three")));
}

#[tokio::test]
async fn wishes_and_frames_reach_the_driver_and_are_measured() {
    let slots = Arc::new(Slots::default());
    let net = Net::new(Clock::default(), Arc::clone(&slots)).of("probe");
    let peer = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let at = peer.local_addr().unwrap();
    let mut world = World::new(&net, vec![(Channel::Udp, Endpoint::Socket(at), Need::Must)]);
    world.hears("udp opened").await;
    let lamp = LocalId("lamp".into());
    let wish = |ms| Wish::State { state: State::default(), transition_ms: ms };
    world.handle.wish(&lamp, wish(1));
    world.handle.wish(&lamp, wish(2));
    world.handle.wish(&lamp, Wish::Identify);
    world.handle.wish(&LocalId("other".into()), Wish::Identify);
    world.send(Channel::Udp, Output::Datagram { to: None }, b"sent");
    let heard = world.hears("wish State").await;
    assert!(heard.ends_with("transition_ms: 2 }"), "of two the newer, not {heard}");
    world.hears("wish Identify").await;
    while !matches!(world.told.recv().await, Some(Heard::Unsupported(_, LocalId(id))) if &*id == "other") {}
    peer.recv_from(&mut [0; 64]).await.unwrap();
    while slots.light_sends.of("probe").counts().iter().sum::<u64>() != 1 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let slot = Arc::new(Latest::default());
    world.handle.stream(vec![(lamp.clone(), Arc::clone(&slot))]);
    slot.put(Arc::new(Frame::dark(7)));
    world.handle.go();
    world.hears("frame 7").await;
    world.handle.stream(Vec::new());
    world.hears("wish Leave").await;
}

#[tokio::test]
async fn a_stream_carries_both_ways_and_comes_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let mut world = World::new(&Net::default(), vec![(Channel::Tcp, Endpoint::Socket(at), Need::Must)]);
    let (mut line, _) = listener.accept().await.unwrap();
    world.hears("tcp opened").await;
    world.send(Channel::Tcp, Output::Bytes, b"hello");
    let mut five = [0; 5];
    line.read_exact(&mut five).await.unwrap();
    line.write_all(&five).await.unwrap();
    world.hears("tcp hello").await;
    assert_eq!(world.health().await, Health::Online);
    drop(line);
    assert!(matches!(world.health().await, Health::Unreachable { why, .. } if why.contains("closed")));
    world.handle.retry();
    let (mut line, _) = listener.accept().await.unwrap();
    line.write_all(b"again").await.unwrap();
    world.hears("tcp again").await;
    assert_eq!(world.health().await, Health::Online);
    world.handle.stop();
    assert_eq!(line.read(&mut five).await.unwrap(), 0, "a stopped link hangs up");
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_lost_and_frames_are_dropped_before_that() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let mut world = World::new(&Net::default(), vec![(Channel::Tcp, Endpoint::Socket(at), Need::Must)]);
    let (_line, _) = listener.accept().await.unwrap();
    world.hears("tcp opened").await;
    assert_eq!(world.health().await, Health::Online);
    for _ in 0..500 {
        world.send(Channel::Tcp, Output::Frame, &[0; 60_000]);
    }
    let told = loop {
        world.send(Channel::Tcp, Output::Bytes, &[0; 60_000]);
        tokio::time::sleep(Duration::from_millis(1)).await;
        if let Ok(Heard::Told(_, told)) = world.told.try_recv() {
            break told;
        }
    };
    assert!(format!("{told:?}").contains("no longer reads"), "{told:?}");
}

#[tokio::test]
async fn a_peer_dials_in() {
    let peer: SocketAddr = "127.0.0.1:9".parse().unwrap();
    let world = World::new(&Net::default(), vec![(Channel::Listen, Endpoint::Listen { peer }, Need::Must)]);
    let at = world.hears("listen listening ").await.replace("listen listening ", "");
    let mut first = TcpStream::connect(&at).await.unwrap();
    first.write_all(b"first").await.unwrap();
    world.hears("listen accepted").await;
    world.hears("listen first").await;
    let mut second = TcpStream::connect(&at).await.unwrap();
    world.hears("listen accepted").await;
    assert_eq!(first.read(&mut [0; 8]).await.unwrap_or(0), 0, "a new one replaces the one before");
    world.send(Channel::Listen, Output::Bytes, b"hello");
    let mut five = [0; 5];
    second.read_exact(&mut five).await.unwrap();
    assert_eq!(&five, b"hello");
    drop(second);
    world.hears("listen hung").await;
    TcpStream::connect(&at).await.unwrap();
    world.hears("listen accepted").await;
}

#[tokio::test]
async fn requests_are_answered_in_order_and_a_dead_peer_never_looks_alive() {
    let app = axum::Router::new().route("/echo", put(|body: String| async move { body })).route(
        "/key",
        get(|headers: axum::http::HeaderMap| async move { headers["x-key"].to_str().unwrap().to_owned() }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });
    let net = Net::default();
    let mut world = World::new(&net, vec![(Channel::Http, http(url, Trust::System), Need::Must)]);
    world.hears("http opened").await;
    world.send(Channel::Http, request(1, "PUT", "/echo"), b"{}");
    world.send(Channel::Http, request(2, "GET", "/key"), b"");
    world.send(Channel::Http, request(3, "GET", "/none"), b"");
    for answer in ["http 1 200 {}", "http 2 200 secret", "http 3 404"] {
        world.hears(answer).await;
    }
    assert_eq!(world.health().await, Health::Online);
    serving.abort();
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = format!("http://{closed}");
    let mut dead = World::new(&net, vec![(Channel::Http, http(url, Trust::System), Need::Must)]);
    dead.hears("http opened").await;
    dead.send(Channel::Http, request(1, "GET", "/"), b"");
    assert!(matches!(dead.health().await, Health::Unreachable { .. }));
}

/// An HTTPS server that signs its own certificate and answers anything with `yes`.
async fn secure() -> SocketAddr {
    tls::provide();
    let signed = rcgen::generate_simple_self_signed(vec!["bridge".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(signed.signing_key.serialize_der()).unwrap();
    let config =
        rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(vec![signed.cert.der().clone()], key);
    let acceptor = TlsAcceptor::from(Arc::new(config.unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((line, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut line) = acceptor.accept(line).await else { return };
                let _ = line.read(&mut [0; 4096]).await;
                let _ = line.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nyes").await;
                let _ = line.shutdown().await;
            });
        }
    });
    at
}

#[tokio::test]
async fn a_certificate_is_learned_then_believed_alone() {
    let url = format!("https://{}", secure().await);
    let net = Net::default();
    let world =
        |url: &str, pin| World::new(&net, vec![(Channel::Http, http(url.to_owned(), Trust::Pinned(pin)), Need::Must)]);
    let first = world(&url, None);
    first.hears("http opened").await;
    first.send(Channel::Http, request(1, "GET", "/"), b"");
    let learned = first.hears("http certificate ").await.replace("http certificate ", "");
    assert!(learned.len() == 64 && learned.bytes().all(|b| b.is_ascii_hexdigit()), "{learned}");
    first.hears("http 1 200 yes").await;
    let pinned = world(&url, Some(learned.clone()));
    pinned.hears("http opened").await;
    pinned.send(Channel::Http, request(1, "GET", "/"), b"");
    pinned.hears(&format!("http certificate {learned}")).await;
    pinned.hears("http 1 200 yes").await;
    let mut other = world(&format!("https://{}", secure().await), Some(learned));
    other.hears("http opened").await;
    other.send(Channel::Http, request(1, "GET", "/"), b"");
    let health = other.health().await;
    assert!(
        matches!(&health, Health::Unreachable { why, .. } if why.contains("not the one that was pinned")),
        "{health:?}"
    );
    assert!(!other.notes.lock().heard.iter().any(|line| line.contains("200")));
}

#[tokio::test]
async fn messages_go_both_ways_over_a_web_socket() {
    let echo = |upgrade: WebSocketUpgrade| async {
        upgrade.on_upgrade(|mut line| async move {
            while let Some(Ok(message)) = line.recv().await {
                let said = match message {
                    Message::Text(text) => Message::Text(format!("text {text}").into()),
                    Message::Binary(bytes) => Message::Text(format!("binary {}", bytes.len()).into()),
                    _ => continue,
                };
                let _ = line.send(said).await;
            }
        })
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/ws", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().route("/ws", any(echo))).await });
    let world = World::new(&Net::default(), vec![(Channel::Ws, Endpoint::Url(url), Need::Must)]);
    world.hears("ws opened").await;
    world.send(Channel::Ws, Output::Message, b"{\"v\":true}");
    world.hears("ws text {\"v\":true}").await;
    world.send(Channel::Ws, Output::Message, &[0xff, 0xfe]);
    world.hears("ws binary 2").await;
}

#[tokio::test]
async fn events_are_continued_from_the_last_one() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        let mut asked = Vec::new();
        for n in 1..=2 {
            let (mut line, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 4096];
            let read = line.read(&mut buffer).await.unwrap();
            asked.push(String::from_utf8_lossy(&buffer[..read]).to_lowercase());
            let body = format!(": hi\n\nretry: 10\nid: {n}\ndata: event {n}\n\n");
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            line.write_all((head + &body).as_bytes()).await.unwrap();
        }
        asked
    });
    let world = World::new(&Net::default(), vec![(Channel::Sse, http(url, Trust::System), Need::Must)]);
    world.hears("sse opened").await;
    world.hears("sse event 1").await;
    world.hears("sse event 2").await;
    let asked = serving.await.unwrap();
    assert!(!asked[0].contains("last-event-id") && asked[1].contains("last-event-id: 1"), "{asked:?}");
    assert!(asked[0].contains("x-key: secret") && asked[0].contains("accept: text/event-stream"));
}
