//! All actions of the window, from wherever they are kept.
//!
//! To add some: a line in [`GROUPS`].

use egui::{Key, Modifiers};

use crate::ui::actions::{Action, Group};
use crate::ui::panels;
use crate::ui::panels::thermal::inspect;
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar::acts;
use crate::ui::shell::deeds;

/// All groups, in the order of the page of keys.
#[rustfmt::skip]
pub static GROUPS: &[Group] = &[
    Group { title: "Window", actions: deeds::WINDOW, lines: deeds::WINDOW_LINES },
    Group { title: "Alarms", actions: acts::ACTIONS, lines: &[] },
    Group { title: "Lights", actions: panels::lights::acts::ACTIONS, lines: panels::lights::acts::KEYS },
    Group { title: "Hue bridge", actions: panels::system::bridge::acts::ACTIONS, lines: &[] },
    Group { title: "Board", actions: panels::board::deeds::ACTIONS, lines: panels::board::deeds::KEYS },
    Group { title: "Pictures", actions: deeds::PICTURES, lines: panels::thermal::KEYS },
    Group { title: "Time", actions: panels::thermal::time::ACTIONS, lines: panels::thermal::time::KEYS },
    Group { title: "Inspection", actions: inspect::tools::ACTIONS, lines: inspect::tools::KEYS },
    Group { title: "Differences", actions: panels::inspector::region_deltas::ACTIONS, lines: &[] },
    Group { title: "Lists", actions: &[], lines: deeds::LIST_LINES },
    Group { title: "Look", actions: deeds::LOOK, lines: &[] },
];

/// All actions.
pub fn all() -> impl Iterator<Item = &'static Action> {
    GROUPS.iter().flat_map(|group| group.actions)
}

/// The action of these keys that can be done now.
#[must_use]
pub fn pressed(scene: &Scene<'_>, key: Key, modifiers: Modifiers, typing: bool) -> Option<&'static Action> {
    all().find(|action| action.has(key, modifiers) && (action.typing || !typing) && (action.enabled)(scene))
}

/// The action of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Action> {
    all().find(|action| action.name == name)
}
