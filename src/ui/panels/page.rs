//! What a page is: a place in the rail, and parts of it that can be gone to by name.

use egui::Ui;

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
    /// Whether it stands below the line of the rail.
    pub below_line: bool,
    /// What of it can be gone to by name.
    pub parts: &'static [PagePart],
    /// Draws it.
    pub show: fn(&mut Ui, &mut Scene<'_>),
}

/// A part of a page that can be gone to by name.
#[derive(Clone, Copy, Debug)]
pub struct PagePart {
    /// Its word.
    pub name: &'static str,
    /// By what other words it is found.
    pub also: &'static str,
    /// Shows it, once its page is shown.
    pub turn: fn(&mut Scene<'_>),
}
