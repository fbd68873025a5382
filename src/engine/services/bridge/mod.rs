//! The Hue bridge's own state: who it is, the button, keys of apps, what things are called, what apps keep.
//!
//! ```text
//!  commands ──┐                                 ┌──▶ facts
//!  facts of ──┼──▶ book::Bridge (decides, sync) ├──▶ the store: ids, notes, objects
//!  the house, │                                 ├──▶ secrets: number, keys, certificate
//!  time       ┘                                 └──▶ the ring, which faces look keys up in
//! ```
//!
//! Invariant: keys are secrets: they are in the ring and in the folder of secrets, never in a fact.
//! Invariant: a key is on the disk before whoever asked hears of it; ids are before anybody sees them.

pub mod book;
mod checks;
mod commands;
mod import;
pub mod keys;
pub mod names;
pub mod things;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::engine::bus::{Answered, Batch, BusSender};
use crate::engine::services::bridge::book::{Bridge, Now, Out, Versions};
use crate::engine::services::bridge::keys::Keys;
use crate::io::certificate::{self, Certificate, Shown};
use crate::io::clock::Clock;
use crate::model::bridge::Command;
use crate::model::bridge::app::AppId;
use crate::model::message::{self, Envelope, Update};
use crate::model::snapshot::Snapshot;
use crate::model::system;
use crate::port::slots::Slots;
use crate::port::{Feed, Posted, Published};
use crate::settings::current::Settings;
use crate::store::Store;

/// How often the use of keys is noted.
const USE: Duration = Duration::from_secs(60);
/// How long ids may take to get onto the disk before things are shown all the same.
const DISK: Duration = Duration::from_secs(1);

/// What to do about secrets that cannot be kept.
const CURE: &str = "Is the disk full, or may this user not write there?";

/// Files within the folder of secrets.
#[derive(Clone, Debug)]
pub struct Files {
    /// The number and the keys.
    pub keys: PathBuf,
    /// The certificate.
    pub certificate: PathBuf,
}

/// What the service works with.
#[derive(Debug)]
pub struct Stage {
    /// Where facts go.
    pub bus: BusSender,
    /// Settings in force.
    pub settings: Arc<ArcSwap<Settings>>,
    /// Time.
    pub clock: Clock,
    /// Where the ring is.
    pub slots: Arc<Slots>,
    /// Where ids, notes and objects are kept.
    pub store: Option<Store>,
    /// Where secrets are kept.
    pub files: Files,
    /// The certificate that doors show.
    pub shown: Shown,
}

/// What the bridge is by these settings.
#[must_use]
pub fn versions(settings: &Settings) -> Versions {
    let bridge = &settings.bridge;
    Versions { api: bridge.api_version.as_str().into(), software: bridge.sw_version.as_str().into() }
}

/// The number and the keys as they were kept, or new ones, which then are kept. The texts are for people: what went
/// wrong. A damaged file is set aside.
///
/// # Errors
/// If the system gives no random bits.
pub fn open_keys(files: &Files) -> io::Result<(Keys, Vec<String>)> {
    let why = match Keys::load(&files.keys) {
        Ok(Some(keys)) => return Ok((keys, Vec::new())),
        Ok(None) => None,
        Err(error) => {
            let aside = files.keys.with_extension("json.damaged");
            // Where it cannot be moved it is not written over either.
            let moved = error.kind() == io::ErrorKind::InvalidData && std::fs::rename(&files.keys, &aside).is_ok();
            let kept = if moved { format!(" It is now {}.", aside.display()) } else { String::new() };
            let what = "The keys of Hue apps could not be read; they have to be paired again";
            Some((format!("{what}. {}: {error}.{kept}", files.keys.display()), moved))
        }
    };
    let keys = Keys::fresh()?;
    let mut told: Vec<String> = why.iter().map(|(text, _)| text.clone()).collect();
    if why.is_none_or(|(_, moved)| moved)
        && let Err(error) = keys.save(&files.keys)
    {
        let file = files.keys.display();
        told.push(format!("The number of the Hue bridge could not be kept. {file}: {error}. {CURE}"));
    }
    Ok((keys, told))
}

/// Runs the service until `stop`. `newest` is the published state.
pub async fn run(
    stage: Stage,
    bridge: Bridge,
    mut mailbox: mpsc::Receiver<Posted>,
    feed: Feed,
    newest: Arc<ArcSwap<Snapshot>>,
    stop: CancellationToken,
) {
    let mut facts = feed.0.subscribe();
    let mut running = Running { stage, bridge };
    // After subscribing: no fact falls between the two. Before the first one, nothing was said yet.
    let view = newest.load_full();
    if view.seq > 0 {
        running.bridge.catch_up(&view);
    }
    running.settle().await;
    let mut minute = tokio::time::interval(USE);
    minute.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let closes = running.closes();
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            posted = mailbox.recv() => match posted {
                Some(posted) => running.command(posted).await,
                None => break,
            },
            received = facts.recv() => match received {
                Ok(published) => running.facts(&published),
                Err(RecvError::Lagged(_)) => running.bridge.catch_up(&newest.load()),
                Err(RecvError::Closed) => break,
            },
            () = tokio::time::sleep(closes.unwrap_or(USE)), if closes.is_some() => {
                running.bridge.on_tick(running.stage.clock.now());
            }
            _ = minute.tick() => running.bridge.note_use(),
        }
        running.settle().await;
    }
    running.bridge.note_use();
    running.settle().await;
}

struct Running {
    stage: Stage,
    bridge: Bridge,
}

impl Running {
    fn closes(&self) -> Option<Duration> {
        self.bridge.closes().map(|closes| closes.since(self.stage.clock.now()))
    }

    fn facts(&mut self, published: &Published) {
        self.bridge.on_facts(published);
        let is_setting = |update: &Update| matches!(update, Update::System(system::Update::Settings { .. }));
        if published.facts.iter().any(|fact| is_setting(&fact.update)) {
            self.bridge.announce(&versions(&self.stage.settings.load()));
        }
    }

    /// Each command has a batch of its own: its facts tell who made them so.
    async fn command(&mut self, posted: Posted) {
        let Posted { envelope: Envelope { command, origin, ticket, cause }, reply } = posted;
        let now = Now { at: self.stage.clock.now(), wall: self.stage.clock.wall() };
        let (decided, pairs) = match command {
            message::Command::Bridge(command) => {
                let pairs = matches!(command, Command::Pair { .. });
                (self.bridge.on_command(command, &origin, now), pairs)
            }
            _ => (Err("This is not for the bridge.".to_owned()), false),
        };
        let (mut out, mut made) = (self.bridge.take(), self.bridge.made());
        let kept = self.keep(&mut out).await;
        let refused = match (decided, kept) {
            (Ok(()), Ok(())) => None,
            (Ok(()), Err(why)) => {
                if let Some(app) = made.take_if(|_| pairs) {
                    self.bridge.take_back(&AppId(app));
                    self.publish_ring();
                    out.updates.clear();
                }
                Some(format!("This could not be kept. {}: {why}. {CURE}", self.stage.files.keys.display()))
            }
            (Err(why), _) => Some(why),
        };
        let updates = out.updates.into_iter().map(Update::Bridge).collect();
        self.stage.bus.say(Batch { updates, origin, cause, answer: Some(Answered { ticket, refused, made, reply }) });
    }

    /// Does what was decided, and tells it.
    async fn settle(&mut self) {
        let mut out = self.bridge.take();
        if let Err(error) = self.keep(&mut out).await {
            tracing::error!(%error, "the Hue bridge's secrets could not be kept. {CURE}");
        }
        self.stage.bus.say(Batch::of(out.updates.into_iter().map(Update::Bridge).collect()));
    }

    /// Keeps what is to be kept, in the order in which it matters.
    async fn keep(&mut self, out: &mut Out) -> io::Result<()> {
        if let Some(store) = &self.stage.store {
            out.changes.drain(..).for_each(|change| store.save_bridge(change));
            if out.named {
                let store = store.clone();
                let written = tokio::task::spawn_blocking(move || store.flush());
                // A disk that fails is told of by the store; things are shown all the same.
                drop(tokio::time::timeout(DISK, written).await);
            }
        }
        if let Some(certificate) = out.certificate.take() {
            self.show(certificate).await?;
        }
        if out.keys {
            let (keys, file) = (self.bridge.keys().clone(), self.stage.files.keys.clone());
            let saved = tokio::task::spawn_blocking(move || keys.save(&file)).await;
            self.publish_ring();
            saved.map_err(io::Error::other)??;
        }
        Ok(())
    }

    async fn show(&self, certificate: Certificate) -> io::Result<()> {
        let (shown, file) = (Arc::new(certificate), self.stage.files.certificate.clone());
        let kept = Arc::clone(&shown);
        let saved = tokio::task::spawn_blocking(move || kept.save(&file)).await;
        self.stage.shown.store(shown);
        saved.map_err(io::Error::other)?
    }

    fn publish_ring(&self) {
        self.stage.slots.bridge.ring.store(Arc::new(self.bridge.keys().ring()));
    }
}

impl Files {
    /// Those in this folder of secrets.
    #[must_use]
    pub fn within(secrets: &std::path::Path) -> Self {
        Self { keys: secrets.join(keys::FILE), certificate: secrets.join(certificate::FILE) }
    }
}
