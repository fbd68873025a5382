//! The lights service without links: commands and reports in, facts and wishes out, a clock that is turned by hand.

mod connections;
mod heard;
mod kept;
mod leases;
mod scenes;
mod story;
mod wanted;
mod writes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use hearthlight::drivers::light::{LightDriver, Said, Thing, Wish};
use hearthlight::drivers::{Driver, Error, Family, LocalId, Opening, Outputs, Report, Unsupported, Wrong};
use hearthlight::engine::link::{Health, Told};
use hearthlight::engine::links::Heard;
use hearthlight::engine::services::lights::book::{Deed, Lights, Now, Out};
use hearthlight::model::frame::Frame;
use hearthlight::model::lights::capabilities::{Capabilities, PowerOn, Rates};
use hearthlight::model::lights::connection::{ConnectionId, Target};
use hearthlight::model::lights::group::{GroupId, GroupKind};
use hearthlight::model::lights::layers::Kind;
use hearthlight::model::lights::state::{Change, Color, State};
use hearthlight::model::lights::{self, Aim, Command, Light, LightId, Reported, Update};
use hearthlight::model::message::Origin;
use hearthlight::units::color::{Gamut, Xy};
use hearthlight::units::moment::Moment;
use hearthlight::wire::{Channel, Input};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A driver that does nothing: here only what the service says counts.
struct Idle;

impl Driver for Idle {
    type Wish = Wish;
    type Report = Said;
    type Capabilities = Thing;
    type Frame = Frame;

    fn wish(&mut self, _: Moment, _: &LocalId, _: &Wish) -> Result<(), Unsupported> {
        Ok(())
    }

    fn frame(&mut self, _: Moment, _: &LocalId, _: &Frame) {}

    fn receive(&mut self, _: Moment, _: Channel, _: Input<'_>) -> Result<(), Error> {
        Ok(())
    }

    fn poll(&mut self, _: Moment, _: &mut Outputs<Report<Thing, Said>>) {}

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

static FAMILY: Family<LightDriver> = Family {
    id: "lamp",
    name: "Lamp",
    about: "A lamp of the tests.",
    searches: &[],
    claim: |_| None,
    address_hint: "",
    fields: &[],
    open: |dial| match dial.address {
        "nowhere" => Err(Wrong("\"nowhere\" is no address. Write another.".to_owned())),
        _ => Ok(Opening { driver: Box::new(Idle), channels: Vec::new() }),
    },
};

static FAMILIES: &[&Family<LightDriver>] = &[&FAMILY];

/// The clock of Berlin, by its rules: no machine has to know the place.
fn berlin() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

/// A service and what follows from what it is told.
struct Home {
    lights: Lights,
    now: Now,
    /// The newest wish of each light, by the name its connection uses.
    wished: BTreeMap<String, State>,
    /// The facts of the last step.
    told: Vec<Update>,
    /// The deeds of the last step.
    deeds: Vec<String>,
    /// All facts folded.
    mirror: lights::Lights,
}

fn id(name: &str) -> LightId {
    LightId(name.into())
}

fn aim(name: &str) -> Vec<Aim> {
    vec![Aim::Light(id(name))]
}

fn ana() -> Origin {
    Origin::Operator("Ana".into())
}

fn red() -> Color {
    Color::Xy(Xy::new(0.64, 0.33).unwrap())
}

fn blue() -> Color {
    Color::Xy(Xy::new(0.16, 0.08).unwrap())
}

fn on(brightness: f32) -> Change {
    Change { on: Some(true), brightness: Some(brightness), ..Change::default() }
}

fn colored(color: Color) -> Change {
    Change { color: Some(color), ..Change::default() }
}

/// A bulb that can do everything.
fn bulb() -> Capabilities {
    Capabilities {
        dimming: true,
        color: Some(Gamut::C),
        mirek: Some(153..=500),
        segments: 0,
        pixels: 1,
        transition: true,
        effects: Arc::new(["fire".into()]),
        power_on: Arc::new([PowerOn::Previous]),
        identify: true,
        rates: Rates { changes_hz: 20.0, frames_hz: 60.0 },
    }
}

impl Home {
    fn empty() -> Self {
        let mut lights = Lights::new(FAMILIES, berlin(), false);
        let wall: Timestamp = "2026-05-04T18:00:00Z".parse().unwrap();
        let now = Now { at: Moment::from_millis(1000), wall };
        lights.begin(now);
        let (wished, mirror) = (BTreeMap::new(), lights::Lights::default());
        let mut home = Self { lights, now, wished, told: Vec::new(), deeds: Vec::new(), mirror };
        home.settle();
        home
    }

    /// One connection, online, with bulbs of these names.
    fn with(names: &[&str]) -> Self {
        let mut home = Self::empty();
        home.command(connect("10.0.0.1")).unwrap();
        home.health(Health::Online);
        names.iter().for_each(|name| home.found(name, bulb(), None));
        home.pass(10.0);
        home
    }

    fn connection(&self) -> ConnectionId {
        self.mirror.connections.keys().next().cloned().unwrap()
    }

    fn settle(&mut self) {
        let Out { updates, wishes, deeds } = self.lights.take();
        for (_, thing, wish) in wishes {
            if let Wish::State { state, .. } = wish {
                assert!(!state.on || state.brightness > 0.0, "on without light");
                self.wished.insert(thing.0.to_string(), state);
            }
        }
        updates.iter().for_each(|update| self.mirror.apply(update));
        assert_eq!(self.mirror.lights, self.lights.state().lights, "the facts tell all of it");
        assert_eq!(self.mirror.groups, self.lights.state().groups);
        assert_eq!(self.mirror.scenes, self.lights.state().scenes);
        self.lights.verify_invariants();
        self.told = updates;
        self.deeds = deeds.iter().map(deed).collect();
    }

    fn command_of(&mut self, origin: &Origin, command: Command) -> Result<(), String> {
        let before = self.lights.state().clone();
        let decided = self.lights.on_command(command, origin, self.now);
        if decided.is_err() {
            assert_eq!(*self.lights.state(), before, "a refused command changes nothing");
        }
        self.settle();
        decided
    }

    fn command(&mut self, command: Command) -> Result<(), String> {
        self.command_of(&ana(), command)
    }

    fn set(&mut self, name: &str, change: Change) {
        self.command(Command::Set { aims: aim(name), change }).unwrap();
    }

    fn layer(&mut self, kind: Kind, key: &str, name: &str, change: Change) {
        let origin = if kind == Kind::Alarm { Origin::Alarm(key.into()) } else { Origin::Rule(key.into()) };
        let put = Command::PutLayer { kind, key: key.into(), name: key.into(), aims: aim(name), change };
        self.command_of(&origin, put).unwrap();
    }

    fn refused(&mut self, command: Command, word: &str) {
        let why = self.command(command).expect_err(word);
        assert!(why.contains(word), "{why:?} does not say {word:?}");
    }

    fn hear(&mut self, report: Report<Thing, Said>) {
        let heard = Heard::Told(self.connection(), Told::Report(report));
        self.lights.on_heard(heard, self.now);
        self.settle();
    }

    fn health(&mut self, health: Health) {
        let heard = Heard::Told(self.connection(), Told::Health(health));
        self.lights.on_heard(heard, self.now);
        self.settle();
    }

    fn down(&mut self) {
        self.health(Health::Unreachable { since: self.now.at, why: "it is silent".to_owned() });
    }

    fn found(&mut self, name: &str, capabilities: Capabilities, room: Option<&str>) {
        let thing = Thing::Light {
            name: name.into(),
            model: "Bulb".into(),
            room: room.map(Into::into),
            capabilities: Arc::new(capabilities),
        };
        self.hear(Report::Found(local(name), thing));
    }

    fn says(&mut self, name: &str, reported: Reported) {
        self.hear(Report::State(local(name), Said::Light(reported)));
    }

    fn pass(&mut self, seconds: f64) {
        let passed = Duration::from_secs_f64(seconds);
        self.now = Now { at: self.now.at + passed, wall: self.now.wall + passed };
        self.lights.on_tick(self.now);
        self.settle();
    }

    fn light(&self, name: &str) -> Arc<Light> {
        Arc::clone(&self.mirror.lights[&id(name)])
    }

    fn wanted(&self, name: &str) -> State {
        self.light(name).wanted.clone()
    }

    fn room(&mut self, name: &str, lights: &[&str]) -> GroupId {
        let lights: BTreeSet<_> = lights.iter().map(|name| id(name)).collect();
        let put = Command::PutGroup { group: None, name: name.to_owned(), kind: GroupKind::Room, lights };
        self.command(put).unwrap();
        self.mirror.groups.values().max_by_key(|group| group.order).unwrap().id.clone()
    }
}

fn local(name: &str) -> LocalId {
    LocalId(name.into())
}

fn connect(address: &str) -> Command {
    Command::Connect { target: target(address), secrets: BTreeMap::new() }
}

fn target(address: &str) -> Target {
    Target { family: "lamp".into(), address: address.into(), options: BTreeMap::new() }
}

fn deed(deed: &Deed) -> String {
    match deed {
        Deed::Start(id, _) => format!("start {}", id.0),
        Deed::Stop(id) => format!("stop {}", id.0),
        Deed::Retry(id) => format!("retry {}", id.0),
        Deed::Stream(id, streams) => format!("stream {} {}", id.0, streams.len()),
        Deed::Ask => "ask".to_owned(),
        Deed::Pause => "pause".to_owned(),
        Deed::Sweep(networks) => format!("sweep {}", networks.join(" ")),
        Deed::Keep => "keep".to_owned(),
    }
}
