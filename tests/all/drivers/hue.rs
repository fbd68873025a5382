//! The Hue driver in its link, joined by queues to the simulated bridge, with a hand-turned clock.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::hue::FAMILY;
use hearthlight::drivers::light::{LightDriver, Thing, Wish};
use hearthlight::drivers::{Dial, LocalId, Need, Report, Search, Sighting};
use hearthlight::engine::link::{Health, Link, Told, Transport};
use hearthlight::model::inputs;
use hearthlight::model::lights::capabilities::PowerOn;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::hue::hub::{Hub, bridge_id};
use hearthlight::units::color::Xy;
use hearthlight::units::moment::Moment;
use hearthlight::wire::{Channel, Endpoint, Input, Output, Trust};
use serde_json::{Value, json};

use crate::drivers_hub::{self, mirek, red, state};

const KEY: &str = "simulated-hue-application-key-0000000000";

enum Came {
    Opened,
    Certificate,
    Response(u32, u16, Vec<u8>),
    Event(Vec<u8>),
    Lost(&'static str),
}

struct Asked {
    at: Moment,
    method: &'static str,
    path: String,
    body: Value,
}

type World = drivers_hub::World<Net>;

/// A network in a box, with a bridge in it.
struct Net {
    now: Moment,
    hub: Hub,
    header: Option<String>,
    is_up: bool,
    is_mute: bool,
    has_events: bool,
    hears_events: bool,
    coming: VecDeque<(Moment, Channel, Came)>,
    current: Vec<u8>,
    asked: Vec<Asked>,
}

impl Net {
    fn bring(&mut self, channel: Channel, came: Came) {
        let at = self.now + Duration::from_millis(20);
        self.coming.push_back((at, channel, came));
    }
}

impl drivers_hub::Net for Net {
    fn run(&mut self) {
        for event in self.hub.poll(self.now) {
            if self.hears_events {
                self.bring(Channel::Sse, Came::Event(json!([event]).to_string().into_bytes()));
            }
        }
    }

    fn wait(&mut self, time: Duration) {
        self.now = self.now + time;
    }
}

impl Transport for Net {
    fn now(&self) -> Moment {
        self.now
    }

    fn open(&mut self, channel: Channel, endpoint: &Endpoint) {
        let Endpoint::Http { headers, url, .. } = endpoint else { panic!("{endpoint:?}") };
        match (self.is_up, channel) {
            (false, _) => self.bring(channel, Came::Lost("connection refused")),
            (true, Channel::Sse) if !self.has_events => self.bring(channel, Came::Lost("status 404")),
            (true, Channel::Sse) => {
                assert!(url.ends_with("/eventstream/clip/v2"));
                self.hears_events = true;
                self.bring(channel, Came::Opened);
            }
            (true, _) => {
                self.header =
                    headers.iter().find(|(name, _)| name == "hue-application-key").map(|(_, key)| key.clone());
                self.bring(channel, Came::Opened);
                self.bring(channel, Came::Certificate);
            }
        }
    }

    fn send(&mut self, channel: Channel, output: &Output, payload: &[u8]) {
        let Output::Request { request, method, path } = output else { panic!("{output:?}") };
        assert_eq!(channel, Channel::Http);
        if self.is_mute {
            return;
        }
        let body = serde_json::from_slice(payload).unwrap_or_default();
        self.asked.push(Asked { at: self.now, method, path: path.clone(), body });
        let (status, answer) = self.hub.handle(self.now, method, path, self.header.as_deref(), payload);
        self.bring(channel, Came::Response(*request, status, answer.to_string().into_bytes()));
        drivers_hub::Net::run(self);
    }

    fn receive(&mut self) -> Option<(Channel, Result<Input<'_>, String>)> {
        let (at, ..) = self.coming.front()?;
        if *at > self.now {
            return None;
        }
        let (_, channel, came) = self.coming.pop_front()?;
        let input = match came {
            Came::Opened => Input::Opened,
            Came::Certificate => Input::Certificate { sha256: "ab12" },
            Came::Response(request, status, body) => {
                self.current = body;
                Input::Response { request, status, body: &self.current }
            }
            Came::Event(message) => {
                self.current = message;
                Input::Message(&self.current)
            }
            Came::Lost(why) => return Some((channel, Err(why.to_owned()))),
        };
        Some((channel, Ok(input)))
    }

    fn close(&mut self) {
        self.coming.clear();
        self.hears_events = false;
    }
}

fn open(address: &str, api: &str, secrets: &[(&str, &str)]) -> Link<LightDriver> {
    let options = BTreeMap::from([(Arc::from("api"), Arc::from(api))]);
    let secrets = secrets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    Link::new((FAMILY.open)(&Dial { address, options: &options, secrets: &secrets }).unwrap(), 7)
}

fn light(n: u32) -> LocalId {
    LocalId(format!("00015eed-0000-4000-8000-0000{n:08x}").into())
}

fn light_v1(n: u32) -> LocalId {
    LocalId(format!("00:17:88:01:00:00:00:{n:02x}-0b").into())
}

fn device(n: u32) -> LocalId {
    LocalId(format!("00025eed-0000-4000-8000-0000{n:08x}").into())
}

impl World {
    fn of(link: Link<LightDriver>, is_round: bool) -> Self {
        let net = Net {
            now: Moment::from_millis(1000),
            hub: Hub::new(0, is_round),
            header: None,
            is_up: true,
            is_mute: false,
            has_events: true,
            hears_events: false,
            coming: VecDeque::new(),
            current: Vec::new(),
            asked: Vec::new(),
        };
        Self { net, link, told: Vec::new() }
    }

    /// A world whose link has its key and has heard everything there is.
    fn new() -> Self {
        let mut world = Self::of(open("127.0.0.1", "v2", &[("key", KEY), ("certificate", "ab12")]), false);
        world.pass(1500);
        world.net.asked.clear();
        world
    }

    fn v1() -> Self {
        let mut world = Self::of(open("127.0.0.1", "v1", &[("key", KEY)]), true);
        world.pass(1500);
        world.net.asked.clear();
        world
    }

    fn secrets(&self) -> BTreeMap<&str, &str> {
        let of = |say| match say {
            &Told::Report(Report::Secret { key, ref value, .. }) => Some((key, value.as_str())),
            _ => None,
        };
        self.told.iter().filter_map(of).collect()
    }

    /// Commands since the last call: paths and bodies.
    fn puts(&mut self) -> Vec<(String, Value)> {
        self.net.asked.drain(..).filter(|asked| asked.method == "PUT").map(|asked| (asked.path, asked.body)).collect()
    }
}

fn sighting<'a>(search: Search, properties: &'a [(String, String)], payload: &'a [u8]) -> Sighting<'a> {
    Sighting { search, name: "Hue Bridge - ABCDEF", from: Some("127.0.0.5:443".parse().unwrap()), properties, payload }
}

const CONFIG: &[u8] = br#"{"name":"Bridge","swversion":"1967054020","bridgeid":"001788FFFEABCDEF","modelid":"BSB002"}"#;

#[test]
fn discovery() {
    let properties =
        [("bridgeid", "001788fffeabcdef"), ("modelid", "BSB002")].map(|(key, text)| (key.to_owned(), text.to_owned()));
    let announced = sighting(Search::Mdns("_hue._tcp"), &properties, &[]);
    let claim = (FAMILY.claim)(&announced).unwrap();
    assert_eq!((claim.identity.as_deref(), claim.address.as_str()), (Some("001788fffeabcdef"), "127.0.0.5"));
    let swept = sighting(Search::Sweep { port: 80, path: "/api/0/config" }, &[], CONFIG);
    assert_eq!((FAMILY.claim)(&swept).unwrap().identity, claim.identity);
    let round = CONFIG.to_vec();
    let round = String::from_utf8(round).unwrap().replace("BSB002", "BSB001");
    let old = (FAMILY.claim)(&Sighting { payload: round.as_bytes(), ..swept }).unwrap();
    assert_eq!(old.options, [("api".to_owned(), "v1".to_owned())]);
    assert_eq!((FAMILY.claim)(&Sighting { payload: b"{\"name\":\"WLED\"}", ..swept }), None);
    let things = World::new().things();
    let lights = things.values().filter(|thing| matches!(thing, Thing::Light { .. })).count();
    assert_eq!((lights, things.len()), (6, 8));
    let Some(Thing::Light { name, room, model, .. }) = things.get(&light(2)) else { panic!() };
    assert_eq!(
        (&**name, room.as_deref(), &**model),
        ("Sideboard strip", Some("Kitchen"), "Hue gradient lightstrip LCX004")
    );
}

#[test]
fn identity_survives_address_change() {
    let mut there = World::of(open("10.0.0.9:8443", "v2", &[("key", KEY), ("certificate", "ab12")]), false);
    there.pass(1500);
    let here = World::new();
    for world in [&here, &there] {
        let identity = world.told.iter().find_map(|say| match say {
            Told::Report(Report::Identity { identity, .. }) => Some(identity.clone()),
            _ => None,
        });
        assert_eq!(identity, Some(bridge_id(0)));
    }
    assert_eq!(here.things(), there.things());
}

#[test]
fn pairing() {
    let mut world = World::of(open("127.0.0.1", "v2", &[]), false);
    world.pass(2500);
    assert!(
        world
            .told
            .iter()
            .any(|say| matches!(say, Told::Report(Report::Waiting(Some(what))) if what.contains("button")))
    );
    assert_eq!(world.link.health(), &Health::Online, "it waits, it is not out of reach");
    world.pass(3000);
    assert!(world.told.contains(&Told::Report(Report::Waiting(None))));
    assert_eq!(
        world.secrets(),
        BTreeMap::from([("key", KEY), ("clientkey", "00112233445566778899AABBCCDDEEFF"), ("certificate", "ab12")])
    );
    let asked = world.net.asked.iter().filter(|asked| asked.path == "/api").count();
    assert!((3..=5).contains(&asked), "once a second, not {asked} times");
    world.link = open("127.0.0.1", "v2", &[("key", KEY), ("certificate", "ab12")]);
    world.net.close();
    world.pass(1500);
    assert_eq!(world.things().len(), 8);
}

#[test]
fn a_certificate_is_pinned_when_first_seen() {
    let channels = |secrets: &[(&str, &str)]| {
        let secrets = secrets.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let options = BTreeMap::new();
        (FAMILY.open)(&Dial { address: "10.0.0.2", options: &options, secrets: &secrets }).unwrap().channels
    };
    let first = channels(&[]);
    assert!(
        matches!(&first[..], [(Channel::Http, Endpoint::Http { url, trust: Trust::Pinned(None), .. }, Need::Must)] if url == "https://10.0.0.2:443")
    );
    let later = channels(&[("certificate", "ab12"), ("key", KEY)]);
    assert_eq!(later.len(), 2);
    for (_, endpoint, _) in later {
        assert!(matches!(endpoint, Endpoint::Http { trust: Trust::Pinned(Some(pin)), .. } if pin == "ab12"));
    }
}

#[test]
fn a_key_that_is_no_longer_known_is_asked_for_again() {
    let mut world =
        World::of(open("127.0.0.1", "v2", &[("key", "another-key-of-another-bridge"), ("certificate", "ab12")]), false);
    world.pass(2500);
    assert!(world.told.iter().any(|say| matches!(say, Told::Report(Report::Waiting(Some(_))))));
    world.pass(4000);
    assert_eq!(world.secrets().get("key"), Some(&KEY));
}

#[test]
fn colour() {
    let mut world = World::new();
    world.want(&light(0), state(true, 0.6, red()), 400);
    world.pass(300);
    let path = format!("/clip/v2/resource/light/{}", light(0).0);
    let body = json!({ "on": { "on": true }, "dimming": { "brightness": 60.0 }, "color": { "xy": { "x": 0.64, "y": 0.33 } }, "dynamics": { "duration": 400 } });
    assert_eq!(world.puts(), [(path, body)]);
    let reported = world.reported(&light(0));
    assert_eq!((reported.on, reported.brightness, reported.color), (Some(true), Some(0.6), Some(red())));
    assert!(world.can(&light(3)).color.is_none());
}

#[test]
fn white() {
    let mut world = World::new();
    world.want(&light(3), state(true, 1.0, mirek(300)), 0);
    world.pass(300);
    assert_eq!(world.reported(&light(3)).color, Some(mirek(300)));
    assert_eq!(world.can(&light(3)).mirek, Some(153..=454));
    let (_, body) = world.puts().remove(0);
    assert!(body.get("color").is_none() && body.get("color_temperature").is_some(), "never both in one command");
}

#[test]
fn transition() {
    let mut world = World::new();
    world.want(&light(0), state(true, 0.2, red()), 2500);
    world.pass(300);
    assert_eq!(world.puts()[0].1.pointer("/dynamics/duration"), Some(&json!(2500)));
    world.want(&light(0), state(false, 0.2, red()), 700);
    world.pass(300);
    assert_eq!(world.puts()[0].1, json!({ "on": { "on": false }, "dynamics": { "duration": 700 } }));
}

#[test]
fn segments() {
    let mut world = World::new();
    assert_eq!(world.can(&light(2)).segments, 5);
    let points: Arc<[Xy]> = (0..9_u8).filter_map(|n| Xy::new(0.2 + f32::from(n) / 40.0, 0.3)).collect();
    world.want(&light(2), state(true, 1.0, Color::Gradient(Arc::clone(&points))), 0);
    world.pass(300);
    let Some(Color::Gradient(shown)) = world.reported(&light(2)).color else { panic!() };
    assert_eq!(shown.len(), 5);
    assert!(shown[0].distance(points[0]) < 0.001 && shown[4].distance(points[8]) < 0.001);
}

#[test]
fn effects_begin_and_end() {
    let mut world = World::new();
    world.want(&light(0), State { effect: Some("candle".into()), ..state(true, 1.0, mirek(366)) }, 0);
    world.pass(300);
    assert_eq!(world.net.hub.light(0).pointer("/effects/status"), Some(&json!("candle")));
    assert_eq!(world.reported(&light(0)).effect.as_deref(), Some("candle"));
    world.want(&light(0), state(true, 1.0, mirek(366)), 0);
    world.pass(300);
    assert_eq!(world.net.hub.light(0).pointer("/effects/status"), Some(&json!("no_effect")));
}

#[test]
fn push_or_poll() {
    let mut world = World::new();
    let path = format!("/clip/v2/resource/light/{}", light(1).0);
    world.net.hub.handle(
        world.net.now,
        "PUT",
        &path,
        Some(KEY),
        br#"{"on":{"on":true},"color":{"xy":{"x":0.2,"y":0.1}}}"#,
    );
    world.pass(100);
    assert_eq!(world.reported(&light(1)).color, Xy::new(0.2, 0.1).map(Color::Xy), "somebody else's hand shows at once");
    // A stream that breaks off leaves a gap: everything is read again.
    world.net.has_events = false;
    world.net.hears_events = false;
    world.net.bring(Channel::Sse, Came::Lost("reset"));
    world.pass(100);
    world.net.hub.handle(world.net.now, "PUT", &path, Some(KEY), br#"{"on":{"on":false}}"#);
    world.pass(6000);
    assert_eq!(world.reported(&light(1)).on, Some(false), "without events it is polled");
    assert_eq!(world.link.health(), &Health::Online);
}

#[test]
fn pacing() {
    let mut world = World::new();
    for n in 0..500_u32 {
        for id in [light(0), light(1), light(3)] {
            world.want(&id, state(true, 0.2 + n as f32 / 1000.0, mirek(366 - u16::try_from(n % 2).unwrap())), 100);
        }
        world.pass(20);
    }
    world.pass(1500);
    assert_eq!(world.net.hub.n_refused, 0, "never too many for a bridge");
    let lights: Vec<Moment> =
        world.net.asked.iter().filter(|asked| asked.path.contains("/light/")).map(|asked| asked.at).collect();
    let pauses = lights.windows(2).map(|pair| pair[1].since(pair[0]));
    assert!(pauses.min().unwrap() >= Duration::from_millis(100));
    for n in [0, 1, 3] {
        assert!((world.reported(&light(n)).brightness.unwrap() - 0.699).abs() < 0.001, "the newest wins");
    }
}

#[test]
fn a_group_is_one_command() {
    let mut world = World::new();
    for n in [3, 4] {
        world.want(&light(n), state(true, 0.5, mirek(300)), 400);
    }
    world.pass(500);
    let puts = world.puts();
    assert_eq!(puts.len(), 1, "{puts:?}");
    assert!(puts[0].0.starts_with("/clip/v2/resource/grouped_light/"));
    assert_eq!(world.reported(&light(3)).color, Some(mirek(300)));
    assert_eq!(world.reported(&light(4)).brightness, Some(0.5));
    // All of them, the plug too, which has no colour.
    for n in 0..6 {
        world.want(&light(n), state(true, 0.9, mirek(250)), 400);
    }
    world.pass(1500);
    assert_eq!(world.puts().len(), 1);
    assert_eq!(world.reported(&light(5)).on, Some(true));
}

#[test]
fn who_is_busy_is_left_alone_for_a_while() {
    let mut world = World::new();
    let path = format!("/clip/v2/resource/light/{}", light(1).0);
    for _ in 0..20 {
        world.net.hub.handle(world.net.now, "PUT", &path, Some(KEY), b"{}");
    }
    world.want(&light(0), state(true, 0.5, red()), 0);
    world.pass(3000);
    assert!(world.net.hub.n_refused > 0);
    assert_eq!(world.reported(&light(0)).color, Some(red()));
    assert!(world.puts().len() <= 3);
}

#[test]
fn inputs_say_what_they_sense() {
    let mut world = World::new();
    let (motion, switch) = (device(50), device(51));
    world.net.hub.set_motion(true);
    world.net.hub.press(2, "short_release");
    world.net.hub.press(2, "short_release");
    world.pass(100);
    let said = world.said(&motion);
    assert_eq!(said.last(), Some(&inputs::Said::Motion(true)));
    assert!(said.contains(&inputs::Said::Temperature(21.4)));
    let lux = said.iter().find_map(|said| if let inputs::Said::LightLevel(lux) = said { Some(*lux) } else { None });
    assert!((lux.unwrap() - 100.0).abs() < 0.5);
    let presses: Vec<_> =
        world.said(&switch).into_iter().filter(|said| matches!(said, inputs::Said::Button(_))).collect();
    assert_eq!(presses, vec![inputs::Said::Button("3_short_release".into()); 2], "and none from long ago");
}

#[test]
fn power_on_and_identify() {
    let mut world = World::new();
    let now = world.net.now;
    world.link.wish(now, &light(0), &Wish::PowerOn(PowerOn::Previous)).unwrap();
    world.link.wish(now, &light(0), &Wish::Identify).unwrap();
    world.pass(500);
    let bodies: Vec<_> = world.puts().into_iter().map(|(_, body)| body).collect();
    assert_eq!(
        bodies,
        [json!({ "powerup": { "preset": "powerfail" } }), json!({ "identify": { "action": "identify" } })]
    );
}

#[test]
fn unreachable_and_back_once() {
    let mut world = World::new();
    world.net.hub.set_power(0, false);
    world.pass(5000);
    world.net.hub.set_power(0, true);
    world.pass(1000);
    assert_eq!(world.reach(&light(0)), [false, true]);
    // The bridge falls silent, for an hour.
    world.told.clear();
    world.net.is_mute = true;
    world.pass(60_000);
    world.want(&light(0), state(true, 0.4, red()), 0);
    (world.net.is_mute, world.net.is_up) = (false, false);
    world.pass(240_000);
    world.net.is_up = true;
    world.pass(70_000);
    assert!(matches!(&world.health()[..], [Health::Unreachable { .. }, Health::Online]), "{:?}", world.health());
    assert_eq!(world.reported(&light(0)).color, Some(red()), "what was wanted meanwhile is sent");
}

#[test]
fn diagnostics() {
    let options = BTreeMap::new();
    let secrets = BTreeMap::from([("key".to_owned(), KEY.to_owned())]);
    let opening = (FAMILY.open)(&Dial { address: "10.0.0.2", options: &options, secrets: &secrets }).unwrap();
    let lines = opening.driver.diagnostics();
    assert!(lines.iter().any(|(name, _)| *name == "events"));
    assert!(!format!("{lines:?}").contains(KEY), "no secrets");
}

#[test]
fn v1_colour() {
    let mut world = World::v1();
    assert_eq!(world.things().len(), 6);
    let Some(Thing::Light { room, .. }) = world.things().remove(&light_v1(3)) else { panic!() };
    assert_eq!(room.as_deref(), Some("Bedroom"));
    world.want(&light_v1(0), state(true, 0.5, red()), 1000);
    world.pass(300);
    let body = json!({ "on": true, "bri": 127, "xy": [0.64, 0.33], "transitiontime": 10 });
    assert_eq!(world.puts(), [(format!("/api/{KEY}/lights/1/state"), body)]);
    assert_eq!(world.reported(&light_v1(0)).color, Some(red()));
    world.want(&light_v1(0), state(false, 0.9, mirek(200)), 0);
    world.pass(300);
    assert_eq!(
        world.puts()[0].1,
        json!({ "on": false, "transitiontime": 0 }),
        "a light that is off takes nothing else"
    );
}

#[test]
fn v1_push_or_poll() {
    let mut world = World::v1();
    world.net.hub.handle(world.net.now, "PUT", &format!("/api/{KEY}/lights/2/state"), None, br#"{"on":true,"ct":200}"#);
    world.pass(6000);
    assert_eq!(world.reported(&light_v1(1)).color, Some(mirek(200)));
    let polls = world.net.asked.iter().filter(|asked| asked.path.ends_with("/lights")).count();
    assert!((1..=3).contains(&polls), "{polls}");
}

#[test]
fn v1_a_light_that_somebody_turned_off_is_told_all() {
    let mut world = World::v1();
    world.want(&light_v1(0), state(true, 0.5, red()), 0);
    world.pass(300);
    world.net.hub.handle(world.net.now, "PUT", &format!("/api/{KEY}/lights/1/state"), None, br#"{"on":false}"#);
    world.want(&light_v1(0), state(true, 0.8, red()), 0);
    world.pass(1000);
    assert_eq!(world.reported(&light_v1(0)).brightness.map(|share| (share * 10.0).round()), Some(8.0));
    assert_eq!(
        world.net.hub.light(0).pointer("/on/on"),
        Some(&json!(true)),
        "error 201 is answered with all there is to say"
    );
}

#[test]
fn v1_a_group_is_one_command() {
    let mut world = World::v1();
    for n in [3, 4] {
        world.want(&light_v1(n), state(true, 0.5, mirek(300)), 400);
    }
    world.pass(500);
    let puts = world.puts();
    assert_eq!(puts.len(), 1, "{puts:?}");
    assert_eq!(puts[0].0, format!("/api/{KEY}/groups/2/action"));
}

#[test]
fn v1_pairing() {
    let mut world = World::of(open("127.0.0.1", "v1", &[]), true);
    world.pass(6000);
    assert_eq!(world.secrets().get("key"), Some(&KEY));
    assert_eq!(world.things().len(), 6, "it needs no opening anew");
}
