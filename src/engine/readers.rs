//! Answers questions of faces on threads of their own, so that neither a face nor a service waits.

pub mod past;

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::Receiver;
use jiff::Timestamp;

use crate::engine::bus::{BusSender, WINDOW_QUEUE};
use crate::engine::metrics::{self, ProcessFigures};
use crate::engine::readers::past::Past;
use crate::io::clock::Clock;
use crate::io::process;
use crate::model::snapshot::Snapshot;
use crate::model::system::ImportPreview;
use crate::port::slots::Slots;
use crate::port::{Asked, Published, Query, Reply};
use crate::settings::current::Settings;
use crate::settings::import;
use crate::settings::import::steps::Standing;
use crate::store::recordings::Recordings;
use crate::store::{Store, StoreError};

/// Questions that wait at most.
pub const QUESTIONS: usize = 256;
/// Reader threads.
pub const READERS: usize = 2;

/// What readers read from.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Time.
    pub clock: Clock,
    /// The settings in force.
    pub settings: Arc<arc_swap::ArcSwap<Settings>>,
    /// Newest readings and pictures.
    pub slots: Arc<Slots>,
    /// The newest state.
    pub snapshot: Arc<arc_swap::ArcSwap<Snapshot>>,
    /// For its depth.
    pub bus: BusSender,
    /// For its depth.
    pub window: Receiver<Published>,
    /// For its counters.
    pub store: Option<Store>,
    /// Thermal pictures of the past.
    pub recordings: Option<Recordings>,
    /// When the program started.
    pub started: Timestamp,
}

/// Starts the reader threads; they end when the last sender of questions is gone.
///
/// # Errors
/// The system gives no thread.
pub fn start(sources: &Sources, questions: &Receiver<Asked>) -> std::io::Result<Vec<JoinHandle<()>>> {
    (0..READERS)
        .map(|n| {
            let (sources, questions) = (sources.clone(), questions.clone());
            std::thread::Builder::new().name(format!("reader-{n}")).spawn(move || {
                for Asked { query, answer, stale } in questions {
                    if !stale() {
                        answer(sources.reply(query));
                    }
                }
            })
        })
        .collect()
}

impl Sources {
    fn reply(&self, query: Query) -> Reply {
        match query {
            Query::Metrics { open_metrics } => Reply::Text(self.metrics(open_metrics)),
            Query::Rejected => Reply::Rejected(self.slots.rejects()),
            Query::Frame { device, sequence } => {
                Reply::Frame(self.slots.device(&device).and_then(|slot| match sequence {
                    Some(sequence) => slot.frames.with_sequence(sequence),
                    None => slot.frames.newest(),
                }))
            }
            Query::Journal(filter) => self.stored(|store| store.journal(&filter).map(Reply::Journal)),
            Query::Entry(seq) => self.stored(|store| store.entry(seq).map(|entry| Reply::Entry(entry.map(Box::new)))),
            Query::History(span) => self.stored(|store| store.history(&span).map(Reply::History)),
            Query::Heat(instant) => Reply::Heat(self.past(&self.snapshot.load()).heat(&instant)),
            Query::CellHistory(span) => {
                let points = self.past(&self.snapshot.load()).cell(&span);
                Reply::CellHistory(span, points)
            }
            Query::Recorded => {
                Reply::Recorded(self.recordings.as_ref().map_or_else(Default::default, Recordings::recorded))
            }
            Query::ImportPreview { name, text } => Reply::Import(self.import_preview(&name, &text)),
        }
    }

    fn past<'a>(&'a self, view: &'a Snapshot) -> Past<'a> {
        Past { recordings: self.recordings.as_ref(), slots: &self.slots, arrays: &view.thermal.arrays }
    }

    fn stored(&self, ask: impl FnOnce(&Store) -> Result<Reply, StoreError>) -> Reply {
        match &self.store {
            Some(store) => ask(store).unwrap_or_else(|error| Reply::Failed(error.to_string())),
            None => Reply::Failed("Nothing is stored in this run.".to_owned()),
        }
    }

    fn import_preview(&self, name: &str, text: &str) -> Result<ImportPreview, String> {
        let plan = import::recognise(name, text).map_err(|error| error.to_string())?;
        Ok(plan.steps(&Standing { settings: &self.settings.load(), view: &self.snapshot.load() }).preview)
    }

    fn metrics(&self, open_metrics: bool) -> String {
        let snapshot = self.snapshot.load();
        let input = metrics::Input {
            slots: &self.slots,
            snapshot: &snapshot,
            process: figures(),
            now: self.clock.now(),
            started: self.started,
            version: env!("CARGO_PKG_VERSION"),
            commit: option_env!("HEARTHLIGHT_COMMIT").unwrap_or("unknown"),
            channels: &[("bus", self.bus.depth(), 0), ("window", self.window.len(), WINDOW_QUEUE)],
            store_written_bytes: self.store.as_ref().map_or(0, Store::written_bytes),
            recorded_bytes: self.recordings.as_ref().map_or(0, Recordings::written_bytes),
            recording_dropped: self.recordings.as_ref().map_or(0, Recordings::dropped),
            emberye_names: self.settings.load().api.emberye_names,
        };
        metrics::render(&input, open_metrics)
    }
}

fn figures() -> ProcessFigures {
    let usage = process::own().unwrap_or_default();
    ProcessFigures {
        cpu_seconds: usage.cpu_s,
        resident_bytes: usage.rss_bytes,
        open_fds: usage.open_files,
        threads: usage.threads,
    }
}
