//! A link and the channels that it can do without, joined by queues, with a hand-turned clock.

use std::collections::VecDeque;
use std::time::Duration;

use hearthlight::drivers::{Driver, Error, LocalId, Need, Opening, Outputs, Report, Unsupported};
use hearthlight::engine::link::{Health, Link, Told, Transport};
use hearthlight::units::moment::Moment;
use hearthlight::wire::{Channel, Endpoint, Input, Output};

/// Notes what it hears, and sends one message on each channel in every poll.
#[derive(Default)]
struct Listener(Vec<String>);

impl Driver for Listener {
    type Wish = ();
    type Report = ();
    type Capabilities = String;
    type Frame = ();

    fn wish(&mut self, _: Moment, _: &LocalId, (): &()) -> Result<(), Unsupported> {
        Ok(())
    }

    fn frame(&mut self, _: Moment, _: &LocalId, (): &()) {}

    fn receive(&mut self, _: Moment, channel: Channel, input: Input<'_>) -> Result<(), Error> {
        self.0.push(format!("{channel:?} {input:?}"));
        Ok(())
    }

    fn poll(&mut self, _: Moment, out: &mut Outputs<Report<String, ()>>) {
        out.send(Channel::Tcp, Output::Bytes, |bytes| bytes.push(1));
        out.send(Channel::Ws, Output::Message, |bytes| bytes.push(2));
        out.reports.extend(self.0.drain(..).map(|heard| Report::Found(LocalId("".into()), heard)));
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        vec![("version", "1".to_owned())]
    }
}

#[derive(Default)]
struct Net {
    now: Moment,
    opened: Vec<Channel>,
    sent: Vec<Channel>,
    coming: VecDeque<(Channel, Result<Input<'static>, String>)>,
}

impl Transport for Net {
    fn now(&self) -> Moment {
        self.now
    }

    fn open(&mut self, channel: Channel, _: &Endpoint) {
        self.opened.push(channel);
    }

    fn send(&mut self, channel: Channel, _: &Output, _: &[u8]) {
        self.sent.push(channel);
    }

    fn receive(&mut self) -> Option<(Channel, Result<Input<'_>, String>)> {
        self.coming.pop_front()
    }

    fn close(&mut self) {
        self.coming.clear();
    }
}

struct World {
    net: Net,
    link: Link<Listener>,
    heard: Vec<String>,
    health: Vec<Health>,
}

impl World {
    fn new(channels: &[(Channel, Need)]) -> Self {
        let endpoint = || Endpoint::Url("ws://lamp/".to_owned());
        let channels = channels.iter().map(|(channel, need)| (*channel, endpoint(), *need)).collect();
        let link = Link::new(Opening { driver: Box::new(Listener::default()), channels }, 1);
        Self { net: Net::default(), link, heard: Vec::new(), health: Vec::new() }
    }

    fn turn(&mut self) -> Moment {
        let Self { net, link, heard, health } = self;
        link.turn(net, &mut |told| match told {
            Told::Health(now) => health.push(now),
            Told::Report(Report::Found(_, line)) => heard.push(line),
            Told::Report(other) => panic!("{other:?}"),
        })
    }

    fn hear(&mut self, channel: Channel, input: Result<Input<'static>, &str>) -> Moment {
        self.net.coming.push_back((channel, input.map_err(str::to_owned)));
        self.turn()
    }
}

#[test]
fn a_channel_that_may_be_missing_comes_and_goes_without_an_outage() {
    let mut world = World::new(&[(Channel::Tcp, Need::Must), (Channel::Ws, Need::May)]);
    world.turn();
    assert_eq!(world.net.opened, [Channel::Tcp, Channel::Ws]);
    world.hear(Channel::Tcp, Ok(Input::Opened));
    assert_eq!(world.net.sent, [Channel::Tcp], "what is not open is not sent to");
    world.hear(Channel::Tcp, Ok(Input::Bytes(b"x")));
    assert_eq!(world.health, [Health::Online]);
    world.hear(Channel::Ws, Ok(Input::Opened));
    assert_eq!(world.net.sent.last(), Some(&Channel::Ws));
    let again_at = world.hear(Channel::Ws, Err("reset"));
    assert_eq!(world.heard.last().map(String::as_str), Some("Ws Closed"));
    assert_eq!((world.health.len(), world.net.sent.last()), (1, Some(&Channel::Tcp)));
    assert!(again_at.since(world.net.now) <= Duration::from_secs(1));
    world.net.now = again_at;
    world.turn();
    assert_eq!(world.net.opened, [Channel::Tcp, Channel::Ws, Channel::Ws]);
    assert_eq!(world.link.counts().outages, 0);
}

#[test]
fn one_that_never_opens_is_tried_ever_more_rarely() {
    let mut world = World::new(&[(Channel::Tcp, Need::Must), (Channel::Ws, Need::May)]);
    world.turn();
    let mut wake_at = world.hear(Channel::Tcp, Ok(Input::Opened));
    while world.net.now < Moment::from_millis(3_600_000) {
        assert!(wake_at > world.net.now, "a link that wakes at once never sleeps");
        world.net.now = wake_at;
        wake_at = world.turn();
    }
    let tries = world.net.opened.iter().filter(|channel| **channel == Channel::Ws).count();
    assert!((40..80).contains(&tries), "about once in 70 s, not {tries}");
    assert_eq!(world.health, [Health::Online]);
}

#[test]
fn requests_alone_must_be_answered_before_a_peer_counts_as_online() {
    let mut world = World::new(&[(Channel::Http, Need::Must)]);
    world.turn();
    world.hear(Channel::Http, Ok(Input::Opened));
    world.net.now = Moment::from_millis(9_000);
    world.turn();
    assert_eq!(world.health, []);
    world.hear(Channel::Http, Ok(Input::Response { request: 1, status: 200, body: b"" }));
    assert_eq!(world.health, [Health::Online]);
    world.hear(Channel::Http, Err("it did not answer in time"));
    let counts = world.link.counts();
    assert_eq!((counts.outages, counts.received), (1, 1));
    assert_eq!(world.link.diagnostics(), [("version", "1".to_owned())]);
}

#[test]
fn a_port_of_ours_proves_nothing_and_trying_now_is_at_once() {
    let mut world = World::new(&[(Channel::Tcp, Need::Must), (Channel::Listen, Need::Must)]);
    world.turn();
    world.hear(Channel::Listen, Ok(Input::Opened));
    world.hear(Channel::Listen, Ok(Input::Listening { at: ([127, 0, 0, 1], 9).into() }));
    let again_at = world.hear(Channel::Tcp, Err("refused"));
    assert!(matches!(world.health.as_slice(), [Health::Unreachable { .. }]));
    assert!(again_at > world.net.now);
    world.net.opened.clear();
    world.turn();
    assert_eq!(world.net.opened, []);
    world.link.hurry();
    world.turn();
    assert_eq!(world.net.opened, [Channel::Tcp, Channel::Listen]);
}

#[test]
fn a_peer_that_never_stops_talking_does_not_keep_its_link_from_answering() {
    let mut world = World::new(&[(Channel::Tcp, Need::Must)]);
    world.turn();
    world.hear(Channel::Tcp, Ok(Input::Opened));
    world.net.sent.clear();
    world.net.coming.extend((0..5000).map(|_| (Channel::Tcp, Ok(Input::Bytes(b"x")))));
    let wake_at = world.turn();
    assert!(wake_at <= world.net.now && !world.net.coming.is_empty() && !world.net.sent.is_empty());
}
