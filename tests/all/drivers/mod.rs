//! The seam between drivers and links: a small driver and a link joined by queues, with a hand-turned clock.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::{
    Claim, Dial, Driver, Error, Family, LocalId, Need, Opening, Outputs, Report, Search, Sighting, Unsupported,
};
use hearthlight::engine::link::{Backoff, Health, Link, Told, Transport};
use hearthlight::units::moment::Moment;
use hearthlight::wire::{self, Channel, Endpoint, Input, Output};

const LAMP: &Family<dyn Driver<Wish = bool, Report = bool, Capabilities = u8, Frame = [u8]>> = &Family {
    id: "lamp",
    name: "Lamp",
    about: "A lamp for tests.",
    searches: &[Search::Mdns("_lamp._udp")],
    claim: |seen| {
        let claim = || Claim {
            identity: None,
            name: seen.name.to_owned(),
            model: "Lamp".to_owned(),
            address: seen.from.map(|from| from.to_string()).unwrap_or_default(),
            options: Vec::new(),
        };
        (seen.search == Search::Mdns("_lamp._udp") && seen.name.starts_with("Lamp")).then(claim)
    },
    address_hint: "192.168.1.40",
    fields: &[],
    open: |dial| {
        let channels = vec![(Channel::Tcp, Endpoint::Socket(dial.socket(9)?), Need::Must)];
        Ok(Opening { driver: Box::new(Lamp::default()), channels })
    },
};

/// A lamp that is told `0` or `1` and answers the same; `?` is nonsense, `X` wants a password.
#[derive(Default)]
struct Lamp {
    wanted: Option<bool>,
    is_sent: bool,
    told: Vec<Report<u8, bool>>,
    heard: Option<Moment>,
}

/// A dial of this address alone.
pub(crate) fn dial(address: &str) -> Dial<'_> {
    static NOTHING: (BTreeMap<Arc<str>, Arc<str>>, BTreeMap<String, String>) = (BTreeMap::new(), BTreeMap::new());
    Dial { address, options: &NOTHING.0, secrets: &NOTHING.1 }
}

#[test]
fn addresses_are_read_as_people_write_them() {
    let of = |text| dial(text).host(80).ok().map(|(host, port)| format!("{host} {port}"));
    for (text, right) in [
        ("10.0.0.4", "10.0.0.4 80"),
        (" 10.0.0.4:8080 ", "10.0.0.4 8080"),
        ("[::1]:81", "::1 81"),
        ("[::1]", "::1 80"),
        ("fe80::1", "fe80::1 80"),
        ("strip.local", "strip.local 80"),
    ] {
        assert_eq!(of(text).as_deref(), Some(right), "{text}");
    }
    for text in ["", ":80", "a b", "10.0.0.4:99999", "user@host", "http://lamp"] {
        assert_eq!(of(text), None, "{text}");
    }
}

fn lamp() -> LocalId {
    LocalId("lamp".into())
}

impl Driver for Lamp {
    type Wish = bool;
    type Report = bool;
    type Capabilities = u8;
    type Frame = [u8];

    fn wish(&mut self, _: Moment, thing: &LocalId, wish: &bool) -> Result<(), Unsupported> {
        if *thing != lamp() {
            return Err(Unsupported);
        }
        (self.wanted, self.is_sent) = (Some(*wish), false);
        Ok(())
    }

    fn frame(&mut self, now: Moment, thing: &LocalId, frame: &[u8]) {
        let _ = self.wish(now, thing, &frame.contains(&1));
    }

    fn receive(&mut self, now: Moment, _: Channel, input: Input<'_>) -> Result<(), Error> {
        match input {
            Input::Opened => (self.is_sent, self.heard) = (false, Some(now)),
            Input::Closed => self.told.push(Report::Gone(lamp())),
            Input::Bytes([]) => return Err(wire::Error::Truncated.into()),
            Input::Bytes(b"X") => return Err(Error::Refused { why: "set its password".to_owned() }),
            Input::Bytes([state @ (b'0' | b'1')]) => {
                self.heard = Some(now);
                self.told.push(Report::State(lamp(), *state == b'1'));
            }
            _ => return Err(wire::Error::Malformed { what: "answer" }.into()),
        }
        Ok(())
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn poll(&mut self, now: Moment, out: &mut Outputs<Report<u8, bool>>) {
        out.reports.append(&mut self.told);
        if let Some(on) = self.wanted.filter(|_| !self.is_sent) {
            out.send(Channel::Tcp, Output::Bytes, |bytes| bytes.push(b'0' + u8::from(on)));
            self.is_sent = true;
        }
        let silent_at = self.heard.unwrap_or(now) + Duration::from_secs(30);
        out.wake_at = Some(silent_at);
        if now >= silent_at {
            out.lost = Some("it fell silent".to_owned());
        }
    }
}

/// A network in a box: what it brings lies in a queue.
#[derive(Default)]
struct Net {
    now: Moment,
    is_up: bool,
    /// Answers nothing to an opening, neither yes nor no.
    is_deaf: bool,
    /// The peer says its state when the channel opens.
    is_greeting: bool,
    n_opened: usize,
    sent: Vec<u8>,
    coming: VecDeque<Result<Vec<u8>, String>>,
    opened: Option<Channel>,
    current: Vec<u8>,
}

impl Transport for Net {
    fn now(&self) -> Moment {
        self.now
    }

    fn open(&mut self, channel: Channel, _: &Endpoint) {
        self.n_opened += 1;
        if self.is_deaf {
        } else if self.is_up {
            self.opened = Some(channel);
            self.coming.extend(self.is_greeting.then(|| Ok(b"1".to_vec())));
        } else {
            self.coming.push_back(Err("connection refused".to_owned()));
        }
    }

    fn send(&mut self, channel: Channel, output: &Output, payload: &[u8]) {
        assert_eq!((channel, output), (Channel::Tcp, &Output::Bytes));
        self.sent.extend_from_slice(payload);
    }

    fn receive(&mut self) -> Option<(Channel, Result<Input<'_>, String>)> {
        if let Some(channel) = self.opened.take() {
            return Some((channel, Ok(Input::Opened)));
        }
        let next = self.coming.pop_front()?.map(|bytes| self.current = bytes);
        Some((Channel::Tcp, next.map(|()| Input::Bytes(&self.current))))
    }

    fn close(&mut self) {
        self.coming.clear();
        self.opened = None;
    }
}

type LampLink = Link<dyn Driver<Wish = bool, Report = bool, Capabilities = u8, Frame = [u8]>>;

struct World {
    net: Net,
    link: LampLink,
    told: Vec<Told<u8, bool>>,
}

impl World {
    fn new(is_up: bool) -> Self {
        let link = Link::new((LAMP.open)(&dial("127.0.0.1")).unwrap(), 7);
        Self { net: Net { is_up, ..Net::default() }, link, told: Vec::new() }
    }

    fn turn(&mut self) -> Moment {
        let Self { net, link, told } = self;
        link.turn(net, &mut |say| told.push(say))
    }

    /// Lets time pass, waking when the link asks for it, and at the end.
    fn pass(&mut self, secs: u64) {
        let end = self.net.now + Duration::from_secs(secs);
        loop {
            let wake_at = self.turn();
            assert!(wake_at > self.net.now, "a link that wakes at once never sleeps");
            if self.net.now >= end {
                return;
            }
            self.net.now = wake_at.min(end);
        }
    }

    /// Lets time pass until the link says it works, two minutes at most.
    fn pass_until_online(&mut self) {
        for _ in 0..120 {
            if self.link.health() != &Health::Online {
                self.pass(1);
            }
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        self.net.coming.push_back(Ok(bytes.to_vec()));
        self.turn();
    }

    /// Health reports since the last call.
    fn health(&mut self) -> Vec<Health> {
        let told = std::mem::take(&mut self.told);
        told.into_iter().filter_map(|say| if let Told::Health(health) = say { Some(health) } else { None }).collect()
    }
}

#[test]
fn an_hour_of_outage_is_told_twice() {
    let mut world = World::new(true);
    world.turn();
    world.hear(b"1");
    assert_eq!(world.health(), [Health::Online]);
    let since = world.net.now;
    world.net.is_up = false;
    world.net.coming.push_back(Err("reset".to_owned()));
    world.pass(3600);
    assert!((60..100).contains(&world.net.n_opened), "about once a minute, not {}", world.net.n_opened);
    world.net.is_up = true;
    world.pass_until_online();
    assert_eq!(world.health(), [Health::Unreachable { since, why: "reset".to_owned() }, Health::Online]);
}

#[test]
fn never_reached_is_told_once() {
    let mut world = World::new(false);
    assert_eq!(world.link.health(), &Health::Starting);
    world.pass(600);
    assert_eq!(world.health().len(), 1);
}

#[test]
fn a_peer_that_hangs_up_at_once_is_not_online() {
    let mut world = World::new(true);
    for _ in 0..50 {
        let wake_at = world.turn();
        world.net.coming.push_back(Err("closed".to_owned()));
        world.turn();
        world.net.now = wake_at.max(world.net.now + Duration::from_secs(61));
    }
    assert!(matches!(world.health().as_slice(), [Health::Unreachable { .. }]));
}

#[test]
fn a_quiet_peer_counts_as_online_after_a_while() {
    let mut world = World::new(true);
    world.turn();
    assert_eq!(world.health(), []);
    world.pass(3);
    assert_eq!(world.health(), [Health::Online]);
}

#[test]
fn a_peer_that_fell_silent_must_speak_to_be_online_again() {
    let mut world = World::new(true);
    world.pass(3600);
    assert!(
        matches!(world.health().as_slice(), [Health::Online, Health::Unreachable { why, .. }] if why == "it fell silent")
    );
    world.net.is_greeting = true;
    world.pass_until_online();
    assert_eq!(world.health(), [Health::Online]);
}

#[test]
fn a_channel_that_never_opens_is_an_outage() {
    let mut world = World::new(true);
    world.net.is_deaf = true;
    world.pass(9);
    assert_eq!(world.health(), []);
    world.pass(300);
    assert!(matches!(world.health().as_slice(), [Health::Unreachable { why, .. }] if why.contains("10s")));
}

#[test]
fn refused_is_told_once_with_its_cure() {
    let mut world = World::new(true);
    for _ in 0..20 {
        world.turn();
        world.hear(b"X");
        world.net.now = world.net.now + Duration::from_secs(61);
    }
    assert_eq!(world.health(), [Health::Refused { why: "set its password".to_owned() }]);
}

#[test]
fn nonsense_is_counted_and_keeps_the_connection() {
    let mut world = World::new(true);
    world.turn();
    world.hear(b"?");
    world.hear(b"");
    assert_eq!((world.link.n_malformed, world.net.n_opened), (2, 1));
    assert_eq!(world.health(), []);
}

#[test]
fn wishes_outlive_an_outage() {
    let mut world = World::new(false);
    world.turn();
    world.link.wish(world.net.now, &lamp(), &true).unwrap();
    assert_eq!(world.link.wish(world.net.now, &LocalId("other".into()), &true), Err(Unsupported));
    world.turn();
    assert!(world.net.sent.is_empty());
    world.net.is_up = true;
    world.pass(5);
    assert_eq!(world.net.sent, b"1");
    world.link.frame(world.net.now, &lamp(), &[0, 0]);
    world.turn();
    assert_eq!(world.net.sent, b"10");
    world.hear(b"0");
    assert_eq!(world.told.last(), Some(&Told::Report(Report::State(lamp(), false))));
}

#[test]
fn a_family_claims_what_is_its_own() {
    let search = Search::Mdns("_lamp._udp");
    let seen = |name| Sighting { search, name, from: None, properties: &[], payload: &[] };
    assert!((LAMP.claim)(&seen("Lamp 7")).is_some() && (LAMP.claim)(&seen("Toaster")).is_none());
    assert!((LAMP.open)(&dial("http://lamp")).is_err());
    assert_eq!((LAMP.id, LAMP.searches), ("lamp", [search].as_slice()));
}

#[test]
fn outputs_keep_order_and_payloads_apart() {
    let mut out = Outputs::<()>::default();
    for round in 0..2 {
        out.clear();
        assert_eq!(out.sends().count(), 0, "round {round}");
        out.send(Channel::Udp, Output::Datagram { to: None }, |bytes| bytes.extend_from_slice(b"abc"));
        out.send(Channel::Ws, Output::Message, |_| {});
        out.send(Channel::Tcp, Output::Bytes, |bytes| bytes.push(b'd'));
        let sent: Vec<_> = out.sends().map(|(channel, _, payload)| (channel, payload.to_vec())).collect();
        assert_eq!(sent, [(Channel::Udp, b"abc".to_vec()), (Channel::Ws, vec![]), (Channel::Tcp, b"d".to_vec())]);
    }
}

#[test]
fn pauses_double_within_their_range() {
    let (shortest, longest) = (Duration::from_secs(1), Duration::from_secs(60));
    let pauses = |seed| {
        let mut backoff = Backoff::new(shortest..=longest, seed);
        (0..12).map(|_| backoff.pause()).collect::<Vec<_>>()
    };
    assert_eq!(pauses(3), pauses(3));
    assert_ne!(pauses(3), pauses(4));
    for (i, pause) in pauses(3).into_iter().enumerate() {
        let full = (shortest * (1 << i)).min(longest);
        assert!(pause >= shortest && pause <= full && pause >= full.mul_f64(0.75), "{i}: {pause:?}");
    }
    let mut backoff = Backoff::new(shortest..=longest, 3);
    (0..9).for_each(|_| assert!(backoff.pause() >= shortest));
    backoff.reset();
    assert_eq!(backoff.pause(), shortest);
}
