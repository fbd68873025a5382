//! The program itself: its ports, its settings as people see them, and what it must tell them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Who may reach Hearthlight. Asked once, in the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Not answered yet: loopback only.
    #[default]
    Unanswered,
    /// This machine only.
    Loopback,
    /// The local network, where a part needs it.
    Lan,
}

/// What became of a port.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortState {
    /// Open at this address.
    Open {
        /// `ADDR:PORT`.
        at: String,
    },
    /// Switched off by its setting, or of no use as long as only this machine may reach Hearthlight.
    Off,
    /// Could not be opened.
    Failed {
        /// Cause and cure.
        why: String,
    },
    /// The part behind it is not in this version.
    NotBuilt,
}

/// One line of System > Network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// Its setting's key.
    pub key: Arc<str>,
    /// What it is for, in a few words.
    pub purpose: Arc<str>,
    /// The setting's value.
    pub wanted: Arc<str>,
    /// What became of it.
    pub state: PortState,
}

/// Which layer a setting's value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Built in.
    Default,
    /// Changed in the window (`settings.window.ron`).
    Window,
    /// Pinned by the operator's file, at this line.
    File {
        /// Line in `settings.ron`, from 1.
        line: usize,
    },
    /// Pinned by `--set`.
    Flag,
}

/// One setting as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// Dotted key.
    pub key: Arc<str>,
    /// Its value as text.
    pub value: Arc<str>,
    /// Where the value comes from.
    pub layer: Layer,
    /// What it does, one sentence.
    pub help: Arc<str>,
}

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth knowing.
    Notice,
    /// Something is not as it should be.
    Warning,
}

/// Something the program must tell its operator until it is no longer so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// How much it matters.
    pub level: Level,
    /// Cause and cure.
    pub text: Arc<str>,
    /// Since when.
    pub since: Timestamp,
}

/// The master stop: somebody wants nothing to act by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// Who pressed it.
    pub by: Arc<str>,
    /// When.
    pub since: Timestamp,
}

/// What the desktop wants of a window's look; `None` = it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desktop {
    /// Dark instead of light.
    pub dark: Option<bool>,
    /// More contrast.
    pub contrast: Option<bool>,
    /// Less motion.
    pub still: Option<bool>,
}

/// The program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// Version number.
    pub version: Arc<str>,
    /// Where its data is, as text; empty for none.
    pub data: Arc<str>,
    /// True in the demo home, where all devices are simulated.
    pub demo: bool,
    /// True while the demo's devices hold still.
    pub demo_paused: bool,
    /// Who may reach it.
    pub reach: Reach,
    /// The operator's name.
    pub operator: Arc<str>,
    /// Ports in the order of their keys.
    pub listeners: Vec<Listener>,
    /// All settings in the order of their keys.
    pub settings: Arc<Vec<Setting>>,
    /// What must be told, by cause.
    pub notices: BTreeMap<Arc<str>, Notice>,
    /// Counts up each time the window is asked to come forward.
    pub shown: u64,
    /// The master stop, while it holds: rules run no actions. Alarms are watched, shown and heard all the same.
    #[serde(default)]
    pub stopped: Option<Stopped>,
    /// What the desktop wants of the window's look.
    #[serde(default)]
    pub desktop: Desktop,
    /// What was imported last in this run.
    pub imported: Option<Arc<ImportPreview>>,
}

/// What can be asked of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Answer the first-run question.
    AnswerReach {
        /// Whether the local network may reach Hearthlight.
        lan: bool,
    },
    /// Change a setting in the window's layer.
    Set {
        /// Dotted key.
        key: String,
        /// The new value as text, in the form of `--set`.
        value: String,
    },
    /// Bring the window forward.
    ShowWindow,
    /// The master stop: actions of rules stop until [`Command::Resume`].
    Stop,
    /// Lets actions run again.
    Resume,
    /// Let the demo's devices hold still, or go on.
    PauseDemo(bool),
    /// Take over what another program, or an export of ours, has in a file.
    Import {
        /// The file's name: tells what is in it.
        name: String,
        /// What is in it, at most 4 MiB.
        text: String,
    },
}

/// What an import would change, or changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// What the file is, in words.
    pub kind: String,
    /// What is taken over, a sentence each.
    pub changes: Vec<String>,
    /// What is not, and what to look after, a sentence each.
    pub warnings: Vec<String>,
}

/// What became true of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Update {
    /// All of it at once.
    Reset(Arc<System>),
    /// A port changed.
    Listener(Listener),
    /// Settings were read again.
    Settings {
        /// All of them.
        all: Arc<Vec<Setting>>,
        /// The answer to the first-run question.
        reach: Reach,
        /// The operator's name.
        operator: Arc<str>,
    },
    /// Something must be told.
    Noticed {
        /// Names the cause, so that it can be taken back.
        cause: Arc<str>,
        /// What.
        notice: Notice,
    },
    /// A cause is gone.
    NoticeGone {
        /// Which.
        cause: Arc<str>,
    },
    /// The window is to come forward.
    WindowAsked,
    /// The master stop holds, or no longer.
    Stopped(Option<Stopped>),
    /// The demo's devices hold still, or go on.
    DemoPaused(bool),
    /// The desktop wants another look.
    Desktop(Desktop),
    /// Something was imported.
    Imported(Arc<ImportPreview>),
}

impl System {
    /// Folds one update in.
    pub fn apply(&mut self, update: &Update) {
        match update {
            Update::Reset(all) => *self = Self::clone(all),
            Update::Listener(line) => match self.listeners.iter_mut().find(|l| l.key == line.key) {
                Some(known) => *known = line.clone(),
                None => self.listeners.push(line.clone()),
            },
            Update::Settings { all, reach, operator } => {
                self.settings = Arc::clone(all);
                self.reach = *reach;
                self.operator = Arc::clone(operator);
            }
            Update::Noticed { cause, notice } => drop(self.notices.insert(Arc::clone(cause), notice.clone())),
            Update::NoticeGone { cause } => drop(self.notices.remove(cause)),
            Update::Stopped(stopped) => self.stopped.clone_from(stopped),
            Update::WindowAsked => self.shown += 1,
            Update::DemoPaused(paused) => self.demo_paused = *paused,
            Update::Desktop(desktop) => self.desktop = *desktop,
            Update::Imported(what) => self.imported = Some(Arc::clone(what)),
        }
    }
}
