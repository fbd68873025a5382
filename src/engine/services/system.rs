//! The program itself: settings in force, doors (ports) opened and closed by them, and what people must be told.
//!
//! Invariant: nothing listens beyond loopback unless the operator said so ([`Listen::bind`]).
//! Invariant: a bad edit of `settings.ron` changes nothing but a notice.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::engine::bus::{Answered, Batch, BusSender};
use crate::engine::services::imports::{self, Story};
use crate::engine::services::sensors::House;
use crate::engine::services::storage;
use crate::io::clock::Clock;
use crate::io::files;
use crate::io::tcp;
use crate::model::message::{Command, Envelope, Update};
use crate::model::snapshot::Snapshot;
use crate::model::system::{self, Level, Listener, Notice, PortState, Reach, Setting, Stopped, System};
use crate::model::thermal::Optics;
use crate::port::Posted;
use crate::settings::current::{Listen, Settings};
use crate::settings::import;
use crate::settings::import::steps::{Standing, Steps};
use crate::settings::layers::{self, Loaded};
use crate::settings::paths::Paths;
use crate::settings::window;
use crate::store::writer::Health;

const WATCH: Duration = Duration::from_secs(1);

/// What runs behind a TCP door until its token is cancelled.
pub type Serve = Arc<dyn Fn(TcpListener, CancellationToken) -> JoinHandle<()> + Send + Sync>;

/// Opens sockets of its own for an address, and runs over them until its token is cancelled.
pub type Own = Arc<dyn Fn(SocketAddr, CancellationToken) -> io::Result<JoinHandle<()>> + Send + Sync>;

/// How a door is opened.
#[derive(Clone)]
pub enum Opens {
    /// It listens by TCP.
    Tcp(Serve),
    /// It speaks to everybody on the network, by sockets of its own. It is opened only where the network may reach
    /// Hearthlight, or where its setting names an address of this machine.
    Everybody(Own),
}

/// One port: its setting, and what serves it.
#[derive(Clone)]
pub struct Door {
    /// Its setting's key.
    pub key: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Its setting.
    pub wanted: fn(&Settings) -> Listen,
    /// The port in whose place this one is opened where the system does not give it; with a warning.
    pub fallback: Option<u16>,
    /// What serves it; `None` if this version has nothing behind it.
    pub serve: Option<Opens>,
}

impl Door {
    /// The address to open under `reach`; `None` if nothing is to be opened.
    fn bind(&self, wanted: Listen, reach: Reach) -> Option<SocketAddr> {
        let bind = wanted.bind(reach)?;
        match (self.serve.as_ref()?, wanted) {
            (Opens::Everybody(_), Listen::At(at)) => (reach == Reach::Lan || at.ip().is_loopback()).then_some(bind),
            _ => Some(bind),
        }
    }

    /// Opens it. Returns where it is, what runs behind it, and why it is not where it should be, if it is not.
    fn open(&self, at: SocketAddr, demo: bool, stop: CancellationToken) -> io::Result<Entrance> {
        match &self.serve {
            Some(Opens::Tcp(serve)) => {
                let (listener, obstacle) = listen(at, self.fallback, demo)?;
                Ok((listener.local_addr().unwrap_or(at), serve(listener, stop), obstacle))
            }
            Some(Opens::Everybody(serve)) => Ok((at, serve(at, stop)?, None)),
            None => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    fn explain(&self, at: SocketAddr, error: &io::Error) -> String {
        match &self.serve {
            Some(Opens::Everybody(_)) => tcp::explain_udp(at, self.key, error),
            _ => tcp::explain(at, self.key, error),
        }
    }

    /// The same, which opens at another port where the system does not give its own.
    #[must_use]
    pub fn or_at(self, port: u16) -> Self {
        Self { fallback: Some(port), ..self }
    }
}

/// An open door: where it is, what runs behind it, and what kept it from its own port.
type Entrance = (SocketAddr, JoinHandle<()>, Option<io::Error>);

struct Opened {
    at: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// The service's state.
pub struct Control {
    clock: Clock,
    bus: BusSender,
    house: Arc<House>,
    settings: Arc<ArcSwap<Settings>>,
    paths: Paths,
    sets: Vec<String>,
    doors: Vec<(Door, Option<Opened>)>,
    demo: bool,
    paused: watch::Sender<bool>,
    snapshot: Arc<ArcSwap<Snapshot>>,
    commands: mpsc::Sender<Posted>,
    stopped: Option<Stopped>,
    edited: Option<SystemTime>,
    failing: bool,
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control").field("doors", &self.doors.len()).finish_non_exhaustive()
    }
}

/// What became of a command.
enum Decided {
    /// It is done, and this is so now.
    Now(Vec<system::Update>),
    /// An import: other services have to decide on the rest.
    Later(Steps),
}

/// What the service starts with.
#[derive(Debug)]
pub struct Start {
    /// Time.
    pub clock: Clock,
    /// Facts go here.
    pub bus: BusSender,
    /// The sensor service's shared part: told of new defaults and of pauses.
    pub house: Arc<House>,
    /// Where settings are.
    pub paths: Paths,
    /// `--set` arguments.
    pub sets: Vec<String>,
    /// Whether this is the demo home.
    pub demo: bool,
    /// Tells the demo's devices to hold still.
    pub paused: watch::Sender<bool>,
    /// The published state: an import is held against it.
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    /// Commands to other services, for what an import brings.
    pub commands: mpsc::Sender<Posted>,
    /// The master stop, if it held when the program ended.
    pub stopped: Option<Stopped>,
}

impl Control {
    /// The service over these doors.
    #[must_use]
    pub fn new(start: Start, doors: Vec<Door>) -> Self {
        let Start { clock, bus, house, paths, sets, demo, paused, snapshot, commands, stopped } = start;
        let settings = Arc::clone(&house.settings);
        let doors = doors.into_iter().map(|door| (door, None)).collect();
        let edited = edited(&paths);
        let failing = false;
        Self {
            clock,
            bus,
            house,
            settings,
            paths,
            sets,
            doors,
            demo,
            paused,
            snapshot,
            commands,
            stopped,
            edited,
            failing,
        }
    }

    /// The fact that tells what is true at the start.
    #[must_use]
    pub fn opening(&self, views: Vec<Setting>) -> Update {
        let settings = self.settings.load();
        let system = System {
            version: env!("CARGO_PKG_VERSION").into(),
            data: self.paths.data.display().to_string().into(),
            demo: self.demo,
            reach: self.reach(&settings),
            operator: settings.operator_name().into(),
            settings: Arc::new(views),
            stopped: self.stopped.clone(),
            ..System::default()
        };
        Update::System(system::Update::Reset(Arc::new(system)))
    }

    /// Tells what went wrong before, and opens the doors.
    pub async fn open(&mut self, notices: &[String]) {
        let settings = self.settings.load_full();
        self.tell_notices(notices);
        self.apply_doors(&settings).await;
    }

    /// What went wrong while loading without stopping us.
    fn tell_notices(&self, notices: &[String]) {
        let told = notices.iter().enumerate().map(|(n, text)| system::Update::Noticed {
            cause: format!("loading {n}").into(),
            notice: self.notice(Level::Warning, text),
        });
        self.say(told.collect());
    }

    /// Who may reach Hearthlight: in the demo home nobody but this machine.
    fn reach(&self, settings: &Settings) -> Reach {
        if self.demo { Reach::Loopback } else { settings.network.reach }
    }

    fn say(&self, updates: Vec<system::Update>) {
        self.bus.say(Batch::of(updates.into_iter().map(Update::System).collect()));
    }

    async fn apply_doors(&mut self, settings: &Settings) {
        let reach = self.reach(settings);
        for at in 0..self.doors.len() {
            let Some((door, opened)) = self.doors.get_mut(at) else { continue };
            let wanted = (door.wanted)(settings);
            let bind = door.bind(wanted, reach);
            if bind == opened.as_ref().map(|o| o.at) && bind.is_some() {
                continue;
            }
            if let Some(Opened { stop, task, .. }) = opened.take() {
                stop.cancel();
                drop(task.await);
            }
            let mut warning = None;
            let state = match (&door.serve, bind) {
                (None, _) => PortState::NotBuilt,
                (Some(_), None) => PortState::Off,
                (Some(_), Some(bind)) => {
                    let stop = CancellationToken::new();
                    match door.open(bind, self.demo, stop.clone()) {
                        Ok((real, task, obstacle)) => {
                            *opened = Some(Opened { at: bind, stop, task });
                            warning = obstacle.map(|error| {
                                let (why, port) = (tcp::explain(bind, door.key, &error), real.port());
                                format!("{}: answers at port {port} instead of {}. {why}", door.purpose, bind.port())
                            });
                            PortState::Open { at: real.to_string() }
                        }
                        Err(error) => PortState::Failed { why: door.explain(bind, &error) },
                    }
                }
            };
            self.tell_door(at, wanted, state, warning.as_deref());
        }
    }

    fn tell_door(&self, at: usize, wanted: Listen, state: PortState, warning: Option<&str>) {
        let Some((door, _)) = self.doors.get(at) else { return };
        let cause: Arc<str> = format!("port {}", door.key).into();
        let notice = match (&state, warning) {
            (PortState::Failed { why }, _) => {
                tracing::error!(key = door.key, why, "a port could not be opened");
                system::Update::Noticed { cause, notice: self.notice(Level::Warning, why) }
            }
            (PortState::Open { .. }, Some(why)) => {
                tracing::warn!(key = door.key, why, "listening at another port");
                system::Update::Noticed { cause, notice: self.notice(Level::Warning, why) }
            }
            (PortState::Open { at }, None) => {
                tracing::info!(key = door.key, %at, "listening");
                system::Update::NoticeGone { cause }
            }
            _ => system::Update::NoticeGone { cause },
        };
        let listener =
            Listener { key: door.key.into(), purpose: door.purpose.into(), wanted: wanted.to_string().into(), state };
        self.say(vec![system::Update::Listener(listener), notice]);
    }

    fn notice(&self, level: Level, text: &str) -> Notice {
        Notice { level, text: text.into(), since: self.clock.wall() }
    }

    /// Reads the settings again if the operator's file was edited.
    async fn watch(&mut self) {
        let edited = edited(&self.paths);
        if edited != self.edited {
            self.edited = edited;
            self.reload().await;
        }
        self.tell_store();
    }

    /// One notice while the disk fails, taken back when it works again.
    fn tell_store(&mut self) {
        let Some(store) = &self.house.store else { return };
        let health = store.health();
        let failing = health != Health::Good;
        if failing == std::mem::replace(&mut self.failing, failing) {
            return;
        }
        let cause: Arc<str> = "store".into();
        let update = match health {
            Health::Failing { why, .. } => {
                let text = format!("Changes cannot be saved: {why}. Free space or check the data folder.");
                system::Update::Noticed { cause, notice: self.notice(Level::Warning, &text) }
            }
            Health::Good => system::Update::NoticeGone { cause },
        };
        self.say(vec![update]);
    }

    async fn reload(&mut self) {
        let cause: Arc<str> = "settings".into();
        match layers::load(&self.paths, &self.sets) {
            Ok(loaded) => {
                self.say(vec![system::Update::NoticeGone { cause }]);
                self.adopt(loaded, &Story::OWN).await;
            }
            Err(error) => {
                tracing::warn!(%error, "settings.ron was not taken over");
                let text = format!("settings.ron was not taken over; the old values stay. {error}");
                self.say(vec![system::Update::Noticed { cause, notice: self.notice(Level::Warning, &text) }]);
            }
        }
    }

    /// Takes settings over, and says so in the name of whoever changed them.
    async fn adopt(&mut self, loaded: Loaded, story: &Story) {
        let Loaded { settings, views, notices } = loaded;
        self.tell_notices(&notices);
        if let Some(store) = &self.house.store {
            store.set_budget(storage::budget(&settings));
        }
        let settings = Arc::new(settings);
        self.settings.store(Arc::clone(&settings));
        let optics = Optics { emissivity: settings.thermal.emissivity, ..Optics::default() };
        self.house.arrays.lock().set_default_optics(optics);
        let update = Update::System(system::Update::Settings {
            all: Arc::new(views),
            reach: self.reach(&settings),
            operator: settings.operator_name().into(),
        });
        let Story { origin, cause } = story.clone();
        self.bus.say(Batch { updates: vec![update], origin, cause, answer: None });
        self.apply_doors(&settings).await;
    }

    async fn command(&mut self, posted: Posted) {
        let Posted { envelope: Envelope { command, origin, ticket, cause }, reply } = posted;
        let story = Story { origin, cause };
        let decided = match command {
            Command::System(command) => self.decide(command, &story).await,
            _ => Err("This is not for the program itself.".to_owned()),
        };
        let (updates, refused) = match decided {
            Ok(Decided::Now(updates)) => (updates.into_iter().map(Update::System).collect(), None),
            Ok(Decided::Later(steps)) => {
                let (bus, to) = (self.bus.clone(), self.commands.clone());
                // On a task of its own: this service must go on taking commands, or the way to the others fills up.
                tokio::spawn(imports::finish(
                    steps,
                    story,
                    to,
                    bus,
                    Answered { ticket, refused: None, made: None, reply },
                ));
                return;
            }
            Err(why) => (Vec::new(), Some(why)),
        };
        let Story { origin, cause } = story;
        self.bus.say(Batch { updates, origin, cause, answer: Some(Answered { ticket, refused, made: None, reply }) });
    }

    async fn decide(&mut self, command: system::Command, story: &Story) -> Result<Decided, String> {
        let updates = match command {
            system::Command::AnswerReach { lan } => {
                let value = if lan { "lan" } else { "loopback" };
                self.set("network.reach", value, story).await?;
                Vec::new()
            }
            system::Command::Set { key, value } => {
                self.set(&key, &value, story).await?;
                Vec::new()
            }
            system::Command::ShowWindow => vec![system::Update::WindowAsked],
            system::Command::PauseDemo(paused) if self.demo => {
                self.house.registry.lock().pause(paused, self.clock.now());
                self.paused.send_replace(paused);
                vec![system::Update::DemoPaused(paused)]
            }
            system::Command::Stop => self.stop(story),
            system::Command::Resume => self.resume(),
            system::Command::PauseDemo(_) => return Err("Only the demo home can be paused.".to_owned()),
            system::Command::Import { name, text } => {
                return self.import(name, text, story).await.map(Decided::Later);
            }
        };
        Ok(Decided::Now(updates))
    }

    /// The master stop. Who pressed it first is who is named.
    fn stop(&mut self, story: &Story) -> Vec<system::Update> {
        if self.stopped.is_some() {
            return Vec::new();
        }
        self.stopped = Some(Stopped { by: story.origin.words(), since: self.clock.wall() });
        vec![system::Update::Stopped(self.stopped.clone())]
    }

    fn resume(&mut self) -> Vec<system::Update> {
        self.stopped.take().map(|_| system::Update::Stopped(None)).into_iter().collect()
    }

    /// Plans an import and changes the settings it asks for. Returns what is left to do.
    async fn import(&mut self, name: String, text: String, story: &Story) -> Result<Steps, String> {
        // Some megabytes of text: not on a thread that serves connections.
        let read = tokio::task::spawn_blocking(move || import::recognise(&name, &text)).await;
        let plan = read.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
        let steps = plan.steps(&Standing { settings: &self.settings.load(), view: &self.snapshot.load() });
        for (key, value) in &steps.settings {
            self.set(key, value, story).await?;
        }
        Ok(steps)
    }

    async fn set(&mut self, key: &str, value: &str, story: &Story) -> Result<(), String> {
        let (paths, sets) = (self.paths.clone(), self.sets.clone());
        let (key, value) = (key.to_owned(), value.to_owned());
        // The disk may take its time: not on a thread that serves connections.
        let write = move || window::change_window(&paths, &sets, &key, &value, files::replace);
        let changed = tokio::task::spawn_blocking(write).await.map_err(|error| error.to_string())?;
        self.adopt(changed.map_err(|error| error.to_string())?, story).await;
        Ok(())
    }

    /// Closes every door and waits until what is behind them has ended.
    async fn close(&mut self) {
        for (_, opened) in &mut self.doors {
            if let Some(Opened { stop, .. }) = opened {
                stop.cancel();
            }
        }
        for (_, opened) in &mut self.doors {
            if let Some(Opened { task, .. }) = opened.take() {
                drop(tokio::time::timeout(Duration::from_secs(2), task).await);
            }
        }
    }
}

/// Runs the service's mailbox and its watch on the settings file until `stop`.
pub async fn run(mut control: Control, mut mailbox: mpsc::Receiver<Posted>, stop: CancellationToken) {
    let mut watch = tokio::time::interval(WATCH);
    watch.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = watch.tick() => control.watch().await,
            posted = mailbox.recv() => match posted {
                Some(posted) => control.command(posted).await,
                None => break,
            },
        }
    }
    control.close().await;
}

/// Listens; where the system does not give the port, at its fallback, and in the demo home at any free port. Says what
/// was in the way of the port itself, if people have to know.
fn listen(at: SocketAddr, fallback: Option<u16>, demo: bool) -> io::Result<(TcpListener, Option<io::Error>)> {
    let error = match tcp::listen(at) {
        Ok(listener) => return Ok((listener, None)),
        Err(error) => error,
    };
    let withheld = matches!(error.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied);
    if let Some(port) = fallback.filter(|_| withheld)
        && let Ok(listener) = tcp::listen(SocketAddr::new(at.ip(), port))
    {
        return Ok((listener, Some(error)));
    }
    if demo && (error.kind() == io::ErrorKind::AddrInUse || fallback.is_some()) {
        return tcp::listen(SocketAddr::new(at.ip(), 0)).map(|listener| (listener, fallback.map(|_| error)));
    }
    Err(error)
}

fn edited(paths: &Paths) -> Option<SystemTime> {
    std::fs::metadata(&paths.settings).and_then(|meta| meta.modified()).ok()
}
