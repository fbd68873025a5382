//! The driver of WLED and simulated firmware, joined by queues with a hand-turned clock.
//!
//! The foreign peer is the client of Home Assistant (PyPI `wled`) that judges the simulated node over loopback.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::light::{LightDriver, Said, Thing, Wish};
use hearthlight::drivers::wled::FAMILY;
use hearthlight::drivers::{Dial, LocalId, Outputs, Report, Search, Sighting, Unsupported};
use hearthlight::engine::link::{Health, Link, Told, Transport};
use hearthlight::model::frame::Frame;
use hearthlight::model::lights::Reported;
use hearthlight::model::lights::capabilities::{Capabilities, PowerOn};
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::SimOpts;
use hearthlight::sim::lights::wled::firmware::{EFFECTS, Firmware};
use hearthlight::units::color::{Linear, Mirek, Xy};
use hearthlight::units::moment::Moment;
use hearthlight::wire::wled::node;
use hearthlight::wire::{Channel, Endpoint, Input, Output, ddp};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 2));
/// From a question to its answer.
const LATENCY: Duration = Duration::from_millis(12);

fn light() -> LocalId {
    LocalId("light".into())
}

fn opts(kind: &str, pixels: u16) -> SimOpts {
    SimOpts {
        kind: kind.to_owned(),
        pixels,
        name: Some("Shelf".to_owned()),
        ..SimOpts::new(Ipv4Addr::new(10, 0, 0, 7).into(), 0, CancellationToken::new())
    }
}

/// What a channel brings, kept.
enum Brought {
    Opened,
    Message(String),
    Response { request: u32, status: u16, body: String },
    Lost(&'static str),
}

/// A node and its network, in a box.
struct Net {
    now: Moment,
    firmware: Firmware,
    has_ws: bool,
    /// Nothing can be reached, or nothing answers.
    is_down: bool,
    is_silent: bool,
    /// So many requests find the node busy.
    n_busy: usize,
    coming: VecDeque<(Moment, Channel, Brought)>,
    current: (Channel, Brought),
    pushed: Moment,
    changes: u64,
    /// When the node was told to change, and what.
    told: Vec<(Moment, Value)>,
    requests: Vec<String>,
    n_waiting: usize,
    datagrams: Vec<(Moment, Option<SocketAddr>, usize)>,
    n_opened: usize,
}

impl Net {
    fn new(firmware: Firmware, has_ws: bool) -> Self {
        Self {
            now: Moment::from_millis(1000),
            changes: firmware.n_changes,
            firmware,
            has_ws,
            is_down: false,
            is_silent: false,
            n_busy: 0,
            coming: VecDeque::new(),
            current: (Channel::Http, Brought::Opened),
            pushed: Moment::ZERO,
            told: Vec::new(),
            requests: Vec::new(),
            n_waiting: 0,
            datagrams: Vec::new(),
            n_opened: 0,
        }
    }

    fn bring(&mut self, after: Duration, channel: Channel, what: Brought) {
        if !self.is_silent || matches!(what, Brought::Opened) {
            self.coming.push_back((self.now + after, channel, what));
            self.coming.make_contiguous().sort_by_key(|(at, ..)| *at);
        }
    }

    fn greet(&mut self, after: Duration) {
        let said = self.firmware.both(self.now).to_string();
        self.bring(after, Channel::Ws, Brought::Message(said));
    }

    /// A node tells its clients what changed, at most once a second.
    fn push(&mut self) {
        if self.has_ws && self.changes != self.firmware.n_changes && self.now.since(self.pushed).as_millis() >= 1000 {
            (self.changes, self.pushed) = (self.firmware.n_changes, self.now);
            self.greet(LATENCY);
        }
    }

    fn request(&mut self, request: u32, method: &str, path: &str, body: &[u8]) {
        // What is never answered is given up some time.
        self.n_waiting += usize::from(!self.is_silent);
        assert!(self.n_waiting <= 1, "a second request while the first waits");
        self.requests.push(format!("{method} {path}"));
        let (status, body) = match (self.n_busy, path) {
            (1.., _) => (503, r#"{"error":3}"#.to_owned()),
            (0, "/json/si") => (200, self.firmware.both(self.now).to_string()),
            (0, "/json/eff") => (200, json!(EFFECTS).to_string()),
            (0, _) => (200, self.change(body)),
        };
        self.n_busy = self.n_busy.saturating_sub(1);
        self.bring(LATENCY, Channel::Http, Brought::Response { request, status, body });
    }

    fn change(&mut self, body: &[u8]) -> String {
        let change: Value = serde_json::from_slice(body).unwrap();
        assert_eq!(change.pointer("/udpn/nn"), Some(&json!(true)));
        let whole = self.firmware.apply(&change);
        self.told.push((self.now, change));
        if whole { self.firmware.state().to_string() } else { json!({ "success": true }).to_string() }
    }

    /// What comes next, and when.
    fn next(&self) -> Moment {
        self.coming.front().map_or(Moment(u64::MAX), |(at, ..)| *at)
    }

    fn next_push(&self) -> Moment {
        let waits = self.has_ws && self.changes != self.firmware.n_changes;
        if waits { self.pushed + Duration::from_secs(1) } else { Moment(u64::MAX) }
    }
}

impl Transport for Net {
    fn now(&self) -> Moment {
        self.now
    }

    fn open(&mut self, channel: Channel, endpoint: &Endpoint) {
        self.n_opened += usize::from(channel == Channel::Http);
        match (self.is_down, channel) {
            (true, Channel::Http) => self.bring(Duration::ZERO, channel, Brought::Lost("no route to host")),
            (true, _) => {}
            (false, Channel::Ws) if !self.has_ws => {}
            (false, _) => {
                assert!(!matches!(endpoint, Endpoint::Serial { .. }));
                self.bring(Duration::ZERO, channel, Brought::Opened);
                if channel == Channel::Ws {
                    self.greet(LATENCY);
                }
            }
        }
    }

    fn send(&mut self, channel: Channel, output: &Output, payload: &[u8]) {
        match (channel, output) {
            (Channel::Http, Output::Request { request, method, path }) => self.request(*request, method, path, payload),
            (Channel::Ws, Output::Message) if payload == br#"{"v":true}"# => self.greet(LATENCY),
            (Channel::Ws, Output::Message) => drop(self.change(payload)),
            (Channel::Udp, Output::Datagram { to }) => {
                self.datagrams.push((self.now, *to, payload.len()));
                let take = if to.is_none() { Firmware::ddp } else { Firmware::realtime };
                take(&mut self.firmware, self.now, HERE, payload);
            }
            other => panic!("unexpected {other:?}"),
        }
    }

    fn receive(&mut self) -> Option<(Channel, Result<Input<'_>, String>)> {
        if self.next() > self.now {
            return None;
        }
        let (_, channel, brought) = self.coming.pop_front()?;
        if matches!(brought, Brought::Response { .. }) {
            self.n_waiting = 0;
        }
        self.current = (channel, brought);
        let input = match &self.current.1 {
            Brought::Opened => Ok(Input::Opened),
            Brought::Message(text) => Ok(Input::Message(text.as_bytes())),
            Brought::Response { request, status, body } => {
                Ok(Input::Response { request: *request, status: *status, body: body.as_bytes() })
            }
            Brought::Lost(why) => Err((*why).to_owned()),
        };
        Some((channel, input))
    }

    fn close(&mut self) {
        self.coming.clear();
        self.n_waiting = 0;
    }
}

/// A driver and its node.
struct World {
    net: Net,
    driver: Box<LightDriver>,
    out: Outputs<Report<Thing, Said>>,
    reports: Vec<Report<Thing, Said>>,
}

/// No options, no secrets.
type Nothing = (BTreeMap<Arc<str>, Arc<str>>, BTreeMap<String, String>);

fn dial<'a>(address: &'a str, nothing: &'a Nothing) -> Dial<'a> {
    Dial { address, options: &nothing.0, secrets: &nothing.1 }
}

impl World {
    /// A node of this kind, known and idle.
    fn new(kind: &str, pixels: u16, has_ws: bool) -> Self {
        let nothing = Default::default();
        let mut opening = (FAMILY.open)(&dial("10.0.0.7", &nothing)).unwrap();
        let mut net = Net::new(Firmware::new(&opts(kind, pixels)), has_ws);
        opening.channels.drain(..).for_each(|(channel, endpoint, _)| net.open(channel, &endpoint));
        let mut world = Self { net, driver: opening.driver, out: Outputs::default(), reports: Vec::new() };
        world.pass(3000);
        world.net.told.clear();
        world
    }

    /// Lets time pass, waking when the driver asks for it and when something comes.
    fn pass(&mut self, ms: u64) {
        let end = self.net.now + Duration::from_millis(ms);
        for _ in 0..100_000 {
            self.net.push();
            let now = self.net.now;
            while let Some((channel, input)) = self.net.receive() {
                let _ = self.driver.receive(now, channel, input.unwrap());
            }
            self.out.clear();
            self.driver.poll(now, &mut self.out);
            self.out.sends().for_each(|(channel, output, payload)| self.net.send(channel, output, payload));
            self.reports.append(&mut self.out.reports);
            assert_eq!(self.out.lost, None);
            let wake_at = self.out.wake_at.unwrap_or(Moment(u64::MAX));
            assert!(wake_at > now, "a driver that wakes at once never sleeps");
            if now >= end {
                return;
            }
            self.net.now = wake_at.min(self.net.next()).min(self.net.next_push()).min(end).max(now);
        }
        panic!("it never came to rest");
    }

    fn wish(&mut self, state: &State, transition_ms: u32) {
        let wish = Wish::State { state: state.clone(), transition_ms };
        self.driver.wish(self.net.now, &light(), &wish).unwrap();
    }

    fn capabilities(&self) -> Arc<Capabilities> {
        let found = self.reports.iter().rev().find_map(|report| match report {
            Report::Found(_, Thing::Light { capabilities, .. }) => Some(Arc::clone(capabilities)),
            _ => None,
        });
        found.unwrap()
    }

    fn said(&self) -> Option<Reported> {
        self.reports.iter().rev().find_map(|report| match report {
            Report::State(_, Said::Light(said)) => Some(said.clone()),
            _ => None,
        })
    }

    /// Asserts that the node says it is as wished.
    fn is_as(&self, state: &State) {
        let effect = Some(state.effect.clone().unwrap_or_default());
        let (on, brightness, color) = (Some(state.on), Some(state.brightness), Some(state.color.clone()));
        assert_eq!(self.said(), Some(Reported { on, brightness, color, effect }));
    }

    fn segment(&self, n: usize) -> Value {
        self.net.firmware.state()["seg"][n].clone()
    }
}

fn state(brightness: f32, color: Color) -> State {
    State { on: true, brightness, color, effect: None }
}

fn red() -> Color {
    Color::Xy(Linear::new(1.0, 0.0, 0.0).xy())
}

fn sighting<'a>(search: Search, name: &'a str, from: [u8; 4], payload: &'a [u8]) -> Sighting<'a> {
    Sighting { search, name, from: Some(SocketAddr::from((from, 80))), properties: &[], payload }
}

const MDNS: Search = Search::Mdns("_wled._tcp");
const HEAR: Search = Search::Hear { group: None, port: 65506 };
const SWEEP: Search = Search::Sweep { port: 80, path: "/json/info" };

#[test]
fn discovery() {
    assert_eq!(FAMILY.searches, [MDNS, HEAR, SWEEP]);
    let properties = [("mac".to_owned(), "240AC4000000".to_owned())];
    let seen = Sighting { properties: &properties, ..sighting(MDNS, "wled-shelf", [10, 0, 0, 7], &[]) };
    let claim = (FAMILY.claim)(&seen).unwrap();
    assert_eq!((claim.name.as_str(), claim.address.as_str()), ("wled-shelf", "10.0.0.7"));
    assert_eq!(claim.identity.as_deref(), Some("240ac4000000"));
    let mut said = Vec::new();
    let here = node::Node { address: Ipv4Addr::new(10, 0, 0, 7), name: "Shelf", kind: 32, on: true, build: 1 };
    node::encode(&here, &mut said);
    assert_eq!((FAMILY.claim)(&sighting(HEAR, "", [10, 0, 0, 7], &said)).unwrap().address, "10.0.0.7");
    assert_eq!((FAMILY.claim)(&sighting(HEAR, "", [10, 0, 0, 8], &said)), None, "it says another address");
    let info = Firmware::new(&opts("", 0)).info(Moment::ZERO).to_string();
    let claim = (FAMILY.claim)(&sighting(SWEEP, "", [10, 0, 0, 7], info.as_bytes())).unwrap();
    assert_eq!((claim.name.as_str(), claim.model.as_str()), ("Shelf", "WLED 0.15.0 (esp32)"));
    assert_eq!((FAMILY.claim)(&sighting(SWEEP, "", [10, 0, 0, 7], b"<html>")), None);
}

#[test]
fn identity_survives_address_change() {
    let world = World::new("", 0, true);
    let identity = world.reports.iter().find_map(|report| match report {
        Report::Identity { identity, .. } => Some(identity.clone()),
        _ => None,
    });
    let info = world.net.firmware.info(Moment::ZERO).to_string();
    let claim = (FAMILY.claim)(&sighting(SWEEP, "", [10, 0, 9, 99], info.as_bytes())).unwrap();
    assert_eq!((claim.identity, claim.address.as_str()), (identity, "10.0.9.99"));
}

#[test]
fn colour() {
    for has_ws in [true, false] {
        let mut world = World::new("", 0, has_ws);
        let wanted = state(0.5, red());
        world.wish(&wanted, 0);
        world.pass(3000);
        assert_eq!(world.net.firmware.state()["bri"], 128);
        assert_eq!(world.segment(0)["col"][0], json!([255, 0, 0]));
        world.is_as(&wanted);
        assert_eq!(world.net.told.len(), 1, "one change is one message");
        let wanted = State { on: false, ..wanted };
        world.wish(&wanted, 0);
        world.pass(3000);
        let mut right = json!({ "on": false, "tt": 0, "udpn": { "nn": true } });
        if !has_ws {
            right["v"] = json!(true);
        }
        assert_eq!(world.net.told[1].1, right);
        world.is_as(&wanted);
    }
}

#[test]
fn white() {
    let wanted = state(1.0, Color::Mirek(Mirek::new(250)));
    let mut rgb = World::new("", 0, true);
    assert_eq!(rgb.capabilities().mirek, Some(153..=500));
    rgb.wish(&wanted, 0);
    rgb.pass(3000);
    let color = rgb.segment(0)["col"][0].clone();
    assert!(color[0] == 255 && color[2].as_u64().is_some_and(|blue| (140..230).contains(&blue)), "warm: {color}");
    rgb.is_as(&wanted);
    let mut cct = World::new("cct", 0, true);
    cct.wish(&wanted, 0);
    cct.pass(3000);
    let segment = cct.segment(0);
    assert_eq!((&segment["col"][0], &segment["cct"]), (&json!([0, 0, 0, 255]), &json!(65)), "4000 K of 1900 to 10091");
    cct.is_as(&wanted);
    let rgbw = World::new("rgbw", 0, true);
    assert!(rgbw.capabilities().color.is_some());
    let only = World::new("white", 0, true);
    assert_eq!((only.capabilities().color, only.capabilities().mirek.clone()), (None, None));
    assert!(!World::new("plug", 0, true).capabilities().dimming);
}

#[test]
fn transition() {
    let mut world = World::new("", 0, true);
    world.wish(&state(0.2, red()), 700);
    world.pass(1500);
    let (_, change) = &world.net.told[0];
    assert_eq!((&change["tt"], &change["bri"]), (&json!(7), &json!(51)));
    assert_eq!(world.net.firmware.state()["transition"], 7, "the lasting one is left alone");
}

#[test]
fn segments() {
    let mut world = World::new("segments", 90, true);
    assert_eq!(world.capabilities().segments, 3);
    let points: Vec<Xy> =
        [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)].map(|(r, g, b)| Linear::new(r, g, b).xy()).to_vec();
    let wanted = state(1.0, Color::Gradient(points.into()));
    world.wish(&wanted, 0);
    world.pass(3000);
    let colors = [0, 1, 2].map(|n| world.segment(n)["col"][0].clone());
    assert_eq!(colors, [json!([255, 0, 0]), json!([0, 255, 0]), json!([0, 0, 255])]);
    world.is_as(&wanted);
    world.net.firmware.apply(&json!({ "seg": [{ "id": 1, "on": false }] }));
    world.pass(2500);
    world.wish(&state(1.0, red()), 0);
    world.pass(2500);
    let on = [0, 1, 2].map(|n| world.segment(n)["on"].clone());
    assert_eq!(on, [json!(true), json!(true), json!(true)], "a light that shall be red is red all over");
    assert_eq!(World::new("", 0, true).capabilities().segments, 0);
}

fn frame(n_pixels: usize, first: Linear) -> Frame {
    let mut frame = Frame::dark(n_pixels);
    frame.pixels_mut()[0] = first;
    frame
}

#[test]
fn pixels() {
    let mut world = World::new("", 1000, true);
    let capabilities = world.capabilities();
    assert_eq!((capabilities.pixels, capabilities.rates.frames_hz.round()), (1000, 33.0));
    world.driver.frame(world.net.now, &light(), &frame(1000, Linear::new(1.0, 0.5, 0.0)));
    world.pass(50);
    assert_eq!(world.net.firmware.pixels.shown()[..4], [255, 128, 0, 0]);
    let sizes: Vec<_> = world.net.datagrams.iter().map(|(.., size)| *size).collect();
    assert_eq!(sizes[..3], [1450, 1450, 130], "a frame in three packets");
}

#[test]
fn streaming() {
    let mut world = World::new("", 60, true);
    let wanted = state(0.5, red());
    world.wish(&wanted, 0);
    world.pass(3000);
    let n_reports = world.reports.len();
    for _ in 0..120 {
        world.driver.frame(world.net.now, &light(), &frame(60, Linear::new(0.0, 0.0, 1.0)));
        world.pass(17);
    }
    assert!((115..=121).contains(&world.net.firmware.pixels.n_shown()), "{}", world.net.firmware.pixels.n_shown());
    assert_eq!(world.net.firmware.state()["bri"], 255, "frames have their brightness in them");
    world.driver.wish(world.net.now, &light(), &Wish::Leave).unwrap();
    world.pass(4000);
    assert_eq!(world.net.datagrams.last().map(|(_, to, size)| (to.map(|to| to.port()), *size)), Some((Some(21324), 2)));
    assert!(!world.net.firmware.is_live(world.net.now));
    assert_eq!((&world.net.firmware.state()["bri"], &world.segment(0)["col"][0]), (&json!(128), &json!([255, 0, 0])));
    for report in &world.reports[n_reports..] {
        let Report::State(_, Said::Light(said)) = report else { continue };
        assert_eq!(said.brightness, Some(0.5), "what a stream puts is not how the light is");
    }
    world.is_as(&wanted);
}

#[test]
fn a_stream_without_frames_ends_by_itself_and_repeats_before() {
    let mut world = World::new("", 60, true);
    world.driver.frame(world.net.now, &light(), &frame(60, Linear::new(0.0, 0.0, 1.0)));
    world.pass(2400);
    assert_eq!(world.net.firmware.pixels.n_shown(), 3, "once a second");
    assert!(world.net.firmware.is_live(world.net.now));
    world.wish(&state(0.25, red()), 0);
    world.pass(3000);
    assert!(!world.net.firmware.is_live(world.net.now));
    world.is_as(&state(0.25, red()));
}

#[test]
fn old_nodes_are_streamed_to_by_dnrgb_and_streams_of_others_are_left_alone() {
    let mut world = World::new("old", 600, true);
    world.driver.frame(world.net.now, &light(), &frame(600, Linear::new(0.0, 1.0, 0.0)));
    world.pass(20);
    assert_eq!(world.net.firmware.pixels.shown()[..3], [0, 255, 0]);
    assert!(world.net.datagrams.iter().all(|(_, to, _)| to.is_some_and(|to| to.port() == 21324)));

    let mut world = World::new("", 60, true);
    let other: IpAddr = Ipv4Addr::new(10, 0, 0, 50).into();
    let mut bytes = Vec::new();
    let push = ddp::Packet { flags: ddp::PUSH, sequence: 1, kind: ddp::RGB, destination: 1, offset: 0, data: &[9; 3] };
    ddp::encode(&push, &mut bytes);
    for _ in 0..3 {
        let now = world.net.now;
        world.net.firmware.ddp(now, other, &bytes);
        world.pass(1000);
    }
    world.net.firmware.ddp(world.net.now, other, &bytes);
    world.driver.frame(world.net.now, &light(), &frame(60, Linear::new(0.0, 1.0, 0.0)));
    world.pass(500);
    assert!(world.net.datagrams.is_empty());
    let stream = world.driver.diagnostics().into_iter().find(|(key, _)| *key == "stream");
    assert_eq!(stream.map(|(_, text)| text), Some("held back: 10.0.0.50 streams to it by DDP".to_owned()));
}

#[test]
fn push_or_poll() {
    let mut world = World::new("", 0, true);
    world.net.firmware.apply(&json!({ "bri": 51 }));
    world.pass(1100);
    assert_eq!(world.said().unwrap().brightness, Some(0.2));
    let mut polled = World::new("", 0, false);
    polled.net.firmware.apply(&json!({ "on": false }));
    polled.pass(9000);
    polled.pass(2000);
    assert_eq!(polled.said().unwrap().on, Some(false));
    assert!(polled.reports.iter().any(|report| matches!(report, Report::Latency(LATENCY))));
}

#[test]
fn pacing() {
    for has_ws in [true, false] {
        let mut world = World::new("", 0, has_ws);
        for n in 1..=100 {
            world.wish(&state(n as f32 / 100.0, red()), 0);
            world.pass(10);
        }
        world.pass(3000);
        assert!(world.net.told.len() <= 7, "{} changes within a second", world.net.told.len());
        let gaps = world.net.told.windows(2).map(|pair| pair[1].0.since(pair[0].0));
        assert!(gaps.min().is_some_and(|gap| gap.as_millis() >= 199));
        world.is_as(&state(1.0, red()));
        assert_eq!(world.net.firmware.n_relayed, 0);
    }
}

#[test]
fn a_busy_node_is_asked_again() {
    let mut world = World::new("", 0, false);
    world.net.n_busy = 2;
    world.wish(&state(0.3, red()), 0);
    world.pass(1500);
    world.is_as(&state(0.3, red()));
    assert_eq!(world.net.requests.iter().filter(|line| *line == "POST /json/state").count(), 3);
}

#[test]
fn effects_of_its_own_go_by_name() {
    let mut world = World::new("", 0, true);
    let effects = world.capabilities().effects.clone();
    assert!(effects.iter().any(|name| &**name == "Rainbow") && effects.iter().all(|name| &**name != "RSVD"));
    let wanted = State { effect: Some("Rainbow".into()), ..state(0.5, red()) };
    world.wish(&wanted, 0);
    world.pass(2500);
    assert_eq!(world.segment(0)["fx"], 9);
    world.is_as(&wanted);
    world.wish(&state(0.5, red()), 0);
    world.pass(2500);
    assert_eq!(world.segment(0)["fx"], 0);
    let (now, light) = (world.net.now, light());
    assert_eq!(world.driver.wish(now, &light, &Wish::PowerOn(PowerOn::On)), Err(Unsupported));
    assert_eq!(world.driver.wish(now, &LocalId("other".into()), &Wish::Leave), Err(Unsupported));
}

#[test]
fn identify_blinks_and_leaves_no_trace() {
    let mut world = World::new("", 60, true);
    let before = world.net.firmware.state();
    world.driver.wish(world.net.now, &light(), &Wish::Identify).unwrap();
    world.pass(1000);
    assert!(world.net.firmware.is_live(world.net.now));
    world.pass(4000);
    assert!(!world.net.firmware.is_live(world.net.now) && world.net.firmware.pixels.n_shown() > 4);
    assert_eq!(world.net.firmware.state(), before);
}

#[test]
fn unreachable_and_back_once() {
    let nothing = Default::default();
    let mut link = Link::new((FAMILY.open)(&dial("10.0.0.7", &nothing)).unwrap(), 3);
    let mut net = Net::new(Firmware::new(&opts("", 0)), true);
    let mut health = Vec::new();
    let mut pass = |net: &mut Net, link: &mut Link<LightDriver>, secs: u64| {
        let end = net.now + Duration::from_secs(secs);
        while net.now < end {
            net.push();
            let wake_at = link.turn(net, &mut |told| {
                if let Told::Health(now) = told {
                    health.push(now);
                }
            });
            net.now = wake_at.min(net.next()).min(net.next_push()).min(end).max(net.now);
        }
        std::mem::take(&mut health)
    };
    assert_eq!(pass(&mut net, &mut link, 5), [Health::Online]);
    net.is_silent = true;
    let down = pass(&mut net, &mut link, 600);
    assert!(matches!(down.as_slice(), [Health::Unreachable { why, .. }] if why == "it no longer answers"), "{down:?}");
    link.wish(net.now, &light(), &Wish::State { state: state(0.4, red()), transition_ms: 0 }).unwrap();
    (net.is_silent, net.is_down) = (false, true);
    assert_eq!(pass(&mut net, &mut link, 600), []);
    net.is_down = false;
    assert_eq!(pass(&mut net, &mut link, 90), [Health::Online]);
    assert_eq!((&net.firmware.state()["bri"], net.told.len()), (&json!(102), 1), "what was wished meanwhile");
}

#[test]
fn diagnostics() {
    let world = World::new("segments", 90, true);
    let told: BTreeMap<_, _> = world.driver.diagnostics().into_iter().collect();
    assert_eq!((told["version"].as_str(), told["segments"].as_str()), ("0.15.0 esp32", "3"));
    assert_eq!((told["told by"].as_str(), told["streamed by"].as_str()), ("WebSocket", "DDP"));
}

#[test]
fn addresses_are_dialled_as_people_write_them() {
    let nothing = Default::default();
    let channels = |address: &str| (FAMILY.open)(&dial(address, &nothing)).map(|opening| opening.channels.len());
    assert_eq!((channels("10.0.0.7"), channels("10.0.0.7:8080"), channels("[fd00::7]")), (Ok(3), Ok(3), Ok(3)));
    assert_eq!(channels("shelf.local"), Ok(2), "pixels go to an address, not to a name");
    assert!(channels("http://shelf").is_err());
}

#[test]
#[ignore = "needs HEARTHLIGHT_PYTHON: a Python with wled"]
fn foreign_peer() {
    let python = std::env::var("HEARTHLIGHT_PYTHON").expect("HEARTHLIGHT_PYTHON names the interpreter");
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).unwrap().port();
    let stop = CancellationToken::new();
    let node = SimOpts { at: Ipv4Addr::LOCALHOST.into(), port, stop: stop.clone(), ..opts("segments", 90) };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let running = runtime.spawn((hearthlight::sim::lights::wled::FAMILY.run)(node));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/drivers/wled_peer.py");
    let output =
        std::process::Command::new(python).args([script, "127.0.0.1", &port.to_string()]).output().expect("ran");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    stop.cancel();
    runtime.block_on(running).unwrap().unwrap();
}
