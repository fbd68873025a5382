//! Lights: decides who drives what, keeps rooms and scenes, and sends wishes to links.
//!
//! ```text
//!  commands ──┐                                  ┌──▶ facts, one batch each
//!  links say ─┼──▶ book::Lights (decides, sync) ─┼──▶ wishes ──▶ links, each woken once
//!  seen, time ┘                                  └──▶ deeds: links, discovery, secrets
//! ```
//!
//! This file is the plumbing: it waits, and does what [`Lights`] decided.
//!
//! Invariant: what links say is taken in as it lies there, all at once: many lights that report cost one batch of facts.

pub mod book;
mod checks;
mod commands;
mod connections;
mod course;
mod grants;
mod groups;
mod heard;
pub mod kept;
pub mod lease;
pub mod motion;
mod scenes;
pub mod secrets;
mod sightings;
mod time;
pub mod wanted;
mod writes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::drivers::Family;
use crate::drivers::light::LightDriver;
use crate::engine::bus::{Answered, Batch, BusSender};
use crate::engine::discovery::{Discovery, Scope, Seen};
use crate::engine::links::{self, Handle, Heard, Net};
use crate::engine::services::lights::book::{Deed, Lights, Now, Out, Prefs};
use crate::engine::services::lights::lease::{Ask, Lease, Leases};
use crate::io::clock::Clock;
use crate::model::lights::connection::ConnectionId;
use crate::model::message::{Command, Envelope, Update};
use crate::model::snapshot::Snapshot;
use crate::model::system::Reach;
use crate::port::Posted;
use crate::port::slots::Slots;
use crate::settings::current::Settings;

/// What is taken in at once.
const AT_ONCE: usize = 1024;

/// What the service works with.
#[derive(Debug)]
pub struct Stage {
    /// Where facts go.
    pub bus: BusSender,
    /// Settings in force.
    pub settings: Arc<ArcSwap<Settings>>,
    /// Time.
    pub clock: Clock,
    /// Families of lights.
    pub families: &'static [&'static Family<LightDriver>],
    /// Where secrets are kept.
    pub secrets: PathBuf,
    /// Where it is measured how long sending takes.
    pub slots: Arc<Slots>,
    /// The published state: tells which bridge this program plays.
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    /// Whether this is the demo home.
    pub demo: bool,
}

impl Stage {
    fn now(&self) -> Now {
        Now { at: self.clock.now(), wall: self.clock.wall() }
    }

    fn prefs(&self) -> Prefs {
        let lights = &self.settings.load().lights;
        Prefs { transition_ms: lights.transition_ms, hold_minutes: lights.hold_minutes }
    }

    /// Nothing goes beyond this machine before the operator said that it may, and in the demo home never.
    fn scope(&self) -> Scope {
        match self.settings.load().network.reach {
            Reach::Lan if !self.demo => Scope::Lan,
            _ => Scope::Loopback,
        }
    }
}

/// The streamers' end, and the service's.
#[must_use]
pub fn leases() -> (Leases, LeaseInbox) {
    let (asks, inbox) = mpsc::unbounded_channel();
    (Leases(asks), LeaseInbox(inbox))
}

/// What streamers ask for.
#[derive(Debug)]
pub struct LeaseInbox(mpsc::UnboundedReceiver<Ask>);

/// Runs the service until `stop`.
pub async fn run(
    stage: Stage,
    lights: Lights,
    mut mailbox: mpsc::Receiver<Posted>,
    mut asks: LeaseInbox,
    stop: CancellationToken,
) {
    let (told, mut heard) = mpsc::unbounded_channel();
    let mut running = Running::new(stage, lights, told, &stop);
    let mut news = News::default();
    running.begin();
    loop {
        let until = running.pause();
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            n = mailbox.recv_many(&mut news.posted, AT_ONCE) => if n == 0 { break },
            _ = heard.recv_many(&mut news.heard, AT_ONCE) => {}
            Some(ask) = asks.0.recv() => news.ask = Some(ask),
            _ = running.seen.recv_many(&mut news.seen, AT_ONCE) => {}
            () = tokio::time::sleep(until) => {}
        }
        running.turn(&mut news);
    }
    running.links.values().for_each(Handle::stop);
}

/// What came.
#[derive(Default)]
struct News {
    posted: Vec<Posted>,
    heard: Vec<Heard>,
    seen: Vec<Seen>,
    ask: Option<Ask>,
}

/// The service with its links and its discovery.
struct Running {
    stage: Stage,
    lights: Lights,
    links: BTreeMap<ConnectionId, Handle>,
    net: Net,
    told: mpsc::UnboundedSender<Heard>,
    discovery: Discovery,
    scope: Scope,
    seen: mpsc::UnboundedReceiver<Seen>,
    seer: mpsc::UnboundedSender<Seen>,
    /// Ends the discovery.
    looking: CancellationToken,
    stop: CancellationToken,
    /// How often secrets were to be kept, and which of these times was the last that was written.
    n_kept: u64,
    kept: Arc<Mutex<u64>>,
}

impl Running {
    fn new(stage: Stage, lights: Lights, told: mpsc::UnboundedSender<Heard>, stop: &CancellationToken) -> Self {
        let (seer, seen) = mpsc::unbounded_channel();
        let (scope, looking, stop) = (stage.scope(), stop.child_token(), stop.clone());
        let discovery = Discovery::start(stage.families, scope, seer.clone(), looking.clone());
        let (links, net, kept) =
            (BTreeMap::new(), Net::new(stage.clock.clone(), Arc::clone(&stage.slots)), Arc::default());
        Self { stage, lights, links, net, told, discovery, scope, seen, seer, looking, stop, n_kept: 0, kept }
    }

    fn begin(&mut self) {
        self.lights.set_prefs(self.stage.prefs());
        self.lights.begin(self.stage.now());
        self.settle();
        self.discovery.ask();
    }

    fn pause(&self) -> std::time::Duration {
        self.lights.wake_at().since(self.stage.clock.now())
    }

    fn turn(&mut self, news: &mut News) {
        self.rescope();
        self.lights.set_prefs(self.stage.prefs());
        let now = self.stage.now();
        for posted in news.posted.drain(..) {
            self.command(posted, now);
        }
        if !(news.seen.is_empty() && news.heard.is_empty()) {
            self.lights.set_itself(self.stage.snapshot.load().bridge.identity.id);
        }
        for heard in news.heard.drain(..) {
            self.lights.on_heard(heard, now);
        }
        for seen in news.seen.drain(..) {
            self.lights.on_seen(seen, now);
        }
        if now.at >= self.lights.wake_at() {
            self.lights.on_tick(now);
        }
        if let Some(ask) = news.ask.take() {
            self.answer(ask, now);
        }
        self.settle();
    }

    /// Each command has a batch of its own: its facts tell who made them so.
    fn command(&mut self, posted: Posted, now: Now) {
        let Posted { envelope: Envelope { command, origin, ticket, cause }, reply } = posted;
        let decided = match command {
            Command::Lights(command) => self.lights.on_command(command, &origin, now),
            _ => Err("This is not for lights.".to_owned()),
        };
        let updates = self.settled();
        let (refused, made) = (decided.err(), self.lights.made());
        let answer = Some(Answered { ticket, refused, made, reply });
        self.stage.bus.say(Batch { updates, origin, cause, answer });
    }

    fn answer(&mut self, ask: Ask, now: Now) {
        match ask {
            Ask::End { kind, key } => self.lights.end(kind, &key),
            Ask::Grant { kind, key, lights, leases } => {
                let granted = self.lights.grant(kind, &key, &lights, now);
                let granted = granted.into_iter().filter_map(|(light, grant)| {
                    let link = self.links.get(&light.connection)?.clone();
                    let (pixels, hz) = (light.capabilities.pixels, light.capabilities.rates.frames_hz);
                    Some(Lease::new(light.id.clone(), pixels, hz, grant, link))
                });
                // Whoever asked may have gone away meanwhile.
                drop(leases.send(granted.collect()));
            }
        }
    }

    fn settle(&mut self) {
        let updates = self.settled();
        self.stage.bus.say(Batch::of(updates));
    }

    /// Does what was decided; the facts are left to be told.
    fn settled(&mut self) -> Vec<Update> {
        let Out { updates, wishes, deeds } = self.lights.take();
        deeds.into_iter().for_each(|deed| self.act(deed));
        let mut woken = BTreeSet::new();
        for (connection, thing, wish) in wishes {
            if let Some(link) = self.links.get(&connection) {
                link.wish(&thing, wish);
                woken.insert(connection);
            }
        }
        woken.iter().filter_map(|connection| self.links.get(connection)).for_each(Handle::go);
        updates.into_iter().map(Update::Lights).collect()
    }

    fn act(&mut self, deed: Deed) {
        match deed {
            Deed::Start(id, opening) => {
                let family = self.lights.state().connections.get(&id).map(|known| Arc::clone(&known.target.family));
                let family = self.stage.families.iter().find(|known| family.as_deref() == Some(known.id));
                let net = family.map_or_else(|| self.net.clone(), |family| self.net.of(family.id));
                let link = links::start(id.clone(), opening, &net, self.told.clone());
                if let Some(before) = self.links.insert(id, link) {
                    before.stop();
                }
            }
            Deed::Stop(id) => {
                if let Some(link) = self.links.remove(&id) {
                    link.stop();
                }
            }
            Deed::Retry(id) => self.links.get(&id).into_iter().for_each(Handle::retry),
            Deed::Stream(id, streams) => {
                if let Some(link) = self.links.get(&id) {
                    link.stream(streams);
                }
            }
            Deed::Ask => self.discovery.ask(),
            Deed::Pause => self.discovery.pause(),
            Deed::Sweep(networks) => self.discovery.sweep(networks),
            Deed::Keep => self.keep_secrets(),
        }
    }

    /// Off the loop; of two at once the newer stays.
    fn keep_secrets(&mut self) {
        self.n_kept += 1;
        let (n, kept) = (self.n_kept, Arc::clone(&self.kept));
        let (secrets, file) = (self.lights.secrets().clone(), self.stage.secrets.clone());
        tokio::task::spawn_blocking(move || {
            let mut kept = kept.lock();
            if *kept < n {
                *kept = n;
                if let Err(error) = secrets.save(&file) {
                    tracing::error!(%error, file = %file.display(), "keys of lights could not be kept; is the disk full?");
                }
            }
        });
    }

    /// Looks elsewhere once the operator said who may be reached.
    fn rescope(&mut self) {
        let scope = self.stage.scope();
        if scope == self.scope {
            return;
        }
        self.looking.cancel();
        self.looking = self.stop.child_token();
        let (families, seer) = (self.stage.families, self.seer.clone());
        self.discovery = Discovery::start(families, scope, seer, self.looking.clone());
        self.scope = scope;
        self.discovery.ask();
    }
}
