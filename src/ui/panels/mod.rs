//! Pages: each is a file with a `show`, entered in [`PAGES`].
//!
//! Invariant: a page reads the scene and pushes wishes; it changes no state but the window's own.
//!
//! To add one: a file here and one line in [`PAGES`].

pub mod automations;
pub mod inspector;
pub mod system;
pub mod thermal;

use egui::Ui;

use crate::ui::icons;
use crate::ui::scene::Scene;

/// A place in the rail.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Its word.
    pub name: &'static str,
    /// Its icon.
    pub icon: char,
    /// Whether the inspector belongs to it.
    pub inspects: bool,
    /// Draws it.
    pub show: fn(&mut Ui, &mut Scene<'_>),
}

/// All places, in the order of the rail and of Ctrl+1, Ctrl+2 and so on.
pub static PAGES: [Page; 3] = [
    Page { name: "Thermal", icon: icons::FLAME, inspects: true, show: thermal::show },
    Page { name: "Automations", icon: icons::WORKFLOW, inspects: false, show: automations::show },
    Page { name: "System", icon: icons::SETTINGS_2, inspects: false, show: system::show },
];

/// Place of Thermal in [`PAGES`].
pub const THERMAL: usize = 0;
/// Place of System in [`PAGES`].
pub const SYSTEM: usize = 2;
