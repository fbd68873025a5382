//! What a page is given to draw with: the state to read, the window's own state, and where wishes go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::heat::margin::Margins;
use crate::model::sensors::{Device, DeviceId};
use crate::model::snapshot::Snapshot;
use crate::model::thermal::{Array, Choice};
use crate::port::slots::Reject;
use crate::port::{Answer, Port, Query, Reply};
use crate::ui::choices::Choices;
use crate::ui::desk::state::MOST_APART;
use crate::ui::now::Now;
use crate::ui::outbox::Outbox;
use crate::ui::pictures::Pictures;
use crate::ui::pulse::Pulse;
use crate::ui::shell::alarm_bar::state::Bar;
use crate::ui::standing::Standing;
use crate::ui::undo::Deed;

/// Rejected packets as asked for, and which question they answer.
#[derive(Debug, Default)]
pub struct Rejected {
    answer: Answer,
    asked_at: Option<u64>,
    /// Newest first.
    pub kept: Arc<[Reject]>,
}

impl Rejected {
    /// Asks again if the count of rejected packets changed since the last question; takes what came.
    pub fn refresh(&mut self, port: &Port, lost: u64) {
        if let Some(reply) = self.answer.take()
            && let Reply::Rejected(rejects) = &*reply
        {
            self.kept = rejects.as_slice().into();
        }
        if self.asked_at != Some(lost) {
            self.asked_at = Some(lost);
            port.ask(Query::Rejected, &self.answer);
        }
    }
}

/// The window's own state: what is selected, open, being edited.
#[derive(Debug, Default)]
pub struct Stage {
    /// Which page, by its place in the registry.
    pub page: usize,
    /// The selected device.
    pub selected: Option<DeviceId>,
    /// Whether a person selected or deselected anything yet.
    pub touched: bool,
    /// Whether the selected device fills the page.
    pub enlarged: bool,
    /// Whether the inspector is wanted, where a person said so.
    pub inspector: Option<bool>,
    /// The line of alarms.
    pub bar: Bar,
    /// The device to be taken out of service, and why, as typed so far.
    pub retiring: Option<(DeviceId, String)>,
    /// Whether the keys are shown.
    pub keys: bool,
    /// Whether the question about closing is open.
    pub closing: bool,
    /// Whether the window fills the screen without borders.
    pub wall: bool,
    /// The name being edited.
    pub renaming: Option<(DeviceId, String)>,
    /// The device whose forgetting waits for a yes.
    pub forgetting: Option<DeviceId>,
    /// A choice that was sent and is not in force yet.
    pub wish: Option<(DeviceId, Choice)>,
    /// The setting being edited: key and text.
    pub setting: Option<(String, String)>,
    /// Sections that are closed unless opened.
    pub opened: BTreeSet<&'static str>,
    /// Rejected packets.
    pub rejected: Rejected,
    /// What is asked about a connection.
    pub connection: crate::ui::panels::system::asked::Asked,
    /// The section of System > This program that is scrolled to next.
    pub section: Option<&'static str>,
    /// The part of System that is shown.
    pub system: crate::ui::panels::system::part::Part,
    /// System > Hue bridge.
    pub bridge: crate::ui::panels::system::bridge::state::Desk,
    /// The newest press of a switch that was shown.
    pub pressed: Option<jiff::Timestamp>,
    /// Automations > Schedules.
    pub plans: crate::ui::panels::automations::plans::state::Desk,
    /// Adding a device.
    pub adding: crate::ui::panels::adding::state::Desk,
    /// System > Devices.
    pub devices: crate::ui::panels::system::devices::state::Desk,
    /// The rules editor.
    pub rules: crate::ui::panels::automations::draft::Desk,
    /// Set by what shows an age: the window draws again at the next full second.
    pub ticking: bool,
    /// Tiles of one row, for the arrow keys.
    pub columns: usize,
    /// How far each device is from its limits, as measured for this frame.
    pub margins: BTreeMap<DeviceId, Margins>,
    /// The Lights page and the inspector of a light.
    pub lights: crate::ui::panels::lights::state::Desk,
    /// How bright lights were lately.
    pub trails: crate::ui::trails::Trails,
    /// Panes that a person arranges, in the place of the overview.
    pub board: crate::ui::panels::board::state::Board,
    /// The overview.
    pub overview: crate::ui::panels::overview::state::Board,
    /// History.
    pub history: crate::ui::panels::history::state::Story,
    /// Inspection.
    pub inspect: crate::ui::panels::thermal::inspect::state::Desk,
    /// The cell that is looked at, and its last minute.
    pub watched: crate::ui::panels::thermal::inspect::watched::Watched,
    /// How pictures are looked at.
    pub views: crate::ui::views::Views,
    /// Where in time the window looks.
    pub past: crate::ui::past::Past,
    /// What can be taken back.
    pub undo: crate::ui::undo::Undo,
    /// What is to be said in passing, once.
    pub saying: Option<String>,
    /// What is said in passing, with something to do about it.
    pub toasts: crate::ui::shell::toasts::Toasts,
    /// The command palette.
    pub finder: crate::ui::shell::palette::state::Finder,
    /// How the window is arranged.
    pub desk: crate::ui::desk::state::Desk,
    /// The parts of the window that F6 steps through.
    pub parts: crate::ui::shell::parts::Parts,
    /// Keys that are held down, by where they are.
    pub held: BTreeSet<egui::Key>,
    /// When Esc was pressed last with nothing to close, seconds.
    pub escaped: Option<f64>,
    /// What is asked of the window itself.
    pub viewport: Vec<egui::ViewportCommand>,
}

impl Stage {
    /// Selects a device.
    pub fn select(&mut self, id: &DeviceId) {
        self.touched = true;
        if self.selected.as_ref() != Some(id) {
            self.selected = Some(id.clone());
            (self.renaming, self.forgetting, self.wish, self.retiring) = (None, None, None, None);
            self.inspect.forget();
        }
    }

    /// Opens a device's picture in a window of its own, or says why not.
    pub fn open_apart(&mut self, id: &DeviceId) {
        if !self.desk.open_apart(id) {
            self.saying = Some(format!("There are {MOST_APART} windows already: close one first."));
        }
    }

    /// Whether a section is open; a click on its header flips it.
    pub fn flip(&mut self, section: &'static str) {
        if !self.opened.remove(section) {
            self.opened.insert(section);
        }
    }
}

/// What a page is given.
pub struct Scene<'a> {
    /// Public state.
    pub view: &'a Snapshot,
    /// Newest readings, and questions.
    pub port: &'a Port,
    /// The time of this frame.
    pub now: &'a Now,
    /// What a person chose.
    pub choices: &'a mut Choices,
    /// The window's own state.
    pub stage: &'a mut Stage,
    /// Where wishes go.
    pub out: &'a mut Outbox,
    /// Textures.
    pub pictures: &'a mut Pictures,
    /// Health figures.
    pub pulse: &'a Pulse,
}

impl Scene<'_> {
    /// Takes the last step back, and says so.
    pub fn undo(&mut self) {
        if let Some(step) = self.stage.undo.undo() {
            let (said, deed) = (format!("Undone: {}", step.words), step.back.clone());
            self.again(deed);
            self.stage.toasts.offer(said, "Redo", crate::ui::shell::toasts::Offer::Redo);
        }
    }

    /// Does the last step that was taken back again, and says so.
    pub fn redo(&mut self) {
        if let Some(step) = self.stage.undo.redo() {
            let (said, deed) = (format!("Done again: {}", step.words), step.again.clone());
            self.again(deed);
            self.stage.toasts.offer(said, "Undo", crate::ui::shell::toasts::Offer::Undo);
        }
    }

    fn again(&mut self, deed: Deed) {
        match deed {
            Deed::Tell(command) => {
                // What is drawn in the meantime must not be what was just taken back.
                self.stage.inspect.drop_begun();
                self.stage.inspect.sent = None;
                self.out.again(*command);
            }
            Deed::Board(panes) => {
                (self.stage.page, self.stage.board.on) = (crate::ui::panels::order::OVERVIEW, true);
                self.stage.board.set(panes.map(|panes| *panes));
            }
        }
    }

    /// All devices, by name; devices of one name by id.
    #[must_use]
    pub fn devices(&self) -> Vec<Arc<Device>> {
        self.view.sensors.by_name()
    }

    /// What people call a device; its id if it is gone.
    #[must_use]
    pub fn device_name(&self, id: &DeviceId) -> String {
        self.view.sensors.devices.get(id).map_or_else(|| id.to_string(), |device| device.name.to_string())
    }

    /// The selected device, if there is one.
    #[must_use]
    pub fn selected(&self) -> Option<Arc<Device>> {
        self.stage.selected.as_ref().and_then(|id| self.view.sensors.devices.get(id)).cloned()
    }

    /// The array of a device.
    #[must_use]
    pub fn array(&self, id: &DeviceId) -> Option<Arc<Array>> {
        self.view.thermal.arrays.get(id).cloned()
    }

    /// How a device stands in what is shown: now, or in the past.
    #[must_use]
    pub fn standing(&self, device: &Device) -> Standing {
        match Standing::of(device) {
            Standing::Off => Standing::Off,
            _ if self.stage.past.is_past() => Standing::Past,
            now => now,
        }
    }

    /// What is settled for an array, or will be as soon as the wish is answered.
    #[must_use]
    pub fn choice(&self, array: &Array) -> Choice {
        match &self.stage.wish {
            Some((id, wish)) if *id == array.device => *wish,
            _ => array.choice,
        }
    }
}
