//! Exports: files that are written for people, each as a job on a thread of its own.
//!
//! ```text
//!  Command ─▶ Jobs (who waits, who runs) ─▶ thread: work ─▶ report ─▶ draft ─▶ file
//!               ▲ how far, how it ended ◀──────┘
//! ```
//! [`jobs`] decides, [`work`] writes, [`past`] is where thermal pictures of the past come from.
//!
//! Invariant: a file is there whole or not at all, and never in place of another.
//! Invariant: nobody waits for a job: neither the bus nor a face, nor the end of the program for longer than a chunk.

pub mod jobs;
pub mod past;
pub mod progress;
pub mod work;

mod clip;
mod history;
mod incident;
mod out;
mod snapshot;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::tz::TimeZone;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::engine::bus::{Answered, Batch, BusSender};
use crate::engine::services::exports::jobs::{Begun, Jobs};
use crate::engine::services::exports::past::Past;
use crate::engine::services::exports::progress::{Event, Progress};
use crate::io::clock::Clock;
use crate::io::reveal::Reveal;
use crate::model::exports::{Command as Asked, Update as Fact};
use crate::model::message::{Command, Envelope, Origin, Update};
use crate::model::snapshot::Snapshot;
use crate::port::Posted;
use crate::port::slots::Slots;
use crate::settings::current::Settings;
use crate::store::Store;

/// What every job works with.
#[derive(Clone)]
pub struct Desk {
    /// Time.
    pub clock: Clock,
    /// Where people read it.
    pub zone: TimeZone,
    /// The settings in force.
    pub settings: Arc<ArcSwap<Settings>>,
    /// The folder, unless a setting names another.
    pub folder: PathBuf,
    /// Newest pictures.
    pub slots: Arc<Slots>,
    /// The newest state.
    pub snapshot: Arc<ArcSwap<Snapshot>>,
    /// Journal and history; `None` if nothing is kept.
    pub store: Option<Store>,
    /// Thermal pictures of the past.
    pub past: Arc<dyn Past>,
    /// Shows files.
    pub reveal: Arc<dyn Reveal>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Desk {
    /// Where files go now.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        match self.settings.load().files.exports.as_str() {
            "" => self.folder.clone(),
            set => PathBuf::from(set),
        }
    }
}

/// The service.
#[derive(Debug)]
struct Office {
    desk: Desk,
    jobs: Jobs,
    bus: BusSender,
    events: mpsc::UnboundedSender<Event>,
}

/// Takes commands and runs jobs until `stop`; then those that run are cancelled and leave no file.
pub async fn run(desk: Desk, bus: BusSender, mut mailbox: mpsc::Receiver<Posted>, stop: CancellationToken) {
    let (events, mut heard) = mpsc::unbounded_channel();
    let mut office = Office { desk, jobs: Jobs::default(), bus, events };
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            posted = mailbox.recv() => match posted {
                Some(posted) => office.command(posted),
                None => break,
            },
            Some(event) = heard.recv() => office.event(event),
        }
    }
    office.jobs.cancel_all();
    while office.jobs.running() > 0 {
        let Some(event) = heard.recv().await else { return };
        office.event(event);
    }
}

impl Office {
    fn command(&mut self, posted: Posted) {
        let Posted { envelope: Envelope { command, origin, ticket, cause }, reply } = posted;
        let decided = match command {
            Command::Exports(command) => self.decide(command, &origin),
            _ => Err("This is not for the exports service.".to_owned()),
        };
        let (facts, refused) = match decided {
            Ok(facts) => (facts, None),
            Err(why) => (Vec::new(), Some(why)),
        };
        let updates = facts.into_iter().map(Update::Exports).collect();
        self.bus.say(Batch { updates, origin, cause, answer: Some(Answered { ticket, refused, made: None, reply }) });
        self.begin_waiting();
    }

    fn decide(&mut self, command: Asked, origin: &Origin) -> Result<Vec<Fact>, String> {
        match command {
            Asked::Start(export) => {
                let name = work::name(&export, &self.desk.snapshot.load())?;
                self.jobs.start(export, name, self.desk.clock.wall())
            }
            Asked::Cancel(id) => self.jobs.cancel(id),
            Asked::Reveal(id) => {
                if !matches!(origin, Origin::Operator(_)) {
                    return Err(
                        "Only a person at the window can have a file shown. GET /api/v1/exports names it.".to_owned()
                    );
                }
                self.show(&self.jobs.file_of(id)?).map(|()| Vec::new())
            }
        }
    }

    fn show(&self, file: &Path) -> Result<(), String> {
        if !file.exists() {
            return Err(format!("{} is no longer there. Write it again.", file.display()));
        }
        let shown = self.desk.reveal.show(file);
        shown.map_err(|error| format!("No file manager could be opened: {error}. The file is {}.", file.display()))
    }

    fn event(&mut self, event: Event) {
        let facts = match event {
            Event::Reached(id, share) => self.jobs.reached(id, share),
            Event::Ended(id, standing) => self.jobs.ended(id, standing),
        };
        self.bus.say(Batch::of(facts.into_iter().map(Update::Exports).collect()));
        self.begin_waiting();
    }

    /// Gives those that wait a thread, as far as there is room.
    fn begin_waiting(&mut self) {
        while let Some(Begun { id, export, cancel }) = self.jobs.begin() {
            let (desk, events) = (self.desk.clone(), self.events.clone());
            let mut progress = Progress::new(id, cancel, desk.clock.clone(), events.clone());
            let job = tokio::task::spawn_blocking(move || work::work(&desk, &export, &mut progress));
            tokio::spawn(async move {
                let standing = job.await.unwrap_or_else(|error| work::broken(&error.to_string()));
                // After the service has ended nobody asks.
                drop(events.send(Event::Ended(id, standing)));
            });
        }
    }
}
