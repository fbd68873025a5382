//! A link with its driver and a simulated device, joined by a queue, with a hand-turned clock.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use hearthlight::drivers::light::{LightDriver, Said, Thing, Wish};
use hearthlight::drivers::{Claim, Family, LocalId, Report, Search, Sighting};
use hearthlight::engine::link::{Health, Link, Told, Transport};
use hearthlight::model::frame::Frame;
use hearthlight::model::lights::Reported;
use hearthlight::model::lights::capabilities::Capabilities;
use hearthlight::model::lights::state::{Color, State};
use hearthlight::units::color::Linear;
use hearthlight::units::moment::Moment;
use hearthlight::wire::{Channel, Endpoint, Input, Output};

/// What a channel brings, owned.
#[derive(Clone, Debug)]
pub enum In {
    Opened,
    Closed(&'static str),
    Datagram(Vec<u8>),
    Bytes(Vec<u8>),
    Listening(SocketAddr),
    Accepted(SocketAddr),
    Hung,
}

/// What is at the other end of a link.
pub trait Peer {
    /// A channel is opened.
    fn open(&mut self, now: Moment, channel: Channel, back: &mut Vec<(Channel, In)>);
    /// Something was sent.
    fn hear(&mut self, now: Moment, channel: Channel, payload: &[u8], back: &mut Vec<(Channel, In)>);
}

/// The world of one link.
pub struct World<P> {
    pub now: Moment,
    pub peer: P,
    /// The peer is away: nothing reaches it.
    pub is_away: bool,
    /// One of so many packets is lost, each way; 0 for none.
    pub loses: u32,
    pub sent: Vec<(Moment, Channel, Vec<u8>)>,
    inbox: VecDeque<(Channel, In)>,
    held: Option<(Channel, In)>,
    n_packets: u32,
}

pub struct Bench<P> {
    pub link: Link<LightDriver>,
    pub world: World<P>,
    pub told: Vec<Told<Thing, Said>>,
}

impl<P: Peer> World<P> {
    /// The peer says this by itself.
    pub fn push(&mut self, one: (Channel, In)) {
        self.inbox.push_back(one);
    }

    fn put(&mut self, back: Vec<(Channel, In)>) {
        for one in back {
            self.n_packets += 1;
            let is_lost =
                self.loses > 0 && self.n_packets.is_multiple_of(self.loses) && matches!(one.1, In::Datagram(_));
            if !is_lost {
                self.inbox.push_back(one);
            }
        }
    }
}

impl<P: Peer> Transport for World<P> {
    fn now(&self) -> Moment {
        self.now
    }

    fn open(&mut self, channel: Channel, _: &Endpoint) {
        let mut back = Vec::new();
        if self.is_away && channel == Channel::Tcp {
            back.push((channel, In::Closed("nobody is there")));
        } else {
            self.peer.open(self.now, channel, &mut back);
        }
        self.put(back);
    }

    fn send(&mut self, channel: Channel, _: &Output, payload: &[u8]) {
        self.sent.push((self.now, channel, payload.to_vec()));
        self.n_packets += 1;
        let is_lost = self.loses > 0 && self.n_packets.is_multiple_of(self.loses) && channel == Channel::Udp;
        if !self.is_away && !is_lost {
            let mut back = Vec::new();
            self.peer.hear(self.now, channel, payload, &mut back);
            self.put(back);
        }
    }

    fn receive(&mut self) -> Option<(Channel, Result<Input<'_>, String>)> {
        let at = SocketAddr::from(([10, 0, 0, 7], 56_700));
        self.held = Some(self.inbox.pop_front()?);
        let (channel, input) = self.held.as_ref()?;
        let input = match input {
            In::Opened => Input::Opened,
            In::Closed(why) => return Some((*channel, Err((*why).to_owned()))),
            In::Datagram(bytes) => Input::Datagram { from: at, bytes },
            In::Bytes(bytes) => Input::Bytes(bytes),
            In::Listening(at) => Input::Listening { at: *at },
            In::Accepted(from) => Input::Accepted { from: *from },
            In::Hung => Input::Hung,
        };
        Some((*channel, Ok(input)))
    }

    fn close(&mut self) {
        self.inbox.clear();
    }
}

impl<P: Peer> Bench<P> {
    /// A link to `peer` by this family, at 10.0.0.7.
    pub fn new(family: &Family<LightDriver>, options: &[(&str, &str)], peer: P) -> Self {
        let options = options.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        let dial = hearthlight::drivers::Dial { address: "10.0.0.7", options: &options, secrets: &Default::default() };
        let link = Link::new((family.open)(&dial).unwrap(), 1);
        let world = World {
            now: Moment::from_millis(1000),
            peer,
            is_away: false,
            loses: 0,
            sent: Vec::new(),
            inbox: VecDeque::new(),
            held: None,
            n_packets: 0,
        };
        Self { link, world, told: Vec::new() }
    }

    /// Lets so much time pass.
    pub fn pass(&mut self, ms: u64) {
        let end = self.world.now + Duration::from_millis(ms);
        for _ in 0..200_000 {
            let Self { link, world, told } = self;
            let wake_at = link.turn(world, &mut |one| told.push(one));
            if !world.inbox.is_empty() {
                continue;
            }
            if wake_at > end || world.now >= end {
                world.now = end;
                return;
            }
            // Time never stands still, however soon it wants to be asked again.
            world.now = wake_at.max(world.now + Duration::from_micros(100));
        }
        panic!("it never rests");
    }

    pub fn wish(&mut self, thing: &str, wish: &Wish) {
        self.link.wish(self.world.now, &LocalId(thing.into()), wish).unwrap();
        let Self { link, world, told } = self;
        link.turn(world, &mut |one| told.push(one));
    }

    pub fn frame(&mut self, thing: &str, pixels: &[Linear]) {
        let mut frame = Frame::dark(pixels.len());
        frame.pixels_mut().copy_from_slice(pixels);
        self.link.frame(self.world.now, &LocalId(thing.into()), &frame);
        let Self { link, world, told } = self;
        link.turn(world, &mut |one| told.push(one));
    }

    /// What a thing can do, as it said last.
    pub fn capabilities(&self, thing: &str) -> Capabilities {
        let found = self.told.iter().rev().find_map(|told| match told {
            Told::Report(Report::Found(id, Thing::Light { capabilities, .. })) if &*id.0 == thing => Some(capabilities),
            _ => None,
        });
        found.expect("it is found").as_ref().clone()
    }

    /// How a thing said last that it is.
    pub fn reported(&self, thing: &str) -> Reported {
        let said = self.told.iter().rev().find_map(|told| match told {
            Told::Report(Report::State(id, Said::Light(reported))) if &*id.0 == thing => Some(reported),
            _ => None,
        });
        said.expect("it said how it is").clone()
    }

    /// The identity that it told.
    pub fn identity(&self) -> Option<&str> {
        self.told.iter().find_map(|told| match told {
            Told::Report(Report::Identity { identity, .. }) => Some(identity.as_str()),
            _ => None,
        })
    }

    /// Each change of health: true for online.
    pub fn healths(&self) -> Vec<bool> {
        let health = |told: &Told<Thing, Said>| match told {
            Told::Health(health) => Some(*health == Health::Online),
            Told::Report(_) => None,
        };
        self.told.iter().filter_map(health).collect()
    }

    /// How many packets went out on a channel within the last `ms`.
    pub fn n_sent(&self, channel: Channel, ms: u64) -> usize {
        let since = self.world.now - Duration::from_millis(ms);
        self.world.sent.iter().filter(|(at, known, _)| *known == channel && *at >= since).count()
    }
}

/// What a family makes of an answer to its first question.
pub fn claimed(family: &Family<LightDriver>, from: &str, payload: &[u8]) -> Option<Claim> {
    let search: Search = family.searches[0];
    let from = Some(from.parse().unwrap());
    (family.claim)(&Sighting { search, name: "", from, properties: &[], payload })
}

/// A wish for a light that is on.
pub fn on(brightness: f32, color: Color, transition_ms: u32) -> Wish {
    Wish::State { state: State { on: true, brightness, color, effect: None }, transition_ms }
}
