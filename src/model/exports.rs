//! Exports: files that are written for people, each as a job with progress that can be cancelled.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::sensors::DeviceId;
use crate::units::grid::Mounting;
use crate::units::temperature::Scale;

/// Jobs that are remembered; then the oldest that is over goes.
pub const MAX_JOBS: usize = 20;

/// The form of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureForm {
    /// The matrix in degrees Celsius with its facts and meters.
    Csv,
    /// The same as JSON.
    Json,
    /// A picture with regions, figures and scale.
    Png,
}

/// The form of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartForm {
    /// Numbers.
    Csv,
    /// A picture.
    Png,
    /// A drawing.
    Svg,
    /// One self-contained page.
    Html,
}

/// What the colours of a picture are about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colours {
    /// Temperatures, by the palette.
    #[default]
    Heat,
    /// Temperatures: grey below this limit, C, one hue from it up.
    AboveLimit(f32),
    /// Kelvin above or below the learned usual picture; temperatures where none is known.
    Difference,
}

/// How a picture is to look: as it was on screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// A palette's word in settings.
    pub palette: Arc<str>,
    /// Interpolated instead of cells.
    pub smooth: bool,
    /// What the colours are about.
    #[serde(default)]
    pub colours: Colours,
    /// Values of the ends of the colours: temperatures, C, or differences, K; `None` = the picture's own.
    pub span: Option<(f32, f32)>,
    /// The temperature from which on cells are outlined, C.
    pub isotherm: Option<f32>,
    /// How it is turned.
    pub mounting: Mounting,
    /// The scale of its figures.
    pub scale: Scale,
}

/// What is to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Export {
    /// One thermal picture with its numbers.
    Snapshot {
        /// Of which array.
        device: DeviceId,
        /// When; `None` = the newest.
        at: Option<Timestamp>,
        /// As what.
        form: PictureForm,
        /// How it looks; only a picture has one.
        look: Look,
    },
    /// All thermal pictures of a stretch of time as CSV, one row a frame.
    Clip {
        /// Of which array.
        device: DeviceId,
        /// From then on.
        from: Timestamp,
        /// Up to then.
        to: Timestamp,
    },
    /// What channels showed over time.
    History {
        /// Device and channel's key, 1..=16.
        channels: Vec<(DeviceId, Arc<str>)>,
        /// From then on.
        from: Timestamp,
        /// Up to then.
        to: Timestamp,
        /// As what.
        form: ChartForm,
        /// The scale of temperatures in charts; numbers are Celsius.
        scale: Scale,
    },
    /// The report of an incident as one self-contained page: the alarm that a journal entry belongs to.
    Incident {
        /// The number of a journal entry of the alarm.
        entry: u64,
        /// The scale of its figures; Celsius stands beside it.
        scale: Scale,
    },
}

/// How a job stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// At work; the share that is done, 0..=1.
    Running(f32),
    /// The file is there.
    Done {
        /// Its path.
        path: Arc<str>,
        /// Its size.
        bytes: u64,
    },
    /// There is no file: cause and cure.
    Failed(Arc<str>),
    /// Somebody cancelled it; there is no file.
    Cancelled,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Counts up.
    pub id: u64,
    /// What it writes, in words: `Snapshot of Bench`.
    pub name: Arc<str>,
    /// When it began.
    pub since: Timestamp,
    /// How it stands.
    pub standing: Standing,
}

/// All jobs of this run, by number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exports {
    /// The newest [`MAX_JOBS`].
    pub jobs: BTreeMap<u64, Arc<Job>>,
}

/// What can be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Write a file into the folder of exports.
    Start(Export),
    /// Stop a job that runs.
    Cancel(u64),
    /// Show the file of a job in the system's file manager. Only a person at the window may ask for it.
    Reveal(u64),
}

/// What became true.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// A job began or stands differently.
    Changed(Arc<Job>),
    /// A job is no longer remembered.
    Gone(u64),
}

impl Exports {
    /// Folds one update in.
    pub fn apply(&mut self, update: &Update) {
        match update {
            Update::Changed(job) => drop(self.jobs.insert(job.id, Arc::clone(job))),
            Update::Gone(id) => drop(self.jobs.remove(id)),
        }
    }
}
