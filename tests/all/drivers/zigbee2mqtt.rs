//! The zigbee2mqtt driver in its link, joined by queues to the simulated mesh, with a hand-turned clock.
//!
//! The peer tests run with `mosquitto`, `mosquitto_pub` and `mosquitto_sub` from the PATH (Debian: `mosquitto`,
//! `mosquitto-clients`), on loopback ports that are free.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::light::{Thing, Wish};
use hearthlight::drivers::zigbee2mqtt::FAMILY;
use hearthlight::drivers::{Dial, LocalId, Report, Search, Sighting};
use hearthlight::engine::link::{Health, Link, Told, Transport};
use hearthlight::model::frame::Frame;
use hearthlight::model::inputs;
use hearthlight::model::lights::capabilities::PowerOn;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::sim::lights::broker::matches;
use hearthlight::sim::lights::zigbee2mqtt::mesh::Mesh;
use hearthlight::units::color::{Linear, Xy};
use hearthlight::units::moment::Moment;
use hearthlight::wire::{Channel, Endpoint, Input, Output};
use serde_json::{Value, json};

use crate::drivers::dial;
use crate::drivers_hub::{self, mirek, red, state};

type World = drivers_hub::World<Net>;

/// A broker in a box, with a mesh behind it.
struct Net {
    now: Moment,
    mesh: Mesh,
    is_up: bool,
    is_open: bool,
    opened: bool,
    subscriptions: Vec<String>,
    retained: BTreeMap<String, Vec<u8>>,
    coming: VecDeque<Result<(String, Vec<u8>), String>>,
    current: (String, Vec<u8>),
    published: Vec<(Moment, String, Value)>,
}

impl Net {
    fn deliver(&mut self, topic: String, payload: Vec<u8>) {
        if self.is_open && self.subscriptions.iter().any(|filter| matches(&topic, filter)) {
            self.coming.push_back(Ok((topic, payload)));
        }
    }
}

impl drivers_hub::Net for Net {
    fn run(&mut self) {
        for said in self.mesh.poll(self.now) {
            let payload = said.payload.to_string().into_bytes();
            if said.retain {
                self.retained.insert(said.topic.clone(), payload.clone());
            }
            self.deliver(said.topic, payload);
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
        assert_eq!(channel, Channel::Mqtt);
        assert!(matches!(endpoint, Endpoint::Mqtt { port: 1883, .. }));
        match self.is_up {
            true => (self.is_open, self.opened) = (true, true),
            false => self.coming.push_back(Err("connection refused".to_owned())),
        }
    }

    fn send(&mut self, _: Channel, output: &Output, payload: &[u8]) {
        match output {
            Output::Subscribe { name } => {
                assert!(!name.contains(['+', '#']), "{name} would bring back what we publish");
                self.subscriptions.push(name.clone());
                let kept: Vec<_> = self
                    .retained
                    .iter()
                    .filter(|(topic, _)| matches(topic, name))
                    .map(|(topic, kept)| (topic.clone(), kept.clone()))
                    .collect();
                kept.into_iter().for_each(|(topic, kept)| self.deliver(topic, kept));
            }
            Output::Publish { topic, retain } => {
                assert!(!retain, "a command must not wait for who comes later");
                self.published.push((self.now, topic.clone(), serde_json::from_slice(payload).unwrap()));
                self.mesh.hear(topic, payload);
                self.deliver(topic.clone(), payload.to_vec());
            }
            other => panic!("{other:?}"),
        }
    }

    fn receive(&mut self) -> Option<(Channel, Result<Input<'_>, String>)> {
        if std::mem::take(&mut self.opened) {
            return Some((Channel::Mqtt, Ok(Input::Opened)));
        }
        match self.coming.pop_front()? {
            Ok(message) => self.current = message,
            Err(why) => return Some((Channel::Mqtt, Err(why))),
        }
        let (topic, payload) = &self.current;
        Some((Channel::Mqtt, Ok(Input::Publication { topic, payload })))
    }

    fn close(&mut self) {
        (self.is_open, self.opened) = (false, false);
        self.coming.clear();
        self.subscriptions.clear();
    }
}

fn light(place: u32) -> LocalId {
    LocalId(format!("0x00158d000000{place:04x}").into())
}

impl World {
    /// A world whose link has heard everything there is.
    fn new() -> Self {
        let mut mesh = Mesh::new("zigbee2mqtt", 0, Duration::ZERO, false);
        mesh.greet();
        let net = Net {
            now: Moment::from_millis(1000),
            mesh,
            is_up: true,
            is_open: false,
            opened: false,
            subscriptions: Vec::new(),
            retained: BTreeMap::new(),
            coming: VecDeque::new(),
            current: Default::default(),
            published: Vec::new(),
        };
        let link = Link::new((FAMILY.open)(&dial("127.0.0.1")).unwrap(), 7);
        let mut world = Self { net, link, told: Vec::new() };
        world.pass(6000);
        world.net.published.clear();
        world
    }

    fn published(&mut self) -> Vec<(String, Value)> {
        self.net.published.drain(..).map(|(_, topic, payload)| (topic, payload)).collect()
    }
}

#[test]
fn discovery() {
    let properties = [("base".to_owned(), "zigbee".to_owned())];
    let seen = Sighting {
        search: Search::Mdns("_mqtt._tcp"),
        name: "Broker",
        from: Some("127.0.0.9:1884".parse().unwrap()),
        properties: &properties,
        payload: &[],
    };
    let claim = (FAMILY.claim)(&seen).unwrap();
    assert_eq!((claim.address.as_str(), claim.options.as_slice()), ("127.0.0.9:1884", &properties[..]));
    assert_eq!((FAMILY.claim)(&Sighting { search: Search::Mdns("_hue._tcp"), ..seen }), None);
    let world = World::new();
    let lights = world.things().values().filter(|thing| matches!(thing, Thing::Light { .. })).count();
    assert_eq!((lights, world.things().len()), (10, 13), "lights, the relay's two among them, and inputs");
    let Some(Thing::Light { name, room, model, .. }) = world.things().remove(&light(0)) else { panic!() };
    assert_eq!((&*name, room.as_deref(), &*model), ("Ceiling", Some("Living room"), "Philips 9290022166"));
}

#[test]
fn identity_survives_address_change() {
    let identity = |world: &World| {
        let identity = world.told.iter().find_map(|say| match say {
            Told::Report(Report::Identity { identity, .. }) => Some(identity.clone()),
            _ => None,
        });
        identity.unwrap()
    };
    let (here, mut there) = (World::new(), World::new());
    there.link = Link::new((FAMILY.open)(&dial("10.0.0.9:1883")).unwrap(), 8);
    there.told.clear();
    there.pass(6000);
    assert_eq!(identity(&here), "00124b0000000000");
    assert_eq!(identity(&here), identity(&there));
    assert_eq!(here.things(), there.things());
}

#[test]
fn colour() {
    let mut world = World::new();
    world.want(&light(0), state(true, 0.5, red()), 400);
    world.pass(1000);
    assert_eq!(
        world.published(),
        [(
            "zigbee2mqtt/Living room/Ceiling/set".to_owned(),
            json!({ "state": "ON", "brightness": 127, "color": { "x": 0.64, "y": 0.33 }, "transition": 0.4 })
        )]
    );
    let reported = world.reported(&light(0));
    assert_eq!((reported.on, reported.color), (Some(true), Some(red())));
    assert!((reported.brightness.unwrap() - 0.5).abs() < 0.003);
    assert!(world.can(&light(0)).color.is_some() && world.can(&light(2)).color.is_none());
}

#[test]
fn white() {
    let mut world = World::new();
    world.want(&light(3), state(true, 1.0, mirek(300)), 0);
    world.pass(1000);
    assert_eq!(world.reported(&light(3)).color, Some(mirek(300)));
    assert_eq!(world.can(&light(3)).mirek, Some(250..=454));
    let (_, set) = world.published().remove(0);
    assert_eq!(set.get("color_temp"), Some(&json!(300)));
    assert_eq!(set.get("color"), None, "never both in one command");
}

#[test]
fn transition() {
    let mut world = World::new();
    world.want(&light(0), state(true, 1.0, mirek(366)), 2500);
    world.pass(3000);
    assert_eq!(world.published()[0].1.get("transition"), Some(&json!(2.5)));
    world.want(&light(0), state(false, 1.0, mirek(366)), 1000);
    world.pass(1000);
    assert_eq!(
        world.published(),
        [("zigbee2mqtt/Living room/Ceiling/set".to_owned(), json!({ "state": "OFF", "transition": 1.0 }))]
    );
}

#[test]
fn segments() {
    let mut world = World::new();
    assert_eq!(world.can(&light(1)).segments, 9);
    let points: Arc<[Xy]> = [Xy::new(0.64, 0.33), Xy::new(0.15, 0.06)].into_iter().flatten().collect();
    world.want(&light(1), state(true, 1.0, Color::Gradient(points)), 0);
    world.pass(1000);
    let (_, set) = world.published().remove(0);
    assert_eq!(set.get("gradient"), Some(&json!(["#0000FF", "#FF0000"])), "the far end comes first on the air");
    let Some(Color::Gradient(points)) = world.reported(&light(1)).color else { panic!() };
    assert!(points[0].distance(Xy::new(0.64, 0.33).unwrap()) < 0.01);
}

#[test]
fn effects_begin_and_end() {
    let mut world = World::new();
    assert!(world.can(&light(0)).effects.iter().any(|effect| &**effect == "candle"));
    assert!(world.can(&light(3)).effects.is_empty(), "a signal is no effect");
    world.want(&light(0), State { effect: Some("candle".into()), ..state(true, 1.0, mirek(366)) }, 0);
    world.pass(1000);
    assert_eq!(world.net.mesh.state("Living room/Ceiling").get("effect"), Some(&json!("candle")));
    world.want(&light(0), state(true, 1.0, mirek(366)), 0);
    world.pass(1000);
    assert_eq!(world.published().last().unwrap().1.get("effect"), Some(&json!("stop_hue_effect")));
}

#[test]
fn push_or_poll() {
    let mut world = World::new();
    world.net.mesh.hear("zigbee2mqtt/Living room/Ceiling/set", br#"{"brightness":51,"color":{"x":0.2,"y":0.1}}"#);
    world.pass(200);
    let reported = world.reported(&light(0));
    assert!((reported.brightness.unwrap() - 0.2).abs() < 0.002, "somebody else's hand shows at once");
    assert_eq!(reported.color, Xy::new(0.2, 0.1).map(Color::Xy));
}

#[test]
fn inputs_say_what_they_sense() {
    let mut world = World::new();
    let (switch, motion, window) = (light(9), light(10), light(11));
    world.net.mesh.sense("Hall/Wall switch", "action", json!("on_press"));
    world.net.mesh.sense("Hall/Motion", "occupancy", json!(true));
    world.net.mesh.sense("Kitchen/Window", "contact", json!(false));
    world.net.mesh.sense("Kitchen/Window", "battery", json!(99));
    world.pass(100);
    assert!(world.said(&switch).contains(&inputs::Said::Button("on_press".into())));
    assert!(world.said(&motion).contains(&inputs::Said::Motion(true)));
    assert!(world.said(&motion).contains(&inputs::Said::LightLevel(34.0)));
    let contacts = world.said(&window).into_iter().filter(|said| matches!(said, inputs::Said::Contact(_))).count();
    assert_eq!(contacts, 1, "a value that is the same is said once");
    let Some(Thing::Input { aspects, .. }) = world.things().remove(&switch) else { panic!() };
    assert!(matches!(&aspects[0], inputs::Aspect::Buttons(words) if words.len() == 6));
}

#[test]
fn streaming() {
    let mut world = World::new();
    world.want(&light(0), state(true, 0.5, mirek(366)), 0);
    world.pass(1000);
    world.published();
    let mut frame = Frame::dark(1);
    for n in 0..100_u32 {
        frame.pixels_mut()[0] = Linear::new(1.0, n as f32 / 100.0, 0.0);
        world.link.frame(world.net.now, &light(0), &frame);
        world.pass(20);
    }
    let frames = world.published();
    assert!((8..=11).contains(&frames.len()), "five a second at most, not {}", frames.len());
    assert!(frames.iter().all(|(_, set)| set.get("transition") == Some(&json!(0.25))));
    world.link.wish(world.net.now, &light(0), &Wish::Leave).unwrap();
    world.pass(1000);
    assert_eq!(world.reported(&light(0)).color, Some(mirek(366)), "it shows its state again");
    world.link.frame(world.net.now, &light(0), &frame);
    world.pass(4000);
    assert_eq!(world.reported(&light(0)).color, Some(mirek(366)), "a stream that falls silent has ended");
}

#[test]
fn pacing() {
    let mut world = World::new();
    for n in 0..200_u32 {
        for place in [0, 2, 3, 4] {
            world.want(&light(place), state(true, 0.2 + n as f32 / 500.0 + place as f32 / 50.0, mirek(366)), 100);
        }
        world.pass(50);
    }
    let sent = world.net.published.len();
    assert!(sent <= 51, "{sent} in ten seconds");
    world.pass(2000);
    for place in [0, 2, 3, 4] {
        let last = 0.2 + 199.0 / 500.0 + place as f32 / 50.0;
        assert!((world.reported(&light(place)).brightness.unwrap() - last).abs() < 0.004, "the newest wins");
    }
    let pauses = world.net.published.windows(2).map(|pair| pair[1].0.since(pair[0].0));
    assert!(pauses.min().unwrap() >= Duration::from_millis(200));
}

#[test]
fn a_group_is_one_command() {
    let mut world = World::new();
    for place in [5, 6] {
        world.want(&light(place), state(true, 0.8, mirek(366)), 400);
    }
    world.pass(1000);
    let sent = world.published();
    assert_eq!(
        sent,
        [("zigbee2mqtt/Bedside lamps/set".to_owned(), json!({ "state": "ON", "brightness": 203, "transition": 0.4 }))]
    );
    assert_eq!((world.reported(&light(5)).on, world.reported(&light(6)).on), (Some(true), Some(true)));
    world.want(&light(5), state(true, 0.8, mirek(366)), 400);
    world.want(&light(6), state(true, 0.3, mirek(366)), 400);
    world.pass(1000);
    let sent = world.published();
    assert_eq!(sent.len(), 1, "only who differs is asked: {sent:?}");
    assert_eq!(sent[0].0, "zigbee2mqtt/Bedroom/Bedside right/set");
}

#[test]
fn two_lights_of_one_device_are_two() {
    let mut world = World::new();
    let second = LocalId("0x00158d0000000008/l2".into());
    let wish = Wish::State { state: state(true, 1.0, mirek(366)), transition_ms: 400 };
    world.link.wish(world.net.now, &second, &wish).unwrap();
    world.pass(500);
    assert_eq!(world.published(), [("zigbee2mqtt/Hall/Twin relay/set".to_owned(), json!({ "state_l2": "ON" }))]);
}

#[test]
fn a_rename_keeps_the_light_and_a_removal_ends_it() {
    let mut world = World::new();
    world.net.mesh.rename("Living room/Ceiling", "Attic/Ceiling");
    world.net.mesh.remove("Workshop/Plug");
    world.pass(100);
    let Some(Thing::Light { room, .. }) = world.things().remove(&light(0)) else { panic!() };
    assert_eq!(room.as_deref(), Some("Attic"));
    assert!(!world.things().contains_key(&light(7)));
    world.want(&light(0), state(true, 1.0, red()), 0);
    world.pass(500);
    assert_eq!(world.published()[0].0, "zigbee2mqtt/Attic/Ceiling/set");
    assert_eq!(world.reported(&light(0)).color, Some(red()), "its new topic is heard");
}

#[test]
fn power_on_and_identify() {
    let mut world = World::new();
    assert_eq!(&*world.can(&light(0)).power_on, [PowerOn::Off, PowerOn::On, PowerOn::Previous]);
    let now = world.net.now;
    world.link.wish(now, &light(0), &Wish::PowerOn(PowerOn::Previous)).unwrap();
    world.link.wish(now, &light(0), &Wish::Identify).unwrap();
    assert!(world.link.wish(now, &light(7), &Wish::Identify).is_err());
    world.pass(1000);
    let sent: Vec<_> = world.published().into_iter().map(|(_, set)| set).collect();
    assert_eq!(sent, [json!({ "power_on_behavior": "previous" }), json!({ "effect": "blink" })]);
}

#[test]
fn unreachable_and_back_once() {
    let mut world = World::new();
    // A bulb whose power is cut, as its availability tells.
    world.net.mesh.set_power("Living room/Ceiling", false);
    world.pass(1000);
    world.want(&light(0), state(true, 1.0, red()), 0);
    world.pass(60_000);
    assert!(world.published().is_empty(), "nothing is sent to who cannot hear it");
    world.net.mesh.set_power("Living room/Ceiling", true);
    world.pass(2000);
    assert_eq!(world.reach(&light(0)), [false, true]);
    assert_eq!(world.reported(&light(0)).color, Some(red()), "what was wanted meanwhile is sent");
    // zigbee2mqtt itself stops, with its broker alive.
    let offline = br#"{"state":"offline"}"#.to_vec();
    world.net.deliver("zigbee2mqtt/bridge/state".to_owned(), offline);
    world.pass(5000);
    let online = br#"{"state":"online"}"#.to_vec();
    world.net.deliver("zigbee2mqtt/bridge/state".to_owned(), online);
    world.pass(5000);
    assert_eq!(world.reach(&light(3)), [false, true]);
    let waits = world.told.iter().filter(|say| matches!(say, Told::Report(Report::Waiting(_)))).count();
    assert_eq!(waits, 2);
    // The broker goes and comes.
    world.told.clear();
    world.net.is_up = false;
    world.net.coming.push_back(Err("reset".to_owned()));
    world.pass(300_000);
    world.want(&light(3), state(true, 0.7, mirek(300)), 0);
    world.net.is_up = true;
    world.pass(70_000);
    assert!(matches!(&world.health()[..], [Health::Unreachable { .. }, Health::Online]), "{:?}", world.health());
    assert_eq!(world.reported(&light(3)).color, Some(mirek(300)));
}

#[test]
fn one_that_never_answers_is_told_once() {
    let mut world = World::new();
    world.net.mesh = Mesh::new("zigbee2mqtt", 0, Duration::ZERO, true);
    world.want(&light(0), state(true, 1.0, red()), 0);
    world.pass(30_000);
    assert_eq!(world.reach(&light(0)), [false]);
    assert_eq!(world.published().len(), 2, "it is asked twice");
}

#[test]
fn an_old_lamp_is_told_its_brightness_when_it_goes_on() {
    let mut world = World::new();
    world.want(&light(2), state(false, 0.5, mirek(370)), 400);
    world.pass(500);
    world.want(&light(2), state(true, 0.5, mirek(370)), 400);
    world.pass(1000);
    assert_eq!(world.reported(&light(2)).on, Some(true));
    assert!(world.reach(&light(2)).is_empty(), "it was not thought dead");
}

#[test]
fn diagnostics() {
    let world = World::new();
    let opening = (FAMILY.open)(&dial("127.0.0.1")).unwrap();
    let names: Vec<_> = opening.driver.diagnostics().into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"unanswered") && names.contains(&"group commands"));
    assert_eq!(world.link.health(), &Health::Online);
}

#[test]
fn what_cannot_be_a_base_topic_is_told() {
    let options = BTreeMap::from([(Arc::from("base"), Arc::from("a/#"))]);
    let secrets = BTreeMap::new();
    let wrong = (FAMILY.open)(&Dial { address: "10.0.0.1", options: &options, secrets: &secrets }).err().unwrap();
    assert!(wrong.0.contains("base topic"));
}
