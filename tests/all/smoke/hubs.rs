//! Hubs over real sockets on loopback: our drivers against our simulators, and both against peers that nobody here
//! wrote.
//!
//! The peers: `mosquitto`, `mosquitto_sub` and `mosquitto_pub` from the PATH (Debian: `mosquitto`, `mosquitto-clients`),
//! started here on a free port; and `HEARTHLIGHT_PYTHON`, a Python with `aiohue`.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::light::{Said, Thing, Wish};
use hearthlight::drivers::{Dial, LocalId, Report, hue, zigbee2mqtt};
use hearthlight::engine::link::{Health, Told};
use hearthlight::engine::links::{Handle, Heard, Net, start};
use hearthlight::model::lights::connection::ConnectionId;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::{SimFamily, SimOpts, broker, hue as sim_hue, zigbee2mqtt as sim_zigbee2mqtt};
use hearthlight::units::color::Xy;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn free_port() -> u16 {
    TcpListener::bind((HERE, 0)).unwrap().local_addr().unwrap().port()
}

/// A simulated hub, its link, and what that says.
struct World {
    stop: CancellationToken,
    handle: Option<Handle>,
    heard: mpsc::UnboundedReceiver<Heard>,
    told: mpsc::UnboundedSender<Heard>,
    net: Net,
    lights: BTreeMap<LocalId, Arc<str>>,
    secrets: BTreeMap<String, String>,
}

impl World {
    fn new(sim: &SimFamily, port: u16, kind: &str) -> Self {
        let stop = CancellationToken::new();
        let opts = SimOpts { port, kind: kind.to_owned(), ..SimOpts::new(HERE, 0, stop.clone()) };
        tokio::spawn((sim.run)(opts));
        let (told, heard) = mpsc::unbounded_channel();
        let (lights, secrets) = (BTreeMap::new(), BTreeMap::new());
        Self { stop, handle: None, heard, told, net: Net::default(), lights, secrets }
    }

    fn connect(&mut self, family: &hearthlight::drivers::Family<hearthlight::drivers::light::LightDriver>, port: u16) {
        self.handle.take().into_iter().for_each(|handle| handle.stop());
        let (address, options) = (SocketAddr::new(HERE, port).to_string(), BTreeMap::new());
        let opening = (family.open)(&Dial { address: &address, options: &options, secrets: &self.secrets }).unwrap();
        self.handle = Some(start(ConnectionId("hub".into()), opening, &self.net, self.told.clone()));
    }

    /// Hears until something is as it should be, twenty seconds at most.
    async fn until<T>(&mut self, mut found: impl FnMut(&Told<Thing, Said>) -> Option<T>) -> T {
        let hear = async {
            loop {
                let Some(Heard::Told(_, told)) = self.heard.recv().await else { continue };
                match &told {
                    Told::Report(Report::Found(id, Thing::Light { name, .. })) => {
                        drop(self.lights.insert(id.clone(), Arc::clone(name)));
                    }
                    Told::Report(Report::Secret { key, value, .. }) => {
                        drop(self.secrets.insert((*key).to_owned(), value.clone()));
                    }
                    _ => {}
                }
                if let Some(found) = found(&told) {
                    return found;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), hear).await.expect("it came")
    }

    async fn until_found(&mut self, wanted: &str) -> LocalId {
        let known = self.lights.iter().find(|(_, name)| &***name == wanted).map(|(id, _)| id.clone());
        if let Some(known) = known {
            return known;
        }
        self.until(|told| match told {
            Told::Report(Report::Found(id, Thing::Light { name, .. })) if &**name == wanted => Some(id.clone()),
            _ => None,
        })
        .await
    }

    /// Wants a light to be red, and hears that it is.
    async fn redden(&mut self, light: &LocalId) {
        let color = Color::Xy(Xy::new(0.6, 0.33).unwrap());
        let state = State { on: true, brightness: 0.5, color: color.clone(), effect: None };
        let handle = self.handle.as_ref().unwrap();
        handle.wish(light, Wish::State { state, transition_ms: 100 });
        handle.go();
        let light = light.clone();
        self.until(|told| match told {
            Told::Report(Report::State(id, Said::Light(reported)))
                if *id == light && reported.on == Some(true) && reported.color.as_ref() == Some(&color) =>
            {
                Some(())
            }
            _ => None,
        })
        .await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.handle.take().into_iter().for_each(|handle| handle.stop());
        self.stop.cancel();
    }
}

#[tokio::test]
async fn a_mesh_behind_our_own_broker_is_found_and_obeys() {
    let port = free_port();
    let mut world = World::new(&sim_zigbee2mqtt::FAMILY, port, "");
    world.connect(&zigbee2mqtt::FAMILY, port);
    let light = world.until_found("Ceiling").await;
    world.redden(&light).await;
}

#[tokio::test]
async fn a_bridge_gives_its_key_and_obeys() {
    let port = free_port();
    let mut world = World::new(&sim_hue::FAMILY, port, "");
    world.connect(&hue::FAMILY, port);
    world.until(|told| matches!(told, Told::Report(Report::Secret { key: "key", .. })).then_some(())).await;
    assert!(world.secrets.contains_key("certificate"), "pinned before anything was said");
    world.connect(&hue::FAMILY, port);
    let light = world.until_found("Nightstand").await;
    world.redden(&light).await;
    assert_eq!(world.secrets.get("clientkey").map(String::len), Some(32));
    // What was acknowledged comes once more, by the event stream.
    let told =
        |told: &Told<Thing, Said>| matches!(told, Told::Report(Report::State(id, Said::Light(_))) if *id == light);
    world.until(|say| told(say).then_some(())).await;
    // Stopped and started again, it is the same bridge with the same certificate.
    world.stop.cancel();
    world.until(|told| matches!(told, Told::Health(Health::Unreachable { .. })).then_some(())).await;
    let (stop, before) = (CancellationToken::new(), world.secrets.clone());
    tokio::spawn((sim_hue::FAMILY.run)(SimOpts { port, ..SimOpts::new(HERE, 0, stop.clone()) }));
    world.stop = stop;
    world.handle.as_ref().unwrap().retry();
    world.until(|told| matches!(told, Told::Health(Health::Online)).then_some(())).await;
    world.redden(&light).await;
    assert_eq!(world.secrets, before);
}

/// A process that ends with its test.
struct Peer(Child);

impl Drop for Peer {
    fn drop(&mut self) {
        drop((self.0.kill(), self.0.wait()));
    }
}

#[tokio::test]
#[ignore = "needs mosquitto"]
async fn a_mesh_behind_mosquitto_is_found_and_obeys() {
    let port = free_port();
    let broker = Command::new("mosquitto").args(["-p", &port.to_string()]).stderr(Stdio::null()).spawn();
    let _broker = Peer(broker.expect("mosquitto is in the PATH"));
    let mut world = World::new(&sim_zigbee2mqtt::FAMILY, port, "client");
    world.connect(&zigbee2mqtt::FAMILY, port);
    let light = world.until_found("Ceiling").await;
    world.redden(&light).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs mosquitto_sub and mosquitto_pub"]
async fn clients_of_mosquitto_find_our_broker_right() {
    let listener = tokio::net::TcpListener::bind((HERE, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let stop = CancellationToken::new();
    let _stopped = stop.clone().drop_guard();
    tokio::spawn(broker::serve(listener, stop));
    let publish = |arguments: &[&str]| {
        let status =
            Command::new("mosquitto_pub").args(["-p", &port]).args(arguments).status().expect("it is in the PATH");
        assert!(status.success());
    };
    let subscribe = |arguments: &[&str]| {
        let command = Command::new("mosquitto_sub")
            .args(["-p", &port, "-v", "-W", "10"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn();
        command.expect("it is in the PATH")
    };
    let lines = |child: Child| String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    publish(&["-t", "home/kitchen/lamp", "-m", "kept", "-r", "-q", "1"]);
    publish(&["-t", "home/kitchen/fan", "-m", "lost"]);
    assert_eq!(lines(subscribe(&["-t", "home/+/lamp", "-C", "1", "-q", "1"])), "home/kitchen/lamp kept\n");
    publish(&["-t", "home/kitchen/lamp", "-n", "-r", "-q", "2"]);
    publish(&["-t", "home/hall/lamp", "-m", "second", "-r", "-q", "2"]);
    assert_eq!(lines(subscribe(&["-t", "home/#", "-C", "1"])), "home/hall/lamp second\n", "an empty message forgets");
    let watcher = subscribe(&["-t", "will/#", "-C", "1", "-q", "1"]);
    let will =
        ["-t", "other", "--will-topic", "will/of/it", "--will-payload", "gone", "--will-qos", "1", "-i", "mortal"];
    let mut mortal = Peer(subscribe(&will));
    // The one that is watched introduces itself before it is killed: what it publishes is heard.
    publish(&["-t", "other", "-m", "hello", "-r"]);
    tokio::time::sleep(Duration::from_millis(500)).await;
    mortal.0.kill().unwrap();
    assert_eq!(lines(watcher), "will/of/it gone\n");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs HEARTHLIGHT_PYTHON: a Python with aiohue"]
async fn aiohue_finds_our_bridge_right() {
    let python = std::env::var("HEARTHLIGHT_PYTHON").expect("HEARTHLIGHT_PYTHON names the interpreter");
    let port = free_port();
    let _world = World::new(&sim_hue::FAMILY, port, "");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/smoke/hubs.py");
    let output = Command::new(python).arg(script).arg(SocketAddr::new(HERE, port).to_string()).output().expect("ran");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
