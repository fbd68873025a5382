//! Links to foreign peers: a broker (mosquitto) and a pair of serial ports (socat), which these tests start themselves.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hearthlight::drivers::Need;
use hearthlight::engine::link::Health;
use hearthlight::engine::links::Net;
use hearthlight::wire::{Channel, Endpoint, Output};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::World;

/// A process that ends with its test.
struct Peer(Child);

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(program: &str, args: &[&str]) -> Peer {
    let child = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    Peer(child.unwrap_or_else(|error| panic!("{program}: {error}")))
}

async fn free_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

async fn until_it_listens(port: u16) {
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
#[ignore = "needs mosquitto"]
async fn links_share_a_broker_and_hear_their_own_topics_alone() {
    let port = free_port().await;
    let broker = run("mosquitto", &["-p", &port.to_string()]);
    until_it_listens(port).await;
    let net = Net::default();
    let endpoint = || Endpoint::Mqtt { host: "127.0.0.1".to_owned(), port, login: None };
    let world = || World::new(&net, vec![(Channel::Mqtt, endpoint(), Need::Must)]);
    let (mut a, b) = (world(), world());
    for (world, name) in [(&a, "home/+/state"), (&b, "hearthlight/status")] {
        world.hears("mqtt opened").await;
        world.send(Channel::Mqtt, Output::Subscribe { name: name.to_owned() }, b"");
    }
    b.hears("mqtt hearthlight/status online").await;
    let topic = "home/lamp/state".to_owned();
    b.send(Channel::Mqtt, Output::Publish { topic, retain: true }, b"on");
    a.hears("mqtt home/lamp/state on").await;
    assert!(!b.notes.lock().heard.iter().any(|line| line.contains("home/lamp")));
    let late = world();
    late.hears("mqtt opened").await;
    late.send(Channel::Mqtt, Output::Subscribe { name: "home/#".to_owned() }, b"");
    late.hears("mqtt home/lamp/state on").await;
    assert_eq!(a.health().await, Health::Online);
    drop(broker);
    assert!(matches!(a.health().await, Health::Unreachable { .. }));
    let _broker = run("mosquitto", &["-p", &port.to_string()]);
    until_it_listens(port).await;
    a.handle.retry();
    assert_eq!(a.health().await, Health::Online);
}

#[tokio::test]
#[ignore = "needs socat"]
async fn a_serial_port_takes_whole_frames_at_its_own_pace() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (folder.path().join("ours"), folder.path().join("theirs"));
    let end = |path: &std::path::Path| format!("pty,raw,echo=0,link={}", path.display());
    let _socat = run("socat", &[&end(&ours), &end(&theirs)]);
    while !(ours.exists() && theirs.exists()) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let endpoint = Endpoint::Serial { path: ours.clone(), baud: 115_200 };
    let world = World::new(&Net::default(), vec![(Channel::Serial, endpoint, Need::Must)]);
    world.hears("serial opened").await;
    let mut port = tokio::fs::OpenOptions::new().read(true).write(true).open(&theirs).await.unwrap();
    port.write_all(b"Ada\n").await.unwrap();
    world.hears("serial ada").await;
    let begun = tokio::time::Instant::now();
    let mut whole = 0;
    // Handed over in one go: the first is taken, those after it come while it is on its way.
    for n in 1..=3_u8 {
        world.notes.lock().sends.push_back((Channel::Serial, Output::Frame, vec![n; 1152]));
    }
    world.handle.go();
    world.hears("serial drained").await;
    assert!(begun.elapsed() >= Duration::from_millis(100), "1152 bytes take 100 ms, not {:?}", begun.elapsed());
    world.send(Channel::Serial, Output::Frame, &[9; 1152]);
    world.hears("serial drained").await;
    let mut buffer = [0; 4096];
    let mut heard = Vec::new();
    while whole < 2 * 1152 {
        let n = port.read(&mut buffer).await.unwrap();
        heard.extend_from_slice(&buffer[..n]);
        whole += n;
    }
    assert_eq!(
        heard,
        [vec![1; 1152], vec![9; 1152]].concat(),
        "whole frames, the newest of those that came too soon gone"
    );
}
