//! The driver of DDP receivers and a simulated one, joined by queues with a hand-turned clock.
//!
//! The foreign peer is a sender that nobody here wrote, into our simulated receiver.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::ddp::FAMILY;
use hearthlight::drivers::light::{LightDriver, Said, Thing, Wish};
use hearthlight::drivers::{Dial, LocalId, Outputs, Report, Search, Sighting};
use hearthlight::engine::link::{Health, Link, Told, Transport};
use hearthlight::model::frame::Frame;
use hearthlight::model::lights::capabilities::Capabilities;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::SimOpts;
use hearthlight::sim::lights::ddp::Receiver;
use hearthlight::units::color::{Linear, Mirek, Xy};
use hearthlight::units::moment::Moment;
use hearthlight::wire::{Channel, Endpoint, Input, Output, ddp};
use tokio_util::sync::CancellationToken;

const AT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::new(10, 0, 0, 8)), ddp::PORT);

fn pixels() -> LocalId {
    LocalId("pixels".into())
}

fn receiver(kind: &str, n_pixels: u16) -> Receiver {
    let opts = SimOpts::new(AT.ip(), 3, CancellationToken::new());
    Receiver::new(&SimOpts { kind: kind.to_owned(), pixels: n_pixels, name: Some("Cove".to_owned()), ..opts })
}

type Options = BTreeMap<Arc<str>, Arc<str>>;

fn options(said: &[(&str, &str)]) -> Options {
    said.iter().map(|(key, value)| (Arc::from(*key), Arc::from(*value))).collect()
}

/// A driver and its receiver.
struct World {
    now: Moment,
    driver: Box<LightDriver>,
    receiver: Receiver,
    /// Answers nothing.
    is_silent: bool,
    out: Outputs<Report<Thing, Said>>,
    reports: Vec<Report<Thing, Said>>,
    /// When frames were shown.
    shown: Vec<Moment>,
}

impl World {
    fn new(receiver: Receiver, is_silent: bool, said: &[(&str, &str)]) -> Self {
        let (options, secrets) = (options(said), BTreeMap::new());
        let opening = (FAMILY.open)(&Dial { address: "10.0.0.8", options: &options, secrets: &secrets }).unwrap();
        assert!(matches!(opening.channels.as_slice(), [(Channel::Udp, Endpoint::Socket(AT), _)]));
        let (out, reports, shown) = (Outputs::default(), Vec::new(), Vec::new());
        let now = Moment::from_millis(1000);
        let mut world = Self { now, driver: opening.driver, receiver, is_silent, out, reports, shown };
        world.driver.receive(world.now, Channel::Udp, Input::Opened).unwrap();
        world.pass(100);
        world
    }

    fn pass(&mut self, ms: u64) {
        let end = self.now + Duration::from_millis(ms);
        loop {
            self.out.clear();
            self.driver.poll(self.now, &mut self.out);
            self.reports.append(&mut self.out.reports);
            let mut answer = Vec::new();
            for (_, _, payload) in self.out.sends() {
                assert!(payload.len() <= ddp::MAX_DATA + 10);
                answer.clear();
                if self.receiver.receive(payload, &mut answer) {
                    self.shown.push(self.now);
                }
                if !answer.is_empty() && !self.is_silent {
                    let input = Input::Datagram { from: AT, bytes: &answer };
                    self.driver.receive(self.now, Channel::Udp, input).unwrap();
                }
            }
            self.driver.poll(self.now, &mut self.out);
            self.reports.append(&mut self.out.reports);
            if self.now >= end {
                return;
            }
            self.now = self.out.wake_at.unwrap_or(end).min(end);
        }
    }

    fn wish(&mut self, state: State, transition_ms: u32) {
        self.driver.wish(self.now, &pixels(), &Wish::State { state, transition_ms }).unwrap();
    }

    fn capabilities(&self) -> Arc<Capabilities> {
        let found = self.reports.iter().rev().find_map(|report| match report {
            Report::Found(_, Thing::Light { capabilities, .. }) => Some(Arc::clone(capabilities)),
            _ => None,
        });
        found.unwrap()
    }

    fn pixel(&self, n: usize, n_each: usize) -> &[u8] {
        &self.receiver.pixels.shown()[n * n_each..(n + 1) * n_each]
    }
}

fn state(brightness: f32, color: Color) -> State {
    State { on: true, brightness, color, effect: None }
}

fn xy(r: f32, g: f32, b: f32) -> Xy {
    Linear::new(r, g, b).xy()
}

const ASK: Search = Search::Ask { group: None, port: 4048, payload: ddp::WHO };

fn answer(from: [u8; 4]) -> Option<hearthlight::drivers::Claim> {
    let mut said = Vec::new();
    assert!(!receiver("", 300).receive(ddp::WHO, &mut said));
    let from = Some(SocketAddr::from((from, ddp::PORT)));
    (FAMILY.claim)(&Sighting { search: ASK, name: "", from, properties: &[], payload: &said })
}

#[test]
fn discovery() {
    assert_eq!(FAMILY.searches, [ASK]);
    let claim = answer([10, 0, 0, 8]).unwrap();
    assert_eq!((claim.name.as_str(), claim.model.as_str()), ("Cove", "Hearthlight Cove 1.0"));
    assert_eq!((claim.address.as_str(), claim.identity.as_deref()), ("10.0.0.8", Some("02dd90000003")));
    let own = Sighting { search: ASK, name: "", from: Some(AT), properties: &[], payload: ddp::WHO };
    assert_eq!((FAMILY.claim)(&own), None, "a question is no answer");
}

#[test]
fn identity_survives_address_change() {
    let world = World::new(receiver("", 0), false, &[]);
    let identity = world.reports.iter().find_map(|report| match report {
        Report::Identity { identity, .. } => Some(identity.clone()),
        _ => None,
    });
    assert!(identity.is_some());
    assert_eq!(answer([10, 0, 9, 99]).unwrap().identity, identity);
}

#[test]
fn colour() {
    let mut world = World::new(receiver("", 30), true, &[("pixels", "30"), ("order", "GRB")]);
    world.wish(state(0.5, Color::Xy(xy(1.0, 0.0, 0.0))), 0);
    world.pass(100);
    assert_eq!((world.pixel(0, 3), world.pixel(29, 3)), (&[0, 128, 0][..], &[0, 128, 0][..]), "green comes first");
    world.wish(State { on: false, ..state(0.5, Color::Xy(xy(1.0, 0.0, 0.0))) }, 0);
    world.pass(100);
    assert!(world.receiver.pixels.shown().iter().all(|byte| *byte == 0));
    assert!(world.reports.iter().all(|report| !matches!(report, Report::State(..))), "nobody said so");
}

#[test]
fn white() {
    let mut world = World::new(receiver("rgbw", 10), true, &[("pixels", "10"), ("white", "rgbw")]);
    world.wish(state(1.0, Color::Mirek(Mirek::new(300))), 0);
    world.pass(100);
    let pixel = world.pixel(0, 4);
    assert!(pixel[2] == 0 && pixel[3] > 40 && pixel[0] > pixel[1], "{pixel:?}");
}

#[test]
fn transition() {
    let mut world = World::new(receiver("", 1), true, &[("pixels", "1")]);
    world.wish(state(1.0, Color::Xy(xy(0.0, 1.0, 0.0))), 1000);
    let mut levels = Vec::new();
    for _ in 0..10 {
        world.pass(100);
        levels.push(world.pixel(0, 3)[1]);
    }
    assert!(levels.is_sorted() && levels[0] < 60 && levels[9] > 240, "{levels:?}");
    assert!(world.shown.len() >= 40, "{} frames", world.shown.len());
}

#[test]
fn segments() {
    let mut world = World::new(receiver("", 3), true, &[("pixels", "3")]);
    assert_eq!(world.capabilities().segments, 3);
    let points = [xy(1.0, 0.0, 0.0), xy(0.0, 1.0, 0.0), xy(0.0, 0.0, 1.0)];
    world.wish(state(1.0, Color::Gradient(points.into())), 0);
    world.pass(100);
    assert_eq!(world.receiver.pixels.shown(), [255, 0, 0, 0, 255, 0, 0, 0, 255]);
}

#[test]
fn pixels_of_a_receiver_that_says_how_many() {
    let mut world = World::new(receiver("", 700), false, &[]);
    assert_eq!(world.capabilities().pixels, 700);
    world.wish(state(1.0, Color::Xy(xy(0.0, 0.0, 1.0))), 0);
    world.pass(100);
    assert_eq!(world.pixel(699, 3), [0, 0, 255]);
    assert_eq!(
        World::new(receiver("", 700), false, &[("pixels", "20")]).capabilities().pixels,
        20,
        "a person knows better"
    );
    assert_eq!(World::new(receiver("", 700), true, &[]).capabilities().pixels, 60);
}

#[test]
fn streaming() {
    let mut world = World::new(receiver("", 1000), true, &[("pixels", "1000")]);
    world.wish(state(1.0, Color::Xy(xy(1.0, 0.0, 0.0))), 0);
    world.pass(500);
    let mut frame = Frame::dark(1000);
    world.shown.clear();
    for n in 0..60 {
        frame.pixels_mut()[999] = Linear::new(0.0, n as f32 / 60.0, 1.0);
        world.driver.frame(world.now, &pixels(), &frame);
        world.pass(17);
    }
    assert!((58..=61).contains(&world.shown.len()), "{} of 60 frames", world.shown.len());
    assert_eq!(world.pixel(999, 3)[2], 255);
    world.driver.wish(world.now, &pixels(), &Wish::Leave).unwrap();
    world.pass(100);
    assert_eq!(world.pixel(999, 3), [255, 0, 0], "its state again");
    world.driver.frame(world.now, &pixels(), &frame);
    world.pass(3000);
    assert_eq!(world.pixel(0, 3), [255, 0, 0], "a stream without frames ends by itself");
}

#[test]
fn pacing() {
    let mut world = World::new(receiver("", 10), true, &[("pixels", "10"), ("fps", "30")]);
    assert_eq!(world.capabilities().rates.frames_hz, 30.0);
    world.shown.clear();
    for n in 0..1000_u16 {
        world.driver.frame(world.now, &pixels(), &{
            let mut frame = Frame::dark(10);
            frame.pixels_mut()[0] = Linear::new(f32::from(n) / 999.0, 0.0, 0.0);
            frame
        });
        world.pass(1);
    }
    world.pass(50);
    assert!((35..=40).contains(&world.shown.len()), "{} frames of 1000 in a second", world.shown.len());
    assert_eq!(world.pixel(0, 3), [255, 0, 0], "the newest wins");
    world.shown.clear();
    world.wish(state(0.1, Color::Xy(xy(1.0, 0.0, 0.0))), 0);
    world.driver.wish(world.now, &pixels(), &Wish::Leave).unwrap();
    world.pass(10_000);
    assert!((10..=12).contains(&world.shown.len()), "a still picture once a second, not {}", world.shown.len());
}

/// A network in a box that is up or not.
struct Net {
    now: Moment,
    is_up: bool,
    opened: Option<Result<(), String>>,
    n_sent: usize,
}

impl Transport for Net {
    fn now(&self) -> Moment {
        self.now
    }

    fn open(&mut self, _: Channel, _: &Endpoint) {
        self.opened = Some(if self.is_up { Ok(()) } else { Err("network is unreachable".to_owned()) });
    }

    fn send(&mut self, _: Channel, _: &Output, _: &[u8]) {
        self.n_sent += 1;
        self.opened = (!self.is_up).then(|| Err("network is unreachable".to_owned()));
    }

    fn receive(&mut self) -> Option<(Channel, Result<Input<'_>, String>)> {
        self.opened.take().map(|opened| (Channel::Udp, opened.map(|()| Input::Opened)))
    }

    fn close(&mut self) {
        self.opened = None;
    }
}

#[test]
fn unreachable_and_back_once() {
    let (options, secrets) = (options(&[]), BTreeMap::new());
    let dial = Dial { address: "10.0.0.8", options: &options, secrets: &secrets };
    let mut link = Link::new((FAMILY.open)(&dial).unwrap(), 5);
    let mut net = Net { now: Moment::ZERO, is_up: true, opened: None, n_sent: 0 };
    let wish = Wish::State { state: state(1.0, Color::Xy(Xy::D65)), transition_ms: 0 };
    link.wish(net.now, &pixels(), &wish).unwrap();
    let mut health = Vec::new();
    let mut pass = |net: &mut Net, link: &mut Link<LightDriver>, secs: u64| {
        let end = net.now + Duration::from_secs(secs);
        while net.now < end {
            let wake_at = link.turn(net, &mut |told| {
                if let Told::Health(now) = told {
                    health.push(now);
                }
            });
            net.now = if net.opened.is_some() { net.now } else { wake_at.min(end).max(net.now) };
        }
        std::mem::take(&mut health)
    };
    assert_eq!(pass(&mut net, &mut link, 10), [Health::Online]);
    net.is_up = false;
    assert!(matches!(pass(&mut net, &mut link, 600).as_slice(), [Health::Unreachable { .. }]));
    let n_sent = net.n_sent;
    net.is_up = true;
    assert_eq!(pass(&mut net, &mut link, 90), [Health::Online]);
    assert!(net.n_sent > n_sent + 5, "its state is shown again, each second");
}

#[test]
fn diagnostics() {
    let mut world = World::new(receiver("", 60), false, &[]);
    world.wish(state(1.0, Color::Xy(Xy::D65)), 0);
    world.pass(2500);
    let told: BTreeMap<_, _> = world.driver.diagnostics().into_iter().collect();
    assert_eq!((told["says of itself"].as_str(), told["frames"].as_str()), ("Hearthlight Cove 1.0", "3"));
}

#[test]
fn what_a_person_says_is_checked() {
    let secrets = BTreeMap::new();
    for (said, word) in [
        (("pixels", "0"), "pixels"),
        (("pixels", "99999"), "pixels"),
        (("order", "RGBW"), "order"),
        (("white", "warm"), "white"),
        (("fps", "fast"), "fps"),
    ] {
        let options = options(&[said]);
        let wrong = (FAMILY.open)(&Dial { address: "10.0.0.8", options: &options, secrets: &secrets }).err().unwrap();
        assert!(wrong.0.contains(word) && wrong.0.contains(said.1), "{wrong}");
    }
    let options = options(&[]);
    assert!((FAMILY.open)(&Dial { address: "strip.local", options: &options, secrets: &secrets }).is_err());
}

#[test]
#[ignore = "needs HEARTHLIGHT_PYTHON: a Python with LedFx"]
fn foreign_peer() {
    let python = std::env::var("HEARTHLIGHT_PYTHON").expect("HEARTHLIGHT_PYTHON names the interpreter");
    let port = std::net::UdpSocket::bind("127.0.0.1:0").and_then(|free| free.local_addr()).unwrap().port();
    let stop = CancellationToken::new();
    let opts = SimOpts { port, pixels: 1000, ..SimOpts::new(Ipv4Addr::LOCALHOST.into(), 0, stop.clone()) };
    let tally = Arc::clone(&opts.tally);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = runtime.spawn((hearthlight::sim::lights::ddp::FAMILY.run)(opts));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/drivers/ddp_peer.py");
    let port = port.to_string();
    let output =
        std::process::Command::new(python).args([script, "127.0.0.1", &port, "1000", "50"]).output().expect("ran");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    stop.cancel();
    runtime.block_on(running).unwrap().unwrap();
    assert_eq!((tally.n_packets(), tally.n_frames()), (150, 50), "three packets a frame");
    assert_eq!(tally.last(), serde_json::json!({ "shown": 50, "first": "FF8000", "last": "010203" }));
}
