//! Pages: each is a file with a `show`, entered in [`PAGES`].
//!
//! Invariant: a page reads the scene and pushes wishes; it changes no state but the window's own.
//!
//! To add one: a file here and one line in [`PAGES`].

pub mod adding;
pub mod automations;
pub mod board;
pub mod history;
pub mod inspector;
pub mod lights;
pub mod order;
pub mod overview;
pub mod page;
pub mod system;
pub mod thermal;

use crate::ui::icons;
use crate::ui::panels::page::Page;

/// All places, in the order of the rail and of Ctrl+1, Ctrl+2 and so on.
#[rustfmt::skip]
pub static PAGES: &[Page] = &[
    Page { name: "Overview", icon: icons::LAYOUT_DASHBOARD, inspects: true, below_line: false, parts: &[], show: overview::show },
    Page { name: "Lights", icon: icons::LIGHTBULB, inspects: true, below_line: false, parts: &[], show: lights::show },
    Page { name: "Thermal", icon: icons::FLAME, inspects: true, below_line: false, parts: &[], show: thermal::show },
    Page { name: "Automations", icon: icons::WORKFLOW, inspects: false, below_line: true, parts: automations::PARTS, show: automations::show },
    Page { name: "History", icon: icons::HISTORY, inspects: false, below_line: true, parts: history::PARTS, show: history::show },
    Page { name: "System", icon: icons::SETTINGS_2, inspects: false, below_line: true, parts: system::PARTS, show: system::show },
];

/// The place of this name.
#[must_use]
pub fn place(name: &str) -> Option<usize> {
    PAGES.iter().position(|page| page.name == name)
}
