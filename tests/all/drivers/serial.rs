//! Strips at a serial port: a hand-turned line, with a simulated board at its end.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::light::{Said, Thing, Wish};
use hearthlight::drivers::{Dial, LocalId, Opening, Outputs, Report, Search, Sighting, serial};
use hearthlight::engine::link::{Health, Link, Told, Transport};
use hearthlight::model::frame::Frame;
use hearthlight::model::lights::capabilities::Capabilities;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::serial::{Board, Protocol};
use hearthlight::units::color::{Linear, Mirek, Srgb8, Xy};
use hearthlight::units::moment::Moment;
use hearthlight::wire::{Channel, Endpoint, Input, Output, awa};

type LightDriver = hearthlight::drivers::light::LightDriver;

fn opened(address: &str, options: &[(&str, &str)]) -> Result<Opening<LightDriver>, String> {
    let options: BTreeMap<Arc<str>, Arc<str>> =
        options.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let dial = Dial { address, options: &options, secrets: &BTreeMap::new() };
    (serial::FAMILY.open)(&dial).map_err(|wrong| wrong.to_string())
}

fn strip() -> LocalId {
    LocalId("strip".into())
}

/// A line with a board at its end that takes what is written after `slowness`.
struct Line {
    now: Moment,
    is_up: bool,
    slowness: Duration,
    is_stuck: bool,
    board: Board,
    n_hellos: usize,
    n_dropped: usize,
    busy_until: Option<Moment>,
    coming: VecDeque<Result<Input<'static>, String>>,
    n_opened: usize,
}

impl Transport for Line {
    fn now(&self) -> Moment {
        self.now
    }

    fn open(&mut self, _: Channel, endpoint: &Endpoint) {
        assert!(matches!(endpoint, Endpoint::Serial { .. }));
        self.n_opened += 1;
        self.coming.push_back(if self.is_up { Ok(Input::Opened) } else { Err("no such port".to_owned()) });
    }

    fn send(&mut self, channel: Channel, output: &Output, payload: &[u8]) {
        assert_eq!(channel, Channel::Serial);
        match output {
            Output::Frame if self.busy_until.is_some() => self.n_dropped += 1,
            Output::Frame => {
                self.n_hellos += usize::from(payload == awa::HELLO);
                self.board.read(payload);
                self.busy_until = Some(self.now + self.slowness);
            }
            other => panic!("{other:?} on a serial port"),
        }
    }

    fn receive(&mut self) -> Option<(Channel, Result<Input<'_>, String>)> {
        if self.busy_until.is_some_and(|until| self.now >= until) && !self.is_stuck {
            self.busy_until = None;
            return Some((Channel::Serial, Ok(Input::Drained)));
        }
        self.coming.pop_front().map(|input| (Channel::Serial, input))
    }

    fn close(&mut self) {
        self.coming.clear();
        self.busy_until = None;
    }
}

struct World {
    line: Line,
    link: Link<LightDriver>,
    told: Vec<Told<Thing, Said>>,
}

impl World {
    fn new(options: &[(&str, &str)]) -> Self {
        let protocol = match options.iter().find(|(key, _)| *key == "protocol") {
            Some((_, "tpm2")) => Protocol::Tpm2,
            Some((_, "awa")) => Protocol::Awa,
            _ => Protocol::Adalight,
        };
        let line = Line {
            now: Moment::ZERO,
            is_up: true,
            slowness: Duration::from_millis(5),
            is_stuck: false,
            board: Board::new(protocol),
            n_hellos: 0,
            n_dropped: 0,
            busy_until: None,
            coming: VecDeque::new(),
            n_opened: 0,
        };
        let link = Link::new(opened("/dev/ttyUSB0", options).unwrap(), 3);
        Self { line, link, told: Vec::new() }
    }

    /// One that is up, with a strip of `pixels`.
    fn ready(pixels: &str) -> Self {
        let mut world = Self::new(&[("pixels", pixels)]);
        world.pass(3000);
        world
    }

    fn turn(&mut self) -> Moment {
        let Self { line, link, told } = self;
        link.turn(line, &mut |say| told.push(say))
    }

    fn pass(&mut self, ms: u64) {
        let end = self.line.now + Duration::from_millis(ms);
        loop {
            let wake_at = self.turn();
            if self.line.now >= end {
                return;
            }
            let next = self.line.busy_until.filter(|_| !self.line.is_stuck).map_or(wake_at, |busy| busy.min(wake_at));
            assert!(next > self.line.now, "a link that wakes at once never sleeps");
            self.line.now = next.min(end);
        }
    }

    fn wish(&mut self, state: &State, transition_ms: u32) {
        let wish = Wish::State { state: state.clone(), transition_ms };
        self.link.wish(self.line.now, &strip(), &wish).unwrap();
    }

    fn capabilities(&self) -> Arc<Capabilities> {
        let found = self.told.iter().find_map(|say| match say {
            Told::Report(Report::Found(_, Thing::Light { capabilities, .. })) => Some(Arc::clone(capabilities)),
            _ => None,
        });
        found.expect("a strip that was found")
    }

    fn health(&mut self) -> Vec<Health> {
        let told = std::mem::take(&mut self.told);
        told.into_iter().filter_map(|say| if let Told::Health(health) = say { Some(health) } else { None }).collect()
    }
}

fn lit(color: Color, brightness: f32) -> State {
    State { on: true, brightness, color, effect: None }
}

fn hex(color: &str) -> Color {
    Color::Xy(Srgb8::from_hex(color).unwrap().linear().xy())
}

fn sighting<'a>(name: &'a str, properties: &'a [(String, String)]) -> Sighting<'a> {
    Sighting { search: Search::Serial, name, from: None, properties, payload: &[] }
}

fn properties(vid: &str, serial: &str) -> Vec<(String, String)> {
    [("vid", vid), ("pid", "7523"), ("serial", serial), ("product", "USB Serial")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec()
}

#[test]
fn discovery() {
    for vid in ["2341", "1a86", "10C4", "0403", "303a", "2E8A"] {
        let properties = properties(vid, "AB0123456");
        let claim = (serial::FAMILY.claim)(&sighting("/dev/ttyACM0", &properties)).expect(vid);
        assert_eq!((claim.identity.as_deref(), &*claim.address), (Some("ab0123456"), "/dev/ttyACM0"));
        assert!(opened(&claim.address, &[]).is_ok());
    }
    assert_eq!((serial::FAMILY.claim)(&sighting("/dev/ttyACM0", &properties("046d", "AB0123456"))), None);
    let elsewhere = Sighting { search: Search::Mdns("_wled._tcp"), ..sighting("x", &[]) };
    assert_eq!((serial::FAMILY.claim)(&elsewhere), None);
}

#[test]
fn identity_survives_address_change() {
    let identity = |port: &str, number: &str| {
        (serial::FAMILY.claim)(&sighting(port, &properties("2341", number))).unwrap().identity
    };
    assert_eq!(identity("/dev/ttyUSB0", "75-83 03A5"), identity("COM7", "758303a5"));
    assert_eq!([identity("COM1", ""), identity("COM1", "0001")], [None, None], "a chip's own number is nobody's");
}

#[test]
fn what_cannot_be_opened_says_the_cure() {
    for (address, option, words) in [
        ("", ("pixels", "1"), "/dev/ttyUSB0"),
        ("COM3", ("protocol", "dmx"), "adalight, tpm2 or awa"),
        ("COM3", ("pixels", "0"), "1 to 16384"),
        ("COM3", ("baud", "fast"), "9600 to 4000000"),
        ("COM3", ("order", "RGBW"), "RGB, GRB"),
        ("COM3", ("count", "twice"), "minus one or plain"),
    ] {
        let why = opened(address, &[option]).err().unwrap_or_default();
        assert!(why.contains(words), "{option:?}: {why}");
    }
    let baud = |options: &[(&str, &str)]| match opened("COM3", options).unwrap().channels.as_slice() {
        [(Channel::Serial, Endpoint::Serial { baud, .. }, _)] => *baud,
        other => panic!("{other:?}"),
    };
    assert_eq!([baud(&[]), baud(&[("protocol", "awa")]), baud(&[("baud", "500000")])], [115_200, 2_000_000, 500_000]);
}

#[test]
fn colour() {
    let mut world = World::ready("3");
    assert!(world.capabilities().color.is_some());
    world.wish(&lit(hex("#FF0000"), 1.0), 0);
    world.pass(50);
    assert_eq!(world.line.board.shown(), [255, 0, 0].repeat(3));
    world.wish(&State { on: false, ..lit(hex("#FF0000"), 1.0) }, 0);
    world.pass(50);
    assert_eq!(world.line.board.shown(), [0; 9]);
    let mut swapped = World::new(&[("pixels", "1"), ("order", "grb")]);
    swapped.pass(3000);
    swapped.wish(&lit(hex("#FF0000"), 0.5), 0);
    swapped.pass(50);
    assert_eq!(swapped.line.board.shown(), [0, 128, 0]);
}

#[test]
fn white() {
    let mut world = World::ready("1");
    assert!(world.capabilities().mirek.is_some());
    world.wish(&lit(Color::Mirek(Mirek::new(370)), 1.0), 0);
    world.pass(50);
    let [r, g, b] = world.line.board.shown() else { panic!("one pixel") };
    assert!(*r == 255 && g > b && *b > 20, "a warm white: {r} {g} {b}");
}

#[test]
fn transition() {
    let mut world = World::ready("1");
    world.wish(&lit(Color::Xy(Xy::D65), 1.0), 1000);
    world.pass(500);
    let middle = world.line.board.shown()[0];
    assert!((110..=145).contains(&middle), "half way: {middle}");
    world.pass(600);
    assert_eq!(world.line.board.shown(), [255; 3]);
    assert!((45..=70).contains(&world.line.board.n_frames), "at the line's pace: {}", world.line.board.n_frames);
}

#[test]
fn segments() {
    let mut world = World::ready("3");
    assert_eq!(world.capabilities().segments, 3);
    let points = ["#FF0000", "#0000FF"].map(|color| hex(color).xy());
    world.wish(&lit(Color::Gradient(points.into()), 1.0), 0);
    world.pass(50);
    assert_eq!(world.line.board.shown(), [255, 0, 0, 128, 0, 128, 0, 0, 255]);
}

#[test]
fn pixels() {
    let mut world = World::ready("4");
    assert_eq!(world.capabilities().pixels, 4);
    let mut frame = Frame::dark(4);
    frame.pixels_mut()[2] = Linear::new(0.0, 1.0, 0.2);
    world.link.frame(world.line.now, &strip(), &frame);
    world.pass(50);
    assert_eq!(world.line.board.shown(), [0, 0, 0, 0, 0, 0, 0, 255, 51, 0, 0, 0]);
}

#[test]
fn streaming() {
    let mut world = World::ready("2");
    world.wish(&lit(hex("#00FF00"), 1.0), 0);
    world.pass(100);
    let mut frame = Frame::dark(2);
    for level in 0..120_u32 {
        frame.pixels_mut().fill(Linear::new(level as f32 / 119.0, 0.0, 0.0));
        world.link.frame(world.line.now, &strip(), &frame);
        world.pass(16);
    }
    world.pass(30);
    assert_eq!(world.line.board.shown(), [255, 0, 0, 255, 0, 0], "the newest wins");
    world.pass(3000);
    assert_eq!(world.line.board.shown(), [0, 255, 0, 0, 255, 0], "a stream that ended shows the state again");
    world.link.frame(world.line.now, &strip(), &frame);
    world.pass(30);
    world.link.wish(world.line.now, &strip(), &Wish::Leave).unwrap();
    world.pass(30);
    assert_eq!(world.line.board.shown()[..3], [0, 255, 0], "and so does one that is left");
}

#[test]
fn pacing() {
    let mut world = World::new(&[("pixels", "300")]);
    world.line.slowness = Duration::from_millis(80);
    world.pass(1900);
    world.wish(&lit(hex("#FF0000"), 1.0), 0);
    assert_eq!(world.line.board.n_frames, 0, "the board still starts");
    world.pass(1000);
    let before = world.line.board.n_frames;
    let frame = Frame::dark(300);
    for _ in 0..500 {
        world.link.frame(world.line.now, &strip(), &frame);
        world.pass(10);
    }
    let shown = world.line.board.n_frames - before;
    assert!((55..=64).contains(&shown), "12.7 frames a second fit on the line, {shown} in 5 s");
    assert_eq!(world.line.n_dropped, 0, "none is handed out that would be dropped");
    let before = world.line.board.n_frames;
    world.pass(13_000);
    assert!((10..=14).contains(&(world.line.board.n_frames - before)), "then once a second");
}

#[test]
fn a_greeting_ends_the_wait() {
    let mut world = World::new(&[("protocol", "awa"), ("pixels", "1")]);
    world.wish(&lit(hex("#FF0000"), 1.0), 0);
    world.pass(100);
    world.line.coming.push_back(Ok(Input::Bytes(b"\r\nAwa driver 9")));
    world.pass(50);
    assert_eq!((world.line.board.shown(), world.line.n_hellos), ([255, 0, 0].as_slice(), 1));
}

#[test]
fn unreachable_and_back_once() {
    let mut world = World::ready("1");
    world.wish(&lit(hex("#FF0000"), 1.0), 0);
    world.pass(5000);
    assert_eq!(world.health(), [Health::Online]);
    world.line.is_stuck = true;
    world.pass(3000);
    assert!(
        matches!(world.health().as_slice(), [Health::Unreachable { why, .. }] if why.contains("takes nothing")),
        "five times late"
    );
    world.line.is_up = false;
    world.pass(600_000);
    assert_eq!(world.health(), []);
    (world.line.is_up, world.line.is_stuck) = (true, false);
    world.line.board = Board::new(Protocol::Adalight);
    world.pass(65_000);
    assert_eq!(world.health(), [Health::Online]);
    assert_eq!(world.line.board.shown(), [255, 0, 0], "it shows what was wished before");
}

#[test]
fn diagnostics() {
    let mut driver = opened("/dev/ttyUSB0", &[("protocol", "tpm2")]).unwrap().driver;
    driver.receive(Moment::ZERO, Channel::Serial, Input::Opened).unwrap();
    driver.receive(Moment::ZERO, Channel::Serial, Input::Bytes(&[0xAC, 0xAC, b'x'])).unwrap();
    driver.poll(Moment::from_millis(2000), &mut Outputs::default());
    let told: BTreeMap<_, _> = driver.diagnostics().into_iter().collect();
    assert_eq!((&*told["protocol"], &*told["frames acknowledged"]), ("TPM2", "2"));
}

#[test]
fn it_makes_itself_known_and_goes_back() {
    let mut world = World::ready("1");
    world.wish(&lit(hex("#0000FF"), 1.0), 0);
    world.pass(50);
    world.link.wish(world.line.now, &strip(), &Wish::Identify).unwrap();
    world.pass(50);
    assert_eq!(world.line.board.shown(), [255; 3]);
    world.pass(250);
    assert_eq!(world.line.board.shown(), [0; 3]);
    world.pass(2000);
    assert_eq!(world.line.board.shown(), [0, 0, 255]);
}
