//! Actions: what a person can do in the window, as data. The keys, the page of keys, the command palette and tooltips
//! all come from the same entries.
//!
//! Invariant: an action says its name, its keys and when it can be done in one place; nothing else knows its keys.
//!
//! To add some: a `pub static ACTIONS: &[Action]` beside what they act on, and a line in [`crate::ui::shell::registry`].

use egui::{Key, Modifiers};

use crate::ui::scene::Scene;

/// Keys that are pressed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    /// What is held.
    pub modifiers: Modifiers,
    /// What is pressed.
    pub key: Key,
}

impl Chord {
    /// A key alone.
    #[must_use]
    pub const fn plain(key: Key) -> Self {
        Self { modifiers: Modifiers::NONE, key }
    }

    /// With Shift.
    #[must_use]
    pub const fn shift(key: Key) -> Self {
        Self { modifiers: Modifiers::SHIFT, key }
    }

    /// With Ctrl, or Cmd on a Mac.
    #[must_use]
    pub const fn ctrl(key: Key) -> Self {
        Self { modifiers: Modifiers::COMMAND, key }
    }

    /// With Ctrl, or Cmd on a Mac, and Shift.
    #[must_use]
    pub const fn ctrl_shift(key: Key) -> Self {
        Self { modifiers: Modifiers { shift: true, ..Modifiers::COMMAND }, key }
    }

    /// Whether this is what was pressed. Signs are where a keyboard has them, with Shift or without.
    #[must_use]
    pub fn is(self, key: Key, modifiers: Modifiers) -> bool {
        let sign = matches!(key, Key::Plus | Key::Questionmark);
        let held = if sign { Modifiers { shift: false, ..modifiers } } else { modifiers };
        self.key == key && held.matches_exact(self.modifiers)
    }

    /// What is printed on the keys, in the order in which they are pressed.
    pub fn caps(self) -> impl Iterator<Item = &'static str> {
        let command = if cfg!(target_os = "macos") { "Cmd" } else { "Ctrl" };
        let held = [(self.modifiers.command, command), (self.modifiers.shift, "Shift")];
        let key = match self.key {
            Key::Escape => "Esc",
            key => key.symbol_or_name(),
        };
        held.into_iter().filter(|(held, _)| *held).map(|(_, cap)| cap).chain(std::iter::once(key))
    }

    /// The same as one word: `Ctrl+K`.
    #[must_use]
    pub fn words(self) -> String {
        self.caps().collect::<Vec<_>>().join("+")
    }
}

/// Something a person can do.
#[derive(Debug)]
pub struct Action {
    /// What it does, in a few words.
    pub name: &'static str,
    /// Its icon.
    pub icon: char,
    /// Its keys; the first is the one that is told.
    pub chords: &'static [Chord],
    /// Whether the keys act while somebody types too.
    pub typing: bool,
    /// Whether it can be done now.
    pub enabled: fn(&Scene<'_>) -> bool,
    /// Does it.
    pub run: fn(&mut Scene<'_>),
}

impl Action {
    /// An action that can always be done and has no key: the ground for others.
    pub const BASE: Self = Self { name: "", icon: ' ', chords: &[], typing: false, enabled: |_| true, run: |_| {} };

    /// Its name with its key: a tooltip.
    #[must_use]
    pub fn tip(&self) -> String {
        match self.chords.first() {
            Some(chord) => format!("{} ({})", self.name, chord.words()),
            None => self.name.to_owned(),
        }
    }

    /// Whether these keys do it.
    #[must_use]
    pub fn has(&self, key: Key, modifiers: Modifiers) -> bool {
        self.chords.iter().any(|chord| chord.is(key, modifiers))
    }
}

/// Keys that a page handles by itself, for the page of keys.
pub type Line = (&'static [&'static str], &'static str);

/// Actions that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Their heading.
    pub title: &'static str,
    /// The actions.
    pub actions: &'static [Action],
    /// Keys that are no actions: they need to know what is under them.
    pub lines: &'static [Line],
}
