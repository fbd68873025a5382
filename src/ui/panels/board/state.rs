//! What the board remembers between frames. Knows nothing of the scene.

use std::collections::BTreeMap;

use egui::Rect;
use egui_tiles::Tree;

use crate::ui::panels::board::pane::Pane;
use crate::ui::panels::board::panes::{Panes, Side};
use crate::ui::panels::board::tree;
use crate::ui::panels::history::picks::Trends;
use crate::ui::panels::history::state::{Journal, Opened};
use crate::ui::panels::history::wanted::Wanted;

/// The board.
#[derive(Debug)]
pub struct Board {
    /// Whether Overview shows it.
    pub on: bool,
    /// The pane one is at.
    pub here: Option<Pane>,
    /// Where the next pane goes, if that was said.
    pub adding: Option<Side>,
    /// Whether it was ever arranged.
    pub begun: bool,
    /// Where the panes in front were drawn last.
    pub spots: Vec<(Pane, Rect)>,
    /// Whether the pane one is at takes the keyboard.
    pub(super) take: bool,
    pub(super) tree: Tree<Pane>,
    pub(super) trends: BTreeMap<Pane, Trends>,
    pub(super) journal: Journal,
    pub(super) wanted: Wanted,
    pub(super) opened: Opened,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            on: false,
            here: None,
            adding: None,
            begun: false,
            spots: Vec::new(),
            take: false,
            tree: tree::empty(),
            trends: BTreeMap::new(),
            journal: Journal::default(),
            wanted: Wanted::default(),
            opened: Opened::default(),
        }
    }
}

impl Board {
    /// Its panes as they are arranged now; `None` if there are none.
    #[must_use]
    pub fn panes(&self) -> Option<Panes> {
        tree::panes(&self.tree)
    }

    /// Arranges it so.
    pub fn set(&mut self, panes: Option<Panes>) {
        let panes = panes.and_then(Panes::tidy);
        self.begun = true;
        let gone = |pane: &Pane| !panes.as_ref().is_some_and(|panes| panes.holds(pane));
        if self.here.as_ref().is_none_or(gone) {
            self.here = panes.as_ref().and_then(|panes| panes.all().first().map(|pane| (*pane).clone()));
        }
        self.tree = panes.as_ref().map_or_else(tree::empty, tree::of);
    }

    /// Goes to a pane: it comes in front and takes the keyboard.
    pub fn go(&mut self, pane: &Pane) {
        if let Some(panes) = self.panes().filter(|panes| panes.holds(pane)) {
            (self.here, self.take) = (Some(pane.clone()), true);
            self.set(Some(panes.opened(pane)));
        }
    }
}
