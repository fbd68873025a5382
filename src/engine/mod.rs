//! The engine: services on a tokio runtime, the bus between them and the faces, and the order in which they start and
//! stop. This file only wires.
//!
//! ```text
//! device --bytes--> session --readings--> slots  (sampled by faces at their own rate)
//!                      |
//!                      +--facts--> bus --fold--> snapshot --> window, API, storage
//! window, API --commands--> router --> service --outcome--> bus --> whoever asked
//! ```
//!
//! Invariant: no service calls a face, no face calls a service.

pub mod bus;
pub mod discovery;
pub mod link;
pub mod links;
pub mod metrics;
pub mod readers;
mod restore;
pub mod services;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::tz::TimeZone;
use parking_lot::Mutex;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::drivers;
use crate::engine::bus::{Batch, Bus, BusSender, Ends};
use crate::engine::readers::{QUESTIONS, Sources};
use crate::engine::services::lights::kept::Keeper;
use crate::engine::services::lights::lease::Leases;
use crate::engine::services::lights::secrets::{self, Secrets};
use crate::engine::services::sensors::bound::Ground;
use crate::engine::services::sensors::registry::Registry;
use crate::engine::services::sensors::{self, House};
use crate::engine::services::system::{self, Control, Door, Opens, Start};
use crate::engine::services::thermal::Arrays;
use crate::engine::services::{
    alarms, appearance, bridge, exports, herald, history, layouts, lights, recording, storage,
};
use crate::io::certificate::Shown;
use crate::io::clock::Clock;
use crate::io::reveal;
use crate::model::message::{Command, Update};
use crate::model::thermal::Optics;
use crate::port::slots::Slots;
use crate::port::{Port, Posted, Wake};
use crate::settings::current::{Listen, Settings};
use crate::settings::layers::Loaded;
use crate::settings::paths::Paths;
use crate::store::Store;
use crate::store::recordings::Recordings;

const MAILBOX: usize = 1024;

/// What an engine starts with.
#[derive(Debug)]
pub struct Setup {
    /// Time.
    pub clock: Clock,
    /// Where things are kept.
    pub paths: Paths,
    /// `--set` arguments, for when settings are read again.
    pub sets: Vec<String>,
    /// Settings as loaded.
    pub loaded: Loaded,
    /// The store; `None` keeps nothing.
    pub store: Option<Store>,
    /// Whether a window will drain the facts.
    pub window: bool,
    /// Whether this is the demo home.
    pub demo: bool,
}

/// What runs behind doors, each made of the plug that it gets.
pub struct Faces {
    /// Behind the API's.
    pub api: Box<dyn FnOnce(Port) -> system::Serve + Send>,
    /// Behind the Hue bridge's two, with the certificate that is shown.
    pub hue: Box<dyn FnOnce(Port, Shown) -> HueDoors + Send>,
}

/// What runs behind the Hue bridge's doors.
#[derive(Clone)]
pub struct HueDoors {
    /// Behind HTTP.
    pub http: system::Serve,
    /// Behind HTTPS.
    pub https: system::Serve,
    /// Behind discovery by SSDP.
    pub ssdp: system::Own,
    /// Behind discovery by multicast DNS.
    pub mdns: system::Own,
}

impl std::fmt::Debug for HueDoors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HueDoors").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Faces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Faces").finish_non_exhaustive()
    }
}

/// A running engine.
#[derive(Debug)]
pub struct Engine {
    /// The plug for faces.
    pub port: Port,
    /// Tells the demo's devices to hold still.
    pub paused: watch::Receiver<bool>,
    /// Who wants to stream to lights asks here.
    pub leases: Leases,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    /// Ends those that keep what the others said.
    stop_keepers: CancellationToken,
    keepers: Vec<JoinHandle<()>>,
    store: Option<Store>,
    recordings: Option<Recordings>,
}

impl Engine {
    /// Starts every service.
    ///
    /// # Errors
    /// The system gives no threads, or no random bits.
    pub async fn start(setup: Setup, faces: Faces) -> std::io::Result<Self> {
        let Setup { clock, paths, sets, loaded, store, window, demo } = setup;
        let Loaded { settings, views, notices } = loaded;
        let (sounds, exported) = (paths.data.join("sounds"), paths.exports.clone());
        let slots = Arc::new(Slots::default());
        let wake = Wake::default();
        let (bus_sender, batches) = BusSender::new();
        let (bus, ends) = Bus::new(clock.clone(), Arc::clone(&slots), wake.clone(), window);
        if let Some(store) = &store {
            store.set_budget(storage::budget(&settings));
        }
        let recordings = match &store {
            Some(_) => Some(Recordings::open(&paths.recordings.join("thermal"), recording::budget(&settings))?),
            None => None,
        };
        let (house, damaged) = house(&clock, &slots, &wake, settings, &bus_sender, store.clone());
        let restore::Program { stopped, layouts, lights: stored, bridge: known, damaged: lost } =
            restore::program(store.as_ref(), clock.wall());
        let bridge_files = bridge::Files::within(&paths.secrets);
        let restore::Hue { mut bridge, shown, damaged: strange } = restore::hue(
            &bridge_files,
            known,
            &house.settings.load(),
            TimeZone::system().iana_name().unwrap_or("UTC"),
        )?;
        let secrets_file = paths.secrets.join(secrets::FILE);
        let (secrets, unread) = Secrets::load(&secrets_file)
            .map_or_else(|why| (Secrets::default(), vec![why]), |secrets| (secrets, Vec::new()));
        let mut lit = lights::book::Lights::new(drivers::LIGHTS, TimeZone::system(), demo);
        lit.restore(stored, secrets);
        let kept = Keeper::new(lit.state());
        let notices = [notices, damaged, restore::house(&house), lost, unread, strange].concat();

        let (commands, inbox) = mpsc::channel(MAILBOX);
        let (questions, asked) = crossbeam_channel::bounded(QUESTIONS);
        let sources = Sources {
            clock: clock.clone(),
            settings: Arc::clone(&house.settings),
            slots: Arc::clone(&slots),
            snapshot: Arc::clone(&ends.snapshot),
            bus: bus_sender.clone(),
            window: ends.facts.receiver.clone(),
            store: store.clone(),
            recordings: recordings.clone(),
            started: clock.wall(),
        };
        readers::start(&sources, &asked)?;
        let port = port(ends, commands, questions, slots, wake);

        let stop = CancellationToken::new();
        let (paused_sender, paused) = watch::channel(false);
        let start = Start {
            clock,
            bus: bus_sender.clone(),
            house: Arc::clone(&house),
            paths,
            sets,
            demo,
            paused: paused_sender,
            snapshot: Arc::clone(&port.snapshot),
            commands: port.commands.clone(),
            stopped,
        };
        let Faces { api, hue } = faces;
        let (api, hue) = (api(port.clone()), hue(port.clone(), Arc::clone(&shown)));
        let mut control = Control::new(start, doors(&house, api, hue));
        let stage = herald::Stage {
            port: port.clone(),
            settings: Arc::clone(&house.settings),
            clock: house.ground.clock.clone(),
            bus: bus_sender.clone(),
            sounds,
        };
        // All that was true before in one go: nobody sees an alarm without the master stop that holds.
        let mut opening = vec![control.opening(views), layouts.opening(), Update::Lights(lit.opening())];
        opening.extend(sensors::opening(&house));
        opening.extend(house.alarms.opening());
        opening.push(Update::Bridge(bridge.opening(&restore::seen(&opening))));
        bus_sender.say(Batch::of(opening));
        let layouts_bus = bus_sender.clone();
        let desk = exports::Desk {
            clock: house.ground.clock.clone(),
            zone: TimeZone::system(),
            settings: Arc::clone(&house.settings),
            folder: exported,
            slots: Arc::clone(&house.ground.slots),
            snapshot: Arc::clone(&port.snapshot),
            store: store.clone(),
            past: match recordings.clone() {
                Some(recordings) => Arc::new(recordings),
                None => Arc::new(exports::past::Unrecorded),
            },
            reveal: Arc::new(reveal::Desktop),
        };
        let exports_bus = bus_sender.clone();
        let lamps = lights::Stage {
            bus: bus_sender.clone(),
            settings: Arc::clone(&house.settings),
            clock: house.ground.clock.clone(),
            families: drivers::LIGHTS,
            secrets: secrets_file,
            slots: Arc::clone(&house.ground.slots),
            snapshot: Arc::clone(&port.snapshot),
            demo,
        };
        house.ground.slots.bridge.ring.store(Arc::new(bridge.keys().ring()));
        let switchboard = bridge::Stage {
            bus: bus_sender.clone(),
            settings: Arc::clone(&house.settings),
            clock: house.ground.clock.clone(),
            slots: Arc::clone(&house.ground.slots),
            store: store.clone(),
            files: bridge_files,
            shown,
        };
        let (feed, newest) = (port.feed.clone(), Arc::clone(&port.snapshot));
        let (leases, asked_leases) = lights::leases();
        let folded = tokio::spawn(bus.run(bus_sender, batches));
        control.open(&notices).await;

        let (to_sensors, sensors_inbox) = mpsc::channel(MAILBOX);
        let (to_alarms, alarms_inbox) = mpsc::channel(MAILBOX);
        let (to_exports, exports_inbox) = mpsc::channel(MAILBOX);
        let (to_lights, lights_inbox) = mpsc::channel(MAILBOX);
        let (to_bridge, bridge_inbox) = mpsc::channel(MAILBOX);
        let (to_layouts, layouts_inbox) = mpsc::channel(MAILBOX);
        let (to_system, system_inbox) = mpsc::channel(MAILBOX);
        let mailboxes = Mailboxes {
            sensors: to_sensors,
            alarms: to_alarms,
            lights: to_lights,
            bridge: to_bridge,
            exports: to_exports,
            layouts: to_layouts,
            system: to_system,
        };
        let snapshot = Arc::clone(&port.snapshot);
        let tasks = vec![
            tokio::spawn(route(inbox, mailboxes, stop.clone())),
            tokio::spawn(alarms::run(Arc::clone(&house.alarms), snapshot, alarms_inbox, stop.clone())),
            tokio::spawn(lights::run(lamps, lit, lights_inbox, asked_leases, stop.clone())),
            tokio::spawn(bridge::run(switchboard, bridge, bridge_inbox, feed, newest, stop.clone())),
            tokio::spawn(herald::run(stage, stop.clone())),
            tokio::spawn(exports::run(desk, exports_bus, exports_inbox, stop.clone())),
            tokio::spawn(layouts::run(layouts, layouts_bus, layouts_inbox, stop.clone())),
            tokio::spawn(sensors::run(Arc::clone(&house), sensors_inbox, stop.clone())),
            tokio::spawn(system::run(control, system_inbox, stop.clone())),
        ];
        if window {
            // Only a window has a look. It ends with the others, and nothing waits for it.
            drop(tokio::spawn(appearance::run(house.bus.clone(), stop.clone())));
        }
        let (stop_keepers, mut keepers) = (CancellationToken::new(), Vec::new());
        if let Some(recordings) = recordings.clone() {
            let (house, feed) = (Arc::clone(&house), port.feed.clone());
            keepers.push(tokio::spawn(recording::run(house, recordings, feed, stop_keepers.clone())));
        }
        if let Some(store) = store.clone() {
            let (clock, slots) = (house.ground.clock.clone(), Arc::clone(&house.ground.slots));
            keepers.push(tokio::spawn(history::run(clock, slots, store.clone(), stop_keepers.clone())));
            let newest = Arc::clone(&port.snapshot);
            let feed = port.feed.clone();
            keepers.push(tokio::spawn(storage::run(house, store, kept, feed, newest, stop_keepers.clone())));
        }
        drop(folded);
        Ok(Self { port, paused, leases, stop, tasks, stop_keepers, keepers, store, recordings })
    }

    /// Stops every service, closes every port, and sees that everything is on disk. Takes at most about 3 s.
    pub async fn stop(self) {
        let Self { stop, tasks, stop_keepers, keepers, store, recordings, port, .. } = self;
        drop(port);
        for (stop, tasks) in [(stop, tasks), (stop_keepers, keepers)] {
            stop.cancel();
            for task in tasks {
                // A task that does not end is abandoned with the runtime; nothing that must be saved depends on it.
                drop(tokio::time::timeout(Duration::from_millis(2500), task).await);
            }
        }
        if let Some(recordings) = recordings {
            // It does not panic; if it did, the files are as after a kill.
            drop(tokio::task::spawn_blocking(move || recordings.close()).await);
        }
        if let Some(store) = store {
            let closed = tokio::task::spawn_blocking(move || store.close()).await;
            if let Ok(Err(error)) = closed {
                tracing::error!(%error, "not everything could be saved");
            }
        }
    }
}

fn house(
    clock: &Clock,
    slots: &Arc<Slots>,
    wake: &Wake,
    settings: Settings,
    bus: &BusSender,
    store: Option<Store>,
) -> (Arc<House>, Vec<String>) {
    let (alarms, damaged) = alarms::Alarms::open(clock, slots, bus, store.clone());
    let optics = Optics { emissivity: settings.thermal.emissivity, ..Optics::default() };
    let house = Arc::new(House {
        ground: Ground { clock: clock.clone(), slots: Arc::clone(slots), wake: wake.clone() },
        registry: Mutex::new(Registry::new(Arc::clone(slots))),
        arrays: Mutex::new(Arrays::new(optics)),
        settings: Arc::new(ArcSwap::from_pointee(settings)),
        bus: bus.clone(),
        store,
        alarms: Arc::new(alarms),
    });
    (house, damaged)
}

fn port(
    ends: Ends,
    commands: mpsc::Sender<Posted>,
    questions: crossbeam_channel::Sender<crate::port::Asked>,
    slots: Arc<Slots>,
    wake: Wake,
) -> Port {
    let Ends { snapshot, published, feed, facts, outcomes } = ends;
    let (tickets, (quit, _)) = (Arc::new(AtomicU64::new(0)), watch::channel(false));
    Port { commands, questions, snapshot, published, feed, facts, slots, wake, outcomes, tickets, quit }
}

/// Every port of the program, in the order in which people see them. A new one is one line.
fn doors(house: &Arc<House>, api: system::Serve, hue: HueDoors) -> Vec<Door> {
    let sensors: system::Serve = {
        let house = Arc::clone(house);
        Arc::new(move |listener, stop| {
            tokio::spawn(services::sensors::server::serve(listener, Arc::clone(&house), stop))
        })
    };
    let door =
        |key, purpose, wanted: fn(&Settings) -> Listen, serve| Door { key, purpose, wanted, fallback: None, serve };
    vec![
        door(
            "sensors.listen",
            "Sensor server: devices dial in, without a password",
            |s| s.sensors.listen,
            Some(Opens::Tcp(sensors)),
        ),
        door("api.listen", "Local API, metrics and health", |s| s.api.listen, Some(Opens::Tcp(api))),
        door("bridge.http", "Hue bridge, HTTP", |s| s.bridge.http, Some(Opens::Tcp(hue.http))).or_at(8080),
        door("bridge.https", "Hue bridge, HTTPS", |s| s.bridge.https, Some(Opens::Tcp(hue.https))).or_at(8443),
        door("bridge.entertainment", "Hue Entertainment, UDP", |s| s.bridge.entertainment, None),
        door("bridge.ssdp", "Hue discovery by SSDP, UDP", |s| s.bridge.ssdp, Some(Opens::Everybody(hue.ssdp))),
        door("bridge.mdns", "Hue discovery by mDNS, UDP", |s| s.bridge.mdns, Some(Opens::Everybody(hue.mdns))),
        door("receive.ddp", "Frames by DDP, UDP", |s| s.receive.ddp, None),
        door("receive.e131", "Frames by E1.31, UDP", |s| s.receive.e131, None),
        door("receive.artnet", "Frames by Art-Net, UDP", |s| s.receive.artnet, None),
    ]
}

/// Where commands go, by subsystem.
struct Mailboxes {
    sensors: mpsc::Sender<Posted>,
    alarms: mpsc::Sender<Posted>,
    lights: mpsc::Sender<Posted>,
    bridge: mpsc::Sender<Posted>,
    exports: mpsc::Sender<Posted>,
    layouts: mpsc::Sender<Posted>,
    system: mpsc::Sender<Posted>,
}

/// Takes each command to its service. The mailboxes are bounded; a full one holds its sender up, not the services.
async fn route(mut inbox: mpsc::Receiver<Posted>, to: Mailboxes, stop: CancellationToken) {
    // Faces may hold their plugs longer than the engine runs.
    while let Some(Some(posted)) = stop.run_until_cancelled(inbox.recv()).await {
        let mailbox = match &posted.envelope.command {
            Command::Sensors(_) | Command::Thermal(_) => &to.sensors,
            Command::Alarms(_) => &to.alarms,
            Command::Lights(_) => &to.lights,
            Command::Bridge(_) => &to.bridge,
            Command::Exports(_) => &to.exports,
            Command::Layouts(_) => &to.layouts,
            Command::System(_) => &to.system,
        };
        if mailbox.send(posted).await.is_err() {
            return;
        }
    }
}
