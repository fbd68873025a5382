//! Actions of the window itself: finding, taking back, stopping, arranging, how it looks.

use egui::{Key, ViewportCommand};

use crate::model::system::Command;
use crate::ui::actions::{Action, Chord, Line};
use crate::ui::choices::Theme;
use crate::ui::desk::arrange;
use crate::ui::panels::{adding, thermal};
use crate::ui::scene::Scene;
use crate::ui::theme::Density;
use crate::ui::{icons, panels};
use crate::units::temperature::Scale;

/// Shows or hides the inspector.
pub const INSPECTOR: Action = Action {
    name: "Show or hide the inspector",
    icon: icons::INFO,
    chords: &[Chord::plain(Key::I)],
    // There I identifies the light.
    enabled: |scene| !panels::lights::acts::has_light(scene),
    run: |scene| scene.stage.inspector = Some(scene.stage.inspector != Some(true)),
    ..Action::BASE
};
/// Opens the command palette, or closes it.
pub const FIND: Action = Action {
    name: "Search or command",
    icon: icons::SEARCH,
    chords: &[Chord::ctrl(Key::K)],
    typing: true,
    run: |scene| scene.stage.finder.toggle(),
    ..Action::BASE
};
/// Takes the last step back.
pub const UNDO: Action = Action {
    name: "Undo",
    icon: icons::UNDO,
    chords: &[Chord::ctrl(Key::Z)],
    enabled: |scene| scene.stage.undo.last().is_some(),
    run: |scene| scene.undo(),
    ..Action::BASE
};
/// Does the last undone step again.
pub const REDO: Action = Action {
    name: "Redo",
    icon: icons::REDO,
    chords: &[Chord::ctrl_shift(Key::Z), Chord::ctrl(Key::Y)],
    enabled: |scene| scene.stage.undo.next().is_some(),
    run: |scene| scene.redo(),
    ..Action::BASE
};
/// The master stop.
pub const STOP: Action = Action {
    name: "Master stop: rules run no actions",
    icon: icons::OCTAGON,
    enabled: |scene| scene.view.system.stopped.is_none(),
    run: |scene| scene.out.system(Command::Stop),
    ..Action::BASE
};
/// Ends the master stop.
pub const RESUME: Action = Action {
    name: "Resume: rules run their actions again",
    icon: icons::PLAY,
    enabled: |scene| scene.view.system.stopped.is_some(),
    run: |scene| scene.out.system(Command::Resume),
    ..Action::BASE
};
/// Asks for a name and saves how the window is arranged.
pub const SAVE_LAYOUT: Action = Action {
    name: "Save this layout\u{2026}",
    icon: icons::SAVE,
    chords: &[Chord::ctrl(Key::S)],
    // There Ctrl+S saves the rule that is edited.
    enabled: |scene| scene.stage.page != panels::order::AUTOMATIONS && !scene.stage.desk.small,
    run: |scene| scene.stage.desk.name_it(),
    ..Action::BASE
};
/// Shows the page of keys.
pub const KEYS: Action = Action {
    name: "Keys of the window",
    icon: icons::KEYBOARD,
    chords: &[Chord::plain(Key::Questionmark), Chord::shift(Key::Slash)],
    run: |scene| scene.stage.keys = !scene.stage.keys,
    ..Action::BASE
};
/// Larger text.
pub const LARGER: Action = Action {
    name: "Larger",
    icon: icons::PLUS,
    chords: &[Chord::ctrl(Key::Plus), Chord::ctrl(Key::Equals)],
    typing: true,
    run: |scene| scene.choices.step_text(1),
    ..Action::BASE
};
/// Smaller text.
pub const SMALLER: Action = Action {
    name: "Smaller",
    icon: icons::MINUS,
    chords: &[Chord::ctrl(Key::Minus)],
    typing: true,
    run: |scene| scene.choices.step_text(-1),
    ..Action::BASE
};

/// Begins to add a device.
pub const ADD: Action = Action {
    name: "Add a device\u{2026}",
    icon: icons::PLUS,
    chords: &[Chord::ctrl(Key::N)],
    run: adding::begin,
    ..Action::BASE
};

/// The window.
pub static WINDOW: &[Action] = &[
    FIND,
    ADD,
    UNDO,
    REDO,
    INSPECTOR,
    Action {
        name: "Wall: no borders, no rail",
        icon: icons::MAXIMIZE,
        chords: &[Chord::plain(Key::F11)],
        typing: true,
        run: |scene| set_wall(scene, !scene.stage.wall),
        ..Action::BASE
    },
    SAVE_LAYOUT,
    Action {
        name: "Next part of the window",
        icon: icons::ARROW_RIGHT,
        chords: &[Chord::plain(Key::F6)],
        typing: true,
        run: |scene| scene.stage.parts.step(1),
        ..Action::BASE
    },
    Action {
        name: "Part of the window before",
        icon: icons::ARROW_LEFT,
        chords: &[Chord::shift(Key::F6)],
        typing: true,
        run: |scene| scene.stage.parts.step(-1),
        ..Action::BASE
    },
    LARGER,
    SMALLER,
    Action {
        name: "Normal size",
        icon: icons::TYPE,
        chords: &[Chord::ctrl(Key::Num0)],
        typing: true,
        run: |scene| scene.choices.text_scale = 1.0,
        ..Action::BASE
    },
    KEYS,
    Action {
        name: "Rename the selected sensor",
        icon: icons::PENCIL,
        chords: &[Chord::plain(Key::F2)],
        enabled: |scene| scene.selected().is_some() && scene.stage.page != panels::order::LIGHTS,
        run: rename,
        ..Action::BASE
    },
    Action {
        name: "Open the selected sensor in its own window",
        icon: icons::EXTERNAL_LINK,
        enabled: |scene| scene.selected().is_some(),
        run: |scene| {
            if let Some(device) = scene.selected() {
                scene.stage.open_apart(&device.id);
            }
        },
        ..Action::BASE
    },
    RESUME,
    STOP,
];

/// Keys of the window that are more than one press.
pub static WINDOW_LINES: &[Line] = &[(&["Esc"], "Back"), (&["Esc", "Esc"], "Master stop: rules run no actions")];

/// Keys of lists, handled by their pages.
pub static LIST_LINES: &[Line] = &[
    (&["Ctrl", "F"], "Filter the list of History"),
    (&["L"], "Trends of History: back to live"),
    (&["Ctrl", "S"], "Automations: save the rule that is edited"),
];

/// Pictures.
pub static PICTURES: &[Action] = &[
    Action {
        name: "Next palette",
        icon: icons::PALETTE,
        chords: &[Chord::plain(Key::P)],
        run: |scene| scene.choices.step_palette(1),
        ..Action::BASE
    },
    Action {
        name: "Palette before",
        icon: icons::PALETTE,
        chords: &[Chord::shift(Key::P)],
        run: |scene| scene.choices.step_palette(-1),
        ..Action::BASE
    },
    Action {
        name: "Hold the range of the selected picture, or let it go; of all if none is selected",
        icon: icons::LOCK,
        chords: &[Chord::plain(Key::R)],
        run: thermal::toggle_lock,
        ..Action::BASE
    },
    Action {
        name: "Raw or smooth pictures",
        icon: icons::GRID_2X2,
        run: |scene| scene.choices.smooth = !scene.choices.smooth,
        ..Action::BASE
    },
];

/// How the window looks and counts.
#[rustfmt::skip]
pub static LOOK: &[Action] = &[
    Action { name: "Look as the system has it", icon: icons::MONITOR, run: |s| s.choices.theme = Theme::System, ..Action::BASE },
    Action { name: "Dark look", icon: icons::MOON, run: |s| s.choices.theme = Theme::Dark, ..Action::BASE },
    Action { name: "Light look", icon: icons::SUN, run: |s| s.choices.theme = Theme::Light, ..Action::BASE },
    Action { name: "High contrast look", icon: icons::CONTRAST, run: |s| s.choices.theme = Theme::Contrast, ..Action::BASE },
    Action { name: "Comfortable rows", icon: icons::LIST, run: |s| s.choices.density = Density::Comfortable, ..Action::BASE },
    Action { name: "Compact rows", icon: icons::LIST, run: |s| s.choices.density = Density::Compact, ..Action::BASE },
    Action { name: "Temperatures in Celsius", icon: icons::THERMOMETER, run: |s| s.choices.scale = Scale::Celsius, ..Action::BASE },
    Action { name: "Temperatures in Fahrenheit", icon: icons::THERMOMETER, run: |s| s.choices.scale = Scale::Fahrenheit, ..Action::BASE },
    Action { name: "Temperatures in Kelvin", icon: icons::THERMOMETER, run: |s| s.choices.scale = Scale::Kelvin, ..Action::BASE },
];

/// Fills the screen without borders, or no longer.
pub fn set_wall(scene: &mut Scene<'_>, on: bool) {
    if scene.stage.desk.small {
        arrange::leave_small(scene);
    }
    scene.stage.wall = on;
    scene.stage.viewport.push(ViewportCommand::Fullscreen(on));
}

fn rename(scene: &mut Scene<'_>) {
    if let Some(device) = scene.selected() {
        scene.stage.inspector = Some(true);
        scene.stage.renaming = Some((device.id.clone(), device.name.to_string()));
    }
}
