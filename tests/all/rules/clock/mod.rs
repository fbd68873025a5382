//! The clock's engine in a house whose clocks are turned by hand.

mod behaviors;
mod hands;
mod rules;
mod schedules;
mod smart;
mod stories;
mod task;
mod zones;

use std::collections::BTreeMap;
use std::sync::Arc;

use hearthlight::model::bridge::app::AppId;
use hearthlight::model::bridge::job::Job;
use hearthlight::model::bridge::kept::{Kind, ObjectId};
use hearthlight::model::bridge::object::{Behavior, Object};
use hearthlight::model::bridge::plan::{Act, Days, Schedule, When};
use hearthlight::model::bridge::{self, Identity, amend};
use hearthlight::model::inputs::{Aspect, Input, InputId, Said};
use hearthlight::model::lights::capabilities::Capabilities;
use hearthlight::model::lights::connection::{ConnectionId, Reach};
use hearthlight::model::lights::group::{Group, GroupId, GroupKind};
use hearthlight::model::lights::layers::Stack;
use hearthlight::model::lights::scene::{Content, Scene, SceneId};
use hearthlight::model::lights::state::{Change, State};
use hearthlight::model::lights::{self, Aim, Light, LightId, Reported};
use hearthlight::model::message::{Command, Origin, Stamped, Update};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::rules::clock::due::Now;
use hearthlight::rules::clock::engine::Engine;
use hearthlight::units::moment::Moment;
use jiff::{SignedDuration, Timestamp, Zoned};

/// A house with its engine; it obeys as the services do.
pub(crate) struct House {
    pub(crate) view: Arc<Snapshot>,
    pub(crate) engine: Engine,
    pub(crate) now: Now,
    /// What was done, and when by the wall clock.
    pub(crate) log: Vec<(Timestamp, Command, Origin)>,
}

pub(crate) const BERLIN: &str = "Europe/Berlin";

pub(crate) fn wall(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl House {
    /// A house in Berlin at a time.
    pub(crate) fn at(time: &str) -> Self {
        Self::with(time, Vec::new())
    }

    /// A house in Berlin that begins at a time with what is kept in it.
    pub(crate) fn with(time: &str, kept: Vec<(ObjectId, Object)>) -> Self {
        let mut view = Snapshot { seq: 1, ..Snapshot::default() };
        view.bridge.identity = Identity { zone: BERLIN.into(), place: Some((52.52, 13.405)), ..Identity::default() };
        view.bridge.objects = kept.into_iter().map(|(id, object)| (id, Arc::new(object))).collect();
        for id in ["desk", "shelf"] {
            view.lights.lights.insert(LightId(id.into()), Arc::new(light(id, false)));
        }
        let group = Group {
            id: GroupId("hall".into()),
            name: "Hall".into(),
            kind: GroupKind::Room,
            lights: [LightId("desk".into()), LightId("shelf".into())].into(),
            order: 0,
        };
        view.lights.groups.insert(group.id.clone(), Arc::new(group));
        for id in ["morning", "day", "evening", "night"] {
            let scene = Scene {
                id: SceneId(id.into()),
                name: id.into(),
                group: Some(GroupId("hall".into())),
                transition_ms: 400,
                content: Content::Still(BTreeMap::new()),
                active: false,
                palette: None,
                moving: false,
            };
            view.lights.scenes.insert(scene.id.clone(), Arc::new(scene));
        }
        Self::of(view, Now { moment: Moment::from_millis(3_600_000), wall: wall(time) })
    }

    pub(crate) fn of(view: Snapshot, now: Now) -> Self {
        let view = Arc::new(view);
        let engine = Engine::new(&view, now);
        let mut house = Self { view, engine, now, log: Vec::new() };
        house.obey();
        house
    }

    /// The program ends and begins again after a while.
    pub(crate) fn restart(self, away: SignedDuration) -> Self {
        let now = Now { moment: Moment::from_millis(1), wall: self.now.wall + away };
        let log = self.log;
        let mut house = Self::of(Snapshot::clone(&self.view), now);
        house.log.splice(0..0, log);
        house
    }

    /// Time goes on to this; the engine is woken whenever it wants to be.
    pub(crate) fn until(&mut self, time: &str) {
        self.until_wall(wall(time));
    }

    pub(crate) fn until_wall(&mut self, time: Timestamp) {
        for _ in 0..100_000 {
            let next = self.engine.wake_at().unwrap_or(Timestamp::MAX);
            if next > time {
                break;
            }
            self.pass(next.duration_since(self.now.wall).max(SignedDuration::ZERO));
            self.tick();
        }
        self.pass(time.duration_since(self.now.wall).max(SignedDuration::ZERO));
        self.tick();
    }

    /// Time goes on for so long while nothing runs.
    pub(crate) fn pass(&mut self, time: SignedDuration) {
        let Now { moment, wall } = self.now;
        self.now = Now { moment: moment + time.unsigned_abs(), wall: wall + time };
    }

    /// The wall clock is set forward, or back if negative.
    pub(crate) fn jump(&mut self, by: SignedDuration) {
        self.now.wall += by;
    }

    pub(crate) fn tick(&mut self) {
        self.engine.on_tick(self.now);
        self.obey();
    }

    /// Something becomes true.
    pub(crate) fn tell(&mut self, update: Update) {
        self.tell_all(vec![update]);
    }

    pub(crate) fn tell_all(&mut self, updates: Vec<Update>) {
        let mut view = Snapshot::clone(&self.view);
        let mut facts = Vec::new();
        for update in updates {
            let (seq, at, wall) = (view.seq + 1, self.now.moment, self.now.wall);
            let fact = Stamped { seq, at, wall, origin: Origin::System, cause: None, update };
            view.apply(&fact);
            facts.push(fact);
        }
        self.view = Arc::new(view);
        self.engine.on_facts(&self.view, &facts, self.now);
        self.obey();
    }

    /// An app keeps something.
    pub(crate) fn keep(&mut self, id: &ObjectId, object: Object) {
        self.tell(Update::Bridge(bridge::Update::Object(id.clone(), Arc::new(object))));
    }

    pub(crate) fn kept(&self, id: &ObjectId) -> Option<&Object> {
        self.view.bridge.objects.get(id).map(Arc::as_ref)
    }

    /// A switch or sensor says something, now.
    pub(crate) fn says(&mut self, id: &str, said: Said) {
        let known = self.view.lights.inputs.get(&InputId(id.into()));
        let mut input = known.map_or_else(|| input(id), |known| Input::clone(known));
        input.said.insert(said.key().into(), (self.now.wall, said));
        self.tell(Update::Lights(lights::Update::Input(Arc::new(input))));
    }

    /// A light is turned on or off.
    pub(crate) fn turn(&mut self, id: &str, on: bool) {
        self.tell(Update::Lights(lights::Update::Light(Arc::new(light(id, on)))));
    }

    /// The times at which something was done with lights, as the wall shows them.
    pub(crate) fn times(&self) -> Vec<String> {
        self.done().into_iter().map(|(at, _)| at).collect()
    }

    /// What was done with lights, and when as the wall shows it.
    pub(crate) fn done(&self) -> Vec<(String, lights::Command)> {
        let shown = |at: &Timestamp| Zoned::new(*at, jiff::tz::TimeZone::get(BERLIN).unwrap());
        let lights = self.log.iter().filter_map(|(at, command, _)| match command {
            Command::Lights(command) => Some((shown(at).strftime("%F %T").to_string(), command.clone())),
            _ => None,
        });
        lights.collect()
    }

    fn obey(&mut self) {
        for due in self.engine.take() {
            self.log.push((self.now.wall, due.command.clone(), due.origin));
            let Command::Bridge(command) = due.command else { continue };
            if let Some(update) = self.decide(command) {
                self.tell(Update::Bridge(update));
            }
        }
    }

    /// As the bridge's service decides.
    fn decide(&self, command: bridge::Command) -> Option<bridge::Update> {
        use bridge::Command as C;
        let kept = |id: &ObjectId| self.view.bridge.objects.get(id);
        let put = |id: ObjectId, object: Object| bridge::Update::Object(id, Arc::new(object));
        match command {
            C::Fired { id, at } => Some(match amend::fired(kept(&id)?, at) {
                Some(object) => put(id, object),
                None => bridge::Update::ObjectGone(id),
            }),
            C::Write { id, state } => {
                let written = amend::written(kept(&id)?, &state, self.now.wall).unwrap();
                Some(put(id, written))
            }
            C::Enable { id, on } => {
                let changed = amend::enabled(kept(&id)?, on, self.now.wall);
                Some(put(id, changed))
            }
            C::Put { id, object } => Some(put(ObjectId { kind: object.kind(), id: id? }, *object)),
            C::Remove(id) => Some(bridge::Update::ObjectGone(id)),
            _ => None,
        }
    }
}

pub(crate) fn id(kind: Kind, id: &str) -> ObjectId {
    ObjectId { kind, id: id.into() }
}

pub(crate) fn light(id: &str, on: bool) -> Light {
    Light {
        id: LightId(id.into()),
        name: id.into(),
        model: "".into(),
        connection: ConnectionId("hub".into()),
        local: id.into(),
        capabilities: Arc::new(Capabilities::switch(1.0)),
        stack: Arc::new(Stack::default()),
        wanted: State { on, ..State::default() },
        reported: Reported::default(),
        reach: Reach::Online,
        streaming_fps: 0.0,
        power_on: None,
        favourite: false,
    }
}

/// A dimmer switch that also sees motion and light.
pub(crate) fn input(id: &str) -> Input {
    let names = ["on_press", "on_press_release", "on_hold", "on_hold_release", "off_press", "off_press_release"];
    Input {
        id: InputId(id.into()),
        name: id.into(),
        model: "".into(),
        connection: ConnectionId("hub".into()),
        local: id.into(),
        aspects: [Aspect::Buttons(names.map(Arc::from).into()), Aspect::Motion, Aspect::LightLevel].into(),
        said: BTreeMap::new(),
        reach: Reach::Online,
    }
}

/// Turns the hall on.
pub(crate) fn hall_on() -> lights::Command {
    hall(true)
}

pub(crate) fn hall(on: bool) -> lights::Command {
    let change = Change { on: Some(on), ..Change::default() };
    lights::Command::Set { aims: vec![Aim::Group(GroupId("hall".into()))], change }
}

pub(crate) fn recall(scene: &str, transition_ms: Option<u32>) -> lights::Command {
    lights::Command::Recall { scene: SceneId(scene.into()), transition_ms }
}

/// A schedule that turns the hall on.
pub(crate) fn schedule(when: When, created: &str) -> Schedule {
    Schedule {
        name: "Wake".into(),
        description: "".into(),
        owner: Some(AppId("app".into())),
        written: ("".into(), false),
        when,
        random_s: 0,
        command: "{}".into(),
        acts: vec![Act::Lights(hall_on())],
        enabled: true,
        autodelete: true,
        recycle: false,
        created: wall(created),
        started: None,
        fired: None,
    }
}

pub(crate) fn behavior(job: Job) -> Behavior {
    Behavior {
        script: uuid::Uuid::nil(),
        name: "Morning".into(),
        enabled: true,
        configuration: "{}".into(),
        job: Some(job),
        started: None,
    }
}

pub(crate) const WORKDAYS: Days = Days(124);
