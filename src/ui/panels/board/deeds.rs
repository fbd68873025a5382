//! The actions and keys of the board.

use egui::{Context, Key, Modifiers};

use crate::ui::actions::{Action, Chord, Line};
use crate::ui::panels::board::panes::{Axis, Side};
use crate::ui::panels::board::{acts, is_shown};
use crate::ui::scene::Scene;
use crate::ui::{icons, panels};

/// Shows the board on Overview, or what is hottest first.
pub const BOARD: Action = Action {
    name: "Overview: the board of your own panes, or hottest first",
    icon: icons::LAYOUT_DASHBOARD,
    chords: &[Chord::ctrl(Key::B)],
    run: |scene| {
        scene.stage.board.on = !is_shown(scene);
        scene.stage.page = panels::order::OVERVIEW;
    },
    ..Action::BASE
};
/// Adds a pane where there is room.
pub const ADD: Action = Action {
    name: "Add a pane\u{2026}",
    icon: icons::PLUS,
    chords: &[Chord::plain(Key::N)],
    enabled: is_shown,
    run: |scene| acts::ask(scene, None),
    ..Action::BASE
};
/// Adds a pane at the right.
pub const RIGHT: Action = Action {
    name: "Split right\u{2026}",
    icon: icons::ARROW_RIGHT,
    chords: &[Chord::ctrl(Key::D)],
    enabled: is_shown,
    run: |scene| acts::ask(scene, Some(Side::Right)),
    ..Action::BASE
};
/// Adds a pane below.
pub const DOWN: Action = Action {
    name: "Split down\u{2026}",
    icon: icons::ARROW_DOWN,
    chords: &[Chord::ctrl_shift(Key::D)],
    enabled: is_shown,
    run: |scene| acts::ask(scene, Some(Side::Down)),
    ..Action::BASE
};
/// Adds a pane as a tab.
pub const TAB: Action = Action {
    name: "Add a tab\u{2026}",
    icon: icons::LAYERS,
    chords: &[Chord::ctrl(Key::T)],
    enabled: is_shown,
    run: |scene| acts::ask(scene, Some(Side::Tab)),
    ..Action::BASE
};
/// Closes the pane one is at.
pub const CLOSE: Action = Action {
    name: "Close the pane",
    icon: icons::X,
    chords: &[Chord::ctrl(Key::W)],
    enabled: |scene| is_shown(scene) && scene.stage.board.here.is_some(),
    run: |scene| {
        if let Some(here) = scene.stage.board.here.clone() {
            acts::close(scene, &here);
        }
    },
    ..Action::BASE
};

/// All of them.
pub static ACTIONS: &[Action] = &[
    BOARD,
    ADD,
    RIGHT,
    DOWN,
    TAB,
    CLOSE,
    Action {
        name: "Next tab",
        icon: icons::CHEVRON_RIGHT,
        chords: &[Chord::ctrl(Key::PageDown)],
        enabled: is_shown,
        run: |scene| acts::tab(scene, 1),
        ..Action::BASE
    },
    Action {
        name: "Tab before",
        icon: icons::CHEVRON_LEFT,
        chords: &[Chord::ctrl(Key::PageUp)],
        enabled: is_shown,
        run: |scene| acts::tab(scene, -1),
        ..Action::BASE
    },
];

/// Keys with arrows.
pub static KEYS: &[Line] = &[
    (&["Ctrl", "\u{2190}"], "Go to the pane beside, with any arrow"),
    (&["Ctrl", "Shift", "\u{2190}"], "Move the pane, with any arrow"),
    (&["Alt", "\u{2190}"], "Narrower; Alt+\u{2192} wider, Alt+\u{2191} lower, Alt+\u{2193} higher"),
    (&["Enter"], "Open what the pane shows"),
];

const ARROWS: [(Key, Side); 4] = [
    (Key::ArrowLeft, Side::Left),
    (Key::ArrowRight, Side::Right),
    (Key::ArrowUp, Side::Up),
    (Key::ArrowDown, Side::Down),
];

/// Does what arrows ask for.
pub fn keys(ctx: &Context, scene: &mut Scene<'_>) {
    if ctx.text_edit_focused() || egui::Popup::is_any_open(ctx) {
        return;
    }
    let moved = Modifiers { shift: true, ..Modifiers::COMMAND };
    for (key, side) in ARROWS {
        // The one with more keys first: the other would take it too.
        let pressed = |held| ctx.input_mut(|i| i.consume_key(held, key));
        if pressed(moved) {
            acts::shift(scene, side);
        } else if pressed(Modifiers::COMMAND) {
            acts::go(scene, side);
        } else if pressed(Modifiers::ALT) {
            let axis = side.axis().unwrap_or(Axis::Row);
            acts::resize(scene, axis, matches!(side, Side::Right | Side::Down));
        } else {
            continue;
        }
        // egui would carry the focus on in the arrow's direction.
        ctx.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
        ctx.request_repaint();
    }
}
